"""The whole body over time, in the room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate.frontal import swing_out_m
from gait.simulate.legs import LegPlan, StridePlan, hip_forward_m, leg_motion
from gait.simulate.solve import solve
from gait.simulate.timing import TURN_STRIDES, Timing, turn_phases
from gait.simulate.torso import TorsoPose, upper_body
from gait.simulate.values import BySide

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: The trunk is farthest forward this long after a contact, as a fraction of the stride (our estimate).
_NOD_PHASE = 0.06
#: A walk whose steps change over minutes is made of steady walks this far apart, as a fraction of the step length; in
#: between their points are mixed (bones then shrink by less than 1 in 10 000).
_LEVEL = 0.04
#: Phase step on which the way of a changing walk is summed up.
_PHASE_STEP = 0.02


def positions_m(walker: Walker, time_s: np.ndarray) -> np.ndarray:
    """All keypoints in the room, ``(n, 3, keypoints)`` m; see ``Walker.positions_m``."""
    phase = Timing.of(walker).phase(time_s)
    course = Course.of(walker)
    points = _relative(walker, course, phase, time_s)
    progress = course.progress_m(phase)
    if walker.heading == "in_place":
        return points
    return _along_path(walker, course, phase, progress, points)


def heading_rad(walker: Walker, phase: np.ndarray) -> np.ndarray:
    """Direction of the walk against that of the first pass, ``(n,)`` rad: 0, then pi after a turn to the left."""
    turn = turn_phases(walker)
    if turn is None:
        return np.zeros_like(phase)
    return np.pi * np.clip((phase - turn[0]) / TURN_STRIDES, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Course:
    """How far the walk has come at each phase.

    Attributes
    ----------
    stride_m
        Way of one stride of the first steps.
    first_phase
        Phase when the walker appears; progress is counted so that a steady walk has come ``stride_m * phase``.
    grid, way_m
        Phases and ways of a walk whose steps change; None for a steady one.
    """

    stride_m: float
    first_phase: float
    grid: np.ndarray | None
    way_m: np.ndarray | None

    @classmethod
    def of(cls, walker: Walker) -> Course:
        """Course of one walk."""
        return _course(walker)

    def progress_m(self, phase: np.ndarray) -> np.ndarray:
        """Way at these phases, ``(n,)`` m."""
        if self.grid is None or self.way_m is None:
            return self.stride_m * np.asarray(phase, float)
        return np.interp(phase, self.grid, self.way_m)


@lru_cache(maxsize=64)
def _course(walker: Walker) -> Course:
    timing = Timing.of(walker)
    if walker.step_length_trend_pct == 0:
        return Course(walker.stride_length_m, walker.start_phase, None, None)
    last = float(timing.phase(np.array([walker.duration_s]))[0]) + 2.0
    grid = np.arange(walker.start_phase - 3.0, last, _PHASE_STEP)
    speed = walker.stride_length_m * step_factor(walker, timing.time_s(grid))
    way = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1]) * _PHASE_STEP)])
    way += walker.stride_length_m * walker.start_phase - np.interp(walker.start_phase, grid, way)
    return Course(walker.stride_length_m, walker.start_phase, grid, way)


def step_factor(walker: Walker, time_s: np.ndarray) -> np.ndarray:
    """Step length at a time as a multiple of that of the first steps, ``(n,)``."""
    minutes = np.clip((np.asarray(time_s, float) - walker.lead_in_s) / 60, 0.0, None)
    return np.maximum(1 + walker.step_length_trend_pct / 100 * minutes, 0.3)


def _relative(walker: Walker, course: Course, phase: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Keypoints against the place that the walk has reached, ``(n, 3, keypoints)`` m."""
    lean_deg = walker.trunk_lean_deg + walker.trunk_lean_trend_deg * np.clip((time_s - walker.lead_in_s) / 60, 0, None)
    if walker.step_length_trend_pct == 0:
        return _steady(walker, phase, lean_deg)
    factor = step_factor(walker, time_s)
    level = (1 - factor) / _LEVEL
    out = np.zeros((len(phase), 3, len(KEYPOINTS)))
    for number in np.unique(np.floor(level)):
        chosen = np.floor(level) == number
        later = level[chosen] - number
        for which, share in ((number, 1 - later), (number + 1, later)):
            made = _steady(_at_level(walker, which), phase[chosen], lean_deg[chosen])
            out[chosen] += share[:, None, None] * made
    return out


def mean_walker(walker: Walker) -> Walker:
    """The steady walk in the middle of a film whose steps or lean change; else the walker."""
    middle_s = 0.5 * (walker.lead_in_s + walker.duration_s)
    minutes = (middle_s - walker.lead_in_s) / 60
    if walker.step_length_trend_pct == 0 and walker.trunk_lean_trend_deg == 0:
        return walker
    made = _at_level(walker, (1 - float(step_factor(walker, np.array([middle_s]))[0])) / _LEVEL)
    lean = walker.trunk_lean_deg + walker.trunk_lean_trend_deg * minutes
    return replace(made, trunk_lean_deg=lean, trunk_lean_trend_deg=0.0)


