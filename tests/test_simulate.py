"""The made walker keeps its promises: exact events, feet that stand still, faults that do what they say."""

import json
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.core.errors import InputError, OutputError
from gait.core.sides import SIDES, other_side
from gait.core.skeleton import KEYPOINTS
from gait.simulate import FAULTS, BySide, Walker, write_truth
from gait.simulate.legs import leg_motion
from gait.simulate.solve import solve


def pairs(low, high):
    return st.builds(BySide, st.floats(low, high), st.floats(low, high))


walkers = st.builds(
    Walker,
    stride_time_s=st.floats(0.8, 2.4),
    step_length_ll=pairs(0.35, 0.85),
    stance_pct=pairs(58.0, 70.0),
    step_time_asymmetry=st.floats(-0.08, 0.08),
    contact_pitch_deg=pairs(-15.0, 25.0),
    swing_dorsiflexion_deg=pairs(-18.0, 10.0),
    push_off_plantarflexion_deg=pairs(0.0, 25.0),
    swing_knee_deg=pairs(40.0, 70.0),
    height_m=st.floats(1.2, 2.0),
    heading=st.sampled_from(["left_to_right", "right_to_left"]),
    stride_time_cv_pct=st.sampled_from([0.0, 3.0]),
    duration_s=st.just(5.0),
    seed=st.integers(0, 1000),
)
few = settings(max_examples=8, deadline=None)


@lru_cache(maxsize=64)
def truth_of(walker):
    return walker.truth()


def point(walker, time_s, name):
    return walker.positions_m(time_s)[:, :, KEYPOINTS.index(name)]


def lowest(walker, time_s, side):
    """Height of the lowest end of the sole, m."""
    return np.minimum(point(walker, time_s, f"{side}_heel")[:, 1], point(walker, time_s, f"{side}_toe")[:, 1])


def times(walker, side, kind):
    return np.array([e["time_s"] for e in truth_of(walker)["events"] if e["side"] == side and e["kind"] == kind])


def value(walker, parameter, side="both"):
    rows = {(row["id"], row["side"]): row["value"] for row in truth_of(walker)["parameters"]}
    return rows[parameter, side]


@few
@given(walkers)
def test_the_foot_is_on_the_floor_in_stance_and_above_it_in_swing(walker):
    for side in SIDES:
        contacts, offs = times(walker, side, "initial_contact"), times(walker, side, "toe_off")
        for contact in contacts[:-1]:
            off = offs[offs > contact][0]
            end = contacts[contacts > contact][0]
            stance = np.linspace(contact + 1e-5, off - 1e-5, 40)
            swing = np.linspace(off, end, 42)[1:-1]
            np.testing.assert_allclose(lowest(walker, stance, side), 0.0, atol=1e-9)
            assert np.all(lowest(walker, swing, side) > 0)


@few
@given(walkers)
def test_contact_is_the_instant_when_the_foot_first_touches_and_toe_off_when_the_toe_leaves(walker):
    for side in SIDES:
        contacts = times(walker, side, "initial_contact")
        contacts = contacts[contacts > 0.05]
        offs = times(walker, side, "toe_off")
        offs = offs[offs < 4.95]
        assert np.all(lowest(walker, contacts - 1e-3, side) > 0)
        np.testing.assert_allclose(lowest(walker, contacts + 1e-5, side), 0, atol=1e-9)
        np.testing.assert_allclose(lowest(walker, offs - 1e-5, side), 0, atol=1e-9)
        # A toe leaves gently: after 10 ms it is off the floor, however little.
        assert np.all(lowest(walker, offs + 1e-2, side) > 1e-7)


@few
@given(walkers)
def test_the_foot_turns_on_one_point_of_the_floor_and_never_slides(walker):
    for side in SIDES:
        contacts, offs = times(walker, side, "initial_contact"), times(walker, side, "toe_off")
        contact = contacts[0]
        if not np.any(offs > contact):
            continue
        stance = np.linspace(contact + 1e-5, offs[offs > contact][0] - 1e-5, 400)
        heel, toe = point(walker, stance, f"{side}_heel"), point(walker, stance, f"{side}_toe")
        step = np.minimum(
            np.linalg.norm(np.diff(heel, axis=0), axis=1) + 1e3 * (heel[1:, 1] > 1e-9),
            np.linalg.norm(np.diff(toe, axis=0), axis=1) + 1e3 * (toe[1:, 1] > 1e-9),
        )
        assert np.all(step < 1e-6)


