"""Zeni's coordinate rule, for comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories
from gait.events.signals import both_feet, peak_time

Row = tuple[float, str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Zeni:
    """Initial contact where the heel is farthest ahead of the pelvis, toe-off where the toe is farthest behind.

    As published, without a correction. The paper takes the sacrum; we take the middle of the hips.

    Attributes
    ----------
    min_stride_s
        Two events of one kind of one foot are at least this far apart, in s.
    min_prominence_ll
        A peak rises at least this much above its surroundings, in leg lengths (our choice; the paper has clean gait).
    confidence
        Of every event (the paper gives none).

    References
    ----------
    Zeni, Richards & Higginson (2008), Gait & Posture 27(4), 710-714.
    """

    min_stride_s: float = 0.5
    min_prominence_ll: float = 0.05
    confidence: float = 0.5

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            for side, foot in both_feet(trajectories, stretch).items():
                tracks = {"initial_contact": foot.heel, "toe_off": -foot.toe}
                for kind, track in tracks.items():
                    rows.extend((time, side, kind, self.confidence) for time in self._peaks(foot.time_s, track))
        return GaitEvents.from_rows(rows)

    def _peaks(self, time_s: np.ndarray, track: np.ndarray) -> list[float]:
        if len(time_s) < 3:
            return []
        apart = max(1, round(self.min_stride_s / (time_s[1] - time_s[0])))
        found, _ = find_peaks(np.nan_to_num(track), distance=apart, prominence=self.min_prominence_ll)
        return [peak_time(time_s, track, int(index)) for index in found]
