from __future__ import annotations

import numpy as np
import pytest

from gait.core.errors import InputError
from gait.core.motion import BodyMotion
from gait.core.skeleton import KEYPOINTS
from gait.simulate import TaskWalker, Walker
from gait.simulate.network import network_noise
from gait.simulate.phone import PhoneCamera
from gait.simulate.sampling import resample_motion, stride_phase

RATE_HZ = 100.0
INDEX = {name: i for i, name in enumerate(KEYPOINTS)}
PERFECT = {"noise": 0.0}


def walk(heading="left_to_right", duration_s=4.0, **settings) -> BodyMotion:
    """A made walk as motion capture would know it."""
    walker = Walker(heading=heading, duration_s=duration_s, **settings)
    time_s = np.arange(0.0, duration_s, 1 / RATE_HZ)
    return BodyMotion(time_s, walker.positions_m(time_s), name="made")


def seen(pose, name):
    return pose.data["position"].values[:, :, INDEX[name]]


def test_a_pinhole_at_the_side_scales_with_focal_length_over_distance():
    motion = walk()
    pose = PhoneCamera(distance_m=4.0, focal_px=1000, height_m=0.9, **PERFECT).film(motion)
    hip = resample_motion(motion, pose.time_s)[:, :, INDEX["right_hip"]]
    px = seen(pose, "right_hip")
    known = np.isfinite(px).all(axis=1)
    travelled = np.ptp(px[known, 0]) / np.ptp(hip[known, 0])
    # The right hip is 4 m minus its own distance from the line of the walk away.
    depth = 4.0 - (hip[:, 2] - np.nanmean(hip[:, 2])).mean() - np.nanmean(hip[:, 2])
    assert travelled == pytest.approx(1000 / depth, rel=0.02)
    assert pose.m_per_px is None
    assert pose.camera is None


@pytest.mark.parametrize(("near_side", "sign"), [("right", 1), ("left", -1)])
def test_seen_from_the_right_the_walker_walks_to_the_right_and_the_near_leg_is_larger(near_side, sign):
    pose = PhoneCamera(near_side=near_side, **PERFECT).film(walk())
    hips = (seen(pose, "left_hip") + seen(pose, "right_hip"))[:, 0] / 2
    assert sign * (hips[-1] - hips[0]) > 300
    length = {
        side: np.nanmedian(np.linalg.norm(seen(pose, f"{side}_hip") - seen(pose, f"{side}_knee"), axis=1))
        for side in ("left", "right")
    }
    far_side = "left" if near_side == "right" else "right"
    assert length[near_side] > 1.01 * length[far_side]
    near = pose.data["confidence"].sel(keypoint=f"{near_side}_knee").mean()
    assert near > pose.data["confidence"].sel(keypoint=f"{far_side}_knee").mean()


def test_seen_from_ahead_the_walker_grows_and_from_behind_shrinks():
    for angle_deg, grows in ((40.0, True), (-40.0, False)):
        pose = PhoneCamera(angle_deg=angle_deg, **PERFECT).film(walk())
        height = np.linalg.norm(seen(pose, "right_shoulder") - seen(pose, "right_ankle"), axis=1)
        known = height[np.isfinite(height)]
        assert (known[-1] > known[0]) == grows


def test_the_whole_walk_is_in_the_picture_by_default_from_every_side():
    for angle_deg in (-60.0, 0.0, 30.0):
        pose = PhoneCamera(angle_deg=angle_deg, **PERFECT).film(walk(duration_s=6.0))
        assert np.isfinite(pose.data["position"].values).all()


def test_what_leaves_the_picture_is_lost():
    pose = PhoneCamera(distance_m=2.0, **PERFECT).film(walk(duration_s=6.0))
    lost = ~np.isfinite(seen(pose, "right_ankle")).all(axis=1)
    assert lost[0]
    assert lost[-1]
    assert not lost.all()
    assert np.all(pose.data["confidence"].values[lost, INDEX["right_ankle"]] == 0)


def test_a_treadmill_is_filmed_in_place():
    pose = PhoneCamera(**PERFECT).film(walk(heading="in_place"))
    hips = (seen(pose, "left_hip") + seen(pose, "right_hip"))[:, 0] / 2
    assert np.ptp(hips) < 60
    assert abs(hips.mean() - pose.width_px / 2) < 150


