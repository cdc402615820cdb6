"""What trunk, arms, pelvis and feet truly do in a mean stride."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES, other_side
from gait.core.skeleton import KEYPOINTS
from gait.simulate.foot import swing_share
from gait.simulate.legs import StridePlan

if TYPE_CHECKING:
    from gait.core.sides import Side

#: The middle of single support that counts, as a share of it.
_MIDDLE = (0.2, 0.8)


def body_values(plan: StridePlan, phase: np.ndarray, room: np.ndarray) -> dict[str, dict[str, float]]:
    """Values by side, and under ``both``, from keypoints over one stride.

    Parameters
    ----------
    plan
        The walk.
    phase
        ``(n,)`` phases of the left stride, evenly over one stride.
    room
        ``(n, 3, keypoints)`` m: x forward, y up, z to the walker's right.
    """
    points = {name: room[:, :, index] for index, name in enumerate(KEYPOINTS)}
    lean = _lean_deg(points)
    low, rise = _right_up_deg(points), _body_rise_ll(plan, points)
    out: dict[str, dict[str, float]] = {}
    for side in SIDES:
        outward = 1.0 if side == "right" else -1.0
        own = outward * lean
        middle, both_feet = _middle_of_single_support(plan, side, phase), _double_support(plan, phase)
        out[side] = {
            "trunk_lean_over_stance_deg": float(np.median(own[middle])),
            "trunk_sway_to_stance_deg": float(np.median(own[middle]) - own[both_feet].mean()),
            "trunk_list_deg": float(own[both_feet].mean()),
            "pelvic_drop_deg": float(np.max(outward * low[middle])),
            "swing_hip_elevation_deg": float(np.max(outward * low[_swings(plan, side, phase)])),
            "pelvis_low_deg": float(-np.mean(outward * low)),
            "arm_swing_range_deg": _arm_range_deg(points, side),
            "hip_range_deg": _hip_range_deg(points, side),
            "body_rise_over_stance_ll": float(rise[middle].mean()),
            **_feet(plan, side, phase, points),
        }
    out["both"] = {
        "trunk_list_deg": out["right"]["trunk_list_deg"],
        "pelvic_obliquity_range_deg": float(np.ptp(low)),
        "trunk_rotation_range_deg": _rotation_range_deg(points),
    }
    return out


def _lean_deg(points: dict[str, np.ndarray]) -> np.ndarray:
    """Lean of the line from between the hips to between the shoulders, to the right +."""
    line = np.sum([points[f"{side}_shoulder"] - points[f"{side}_hip"] for side in SIDES], axis=0)
    return np.degrees(np.arctan2(line[:, 2], line[:, 1]))


def _right_up_deg(points: dict[str, np.ndarray]) -> np.ndarray:
    """Right hip above the left one."""
    line = points["right_hip"] - points["left_hip"]
    return np.degrees(np.arctan2(line[:, 1], line[:, 2]))


def _rotation_range_deg(points: dict[str, np.ndarray]) -> float:
    """Range of the turn of the shoulders against the hips, about the vertical."""
    turns = []
    for joint in ("shoulder", "hip"):
        line = points[f"right_{joint}"] - points[f"left_{joint}"]
        turns.append(np.degrees(np.arctan2(line[:, 0], line[:, 2])))
    return float(np.ptp(turns[0] - turns[1]))


def _arm_range_deg(points: dict[str, np.ndarray], side: str) -> float:
    """Range of the line from shoulder to wrist in the plane of the walk."""
    line = points[f"{side}_wrist"] - points[f"{side}_shoulder"]
    return float(np.ptp(np.degrees(np.arctan2(line[:, 0], -line[:, 1]))))


def _hip_range_deg(points: dict[str, np.ndarray], side: str) -> float:
    """Range of the thigh against the trunk (between the hips to between the shoulders) in the plane of the walk."""
    thigh = points[f"{side}_hip"] - points[f"{side}_knee"]
    trunk = np.sum([points[f"{name}_shoulder"] - points[f"{name}_hip"] for name in SIDES], axis=0)
    forward = [np.unwrap(np.arctan2(line[:, 0], line[:, 1])) for line in (trunk, thigh)]
    return float(np.degrees(np.ptp(forward[0] - forward[1])))


def _body_rise_ll(plan: StridePlan, points: dict[str, np.ndarray]) -> np.ndarray:
    """Mean height of neck and pelvis above its mean over the stride, ``(n,)`` leg lengths."""
    height = np.mean([points[f"{side}_{name}"][:, 1] for side in SIDES for name in ("shoulder", "hip")], axis=0)
    return (height - height.mean()) / plan.body.leg_m


def _own(plan: StridePlan, side: str, phase: np.ndarray) -> np.ndarray:
    """Phases since this side's contact, 0 to 1."""
    return np.mod(phase - plan.legs[side].lag, 1.0)


def _swings(plan: StridePlan, side: Side, phase: np.ndarray) -> np.ndarray:
    return _own(plan, side, phase) > plan.legs[side].foot.stance


def _double_support(plan: StridePlan, phase: np.ndarray) -> np.ndarray:
    return ~_swings(plan, "left", phase) & ~_swings(plan, "right", phase)


def _middle_of_single_support(plan: StridePlan, side: Side, phase: np.ndarray) -> np.ndarray:
    """While the other leg is in the middle of its swing."""
    other = other_side(side)
    share = swing_share(plan.legs[other].foot, _own(plan, other, phase))
    return (share > _MIDDLE[0]) & (share < _MIDDLE[1])


def _feet(plan: StridePlan, side: str, phase: np.ndarray, points: dict[str, np.ndarray]) -> dict[str, float]:
    """Direction and lean of the standing foot, way of the swinging one."""
    outward, foot = (1.0 if side == "right" else -1.0), plan.legs[side].foot
    own = _own(plan, side, phase)
    flat = (own > 0.2 * foot.stance) & (own < 0.5 * foot.stance)
    heel, toe, ankle = (points[f"{side}_{name}"] for name in ("heel", "toe", "ankle"))
    progression = np.degrees(np.arctan2(outward * (toe - heel)[:, 2], (toe - heel)[:, 0]))
    # The ankle of a foot that points outwards lies outwards of its heel, however upright the heel stands.
    along = (ankle - heel)[:, 0] * np.tan(np.radians(progression))
    inward = along - outward * (ankle - heel)[:, 2]
    valgus = np.degrees(np.arctan2(inward, plan.legs[side].body.ankle_height_m))
    swing = own > foot.stance
    out_m = float(np.max(outward * ankle[swing, 2]) - outward * np.median(ankle[flat, 2]))
    return {
        "foot_progression_deg": float(np.median(progression[flat])),
        "heel_valgus_deg": float(np.median(valgus[flat])),
        "lateral_ankle_excursion_m": out_m,
        "lateral_ankle_excursion_ll": out_m / plan.body.leg_m,
    }
