"""Steps seen from the front or the back: when, but not for how long the foot stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import find_peaks

from gait.core.events import GaitEvents
from gait.core.trajectories import Pass, Trajectories
from gait.events.check import keep_plausible
from gait.events.signals import low_pass, peak_time

Row = tuple[float, str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeelRises:
    """Contacts from the height of one ankle against the other.

    From the front nobody sees a foot move forward; what is seen is each heel rising as its leg leaves the ground. The
    difference in height of the two ankles is one clean wave a stride, whose peak is the early swing of the higher
    foot. The other foot's contact lies a fixed share of the stride before that peak, and the higher foot's toe-off
    another. Stride and step times are good; how long a foot stands cannot be read, and is not reported.

    Attributes
    ----------
    min_step_s
        Two peaks of one foot are at least this far apart, in s.
    min_height
        A peak rises at least this much above its surroundings, in trunk lengths (our estimate: half of the smallest
        wave of the rendered clips).
    contact_before_pct, toe_off_before_pct
        How far before the peak the other foot's contact and this foot's toe-off lie, in % of the stride (medians of
        the rendered frontal clips; our measurement).
    cutoff_hz
        The wave is smoothed to this before its peaks are taken, in Hz (stride times of the rendered frontal clips are
        wrong by 14 ms without, 10 ms at 4 Hz, 12 ms at 3 Hz; our measurement).
    confidence
        Of every event (30 of 33 contacts of the rendered frontal clips lie within 50 ms, less for films never tuned
        on; our estimate).
    """

    min_step_s: float = 0.6
    min_height: float = 0.10
    contact_before_pct: float = 17.5
    toe_off_before_pct: float = 6.0
    cutoff_hz: float = 4.0
    confidence: float = 0.85

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes, sub-frame."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            rows.extend(self._events(trajectories, stretch))
        return keep_plausible(GaitEvents.from_rows(rows))

    def _events(self, trajectories: Trajectories, stretch: Pass) -> list[Row]:
        inside = trajectories.inside(stretch)
        time_s = trajectories.time_s[inside]
        trunk = np.linalg.norm(trajectories.point("neck")[inside] - trajectories.point("pelvis")[inside], axis=1)
        left, right = (trajectories.landmark(side, "ankle")[inside, 1] for side in ("left", "right"))
        height = np.nan_to_num((left - right) / trunk)
        waves = {"left": height, "right": -height}
        peaks = {side: self._peaks(wave, time_s) for side, wave in waves.items()}
        spans = [np.diff(times) for times in peaks.values() if len(times) > 1]
        if not spans:
            return []
        stride_s = float(np.median(np.concatenate(spans)))
        rows: list[Row] = []
        for side, other in (("left", "right"), ("right", "left")):
            for time in peaks[side]:
                contact, toe_off = (
                    time - pct / 100.0 * stride_s for pct in (self.contact_before_pct, self.toe_off_before_pct)
                )
                if contact > time_s[0]:
                    rows.append((contact, other, "initial_contact", self.confidence))
                    rows.append((toe_off, side, "toe_off", self.confidence))
        return rows

    def _peaks(self, wave: np.ndarray, time_s: np.ndarray) -> list[float]:
        """Times at which one foot is highest above the other."""
        step = time_s[1] - time_s[0]
        wave = low_pass(wave, step, self.cutoff_hz)
        found, _ = find_peaks(
            wave, prominence=self.min_height, height=0.0, distance=max(1, round(self.min_step_s / step))
        )
        return [peak_time(time_s, wave, int(index)) for index in found]
