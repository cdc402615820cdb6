"""Pictures of the validation: agreement, event errors, intervals, detectors, targets; one look, each with its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gait.plots.style import INK, MUTED, NORM_FILL, RULE, SMALL_PT, new_figure, tidy_axes, to_svg
from gait.validation.agreement import limits_of_agreement, wilson
from gait.validation.coverage import MIN_COMPARISONS
from gait.validation.rows import groups, known, numbers, records, where

if TYPE_CHECKING:
    from gait.validation.run import ValidationReport

#: How each source is drawn; colours of Okabe & Ito 2008, told apart by marker as well.
SOURCE_STYLES: Mapping[str, tuple[str, str, str]] = {
    "rendered": ("#0072B2", "o", "rendered films"),
    "film": ("#CC79A7", "v", "films of people"),
    "simulated": ("#E69F00", "s", "simulated keypoints"),
    "capture": ("#009E73", "D", "motion capture"),
    "camera": ("#D55E00", "^", "capture, virtual phone"),
}
#: Parameters of the agreement picture: name, words, factor, unit.
AGREEMENT: tuple[tuple[str, str, float, str], ...] = (
    ("stride_time_s", "Stride time", 1000.0, "ms"),
    ("step_time_s", "Step time", 1000.0, "ms"),
    ("stance_pct", "Stance", 1.0, "% of cycle"),
    ("cadence_spm", "Cadence", 1.0, "steps/min"),
    ("step_length_m", "Step length", 100.0, "cm"),
    ("walking_speed_mps", "Walking speed", 100.0, "cm/s"),
    ("foot_floor_angle_at_contact_deg", "Foot pitch at contact", 1.0, "deg"),
    ("contact_to_foot_flat_s", "Contact to foot flat", 1000.0, "ms"),
)
_KINDS = {"initial_contact": "Initial contact", "toe_off": "Toe-off"}


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the report.

    Attributes
    ----------
    svg
        The picture.
    words
        What it shows and how to read it, one or two sentences.
    """

    svg: str
    words: str


def draw_figures(report: ValidationReport) -> dict[str, Picture]:
    """Every picture that the report's tables have something for, by file name without ending."""
    tables = report.tables()
    drawn = {
        "targets": draw_targets(report.targets),
        "event_errors": draw_event_errors(tables.get("pairs", pd.DataFrame())),
        "agreement": draw_agreement(report.parameters),
        "coverage": draw_coverage(tables.get("coverage", pd.DataFrame())),
        "detectors": draw_detectors(tables.get("detectors", pd.DataFrame())),
    }
    return {name: picture for name, picture in drawn.items() if picture is not None}


def draw_targets(targets: pd.DataFrame) -> Picture | None:
    """Each measured error as a share of its goal, so that all fit one axis."""
    rows = [row for row in records(targets) if row["goal"].startswith("≤") and np.isfinite(row["value"])]
    rows = [row | {"limit": float(row["goal"][1:])} for row in rows]
    rows = [row | {"share": row["value"] / row["limit"]} for row in rows if row["limit"] > 0]
    if not rows:
        return None
    figure = new_figure(7.2, 0.6 + 0.22 * len(rows))
    axes = figure.subplots()
    places = range(len(rows) - 1, -1, -1)
    colors = [MET if row["status"] == "met" else MISSED for row in rows]
    axes.barh(places, [min(row["share"], _LONGEST) for row in rows], 0.62, color=colors)
    axes.axvline(1.0, color=INK, linewidth=1.2)
    for place, row in zip(places, rows, strict=True):
        words = f"{row['words']}  of {row['limit']:g}" + (" →" if row["share"] > _LONGEST else "")
        axes.text(_LONGEST + 0.05, place, words, va="center", fontsize=SMALL_PT - 1, color=INK)
    axes.set_yticks(places, [_short(row) for row in rows])
    axes.set_xlim(0, _LONGEST + 0.75)
    axes.set_xticks([0, 0.5, 1, 1.5, 2], ["0", "half", "goal", "1.5 ×", "2 ×"])
    axes.set_ylim(-0.7, len(rows) - 0.3)
    tidy_axes(axes)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0, labelsize=SMALL_PT - 1)
    words = (
        "Each error as a share of its goal: shorter is better. Blue bars reach the goal, hatched orange ones miss it."
    )
    for bar, row in zip(axes.patches, rows, strict=True):
        bar.set_hatch("" if row["status"] == "met" else "////")
        bar.set_edgecolor("white")
    return Picture(to_svg(figure), words)


#: Bars longer than this many goals are cut.
_LONGEST = 2.0
#: Colours of Okabe & Ito 2008; the hatch tells them apart without colour.
MET, MISSED = "#0072B2", "#D55E00"


