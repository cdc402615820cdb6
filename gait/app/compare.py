"""The work behind ``gait compare``: two or more visits of one person."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gait.app.progress import ProgressBars
from gait.core.errors import InputError

if TYPE_CHECKING:
    from gait.comparison.model import Comparison, Visit
    from gait.identity.decide import Look

#: Folder of the comparison inside ``--out``.
FOLDER = "comparison"

#: The file of an analysis that holds all of it.
ARCHIVE = "analysis.nc"


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for.

    Attributes
    ----------
    sources
        Folders that ``gait analyze`` wrote, or their ``analysis.nc``, in the order of time.
    labels
        Names of the visits, one each; none takes the names of the folders.
    out
        Folder that gets the folder of the comparison; None writes nothing (only with ``as_json``).
    as_json
        Print the comparison as JSON to stdout, and nothing else.
    """

    sources: tuple[Path, ...]
    labels: tuple[str, ...] = ()
    out: Path | None = None
    as_json: bool = False


def run(order: Order) -> int:
    """Compare, write the report, say what changed; the exit status.

    Raises
    ------
    InputError
        Fewer than two visits, a visit that is no analysis, or names that do not fit.
    """
    from gait import __version__
    from gait.comparison.compare import compare_visits
    from gait.comparison.model import Visit
    from gait.report.archive import load_analysis
    from gait.report.comparison_files import comparison_json, write_comparison

    archives = _archives(order.sources)
    names = visit_names(archives, order.labels)
    with ProgressBars(FOLDER, is_silent=order.as_json) as bars:
        bars.tell("read", 0.0)
        visits = [Visit(name, load_analysis(path)) for name, path in zip(names, archives, strict=True)]
        bars.tell("compare", 0.3)
        comparison = compare_visits(visits, [_look(visit) for visit in visits], __version__)
        bars.tell("report", 0.6)
        folder = None if order.out is None else write_comparison(comparison, order.out / FOLDER)
    if order.as_json:
        print(json.dumps(comparison_json(comparison), indent=1, allow_nan=False))
    else:
        _say(comparison, folder)
    return 0


def visit_names(archives: Sequence[Path], labels: Sequence[str]) -> list[str]:
    """Names of the visits: as told, else those of their folders, numbered where they are alike.

    Raises
    ------
    InputError
        There are not as many labels as visits, or two are alike or empty.
    """
    if not labels:
        names = [path.parent.resolve().name or path.stem for path in archives]
        return [
            f"{name} ({names[: number + 1].count(name)})" if names.count(name) > 1 else name
            for number, name in enumerate(names)
        ]
    told = [label.strip() for label in labels]
    if len(told) != len(archives) or len(set(told)) < len(told) or not all(told):
        raise InputError(
            f"--label was given {len(told)} times ({', '.join(told)}) for {len(archives)} visits; expected one name "
            "for each visit, in their order, no two alike: --label before --label after."
        )
    return told


def _archives(sources: Sequence[Path]) -> list[Path]:
    """The archive of each visit."""
    if len(sources) < 2:
        raise InputError(f"gait compare takes two or more visits of one person; {len(sources)} was given.")
    return [_archive(source) for source in sources]


def _archive(source: Path) -> Path:
    if not source.is_dir():
        if source.suffix == ".nc" or not source.exists():
            return source
        raise InputError(
            f"{source} is no analysis; expected a folder that gait analyze wrote, or the {ARCHIVE} in it. "
            "Analyze the film first."
        )
    if (source / ARCHIVE).is_file():
        return source / ARCHIVE
    if (source / "examination.json").is_file():
        raise InputError(
            f"{source} is an examination of several films; visits are compared film by film. Name the folder of one of "
            "its clips, of the same task and view at each visit."
        )
    inside = sorted(path.parent.name for path in source.glob(f"*/{ARCHIVE}"))
    hint = f" It holds the results {', '.join(inside)}: name one of them." if inside else " Analyze the film first."
    raise InputError(f"{source} holds no {ARCHIVE}; expected a folder that gait analyze wrote for one film.{hint}")


def _look(visit: Visit) -> Look:
    """Who is seen: proportions always, clothes where the film still lies where it was."""
    from gait.comparison.compare import look_of
    from gait.examine import look_at

    recording = visit.analysis.recording
    if recording.codec != "keypoints" and _is_same_film(recording.path, recording.sha256):
        return replace(look_at(visit.analysis), name=visit.name)
    return look_of(visit)


def _is_same_film(path: Path, sha256: str) -> bool:
    """Whether the film is still there, and still the one that was analysed."""
    import hashlib

    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _say(comparison: Comparison, folder: Path | None) -> None:
    """A few lines for the terminal; what limits the comparison goes to stderr."""
    from gait.report.comparison import summary_sentences
    from gait.report.comparison_chapters import limit_text
    from gait.report.wording import load_wording

    wording = load_wording("en")
    print(summary_sentences(comparison, wording))
    if comparison.reasoning.urgency in ("emergency", "urgent"):
        print(f"  {comparison.reasoning.urgency.upper()}: read the warning signs in the reports of the visits")
    for limit in comparison.main.limits:
        if limit.severity != "info":
            title, text = limit_text(limit, comparison, comparison.main, wording)
            print(f"gait: {title}. {text}", file=sys.stderr)
    if folder is not None:
        print(f"  {folder / 'report.html'}")
