from __future__ import annotations

import numpy as np
import pytest

from gait.core.skeleton import KEYPOINTS
from gait.pose.mapping import MEDIAPIPE_INDEX, from_mediapipe


def test_every_keypoint_has_its_landmark():
    assert set(MEDIAPIPE_INDEX) == set(KEYPOINTS)
    assert len(set(MEDIAPIPE_INDEX.values())) == len(KEYPOINTS)


def test_left_is_odd_and_right_is_the_next_even_number():
    # MediaPipe numbers the pairs left, right from 11 (shoulders) on.
    for name, index in MEDIAPIPE_INDEX.items():
        if name.startswith("left_") and index >= 11:
            assert index % 2 == 1
            assert MEDIAPIPE_INDEX[name.replace("left_", "right_")] == index + 1


def test_rows_are_picked_in_our_order():
    picked = from_mediapipe(np.arange(33))
    assert picked[KEYPOINTS.index("right_toe")] == 32
    assert picked[KEYPOINTS.index("left_heel")] == 29
    with pytest.raises(ValueError, match="33"):
        from_mediapipe(np.arange(17))
