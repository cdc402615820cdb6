"""How a measure changes while the person walks on: the slope over one long film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from scipy.stats import t as student

from gait.core.parameters import Parameter
from gait.parameters.catalogue import Measure
from gait.parameters.stride import Stride
from gait.parameters.uncertainty import half_width

#: A shorter walk shows no trend worth telling, in s (our choice; walking tests last 2 or 6 minutes).
MIN_SPAN_S = 110.0
#: Nor do fewer strides (our choice).
MIN_STRIDES = 20

_S_PER_MIN = 60.0


def trends(
    catalogue: Sequence[Measure], strides: Sequence[Stride], function_of: Callable[[str], Callable[[Stride], float]]
) -> list[Parameter]:
    """Every trend of the catalogue, in the longest of the clips that the strides come from.

    Parameters
    ----------
    catalogue
        Rows that this view can show.
    strides
        Of one clip, or of several.
    function_of
        Gives the function of a measure by its id.
    """
    by_clip: dict[int, list[Stride]] = {}
    for stride in strides:
        by_clip.setdefault(id(stride.trajectories), []).append(stride)
    longest = max(by_clip.values(), key=lambda clip: clip[-1].start_s - clip[0].start_s, default=[])
    by_id = {measure.id: measure for measure in catalogue}
    rows = [measure for measure in catalogue if measure.kind == "trend" and measure.of in by_id]
    return [found for row in rows for found in trend(row, by_id[row.of], longest, function_of(row.of))]


def trend(
    row: Measure, source: Measure, one_clip: Sequence[Stride], function: Callable[[Stride], float]
) -> list[Parameter]:
    """Slope of a measure over the strides of one clip, per minute.

    A straight line through all strides of both sides, with a step for the direction of walking, because what the view
    adds to a measure differs between there and back. Successive strides are alike, so they count for less than their
    number: the standard error of least squares is multiplied by ``sqrt((1 + r) / (1 - r))``, where r is the lag-one
    correlation of the residuals (first-order autoregression; Bartlett 1935, J R Stat Soc 98, 536-543; from memory, not
    re-read), and the degrees of freedom are those of so many fewer strides.

    Parameters
    ----------
    row, source
        Catalogue rows of the trend and of what it is made of; in percent of the mean where the row's unit says so.
    one_clip
        Strides of one clip.
    function
        Gives the source measure of a stride.

    Returns
    -------
    list of Parameter
        One; none where the clip spans less than :data:`MIN_SPAN_S` or has fewer strides than :data:`MIN_STRIDES`.
    """
    ordered = sorted(one_clip, key=lambda stride: stride.start_s)
    far = np.array([stride.is_far for stride in ordered])
    values = np.array([function(stride) for stride in ordered]) - source.far_bias * far
    seen = np.isfinite(values)
    time_s = np.array([stride.start_s for stride in ordered])[seen]
    if seen.sum() < MIN_STRIDES or np.ptp(time_s) < MIN_SPAN_S:
        return []
    facing = np.array([stride.facing for stride in ordered], float)[seen]
    slope, half = slope_per_s(time_s, values[seen], facing)
    scale = _S_PER_MIN * (100.0 / float(np.mean(values[seen])) if row.unit.startswith("%") else 1.0)
    value, half = slope * scale, half_width(half * abs(scale), row.systematic)
    return [Parameter(row.id, "both", value, row.unit, float("nan"), int(seen.sum()), value - half, value + half)]


def slope_per_s(time_s: np.ndarray, values: np.ndarray, facing: np.ndarray) -> tuple[float, float]:
    """Slope and half width of its 95 % interval, per s.

    Parameters
    ----------
    time_s, values, facing
        ``(n,)``: when, what, and +1 or -1 for the direction of walking; in the order of time, n at least 4.
    """
    columns = [np.ones(len(time_s)), time_s - time_s.mean()]
    if np.ptp(facing) > 0:
        columns.append(facing)
    design = np.stack(columns, axis=1)
    fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
    residual = values - design @ fitted
    alike = _lag_one(residual)
    counted = len(values) * (1.0 - alike) / (1.0 + alike)
    freedom = max(counted - design.shape[1], 1.0)
    variance = float(residual @ residual) / max(len(values) - design.shape[1], 1)
    inverse = np.linalg.inv(design.T @ design)
    se = float(np.sqrt(variance * inverse[1, 1] * (1.0 + alike) / (1.0 - alike)))
    return float(fitted[1]), float(student.ppf(0.975, freedom)) * se


def _lag_one(residual: np.ndarray) -> float:
    """Correlation of neighbours, 0 to 0.9; what a fitted line takes from it is given back (Kendall 1954, roughly)."""
    power = float(residual @ residual)
    if power <= 0:
        return 0.0
    alike = sum(before * after for before, after in pairwise(residual.tolist())) / power
    return float(np.clip(alike + (1.0 + 3.0 * alike) / len(residual), 0.0, 0.9))
