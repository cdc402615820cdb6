"""Phase of the stride against time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: Length of the turn of a walk there and back, in strides (our estimate).
TURN_STRIDES = 1.5


@dataclass(frozen=True, slots=True)
class Timing:
    """Phase (number of left strides since a left contact) against time.

    Attributes
    ----------
    first_phase
        Phase when the walker appears.
    start_s
        When the walker appears, in s.
    stride_time_s
        Mean, in s.
    right_lag
        Fraction of the stride from a left contact to the next right one.
    warp
        Time against phase where the stride time varies; None where all strides are alike.
    """

    first_phase: float
    start_s: float
    stride_time_s: float
    right_lag: float
    warp: PchipInterpolator | None

    @classmethod
    def of(cls, walker: Walker) -> Timing:
        """Timing of one walker."""
        return _timing(walker)

    @staticmethod
    def step_fraction(walker: Walker, side: str) -> float:
        """Step time of one side as a fraction of the stride: from the other side's contact to its own."""
        return step_fraction(walker.step_time_asymmetry, side)

    def time_s(self, phase: np.ndarray) -> np.ndarray:
        """Time of a phase, in s."""
        if self.warp is None:
            return self.start_s + (np.asarray(phase, float) - self.first_phase) * self.stride_time_s
        return self.warp(phase)

    def phase(self, time_s: np.ndarray) -> np.ndarray:
        """Phase at a time (of the steady walk, also before the walker appears)."""
        time_s = np.asarray(time_s, float)
        guess = self.first_phase + (time_s - self.start_s) / self.stride_time_s
        if self.warp is None:
            return guess
        low, high = np.full_like(guess, self.warp.x[0]), np.full_like(guess, self.warp.x[-1])
        for _ in range(60):  # bisection: time increases with phase; 60 halvings reach the last bit
            middle = 0.5 * (low + high)
            is_late = self.warp(middle) > time_s
            low, high = np.where(is_late, low, middle), np.where(is_late, middle, high)
        return 0.5 * (low + high)

    def event_phases(self, side: str, offset: float, end_s: float) -> np.ndarray:
        """Phases of what happens ``offset`` strides after each contact of one side, within the walk up to ``end_s``."""
        lag = (0.0 if side == "left" else self.right_lag) + offset
        last = int(np.ceil(self.phase(np.array([end_s]))[0])) + 1
        phases = np.arange(-3, last + 1) + lag
        times = self.time_s(phases)
        return phases[(times >= self.start_s) & (times <= end_s)]


def step_fraction(asymmetry: float, side: str) -> float:
    """Step time of one side as a fraction of the stride, from ``Walker.step_time_asymmetry``."""
    return 0.5 * (1.0 + (asymmetry if side == "left" else -asymmetry))


@lru_cache(maxsize=256)
def _timing(walker: Walker) -> Timing:
    lag = Timing.step_fraction(walker, "right")
    warp = None
    if walker.stride_time_cv_pct > 0 or walker.stride_time_trend_pct != 0:
        strides = int(np.ceil(1.6 * walker.duration_s / walker.stride_time_s)) + 8
        draw = np.random.default_rng([walker.seed, 1]).standard_normal(strides)
        # Beyond 2.5 sd a stride would differ from its neighbours more than walking people's do.
        durations = walker.stride_time_s * (1 + walker.stride_time_cv_pct / 100 * np.clip(draw, -2.5, 2.5))
        minutes = np.clip(np.arange(strides) - 4, 0, None) * walker.stride_time_s / 60
        durations *= np.clip(1 + walker.stride_time_trend_pct / 100 * minutes, 0.6, 2.0)
        knots = np.arange(-4, strides - 3)
        curve = PchipInterpolator(knots, np.concatenate([[0.0], np.cumsum(durations)]))
        shift = walker.lead_in_s - float(curve(walker.start_phase))
        warp = PchipInterpolator(knots, curve(knots) + shift)
    return Timing(walker.start_phase, walker.lead_in_s, walker.stride_time_s, lag, warp)


def turn_phases(walker: Walker) -> tuple[float, float] | None:
    """Phases between which the walker turns; None for a walk without a turn."""
    if not walker.there_and_back:
        return None
    timing = Timing.of(walker)
    middle = float(timing.phase(np.array([0.5 * (walker.lead_in_s + walker.duration_s)]))[0])
    return middle - 0.5 * TURN_STRIDES, middle + 0.5 * TURN_STRIDES
