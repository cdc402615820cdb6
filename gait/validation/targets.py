"""The targets that were set before, and whether they are met: rows of ``data/targets.toml``, judged by one rule."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from gait.core.errors import SchemaError
from gait.validation.rows import choose, groups, known, numbers

How = Literal["mean_abs", "max_abs", "rms", "mean", "median", "sum", "f1", "share_pct", "weighted"]

#: What a table of judged targets tells.
TARGET_COLUMNS = (
    "id",
    "group",
    "measure",
    "on",
    "goal",
    "value",
    "unit",
    "words",
    "status",
    "count",
    "clips",
    "beat",
    "limits",
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Strict):
    """Numbers from ``min`` to ``max``, both included."""

    min: float = -np.inf
    max: float = np.inf


class Target(_Strict):
    """One target; fields as explained at the top of ``targets.toml``."""

    id: str
    group: str
    measure: str
    on: str
    unit: str
    table: str
    column: str = ""
    how: How
    where: dict[str, list[str | bool] | Range] = {}
    per: tuple[str, ...] = ()
    factor: float = 1.0
    needs: int = 1
    decimals: int = 1
    at_most: float | None = None
    at_least: float | None = None
    beat: str = ""
    limits: str = ""

    @model_validator(mode="after")
    def _has_a_goal(self) -> Target:
        if self.at_most is None and self.at_least is None:
            raise ValueError(f"{self.id} has neither at_most nor at_least")
        return self

    def words(self, value: float) -> str:
        """A measured value with its unit; one place more where rounding would hide on which side of the goal it is."""
        decimals = self.decimals
        if self.is_met(round(value, decimals)) != self.is_met(value):
            decimals += 1
        return f"{value:.{decimals}f} {self.unit}".strip()

    @property
    def goal(self) -> str:
        """The goal in short."""
        if self.at_most is not None and self.at_least is not None:
            return f"{self.at_least:g} to {self.at_most:g}"
        return f"≤ {self.at_most:g}" if self.at_least is None else f"≥ {self.at_least:g}"

    def is_met(self, value: float) -> bool:
        """Whether a measured value reaches the goal."""
        low = -np.inf if self.at_least is None else self.at_least
        high = np.inf if self.at_most is None else self.at_most
        return bool(low <= value <= high)


class Figure(_Strict):
    """What somebody else reached; fields as explained at the top of ``peers.toml``."""

    targets: tuple[str, ...]
    who: str
    value: str
    on: str
    status: Literal["published", "measured"]
    source: str


@cache
def load_targets() -> tuple[Target, ...]:
    """All targets, in the order of the file.

    Raises
    ------
    SchemaError
        The file does not follow its own rules.
    """
    return tuple(_load("targets.toml", "target", Target))


@cache
def load_peers() -> tuple[Figure, ...]:
    """What others reached.

    Raises
    ------
    SchemaError
        The file does not follow its own rules, or names a target that is none.
    """
    figures = tuple(_load("peers.toml", "figure", Figure))
    known = {target.id for target in load_targets()}
    if strange := sorted({name for figure in figures for name in figure.targets} - known):
        raise SchemaError(f"peers.toml names targets that targets.toml does not have: {', '.join(strange)}")
    return figures


def _load(name: str, key: str, kind: type) -> list:
    """Rows of one of our data files."""
    content = tomllib.loads(files("gait.validation").joinpath(f"data/{name}").read_text("utf-8"))
    try:
        return [kind.model_validate(row) for row in content[key]]
    except ValidationError as error:
        raise SchemaError(f"{name}: {error}") from error


def judge(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every target with what was measured.

    Parameters
    ----------
    tables
        By name, as in :class:`gait.validation.run.ValidationReport`.

    Returns
    -------
    pandas.DataFrame
        :data:`TARGET_COLUMNS`: ``value`` in the target's unit, ``status`` (``met``, ``missed`` or ``not measured``
        where nothing that was given tells), ``count`` and ``clips`` that it rests on.
    """
    rows = [_judged(target, tables.get(target.table, pd.DataFrame())) for target in load_targets()]
    return pd.DataFrame(rows, columns=list(TARGET_COLUMNS))


def _judged(target: Target, table: pd.DataFrame) -> dict[str, object]:
    """One row."""
    value, count, clips = measure(target, table)
    facts = {name: getattr(target, name) for name in ("id", "group", "measure", "on", "unit", "goal", "beat")}
    if not np.isfinite(value) or count < target.needs:
        return {**facts, "value": np.nan, "words": "", "status": "not measured", "count": 0, "clips": 0, "limits": ""}
    met = target.is_met(value)
    told = {"status": "met" if met else "missed", "limits": "" if met else target.limits}
    return {**facts, "value": value, "words": target.words(value), "count": count, "clips": clips, **told}


def measure(target: Target, table: pd.DataFrame) -> tuple[float, int, int]:
    """The value of one target on a table, how many rows it rests on, and how many clips; NaN, 0, 0 without data."""
    chosen = select(table, target.where)
    if target.column:
        chosen = known(chosen, target.column)
    if not len(chosen):
        return np.nan, 0, 0
    clips = len(set(chosen["clip"])) if "clip" in chosen else 0
    if target.how == "f1":
        matched, missed, false = (float(numbers(chosen, name).sum()) for name in ("matched", "missed", "false"))
        total = 2 * matched + missed + false
        return (2 * matched / total if total else np.nan), int(matched + missed), clips
    if target.how == "weighted":
        weights = numbers(chosen, "truth")
        value = float(np.average(numbers(chosen, target.column), weights=weights))
        return target.factor * value, int(weights.sum()), clips
    parts = [part for _, part in groups(chosen, *target.per)] if target.per else []
    values = (
        np.array([numbers(part, target.column).mean() for part in parts]) if parts else numbers(chosen, target.column)
    )
    return target.factor * _HOW[target.how](values), len(values), clips


_HOW: dict[str, Callable[[np.ndarray], float]] = {
    "mean_abs": lambda values: float(np.mean(np.abs(values))),
    "max_abs": lambda values: float(np.max(np.abs(values))),
    "rms": lambda values: float(np.sqrt(np.mean(np.square(values)))),
    "mean": lambda values: float(np.mean(values)),
    "median": lambda values: float(np.median(values)),
    "sum": lambda values: float(np.sum(values)),
    "share_pct": lambda values: float(100.0 * np.mean(values)),
}


def select(table: pd.DataFrame, where: Mapping[str, list[str | bool] | Range]) -> pd.DataFrame:
    """Rows whose columns are among the values, or within the range; none where the table lacks a column."""
    if not len(table) or not set(where) <= set(table.columns):
        return table.iloc[:0]
    fits = np.ones(len(table), bool)
    for name, wanted in where.items():
        if isinstance(wanted, Range):
            values = numbers(table, name)
            fits &= (values >= wanted.min) & (values <= wanted.max)
        else:
            fits &= np.array([value in wanted for value in table[name]], bool)
    return choose(table, fits)
