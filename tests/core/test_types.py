"""The nouns check themselves once, and nobody can change them."""

import numpy as np
import pandas as pd
import pytest

from gait.core.events import GaitEvents
from gait.core.findings import Finding
from gait.core.pose import Pose
from gait.core.recording import CameraMotion
from gait.core.skeleton import KEYPOINTS
from gait.simulate.walker import Walker


def test_the_arrays_of_a_pose_refuse_to_be_written_to():
    pose = Walker(duration_s=2.0).pose()
    with pytest.raises(ValueError, match="read-only"):
        pose.data["position"].values[0, 0, 0] = 1.0


def test_building_a_pose_does_not_freeze_the_callers_array():
    count = len(KEYPOINTS)
    position = np.zeros((3, 2, count))
    Pose.from_arrays(np.arange(3.0), position, np.ones((3, count)), 10, 10)
    position[0, 0, 0] = 1.0
    assert position[0, 0, 0] == 1.0


@pytest.mark.parametrize(
    ("times", "confidence", "words"),
    [([0.0, 0.0, 1.0], 1.0, "increase"), ([0.0, 1.0, 2.0], 1.5, "between 0 and 1")],
)
def test_a_pose_refuses_impossible_contents(times, confidence, words):
    count = len(KEYPOINTS)
    with pytest.raises(ValueError, match=words):
        Pose.from_arrays(np.array(times), np.zeros((3, 2, count)), np.full((3, count), confidence), 10, 10)


def test_events_are_sorted_and_their_words_checked():
    events = GaitEvents.from_rows([(2.0, "left", "toe_off", 1.0), (1.0, "right", "initial_contact", 1.0)])
    assert events.table["time_s"].tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="sides"):
        GaitEvents.from_rows([(1.0, "L", "toe_off", 1.0)])
    with pytest.raises(ValueError, match="lack"):
        GaitEvents(pd.DataFrame({"time_s": []}))
    assert len(GaitEvents.empty()) == 0


def test_a_finding_that_cannot_be_judged_needs_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Finding("foot_drop", "left", "not_assessable")
    with pytest.raises(ValueError, match="severity"):
        Finding("foot_drop", "left", "absent", severity="mild")


def test_camera_motion_brings_points_back_to_the_first_frame():
    shift = np.array([[1.0, 0.0, -5.0], [0.0, 1.0, 2.0]])
    motion = CameraMotion(np.array([0.0]), shift[None], np.array([True]))
    assert motion.apply(np.array([[[10.0, 10.0]]])).tolist() == [[[5.0, 12.0]]]
