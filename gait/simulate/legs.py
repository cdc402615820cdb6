"""Both legs over the strides: feet as planned, hips as the standing legs allow, knees by inverse kinematics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.sides import SIDES
from gait.simulate.body import Body
from gait.simulate.foot import FootPlan, heel_and_toe, swing_share
from gait.simulate.frontal import FrontalPlan
from gait.simulate.variation import StepVariation

#: Walking speed varies by this fraction within a step, fastest in double support (our estimate).
_SPEED_RIPPLE = 0.04
#: Where steps differ, hips come down so that no leg is longer than at this knee flexion, rad, over this softness, m.
_LONGEST_KNEE, _SOFT_M = np.radians(2.0), 0.002
#: Share of stance over which a knee that bends backwards gives way, stays, and comes forward again (our estimate:
#: recurvatum lasts from loading to terminal stance).
_BACKWARDS = (0.08, 0.35, 0.72, 0.97)


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
    body
        Lengths of this leg.
    backwards
        Knee flexion that is reached in the middle of stance by bending backwards, rad (below 0); None for a knee that
        does not.
    """

    foot: FootPlan
    lag: float
    place_m: float
    hike_m: float
    body: Body
    backwards: float | None = None


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
        Lengths of the upper body, and of a leg that is not short.
    frontal
        Motion of pelvis and feet as seen from the front.
    steps
        How steps differ from each other; None where all are alike.
    """

    legs: dict[str, LegPlan]
    hip_offset_m: float
    hip_waves: np.ndarray
    body: Body
    frontal: FrontalPlan
    steps: StepVariation | None = None

    @property
    def stride_m(self) -> float:
        """Forward way of one stride."""
        return self.legs["left"].foot.stride_m


def hip_forward_m(plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    """Hips' forward place, ``(n,)`` m, at phases of the left stride (any number of strides)."""
    ripple = _SPEED_RIPPLE * plan.stride_m / (4 * np.pi) * np.sin(4 * np.pi * (plan.frontal.even_phase(phase) - 0.06))
    extra = 0.0 if plan.steps is None else plan.steps.hips_m(phase)
    return plan.stride_m * phase + plan.hip_offset_m + ripple + extra


