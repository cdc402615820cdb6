"""One comparison of a measure with its limits, uncertainty included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.findings import Evidence
from gait.core.parameters import GaitParameters, Parameter
from gait.core.sides import Side, other_side
from gait.findings.catalogue import Criterion

#: One-sided 95 %: the deviation must exceed the limit by this many standard errors.
SURE_Z = 1.645


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one criterion says.

    Attributes
    ----------
    is_met
        The value itself lies beyond ``report``.
    is_sure
        And its interval lies beyond ``limit``.
    margin
        How many standard errors the value lies beyond ``report`` (negative: short of it).
    strides, other_strides
        Strides behind this side's value, and behind the other side's where two are compared (else the same).
    evidence
        The number, in words.
    """

    is_met: bool
    is_sure: bool
    margin: float
    strides: int
    other_strides: int
    evidence: Evidence


def judge(criterion: Criterion, parameters: GaitParameters, side: Side | None) -> Verdict | None:
    """Compare; None when the measure is not there.

    Every test is turned into "how large is the deviation": a number that grows with abnormality, with its standard
    error, compared with ``report`` and ``limit`` brought to the same direction.
    """
    own = _parameter(criterion, parameters, side)
    if own is None:
        return None
    if criterion.test in ("lower_than_other", "higher_than_other"):
        other = parameters.get(criterion.parameter, other_side(_limb(criterion, side)))
        return None if other is None else _between_sides(criterion, own, other, _difference(criterion, parameters))
    return _alone(criterion, own, side)


def _limb(criterion: Criterion, side: Side | None) -> Side:
    if side is None:
        raise ValueError(f"{criterion.parameter}: {criterion.test} needs a side")
    return side if criterion.limb == "same" else other_side(side)


def _parameter(criterion: Criterion, parameters: GaitParameters, side: Side | None) -> Parameter | None:
    """The measure of the limb in question, or of the walk."""
    if side is not None and (found := parameters.get(criterion.parameter, _limb(criterion, side))):
        return found
    return parameters.get(criterion.parameter, "both")


def standard_error(parameter: Parameter) -> float:
    """Standard error behind a parameter's 95 % interval."""
    return (parameter.high - parameter.low) / (2 * 1.96)


def _difference(criterion: Criterion, parameters: GaitParameters) -> Parameter | None:
    """The measured difference of both sides, if any: what both sides share has cancelled in its interval."""
    stem, _, unit = criterion.parameter.rpartition("_")
    return parameters.get(f"{stem}_difference_{unit}")


def _between_sides(criterion: Criterion, own: Parameter, other: Parameter, difference: Parameter | None) -> Verdict:
    """Difference between the two sides."""
    sign = 1.0 if criterion.test == "lower_than_other" else -1.0
    scale = 200.0 / abs(own.value + other.value) if criterion.percent else 1.0
    deviation = sign * (other.value - own.value) * scale
    apart = float(np.hypot(standard_error(own), standard_error(other)))
    error = (apart if difference is None else standard_error(difference)) * scale
    unit = "%" if criterion.percent else own.unit
    words = "lower" if sign > 0 else "higher"
    reference = (
        f"{words} than the other side ({_number(other.value)} {other.unit}) by {_number(deviation)} {unit}; "
        f"reported from {_number(criterion.report)} {unit} on"
    )
    return _verdict(criterion, deviation, criterion.report, criterion.limit, error, own, reference, other.strides)


def _alone(criterion: Criterion, own: Parameter, side: Side | None) -> Verdict:
    """A value against its limits."""
    error, report, limit = standard_error(own), criterion.report, criterion.limit
    value = own.value
    if criterion.test == "below_norm" and own.norm is not None:
        report = limit = own.norm.low
    if criterion.test in ("below", "below_norm"):
        value, report, limit = -value, -report, None if limit is None else -limit
        reference = f"reported below {_number(-report)} {own.unit}"
    elif criterion.test == "shorter_side":
        # The signed index is right minus left: positive says that the left side is the shorter one.
        value = value if side == "left" else -value
        reference = f"this side shorter; reported from {_number(report)} {own.unit} on"
    else:
        value = abs(value) if criterion.test == "magnitude_above" else value
        reference = f"reported above {_number(report)} {own.unit}"
    if own.norm is not None:
        reference += f"; usual {_number(own.norm.low)} to {_number(own.norm.high)} ({own.norm.matched_by})"
    return _verdict(criterion, value, report, limit, error, own, reference, own.strides)


def _verdict(
    criterion: Criterion,
    deviation: float,
    report: float,
    limit: float | None,
    error: float,
    own: Parameter,
    reference: str,
    other_strides: int,
) -> Verdict:
    is_met = deviation >= report
    is_sure = is_met and (limit is None or deviation - SURE_Z * error >= limit)
    evidence = Evidence(criterion.parameter, own.side, own.value, own.unit, reference, is_met)
    margin = (deviation - report) / error if error > 0 else np.sign(deviation - report) * 3.0
    return Verdict(is_met, is_sure, float(margin), own.strides, other_strides, evidence)


def _number(value: float) -> str:
    """Three significant digits, without an exponent."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
