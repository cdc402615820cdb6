from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from made_films import textured

from gait.core.issues import Issue
from gait.core.recording import Frame, Recording
from gait.video.quality import FilmMeter, blur_of, recording_issues

GOOD = Recording(Path("walk.mp4"), 1280, 720, 30.0, 300, 10.0)


def _ids(issues: tuple[Issue, ...]) -> dict[str, str]:
    return {issue.id: issue.severity for issue in issues}


def test_a_good_recording_has_no_issues():
    assert recording_issues(GOOD) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"fps": 20.0}, {"low_frame_rate": "warning"}),
        ({"fps": 12.0}, {"low_frame_rate": "error"}),
        ({"fps": 24000 / 1001}, {}),
        ({"is_variable_rate": True}, {"variable_frame_rate": "info"}),
        ({"lost_frames": 30}, {"truncated_film": "warning"}),
        ({"slow_motion_factor": 8.0, "fps": 240.0}, {"slow_motion": "info"}),
        ({"duration_s": 1.2}, {"very_short": "warning"}),
    ],
)
def test_each_fault_of_a_recording_is_named(change: dict, expected: dict[str, str]):
    assert _ids(recording_issues(replace(GOOD, **change))) == expected


def test_slow_motion_tells_its_factor():
    (issue,) = recording_issues(replace(GOOD, slow_motion_factor=8.0, fps=240.0))
    assert "8 times" in issue.message


def _meter(image: np.ndarray, box: tuple[float, float, float, float] | None) -> dict[str, str]:
    meter = FilmMeter()
    for index in range(60):
        meter.see(Frame(index / 30, image), box)
    return _ids(meter.issues())


BOX = (200.0, 100.0, 360.0, 460.0)
SHARP = np.clip(
    textured((640, 480), seed=2).astype(int) + textured((160, 120), seed=3).repeat(4, 0).repeat(4, 1) - 127, 0, 255
).astype(np.uint8)


def test_a_sharp_bright_large_walker_has_no_issues():
    assert _meter(SHARP, BOX) == {}


def test_darkness_is_seen():
    assert _meter((SHARP * 0.15).astype(np.uint8), BOX) == {"too_dark": "warning"}


def test_a_black_film_with_nobody_found_says_it_is_dark():
    assert _meter(np.zeros((480, 640, 3), np.uint8), None) == {"too_dark": "warning"}


@pytest.mark.parametrize("kernel", [(15, 1), (1, 15), (13, 13)])
def test_blur_in_any_direction_is_seen(kernel: tuple[int, int]):
    assert _meter(cv2.blur(SHARP, kernel), BOX) == {"blurred": "warning"}


def test_a_small_walker_is_seen():
    assert _meter(SHARP, (200.0, 100.0, 260.0, 240.0)) == {"walker_too_small": "warning"}


def test_one_bad_moment_is_no_issue():
    meter = FilmMeter()
    for index in range(90):
        image = SHARP if index > 15 else np.zeros_like(SHARP)
        meter.see(Frame(index / 30, image), BOX)
    assert meter.issues() == ()


def test_boxes_that_are_missing_or_outside_do_no_harm():
    meter = FilmMeter()
    for index, box in enumerate([None, (np.nan,) * 4, (-500.0, -500.0, -400.0, -400.0), (630.0, 0.0, 900.0, 20.0)]):
        meter.see(Frame(float(index), SHARP), box)
    assert meter.issues() == ()


def test_blur_grows_with_the_width_of_the_blur_and_a_plain_wall_has_none():
    luma = cv2.cvtColor(SHARP, cv2.COLOR_RGB2GRAY)
    steps = [blur_of(cv2.GaussianBlur(luma, (0, 0), sigma) if sigma else luma) for sigma in (0, 1, 2, 4)]
    assert np.all(np.diff(steps) > 0)
    assert np.isnan(blur_of(np.full((100, 100), 80, np.uint8)))
