"""What is read off each swing before any constant is added: the raw instants, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.events import EventKind
from gait.core.sides import Side
from gait.events.find_swings import Swing
from gait.events.signals import FootSignals, highest, low_pass, rises_through

#: The toe's speed is smoothed to this before a level is crossed, in Hz: at 6 Hz the noise of landmarks crosses it by
#: chance in slow walks (mean scatter of Parkinson toe-offs through the virtual phone 29 ms at 6 Hz, 24 ms at 4 Hz).
TOE_CUTOFF_HZ = 4.0
#: What is faster than this in the speed of a standing foot is noise, in Hz (our estimate).
NOISE_ABOVE_HZ = 3.0
#: Toe-off is looked for where the toe reaches this part of its greatest speed (of 0.15, 0.25, 0.35 and 0.5 the one
#: whose error differs least between sources; our measurement).
TOE_SPEED_SHARE = 0.25
#: Toe-off lies within this of the toe's backward extreme, in s (our estimate: four times their usual distance).
TROUGH_REACH_S = 0.06
#: The heel rises fastest at most this much before and after that, in s (our measurement: -0.08 to 0.02).
HEEL_BEFORE_S, HEEL_AFTER_S = 0.12, 0.02


@dataclass(frozen=True, slots=True)
class Cue:
    """One event to be, and what speaks about its time.

    Attributes
    ----------
    pass_index, side, kind
        Which.
    time_s
        Contact: heel and toe farthest ahead of the pelvis (mean). Toe-off: the toe has a quarter of its top speed.
    heel_rise_s
        Toe-off: when the heel rises fastest, after ``time_s``, in s. Contact: 0.
    jitter_s
        What the noise of the foot's speed does to the time, in s: noise over slope.
    disagreement_s
        How far the heel's and the toe's own times lie apart, in s.
    walking_speed
        Leg lengths per s.
    """

    pass_index: int
    side: Side
    kind: EventKind
    time_s: float
    heel_rise_s: float
    jitter_s: float
    disagreement_s: float
    walking_speed: float


class SwingReader:
    """Reads the cues of the swings of one foot in one pass.

    Parameters
    ----------
    signals
        The foot.
    pass_index, side
        Which.
    edge_s
        An instant closer than this to either end of the pass is not trusted, in s: the foot must be seen to stop.
    stand_s
        The same at the end of a pass that ends because the walker leaves the picture, in s: there the network draws
        the foot that is cut off as if it stopped at the edge.
    may_leave_at_once
        Whether a foot that is already going forward when the pass begins, but slowly yet, also counts as leaving.
    """

    def __init__(
        self,
        signals: FootSignals,
        pass_index: int,
        side: Side,
        edge_s: float,
        *,
        stand_s: float | None = None,
        may_leave_at_once: bool = False,
    ) -> None:
        self.may_leave_at_once = may_leave_at_once
        self.signals, self.pass_index = signals, pass_index
        self.side: Side = side
        self.time_s = signals.time_s
        self.first_s, self.last_s = self.time_s[0] + edge_s, self.time_s[-1] - (edge_s if stand_s is None else stand_s)
        step = signals.step_s
        self.toe = low_pass(signals.toe_speed, step, TOE_CUTOFF_HZ)
        self.heel_up = np.gradient(low_pass(signals.heel_up, step, TOE_CUTOFF_HZ), self.time_s)
        fast = signals.speed - low_pass(signals.speed, step, NOISE_ABOVE_HZ)
        # Half of the samples and more are stance, where all that is fast is noise.
        self.noise = 1.4826 * float(np.nanmedian(np.abs(fast)))

    def contact(self, swing: Swing) -> Cue | None:
        """The contact that ends a swing, or None where the foot is not seen to stop."""
        heel, toe = (highest(self.time_s, t, swing.peak, swing.stop) for t in (self.signals.heel, self.signals.toe))
        swing_peak_s = self.time_s[swing.peak]
        if not (min(heel, toe) > swing_peak_s and max(heel, toe) < self.last_s):
            return None
        return self._cue("initial_contact", 0.5 * (heel + toe), 0.0, abs(heel - toe))

    def toe_off(self, swing: Swing) -> Cue | None:
        """The toe-off that begins a swing, or None where the foot is not seen to leave."""
        near = round(0.1 / self.signals.step_s)
        start = max(swing.start, swing.peak - near)
        top = start + int(np.argmax(self.toe[start : swing.peak + near + 1]))
        level = TOE_SPEED_SHARE * self.toe[top]
        time = rises_through(self.time_s, self.toe, level, swing.start, top)
        trough = highest(self.time_s, -self.signals.toe, swing.start, swing.peak)
        if not min(time, trough) >= self.first_s:
            return self._already_leaving(swing, level) if self.may_leave_at_once else None
        apart_s = abs(trough - time)
        time = float(np.clip(time, trough - TROUGH_REACH_S, trough + TROUGH_REACH_S))
        crossing = int(np.searchsorted(self.time_s, time))
        before, after = (round(s / self.signals.step_s) for s in (HEEL_BEFORE_S, HEEL_AFTER_S))
        rise = highest(self.time_s, self.heel_up, crossing - before, crossing + after)
        return self._cue("toe_off", time, rise - time if np.isfinite(rise) else 0.0, apart_s)

    def _already_leaving(self, swing: Swing, level: float) -> Cue | None:
        """A toe-off at the beginning of the pass, where the toe is not much faster yet than a quarter of its top."""
        if swing.start > 0 or self.toe[0] > 2 * level:
            return None
        return self._cue("toe_off", float(self.time_s[0]), 0.0, 0.0)

    def _cue(self, kind: EventKind, time: float, rise_s: float, apart_s: float) -> Cue:
        slope = abs(float(np.interp(time, self.time_s, np.gradient(self.toe, self.time_s))))
        return Cue(
            self.pass_index,
            self.side,
            kind,
            time,
            rise_s,
            self.noise / max(slope, 1e-3),
            apart_s,
            self.signals.walking_speed,
        )
