"""Task clips: what is asked for is done, as often and as far as the truth says."""

import json

import numpy as np
import pytest

from gait.app.simulate import Order, run
from gait.core.errors import InputError
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.core.tasks import TASKS
from gait.simulate import BySide, TaskWalker, Walker, write_truth
from gait.simulate.tasks import _CHANGES


def heights(task, time_s, name):
    return task.positions_m(time_s)[:, 1, KEYPOINTS.index(name)]


def values(task, name, side):
    return [row["values"][name] for row in task.truth()["attempts"] if row["side"] == side]


@pytest.mark.parametrize("task", TASKS)
def test_every_task_makes_a_film_with_truth(task, tmp_path):
    made = TaskWalker(task=task, person=Walker(duration_s=5, rate_hz=30))
    pose, truth = made.pose(), made.truth()
    assert np.isfinite(pose.data["position"].values).all()
    assert truth["task"] == task
    assert json.loads(write_truth(truth, tmp_path / "a.truth.json").read_text()) == truth
    assert len(made.motion().time_s) > 100
    for row in truth["attempts"]:
        assert 0 <= row["start_s"] <= row["peak_s"] <= row["end_s"] <= made.duration_s


@pytest.mark.parametrize("legs", ["both", "left", "right", "each"])
def test_heel_raises_lift_the_heel_as_often_and_as_high_as_told(legs):
    task = TaskWalker(task="heel_raise", legs=legs, repetitions=4)
    rows = task.truth()["attempts"]
    assert len(rows) == (8 if legs == "each" else 4)
    for row in rows:
        for side in SIDES if row["side"] == "both" else (row["side"],):
            rise = np.ptp(heights(task, np.array([row["start_s"], row["peak_s"]]), f"{side}_heel"))
            assert rise == pytest.approx(task.heel_height_m(side), rel=0.02)
            assert rise == pytest.approx(row["values"][f"{side}_heel_height_ll"] * task.person.leg_length_m, rel=1e-3)
            assert heights(task, np.array([row["peak_s"]]), f"{side}_toe")[0] == pytest.approx(0, abs=1e-9)


def test_the_leg_that_does_not_work_is_off_the_floor():
    task = TaskWalker(task="heel_raise", legs="left", repetitions=3)
    peak = np.array([row["peak_s"] for row in task.truth()["attempts"]])
    assert heights(task, peak, "right_toe").min() > 0.05


def test_a_person_who_cannot_rise_stays_low_on_the_named_side_only():
    weak = TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes", "right", 0.8)
    assert max(values(weak, "heel_raise_height_ll", "right")) * weak.person.leg_length_m < 0.021
    assert min(values(weak, "heel_raise_height_ll", "left")) > 0.09
    walk = TaskWalker(task="toe_walk").with_fault("cannot_rise_on_toes", "right", 0.8)
    assert max(values(walk, "toe_walk_heel_height_ll", "right")) < 0.3 * min(
        values(walk, "toe_walk_heel_height_ll", "left")
    )


def test_walking_on_heels_keeps_the_forefoot_up_unless_it_cannot():
    usual = TaskWalker(task="heel_walk")
    weak = usual.with_fault("cannot_walk_on_heels", "left", 0.9)
    assert min(values(usual, "heel_walk_foot_pitch_deg", "left")) == pytest.approx(14, abs=0.2)
    assert max(values(weak, "heel_walk_foot_pitch_deg", "left")) < 2
    assert min(values(weak, "heel_walk_foot_pitch_deg", "right")) == pytest.approx(14, abs=0.2)
    assert max(values(usual, "heel_walk_heel_height_ll", "right")) == pytest.approx(0, abs=1e-6)


def test_single_leg_stance_lifts_the_other_foot_and_shows_the_drop():
    task = TaskWalker(task="single_leg_stance", hold_s=BySide(3.0, 5.0))
    left, right = task.truth()["attempts"]
    assert (left["values"]["single_leg_stance_time_s"], right["values"]["single_leg_stance_time_s"]) == (3.0, 5.0)
    assert heights(task, np.array([left["peak_s"]]), "right_heel")[0] > 0.08
    assert heights(task, np.array([left["peak_s"]]), "left_heel")[0] == pytest.approx(0, abs=1e-9)
    weak = task.with_fault("trendelenburg", "left", 0.6)
    assert values(weak, "pelvic_drop_deg", "left")[0] == pytest.approx(8.6, abs=0.2)
    assert values(weak, "pelvic_drop_deg", "right")[0] == pytest.approx(2.0, abs=0.2)
    lean = task.with_fault("trunk_lean_over_stance", "right", 1.0)
    assert values(lean, "trunk_lean_over_stance_deg", "right")[0] == pytest.approx(14, abs=0.2)


