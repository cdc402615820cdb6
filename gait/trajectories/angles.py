"""Sagittal segment and joint angles from landmarks.

Signs (clinical): hip flexion +, knee flexion +, ankle dorsiflexion +, foot pitch toes up +, trunk lean forward +.
Definitions, all in the picture plane, with the walker facing forward:

``thigh``                forward inclination of hip-to-knee against the vertical (knee ahead of the hip +)
``shank``                forward inclination of the shank against the vertical (knee ahead of the ankle +)
``foot_pitch``           foot (rigid triangle of ankle, heel and toe) against the floor; 0 = the foot lies flat, as in
                         the person's own stance
``hip_flexion``          thigh against the trunk line (neck to pelvis); *not* against the pelvis, which a film
                         from the side does not show: about 10 deg less than Plug-in Gait's
``knee_flexion``         thigh + shank; 0 = straight
``ankle_dorsiflexion``   foot pitch + shank; 0 = foot at 90 deg to the shank
``trunk_lean``           forward inclination of pelvis-to-neck against the vertical
"""

from __future__ import annotations

import numpy as np

from gait.core.skeleton import LANDMARKS
from gait.core.trajectories import JOINTS

#: How much ankle, heel and toe say of the foot's pitch. The toe counts less, because the toes bend at the ball of the
#: foot during push-off while ankle and heel belong to one rigid body; not much less, because the ankle of the far leg
#: is noisy (our choice: ankle curves of rendered walkers, with 0.25 / 0.5 / 1 / heel and toe alone, were off by 4.5 /
#: 4.7 / 4.7 / 5.1 deg on the near and 5.2 / 5.4 / 5.6 / 5.8 deg on the far leg; of capture through a virtual phone by
#: 3.5 / 3.4 / 3.5 / 3.5 and 5.8 / 5.0 / 4.7 / 4.6).
FOOT_WEIGHTS = (1.0, 1.0, 0.5)


def segment_angles(position: np.ndarray, facing: np.ndarray) -> dict[str, np.ndarray]:
    """Segment inclinations of one side.

    Parameters
    ----------
    position
        ``(n, landmarks, 2)`` px, x right, y up, landmarks as in :data:`gait.core.skeleton.LANDMARKS`.
    facing
        ``(n,)`` +1 right, -1 left, 0 unknown (gives NaN).

    Returns
    -------
    dict
        ``thigh``, ``shank``, ``foot_pitch`` (not yet levelled), each ``(n,)`` deg.
    """
    hip, knee, ankle, heel, toe = (
        position[:, LANDMARKS.index(name)] for name in ("hip", "knee", "ankle", "heel", "toe")
    )
    forward = np.where(facing == 0, np.nan, facing)
    thigh = _inclination(knee - hip, forward, down=True)
    shank = _inclination(knee - ankle, forward, down=False)
    points = np.stack([ankle, heel, toe], axis=1)
    return {"thigh": thigh, "shank": shank, "foot_pitch": foot_pitch(points, forward)}


def foot_pitch(points: np.ndarray, facing: np.ndarray) -> np.ndarray:
    """Pitch of the foot as a rigid body, from ankle, heel and toe.

    The line from heel to toe alone is no rigid body: the toes bend at the ball of the foot while the heel rises, and
    its two ends are noisy. So the triangle of ankle, heel and toe, in the shape that it mostly has, is turned onto the
    three points of each sample (least squares over rotation, Kabsch 1976, Acta Crystallographica A32, 922-923).

    Parameters
    ----------
    points
        ``(n, 3, 2)`` px of ankle, heel and toe, x right, y up.
    facing
        ``(n,)`` +1 right, -1 left, NaN unknown (gives NaN).

    Returns
    -------
    numpy.ndarray
        ``(n,)`` deg, toes up +, of the line from heel to toe in the foot's usual shape; not yet levelled.
    """
    own = points * np.stack([facing, np.ones(len(facing))], axis=-1)[:, None]
    weights = np.array(FOOT_WEIGHTS) / np.sum(FOOT_WEIGHTS)
    centred = own - np.einsum("p,npd->nd", weights, own)[:, None]
    # Each sample turned until heel and toe are level: the shape, whatever the pitch.
    line = own[:, 2] - own[:, 1]
    level = np.arctan2(line[:, 1], line[:, 0])
    known = np.isfinite(level) & np.isfinite(centred).all(axis=(1, 2))
    if not known.any():
        return np.full(len(points), np.nan)
    shape = np.median(_turned(centred[known], -level[known]), axis=0)
    along = np.einsum("p,npd,pd->n", weights, centred, shape)
    across = np.einsum("p,np->n", weights, shape[:, 0] * centred[..., 1] - shape[:, 1] * centred[..., 0])
    return np.degrees(np.arctan2(across, along))


