"""What is known of one person: answers, findings and what follows from them, read for one side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Literal

from gait.causes.expression import Truth
from gait.causes.intake import findings_of_intake
from gait.causes.knowledge import Knowledge
from gait.causes.schema import SideRule
from gait.core.findings import Finding, Findings, FindingSide
from gait.core.subject import Answer, Subject

Kind = Literal["history", "examination", "gait"]

SHORT_LEG_M = 0.02
"""A leg length difference that counts, in m (2 cm; LLI22 and WALSH use this limit)."""

EQUAL_LEGS_M = 0.01
"""Below this the legs count as equal, in m (most people have less than 1 cm; LLDREV)."""

FLAG_CONFIDENCE = 0.5
"""From this confidence on, a film finding takes part in a rule for hurry (our estimate: more likely right than not)."""

# When two complaints name different sides, the more specific one decides.
_COMPLAINT_ORDER = ("foot_drop", "foot_pain", "leg_pain", "back_pain", "walking_difficulty")


@dataclass(frozen=True, slots=True)
class Reading:
    """One item, read for the side of the trouble.

    Attributes
    ----------
    item, value
        What, and whether it is so.
    kind
        Where it comes from.
    side
        The side it was seen on.
    confidence
        1 for answers, the finding's confidence for findings.
    """

    item: str
    value: bool
    kind: Kind
    side: FindingSide | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Facts:
    """A person's answers and findings, and the side of the trouble.

    Attributes
    ----------
    knowledge, subject
        What the answers mean; who gave them.
    findings
        Present and absent findings of film and intake.
    side
        Side of the trouble, None where nothing tells it.
    given
        The yes and no answers, by question; complaints that answer a question included.
    voided
        Items that pain makes impossible to judge.
    """

    knowledge: Knowledge
    subject: Subject
    findings: tuple[Finding, ...]
    side: FindingSide | None
    given: Mapping[str, tuple[Answer, ...]]
    voided: frozenset[str] = frozenset()
    _held: dict[tuple[str, bool], Truth] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was asked before: rules for hurry ask for the same items many times."""

    # -- the questions of expressions (all sides) --------------------------------------------------------------------

    def age(self) -> float | None:
        """Age in years, or None."""
        return self.subject.age_years

    def holds(self, item: str, both: bool) -> Truth:
        """Whether an item of a rule is so, on any side, or on both if ``both``."""
        if (item, both) not in self._held:
            self._held[item, both] = self._holds(item, both)
        return self._held[item, both]

    def _holds(self, item: str, both: bool) -> Truth:
        kind, _, key = item.rpartition(":")
        if kind == "complaint":
            sides = {c.side for c in self.subject.intake.complaints if c.id == key}
            return _on_both(sides) if both else bool(sides)
        if kind == "finding":
            seen = {
                f.side
                for f in self.findings
                if f.id == key and f.status == "present" and f.confidence >= FLAG_CONFIDENCE
            }
            return _on_both(seen) if both else bool(seen)
        return self._answer_holds(key, both)

    def _answer_holds(self, key: str, both: bool) -> Truth:
        answers = self.answers(key)
        yes = {answer.side for answer in answers if answer.value == "yes"}
        if both:
            return _on_both(yes) if answers else None
        return True if yes else (False if answers else None)

    # -- evidence (one side) -----------------------------------------------------------------------------------------

    def answers(self, item: str) -> tuple[Answer, ...]:
        """The yes and no answers to one question; a complaint may have answered it."""
        return self.given.get(item, ())

    def examined(self) -> bool:
        """Whether any item of examination was answered."""
        questions = self.knowledge.questions
        return any(a.value != "unknown" and questions[a.id].kind == "examination" for a in self.subject.intake.answers)

    def read(self, item: str, rule: SideRule | None = None) -> Reading | None:
        """One item for the side of the trouble; None where it is unknown or belongs to the other side.

        Parameters
        ----------
        item
            Answer, finding or derived id.
        rule
            Side rule of the row, where it differs from the finding's own.
        """
        if item in self.voided:
            return None
        if item == "derived_bilateral":
            return self._bilateral()
        if item == "derived_short_leg":
            return self._short_leg()
        if item in self.knowledge.questions:
            return self._read_answer(item, rule)
        return self._read_finding(item, rule or self.knowledge.findings[item].side_rule)

    def _read_answer(self, item: str, rule: SideRule | None) -> Reading | None:
        question = self.knowledge.questions[item]
        free = not question.sided or rule in ("own", "none")
        relevant = [a for a in self.answers(item) if free or self.concerns(a.side)]
        if not relevant:
            return None
        yes = [a for a in relevant if a.value == "yes"]
        chosen = (yes or relevant)[0]
        return Reading(item, bool(yes), question.kind, _joined(a.side for a in yes) if yes else chosen.side)

    def _read_finding(self, item: str, rule: SideRule) -> Reading | None:
        target = _opposite(self.side) if rule == "opposite" else self.side
        seen = [f for f in self.findings if f.id == item and (rule in ("own", "none") or _touches(f.side, target))]
        if not seen:
            return None
        present = [f for f in seen if f.status == "present"]
        best = max(present or seen, key=lambda f: f.confidence)
        return Reading(item, bool(present), "gait", _joined(f.side for f in present or seen), best.confidence)

    def concerns(self, side: FindingSide | None) -> bool:
        """Whether something on this side concerns the side of the trouble."""
        return _touches(side, self.side)

    def _bilateral(self) -> Reading | None:
        if self.side == "both" or self._answer_holds("ankle_dorsiflexion_weak", both=True):
            return Reading("derived_bilateral", True, "history", "both")
        if any(c.id == "foot_drop" and c.side in ("left", "right") for c in self.subject.intake.complaints):
            return Reading("derived_bilateral", False, "history", self.side)
        drop = {f.side: f for f in self.findings if f.id == "foot_drop"}
        absent = [f for f in drop.values() if f.status == "absent" and f.side != self.side]
        if self.side is not None and absent:
            return Reading("derived_bilateral", False, "gait", self.side, absent[0].confidence)
        return None

    def _short_leg(self) -> Reading | None:
        left, right = self.subject.leg_length_left_m, self.subject.leg_length_right_m
        if left is None or right is None:
            return None
        difference = right - left
        if abs(difference) >= SHORT_LEG_M - 1e-9:
            return Reading("derived_short_leg", True, "examination", "left" if difference > 0 else "right")
        if abs(difference) <= EQUAL_LEGS_M:
            return Reading("derived_short_leg", False, "examination")
        return None

    def other_side_items(self) -> tuple[str, ...]:
        """Positive items that were given for the other side than the trouble's, in order of id."""
        if self.side not in ("left", "right"):
            return ()
        items = {
            a.id
            for a in self.subject.intake.answers
            if a.value == "yes" and self.knowledge.questions[a.id].sided and not self.concerns(a.side)
        }
        items |= {
            f.id
            for f in self.findings
            if f.status == "present" and self.knowledge.findings[f.id].side_rule == "same" and not self.concerns(f.side)
        }
        return tuple(sorted(items - _own_side_items(self.knowledge)))