def test_the_known_motion_of_a_shaking_camera_gives_back_what_a_still_one_sees():
    motion = walk(duration_s=3.0)
    moving = PhoneCamera(distance_m=6.0, shake_px=8.0, **PERFECT).film(motion)
    still = PhoneCamera(distance_m=6.0, **PERFECT).film(motion)
    target = still.data["position"].transpose("time", "keypoint", "space").values
    shaken = moving.data["position"].transpose("time", "keypoint", "space").values
    left, before = moving.camera.apply(shaken) - target, shaken - target
    # Up to where the first frame looked; a similarity cannot undo all of a tilt and a roll away from the middle.
    left, before = left - left[0], before - before[0]
    assert np.std(before) > 5
    assert np.std(left) < 0.3 * np.std(before)
    assert PhoneCamera(is_camera_known=False, shake_px=8.0).film(motion).camera is None


def test_the_known_motion_of_a_turning_camera_unrolls_the_room():
    motion = walk(duration_s=3.0)
    camera = PhoneCamera(distance_m=6.0, pan=1.0, **PERFECT)
    pose = camera.film(motion)
    hips = (seen(pose, "left_hip") + seen(pose, "right_hip")) / 2
    assert np.ptp(hips[:, 0]) < 250  # The camera follows, a little late.
    unrolled = pose.camera.apply(hips[:, None])[:, 0, 0]
    body = resample_motion(motion, pose.time_s)
    pelvis = (body[:, :, INDEX["left_hip"]] + body[:, :, INDEX["right_hip"]]) / 2
    middle = (np.nanmin(body, axis=(0, 2)) + np.nanmax(body, axis=(0, 2))) / 2
    azimuth = np.arctan2(pelvis[:, 0] - middle[0], middle[2] + 6.0 - pelvis[:, 2])
    np.testing.assert_allclose(unrolled - unrolled[0], camera.focal_px * (azimuth - azimuth[0]), atol=4.0)


def test_noise_is_as_large_as_measured_and_larger_on_the_far_leg():
    motion = walk(heading="in_place", duration_s=40.0)
    clean, noisy = (PhoneCamera(noise=level, seed=4).film(motion) for level in (0.0, 1.0))
    error = (noisy.data["position"] - clean.data["position"]).values
    leg_px = sum(
        np.median(np.linalg.norm(seen(clean, f"right_{a}") - seen(clean, f"right_{b}"), axis=1))
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    )
    for side, distance in (("right", "near"), ("left", "far")):
        spread = network_noise(distance).spread
        for name in ("knee", "heel", "toe"):
            index = INDEX[f"{side}_{name}"]
            np.testing.assert_allclose(error[:, :, index].std(axis=0) / leg_px, spread[:, index], rtol=0.25)
    assert error[:, 0, INDEX["left_ankle"]].std() > 1.2 * error[:, 0, INDEX["right_ankle"]].std()


def test_constant_errors_point_ahead_whichever_way_the_walker_faces():
    offset_px = {}
    for near_side in ("right", "left"):
        clean, off = (
            PhoneCamera(near_side=near_side, noise=0.0, offsets=level).film(walk(heading="in_place"))
            for level in (0, 1)
        )
        error = (off.data["position"] - clean.data["position"]).values
        offset_px[near_side] = error[:, 0, INDEX[f"{near_side}_hip"]].mean()
        assert error[:, 1, INDEX["nose"]].mean() < 0  # Up is towards smaller y.
    # The network's hip lies ahead of the joint: to the right when facing right.
    assert offset_px["right"] > 3
    assert offset_px["left"] == pytest.approx(-offset_px["right"], rel=0.1)


def test_the_stride_is_counted_from_labels_or_from_the_heel():
    walker = Walker(duration_s=5.0)
    time_s = np.arange(0.0, 5.0, 1 / RATE_HZ)
    events = tuple(
        (row["time_s"], row["side"], row["kind"])
        for row in walker.truth()["events"]
        if row["kind"] == "initial_contact"
    )
    labelled = BodyMotion(time_s, walker.positions_m(time_s), events)
    contacts = np.array([t for t, side, _ in events if side == "left"])
    phase = stride_phase(labelled, contacts)[:, INDEX["left_heel"]]
    np.testing.assert_allclose(phase, np.arange(len(contacts)), atol=1e-9)
    seen_phase = stride_phase(BodyMotion(time_s, labelled.position_m), contacts)[:, INDEX["left_heel"]]
    # The heel is farthest ahead some hundredths of a second before it lands.
    assert np.all(np.abs(seen_phase - np.round(seen_phase)) < 0.06)
    assert np.isnan(stride_phase(labelled, contacts)[:, INDEX["nose"]]).all()


