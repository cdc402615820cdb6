"""O'Connor's foot velocity algorithm, for comparison."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories
from gait.events.signals import FootSignals, both_feet, last_of_each, peak_time

Row = tuple[float, str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class FootVelocity:
    """Toe-off at the peak, initial contact at the trough of the vertical velocity of the foot's centre.

    The foot's centre is the middle of heel and toe. Between two toe-offs there are two troughs of vertical velocity;
    contact is the last that is deep enough and at which the heel is low (in the paper: below 35 % of its range of
    height).

    Attributes
    ----------
    min_stride_s
        Two toe-offs of one foot are at least this far apart, in s.
    heel_height_share
        Contact only where the heel is below this part of its range of height.
    min_prominence_share
        A peak or trough of velocity rises or falls by at least this part of the range of velocity (our choice).
    confidence
        Of every event (the paper gives none).

    References
    ----------
    O'Connor, Thorpe, O'Malley & Vaughan (2007), Gait & Posture 25(3), 469-474.
    """

    min_stride_s: float = 0.5
    heel_height_share: float = 0.35
    min_prominence_share: float = 0.1
    confidence: float = 0.5

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            for side, foot in both_feet(trajectories, stretch).items():
                if len(foot.time_s) > 2:
                    rows.extend((time, side, kind, self.confidence) for time, kind in self._events(foot))
        return GaitEvents.from_rows(rows)

    def _events(self, foot: FootSignals) -> list[tuple[float, str]]:
        upward = np.nan_to_num(np.gradient(0.5 * (foot.heel_up + foot.toe_up), foot.time_s))
        least = self.min_prominence_share * float(np.ptp(upward))
        peaks, _ = find_peaks(upward, distance=max(1, round(self.min_stride_s / foot.step_s)), prominence=4 * least)
        low, high = np.nanmin(foot.heel_up), np.nanmax(foot.heel_up)
        troughs, _ = find_peaks(-upward, prominence=least)
        troughs = troughs[foot.heel_up[troughs] < low + self.heel_height_share * (high - low)]
        events = [(peak_time(foot.time_s, upward, int(index)), "toe_off") for index in peaks]
        contacts = last_of_each(troughs, peaks, len(upward))
        return events + [(peak_time(foot.time_s, -upward, index), "initial_contact") for index in contacts]
