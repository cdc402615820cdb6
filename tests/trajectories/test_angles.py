from __future__ import annotations

import numpy as np
import pytest

from gait.core.skeleton import LANDMARKS, MIDLINE
from gait.core.trajectories import JOINTS
from gait.trajectories.angles import foot_pitch, joint_angles, segment_angles, trunk_lean
from gait.trajectories.standing import find_standing

LEG_PX = 400.0
#: Ankle, heel and toe of a flat foot, in px from the ankle, x forward, y up.
FOOT = np.array([[0.0, 0.0], [-22.0, -32.0], [90.0, -38.0]])


def turned(points, deg):
    cos, sin = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return points @ np.array([[cos, sin], [-sin, cos]])


def leg(thigh=0.0, shank=0.0, pitch=0.0, facing=1.0, hip=(500.0, 500.0)):
    """``(landmarks, 2)`` px of a leg with known segment angles."""
    forward = np.array([facing, 1.0])
    hip = np.asarray(hip)
    knee = hip + 200 * forward * [np.sin(np.radians(thigh)), -np.cos(np.radians(thigh))]
    ankle = knee + 180 * forward * [-np.sin(np.radians(shank)), -np.cos(np.radians(shank))]
    heel, toe = (ankle + forward * turned(FOOT[i], pitch) for i in (1, 2))
    points = {"hip": hip, "knee": knee, "ankle": ankle, "heel": heel, "toe": toe}
    return np.array([points.get(name, hip + [0.0, 250.0]) for name in LANDMARKS])


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_segments_have_clinical_signs_whichever_way_the_walker_faces(facing):
    poses = [(20.0, 5.0, 0.0), (-10.0, 40.0, 15.0), (30.0, -20.0, -25.0), (0.0, 0.0, 0.0)]
    position = np.array([leg(*pose, facing=facing) for pose in poses])
    found = segment_angles(position, np.full(len(poses), facing))
    np.testing.assert_allclose(found["thigh"], [pose[0] for pose in poses], atol=1e-6)
    np.testing.assert_allclose(found["shank"], [pose[1] for pose in poses], atol=1e-6)
    pitch = found["foot_pitch"] - found["foot_pitch"][0]
    np.testing.assert_allclose(pitch, [0.0, 15.0, -25.0, 0.0], atol=1e-6)


def test_joints_are_sums_of_segments_and_zero_when_standing_straight():
    position = np.array([leg(), leg(30.0, 20.0, 5.0)])
    segments = segment_angles(position, np.ones(2))
    angles = joint_angles(segments, np.array([0.0, 4.0]), float(segments["foot_pitch"][0]))
    by_name = dict(zip(JOINTS, angles.T, strict=True))
    for name in JOINTS:
        assert by_name[name][0] == pytest.approx(0.0, abs=1e-6)
    assert by_name["hip_flexion"][1] == pytest.approx(34.0)
    assert by_name["knee_flexion"][1] == pytest.approx(50.0)
    assert by_name["ankle_dorsiflexion"][1] == pytest.approx(25.0)


def test_an_unknown_direction_gives_no_angles():
    found = segment_angles(np.array([leg(10.0)]), np.zeros(1))
    assert all(np.isnan(values).all() for values in found.values())


def test_the_foot_as_a_rigid_body_is_less_noisy_than_its_line_from_heel_to_toe():
    random = np.random.default_rng(3)
    pitch = 25.0 * np.sin(np.linspace(0, 20, 600))
    points = np.array([turned(FOOT, deg) for deg in pitch]) + random.normal(0, 3.0, (600, 3, 2))
    line = points[:, 2] - points[:, 1]
    by_line = np.degrees(np.arctan2(line[:, 1], line[:, 0]))
    by_body = foot_pitch(points, np.ones(600))

    def spread(found):
        return np.std(found - pitch)

    assert spread(by_body) < 0.95 * spread(by_line)


def test_toes_that_bend_while_the_heel_rises_spoil_the_rigid_foot_less():
    """The tip of the toes stays on the floor while the foot turns about its ball."""
    ball = np.array([55.0, -37.0])
    pitch = np.linspace(0.0, -50.0, 60)
    points = []
    for deg in pitch:
        ankle, heel = (ball + turned(FOOT[i] - ball, deg) for i in (0, 1))
        points.append([ankle, heel, FOOT[2]])
    # The usual shape is the flat one.
    stacked = np.concatenate([np.tile(FOOT, (200, 1, 1)), np.array(points)])
    found = foot_pitch(stacked, np.ones(len(stacked)))
    found = found[200:] - found[0]
    line = stacked[:, 2] - stacked[:, 1]
    by_line = np.degrees(np.arctan2(line[:, 1], line[:, 0]))
    by_line = by_line[200:] - by_line[0]
    assert np.abs(found - pitch)[-1] < 0.9 * np.abs(by_line - pitch)[-1]


