"""Walking on the heels, and on tiptoe: what each foot does in mid-stance.

The pitch of trajectories is counted from the foot at its stillest, which is flat in usual walking but is not on the
heels or on tiptoe. Here the line from heel to toe is held against what the network draws for a flat foot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.cycles import Cycle, GaitCycles
from gait.core.sides import SIDES
from gait.core.tasks import Attempt
from gait.core.trajectories import Trajectories
from gait.tasks.outcome import TIPTOE, Outcome, hidden, not_performed, too_short

#: What the network's line from heel to toe reads on a flat foot, near and far, in deg, and the toe over the heel in leg
#: lengths: means of 24 near and 24 far legs of 12 healthy people, 15 to 32 % of the cycle (standard deviations 2.2 and
#: 1.9 deg, 0.007 leg lengths; our measurement). Markers on the body are levelled by their own flat foot, not here.
FLAT_DEG = {True: -3.9, False: -1.8}
FLAT_LL = {True: -0.0157, False: -0.0073}
#: The share of a foot's pitch against the floor that the network shows in such walks: it expects usual ones (our
#: measurement on rendered heel and toe walks, see docs/tasks.md).
SHOWN = 0.6
#: The middle of stance, as shares of it: the foot has landed and the heel has not left yet.
MID_STANCE = (0.25, 0.55)
#: Stances of each foot that are needed (our choice).
LEAST_STANCES = 2

#: Toes up by this much in mid-stance: the foot is on its heel (our estimate: above two standard errors).
ON_HEEL_DEG = 10.0
#: Toes down by this much in mid-stance on both sides: the person walks on tiptoe (our estimate).
ON_TIPTOE_DEG = -12.0
#: A foot that tilts down by this much from mid-stance to toe-off rolls over as in usual walking (our estimate: healthy
#: people are seen to tilt it by 35 to 60 deg, rendered walkers on their heels by 4 to 24 deg).
ROLLS_DEG = -30.0
#: Heel up by this much in mid-stance: the foot is on its toes, in leg lengths (our estimate: 3.6 cm, above two standard
#: errors).
ON_TOES_LL = 0.04
#: The heel lower than the toe by this much in mid-stance on both sides: the person walks on the heels (our estimate).
ON_HEELS_LL = -0.04
#: A foot that lands with its toes up by this much more than in mid-stance lands on the heel as in usual walking (our
#: estimate: 24 healthy films are seen to land with 14 to 31 deg, rendered walkers on tiptoe with -5 to 4).
LANDS_ON_HEEL_DEG = 8.0

_SAFE = "Somebody walks beside the person. "
_HEEL_ADVICE = (
    _SAFE + "Film from the side: at least six steps on the heels, the forefeet held up as high as they go, there and "
    "back."
)
_TOE_ADVICE = _SAFE + "Film from the side: at least six steps on tiptoe, the heels as high as they go, there and back."


@dataclass(frozen=True, slots=True)
class _Stance:
    """What one foot does in one stance.

    Attributes
    ----------
    cycle
        Its cycle.
    pitch_deg
        Toes up +, mid-stance, against a flat foot.
    heel_ll
        Heel above the toe, mid-stance, against a flat foot, in leg lengths.
    landing_deg, leaving_deg
        Pitch at contact and at toe-off against mid-stance.
    """

    cycle: Cycle
    pitch_deg: float
    heel_ll: float
    landing_deg: float
    leaving_deg: float


def observe_heel_walk(trajectories: Trajectories, cycles: GaitCycles) -> Outcome:
    """How far the forefoot is held up in each stance."""
    stances = _stances(trajectories, cycles)
    if problem := _problem(trajectories, stances, "Walking on the heels", _HEEL_ADVICE):
        return problem
    pitch, leaving = _by_side(stances, "pitch_deg"), _by_side(stances, "leaving_deg")
    if max(pitch) < ON_HEEL_DEG and sum(leaving) / 2 < ROLLS_DEG:
        return not_performed(
            "Both feet lie flat and roll over onto the toes as in usual walking: walking on the heels was not tried.",
            _HEEL_ADVICE,
        )
    if max(pitch) < ON_TIPTOE_DEG:
        return not_performed(
            "Both heels are off the floor in mid-stance: this is not walking on the heels.", _HEEL_ADVICE
        )
    return Outcome(tuple(_attempt(stance, {"heel_walk_foot_pitch_deg": stance.pitch_deg}) for stance in stances))


def observe_toe_walk(trajectories: Trajectories, cycles: GaitCycles) -> Outcome:
    """How far the heel is held up in each stance."""
    stances = _stances(trajectories, cycles)
    if problem := _problem(trajectories, stances, "Walking on tiptoe", _TOE_ADVICE):
        return problem
    heel, landing = _by_side(stances, "heel_ll"), _by_side(stances, "landing_deg")
    if max(heel) < ON_TOES_LL and sum(landing) / 2 > LANDS_ON_HEEL_DEG:
        return not_performed(
            "Both heels land first and stay on the floor as in usual walking: walking on tiptoe was not tried.",
            _TOE_ADVICE,
        )
    if max(heel) < ON_HEELS_LL:
        return not_performed(
            "Both forefeet are off the floor in mid-stance: this is not walking on tiptoe.", _TOE_ADVICE
        )
    return Outcome(
        tuple(
            _attempt(stance, {"toe_walk_heel_height_ll": stance.heel_ll, TIPTOE: stance.heel_ll}) for stance in stances
        )
    )


def _problem(trajectories: Trajectories, stances: list[_Stance], what: str, advice: str) -> Outcome | None:
    """Why the clip cannot be judged for this task; None when it can."""
    if trajectories.view.kind != "sagittal":
        return hidden(f"{what} is measured from the side; this clip is {trajectories.view.kind}.", advice)
    counts = {side: sum(stance.cycle.side == side for stance in stances) for side in SIDES}
    if min(counts.values()) >= LEAST_STANCES:
        return None
    return too_short(
        f"{what} needs at least {LEAST_STANCES} whole stances of each foot; the clip shows {counts['left']} left and "
        f"{counts['right']} right ones.",
        advice,
    )


def _stances(trajectories: Trajectories, cycles: GaitCycles) -> list[_Stance]:
    """All stances whose foot is seen."""
    found = (_stance(trajectories, cycle) for cycle in cycles.rows())
    return [stance for stance in found if np.isfinite([stance.pitch_deg, stance.leaving_deg]).all()]


def _stance(trajectories: Trajectories, cycle: Cycle) -> _Stance:
    facing = trajectories.passes[cycle.pass_index].facing
    line = trajectories.landmark(cycle.side, "toe") - trajectories.landmark(cycle.side, "heel")
    pitch = np.degrees(np.arctan2(line[:, 1], facing * line[:, 0]))
    up = line[:, 1] / trajectories.scale.leg_length_px
    time_s, length_s = trajectories.time_s, cycle.toe_off_s - cycle.start_s
    first, last = (cycle.start_s + share * length_s for share in MID_STANCE)
    middle = (time_s >= first) & (time_s <= last) & np.isfinite(pitch)
    if not middle.any():
        return _Stance(cycle, *[float("nan")] * 4)
    held, height = float(np.median(pitch[middle])), float(np.median(up[middle]))
    landing, leaving = np.interp([cycle.start_s, cycle.toe_off_s], time_s, pitch) - held
    return _Stance(
        cycle,
        pitch_deg=(held - FLAT_DEG[cycle.is_near]) / SHOWN,
        heel_ll=(FLAT_LL[cycle.is_near] - height) / SHOWN,
        landing_deg=float(landing),
        leaving_deg=float(leaving),
    )


def _by_side(stances: list[_Stance], name: str) -> list[float]:
    """Median of each foot."""
    return [float(np.median([getattr(stance, name) for stance in stances if stance.cycle.side == s])) for s in SIDES]


def _attempt(stance: _Stance, values: dict[str, float]) -> Attempt:
    cycle = stance.cycle
    middle_s = cycle.start_s + sum(MID_STANCE) / 2 * (cycle.toe_off_s - cycle.start_s)
    return Attempt(cycle.side, cycle.start_s, middle_s, cycle.toe_off_s, values)
