"""What one task's reading of a clip comes to."""

from __future__ import annotations

from dataclasses import dataclass

from gait.core.issues import Issue
from gait.core.tasks import Attempt

#: Ids of the issues that forbid judging a task.
NOT_PERFORMED = "task_not_performed"
TOO_SHORT = "task_too_short"
HIDDEN = "task_limb_hidden"

#: How high the heel is, by whatever task it was asked for: what grades the finding.
TIPTOE = "tiptoe_heel_height_ll"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Repetitions, or the reason why there are none to judge.

    Attributes
    ----------
    attempts
        Repetitions.
    not_done
        A sentence for people; empty when the clip shows the task.
    issue_id
        Of the issue that says so.
    advice
        How to film it better.
    notes
        What weakens a task that was done.
    """

    attempts: tuple[Attempt, ...] = ()
    not_done: str = ""
    issue_id: str = NOT_PERFORMED
    advice: str = ""
    notes: tuple[Issue, ...] = ()


def not_performed(sentence: str, advice: str) -> Outcome:
    """Another thing is seen than what was asked for."""
    return Outcome(not_done=sentence, issue_id=NOT_PERFORMED, advice=advice)


def too_short(sentence: str, advice: str) -> Outcome:
    """The clip is too short for the task."""
    return Outcome(not_done=sentence, issue_id=TOO_SHORT, advice=advice)


def hidden(sentence: str, advice: str) -> Outcome:
    """What the task needs is not seen."""
    return Outcome(not_done=sentence, issue_id=HIDDEN, advice=advice)
