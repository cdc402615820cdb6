"""The work behind ``gait analyze``: several films, one after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gait.app.progress import ProgressBars
from gait.core.errors import GaitError, InputError
from gait.core.subject import Subject
from gait.core.tasks import TASKS, TaskId

if TYPE_CHECKING:
    from gait.core.analysis import Analysis
    from gait.pipeline import Settings

#: Exit status when some of several inputs failed and the others are done.
SOME_FAILED = 1


@dataclass(frozen=True, slots=True)
class Film:
    """One film or keypoint file, and the task that it shows."""

    path: Path
    task: TaskId


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for.

    Attributes
    ----------
    films
        Films or keypoint files.
    out
        Folder that gets one folder a film; None writes nothing (only with ``as_json``).
    subject, settings
        For the analysis.
    as_json
        Print results as JSON to stdout, and nothing else.
    """

    films: tuple[Film, ...]
    out: Path | None
    subject: Subject
    settings: Settings
    as_json: bool


def read_films(arguments: Sequence[Path], task: TaskId) -> tuple[Film, ...]:
    """Films as given on the command line: a path, or a task, a colon and a path.

    Parameters
    ----------
    arguments
        For example ``walk.mov`` or ``heel_raise:raise.mov``. A file whose own name begins so is that file.
    task
        What films without a task of their own show.

    Raises
    ------
    InputError
        There is a file behind the colon, but no such task.
    """
    return tuple(_read_film(argument, task) for argument in arguments)


def _read_film(argument: Path, task: TaskId) -> Film:
    word, colon, rest = str(argument).partition(":")
    if not colon or argument.exists():
        return Film(argument, task)
    told: TaskId | None = next((known for known in TASKS if known == word), None)
    if told is not None:
        return Film(Path(rest), told)
    # One letter before a colon is a drive, not a task.
    if len(word) > 1 and Path(rest).exists():
        raise InputError(f"{argument} asks for the task {word!r}; expected one of {', '.join(TASKS)} before the colon.")
    return Film(argument, task)


def make_subject(intake: Path | None, age: float | None, sex: str | None, height_m: float | None) -> Subject:
    """The walker from the intake file and the options; options win.

    Raises
    ------
    InputError
        A value that no person has.
    """
    if height_m is not None and not 0.5 <= height_m <= 2.5:
        hint = f" Did you mean {height_m / 100:.2f}?" if 50 <= height_m <= 250 else ""
        raise InputError(f"The height is {height_m:g} m; between 0.5 and 2.5 m is expected.{hint}")
    if age is not None and not 1 <= age <= 120:
        raise InputError(f"The age is {age:g} years; between 1 and 120 is expected.")
    if sex not in (None, "female", "male"):
        raise InputError(
            f"The sex is {sex!r}; female or male is expected (it only chooses the norms), or leave it out."
        )
    subject = Subject()
    if intake is not None:
        from gait.causes.intake import read_intake

        subject = read_intake(intake)
    told = {"age_years": age, "sex": sex, "height_m": height_m}
    return replace(subject, **{name: value for name, value in told.items() if value is not None})


def run(order: Order) -> int:
    """Analyze all films; the exit status.

    One bad film never stops the rest. With one film its own status is returned, with several 1 when some failed.
    """
    from gait.report.export import analysis_json

    if order.out is not None:
        refuse_same_names(order.films)
    results, failures = [], []
    for film in order.films:
        try:
            results.append(analysis_json(analyze_film(film, order)))
        except GaitError as error:
            failures.append(error)
            tell_failure(film, error, order)
    if order.as_json and results:
        print(json.dumps(results[0] if len(order.films) == 1 else results, indent=1, allow_nan=False))
    if not failures:
        return 0
    return SOME_FAILED if results else failures[0].exit_status


def tell_failure(film: Film, error: GaitError, order: Order) -> None:
    """One sentence on stderr, with the film's name where there are several."""
    print(f"gait: {film.path.name}: {error}" if len(order.films) > 1 else f"gait: {error}", file=sys.stderr)


def refuse_same_names(films: Sequence[Film]) -> None:
    """Two films of one name would write into one folder, and nobody could tell them apart.

    Raises
    ------
    InputError
        Naming them.
    """
    names = [film.path.stem for film in films]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(
            f"Several films are called {', '.join(twice)}; each film's results go into a folder of its name. "
            "Rename one of them or give them one by one with different --out."
        )


def analyze_film(film: Film, order: Order) -> Analysis:
    """Analyze one film, write its folder, say what was found."""
    from gait.pipeline import analyze

    settings = replace(order.settings, task=film.task)
    with ProgressBars(film.path.name, is_silent=order.as_json) as bars:
        analysis = analyze(film.path, order.subject, settings, bars.tell)
        folder = None if order.out is None else _write(analysis, order, bars)
    if not order.as_json:
        _say(analysis, folder)
    return analysis


def _write(analysis: Analysis, order: Order, bars: ProgressBars) -> Path:
    from gait.report.write import write_report
    from gait.video.overlay import write_overlay

    def overlay(path: Path) -> None:
        write_overlay(analysis, path, order.settings.blur_faces, lambda share: bars.tell("overlay", share))

    has_film = analysis.recording.codec != "keypoints"
    if order.out is None:
        raise ValueError("no folder to write to")
    folder = order.out / analysis.recording.path.stem
    return write_report(analysis, folder, overlay if has_film else None, lambda share: bars.tell("report", share))


def _task_words(analysis: Analysis) -> str:
    """The task and how often it was done."""
    task = analysis.task
    return f"{task.task}, " + ("not judged" if task.not_done else f"{len(task.attempts)} repetitions")


def _say(analysis: Analysis, folder: Path | None) -> None:
    """A few lines for the terminal: what was found, and where the report is."""
    from gait.report.terminal import terminal_lines

    recording, view = analysis.recording, analysis.trajectories.view
    strides = " and ".join(f"{len(analysis.cycles.of(side))} {side}" for side in ("left", "right"))
    done = f"{strides} strides" if analysis.task.task == "walk" else _task_words(analysis)
    print(f"{recording.path.name}: {view.kind} view, {done}")
    for issue in analysis.issues:
        if issue.severity != "info":
            print(f"  {issue.severity}: {issue.message}")
    for line in terminal_lines(analysis):
        print(f"  {line}")
    if analysis.reasoning.urgency in ("emergency", "urgent"):
        print(f"  {analysis.reasoning.urgency.upper()}: read the red flags in the report")
    if folder is not None:
        print(f"  {folder / 'report.html'}")