def gather_facts(knowledge: Knowledge, findings: Findings, subject: Subject) -> Facts:
    """Put answers and findings together and find the side of the trouble.

    Findings of the film go before those of the intake. Unknown answers and findings that are not assessable are left
    out: they change nothing.
    """
    known = {(f.id, f.side) for f in findings.all if f.status != "not_assessable"}
    reported = tuple(f for f in findings_of_intake(subject.intake).all if (f.id, f.side) not in known)
    usable = tuple(f for f in (*findings.all, *reported) if f.status != "not_assessable" and f.id in knowledge.findings)
    ordered = tuple(sorted(usable, key=lambda f: (f.id, f.side or "", f.status)))
    side = _trouble_side(knowledge, ordered, subject)
    return Facts(knowledge, subject, ordered, side, _given(knowledge, subject), _voided(knowledge, subject))


def _given(knowledge: Knowledge, subject: Subject) -> dict[str, tuple[Answer, ...]]:
    given: dict[str, tuple[Answer, ...]] = {}
    for answer in subject.intake.answers:
        if answer.value != "unknown":
            # A side that the question does not have says nothing.
            plain = answer if knowledge.questions[answer.id].sided else Answer(answer.id, answer.value)
            given[answer.id] = (*given.get(answer.id, ()), plain)
    complaints = subject.intake.complaints
    for item, question in knowledge.questions.items():
        implied = tuple(Answer(item, "yes", c.side) for c in complaints if c.id in question.implied_by)
        if implied and item not in given:
            given[item] = implied
    return given


def _voided(knowledge: Knowledge, subject: Subject) -> frozenset[str]:
    said = {answer.id for answer in subject.intake.answers if answer.value == "yes"}
    return frozenset(item for key in said for item in knowledge.questions[key].voids)


def _trouble_side(knowledge: Knowledge, findings: tuple[Finding, ...], subject: Subject) -> FindingSide | None:
    """Side of the complaint, else of the foot drop seen, else the side most items vote for."""
    if _weak_on_both(subject):
        return "both"
    for complaint_id in _COMPLAINT_ORDER:
        side = _joined(c.side for c in subject.intake.complaints if c.id == complaint_id)
        if side is not None:
            return side
    drop = _joined(f.side for f in findings if f.id == "foot_drop" and f.status == "present")
    return drop or _voted_side(knowledge, findings, subject)


def _weak_on_both(subject: Subject) -> bool:
    weak = {a.side for a in subject.intake.answers if a.id == "ankle_dorsiflexion_weak" and a.value == "yes"}
    return _on_both(weak)


def _voted_side(knowledge: Knowledge, findings: tuple[Finding, ...], subject: Subject) -> FindingSide | None:
    sides = [a.side for a in subject.intake.answers if a.value == "yes" and knowledge.questions[a.id].sided and a.side]
    sides += [f.side for f in findings if f.status == "present" and knowledge.findings[f.id].votes and f.side]
    left, right, both = (sides.count("left"), sides.count("right"), sides.count("both"))
    if both > max(left, right) or (left == right and left > 0):
        return "both"
    if left == right:
        return None
    return "left" if left > right else "right"


def _own_side_items(knowledge: Knowledge) -> set[str]:
    """Items that name the side of their own trouble, whatever the side of the complaint."""
    return {item for cause in knowledge.causes.values() for item in cause.side_from}


def _on_both(sides: Set[str | None]) -> bool:
    return "both" in sides or {"left", "right"} <= sides


def _joined(sides: Iterable[FindingSide | None]) -> FindingSide | None:
    named: set[FindingSide] = {side for side in sides if side is not None}
    if len(named) > 1:
        return "both"
    return next(iter(named), None)


def _opposite(side: FindingSide | None) -> FindingSide | None:
    mirrored: dict[FindingSide | None, FindingSide | None] = {"left": "right", "right": "left", "both": "both"}
    return mirrored.get(side)


def _touches(side: FindingSide | None, target: FindingSide | None) -> bool:
    return side is None or target is None or side == target or "both" in (side, target)
