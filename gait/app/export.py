"""The work behind ``gait export``: one analysis in the form of another program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from gait.core.errors import InputError

if TYPE_CHECKING:
    from gait.report.exports.source import Source

Format = Literal["csv", "parquet", "c3d", "trc", "mot", "fhir"]
FORMATS: tuple[Format, ...] = get_args(Format)

#: Formats that are several files, in a folder.
_FOLDERS = ("csv", "parquet")
#: File that a format is, where no other name is given: never the film's, which may be a person's.
_FILES = {"c3d": "gait.c3d", "trc": "gait.trc", "mot": "gait.mot", "fhir": "gait.fhir.json"}


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for.

    Attributes
    ----------
    analysis
        Folder of an analysis, ``analysis.nc`` or ``analysis.json``.
    to
        The format.
    out
        File or folder to write; None means a folder ``exports`` beside the analysis.
    pseudonym
        How the person is called in what is written; None takes one from the film's hash.
    """

    analysis: Path
    to: str
    out: Path | None = None
    pseudonym: str | None = None


def run(order: Order) -> Path:
    """Export, complete or not at all; what was written.

    Raises
    ------
    InputError
        The order is wrong, or the analysis does not hold what the format needs.
    SchemaError
        The analysis is damaged or of another version.
    NotEnoughDataError
        The film shows too little for the format.
    OutputError
        It cannot be written.
    """
    if order.to not in FORMATS:
        raise InputError(f"--to is {order.to!r}; expected one of {', '.join(FORMATS)}.")
    target = _target(order)
    from gait.report.exports.source import read_source

    source = read_source(order.analysis, order.pseudonym)
    if order.to in _FOLDERS:
        from gait.report.exports.tables import write_tables

        return write_tables(source, target, "csv" if order.to == "csv" else "parquet")
    from gait.report.exports.files import write_whole

    write = _writer(order.to)
    return write_whole(target, lambda part: write(source, part))


def _writer(to: str) -> Callable[[Source, Path], None]:
    """What writes one file of a format; heavy libraries are imported only when needed."""
    if to == "c3d":
        from gait.report.exports.c3d import write_c3d

        return write_c3d
    if to == "fhir":
        from gait.report.exports.fhir import write_fhir

        return write_fhir
    from gait.report.exports.opensim import write_mot, write_trc

    return write_trc if to == "trc" else write_mot


def _target(order: Order) -> Path:
    """Where it goes."""
    if order.to in _FOLDERS:
        return _target_folder(order)
    name = _FILES[order.to]
    if order.out is None:
        return _beside(order.analysis) / name
    if order.out.is_dir() or not order.out.suffix:
        return order.out / name
    if not order.out.name.lower().endswith(Path(name).suffix):
        raise InputError(
            f"--out is {order.out.name}; a {order.to} export ends in {Path(name).suffix}. Change its ending, or give a "
            "folder."
        )
    if order.out.name.lower() == "analysis.json":
        raise InputError(f"--out is {order.out.name}, the name of an analysis; choose another name, such as {name}.")
    return order.out


def _target_folder(order: Order) -> Path:
    if order.out is None:
        return _beside(order.analysis) / order.to
    if order.out.is_file() or order.out.suffix.lower() in (".csv", ".parquet"):
        raise InputError(f"--out is {order.out}; {order.to} is several tables, so expected a folder. Name a folder.")
    return order.out


def _beside(analysis: Path) -> Path:
    return (analysis if analysis.is_dir() else analysis.parent) / "exports"
