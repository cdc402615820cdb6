"""Both legs over one stride: the hips' path that the standing legs allow, and a walk that reaches what is aimed at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES
from gait.simulate.body import Body
from gait.simulate.foot import FootPlan, heel_and_toe, swing_share
from gait.simulate.timing import Timing

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: Samples of a stride on which the walk is solved.
_GRID = np.arange(180) / 180
#: When the standing foot's ankle lies below the hip, as a fraction of stance (our estimate from the McGill walks), and
#: when the foot stands on its heel (our estimate).
_UNDER_HIP, _UNDER_HIP_ON_HEEL = 0.38, 0.6
#: Foot pitch of somebody who walks on the heels, rad (our estimate).
_ON_HEEL = np.radians(14.0)
#: Smallest knee flexion that the hips' path may ask for (our estimate; a straight knee makes the solution jump).
_STRAIGHT_KNEE = np.radians(4.0)
#: Harmonics of the stride kept in the hips' height: enough for loading, too few for corners (our estimate).
_HARMONICS = 6
#: Walking speed varies by this fraction within a step, fastest in double support (our estimate).
_SPEED_RIPPLE = 0.04
#: The pelvis rises on the side of the swinging leg by at most this fraction of body height (our estimate: 4 cm).
_MOST_HIKE = 0.024
#: Foot pitch at toe-off of a usual step, and how far push-off may move it, deg (our estimates).
_TOE_OFF_PITCH_DEG, _TOE_OFF_ROOM_DEG = -58.0, (-22.0, 45.0)
_STUCK_ROOM_DEG = (-22.0, 25.0)
_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class LegPlan:
    """One leg: its foot, where the hip lies above it, and how far the pelvis rises on its side in swing.

    Attributes
    ----------
    foot
        The foot's motion.
    lag
        Phase of this foot's contact after the left one's.
    place_m
        Forward place of this foot in stride 0, m from the left one's.
    hike_m
        Rise of this hip in swing, m.
    """

    foot: FootPlan
    lag: float
    place_m: float
    hike_m: float


@dataclass(frozen=True, slots=True)
class StridePlan:
    """The solved walk.

    Attributes
    ----------
    legs
        By side.
    hip_offset_m
        Hips ahead of the left foot's place at phase 0, m.
    hip_waves
        Complex Fourier coefficients of the hips' height, m.
    body
        Lengths.
    """

    legs: dict[str, LegPlan]
    hip_offset_m: float
    hip_waves: np.ndarray
    body: Body

    @property
    def stride_m(self) -> float:
        """Forward way of one stride."""
        return self.legs["left"].foot.stride_m


def hip_forward_m(plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    """Hips' forward place, ``(n,)`` m, at phases of the left stride (any number of strides)."""
    ripple = _SPEED_RIPPLE * plan.stride_m / (4 * np.pi) * np.sin(4 * np.pi * (phase - 0.06))
    return plan.stride_m * phase + plan.hip_offset_m + ripple


