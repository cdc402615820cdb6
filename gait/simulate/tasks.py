"""Task clips made of formulas: walks on heels or toes, heel raises, one leg, the chair, quiet standing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from gait.core.errors import InputError
from gait.core.motion import BodyMotion
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side, other_side
from gait.core.tasks import TASKS, TaskId
from gait.simulate import camera
from gait.simulate.body import Body
from gait.simulate.posture import BALL, Posture, place_posture
from gait.simulate.task_truth import task_truth
from gait.simulate.values import BySide, check_ranges
from gait.simulate.walker import Walker

Legs = Literal["both", "left", "right", "each"]

#: Quiet standing before the first and after the last repetition, s; time from one to the next, s; share of a repetition
#: that goes by before its top is reached, and until it is left again (our estimates).
_QUIET_S, _TOP_SHARES = 1.5, (0.3, 0.6)
_REPETITION_S = {"heel_raise": 2.0, "sit_to_stand": 4.0}
#: A leg is lifted off the floor, or set down, in this time, s (our estimate).
_LIFT_S = 0.5


@dataclass(frozen=True, slots=True)
class Repetition:
    """When one repetition begins, is at its top, leaves it and ends, s; and the limb that does it."""

    side: Side | Literal["both"]
    start_s: float
    top_s: float
    leave_s: float
    end_s: float

    @property
    def peak_s(self) -> float:
        """Middle of its top."""
        return 0.5 * (self.top_s + self.leave_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWalker:
    """A person who does a task in front of the camera.

    Walks on heels or toes are walks of ``person``, with feet that stand on their heels or toes; all other tasks are
    done on the spot, and the film is as long as they take.

    Attributes
    ----------
    task
        What is done; ``walk`` is the person's own walk.
    person
        The person, the camera and the errors of the network; for tasks on the spot its walk does not count.
    legs
        Of ``heel_raise`` and ``single_leg_stance``: both together, one, or each in its turn (left first).
    repetitions
        Of ``heel_raise`` (for each leg) and ``sit_to_stand``.
    heel_raise_deg
        How far the rear foot turns about the ball at the top of a heel raise.
    on_heels_deg, on_toes_deg
        Foot pitch in the stance of a walk on heels, and (downward +) on toes.
    hold_s
        Of ``single_leg_stance``: time on each leg.
    pelvic_drop_deg, trunk_lean_deg
        Of ``single_leg_stance``, for each standing leg: pelvis lower on the lifted side; trunk towards the standing
        leg.
    trunk_list_deg
        Constant lean of the trunk to the right.
    short_leg_m
        How much shorter the shank of a side is.
    quiet_s
        Of ``stand``: length of the film.
    planted
        Findings planted with :meth:`with_fault`, as (id, side).

    Raises
    ------
    InputError
        When the task is not known or a number is out of its range.
    """

    task: TaskId = "stand"
    person: Walker = field(default_factory=Walker)
    legs: Legs = "each"
    repetitions: int = 5
    heel_raise_deg: BySide = BySide(30.0, 30.0)
    on_heels_deg: BySide = BySide(14.0, 14.0)
    on_toes_deg: BySide = BySide(22.0, 22.0)
    hold_s: BySide = BySide(8.0, 8.0)
    pelvic_drop_deg: BySide = BySide(2.0, 2.0)
    trunk_lean_deg: BySide = BySide(2.0, 2.0)
    trunk_list_deg: float = 0.0
    short_leg_m: BySide = BySide(0.0, 0.0)
    quiet_s: float = 6.0
    planted: tuple[tuple[str, Side | None], ...] = ()

    def __post_init__(self) -> None:
        if self.task not in TASKS:
            raise InputError(f"task is {self.task!r}, expected one of {', '.join(TASKS)}")
        if self.legs not in ("both", "left", "right", "each"):
            raise InputError(f"legs is {self.legs!r}, expected both, left, right or each")
        check_ranges(self, _LIMITS)

    @property
    def duration_s(self) -> float:
        """Length of the film, s."""
        if self.is_walk:
            return self.person.duration_s
        if self.task == "stand":
            return self.quiet_s
        return self.repetition_list()[-1].end_s + _QUIET_S

    @property
    def is_walk(self) -> bool:
        """Whether the person walks."""
        return self.task in ("walk", "heel_walk", "toe_walk")

    def with_fault(self, fault_id: str, side: Side | None = None, severity: float = 1.0) -> TaskWalker:
        """A copy with a fault planted; see :meth:`gait.simulate.walker.Walker.with_fault`.

        Raises
        ------
        InputError
            When this task cannot show the fault, the side does not fit or the severity is not between 0 and 1.
        """
        if self.is_walk and fault_id not in TASK_FAULTS:
            return replace(self, person=self.person.with_fault(fault_id, side, severity))
        changes = [change for (name, task), change in _CHANGES.items() if (name, task) == (fault_id, self.task)]
        if not changes:
            known = sorted(name for name, task in _CHANGES if task == self.task)
            raise InputError(f"{self.task} does not show {fault_id!r}; expected one of {', '.join(known) or 'none'}")
        if not 0.0 <= severity <= 1.0:
            raise InputError(f"severity is {severity:g}, expected 0 (nothing) to 1 (severe)")
        if side is None:
            raise InputError(f"{fault_id} needs a side, found {side!r}; choose left or right")
        if severity == 0.0:
            return self
        return replace(self, **changes[0](self, side, severity), planted=(*self.planted, (fault_id, side)))

    def walker(self) -> Walker:
        """The walk of a walking task, with the feet that the task asks for; else who is filmed, standing."""
        if self.task == "heel_walk":
            return _on_heels(self)
        if self.task == "toe_walk":
            return _on_toes(self)
        if self.is_walk:
            return self.person
        return replace(self.person, duration_s=self.duration_s, there_and_back=False, lead_in_s=0.0)

    def frame_times_s(self) -> np.ndarray:
        """``(n,)`` times of the frames, in s, from 0."""
        return camera.frame_times_s(self.walker())

    def positions_m(self, time_s: np.ndarray) -> np.ndarray:
        """Where the keypoints truly are, ``(n, 3, keypoints)`` m; axes as in ``Walker.positions_m``."""
        time_s = np.asarray(time_s, float)
        if self.is_walk:
            return self.walker().positions_m(time_s)
        return place_posture(self.bodies(), self.posture(time_s), time_s, self.person.seed)

    def pose(self) -> Pose:
        """The task as a pose network would see it: px, x right, y down."""
        return camera.film(self.walker(), self.positions_m)

    def motion(self, rate_hz: float = 100.0) -> BodyMotion:
        """The body in the room, for a virtual phone (:class:`gait.simulate.phone.PhoneCamera`)."""
        walker = self.walker()
        if self.is_walk:
            return walker.motion(rate_hz)
        time_s = np.arange(0.0, walker.duration_s, 1.0 / rate_hz)
        return BodyMotion(time_s, self.positions_m(time_s), name="simulated task")

    def truth(self) -> dict[str, Any]:
        """Task, attempts, parameters and planted findings in the form of a truth file."""
        return task_truth(self)

    def bodies(self) -> dict[str, Body]:
        """Lengths by side."""
        return {side: Body(self.person.height_m, self.short_leg_m.of(side)) for side in SIDES}

    def repetition_list(self) -> list[Repetition]:
        """All repetitions of a task on the spot, in time order."""
        if self.task == "single_leg_stance":
            return _holds(self)
        if self.task not in _REPETITION_S:
            return []
        length = _REPETITION_S[self.task]
        out, start = [], _QUIET_S
        turns: list[Side | Literal["both"]] = _turns(self) if self.task == "heel_raise" else ["both"]
        for side in turns:
            start += 0.0 if side == "both" else _LIFT_S
            for _ in range(self.repetitions):
                top, leave = (start + share * length for share in _TOP_SHARES)
                out.append(Repetition(side, start, top, leave, start + 0.9 * length))
                start += length
            start += 1.0 if side == "both" else _LIFT_S + 1.0
        return out

    def posture(self, time_s: np.ndarray) -> Posture:
        """What the body does on the spot at given times."""
        zero = np.zeros_like(time_s)
        raised, lifted = {side: zero for side in SIDES}, {side: zero for side in SIDES}
        seated, rising, aside, drop = zero, zero, zero, zero
        if self.task == "heel_raise":
            raised, lifted = self._raised(time_s), self._lifted(time_s)
        elif self.task == "single_leg_stance":
            lifted = self._lifted(time_s)
        elif self.task == "sit_to_stand":
            seated = 1.0 - _waves(self.repetition_list(), time_s)
            rising = 16 * seated**2 * (1 - seated) ** 2
        for side in SIDES:
            on_it = lifted[other_side(side)]
            outward = 1.0 if side == "right" else -1.0
            aside = aside + outward * self.trunk_lean_deg.of(side) * on_it
            drop = drop + outward * self.pelvic_drop_deg.of(side) * on_it
        low = self.short_leg_m.left - self.short_leg_m.right
        tilt = np.degrees(np.arcsin(low / (2 * self.bodies()["left"].half_hips_m)))
        return Posture(
            raised_deg=raised,
            lifted=lifted,
            seated=seated,
            rising=rising,
            aside_deg=aside + self.trunk_list_deg,
            # Standing on the left leg, the right side of the pelvis drops.
            pelvis_right_up_deg=drop + tilt,
        )

    def heel_height_m(self, side: str) -> float:
        """Height of the heel at the top of a heel raise."""
        return BALL * Body(self.person.height_m).foot_m * float(np.sin(np.radians(self.heel_raise_deg.of(side))))

    def _raised(self, time_s: np.ndarray) -> dict[str, np.ndarray]:
        out = {}
        for side in SIDES:
            own = [turn for turn in self.repetition_list() if turn.side in (side, "both")]
            out[side] = self.heel_raise_deg.of(side) * _waves(own, time_s)
        return out

    def _lifted(self, time_s: np.ndarray) -> dict[str, np.ndarray]:
        """Each foot is off the floor while the other one alone is at work."""
        out = {}
        for side in SIDES:
            other = [turn for turn in self.repetition_list() if turn.side == other_side(side)]
            out[side] = np.zeros_like(time_s)
            if other and self.task == "heel_raise":
                whole = Repetition(side, other[0].start_s - _LIFT_S, other[0].start_s, other[-1].end_s, 0.0)
                other = [replace(whole, end_s=other[-1].end_s + _LIFT_S)]
            if other:
                out[side] = _waves(other, time_s)
        return out


def _turns(task: TaskWalker) -> list[Side | Literal["both"]]:
    """Which leg works, in order."""
    return list(SIDES) if task.legs == "each" else [task.legs]


def _holds(task: TaskWalker) -> list[Repetition]:
    """Times on one leg."""
    out, start = [], _QUIET_S
    for side in _turns(task):
        if side == "both":
            raise InputError("legs is both, but single_leg_stance is done on one leg; choose left, right or each")
        end = start + task.hold_s.of(side)
        rise = min(_LIFT_S, 0.3 * task.hold_s.of(side))
        out.append(Repetition(side, start, start + rise, end - rise, end))
        start = end + 1.5
    return out


def _waves(turns: list[Repetition], time_s: np.ndarray) -> np.ndarray:
    """0 outside of the repetitions, 1 at their tops, smooth between, ``(n,)``."""
    out = np.zeros_like(time_s)
    for turn in turns:
        up = np.clip((time_s - turn.start_s) / (turn.top_s - turn.start_s), 0, 1)
        down = np.clip((turn.end_s - time_s) / (turn.end_s - turn.leave_s), 0, 1)
        share = np.minimum(up, down)
        out = np.maximum(out, share**3 * (10 - share * (15 - 6 * share)))
    return out


def _on_heels(task: TaskWalker) -> Walker:
    """Short steps on the heels; sizes are our estimate (a person who walks so keeps the ankles under the hips)."""
    person, rest = task.person, task.on_heels_deg
    missing = BySide(*(14.0 - rest.of(side) for side in SIDES))
    return replace(
        person,
        step_length_ll=_scaled(person.step_length_ll, 0.43),
        stride_time_s=min(1.05 * person.stride_time_s, 2.6),
        stance_pct=BySide(*(min(person.stance_pct.of(side) + 2.0, 78.0) for side in SIDES)),
        rest_pitch_deg=rest,
        contact_pitch_deg=BySide(*(rest.of(side) + 3.0 for side in SIDES)),
        # A forefoot that is not held up rolls off the floor instead.
        toe_off_pitch_deg=BySide(*(rest.of(side) - 1.0 - 1.5 * missing.of(side) for side in SIDES)),
        swing_dorsiflexion_deg=BySide(*(18.0 - 1.2 * missing.of(side) for side in SIDES)),
        swing_knee_deg=BySide.both(45.0),
        arm_swing_deg=_scaled(person.arm_swing_deg, 0.5),
        trunk_lean_deg=person.trunk_lean_deg + 4.0,
        planted=(*person.planted, *task.planted),
    )


def _on_toes(task: TaskWalker) -> Walker:
    """A walk on the toes; sizes are our estimate."""
    person, rest = task.person, task.on_toes_deg
    return replace(
        person,
        step_length_ll=_scaled(person.step_length_ll, 0.74),
        rest_pitch_deg=BySide(*(-rest.of(side) for side in SIDES)),
        contact_pitch_deg=BySide(*(5.0 - 1.15 * rest.of(side) for side in SIDES)),
        swing_dorsiflexion_deg=BySide(*(4.0 - 0.7 * rest.of(side) for side in SIDES)),
        push_off_plantarflexion_deg=BySide(*(14.0 + 0.6 * rest.of(side) for side in SIDES)),
        swing_knee_deg=BySide.both(58.0),
        planted=(*person.planted, *task.planted),
    )


def _scaled(pair: BySide, factor: float) -> BySide:
    return BySide(pair.left * factor, pair.right * factor)


def _no_heel_walk(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    # The forefoot of the named side comes down; at full severity it lies on the floor.
    return {"on_heels_deg": task.on_heels_deg.with_side(side, task.on_heels_deg.of(side) * (1 - severity))}


def _no_toe_walk(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    return {"on_toes_deg": task.on_toes_deg.with_side(side, task.on_toes_deg.of(side) * (1 - severity))}


def _no_heel_raise(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    # Two thirds of the other side's height are the least that is usual, below 2 cm the heel does not rise (evidence
    # notes 5.3, our estimate there): 0.35 is just below the first, 0.8 at the second.
    return {"heel_raise_deg": task.heel_raise_deg.with_side(side, task.heel_raise_deg.of(side) * (1 - severity))}


def _drop(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    # A drop of 6 deg is worth mentioning, of 8 to 10 deg of a report (evidence notes 5.3).
    return {"pelvic_drop_deg": task.pelvic_drop_deg.with_side(side, task.pelvic_drop_deg.of(side) + 11 * severity)}


def _lean(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    return {"trunk_lean_deg": task.trunk_lean_deg.with_side(side, task.trunk_lean_deg.of(side) + 12 * severity)}


def _list(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    # The side is where the trunk leans to: 4.5 deg are mild, 6.5 moderate, 9 severe (catalogue of findings).
    return {"trunk_list_deg": task.trunk_list_deg + (1.0 if side == "right" else -1.0) * 10 * severity}


def _short_leg(task: TaskWalker, side: Side, severity: float) -> dict[str, Any]:
    # 2 cm are the usual limit of what matters (Walsh et al. 2000, Gait & Posture 12, 156).
    return {"short_leg_m": task.short_leg_m.with_side(side, task.short_leg_m.of(side) + 0.04 * severity)}


Change = Callable[[TaskWalker, Side, float], dict[str, Any]]

_CHANGES: dict[tuple[str, str], Change] = {
    ("cannot_walk_on_heels", "heel_walk"): _no_heel_walk,
    ("cannot_rise_on_toes", "toe_walk"): _no_toe_walk,
    ("cannot_rise_on_toes", "heel_raise"): _no_heel_raise,
    ("trendelenburg", "single_leg_stance"): _drop,
    ("trunk_lean_over_stance", "single_leg_stance"): _lean,
    ("lateral_trunk_list", "stand"): _list,
    ("leg_length_pattern", "stand"): _short_leg,
}

#: Faults that tasks on the spot, or walks on heels or toes, can show, and whether a side is named (all have one).
TASK_FAULTS: dict[str, bool] = dict.fromkeys((name for name, _ in _CHANGES), True)

_LIMITS: dict[str, tuple[float, float]] = {
    "repetitions": (1, 60),
    "heel_raise_deg": (0.0, 45.0),
    "on_heels_deg": (0.0, 25.0),
    "on_toes_deg": (0.0, 30.0),
    "hold_s": (1.0, 60.0),
    "pelvic_drop_deg": (-5.0, 20.0),
    "trunk_lean_deg": (-5.0, 25.0),
    "trunk_list_deg": (-15.0, 15.0),
    "short_leg_m": (0.0, 0.08),
    "quiet_s": (1.0, 120.0),
}
