"""Events around each swing, for films from the side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from gait.core.events import GaitEvents
from gait.core.sides import SIDES, Side
from gait.core.trajectories import Pass, Trajectories
from gait.events.check import keep_plausible
from gait.events.signals import FootSignals, foot_signals, peak_time

Row = tuple[float, str, str, float]

#: Stride time where a foot swings only once in a pass, in s.
USUAL_STRIDE_S = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class SwingPeaks:
    """Find each swing first, then the contact after it and the toe-off before it.

    A swing is a peak of the foot's forward speed over the ground: no other phase of walking, however slow or
    asymmetric, moves the foot faster than the body. Initial contact is the mean of the instants at which heel and toe
    are farthest ahead of the pelvis after that peak, so that a landing on heel, flat foot or forefoot is caught by
    whichever end stops; toe-off is the weighted mean of the instants at which toe and heel are farthest behind before
    it. Both are then corrected by a constant, because a foot is *relatively* farthest ahead a little before it stands.

    Attributes
    ----------
    min_swing_interval_s
        Two swings of one foot are at least this far apart, in s (fastest stride 0.7 s, less some jitter).
    min_prominence
        A swing rises at least this much above its surroundings, in units of walking speed (swing peaks at about
        three times walking speed in all rendered gaits; our measurement).
    min_prominence_ll
        The same as an absolute floor, in leg lengths per s; above the noise of landmarks (our measurement).
    contact_delay_pct
        Added to the forward peak, in % of the stride time: the peak comes early by 19 ms on rendered clips at strides
        of 1.1 s and 30 ms at 1.5 s, by 40 ms on motion capture (our measurement, at a 6 Hz cut-off).
    toe_off_delay_s, heel_off_delay_s
        Added to the toe's and the heel's backward peak: medians over the rendered clips (our measurement).
    toe_weight
        Weight of the toe in the toe-off. A dropping foot drags its toe, whose backward peak then comes about 40 ms
        late; the heel's stays put.
    min_gain
        A swing carries the foot forward against the pelvis by at least this part of the large swings of both feet;
        a hidden foot that the network drags along with the passing one gains far less (real swings of the rendered
        clips 0.8-1.2, dragged ones below 0.25; our measurement).
    edge_s
        A peak closer than this to either end of a pass is not trusted, in s: the foot must be seen to stop.

    References
    ----------
    Zeni, Richards & Higginson (2008), Gait & Posture 27(4), 710-714 (farthest ahead of and behind the pelvis).
    """

    min_swing_interval_s: float = 0.45
    min_prominence: float = 0.8
    min_prominence_ll: float = 0.35
    contact_delay_pct: float = 2.2
    toe_off_delay_s: float = -0.004
    heel_off_delay_s: float = 0.033
    toe_weight: float = 0.6
    min_gain: float = 0.4
    edge_s: float = 0.12

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes, sub-frame."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            feet: dict[Side, FootSignals] = {side: foot_signals(trajectories, stretch, side) for side in SIDES}
            swings = self._real_swings(feet)
            for side, signals in feet.items():
                sure = self._visibility(trajectories, stretch, side)
                rows.extend(self._events(signals, swings[side], side, sure))
        return keep_plausible(GaitEvents.from_rows(rows))

    def _real_swings(self, feet: dict[Side, FootSignals]) -> dict[Side, list[int]]:
        """Swing peaks of both feet that carry the foot far enough, and are not too close to a better one.

        The worst peak is dropped first and the others are looked at anew: beside a false peak a real swing looks
        shorter than it is, and comes into its own when the false one is gone.
        """
        peaks: dict[Side, list[int]] = {side: self._swings(feet[side]) for side in SIDES}
        while True:
            gains = {
                side: [_gain(feet[side], *span) for span in self._spans(feet[side], peaks[side])] for side in SIDES
            }
            everything = [gain for side in SIDES for gain in gains[side]]
            if not everything:
                return peaks
            # The upper quartile: however many false swings noise makes in a slow walk, they gain little.
            least = self.min_gain * float(np.quantile(everything, 0.75))
            doubtful: list[tuple[float, Side, int]] = [
                (gain, side, number)
                for side in SIDES
                for number, gain in self._doubtful(feet[side], peaks[side], gains[side], least)
            ]
            if not doubtful:
                return peaks
            _, side, number = min(doubtful)
            del peaks[side][number]

    def _doubtful(
        self, signals: FootSignals, peaks: list[int], gains: list[float], least: float
    ) -> list[tuple[int, float]]:
        """Number and gain of the peaks that gain too little, or lie too close to a neighbour that gains more."""
        closest = self.min_swing_interval_s / (signals.time_s[1] - signals.time_s[0])
        out = []
        for number, gain in enumerate(gains):
            neighbours = [n for n in (number - 1, number + 1) if 0 <= n < len(peaks)]
            is_shadowed = any(abs(peaks[n] - peaks[number]) < closest and gains[n] >= gain for n in neighbours)
            if gain < least or is_shadowed:
                out.append((number, gain))
        return out

    def _events(self, signals: FootSignals, swings: list[int], side: str, sure: float) -> list[Row]:
        step = signals.time_s[1] - signals.time_s[0]
        edge = round(self.edge_s / step)
        stride_s = float(np.median(np.diff(swings)) * step) if len(swings) > 1 else USUAL_STRIDE_S
        delay_s = self.contact_delay_pct / 100.0 * stride_s
        rows: list[Row] = []
        for before, swing, after in self._spans(signals, swings):
            contact = self._contact(signals, swing, after, edge)
            if contact is not None:
                rows.append((contact[0] + delay_s, side, "initial_contact", _confidence(sure, contact[1])))
            toe_off = self._toe_off(signals, before, swing, edge)
            if toe_off is not None:
                rows.append((toe_off[0], side, "toe_off", _confidence(sure, toe_off[1])))
        return rows

    def _spans(self, signals: FootSignals, swings: list[int]) -> list[tuple[int, int, int]]:
        """For each swing the samples from which its toe-off, and up to which its contact, may come."""
        reach, end = round(1.3 / (signals.time_s[1] - signals.time_s[0])), len(signals.time_s)
        borders = [(a + b) // 2 for a, b in pairwise(swings)]
        starts = [max(0, swings[0] - reach), *borders] if swings else []
        ends = [*borders, min(end, swings[-1] + reach)] if swings else []
        return list(zip(starts, swings, ends, strict=True))

    def _swings(self, signals: FootSignals) -> list[int]:
        """Indices of all peaks that may be swings."""
        prominence = max(self.min_prominence * signals.walking_speed, self.min_prominence_ll)
        # A pass may begin or end in mid-swing: padding with standing still lets such a peak show its prominence.
        padded = np.concatenate([[0.0], np.nan_to_num(signals.speed), [0.0]])
        peaks, _ = find_peaks(padded, prominence=prominence)
        return [int(peak) for peak in np.clip(peaks - 1, 0, len(signals.speed) - 1)]

    def _contact(self, signals: FootSignals, swing: int, after: int, edge: int) -> tuple[float, float] | None:
        """Time of the forward peak and how far heel and toe disagree, in s."""
        heel, toe = (swing + int(np.argmax(track[swing:after])) for track in (signals.heel, signals.toe))
        if max(heel, toe) >= len(signals.time_s) - edge or min(heel, toe) <= swing:
            return None
        times = [peak_time(signals.time_s, signals.heel, heel), peak_time(signals.time_s, signals.toe, toe)]
        return float(np.mean(times)), abs(times[0] - times[1])

    def _toe_off(self, signals: FootSignals, before: int, swing: int, edge: int) -> tuple[float, float] | None:
        """Time of toe-off and how far heel and toe disagree, in s."""
        if swing - before < 3:
            return None
        heel, toe = (before + int(np.argmin(track[before:swing])) for track in (signals.heel, signals.toe))
        if min(heel, toe) < edge:
            return None
        by_toe = peak_time(signals.time_s, -signals.toe, toe) + self.toe_off_delay_s
        by_heel = peak_time(signals.time_s, -signals.heel, heel) + self.heel_off_delay_s
        return self.toe_weight * by_toe + (1 - self.toe_weight) * by_heel, abs(by_toe - by_heel)

    def _visibility(self, trajectories: Trajectories, stretch: Pass, side: str) -> float:
        """Median confidence of heel and toe in a pass."""
        confidence = trajectories.data["confidence"].sel(side=side, landmark=["heel", "toe"])
        inside = trajectories.inside(stretch)
        return float(np.nanmedian(confidence.transpose("time", ...).values[inside]))


def _gain(signals: FootSignals, before: int, swing: int, after: int) -> float:
    """How far a swing carries the foot forward against the pelvis, in leg lengths."""
    foot = (signals.heel + signals.toe) / 2
    return float(np.max(foot[swing:after], initial=foot[swing]) - np.min(foot[before : swing + 1]))


def _confidence(visibility: float, disagreement_s: float) -> float:
    """Chance that an event lies within 50 ms of the truth (our estimate).

    Falls with the disagreement of heel and toe: on the rendered clips both lie within 20 ms of each other for good
    events and beyond 60 ms for gross errors.
    """
    agreement = 1.0 / (1.0 + (disagreement_s / 0.08) ** 2)
    return float(np.clip(0.5 + 0.5 * agreement, 0.0, 1.0) * np.clip(0.6 + 0.4 * visibility, 0.0, 1.0))