def hip_height_m(plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    """Mean height of the hips, ``(n,)`` m, at phases of the left stride."""
    order = np.arange(len(plan.hip_waves))
    waves = plan.hip_waves * np.exp(2j * np.pi * np.multiply.outer(phase, order))
    return np.real(waves).sum(axis=-1)


@dataclass(frozen=True, slots=True)
class LegMotion:
    """One leg over time, in m: x forward, y up; angles in deg with the signs of ``gait.trajectories.angles``."""

    hip: np.ndarray
    knee: np.ndarray
    ankle: np.ndarray
    heel: np.ndarray
    toe: np.ndarray
    foot_pitch_deg: np.ndarray
    knee_flexion_deg: np.ndarray
    ankle_dorsiflexion_deg: np.ndarray
    thigh_deg: np.ndarray


def leg_motion(plan: StridePlan, side: str, phase: np.ndarray) -> LegMotion:
    """Solve one leg.

    Parameters
    ----------
    plan
        From :func:`solve`.
    side
        Left or right.
    phase
        ``(n,)`` phases of the left stride.
    """
    leg, body = plan.legs[side], plan.body
    strides, own = np.divmod(phase - leg.lag, 1.0)
    heel, toe, pitch = heel_and_toe(leg.foot, own)
    place = np.stack([strides * plan.stride_m + leg.place_m, np.zeros_like(own)], axis=-1)
    heel, toe = heel + place, toe + place
    ankle = heel + _ankle_from_heel(body, pitch)
    share = swing_share(leg.foot, own)
    hike = leg.hike_m * _hike_wave(share)
    hip = np.stack([hip_forward_m(plan, phase), hip_height_m(plan, phase) + hike], axis=-1)
    knee = bent_knee(body, hip, ankle)
    thigh = np.arctan2(knee[:, 0] - hip[:, 0], hip[:, 1] - knee[:, 1])
    shank = np.arctan2(knee[:, 0] - ankle[:, 0], knee[:, 1] - ankle[:, 1])
    deg = np.degrees
    return LegMotion(hip, knee, ankle, heel, toe, deg(pitch), deg(thigh + shank), deg(pitch + shank), deg(thigh))


def _hike_wave(share: np.ndarray) -> np.ndarray:
    """Rise of the pelvis over swing, greatest at 3/7 of it."""
    return share**3 * (1 - share) ** 4 / ((3 / 7) ** 3 * (4 / 7) ** 4)


def _ankle_from_heel(body: Body, pitch: np.ndarray) -> np.ndarray:
    """Ankle joint seen from the heel of a foot with this pitch, ``(n, 2)`` m."""
    cos, sin = np.cos(pitch), np.sin(pitch)
    forward, up = body.ankle_forward_m, body.ankle_height_m
    return np.stack([forward * cos - up * sin, forward * sin + up * cos], axis=-1)


def knee_reach_m(body: Body, knee_flexion: np.ndarray | float) -> np.ndarray:
    """Distance from hip to ankle at a knee flexion in rad (law of cosines)."""
    square = body.thigh_m**2 + body.shank_m**2 + 2 * body.thigh_m * body.shank_m * np.cos(knee_flexion)
    return np.sqrt(square)


def bent_knee(body: Body, hip: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    """Knee by two-link inverse kinematics, bent forward; a distance beyond reach gives a straight leg."""
    line = ankle - hip
    distance = np.minimum(np.linalg.norm(line, axis=-1), body.thigh_m + body.shank_m)
    cosine = (distance**2 + body.thigh_m**2 - body.shank_m**2) / (2 * distance * body.thigh_m)
    bend = np.arccos(np.clip(cosine, -1.0, 1.0))
    direction = np.arctan2(line[:, 0], -line[:, 1]) + bend
    return hip + body.thigh_m * np.stack([np.sin(direction), -np.cos(direction)], axis=-1)


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
    return _set_hips(walker, plan)


def _first_plan(walker: Walker) -> StridePlan:
    """A walk with the right places and times, before anything is aimed at."""
    body, stride = Body(walker.height_m), walker.stride_length_m
    legs = {}
    for side in SIDES:
        stance = walker.stance_pct.of(side) / 100
        flat = min(walker.contact_to_flat_s.of(side) / walker.stride_time_s, 0.4 * stance)
        rise = max(stance * walker.heel_rise_pct.of(side) / 100, flat + 0.02)
        foot = FootPlan(
            stride_m=stride,
            foot_m=body.foot_m,
            stance=stance,
            flat=flat,
            rise=rise,
            contact_pitch=np.radians(walker.contact_pitch_deg.of(side)),
            toe_off_pitch=_usual_toe_off(walker),
            swing_pitch=0.0,
            clearance_m=walker.clearance_m,
            lift_m=0.0,
            rest_pitch=np.radians(walker.rest_pitch_deg.of(side)),
            vault_pitch=np.radians(walker.vault_deg.of(side)),
        )
        is_right = side == "right"
        lag = Timing.step_fraction(walker, "right") if is_right else 0.0
        place = walker.step_length_ll.right * body.leg_m if is_right else 0.0
        legs[side] = LegPlan(foot, lag, place, 0.0)
    ahead = [
        leg.place_m + body.ankle_forward_m - stride * (leg.lag + _under_hip(leg.foot) * leg.foot.stance)
        for leg in legs.values()
    ]
    return StridePlan(legs, float(np.mean(ahead)), np.zeros(1, complex), body)


def _under_hip(foot: FootPlan) -> float:
    """When the ankle lies below the hip, as a fraction of stance: later on a foot that stands on its heel."""
    return _UNDER_HIP + (_UNDER_HIP_ON_HEEL - _UNDER_HIP) * float(np.clip(foot.rest_pitch / _ON_HEEL, 0.0, 1.0))


def _usual_toe_off(walker: Walker) -> float:
    """Foot pitch at toe-off from which the solution starts, rad: a short step rolls the foot less."""
    usual_ll = 0.74
    return float(np.radians(_TOE_OFF_PITCH_DEG) * np.clip(walker.step_length_ll.mean / usual_ll, 0.35, 1.2))


def _set_hips(walker: Walker, plan: StridePlan) -> StridePlan:
    """Carry the hips as high as both legs allow, smoothly."""
    wanted, limit = np.min([_hip_ceilings(walker, plan, side) for side in SIDES], axis=0)
    waves = np.fft.rfft(wanted)[: _HARMONICS + 1] / len(_GRID)
    waves[1:] *= 2
    smooth = replace(plan, hip_waves=waves)
    waves[0] -= max(0.0, float(np.max(hip_height_m(smooth, _GRID) - limit)))
    return replace(plan, hip_waves=waves)


def _hip_ceilings(walker: Walker, plan: StridePlan, side: str) -> np.ndarray:
    """Heights of the hips at which a leg has its wanted knee flexion and is nearly straight, ``(2, n)`` m."""
    leg, body = plan.legs[side], plan.body
    own = np.mod(_GRID - leg.lag, 1.0)
    heel, _, pitch = heel_and_toe(leg.foot, own)
    ankle = heel + _ankle_from_heel(body, pitch)
    strides = np.floor(_GRID - leg.lag)
    forward = hip_forward_m(plan, _GRID) - ankle[:, 0] - leg.place_m - strides * plan.stride_m
    flexion = np.stack([_wanted_knee(walker, side, leg.foot, own), np.full_like(own, _STRAIGHT_KNEE)])
    height = np.sqrt(np.maximum(knee_reach_m(body, flexion) ** 2 - forward**2, (0.2 * body.leg_m) ** 2))
    return ankle[:, 1] + height - leg.hike_m * _hike_wave(swing_share(leg.foot, own))


def _wanted_knee(walker: Walker, side: str, foot: FootPlan, own: np.ndarray) -> np.ndarray:
    """Knee flexion of the standing leg, rad: contact, loading, middle of stance; nearly straight where it is free."""
    loading = np.radians(walker.loading_knee_deg.of(side))
    contact = min(np.radians(6.0), loading)
    middle = min(np.radians(8.0), max(loading, _STRAIGHT_KNEE))
    knots = np.array([0.0, 0.24, 0.62, 0.85, 1.0]) * foot.stance
    curve = np.interp(own, [*knots, 1.0], [contact, loading, middle, middle, _STRAIGHT_KNEE, contact])
    return np.maximum(curve, _STRAIGHT_KNEE)


def _improve_leg(walker: Walker, plan: StridePlan, side: str) -> LegPlan:
    """One round of correcting push-off, swing dorsiflexion and swing knee by about their errors."""
    leg = plan.legs[side]
    own = np.mod(_GRID - leg.lag, 1.0)
    motion = leg_motion(plan, side, _GRID)
    share = swing_share(leg.foot, own)
    around_toe_off = (own > leg.foot.rise) & (share < 0.35)
    push_off = -motion.ankle_dorsiflexion_deg[around_toe_off].min()
    dorsiflexion = motion.ankle_dorsiflexion_deg[(share > 0.35) & (share < 0.85)].max()
    knee = motion.knee_flexion_deg[share > 0].max()
    swing = leg.foot.swing_pitch + 0.7 * np.radians(walker.swing_dorsiflexion_deg.of(side) - dorsiflexion)
    # One number moves the knee both ways: above 0 the foot is lifted, below 0 the pelvis is.
    rise = leg.foot.lift_m - leg.hike_m + 0.002 * (walker.swing_knee_deg.of(side) - knee)
    rise, most = min(rise, 0.25), _MOST_HIKE * walker.height_m
    excess = knee - walker.swing_knee_deg.of(side)
    # Where the pelvis rises as far as it may and the knee still bends too much, the foot must roll off less.
    push_error = push_off - walker.push_off_plantarflexion_deg.of(side)
    is_stuck = rise < -most and excess > 1
    toe_off_step = 0.3 * excess if is_stuck else 0.7 * push_error
    rise, toe_off = max(rise, -most), leg.foot.toe_off_pitch + np.radians(toe_off_step)
    hanging = min(walker.swing_dorsiflexion_deg.of(side), 0.0)
    foot = replace(
        leg.foot,
        toe_off_pitch=_allowed_toe_off(walker, side, toe_off, is_stuck),
        swing_pitch=float(np.clip(swing, np.radians(hanging - 30.0), 0.6)),
        lift_m=max(rise, 0.0),
    )
    return replace(leg, foot=foot, hike_m=max(-rise, 0.0))


def _allowed_toe_off(walker: Walker, side: str, asked: float, is_stuck: bool) -> float:
    """Foot pitch at toe-off nearest to what is asked for, rad."""
    if walker.toe_off_pitch_deg is not None:
        return float(np.radians(walker.toe_off_pitch_deg.of(side)))
    lowest, highest = _usual_toe_off(walker) + np.radians(_STUCK_ROOM_DEG if is_stuck else _TOE_OFF_ROOM_DEG)
    return float(np.clip(asked, max(lowest, np.radians(-85.0)), min(highest, np.radians(-10.0))))
