"""Quiet standing before, between or after walking: the person's own zero of the joint angles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_opening, uniform_filter1d

from gait.core.sides import SIDES
from gait.core.skeleton import LANDMARKS, MIDLINE
from gait.core.trajectories import JOINTS
from gait.trajectories.angles import joint_angles, segment_angles, trunk_lean

#: Both feet stand still for at least this long, in s (our estimate: longer than the double support of a slow walker).
MIN_STANDING_S = 0.5
#: Feet and pelvis stay within this, in leg lengths, for that long (our estimate: three times what a network's noise
#: leaves after averaging over a quarter of a second, a fifth of what a slow pelvis travels meanwhile).
STILL_LL = 0.03
#: Ankles lie no farther apart along the picture, in leg lengths: a stride is no standing (our estimate).
MAX_APART_LL = 0.25
#: A foot seen shorter than this, in leg lengths, points at the camera rather than along the picture (our estimate: an
#: adult foot is 0.29 leg lengths long from heel to toe; at 45 deg it is seen 0.2 long).
MIN_FOOT_LL = 0.18
#: Thigh, shank and trunk of someone upright lean no more than this, in deg (our estimate; the network's constant errors
#: are up to 8 deg).
MAX_LEAN_DEG = 20.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch of quiet standing.

    Attributes
    ----------
    start_s, end_s
        When, in s.
    facing
        +1 facing the right edge of the picture, -1 the left one.
    zero_deg
        ``(sides, joints)`` deg: angles while standing, feet taken as flat, in the order of
        :data:`gait.core.trajectories.JOINTS`; what :func:`gait.trajectories.angles.joint_angles` takes off.
    """

    start_s: float
    end_s: float
    facing: int
    zero_deg: np.ndarray


def find_standing(
    position: np.ndarray, midline: np.ndarray, time_s: np.ndarray, leg_length_px: float
) -> Standing | None:
    """Find the longest stretch in which the person stands still, upright and seen from the side.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px, x right, y up.
    midline
        ``(n, points, 2)`` px of :data:`gait.core.skeleton.MIDLINE`.
    time_s
        ``(n,)`` s, evenly spaced.
    leg_length_px
        Hip to sole.

    Returns
    -------
    Standing or None
        None where nobody stands still for :data:`MIN_STANDING_S`, upright, feet together, along the picture.

    Notes
    -----
    The constant errors of a network's landmarks (the hip 3 % of the leg too far ahead reads as 4 deg of thigh) are the
    same standing and walking, so the standing angles hold them; they also hold how this person stands. An angle
    against one's own standing is therefore the better one for comparing visits, and must not be held against norms
    that were taken without this zero.
    """
    step_s = float(np.median(np.diff(time_s)))
    still = _still(position, midline, step_s, leg_length_px) & _feet_together_along(position, leg_length_px)
    length = max(2, round(MIN_STANDING_S / step_s))
    still = np.asarray(binary_opening(still, np.ones(length, bool)))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], still.astype(int), [0]])))
    stretches = sorted(zip(edges[::2], edges[1::2], strict=True), key=lambda stretch: stretch[0] - stretch[1])
    for start, stop in stretches:
        found = _zero(position[start:stop], midline[start:stop])
        if found is not None:
            facing, zero = found
            return Standing(float(time_s[start]), float(time_s[stop - 1]), facing, zero)
    return None


def _still(position: np.ndarray, midline: np.ndarray, step_s: float, leg_length_px: float) -> np.ndarray:
    """``(n,)`` samples around which feet and pelvis stay where they are."""
    feet = position[:, :, [LANDMARKS.index(name) for name in ("ankle", "heel", "toe")]].reshape(len(position), -1)
    points = np.concatenate([feet, midline[:, MIDLINE.index("pelvis")]], axis=1)
    known = np.asarray(np.isfinite(points).all(axis=1))
    # Half of the window averages noise away, the other half is the time over which the averages must agree.
    width = max(1, round(0.5 * MIN_STANDING_S / step_s))
    mean = np.asarray(uniform_filter1d(np.where(known[:, None], points, 0.0), width, axis=0, mode="nearest"))
    back = np.concatenate([mean[:1].repeat(width, axis=0), mean[:-width]])
    ahead = np.concatenate([mean[width:], mean[-1:].repeat(width, axis=0)])
    moved = np.maximum(np.abs(mean - back), np.abs(ahead - mean)).max(axis=1)
    whole = uniform_filter1d(known.astype(float), 2 * width + 1, mode="nearest") > 1 - 1e-9
    return whole & (moved < STILL_LL * leg_length_px)


def _feet_together_along(position: np.ndarray, leg_length_px: float) -> np.ndarray:
    """``(n,)`` samples with both feet side by side and pointing the same way along the picture."""
    ankle, heel, toe = (position[:, :, LANDMARKS.index(name), 0] for name in ("ankle", "heel", "toe"))
    apart = np.abs(ankle[:, 0] - ankle[:, 1])
    foot = (toe - heel) / leg_length_px
    is_long = np.abs(foot).min(axis=1) > MIN_FOOT_LL
    return (apart < MAX_APART_LL * leg_length_px) & is_long & (foot[:, 0] * foot[:, 1] > 0)


def _zero(position: np.ndarray, midline: np.ndarray) -> tuple[int, np.ndarray] | None:
    """Facing and ``(sides, joints)`` angles of one stretch; None when the person is not upright."""
    foot = position[:, :, LANDMARKS.index("toe"), 0] - position[:, :, LANDMARKS.index("heel"), 0]
    facing = 1 if np.median(foot) > 0 else -1
    ahead = np.full(len(position), float(facing))
    lean = trunk_lean(midline[:, MIDLINE.index("pelvis")], midline[:, MIDLINE.index("neck")], ahead)
    rows = []
    for index in range(len(SIDES)):
        segments = segment_angles(position[:, index], ahead)
        if max(abs(float(np.nanmedian(segments[name]))) for name in ("thigh", "shank")) > MAX_LEAN_DEG:
            return None
        angles = joint_angles(segments, lean, float(np.nanmedian(segments["foot_pitch"])))
        rows.append([float(np.median(column)) for column in angles.T])
    zero = np.array(rows)
    # Without shoulders there is no trunk line, so there is no hip angle to zero.
    zero[:, JOINTS.index("hip_flexion")] = np.nan_to_num(zero[:, JOINTS.index("hip_flexion")])
    zero[:, JOINTS.index("foot_pitch")] = 0.0
    return (facing, zero) if np.isfinite(zero).all() else None
