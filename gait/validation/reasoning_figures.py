"""Pictures of the study of the reasoning."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from gait.plots.style import INK, MUTED, NORM_FILL, RULE, SMALL_PT, new_figure, tidy_axes, to_svg
from gait.validation.reasoning_asking import ORDERS, QUESTIONS
from gait.validation.reasoning_outcomes import MEASURES
from gait.validation.rows import groups, numbers, records, where

#: Colour and marker of each set, in this order; further sets take them again (Okabe & Ito 2008).
_SET_STYLES = (("#0072B2", "o"), ("#D55E00", "D"), ("#009E73", "s"), ("#CC79A7", "^"))
_ORDER_STYLES = {"asked next": ("#0072B2", "-", "o"), "catalogue": ("#D55E00", "--", "D"), "random": (MUTED, ":", "s")}
_SERIES_STYLES = {
    "leading": ("#0072B2", "o", "-", "leading cause", (-4, 5), "right"),
    "listed": ("#D55E00", "D", "--", "every listed cause", (4, -9), "left"),
    "interviews": (INK, "s", ":", "leading cause, on the way of interviews", (4, -9), "left"),
}
_SERIES_ROWS = (("leading", "listed"), ("interviews",))


def draw_reasoning(tables: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    """SVG by file name: ``shares``, ``calibration``, ``asking``; without the ones that have no data."""
    drawn = {
        "shares": draw_shares(tables["shares"]),
        "calibration": draw_calibration(tables["calibration"]),
        "asking": draw_asking(tables["asking_steps"]),
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _styles(table: pd.DataFrame) -> dict[str, tuple[str, str]]:
    names = list(dict.fromkeys(table["set"]))
    return {name: _SET_STYLES[place % len(_SET_STYLES)] for place, name in enumerate(names)}


def draw_shares(table: pd.DataFrame) -> str:
    """Every measure with its 95 % interval, one colour a set; goals as a line."""
    if not len(table):
        return ""
    measures = [one for one in MEASURES if one.column in set(table["measure"])]
    styles = _styles(table)
    figure = new_figure(7.2, 0.9 + 0.34 * len(measures))
    axes = figure.subplots()
    step = 0.6 / max(len(styles), 1)
    for place, measure in enumerate(reversed(measures)):
        if measure.goal is not None:
            axes.plot([100 * measure.goal] * 2, [place - 0.4, place + 0.4], color=INK, linewidth=1.4)
        for number, (name, (color, marker)) in enumerate(styles.items()):
            y = place + 0.3 - step * (number + 0.5)
            for row in records(where(table, set=name, measure=measure.column)):
                axes.plot([100 * row["low"], 100 * row["high"]], [y, y], color=color, linewidth=1.4)
                axes.plot([100 * row["share"]], [y], marker, color=color, markersize=5)
    for name, (color, marker) in styles.items():
        axes.plot([], [], marker, color=color, markersize=5, label=name.replace("_", " "))
    axes.set_yticks(range(len(measures)), [one.words for one in reversed(measures)])
    axes.set_xlabel("% of the vignettes that ask for it; dark line: goal", fontsize=SMALL_PT, color=MUTED)
    axes.set_xlim(min(50.0, 100 * float(numbers(table, "low").min()) - 3), 102)
    axes.set_ylim(-0.6, len(measures) - 0.4)
    tidy_axes(axes)
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper left", ncols=len(styles), frameon=False, fontsize=SMALL_PT)
    return to_svg(figure)


def draw_calibration(table: pd.DataFrame) -> str:
    """Said against right, one column a set, with the number of causes at each point; below on the way of interviews."""
    parts = [(key[0], part) for key, part in groups(table, "set")] if len(table) else []
    if not parts:
        return ""
    figure = new_figure(max(5.4, 2.6 * len(parts)), 5.6)
    grid = figure.subplots(len(_SERIES_ROWS), len(parts), sharex=True, sharey=True, squeeze=False)
    for line, series in zip(grid, _SERIES_ROWS, strict=True):
        for axes, (_, part) in zip(line, parts, strict=True):
            _calibration_panel(axes, part, series)
        line[0].set_ylabel("share wanted, %", fontsize=SMALL_PT, color=MUTED)
        line[0].legend(loc="upper left", frameon=False, fontsize=SMALL_PT - 1)
    for axes, (name, _) in zip(grid[0], parts, strict=True):
        axes.set_title(name.replace("_", " "), fontsize=SMALL_PT + 1, color=INK, loc="left")
    for axes in grid[-1]:
        axes.set_xlabel("probability said, %", fontsize=SMALL_PT, color=MUTED)
    return to_svg(figure)


def _calibration_panel(axes: Axes, part: pd.DataFrame, series: tuple[str, ...]) -> None:
    axes.plot([0, 100], [0, 100], color=RULE, linewidth=1, zorder=0)
    for name in series:
        color, marker, line, label, shift, side = _SERIES_STYLES[name]
        rows = where(part, series=name)
        said = 100 * numbers(rows, "said") + (1 if side == "left" else -1)  # side by side
        share = 100 * numbers(rows, "share")
        axes.plot(said, share, line, color=color, marker=marker, markersize=4.5, linewidth=1.1, label=label)
        axes.vlines(said, 100 * numbers(rows, "low"), 100 * numbers(rows, "high"), color=color, linewidth=0.8)
        for x, y, count in zip(said, share, numbers(rows, "total"), strict=True):
            words, small = f"{count:.0f}", SMALL_PT - 1.5
            axes.annotate(words, (x, y), shift, textcoords="offset points", ha=side, fontsize=small, color=color)
    axes.set_xlim(-3, 106)
    axes.set_ylim(-5, 132)
    axes.set_yticks(range(0, 101, 20))
    tidy_axes(axes)


def draw_asking(table: pd.DataFrame) -> str:
    """Share of interviews in which a wanted cause leads, by number of questions; one panel a set."""
    parts = [(key[0], part) for key, part in groups(table, "set")] if len(table) else []
    if not parts:
        return ""
    figure = new_figure(max(3.4, 2.5 * len(parts)), 3.0)
    panels = np.atleast_1d(figure.subplots(1, len(parts), sharey=True))
    for axes, (name, part) in zip(panels, parts, strict=True):
        for order, (color, line, marker) in _ORDER_STYLES.items():
            rows = where(part, order=order)
            values = 100 * numbers(rows, "share")
            axes.plot(numbers(rows, "questions"), values, line, color=color, marker=marker, markersize=3.5, label=order)
        axes.axhspan(90, 100, color=NORM_FILL, alpha=0.6, linewidth=0, zorder=0)
        axes.set_title(name.replace("_", " "), fontsize=SMALL_PT + 1, color=INK, loc="left")
        axes.set_xlabel("questions answered", fontsize=SMALL_PT, color=MUTED)
        axes.set_ylim(0, 103)
        axes.set_xticks(range(0, QUESTIONS + 1, 3))
        tidy_axes(axes)
    panels[0].set_ylabel("a wanted cause leads, %", fontsize=SMALL_PT, color=MUTED)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper left", ncols=len(ORDERS), frameon=False, fontsize=SMALL_PT)
    return to_svg(figure)
