"""One stride, with everything its measures need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gait.core.cycles import PERCENT, Cycle, GaitCycles
from gait.core.events import GaitEvents
from gait.core.sides import SIDES, Side, other_side
from gait.core.trajectories import Trajectories

#: Landmarks that say together where a foot is.
FOOT: tuple[str, ...] = ("ankle", "heel", "toe")

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
    is_far
        Whether the camera saw this leg behind the other one; never with markers or from the front.
    trajectories
        For landmarks.
    curves
        Joint name to ``(101,)`` deg over the cycle.
    tracks
        ``(side, landmark)`` to ``(n,)`` px, x right; and ``("both", "pelvis")``. The same for all strides of a film.
    """

    side: Side
    start_s: float
    toe_off_s: float
    end_s: float
    other_toe_off_s: float
    other_contact_s: float
    facing: int
    is_near: bool
    is_far: bool
    trajectories: Trajectories
    curves: dict[str, np.ndarray]
    tracks: dict[tuple[str, str], np.ndarray]

    @property
    def duration_s(self) -> float:
        """Stride time, in s."""
        return self.end_s - self.start_s

    @property
    def toe_off_pct(self) -> float:
        """Toe-off in percent of the cycle."""
        return 100.0 * (self.toe_off_s - self.start_s) / self.duration_s

    def pelvis_forward(self, time_s: float) -> float:
        """Forward place of the pelvis, px."""
        return self.facing * _at(self.trajectories, self.tracks["both", "pelvis"], time_s)

    def window(self, joint: str, start_pct: float, end_pct: float) -> np.ndarray:
        """Part of a joint's curve between two percentages, both included."""
        chosen = (start_pct - 1e-9 <= PERCENT) & (end_pct + 1e-9 >= PERCENT)
        return self.curves[joint][chosen]


def strides(trajectories: Trajectories, events: GaitEvents, cycles: GaitCycles) -> Iterator[Stride]:
    """All complete straight strides, in time order."""
    tracks = {(side, name): trajectories.landmark(side, name)[:, 0] for side in SIDES for name in FOOT}
    tracks["both", "pelvis"] = trajectories.point("pelvis")[:, 0]
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
            is_far=_is_far(trajectories, cycle),
            trajectories=trajectories,
            tracks=tracks,
            curves={name: cycles.curves.values[number, :, i] for i, name in enumerate(names)},
        )


def _is_far(trajectories: Trajectories, cycle: Cycle) -> bool:
    """Whether a leg was seen behind the other one: not from the front, and not with markers, which hide nothing."""
    has_near = trajectories.passes[cycle.pass_index].near_side is not None
    return has_near and not cycle.is_near and not trajectories.is_capture


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
