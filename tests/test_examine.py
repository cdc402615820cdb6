"""Several clips of one person as one examination: what is put together, what is kept apart, what is told."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from walks import analyse, present

from gait.core.analysis import Analysis
from gait.core.errors import InputError
from gait.core.examination import Examination, LeftOut
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Answer, Intake, Subject
from gait.examine import examine, look_at
from gait.simulate.walker import BySide, Walker

SUBJECT = Subject(height_m=1.75)
USUAL = Walker(duration_s=7.0, noise_px=1.5)


def named(analysis: Analysis, name: str) -> Analysis:
    return replace(analysis, recording=replace(analysis.recording, path=Path(name), sha256=name))


@lru_cache(maxsize=32)
def clip(walker: Walker, name: str) -> Analysis:
    return named(analyse(walker.pose(), replace(SUBJECT, height_m=walker.height_m), walker.rate_hz), name)


def there_and_back(walker: Walker) -> list[Analysis]:
    return [
        clip(replace(walker, heading="left_to_right", seed=1), "there.nc"),
        clip(replace(walker, heading="right_to_left", seed=2), "back.nc"),
    ]


def examined(*clips: Analysis, **options: object) -> Examination:
    return examine(clips, SUBJECT, looks=[look_at(one) for one in clips], **options)


def issue_ids(examination: Examination) -> list[str]:
    return [issue.id for issue in examination.issues]


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_fault_is_found_on_its_side_with_the_strides_of_both_films(side):
    found = examined(*there_and_back(USUAL.with_fault("weak_push_off", side, 1.0)))
    assert ("weak_push_off", side) in present(found.findings)
    assert ("weak_push_off", "right" if side == "left" else "left") not in present(found.findings)
    assert set(found.findings.get("weak_push_off", side).sources) == {"there.nc", "back.nc"}
    (pool,) = found.joint_pools
    assert pool.clips == ("there.nc", "back.nc")


def test_a_healthy_person_has_no_finding_and_more_is_answered_together_than_alone():
    clips = there_and_back(USUAL)
    together = examined(*clips).findings
    assert present(together) == set()
    assert len(together.with_status("absent")) >= max(len(one.findings.with_status("absent")) for one in clips)


def test_filmed_both_ways_the_interval_of_a_side_difference_is_narrower():
    clips = there_and_back(USUAL)
    (pool,) = examined(*clips).joint_pools
    together = pool.parameters.get("step_length_asymmetry_pct")
    for one in clips:
        alone = one.parameters.get("step_length_asymmetry_pct")
        assert together.high - together.low < alone.high - alone.low
        assert together.strides > alone.strides


def test_the_order_of_the_clips_changes_nothing():
    clips = there_and_back(USUAL.with_fault("weak_push_off", "right", 1.0))
    one, other = examined(*clips).findings, examined(*clips[::-1]).findings
    assert [(f.id, f.side, f.status, f.severity) for f in one.all] == [
        (f.id, f.side, f.status, f.severity) for f in other.all
    ]


def test_side_and_front_answer_each_others_questions():
    front = clip(replace(USUAL, view="frontal", heading="towards"), "front.nc")
    side = there_and_back(USUAL)
    found = examined(*side, front)
    assert {(pool.task, pool.view) for pool in found.joint_pools} == {("walk", "sagittal"), ("walk", "frontal")}
    for one in (front, examined(*side)):
        judged = {(f.id, f.side) for f in one.findings.with_status("absent")}
        merged = {(f.id, f.side) for f in found.findings.with_status("absent")}
        assert judged <= merged
    base = found.findings.get("wide_base")
    assert base.sources == ("front.nc",)


def test_walks_of_different_speeds_are_not_measured_together_and_that_is_told():
    slow = replace(USUAL, stride_time_s=1.5, step_length_ll=BySide.both(0.55), duration_s=9.0)
    found = examined(clip(USUAL, "usual.nc"), clip(slow, "slow.nc"))
    assert [pool.clips for pool in found.joint_pools] == [("slow.nc",), ("usual.nc",)]
    (issue,) = [issue for issue in found.issues if issue.id == "not_pooled"]
    assert "usual.nc" in issue.message
    assert "slow.nc" in issue.message
    assert "faster" in issue.message


def test_a_treadmill_is_not_measured_together_with_the_ground():
    belt = clip(replace(USUAL, heading="in_place"), "belt.nc")
    found = examined(clip(USUAL, "ground.nc"), belt)
    assert len(found.joint_pools) == 2
    assert any("treadmill" in issue.message for issue in found.issues if issue.id == "not_pooled")


def stretched_trunk(pose: Pose, factor: float) -> Pose:
    """Everything above the hips farther away from them."""
    position = pose.data["position"].transpose("time", "space", "keypoint").values.copy()
    names = list(KEYPOINTS)
    hips = position[:, 1, [names.index("left_hip"), names.index("right_hip")]].mean(axis=1)
    for index, name in enumerate(names):
        if not name.endswith(("hip", "knee", "ankle", "heel", "toe")):
            position[:, 1, index] = hips + factor * (position[:, 1, index] - hips)
    return Pose.from_arrays(pose.time_s, position, pose.data["confidence"].values, pose.width_px, pose.height_px)


def test_findings_of_two_people_are_never_put_together():
    drop = USUAL.with_fault("weak_push_off", "right", 1.0)
    other = named(analyse(stretched_trunk(drop.pose(), 1.35), SUBJECT), "other.nc")
    found = examined(clip(USUAL, "one.nc"), other)
    assert issue_ids(found) == ["other_person_suspected"]
    assert found.findings.all == ()
    assert found.pools == ()
    assert found.reasoning.causes == ()
    assert [one.recording.path.name for one in found.clips] == ["one.nc", "other.nc"]

    sure = examined(clip(USUAL, "one.nc"), other, is_sure=True)
    assert [(issue.id, issue.severity) for issue in sure.issues][:1] == [("other_person_suspected", "warning")]
    assert sure.pools


def test_warning_signs_are_told_even_where_clips_are_not_put_together():
    answers = (Answer("saddle_numbness", "yes"), Answer("bladder_change", "yes"))
    told = replace(SUBJECT, intake=Intake(answers=answers))
    other = named(analyse(stretched_trunk(USUAL.pose(), 1.35), SUBJECT), "other.nc")
    clips = [clip(USUAL, "one.nc"), other]
    found = examine(clips, told, looks=[look_at(one) for one in clips])
    assert found.findings.all == ()
    assert found.reasoning.urgency == "emergency"


def test_a_film_given_twice_counts_once():
    one, back = there_and_back(USUAL)
    again = replace(one, recording=replace(one.recording, path=Path("copy.nc")))
    found = examined(one, again, back)
    assert issue_ids(found) == ["duplicate_film"]
    assert [out.name for out in found.left_out] == ["copy.nc"]
    assert found.joint_pools[0].clips == ("there.nc", "back.nc")
    once = examined(one, back)
    assert [f.status for f in found.findings.all] == [f.status for f in once.findings.all]


def test_a_clip_that_failed_is_named_as_missing():
    found = examined(*there_and_back(USUAL), left_out=[LeftOut("raise.mov", "raise.mov is empty.")])
    assert issue_ids(found) == ["clip_missing"]
    assert "raise.mov" in found.issues[0].message
    assert found.left_out[0].name == "raise.mov"


def test_no_clip_at_all_is_a_mistake():
    with pytest.raises(InputError, match="nothing to take together"):
        examine([], SUBJECT)


def walks_that_shorten() -> list[Analysis]:
    lengths = (0.76, 0.70, 0.64, 0.58)
    return [
        clip(replace(USUAL, step_length_ll=BySide.both(length), stride_time_s=1.1, seed=number), f"walk{number}.nc")
        for number, length in enumerate(lengths)
    ]


def test_steps_that_shorten_from_film_to_film_are_a_trend_where_the_times_were_told():
    clips = walks_that_shorten()
    starts = {one.recording.path.name: 1.5 * number for number, one in enumerate(clips)}
    found = examined(*clips, starts_min=starts)
    trend = next(
        value for pool in found.joint_pools if (value := pool.parameters.get("step_length_trend_pctpmin")) is not None
    )
    # 0.76 to 0.58 in 4.5 minutes: 0.18 / 4.5 of the mean, 0.67.
    assert trend.value == pytest.approx(-100 * 0.18 / 4.5 / 0.67, abs=0.8)
    assert trend.low < trend.value < trend.high < 0
    assert trend.strides == sum(len(one.cycles) for one in clips)
    assert ("deterioration_while_walking", None) in present(found.findings)


@pytest.mark.parametrize("starts", [None, {f"walk{number}.nc": 0.4 * number for number in range(4)}])
def test_without_times_or_within_two_minutes_there_is_no_trend(starts):
    found = examined(*walks_that_shorten(), starts_min=starts)
    trends = [pool.parameters.get("step_length_trend_pctpmin") for pool in found.joint_pools]
    assert trends == [None] * len(trends)
    assert found.findings.get("deterioration_while_walking").status == "not_assessable"


def test_steady_walks_have_no_trend():
    clips = [clip(replace(USUAL, seed=number), f"steady{number}.nc") for number in range(3)]
    found = examined(*clips, starts_min={f"steady{number}.nc": 4.0 * number for number in range(3)})
    assert found.findings.get("deterioration_while_walking").status == "absent"


def test_what_to_film_next_shrinks_with_every_view():
    side = there_and_back(USUAL)
    front = clip(replace(USUAL, view="frontal", heading="towards"), "front.nc")
    few, more = examined(*side), examined(*side, front)
    asked = [{name for film in found.next_films for name in film.answers} for found in (few, more)]
    assert asked[1] < asked[0]
    assert any("front" in film.text for film in few.next_films)


def test_nothing_is_changed_in_the_clips():
    clips = there_and_back(USUAL)
    before = [np.array(one.parameters.strides["value"]) for one in clips]
    examined(*clips)
    for one, values in zip(clips, before, strict=True):
        assert np.array_equal(one.parameters.strides["value"], values)
        assert all(finding.sources == () for finding in one.findings.all)
