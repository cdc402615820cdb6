"""Events of markers on the body, which know heights as well as distances."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from gait.core.events import GaitEvents
from gait.core.sides import SIDES
from gait.core.trajectories import Trajectories
from gait.events.check import keep_plausible
from gait.events.confidence import Sureness
from gait.events.cues import Cue, SwingReader
from gait.events.find_swings import SwingFinder
from gait.events.signals import FootSignals, both_feet, highest, is_whole_at_ends, peak_time
from gait.events.swings import SwingPeaks

Row = tuple[float, str, str, float]

#: The toe rises fastest at most this much before and after it has a quarter of its top speed, in s (measured in four
#: laboratories: 0.02-0.07 after).
RISE_BEFORE_S, RISE_AFTER_S = 0.03, 0.09


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkerLandings:
    """Contact where the floor stops the falling foot; toe-off a little before the toe rises fastest.

    The end of the foot that lands (heel, or toe when it hangs lower) is stopped by the floor: its upward acceleration
    peaks. The peak is looked for after the foot's farthest reach. A foot that is set down softly (a shuffling
    Parkinsonian gait: below a third of the weakest healthy landing) shows no such peak and is timed by its reach
    alone. Landmarks of films are too noisy in height for either.

    Attributes
    ----------
    finder
        What counts as a swing.
    min_stop_llps2
        A landing stops the foot with at least this upward acceleration, leg lengths per s^2, at a cut-off of 6 Hz
        (healthy 2-7, shuffling 0-1; our measurement).
    expected_s, spread_s
        The stop comes this long after the farthest reach, give or take, in s; it weighs peaks that compete.
    stop_delay_s
        Added to the stop, in s (it is late by 18-21 ms in three laboratories at 6 Hz; our measurement).
    reach_delay_s
        Added to the farthest reach where there is no stop, in s (median of three Parkinson walks; our measurement).
    rise_delay_s
        Added to the toe's fastest rise, in s (late by 26-48 ms in four laboratories; our measurement).
    without_heights
        Times the toe-offs of a toe that does not rise as it leaves.
    edge_s
        An instant closer than this to either end of a pass is not trusted, in s.
    sureness
        How the confidence is computed.

    References
    ----------
    The foot's vertical motion as a sign of contact and of toe-off: O'Connor et al. (2007), Gait & Posture 25(3),
    469-474. That only the peak within reach of the forward extreme counts, and all constants, are ours.
    """

    finder: SwingFinder = field(default_factory=lambda: SwingFinder(min_gain=0.2))
    min_stop_llps2: float = 1.5
    expected_s: float = 0.045
    spread_s: float = 0.035
    stop_delay_s: float = -0.019
    reach_delay_s: float = 0.030
    rise_delay_s: float = -0.033
    without_heights: SwingPeaks = field(default_factory=SwingPeaks)
    edge_s: float = 0.03
    sureness: Sureness = field(
        default_factory=lambda: Sureness(
            contact_s=0.016,
            toe_off_s=0.010,
            slow_s=0.030,
            jitter=0.2,
            disagreement=0.25,
            gross=0.003,
        )
    )

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes, between samples."""
        rows: list[Row] = []
        for index, stretch in enumerate(trajectories.passes):
            feet = both_feet(trajectories, stretch)
            if len(feet["left"].time_s) < 8:
                continue
            is_whole = is_whole_at_ends(trajectories, stretch)
            swings = self.finder.find(feet, is_whole)
            for side in SIDES:
                reader = SwingReader(feet[side], index, side, self.edge_s, may_leave_at_once=is_whole[0])
                cues = [cue for swing in swings[side] for cue in (reader.toe_off(swing), reader.contact(swing))]
                rows.extend(self._rows(feet[side], [cue for cue in cues if cue is not None]))
        return keep_plausible(GaitEvents.from_rows(rows))

    def _rows(self, signals: FootSignals, cues: list[Cue]) -> Iterator[Row]:
        for cue in cues:
            time = self._contact(signals, cue) if cue.kind == "initial_contact" else self._toe_off(signals, cue)
            if not signals.time_s[0] <= time <= signals.time_s[-1]:
                continue
            yield time, cue.side, cue.kind, self.sureness.of(cue, 0.0, 1.0)

    def _contact(self, signals: FootSignals, cue: Cue) -> float:
        """Where the floor stops the foot; where nothing does, a little after its farthest reach, in s."""
        stop_s, strength = self._stop(signals, cue.time_s)
        # A foot on the floor is carried backwards against the pelvis: braking before its farthest reach is in the air.
        if strength >= self.min_stop_llps2 and stop_s + self.stop_delay_s >= cue.time_s:
            return stop_s + self.stop_delay_s
        return cue.time_s + self.reach_delay_s

    def _stop(self, signals: FootSignals, reach_s: float) -> tuple[float, float]:
        """Time and strength of the likeliest stop; a strength of 0 when there is none."""
        time = signals.time_s
        height = _landing_end(signals, reach_s)
        upward = np.gradient(np.gradient(height, time), time)
        first, last = np.searchsorted(time, [reach_s - 0.02, reach_s + 0.12])
        inside = np.arange(max(1, first), min(len(time) - 1, last))
        peaks = inside[(upward[inside] >= upward[inside - 1]) & (upward[inside] > upward[inside + 1])]
        peaks = peaks[upward[peaks] > 0]
        if not len(peaks):
            return float("nan"), 0.0
        likely = np.exp(-0.5 * ((time[peaks] - reach_s - self.expected_s) / self.spread_s) ** 2)
        best = int(peaks[np.argmax(upward[peaks] * likely)])
        return peak_time(time, upward, best), float(upward[best])

    def _toe_off(self, signals: FootSignals, cue: Cue) -> float:
        """A little before the toe rises fastest; where it does not rise as it leaves, as in films, in s."""
        rising = np.gradient(signals.toe_up, signals.time_s)
        first, last = np.searchsorted(signals.time_s, [cue.time_s - RISE_BEFORE_S, cue.time_s + RISE_AFTER_S])
        time = highest(signals.time_s, rising, int(first), int(last))
        is_peak = signals.time_s[max(0, first)] < time < signals.time_s[min(last, len(rising)) - 1]
        return time + self.rise_delay_s if is_peak else self.without_heights.time_s(cue)


def _landing_end(signals: FootSignals, reach_s: float) -> np.ndarray:
    """Height of the end of the foot that is nearer to its own floor when the foot reaches farthest."""
    above = [
        float(np.interp(reach_s, signals.time_s, track) - np.nanpercentile(track, 5.0))
        for track in (signals.heel_up, signals.toe_up)
    ]
    return signals.heel_up if above[0] <= above[1] else signals.toe_up
