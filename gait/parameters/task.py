"""Measures of tasks: one value a repetition, summarised as their catalogue row says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gait.core.clip import Clip
from gait.core.parameters import Parameter, ParameterSide
from gait.core.sides import SIDES
from gait.core.tasks import Attempt, TaskId
from gait.parameters.catalogue import Measure
from gait.parameters.catalogue import measure as row
from gait.parameters.foot import Row
from gait.parameters.uncertainty import half_width

#: Sides that a repetition may have.
SIDES_OF_TASKS: tuple[ParameterSide, ...] = (*SIDES, "both")

#: Measures that rest on a foot that lies flat once in each stance, which it does not on the heels or on tiptoe.
_NEED_FLAT_FOOT = ("heel_rise_pct", "toe_clearance_ll", "mid_swing_toe_height_ll")


def fits(measure: Measure, task: TaskId) -> bool:
    """Whether a measure means something in a clip of this task.

    Angles of the foot are counted from its flat stance, so in walks on the heels or on tiptoe only times and lengths
    are measured besides the task itself.
    """
    if task == "walk" or measure.kind == "task":
        return True
    if measure.of:
        return fits(row(measure.of), task)
    return measure.unit != "deg" and measure.kind != "foot" and measure.id not in _NEED_FLAT_FOOT


def task_rows(measure: Measure, clips: Sequence[Clip]) -> list[Row]:
    """One value for each repetition that has this measure, numbered from the first repetition of the first clip."""
    rows: list[Row] = []
    number = 0
    for clip in clips:
        for attempt in clip.task.attempts:
            is_far = _is_far(clip, attempt)
            value = attempt.values.get(measure.id, float("nan"))
            value -= measure.read_too_high(is_far, clip.trajectories.is_capture)
            if np.isfinite(value):
                rows.append(Row(measure.id, attempt.side, number, attempt.start_s, value, measure.jitter, is_far))
            number += 1
    return rows


def summarised(parameter: Parameter, measure: Measure, values: np.ndarray, shared_se: float) -> Parameter:
    """The mean as it is, or the count or the best of all repetitions instead.

    Parameters
    ----------
    parameter
        Mean over repetitions with its interval.
    measure
        Its catalogue row.
    values
        ``(n,)`` one value a repetition.
    shared_se
        Standard error that all repetitions share.
    """
    if measure.summary == "mean":
        return parameter
    value = float(np.sum(values) if measure.summary == "sum" else np.max(values))
    half = half_width(0.0, shared_se)
    low = max(0.0, value - half)
    return replace(parameter, value=value, sd=float("nan"), low=low, high=value + half)


def _is_far(clip: Clip, attempt: Attempt) -> bool:
    """Whether the leg was seen behind the other one."""
    index = clip.trajectories.pass_at(attempt.peak_s)
    if index is None or attempt.side == "both" or clip.trajectories.is_capture:
        return False
    near = clip.trajectories.passes[index].near_side
    return near is not None and near != attempt.side
