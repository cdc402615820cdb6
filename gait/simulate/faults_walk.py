"""Faults of the walk and of the trunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gait.core.sides import other_side
from gait.simulate.fault import Fault
from gait.simulate.values import scaled, shifted

if TYPE_CHECKING:
    from gait.core.sides import Side
    from gait.simulate.walker import Walker


def _antalgic(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    stance, opposite = walker.stance_pct, other_side(side)
    # The other foot lands early to relieve the painful one: its step is quick, its own stance long.
    sign = 1.0 if side == "left" else -1.0
    return {
        "stance_pct": stance.with_side(side, stance.of(side) - 8 * severity).with_side(
            opposite, stance.of(opposite) + 5 * severity
        ),
        "step_time_asymmetry": walker.step_time_asymmetry + 0.12 * sign * severity,
        "step_length_ll": walker.step_length_ll.with_side(
            opposite, walker.step_length_ll.of(opposite) * (1 - 0.15 * severity)
        ),
    }


def _step_length_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    step = walker.step_length_ll
    return {"step_length_ll": step.with_side(side, step.of(side) * (1 - 0.26 * severity))}


def _step_time_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    sign = -1.0 if side == "left" else 1.0
    return {"step_time_asymmetry": walker.step_time_asymmetry + 0.16 * sign * severity}


def _stance_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    stance, opposite = walker.stance_pct, other_side(side)
    return {
        "stance_pct": stance.with_side(side, stance.of(side) - 7.5 * severity).with_side(
            opposite, stance.of(opposite) + 7.5 * severity
        )
    }


def _slow_walking(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Slow walkers stand longer and push off, bend the knee and lift the forefoot less (Schwartz et al. 2008, J Biomech
    # 41, 1639-1650; the sizes are our estimate).
    return {
        "stride_time_s": min(walker.stride_time_s * (1 + 0.6 * severity), 2.6),
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.4 * severity),
        "stance_pct": shifted(walker.stance_pct, 6 * severity),
        "push_off_plantarflexion_deg": shifted(walker.push_off_plantarflexion_deg, -12 * severity),
        "swing_knee_deg": shifted(walker.swing_knee_deg, -10 * severity),
        "contact_pitch_deg": shifted(walker.contact_pitch_deg, -5 * severity),
    }


def _short_steps(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.55 * severity),
        # Small steps come fast: short for the speed, not only slow.
        "stride_time_s": walker.stride_time_s * (1 - 0.3 * severity),
        # A leg that reaches less far lands flatter.
        "contact_pitch_deg": scaled(walker.contact_pitch_deg, 1 - 0.4 * severity),
        "push_off_plantarflexion_deg": shifted(walker.push_off_plantarflexion_deg, -8 * severity),
        "swing_knee_deg": shifted(walker.swing_knee_deg, -4 * severity),
    }


def _prolonged_double_support(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Healthy people of one speed differ by 2.4 to 4.5 % (one sd) about their mean: at 0.6 even one with short double
    # supports of their own lies 4 % beyond two sd.
    return {"stance_pct": shifted(walker.stance_pct, 16 * severity)}


def _forward_trunk_lean(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {"trunk_lean_deg": walker.trunk_lean_deg + 17 * severity}


def _wide_base(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # More than 15 cm is worth mentioning, more than 20 cm of a report.
    return {"step_width_ll": walker.step_width_ll + 0.25 * severity}


def _trunk_lean_over_stance(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 5 deg are worth mentioning, 8 deg of a report.
    sway = walker.trunk_sway_deg
    return {"trunk_sway_deg": sway.with_side(side, sway.of(side) + 12 * severity)}


def _swing_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # The named side swings shorter, so it stands longer.
    stance, opposite = walker.stance_pct, other_side(side)
    return {
        "stance_pct": stance.with_side(side, stance.of(side) + 7 * severity).with_side(
            opposite, stance.of(opposite) - 7 * severity
        )
    }


def _weight_shift(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # The body does not come over this foot: less way to its side, weight taken over late and given up early.
    shift, stance, opposite = walker.weight_shift, walker.stance_pct, other_side(side)
    sign = 1.0 if side == "left" else -1.0
    return {
        "weight_shift": shift.with_side(side, shift.of(side) * (1 - 1.2 * severity)),
        "stance_pct": stance.with_side(opposite, stance.of(opposite) + 9 * severity).with_side(
            side, stance.of(side) - 4 * severity
        ),
        "step_time_asymmetry": walker.step_time_asymmetry + 0.06 * sign * severity,
    }


def _high_variability(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # A stride time that varies by more than 4 % is unusual (Hausdorff, from memory, not re-read).
    return {
        "stride_time_cv_pct": walker.stride_time_cv_pct + 10 * severity,
        "step_length_cv_pct": walker.step_length_cv_pct + 8 * severity,
    }


def _deterioration(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # A slope of the lean of 3 deg a minute is worth a report; speed then falls by a tenth a minute (our estimate).
    return {
        "step_length_trend_pct": walker.step_length_trend_pct - 12 * severity,
        "stride_time_trend_pct": walker.stride_time_trend_pct + 5 * severity,
        "trunk_lean_trend_deg": walker.trunk_lean_trend_deg + 5 * severity,
    }


def _list(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 4.5 deg are mild, 6.5 moderate, 9 severe; the side is where the trunk leans to, no more.
    return {"trunk_list_deg": walker.trunk_list_deg + (1.0 if side == "right" else -1.0) * 10 * severity}


def _limited_trunk(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {
        "trunk_rotation_deg": walker.trunk_rotation_deg * (1 - 0.95 * severity),
        "trunk_nod_deg": walker.trunk_nod_deg * (1 - 0.9 * severity),
        "arm_swing_deg": scaled(walker.arm_swing_deg, 1 - 0.5 * severity),
    }


def _arm_swing(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Half of the swing is gone at 0.35, three quarters at 0.65 (our estimate).
    arm = walker.arm_swing_deg
    return {"arm_swing_deg": arm.with_side(side, arm.of(side) * (1 - severity**0.7))}


WALK_FAULTS = (
    Fault("antalgic_gait", True, "stance_pct", -1, _antalgic),
    Fault("reduced_weight_shift", True, "single_support_pct", -1, _weight_shift),
    Fault("step_length_asymmetry", True, "step_length_m", -1, _step_length_asymmetry),
    Fault("step_time_asymmetry", True, "step_time_s", -1, _step_time_asymmetry),
    Fault("stance_asymmetry", True, "stance_pct", -1, _stance_asymmetry),
    Fault("swing_asymmetry", True, "swing_pct", -1, _swing_asymmetry),
    Fault("slow_walking", False, "walking_speed_mps", -1, _slow_walking),
    Fault("short_steps", False, "step_length_m", -1, _short_steps),
    Fault("prolonged_double_support", False, "double_support_pct", 1, _prolonged_double_support),
    Fault("high_variability", False, "stride_time_cv_pct", 1, _high_variability),
    Fault("deterioration_while_walking", False, "walking_speed_trend_pct", -1, _deterioration),
    Fault("wide_base", False, "step_width_m", 1, _wide_base, view="frontal"),
    Fault("forward_trunk_lean", False, "trunk_lean_deg", 1, _forward_trunk_lean),
    Fault("limited_trunk_motion", False, "trunk_rotation_range_deg", -1, _limited_trunk),
    Fault("trunk_lean_over_stance", True, "trunk_lean_over_stance_deg", 1, _trunk_lean_over_stance, view="frontal"),
    Fault("lateral_trunk_list", True, "trunk_list_deg", 1, _list, view="frontal"),
    Fault("reduced_arm_swing", True, "arm_swing_range_deg", -1, _arm_swing),
)
