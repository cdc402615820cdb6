"""From a pose to trajectories: view, passes, scale, angles, and what is refused."""

import numpy as np
import pytest

from gait.core.errors import NotEnoughDataError
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.simulate.walker import BySide, Walker
from gait.trajectories.build import build_trajectories


def build(walker: Walker, **subject):
    return build_trajectories(walker.pose(), Subject(**subject))


@pytest.mark.parametrize(("heading", "facing", "near"), [("left_to_right", 1, "right"), ("right_to_left", -1, "left")])
def test_a_side_view_knows_heading_and_near_side(heading, facing, near):
    built = build(Walker(heading=heading, noise_px=2.0), height_m=1.75)
    assert built.view.kind == "sagittal"
    assert [(p.heading, p.facing, p.near_side) for p in built.passes] == [(heading, facing, near)]


def test_there_and_back_gives_two_passes_without_the_turn():
    built = build(Walker(there_and_back=True, duration_s=14.0, noise_px=2.0), height_m=1.75)
    assert [p.facing for p in built.passes] == [1, -1]
    assert built.passes[0].end_s < built.passes[1].start_s


def test_a_treadmill_is_recognised_and_its_speed_scales_the_picture():
    walker = Walker(heading="in_place", duration_s=10.0, noise_px=2.0)
    true_speed = next(p["value"] for p in walker.truth()["parameters"] if p["id"] == "walking_speed_mps")
    built = build_trajectories(walker.pose(), Subject(), treadmill_speed_mps=true_speed)
    assert built.is_treadmill
    assert built.scale.source == "treadmill"
    assert built.scale.m_per_px == pytest.approx(walker.m_per_px, rel=0.06)


@pytest.mark.parametrize("heading", ["towards", "away"])
def test_a_frontal_view_has_no_near_side(heading):
    built = build(Walker(view="frontal", heading=heading, duration_s=5.0, noise_px=1.0), height_m=1.75)
    assert built.view.kind == "frontal"
    assert {p.heading for p in built.passes} == {heading}
    assert {p.near_side for p in built.passes} == {None}


def test_height_gives_metres_and_without_it_there_are_none():
    walker = Walker(noise_px=1.0)
    assert build(walker, height_m=1.75).scale.m_per_px == pytest.approx(walker.m_per_px, rel=0.06)
    assert build(walker).scale.m_per_px is None


def test_a_flat_foot_reads_zero_and_a_straight_knee_too():
    walker = Walker(noise_px=0.5, duration_s=8.0)
    built = build(walker, height_m=1.75)
    for side in ("left", "right"):
        pitch, knee = built.joint(side, "foot_pitch"), built.joint(side, "knee_flexion")
        assert np.nanquantile(np.abs(pitch), 0.25) < 3.0
        assert -3.0 < np.nanmin(knee) < 15.0
        assert np.nanmax(knee) == pytest.approx(60.0, abs=6.0)


def test_nobody_is_refused():
    count = len(KEYPOINTS)
    pose = Pose.from_arrays(np.arange(90) / 30.0, np.full((90, 2, count), np.nan), np.zeros((90, count)), 640, 480)
    with pytest.raises(NotEnoughDataError, match="person") as caught:
        build_trajectories(pose, Subject())
    assert caught.value.issue_id == "no_person"


def test_somebody_who_stands_is_refused():
    still = Walker(duration_s=6.0).pose()
    frozen = np.repeat(still.data["position"].values[60:61], len(still.time_s), axis=0)
    rng = np.random.default_rng(0)
    pose = Pose.from_arrays(
        still.time_s, frozen + rng.normal(0, 0.5, frozen.shape), still.data["confidence"].values, 1280, 720
    )
    with pytest.raises(NotEnoughDataError, match="does not walk") as caught:
        build_trajectories(pose, Subject())
    assert caught.value.issue_id == "nobody_walks"


