"""Which moments of the walk are shown as stills."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.cycles import Cycle
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
        stance_s, swing_s = cycle.toe_off_s - cycle.start_s, cycle.end_s - cycle.toe_off_s
        moments += [(f"{side} {label}", side, cycle.start_s + share * stance_s) for label, share in _STANCE]
        moments += [(f"{side} {label}", side, cycle.toe_off_s + share * swing_s) for label, share in _SWING]
    return tuple(moments)


def _typical(analysis: Analysis, side: str) -> Cycle | None:
    cycles = [cycle for cycle in analysis.cycles.rows() if cycle.side == side]
    near = [cycle for cycle in cycles if cycle.is_near]
    centre = (analysis.trajectories.passes[0].start_s + analysis.trajectories.passes[-1].end_s) / 2
    return min(near or cycles, key=lambda cycle: abs((cycle.start_s + cycle.end_s) / 2 - centre), default=None)
