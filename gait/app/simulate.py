"""The work behind ``gait simulate``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.core.errors import InputError
from gait.core.sides import SIDES
from gait.core.tasks import TASKS, WALKING_TASKS

if TYPE_CHECKING:
    from gait.core.pose import Pose
    from gait.simulate.tasks import TaskWalker
    from gait.simulate.walker import Walker

#: Findings that show themselves over minutes need a film of this length, in s.
_LONG_S = 180.0
#: Tasks that are seen from the front, unless the user says otherwise.
_FRONTAL_TASKS = ("single_leg_stance", "stand")
#: Findings that only a task shows, and the task that is made when none is named.
_TASK_OF = {"cannot_rise_on_toes": "heel_raise", "cannot_walk_on_heels": "heel_walk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What ``gait simulate`` was asked for; None where the user said nothing.

    Attributes
    ----------
    out
        Keypoint file to write.
    fault, side, severity
        What is planted.
    task, view
        What is done, and from where it is filmed.
    height_m, rate_hz, duration_s, speed_mps
        Of the person, the film and the walk.
    noise
        ``none`` or ``network``.
    seed
        Of everything drawn by lot.
    """

    out: Path
    fault: str | None = None
    side: str | None = None
    severity: float = 0.8
    task: str = "walk"
    view: str | None = None
    height_m: float | None = None
    rate_hz: float | None = None
    duration_s: float | None = None
    speed_mps: float | None = None
    noise: str = "none"
    seed: int = 0


def run(order: Order) -> None:
    """Write a simulated walker's keypoints and truth.

    Raises
    ------
    InputError
        When an option is not known or options do not go together.
    """
    from gait.pose.keypoints_file import write_keypoints
    from gait.simulate.truth import write_truth

    if order.task == "walk" and order.fault in _TASK_OF:
        order = replace(order, task=_TASK_OF[order.fault])
    _check(order)
    walker = _person(order)
    made: Walker | TaskWalker = walker if order.task == "walk" else _at_task(order, walker)
    if order.fault is not None:
        made = made.with_fault(order.fault, order.side, order.severity)  # pyright: ignore[reportArgumentType]
    write_keypoints(_film(order, made), order.out)
    truth = write_truth(made.truth() | {"film": order.out.name}, order.out.with_name(f"{order.out.stem}.truth.json"))
    print(order.out)
    if order.task != "walk":
        print(f"The clip shows a task: gait analyze {order.out.name} --task {order.task}")
    print(truth)


def _check(order: Order) -> None:
    """Refuse words that are none of ours."""
    if order.out.suffix != ".nc":
        raise InputError(
            f"{order.out.name} ends in {order.out.suffix or 'nothing'}; simulated walks are written as .nc (NetCDF)."
        )
    choices = {
        "--side": (order.side, (None, *SIDES), "left or right, the walker's own"),
        "--task": (order.task, TASKS, ", ".join(TASKS)),
        "--view": (order.view, (None, "sagittal", "frontal"), "sagittal or frontal"),
        "--noise": (order.noise, ("none", "network"), "none or network"),
    }
    for option, (value, allowed, words) in choices.items():
        if value not in allowed:
            raise InputError(f"{option} is {value!r}; expected {words}.")
    if order.side is not None and order.fault is None:
        raise InputError(
            f"--side {order.side} was given without --fault; name a finding, for example --fault foot_drop."
        )
    if order.speed_mps is not None and order.task not in WALKING_TASKS:
        raise InputError(f"--speed was given, but {order.task} is done on the spot; leave --speed out.")
    if order.duration_s is not None and order.task not in (*WALKING_TASKS, "stand"):
        raise InputError(f"--duration was given, but {order.task} takes as long as it takes; leave --duration out.")


def _person(order: Order) -> Walker:
    """Who walks, and how they are filmed."""
    from gait.simulate.population import average
    from gait.simulate.walker import Walker

    usual = Walker()
    height_m = usual.height_m if order.height_m is None else order.height_m
    walker = replace(usual, height_m=height_m) if order.speed_mps is None else average(order.speed_mps, height_m)
    is_long = order.fault == "deterioration_while_walking"
    changes: dict[str, Any] = {"seed": order.seed, "view": _view(order)}
    changes["heading"] = "in_place" if is_long else ("towards" if changes["view"] == "frontal" else "left_to_right")
    if order.rate_hz is not None:
        changes["rate_hz"] = order.rate_hz
    if order.duration_s is not None or is_long:
        changes["duration_s"] = order.duration_s or _LONG_S
    return replace(walker, **changes)


def _view(order: Order) -> str:
    """The view asked for, else the one that shows the finding or the task."""
    from gait.simulate.faults import FAULTS

    if order.view is not None:
        return order.view
    if order.task in _FRONTAL_TASKS:
        return "frontal"
    return FAULTS[order.fault].view if order.task == "walk" and order.fault in FAULTS else "sagittal"


def _at_task(order: Order, walker: Walker) -> TaskWalker:
    """The same person at a task."""
    from gait.simulate.tasks import TaskWalker

    made = TaskWalker(task=order.task, person=walker)  # pyright: ignore[reportArgumentType]
    return made if order.duration_s is None else replace(made, quiet_s=order.duration_s)


def _film(order: Order, made: Walker | TaskWalker) -> Pose:
    """Keypoints without errors, or with those of a phone and a pose network."""
    from gait.simulate.population import phone

    if order.noise == "none":
        return made.pose()
    return phone(made, order.seed).film(made.motion())
