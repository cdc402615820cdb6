"""All trials: analyse each one once, compare, gather, judge against the targets."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import GaitError, OutputError
from gait.core.subject import Subject
from gait.validation.compare import Truth
from gait.validation.detectors import EventJob
from gait.validation.examine import Tables, by_foot, coverage_of, examine, followed
from gait.validation.films import mirror_film, mirror_truth
from gait.validation.studies import HealthyStudy, capture_study, detector_study, film_job, joined, walker_study
from gait.validation.targets import judge
from gait.validation.trials import Trial, find_films, find_trials

Analyze = Callable[[Path, Subject], Analysis]
#: Told before each analysis: the clip's name, its number from 1 and how many there are (0 for a study over many).
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Extras:
    """What is looked at besides the trials with truth.

    Attributes
    ----------
    healthy
        Folder with films of healthy people: every finding there is a false alarm, their feet should be alike, and
        where a person walks more than once (``PERSON_NUMBER.*``) the films should agree.
    walkers
        Number of simulated walks whose intervals are tried besides.
    through_camera
        Whether motion capture is also sent through the virtual phone camera.
    """

    healthy: Path | None = None
    walkers: int = 0
    through_camera: bool = True


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All trials, in order.

    Attributes
    ----------
    clips
        One row a trial: event errors, parameter errors, findings found, missed and extra.
    events
        Event errors by trial, side and kind.
    parameters
        Every parameter with a truth: ``truth, found, error, is_covered``, the stated interval.
    findings
        ``clip, id, side, outcome`` with outcome ``found``, ``missed``, ``extra``, ``follows`` or ``not_assessable``.
    targets
        The targets with what was measured: see :func:`gait.validation.targets.judge`.
    more
        All other tables by name; what there is depends on what was given.
    failures
        What could not be analysed: ``(name, reason)``.
    """

    clips: pd.DataFrame
    events: pd.DataFrame
    parameters: pd.DataFrame
    findings: pd.DataFrame
    targets: pd.DataFrame
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    failures: tuple[tuple[str, str], ...] = ()

    def tables(self) -> Tables:
        """Every table by name."""
        own = {name: getattr(self, name) for name in ("clips", "events", "parameters", "findings", "targets")}
        return own | dict(self.more)

    def write(self, folder: Path) -> list[Path]:
        """Write the report into a folder.

        ``validation.md`` for people with ``figures/*.svg``, ``validation.csv`` with one row a trial, and one CSV a
        table.

        Returns
        -------
        list of Path
            What was written, the report first.

        Raises
        ------
        OutputError
            When the folder cannot be made or written to.
        """
        from gait.validation.figures import draw_figures
        from gait.validation.markdown import to_markdown

        figures = draw_figures(self)
        texts = {"validation.md": to_markdown(self, figures), "validation.csv": self.clips.to_csv(index=False)}
        texts |= {
            f"{name}.csv": table.to_csv(index=False)
            for name, table in self.tables().items()
            if name != "clips" and len(table)
        }
        texts |= {f"figures/{name}.svg": figure.svg for name, figure in figures.items()}
        try:
            (folder / "figures").mkdir(parents=True, exist_ok=True)
            return [_write(folder / name, text) for name, text in texts.items()]
        except OSError as error:
            raise OutputError(
                f"cannot write to {folder}: {error.strerror}; choose a folder that may be written"
            ) from error


