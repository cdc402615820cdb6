"""Sagittal segment and joint angles from landmarks.

Signs (clinical): hip flexion +, knee flexion +, ankle dorsiflexion +, foot pitch toes up +, trunk lean forward +.
Definitions, all in the picture plane, with the walker facing forward:

``thigh``                forward inclination of hip-to-knee against the vertical (knee ahead of the hip +)
``shank``                forward inclination of the shank against the vertical (knee ahead of the ankle +)
``foot_pitch``           heel-to-toe against the floor; 0 = the foot lies flat, as in the person's own stance
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
    foot = toe - heel
    return {"thigh": thigh, "shank": shank, "foot_pitch": np.degrees(np.arctan2(foot[:, 1], foot[:, 0] * forward))}


def trunk_lean(pelvis: np.ndarray, neck: np.ndarray, facing: np.ndarray) -> np.ndarray:
    """Forward lean of the trunk line, ``(n,)`` deg."""
    return _inclination(neck - pelvis, np.where(facing == 0, np.nan, facing), down=False)


def joint_angles(segments: dict[str, np.ndarray], lean: np.ndarray, flat_pitch_deg: float) -> np.ndarray:
    """Joint angles of one side.

    Parameters
    ----------
    segments
        From :func:`segment_angles`.
    lean
        ``(n,)`` trunk lean, deg.
    flat_pitch_deg
        Pitch of the heel-toe line when this foot lies flat; taken off, so that flat is 0.

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
    return np.stack([angles[joint] for joint in JOINTS], axis=-1)


def flat_foot_pitch(
    pitch_deg: np.ndarray, heel: np.ndarray, toe: np.ndarray, ground_speed: np.ndarray, time_s: np.ndarray
) -> float:
    """Pitch of the heel-toe line while the foot lies flat, in deg.

    The network's heel and toe points do not lie on the sole, so a flat foot reads some degrees off zero, and
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


def _inclination(vector: np.ndarray, forward: np.ndarray, *, down: bool) -> np.ndarray:
    """Forward inclination against the vertical, deg, of a vector that points up (or down)."""
    along = -vector[:, 1] if down else vector[:, 1]
    return np.degrees(np.arctan2(vector[:, 0] * forward, along))