@few
@given(walkers)
def test_bones_keep_their_lengths_and_the_knee_never_bends_backwards(walker):
    plan = solve(walker)
    for side in SIDES:
        motion = leg_motion(plan, side, np.linspace(0, 1, 300))
        np.testing.assert_allclose(np.linalg.norm(motion.knee - motion.hip, axis=1), plan.body.thigh_m, rtol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(motion.knee - motion.ankle, axis=1), plan.body.shank_m, rtol=1e-6)
        np.testing.assert_allclose(
            np.linalg.norm(motion.toe - motion.heel, axis=1), plan.legs[side].foot.foot_m, rtol=1e-9
        )
        assert motion.knee_flexion_deg.min() > 0


@few
@given(walkers)
def test_true_step_lengths_are_the_distances_between_the_lying_feet(walker):
    for side in SIDES:
        for contact in times(walker, side, "initial_contact")[1:]:
            flat = np.array([contact + value(walker, "contact_to_foot_flat_s", side) * 1.3])
            other = np.array([contact - 0.12 * walker.stride_time_s])  # the other foot lies or rolls on its toe
            ahead = point(walker, flat, f"{side}_toe")[0, 0] - point(walker, other, f"{other_side(side)}_toe")[0, 0]
            assert ahead == pytest.approx(value(walker, "step_length_m", side), abs=1e-6)


def test_a_normal_walk_looks_like_the_norms():
    walker = Walker()
    for side in SIDES:
        assert value(walker, "peak_swing_knee_flexion_deg", side) == pytest.approx(60, abs=2)
        assert value(walker, "peak_push_off_plantarflexion_deg", side) == pytest.approx(-18, abs=1)
        assert value(walker, "peak_swing_dorsiflexion_deg", side) == pytest.approx(4, abs=1)
        assert 12 < value(walker, "knee_loading_flexion_deg", side) < 24
        assert 35 < value(walker, "hip_range_deg", side) < 50
    assert value(walker, "double_support_pct") == pytest.approx(24)
    assert value(walker, "cadence_spm") == pytest.approx(120 / 1.1, rel=1e-6)
    pelvis = walker.positions_m(np.linspace(0, 5, 500))[:, 1, KEYPOINTS.index("left_hip")]
    assert 0.02 < np.ptp(pelvis) < 0.09


def test_walking_the_other_way_mirrors_the_picture_and_swaps_the_near_side():
    there, back = Walker(), Walker(heading="right_to_left")
    assert (there.first_near_side, back.first_near_side) == ("right", "left")
    a, b = there.pose(), back.pose()
    assert a.width_px == b.width_px
    mirrored = a.data["position"].values.copy()
    mirrored[:, 0] = a.width_px - mirrored[:, 0]
    np.testing.assert_allclose(mirrored, b.data["position"].values, atol=1e-9)
    assert there.truth()["events"] == back.truth()["events"]


def test_the_far_leg_is_noisier_and_changes_at_the_turn():
    walker = Walker(there_and_back=True, duration_s=16, noise_px=3, far_leg_noise=3)
    clean = replace(walker, noise_px=0.0).pose()
    error = (walker.pose().data["position"] - clean.data["position"]).std("time", skipna=True)
    assert float(error.max()) > 0
    first, second = walker.truth()["passes"]
    assert (first["near_side"], second["near_side"]) == ("right", "left")
    difference = walker.pose().data["position"] - clean.data["position"]
    spread = {
        (number, side): float(
            difference.sel(time=slice(stretch["start_s"], stretch["end_s"]), keypoint=f"{side}_heel").std()
        )
        for number, stretch in enumerate((first, second))
        for side in SIDES
    }
    assert spread[0, "left"] > 1.8 * spread[0, "right"]
    assert spread[1, "right"] > 1.8 * spread[1, "left"]