def test_repeating_errors_come_back_with_every_stride():
    motion = walk(heading="in_place", duration_s=5.5)
    clean, off = (PhoneCamera(noise=0.0, repeating=level, rate_hz=60.0).film(motion) for level in (0.0, 1.0))
    error = (off.data["position"] - clean.data["position"]).values[:, 1, INDEX["right_heel"]]
    stride = round(1.1 * 60)
    assert error.std() > 3.0
    np.testing.assert_allclose(error[stride : 3 * stride], error[2 * stride : 4 * stride], atol=0.35 * error.std())


def test_the_same_seed_gives_the_same_film_and_another_one_does_not():
    motion = walk(duration_s=2.0)
    first, again, other = (PhoneCamera(seed=seed, swaps=0.05, missing=0.05).film(motion) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.data["position"].values, again.data["position"].values)
    assert not np.allclose(first.data["position"].values, other.data["position"].values, equal_nan=True)
    assert np.isnan(first.data["position"].values).any()


def test_frames_come_at_the_asked_rate_on_the_clock_of_the_capture():
    motion = walk(duration_s=3.0)
    later = BodyMotion(motion.time_s + 7.0, motion.position_m)
    even = PhoneCamera(rate_hz=30.0, **PERFECT).film(later)
    assert even.time_s[0] == 7.0
    np.testing.assert_allclose(np.diff(even.time_s), 1 / 30)
    uneven = PhoneCamera(rate_hz=30.0, rate_jitter_pct=5.0, **PERFECT).film(later)
    assert np.diff(uneven.time_s).std() * 30 == pytest.approx(0.05, rel=0.3)


def test_interpolation_is_band_limited_and_keeps_gaps():
    time_s = np.arange(0.0, 2.0, 1 / RATE_HZ)
    position = np.tile(np.sin(2 * np.pi * 6.0 * time_s)[:, None, None], (1, 3, len(KEYPOINTS)))
    position[80:100, :, INDEX["left_heel"]] = np.nan
    between = np.arange(0.2, 1.8, 1 / 37)
    out = resample_motion(BodyMotion(time_s, position), between)
    np.testing.assert_allclose(out[:, 0, INDEX["right_heel"]], np.sin(2 * np.pi * 6.0 * between), atol=2e-4)
    gap = np.isnan(out[:, 0, INDEX["left_heel"]])
    np.testing.assert_array_equal(gap, (between > time_s[79] + 1e-9) & (between < time_s[100] - 1e-9))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"rate_hz": 5.0}, "rate_hz"), ({"angle_deg": 120.0}, "angle_deg"), ({"near_side": "top"}, "near_side"),
     ({"pan": 2.0}, "pan")],
)  # fmt: skip
def test_a_camera_that_cannot_be_is_refused_by_name(wrong, field):
    with pytest.raises(InputError, match=field):
        PhoneCamera(**wrong)


def test_a_capture_of_one_frame_and_a_camera_in_the_way_are_refused():
    motion = walk(duration_s=3.0)
    with pytest.raises(InputError, match="two frames"):
        PhoneCamera().film(BodyMotion(motion.time_s[:1], motion.position_m[:1]))
    with pytest.raises(InputError, match="distance_m"):
        PhoneCamera(angle_deg=80.0, distance_m=1.5).film(motion)


@pytest.mark.parametrize("task", ["stand", "heel_raise", "single_leg_stance", "sit_to_stand"])
def test_a_person_on_the_spot_is_seen_as_still_as_in_rendered_films(task):
    motion = TaskWalker(task=task).motion()
    drawn = PhoneCamera(repeating=1.0, seed=3).film(motion)
    true = PhoneCamera(**PERFECT).film(motion)
    error = [seen(drawn, f"right_{end}")[:, 1] - seen(true, f"right_{end}")[:, 1] for end in ("heel", "toe")]
    hip, knee, ankle = (seen(true, f"right_{name}") for name in ("hip", "knee", "ankle"))
    leg_px = np.nanmedian(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))
    assert 0.001 < np.nanstd(error[0] - error[1]) / leg_px < 0.004


def test_a_walker_on_a_treadmill_is_not_on_the_spot():
    motion = walk(heading="in_place")
    noisy, calm = (PhoneCamera(noise=noise).film(motion) for noise in (1.0, 0.2))
    true = PhoneCamera(**PERFECT).film(motion)
    spread = [np.nanstd(seen(pose, "right_heel") - seen(true, "right_heel")) for pose in (noisy, calm)]
    assert spread[0] == pytest.approx(5 * spread[1], rel=1e-6)
