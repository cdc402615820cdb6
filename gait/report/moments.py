"""Which moments of the walk are shown as stills."""

from __future__ import annotations

import pandas as pd

from gait.core.analysis import Analysis
from gait.core.sides import SIDES

#: Moments of a cycle as ``(label, share of stance or swing)``: contact, loading, mid-stance, toe-off, mid-swing.
_STANCE = (("initial contact", 0.0), ("loading response", 0.15), ("mid-stance", 0.5), ("toe-off", 1.0))
_SWING = (("mid-swing", 0.5),)


def pick_moments(analysis: Analysis) -> tuple[tuple[str, str, float], ...]:
    """``(label, side, time_s)`` of one typical stride of each foot; empty where there is none.

    Typical is the complete stride whose middle lies nearest to the middle of the walk, preferably of the near leg:
    there the walker is seen squarely.
    """
    moments: list[tuple[str, str, float]] = []
    for side in SIDES:
        cycle = _typical(analysis, side)
        if cycle is None:
            continue
        start, toe_off, end = (float(cycle[name]) for name in ("start_s", "toe_off_s", "end_s"))
        moments += [(f"{side} {label}", side, start + share * (toe_off - start)) for label, share in _STANCE]
        moments += [(f"{side} {label}", side, toe_off + share * (end - toe_off)) for label, share in _SWING]
    return tuple(moments)


def _typical(analysis: Analysis, side: str) -> pd.Series | None:
    cycles = analysis.cycles.of(side)
    if not len(cycles):
        return None
    near = cycles[cycles["is_near"].astype(bool)]
    usable = near if len(near) else cycles
    middle = (usable["start_s"] + usable["end_s"]) / 2
    centre = (analysis.trajectories.passes[0].start_s + analysis.trajectories.passes[-1].end_s) / 2
    return usable.loc[(middle - centre).abs().idxmin()]
