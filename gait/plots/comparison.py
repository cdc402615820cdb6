"""Visits side by side: joint curves of all visits over each other, and changes beside what is detectable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from gait.comparison.model import Change, CurveChange, Visit
from gait.core.cycles import PERCENT, GaitCycles
from gait.core.sides import SIDES, Side
from gait.plots.curves import mean_and_sd, toe_off_percent
from gait.plots.style import INK, MUTED, NORM_FILL, RULE, SIDE_STYLES, SMALL_PT, new_figure, tidy_axes
from gait.plots.words import ENGLISH, JointWords, PlotWords

#: Line styles from the first visit on; the last one is always drawn through, in the colour of its side.
_EARLIER: tuple[str | tuple[int, tuple[float, ...]], ...] = ("--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)))

#: The first visit is drawn in this grey, later ones nearer and nearer to the side's colour.
_FIRST = "#6b7480"

#: Longer bars than this many detectable changes end in an arrow: one huge change must not squeeze all others.
_REACH = 6.0


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The words on these pictures, beside those of :class:`PlotWords`; the defaults are English."""

    visit: str = "{name} (n = {count})"
    changed: str = "beyond the detectable difference"
    axis: str = "Change, in detectable changes"
    less: str = "less"
    more: str = "more"
    band: str = "an unchanged person’s two films differ by less"
    counts: str = "beyond it"
    within: str = "within it"
    both: str = "whole walk"


def curve_figure(
    joint: str,
    side: Side,
    visits: Sequence[Visit],
    changes: Sequence[CurveChange],
    words: PlotWords = ENGLISH,
    change_words: ChangeWords | None = None,
) -> Figure:
    """One joint of one leg: mean of every visit, ± 1 SD of the first and the last.

    Parameters
    ----------
    joint, side
        One of :data:`gait.core.trajectories.JOINTS`, and whose. Both sides are drawn on one scale.
    visits
        In the order of time.
    changes
        Curves of the first visit against the last; where they changed a bar is drawn below.
    words, change_words
        What is written.
    """
    said = change_words or ChangeWords()
    figure = new_figure(3.9, 3.0)
    axes = figure.subplots()
    drawn = False
    for number, visit in enumerate(visits):
        drawn |= _draw_visit(axes, joint, side, visit, number, len(visits), said)
    found = next((change for change in changes if (change.joint, change.side) == (joint, side)), None)
    _mark_changes(axes, found, said)
    names = words.joints.get(joint, JointWords(joint.replace("_", " "), "−", "+"))
    _frame(axes, names, _limits(joint, visits), words)
    axes.set_title(f"{names.title} · {words.side(side)}", fontsize=9.5, color=INK, loc="left", fontweight="bold")
    if drawn:
        figure.legend(
            loc="outside lower left", ncols=2, frameon=False, fontsize=SMALL_PT - 0.5, labelcolor=INK,
            handlelength=2.4, columnspacing=1.2,
        )  # fmt: skip
    else:
        axes.text(0.5, 0.5, words.not_measured, transform=axes.transAxes, ha="center", va="center", color=MUTED)
    return figure


def changes_figure(
    changes: Sequence[Change],
    labels: Mapping[str, str],
    words: PlotWords = ENGLISH,
    change_words: ChangeWords | None = None,
) -> Figure:
    """Changes in units of what is detectable, the band of an unchanged person behind them.

    Parameters
    ----------
    changes
        Changes that were compared, in the order to be drawn from top to bottom.
    labels
        Names of the measures, by id.
    words, change_words
        What is written.
    """
    said = change_words or ChangeWords()
    ids = list(dict.fromkeys(change.parameter for change in changes))
    figure = new_figure(6.4, 1.15 + 0.37 * len(ids))
    axes = figure.subplots()
    axes.axvspan(-1, 1, color=NORM_FILL, linewidth=0, zorder=0)
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=1)
    for change in changes:
        _draw_change(axes, change, len(ids) - 1 - ids.index(change.parameter))
    reach = min(_REACH, max((abs(change.times) for change in changes), default=1.0) + 1.0) + 0.4
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-0.5, len(ids) - 0.3)
    axes.set_yticks([])
    for row, name in enumerate(reversed(ids)):
        # The name stands above its row, so that narrow screens show both.
        axes.text(-reach, row + 0.42, f" {labels.get(name, name)}", color=INK, fontsize=SMALL_PT, va="center")
        axes.axhline(row + 0.62, color=RULE, linewidth=0.5, zorder=0.5)
    tidy_axes(axes)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"← {said.less}  ·  {said.axis}  ·  {said.more} →", color=MUTED, fontsize=SMALL_PT)
    _changes_legend(figure, changes, words, said)
    return figure


def _limits(joint: str, visits: Sequence[Visit]) -> tuple[float, float] | None:
    """One scale for both sides of a joint: all means with their spread."""
    edges: list[float] = []
    for visit in visits:
        for side in SIDES:
            mean, sd = mean_and_sd(_curves(visit.analysis.cycles, joint, side))
            spread = np.where(np.isfinite(sd), sd, 0.0)
            edges += [float(v) for v in (*(mean - spread), *(mean + spread)) if np.isfinite(v)]
    if not edges:
        return None
    margin = 0.1 * (max(edges) - min(edges))
    return min(edges) - margin, max(edges) + margin


