"""Rows of tables, with plain types: what is chosen stays a table, a column becomes numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd


def choose(table: pd.DataFrame, fits: Any) -> pd.DataFrame:
    """Rows where ``fits`` is true (one value a row)."""
    return table.loc[np.asarray(fits, bool)]


def where(table: pd.DataFrame, **values: object) -> pd.DataFrame:
    """Rows whose columns have these values; an empty table stays as it is."""
    fits = np.ones(len(table), bool)
    for name, value in values.items() if len(table) else ():
        fits &= np.asarray(table[name] == value, bool)
    return choose(table, fits)


def numbers(table: pd.DataFrame, column: str) -> np.ndarray:
    """``(n,)`` floats of a column; None becomes NaN, a column that is not there is empty."""
    return np.asarray(table[column], float) if column in table else np.empty(0)


def known(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Rows whose number in a column is known."""
    return choose(table, np.isfinite(numbers(table, column))) if column in table else table.iloc[:0]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def groups(table: pd.DataFrame, *columns: str) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Parts of a table with equal values in some columns, in order of appearance."""
    keys = list(zip(*(table[name].tolist() for name in columns), strict=True)) if len(table) else []
    for key in dict.fromkeys(keys):
        yield key, choose(table, [other == key for other in keys])
