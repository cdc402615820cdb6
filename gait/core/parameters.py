"""Measures of the walk: one value a stride, and their summary with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from gait.core.frozen import own_copy

ParameterSide = Literal["left", "right", "both"]
STRIDE_COLUMNS: tuple[str, ...] = ("parameter", "side", "stride", "start_s", "value", "uncertainty")


@dataclass(frozen=True, slots=True)
class Norm:
    """What is usual for people of this age, sex and speed.

    Attributes
    ----------
    low, high
        Limits, in the parameter's unit.
    matched_by
        What it was matched by, for example ``"female 60-69"`` or ``"speed class slow"``.
    source
        Where the figures come from.
    """

    low: float
    high: float
    matched_by: str
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One measure of one side (or both), summarised over strides.

    Attributes
    ----------
    id
        Name; its end is the unit, for example ``stride_time_s``.
    side
        ``left``, ``right`` or ``both``.
    value
        Summary over strides (the mean unless the catalogue says otherwise).
    unit
        For people, for example ``"s"``.
    sd
        Standard deviation between strides; NaN below two strides.
    strides
        How many strides it rests on.
    low, high
        95 % interval of the value: stride-to-stride spread, event error, scale error, view bias.
    norm
        What is usual, where a norm is known.
    method
        How it was had, where there are two ways (``pixels`` or ``landmarks``); else empty.
    minimal_detectable_change
        Two films of an unchanged person differ by less than this in 95 of 100 cases, in the unit; NaN where nobody
        has measured it.
    """

    id: str
    side: ParameterSide
    value: float
    unit: str
    sd: float
    strides: int
    low: float
    high: float
    norm: Norm | None = None
    method: str = ""
    minimal_detectable_change: float = float("nan")


@dataclass(frozen=True, slots=True)
class GaitParameters:
    """All measures.

    Attributes
    ----------
    strides
        Tidy table ``parameter, side, stride, start_s, value, uncertainty`` (1 standard error of that value).
    summary
        One :class:`Parameter` per id and side, in catalogue order.
    """

    strides: pd.DataFrame
    summary: tuple[Parameter, ...]

    def __post_init__(self) -> None:
        missing = [name for name in STRIDE_COLUMNS if name not in self.strides]
        if missing:
            raise ValueError(f"stride values lack the columns {missing}")
        object.__setattr__(self, "strides", own_copy(self.strides))

    @classmethod
    def empty(cls) -> GaitParameters:
        """No measure at all."""
        return cls(pd.DataFrame(columns=list(STRIDE_COLUMNS)), ())

    def get(self, parameter_id: str, side: str = "both") -> Parameter | None:
        """The summary of one measure, or None when it was not measured."""
        for parameter in self.summary:
            if parameter.id == parameter_id and parameter.side == side:
                return parameter
        return None

    def value(self, parameter_id: str, side: str = "both") -> float:
        """The value of one measure; NaN when it was not measured."""
        parameter = self.get(parameter_id, side)
        return float("nan") if parameter is None else parameter.value

    def stride_values(self, parameter_id: str, side: str) -> pd.Series:
        """One value a stride."""
        chosen = (self.strides["parameter"] == parameter_id) & (self.strides["side"] == side)
        return self.strides.loc[chosen, "value"]