def _write(path: Path, text: str) -> Path:
    """Write a file, complete or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    return part.replace(path)


def validate(
    paths: Sequence[Path],
    analyze: Analyze,
    *,
    mirror: bool = False,
    keypoints_only: bool = False,
    extras: Extras | None = None,
    tell: Tell | None = None,
) -> ValidationReport:
    """Analyse everything that has a truth, and compare.

    Parameters
    ----------
    paths
        Truth files (``NAME.truth.json``; the film is what the file's ``film`` names, else ``NAME.mp4``, ``.mov``,
        ``.nc``, ``.c3d`` or ``.trc`` beside it), C3D files with events, and folders of these.
    analyze
        Usually the pipeline's, with its settings bound.
    mirror
        Mirror each film left to right first, and exchange the sides of its truth: the numbers must not change.
    keypoints_only
        Leave out films, which take minutes.
    extras
        What is looked at besides.
    tell
        Told which clip is being analysed.

    Raises
    ------
    InputError
        When there is nothing to compare with.
    SchemaError
        When the only truth file lacks what the format asks for.
    """
    extras, tell = extras or Extras(), tell or _silent
    trials, refused = find_trials(paths, keypoints_only=keypoints_only)
    films = [] if extras.healthy is None else find_films(extras.healthy)
    seen = [trial for trial in trials if not trial.is_capture]
    jobs: list[EventJob] = []
    runner = _Runner(tell, len(seen) + len(films), [(name, str(error)) for name, error in refused])
    for trial in seen:
        runner.gather(trial.clip, lambda trial=trial: _examined(trial, analyze, mirror, jobs))
    study = HealthyStudy()
    for film in films:
        runner.gather(film.stem, lambda film=film: study.see(film, analyze(film, Subject())))
    captures = [trial for trial in trials if trial.is_capture]
    if captures and not mirror:
        tell("motion capture, as markers and through the virtual phone", 0, 0)
        tables, failures, more = capture_study(captures, through_camera=extras.through_camera)
        runner.add(tables, failures)
        jobs += more
    tell("other detectors on the same trials", 0, 0)
    runner.add(detector_study(jobs), [])
    if extras.walkers:
        tell(f"{extras.walkers} simulated walks", 0, 0)
        runner.add(*walker_study(extras.walkers))
    tables = joined([*runner.parts, study.tables()])
    tables = joined([tables, {"coverage": coverage_of(tables)}])
    if "feet" in tables:
        tables["by_foot"] = by_foot(tables["feet"])
    main = {name: tables.pop(name, pd.DataFrame()) for name in ("clips", "events", "parameters", "findings")}
    return ValidationReport(**main, targets=judge(main | tables), more=tables, failures=tuple(runner.failures))


class _Runner:
    """Runs one piece of work after the other; what fails is noted, and the rest goes on."""

    def __init__(self, tell: Tell, count: int, failures: list[tuple[str, str]]) -> None:
        self.tell, self.count, self.failures = tell, count, failures
        self.parts: list[Tables] = []
        self._number = 0

    def gather(self, clip: str, work: Callable[[], Tables]) -> None:
        """Tables of one clip."""
        self._number += 1
        self.tell(clip, self._number, self.count)
        try:
            self.parts.append(work())
        except GaitError as error:
            # One film that cannot be analysed is a result of its own; the others are still compared.
            self.failures.append((clip, str(error)))

    def add(self, tables: Tables, failures: list[tuple[str, str]]) -> None:
        """Tables of many trials at once."""
        self.parts.append(tables)
        self.failures += failures


def _examined(trial: Trial, analyze: Analyze, mirror: bool, jobs: list[EventJob]) -> Tables:
    """Analyse one trial, mirrored where asked, and compare; note it for other detectors."""
    if mirror:
        trial = replace(trial, truth=mirror_truth(trial.truth))
        with tempfile.TemporaryDirectory(prefix="gait-mirror-") as folder:
            analysis = analyze(mirror_film(trial.file, Path(folder)), subject_of(trial.truth))
    else:
        analysis = analyze(trial.file, subject_of(trial.truth))
    job = film_job(trial, analysis, followed(trial.truth, analysis))
    jobs += [job] if job is not None else []
    return examine(trial, analysis, mirrored=mirror)


def subject_of(truth: Truth) -> Subject:
    """What a truth file knows of the walker."""
    subject = truth.get("subject") or {}
    legs = subject.get("leg_length_m") or {}
    return Subject(
        height_m=subject.get("height_m"),
        leg_length_left_m=legs.get("left"),
        leg_length_right_m=legs.get("right"),
    )


def _silent(clip: str, number: int, count: int) -> None:
    """Progress for nobody."""
