"""Gait cycles: from one initial contact to the next of the same foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from gait.core.frozen import own_copy, read_only
from gait.core.sides import Side

#: 0, 1, ... 100 percent of the gait cycle.
PERCENT: np.ndarray = np.linspace(0.0, 100.0, 101)

CYCLE_COLUMNS: tuple[str, ...] = ("cycle", "side", "start_s", "toe_off_s", "end_s", "pass_index", "is_near")


@dataclass(frozen=True, slots=True)
class Cycle:
    """One row of the table of cycles, typed; see :class:`GaitCycles`."""

    side: Side
    start_s: float
    toe_off_s: float
    end_s: float
    pass_index: int
    is_near: bool


@dataclass(frozen=True, slots=True)
class GaitCycles:
    """Complete straight cycles.

    Attributes
    ----------
    table
        ``cycle`` (0, 1, ...), ``side``, ``start_s``, ``toe_off_s``, ``end_s`` (s; half-open ``[start_s, end_s)``),
        ``pass_index`` (which straight pass), ``is_near`` (whether the leg was the one nearer to the camera).
    curves
        ``(cycle, percent, joint)`` in deg; 101 points, linear in time; NaN where the landmark was not seen.
    """

    table: pd.DataFrame
    curves: xr.DataArray

    def __post_init__(self) -> None:
        missing = [name for name in CYCLE_COLUMNS if name not in self.table]
        if missing:
            raise ValueError(f"cycles lack the columns {missing}")
        if tuple(self.curves.dims) != ("cycle", "percent", "joint") or self.curves.sizes["percent"] != len(PERCENT):
            raise ValueError("curves need the dimensions (cycle, percent, joint) with 101 percent points")
        if self.curves.sizes["cycle"] != len(self.table):
            raise ValueError(f"{len(self.table)} cycles but {self.curves.sizes['cycle']} curves")
        object.__setattr__(self, "table", own_copy(self.table))
        object.__setattr__(self, "curves", read_only(self.curves))

    def of(self, side: str) -> pd.DataFrame:
        """Cycles of one side."""
        return self.table.loc[self.table["side"] == side]

    def rows(self) -> list[Cycle]:
        """All cycles, typed, in the order of the table."""
        columns = [self.table[name].tolist() for name in CYCLE_COLUMNS[1:]]
        return [Cycle(*values) for values in zip(*columns, strict=True)]

    def curve(self, side: str, joint: str) -> np.ndarray:
        """``(n_cycles, 101)`` deg of one side's joint."""
        chosen = (self.table["side"] == side).to_numpy()
        return self.curves.sel(joint=joint).values[chosen]

    def __len__(self) -> int:
        return len(self.table)
