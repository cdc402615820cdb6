"""Everything an analysis leaves on disk, complete or not at all."""

from __future__ import annotations

import errno
import json
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import OutputError
from gait.report.archive import save_analysis
from gait.report.blocks import Document
from gait.report.document import build_document, draw_all
from gait.report.drawing import Drawings
from gait.report.export import write_exports
from gait.report.html import write_html
from gait.report.pdf import write_pdf

#: Told the share done, 0..1.
Progress = Callable[[float], None]

#: What a finished result is known by: a folder that holds other things is never replaced.
_MARKS = ("analysis.json", "report.html")

#: All that is written into a result; whatever else lies in an older one belongs to the user and is kept.
_OURS = frozenset(
    {
        "analysis.json", "analysis.nc", "report.html", "report.pdf", "overlay.mp4", "figures",
        "events.csv", "parameters.csv", "strides.csv", "curves.csv", "findings.csv", "scores.csv",
    }
)  # fmt: skip

_REASONS = {
    errno.ENOSPC: "the disk is full; free some space or choose another folder",
    errno.EDQUOT: "your disk quota is used up; free some space or choose another folder",
    errno.EACCES: "there is no permission to write there; choose another folder",
    errno.EPERM: "there is no permission to write there; choose another folder",
    errno.EROFS: "that disk can only be read; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ENOTDIR: "a part of that path is a file, not a folder; choose another folder",
    errno.EEXIST: "a part of that path is a file, not a folder; choose another folder",
}


def write_report(
    analysis: Analysis,
    folder: Path,
    overlay: Callable[[Path], None] | None = None,
    progress: Progress | None = None,
    language: str = "en",
    made_on: date | None = None,
) -> Path:
    """Write report, tables, figures, archive and film into a folder.

    Everything goes into a temporary folder beside the target, which takes the target's place when complete. An older
    result there is replaced; files that this program did not write are carried over.

    Parameters
    ----------
    analysis
        The analysis.
    folder
        The result's folder, for example ``out/walk``; missing parents are made.
    overlay
        Called with the path of ``overlay.mp4`` to write it; None writes none.
    progress
        Called with the share done, 0..1.
    language
        Language of the report.
    made_on
        Date on the report; None means today.

    Returns
    -------
    Path
        The folder, with all links resolved.

    Raises
    ------
    OutputError
        The folder holds something else, or cannot be written. Nothing is left behind then.
    """
    tell = progress or _silent

    def fill(part: Path) -> None:
        _fill(part, analysis, overlay, tell, language, made_on or date.today())

    target = write_folder(folder, fill, _MARKS, _OURS)
    tell(1.0)
    return target


def write_parts(
    part: Path,
    document: Document,
    drawings: Drawings,
    content: tuple[str, dict[str, Any]],
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """Write what every result of several films has: figures, report as page and PDF, JSON, tables.

    Parameters
    ----------
    part
        An empty folder.
    document, drawings
        The report, and its figures by name (SVG).
    content
        Name of the JSON file, and what goes into it.
    tables
        Tables by name; each becomes a CSV file.
    """
    (part / "figures").mkdir()
    for name, svg in drawings.items():
        (part / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    write_html(document, part / "report.html")
    write_pdf(document, part / "report.pdf")
    name, values = content
    text = json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False)
    (part / name).write_text(text + "\n", encoding="utf-8")
    for name, table in tables.items():
        table.to_csv(part / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n", float_format="%.9g")


def write_folder(folder: Path, fill: Callable[[Path], None], marks: Collection[str], ours: Collection[str]) -> Path:
    """Write a result's folder, complete or not at all.

    Parameters
    ----------
    folder
        Where it goes; missing parents are made.
    fill
        Called with a temporary folder beside it, which takes its place when complete.
    marks
        Files by which an older result of the same kind is known; it is replaced, any other folder is refused.
    ours
        All that is written into such a result; other files in an older one are carried over.

    Returns
    -------
    Path
        The folder, with all links resolved.

    Raises
    ------
    OutputError
        The folder holds something else, or cannot be written. Nothing is left behind then.
    """
    target = folder.expanduser().resolve()
    with _readable_errors(target):
        _refuse_foreign(target, marks)
    with _readable_errors(target), _new_folder(target) as part:
        fill(part)
        _take_place(part, target, ours)
    return target


def _fill(
    part: Path,
    analysis: Analysis,
    overlay: Callable[[Path], None] | None,
    tell: Progress,
    language: str,
    made_on: date,
) -> None:
    """Write all files into the temporary folder."""
    if overlay is not None:
        overlay(part / "overlay.mp4")
    tell(0.1)
    drawings = draw_all(analysis, language)
    (part / "figures").mkdir()
    for name, svg in drawings.items():
        (part / "figures" / f"{name}.svg").write_text(svg, encoding="utf-8")
    tell(0.5)
    document = build_document(analysis, language, made_on, drawings)
    write_html(document, part / "report.html")
    write_pdf(document, part / "report.pdf")
    tell(0.8)
    write_exports(analysis, part)
    save_analysis(analysis, part / "analysis.nc")


def _refuse_foreign(target: Path, marks: Collection[str]) -> None:
    """Never write over a folder that is not an older result."""
    if target.is_dir():
        if any(target.iterdir()) and not all((target / name).is_file() for name in marks):
            raise OutputError(
                f"{target} holds other files and no earlier result; expected a new or empty folder. Choose another one."
            )
    elif target.exists():
        raise OutputError(f"{target} is a file; expected a folder for the results. Choose another place.")


@contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside the target; whatever goes wrong, neither it nor new parents stay behind."""
    made = _make_parents(target.parent)
    part = target.parent / f".{target.name[:80]}.{uuid.uuid4().hex[:8]}.part"
    try:
        part.mkdir()
        yield part
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        _remove_empty(made)
        raise


def _make_parents(parent: Path) -> list[Path]:
    """Make missing folders; those made, the innermost first."""
    missing = []
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    for made, folder in enumerate(reversed(missing)):
        try:
            folder.mkdir()
        except OSError:
            _remove_empty(missing[len(missing) - made :])
            raise
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _take_place(part: Path, target: Path, ours: Collection[str]) -> None:
    """Put the finished folder where the target is; the older result is put back when that fails."""
    if not target.exists():
        part.rename(target)
        return
    aside = target.with_name(part.name.removesuffix(".part") + ".old")
    target.rename(aside)
    try:
        part.rename(target)
    except BaseException:
        aside.rename(target)
        raise
    for item in aside.iterdir():
        if item.name not in ours:
            item.rename(target / item.name)
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _readable_errors(target: Path) -> Iterator[None]:
    """Errors of the disk in one sentence."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0, f"{error.strerror or error}; choose another folder")
        raise OutputError(f"The results cannot be written to {target}: {reason}.") from error


def _silent(share: float) -> None:
    """Progress for nobody."""
