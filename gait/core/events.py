"""Initial contacts and toe-offs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from gait.core.frozen import own_copy
from gait.core.sides import SIDES

EventKind = Literal["initial_contact", "toe_off"]
EVENT_KINDS: tuple[EventKind, EventKind] = ("initial_contact", "toe_off")
EVENT_COLUMNS: tuple[str, ...] = ("time_s", "side", "kind", "confidence")


@dataclass(frozen=True, slots=True)
class GaitEvents:
    """Tidy table of events, sorted by time.

    Attributes
    ----------
    table
        Columns ``time_s`` (s, sub-frame), ``side``, ``kind`` (``initial_contact`` or ``toe_off``),
        ``confidence`` (0..1, the chance that the event lies within 50 ms of the truth).
    """

    table: pd.DataFrame

    def __post_init__(self) -> None:
        missing = [name for name in EVENT_COLUMNS if name not in self.table]
        if missing:
            raise ValueError(f"events lack the columns {missing}; expected {list(EVENT_COLUMNS)}")
        if not set(self.table["side"]) <= set(SIDES):
            raise ValueError(f"sides of events are {sorted(set(self.table['side']))}, expected {list(SIDES)}")
        if not set(self.table["kind"]) <= set(EVENT_KINDS):
            raise ValueError(f"kinds of events are {sorted(set(self.table['kind']))}, expected {list(EVENT_KINDS)}")
        table = self.table.loc[:, list(EVENT_COLUMNS)].astype({"time_s": float, "confidence": float})
        object.__setattr__(self, "table", own_copy(table.sort_values(by="time_s", kind="stable")))

    @classmethod
    def empty(cls) -> GaitEvents:
        """No events."""
        return cls(pd.DataFrame({name: [] for name in EVENT_COLUMNS}))

    @classmethod
    def from_rows(cls, rows: list[tuple[float, str, str, float]]) -> GaitEvents:
        """From ``(time_s, side, kind, confidence)`` tuples."""
        return cls(pd.DataFrame(rows, columns=list(EVENT_COLUMNS)))

    def times_s(self, side: str, kind: EventKind) -> np.ndarray:
        """``(n,)`` times of one side's events, in s, increasing."""
        chosen = (self.table["side"] == side) & (self.table["kind"] == kind)
        return self.table.loc[chosen, "time_s"].to_numpy(float)

    def __len__(self) -> int:
        return len(self.table)
