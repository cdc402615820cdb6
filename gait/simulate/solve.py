"""The walk that reaches what a walker's fields aim at."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES
from gait.simulate.body import Body
from gait.simulate.foot import FootPlan, swing_share
from gait.simulate.frontal import FrontalPlan
from gait.simulate.legs import (
    LegPlan,
    StridePlan,
    foot_points,
    hip_forward_m,
    hip_height_m,
    hip_offset_m,
    knee_reach_m,
    leg_motion,
)
from gait.simulate.timing import Timing
from gait.simulate.variation import StepVariation

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: Samples of a stride on which the walk is solved.
_GRID = np.arange(180) / 180
#: And those on which no leg may be too long.
_FINE_GRID = np.arange(1440) / 1440
#: When the standing foot's ankle lies below the hip, as a fraction of stance (our estimate from the McGill walks), and
#: when the foot stands on its heel (our estimate).
_UNDER_HIP, _UNDER_HIP_ON_HEEL = 0.38, 0.6
#: Foot pitch of somebody who walks on the heels, rad (our estimate).
_ON_HEEL = np.radians(14.0)
#: Smallest knee flexion that the hips' path may ask for (our estimate; a straight knee makes the solution jump).
_STRAIGHT_KNEE = np.radians(4.0)
#: Harmonics of the stride kept in the hips' height: enough for loading, too few for corners (our estimate).
_HARMONICS = 6
#: The pelvis rises on the side of the swinging leg by at most this fraction of body height (our estimate: 4 cm).
_MOST_HIKE = 0.024
#: From this share of it on push-off gives way (our estimate).
_NEAR_MOST = 0.2
#: Foot pitch at toe-off of a usual step, and how far push-off may move it, deg (our estimates).
_TOE_OFF_PITCH_DEG, _TOE_OFF_ROOM_DEG = -58.0, (-22.0, 45.0)
_STUCK_ROOM_DEG = (-22.0, 25.0)
_ROUNDS = 16
#: Knee flexion in the middle of stance that needs no flexion elsewhere, deg; share of what is beyond it that the knee
#: already has at contact (our estimates).
_USUAL_STANCE_KNEE_DEG, _FLEXED_AT_CONTACT = 8.0, 0.8


@lru_cache(maxsize=256)
def solve(walker: Walker) -> StridePlan:
    """Find the walk that reaches what the walker's fields aim at.

    Parameters
    ----------
    walker
        What is aimed at.

    Returns
    -------
    StridePlan
        Feet and hips over one stride; the same for all strides.
    """
    plan = _first_plan(walker)
    for _ in range(_ROUNDS):
        plan = _set_hips(walker, plan)
        plan = replace(plan, legs={side: _improve_leg(walker, plan, side) for side in SIDES})
    return replace(_within_reach(walker, _set_hips(walker, plan)), steps=StepVariation.of(walker))


def _first_plan(walker: Walker) -> StridePlan:
    """A walk with the right places and times, before anything is aimed at."""
    body, stride = Body(walker.height_m), walker.stride_length_m
    legs = {}
    for side in SIDES:
        stance = walker.stance_pct.of(side) / 100
        flat = min(walker.contact_to_flat_s.of(side) / walker.stride_time_s, 0.4 * stance)
        rise = max(stance * walker.heel_rise_pct.of(side) / 100, flat + 0.02)
        turned = float(np.cos(np.radians(walker.toe_out_deg.of(side))))
        foot = FootPlan(
            stride_m=stride,
            foot_m=body.foot_m * turned,
            stance=stance,
            flat=flat,
            rise=rise,
            contact_pitch=np.radians(walker.contact_pitch_deg.of(side)),
            toe_off_pitch=_usual_toe_off(walker),
            swing_pitch=0.0,
            clearance_m=walker.clearance_m.of(side),
            lift_m=0.0,
            rest_pitch=np.radians(walker.rest_pitch_deg.of(side)),
            vault_pitch=np.radians(walker.vault_deg.of(side)),
            roll_power=walker.roll_power.of(side),
        )
        is_right = side == "right"
        lag = Timing.step_fraction(walker, "right") if is_right else 0.0
        place = walker.step_length_ll.right * body.leg_m if is_right else 0.0
        knee = walker.stance_knee_deg.of(side)
        backwards = float(np.radians(knee)) if knee < 0 else None
        legs[side] = LegPlan(foot, lag, place, 0.0, Body(walker.height_m, walker.short_leg_m.of(side)), backwards)
    ahead = [
        leg.place_m + body.ankle_forward_m - stride * (leg.lag + _under_hip(leg.foot) * leg.foot.stance)
        for leg in legs.values()
    ]
    return StridePlan(legs, float(np.mean(ahead)), np.zeros(1, complex), body, FrontalPlan.of(walker))


def _under_hip(foot: FootPlan) -> float:
    """When the ankle lies below the hip, as a fraction of stance: later on a foot that stands on its heel."""
    return _UNDER_HIP + (_UNDER_HIP_ON_HEEL - _UNDER_HIP) * float(np.clip(foot.rest_pitch / _ON_HEEL, 0.0, 1.0))


def _usual_toe_off(walker: Walker) -> float:
    """Foot pitch at toe-off from which the solution starts, rad: a short step rolls the foot less."""
    usual_ll = 0.74
    return float(np.radians(_TOE_OFF_PITCH_DEG) * np.clip(walker.step_length_ll.mean / usual_ll, 0.35, 1.2))


def _set_hips(walker: Walker, plan: StridePlan) -> StridePlan:
    """Carry the hips as high as both legs allow, smoothly."""
    wanted, limit = np.min([_hip_ceilings(walker, plan, side, _GRID) for side in SIDES], axis=0)
    waves = np.fft.rfft(wanted)[: _HARMONICS + 1] / len(_GRID)
    waves[1:] *= 2
    smooth = replace(plan, hip_waves=waves)
    waves[0] -= max(0.0, float(np.max(hip_height_m(smooth, _GRID) - limit)))
    return replace(plan, hip_waves=waves)


def _within_reach(walker: Walker, plan: StridePlan) -> StridePlan:
    """Lower the hips by what a leg would be too long for between the samples."""
    limit = np.min([_hip_ceilings(walker, plan, side, _FINE_GRID)[1] for side in SIDES], axis=0)
    excess = float(np.max(hip_height_m(plan, _FINE_GRID) - limit))
    waves = plan.hip_waves.copy()
    waves[0] -= max(0.0, excess)
    return replace(plan, hip_waves=waves)


def _hip_ceilings(walker: Walker, plan: StridePlan, side: str, grid: np.ndarray) -> np.ndarray:
    """Heights of the hips at which a leg has its wanted knee flexion and is nearly straight, ``(2, n)`` m."""
    leg = plan.legs[side]
    own = np.mod(grid - leg.lag, 1.0)
    ankle = foot_points(plan, side, grid)[2]
    forward = hip_forward_m(plan, grid) - ankle[:, 0]
    flexion = np.stack([_wanted_knee(walker, side, leg.foot, own), np.full_like(own, _STRAIGHT_KNEE)])
    square = np.maximum(knee_reach_m(leg.body, flexion) ** 2 - forward**2, (0.2 * leg.body.leg_m) ** 2)
    return ankle[:, 1] + np.sqrt(square) - hip_offset_m(plan, side, grid)


def _wanted_knee(walker: Walker, side: str, foot: FootPlan, own: np.ndarray) -> np.ndarray:
    """Knee flexion of the standing leg, rad: contact, loading, middle of stance; nearly straight where it is free."""
    loading, stance = (np.radians(field.of(side)) for field in (walker.loading_knee_deg, walker.stance_knee_deg))
    flexed = max(stance - np.radians(_USUAL_STANCE_KNEE_DEG), 0.0)
    contact = min(np.radians(6.0), loading) + _FLEXED_AT_CONTACT * flexed
    middle = min(stance, max(loading, _STRAIGHT_KNEE)) if flexed == 0 else stance
    loading = max(loading, contact)
    knots = np.array([0.0, 0.24, 0.62, 0.85, 1.0]) * foot.stance
    curve = np.interp(own, [*knots, 1.0], [contact, loading, middle, middle, _STRAIGHT_KNEE, contact])
    return np.maximum(curve, _STRAIGHT_KNEE)


def _improve_leg(walker: Walker, plan: StridePlan, side: str) -> LegPlan:
    """One round of correcting push-off, swing dorsiflexion and swing knee by about their errors."""
    leg = plan.legs[side]
    motion = leg_motion(plan, side, _GRID + leg.lag)
    share = swing_share(leg.foot, _GRID)
    around_toe_off = (leg.foot.rise < _GRID) & (share < 0.35)
    push_off = -motion.ankle_dorsiflexion_deg[around_toe_off].min()
    dorsiflexion = motion.ankle_dorsiflexion_deg[(share > 0.35) & (share < 0.85)].max()
    knee = motion.knee_flexion_deg[share > 0].max()
    swing = leg.foot.swing_pitch + 0.7 * np.radians(walker.swing_dorsiflexion_deg.of(side) - dorsiflexion)
    # One number moves the knee both ways: above 0 the foot is lifted, below 0 the pelvis is.
    rise = leg.foot.lift_m - leg.hike_m + 0.002 * (walker.swing_knee_deg.of(side) - knee)
    rise, most = min(rise, 0.25), _most_hike_m(walker)
    excess = knee - walker.swing_knee_deg.of(side)
    # Where the pelvis rises as far as it may and the knee still bends too much, the foot must roll off less; the nearer
    # the pelvis is to that, the less push-off is insisted on, so that the rounds settle.
    push_error = push_off - walker.push_off_plantarflexion_deg.of(side)
    is_stuck = rise < -most and excess > 1 and walker.view == "sagittal"
    room = float(np.clip((rise + most) / (_NEAR_MOST * most), 0.0, 1.0)) if most > 0 else 1.0
    toe_off_step = 0.7 * room * push_error + 0.3 * (1 - room) * max(excess, 0.0)
    rise, toe_off = max(rise, -most), leg.foot.toe_off_pitch + np.radians(toe_off_step)
    hanging = min(walker.swing_dorsiflexion_deg.of(side), 0.0)
    foot = replace(
        leg.foot,
        toe_off_pitch=_allowed_toe_off(walker, side, toe_off, is_stuck),
        swing_pitch=float(np.clip(swing, np.radians(hanging - 30.0), 0.6)),
        lift_m=max(rise, 0.0),
    )
    return replace(leg, foot=foot, hike_m=max(-rise, 0.0))


def _most_hike_m(walker: Walker) -> float:
    """How far the pelvis may rise so that the knee bends less; a film from the front would show it, so not there."""
    return 0.0 if walker.view == "frontal" else _MOST_HIKE * walker.height_m


def _allowed_toe_off(walker: Walker, side: str, asked: float, is_stuck: bool) -> float:
    """Foot pitch at toe-off nearest to what is asked for, rad."""
    if walker.toe_off_pitch_deg is not None:
        return float(np.radians(walker.toe_off_pitch_deg.of(side)))
    lowest, highest = _usual_toe_off(walker) + np.radians(_STUCK_ROOM_DEG if is_stuck else _TOE_OFF_ROOM_DEG)
    return float(np.clip(asked, max(lowest, np.radians(-85.0)), min(highest, np.radians(-10.0))))