def test_a_turn_carries_the_walker_back_and_its_events_are_left_out():
    walker = Walker(there_and_back=True, duration_s=12)
    pose = walker.pose().data["position"].sel(space="x", keypoint="left_hip").values
    assert abs(pose[-1] - pose[0]) < 0.2 * np.ptp(pose)
    first, second = walker.truth()["passes"]
    inside = [first["end_s"] < event["time_s"] < second["start_s"] for event in walker.truth()["events"]]
    assert not any(inside)
    assert len(walker.truth()["events"]) < len(Walker(duration_s=12).truth()["events"])


def test_doubling_the_frame_rate_changes_no_event_and_no_position():
    slow, fast = Walker(rate_hz=30), Walker(rate_hz=60)
    assert slow.truth()["events"] == fast.truth()["events"]
    np.testing.assert_allclose(slow.pose().data["position"].values, fast.pose().data["position"].values[::2], atol=1e-9)


def test_on_a_treadmill_the_pelvis_stays_and_the_standing_foot_moves_with_the_belt():
    walker = Walker(heading="in_place")
    contact = times(walker, "left", "initial_contact")[0]
    stance = np.linspace(contact + 0.15, contact + 0.3, 50)
    heel = point(walker, stance, "left_heel")[:, 0]
    speed = np.gradient(heel, stance)
    np.testing.assert_allclose(speed, -value(walker, "walking_speed_mps"), rtol=1e-6)
    assert np.ptp(point(walker, np.linspace(0, 6, 200), "left_hip")[:, 0]) < 0.03


def test_coming_nearer_the_walker_grows_and_the_right_side_is_on_the_left_of_the_picture():
    pose = Walker(view="frontal", heading="towards").pose().data["position"]
    height = (pose.sel(space="y", keypoint="left_heel") - pose.sel(space="y", keypoint="nose")).values
    assert height[-1] > 1.5 * height[0]
    x = pose.sel(space="x")
    assert np.all(x.sel(keypoint="right_hip") < x.sel(keypoint="left_hip"))
    away = Walker(view="frontal", heading="away").pose().data["position"].sel(space="x")
    assert np.all(away.sel(keypoint="right_hip") > away.sel(keypoint="left_hip"))


def test_a_shaking_camera_is_undone_by_its_known_motion():
    still, shaken = Walker(), Walker(shake_px=6.0, pan=0.5)
    pose = shaken.pose()
    assert pose.camera is not None
    points = pose.data["position"].transpose("time", "keypoint", "space").values
    steady = pose.camera.apply(points)
    expected = still.pose().data["position"].transpose("time", "keypoint", "space").values
    np.testing.assert_allclose(np.ptp(steady - expected, axis=0), 0, atol=1e-9)
    assert replace(shaken, is_camera_known=False).pose().camera is None
    assert still.pose().camera is None


def test_lead_in_gaps_and_swaps_are_as_frequent_as_asked():
    walker = Walker(duration_s=60, lead_in_s=2, missing=0.1, swaps=0.05, heading="in_place")
    pose, clean = walker.pose(), replace(walker, missing=0.0, swaps=0.0).pose()
    lead = pose.time_s < 2
    assert np.all(np.isnan(pose.data["position"].values[lead]))
    assert np.all(pose.data["confidence"].values[lead] == 0)
    ankle = pose.data["position"].sel(space="x", keypoint="left_ankle").values[~lead]
    assert np.isnan(ankle).mean() == pytest.approx(0.1, abs=0.05)
    other = clean.data["position"].sel(space="x", keypoint="right_ankle").values[~lead]
    own = clean.data["position"].sel(space="x", keypoint="left_ankle").values[~lead]
    swapped = np.isclose(ankle, other) & ~np.isclose(own, other)
    assert swapped.mean() == pytest.approx(0.05, abs=0.03)
    assert min(event["time_s"] for event in walker.truth()["events"]) >= 2


def test_noise_has_the_size_asked_for_and_the_same_seed_gives_the_same_film():
    walker = Walker(duration_s=40, noise_px=4.0, far_leg_noise=1.0, heading="in_place", seed=5)
    error = walker.pose().data["position"].values - replace(walker, noise_px=0.0).pose().data["position"].values
    assert error.std() == pytest.approx(4.0, rel=0.07)
    np.testing.assert_array_equal(walker.pose().data["position"], replace(walker).pose().data["position"])
    assert not np.allclose(walker.pose().data["position"], replace(walker, seed=6).pose().data["position"])


