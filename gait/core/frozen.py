"""Frozen dataclasses hold arrays; these helpers freeze the arrays too."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import pandas as pd
import xarray as xr

XarrayT = TypeVar("XarrayT", xr.Dataset, xr.DataArray)


def read_only_array(values: np.ndarray) -> np.ndarray:
    """A copy that refuses to be written to."""
    copy = np.array(values)
    copy.flags.writeable = False
    return copy


def read_only(data: XarrayT) -> XarrayT:
    """A deep copy whose values refuse to be written to; coordinates are copied as they are."""
    copy = data.copy(deep=True)
    arrays = copy.data_vars.values() if isinstance(copy, xr.Dataset) else [copy]
    for array in arrays:
        values = np.array(array.values)
        values.flags.writeable = False
        array.values = values
        array.values.flags.writeable = False
    return copy


def own_copy(table: pd.DataFrame) -> pd.DataFrame:
    """A copy with a clean 0..n-1 index (pandas has no read-only tables; nobody else holds this one)."""
    return table.reset_index(drop=True).copy()
