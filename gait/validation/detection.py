"""The proof of the findings: planted in made walkers, filmed, analysed by the whole chain, and counted.

``python -m gait.validation.detection --walkers 10 --out reports`` writes ``reports/findings.md`` with its tables in
``reports/findings/``; ``--calibrate`` also writes ``gait/findings/data/confidence.csv``. Films are analysed once and
kept (``--store``): after a change of rules or norms a second run only judges again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import pandas as pd
from platformdirs import user_cache_path

from gait.core.errors import GaitError
from gait.findings.confidence import load_confidence
from gait.validation.detection_calibration import reliability, write_calibration
from gait.validation.detection_store import Seen, Store
from gait.validation.detection_tables import (
    confusion,
    false_alarms,
    films_with_alarms,
    mirror_exceptions,
    outcomes,
    sensitivity,
    strangers,
    unmirrored,
    verdicts,
)
from gait.validation.detection_walks import MadeFilm, all_films

#: Told how many films of how many are done.
Tell = Callable[[int, int], None]
#: Walkers of each finding and severity that the printed study has.
USUAL_WALKERS = 10


@dataclass(frozen=True, slots=True)
class Study:
    """What the made walkers tell.

    Attributes
    ----------
    walkers
        Walkers of each finding, way of filming and severity.
    verdicts
        See :func:`gait.validation.detection_tables.verdicts`.
    mirrored
        Number of films compared with their mirror image.
    exceptions
        Those whose findings are not mirrored.
    """

    walkers: int
    verdicts: pd.DataFrame
    mirrored: int = 0
    exceptions: tuple[str, ...] = ()

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        found = outcomes(self.verdicts)
        strong = found.loc[found["severity"] >= 0.6]
        return {
            "sensitivity": sensitivity(found),
            "sensitivity_strong": sensitivity(strong, ("arm", "planted", "view", "task")),
            "false_alarms": false_alarms(self.verdicts),
            "healthy_films": films_with_alarms(self.verdicts),
            "other_faults": strangers(self.verdicts),
            "confusion": confusion(self.verdicts),
            "reliability": reliability(self.verdicts, load_confidence()),
            "not_found": found.loc[(found["severity"] >= 0.6) & (found["outcome"] != "found")],
        }


def study(films: Sequence[MadeFilm], store: Store, walkers: int, workers: int = 1, tell: Tell | None = None) -> Study:
    """Make or load films, judge them and compare mirror images.

    Parameters
    ----------
    films
        From :func:`gait.validation.detection_walks.all_films`.
    store
        Where films are kept.
    walkers
        For the record.
    workers
        Processes.
    tell
        Told after each film.
    """
    seen: list[Seen] = []
    for one in store.load_all(films, workers):
        seen.append(one)
        if tell:
            tell(len(seen), len(films))
    by_film = {one.film: one for one in seen}
    straight = [one for one in seen if not one.film.is_mirrored]
    pairs = [
        (by_film[unmirrored(one.film)], one) for one in seen if one.film.is_mirrored and unmirrored(one.film) in by_film
    ]
    count, exceptions = mirror_exceptions(pairs)
    return Study(walkers, verdicts(straight), count, tuple(exceptions))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study, print the goals, and write what was asked for."""
    options = _parser().parse_args(arguments)
    try:
        return run(
            options.walkers,
            out=options.out,
            store=Store(options.store, options.trust_old_clips),
            workers=options.workers,
            calibrate=options.calibrate,
            healthy=options.healthy,
            truths=tuple(options.truths),
            only=options.only,
            stored_only=options.stored_only,
        )
    except GaitError as error:
        print(error, file=sys.stderr)
        return error.exit_status


def run(
    walkers: int,
    *,
    out: Path | None = None,
    store: Store | None = None,
    workers: int = 1,
    calibrate: bool = False,
    healthy: Path | None = None,
    truths: Sequence[Path] = (),
    only: str = "",
    stored_only: bool = False,
) -> int:
    """The whole study, its goals on the terminal.

    Parameters
    ----------
    walkers
        Walkers of each finding, way of filming and severity; 0 leaves made walkers out of what is calibrated.
    out
        Folder for ``findings.md``; None prints the goals only.
    store
        Where films are kept; the user's cache folder when None.
    workers
        Processes.
    calibrate
        Whether the calibration is fitted and written first.
    healthy, truths
        Films of healthy people, and truth files beside their films, which take minutes.
    only
        Study films whose name holds this text.
    stored_only
        Leave out films that are not in the store yet.

    Returns
    -------
    int
        Exit status: 0 when every goal is met, else 1.
    """
    from gait.validation.detection_films import healthy_rows, truth_rows
    from gait.validation.detection_report import film_lines, goal_lines, write_study
    from gait.validation.detection_targets import judge_study

    store = store or usual_store()
    films = [film for film in all_films(walkers) if only in film.name and (not stored_only or store.has(film))]
    made = study(films, store, walkers, workers, _tell)
    if calibrate:
        print(f"Calibration: {write_calibration(made.verdicts, calibration_file())}")
        load_confidence.cache_clear()
    goals = judge_study(made.tables(), made.mirrored, len(made.exceptions))
    print("\n".join(goal_lines(goals)))
    if out is not None:
        lines = film_lines(healthy_rows(healthy) if healthy else [], truth_rows(truths) if truths else [])
        print(f"Report: {write_study(made, out, lines)}")
    return 0 if all(goal.status != "missed" for goal in goals) else 1


def usual_store() -> Store:
    """Made films in the user's cache folder."""
    return Store(user_cache_path("gait") / "made_films")


def calibration_file() -> Path:
    """The calibration that the rules read."""
    return Path(str(files("gait.findings").joinpath("data/confidence.csv")))


def _tell(done: int, count: int) -> None:
    if sys.stderr.isatty() or done % 100 == 0 or done == count:
        print(f"{done} of {count} made films", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gait.validation.detection",
        description="Findings planted in made walkers: found, missed, false.",
    )
    parser.add_argument(
        "--walkers", type=int, default=USUAL_WALKERS, help="of each finding and severity (about 1 s a film)"
    )
    parser.add_argument("--out", type=Path, help="folder for findings.md")
    parser.add_argument("--store", type=Path, default=usual_store().folder, help="where made films are kept")
    parser.add_argument("--workers", type=int, default=1, help="processes")
    parser.add_argument("--calibrate", action="store_true", help="fit and write findings/data/confidence.csv")
    parser.add_argument("--trust-old-clips", action="store_true", help="take clips that older code made")
    parser.add_argument("--healthy", type=Path, metavar="FOLDER", help="also films of healthy people")
    parser.add_argument("--truths", type=Path, nargs="*", default=[], help="also films with truth files")
    parser.add_argument("--stored-only", action="store_true", help="leave out films that are not stored yet")
    parser.add_argument("--only", default="", metavar="TEXT", help="made films whose name holds this text")
    return parser


if __name__ == "__main__":
    sys.exit(main())
