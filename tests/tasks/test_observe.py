"""What was asked for, what was done, and what is said when it was not."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from gait.core.errors import NotEnoughDataError
from gait.core.sides import SIDES
from gait.core.tasks import TASKS
from gait.parameters.catalogue import measure
from gait.report.document import build_document
from gait.report.export import analysis_json
from gait.simulate.tasks import TaskWalker
from gait.simulate.values import BySide
from gait.simulate.walker import Walker

FRONT = Walker(view="frontal", heading="in_place")


def issue_ids(analysis):
    return {issue.id for issue in analysis.issues}


def present(analysis):
    return {(finding.id, finding.side) for finding in analysis.findings.present()}


def status(analysis, finding_id, side):
    found = analysis.findings.get(finding_id, side)
    assert found is not None
    return found.status


def test_usual_walking_has_no_task(seen):
    record = seen(TaskWalker(task="walk")).task
    assert record.task == "walk"
    assert record.attempts == ()
    assert record.not_done == ""


@pytest.mark.parametrize("person", [Walker(), FRONT], ids=["side", "front"])
def test_heel_raises_are_counted_and_measured_on_each_leg(seen, person):
    clip = TaskWalker(task="heel_raise", person=person)
    analysis = seen(clip)
    truth = clip.truth()["attempts"]
    found = analysis.task.attempts
    assert [attempt.side for attempt in found] == [row["side"] for row in truth]
    for attempt, row in zip(found, truth, strict=True):
        assert attempt.peak_s == pytest.approx(row["peak_s"], abs=0.5)
        error = 2.0 * measure("heel_raise_height_ll").systematic
        assert attempt.values["heel_raise_height_ll"] == pytest.approx(row["values"]["heel_raise_height_ll"], abs=error)
    for side in SIDES:
        assert analysis.parameters.value("heel_raise_count", side) == 5
        assert status(analysis, "cannot_rise_on_toes", side) == "absent"


def test_raises_on_both_legs_prove_neither_leg(seen):
    analysis = seen(TaskWalker(task="heel_raise", legs="both"))
    assert analysis.parameters.value("double_heel_raise_count") == 5
    assert "heel_raise_on_both_legs" in issue_ids(analysis)
    assert {status(analysis, "cannot_rise_on_toes", side) for side in SIDES} == {"not_assessable"}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("severity", [0.6, 0.8, 1.0])
def test_a_leg_that_cannot_rise_is_named(seen, side, severity):
    analysis = seen(TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes", side, severity))
    assert present(analysis) == {("cannot_rise_on_toes", side)}


def test_a_heel_that_stays_down_is_severe_and_counts_no_raise(seen):
    analysis = seen(TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes", "left", 1.0))
    finding = analysis.findings.get("cannot_rise_on_toes", "left")
    assert finding is not None
    assert finding.severity == "severe"
    assert analysis.parameters.value("heel_raise_count", "left") == 0
    assert analysis.parameters.value("heel_raise_count", "right") == 5


def test_standing_on_one_leg_without_a_try_is_no_failed_heel_raise(seen):
    analysis = seen(TaskWalker(task="single_leg_stance", legs="right"), "heel_raise")
    assert "task_not_performed" in issue_ids(analysis)
    assert status(analysis, "cannot_rise_on_toes", "right") == "not_assessable"
    assert not analysis.findings.present()


@pytest.mark.parametrize("task", ["heel_walk", "toe_walk"])
def test_a_walk_on_heels_or_toes_that_is_done_has_no_finding(seen, task):
    analysis = seen(TaskWalker(task=task))
    assert analysis.task.not_done == ""
    assert len(analysis.task.attempts) >= 4
    assert not analysis.findings.present()


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    ("task", "finding"), [("heel_walk", "cannot_walk_on_heels"), ("toe_walk", "cannot_rise_on_toes")]
)
def test_a_foot_that_comes_down_is_named(seen, task, finding, side):
    analysis = seen(TaskWalker(task=task).with_fault(finding, side, 1.0))
    assert present(analysis) == {(finding, side)}


def test_both_forefeet_that_come_down_while_trying_are_told_from_usual_walking(seen):
    flat = TaskWalker(task="heel_walk", on_heels_deg=BySide(0.0, 0.0))
    assert seen(flat).task.not_done == ""
    usual = seen(TaskWalker(task="walk"), "heel_walk")
    assert "not tried" in usual.task.not_done
    assert not usual.findings.present()


def test_standing_on_one_leg_is_timed(seen):
    clip = TaskWalker(task="single_leg_stance", hold_s=BySide(9.0, 5.0))
    parameters = seen(clip).parameters
    # The foot needs half a second to leave the floor and to come back.
    assert parameters.value("single_leg_stance_time_s", "left") == pytest.approx(8.5, abs=0.5)
    assert parameters.value("single_leg_stance_time_s", "right") == pytest.approx(4.5, abs=0.5)


@pytest.mark.parametrize("person", [Walker(), FRONT], ids=["side", "front"])
def test_rises_from_the_chair_are_counted_and_timed(seen, person):
    parameters = seen(TaskWalker(task="sit_to_stand", person=person)).parameters
    assert parameters.value("sit_to_stand_count") == 5
    assert parameters.value("sit_to_stand_cycle_time_s") == pytest.approx(4.0, abs=0.05)
    assert parameters.value("five_sit_to_stand_time_s") == pytest.approx(16.5, abs=0.3)


def test_a_list_of_the_trunk_shows_in_quiet_standing_with_its_side(seen):
    right = seen(TaskWalker(task="stand", person=FRONT, trunk_list_deg=6.0)).parameters
    left = seen(TaskWalker(task="stand", person=FRONT, trunk_list_deg=-6.0)).parameters
    assert right.value("standing_trunk_list_deg") == pytest.approx(6.0, abs=1.0)
    assert left.value("standing_trunk_list_deg") == pytest.approx(-6.0, abs=1.0)


WRONG = [
    (shown, asked)
    for shown in ("walk", "stand", "single_leg_stance", "sit_to_stand", "heel_raise")
    for asked in ("heel_raise", "single_leg_stance", "sit_to_stand", "stand")
    if shown != asked and (shown, asked) not in (("heel_raise", "single_leg_stance"), ("single_leg_stance", "stand"))
]


@pytest.mark.parametrize(("shown", "asked"), WRONG)
def test_another_task_than_asked_for_is_said_and_nothing_is_found(seen, shown, asked):
    # Raises on one leg are also standing on one leg, and before it the person stands quietly: those are no mistakes.
    clip = TaskWalker(task=shown, legs="right") if shown == "single_leg_stance" else TaskWalker(task=shown)
    clip = TaskWalker(task=shown, legs="both") if shown == "heel_raise" else clip
    analysis = seen(clip, asked)
    if asked == "stand" and shown in ("heel_raise", "sit_to_stand") and not analysis.task.not_done:
        assert all(attempt.end_s - attempt.start_s <= 1.01 for attempt in analysis.task.attempts)
        return
    assert analysis.task.not_done
    assert analysis.task.attempts == ()
    assert "task_not_performed" in issue_ids(analysis)
    assert not analysis.findings.present()


@pytest.mark.parametrize("asked", ["heel_walk", "toe_walk"])
def test_usual_walking_is_no_failed_walk_on_heels_or_toes(seen, asked):
    analysis = seen(TaskWalker(task="walk"), asked)
    assert analysis.task.not_done
    assert issue_ids(analysis) >= {"task_not_performed"}
    assert not analysis.findings.present()


def test_somebody_who_stands_walks_neither_on_heels_nor_on_toes(seen):
    with pytest.raises(NotEnoughDataError):
        seen(TaskWalker(task="stand"), "heel_walk")


def test_a_clip_that_is_too_short_says_what_is_needed(seen):
    analysis = seen(TaskWalker(task="stand", quiet_s=2.3), "heel_raise")
    assert "task_too_short" in issue_ids(analysis)
    assert "at least 3 s" in analysis.task.not_done


@pytest.mark.parametrize("task", [task for task in TASKS if task != "walk"])
def test_findings_of_usual_walking_are_not_judged_in_task_clips(seen, task):
    analysis = seen(TaskWalker(task=task))
    for finding_id in ("foot_drop", "antalgic_gait", "slow_walking", "weak_push_off"):
        found = analysis.findings.get(finding_id)
        assert found is not None
        assert found.status == "not_assessable"
        assert found.reason.startswith("This clip shows")


def test_mirrored_clips_give_mirrored_findings(seen):
    left = seen(TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes", "left", 0.8))
    person = Walker(heading="right_to_left")
    right = seen(TaskWalker(task="heel_raise", person=person).with_fault("cannot_rise_on_toes", "right", 0.8))
    assert present(left) == {("cannot_rise_on_toes", "left")}
    assert present(right) == {("cannot_rise_on_toes", "right")}


def test_the_report_tells_the_task_and_its_repetitions(seen):
    document = build_document(seen(TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes", "left", 0.8)))
    blocks = document.section("task").blocks
    tables = [block for block in blocks if block.kind == "table"]
    assert sum(len(group.rows) for table in tables for group in table.groups) == 10
    assert any(block.kind == "figures" for block in blocks)


def test_the_report_says_why_a_task_is_not_judged(seen):
    document = build_document(seen(TaskWalker(task="walk"), "heel_walk"))
    notices = [block for block in document.section("task").blocks if block.kind == "notice"]
    assert [notice.title for notice in notices] == [seen(TaskWalker(task="walk"), "heel_walk").task.not_done]


def test_usual_walking_has_no_chapter_of_a_task(seen):
    assert "task" not in {section.id for section in build_document(seen(TaskWalker(task="walk"))).sections}


@pytest.mark.parametrize("task", TASKS)
def test_json_holds_the_task_as_the_contract_says(seen, task):
    schema = json.loads(files("gait.report").joinpath("data/analysis.schema.json").read_text())
    content = analysis_json(seen(TaskWalker(task=task)))
    assert list(Draft202012Validator(schema).iter_errors(content)) == []
    assert content["task"]["id"] == task
    assert len(content["task"]["attempts"]) == len(seen(TaskWalker(task=task)).task.attempts)
