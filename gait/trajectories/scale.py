"""How many metres a pixel is, and how long the leg is."""

from __future__ import annotations

import numpy as np

from gait.core.skeleton import LANDMARKS
from gait.core.subject import Subject
from gait.core.trajectories import Scale

#: Heights of body points as fractions of stature (Drillis & Contini 1966, as in Winter 2009, fig. 4.1).
HIP_HEIGHT_FRACTION = 0.530
SHOULDER_HEIGHT_FRACTION = 0.818
ANKLE_HEIGHT_FRACTION = 0.039

#: The network's shoulder-hip-knee-ankle chain is shorter than the table's by this factor: median of the rendered side
#: clips, whose statures are known (0.955 to 0.982; our measurement).
CHAIN_FACTOR = 0.972

#: Standard error of the scale from stature, as a fraction: spread of body proportions between people of one stature
#: and of landmark placement (rendered clips: 1.2 %; people, our estimate: 3 %).
HEIGHT_SCALE_ERROR = 0.03
TREADMILL_SCALE_ERROR = 0.02
LEG_LENGTH_SCALE_ERROR = 0.03


def measure_scale(
    position: np.ndarray,
    use: np.ndarray,
    subject: Subject,
    treadmill: tuple[float, float] | None,
    known_m_per_px: float | None,
    view_error: float = 0.0,
) -> Scale:
    """Find the scale of the picture.

    Leg length is taken from the whole chain shoulder-hip-knee-ankle and not from the leg alone: the network places
    the hip some centimetres up or down, which moves length between trunk and thigh but leaves their sum.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px.
    use
        ``(n,)`` samples of straight walking in full view.
    subject
        Height or leg length, where known.
    treadmill
        Belt speed as ``(m/s, px/s)``; wins over the height, since lengths along the belt are what is measured.
    known_m_per_px
        Scale that the source itself knows (motion capture).
    view_error
        What an oblique view adds to the relative standard error of the scale.
    """
    leg = leg_length_px(position[use])
    stature = leg / HIP_HEIGHT_FRACTION
    if known_m_per_px is not None:
        return Scale(leg, known_m_per_px, "source", 0.002)
    if treadmill is not None and treadmill[1] > 0:
        return Scale(leg, treadmill[0] / treadmill[1], "treadmill", _with(TREADMILL_SCALE_ERROR, view_error))
    if subject.height_m:
        return Scale(leg, subject.height_m / stature, "height", _with(HEIGHT_SCALE_ERROR, view_error))
    if subject.leg_length_left_m and subject.leg_length_right_m:
        mean_m = (subject.leg_length_left_m + subject.leg_length_right_m) / 2
        return Scale(leg, mean_m / leg, "leg_length", _with(LEG_LENGTH_SCALE_ERROR, view_error))
    return Scale(leg, None, "none", float("nan"))


def _with(error: float, view_error: float) -> float:
    """Two independent relative errors together."""
    return float(np.hypot(error, view_error))


def leg_length_px(position: np.ndarray) -> float:
    """Hip to sole in px: from the whole chain, or from thigh and shank where the source knows no shoulders.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px.
    """
    thigh, shank = _length(position, "hip", "knee"), _length(position, "knee", "ankle")
    trunk = _length(position, "shoulder", "hip")
    if np.isnan(trunk):
        return (thigh + shank) * HIP_HEIGHT_FRACTION / (HIP_HEIGHT_FRACTION - ANKLE_HEIGHT_FRACTION)
    chain_fraction = (SHOULDER_HEIGHT_FRACTION - ANKLE_HEIGHT_FRACTION) * CHAIN_FACTOR
    return (thigh + shank + trunk) / chain_fraction * HIP_HEIGHT_FRACTION


def _length(position: np.ndarray, upper: str, lower: str) -> float:
    """Median length of a segment over time and sides, in px; NaN where it is never seen."""
    difference = position[:, :, LANDMARKS.index(upper)] - position[:, :, LANDMARKS.index(lower)]
    length = np.linalg.norm(difference, axis=-1)
    seen = length[np.isfinite(length)]
    return float(np.median(seen)) if len(seen) else float("nan")