def _short(row: Mapping[str, object]) -> str:
    """A target's name without its statistic."""
    measure = re.sub(r", (mean|root|largest).*", "", str(row["measure"]))
    return f"{measure} · {re.split('[,;:]', str(row['on']))[0]}"


def draw_event_errors(pairs: pd.DataFrame) -> Picture | None:
    """Histograms of the errors of events, one row a source and population."""
    if not len(pairs):
        return None
    pairs = pairs.assign(row=[_row_words(s, p) for s, p in zip(pairs["source"], pairs["population"], strict=True)])
    names = list(dict.fromkeys(pairs.sort_values("source", key=_source_order, kind="stable")["row"]))
    figure = new_figure(7.2, 0.7 + 1.15 * len(names))
    grid = figure.subplots(len(names), 2, sharex=True, squeeze=False)
    for axes, words in zip(grid[0], _KINDS.values(), strict=True):
        axes.set_title(words, fontsize=SMALL_PT + 1, color=INK, loc="left")
    for line, name in zip(grid, names, strict=True):
        part = where(pairs, row=name)
        for axes, kind in zip(line, _KINDS, strict=True):
            errors = numbers(where(part, kind=kind), "error_ms")
            _histogram(axes, errors, SOURCE_STYLES[part["source"].iloc[0]][0])
        line[0].set_ylabel(name, fontsize=SMALL_PT, color=INK, rotation=0, ha="right", va="center", labelpad=6)
    for axes in grid[-1]:
        axes.set_xlabel("found − true, ms", fontsize=SMALL_PT, color=MUTED)
    words = (
        "Errors of all matched events (found − true; bars of 5 ms; pairs within 50 ms). Left of the line is early. "
        "m: mean absolute error, b: bias."
    )
    return Picture(to_svg(figure), words)


def _source_order(sources: pd.Series) -> pd.Series:
    """Place of each source in the order of the styles."""
    return sources.map({name: place for place, name in enumerate(SOURCE_STYLES)})


def _row_words(source: str, population: str) -> str:
    """Rendered and simulated walkers in one row each; motion capture by who walks."""
    words = SOURCE_STYLES[source][2]
    return words if source in ("rendered", "simulated") else f"{words},\n{population}"


def _histogram(axes: Axes, errors: np.ndarray, color: str) -> None:
    """One histogram with its mean absolute error and bias."""
    axes.hist(errors, bins=list(np.arange(-52.5, 55, 5)), color=color, alpha=0.85, edgecolor="white", linewidth=0.5)
    axes.axvline(0, color=INK, linewidth=0.8)
    if len(errors):
        axes.axvline(errors.mean(), color=INK, linewidth=0.8, linestyle=":")
        words = f"n {len(errors)}\nm {np.abs(errors).mean():.1f} ms\nb {errors.mean():+.1f} ms"
        axes.text(
            0.985, 0.95, words, transform=axes.transAxes, ha="right", va="top", fontsize=SMALL_PT - 1, color=MUTED
        )
    axes.set_yticks([])
    tidy_axes(axes)
    axes.spines["left"].set_visible(False)
    axes.set_xlim(-52, 52)


def draw_agreement(parameters: pd.DataFrame) -> Picture | None:
    """Bland-Altman panels: error against the mean of ours and the truth, a point a clip and side."""
    if not len(parameters):
        return None
    shown = [row for row in AGREEMENT if len(known(where(parameters, parameter=row[0]), "error")) > 2]
    if not shown:
        return None
    lines = int(np.ceil(len(shown) / 2))
    figure = new_figure(7.2, 0.5 + 1.9 * lines)
    grid = figure.subplots(lines, 2, squeeze=False).ravel()
    handles = {}
    for axes, row in zip(grid, shown, strict=False):
        handles |= _agreement_panel(axes, parameters, row)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    names = [SOURCE_STYLES[source][2] for source in handles]
    figure.legend(
        list(handles.values()), names, loc="outside upper left", ncols=len(names), frameon=False, fontsize=SMALL_PT
    )
    words = (
        "Agreement with the truth (Bland-Altman): found − true over the mean of both, one point a clip and side, as "
        "the report states it. Solid line: bias; band: 95 % limits of agreement over clips (Bland & Altman 2007; two "
        "sides of a clip are not independent)."
    )
    return Picture(to_svg(figure), words)


