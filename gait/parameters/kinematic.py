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


def knee_loading_excursion_deg(stride: Stride) -> float:
    """How far the knee gives way in loading, from its angle at contact: a constant error of the angle cancels."""
    return knee_loading_flexion_deg(stride) - knee_flexion_at_contact_deg(stride)


def min_stance_knee_flexion_deg(stride: Stride) -> float:
    """Straightest knee while it carries the body, from 15 to 50 %; below 0 it is bent backwards."""
    return float(np.min(stride.window("knee_flexion", 15, 50)))


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
