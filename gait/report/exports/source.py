"""An analysis that is to be exported: from its folder, its ``analysis.nc`` or, where that is enough, its JSON.

Nothing that names a person or a place leaves through here: the film's name and every path are taken out of all texts
(:func:`without_names`); the film is known by its SHA-256, the person by a pseudonym.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gait.causes.intake import read_table
from gait.causes.visits import MAX_ANALYSIS_BYTES
from gait.core.analysis import Analysis
from gait.core.errors import InputError, SchemaError
from gait.report.archive import load_analysis
from gait.report.export import SCHEMA_VERSION, analysis_json

ARCHIVE, JSON = "analysis.nc", "analysis.json"
#: What an ``analysis.json`` must hold to be exported.
_NEEDED = ("software", "source", "subject", "view", "issues", "events", "parameters", "findings", "red_flags", "causes")
_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: A path as ``repr`` writes it, and paths in running text.
_REPR_PATH = re.compile(r"(?:Posix|Windows|Pure\w*)?Path\((['\"]).*?\1\)")
_PATH = re.compile(r"(?<![\w/.:])(?:[A-Za-z]:\\|~?/)[^\s'\",;]*[/\\][^\s'\",;]*")


@dataclass(frozen=True, slots=True)
class Source:
    """What there is to export.

    Attributes
    ----------
    content
        As ``analysis.json`` holds it, without names and paths.
    pseudonym
        How the person is called.
    analysis
        All of it, where the archive was read; else None.
    """

    content: dict[str, Any]
    pseudonym: str
    analysis: Analysis | None = None

    def whole(self, what: str) -> Analysis:
        """The whole analysis.

        Raises
        ------
        InputError
            Only the JSON was given, and ``what`` needs more.
        """
        if self.analysis is None:
            raise InputError(
                f"Only {JSON} was given; {what} needs {ARCHIVE}, which holds the landmarks and curves. Give the folder "
                f"that gait analyze wrote, or its {ARCHIVE}."
            )
        return self.analysis


def read_source(path: Path, pseudonym: str | None = None) -> Source:
    """Read an analysis.

    Parameters
    ----------
    path
        A folder that ``gait analyze`` wrote, its ``analysis.nc``, or its ``analysis.json``.
    pseudonym
        How the person is to be called; None takes one from the film's hash.

    Raises
    ------
    InputError
        There is nothing such, or the pseudonym is not one.
    SchemaError
        The file is damaged, or of a version that this program does not read.
    """
    if pseudonym is not None and not _PSEUDONYM.fullmatch(pseudonym):
        raise InputError(
            f"--pseudonym is {pseudonym!r}; expected 1 to 64 letters, digits, points, dashes or underscores, and never "
            "the person's name."
        )
    file = _file_of(path)
    if file.suffix.lower() == ".nc":
        analysis = load_analysis(file)
        return source_of(analysis, pseudonym)
    table = read_table(file, MAX_ANALYSIS_BYTES)
    _check(table, file)
    return Source(without_names(table), pseudonym or _from_hash(table))


def source_of(analysis: Analysis, pseudonym: str | None = None) -> Source:
    """An analysis that is at hand; parameters as for :func:`read_source`."""
    content = analysis_json(analysis)
    return Source(without_names(content), pseudonym or _from_hash(content), analysis)


def _file_of(path: Path) -> Path:
    """The best file that a path stands for."""
    if path.is_dir():
        for name in (ARCHIVE, JSON):
            if (path / name).is_file():
                return path / name
        inside = sorted(str(child.parent) for name in (ARCHIVE, JSON) for child in path.glob(f"*/{name}"))
        hint = f"Did you mean {inside[0]}?" if inside else "Give the folder of one film that gait analyze wrote."
        raise InputError(f"{path} holds neither {ARCHIVE} nor {JSON}. {hint}")
    if not path.exists():
        raise InputError(f"There is no {path}; expected the folder of an analysis, its {ARCHIVE} or its {JSON}.")
    if path.suffix.lower() not in (".nc", ".json"):
        raise InputError(
            f"{path.name} is no analysis; expected the folder that gait analyze wrote, its {ARCHIVE} or its {JSON}."
        )
    return path


def _check(table: dict[str, Any], file: Path) -> None:
    """Refuse JSON that is no analysis, or of another version."""
    missing = [name for name in _NEEDED if name not in table]
    if missing:
        raise SchemaError(
            f"{file.name} lacks {', '.join(missing[:4])}; expected the {JSON} of one film that gait analyze wrote."
        )
    version = str(table.get("schema_version"))
    if version != SCHEMA_VERSION:
        raise SchemaError(
            f"{file.name} has schema_version {version}; this program exports {SCHEMA_VERSION}. Give its {ARCHIVE}, or "
            "analyze the film again."
        )


def _from_hash(content: dict[str, Any]) -> str:
    """A pseudonym that says nothing about the person, the same for the same film."""
    return f"film-{(content['source'].get('sha256') or 'unknown')[:12]}"


def without_names(content: dict[str, Any]) -> dict[str, Any]:
    """The content without file names and paths; a film's own name is written ``the film`` where a sentence has it."""
    name = str(content["source"].get("file") or "")
    names = {name, *(clip for finding in content["findings"] for clip in finding.get("sources") or ())} - {""}
    cleaned = _cleaned(content, names)
    cleaned["source"].pop("file", None)
    for finding in cleaned["findings"]:
        finding.pop("sources", None)
    return cleaned


def _cleaned(value: Any, names: set[str]) -> Any:
    if isinstance(value, dict):
        return {key: _cleaned(item, names) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(item, names) for item in value]
    if not isinstance(value, str):
        return value
    value = _PATH.sub("(a path)", _REPR_PATH.sub("Path(...)", value))
    for name in names:
        # A folder of keypoints may be called "walk": an id of that name is no file name, so only sentences count then.
        if "." in name or " " in value:
            value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "the film", value)
    return value
