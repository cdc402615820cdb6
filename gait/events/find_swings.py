"""Find each swing of both feet: the peaks of forward foot speed that carry the foot past the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from gait.core.sides import SIDES, Side
from gait.events.signals import FootSignals

#: An event lies no further from its swing's peak than this, in s (half of the slowest stride, 2.6 s).
REACH_S = 1.3
#: A foot this many times as fast as the body swings (our estimate; in stance it stands, at most it slides a little).
FASTER_THAN_BODY = 1.3


@dataclass(frozen=True, slots=True)
class Swing:
    """One swing, as sample numbers of its pass.

    Attributes
    ----------
    start
        The earliest sample that its toe-off may have.
    peak
        Where the foot is fastest.
    stop
        One past the last sample that its contact may have.
    """

    start: int
    peak: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SwingFinder:
    """Tell swings from all other peaks of foot speed.

    No other phase of walking, however slow or asymmetric, moves a foot faster than the body.

    Attributes
    ----------
    min_interval_s
        Two swings of one foot are at least this far apart, in s (fastest stride 0.7 s, less some jitter).
    min_prominence
        A swing rises at least this much above its surroundings, in units of walking speed (swing peaks at about
        three times walking speed in all rendered gaits; our measurement).
    min_prominence_ll
        The same as an absolute floor, in leg lengths per s; above the noise of landmarks (our measurement).
    min_gain
        A swing carries the foot forward against the pelvis by at least this part of the large swings of both feet;
        a hidden foot that the network drags along with the passing one gains far less (real swings of the rendered
        clips 0.8-1.2, dragged ones below 0.25; our measurement). Markers are not dragged along; there only the steps
        of someone who is about to stop are so short.
    """

    min_interval_s: float = 0.45
    min_prominence: float = 0.8
    min_prominence_ll: float = 0.35
    min_gain: float = 0.4

    def find(
        self, feet: Mapping[Side, FootSignals], is_whole: tuple[bool, bool] = (False, False)
    ) -> dict[Side, list[Swing]]:
        """Swings of both feet in one pass, in order.

        The worst peak is dropped first and the others are looked at anew: beside a false peak a real swing looks
        shorter than it is, and comes into its own when the false one is gone.

        Parameters
        ----------
        feet
            Signals of both.
        is_whole
            Whether the walker is wholly in view at the beginning, and at the end, of the pass (the recording begins
            or ends there, and not the view). A swing that is cut there counts if the foot is faster than the body:
            too little of it is seen to judge by its gain.
        """
        peaks: dict[Side, list[int]] = {side: self._peaks(feet[side]) for side in SIDES}
        while True:
            swings: dict[Side, list[Swing]] = {side: _spans(feet[side], peaks[side]) for side in SIDES}
            gains = {side: [_gain(feet[side], swing) for swing in spans] for side, spans in swings.items()}
            everything = [gain for side in SIDES for gain in gains[side]]
            if not everything:
                return swings
            # The upper quartile: however many false swings noise makes in a slow walk, they gain little.
            least = self.min_gain * float(np.quantile(everything, 0.75))
            doubtful: list[tuple[float, Side, int]] = [
                (gain, side, number)
                for side in SIDES
                for number, gain in self._doubtful(feet[side], peaks[side], gains[side], least, is_whole)
            ]
            if not doubtful:
                return swings
            _, side, number = min(doubtful)
            del peaks[side][number]

    def _peaks(self, signals: FootSignals) -> list[int]:
        """Indices of all peaks that may be swings."""
        prominence = max(self.min_prominence * signals.walking_speed, self.min_prominence_ll)
        # A pass may begin or end in mid-swing: padding with standing still lets such a peak show its prominence.
        speed = signals.speed
        padded = np.concatenate([[0.0], np.nan_to_num(speed), [0.0]])
        peaks, _ = find_peaks(padded, prominence=prominence)
        return [int(peak) for peak in np.clip(peaks - 1, 0, len(speed) - 1)]

    def _doubtful(
        self,
        signals: FootSignals,
        peaks: list[int],
        gains: list[float],
        least: float,
        is_whole: tuple[bool, bool],
    ) -> list[tuple[int, float]]:
        """Number and gain of the peaks that gain too little, or lie too close to a neighbour that gains more."""
        closest = self.min_interval_s / signals.step_s
        speed, out = signals.speed, []
        cut_at = {place for place, whole in zip((0, len(speed) - 1), is_whole, strict=True) if whole}
        for number, gain in enumerate(gains):
            neighbours = [n for n in (number - 1, number + 1) if 0 <= n < len(peaks)]
            is_shadowed = any(abs(peaks[n] - peaks[number]) < closest and gains[n] >= gain for n in neighbours)
            peak = peaks[number]
            is_fast = peak in cut_at and speed[peak] > FASTER_THAN_BODY * signals.walking_speed
            if (gain < least and not is_fast) or is_shadowed:
                out.append((number, gain))
        return out


def _spans(signals: FootSignals, peaks: list[int]) -> list[Swing]:
    """For each peak the samples from which its toe-off, and up to which its contact, may come."""
    if not peaks:
        return []
    reach, end = round(REACH_S / signals.step_s), len(signals.time_s)
    borders = [(a + b) // 2 for a, b in pairwise(peaks)]
    starts = [max(0, peaks[0] - reach), *borders]
    stops = [*borders, min(end, peaks[-1] + reach)]
    return [Swing(*span) for span in zip(starts, peaks, stops, strict=True)]


def _gain(signals: FootSignals, swing: Swing) -> float:
    """How far a swing carries the foot forward against the pelvis, in leg lengths."""
    foot = (signals.heel + signals.toe) / 2
    ahead = np.max(foot[swing.peak : swing.stop], initial=foot[swing.peak])
    return float(ahead - np.min(foot[swing.start : swing.peak + 1]))
