"""One comparison of a measure with its limits, uncertainty included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gait.core.findings import Evidence
from gait.core.parameters import GaitParameters, Parameter
from gait.core.sides import Side, other_side
from gait.findings.catalogue import Criterion

#: One-sided 95 %: the deviation must exceed the limit by this many standard errors.
SURE_Z = 1.645


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one criterion says; all numbers grow with abnormality.

    Attributes
    ----------
    deviation, report, limit, error
        How large the deviation is, from where it is reported, where normal ends (None: not asked), and one standard
        error of the deviation; in the measure's unit, or in % where the criterion says so.
    strides, other_strides
        Strides behind this side's value, and behind the other side's where two are compared (else the same).
    agreeing, counted
        How many of this side's strides lie beyond ``limit`` by themselves, of how many.
    evidence
        The number, in words.
    """

    deviation: float
    report: float
    limit: float | None
    error: float
    strides: int
    other_strides: int
    agreeing: int
    counted: int
    evidence: Evidence

    @property
    def is_met(self) -> bool:
        """Whether the value itself lies beyond ``report``."""
        return self.deviation >= self.report

    @property
    def is_sure(self) -> bool:
        """Whether it is met, and its interval lies beyond ``limit``."""
        return self.is_met and (self.limit is None or self.deviation - SURE_Z * self.error >= self.limit)

    @property
    def margin(self) -> float:
        """Standard errors between the value and where normal ends; negative on the normal side."""
        edge = self.report if self.limit is None else self.limit
        if self.error <= 0:
            return float(3.0 * np.sign(self.deviation - edge))
        return (self.deviation - edge) / self.error

    @property
    def is_surely_usual(self) -> bool:
        """Whether even the far end of its interval stays short of ``report``."""
        return self.deviation + SURE_Z * self.error <= self.report

    def would_be_sure(self, deviation: float) -> bool:
        """Whether a deviation of this size would have been beyond doubt in this film."""
        return self.limit is None or deviation - SURE_Z * self.error >= self.limit


def judge(criterion: Criterion, parameters: GaitParameters, side: Side | None) -> Verdict | None:
    """Compare; None when the measure, or the norm it needs, is not there.

    Parameters
    ----------
    criterion
        What is compared with what.
    parameters
        Measures with their norms.
    side
        The side that is judged; None for findings without a side.

    Raises
    ------
    ValueError
        The criterion compares sides but no side is judged.
    """
    own = _parameter(criterion, parameters, side)
    if own is None:
        return None
    if criterion.test in ("lower_than_other", "higher_than_other"):
        other = parameters.get(criterion.parameter, other_side(_limb(criterion, side)))
        return None if other is None else _between_sides(criterion, own, other, parameters)
    if criterion.test in ("below_norm", "above_norm") and own.norm is None:
        return None
    return _alone(criterion, own, side, parameters)


def has_norm(criterion: Criterion, parameters: GaitParameters, side: Side | None) -> bool:
    """Whether the norm that a criterion needs is there, so far as it needs one."""
    own = _parameter(criterion, parameters, side)
    return own is None or own.norm is not None or criterion.test not in ("below_norm", "above_norm")


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


def _between_sides(criterion: Criterion, own: Parameter, other: Parameter, parameters: GaitParameters) -> Verdict:
    """Difference between the two sides."""
    sign = 1.0 if criterion.test == "lower_than_other" else -1.0
    mean = 0.5 * abs(own.value + other.value)
    scale = 100.0 / max(mean, 1e-9) if criterion.percent else 1.0
    measured = _difference(criterion, parameters)
    apart = float(np.hypot(standard_error(own), standard_error(other)))
    error = (apart if measured is None else standard_error(measured)) * scale
    deviation = sign * (other.value - own.value) * scale
    unit = "%" if criterion.percent else own.unit
    reference = (
        f"{'lower' if sign > 0 else 'higher'} than the other side ({number(other.value)} {other.unit}) by "
        f"{number(deviation)} {unit}; reported from {number(criterion.report)} {unit} on"
    )
    strides = sign * (other.value - _stride_values(parameters, own)) * scale
    return _verdict(criterion, deviation, (criterion.report, criterion.limit), error, own, reference, strides, other)


def _alone(criterion: Criterion, own: Parameter, side: Side | None, parameters: GaitParameters) -> Verdict:
    """A value against its limits, turned so that the deviation grows with abnormality."""
    sign, zero = _direction(criterion, own, side)
    report, limit = criterion.report, criterion.limit
    if criterion.test in ("below", "below_norm"):
        # `report` and `limit` of `below` are values, those of `below_norm` distances.
        report, limit = (
            (sign * edge if criterion.test == "below" else edge) if edge is not None else None
            for edge in (report, limit)
        )
    if report is None:
        raise ValueError(f"{criterion.parameter}: no report")
    turn = (lambda value: abs(value)) if criterion.test == "magnitude_above" else (lambda value: sign * (value - zero))
    deviation = float(turn(own.value))
    strides = np.array([turn(value) for value in _stride_values(parameters, own)])
    reference = _reference(criterion, own)
    return _verdict(criterion, deviation, (report, limit), standard_error(own), own, reference, strides, own)


def _direction(criterion: Criterion, own: Parameter, side: Side | None) -> tuple[float, float]:
    """Sign and zero that turn a value into a deviation."""
    if criterion.test == "below_norm" and own.norm is not None:
        return -1.0, own.norm.low
    if criterion.test == "above_norm" and own.norm is not None:
        return 1.0, own.norm.high
    if criterion.test == "shorter_side":
        # The signed index is right minus left: positive says that the left side is the shorter one.
        return (1.0 if side == "left" else -1.0), 0.0
    return (-1.0 if criterion.test == "below" else 1.0), 0.0


def _reference(criterion: Criterion, own: Parameter) -> str:
    """What the value was compared with, in words."""
    norm, unit = own.norm, own.unit
    if criterion.test == "shorter_side":
        words = f"this side shorter; reported from {number(criterion.report)} {unit} on"
    elif criterion.test == "below_norm" and norm is not None:
        words = f"reported below {number(norm.low - criterion.report)} {unit}"
    elif criterion.test == "above_norm" and norm is not None:
        words = f"reported above {number(norm.high + criterion.report)} {unit}"
    else:
        words = f"reported {'below' if criterion.test == 'below' else 'above'} {number(criterion.report)} {unit}"
    if norm is None:
        return words
    return f"{words}; usual {number(norm.low)} to {number(norm.high)} ({norm.matched_by})"


def _stride_values(parameters: GaitParameters, own: Parameter) -> np.ndarray:
    """One value a stride; empty for measures that have none by themselves (asymmetries, variability)."""
    return parameters.stride_values(own.id, own.side).to_numpy(float)


def _verdict(
    criterion: Criterion,
    deviation: float,
    edges: tuple[float, float | None],
    error: float,
    own: Parameter,
    reference: str,
    strides: np.ndarray,
    other: Parameter,
) -> Verdict:
    report, limit = edges
    beyond = strides >= (report if limit is None else limit)
    evidence = Evidence(criterion.parameter, own.side, own.value, own.unit, reference, deviation >= report)
    return Verdict(
        deviation, report, limit, error, own.strides, other.strides, int(beyond.sum()), len(strides), evidence
    )


def number(value: float) -> str:
    """Two decimals below 10, none above, without an exponent."""
    if pd.isna(value):
        return "unknown"
    text = f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
    return "0" if text == "-0" else text
