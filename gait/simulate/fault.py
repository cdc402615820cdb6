"""What a fault is, and how it is planted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gait.core.errors import InputError
from gait.core.sides import SIDES, Side, other_side
from gait.simulate.limits import LEAST_DOUBLE_SUPPORT_PCT, LIMITS
from gait.simulate.timing import step_fraction
from gait.simulate.values import BySide

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: What a fault changes: (walker, side, severity) -> new values of fields. Severities of about 0.35, 0.65 and 1 are what
#: the catalogue of findings calls mild, moderate and severe (gait/findings/data, after section 5.3 of the evidence
#: notes); how the parts of a pattern go together is our estimate. Nothing is fitted to patients.
Change = Callable[["Walker", Side, float], dict[str, Any]]

#: Both feet stand for a little more than the least that is allowed, so that rounding does no harm, %.
_SPARE_PCT = 0.5


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that can be planted.

    Attributes
    ----------
    id
        Id of the finding.
    has_side
        Whether a side is named.
    parameter
        The parameter of the truth that it changes first.
    direction
        +1 when this parameter grows with severity, -1 when it falls.
    change
        How the walker's fields change.
    view
        The view that shows its parameter.
    """

    id: str
    has_side: bool
    parameter: str
    direction: int
    change: Change
    view: str = "sagittal"


def check_request(fault: Fault, side: Side | None, severity: float) -> None:
    """Refuse a side that does not fit, or a severity that is none.

    Raises
    ------
    InputError
        Says what was found and expected.
    """
    if not 0.0 <= severity <= 1.0:
        raise InputError(f"severity is {severity:g}, expected 0 (nothing) to 1 (severe)")
    if fault.has_side and side not in SIDES:
        raise InputError(f"{fault.id} needs a side, found {side!r}; choose left or right")
    if not fault.has_side and side is not None:
        raise InputError(f"{fault.id} has no side, found {side!r}; leave the side out")


def apply(walker: Walker, fault: Fault, side: Side | None, severity: float) -> Walker:
    """A copy of a walker with a fault; numbers that would leave their limits stop there."""
    check_request(fault, side, severity)
    if severity == 0.0:
        return walker
    changes = {name: _within(name, value) for name, value in fault.change(walker, side or "right", severity).items()}
    changes["stance_pct"] = _long_enough(
        changes.get("stance_pct", walker.stance_pct), changes.get("step_time_asymmetry", walker.step_time_asymmetry)
    )
    named = side if fault.has_side else None
    return replace(walker, **changes, planted=(*walker.planted, (fault.id, named)))


def _within(name: str, value: Any) -> Any:
    """A field's value, no farther than its limits."""
    if name not in LIMITS or value is None:
        return value
    low, high = LIMITS[name]
    if isinstance(value, BySide):
        return BySide(*(min(max(value.of(side), low), high) for side in SIDES))
    return min(max(value, low), high)


def _long_enough(stance: BySide, asymmetry: float) -> BySide:
    """Stances that leave some double support around each contact."""
    least = LEAST_DOUBLE_SUPPORT_PCT + _SPARE_PCT
    return BySide(*(max(stance.of(side), 100 * step_fraction(asymmetry, other_side(side)) + least) for side in SIDES))
