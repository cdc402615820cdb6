"""Planted faults: as large as planned, on the side a report would name, in a body that stays one."""

from dataclasses import replace

import contract_ids
import numpy as np
import pytest

from gait.core.errors import InputError
from gait.core.sides import SIDES, other_side
from gait.core.skeleton import KEYPOINTS
from gait.simulate import FAULTS, BySide, Walker
from gait.simulate.legs import leg_motion
from gait.simulate.population import population
from gait.simulate.solve import solve

#: Every finding of a walk that the contracts name; those of other tasks are tested with the tasks.
CONTRACT = set(contract_ids.FINDINGS) - {"cannot_rise_on_toes", "cannot_walk_on_heels"}


def values(walker):
    return {(row["id"], row["side"]): row["value"] for row in walker.truth()["parameters"]}


def planted(fault_id, severity, side="right", **fields):
    fault = FAULTS[fault_id]
    heading = "left_to_right" if fault.view == "sagittal" else "towards"
    walker = Walker(view=fault.view, heading=heading, **fields)
    return walker.with_fault(fault_id, side if fault.has_side else None, severity)


def test_every_finding_of_a_walk_can_be_planted():
    assert set(FAULTS) == CONTRACT


#: Parameter, what 0.35 and what 0.6 must reach on the right side (evidence notes 5.3; a sign says which way), against
#: the left one where ``difference``.
SIZES = [
    ("reduced_swing_dorsiflexion", "peak_swing_dorsiflexion_deg", -6, -10, True),
    ("reduced_dorsiflexion_at_contact", "ankle_dorsiflexion_at_contact_deg", -6, -10, True),
    ("steppage", "peak_swing_knee_flexion_deg", 8, 14, True),
    ("steppage", "peak_swing_thigh_deg", 6, 8, True),
    ("equinus", "min_stance_heel_height_m", 0.03, 0.05, True),
    ("vaulting", "mid_stance_heel_height_m", 0.03, 0.05, True),
    ("weak_push_off", "peak_push_off_plantarflexion_deg", 6, 10, True),
    ("limited_ankle_motion", "ankle_range_deg", -6, -15, True),
    ("reduced_weight_shift", "single_support_pct", -3, -5, True),
    ("stance_asymmetry", "stance_pct", -4, -7, True),
    ("forefoot_avoidance", "stance_pct", -3, -5, True),
    ("weak_push_off", "foot_pitch_at_toe_off_deg", 6, 15, True),
    ("leg_length_pattern", "body_rise_over_stance_ll", -0.012, -0.02, True),
    ("limited_hip_motion", "hip_range_deg", -8, -15, True),
    ("knee_buckling", "knee_loading_flexion_deg", 8, 16, True),
    ("knee_hyperextension", "min_stance_knee_flexion_deg", -4, -8, False),
    ("reduced_arm_swing", "arm_swing_range_deg", -12, -24, True),
    ("trendelenburg", "pelvic_drop_deg", 6, 9, False),
    ("hip_hike", "swing_hip_elevation_deg", 1, 4, True),
    ("circumduction", "lateral_ankle_excursion_m", 0.04, 0.06, False),
    ("trunk_lean_over_stance", "trunk_lean_over_stance_deg", 4, 7, False),
    ("toe_out", "foot_progression_deg", 15, 20, False),
    ("flat_foot_signs", "heel_valgus_deg", 7, 10, False),
    ("leg_length_pattern", "pelvis_low_deg", 2, 4, False),
]


@pytest.mark.parametrize(("fault_id", "parameter", "mild", "moderate", "is_difference"), SIZES)
def test_severity_means_what_the_evidence_calls_mentioned_and_reported(
    fault_id, parameter, mild, moderate, is_difference
):
    for severity, least in ((0.35, mild), (0.6, moderate)):
        found = values(planted(fault_id, severity))
        size = found[parameter, "right"] - (found[parameter, "left"] if is_difference else 0.0)
        assert np.sign(least) * size >= abs(least), (severity, size)


def test_a_limited_hip_leaves_knee_and_ankle_nearly_as_usual():
    usual, found = values(planted("limited_hip_motion", 0.0)), values(planted("limited_hip_motion", 0.6))
    for name in ("knee_range_deg", "ankle_range_deg"):
        assert found[name, "right"] > found[name, "left"] - 6.0, name
    assert found["knee_range_deg", "right"] > usual["knee_range_deg", "right"] - 6.0


def test_a_limited_ankle_moves_over_less_than_twenty_degrees_in_anybody():
    for seed in range(4):
        walker = population(seed, speed_mps=1.1).with_fault("limited_ankle_motion", "right", 0.6)
        assert values(walker)["ankle_range_deg", "right"] < 20.0, seed