def _agreement_panel(axes: Axes, parameters: pd.DataFrame, row: tuple[str, str, float, str]) -> dict:
    """One parameter; gives back a handle for each source."""
    name, words, factor, unit = row
    chosen = known(where(parameters, parameter=name), "error")
    limits = limits_of_agreement(chosen)
    axes.axhspan(factor * limits.low, factor * limits.high, color=NORM_FILL, alpha=0.6, linewidth=0)
    axes.axhline(0, color=RULE, linewidth=0.8)
    axes.axhline(factor * limits.bias, color=INK, linewidth=1.0)
    handles = {}
    for source, (color, marker, _) in SOURCE_STYLES.items():
        part = where(chosen, source=source)
        if len(part):
            middle = factor * (part["truth"] + part["found"]) / 2
            kwargs = {"s": 18, "color": color, "marker": marker, "alpha": 0.8, "linewidths": 0}
            handles[source] = axes.scatter(middle, factor * part["error"], **kwargs)
    title = f"{words}, {unit}: {factor * limits.bias:+.2g} ({factor * limits.low:+.2g} to {factor * limits.high:+.2g})"
    axes.set_title(title, fontsize=SMALL_PT, color=INK, loc="left")
    tidy_axes(axes)
    axes.margins(y=0.15)
    return handles


def draw_coverage(coverage: pd.DataFrame) -> Picture | None:
    """How often the stated 95 % interval holds the truth, by measure."""
    if not len(coverage):
        return None
    held = {str(name): numbers(part, "is_covered") for (name,), part in groups(coverage, "parameter")}
    held = {name: held[name] for name in sorted(held, reverse=True) if len(held[name]) >= MIN_COMPARISONS}
    if not held:
        return None
    figure = new_figure(7.2, 0.6 + 0.2 * len(held))
    axes = figure.subplots()
    places = np.arange(len(held))
    count = np.array([float(len(values)) for values in held.values()])
    share = np.array([values.mean() for values in held.values()])
    low, high = wilson(share * count, count)
    axes.axvspan(90, 98, color=NORM_FILL, linewidth=0)
    axes.hlines(places, 100 * low, 100 * high, color="#0072B2", linewidth=1.4)
    axes.plot(100 * share, places, "o", color="#0072B2", markersize=4.5)
    axes.set_yticks(places, [f"{name}  (n {len(values)})" for name, values in held.items()])
    axes.set_xlabel("95 % intervals that hold the truth, %", fontsize=SMALL_PT, color=MUTED)
    axes.set_xlim(min(60, 100 * float(low.min()) - 2), 101)
    axes.set_ylim(-0.7, len(held) - 0.3)
    tidy_axes(axes)
    axes.tick_params(axis="y", length=0, labelsize=SMALL_PT - 1)
    words = "How often our 95 % interval holds the truth. Band: the goal, 90-98 %; lines: 95 % interval of the share."
    return Picture(to_svg(figure), words)


def draw_detectors(detectors: pd.DataFrame) -> Picture | None:
    """Mean absolute error of each detector on the same trials."""
    if not len(detectors):
        return None
    places = list(groups(detectors, "population", "via"))
    figure = new_figure(7.2, 0.5 + (0.35 + 0.17 * len(set(detectors["detector"]))) * len(places))
    grid = figure.subplots(len(places), 2, sharex=True, sharey="row", squeeze=False)
    for line, ((population, via), part) in zip(grid, places, strict=True):
        for axes, (kind, words) in zip(line, _KINDS.items(), strict=True):
            _detector_panel(axes, where(part, kind=kind), f"{words} · {population}, {via}")
    for axes in grid[-1]:
        axes.set_xlabel("mean absolute error, ms", fontsize=SMALL_PT, color=MUTED)
    return Picture(to_svg(figure), "Detectors on the same trials; beside each bar: F1 at 50 ms. Ours is blue.")


def _detector_panel(axes: Axes, part: pd.DataFrame, title: str) -> None:
    """One population and kind."""
    part = part.iloc[::-1]
    places = range(len(part))
    colors = [MET if str(name).startswith("ours") else "#b8c4d0" for name in part["detector"]]
    axes.barh(places, part["mean_absolute_ms"], 0.65, color=colors)
    for place, error, f1 in zip(places, part["mean_absolute_ms"], part["f1"], strict=True):
        if np.isfinite(error):
            axes.text(error + 0.4, place, f"{f1:.2f}", va="center", fontsize=SMALL_PT - 1, color=MUTED)
    axes.set_yticks(places, list(part["detector"]))
    axes.set_title(title, fontsize=SMALL_PT, color=INK, loc="left")
    tidy_axes(axes)
    axes.tick_params(axis="y", length=0)


__all__: Sequence[str] = ["AGREEMENT", "SOURCE_STYLES", "Figure", "Picture", "draw_figures"]
