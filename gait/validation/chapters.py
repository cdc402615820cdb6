"""Chapters of the report that rest on a table of their own; empty where this run has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gait.validation.agreement import wilson
from gait.validation.coverage import MIN_COMPARISONS, TARGET
from gait.validation.format import number, plural, table
from gait.validation.rows import choose, groups, known, numbers, records, where

if TYPE_CHECKING:
    from gait.validation.figures import Picture
    from gait.validation.run import ValidationReport


def detector_lines(report: ValidationReport, pictures: Mapping[str, Picture]) -> list[str]:
    """Detectors side by side, constants with a source left out, and whether the confidence is right."""
    detectors = report.more.get("detectors", pd.DataFrame())
    if not len(detectors):
        return []
    lines = ["## Detectors on the same trials", ""]
    if "detectors" in pictures:
        lines += ["![detectors](figures/detectors.svg)", "", f"*{pictures['detectors'].words}*", ""]
    names = list(dict.fromkeys(detectors["detector"]))
    rows = []
    for (population, via, kind), part in groups(detectors, "population", "via", "kind"):
        cells = {row["detector"]: _detector_cell(row) for row in records(part)}
        told = [f"**{cells[name]}**" if name == "ours" else cells[name] for name in names]
        rows.append([f"{population}, {via}", kind.replace("_", " "), str(part["truth"].iloc[0]), *told])
    lines += table(["on", "event", "true events", *names], rows)
    note = (
        "Mean absolute error in ms (bias) · F1 at 50 ms. Errors are of pairs within 150 ms, so that no detector hides "
        "its gross errors as misses, and ours is without what the pixels of the feet add to contacts: that is why they "
        "lie above those of the table of events."
    )
    return [*lines, "", note, "", *_left_out_lines(report), *_confidence_lines(report)]


def _detector_cell(row: Mapping[str, Any]) -> str:
    """Error, bias and F1 of one detector."""
    error, bias = number(row["mean_absolute_ms"], ".1f"), number(row["bias_ms"], "+.0f")
    return f"{error} ({bias}) · {number(row['f1'], '.3f')}"


def _left_out_lines(report: ValidationReport) -> list[str]:
    """Our constants, fitted on all sources but the one they are tried on."""
    left_out = report.more.get("left_out", pd.DataFrame())
    if not len(left_out):
        return []
    rows = [
        [
            f"{source}, {population}, {via}",
            str(kind).replace("_", " "),
            *(
                f"{number(numbers(where(part, detector=name), 'mean_absolute_ms')[0], '.1f')} ms, F1 "
                f"{number(numbers(where(part, detector=name), 'f1')[0], '.3f')}"
                for name in ("left out", "as delivered")
            ),
        ]
        for (source, population, via, kind), part in groups(left_out, "source", "population", "via", "kind")
    ]
    header = ["source", "event", "constants from the other sources", "as delivered"]
    return ["### With the source left out", "", *table(header, rows), ""]


def _confidence_lines(report: ValidationReport) -> list[str]:
    """Whether the confidence of an event is the chance that it is right."""
    confidence = report.more.get("confidence", pd.DataFrame())
    if not len(confidence):
        return []
    rows = []
    for (via, low, high), part in groups(confidence, "via", "low", "high"):
        events = numbers(part, "events")
        means = [float(np.average(numbers(part, name), weights=events)) for name in ("confidence", "within")]
        rows.append(
            [via, f"{max(low, 0):g} to {high:g}", f"{events.sum():.0f}", *(f"{100 * mean:.0f} %" for mean in means)]
        )
    header = ["on", "confidence", "events", "mean confidence", "within 50 ms"]
    return ["### Confidence of events", "", *table(header, rows), ""]


def foot_lines(report: ValidationReport) -> list[str]:
    """Each foot that was measured from pixels."""
    feet = report.more.get("by_foot", pd.DataFrame())
    if not len(feet):
        return []
    header = [
        "clip",
        "foot",
        "fps",
        "contacts",
        "true pitch at contact, deg",
        "error, deg",
        "RMSE around contact, deg",
        "true time to flat, ms",
        "error, ms",
        "lowering speed, error %",
    ]
    rows = [
        [
            row["clip"],
            f"{row['side']}, {'near' if row['is_near'] else 'far'}",
            number(row["fps"], ".0f"),
            str(row["contacts"]),
            number(row["true_pitch_deg"], ".1f"),
            number(row["pitch_error_deg"], "+.1f"),
            number(row["pitch_rmse_deg"], ".1f"),
            number(1000 * row["true_lowering_s"], ".0f"),
            number(1000 * row["lowering_error_s"], "+.0f"),
            number(row["speed_error_pct"], "+.0f"),
        ]
        for row in records(feet)
    ]
    note = "From pixels, each foot by the median of its contacts; a dash: not measured there."
    return ["## Feet", "", *table(header, rows), "", note, ""]


def curve_lines(report: ValidationReport) -> list[str]:
    """Joint curves."""
    curves = report.more.get("curves", pd.DataFrame())
    if not len(curves):
        return []
    rows = []
    for (source, joint, near), part in groups(curves, "source", "joint", "is_near"):
        rows.append(
            [
                str(joint).replace("_", " "),
                f"{source}, {'near' if near else 'far'} leg",
                plural(len(part), "leg"),
                number(float(numbers(part, "rmse_deg").mean()), ".1f"),
                number(float(numbers(part, "rmse_deg").max()), ".1f"),
                number(float(numbers(part, "offset_deg").mean()), "+.1f"),
            ]
        )
    header = ["joint", "on", "of", "RMSE without offset, deg", "worst", "mean offset, deg"]
    return ["## Joint curves", "", *table(header, rows), ""]


def coverage_lines(report: ValidationReport, pictures: Mapping[str, Picture]) -> list[str]:
    """How often the intervals hold the truth."""
    coverage = report.more.get("coverage", pd.DataFrame())
    if not len(coverage):
        return []
    rows = []
    for (source,), part in groups(coverage, "source"):
        hits, count = np.array([numbers(part, "is_covered").sum()]), np.array([float(len(part))])
        low, high = wilson(hits, count)
        share = f"{100 * hits[0] / count[0]:.1f} % ({100 * low[0]:.0f} to {100 * high[0]:.0f})"
        rows.append([str(source), plural(len(set(part["clip"])), "clip"), str(len(part)), share])
    lines = ["## Uncertainty", "", "Share of stated 95 % intervals that hold the truth.", ""]
    lines += table(["source", "of", "intervals", "hold the truth (95 % interval)"], rows)
    low_ones = [
        f"{name} {100 * numbers(part, 'is_covered').mean():.0f} % of {len(part)}"
        for (name,), part in groups(coverage, "parameter")
        if len(part) >= MIN_COMPARISONS and numbers(part, "is_covered").mean() < TARGET[0]
    ]
    if low_ones:
        lines += ["", f"Below {100 * TARGET[0]:.0f} %: {'; '.join(low_ones)}."]
    picture = pictures.get("coverage")
    return [
        *lines,
        "",
        *([] if picture is None else ["![coverage](figures/coverage.svg)", "", f"*{picture.words}*", ""]),
    ]


def side_lines(report: ValidationReport) -> list[str]:
    """Left and right exchanged, before and after the assignment."""
    sides = report.more.get("sides", pd.DataFrame())
    if not len(sides):
        return []
    rows = [[row["clip"], *(f"{row[name]:.0f}" for name in _SIDE_COLUMNS)] for row in records(sides)]
    rows.append(["**all**", *(f"{numbers(sides, name).sum():.0f}" for name in _SIDE_COLUMNS)])
    return ["## Left and right", "", *table(["clip", *_SIDE_COLUMNS.values()], rows), ""]


_SIDE_COLUMNS = {
    "judged": "frames with legs apart",
    "raw_wrong": "exchanged by the network",
    "wrong": "exchanged after the assignment",
    "events": "events",
    "events_wrong_side": "given to the other foot",
}


def repeat_lines(report: ValidationReport) -> list[str]:
    """How far two films of an unchanged person lie apart."""
    repeats = report.more.get("repeatability", pd.DataFrame())
    if not len(repeats):
        return []
    rows = [
        [
            row["parameter"],
            f"{float(row['sem']):.3g}",
            f"{float(row['mdc95']):.3g}",
            f"{row['people']} ({row['films']})",
        ]
        for row in records(repeats)
    ]
    note = (
        "Standard error of measurement and minimal detectable change (1.96 √2 SEM; Weir 2005), of values as reported."
    )
    header = ["parameter", "SEM", "minimal detectable change", "people (films)"]
    return ["## Repeated films of one person", "", *table(header, rows), "", note, ""]


def healthy_lines(report: ValidationReport) -> list[str]:
    """False alarms and foot differences on films of healthy people."""
    healthy = report.more.get("healthy", pd.DataFrame())
    if not len(healthy):
        return []
    alarmed = choose(healthy, healthy["findings"] > 0)
    lines = [
        "## Films of healthy people",
        "",
        f"{plural(len(healthy), 'film')}, {len(alarmed) or 'none'} with a finding (there, each is a false alarm).",
        "",
    ]
    if len(alarmed):
        lines += [f"- {row['clip']}: {row['named']}" for row in records(alarmed)] + [""]
    feet = report.more.get("healthy_feet", pd.DataFrame())
    if len(feet):
        off = np.abs(numbers(known(feet, "difference_deg"), "difference_deg"))
        lines += [
            f"Foot pitch at contact, left less right: {plural(len(off), 'film')} with both feet; mean absolute "
            f"{number(float(off.mean()), '.1f')} deg, largest {number(float(off.max()), '.1f')} deg.",
            "",
        ]
    return lines
