"""The interview: what to ask next, one question at a time. The terminal and the clinic ask through this room.

Why the person came goes first, then the questions whose "yes" would be a reason for hurry, then those that tell most.
An interview is never changed: every answer makes the next one, so that going back is to forget one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from gait.causes.expression import Expression, Truth, open_leaves
from gait.causes.facts import Facts, gather_facts
from gait.causes.knowledge import COMPLAINTS, Knowledge, load_knowledge
from gait.causes.modules import choose_modules
from gait.causes.reason import suggest_causes
from gait.causes.red_flags import TIERS
from gait.core.causes import Reasoning
from gait.core.errors import InputError
from gait.core.findings import Findings, FindingSide
from gait.core.subject import Answer, AnswerValue, Complaint, Subject

MAX_QUESTIONS = 25
"""Questions after the reasons for hurry, at most (our estimate of what one visit bears)."""

PromptKind = Literal["complaint", "red_flag", "history", "examination"]

COMPLAINT_TEXTS: dict[str, str] = {
    "foot_drop": "The front of the foot hangs, drops or slaps",
    "foot_pain": "Pain in the foot or ankle",
    "back_pain": "Pain in the lower back",
    "leg_pain": "Pain in the leg, hip or knee",
    "walking_difficulty": "Trouble with walking itself",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to put.

    Attributes
    ----------
    id
        Answer id, or ``complaint``.
    kind
        Why the person came; a reason for hurry; a question of history; a test of examination.
    text, examiner
        For the patient, and for the examiner.
    test
        How to test it; empty for history.
    is_sided
        Whether a yes needs its side.
    why
        Why it is asked now.
    region, picture
        Place on the body map and drawing of the test, where there is one.
    """

    id: str
    kind: PromptKind
    text: str
    examiner: str
    test: str = ""
    is_sided: bool = False
    why: str = ""
    region: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Interview:
    """What is known so far, and what to ask next.

    Attributes
    ----------
    subject
        The person with the answers so far.
    findings
        What a film showed, if there is one.
    skipped
        Questions that were left open on purpose; they are not put again.
    asked
        Questions that were put in this interview, in order.
    with_examination
        Whether somebody is there who can examine; otherwise only history is asked.
    """

    subject: Subject = field(default_factory=Subject)
    findings: Findings = field(default_factory=Findings)
    skipped: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    with_examination: bool = True

    @cached_property
    def reasoning(self) -> Reasoning:
        """What is concluded so far."""
        return suggest_causes(self.findings, self.subject)

    @cached_property
    def _facts(self) -> Facts:
        return gather_facts(load_knowledge(), self.findings, self.subject)

    @cached_property
    def next(self) -> Prompt | None:
        """The next question, or None when nothing is left that would tell anything."""
        if "complaint" not in self.skipped and not self.subject.intake.complaints and not self._something_seen():
            return Prompt("complaint", "complaint", "What is the trouble?", "Chief complaint", is_sided=True)
        return self._next_hurry() or self._next_telling()

    def _something_seen(self) -> bool:
        return bool(choose_modules(self._facts))

    def _next_hurry(self) -> Prompt | None:
        for item, label in critical_items(self._facts):
            if item not in self.skipped and self._may_ask(item):
                return self._prompt(item, "red_flag", f"A yes would be a reason for hurry: {label}.")
        return None

    def _next_telling(self) -> Prompt | None:
        told = [item for item in self.asked if item not in {key for key, _ in critical_items(self._facts)}]
        if len(told) >= MAX_QUESTIONS + len(self.skipped):
            return None
        for question in self.reasoning.next_questions:
            if question.id in self.skipped or not self._may_ask(question.id):
                continue
            return self._prompt(question.id, question.kind, question.why)
        return None

    def _may_ask(self, item: str) -> bool:
        return self.with_examination or load_knowledge().questions[item].kind == "history"

    def _prompt(self, item: str, kind: PromptKind, why: str) -> Prompt:
        question = load_knowledge().questions[item]
        return Prompt(
            item,
            kind,
            question.patient,
            question.examiner,
            question.test,
            question.sided,
            why,
            question.region,
            question.picture,
        )

    def complained(self, complaint: str, side: FindingSide | None) -> Interview:
        """The interview after somebody said why they came.

        Raises
        ------
        InputError
            There is no such complaint.
        """
        if complaint not in COMPLAINTS:
            raise InputError(f"Complaint {complaint!r} does not exist. Choose one of {', '.join(COMPLAINTS)}.")
        intake = self.subject.intake
        kept = tuple(c for c in intake.complaints if c.id != complaint)
        intake = replace(intake, complaints=(*kept, Complaint(complaint, side)))
        return replace(self, subject=replace(self.subject, intake=intake))

    def answered(self, item: str, value: AnswerValue, side: FindingSide | None = None) -> Interview:
        """The interview after one answer; ``unknown`` leaves the question open and does not put it again.

        Raises
        ------
        InputError
            There is no such question.
        """
        if item not in load_knowledge().questions:
            raise InputError(f"Question {item!r} does not exist. Take the id from the list of questions.")
        intake = self.subject.intake
        kept = tuple(answer for answer in intake.answers if answer.id != item)
        given = () if value == "unknown" else (Answer(item, value, side),)
        skipped = (*self.skipped, item) if value == "unknown" else tuple(s for s in self.skipped if s != item)
        subject = replace(self.subject, intake=replace(intake, answers=(*kept, *given)))
        return replace(self, subject=subject, skipped=skipped, asked=(*self.asked, item))

    def undone(self) -> Interview:
        """The interview before the last answer."""
        if not self.asked:
            return self
        last = self.asked[-1]
        intake = self.subject.intake
        intake = replace(intake, answers=tuple(answer for answer in intake.answers if answer.id != last))
        return replace(
            self,
            subject=replace(self.subject, intake=intake),
            skipped=tuple(item for item in self.skipped if item != last),
            asked=self.asked[:-1],
        )


@dataclass(frozen=True, slots=True)
class _Supposed:
    """The facts with one more yes, for rules for hurry."""

    facts: Facts
    item: str

    def holds(self, item: str, both: bool) -> Truth:
        # A yes of one side is no yes of both.
        return True if item == self.item and not both else self.facts.holds(item, both)

    def age(self) -> float | None:
        return self.facts.age()


def critical_items(facts: Facts) -> tuple[tuple[str, str], ...]:
    """Open questions whose yes alone would fire a rule for hurry now, with the rule's label.

    History first, then the most urgent rules first. Rules of the lowest tier are left to the ordinary questions.

    Parameters
    ----------
    facts
        What is known so far.
    """
    knowledge = facts.knowledge
    found: dict[str, tuple[bool, int, str]] = {}
    for rule, trigger in knowledge.flags.values():
        if rule.tier == TIERS[-1] or trigger.truth(facts) is True:
            continue
        for item in _firing(knowledge, facts, trigger):
            rank = (knowledge.questions[item].kind == "examination", TIERS.index(rule.tier), rule.label)
            found[item] = min(found.get(item, rank), rank)
    order = list(knowledge.questions)
    ranked = sorted(found, key=lambda item: (*found[item][:2], order.index(item)))
    return tuple((item, found[item][2]) for item in ranked)


def _firing(knowledge: Knowledge, facts: Facts, trigger: Expression) -> list[str]:
    items = dict.fromkeys(open_leaves(trigger, facts))
    return [item for item in items if item in knowledge.questions and trigger.truth(_Supposed(facts, item)) is True]
