"""Accuracy does not fall: the keypoint samples and simulated walks of every kind, against what was measured before.

The sample films are held to the same file where they are analysed (``tests/test_samples.py``).
"""

from __future__ import annotations

import accuracy
import pytest

from gait.pipeline import analyze, analyze_pose
from gait.validation.coverage import simulated_coverage
from gait.validation.run import subject_of

KEYPOINTS = ("antalgic_left_treadmill", "foot_drop_right", "normal_there_and_back", "slow_and_bent_forward")

#: Walks drawn by lot, always the same ones.
WALKS = 8


def analysed(clip: str):
    trial = accuracy.trials()[clip]
    return analyze(trial.file, subject_of(trial.truth))


@pytest.mark.parametrize("clip", KEYPOINTS)
def test_a_keypoint_sample_is_as_accurate_as_it_was(clip):
    assert accuracy.beyond(clip, analysed(clip)) == []


def test_every_sample_has_limits():
    assert set(accuracy.limits()) == set(accuracy.trials())
    assert all(limits for limits in accuracy.limits().values())


def test_a_fall_of_accuracy_is_seen(monkeypatch):
    clip = "normal_there_and_back"
    analysis = analysed(clip)
    strict = {name: (2.0 if name.endswith("_f1") else -1.0) for name in accuracy.limits()[clip]}
    monkeypatch.setattr(accuracy, "limits", lambda: {clip: strict | {"gone_ms": 5.0}})
    told = accuracy.beyond(clip, analysis)
    assert len(told) == len(strict) + 1
    assert "gone_ms is not measured any more" in " ".join(told)


def test_intervals_of_simulated_walks_hold_the_truth():
    rows, failures = simulated_coverage(
        WALKS, lambda pose, subject, recording: analyze_pose(pose, subject, recording=recording)
    )
    assert len(failures) <= 1, failures
    covered = (rows["low"] <= rows["truth"]) & (rows["truth"] <= rows["high"])
    # The goal is 90 to 98 %; so few walks leave 2 % of room to either side.
    assert 0.88 <= covered.mean() <= 0.995