def test_a_phone_with_varying_rate_gives_increasing_times_of_the_asked_spread():
    steps = np.diff(Walker(rate_jitter_pct=10, duration_s=60).frame_times_s())
    assert steps.min() > 0
    assert steps.std() / steps.mean() == pytest.approx(0.1, rel=0.1)


def seen_by(fault, **fields):
    """A walker filmed so that the fault shows."""
    heading = "left_to_right" if fault.view == "sagittal" else "towards"
    return Walker(view=fault.view, heading=heading, **fields)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_every_fault_moves_its_parameter_steadily_and_is_written_down(fault):
    side = "right" if fault.has_side else None
    walker = seen_by(fault, duration_s=20)
    made = [walker.with_fault(fault.id, side, severity) for severity in (0.0, 0.25, 0.5, 0.75, 1.0)]
    sides = [side] if side else ["both", "right"]
    rows = [{(row["id"], row["side"]): row["value"] for row in walker.truth()["parameters"]} for walker in made]
    key = next((fault.parameter, name) for name in sides if (fault.parameter, name) in rows[0])
    values = np.array([row[key] for row in rows])
    assert np.all(fault.direction * np.diff(values) > 0), values
    assert made[0].planted == ()
    assert made[-1].truth()["findings"] == [{"id": fault.id, "side": side}]


@pytest.mark.parametrize("fault", [f for f in FAULTS.values() if f.has_side], ids=lambda fault: fault.id)
def test_a_fault_on_the_left_is_the_mirror_of_one_on_the_right(fault):
    left, right = (seen_by(fault).with_fault(fault.id, side, 0.8) for side in SIDES)
    for parameter in ("stance_pct", "step_length_m", "step_time_s", "peak_swing_knee_flexion_deg", fault.parameter):
        # Knees are aimed at in rounds, which stop within a third of a degree.
        assert value(left, parameter, "left") == pytest.approx(value(right, parameter, "right"), abs=0.35)
        assert value(left, parameter, "right") == pytest.approx(value(right, parameter, "left"), abs=0.35)


def test_an_antalgic_limb_stands_short_and_its_other_foot_lands_early():
    walker = Walker().with_fault("antalgic_gait", "left", 1.0)
    assert value(walker, "stance_pct", "left") < value(walker, "stance_pct", "right") - 5
    assert value(walker, "step_time_s", "right") < value(walker, "step_time_s", "left")


def test_foot_drop_bends_the_knee_more_and_lands_on_the_forefoot():
    walker = Walker().with_fault("foot_drop", "right", 1.0)
    assert value(walker, "foot_floor_angle_at_contact_deg", "right") < 0
    assert (
        value(walker, "peak_swing_knee_flexion_deg", "right") > value(walker, "peak_swing_knee_flexion_deg", "left") + 5
    )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Walker().with_fault("limp", "left"), "foot_drop"),
        (lambda: Walker().with_fault("foot_drop"), "left or right"),
        (lambda: Walker().with_fault("slow_walking", "left"), "no side"),
        (lambda: Walker().with_fault("foot_drop", "left", 2.0), "severity"),
        (lambda: Walker(stride_time_s=0.2), "0.7 to 2.6"),
        (lambda: Walker(step_length_ll=BySide(0.7, 3.0)), "0.1 to 1.05"),
        (lambda: Walker(heading="towards"), "sagittal"),
        (lambda: Walker(view="above"), "frontal"),
        (lambda: Walker(heading="in_place", there_and_back=True), "treadmill"),
        (lambda: Walker(stance_pct=BySide(52.0, 52.0), step_time_asymmetry=0.2), "double support"),
        (lambda: Walker(lead_in_s=9.0), "lead_in_s"),
    ],
)
def test_what_makes_no_walk_is_refused_with_what_was_expected(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_a_truth_file_holds_what_was_told(tmp_path):
    truth = Walker().with_fault("foot_drop", "left", 0.7).truth()
    path = write_truth(truth, tmp_path / "walk.truth.json")
    assert json.loads(path.read_text()) == truth
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError, match="choose a folder"):
        write_truth(truth, tmp_path / "nowhere" / "walk.truth.json")
