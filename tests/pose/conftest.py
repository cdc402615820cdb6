"""Stick figures with known doings, for the tests of the pose stage."""

from __future__ import annotations

import numpy as np
import pytest

from gait.core.skeleton import KEYPOINTS
from gait.pose.tracks import Detection

# Heights of the joints above the ground, as a part of the stature.
HEIGHTS = {"shoulder": 0.82, "elbow": 0.63, "wrist": 0.49, "hip": 0.53, "knee": 0.285, "ankle": 0.04, "heel": 0.01}


def stick_figure(x: float, ground: float, height: float, ahead: float = 0.0, lift: float = 0.0, spread: float = 0.0):
    """A person in px, y down. ``ahead``: left ankle before the right one, ``lift``: left above right, ``spread``:
    feet apart to both sides; all as parts of the stature."""
    points = {"nose": (0.03, 0.93), "left_ear": (0.0, 0.94), "right_ear": (0.0, 0.94)}
    for sign, side in ((1, "left"), (-1, "right")):
        for joint, up in HEIGHTS.items():
            low = max(0.0, (0.53 - up) / 0.49) if joint in ("hip", "knee", "ankle", "heel") else 0.0
            aside = sign * (ahead / 2 + spread / 2) * low
            points[f"{side}_{joint}"] = (aside + sign * 0.03, up + low * max(0.0, sign * lift))
        heel = points[f"{side}_heel"]
        points[f"{side}_toe"] = (heel[0] + 0.13, heel[1])
    place = np.array([points[name] for name in KEYPOINTS]).T * height
    return np.array([[x], [ground]]) + place * np.array([[1], [-1]])


@pytest.fixture
def figure():
    return stick_figure


@pytest.fixture
def person():
    """Makes the detections of one person doing one thing: ``person("walk", times, x=..., ...)``."""

    def make(doing: str, times, x=300.0, ground=900.0, height=400.0, speed=0.0, colour=(50.0, 0.0, 0.0)):
        found = []
        for t in times:
            swing = np.sin(2 * np.pi * 0.9 * (t - times[0]) + 0.4)
            shape = {
                "walk": {"ahead": 0.28 * swing},
                "march": {"lift": 0.06 * swing},
                "jump": {"spread": 0.2 + 0.2 * swing, "lift": 0.0},
                "stand": {"ahead": 0.02 * swing},
            }[doing]
            ground_now = ground - (0.1 * height * abs(swing) if doing == "jump" else 0.0)
            points = stick_figure(x + speed * (t - times[0]), ground_now, height, **shape)
            found.append(Detection(float(t), points, np.full(len(KEYPOINTS), 0.9), np.array(colour)))
        return found

    return make


@pytest.fixture
def film():
    """Merges the detections of several people to frames."""

    def merge(*people):
        frames: dict[float, list[Detection]] = {}
        for detections in people:
            for detection in detections:
                frames.setdefault(detection.time_s, []).append(detection)
        return [frames[t] for t in sorted(frames)]

    return merge