def test_rising_from_a_chair_lifts_the_hips_by_a_thigh_and_back():
    task = TaskWalker(task="sit_to_stand", repetitions=3)
    rows = task.truth()["attempts"]
    assert len(rows) == 3
    body = task.bodies()["left"]
    for row in rows:
        seated, standing = heights(task, np.array([row["start_s"], row["peak_s"]]), "left_hip")
        assert standing - seated == pytest.approx(body.thigh_m, abs=0.05)
    assert heights(task, np.array([0.0]), "left_hip")[0] == pytest.approx(seated, abs=0.02)


def test_parameters_of_tasks_have_the_ids_and_sizes_of_the_catalogue():
    def told(task):
        return {(row["id"], row["side"]): row["value"] for row in task.truth()["parameters"]}

    heel_walk = told(TaskWalker(task="heel_walk").with_fault("cannot_walk_on_heels", "left", 0.9))
    assert heel_walk["heel_walk_foot_pitch_deg", "right"] == pytest.approx(14, abs=0.2)
    assert heel_walk["heel_walk_foot_pitch_deg", "left"] < 2
    assert told(TaskWalker(task="toe_walk"))["toe_walk_heel_height_ll", "left"] > 0.05
    hold = told(TaskWalker(task="single_leg_stance", hold_s=BySide(3.0, 40.0)))
    assert (hold["single_leg_stance_time_s", "left"], hold["single_leg_stance_time_s", "right"]) == (3.0, 30.0)
    weak = told(TaskWalker(task="heel_raise", repetitions=4).with_fault("cannot_rise_on_toes", "right", 0.9))
    assert (weak["heel_raise_count", "left"], weak["heel_raise_count", "right"]) == (4, 0)
    assert weak["heel_raise_height_ll", "right"] < 0.022 < weak["heel_raise_height_ll", "left"]
    chair = told(TaskWalker(task="sit_to_stand", repetitions=3))
    assert chair["sit_to_stand_count", "both"] == 3
    assert 0.2 < chair["sit_to_stand_rise_time_s", "both"] < 1.2  # the way up takes 1.2 s in all


def test_standing_shows_a_list_and_a_short_leg():
    listing = TaskWalker(task="stand").with_fault("lateral_trunk_list", "left", 0.6)
    row = next(row for row in listing.truth()["parameters"] if row["id"] == "standing_trunk_list_deg")
    assert row["value"] == pytest.approx(-6.0, abs=0.2)
    short = TaskWalker(task="stand").with_fault("leg_length_pattern", "left", 0.5)
    row = next(row for row in short.truth()["parameters"] if row["id"] == "pelvic_obliquity_deg")
    assert row["value"] == pytest.approx(6.0, abs=0.3)  # 2 cm under hips 19 cm apart
    assert short.truth()["subject"]["leg_length_m"]["left"] == pytest.approx(
        short.truth()["subject"]["leg_length_m"]["right"] - 0.02
    )


@pytest.mark.parametrize(("fault_id", "task"), list(_CHANGES))
def test_standing_bones_keep_their_lengths(fault_id, task):
    made = TaskWalker(task=task).with_fault(fault_id, "left", 0.7)
    room = made.positions_m(np.linspace(0.0, made.duration_s - 0.1, 300))
    for side in SIDES:
        hip, knee, ankle = (room[:, :2, KEYPOINTS.index(f"{side}_{name}")] for name in ("hip", "knee", "ankle"))
        assert np.ptp(np.linalg.norm(hip - knee, axis=1)) < 1e-3  # a pelvis that tilts turns the hips a little
        assert np.ptp(np.linalg.norm(knee - ankle, axis=1)) < 1e-3
    assert made.truth()["findings"] == [{"id": fault_id, "side": "left"}]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TaskWalker(task="dance"), "heel_walk"),
        (lambda: TaskWalker(task="heel_raise", legs="none"), "both, left, right or each"),
        (lambda: TaskWalker(task="single_leg_stance", legs="both").truth(), "one leg"),
        (lambda: TaskWalker(task="sit_to_stand").with_fault("foot_drop", "left"), "does not show"),
        (lambda: TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes"), "left or right"),
        (lambda: TaskWalker(task="heel_raise").with_fault("cannot_rise_on_toes", "left", 3.0), "severity"),
        (lambda: TaskWalker(task="heel_raise", repetitions=0), "repetitions"),
    ],
)
def test_what_makes_no_task_is_refused(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_a_fault_of_the_walk_is_planted_in_a_walking_task():
    made = TaskWalker(task="toe_walk").with_fault("antalgic_gait", "left", 0.8)
    assert made.truth()["findings"] == [{"id": "antalgic_gait", "side": "left"}]


def test_a_finding_that_only_a_task_shows_is_made_as_that_task(tmp_path, capsys):
    run(Order(out=tmp_path / "raise.nc", fault="cannot_rise_on_toes", side="right"))
    assert "--task heel_raise" in capsys.readouterr().out
    truth = json.loads((tmp_path / "raise.truth.json").read_text())
    assert truth["findings"] == [{"id": "cannot_rise_on_toes", "side": "right"}]
    assert truth["attempts"]
