"""The person: body, complaints, history and examination. No names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gait.core.findings import FindingSide, Status

Sex = Literal["female", "male"]
AnswerValue = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why the person came: ``foot_drop``, ``foot_pain``, ``back_pain``, ``leg_pain`` or ``walking_difficulty``."""

    id: str
    side: FindingSide | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of history or examination. What is not there is unknown, never no."""

    id: str
    value: AnswerValue
    side: FindingSide | None = None


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A gait finding that somebody else saw."""

    id: str
    side: FindingSide | None
    status: Status


@dataclass(frozen=True, slots=True)
class Intake:
    """History and examination.

    Attributes
    ----------
    complaints, answers, findings
        Why the person came, what was told and tested, and what somebody else saw in the walk.
    setting
        Where the person is seen, for example ``spine_clinic``; it changes how common causes are. None where not told.
    """

    complaints: tuple[Complaint, ...] = ()
    answers: tuple[Answer, ...] = ()
    findings: tuple[ReportedFinding, ...] = ()
    setting: str | None = None

    def answer(self, answer_id: str) -> Answer | None:
        """The answer with this id, or None (unknown)."""
        for answer in self.answers:
            if answer.id == answer_id:
                return answer
        return None


@dataclass(frozen=True, slots=True)
class Subject:
    """The walker.

    Attributes
    ----------
    age_years, sex, height_m, mass_kg
        None where not told.
    leg_length_left_m, leg_length_right_m
        Hip joint to sole, in m; None where not told.
    intake
        History and examination.
    """

    age_years: float | None = None
    sex: Sex | None = None
    height_m: float | None = None
    mass_kg: float | None = None
    leg_length_left_m: float | None = None
    leg_length_right_m: float | None = None
    intake: Intake = field(default_factory=Intake)
