"""Numbers of a made walker: one for each side, and what they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gait.core.errors import InputError


@dataclass(frozen=True, slots=True)
class BySide:
    """One number for each side of the walker."""

    left: float
    right: float

    @classmethod
    def both(cls, value: float) -> BySide:
        """The same number on both sides."""
        return cls(value, value)

    def of(self, side: str) -> float:
        """The number of one side."""
        return self.left if side == "left" else self.right

    def with_side(self, side: str, value: float) -> BySide:
        """A copy in which one side has another number."""
        return replace(self, **{side: value})

    @property
    def mean(self) -> float:
        """Mean of both sides."""
        return 0.5 * (self.left + self.right)


def scaled(pair: BySide, factor: float) -> BySide:
    """Both numbers multiplied."""
    return BySide(pair.left * factor, pair.right * factor)


def shifted(pair: BySide, amount: float) -> BySide:
    """Both numbers moved."""
    return BySide(pair.left + amount, pair.right + amount)


def check_ranges(holder: object, limits: Mapping[str, tuple[float, float]]) -> None:
    """Refuse fields outside of their limits.

    Raises
    ------
    InputError
        Names the field and what it may be.
    """
    for field, (low, high) in limits.items():
        value = getattr(holder, field)
        if value is None:
            continue
        values = [value.left, value.right] if isinstance(value, BySide) else [value]
        if not all(low <= number <= high for number in values):
            shown = values if len(values) > 1 else values[0]
            raise InputError(f"{field} is {shown}, expected {low:g} to {high:g}; choose a value in this range")
