"""The comparison written down for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gait.core.events import EVENT_KINDS
from gait.validation.compare import EDGE_S
from gait.validation.run import SHOWN_PARAMETERS, ValidationReport

_EDGE_WORDS = {"truth": "true", "matched": "matched", "false": "false"}


def to_markdown(report: ValidationReport) -> str:
    """Write the comparison down for people.

    Returns
    -------
    str
        Events, parameters and findings by film with totals, and the films that failed, as Markdown tables.
    """
    parts = [f"# Validation on {_films(len(report.clips))}", ""]
    if len(report.clips):
        parts += _event_lines(report) + _parameter_lines(report) + _finding_lines(report)
    if report.failures:
        parts += ["## Not analysed", "", *(f"- {clip}: {reason}" for clip, reason in report.failures), ""]
    return "\n".join(parts)


def _films(count: int) -> str:
    return f"{count} film" if count == 1 else f"{count} films"


def _event_lines(report: ValidationReport) -> list[str]:
    """Errors of the events."""
    header = [
        "clip",
        *(
            f"{kind.replace('_', ' ')} {name}"
            for kind in EVENT_KINDS
            for name in ("bias ms", "mean abs. ms", "missed", "false", "F1")
        ),
    ]
    rows = [
        [clip["clip"], *(cell for kind in EVENT_KINDS for cell in _event_cells(clip, kind))] for clip in _clips(report)
    ]
    rows.append(["**all**", *(cell for kind in EVENT_KINDS for cell in _event_cells(_pooled(report, kind), kind))])
    note = (
        f"Found minus true. Pairs within 50 ms. Events within {EDGE_S:g} s of the ends are counted apart: "
        + ", ".join(
            f"{sum(clip[f'edge_{name}'] for clip in _clips(report))} {word}" for name, word in _EDGE_WORDS.items()
        )
        + "."
    )
    return ["## Events", "", *_table(header, rows), "", note, ""]


def _event_cells(row: Mapping[str, Any], kind: str) -> list[str]:
    """Bias, mean absolute error, misses, false ones and F1 of one kind."""
    formats = {"bias_ms": "+.0f", "mean_absolute_ms": ".0f", "missed": ".0f", "false": ".0f", "f1": ".2f"}
    return [_number(row[f"{kind}_{name}"], form) for name, form in formats.items()]


def _pooled(report: ValidationReport, kind: str) -> dict[str, float]:
    """All films together: each matched pair weighs the same."""
    clips = _clips(report)
    matched, missed, false = (sum(clip[f"{kind}_{name}"] for clip in clips) for name in ("matched", "missed", "false"))
    total = 2 * matched + missed + false
    row = {f"{kind}_missed": missed, f"{kind}_false": false, f"{kind}_f1": 2 * matched / total if total else np.nan}
    for name in ("bias_ms", "mean_absolute_ms"):
        weighed = sum(clip[f"{kind}_{name}"] * clip[f"{kind}_matched"] for clip in clips if clip[f"{kind}_matched"])
        row[f"{kind}_{name}"] = weighed / matched if matched else np.nan
    return row


def _clips(report: ValidationReport) -> list[dict[str, Any]]:
    """Rows of the clips' table."""
    return [{str(name): value for name, value in row.items()} for row in report.clips.to_dict("records")]


def _parameter_lines(report: ValidationReport) -> list[str]:
    """Mean absolute errors of the parameters."""
    columns = {name: f"{name}_error" for name in SHOWN_PARAMETERS}
    header = ["clip", *(f"{name.rsplit('_', 1)[0].replace('_', ' ')}, {SHOWN_PARAMETERS[name][1]}" for name in columns)]
    rows = [[clip["clip"], *(_number(clip[column], ".1f") for column in columns.values())] for clip in _clips(report)]
    rows.append(["**mean**", *(_number(_mean(report, column), ".1f") for column in columns.values())])
    return ["## Parameters", "", *_table(header, rows), "", "Mean absolute error over the sides.", ""]


def _mean(report: ValidationReport, column: str) -> float:
    """Mean of a column over the clips that have it."""
    values = [clip[column] for clip in _clips(report) if np.isfinite(clip[column])]
    return float(np.mean(values)) if values else float("nan")


def _finding_lines(report: ValidationReport) -> list[str]:
    """Findings by film, and their totals."""
    outcomes = ["found", "missed", "not_assessable", "follows", "extra"]
    header = ["clip", *(name.replace("_", " ") for name in outcomes)]
    rows = [[clip["clip"], *(clip[name] or "–" for name in outcomes)] for clip in _clips(report)]
    counts = [str(list(report.findings["outcome"]).count(name)) for name in outcomes]
    rows.append(["**all**", *counts])
    note = "“Follows” are findings that come with a planted one by its nature; “extra” are false alarms."
    return ["## Findings", "", *_table(header, rows), "", note, ""]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    return [f"| {' | '.join(line)} |" for line in (header, ["---"] * len(header), *rows)]


def _number(value: float, form: str) -> str:
    """A number in a cell; a dash where there is none."""
    return format(value, form) if np.isfinite(value) else "–"
