"""Possible causes, what speaks for and against each, and what to ask next. Never a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gait.core.findings import FindingSide

CauseGroup = Literal["back", "foot_leg", "other"]
EvidenceKind = Literal["history", "examination", "gait", "person"]
QuestionKind = Literal["history", "examination"]
ChangeKind = Literal["new", "changed", "withdrawn"]
CauseLevel = Literal["where", "why"]
FlagStatus = Literal["present", "absent", "not_asked"]
Tier = Literal["emergency", "urgent", "soon"]
Urgency = Literal["emergency", "urgent", "soon", "routine", "none"]


@dataclass(frozen=True, slots=True)
class Influence:
    """How far one thing that is known moved one cause.

    Attributes
    ----------
    item, value, side
        Answer, finding or derived id; whether it is so; the side it was seen on.
    kind
        Told (``history``), tested (``examination``), filmed (``gait``), or age, sex and setting (``person``).
    text
        The plain sentence, for example ``"Hip abduction is weak"``.
    bits
        Logarithm to base 2 of the factor on the odds of the cause against all others, after caps and dependence:
        +1 doubles the odds, -1 halves them.
    sources
        Keys of the sources of its figures.
    """

    item: str
    value: bool
    side: FindingSide | None
    kind: EvidenceKind
    text: str
    bits: float
    sources: tuple[str, ...] = ()


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
    low, high
        Where the probability lies in nine of ten trials when our estimates are varied within their doubt;
        capped like the probability.
    influences
        What moved it, most first.
    mechanism
        How this cause makes the walk, in two sentences.
    explains, explained_by
        Ids of linked causes that are listed too: a disc explains a root, a root is explained by a disc.
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
    low: float = 0.0
    high: float = 1.0
    influences: tuple[Influence, ...] = ()
    mechanism: str = ""
    explains: tuple[str, ...] = ()
    explained_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"{self.id}: probability {self.probability} is not between 0 and 1")
        if not self.low <= self.probability <= self.high:
            raise ValueError(f"{self.id}: probability {self.probability} is not within {self.low} to {self.high}")


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
        The question in plain words.
    why
        What it would separate.
    information_bits
        Expected gain, in bits.
    kind
        A question of history, or a test of examination.
    separates
        The two causes that the answer would tell apart: a yes speaks for the first, a no for the second.
    examiner, test
        The examiner's word for it, and how to test it (empty for history).
    """

    id: str
    text: str
    why: str
    information_bits: float
    kind: QuestionKind = "history"
    separates: tuple[str, str] | None = None
    examiner: str = ""
    test: str = ""


@dataclass(frozen=True, slots=True)
class NextFilm:
    """Another clip that would change the ranking.

    Attributes
    ----------
    id
        Id of the finding that the clip would show or clear.
    task, view
        What to do and from where to film: ids of the filming guide, for example ``heel_walk`` and ``sagittal``.
    text
        How to film it, in plain words.
    why
        What it would separate.
    information_bits
        Expected gain, in bits.
    separates
        As for questions.
    """

    id: str
    task: str
    view: str
    text: str
    why: str
    information_bits: float
    separates: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Where figures come from.

    Attributes
    ----------
    key
        As causes and influences name it.
    citation
        What to look up.
    status
        ``V`` read at the source, ``K`` well known and not re-read, ``D`` derived, ``E`` our estimate.
    about
        What it gives us, in a phrase.
    """

    key: str
    citation: str
    status: str
    about: str = ""


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
    next_questions, next_films
        Most informative first.
    urgency
        The highest tier that fired, else ``routine`` or ``none``.
    summary
        One paragraph in plain words.
    notes
        Limits and warnings, for example contradictory sides.
    answered, asked
        How many of the questions that bear on the complaint were answered, and how many there are.
    groups
        Share of back, foot and leg, and others among the causes that are compared; sums to 1, or empty.
    chains
        How foot and back act on each other here, in plain words.
    references
        The sources that the causes name, in order of key.
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
    next_films: tuple[NextFilm, ...] = ()
    groups: Mapping[CauseGroup, float] = field(default_factory=dict)
    chains: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One answer, finding or fact of a person that differs from the visit before.

    Attributes
    ----------
    item, side, change
        What, where, and whether it is new, turned round or withdrawn.
    text
        The plain sentence of what is known now (for a withdrawn one: of what was known).
    """

    item: str
    side: FindingSide | None
    change: ChangeKind
    text: str


@dataclass(frozen=True, slots=True)
class CauseChange:
    """How far one cause moved between two visits, and what moved it.

    Attributes
    ----------
    id, side, label
        Which cause.
    before, after
        Its probability after caps; 0 where its module did not run.
    because
        What moved it, most first: influences of now minus those of before, in bits.
    """

    id: str
    side: FindingSide | None
    label: str
    before: float
    after: float
    because: tuple[Influence, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """What changed between two visits of one person, and why.

    Attributes
    ----------
    items
        What is known now and was not, or is known otherwise.
    causes
        Causes that moved, most first.
    urgency_before, urgency_after
        The urgency of the two visits.
    flags_new, flags_gone
        Labels of the reasons for hurry that fired or ceased.
    text
        One sentence that says what changed most.
    """

    items: tuple[ItemChange, ...]
    causes: tuple[CauseChange, ...]
    urgency_before: Urgency
    urgency_after: Urgency
    flags_new: tuple[str, ...] = ()
    flags_gone: tuple[str, ...] = ()
    text: str = ""
