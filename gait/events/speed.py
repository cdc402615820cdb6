"""A threshold on the speed of heel and toe relative to the pelvis, for comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories
from gait.events.signals import FootSignals, both_feet

Row = tuple[float, str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class VelocityZero:
    """Initial contact where the heel stops going forward against the pelvis, toe-off where the toe starts to.

    The velocity-based treadmill algorithm of the same paper as :class:`gait.events.zeni.Zeni`, which many programs use
    under the name "velocity": the sign of the foot's velocity relative to the pelvis changes.

    Attributes
    ----------
    min_swing_s
        A foot that goes forward for a shorter time does not swing, in s (our choice; healthy swings last 0.35-0.5 s).
    confidence
        Of every event (the paper gives none).

    References
    ----------
    Zeni, Richards & Higginson (2008), Gait & Posture 27(4), 710-714.
    """

    min_swing_s: float = 0.15
    confidence: float = 0.5

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            for side, foot in both_feet(trajectories, stretch).items():
                if len(foot.time_s) > 2:
                    rows.extend((time, side, "toe_off", self.confidence) for time in self._starts(foot))
                    rows.extend((time, side, "initial_contact", self.confidence) for time in self._stops(foot))
        return GaitEvents.from_rows(rows)

    def _starts(self, foot: FootSignals) -> list[float]:
        return [start for start, _ in self._forward(foot, foot.toe) if start > foot.time_s[0]]

    def _stops(self, foot: FootSignals) -> list[float]:
        return [stop for _, stop in self._forward(foot, foot.heel) if stop < foot.time_s[-1]]

    def _forward(self, foot: FootSignals, track: np.ndarray) -> list[tuple[float, float]]:
        """``(start_s, stop_s)`` of the stretches in which a point goes forward against the pelvis for long enough."""
        velocity = np.nan_to_num(np.gradient(track, foot.time_s))
        edges = np.diff(np.concatenate([[0], (velocity > 0).astype(int), [0]]))
        starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
        spans = [
            (_zero(foot.time_s, velocity, int(start)), _zero(foot.time_s, velocity, int(stop)))
            for start, stop in zip(starts, stops, strict=True)
        ]
        return [(start, stop) for start, stop in spans if stop - start >= self.min_swing_s]


def _zero(time_s: np.ndarray, velocity: np.ndarray, index: int) -> float:
    """Time of the zero between a sample and the one before it; the ends of a pass are themselves."""
    if index == 0 or index >= len(time_s):
        return float(time_s[min(index, len(time_s) - 1)])
    before, here = velocity[index - 1], velocity[index]
    return float(time_s[index] - (time_s[1] - time_s[0]) * here / (here - before))
