"""Rendered walkers with exact truth: pitch, contact time, left against right. Landmarks are the truth plus noise."""

import gzip
import json

import av
import numpy as np
import pytest

from gait.core.events import GaitEvents
from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.core.trajectories import Pass
from gait.feet import measure_feet

pytestmark = [pytest.mark.film, pytest.mark.slow]

SIDES = {"L": "left", "R": "right"}


def streamed(path):
    """``frames(start_s, end_s)`` of a film."""

    def frames(start_s, end_s):
        with av.open(str(path)) as container:
            for picture in container.decode(video=0):
                if start_s <= picture.time <= end_s:
                    yield Frame(picture.time, picture.to_ndarray(format="rgb24"))

    return frames


def seen_pose(truth, rng) -> Pose:
    """True joints with the pose model's kind of error: 3 px of jitter, heel and toe 2 cm inside the shoe."""
    names = {"hip": "hip", "knee": "knee", "ankle": "ankle", "heel": "heel", "toe": "toe"}
    time = np.arange(truth["frames"]) / truth["fps"]
    position = np.full((len(time), 2, len(KEYPOINTS)), np.nan)
    for letter, side in SIDES.items():
        for ours, theirs in names.items():
            position[:, :, KEYPOINTS.index(f"{side}_{ours}")] = truth["joints2d"][f"{theirs}_{letter.lower()}"]
        heel, toe = (KEYPOINTS.index(f"{side}_{name}") for name in ("heel", "toe"))
        inwards = 0.08 * (position[:, :, toe] - position[:, :, heel])
        position[:, :, heel] += inwards
        position[:, :, toe] -= inwards
    position += rng.normal(0.0, 3.0, position.shape)
    return Pose.from_arrays(time, position, np.ones((len(time), len(KEYPOINTS))), *truth["size"])


def measured(film_data, name, bare_trajectories):
    with gzip.open(film_data / "rendered" / f"{name}.full.json.gz") as file:
        truth = json.load(file)
    rng = np.random.default_rng(5)
    right = truth["direction"] == "ltr"
    duration = truth["frames"] / truth["fps"]
    stretch = Pass(
        0.0, duration, "left_to_right" if right else "right_to_left", 1 if right else -1, SIDES[truth["near_side"]]
    )
    rows = [
        (event["t"] + rng.normal(0.0, 0.025), SIDES[event["side"]], "initial_contact", 0.8)
        for event in truth["events"]
        if event["type"] == "initial_contact" and event["in_view"]
    ]
    motion = measure_feet(
        streamed(film_data / "rendered" / f"{name}.mp4"),
        seen_pose(truth, rng),
        bare_trajectories(duration, stretch),
        GaitEvents.from_rows(rows),
    )
    return truth, motion


def errors(truth, contacts) -> tuple[float, float]:
    """Root mean square error of the pitch around contact, in deg, and mean absolute error of contact times, in s."""
    letter = contacts[0].side[0].upper()
    true_s = np.array([e["t"] for e in truth["events"] if e["type"] == "initial_contact" and e["side"] == letter])
    time = np.arange(truth["frames"]) / truth["fps"]
    pitch, when = [], []
    for contact in contacts:
        nearest = true_s[np.argmin(np.abs(true_s - contact.contact_s))]
        near = (contact.time_s > nearest - 0.10) & (contact.time_s < nearest + 0.15)
        known = np.interp(contact.time_s[near], time, truth["per_frame"][letter]["foot_pitch"])
        pitch.append(contact.pitch_deg[near] - known)
        when.append(abs(contact.contact_s - nearest))
    return float(np.sqrt(np.mean(np.concatenate(pitch) ** 2))), float(np.mean(when))


@pytest.mark.parametrize(
    ("name", "left_less_right_deg"),
    [("normal_side", 0.0), ("footdrop_R_severe_side", 28.0), ("footdrop_R_far_side", 28.0), ("footslap_R_side", 8.0)],
)
def test_rendered_feet_are_measured(film_data, bare_trajectories, name, left_less_right_deg):
    truth, motion = measured(film_data, name, bare_trajectories)
    medians = {}
    for side in ("left", "right"):
        contacts = motion.of(side)
        assert len(contacts) >= 3, motion.rejected
        pitch_deg, contact_s = errors(truth, contacts)
        assert pitch_deg < (1.2 if contacts[0].is_near else 1.6)
        assert contact_s < 0.016
        medians[side] = np.median([contact.contact_pitch_deg for contact in contacts])
    assert medians["left"] - medians["right"] == pytest.approx(left_less_right_deg, abs=2.5)


def test_a_slap_is_short_and_a_dropped_foot_lands_on_the_forefoot(film_data, bare_trajectories):
    _, slap = measured(film_data, "footslap_R_side", bare_trajectories)
    lowering = {side: np.median([contact.lowering_s for contact in slap.of(side)]) for side in ("left", "right")}
    assert lowering["right"] < 0.065
    assert lowering["left"] > 0.09
    _, drop = measured(film_data, "footdrop_R_severe_side", bare_trajectories)
    assert {contact.contact_type for contact in drop.of("right")} == {"forefoot"}
    assert {contact.contact_type for contact in drop.of("left")} == {"heel"}
