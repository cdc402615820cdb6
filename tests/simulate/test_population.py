"""Healthy people drawn by lot are healthy, and differ as healthy people do."""

from dataclasses import replace

import numpy as np
import pytest

from gait.core.errors import InputError
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate import BySide, TaskWalker, Walker
from gait.simulate.feet import measure
from gait.simulate.phone import PhoneCamera
from gait.simulate.population import average, film, phone, population
from gait.simulate.tilt import as_drawn

PEOPLE = [population(seed) for seed in range(60)]


def values(walker):
    return {(row["id"], row["side"]): row["value"] for row in walker.truth()["parameters"]}


def test_people_span_speeds_heights_rates_and_ways_of_filming():
    speed = np.array([walker.stride_length_m / walker.stride_time_s for walker in PEOPLE])
    assert (speed.min() > 0.45, speed.max() < 1.75) == (True, True)
    assert (speed.min() < 0.65, speed.max() > 1.55) == (True, True)
    assert all(1.5 <= walker.height_m <= 1.95 for walker in PEOPLE)
    assert {walker.rate_hz for walker in PEOPLE} == {30.0, 60.0, 120.0}
    assert {walker.heading for walker in PEOPLE} == {"left_to_right", "right_to_left", "in_place"}
    assert {walker.there_and_back for walker in PEOPLE} == {True, False}
    assert all(walker.planted == () for walker in PEOPLE)
    assert population(7) == population(7) != population(8)


def test_slow_people_push_off_less_and_stand_longer():
    slow, fast = ([population(seed, speed_mps=speed) for seed in range(12)] for speed in (0.6, 1.5))
    for field, sign in (("push_off_plantarflexion_deg", 1), ("stance_pct", -1), ("loading_knee_deg", 1)):
        means = [np.mean([getattr(walker, field).mean for walker in people]) for people in (slow, fast)]
        assert sign * (means[1] - means[0]) > 4


def test_healthy_sides_differ_by_a_little_only():
    for walker in PEOPLE[:12]:
        found = values(walker)
        assert abs(found["step_length_m", "left"] / found["step_length_m", "right"] - 1) < 0.08
        assert abs(found["step_time_s", "left"] / found["step_time_s", "right"] - 1) < 0.1
        assert abs(found["stance_pct", "left"] - found["stance_pct", "right"]) < 3
        pitch = [found["foot_floor_angle_at_contact_deg", side] for side in SIDES]
        assert abs(pitch[0] - pitch[1]) < 6
        assert min(pitch) > 4
        assert found["min_stance_knee_flexion_deg", "left"] > 0
    differences = [walker.contact_pitch_deg.left - walker.contact_pitch_deg.right for walker in PEOPLE]
    assert 0.8 < np.mean(np.abs(differences)) < 2.5


def test_strides_vary_by_one_to_three_percent():
    assert all(1 <= walker.stride_time_cv_pct <= 3 for walker in PEOPLE)
    assert all(1 <= walker.step_length_cv_pct <= 3 for walker in PEOPLE)


def test_the_average_is_symmetric_and_walks_at_the_speed_asked_for():
    walker = average(0.9, 1.65)
    assert walker.stride_length_m / walker.stride_time_s == pytest.approx(0.9)
    assert walker.step_length_ll.left == walker.step_length_ll.right
    assert walker.stance_pct.left == walker.stance_pct.right
    with pytest.raises(InputError, match="m/s"):
        average(5.0)


def test_the_phone_stands_where_people_hold_it_and_knows_the_view():
    side, front = population(3), population(3, view="frontal")
    assert abs(phone(side, 1).angle_deg) <= 8
    assert 82 <= phone(front, 1).angle_deg <= 90
    assert phone(side, 1).near_side == side.first_near_side
    assert phone(TaskWalker(task="heel_walk"), 1).feet_shown < phone(TaskWalker(task="stand"), 1).feet_shown == 1
    pose = film(replace(side, duration_s=4.0, there_and_back=False), 1)
    assert np.isfinite(pose.data["position"].values).mean() > 0.9


