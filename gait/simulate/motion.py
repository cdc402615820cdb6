"""The whole body over time, in the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate.legs import StridePlan, hip_forward_m, leg_motion, solve
from gait.simulate.timing import TURN_STRIDES, Timing, turn_phases
from gait.simulate.torso import TorsoPose, upper_body

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: The pelvis moves towards the standing leg by this fraction of body height (our estimate: 2 cm).
_SWAY = 0.012
#: The trunk nods by this much twice a stride, deg (1 to 2 deg: Perry & Burnfield 2010, as in our evidence notes).
_NOD_DEG = 1.0
#: The shoulders turn with the arms: each moves by this fraction of body height (our estimate).
_SHOULDER_SWING = 0.02


def positions_m(walker: Walker, time_s: np.ndarray) -> np.ndarray:
    """All keypoints in the room, ``(n, 3, keypoints)`` m; see ``Walker.positions_m``."""
    phase = Timing.of(walker).phase(time_s)
    plan = solve(walker)
    points = _own_frame(walker, plan, phase)
    stacked = np.stack([points[name] for name in KEYPOINTS], axis=-1)
    progress = plan.stride_m * phase
    if walker.heading == "in_place":
        stacked[:, 0] -= (progress - plan.stride_m * walker.start_phase)[:, None]
        return stacked
    return _along_path(walker, plan, phase, stacked)


def heading_rad(walker: Walker, phase: np.ndarray) -> np.ndarray:
    """Direction of the walk against that of the first pass, ``(n,)`` rad: 0, then pi after a turn to the left."""
    turn = turn_phases(walker)
    if turn is None:
        return np.zeros_like(phase)
    return np.pi * np.clip((phase - turn[0]) / TURN_STRIDES, 0.0, 1.0)


def _along_path(walker: Walker, plan: StridePlan, phase: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Bend the straight walk into its turn: an arc, then straight back."""
    turn = turn_phases(walker)
    if turn is None:
        return points
    start, end = (plan.stride_m * edge for edge in turn)
    radius = (end - start) / np.pi
    progress = plan.stride_m * phase
    angle = heading_rad(walker, phase)
    before, after = np.minimum(progress, start), np.maximum(progress - end, 0.0)
    x = before + radius * np.sin(angle) - after
    z = -radius * (1 - np.cos(angle))
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    ahead, aside = points[:, 0] - progress[:, None], points[:, 2]
    out = points.copy()
    # Turning left: forward turns from +x to -z, and right from +z to +x.
    out[:, 0] = x[:, None] + cos * ahead + sin * aside
    out[:, 2] = z[:, None] - sin * ahead + cos * aside
    return out


def _own_frame(walker: Walker, plan: StridePlan, phase: np.ndarray) -> dict[str, np.ndarray]:
    """Keypoints of the straight walk, each ``(n, 3)`` m: x forward, y up, z to the walker's right."""
    body, points = plan.body, {}
    sway = _right_loading(walker, phase)
    hip_z = _SWAY * walker.height_m * sway
    for side in SIDES:
        outward = 1.0 if side == "right" else -1.0
        motion = leg_motion(plan, side, phase)
        hip = hip_z + outward * body.half_hips_m
        foot = np.full_like(phase, outward * 0.5 * walker.step_width_ll * body.leg_m)
        across = {"hip": hip, "knee": 0.5 * (hip + foot), "ankle": foot, "heel": foot, "toe": foot}
        for name, z in across.items():
            points[f"{side}_{name}"] = np.column_stack([getattr(motion, name), z])
    points.update(_upper_body(walker, plan, phase, hip_z, sway))
    return points


def _right_loading(walker: Walker, phase: np.ndarray) -> np.ndarray:
    """How far the weight is on the right leg, -1 to 1, largest in the middle of single support."""
    lag = Timing.step_fraction(walker, "right")
    # A walk with unequal step times is warped so that both contacts lie half a wave apart.
    own = np.mod(phase, 1.0)
    wave = np.where(own < lag, 0.5 * own / lag, 0.5 + 0.5 * (own - lag) / (1 - lag))
    # The left leg bears the middle of the first half.
    return -np.sin(2 * np.pi * (wave - 0.06))


def _upper_body(
    walker: Walker, plan: StridePlan, phase: np.ndarray, hip_z: np.ndarray, sway: np.ndarray
) -> dict[str, np.ndarray]:
    """Trunk, head and arms; arms swing against the leg of their side."""
    body = plan.body
    nod = _NOD_DEG * np.cos(4 * np.pi * (phase - 0.06))
    lean = np.radians(walker.trunk_lean_deg + nod)
    aside = np.radians(
        np.maximum(sway, 0) * walker.trunk_sway_deg.right + np.minimum(sway, 0) * walker.trunk_sway_deg.left
    )
    pelvis = np.column_stack([hip_forward_m(plan, phase), _pelvis_height(plan, phase), hip_z])
    ahead = {side: np.cos(2 * np.pi * (phase - plan.legs[side].lag)) for side in SIDES}
    pose = TorsoPose(
        forward=lean,
        aside=aside,
        shoulders_forward_m={side: -_SHOULDER_SWING * walker.height_m * ahead[side] for side in SIDES},
        arms={side: np.radians(-walker.arm_swing_deg.of(side) * ahead[side]) for side in SIDES},
    )
    return upper_body(body, pelvis, pose)


def _pelvis_height(plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    """Middle of the hips; a hike of one side raises it by half."""
    return np.mean([leg_motion(plan, side, phase).hip[:, 1] for side in SIDES], axis=0)
