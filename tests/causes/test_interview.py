"""The interview: hurry first, what tells most next, nothing asked twice, one step back."""

from __future__ import annotations

import pytest
from people import person

from gait.causes.facts import gather_facts
from gait.causes.interview import MAX_QUESTIONS, Interview, critical_items
from gait.causes.knowledge import load_knowledge
from gait.core.errors import InputError
from gait.core.findings import Findings
from gait.core.subject import Subject

KNOWLEDGE = load_knowledge()


def all_no(interview: Interview) -> Interview:
    """Every question answered with no, to the end."""
    while (prompt := interview.next) is not None:
        assert prompt.id not in interview.asked
        interview = interview.answered(prompt.id, "no")
    return interview


def test_why_the_person_came_is_asked_first() -> None:
    first = Interview(Subject()).next
    assert first is not None
    assert first.kind == "complaint"
    told = Interview(Subject()).complained("foot_drop", "left").next
    assert told is not None
    assert told.kind == "red_flag"


def test_a_film_that_shows_something_needs_no_complaint() -> None:
    first = Interview(person(seen="foot_drop@left")).next
    assert first is not None
    assert first.kind == "red_flag"


def test_reasons_for_hurry_go_before_what_tells_most_and_history_before_tests() -> None:
    interview, kinds = Interview(person("foot_drop@left")), []
    while (prompt := interview.next) is not None:
        kinds.append((prompt.kind, KNOWLEDGE.questions[prompt.id].kind))
        interview = interview.answered(prompt.id, "no")
    flags = [kind for reason, kind in kinds if reason == "red_flag"]
    assert flags == sorted(flags, reverse=True)  # history, then examination
    first_other = next(number for number, (reason, _) in enumerate(kinds) if reason != "red_flag")
    assert all(reason != "red_flag" for reason, _ in kinds[first_other:])
    assert 0 < len(kinds) - first_other <= MAX_QUESTIONS


def test_a_critical_question_fires_its_rule_at_once() -> None:
    facts = gather_facts(KNOWLEDGE, Findings(), person("foot_drop@left"))
    named = dict(critical_items(facts))
    assert {"saddle_numbness", "stroke_symptoms", "onset_days"} <= set(named)
    assert "cast_or_brace" not in named  # only together with pain out of proportion
    for item in named:
        interview = Interview(person("foot_drop@left")).answered(item, "yes", "left")
        assert interview.reasoning.urgency in ("urgent", "emergency"), item


def test_once_the_pain_is_out_of_proportion_the_cast_becomes_critical() -> None:
    facts = gather_facts(KNOWLEDGE, Findings(), person("leg_pain@left", yes="pain_out_of_proportion@left"))
    assert "cast_or_brace" in dict(critical_items(facts))


def test_what_is_left_open_is_not_put_again_and_changes_nothing() -> None:
    interview = Interview(person("foot_drop@left"))
    first = interview.next
    assert first is not None
    open_one = interview.answered(first.id, "unknown")
    assert open_one.next is not None
    assert open_one.next.id != first.id
    assert open_one.reasoning == interview.reasoning


def test_going_back_forgets_the_last_answer() -> None:
    start = Interview(person("foot_drop@left"))
    first = start.next
    assert first is not None
    back = start.answered(first.id, "yes", "left").undone()
    assert back.subject == start.subject
    assert back.next == first
    assert start.undone() is start


def test_without_an_examiner_only_history_is_asked() -> None:
    end = all_no(Interview(person("leg_pain@right"), with_examination=False))
    assert {KNOWLEDGE.questions[item].kind for item in end.asked} == {"history"}
    assert not gather_facts(KNOWLEDGE, Findings(), end.subject).examined()


def test_answers_along_the_textbook_lead_to_the_cause() -> None:
    """Everything true of an L5 root is answered so; the interview finds it without being told what to ask."""
    truth = {row.items[0] for row in KNOWLEDGE.rows["foot_drop"] if row.p_yes("l5_root") >= 0.5}
    interview = Interview(person("foot_drop@right"))
    while (prompt := interview.next) is not None:
        value = "yes" if prompt.id in truth else "no"
        interview = interview.answered(prompt.id, value, "right" if value == "yes" and prompt.is_sided else None)
    assert interview.reasoning.causes[0].id == "l5_root"
    assert interview.reasoning.causes[0].side == "right"


@pytest.mark.parametrize("wrong", ["headache", ""])
def test_unknown_ids_are_refused_by_name(wrong: str) -> None:
    with pytest.raises(InputError, match="does not exist"):
        Interview().answered(wrong, "yes")
    with pytest.raises(InputError, match="does not exist"):
        Interview().complained(wrong, None)
