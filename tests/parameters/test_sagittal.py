"""Measures of the side view against made walkers: how feet stand and swing, knees give way, arms and trunk move."""

import numpy as np
import pytest
from walks import chain

from gait.core.clip import Clip
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.events.by_view import ByView
from gait.events.cycles import cut_cycles
from gait.parameters.compute import compute_parameters
from gait.parameters.kinematic import knee_loading_excursion_deg, knee_loading_flexion_deg
from gait.parameters.stride import strides
from gait.simulate.walker import BySide, Walker
from gait.trajectories.build import build_trajectories


def measured(walker: Walker):
    return chain(walker)[3]


def difference(parameters, name: str) -> float:
    """Left minus right."""
    return parameters.value(name, "left") - parameters.value(name, "right")


def test_a_heel_that_never_comes_down_is_seen_although_the_foot_is_zeroed_to_itself():
    equinus = Walker(duration_s=8.0, rest_pitch_deg=BySide(-12.0, 0.0), contact_pitch_deg=BySide(-12.0, 18.0))
    parameters = measured(equinus)
    assert difference(parameters, "standing_foot_pitch_deg") == pytest.approx(-12.0, abs=4.0)
    assert abs(difference(measured(Walker(duration_s=8.0)), "standing_foot_pitch_deg")) < 2.0


@pytest.mark.parametrize("heading", ["left_to_right", "right_to_left"])
def test_who_vaults_rises_while_the_other_leg_swings(heading):
    vaulting = Walker(duration_s=8.0, vault_deg=BySide(16.0, 0.0), heading=heading)
    assert difference(measured(vaulting), "midstance_foot_pitch_deg") < -7.0
    assert abs(difference(measured(Walker(duration_s=8.0, heading=heading)), "midstance_foot_pitch_deg")) < 2.5


def test_a_knee_bent_backwards_reads_below_the_other_one():
    walker = Walker(duration_s=8.0, stance_knee_deg=BySide(-6.0, 8.0))
    assert difference(measured(walker), "min_stance_knee_flexion_deg") < -6.0


def test_the_give_of_the_knee_does_not_depend_on_a_constant_error_of_its_angle():
    trajectories, events, cycles, _ = chain(Walker(duration_s=6.0))
    for stride in strides(trajectories, events, cycles):
        before = knee_loading_excursion_deg(stride)
        stride.curves["knee_flexion"] = stride.curves["knee_flexion"] - 7.0
        assert knee_loading_excursion_deg(stride) == pytest.approx(before)
        assert knee_loading_flexion_deg(stride) < before + 20.0


def test_a_toe_carried_lower_reads_lower():
    walker = Walker(duration_s=8.0, clearance_m=BySide(0.005, 0.045))
    assert difference(measured(walker), "mid_swing_toe_height_ll") < -0.01


def test_an_arm_that_swings_half_as_far_reads_half_as_far():
    parameters = measured(Walker(duration_s=8.0, arm_swing_deg=BySide(10.0, 20.0)))
    ratio = parameters.value("arm_swing_deg", "left") / parameters.value("arm_swing_deg", "right")
    assert ratio == pytest.approx(0.5, abs=0.12)


def test_a_hidden_arm_is_not_measured():
    pose = Walker(duration_s=6.0).pose()
    position = pose.data["position"].transpose("time", "space", "keypoint").values.copy()
    position[:, :, KEYPOINTS.index("left_wrist")] = np.nan
    confidence = pose.data["confidence"].transpose("time", "keypoint").values
    hidden = Pose.from_arrays(
        pose.time_s, position, confidence, pose.width_px, pose.height_px, backend=pose.backend, camera=pose.camera
    )
    trajectories = build_trajectories(hidden, Subject(height_m=1.75))
    events = ByView().detect(trajectories)
    parameters = compute_parameters(Clip(trajectories, events, cut_cycles(trajectories, events)))
    assert parameters.get("arm_swing_deg", "left") is None
    assert parameters.get("arm_swing_deg", "right") is not None
    assert parameters.get("arm_swing_difference_deg") is None


def test_the_trunk_range_is_what_it_nods():
    still, nodding = (
        measured(Walker(duration_s=8.0, trunk_nod_deg=nod)).value("trunk_range_deg") for nod in (0.5, 3.0)
    )
    assert nodding - still == pytest.approx(5.0, abs=1.5)


def test_a_difference_is_right_minus_left_and_no_surer_than_its_parts_allow():
    parameters = measured(Walker(duration_s=8.0, swing_knee_deg=BySide(60.0, 45.0), noise_px=1.5))
    found = parameters.get("peak_swing_knee_flexion_difference_deg")
    assert found is not None
    assert found.value == pytest.approx(-difference(parameters, "peak_swing_knee_flexion_deg"))
    assert found.low < found.value < found.high < 0.0


def test_the_walks_double_support_is_that_of_both_feet():
    parameters = measured(Walker(duration_s=8.0))
    sides = [parameters.value("double_support_pct", side) for side in ("left", "right")]
    assert min(sides) - 1.0 <= parameters.value("mean_double_support_pct") <= max(sides) + 1.0


def test_uneven_walking_shows_in_the_cadence():
    even, uneven = (
        measured(Walker(duration_s=13.0, heading="in_place", stride_time_cv_pct=cv)).value("cadence_cv_pct")
        for cv in (1.0, 7.0)
    )
    assert even < 2.8
    assert uneven > 3.5
