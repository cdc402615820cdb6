"""What limits a film is told: slow motion, few strides, one direction, no scale."""

from dataclasses import replace
from pathlib import Path

import pytest
from walks import analyse

from gait.core.errors import NotEnoughDataError
from gait.core.pose import Pose
from gait.core.recording import Recording
from gait.core.subject import Subject
from gait.pipeline import analyze_pose
from gait.simulate.walker import Walker


def stretched(walker: Walker, factor: float) -> Pose:
    """The walker's pose as a film that plays slower."""
    pose = walker.pose()
    return Pose.from_arrays(
        pose.time_s * factor,
        pose.data["position"].values,
        pose.data["confidence"].values,
        pose.width_px,
        pose.height_px,
    )


def film_of(pose: Pose) -> dict[str, tuple[str, str]]:
    """Issues of a pose that came from a film: id to (message, advice)."""
    recording = Recording(Path("walk.mp4"), 1280, 720, 60.0, len(pose.time_s), float(pose.time_s[-1]), codec="h264")
    analysis = analyze_pose(pose, Subject(height_m=1.75), recording=recording)
    if any(issue.id == "slow_motion_suspected" for issue in analysis.issues):
        assert analysis.findings.get("slow_walking").status == "not_assessable"
    return {issue.id: (issue.message, issue.advice) for issue in analysis.issues}


def test_slow_motion_by_two_is_suspected_from_long_slow_steps():
    issues = film_of(stretched(Walker(duration_s=7.0, noise_px=1.0), 2.0))
    assert "factor of 2" in issues["slow_motion_suspected"][0]
    assert "--slow-motion 2" in issues["slow_motion_suspected"][1]


@pytest.mark.parametrize("factor", [4.0, 8.0])
def test_slow_motion_beyond_any_walking_is_refused_with_its_factor(factor):
    with pytest.raises(NotEnoughDataError, match=f"--slow-motion {factor:.0f}") as caught:
        film_of(stretched(Walker(duration_s=7.0, noise_px=0.5), factor))
    assert caught.value.issue_id == "slow_motion_suspected"


def test_a_slow_walker_is_not_taken_for_slow_motion():
    slow = Walker(stride_time_s=2.0, duration_s=12.0, noise_px=1.0).with_fault("short_steps", None, 0.8)
    assert "slow_motion_suspected" not in film_of(slow.pose())


def test_an_ordinary_walk_names_its_limits():
    issues = film_of(Walker(duration_s=5.0, noise_px=1.0).pose())
    assert {"few_strides", "one_direction"} <= issues.keys()
    assert not {"slow_motion_suspected", "no_scale", "frontal_view"} & issues.keys()


def test_a_walk_there_and_back_has_no_far_leg():
    walker = Walker(duration_s=16.0, there_and_back=True, noise_px=1.0)
    assert "one_direction" not in film_of(walker.pose())


def test_without_height_the_missing_scale_is_told():
    analysis = analyse(replace(Walker(duration_s=6.0)).pose(), Subject())
    assert "no_scale" in {issue.id for issue in analysis.issues}