def test_a_weak_push_off_makes_the_other_step_short():
    found = values(planted("weak_push_off", 0.6))
    assert found["step_length_ll", "left"] < 0.92 * found["step_length_ll", "right"]


def test_faults_without_a_side_reach_their_sizes():
    # Norm of this speed (norms_speed.csv): 25 %, and two standard deviations of 2.4 % beyond it.
    assert values(planted("prolonged_double_support", 0.6))["double_support_pct", "both"] > 25.1 + 2 * 2.4 + 4
    assert values(planted("wide_base", 0.35))["step_width_m", "both"] > 0.15
    assert values(planted("wide_base", 0.6))["step_width_m", "both"] > 0.2
    assert values(planted("limited_trunk_motion", 0.6))["trunk_rotation_range_deg", "both"] < 8.0
    slower = values(planted("deterioration_while_walking", 0.6, duration_s=60))
    assert slower["walking_speed_trend_pct", "both"] < -10.0
    assert slower["trunk_lean_trend_deg", "both"] == pytest.approx(3.0)


@pytest.mark.parametrize("fault_id", sorted(FAULTS))
def test_bones_keep_their_lengths_and_standing_feet_stay_whatever_is_planted(fault_id):
    walker = planted(fault_id, 1.0, duration_s=60 if fault_id == "deterioration_while_walking" else 6)
    plan = replace(solve(walker), steps=None)
    for side in SIDES:
        leg, body = plan.legs[side], plan.legs[side].body
        own = np.linspace(0.0, 1.0, 400, endpoint=False)
        motion = leg_motion(plan, side, own + leg.lag)
        np.testing.assert_allclose(np.linalg.norm(motion.knee - motion.hip, axis=1), body.thigh_m, rtol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(motion.knee - motion.ankle, axis=1), body.shank_m, rtol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(motion.toe - motion.heel, axis=1), leg.foot.foot_m, rtol=1e-9)
        lowest = np.minimum(motion.heel[:, 1], motion.toe[:, 1])
        assert np.abs(lowest[own < leg.foot.stance]).max() < 1e-9
        assert lowest[own > leg.foot.stance + 0.02].min() > 0
        assert np.abs(np.diff(motion.knee_flexion_deg)).max() < 6.0  # a quarter of a percent of the stride: no jump


@pytest.mark.parametrize("fault_id", ["trendelenburg", "hip_hike", "circumduction", "lateral_trunk_list", "equinus"])
def test_a_walk_on_the_other_side_is_the_mirrored_body(fault_id):
    # The mirrored walker starts half a stride later, so that the right foot does what the left did.
    time_s = np.linspace(0.0, 2.0, 60)
    left = replace(planted(fault_id, 0.8, side="left"), heading="in_place", start_phase=0.3)
    right = replace(planted(fault_id, 0.8, side="right"), heading="in_place", start_phase=0.8)
    order = [KEYPOINTS.index(_other(name)) for name in KEYPOINTS]
    one, other = left.positions_m(time_s), right.positions_m(time_s)[:, :, order] * np.array([1, 1, -1])[:, None]
    # Treadmill places are counted from where each appears.
    one[:, 0] -= one[:, 0].mean()
    other[:, 0] -= other[:, 0].mean()
    np.testing.assert_allclose(one, other, atol=4e-3)


def _other(name):
    return name.replace("left", "x").replace("right", "left").replace("x", "right")


def test_trendelenburg_drops_the_pelvis_on_the_other_side_while_the_named_side_stands():
    walker = planted("trendelenburg", 0.9, side="left")
    contact = next(
        row["time_s"]
        for row in walker.truth()["events"]
        if row["side"] == "left" and row["kind"] == "initial_contact" and row["time_s"] > 1
    )
    room = walker.positions_m(np.array([contact + 0.3 * walker.stride_time_s]))[0]
    drop = room[1, KEYPOINTS.index("left_hip")] - room[1, KEYPOINTS.index("right_hip")]
    width = abs(room[2, KEYPOINTS.index("left_hip")] - room[2, KEYPOINTS.index("right_hip")])
    assert np.degrees(np.arctan2(drop, width)) > 10


def test_a_vaulting_foot_lifts_the_body_over_the_other_leg():
    usual, vaulting = Walker(), planted("vaulting", 0.8, side="left")
    rise = [solve(walker).hip_waves[0].real for walker in (usual, vaulting)]
    assert rise[1] > rise[0] + 0.01
    assert values(vaulting)["mid_stance_heel_height_m", "right"] == pytest.approx(0.0, abs=1e-6)


