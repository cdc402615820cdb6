"""Cut the walk into gait cycles: initial contact to the next contact of the same foot."""

from __future__ import annotations

from dataclasses import astuple
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr

from gait.core.cycles import CYCLE_COLUMNS, PERCENT, Cycle, GaitCycles
from gait.core.events import GaitEvents
from gait.core.sides import SIDES, Side
from gait.core.trajectories import JOINTS, Trajectories

#: A stride outside of this is not walking (0.7-2.6 s asked for, with a margin for jitter), in s.
SHORTEST_STRIDE_S = 0.6
LONGEST_STRIDE_S = 2.9

#: Toe-off lies here in a cycle, as a fraction (our estimate; healthy 0.58-0.66, very slow to 0.80).
EARLIEST_TOE_OFF = 0.40
LATEST_TOE_OFF = 0.90

#: All curves of a cycle: the joints, and the trunk.
CURVES: tuple[str, ...] = (*JOINTS, "trunk_lean")


def cut_cycles(trajectories: Trajectories, events: GaitEvents) -> GaitCycles:
    """Complete straight cycles of both feet.

    A cycle needs both of its contacts and one toe-off between them, all in one straight pass.
    """
    found: list[Cycle] = []
    for side in SIDES:
        contacts, toe_offs = events.times_s(side, "initial_contact"), events.times_s(side, "toe_off")
        for start, end in pairwise(contacts.tolist()):
            cycle = _cycle(trajectories, side, start, end, toe_offs)
            if cycle is not None:
                found.append(cycle)
    found.sort(key=lambda cycle: cycle.start_s)
    rows = [(number, *astuple(cycle)) for number, cycle in enumerate(found)]
    return GaitCycles(pd.DataFrame(rows, columns=list(CYCLE_COLUMNS)), _curves(trajectories, found))


def _cycle(trajectories: Trajectories, side: Side, start: float, end: float, toe_offs: np.ndarray) -> Cycle | None:
    """The cycle between two contacts, or None when the stretch is no complete straight cycle."""
    inside = toe_offs[(toe_offs > start) & (toe_offs < end)]
    index = trajectories.pass_at(start)
    if len(inside) != 1 or index is None or trajectories.pass_at(end) != index:
        return None
    duration, toe_off = end - start, float(inside[0])
    if not SHORTEST_STRIDE_S <= duration <= LONGEST_STRIDE_S:
        return None
    if not EARLIEST_TOE_OFF <= (toe_off - start) / duration <= LATEST_TOE_OFF:
        return None
    return Cycle(side, start, toe_off, end, index, trajectories.passes[index].near_side == side)


def _curves(trajectories: Trajectories, cycles: list[Cycle]) -> xr.DataArray:
    """Angles of each cycle at 0, 1, ... 100 %, linear in time."""
    values = np.full((len(cycles), len(PERCENT), len(CURVES)), np.nan)
    lean = trajectories.data["trunk_lean"].values
    for number, cycle in enumerate(cycles):
        at_s = cycle.start_s + (cycle.end_s - cycle.start_s) * PERCENT / 100.0
        for column, joint in enumerate(CURVES):
            track = lean if joint == "trunk_lean" else trajectories.joint(cycle.side, joint)
            values[number, :, column] = np.interp(at_s, trajectories.time_s, track)
    return xr.DataArray(
        values,
        dims=("cycle", "percent", "joint"),
        coords={"cycle": np.arange(len(cycles)), "percent": PERCENT, "joint": list(CURVES)},
    )
