"""MediaPipe's 33 landmarks -> our keypoints."""

from __future__ import annotations

import numpy as np

from gait.core.skeleton import KEYPOINTS

#: Number of landmarks of MediaPipe's pose model.
MEDIAPIPE_COUNT = 33

#: Our keypoint -> index of MediaPipe's landmark (BlazePose topology, MediaPipe's pose landmarker guide). MediaPipe's
#: sides are the person's own, as ours are. Its ``foot index`` (tip of the second toe) is our ``toe``.
MEDIAPIPE_INDEX: dict[str, int] = {
    "nose": 0,
    "left_ear": 7,
    "right_ear": 8,
    "left_shoulder": 11,
    "right_shoulder": 12,
    "left_elbow": 13,
    "right_elbow": 14,
    "left_wrist": 15,
    "right_wrist": 16,
    "left_hip": 23,
    "right_hip": 24,
    "left_knee": 25,
    "right_knee": 26,
    "left_ankle": 27,
    "right_ankle": 28,
    "left_heel": 29,
    "right_heel": 30,
    "left_toe": 31,
    "right_toe": 32,
}

_ORDER = np.array([MEDIAPIPE_INDEX[name] for name in KEYPOINTS])


def from_mediapipe(values: np.ndarray) -> np.ndarray:
    """Pick and order our keypoints.

    Parameters
    ----------
    values
        ``(33, ...)`` one row per MediaPipe landmark.

    Returns
    -------
    ndarray
        ``(n_keypoints, ...)`` in the order of :data:`gait.core.skeleton.KEYPOINTS`.

    Raises
    ------
    ValueError
        There are not 33 rows.
    """
    if len(values) != MEDIAPIPE_COUNT:
        raise ValueError(f"{len(values)} landmarks, expected MediaPipe's {MEDIAPIPE_COUNT}")
    return values[_ORDER]
