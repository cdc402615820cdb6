"""What the numbers of a made walk may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gait.core.errors import InputError
from gait.core.sides import SIDES, other_side
from gait.simulate.timing import Timing
from gait.simulate.values import check_ranges

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: Both feet stand for at least this share of the stride around each contact, %.
LEAST_DOUBLE_SUPPORT_PCT = 2.0


def check_walker(walker: Walker) -> None:
    """Refuse numbers that make no walk.

    Raises
    ------
    InputError
        Names the field and what it may be.
    """
    check_ranges(walker, LIMITS)
    _check_heading(walker)
    _check_timing(walker)


#: Lowest and highest value of each field.
LIMITS: dict[str, tuple[float, float]] = {
    "stride_time_s": (0.7, 2.6),
    "stride_time_cv_pct": (0.0, 14.0),
    "step_length_ll": (0.1, 1.05),
    "step_width_ll": (-0.1, 0.5),
    "stance_pct": (51.0, 80.0),
    "step_time_asymmetry": (-0.4, 0.4),
    "contact_pitch_deg": (-35.0, 35.0),
    "contact_to_flat_s": (0.01, 0.5),
    "rest_pitch_deg": (-35.0, 30.0),
    "vault_deg": (0.0, 38.0),
    "toe_off_pitch_deg": (-85.0, 25.0),
    "heel_rise_pct": (35.0, 85.0),
    "roll_power": (1.2, 4.0),
    "swing_dorsiflexion_deg": (-35.0, 20.0),
    "push_off_plantarflexion_deg": (-20.0, 35.0),
    "swing_knee_deg": (15.0, 100.0),
    "loading_knee_deg": (0.0, 60.0),
    "stance_knee_deg": (-30.0, 45.0),
    "clearance_m": (0.004, 0.1),
    "pelvic_drop_deg": (-5.0, 20.0),
    "pelvic_tilt_deg": (-12.0, 12.0),
    "hip_hike_deg": (0.0, 25.0),
    "short_leg_m": (0.0, 0.08),
    "weight_shift": (-1.0, 3.0),
    "circumduction_m": (-0.02, 0.25),
    "toe_out_deg": (-20.0, 50.0),
    "heel_valgus_deg": (-15.0, 25.0),
    "trunk_lean_deg": (-20.0, 60.0),
    "trunk_nod_deg": (0.0, 8.0),
    "trunk_follow_deg": (0.0, 12.0),
    "trunk_sway_deg": (-5.0, 25.0),
    "trunk_list_deg": (-15.0, 15.0),
    "trunk_rotation_deg": (0.0, 25.0),
    "arm_swing_deg": (0.0, 45.0),
    "step_length_cv_pct": (0.0, 12.0),
    "step_length_trend_pct": (-30.0, 10.0),
    "stride_time_trend_pct": (-10.0, 30.0),
    "trunk_lean_trend_deg": (-5.0, 12.0),
    "duration_s": (0.5, 600.0),
    "lead_in_s": (0.0, 60.0),
    "rate_hz": (24.0, 240.0),
    "rate_jitter_pct": (0.0, 15.0),
    "start_phase": (0.0, 1.0),
    "height_m": (0.8, 2.3),
    "height_px": (40.0, 4000.0),
    "noise_px": (0.0, 50.0),
    "far_leg_noise": (0.0, 10.0),
    "swaps": (0.0, 0.5),
    "missing": (0.0, 0.9),
    "shake_px": (0.0, 100.0),
    "pan": (0.0, 1.0),
}


def _check_heading(walker: Walker) -> None:
    """Refuse headings that the view cannot show."""
    allowed = {
        "sagittal": ("left_to_right", "right_to_left", "in_place"),
        "frontal": ("towards", "away", "in_place"),
    }
    if walker.view not in allowed:
        raise InputError(f"view is {walker.view!r}, expected one of {list(allowed)}")
    if walker.heading not in allowed[walker.view]:
        raise InputError(
            f"heading is {walker.heading!r}, but a {walker.view} view shows one of {list(allowed[walker.view])}"
        )
    if walker.heading == "in_place" and walker.there_and_back:
        raise InputError(
            "there_and_back was asked for a walk in place; a treadmill has no way back, choose one of them"
        )
    if walker.lead_in_s >= walker.duration_s:
        raise InputError(
            f"lead_in_s is {walker.lead_in_s:g}, expected less than duration_s = {walker.duration_s:g}; "
            "make the film longer or the lead-in shorter"
        )


def _check_timing(walker: Walker) -> None:
    """Refuse flight phases: one foot stands at any time, and both do so around each contact."""
    for side in SIDES:
        opposite = other_side(side)
        stance_pct, step_pct = walker.stance_pct.of(side), 100 * Timing.step_fraction(walker, opposite)
        if stance_pct - step_pct < LEAST_DOUBLE_SUPPORT_PCT:
            raise InputError(
                f"the {side} foot stands for {stance_pct:g} % of the stride, but the {opposite} foot lands "
                f"{step_pct:.1f} % after it; walking needs at least 2 % of double support: "
                "raise stance_pct or lower step_time_asymmetry"
            )
