"""Joint angles counted from quiet standing, through the whole chain."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from gait.core.analysis import Analysis
from gait.core.pose import Pose
from gait.core.recording import Recording
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.pipeline import Settings, analyze_pose
from gait.simulate.walker import Walker

STANDING_S = 2.0


def stand_first(pose: Pose, knee_shift_px: float) -> Pose:
    """The walker stands still for a while before the first step, both feet together under the hips.

    The network is made to see every knee too far ahead by some px, while standing and while walking.
    """
    position = pose.data["position"].transpose("time", "space", "keypoint").values.copy()
    step_s = float(np.median(np.diff(pose.time_s)))
    count = round(STANDING_S / step_s)
    floor = float(np.quantile(position[:, 1, KEYPOINTS.index("left_heel")], 0.95))
    still = position[0].copy()
    hip = np.mean([still[:, KEYPOINTS.index(f"{side}_hip")] for side in SIDES], axis=0)
    leg = floor - hip[1]
    heights = {"hip": 1.0, "knee": 0.53, "ankle": 0.08, "heel": 0.0, "toe": 0.0}
    ahead = {"hip": 0.0, "knee": 0.0, "ankle": 0.0, "heel": -0.06, "toe": 0.22}
    for side in SIDES:
        for name, height in heights.items():
            still[:, KEYPOINTS.index(f"{side}_{name}")] = hip[0] + ahead[name] * leg, floor - height * leg
    for names, height in ((("shoulder",), 1.55), (("ear",), 1.8)):
        for side in SIDES:
            for name in names:
                still[:, KEYPOINTS.index(f"{side}_{name}")] = hip[0], floor - height * leg
    noise = np.random.default_rng(4).normal(0.0, 0.3, (count, *still.shape))
    whole = np.concatenate([still + noise, position])
    for side in SIDES:
        whole[:, 0, KEYPOINTS.index(f"{side}_knee")] += knee_shift_px
    time_s = np.concatenate([np.arange(count) * step_s, pose.time_s + count * step_s])
    confidence = np.concatenate([np.ones((count, len(KEYPOINTS))), pose.data["confidence"].values])
    return Pose.from_arrays(time_s, whole, confidence, pose.width_px, pose.height_px, backend="simulation")


def analyse(pose: Pose, *, zeroed: bool) -> Analysis:
    rate_hz = 1.0 / float(np.median(np.diff(pose.time_s)))
    recording = Recording(
        path=Path("made.nc"),
        width_px=pose.width_px,
        height_px=pose.height_px,
        fps=rate_hz,
        frames=len(pose.time_s),
        duration_s=float(np.ptp(pose.time_s)),
        codec="keypoints",
        sha256="",
    )
    return analyze_pose(pose, Subject(height_m=1.75), Settings(zero_to_standing=zeroed), recording=recording)


@pytest.fixture(scope="module")
def walks() -> dict[str, Analysis]:
    pose = Walker(duration_s=7.0, noise_px=0.5, seed=3).pose()
    return {
        "right": analyse(stand_first(pose, 0.0), zeroed=True),
        "wrong": analyse(stand_first(pose, 12.0), zeroed=True),
        "plain": analyse(stand_first(pose, 12.0), zeroed=False),
    }


def test_a_knee_seen_too_far_ahead_is_put_right_by_quiet_standing(walks):
    name = "knee_flexion_at_contact_deg"
    for side in SIDES:
        truth, zeroed, plain = (walks[key].parameters.value(name, side) for key in ("right", "wrong", "plain"))
        assert abs(plain - truth) > 5.0
        assert zeroed == pytest.approx(truth, abs=1.5)


def test_zeroed_angles_meet_no_norm_and_the_report_says_so(walks):
    assert walks["plain"].parameters.get("knee_flexion_at_contact_deg", "left").norm is not None
    assert walks["wrong"].parameters.get("knee_flexion_at_contact_deg", "left").norm is None
    assert "counted_from_standing" in {issue.id for issue in walks["wrong"].issues}
    start, end = walks["wrong"].trajectories.standing_s
    assert 0.0 <= start < end <= STANDING_S + 0.3


def test_without_standing_in_the_film_nothing_is_zeroed_and_the_report_says_so():
    pose = Walker(duration_s=7.0, noise_px=0.5, seed=3).pose()
    asked, plain = analyse(pose, zeroed=True), analyse(pose, zeroed=False)
    assert asked.trajectories.standing_s is None
    assert "no_quiet_standing" in {issue.id for issue in asked.issues}
    assert asked.parameters.value("knee_flexion_at_contact_deg", "left") == plain.parameters.value(
        "knee_flexion_at_contact_deg", "left"
    )
