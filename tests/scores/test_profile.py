"""Curve scores of made curves whose distance from usual is known."""

from __future__ import annotations

from dataclasses import replace

import example
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from gait.core.clip import Clip
from gait.core.cycles import CYCLE_COLUMNS, PERCENT, GaitCycles
from gait.core.sides import SIDES, other_side
from gait.core.tasks import TaskRecord
from gait.core.trajectories import JOINTS, View
from gait.scores.compute import compute_scores
from gait.scores.norm import SCORED_JOINTS, load_norm_curves, norm_means, usual
from gait.scores.profile import difference, profile_scores, variable_scores

WAVE = np.sin(2 * np.pi * PERCENT / 100)


def clip(shift=None, wave=None, near=("left", "right"), cycles=3, joints=JOINTS):
    """A walk on the norm's own curves, each side ``shift`` deg off and with a wave of that amplitude on top."""
    shift, wave = shift or {}, wave or {}
    rows, curves = [], []
    for side in SIDES:
        for number in range(cycles):
            rows.append((len(rows), side, number, number + 0.62, number + 1.0, 0, side in near))
            one = np.full((101, len(joints)), np.nan)
            for joint, norm in norm_means().items():
                one[:, joints.index(joint)] = norm + shift.get(side, 0.0) + wave.get(side, 0.0) * WAVE
            curves.append(one)
    table = pd.DataFrame(rows, columns=list(CYCLE_COLUMNS))
    data = xr.DataArray(
        np.array(curves),
        dims=("cycle", "percent", "joint"),
        coords={"cycle": table["cycle"].to_numpy(), "percent": PERCENT, "joint": list(joints)},
    )
    return Clip(example.make_trajectories(), example.make_events(), GaitCycles(table, data))


def shapes(scores, side):
    return {score.joint: score.shape_deg for score in scores if score.side == side}


def test_the_norms_own_curves_are_not_away_from_it():
    scores = variable_scores([clip()])
    assert {(score.joint, score.side) for score in scores} == {(j, s) for j in SCORED_JOINTS for s in SIDES}
    assert max(score.shape_deg for score in scores) == pytest.approx(0.0, abs=1e-9)


def test_a_constant_difference_is_told_apart_and_does_not_score():
    scores = variable_scores([clip(shift={"right": 7.0})])
    right = [score for score in scores if score.side == "right"]
    assert [score.shift_deg for score in right] == pytest.approx([7.0] * 3)
    assert [score.shape_deg for score in right] == pytest.approx([0.0] * 3, abs=1e-9)


def test_a_wave_scores_its_root_mean_square_and_only_on_its_side():
    scores = variable_scores([clip(wave={"left": 10.0})])
    size = 10.0 * float(np.sqrt(np.mean((WAVE - WAVE.mean()) ** 2)))
    assert list(shapes(scores, "left").values()) == pytest.approx([size] * 3)
    assert list(shapes(scores, "right").values()) == pytest.approx([0.0] * 3, abs=1e-9)


def test_shape_and_shift_add_up_to_the_score_of_baker():
    random = np.random.default_rng(1)
    norm, mean = random.normal(0, 10, 101), random.normal(4, 12, 101)
    shape, shift = difference(mean, norm)
    assert np.hypot(shape, shift) == pytest.approx(np.sqrt(np.mean((mean - norm) ** 2)))


def test_mirrored_curves_give_mirrored_scores():
    one = variable_scores([clip(wave={"left": 8.0, "right": 3.0}, shift={"left": 2.0})])
    other = variable_scores([clip(wave={"right": 8.0, "left": 3.0}, shift={"right": 2.0})])
    for side in SIDES:
        assert shapes(one, side) == pytest.approx(shapes(other, other_side(side)))


def test_the_sum_is_the_root_mean_square_of_its_joints_and_of_both_sides():
    variables = variable_scores([clip(wave={"left": 10.0, "right": 4.0})])
    sums = {score.side: score.value_deg for score in profile_scores(variables)}
    left, right = (np.array(list(shapes(variables, side).values())) for side in SIDES)
    assert sums["left"] == pytest.approx(np.sqrt(np.mean(left**2)))
    assert sums["both"] == pytest.approx(np.sqrt(np.mean(np.concatenate([left, right]) ** 2)))


def test_a_side_that_lacks_a_joint_has_no_sum():
    walk = clip()
    hidden = walk.cycles.curves.copy()
    right = (walk.cycles.table["side"] == "right").to_numpy()
    hidden.values[right, :, JOINTS.index("hip_flexion")] = np.nan
    scores = profile_scores(variable_scores([replace(walk, cycles=GaitCycles(walk.cycles.table, hidden))]))
    assert [score.side for score in scores] == ["left"]


def test_cycles_of_the_near_leg_are_taken_where_there_are_two():
    seen_far, seen_near = clip(wave={"left": 9.0}, near=("right",)), clip(near=("left",))
    both = {s.joint: s for s in variable_scores([seen_far, seen_near]) if s.side == "left"}["knee_flexion"]
    assert both.is_near
    assert both.shape_deg == pytest.approx(0.0, abs=1e-9)
    alone = {s.joint: s for s in variable_scores([seen_far]) if s.side == "left"}["knee_flexion"]
    assert not alone.is_near
    assert alone.usual == usual("shape_knee_flexion", "far")


def test_other_views_and_other_tasks_have_no_curve_scores():
    walk = clip()
    front = replace(walk, trajectories=replace(walk.trajectories, view=View("frontal", 0.9, 88.0)))
    assert variable_scores([front]) == ()
    assert compute_scores(example.make_parameters(), [replace(walk, task=TaskRecord("toe_walk"))]).variables == ()


def test_children_have_no_curve_scores_and_slow_walkers_are_told_why_theirs_are_high():
    child = compute_scores(example.make_parameters(), [clip()], is_child=True)
    assert child.variables == child.profile == ()
    assert "younger than 18" in child.notes[0]
    for speed_class, word in (("very_slow", "slower"), ("slow", "slower"), ("fast", "faster"), ("", "not known")):
        notes = compute_scores(example.make_parameters(), [clip()], speed_class=speed_class).notes
        assert word in notes[0]
    assert compute_scores(example.make_parameters(), [clip()], speed_class="free").notes == ()


def test_every_score_has_what_healthy_people_have_with_this_program():
    for leg in ("near", "far"):
        names = ("profile", *(f"{part}_{joint}" for part in ("shape", "shift") for joint in SCORED_JOINTS))
        for name in names:
            found = usual(name, leg)
            assert found is not None, (name, leg)
            assert found.low < found.high
            assert found.change > 0
            assert found.legs >= 20
    assert usual("profile", "both") is not None
    assert usual("visual", "any") is not None
    assert usual("charm", "near") is None


def test_the_norm_has_a_curve_and_a_spread_for_every_scored_joint():
    table = load_norm_curves()
    assert set(norm_means()) == set(SCORED_JOINTS)
    assert (table["sd_deg"] > 0).all()
    assert all(len(curve) == 101 for curve in norm_means().values())
