"""Pictures of the study of findings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from gait.findings.catalogue import load_rules
from gait.findings.confidence import load_confidence
from gait.plots.style import INK, MUTED, RULE, SMALL_PT, new_figure, tidy_axes, to_svg
from gait.validation.rows import choose, records, where

_SHADES = "Blues"
_STATUS_STYLES = {"present": ("#0072B2", "o", "-"), "absent": ("#D55E00", "D", "--")}


def draw_study(tables: dict[str, pd.DataFrame]) -> dict[str, str]:
    """SVG by file name: ``sensitivity``, ``confusion``, ``confidence``; without the ones that have no data."""
    drawn = {
        "sensitivity": draw_sensitivity(where(tables["sensitivity"], arm="planted")),
        "confusion": draw_confusion(tables["confusion"]),
        "confidence": draw_confidence(tables["reliability"]),
    }
    return {name: svg for name, svg in drawn.items() if svg}


def draw_sensitivity(table: pd.DataFrame) -> str:
    """Share found by finding and severity, as a shaded table."""
    if not len(table):
        return ""
    rows = list(dict.fromkeys(zip(table["planted"], table["view"], table["task"], strict=True)))
    severities = sorted(set(table["severity"]))
    shares = np.full((len(rows), len(severities)), np.nan)
    for row in records(table):
        place = rows.index((row["planted"], row["view"], row["task"]))
        shares[place, severities.index(row["severity"])] = row["share"]
    labels = [
        f"{name.replace('_', ' ')}, {view if task == 'walk' else task.replace('_', ' ')}" for name, view, task in rows
    ]
    return _shaded(shares, labels, [f"{s:g}" for s in severities], "severity planted", 5.6)


def draw_confusion(table: pd.DataFrame) -> str:
    """Planted against found, as a shaded table; companions framed."""
    if not len(table):
        return ""
    names = [name for name in table.columns if name not in ("planted", "films")]
    labels = [f"{row['planted'].replace('_', ' ')} ({row['films']:.0f})" for row in records(table)]
    rules = {rule.id: rule.companions for rule in load_rules().finding}
    frames = [
        (i, names.index(companion))
        for i, planted in enumerate(table["planted"])
        for companion in rules.get(planted, ())
        if companion in names
    ]
    return _shaded(table[names].to_numpy(float), labels, [n.replace("_", " ") for n in names], "found", 9.0, frames)


def _shaded(
    shares: np.ndarray,
    rows: list[str],
    columns: list[str],
    title: str,
    width: float,
    frames: list[tuple[int, int]] | None = None,
) -> str:
    """A table of shares, dark for all films, with the number in each cell that is not empty."""
    figure = new_figure(width, 1.3 + 0.2 * len(rows))
    axes = figure.subplots()
    axes.imshow(shares, cmap=_SHADES, vmin=0, vmax=1, aspect="auto")
    for i, j in np.argwhere(np.nan_to_num(shares) >= 0.005):
        color = "white" if shares[i, j] > 0.6 else INK
        axes.text(j, i, f"{100 * shares[i, j]:.0f}", ha="center", va="center", fontsize=SMALL_PT - 2, color=color)
    for i, j in frames or ():
        axes.add_patch(_frame(i, j))
    axes.set_yticks(range(len(rows)), rows, fontsize=SMALL_PT - 1)
    axes.set_xticks(range(len(columns)), columns, fontsize=SMALL_PT - 1, rotation=90 if len(columns) > 8 else 0)
    axes.xaxis.tick_top()
    axes.set_title(f"{title}; % of films", fontsize=SMALL_PT, color=MUTED, loc="left")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_color(RULE)
    return to_svg(figure)


def _frame(row: int, column: int):
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.46, row - 0.46), 0.92, 0.92, fill=False, edgecolor=MUTED, linewidth=0.7)


def draw_confidence(table: pd.DataFrame) -> str:
    """The calibration by margin, and said against right."""
    figure = new_figure(7.2, 2.9)
    left, right = figure.subplots(1, 2)
    calibration = load_confidence()
    for status, values in (("present", calibration.is_present), ("absent", calibration.is_absent)):
        color, marker, line = _STATUS_STYLES[status]
        left.plot(calibration.margin, values, line, color=color, marker=marker, markersize=3, label=status)
        rows = choose(table, (table["status"] == status) & np.isfinite(table["low"].astype(float)))
        right.plot(rows["confidence"], rows["right"], line, color=color, marker=marker, markersize=4, label=status)
    left.set_xlabel("margin, standard errors")
    left.set_ylabel("confidence")
    left.legend(frameon=False, fontsize=SMALL_PT)
    right.plot([0, 1], [0, 1], color=RULE, linewidth=1, zorder=0)
    right.set_xlabel("confidence said")
    right.set_ylabel("share right (other walkers)")
    for axes in (left, right):
        _finish(axes)
    return to_svg(figure)


def _finish(axes: Axes) -> None:
    axes.set_ylim(0, 1.03)
    tidy_axes(axes)