def test_a_trunk_list_is_named_by_where_the_trunk_leans_to():
    right, left = (planted("lateral_trunk_list", 0.6, side=side) for side in ("right", "left"))
    assert values(right)["trunk_list_deg", "both"] == pytest.approx(-values(left)["trunk_list_deg", "both"], abs=0.05)
    assert values(right)["trunk_list_deg", "right"] > 5
    assert values(left)["trunk_list_deg", "left"] > 5


def test_a_deteriorating_walk_slows_down_and_bends_forward_and_its_feet_do_not_slide():
    walker = replace(planted("deterioration_while_walking", 0.8, duration_s=120), heading="in_place")
    first, last = walker.positions_m(np.linspace(0, 5, 200)), walker.positions_m(np.linspace(115, 120, 200))
    reach = [np.ptp(room[:, 0, KEYPOINTS.index("left_heel")]) for room in (first, last)]
    lean = [_lean_deg(room) for room in (first, last)]
    assert reach[1] < 0.9 * reach[0]
    assert lean[1] > lean[0] + 5
    steps = np.diff([row["time_s"] for row in walker.truth()["events"] if (row["side"], row["kind"]) == LEFT_CONTACT])
    assert steps[-1] > 1.05 * steps[0]
    # On the belt both standing feet move as one in double support.
    contact = next(row["time_s"] for row in walker.truth()["events"] if row["time_s"] > 60 and row["kind"] != "toe_off")
    time_s = contact + 0.09 + np.linspace(0.0, 0.02, 5)
    room = walker.positions_m(time_s)
    heel = {side: np.diff(room[:, 0, KEYPOINTS.index(f"{side}_toe")]) for side in SIDES}
    np.testing.assert_allclose(heel["left"], heel["right"], atol=1e-4)


LEFT_CONTACT = ("left", "initial_contact")


def _lean_deg(room):
    line = sum(
        room[:, :, KEYPOINTS.index(f"{side}_shoulder")] - room[:, :, KEYPOINTS.index(f"{side}_hip")] for side in SIDES
    )
    return float(np.degrees(np.arctan2(line[:, 0], line[:, 1])).mean())


def test_steps_vary_as_asked_without_sliding_feet_or_growing_bones():
    walker = Walker(step_length_cv_pct=3.0, duration_s=60, heading="in_place", seed=3)
    assert values(walker)["step_length_cv_pct", "both"] == pytest.approx(3.0, abs=0.6)
    assert values(Walker())["step_length_cv_pct", "both"] == 0.0
    room = walker.positions_m(np.arange(0, 60, 0.02))
    for side in SIDES:
        hip, knee, ankle = (room[:, :2, KEYPOINTS.index(f"{side}_{name}")] for name in ("hip", "knee", "ankle"))
        assert np.ptp(np.linalg.norm(hip - knee, axis=1)) < 1e-9
        assert np.ptp(np.linalg.norm(knee - ankle, axis=1)) < 1e-6
    contact = [row["time_s"] for row in walker.truth()["events"] if (row["side"], row["kind"]) == LEFT_CONTACT][4]
    heel = walker.positions_m(contact + np.linspace(0.12, 0.3, 30))[:, 0, KEYPOINTS.index("left_heel")]
    speed = walker.stride_length_m / walker.stride_time_s
    np.testing.assert_allclose(np.diff(heel), -speed * 0.18 / 29, atol=1e-9)


def test_faults_can_be_planted_in_anybody():
    for seed in range(3):
        for fault in FAULTS.values():
            view = fault.view
            walker = population(seed, view=view).with_fault(fault.id, "left" if fault.has_side else None, 1.0)
            assert walker.planted == ((fault.id, "left" if fault.has_side else None),)


def test_a_side_where_none_belongs_is_refused():
    with pytest.raises(InputError, match="has no side"):
        Walker().with_fault("wide_base", "left")
    with pytest.raises(InputError, match="stance_knee_deg"):
        Walker(stance_knee_deg=BySide(90.0, 8.0))


def test_the_named_side_bears_the_fault():
    for fault in FAULTS.values():
        if not fault.has_side:
            continue
        healthy = values(planted(fault.id, 0.0))
        found = values(planted(fault.id, 0.7, side="left"))
        change = {side: found[fault.parameter, side] - healthy[fault.parameter, side] for side in SIDES}
        assert fault.direction * change["left"] > 0, fault.id
        assert abs(change["left"]) > 0.99 * abs(change[other_side("left")]), fault.id
