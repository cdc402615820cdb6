"""A captured body at other times, and where in its stride it is."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import make_interp_spline
from scipy.signal import find_peaks

from gait.core.motion import BodyMotion
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS

#: No walker takes a stride in less, in s (our estimate).
_SHORTEST_STRIDE_S = 0.6


def resample_motion(motion: BodyMotion, time_s: np.ndarray) -> np.ndarray:
    """Where the keypoints are at other times, ``(n, 3, keypoints)`` m; gaps stay gaps.

    Quintic splines through each unbroken stretch: close to the ideal band-limited interpolator (Unser 1999, IEEE
    Signal Processing Magazine 16(6), 22-38), and a body moves far below half of the capture's rate.
    """
    out = np.full((len(time_s), 3, len(KEYPOINTS)), np.nan)
    for index in range(len(KEYPOINTS)):
        known = np.isfinite(motion.position_m[:, :, index]).all(axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], known.astype(int), [0]])))
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            if stop - start < 2:
                continue
            span = motion.time_s[start:stop]
            inside = (time_s >= span[0]) & (time_s <= span[-1])
            degree = min(5, stop - start - 1)
            spline = make_interp_spline(span, motion.position_m[start:stop, :, index], k=degree - (degree % 2 == 0))
            out[inside, :, index] = spline(time_s[inside])
    return out


def stride_phase(motion: BodyMotion, time_s: np.ndarray) -> np.ndarray:
    """Strides since an initial contact of each keypoint's own side, ``(n, keypoints)``; NaN for those of neither side.

    From the labelled contacts where a side has two or more, else from the instants when the heel is farthest ahead of
    the pelvis, which lie some hundredths of a second before contact (Zeni et al. 2008, Gait & Posture 27, 710-714).
    """
    phase = np.full((len(time_s), len(KEYPOINTS)), np.nan)
    for side in SIDES:
        contacts = [t for t, where, kind in motion.events if (where, kind) == (side, "initial_contact")]
        known = np.array(sorted(contacts)) if len(contacts) > 1 else _heel_ahead_s(motion, side)
        if len(known) < 2:
            continue
        stride_s = float(np.median(np.diff(known)))
        count = np.concatenate([[0.0], np.cumsum(np.maximum(1.0, np.round(np.diff(known) / stride_s)))])
        beyond = np.minimum(time_s - known[0], 0.0) + np.maximum(time_s - known[-1], 0.0)
        own = np.interp(time_s, known, count) + beyond / stride_s
        for index, name in enumerate(KEYPOINTS):
            if name.startswith(side):
                phase[:, index] = own
    return phase


def _heel_ahead_s(motion: BodyMotion, side: Side) -> np.ndarray:
    """``(k,)`` s at which one heel is farthest ahead of the pelvis."""
    pelvis = (motion.point("left_hip") + motion.point("right_hip"))[:, 0] / 2
    heel, toe = motion.point(f"{side}_heel")[:, 0], motion.point(f"{side}_toe")[:, 0]
    facing = np.sign(without_gaps(motion.time_s, toe - heel))
    ahead = without_gaps(motion.time_s, (heel - pelvis) * facing)
    step_s = float(np.median(np.diff(motion.time_s)))
    peaks, _ = find_peaks(ahead, distance=max(1, round(_SHORTEST_STRIDE_S / step_s)), prominence=0.5 * np.std(ahead))
    return motion.time_s[peaks]


def without_gaps(time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Gaps bridged by straight lines; zeros where nothing is known."""
    known = np.isfinite(values)
    return np.interp(time, time[known], values[known]) if known.any() else np.zeros(len(values))
