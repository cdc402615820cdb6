"""What a measure of an unchanged person may differ by between two films.

Where films of unchanged people were compared (``gait.parameters.repeatability``), that is what counts; a person who
walks less evenly than those people differs by more, so the surplus of their own spread between strides is added in
square. Elsewhere the 95 % intervals of both values serve. They hold errors that both films share and that cancel in a
difference, so that a change has to be larger than it need be.

References
----------
Weir (2005), J Strength Cond Res 19(1), 231-240: minimal detectable change = 1.96 * sqrt(2) * standard error of
measurement, here with one standard error for each film.
"""

from __future__ import annotations

import numpy as np

from gait.comparison.model import Basis
from gait.core.parameters import Parameter
from gait.parameters.repeatability import MDC_FACTOR, load_repeatability
from gait.parameters.uncertainty import Z95

#: Lengths in metres rest on the repeatability of those in leg lengths.
_BASES: dict[str, str] = {"_mps": "_llps", "_m": "_ll"}


def detectable_change(before: Parameter, after: Parameter) -> tuple[float, Basis]:
    """Half width of the 95 % interval of the difference of two films of an unchanged person.

    Parameters
    ----------
    before, after
        One measure at two visits.

    Returns
    -------
    tuple
        In the unit, and what it rests on; NaN and an empty word where nothing is known.
    """
    one, other = _film_error(before), _film_error(after)
    if np.isfinite([one, other]).all():
        return Z95 * float(np.hypot(one, other)), "films"
    one, other = (0.5 * (parameter.high - parameter.low) for parameter in (before, after))
    if np.isfinite([one, other]).all():
        return float(np.hypot(one, other)), "intervals"
    return float("nan"), ""


def _film_error(parameter: Parameter) -> float:
    """Standard error of one film's value against another film of the same person; NaN where nobody measured it."""
    error = parameter.minimal_detectable_change / MDC_FACTOR
    row = load_repeatability().get(_base(parameter.id))
    if not np.isfinite(error) or row is None or not np.isfinite([row.sd_stride, parameter.sd]).all():
        return error
    strides = max(parameter.strides, 1)
    # The error is in the unit of this measure, the row perhaps in leg lengths.
    usual = row.sd_stride * error / row.sem_of(strides)
    surplus = max(parameter.sd**2 - usual**2, 0.0) / strides
    return float(np.sqrt(error**2 + surplus))


def _base(parameter_id: str) -> str:
    for metric, relative in _BASES.items():
        if parameter_id.endswith(metric):
            return parameter_id.removesuffix(metric) + relative
    return parameter_id