def _frame(axes: Axes, names: JointWords, limits: tuple[float, float] | None, words: PlotWords) -> None:
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=0.5)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20))
    if limits is not None:
        axes.set_ylim(*limits)
    axes.set_xlabel(words.cycle, color=MUTED, fontsize=SMALL_PT)
    axes.set_ylabel(f"{names.low}  |  {names.high}", color=MUTED, fontsize=SMALL_PT)
    axes.yaxis.set_major_formatter("{x:.0f}°")
    tidy_axes(axes)


def _draw_visit(axes: Axes, joint: str, side: Side, visit: Visit, number: int, count: int, said: ChangeWords) -> bool:
    """Mean of one visit, with its spread for the first and last; say whether there was anything to draw."""
    cycles = visit.analysis.cycles
    curves = _curves(cycles, joint, side)
    seen = np.isfinite(curves).any(axis=1)
    if not seen.any():
        return False
    is_last = number == count - 1
    color = SIDE_STYLES[side].color if is_last else _tint(number / (count - 1), side)
    line = "-" if is_last else _EARLIER[number % len(_EARLIER)]
    mean, sd = mean_and_sd(curves)
    if np.isfinite(sd).any() and (is_last or number == 0):
        axes.fill_between(PERCENT, mean - sd, mean + sd, color=color, alpha=0.2, linewidth=0, zorder=2)
    label = said.visit.format(name=short_name(visit.name), count=int(seen.sum()))
    axes.plot(PERCENT, mean, color=color, linestyle=line, linewidth=2.0 if is_last else 1.7, zorder=4, label=label)
    toe_off = toe_off_percent(cycles, side)
    if np.isfinite(toe_off).any():
        axes.axvline(float(np.nanmean(toe_off)), color=color, linestyle=line, linewidth=0.8, alpha=0.8, zorder=3)
    return True


def short_name(name: str, longest: int = 16) -> str:
    """The name of a visit where there is little room."""
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def _tint(share: float, side: Side) -> str:
    """Between the grey of the first visit and the colour of the side."""
    grey, full = np.array(to_rgb(_FIRST)), np.array(to_rgb(SIDE_STYLES[side].color))
    red, green, blue = (grey + 0.7 * share * (full - grey)).tolist()
    return to_hex((red, green, blue))


def _curves(cycles: GaitCycles, joint: str, side: Side) -> np.ndarray:
    return cycles.curve(side, joint) if joint in cycles.curves["joint"].values else np.empty((0, len(PERCENT)))


def _mark_changes(axes: Axes, change: CurveChange | None, said: ChangeWords) -> None:
    """A bar on the floor of the picture wherever the curve changed."""
    for number, stretch in enumerate(change.stretches if change is not None else ()):
        axes.plot(
            [stretch.start_pct, stretch.end_pct], [0.015, 0.015], transform=axes.get_xaxis_transform(), color=INK,
            linewidth=4, solid_capstyle="butt", zorder=5, label=said.changed if number == 0 else None,
        )  # fmt: skip


def _style(change: Change) -> tuple[str, str]:
    """Colour and marker."""
    if change.side == "both":
        return INK, "s"
    style = SIDE_STYLES[change.side]
    return style.color, style.marker


def _draw_change(axes: Axes, change: Change, row: int) -> None:
    """A line from no change to the change; the dot is full where it counts."""
    color, marker = _style(change)
    height = row + {"left": 0.1, "right": -0.16, "both": -0.03}[change.side]
    times = float(np.clip(change.times, -_REACH, _REACH))
    axes.plot([0, times], [height, height], color=color, linewidth=1.2, alpha=0.7, zorder=2)
    if abs(change.times) > _REACH:
        marker = ">" if times > 0 else "<"
    face = color if change.is_real else "white"
    axes.plot([times], [height], marker=marker, color=color, markerfacecolor=face, markersize=6, zorder=3)


def _changes_legend(figure: Figure, changes: Sequence[Change], words: PlotWords, said: ChangeWords) -> None:
    handles: list[Line2D | Patch] = []
    names = {"left": words.left, "right": words.right, "both": said.both}
    for side, name in names.items():
        example = next((change for change in changes if change.side == side), None)
        if example is not None:
            color, marker = _style(example)
            handles.append(Line2D([], [], color=color, marker=marker, markersize=6, linewidth=1.2, label=name))
    for face, name in ((INK, said.counts), ("white", said.within)):
        handles.append(
            Line2D([], [], color=INK, marker="o", markerfacecolor=face, linestyle="", markersize=5, label=name)
        )
    handles.append(Patch(color=NORM_FILL, label=said.band))
    figure.legend(
        handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL_PT, labelcolor=INK,
        columnspacing=1.4,
    )  # fmt: skip
