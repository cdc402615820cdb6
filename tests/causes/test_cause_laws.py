"""Laws of the reasoning: mirror, silence, bounds, hurry, order."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people import RANK, mirrored, picture, reason, swapped, with_answers

from gait.causes.knowledge import COMPLAINTS, load_knowledge
from gait.core.subject import Answer, Complaint, Intake, ReportedFinding, Subject

KNOWLEDGE = load_knowledge()
SIDES = st.sampled_from([None, "left", "right", "both"])
LAW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def only_linked() -> set[str]:
    named = {cause for model in KNOWLEDGE.models.values() for cause in model.causes}
    return set(KNOWLEDGE.causes) - named


@st.composite
def people(draw: st.DrawFn) -> Subject:
    complaints = draw(st.lists(st.sampled_from(COMPLAINTS), unique=True, max_size=3))
    asked = draw(st.lists(st.sampled_from(sorted(KNOWLEDGE.questions)), unique=True, max_size=14))
    seen = draw(st.lists(st.sampled_from(sorted(KNOWLEDGE.findings)), unique=True, max_size=6))
    return Subject(
        age_years=draw(st.one_of(st.none(), st.floats(1, 100))),
        sex=draw(st.sampled_from([None, "female", "male"])),
        intake=Intake(
            tuple(Complaint(item, draw(SIDES)) for item in complaints),
            tuple(Answer(item, draw(st.sampled_from(["yes", "no", "unknown"])), draw(SIDES)) for item in asked),
            tuple(ReportedFinding(item, draw(SIDES), draw(st.sampled_from(["present", "absent"]))) for item in seen),
        ),
    )


@LAW
@given(people())
def test_mirror_swaps_the_sides_and_nothing_else(subject: Subject) -> None:
    here, there = reason(subject), reason(mirrored(subject))
    assert picture(there) == [(cause, swapped(side), p) for cause, side, p in picture(here)]
    assert (here.urgency, here.inseparable, here.answered) == (there.urgency, there.inseparable, there.answered)


@LAW
@given(people(), st.sampled_from(sorted(KNOWLEDGE.questions)), st.sampled_from(sorted(KNOWLEDGE.findings)), SIDES)
def test_unknown_changes_nothing(subject: Subject, question: str, finding: str, side: str | None) -> None:
    if any(answer.id == question for answer in subject.intake.answers):
        return
    richer = replace(
        subject.intake,
        answers=(*subject.intake.answers, Answer(question, "unknown", side)),
        findings=(*subject.intake.findings, ReportedFinding(finding, side, "not_assessable")),
    )
    assert reason(replace(subject, intake=richer)) == reason(subject)


@LAW
@given(people())
def test_probabilities_stay_within_their_caps(subject: Subject) -> None:
    result = reason(subject)
    examined = any(
        a.value != "unknown" and KNOWLEDGE.questions[a.id].kind == "examination" for a in subject.intake.answers
    )
    cap = 0.90 if examined else 0.60
    assert all(0.0 <= cause.probability <= cap for cause in result.causes)
    assert all(q.information_bits >= 0.0 for q in result.next_questions)
    assert all(c.low <= c.probability <= c.high <= cap for c in result.causes)
    # Most likely first; only a why that is known through its places alone may stand behind a place that is less likely.
    own = [c.probability for c in result.causes if c.id not in only_linked()]
    assert own == sorted(own, reverse=True)
    assert sum(result.groups.values()) == pytest.approx(1.0 if result.causes else 0.0)
    assert 0 <= result.answered <= result.asked


@LAW
@given(people(), st.sampled_from(sorted(KNOWLEDGE.questions)), SIDES)
def test_one_more_yes_never_lowers_the_urgency(subject: Subject, question: str, side: str | None) -> None:
    others = tuple(answer for answer in subject.intake.answers if answer.id != question)
    before = reason(with_answers(subject, others))
    after = reason(with_answers(subject, (*others, Answer(question, "yes", side))))
    assert RANK.index(after.urgency) >= RANK.index(before.urgency)
    fired = {flag.id for flag in before.red_flags if flag.status == "present"}
    assert fired <= {flag.id for flag in after.red_flags if flag.status == "present"}


@LAW
@given(people(), st.integers(0, 1000))
def test_order_is_irrelevant(subject: Subject, seed: int) -> None:
    shuffle = random.Random(seed)
    intake = subject.intake
    mixed = Intake(
        tuple(shuffle.sample(intake.complaints, len(intake.complaints))),
        tuple(shuffle.sample(intake.answers, len(intake.answers))),
        tuple(shuffle.sample(intake.findings, len(intake.findings))),
    )
    assert reason(replace(subject, intake=mixed)) == reason(subject)


@LAW
@given(people())
def test_no_complaint_and_no_telling_finding_gives_no_cause(subject: Subject) -> None:
    telling = {key for key, finding in KNOWLEDGE.findings.items() if finding.starts != "nonspecific"}
    quiet = replace(
        subject.intake,
        complaints=(),
        answers=tuple(a for a in subject.intake.answers if a.id != "ankle_dorsiflexion_weak"),
        findings=tuple(f for f in subject.intake.findings if f.id not in telling or f.status != "present"),
    )
    result = reason(replace(subject, intake=quiet))
    assert result.causes == ()


@LAW
@given(people(), st.integers(0, 1000))
def test_fewer_answers_never_turn_the_side_round(subject: Subject, seed: int) -> None:
    """What is left of a person never points to the other leg, as long as the complaint names the leg."""
    subject = replace(subject, intake=replace(subject.intake, complaints=(Complaint("leg_pain", "left"),)))
    answers = subject.intake.answers
    kept = random.Random(seed).sample(answers, round(0.7 * len(answers)))
    sides = {c.side for c in reason(with_answers(subject, tuple(kept))).causes if not KNOWLEDGE.causes[c.id].side_from}
    weak = {a.side for a in subject.intake.answers if a.id == "ankle_dorsiflexion_weak" and a.value == "yes"}
    assert sides <= ({None, "left", "both"} if weak & {"both", "right"} else {None, "left"})


@LAW
@given(people(), st.sampled_from(["primary_care", None]))
def test_the_reference_setting_changes_no_probability(subject: Subject, setting: str | None) -> None:
    seen = reason(replace(subject, intake=replace(subject.intake, setting=setting)))
    assert picture(seen) == picture(reason(subject))
