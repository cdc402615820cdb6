"""Trunk, head and arms above a pelvis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES

if TYPE_CHECKING:
    from gait.simulate.body import Body

_ELBOW_DEG = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TorsoPose:
    """How the upper body is held over time; angles in rad, each ``(n,)`` or one number.

    Attributes
    ----------
    forward, aside
        Lean of the trunk, forward + and to the walker's right +.
    shoulders_forward_m
        By side: how far a shoulder is ahead of the neck.
    shoulders_tilt
        Right shoulder above the left one, beyond what the lean of the trunk gives.
    arms
        By side: swing of the upper arm from hanging, forward +.
    """

    forward: np.ndarray | float
    aside: np.ndarray | float
    shoulders_forward_m: dict[str, np.ndarray | float]
    arms: dict[str, np.ndarray | float]
    shoulders_tilt: np.ndarray | float = 0.0


def upper_body(body: Body, pelvis: np.ndarray, pose: TorsoPose) -> dict[str, np.ndarray]:
    """Keypoints above the hips.

    Parameters
    ----------
    body
        Lengths.
    pelvis
        ``(n, 3)`` m, the middle of the hips: x forward, y up, z to the walker's right.
    pose
        How trunk and arms are held.

    Returns
    -------
    dict of numpy.ndarray
        By keypoint ``(n, 3)`` m: nose, ears, shoulders, elbows, wrists.
    """
    ones = np.ones(len(pelvis))
    forward, aside, tilt = (value * ones for value in (pose.forward, pose.aside, pose.shoulders_tilt))
    up = np.column_stack([np.sin(forward) * np.cos(aside), np.cos(forward) * np.cos(aside), np.sin(aside)])
    neck = pelvis + body.trunk_m * up
    ears = neck + body.head_m * up
    # The girdle stands square to the trunk: a trunk that leans to the right lowers the right shoulder.
    turn = tilt - aside
    right = np.column_stack([0 * ones, np.sin(turn), np.cos(turn)])
    points = {"nose": ears + np.array([0.055, -0.01, 0.0]) * body.height_m}
    for side in SIDES:
        outward = 1.0 if side == "right" else -1.0
        ahead = np.column_stack([pose.shoulders_forward_m[side] * ones, 0 * ones, 0 * ones])
        shoulder = neck + outward * body.half_shoulders_m * right + ahead
        swing = pose.arms[side] * ones
        elbow = shoulder + body.upper_arm_m * _hanging(swing)
        bend = np.radians(_ELBOW_DEG) * (1 + 0.5 * np.sin(swing))
        points[f"{side}_ear"] = ears + outward * 0.04 * body.height_m * right
        points[f"{side}_shoulder"] = shoulder
        points[f"{side}_elbow"] = elbow
        points[f"{side}_wrist"] = elbow + body.forearm_m * _hanging(swing + bend)
    return points


def _hanging(angle: np.ndarray) -> np.ndarray:
    """Unit vector of a limb that hangs down and is swung forward by an angle in rad, ``(n, 3)``."""
    return np.column_stack([np.sin(angle), -np.cos(angle), np.zeros_like(angle)])
