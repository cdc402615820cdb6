"""Films of made walkers whose findings are known: who walks, what is planted, and how it is filmed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from gait.core.errors import InputError
from gait.core.feet import FootMotion
from gait.core.pose import Pose
from gait.core.recording import CameraMotion, Recording
from gait.core.sides import SIDES, Side, other_side
from gait.core.subject import Subject
from gait.core.tasks import TASKS, TaskId
from gait.core.trajectories import Heading
from gait.findings.catalogue import Rule, load_rules
from gait.simulate.faults import FAULTS
from gait.simulate.feet import measure as measure_feet
from gait.simulate.population import phone, population
from gait.simulate.tasks import TASK_FAULTS, TaskWalker
from gait.simulate.walker import Walker
from gait.validation.films import mirror_pose

View = Literal["sagittal", "frontal"]
Passes = Literal["there and back", "one pass", "treadmill"]
Person = Literal["usual", "slow"]

#: What is planted is asked for at these severities; 0 are the healthy walkers.
SEVERITIES: tuple[float, ...] = (0.2, 0.35, 0.5, 0.6, 0.8, 1.0)
#: Strides of each leg in a film there and back beyond what a rule asks for: some lie in the turn or at the ends.
_SPARE_STRIDES, _LEAST_STRIDES = 3.0, 12.0
#: Rules that ask for more strides than a walkway shows are tried on the treadmill.
_WALKWAY_STRIDES = 12
#: A trend needs minutes of walking.
_LONG_STRIDES: dict[str, float] = {"deterioration_while_walking": 180.0}
#: Strides in one pass of a room of 5 to 7 m (our choice).
_ONE_PASS_STRIDES = (3.5, 5.5)
#: Walking speeds, in m/s: people who are filmed for their walk are slower than passers-by; the slow ones are slower
#: than any norm.
_SPEED_MPS: dict[Person, tuple[float, float]] = {"usual": (0.8, 1.55), "slow": (0.5, 0.7)}
#: A walker drawn by lot may leave no room for a fault; another one is drawn, so often at most.
_DRAWS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFilm:
    """One film; the same fields make the same film on every machine.

    Attributes
    ----------
    arm
        Part of the study: ``planted``, ``short`` (one pass), ``healthy``, ``healthy short``, ``slow``, ``mirrored``.
    finding, side, severity
        What is planted; an empty finding and 0 in healthy walkers.
    number
        Of the walker within its arm, from 0; even ones may fit the calibration, odd ones judge it.
    view, task, passes
        How it is filmed and what is done.
    person
        ``usual``, or a healthy person who walks slowly.
    rate_hz
        At least this many pictures a second.
    strides
        About so many strides of each leg.
    is_mirrored
        Whether the film is turned left to right.
    """

    arm: str
    finding: str = ""
    side: Side | None = None
    severity: float = 0.0
    number: int = 0
    view: View = "sagittal"
    task: TaskId = "walk"
    passes: Passes = "there and back"
    person: Person = "usual"
    rate_hz: float = 30.0
    strides: float = _LEAST_STRIDES
    is_mirrored: bool = False

    @property
    def seed(self) -> int:
        """Of everything drawn by lot; a mirrored film is the same film."""
        return zlib.crc32(repr(replace(self, is_mirrored=False, arm="")).encode())

    @property
    def name(self) -> str:
        """For people."""
        what = f"{self.finding} {self.side or ''} {self.severity:g}" if self.finding else f"healthy, {self.person}"
        return f"{self.arm}: {what}, {self.view} {self.task} {self.passes}, number {self.number}"


@dataclass(frozen=True, slots=True)
class Footage:
    """What the chain is given, and what is true.

    Attributes
    ----------
    pose, feet, subject, recording
        As :func:`gait.pipeline.analyze_pose` takes them.
    truth
        As a truth file has it.
    """

    pose: Pose
    feet: FootMotion
    subject: Subject
    recording: Recording
    truth: dict


def shoot(film: MadeFilm) -> Footage:
    """Make a walker and film them.

    Raises
    ------
    InputError
        When no walker drawn leaves room for the fault.
    """
    random = np.random.default_rng([film.seed, 11])
    for draw in range(_DRAWS):
        try:
            actor = _actor(film, film.seed + draw, random)
            break
        except InputError:
            continue  # These numbers make no walk; draw again.
    else:
        raise InputError(f"{film.name}: no walker out of {_DRAWS} leaves room for it; plant it less severely")
    walker = actor.walker() if isinstance(actor, TaskWalker) else actor
    camera = phone(actor, film.seed)
    if film.view == "frontal":
        # Constant and repeating errors were measured from the side; from the front they would point the wrong way.
        camera = replace(camera, offsets=0.0, repeating=0.0)
    pose, truth = camera.film(actor.motion()), actor.truth()
    feet = measure_feet(walker, film.seed, camera) if film.task == "walk" else FootMotion()
    if film.is_mirrored:
        pose, feet = _mirrored_pose(pose), _mirrored_feet(feet)
    told_m = round(walker.height_m * float(np.random.default_rng([film.seed, 12]).normal(1.0, 0.006)), 3)
    duration_s = float(np.ptp(pose.time_s))
    recording = Recording(
        Path("made.nc"), pose.width_px, pose.height_px, camera.rate_hz, len(pose.time_s), duration_s, codec="keypoints"
    )
    return Footage(pose, feet, Subject(height_m=told_m), recording, truth)


def _actor(film: MadeFilm, seed: int, random: np.random.Generator) -> Walker | TaskWalker:
    """The person, with the fault."""
    person = population(seed, film.view, float(random.uniform(*_SPEED_MPS[film.person])))
    rates = [rate for rate in (30.0, 60.0) if rate >= film.rate_hz] or [film.rate_hz]
    walker = replace(
        person,
        heading=_heading(film, random),
        there_and_back=film.passes == "there and back" and film.task == "walk",
        duration_s=(film.strides + _SPARE_STRIDES * (film.passes == "there and back")) * person.stride_time_s,
        rate_hz=float(random.choice(rates)),
    )
    if film.task != "walk":
        task = TaskWalker(task=film.task, person=walker)
        return task.with_fault(film.finding, film.side, film.severity) if film.finding else task
    return walker.with_fault(film.finding, film.side, film.severity) if film.finding else walker


def _heading(film: MadeFilm, random: np.random.Generator) -> Heading:
    """Either way with the same chance; a treadmill has none."""
    if film.passes == "treadmill":
        return "in_place"
    ways: tuple[Heading, ...] = ("left_to_right", "right_to_left") if film.view == "sagittal" else ("towards", "away")
    return ways[int(random.integers(2))]


def _mirrored_pose(pose: Pose) -> Pose:
    """The pose of the mirrored film, with the camera's motion mirrored too."""
    turned = mirror_pose(pose)
    if pose.camera is None:
        return turned
    flip = np.array([[-1.0, 0.0, pose.width_px], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    own = np.concatenate([pose.camera.to_first, np.tile([[[0.0, 0.0, 1.0]]], (len(pose.time_s), 1, 1))], axis=1)
    moved = (flip @ own @ flip)[:, :2]
    return replace(turned, camera=CameraMotion(pose.camera.time_s, moved, pose.camera.is_measured))


def _mirrored_feet(feet: FootMotion) -> FootMotion:
    """The same feet under the names of the other sides."""
    contacts = tuple(replace(contact, side=other_side(contact.side)) for contact in feet.contacts)
    rejected = tuple((other_side(side), count, reason) for side, count, reason in feet.rejected)
    return replace(feet, contacts=contacts, rejected=rejected, strips=())


def all_films(walkers: int) -> list[MadeFilm]:
    """The whole study.

    Parameters
    ----------
    walkers
        Walkers of each finding, way of filming and severity; the other arms follow from it.
    """
    planted = [film for rule in load_rules().finding for film in planted_films(rule, walkers)]
    return [*planted, *healthy_films(walkers), *_mirrored_films(planted, walkers)]


def planted_films(rule: Rule, walkers: int) -> Iterator[MadeFilm]:
    """One finding, at every severity, on both sides in turn, wherever it can be planted and seen.

    Walks from the side are also tried in one pass, at the severities that count.
    """
    for view, task in ways_of_filming(rule):
        passes: Passes = "treadmill" if rule.min_strides > _WALKWAY_STRIDES else "there and back"
        strides = max(_LEAST_STRIDES, 1.4 * rule.min_strides, _LONG_STRIDES.get(rule.id, 0.0))
        for severity in SEVERITIES:
            for number in range(walkers):
                film = MadeFilm(
                    arm="planted",
                    finding=rule.id,
                    side=SIDES[(number // 2 + SEVERITIES.index(severity) + 1) % 2] if _has_side(rule.id) else None,
                    severity=severity,
                    number=number,
                    view=view,
                    task=task,
                    passes=passes,
                    rate_hz=max(30.0, rule.min_rate_hz),
                    strides=strides,
                )
                yield film
                if task == "walk" and view == "sagittal" and severity >= 0.6 and number % 4 in (0, 3):
                    yield replace(film, arm="short", passes="one pass", strides=_short(film))


def ways_of_filming(rule: Rule) -> list[tuple[View, TaskId]]:
    """The rule's first view, and the tasks, in which a finding can be seen and the simulator can plant it."""
    if rule.never:
        return []
    views: list[View] = [view for view in ("sagittal", "frontal") if view == rule.views[0]]
    return [(view, task) for task in TASKS for view in views if task in rule.tasks and _shows(task, rule.id)]


def _shows(task: TaskId, finding: str) -> bool:
    """Whether a task can be done with this fault."""
    if task == "walk":
        return finding in FAULTS
    if finding not in TASK_FAULTS:
        return False
    try:
        TaskWalker(task=task).with_fault(finding, "left" if TASK_FAULTS[finding] else None, 1.0)
    except InputError:
        return False
    return True


def _has_side(finding: str) -> bool:
    return FAULTS[finding].has_side if finding in FAULTS else TASK_FAULTS[finding]


def _short(film: MadeFilm) -> float:
    """Strides of a walk through a room."""
    return float(np.random.default_rng([film.seed, 13]).uniform(*_ONE_PASS_STRIDES))


def healthy_films(walkers: int) -> list[MadeFilm]:
    """Walkers without any fault: in every view and task, in one pass, and slowly."""
    films = [MadeFilm(arm="healthy", number=number, rate_hz=_rate(number)) for number in range(20 * walkers)]
    films += [MadeFilm(arm="healthy", view="frontal", number=number) for number in range(8 * walkers)]
    films += [MadeFilm(arm="healthy", passes="treadmill", strides=30.0, number=n) for n in range(2 * walkers)]
    films += [
        MadeFilm(arm="healthy", view=view, task=task, number=number)
        for view, task in sorted({way for rule in load_rules().finding for way in ways_of_filming(rule)})
        if task != "walk"
        for number in range(3 * walkers)
    ]
    short = [MadeFilm(arm="healthy short", passes="one pass", number=n, rate_hz=_rate(n)) for n in range(8 * walkers)]
    films += [replace(film, strides=_short(film)) for film in short]
    return films + [MadeFilm(arm="slow", person="slow", number=n, rate_hz=_rate(n)) for n in range(6 * walkers)]


def _rate(number: int) -> float:
    """Half of the films at 60 pictures a second, which some findings need."""
    return 60.0 if number % 4 in (1, 2) else 30.0


def _mirrored_films(planted: list[MadeFilm], walkers: int) -> list[MadeFilm]:
    """Some of the planted films, and some healthy ones, turned left to right."""
    chosen = [film for film in planted if film.arm == "planted" and film.severity == 1.0 and film.number < walkers / 4]
    chosen += [film for film in healthy_films(walkers) if film.number < walkers / 2]
    return [replace(film, arm="mirrored", is_mirrored=True) for film in chosen]
