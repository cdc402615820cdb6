"""What one stride's value, and the mean of several, may be wrong by."""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from gait.parameters.catalogue import Measure

#: Standard normal quantile of a two-sided 95 % interval.
_Z95 = 1.959964


def interval(
    values: np.ndarray, row: Measure, systematic: float, scale_error: float
) -> tuple[float, float, float, float]:
    """Mean, standard deviation and 95 % interval over strides.

    The random part is Student's t on the spread between strides; with one stride the catalogue's usual spread stands
    in. What strides share (event bias, landmarks, the scale) does not shrink with their number and is added in square
    (Taylor & Kuyatt, NIST TN 1297, 1994).

    Parameters
    ----------
    values
        ``(n,)`` one value a stride, finite, n at least 1.
    row
        Its catalogue row.
    systematic
        One standard error shared by all strides, in the unit.
    scale_error
        Relative standard error of the scale; 0 where no metre enters.

    Returns
    -------
    tuple
        ``value, sd, low, high``; sd is NaN for one stride.
    """
    count = len(values)
    mean = float(np.mean(values))
    sd = float(np.std(values, ddof=1)) if count > 1 else float("nan")
    if count > 1:
        # Three strides can agree by luck: their spread is not believed below half of the usual one.
        random = float(student.ppf(0.975, count - 1)) * max(sd, 0.5 * row.spread) / np.sqrt(count)
        random = min(random, _Z95 * max(sd, row.spread) * 2.0)
    else:
        random = _Z95 * row.spread
    half = float(np.sqrt(random**2 + (_Z95 * systematic) ** 2 + (_Z95 * scale_error * mean) ** 2))
    return mean, sd, mean - half, mean + half
