"""Faults that can be planted, each on the side that a report would name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gait.core.errors import InputError
from gait.core.sides import SIDES, Side, other_side

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: What a fault changes: (walker, side, severity) -> new values of fields. All sizes are our estimates: full severity
#: lies well beyond the limits of the rules of findings, and none is fitted to patients.
Change = Callable[["Walker", Side, float], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that can be planted.

    Attributes
    ----------
    id
        Id of the finding.
    has_side
        Whether a side is named.
    parameter
        The parameter of the truth that it changes first.
    direction
        +1 when this parameter grows with severity, -1 when it falls.
    change
        How the walker's fields change.
    """

    id: str
    has_side: bool
    parameter: str
    direction: int
    change: Change


def plant(walker: Walker, fault_id: str, side: Side | None, severity: float) -> Walker:
    """A copy of a walker with a fault; see ``Walker.with_fault``."""
    fault = FAULTS.get(fault_id)
    if fault is None:
        raise InputError(f"fault {fault_id!r} is not known; expected one of {', '.join(FAULTS)}")
    if not 0.0 <= severity <= 1.0:
        raise InputError(f"severity is {severity:g}, expected 0 (nothing) to 1 (severe)")
    if fault.has_side and side not in SIDES:
        raise InputError(f"{fault_id} needs a side, found {side!r}; choose left or right")
    if not fault.has_side and side is not None:
        raise InputError(f"{fault_id} has no side, found {side!r}; leave the side out")
    if severity == 0.0:
        return walker
    changes = fault.change(walker, side or "left", severity)
    return replace(walker, **changes, planted=(*walker.planted, (fault_id, side)))


def _foot_drop(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    pitch, swing, flat = walker.contact_pitch_deg, walker.swing_dorsiflexion_deg, walker.contact_to_flat_s
    knee = walker.swing_knee_deg
    return {
        # Steppage: the knee bends more so that the hanging toe clears the floor.
        "swing_knee_deg": knee.with_side(side, knee.of(side) + 12 * severity),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) - 26 * severity),
        "swing_dorsiflexion_deg": swing.with_side(side, swing.of(side) - 20 * severity),
        "contact_to_flat_s": flat.with_side(side, flat.of(side) * (1 - 0.5 * severity)),
    }


def _foot_slap(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    flat, pitch = walker.contact_to_flat_s, walker.contact_pitch_deg
    return {
        "contact_to_flat_s": flat.with_side(side, flat.of(side) * (1 - 0.7 * severity)),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) - 4 * severity),
    }


def _weak_push_off(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    push, rise, step = walker.push_off_plantarflexion_deg, walker.heel_rise_pct, walker.step_length_ll
    opposite = other_side(side)
    return {
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 20 * severity),
        "heel_rise_pct": rise.with_side(side, rise.of(side) + 12 * severity),
        # Without push-off the other leg steps short.
        "step_length_ll": step.with_side(opposite, step.of(opposite) * (1 - 0.15 * severity)),
    }


