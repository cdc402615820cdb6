"""The work behind ``gait analyze --same-person``: several clips of one person as one examination."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from gait.app.analyze import SOME_FAILED, Film, Order, analyze_film, refuse_same_names, tell_failure
from gait.app.progress import ProgressBars
from gait.core.errors import GaitError, InputError, NotEnoughDataError

if TYPE_CHECKING:
    from gait.core.analysis import Analysis
    from gait.core.examination import Examination
    from gait.identity.decide import Look

#: Folder of the examination, beside those of its clips.
FOLDER = "examination"


@dataclass(frozen=True, slots=True)
class Person:
    """What the user says about all clips together.

    Attributes
    ----------
    is_sure
        That they show one person, whatever it looks like.
    minutes_between
        Minutes from the start of each clip to the start of the next; empty where not told.
    """

    is_sure: bool = False
    minutes_between: tuple[float, ...] = ()


def read_minutes(text: str | None, films: int) -> tuple[float, ...]:
    """Minutes between clips: one number for every gap, or one for all.

    Raises
    ------
    InputError
        It is no list of minutes, or not as many as there are gaps.
    """
    if text is None:
        return ()
    try:
        minutes = tuple(float(part) for part in text.split(","))
    except ValueError:
        minutes = ()
    minutes = minutes * (films - 1) if len(minutes) == 1 else minutes
    if len(minutes) != films - 1 or not all(0 <= value <= 24 * 60 for value in minutes):
        raise InputError(
            f"--minutes-between is {text!r} for {films} films; expected the minutes (0 to 1440) from the start of each "
            "film to the start of the next, with commas between them, or one number that holds for all."
        )
    return minutes


def run(order: Order, person: Person) -> int:
    """Analyze all clips, then take them together; the exit status.

    A clip that fails does not stop the others: the examination says that it is missing. The status is 0 when all went
    well, 1 when some clips failed, and 3 when the clips must not be taken together; then no finding is told, and each
    clip's own report stands.
    """
    from gait.core.examination import LeftOut
    from gait.examine import examine

    _check(order.films)
    starts_min = dict(
        zip([film.path.name for film in order.films], accumulate(person.minutes_between, initial=0.0), strict=False)
    )
    clips, looks, left_out, failures = [], [], [], []
    for film in order.films:
        try:
            clip, look = _see(film, order)
            clips.append(clip)
            looks.append(look)
        except GaitError as error:
            failures.append(error)
            left_out.append(LeftOut(film.path.name, str(error)))
            tell_failure(film, error, order)
    if not clips:
        return failures[0].exit_status
    examination = examine(
        clips,
        order.subject,
        looks=looks,
        left_out=left_out,
        starts_min=starts_min if person.minutes_between else None,
        is_sure=person.is_sure,
    )
    _finish(examination, order)
    if not examination.pools:
        return NotEnoughDataError.exit_status
    return SOME_FAILED if failures else 0


def _check(films: Sequence[Film]) -> None:
    """Refuse, before any work, what can be no examination."""
    if len(films) < 2:
        raise InputError(f"--same-person takes several films of one person together; {len(films)} was given.")
    refuse_same_names(films)
    if any(film.path.stem == FOLDER for film in films):
        raise InputError(f"A film is called {FOLDER}, which is the folder of the results together; rename the film.")


def _see(film: Film, order: Order) -> tuple[Analysis, Look]:
    """One clip, analysed and written, and who is seen in it."""
    from gait.examine import look_at

    clip = analyze_film(film, order)
    with ProgressBars(film.path.name, is_silent=order.as_json) as bars:
        bars.tell("identity", 0.0)
        return clip, look_at(clip)


def _finish(examination: Examination, order: Order) -> None:
    """Write the folder, print the JSON or say what was found."""
    from gait.report.examination_files import examination_json, write_examination

    folder = None
    if order.out is not None:
        with ProgressBars(FOLDER, is_silent=order.as_json) as bars:
            bars.tell("report", 0.0)
            folder = write_examination(examination, order.out / FOLDER)
    if order.as_json:
        print(json.dumps(examination_json(examination), indent=1, allow_nan=False))
    else:
        _say(examination, folder)
    for issue in examination.issues:
        if issue.severity == "error":
            print(f"gait: {issue.message} {issue.advice}", file=sys.stderr)


def _say(examination: Examination, folder: Path | None) -> None:
    """A few lines for the terminal."""
    from gait.report.terminal import findings_lines, scores_lines
    from gait.report.wording import load_wording

    names = ", ".join(clip.recording.path.name for clip in examination.clips)
    print(f"Examination of one person ({names}):")
    for issue in examination.issues:
        if issue.severity == "warning":
            print(f"  warning: {issue.message}")
    if not examination.pools:
        print("  not taken together; each clip's own report stands")
    else:
        wording = load_wording("en")
        for line in (*findings_lines(examination.findings, wording), *scores_lines(examination.scores, wording)):
            print(f"  {line}")
    if examination.reasoning.urgency in ("emergency", "urgent"):
        print(f"  {examination.reasoning.urgency.upper()}: read the red flags in the report")
    if folder is not None:
        print(f"  {folder / 'report.html'}")
