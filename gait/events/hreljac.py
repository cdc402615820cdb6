"""Hreljac and Marshall's acceleration rule, for comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories
from gait.events.signals import FootSignals, both_feet, last_of_each, peak_time

Row = tuple[float, str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FootAcceleration:
    """Initial contact at the heel's peak of vertical acceleration, toe-off at the toe's peak of forward acceleration.

    Made for markers filmed at high rates. The heel's acceleration peaks twice between two toe-offs, when its fall is
    braked and when it lands; contact is the last peak that is high enough.

    Attributes
    ----------
    min_stride_s
        Two toe-offs of one foot are at least this far apart, in s.
    heel_height_share
        Contact only where the heel is below this part of its range of height (our choice).
    min_prominence_share
        A peak rises at least this part of the range of acceleration above its surroundings (our choice).
    confidence
        Of every event (the paper gives none).

    References
    ----------
    Hreljac & Marshall (2000), Journal of Biomechanics 33(6), 783-786.
    """

    min_stride_s: float = 0.5
    heel_height_share: float = 0.35
    min_prominence_share: float = 0.15
    confidence: float = 0.5

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            for side, foot in both_feet(trajectories, stretch).items():
                if len(foot.time_s) > 4:
                    rows.extend((time, side, kind, self.confidence) for time, kind in self._events(foot))
        return GaitEvents.from_rows(rows)

    def _events(self, foot: FootSignals) -> list[tuple[float, str]]:
        forward, upward = (np.nan_to_num(_second(track, foot.time_s)) for track in (foot.toe, foot.heel_up))
        apart = max(1, round(self.min_stride_s / foot.step_s))
        starts, _ = find_peaks(forward, distance=apart, prominence=2 * self.min_prominence_share * np.ptp(forward))
        peaks, _ = find_peaks(upward, prominence=self.min_prominence_share * np.ptp(upward))
        low, high = np.nanmin(foot.heel_up), np.nanmax(foot.heel_up)
        peaks = peaks[foot.heel_up[peaks] < low + self.heel_height_share * (high - low)]
        events = [(peak_time(foot.time_s, forward, int(index)), "toe_off") for index in starts]
        contacts = last_of_each(peaks, starts, len(upward))
        return events + [(peak_time(foot.time_s, upward, index), "initial_contact") for index in contacts]


def _second(track: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Second derivative."""
    return np.gradient(np.gradient(track, time_s), time_s)
