"""Measures made of other measures: side differences and variability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import chi2

from gait.core.parameters import Parameter, ParameterSide
from gait.parameters.catalogue import EventErrors, Measure
from gait.parameters.uncertainty import Z95, Estimate, event_difference_se, half_width

#: Fewer strides have no spread worth telling (our choice).
MIN_STRIDES_CV = 3


def compared(
    row: Measure, source: Measure, sides: Sequence[Estimate | None], errors: EventErrors, stride_time_s: float
) -> list[Parameter]:
    """Asymmetry, ratio or difference of the two sides; nothing where a side is missing.

    The interval holds what makes two sides differ that do not: the spread between strides, the far leg (a film of one
    pass shows one leg near and the other one far), and events that come late on one foot.

    Parameters
    ----------
    row, source
        Catalogue rows of the derived measure and of what it is made of.
    sides
        Left and right.
    errors, stride_time_s
        Errors of events; the usual stride, which turns seconds into percent.
    """
    left, right = sides
    if left is None or right is None:
        return []
    random = float(np.hypot(left.random_half, right.random_half))
    by_events = event_difference_se(source, errors, stride_time_s)
    half = half_width(random, left.far_se, right.far_se, by_events, left.contact_se, right.contact_se)
    mean = (left.value + right.value) / 2
    if row.kind == "difference":
        value = right.value - left.value
    elif left.value <= 0 or right.value <= 0:
        return []
    elif row.kind == "asymmetry":
        value, half = 100.0 * (right.value - left.value) / mean, 100.0 * half / mean
    else:
        value, half = max(left.value, right.value) / min(left.value, right.value), half / mean
    half = half_width(half, row.systematic)
    low = max(value - half, 1.0) if row.kind == "ratio" else value - half
    strides = min(left.strides, right.strides)
    return [Parameter(row.id, "both", value, row.unit, float("nan"), strides, low, value + half)]


def variability(row: Measure, source: Measure, side: ParameterSide, values: np.ndarray) -> Parameter:
    """Coefficient of variation of one side, with the chi-square interval of a standard deviation.

    The jitter of single values adds to the spread that is seen; it is taken off in square where the spread is larger,
    and widens the interval downwards.

    Parameters
    ----------
    row, source
        Catalogue rows of the variability and of its measure.
    side
        Whose.
    values
        ``(n,)`` one value a stride, n at least 3.
    """
    mean, freedom = float(np.mean(values)), len(values) - 1
    variance = float(np.var(values, ddof=1))
    jitter = source.jitter**2
    value = 100.0 * np.sqrt(max(variance - jitter, 0.0)) / mean
    upper = freedom * variance / float(chi2.ppf(0.025, freedom))
    lower = freedom * variance / float(chi2.ppf(0.975, freedom))
    low = 100.0 * np.sqrt(max(lower - jitter, 0.0)) / mean - Z95 * row.systematic
    high = 100.0 * np.sqrt(upper) / mean + Z95 * row.systematic
    low, high = min(max(0.0, low), value), max(high, value)
    return Parameter(row.id, side, float(value), row.unit, float("nan"), len(values), float(low), float(high))
