"""Possible causes, what speaks for and against each, and what to ask next. Never a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gait.core.findings import FindingSide

CauseGroup = Literal["back", "foot_leg", "other"]
CauseLevel = Literal["where", "why"]
FlagStatus = Literal["present", "absent", "not_asked"]
Tier = Literal["emergency", "urgent", "soon"]
Urgency = Literal["emergency", "urgent", "soon", "routine", "none"]


@dataclass(frozen=True, slots=True)
class Cause:
    """One possible cause.

    Attributes
    ----------
    id, group, side
        Which, in the back or in the foot and leg or elsewhere, on which side.
    level
        ``where`` (root, nerve, joint) or ``why`` (disc, stenosis, shoes).
    label
        Its name in plain words.
    probability
        0..1 after caps, within its complaint module.
    wording
        Calibrated words, for example ``"possible"``.
    supported_by, contradicted_by
        Sentences: what speaks for and against.
    missing
        What is not known and would matter most.
    sources
        Keys of the sources used.
    """

    id: str
    group: CauseGroup
    side: FindingSide | None
    level: CauseLevel
    label: str
    probability: float
    wording: str
    supported_by: tuple[str, ...] = ()
    contradicted_by: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"{self.id}: probability {self.probability} is not between 0 and 1")


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A reason for hurry.

    Attributes
    ----------
    id, status, tier
        ``not_asked`` when any of its questions that could fire it is unanswered and none fired.
    label
        Plain name.
    action
        What to do, worded for the report.
    because
        The answers that fired it.
    missing
        Question ids that were not asked.
    """

    id: str
    status: FlagStatus
    tier: Tier
    label: str
    action: str
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextQuestion:
    """A question or examination that would change the ranking most.

    Attributes
    ----------
    id
        Answer id.
    text
        The question in plain words, with how to test it.
    why
        What it would separate.
    information_bits
        Expected gain, in bits.
    """

    id: str
    text: str
    why: str
    information_bits: float


@dataclass(frozen=True, slots=True)
class Reasoning:
    """Everything that was concluded about causes.

    Attributes
    ----------
    causes
        Most likely first.
    red_flags
        All flags, fired ones first.
    inseparable
        Pairs of cause ids that cannot be told apart with what is known.
    next_questions
        Most informative first.
    urgency
        The highest tier that fired, else ``routine`` or ``none``.
    summary
        One paragraph in plain words.
    notes
        Limits and warnings, for example contradictory sides.
    """

    causes: tuple[Cause, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    inseparable: tuple[tuple[str, str], ...] = ()
    next_questions: tuple[NextQuestion, ...] = ()
    urgency: Urgency = "none"
    summary: str = ""
    notes: tuple[str, ...] = ()
    answered: int = 0
    asked: int = 0