def hip_height_m(plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    """Mean height of the hips, ``(n,)`` m, at phases of the left stride, were all steps alike."""
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
        From :func:`gait.simulate.solve.solve`.
    side
        Left or right.
    phase
        ``(n,)`` phases of the left stride.
    """
    leg, body = plan.legs[side], plan.legs[side].body
    heel, toe, ankle, pitch = foot_points(plan, side, phase)
    height = hip_height_m(plan, phase) - _sinking_m(plan, phase)
    hip = np.stack([hip_forward_m(plan, phase), height + hip_offset_m(plan, side, phase)], axis=-1)
    flexion = natural = _knee_flexion(body, hip, ankle)
    if leg.backwards is not None:
        share = _backwards_share(leg, phase)
        flexion = natural + share * (leg.backwards - natural)
        line = hip - ankle
        hip = ankle + line * (knee_reach_m(body, flexion) / np.linalg.norm(line, axis=-1))[:, None]
    knee = bent_knee(body, hip, ankle, np.where(flexion < 0, -1.0, 1.0))
    thigh = np.arctan2(knee[:, 0] - hip[:, 0], hip[:, 1] - knee[:, 1])
    shank = np.arctan2(knee[:, 0] - ankle[:, 0], knee[:, 1] - ankle[:, 1])
    deg = np.degrees
    return LegMotion(hip, knee, ankle, heel, toe, deg(pitch), deg(thigh + shank), deg(pitch + shank), deg(thigh))


def foot_points(
    plan: StridePlan, side: str, phase: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Heel, toe and ankle of one foot, each ``(n, 2)`` m, and its pitch, ``(n,)`` rad."""
    leg = plan.legs[side]
    strides, own = np.divmod(phase - leg.lag, 1.0)
    heel, toe, pitch = heel_and_toe(leg.foot, own)
    forward = strides * plan.stride_m + leg.place_m
    if plan.steps is not None:
        forward = forward + plan.steps.foot_m(side, strides, swing_share(leg.foot, own))
    place = np.stack([forward, np.zeros_like(own)], axis=-1)
    heel, toe = heel + place, toe + place
    return heel, toe, heel + ankle_from_heel(leg, pitch), pitch


def hip_offset_m(plan: StridePlan, side: str, phase: np.ndarray) -> np.ndarray:
    """Height of this hip above the mean of both, ``(n,)`` m."""
    leg = plan.legs[side]
    share = swing_share(leg.foot, np.mod(phase - leg.lag, 1.0))
    outward = 1.0 if side == "right" else -1.0
    tilt = plan.frontal.right_up_rad(phase, {name: (other.lag, other.foot) for name, other in plan.legs.items()})
    return outward * plan.body.half_hips_m * np.sin(tilt) + leg.hike_m * hike_wave(share)


def hike_wave(share: np.ndarray) -> np.ndarray:
    """Rise of the pelvis over swing, greatest at 3/7 of it."""
    return share**3 * (1 - share) ** 4 / ((3 / 7) ** 3 * (4 / 7) ** 4)


def ankle_from_heel(leg: LegPlan, pitch: np.ndarray) -> np.ndarray:
    """Ankle joint seen from the heel of a foot with this pitch, ``(n, 2)`` m."""
    cos, sin = np.cos(pitch), np.sin(pitch)
    forward, up = leg.body.ankle_forward_m * leg.foot.foot_m / leg.body.foot_m, leg.body.ankle_height_m
    return np.stack([forward * cos - up * sin, forward * sin + up * cos], axis=-1)


def knee_reach_m(body: Body, knee_flexion: np.ndarray | float) -> np.ndarray:
    """Distance from hip to ankle at a knee flexion in rad (law of cosines)."""
    square = body.thigh_m**2 + body.shank_m**2 + 2 * body.thigh_m * body.shank_m * np.cos(knee_flexion)
    return np.sqrt(square)


def _knee_flexion(body: Body, hip: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    """Knee flexion that the distance from hip to ankle asks for, ``(n,)`` rad, 0 beyond reach."""
    square = np.sum((ankle - hip) ** 2, axis=-1)
    cosine = (square - body.thigh_m**2 - body.shank_m**2) / (2 * body.thigh_m * body.shank_m)
    return np.arccos(np.clip(cosine, -1.0, 1.0))


def bent_knee(body: Body, hip: np.ndarray, ankle: np.ndarray, way: np.ndarray | float = 1.0) -> np.ndarray:
    """Knee by two-link inverse kinematics, bent forward; a distance beyond reach gives a straight leg.

    Parameters
    ----------
    body
        Lengths of the leg.
    hip, ankle
        ``(n, 2)`` m.
    way
        +1 bends forward, -1 backwards.
    """
    line = ankle - hip
    distance = np.minimum(np.linalg.norm(line, axis=-1), body.thigh_m + body.shank_m)
    cosine = (distance**2 + body.thigh_m**2 - body.shank_m**2) / (2 * distance * body.thigh_m)
    bend = way * np.arccos(np.clip(cosine, -1.0, 1.0))
    direction = np.arctan2(line[:, 0], -line[:, 1]) + bend
    return hip + body.thigh_m * np.stack([np.sin(direction), -np.cos(direction)], axis=-1)


def _backwards_share(leg: LegPlan, phase: np.ndarray) -> np.ndarray:
    """How far the knee has given way backwards, ``(n,)`` 0 to 1."""
    own = np.mod(phase - leg.lag, 1.0) / leg.foot.stance
    up = np.clip((own - _BACKWARDS[0]) / (_BACKWARDS[1] - _BACKWARDS[0]), 0, 1)
    down = np.clip((_BACKWARDS[3] - own) / (_BACKWARDS[3] - _BACKWARDS[2]), 0, 1)
    share = np.minimum(up, down)
    return share**3 * (10 - share * (15 - 6 * share))


def _sinking_m(plan: StridePlan, phase: np.ndarray) -> np.ndarray | float:
    """How far the hips come down for steps that are longer than the mean, ``(n,)`` m."""
    if plan.steps is None:
        return 0.0
    forward, height = hip_forward_m(plan, phase), hip_height_m(plan, phase)
    excess = []
    for side in SIDES:
        body, ankle = plan.legs[side].body, foot_points(plan, side, phase)[2]
        reach = knee_reach_m(body, _LONGEST_KNEE)
        ceiling = ankle[:, 1] + np.sqrt(np.maximum(reach**2 - (forward - ankle[:, 0]) ** 2, (0.2 * reach) ** 2))
        excess.append(height + hip_offset_m(plan, side, phase) - ceiling)
    return _SOFT_M * np.logaddexp(0.0, np.max(excess, axis=0) / _SOFT_M)
