"""The proof of the reasoning: written people, what is concluded about them, and what was wanted.

``python -m gait.validation.reasoning --out reports`` writes ``reports/reasoning.md`` with its tables and pictures in
``reports/reasoning/``, from the twelve worked vignettes and ``samples/vignettes/developed.toml``. Other files of
vignettes are named behind it; one whose name begins with ``held_out`` is reported apart and without its people.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

from gait.core.errors import GaitError
from gait.validation.reasoning_asking import interviews
from gait.validation.reasoning_laws import Think, blanked, reason_about, simple_laws, turned
from gait.validation.reasoning_outcomes import judge, listed
from gait.validation.vignettes import Vignette, VignetteSet, read_vignettes, read_worked

VIGNETTES = Path("samples/vignettes")
DEVELOPED = "developed*.toml"
WORKED = Path("samples/intake")

#: Told how many vignettes of how many are done.
Tell = Callable[[int, int], None]
Rows = dict[str, list[dict[str, object]]]
TABLES = ("outcomes", "listed", "laws", "blanked", "turned", "asking")
"""Tables of a study: one row a vignette, a listed cause, a vignette, a seed, an answer, an interview."""


@dataclass(frozen=True, slots=True)
class ReasoningStudy:
    """What the written people tell.

    Attributes
    ----------
    sets
        Which were read, in order.
    tables
        By the names of :data:`TABLES`; every row begins with ``set``.
    """

    sets: tuple[VignetteSet, ...]
    tables: dict[str, pd.DataFrame]

    def hidden(self) -> frozenset[str]:
        """Names of the sets whose people are not shown."""
        return frozenset(one.name for one in self.sets if one.is_hidden)


def examine(task: tuple[str, Vignette], think: Think = reason_about) -> Rows:
    """Everything that one vignette tells.

    Parameters
    ----------
    task
        The name of its set, and the vignette.
    think
        The reasoning.
    """
    name, vignette = task
    think = lru_cache(maxsize=None)(think)  # laws and interviews meet the same answers again
    base = think(vignette.subject)
    rows: Rows = {
        "outcomes": [judge(vignette, base)],
        "listed": listed(vignette, base),
        "laws": [simple_laws(vignette, base, think)],
        "blanked": list(blanked(vignette, base, think)),
        "turned": list(turned(vignette, base, think)),
        "asking": list(interviews(vignette, think)),
    }
    return {key: [{"set": name, **row} for row in part] for key, part in rows.items()}


def study(
    sets: Sequence[VignetteSet], think: Think = reason_about, workers: int = 1, tell: Tell | None = None
) -> ReasoningStudy:
    """Reason about every vignette, try the laws on it and interview it.

    Parameters
    ----------
    sets
        Never pooled.
    think
        The reasoning.
    workers
        Processes.
    tell
        Told after each vignette.
    """
    tasks = [(one.name, vignette) for one in sets for vignette in one.vignettes]
    rows: Rows = {name: [] for name in TABLES}
    for number, part in enumerate(_examined(tasks, think, workers), start=1):
        for name in TABLES:
            rows[name] += part[name]
        if tell:
            tell(number, len(tasks))
    return ReasoningStudy(tuple(sets), {name: pd.DataFrame(part) for name, part in rows.items()})


def _examined(tasks: Sequence[tuple[str, Vignette]], think: Think, workers: int) -> Iterable[Rows]:
    work = partial(examine, think=think)
    if workers <= 1:
        yield from map(work, tasks)
        return
    with get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(work, tasks)


def read_sets(files: Sequence[Path], worked: Path) -> list[VignetteSet]:
    """The worked vignettes, then those of the files."""
    return [read_worked(worked), *(read_vignettes(path) for path in files)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study, print the goals, and write what was asked for.

    Returns
    -------
    int
        Exit status: 0 when every goal is met, 1 when one is missed, 2 for a mistake in the input.
    """
    from gait.validation.reasoning_report import goal_lines, goals, write_report

    options = _parser().parse_args(arguments)
    try:
        sets = read_sets(options.files or sorted(VIGNETTES.glob(DEVELOPED)), options.worked)
        made = study(sets, workers=options.workers, tell=_tell)
        judged = goals(made)
        print("\n".join(goal_lines(judged)))
        if options.out is not None:
            print(f"Report: {write_report(made, options.out, reveal=options.reveal)}")
    except GaitError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 1 if any(goal.status == "missed" for goal in judged) else 0


def _tell(done: int, count: int) -> None:
    if sys.stderr.isatty() or done == count:
        print(f"{done} of {count} vignettes", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gait.validation.reasoning",
        description="Written people: is the wanted cause on top, the side right, the urgency right?",
    )
    parser.add_argument("files", type=Path, nargs="*", help=f"vignettes (default: {VIGNETTES / DEVELOPED})")
    parser.add_argument("--out", type=Path, help="folder for reasoning.md")
    parser.add_argument("--worked", type=Path, default=WORKED, help="folder of the worked intakes")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    parser.add_argument("--reveal", action="store_true", help="also write the misses of held-out people")
    return parser


if __name__ == "__main__":
    sys.exit(main())
