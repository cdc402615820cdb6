"""What the standing feet tell of the camera: a foot on the floor does not move, and the floor is level."""

from __future__ import annotations

import numpy as np

from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.trajectories.clean import unbroken

#: Rolls and tilts of a phone held upright by hand, one standard deviation, in deg, and the error of one standing foot's
#: height, in leg lengths (our estimate).
USUAL_ROLL_DEG = 3.0
USUAL_TILT_DEG = 5.0
FLOOR_ERROR_LL = 0.015

#: The slowest share of a foot's samples: it stands for 60 % of the time, and is flat for somewhat more than a third.
_STAND_SHARE = 0.35

#: A standing foot's place is independent from one stance to the next: so many of them a second, both feet together.
_STANCES_HZ = 2.0

#: A camera is carried this much faster or slower than the background says at most: the wall is up to twice as far away
#: as the walker (our estimate).
GAIN_LIMITS = (0.5, 2.0)

#: The share of a pass in which a foot goes backward against the pelvis fastest: the middle of its stance; and the
#: shortest such stretch that is used, in s (our estimate).
_BACKWARD_SHARE = 0.4
_SHORTEST_STANCE_S = 0.15

_FOOT = ("ankle", "heel", "toe")


def roll_rad(flat: np.ndarray, inside: np.ndarray, step_s: float, leg_px: float, slope: float) -> float:
    """How far the camera was rolled: the slope of the floor under the standing feet, in rad.

    Parameters
    ----------
    flat
        ``(n, keypoints, 2)`` px in the plane of the walk, y up.
    inside
        ``(n,)`` samples of the pass.
    step_s
        Time between samples, in s.
    leg_px
        Leg length, in px.
    slope
        Tangent of the angle between walk and picture plane. Where a walk nears the camera, a camera that looks up or
        down makes a slope of the floor too: the slope is believed to be roll in the share that is usual.
    """
    places, heights = [], []
    for foot, stands in _standing(flat, inside, step_s):
        places.append(foot[stands, 0] - foot[stands, 0].mean())
        heights.append(foot[stands, 1] - foot[stands, 1].mean())
    if not places:
        return 0.0
    x, y = np.concatenate(places), np.concatenate(heights)
    certainty = _STANCES_HZ * step_s / (FLOOR_ERROR_LL * leg_px) ** 2
    usual, tilted = np.tan(np.radians(USUAL_ROLL_DEG)), np.tan(np.radians(USUAL_TILT_DEG)) * slope
    found = certainty * float(x @ y) / (certainty * float(x @ x) + 1.0 / (usual**2 + tilted**2))
    return float(np.arctan(found * usual**2 / (usual**2 + tilted**2)))


def turn_level(flat: np.ndarray, roll: float, centre_px: np.ndarray) -> np.ndarray:
    """Turn the picture about its middle until the floor is level."""
    cos, sin = np.cos(roll), np.sin(roll)
    return (flat - centre_px) @ np.array([[cos, -sin], [sin, cos]]) + centre_px


def carried_gain(flat: np.ndarray, inside: np.ndarray, step_s: float, carried_px: np.ndarray) -> float:
    """How much farther a camera was carried than the background shows, as a factor.

    The wall behind a walker is farther away than the walker, so a carried camera seems to move too little by it; by
    how much, no background tells. The standing feet do: with the right factor they stand still.

    Parameters
    ----------
    flat
        ``(n, keypoints, 2)`` px in the plane of the walk, with the camera's way as the background shows it.
    inside
        ``(n,)`` samples of the pass.
    step_s
        Time between samples, in s.
    carried_px
        ``(n,)`` that way, in px of ``flat``.
    """
    ahead = float(np.sign(carried_px[inside][-1] - carried_px[inside][0]))
    pelvis = flat[:, [KEYPOINTS.index(f"{side}_hip") for side in SIDES], 0].mean(axis=1)
    slid, ways = [], []
    for side in SIDES:
        foot = _foot(flat, side)[:, 0]
        # Whatever the camera does, the standing foot goes backward against the pelvis.
        backward = -ahead * np.gradient(foot - pelvis, step_s)
        seen = inside & np.isfinite(backward)
        if not seen.any():
            continue
        stands = seen & (backward >= np.quantile(backward[seen], 1.0 - _BACKWARD_SHARE))
        for start, stop in unbroken(stands):
            if (stop - start) * step_s >= _SHORTEST_STANCE_S:
                slid.append(foot[stop - 1] - foot[start])
                ways.append(carried_px[stop - 1] - carried_px[start])
    way = np.array(ways)
    if not np.any(way):
        return 1.0
    return float(np.clip(1.0 - np.array(slid) @ way / (way @ way), *GAIN_LIMITS))


def _standing(flat: np.ndarray, inside: np.ndarray, step_s: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each foot its place ``(n, 2)`` and the samples in which it stands."""
    found = []
    for side in SIDES:
        foot = _foot(flat, side)
        speed = np.linalg.norm(np.gradient(foot, step_s, axis=0), axis=1)
        seen = inside & np.isfinite(speed)
        if seen.any():
            found.append((foot, seen & (speed <= np.quantile(speed[seen], _STAND_SHARE))))
    return found


def _foot(flat: np.ndarray, side: str) -> np.ndarray:
    """``(n, 2)`` px, mean of ankle, heel and toe."""
    return flat[:, [KEYPOINTS.index(f"{side}_{name}") for name in _FOOT]].mean(axis=1)
