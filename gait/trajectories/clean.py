"""Gate, fill and smooth keypoints: from what a network saw to what a body did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfiltfilt


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """How keypoints are cleaned.

    Attributes
    ----------
    min_confidence
        Keypoints below it count as unseen (our estimate; the pose network's own default is 0.5, but a far leg
        behind the near one is often right at 0.3).
    max_gap_s
        Longer gaps stay gaps, in s (our estimate: about half a swing phase).
    outlier_window_s, outlier_factor
        A keypoint that lies more than ``outlier_factor`` robust standard deviations from the running median of this
        window is dropped (Hampel 1974; window and factor are our estimate).
    cutoff_hz
        Cut-off of the zero-lag Butterworth low-pass, 4th order after both passes, in Hz (6 Hz is usual for keypoints).
    rate_hz
        Samples per second after resampling, in Hz; films above it keep their own rate.
    """

    min_confidence: float = 0.3
    max_gap_s: float = 0.2
    outlier_window_s: float = 0.3
    outlier_factor: float = 5.0
    cutoff_hz: float = 6.0
    rate_hz: float = 100.0


def gate(position: np.ndarray, confidence: np.ndarray, time_s: np.ndarray, how: Cleaning) -> np.ndarray:
    """Blank keypoints that are not believed.

    Parameters
    ----------
    position
        ``(n, keypoints, 2)`` px.
    confidence
        ``(n, keypoints)`` 0..1.
    time_s
        ``(n,)`` s.

    Returns
    -------
    numpy.ndarray
        Same shape; NaN where the confidence is low or the point jumps away from its own running median.
    """
    kept = np.where((confidence >= how.min_confidence)[..., None], position, np.nan)
    width = _odd(how.outlier_window_s / _median_step(time_s))
    if width < 3 or len(time_s) < width:
        return kept
    for keypoint in range(kept.shape[1]):
        kept[_outliers(kept[:, keypoint], width, how.outlier_factor), keypoint] = np.nan
    return kept


def resample(position: np.ndarray, time_s: np.ndarray, grid_s: np.ndarray, max_gap_s: float) -> np.ndarray:
    """Bring unevenly timed points onto an even grid; short gaps are bridged, long ones stay.

    Parameters
    ----------
    position
        ``(n, ..., 2)`` px with NaN gaps.
    time_s
        ``(n,)`` s, increasing.
    grid_s
        ``(m,)`` s, evenly spaced.
    max_gap_s
        Longest bridged gap, in s.

    Returns
    -------
    numpy.ndarray
        ``(m, ..., 2)``. Shape-preserving cubic (Fritsch & Carlson 1980): no overshoot beside a gap.
    """
    flat = position.reshape(len(time_s), -1)
    out = np.full((len(grid_s), flat.shape[1]), np.nan)
    longest = max(max_gap_s, 1.6 * _median_step(time_s))
    for column in range(flat.shape[1]):
        seen = np.isfinite(flat[:, column])
        if seen.sum() < 4:
            continue
        known_s = time_s[seen]
        values = PchipInterpolator(known_s, flat[seen, column], extrapolate=False)(grid_s)
        values[_in_long_gap(grid_s, known_s, longest)] = np.nan
        out[:, column] = values
    return out.reshape(len(grid_s), *position.shape[1:])


def smooth(position: np.ndarray, rate_hz: float, cutoff_hz: float) -> np.ndarray:
    """Zero-lag Butterworth low-pass, 4th order after both passes, over each unbroken stretch.

    The cut-off is corrected for the second pass (Winter, Biomechanics and Motor Control of Human Movement, 4th ed.,
    2009, section 3.4.4.2). Stretches too short to filter are left as they are.
    """
    corrected = cutoff_hz / (np.sqrt(2.0) - 1.0) ** 0.25
    if corrected >= 0.45 * rate_hz:
        return position
    sos = butter(2, corrected, fs=rate_hz, output="sos")
    shortest = 12
    flat = position.reshape(len(position), -1).copy()
    for column in range(flat.shape[1]):
        for start, stop in unbroken(np.isfinite(flat[:, column])):
            if stop - start > shortest:
                pad = min(stop - start - 1, int(rate_hz / cutoff_hz))
                flat[start:stop, column] = sosfiltfilt(sos, flat[start:stop, column], padlen=pad)
    return flat.reshape(position.shape)


def unbroken(mask: np.ndarray) -> list[tuple[int, int]]:
    """Half-open index ranges where a mask is true.

    Examples
    --------
    >>> unbroken(np.array([False, True, True, False, True]))
    [(1, 3), (4, 5)]
    """
    edges = np.diff(np.concatenate([[0], np.asarray(mask, int), [0]]))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))


def _outliers(track: np.ndarray, width: int, factor: float) -> np.ndarray:
    """Which of ``(n, 2)`` points jump away from their running median."""
    seen = np.isfinite(track[:, 0])
    bad = np.zeros(len(track), bool)
    if seen.sum() < width:
        return bad
    known = track[seen]
    distance = np.linalg.norm(known - median_filter(known, size=(width, 1), mode="nearest"), axis=1)
    # A fast swing also departs from its running median; the floor keeps it from being called an outlier.
    floor = 3.0 * np.median(np.linalg.norm(np.diff(known, axis=0), axis=1)) + 1e-9
    spread = 1.4826 * np.median(distance)
    step = np.percentile(np.linalg.norm(np.diff(known, axis=0), axis=1), 95) * width / 2
    bad[seen] = distance > max(factor * spread, floor, step)
    return bad


def _in_long_gap(grid_s: np.ndarray, known_s: np.ndarray, longest_s: float) -> np.ndarray:
    """Which grid times lie in a gap between known times that is too long to bridge, or outside."""
    after = np.searchsorted(known_s, grid_s)
    inside = (after > 0) & (after < len(known_s))
    gap = np.full(len(grid_s), np.inf)
    gap[inside] = known_s[after[inside]] - known_s[after[inside] - 1]
    on_sample = np.isclose(known_s[np.clip(after, 0, len(known_s) - 1)], grid_s, atol=1e-9)
    return (gap > longest_s) & ~on_sample


def _median_step(time_s: np.ndarray) -> float:
    return float(np.median(np.diff(time_s)))


def _odd(width: float) -> int:
    return int(width) // 2 * 2 + 1
