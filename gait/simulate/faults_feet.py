"""Faults of the feet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gait.core.sides import other_side
from gait.simulate.fault import Fault
from gait.simulate.values import scaled

if TYPE_CHECKING:
    from gait.core.sides import Side
    from gait.simulate.walker import Walker


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


def _swing_dorsiflexion(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 6 deg less than the other side is worth mentioning, 10 deg of a report. A foot that hangs lands flatter, and the
    # knee lifts it over the floor.
    swing, pitch, knee = walker.swing_dorsiflexion_deg, walker.contact_pitch_deg, walker.swing_knee_deg
    return {
        "swing_dorsiflexion_deg": swing.with_side(side, swing.of(side) - 23 * severity),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) - 19 * severity),
        "swing_knee_deg": knee.with_side(side, knee.of(side) + 8 * severity),
    }


def _dorsiflexion_at_contact(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # As above, at contact: a foot that lands flatter.
    swing, pitch = walker.swing_dorsiflexion_deg, walker.contact_pitch_deg
    return {
        "swing_dorsiflexion_deg": swing.with_side(side, swing.of(side) - 6 * severity),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) - 21 * severity),
    }


def _foot_slap(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    flat, pitch = walker.contact_to_flat_s, walker.contact_pitch_deg
    return {
        "contact_to_flat_s": flat.with_side(side, flat.of(side) * (1 - 0.7 * severity)),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) - 4 * severity),
    }


def _steppage(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Knee and hip flex 8 deg or more beyond the other side's, over a foot that hangs.
    pitch, swing, knee = walker.contact_pitch_deg, walker.swing_dorsiflexion_deg, walker.swing_knee_deg
    return {
        "swing_knee_deg": knee.with_side(side, knee.of(side) + 28 * severity),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) - 24 * severity),
        "swing_dorsiflexion_deg": swing.with_side(side, swing.of(side) - 22 * severity),
    }


def _low_clearance(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # A quarter less of the toe's height than on the other side is worth mentioning.
    clearance, swing, knee = walker.clearance_m, walker.swing_dorsiflexion_deg, walker.swing_knee_deg
    return {
        "clearance_m": clearance.with_side(side, clearance.of(side) * (1 - 0.75 * severity)),
        "swing_dorsiflexion_deg": swing.with_side(side, swing.of(side) - 8 * severity),
        "swing_knee_deg": knee.with_side(side, knee.of(side) - 6 * severity),
    }


#: An equinus up to this severity lets the foot land flat; beyond it lands, and stays, on the toes.
_FLAT_LANDING = 0.3


def _equinus(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    rest, pitch, swing = walker.rest_pitch_deg, walker.contact_pitch_deg, walker.swing_dorsiflexion_deg
    push, on_toes = walker.push_off_plantarflexion_deg, 29 * severity
    flat = pitch.of(side) * max(1 - severity / _FLAT_LANDING, 0.0)
    return {
        "rest_pitch_deg": rest.with_side(side, rest.of(side) - on_toes),
        "contact_pitch_deg": pitch.with_side(side, flat - on_toes * min(severity / _FLAT_LANDING, 1.0)),
        "swing_dorsiflexion_deg": swing.with_side(side, swing.of(side) - 20 * severity),
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) + 6 * severity),
        "swing_knee_deg": walker.swing_knee_deg.with_side(side, walker.swing_knee_deg.of(side) + 8 * severity),
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.22 * severity),
    }


def _vaulting(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # The standing heel rises by 5 cm at 0.35 and 9 cm at 0.6 in an adult (our estimate).
    return {"vault_deg": walker.vault_deg.with_side(side, walker.vault_deg.of(side) + 34 * severity)}


def _weak_push_off(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # At 0.6 the heel rises 7 to 8 % of the cycle later, and the other leg steps shorter by an eighth (our estimates).
    push, rise, step = walker.push_off_plantarflexion_deg, walker.heel_rise_pct, walker.step_length_ll
    opposite = other_side(side)
    return {
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 30 * severity),
        "heel_rise_pct": rise.with_side(side, rise.of(side) + 20 * severity),
        # A leg that is not thrown forward bends its knee a little less.
        "swing_knee_deg": walker.swing_knee_deg.with_side(side, walker.swing_knee_deg.of(side) - 5 * severity),
        # Without push-off the other leg steps short.
        "step_length_ll": step.with_side(opposite, step.of(opposite) * (1 - 0.2 * severity)),
    }


def _limited_ankle(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # A range below 22 deg, or 8 deg less than the other side's, is worth mentioning, below 15 deg of a report. A foot
    # that is fixed to its shank turns with it: it comes down slowly over the heel, its heel leaves the floor early and
    # evenly, and it neither pushes off nor lifts (the sizes are our estimates).
    push, pitch, rise = walker.push_off_plantarflexion_deg, walker.contact_pitch_deg, walker.heel_rise_pct
    flat, swing, power = walker.contact_to_flat_s, walker.swing_dorsiflexion_deg, walker.roll_power
    fixed = min(1.5 * severity, 1.0)
    return {
        "push_off_plantarflexion_deg": push.with_side(side, _towards(push.of(side), min(push.of(side), 0.0), fixed)),
        "contact_pitch_deg": pitch.with_side(side, _towards(pitch.of(side), 18.0, fixed)),
        "contact_to_flat_s": flat.with_side(side, flat.of(side) * (1 + 2.5 * severity)),
        "heel_rise_pct": rise.with_side(side, rise.of(side) - 22 * severity),
        "roll_power": power.with_side(side, power.of(side) - 2 * severity),
        "swing_dorsiflexion_deg": swing.with_side(side, _towards(swing.of(side), 6.0, fixed)),
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.16 * severity),
    }


def _towards(value: float, target: float, share: float) -> float:
    """A share of the way from a value to a target."""
    return value + share * (target - value)


def _forefoot_avoidance(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # The foot is lifted off flat and early instead of rolling over its ball.
    push, rise, stance = walker.push_off_plantarflexion_deg, walker.heel_rise_pct, walker.stance_pct
    step, opposite = walker.step_length_ll, other_side(side)
    return {
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 26 * severity),
        "heel_rise_pct": rise.with_side(side, rise.of(side) + 20 * severity),
        # 5 % of the cycle shorter at about 0.5; films show three quarters of it (our measurement on made walkers).
        "stance_pct": stance.with_side(side, stance.of(side) - 10 * severity),
        "step_length_ll": step.with_side(opposite, step.of(opposite) * (1 - 0.12 * severity)),
    }


def _toe_out(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # More than 15 deg is worth mentioning, more than 20 deg of a report.
    return {"toe_out_deg": walker.toe_out_deg.with_side(side, walker.toe_out_deg.of(side) + 27 * severity)}


def _flat_foot(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    """Flat foot, as far as keypoints can show it.

    The foot points outwards, the ankle sinks inwards of the heel (a heel of more than 7 deg valgus is worth
    mentioning, of more than 10 deg of a report) and pushes off less. The arch itself, the bulge of the inner ankle and
    the toes that show beyond the heel have no keypoint.
    """
    out, heel, push = walker.toe_out_deg, walker.heel_valgus_deg, walker.push_off_plantarflexion_deg
    return {
        "toe_out_deg": out.with_side(side, out.of(side) + 22 * severity),
        "heel_valgus_deg": heel.with_side(side, heel.of(side) + 13 * severity),
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 6 * severity),
    }


FOOT_FAULTS = (
    Fault("foot_drop", True, "foot_floor_angle_at_contact_deg", -1, _foot_drop),
    Fault("reduced_swing_dorsiflexion", True, "peak_swing_dorsiflexion_deg", -1, _swing_dorsiflexion),
    Fault("reduced_dorsiflexion_at_contact", True, "ankle_dorsiflexion_at_contact_deg", -1, _dorsiflexion_at_contact),
    Fault("foot_slap", True, "contact_to_foot_flat_s", -1, _foot_slap),
    Fault("steppage", True, "peak_swing_knee_flexion_deg", 1, _steppage),
    Fault("low_toe_clearance", True, "min_toe_clearance_m", -1, _low_clearance),
    Fault("equinus", True, "min_stance_heel_height_m", 1, _equinus),
    Fault("vaulting", True, "mid_stance_heel_height_m", 1, _vaulting),
    Fault("weak_push_off", True, "peak_push_off_plantarflexion_deg", 1, _weak_push_off),
    Fault("limited_ankle_motion", True, "ankle_range_deg", -1, _limited_ankle),
    Fault("forefoot_avoidance", True, "foot_pitch_at_toe_off_deg", 1, _forefoot_avoidance),
    Fault("toe_out", True, "foot_progression_deg", 1, _toe_out, view="frontal"),
    Fault("flat_foot_signs", True, "heel_valgus_deg", 1, _flat_foot, view="frontal"),
)