def _antalgic(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    stance, opposite = walker.stance_pct, other_side(side)
    # The other foot lands early to relieve the painful one: its step is quick, its own stance long.
    sign = 1.0 if side == "left" else -1.0
    return {
        "stance_pct": stance.with_side(side, stance.of(side) - 6 * severity).with_side(
            opposite, stance.of(opposite) + 4 * severity
        ),
        "step_time_asymmetry": walker.step_time_asymmetry + 0.12 * sign * severity,
        "step_length_ll": walker.step_length_ll.with_side(
            opposite, walker.step_length_ll.of(opposite) * (1 - 0.15 * severity)
        ),
    }


def _step_length_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    step = walker.step_length_ll
    return {"step_length_ll": step.with_side(side, step.of(side) * (1 - 0.35 * severity))}


def _step_time_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    sign = -1.0 if side == "left" else 1.0
    return {"step_time_asymmetry": walker.step_time_asymmetry + 0.16 * sign * severity}


def _stance_asymmetry(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    stance, opposite = walker.stance_pct, other_side(side)
    return {
        "stance_pct": stance.with_side(side, stance.of(side) - 5 * severity).with_side(
            opposite, stance.of(opposite) + 5 * severity
        )
    }


def _slow_walking(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Slow walkers stand longer and push off, bend the knee and lift the forefoot less (Schwartz et al. 2008, J Biomech
    # 41, 1639-1650; the sizes are our estimate).
    return {
        "stride_time_s": min(walker.stride_time_s * (1 + 0.6 * severity), 2.6),
        "step_length_ll": _scaled(walker.step_length_ll, 1 - 0.4 * severity),
        "stance_pct": _shifted(walker.stance_pct, 6 * severity),
        "push_off_plantarflexion_deg": _shifted(walker.push_off_plantarflexion_deg, -12 * severity),
        "swing_knee_deg": _shifted(walker.swing_knee_deg, -10 * severity),
        "contact_pitch_deg": _shifted(walker.contact_pitch_deg, -5 * severity),
    }


def _short_steps(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {
        "step_length_ll": _scaled(walker.step_length_ll, 1 - 0.45 * severity),
        # A leg that reaches less far lands flatter.
        "contact_pitch_deg": _scaled(walker.contact_pitch_deg, 1 - 0.4 * severity),
    }


def _prolonged_double_support(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {"stance_pct": _shifted(walker.stance_pct, 9 * severity)}


def _forward_trunk_lean(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {"trunk_lean_deg": walker.trunk_lean_deg + 22 * severity}


def _stiff_knee(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    swing, loading, push = walker.swing_knee_deg, walker.loading_knee_deg, walker.push_off_plantarflexion_deg
    lift = walker.swing_dorsiflexion_deg
    return {
        # A knee that does not bend lets the foot roll less and steps short.
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 14 * severity),
        "step_length_ll": _scaled(walker.step_length_ll, 1 - 0.15 * severity),
        "swing_knee_deg": swing.with_side(side, swing.of(side) - 28 * severity),
        # The ankle lifts the forefoot that the knee does not.
        "swing_dorsiflexion_deg": lift.with_side(side, min(lift.of(side) + 12 * severity, 20.0)),
        "loading_knee_deg": loading.with_side(side, loading.of(side) * (1 - 0.6 * severity)),
    }


def _wide_base(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {"step_width_ll": walker.step_width_ll + 0.16 * severity}


def _trunk_lean_over_stance(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    sway = walker.trunk_sway_deg
    return {"trunk_sway_deg": sway.with_side(side, sway.of(side) + 12 * severity)}


def _high_variability(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    return {"stride_time_cv_pct": walker.stride_time_cv_pct + 8 * severity}


def _scaled(pair: Any, factor: float) -> Any:
    return replace(pair, left=pair.left * factor, right=pair.right * factor)


def _shifted(pair: Any, amount: float) -> Any:
    return replace(pair, left=pair.left + amount, right=pair.right + amount)


#: All faults, by id.
FAULTS: dict[str, Fault] = {
    fault.id: fault
    for fault in (
        Fault("foot_drop", True, "foot_floor_angle_at_contact_deg", -1, _foot_drop),
        Fault("foot_slap", True, "contact_to_foot_flat_s", -1, _foot_slap),
        Fault("weak_push_off", True, "peak_push_off_plantarflexion_deg", 1, _weak_push_off),
        Fault("antalgic_gait", True, "stance_pct", -1, _antalgic),
        Fault("step_length_asymmetry", True, "step_length_m", -1, _step_length_asymmetry),
        Fault("step_time_asymmetry", True, "step_time_s", -1, _step_time_asymmetry),
        Fault("stance_asymmetry", True, "stance_pct", -1, _stance_asymmetry),
        Fault("limited_knee_motion", True, "peak_swing_knee_flexion_deg", -1, _stiff_knee),
        Fault("stiff_knee", True, "peak_swing_knee_flexion_deg", -1, _stiff_knee),
        Fault("trunk_lean_over_stance", True, "trunk_sway_deg", 1, _trunk_lean_over_stance),
        Fault("slow_walking", False, "walking_speed_mps", -1, _slow_walking),
        Fault("short_steps", False, "step_length_m", -1, _short_steps),
        Fault("forward_trunk_lean", False, "trunk_lean_deg", 1, _forward_trunk_lean),
        Fault("prolonged_double_support", False, "double_support_pct", 1, _prolonged_double_support),
        Fault("wide_base", False, "step_width_m", 1, _wide_base),
        Fault("high_variability", False, "stride_time_cv_pct", 1, _high_variability),
    )
}
