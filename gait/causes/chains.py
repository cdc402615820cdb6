"""How foot and back act on each other: the words for one person."""

from __future__ import annotations

from gait.causes.facts import Facts
from gait.core.causes import Cause

LEADING = 2
"""How many leading causes are told with their chain; of back and of foot, only the first."""


def chain_notes(facts: Facts, causes: tuple[Cause, ...]) -> tuple[str, ...]:
    """What a cause in the foot does to the back over time, and the other way round.

    Told only where both ends are there: a leading cause in the foot or leg beside back pain, or a leading cause in the
    back beside pain of the foot (a foot drop is what the root does, and asks for no order in time). Which came first is
    a question of time, which no film shows.

    Parameters
    ----------
    facts
        What is known of the person.
    causes
        The listed causes, most likely first.
    """
    notes: dict[str, str] = {}
    for cause in causes[:LEADING]:
        note = _chain(facts, cause)
        if note:
            notes.setdefault(cause.group, note)
    return tuple(notes.values())


def _chain(facts: Facts, cause: Cause) -> str:
    text = facts.knowledge.causes[cause.id].over_time
    if not text:
        return ""
    if cause.group == "foot_leg" and _has_back_pain(facts):
        return f"There is back pain too. {text} Ask which came first."
    if cause.group == "back" and _has_foot_pain(facts):
        return f"There is pain in the foot too. {text} Ask which came first."
    return ""


def _has_back_pain(facts: Facts) -> bool:
    back = facts.read("back_pain")
    return back is not None and back.value


def _has_foot_pain(facts: Facts) -> bool:
    return any(complaint.id == "foot_pain" for complaint in facts.subject.intake.complaints)