def stride_m(walker: Walker, plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    """Keypoints of the straight walk, ``(n, 3, keypoints)`` m: x forward, y up, z to the walker's right."""
    points = _own_frame(walker, plan, phase, np.full(len(phase), walker.trunk_lean_deg))
    return np.stack([points[name] for name in KEYPOINTS], axis=-1)


def _at_level(walker: Walker, number: float) -> Walker:
    """The steady walk with steps shorter by ``number`` levels."""
    factor = 1 - _LEVEL * number
    step = walker.step_length_ll
    return replace(
        walker,
        step_length_ll=BySide(step.left * factor, step.right * factor),
        step_length_trend_pct=0.0,
        # A leg that reaches less far lands flatter.
        contact_pitch_deg=BySide(*(walker.contact_pitch_deg.of(side) * (0.4 + 0.6 * factor) for side in SIDES)),
    )


def _steady(walker: Walker, phase: np.ndarray, lean_deg: np.ndarray) -> np.ndarray:
    """Keypoints of a walk whose steps do not change, against the place that the walk has reached."""
    plan = solve(walker)
    points = _own_frame(walker, plan, phase, lean_deg)
    stacked = np.stack([points[name] for name in KEYPOINTS], axis=-1)
    stacked[:, 0] -= (plan.stride_m * (phase - walker.start_phase))[:, None]
    if walker.heading != "in_place":
        stacked[:, 0] -= plan.stride_m * walker.start_phase
    return stacked


def _along_path(
    walker: Walker, course: Course, phase: np.ndarray, progress: np.ndarray, points: np.ndarray
) -> np.ndarray:
    """Carry the body along its way, and bend it into its turn: an arc, then straight back."""
    out = points.copy()
    turn = turn_phases(walker)
    if turn is None:
        out[:, 0] += progress[:, None]
        return out
    start, end = course.progress_m(np.array(turn))
    radius = (end - start) / np.pi
    # A constant rate of turning needs the way, not the phase, to be even: they agree where steps do not change.
    angle = heading_rad(walker, phase)
    before, after = np.minimum(progress, start), np.maximum(progress - end, 0.0)
    x = before + radius * np.sin(angle) - after
    z = -radius * (1 - np.cos(angle))
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    ahead, aside = points[:, 0], points[:, 2]
    # Turning left: forward turns from +x to -z, and right from +z to +x.
    out[:, 0] = x[:, None] + cos * ahead + sin * aside
    out[:, 2] = z[:, None] - sin * ahead + cos * aside
    return out


def _own_frame(walker: Walker, plan: StridePlan, phase: np.ndarray, lean_deg: np.ndarray) -> dict[str, np.ndarray]:
    """Keypoints of the straight walk, each ``(n, 3)`` m: x forward, y up, z to the walker's right."""
    points, hips = {}, {}
    pelvis_z = plan.frontal.pelvis_right_m(phase)
    for side in SIDES:
        outward = 1.0 if side == "right" else -1.0
        motion = leg_motion(plan, side, phase)
        hips[side] = motion.hip
        across = {
            "hip": pelvis_z + outward * plan.body.half_hips_m,
            **_foot_across(walker, plan.legs[side], side, phase),
        }
        across["knee"] = 0.5 * (across["hip"] + across["ankle"])
        for name, z in across.items():
            points[f"{side}_{name}"] = np.column_stack([getattr(motion, name), z])
    middle = 0.5 * (hips["left"] + hips["right"])[:, 1]
    pelvis = np.column_stack([hip_forward_m(plan, phase), middle, pelvis_z])
    return points | upper_body(plan.body, pelvis, _torso(walker, plan, phase, lean_deg))


def _foot_across(walker: Walker, leg: LegPlan, side: str, phase: np.ndarray) -> dict[str, np.ndarray]:
    """Sideways places of ankle, heel and toe, each ``(n,)`` m, to the walker's right.

    The heel keeps to its line; toes out turns the foot about it, a valgus heel lets the ankle sink inwards.
    """
    own = np.mod(phase - leg.lag, 1.0)
    outward = 1.0 if side == "right" else -1.0
    line = 0.5 * walker.step_width_ll * walker.leg_length_m
    heel = line + swing_out_m(leg.foot, own, walker.circumduction_m.of(side))
    out = np.tan(np.radians(walker.toe_out_deg.of(side)))
    inward = leg.body.ankle_height_m * np.tan(np.radians(walker.heel_valgus_deg.of(side)))
    forward = leg.body.ankle_forward_m / leg.body.foot_m
    return {
        "heel": outward * heel,
        "toe": outward * (heel + out * leg.foot.foot_m),
        "ankle": outward * (heel + out * forward * leg.foot.foot_m - inward),
    }


def _torso(walker: Walker, plan: StridePlan, phase: np.ndarray, lean_deg: np.ndarray) -> TorsoPose:
    """How trunk and arms are held; arms swing against the leg of their side."""
    body, weight = plan.body, plan.frontal.right_loading(phase)
    nod = walker.trunk_nod_deg * np.cos(4 * np.pi * (plan.frontal.even_phase(phase) - _NOD_PHASE))
    sway = np.maximum(weight, 0) * walker.trunk_sway_deg.right + np.minimum(weight, 0) * walker.trunk_sway_deg.left
    ahead = {side: np.cos(2 * np.pi * (phase - plan.legs[side].lag)) for side in SIDES}
    follow = np.sum([walker.trunk_follow_deg.of(side) * ahead[side] for side in SIDES], axis=0)
    turn = body.half_shoulders_m * np.sin(np.radians(walker.trunk_rotation_deg))
    return TorsoPose(
        forward=np.radians(lean_deg + nod - follow),
        aside=np.radians(sway + walker.trunk_list_deg),
        shoulders_forward_m={side: -turn * ahead[side] for side in SIDES},
        arms={side: np.radians(-walker.arm_swing_deg.of(side) * ahead[side]) for side in SIDES},
    )