def trunk_lean(pelvis: np.ndarray, neck: np.ndarray, facing: np.ndarray) -> np.ndarray:
    """Forward lean of the trunk line, ``(n,)`` deg."""
    return _inclination(neck - pelvis, np.where(facing == 0, np.nan, facing), down=False)


def joint_angles(
    segments: dict[str, np.ndarray], lean: np.ndarray, flat_pitch_deg: float, *, zero_deg: np.ndarray | None = None
) -> np.ndarray:
    """Joint angles of one side.

    Parameters
    ----------
    segments
        From :func:`segment_angles`.
    lean
        ``(n,)`` trunk lean, deg.
    flat_pitch_deg
        Pitch of the foot when it lies flat; taken off, so that flat is 0.
    zero_deg
        ``(joints,)`` deg taken off besides: the angles while this person stands quietly
        (:func:`gait.trajectories.standing.find_standing`), for angles that are 0 in his own standing.

    Returns
    -------
    numpy.ndarray
        ``(n, joints)`` deg in the order of :data:`gait.core.trajectories.JOINTS`.
    """
    pitch = segments["foot_pitch"] - flat_pitch_deg
    angles = {
        "hip_flexion": segments["thigh"] + lean,
        "knee_flexion": segments["thigh"] + segments["shank"],
        "ankle_dorsiflexion": pitch + segments["shank"],
        "foot_pitch": pitch,
        "thigh": segments["thigh"],
        "shank": segments["shank"],
    }
    stacked = np.stack([angles[joint] for joint in JOINTS], axis=-1)
    return stacked if zero_deg is None else stacked - zero_deg


def flat_foot_pitch(
    pitch_deg: np.ndarray, heel: np.ndarray, toe: np.ndarray, ground_speed: np.ndarray, time_s: np.ndarray
) -> float:
    """Pitch of the foot while it lies flat, in deg.

    The network's ankle, heel and toe points do not lie on the sole, so a flat foot reads some degrees off zero, and
    differently for each foot and shoe. The foot is flat while *both* ends stand still on the ground; the median over
    those samples is the person's own zero. NaN when the foot was never seen standing still.

    Parameters
    ----------
    pitch_deg
        ``(n,)`` raw pitch.
    heel, toe
        ``(n, 2)`` px.
    ground_speed
        ``(n,)`` horizontal speed of the ground in the picture (0 over ground, belt speed on a treadmill), px/s.
    time_s
        ``(n,)`` s.
    """
    speeds = []
    for point in (heel, toe):
        velocity = np.gradient(point, time_s, axis=0)
        speeds.append(np.hypot(velocity[:, 0] - ground_speed, velocity[:, 1]))
    fastest = np.maximum(*speeds)
    seen = np.isfinite(fastest) & np.isfinite(pitch_deg)
    if seen.sum() < 10:
        return float("nan")
    # The stillest sixth of all samples: flat stance lasts about 40 % of the cycle, so they all lie inside it.
    still = seen & (fastest <= np.quantile(fastest[seen], 1.0 / 6.0))
    return float(np.median(pitch_deg[still]))


def _turned(points: np.ndarray, angle_rad: np.ndarray) -> np.ndarray:
    """``(n, points, 2)`` turned counter-clockwise by ``(n,)`` rad."""
    cos, sin = np.cos(angle_rad)[:, None], np.sin(angle_rad)[:, None]
    x, y = points[..., 0], points[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=-1)


def _inclination(vector: np.ndarray, forward: np.ndarray, *, down: bool) -> np.ndarray:
    """Forward inclination against the vertical, deg, of a vector that points up (or down)."""
    along = -vector[:, 1] if down else vector[:, 1]
    return np.degrees(np.arctan2(vector[:, 0] * forward, along))
