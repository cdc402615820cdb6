"""Made-up people for the tests of this stage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from gait.causes import findings_of_intake, suggest_causes
from gait.core.causes import Reasoning
from gait.core.subject import Answer, Complaint, Intake, ReportedFinding, Subject

SAMPLES = Path(__file__).parents[2] / "samples" / "intake"
RANK = ("none", "routine", "soon", "urgent", "emergency")


def _split(text: str) -> list[tuple[str, Any]]:
    return [(word.partition("@")[0], word.partition("@")[2] or None) for word in text.split()]


def person(complaints: str = "", yes: str = "", no: str = "", seen: str = "", unseen: str = "", **body: Any) -> Subject:
    """A person from words such as ``"foot_inversion_weak@right"``."""
    answers = [Answer(i, "yes", s) for i, s in _split(yes)] + [Answer(i, "no", s) for i, s in _split(no)]
    findings = [ReportedFinding(i, s, "present") for i, s in _split(seen)]
    findings += [ReportedFinding(i, s, "absent") for i, s in _split(unseen)]
    intake = Intake(tuple(Complaint(i, s) for i, s in _split(complaints)), tuple(answers), tuple(findings))
    return Subject(intake=intake, **body)


def reason(subject: Subject) -> Reasoning:
    """What is concluded about somebody without a film."""
    return suggest_causes(findings_of_intake(subject.intake), subject)


def swapped(side: str | None) -> Any:
    """The other side."""
    return {"left": "right", "right": "left"}.get(side or "", side)


def mirrored(subject: Subject) -> Subject:
    """The same person in a mirror."""
    intake = subject.intake
    return replace(
        subject,
        leg_length_left_m=subject.leg_length_right_m,
        leg_length_right_m=subject.leg_length_left_m,
        intake=Intake(
            tuple(replace(c, side=swapped(c.side)) for c in intake.complaints),
            tuple(replace(a, side=swapped(a.side)) for a in intake.answers),
            tuple(replace(f, side=swapped(f.side)) for f in intake.findings),
        ),
    )


def with_answers(subject: Subject, answers: tuple[Answer, ...]) -> Subject:
    """The same person with other answers."""
    return replace(subject, intake=replace(subject.intake, answers=answers))


def picture(reasoning: Reasoning) -> list[tuple[str, str | None, float]]:
    """Causes with side and probability."""
    return [(cause.id, cause.side, round(cause.probability, 9)) for cause in reasoning.causes]
