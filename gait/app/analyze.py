"""The work behind ``gait analyze``: several films, one after the other."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gait.app.progress import ProgressBars
from gait.core.errors import GaitError, InputError
from gait.core.subject import Subject

if TYPE_CHECKING:
    from gait.core.analysis import Analysis
    from gait.pipeline import Settings

#: Exit status when some of several inputs failed and the others are done.
SOME_FAILED = 1


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

    films: tuple[Path, ...]
    out: Path | None
    subject: Subject
    settings: Settings
    as_json: bool


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
    _refuse_same_names(order)
    results, failures = [], []
    for film in order.films:
        try:
            results.append(_one(film, order))
        except GaitError as error:
            failures.append(error)
            print(f"gait: {film.name}: {error}" if len(order.films) > 1 else f"gait: {error}", file=sys.stderr)
    if order.as_json and results:
        print(json.dumps(results[0] if len(order.films) == 1 else results, indent=1, allow_nan=False))
    if not failures:
        return 0
    return SOME_FAILED if results else failures[0].exit_status


def _refuse_same_names(order: Order) -> None:
    """Two films of one name would write into one folder."""
    names = [film.stem for film in order.films]
    twice = sorted({name for name in names if names.count(name) > 1})
    if order.out is not None and twice:
        raise InputError(
            f"Several films are called {', '.join(twice)}; each film's results go into a folder of its name. "
            "Rename one of them or give them one by one with different --out."
        )


def _one(film: Path, order: Order) -> dict:
    """Analyze one film, write its folder, return its JSON."""
    from gait.pipeline import analyze
    from gait.report.export import analysis_json

    with ProgressBars(film.name, is_silent=order.as_json) as bars:
        analysis = analyze(film, order.subject, order.settings, bars.tell)
        if order.out is not None:
            folder = _write(analysis, order, bars)
    if not order.as_json:
        _say(analysis, folder)
    return analysis_json(analysis)


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


def _say(analysis: Analysis, folder: Path) -> None:
    """A few lines for the terminal: what was found, and where the report is."""
    recording, view = analysis.recording, analysis.trajectories.view
    strides = " and ".join(f"{len(analysis.cycles.of(side))} {side}" for side in ("left", "right"))
    print(f"{recording.path.name}: {view.kind} view, {strides} strides")
    for issue in analysis.issues:
        if issue.severity != "info":
            print(f"  {issue.severity}: {issue.message}")
    present = analysis.findings.present()
    for finding in present:
        print(f"  present: {finding.label}{', ' + finding.side if finding.side else ''} ({finding.severity})")
    open_count = len(analysis.findings.with_status("not_assessable"))
    absent_count = len(analysis.findings.with_status("absent"))
    if not present and absent_count:
        print("  no finding is present among those that could be judged")
    print(f"  {absent_count} findings absent, {open_count} not assessable (reasons in the report)")
    if analysis.reasoning.urgency in ("emergency", "urgent"):
        print(f"  {analysis.reasoning.urgency.upper()}: read the red flags in the report")
    print(f"  {folder / 'report.html'}")