def test_a_gap_in_one_point_of_the_foot_is_a_gap_of_its_pitch():
    points = np.tile(FOOT, (5, 1, 1))
    points[2, 0] = np.nan
    found = foot_pitch(points, np.ones(5))
    assert np.isnan(found).tolist() == [False, False, True, False, False]
    assert np.isnan(foot_pitch(np.full((4, 3, 2), np.nan), np.ones(4))).all()


def test_leaning_forward_is_positive_in_both_directions():
    pelvis, neck = np.zeros((2, 2)), np.array([[20.0, 200.0], [-20.0, 200.0]])
    np.testing.assert_allclose(trunk_lean(pelvis, neck, np.array([1.0, -1.0])), np.degrees(np.arctan2(20, 200)))


# ------------------------------------------------------------------------------------------------ quiet standing


def film(standing_s=1.5, walking_s=3.0, facing=1.0, apart_px=0.0, bias_px=0.0, noise_px=0.0, foot_scale=1.0):
    """Somebody who stands, then walks; the network sees the hip ``bias_px`` too far ahead."""
    rate = 100.0
    time_s = np.arange(0.0, standing_s + walking_s, 1 / rate)
    position = np.zeros((len(time_s), 2, len(LANDMARKS), 2))
    for i, t in enumerate(time_s):
        moving = max(0.0, t - standing_s)
        for side in range(2):
            swing = 25 * np.sin(2 * np.pi * moving + np.pi * side) if moving else 0.0
            hip = (500.0 + facing * (moving * 450 + side * apart_px), 500.0)
            position[i, side] = leg(swing, abs(swing), 0.0, facing, hip)
    foot = LANDMARKS.index("toe"), LANDMARKS.index("heel")
    middle = position[:, :, foot].mean(axis=2)
    for index in foot:
        position[:, :, index, 0] = middle[..., 0] + foot_scale * (position[:, :, index, 0] - middle[..., 0])
    position[:, :, LANDMARKS.index("hip"), 0] += facing * bias_px
    position += np.random.default_rng(1).normal(0, noise_px, position.shape)
    hips = position[:, :, LANDMARKS.index("hip")].mean(axis=1)
    midline = np.stack([hips + [0.0, up] for up in (330.0, 250.0, 0.0)], axis=1)
    assert MIDLINE == ("head", "neck", "pelvis")
    return position, midline, time_s


@pytest.mark.parametrize("facing", [1.0, -1.0])
def test_standing_before_the_walk_takes_off_what_the_network_gets_wrong(facing):
    position, midline, time_s = film(facing=facing, bias_px=15.0, noise_px=1.0)
    found = find_standing(position, midline, time_s, LEG_PX)
    assert found is not None
    assert found.facing == facing
    assert found.start_s < 0.3
    assert 1.0 < found.end_s < 1.6
    wrong_deg = -np.degrees(np.arctan2(15.0, 200.0))
    joint = JOINTS.index("knee_flexion")
    np.testing.assert_allclose(found.zero_deg[:, joint], wrong_deg, atol=0.3)
    segments = segment_angles(position[:, 0], np.full(len(time_s), facing))
    lean = trunk_lean(midline[:, 2], midline[:, 1], np.full(len(time_s), facing))
    flat = float(np.median(segments["foot_pitch"][:100]))
    zeroed = joint_angles(segments, lean, flat, zero_deg=found.zero_deg[0])[:, joint]
    plain = joint_angles(segments, lean, flat)[:, joint]
    assert np.mean(plain[:100]) == pytest.approx(wrong_deg, abs=0.3)
    assert np.mean(zeroed[:100]) == pytest.approx(0.0, abs=0.3)
    np.testing.assert_allclose(plain - zeroed, wrong_deg, atol=0.4)


@pytest.mark.parametrize(
    ("why", "how"),
    [
        ("no standing at all", {"standing_s": 0.0}),
        ("too short", {"standing_s": 0.4}),
        ("feet apart, as in a stride", {"apart_px": 140.0}),
        ("facing the camera", {"foot_scale": 0.3}),
        ("bent over the legs", {"bias_px": 120.0}),
    ],
)
def test_what_is_no_quiet_standing_gives_no_zero(why, how):
    position, midline, time_s = film(**how)
    assert find_standing(position, midline, time_s, LEG_PX) is None, why


def test_standing_that_is_not_seen_gives_no_zero():
    position, midline, time_s = film()
    position[time_s < 1.6, 1, LANDMARKS.index("heel")] = np.nan
    assert find_standing(position, midline, time_s, LEG_PX) is None
