"""Keep only events that one pair of feet can make."""

from __future__ import annotations

import pandas as pd

from gait.core.events import GaitEvents
from gait.core.sides import SIDES


def keep_plausible(events: GaitEvents) -> GaitEvents:
    """Of two events of one foot and one kind without the other kind between them, keep the surer one.

    A foot that touched must leave before it can touch again. Where the detector gives two in a row, one is wrong (or
    the event between them was missed: then they are at least half a slow stride apart, and both stay).
    """
    kept = [_alternating(events.table.loc[events.table["side"] == side]) for side in SIDES]
    table = pd.concat([part for part in kept if len(part)] or [events.table.iloc[:0]])
    return GaitEvents(table)


def _alternating(table: pd.DataFrame) -> pd.DataFrame:
    """One foot's events, with the less sure of each close pair of the same kind dropped."""
    table = table.sort_values("time_s")
    keep: list[int] = []
    for position in range(len(table)):
        here = table.iloc[position]
        if keep:
            last = table.iloc[keep[-1]]
            if last["kind"] == here["kind"] and here["time_s"] - last["time_s"] < 0.6:
                if here["confidence"] > last["confidence"]:
                    keep[-1] = position
                continue
        keep.append(position)
    return table.iloc[keep]
