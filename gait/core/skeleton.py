"""The points we follow: names of keypoints (as seen by a pose backend) and landmarks (as used after)."""

from __future__ import annotations

from gait.core.sides import SIDES

#: Landmarks that exist on both sides, from top to bottom. ``toe`` is the tip of the longest toe.
LANDMARKS: tuple[str, ...] = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")

#: Points of the midline: ``head`` is the mean of the ears, ``neck`` of the shoulders, ``pelvis`` of the hips.
MIDLINE: tuple[str, ...] = ("head", "neck", "pelvis")

#: Points that a pose backend delivers besides the sided landmarks.
HEAD_KEYPOINTS: tuple[str, ...] = ("nose", "left_ear", "right_ear")

#: All keypoints of a :class:`gait.core.pose.Pose`, in order.
KEYPOINTS: tuple[str, ...] = HEAD_KEYPOINTS + tuple(f"{side}_{landmark}" for side in SIDES for landmark in LANDMARKS)

#: Lines drawn between landmarks of one side (the skeleton of overlays and stills).
BONES: tuple[tuple[str, str], ...] = (
    ("shoulder", "elbow"),
    ("elbow", "wrist"),
    ("shoulder", "hip"),
    ("hip", "knee"),
    ("knee", "ankle"),
    ("ankle", "heel"),
    ("heel", "toe"),
    ("toe", "ankle"),
)
