"""Faults of knees and hips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gait.core.sides import other_side
from gait.simulate.fault import Fault
from gait.simulate.values import scaled

if TYPE_CHECKING:
    from gait.core.sides import Side
    from gait.simulate.walker import Walker


def _stiff_knee(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    swing, loading, push = walker.swing_knee_deg, walker.loading_knee_deg, walker.push_off_plantarflexion_deg
    lift, hike = walker.swing_dorsiflexion_deg, walker.hip_hike_deg
    return {
        # A knee that does not bend lets the foot roll less and steps short.
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 10 * severity),
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.15 * severity),
        "swing_knee_deg": swing.with_side(side, swing.of(side) - 29 * severity),
        # The ankle lifts the forefoot that the knee does not, the pelvis the leg.
        "swing_dorsiflexion_deg": lift.with_side(side, min(lift.of(side) + 8 * severity, 20.0)),
        "hip_hike_deg": hike.with_side(side, hike.of(side) + 15 * severity),
        "loading_knee_deg": loading.with_side(side, loading.of(side) * (1 - 0.6 * severity)),
    }


def _knee_buckling(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 19 (sd 6) deg are usual at a free speed (Schwartz et al. 2008, J Biomech 41, 1639-1650): two sd more at 0.35.
    loading = walker.loading_knee_deg
    return {"loading_knee_deg": loading.with_side(side, loading.of(side) + 39 * severity)}


def _hyperextension(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Less than -5 deg is worth a report: reached at 0.3.
    loading = walker.loading_knee_deg
    return {
        "stance_knee_deg": walker.stance_knee_deg.with_side(side, 2 - 27 * severity),
        "loading_knee_deg": loading.with_side(side, loading.of(side) * (1 - 0.5 * severity)),
    }


def _limited_hip(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # A thigh that is stiff against the pelvis takes the trunk along: it leans back while this leg is ahead and forward
    # while it is behind, so that steps are only a little shorter and knee and ankle move as usual. At 0.6 the hip moves
    # 15 deg less than the other one (our estimate).
    return {
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.26 * severity),
        "swing_knee_deg": walker.swing_knee_deg.with_side(side, walker.swing_knee_deg.of(side) - 9 * severity),
        "hip_hike_deg": walker.hip_hike_deg.with_side(side, walker.hip_hike_deg.of(side) + 14 * severity),
        "trunk_follow_deg": walker.trunk_follow_deg.with_side(side, walker.trunk_follow_deg.of(side) + 11 * severity),
    }


def _spastic(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # Stiff knee, equinus, circumduction and an arm that swings little, all on one side; the pelvis is hiked and the
    # other foot rises to let the long leg through.
    rest, pitch, lift = walker.rest_pitch_deg, walker.contact_pitch_deg, walker.swing_dorsiflexion_deg
    swing, push, arm = walker.swing_knee_deg, walker.push_off_plantarflexion_deg, walker.arm_swing_deg
    out, hike, vault, opposite = walker.circumduction_m, walker.hip_hike_deg, walker.vault_deg, other_side(side)
    toes = 11 * severity
    return {
        "step_length_ll": scaled(walker.step_length_ll, 1 - 0.35 * severity),
        "rest_pitch_deg": rest.with_side(side, rest.of(side) - toes),
        "contact_pitch_deg": pitch.with_side(side, pitch.of(side) * max(1 - 2.5 * severity, 0.0) - toes),
        "swing_dorsiflexion_deg": lift.with_side(side, lift.of(side) - 8 * severity),
        "swing_knee_deg": swing.with_side(side, swing.of(side) - 27 * severity),
        "push_off_plantarflexion_deg": push.with_side(side, push.of(side) - 8 * severity),
        "circumduction_m": out.with_side(side, out.of(side) + 0.1 * severity),
        "hip_hike_deg": hike.with_side(side, hike.of(side) + 18 * severity),
        "vault_deg": vault.with_side(opposite, vault.of(opposite) + 8 * severity),
        "arm_swing_deg": arm.with_side(side, arm.of(side) * (1 - 0.85 * severity)),
    }


def _circumduction(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 4 cm outwards are worth mentioning, 6 cm of a report.
    swing, out = walker.swing_knee_deg, walker.circumduction_m
    return {
        "circumduction_m": out.with_side(side, out.of(side) + 0.12 * severity),
        "swing_knee_deg": swing.with_side(side, swing.of(side) - 14 * severity),
    }


def _trendelenburg(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 6 deg are worth mentioning, 8 to 10 deg of a report; about 4 deg are usual.
    return {"pelvic_drop_deg": walker.pelvic_drop_deg.with_side(side, walker.pelvic_drop_deg.of(side) + 10 * severity)}


def _hip_hike(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # 4 deg above the other side are worth mentioning, 6 deg of a report.
    return {"hip_hike_deg": walker.hip_hike_deg.with_side(side, walker.hip_hike_deg.of(side) + 14 * severity)}


def _short_leg(walker: Walker, side: Side, severity: float) -> dict[str, Any]:
    # The pelvis low on the short side by 2 deg is worth mentioning, 3 to 4 deg with two compensations of a report: the
    # long leg bends a little, the short one rises early on its toes. The body is lower over the short leg by three
    # quarters of what it is short by (our measurement on rendered walkers).
    opposite = other_side(side)
    knee, rise = walker.stance_knee_deg, walker.heel_rise_pct
    up = 1.0 if side == "left" else -1.0
    return {
        "short_leg_m": walker.short_leg_m.with_side(side, walker.short_leg_m.of(side) + 0.065 * severity),
        "pelvic_tilt_deg": walker.pelvic_tilt_deg + 7.0 * up * severity,
        "stance_knee_deg": knee.with_side(opposite, knee.of(opposite) + 2 * severity),
        "heel_rise_pct": rise.with_side(side, rise.of(side) - 10 * severity),
    }


LEG_FAULTS = (
    Fault("limited_knee_motion", True, "peak_swing_knee_flexion_deg", -1, _stiff_knee),
    Fault("stiff_knee", True, "peak_swing_knee_flexion_deg", -1, _stiff_knee),
    Fault("knee_buckling", True, "knee_loading_flexion_deg", 1, _knee_buckling),
    Fault("knee_hyperextension", True, "min_stance_knee_flexion_deg", -1, _hyperextension),
    Fault("limited_hip_motion", True, "hip_range_deg", -1, _limited_hip),
    Fault("spastic_pattern", True, "peak_swing_knee_flexion_deg", -1, _spastic),
    Fault("circumduction", True, "lateral_ankle_excursion_m", 1, _circumduction, view="frontal"),
    Fault("trendelenburg", True, "pelvic_drop_deg", 1, _trendelenburg, view="frontal"),
    Fault("hip_hike", True, "swing_hip_elevation_deg", 1, _hip_hike, view="frontal"),
    Fault("leg_length_pattern", True, "pelvis_low_deg", 1, _short_leg, view="frontal"),
)
