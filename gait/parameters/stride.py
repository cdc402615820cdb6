"""One stride, with everything its measures need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gait.core.cycles import PERCENT, GaitCycles
from gait.core.events import GaitEvents
from gait.core.sides import Side, other_side
from gait.core.trajectories import Trajectories

#: An ``at`` farther than this from any sample of the landmark is not answered, in s.
_REACH_S = 0.05


@dataclass(frozen=True, slots=True)
class Stride:
    """One complete straight cycle of one foot.

    Attributes
    ----------
    side, start_s, toe_off_s, end_s
        The cycle: contact, toe-off, next contact of the same foot, in s.
    other_toe_off_s, other_contact_s
        Toe-off and contact of the other foot within the cycle, in s; NaN when not found.
    facing
        +1 walking to the right of the picture, -1 to the left.
    is_near
        Whether this leg was nearer to the camera.
    trajectories
        For landmarks.
    curves
        Joint name to ``(101,)`` deg over the cycle.
    """

    side: Side
    start_s: float
    toe_off_s: float
    end_s: float
    other_toe_off_s: float
    other_contact_s: float
    facing: int
    is_near: bool
    trajectories: Trajectories
    curves: dict[str, np.ndarray]

    @property
    def duration_s(self) -> float:
        """Stride time, in s."""
        return self.end_s - self.start_s

    @property
    def toe_off_pct(self) -> float:
        """Toe-off in percent of the cycle."""
        return 100.0 * (self.toe_off_s - self.start_s) / self.duration_s

    def forward(self, side: str, landmark: str, time_s: float) -> float:
        """Forward place of a landmark at a time, in px of the steadied picture; NaN where unseen."""
        return self.facing * _at(self.trajectories, self.trajectories.landmark(side, landmark)[:, 0], time_s)

    def pelvis_forward(self, time_s: float) -> float:
        """Forward place of the pelvis, px."""
        return self.facing * _at(self.trajectories, self.trajectories.point("pelvis")[:, 0], time_s)

    def window(self, joint: str, start_pct: float, end_pct: float) -> np.ndarray:
        """Part of a joint's curve between two percentages, both included."""
        chosen = (start_pct - 1e-9 <= PERCENT) & (end_pct + 1e-9 >= PERCENT)
        return self.curves[joint][chosen]


def strides(trajectories: Trajectories, events: GaitEvents, cycles: GaitCycles) -> Iterator[Stride]:
    """All complete straight strides, in time order."""
    names = [str(joint) for joint in cycles.curves["joint"].values]
    for number, cycle in enumerate(cycles.rows()):
        opposite = other_side(cycle.side)
        span = (cycle.start_s, cycle.end_s)
        yield Stride(
            side=cycle.side,
            start_s=cycle.start_s,
            toe_off_s=cycle.toe_off_s,
            end_s=cycle.end_s,
            other_toe_off_s=_first_inside(events.times_s(opposite, "toe_off"), *span),
            other_contact_s=_first_inside(events.times_s(opposite, "initial_contact"), *span),
            facing=trajectories.passes[cycle.pass_index].facing,
            is_near=cycle.is_near,
            trajectories=trajectories,
            curves={name: cycles.curves.values[number, :, i] for i, name in enumerate(names)},
        )


def _first_inside(times_s: np.ndarray, start_s: float, end_s: float) -> float:
    inside = times_s[(times_s > start_s) & (times_s < end_s)]
    return float(inside[0]) if len(inside) == 1 else float("nan")


def _at(trajectories: Trajectories, track: np.ndarray, time_s: float) -> float:
    """Value of a track at a time, NaN when the track is not seen there."""
    if not np.isfinite(time_s):
        return float("nan")
    nearest = int(np.clip(round((time_s - trajectories.time_s[0]) * trajectories.rate_hz), 0, len(track) - 1))
    if abs(trajectories.time_s[nearest] - time_s) > _REACH_S:
        return float("nan")
    return float(np.interp(time_s, trajectories.time_s, track))
