"""Shift each event to where its own stride best matches the walker's mean stride: less noise, same mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.events.signals import FootSignals

#: Fewer strides than this make no mean worth matching (our estimate).
MIN_STRIDES = 4
#: Largest shift that is tried, in s, and the step of trying.
REACH_S, STEP_S = 0.08, 0.005
#: Strides of one walker are this alike in time around an event, in s: larger shifts need better evidence (chosen on
#: motion capture filmed by the virtual phone; 0.04 does as well).
SPREAD_S = 0.02
#: Neighbouring samples of low-passed signals err together over about this time, in s (0.7 of a period at 6 Hz).
INDEPENDENT_S = 0.12
_ROUNDS = 4


def align(signals: FootSignals, times_s: Sequence[float], half_window_s: float) -> np.ndarray:
    """Refine the times of one kind of event of one foot.

    The speeds (forward and upward, heel and toe) around all events are averaged by their median; each event is then
    shifted to where its own speeds match that of the others best, weighed by how noisy each speed is, and against a
    shift that strides seldom have. Iterated (Woody 1967, Medical & Biological Engineering 5, 539-554: adaptive
    filtering of signals of variable latency). The median shift is taken off, so that only the scatter changes.

    Parameters
    ----------
    signals
        The foot in one pass.
    times_s
        Times of its events, in s.
    half_window_s
        How much before and after an event is compared, in s.

    Returns
    -------
    numpy.ndarray
        ``(n,)`` s. Unchanged when there are fewer than :data:`MIN_STRIDES`.
    """
    times = np.asarray(times_s, float)
    if len(times) < MIN_STRIDES:
        return times
    wide = _windows(signals, times, half_window_s + REACH_S)
    most = round(REACH_S / STEP_S)
    width = wide.shape[2] - 2 * most
    shifts = np.zeros(len(times), int)
    for _ in range(_ROUNDS):
        now = np.stack(
            [window[:, most + shift : most + shift + width] for window, shift in zip(wide, shifts, strict=True)]
        )
        noise = (now - np.median(now, axis=0)).std(axis=(0, 2)) + 1e-6
        shifts = np.array([_best_shift(wide[i], np.delete(now, i, axis=0), noise, most) for i in range(len(times))])
        shifts = np.clip(shifts - round(float(np.median(shifts))), -most, most)
    return times + shifts * STEP_S


def _windows(signals: FootSignals, times: np.ndarray, half_s: float) -> np.ndarray:
    """``(events, 4, samples)`` speeds around each event; the ends of a pass are held."""
    upward = [np.gradient(track, signals.time_s) for track in (signals.heel_up, signals.toe_up)]
    tracks = [signals.heel_speed, signals.toe_speed, *upward]
    around = np.arange(-round(half_s / STEP_S), round(half_s / STEP_S) + 1) * STEP_S
    return np.stack([[np.interp(time + around, signals.time_s, track) for track in tracks] for time in times])


def _best_shift(window: np.ndarray, others: np.ndarray, noise: np.ndarray, most: int) -> int:
    """Shift in steps at which one event matches the median of the others."""
    mean = np.median(others, axis=0)
    width = mean.shape[1]
    shifts = np.arange(-most, most + 1)
    misfit = np.array(
        [np.mean(((window[:, most + s : most + s + width] - mean) / noise[:, None]) ** 2) for s in shifts]
    )
    independent = len(noise) * width * STEP_S / INDEPENDENT_S
    cost = 0.5 * misfit * independent + 0.5 * (shifts * STEP_S / SPREAD_S) ** 2
    return int(shifts[np.argmin(cost)])