def test_the_network_hides_the_drop_of_the_pelvis_and_shows_the_lean_of_the_trunk():
    walker = Walker(view="frontal", heading="towards", duration_s=6).with_fault("trendelenburg", "right", 0.9)
    lean = Walker(view="frontal", heading="towards", duration_s=6).with_fault("trunk_lean_over_stance", "right", 0.9)
    for made, joint, true_least, seen_most in ((walker, "hip", 13.0, 3.0),):
        room = made.positions_m(np.linspace(0, 6, 300))
        assert np.ptp(tilt_deg(room, joint)) > true_least
        assert np.ptp(tilt_deg(as_drawn(room, 1), joint)) < seen_most
    room = lean.positions_m(np.linspace(0, 6, 300))
    assert np.ptp(tilt_deg(as_drawn(room, 1), "shoulder")) > 0.9 * np.ptp(tilt_deg(room, "shoulder"))
    perfect = PhoneCamera(angle_deg=90, noise=0.0, rate_hz=30).film(walker.motion())
    real = PhoneCamera(angle_deg=90, noise=0.01, rate_hz=30).film(walker.motion())
    assert spread(perfect) > 4 * spread(real)


def tilt_deg(room, joint):
    line = room[:, :, KEYPOINTS.index(f"right_{joint}")] - room[:, :, KEYPOINTS.index(f"left_{joint}")]
    return np.degrees(np.arctan2(line[:, 1], np.hypot(line[:, 0], line[:, 2])))


def spread(pose):
    data = pose.data["position"]
    line = (data.sel(keypoint="right_hip") - data.sel(keypoint="left_hip")).transpose("time", "space").values
    return float(np.nanstd(np.degrees(np.arctan2(-line[:, 1], np.abs(line[:, 0])))))


def test_measured_feet_are_the_truth_with_the_errors_of_the_stage():
    errors, lowering = [], []
    for seed in range(25):
        walker = Walker(duration_s=12, there_and_back=True, contact_pitch_deg=BySide(18.0, 8.0), rate_hz=60)
        feet = measure(walker, seed)
        for side, true in (("left", 18.0), ("right", 8.0)):
            found = [contact.contact_pitch_deg for contact in feet.of(side)]
            errors.append(np.mean(found) - true)
            lowering += [contact.lowering_s - 0.09 for contact in feet.of(side)]
            assert {contact.is_near for contact in feet.of(side)} == {True, False}
    assert 0.4 < np.std(errors) < 1.6
    assert abs(np.mean(errors)) < 0.5
    assert 0.002 < np.nanstd(lowering) < 0.010


def test_a_slap_reads_too_long_in_a_slow_film_and_a_forefoot_landing_is_named():
    slap = Walker(duration_s=12, contact_to_flat_s=BySide(0.09, 0.05))
    read = {}
    for rate_hz in (30.0, 60.0):
        contacts = [c for seed in range(10) for c in measure(replace(slap, rate_hz=rate_hz), seed).of("right")]
        read[rate_hz] = np.mean([c.lowering_s for c in contacts])
        assert np.isfinite(contacts[0].lowering_speed_degps) == (rate_hz == 60)
    assert read[30.0] > read[60.0] + 0.008
    drop = Walker(duration_s=8).with_fault("foot_drop", "left", 1.0)
    assert {contact.contact_type for contact in measure(drop, 1).of("left")} <= {"forefoot", "flat"}


def test_no_foot_is_measured_from_the_front_or_where_it_never_lies_flat():
    front = measure(population(2, view="frontal"), 1)
    assert front.contacts == ()
    assert front.rejected
    assert measure(Walker(), 1, PhoneCamera(angle_deg=80)).contacts == ()
    toes = measure(Walker(duration_s=8).with_fault("equinus", "left", 1.0), 1)
    assert toes.of("left") == ()
    assert toes.of("right")


def test_the_camera_decides_which_foot_is_near():
    walker = Walker(duration_s=6)
    for side in SIDES:
        contacts = measure(walker, 4, PhoneCamera(near_side=side, rate_hz=60)).of(side)
        assert contacts
        assert all(contact.is_near for contact in contacts)
