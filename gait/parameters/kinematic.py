"""Angles of one stride, read off its 0-100 % curves (signs: ``gait.trajectories.angles``)."""

from __future__ import annotations

import numpy as np

from gait.core.cycles import PERCENT
from gait.parameters.stride import Stride

#: Foot pitch at which the heel counts as risen, in deg: beyond the noise of a flat foot (our estimate).
_HEEL_UP_DEG = -15.0


def ankle_dorsiflexion_at_contact_deg(stride: Stride) -> float:
    """Ankle at initial contact."""
    return float(stride.curves["ankle_dorsiflexion"][0])


def peak_stance_dorsiflexion_deg(stride: Stride) -> float:
    """Largest dorsiflexion in stance."""
    return float(np.max(stride.window("ankle_dorsiflexion", 10, stride.toe_off_pct)))


def peak_swing_dorsiflexion_deg(stride: Stride) -> float:
    """Largest dorsiflexion from 70 to 95 %."""
    return float(np.max(stride.window("ankle_dorsiflexion", 70, 95)))


def peak_push_off_plantarflexion_deg(stride: Stride) -> float:
    """Lowest ankle angle around toe-off."""
    return float(np.min(stride.window("ankle_dorsiflexion", stride.toe_off_pct - 10, stride.toe_off_pct + 10)))


def ankle_range_deg(stride: Stride) -> float:
    """Ankle range over the cycle."""
    return float(np.ptp(stride.curves["ankle_dorsiflexion"]))


def foot_pitch_at_toe_off_deg(stride: Stride) -> float:
    """Foot pitch at toe-off."""
    return float(np.interp(stride.toe_off_pct, PERCENT, stride.curves["foot_pitch"]))


def heel_rise_pct(stride: Stride) -> float:
    """When the heel rises; NaN when it does not before toe-off."""
    late = (PERCENT >= 20) & (stride.toe_off_pct + 5 >= PERCENT) & (stride.curves["foot_pitch"] < _HEEL_UP_DEG)
    return float(PERCENT[late][0]) if late.any() else float("nan")


def knee_flexion_at_contact_deg(stride: Stride) -> float:
    """Knee at initial contact."""
    return float(stride.curves["knee_flexion"][0])


def knee_loading_flexion_deg(stride: Stride) -> float:
    """Largest knee flexion in loading."""
    return float(np.max(stride.window("knee_flexion", 5, 25)))


def peak_swing_knee_flexion_deg(stride: Stride) -> float:
    """Largest knee flexion in swing."""
    return float(np.max(stride.window("knee_flexion", 55, 95)))


def knee_range_deg(stride: Stride) -> float:
    """Knee range over the cycle."""
    return float(np.ptp(stride.curves["knee_flexion"]))


def peak_hip_extension_deg(stride: Stride) -> float:
    """Smallest hip flexion in late stance."""
    return float(np.min(stride.window("hip_flexion", 30, 65)))


def peak_swing_hip_flexion_deg(stride: Stride) -> float:
    """Largest hip flexion in swing."""
    return float(np.max(stride.window("hip_flexion", 60, 100)))


def hip_range_deg(stride: Stride) -> float:
    """Hip range over the cycle."""
    return float(np.ptp(stride.curves["hip_flexion"]))


def trunk_lean_deg(stride: Stride) -> float:
    """Mean forward trunk lean over the stride."""
    return float(np.mean(stride.curves["trunk_lean"]))


def toe_clearance_ll(stride: Stride) -> float:
    """Lowest toe in mid-swing above its own stance height, in leg lengths."""
    tracks = stride.trajectories
    up = tracks.landmark(stride.side, "toe")[:, 1]
    swing_s = stride.end_s - stride.toe_off_s
    standing = _between(stride, up, stride.start_s + 0.15 * stride.duration_s, stride.start_s + 0.4 * stride.duration_s)
    swinging = _between(stride, up, stride.toe_off_s + 0.25 * swing_s, stride.toe_off_s + 0.75 * swing_s)
    if not len(standing) or not len(swinging):
        return float("nan")
    return float(np.min(swinging) - np.median(standing)) / tracks.scale.leg_length_px


def _between(stride: Stride, track: np.ndarray, start_s: float, end_s: float) -> np.ndarray:
    """Seen samples of a track in a time window."""
    time_s = stride.trajectories.time_s
    values = track[(time_s >= start_s) & (time_s <= end_s)]
    return values[np.isfinite(values)]