def test_hidden_feet_are_refused_by_name():
    pose = Walker(duration_s=6.0).pose()
    confidence = pose.data["confidence"].values.copy()
    for name in ("left_heel", "left_toe", "right_heel", "right_toe"):
        confidence[:, KEYPOINTS.index(name)] = 0.05
    hidden = Pose.from_arrays(pose.time_s, pose.data["position"].values, confidence, 1280, 720)
    with pytest.raises(NotEnoughDataError, match="left heel, left toe, right heel, right toe") as caught:
        build_trajectories(hidden, Subject())
    assert caught.value.issue_id == "feet_not_visible"


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_hidden_leg_is_refused_by_name(side):
    pose = Walker(duration_s=6.0).pose()
    confidence = pose.data["confidence"].values.copy()
    for name in ("knee", "ankle", "heel", "toe"):
        confidence[:, KEYPOINTS.index(f"{side}_{name}")] = 0.05
    hidden = Pose.from_arrays(pose.time_s, pose.data["position"].values, confidence, 1280, 720)
    with pytest.raises(NotEnoughDataError, match=f"{side} ankle") as caught:
        build_trajectories(hidden, Subject())
    assert caught.value.issue_id == "feet_not_visible"


def test_building_does_not_change_the_pose():
    pose = Walker(duration_s=4.0, noise_px=2.0, swaps=0.05).pose()
    before = pose.data.copy(deep=True)
    build_trajectories(pose, Subject(height_m=1.75))
    assert before.identical(pose.data)


def test_slow_steps_are_walking_too():
    built = build(Walker(stride_time_s=2.4, step_length_ll=BySide.both(0.35), duration_s=12.0, noise_px=2.0))
    assert sum(p.duration_s for p in built.passes) > 9.0


def test_angles_are_counted_from_quiet_standing_where_that_is_wished():
    walker = Walker(duration_s=6.0, noise_px=0.3)
    walk = walker.pose()
    flat = walk.data["position"].values
    feet = [KEYPOINTS.index(f"{side}_ankle") for side in ("left", "right")]
    together = int(np.argmin(np.abs(flat[:90, 0, feet[0]] - flat[:90, 0, feet[1]])))
    # Stand for a second with both legs as the standing one, knee 6 degrees short of straight.
    still = standing_still(flat[together])
    position = np.concatenate([np.repeat(still[None], 60, axis=0), flat[together:]])
    time_s = np.arange(len(position)) / 60.0
    pose = Pose.from_arrays(time_s, position, np.full((len(position), len(KEYPOINTS)), 0.9), walk.width_px, 720)
    plain, zeroed = (build_trajectories(pose, Subject(height_m=1.75), zero_to_standing=wish) for wish in (False, True))
    for side in ("left", "right"):
        change = plain.joint(side, "knee_flexion") - zeroed.joint(side, "knee_flexion")
        assert np.nanstd(change) < 1e-6
        knee = angle_deg(still, side)
        assert np.nanmedian(change) == pytest.approx(knee, abs=1.5)


def standing_still(frame: np.ndarray) -> np.ndarray:
    """``(2, keypoints)`` px: both legs as the left one, side by side."""
    out = frame.copy()
    for name in ("hip", "knee", "ankle", "heel", "toe"):
        out[:, KEYPOINTS.index(f"right_{name}")] = out[:, KEYPOINTS.index(f"left_{name}")] + np.array([4.0, 0.0])
    return out


def angle_deg(frame: np.ndarray, side: str) -> float:
    """Knee flexion of one frame, walking right, deg."""
    hip, knee, ankle = (frame[:, KEYPOINTS.index(f"{side}_{name}")] for name in ("hip", "knee", "ankle"))
    thigh = np.degrees(np.arctan2(knee[0] - hip[0], knee[1] - hip[1]))
    shank = np.degrees(np.arctan2(knee[0] - ankle[0], ankle[1] - knee[1]))
    return float(thigh + shank)
