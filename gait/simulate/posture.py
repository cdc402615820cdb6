"""A body that stands, rises on its toes, stands on one leg or sits: where it is at any time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate.disturb import slow_noise
from gait.simulate.legs import bent_knee, knee_reach_m
from gait.simulate.torso import TorsoPose, upper_body

if TYPE_CHECKING:
    from gait.simulate.body import Body

#: The foot bends at the ball, at this fraction of its length (our estimate; the tip of the toes stays on the floor).
BALL = 0.72
#: Quiet standing: the pelvis lies ahead of the ankles by this fraction of body height, and the knees are bent by this
#: much (our estimates).
_AHEAD, _STANDING_KNEE_DEG = 0.012, 5.0
#: A lifted foot hangs behind and above its place by these fractions of body height, toes down by this much; the pelvis
#: comes over the standing foot by this fraction of the hips' half width (our estimates).
_LIFTED_BACK, _LIFTED_UP, _LIFTED_PITCH_DEG, _OVER_FOOT = 0.15, 0.06, -45.0, 0.75
#: The trunk leans forward by this much as a person leaves the chair (our estimate; 30 to 45 deg).
_RISING_LEAN_DEG = 38.0
#: Sway of quiet standing: standard deviation and time scale (our estimates: 4 mm, 1 s).
_SWAY_M, _SWAY_S = 0.004, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What the body does over time; each array ``(n,)``.

    Attributes
    ----------
    raised_deg
        By side: how far the heel is lifted by a turn about the ball of the foot.
    lifted
        By side: 0 the foot stands, 1 it is lifted off the floor.
    seated
        0 standing, 1 sitting.
    rising
        0 to 1: how far the trunk leans forward on its way out of (or into) the chair.
    aside_deg
        Lean of the trunk to the right.
    pelvis_right_up_deg
        Right side of the pelvis above the left one.
    """

    raised_deg: dict[str, np.ndarray]
    lifted: dict[str, np.ndarray]
    seated: np.ndarray
    rising: np.ndarray
    aside_deg: np.ndarray
    pelvis_right_up_deg: np.ndarray


def place_posture(bodies: dict[str, Body], posture: Posture, time_s: np.ndarray, seed: int) -> np.ndarray:
    """Keypoints of a body on the spot.

    Parameters
    ----------
    bodies
        Lengths by side; they differ where one leg is shorter.
    posture
        What it does.
    time_s
        ``(n,)`` s.
    seed
        Of the sway of standing.

    Returns
    -------
    numpy.ndarray
        ``(n, 3, keypoints)`` m: x forward (0 at the ankles of a standing body), y up from the floor, z to the right.
    """
    sway = _SWAY_M * slow_noise(np.random.default_rng([seed, 7]), time_s, (2,), _SWAY_S)
    feet = {side: _foot(bodies[side], posture, side) for side in SIDES}
    turn = np.radians(posture.pelvis_right_up_deg)
    pelvis = _pelvis(bodies, posture, feet, turn, sway)
    points = {}
    for side in SIDES:
        outward = 1.0 if side == "right" else -1.0
        body, foot = bodies[side], feet[side]
        hip = pelvis + outward * body.half_hips_m * np.column_stack([0 * turn, np.sin(turn), np.cos(turn)])
        foot_z = np.full(len(time_s), outward * body.half_hips_m)
        knee = np.column_stack([bent_knee(body, hip[:, :2], foot["ankle"]), 0.5 * (hip[:, 2] + foot_z)])
        points |= {f"{side}_hip": hip, f"{side}_knee": knee}
        points |= {f"{side}_{name}": np.column_stack([place, foot_z]) for name, place in foot.items()}
    arms = np.radians(5.0) + np.radians(25.0) * posture.rising + np.radians(20.0) * posture.seated
    torso = TorsoPose(
        forward=np.radians(2.0) + np.radians(_RISING_LEAN_DEG) * posture.rising + np.radians(3.0) * posture.seated,
        aside=np.radians(posture.aside_deg),
        shoulders_forward_m=dict.fromkeys(SIDES, 0.0),
        arms=dict.fromkeys(SIDES, arms),
    )
    points |= upper_body(bodies["left"], pelvis, torso)
    return np.stack([points[name] for name in KEYPOINTS], axis=-1)


