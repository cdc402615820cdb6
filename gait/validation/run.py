"""All films that have a truth: analyse, compare, gather."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import GaitError, InputError, OutputError
from gait.core.events import EVENT_KINDS
from gait.core.subject import Subject
from gait.validation.compare import EVENT_ERROR_COLUMNS, Truth, compare_events, compare_findings, compare_parameters
from gait.validation.films import clip_name, film_of, mirror_film, mirror_truth, read_truth

Analyze = Callable[[Path, Subject], Analysis]

#: Parameters of the report's table, with the factor and the unit of their error.
SHOWN_PARAMETERS: dict[str, tuple[float, str]] = {
    "stride_time_s": (1000.0, "ms"),
    "step_time_s": (1000.0, "ms"),
    "stance_pct": (1.0, "%"),
    "step_length_m": (100.0, "cm"),
    "walking_speed_mps": (100.0, "cm/s"),
}


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """All films, in order.

    Attributes
    ----------
    clips
        One row a film: event errors, parameter errors, findings found, missed and extra.
    events
        Event errors by film, side and kind.
    parameters
        ``clip, parameter, side, truth, found, error, unit``.
    findings
        ``clip, id, side, outcome`` with outcome ``found``, ``missed``, ``extra``, ``follows`` or ``not_assessable``.
    failures
        Films that could not be analysed: ``(clip, reason)``.
    """

    clips: pd.DataFrame
    events: pd.DataFrame
    parameters: pd.DataFrame
    findings: pd.DataFrame
    failures: tuple[tuple[str, str], ...] = ()

    def write(self, folder: Path) -> None:
        """Write ``validation.md`` (for people) and ``validation.csv`` (one row a clip) into a folder.

        Raises
        ------
        OutputError
            When the folder cannot be made or written to.
        """
        from gait.validation.markdown import to_markdown

        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in (
                ("validation.md", to_markdown(self)),
                ("validation.csv", self.clips.to_csv(index=False)),
            ):
                part = folder / f".{name}.part"
                part.write_text(text, encoding="utf-8")
                part.replace(folder / name)
        except OSError as error:
            raise OutputError(
                f"cannot write to {folder}: {error.strerror}; choose a folder that may be written"
            ) from error


def validate(truth_files: Sequence[Path], analyze: Analyze, *, mirror: bool = False) -> ValidationReport:
    """Analyse every film that has a truth file and compare.

    Parameters
    ----------
    truth_files
        ``NAME.truth.json``; the film is what the file's ``film`` names, else ``NAME.mp4`` or ``NAME.nc`` beside it.
    analyze
        Usually the pipeline's, with its settings bound.
    mirror
        Mirror each film left to right first, and exchange the sides of its truth: the numbers must not change.

    Raises
    ------
    InputError
        When there are no truth files, or a film is missing; all films are looked for before the first is analysed.
    SchemaError
        When a truth file lacks what the format asks for.
    """
    if not truth_files:
        raise InputError("found no truth files, expected at least one NAME.truth.json; name them or their folder")
    jobs = [(path, read_truth(path)) for path in truth_files]
    films = [film_of(path, truth) for path, truth in jobs]
    parts: dict[str, list[pd.DataFrame]] = {"clips": [], "events": [], "parameters": [], "findings": []}
    failures: list[tuple[str, str]] = []
    for (path, truth), film in zip(jobs, films, strict=True):
        try:
            tables = _examine(clip_name(path), truth, film, analyze, mirror)
        except GaitError as error:
            # One film that cannot be analysed is a result of its own; the others are still compared.
            failures.append((clip_name(path), str(error)))
            continue
        for name, table in tables.items():
            parts[name].append(table)
    tables = {name: pd.concat(part, ignore_index=True) if part else pd.DataFrame() for name, part in parts.items()}
    return ValidationReport(**tables, failures=tuple(failures))


def _examine(clip: str, truth: Truth, film: Path, analyze: Analyze, mirror: bool) -> dict[str, pd.DataFrame]:
    """Analyse one film, mirrored where asked, and compare."""
    if not mirror:
        return _compare(clip, truth, analyze(film, _subject(truth)))
    truth = mirror_truth(truth)
    with tempfile.TemporaryDirectory(prefix="gait-mirror-") as folder:
        return _compare(clip, truth, analyze(mirror_film(film, Path(folder)), _subject(truth)))


def _subject(truth: Truth) -> Subject:
    """What a truth file knows of the walker."""
    subject = truth.get("subject") or {}
    legs = subject.get("leg_length_m") or {}
    return Subject(
        height_m=subject.get("height_m"),
        leg_length_left_m=legs.get("left"),
        leg_length_right_m=legs.get("right"),
    )


def _windows(truth: Truth, analysis: Analysis) -> list[tuple[float, float]]:
    """When the walker is both followed and known to walk straight."""
    confidence = analysis.pose.data["confidence"].max("keypoint").values
    seen = analysis.pose.time_s[confidence > 0]
    if not len(seen):
        return []
    first, last = float(seen[0]), float(seen[-1])
    stretches = truth.get("passes") or [{"start_s": first, "end_s": last}]
    return [(max(first, stretch["start_s"]), min(last, stretch["end_s"])) for stretch in stretches]


def _compare(clip: str, truth: Truth, analysis: Analysis) -> dict[str, pd.DataFrame]:
    """All comparisons of one film."""
    errors = compare_events(analysis.events, truth["events"], windows=_windows(truth, analysis))
    parameters = compare_parameters(analysis.parameters, truth["parameters"])
    findings = compare_findings(analysis.findings, truth["findings"])
    row: dict[str, Any] = {"clip": clip, "fault": truth.get("fault", "")}
    for kind in EVENT_KINDS:
        pooled = errors.row("both", kind)
        row |= {f"{kind}_{name}": pooled[name] for name in EVENT_ERROR_COLUMNS[2:]}
    row |= {f"edge_{name}": count for name, count in errors.at_edges.items()}
    for name, (factor, _) in SHOWN_PARAMETERS.items():
        measured = parameters.loc[parameters["parameter"] == name, "error"].dropna()
        row[f"{name}_error"] = float(factor * measured.abs().mean()) if len(measured) else np.nan
    for outcome in ("found", "missed", "not_assessable", "follows", "extra"):
        row[outcome] = _listed(findings, outcome)
    tables = {"events": errors.table, "parameters": parameters, "findings": findings}
    return {"clips": pd.DataFrame([row]), **{name: table.assign(clip=clip) for name, table in tables.items()}}


def _listed(findings: pd.DataFrame, outcome: str) -> str:
    """Findings of one outcome, in words."""
    chosen = findings[findings["outcome"] == outcome]
    names = [
        name if side == "both" else f"{name} ({side})" for name, side in zip(chosen["id"], chosen["side"], strict=True)
    ]
    return ", ".join(names)
