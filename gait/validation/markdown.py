"""The validation written down for people: the targets first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gait import __version__
from gait.core.events import EVENT_KINDS
from gait.validation.chapters import (
    coverage_lines,
    curve_lines,
    detector_lines,
    foot_lines,
    healthy_lines,
    repeat_lines,
    side_lines,
)
from gait.validation.compare import EDGE_S
from gait.validation.examine import SHOWN_PARAMETERS
from gait.validation.format import number, plural, table
from gait.validation.rows import choose, groups, records
from gait.validation.summaries import GROUPINGS, by_group, by_parameter
from gait.validation.targets import load_peers, load_targets

if TYPE_CHECKING:
    from gait.validation.figures import Picture
    from gait.validation.run import ValidationReport

_EDGE_WORDS = {"truth": "true", "matched": "matched", "false": "false"}
_STATUS = {"met": "✓ met", "missed": "✗ **missed**", "not measured": "not measured"}
_SOURCES = {
    "rendered": "rendered films",
    "film": "films of people",
    "simulated": "simulated walks",
    "capture": "motion captures",
    "camera": "motion captures through the virtual phone camera",
}


def to_markdown(report: ValidationReport, figures: Mapping[str, Picture] | None = None) -> str:
    """Write the comparison down for people.

    Parameters
    ----------
    report
        What was measured.
    figures
        Pictures that lie in ``figures/`` beside the text; none are linked when None.

    Returns
    -------
    str
        Targets, peers, events, parameters, feet, curves, intervals, repeats, findings, and what failed, as Markdown.
    """
    pictures = figures or {}
    parts = [f"# Validation on {plural(len(report.clips), 'clip')}", "", *_origin_lines(report)]
    parts += _target_lines(report, pictures) + _peer_lines(report)
    if len(report.clips):
        parts += _event_lines(report, pictures) + detector_lines(report, pictures)
        parts += _parameter_lines(report, pictures) + foot_lines(report) + curve_lines(report)
        parts += side_lines(report) + coverage_lines(report, pictures) + repeat_lines(report) + _finding_lines(report)
    parts += healthy_lines(report)
    if report.failures:
        parts += ["## Not analysed", "", *(f"- {clip}: {reason}" for clip, reason in report.failures), ""]
    return "\n".join(parts)


def _origin_lines(report: ValidationReport) -> list[str]:
    """What was compared, and how to do it again."""
    if not len(report.clips):
        return ["Nothing could be compared.", ""]
    counts = report.clips["source"].value_counts()
    what = ", ".join(f"{count} {_SOURCES.get(str(name), name)}" for name, count in counts.items())
    return [
        f"Made by `gait validate` (gait {__version__}): {what}. Every error is found − true. What the words mean and "
        "how to make this again: `docs/validation.md`.",
        "",
    ]


def _target_lines(report: ValidationReport, pictures: Mapping[str, Picture]) -> list[str]:
    """The targets, by group, and what limits those that were missed."""
    targets = report.targets
    counts = targets["status"].value_counts()
    told = ", ".join(f"**{counts.get(name, 0)}** {name}" for name in _STATUS)
    lines = ["## Targets", "", f"{told} in this run.", ""]
    rows: list[list[str]] = []
    judged = choose(targets, targets["status"] != "not measured")
    for (group,), part in groups(judged, "group"):
        rows.append([f"**{group}**", "", "", "", "", "", ""])
        rows += [_target_cells(row) for row in records(part)]
    lines += [*table(["measure", "on", "goal", "measured", "", "rests on", "to beat"], rows), ""] if rows else []
    unseen = choose(targets, targets["status"] == "not measured")
    if len(unseen):
        words = [f"{row['measure'].lower()} ({row['on']})" for row in records(unseen)]
        lines += [f"What was given to this run cannot tell: {'; '.join(words)}.", ""]
    lines += _picture(pictures, "targets")
    missed = [row for row in records(targets) if row["status"] == "missed"]
    if missed:
        lines += ["### What limits the missed ones", ""]
        for row in missed:
            words = row["limits"] or "Not yet explained."
            lines.append(f"- **{row['measure']}** ({row['on']}): {row['words']}, goal {row['goal']}. {words}")
        lines.append("")
    return lines


def _target_cells(row: Mapping[Any, Any]) -> list[str]:
    """One target."""
    rests = plural(int(row["count"]), "value")
    rests += f", {plural(int(row['clips']), 'clip')}" if row["clips"] else ""
    goal = f"{row['goal']} {row['unit']}".strip()
    return [row["measure"], row["on"], goal, f"**{row['words']}**", _STATUS[row["status"]], rests, row["beat"]]


def _peer_lines(report: ValidationReport) -> list[str]:
    """What others reached, beside ours."""
    measured = {row["id"]: row for row in records(report.targets) if row["status"] != "not measured"}
    short = {
        target.id: f"{target.measure.split(',')[0].lower()} ({target.on.split(',')[0]})" for target in load_targets()
    }
    rows = []
    for figure in load_peers():
        ours = [f"{short[name]} {measured[name]['words']}" for name in figure.targets if name in measured]
        if ours:
            rows.append([figure.who, figure.value, figure.on, figure.status, "; ".join(ours), figure.source])
    if not rows:
        return []
    note = (
        "Published: by its authors, not checked by us; measured: by us. Other people walked there, so this tells "
        "orders of magnitude, not who wins."
    )
    header = ["who", "what", "on", "status", "ours", "source"]
    return ["## Beside others", "", *table(header, rows), "", note, ""]


def _picture(pictures: Mapping[str, Picture], name: str) -> list[str]:
    """A link to a picture with its words; nothing when there is none."""
    if name not in pictures:
        return []
    return [f"![{name.replace('_', ' ')}](figures/{name}.svg)", "", f"*{pictures[name].words}*", ""]


def _event_lines(report: ValidationReport, pictures: Mapping[str, Picture]) -> list[str]:
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
        f"Found minus true. Pairs within 50 ms. Of films, events within {EDGE_S:g} s of the ends are counted apart: "
        + ", ".join(
            f"{sum(clip[f'edge_{name}'] for clip in _clips(report))} {word}" for name, word in _EDGE_WORDS.items()
        )
        + "."
    )
    return ["## Events", "", *_picture(pictures, "event_errors"), *table(header, rows), "", note, ""]


def _event_cells(row: Mapping[str, Any], kind: str) -> list[str]:
    """Bias, mean absolute error, misses, false ones and F1 of one kind."""
    formats = {"bias_ms": "+.0f", "mean_absolute_ms": ".0f", "missed": ".0f", "false": ".0f", "f1": ".2f"}
    return [number(row[f"{kind}_{name}"], form) for name, form in formats.items()]


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
    return records(report.clips)


def _parameter_lines(report: ValidationReport, pictures: Mapping[str, Picture]) -> list[str]:
    """Errors of the parameters: over all, by group, by clip."""
    lines = ["## Parameters", "", *_picture(pictures, "agreement"), *_agreement_rows(report.parameters)]
    lines += _breakdown(report)
    columns = {name: f"{name}_error" for name in SHOWN_PARAMETERS}
    header = ["clip", *_parameter_words()]
    rows = [[clip["clip"], *(number(clip[column], ".1f") for column in columns.values())] for clip in _clips(report)]
    rows.append(["**mean**", *(number(_mean(report, column), ".1f") for column in columns.values())])
    return [*lines, "### By clip", "", *table(header, rows), "", "Mean absolute error over the sides.", ""]


def _parameter_words() -> list[str]:
    """Headings of the main parameters."""
    return [f"{name.rsplit('_', 1)[0].replace('_', ' ')}, {unit}" for name, (_, unit) in SHOWN_PARAMETERS.items()]


def _agreement_rows(parameters: pd.DataFrame) -> list[str]:
    """Bias and limits of agreement of every parameter with a truth."""
    summary = by_parameter(parameters) if len(parameters) else pd.DataFrame()
    if not len(summary):
        return []
    header = [
        "parameter",
        "unit",
        "clips (values)",
        "bias",
        "95 % limits of agreement",
        "± each",
        "mean abs.",
        "in our interval",
    ]
    rows = [
        [
            row["parameter"],
            row["unit"],
            f"{row['clips']} ({row['values']})",
            number(row["bias"], "+.3g"),
            f"{number(row['low'], '+.3g')} to {number(row['high'], '+.3g')}",
            number(row["limit_error"], ".2g"),
            number(row["mean_absolute"], ".3g"),
            f"{row['covered_pct']:.0f} %",
        ]
        for row in records(summary)
    ]
    note = (
        "Limits of agreement are for one value of a report and rest on the number of clips: the sides and strides of a "
        "clip are not independent."
    )
    return [*table(header, rows), "", note, ""]


def _breakdown(report: ValidationReport) -> list[str]:
    """Errors by source, view, frame rate and population."""
    broken_down = by_group(report.tables())
    if not len(broken_down):
        return []
    header = ["", "clips", "contact ms", "F1", "toe-off ms", "F1", *_parameter_words()]
    return [
        "### By source, view, frame rate and population",
        "",
        *table(header, list(_group_cells(broken_down))),
        "",
        "Mean absolute errors.",
        "",
    ]


def _group_cells(broken_down: pd.DataFrame) -> Iterator[list[str]]:
    """Rows of the breakdown; a row of its own names each grouping."""
    for (grouping,), part in groups(broken_down, "grouping"):
        yield [f"**{GROUPINGS[grouping]}**", *[""] * (5 + len(SHOWN_PARAMETERS))]
        for row in records(part):
            cells = [str(row["group"]), str(row["clips"])]
            for kind in EVENT_KINDS:
                cells += [number(row[f"{kind}_mean_absolute_ms"], ".1f"), number(row[f"{kind}_f1"], ".3f")]
            yield [*cells, *(number(row[name], ".1f") for name in SHOWN_PARAMETERS)]


def _mean(report: ValidationReport, column: str) -> float:
    """Mean of a column over the clips that have it."""
    values = [clip[column] for clip in _clips(report) if np.isfinite(clip[column])]
    return float(np.mean(values)) if values else float("nan")


def _finding_lines(report: ValidationReport) -> list[str]:
    """Findings by film, and their totals."""
    outcomes = ["found", "missed", "not_assessable", "follows", "extra"]
    header = ["clip", *(name.replace("_", " ") for name in outcomes)]
    judged = [clip for clip in _clips(report) if clip["source"] not in ("capture", "camera")]
    rows = [[clip["clip"], *(clip[name] or "–" for name in outcomes)] for clip in judged]
    counts = [str(_outcomes(report).count(name)) for name in outcomes]
    rows.append(["**all**", *counts])
    note = "“Follows” are findings that come with a planted one by its nature; “extra” are false alarms."
    return ["## Findings", "", *table(header, rows), "", note, ""] if judged else []


def _outcomes(report: ValidationReport) -> Sequence[str]:
    """Outcome of every finding of made walkers."""
    if not len(report.findings):
        return []
    return list(report.findings.loc[~report.findings["source"].isin(["capture", "camera"]), "outcome"])