def _foot(body: Body, posture: Posture, side: str) -> dict[str, np.ndarray]:
    """Heel, toe and ankle of one foot, each ``(n, 2)`` m: turned about its ball, or lifted."""
    angle, lifted = np.radians(posture.raised_deg[side]), posture.lifted[side]
    angle = angle - np.radians(_LIFTED_PITCH_DEG) * lifted
    ball = np.array([BALL * body.foot_m - body.ankle_forward_m, 0.0])
    back = np.column_stack([np.cos(angle), -np.sin(angle)])
    up = np.column_stack([np.sin(angle), np.cos(angle)])
    hanging = body.height_m * np.column_stack([-_LIFTED_BACK * lifted, _LIFTED_UP * lifted])
    heel = ball - BALL * body.foot_m * back + hanging
    ankle = heel + body.ankle_forward_m * back + body.ankle_height_m * up
    # Toes of a standing foot stay flat on the floor; those of a lifted one hang in line with it.
    bend = np.radians(posture.raised_deg[side])
    front = np.column_stack([np.cos(angle - bend), -np.sin(angle - bend)])
    return {"ankle": ankle, "heel": heel, "toe": ball + hanging + (1 - BALL) * body.foot_m * front}


def _pelvis(
    bodies: dict[str, Body],
    posture: Posture,
    feet: dict[str, dict[str, np.ndarray]],
    turn: np.ndarray,
    sway: np.ndarray,
) -> np.ndarray:
    """Middle of the hips, ``(n, 3)`` m: over the feet that stand, as high as they allow, or on the chair."""
    body, lifted = bodies["left"], posture.lifted
    # Who rises on the toes brings the weight over the ball of the foot.
    balance = {side: feet[side]["ankle"][:, 0] * (1 - lifted[side]) for side in SIDES}
    weight = np.maximum((1 - lifted["left"]) + (1 - lifted["right"]), 1.0)
    forward = sum(balance.values()) / weight
    raised = sum(np.sin(np.radians(posture.raised_deg[side])) * (1 - lifted[side]) for side in SIDES) / weight
    x = _AHEAD * body.height_m + forward + 0.25 * body.foot_m * raised + sway[:, 0]
    z = _OVER_FOOT * body.half_hips_m * (lifted["left"] - lifted["right"]) + sway[:, 1]
    standing = np.min([_height_over(bodies[side], feet[side], posture, side, x, turn) for side in SIDES], axis=0)
    seat = np.array([-body.thigh_m + 0.02 * body.height_m, 1.02 * (body.shank_m + body.ankle_height_m)])
    sitting = posture.seated
    # Forward first, then up.
    along, upward = np.clip(1.25 * sitting, 0, 1), np.clip(1.25 * sitting - 0.25, 0, 1)
    along = along**2 * (3 - 2 * along)
    return np.column_stack([x + along * (seat[0] - x), standing + upward * (seat[1] - standing), z])


def _height_over(
    body: Body, foot: dict[str, np.ndarray], posture: Posture, side: str, x: np.ndarray, turn: np.ndarray
) -> np.ndarray:
    """Height of the pelvis at which this leg is nearly straight; no limit from a leg that is off the floor."""
    outward = 1.0 if side == "right" else -1.0
    reach = knee_reach_m(body, np.radians(_STANDING_KNEE_DEG))
    ahead = np.minimum(np.abs(x - foot["ankle"][:, 0]), 0.9 * reach)
    height = foot["ankle"][:, 1] + np.sqrt(reach**2 - ahead**2) - outward * body.half_hips_m * np.sin(turn)
    return height + posture.lifted[side] * body.leg_m
