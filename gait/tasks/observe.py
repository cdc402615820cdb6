"""What was asked for, and what was done: one task, one file; this one knows them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gait.core.cycles import GaitCycles
from gait.core.issues import Issue
from gait.core.tasks import Attempt, TaskId, TaskRecord
from gait.core.trajectories import Trajectories
from gait.tasks import chair, one_leg, quiet, raises, walks
from gait.tasks.body import Body, body_of
from gait.tasks.outcome import NOT_PERFORMED, Outcome

_ON_THE_SPOT: dict[TaskId, Callable[[Body], Outcome]] = {
    "heel_raise": raises.observe,
    "single_leg_stance": one_leg.observe,
    "sit_to_stand": chair.observe,
    "stand": quiet.observe,
}
_WALKING: dict[TaskId, Callable[[Trajectories, GaitCycles], Outcome]] = {
    "heel_walk": walks.observe_heel_walk,
    "toe_walk": walks.observe_toe_walk,
}


@dataclass(frozen=True, slots=True)
class Observed:
    """What a task clip shows.

    Attributes
    ----------
    record
        The task with its repetitions.
    issues
        Why the task cannot be judged, or what weakens it; empty when it was done.
    """

    record: TaskRecord
    issues: tuple[Issue, ...] = ()


def observe_task(task: TaskId, trajectories: Trajectories, cycles: GaitCycles) -> Observed:
    """Find the repetitions of a task, or say why there are none.

    Parameters
    ----------
    task
        What was asked for.
    trajectories
        Landmarks over time.
    cycles
        Complete cycles; empty for tasks done on the spot.

    Returns
    -------
    Observed
        For ``walk`` an empty record.
    """
    if task == "walk":
        return Observed(TaskRecord())
    outcome = _WALKING[task](trajectories, cycles) if task in _WALKING else _ON_THE_SPOT[task](body_of(trajectories))
    attempts: tuple[Attempt, ...] = () if outcome.not_done else tuple(sorted(outcome.attempts, key=_start))
    record = TaskRecord(task, attempts, outcome.not_done)
    if not outcome.not_done:
        return Observed(record, outcome.notes)
    severity = "error" if outcome.issue_id == NOT_PERFORMED else "warning"
    return Observed(record, (Issue(outcome.issue_id, severity, outcome.not_done, outcome.advice),))


def _start(attempt: Attempt) -> float:
    return attempt.start_s
