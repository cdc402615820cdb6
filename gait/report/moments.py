"""Which moments of the walk are shown as stills."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.cycles import Cycle
from gait.core.sides import SIDES
from gait.core.tasks import WALKING_TASKS, TaskRecord

#: Moments of a cycle as ``(label, share of stance or swing)``: contact, loading, mid-stance, toe-off, mid-swing.
_STANCE = (("initial contact", 0.0), ("loading response", 0.15), ("mid-stance", 0.5), ("toe-off", 1.0))
_SWING = (("mid-swing", 0.5),)


def pick_moments(analysis: Analysis) -> tuple[tuple[str, str, float], ...]:
    """``(label, side, time_s)`` of one typical stride of each foot, or of repetitions of a task; empty without any.

    Typical is the complete stride whose middle lies nearest to the middle of the walk, preferably of the near leg:
    there the walker is seen squarely.
    """
    if analysis.task.task not in WALKING_TASKS:
        return _of_task(analysis.task)
    moments: list[tuple[str, str, float]] = []
    for side in SIDES:
        cycle = _typical(analysis, side)
        if cycle is None:
            continue
        stance_s, swing_s = cycle.toe_off_s - cycle.start_s, cycle.end_s - cycle.toe_off_s
        moments += [(f"{side} {label}", side, cycle.start_s + share * stance_s) for label, share in _STANCE]
        moments += [(f"{side} {label}", side, cycle.toe_off_s + share * swing_s) for label, share in _SWING]
    return tuple(moments)


def _of_task(record: TaskRecord) -> tuple[tuple[str, str, float], ...]:
    """The start and the top of the first, the middle and the last repetition of each side."""
    moments: list[tuple[str, str, float]] = []
    for side in (*SIDES, "both"):
        found = record.of(side)
        for number in sorted({0, len(found) // 2, len(found) - 1} if found else ()):
            name = f"{side} " if side != "both" else ""
            moments += [
                (f"{name}repetition {number + 1}, start", side, found[number].start_s),
                (f"{name}repetition {number + 1}, top", side, found[number].peak_s),
            ]
    return tuple(moments)


def _typical(analysis: Analysis, side: str) -> Cycle | None:
    cycles = [cycle for cycle in analysis.cycles.rows() if cycle.side == side]
    near = [cycle for cycle in cycles if cycle.is_near]
    centre = (analysis.trajectories.passes[0].start_s + analysis.trajectories.passes[-1].end_s) / 2
    return min(near or cycles, key=lambda cycle: abs((cycle.start_s + cycle.end_s) / 2 - centre), default=None)
