"""Joint angles over the gait cycle: mean and spread of each side, every single cycle, toe-off and what is usual."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gait.core.cycles import PERCENT, GaitCycles
from gait.core.sides import SIDES, Side
from gait.plots.style import FONT_PT, INK, MUTED, NORM_FILL, RULE, SIDE_STYLES, SMALL_PT, new_figure, tidy_axes
from gait.plots.words import ENGLISH, JointWords, PlotWords

#: The curves of a report, from the trunk to the floor.
REPORT_JOINTS: tuple[str, ...] = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "foot_pitch")

#: To be printed with every picture that shows the norm band.
NORM_CITATION = "Fukuchi, Fukuchi & Duarte 2018, PeerJ 6:e4640 (CC BY 4.0), averaged by us; not matched for speed"


def toe_off_percent(cycles: GaitCycles, side: str) -> np.ndarray:
    """``(n,)`` when each cycle of a side has its toe-off, in % of the cycle."""
    table = cycles.of(side)
    return (100.0 * (table["toe_off_s"] - table["start_s"]) / (table["end_s"] - table["start_s"])).to_numpy(float)


def mean_and_sd(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over cycles, point by point, leaving out what was not seen.

    Parameters
    ----------
    curves
        ``(n, 101)`` deg; NaN is missing.

    Returns
    -------
    tuple of numpy.ndarray
        ``(101,)`` mean (NaN where no cycle was seen) and ``(101,)`` sample standard deviation (NaN below two cycles).
    """
    seen = np.isfinite(curves)
    count = seen.sum(axis=0)
    total = np.where(seen, curves, 0.0).sum(axis=0)
    mean = np.divide(total, count, out=np.full(curves.shape[1], np.nan), where=count > 0)
    squares = np.where(seen, (curves - mean) ** 2, 0.0).sum(axis=0)
    variance = np.divide(squares, count - 1, out=np.full(curves.shape[1], np.nan), where=count > 1)
    return mean, np.sqrt(variance)


def draw_joint(
    axes: Axes, cycles: GaitCycles, joint: str, norms: pd.DataFrame | None = None, words: PlotWords = ENGLISH
) -> None:
    """Draw one joint on axes.

    Parameters
    ----------
    axes
        Where.
    cycles
        The gait cycles.
    joint
        One of :data:`gait.core.trajectories.JOINTS`.
    norms
        ``joint, percent, mean_deg, sd_deg``; None draws no band.
    words
        What is written.
    """
    _draw_norm(axes, joint, norms, words)
    drawn: list[Side] = [side for side in SIDES if _draw_side(axes, cycles, joint, side, words)]
    _mark_toe_offs(axes, cycles, drawn, words)
    if not drawn:
        axes.text(0.5, 0.5, words.not_measured, transform=axes.transAxes, ha="center", va="center", color=MUTED)
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=0.5)
    axes.set_xlim(0, 100)
    axes.set_xticks(range(0, 101, 20))
    axes.set_xlabel(words.cycle, color=MUTED, fontsize=SMALL_PT)
    tidy_axes(axes)
    _label_ends(axes, words.joints.get(joint, JointWords(joint.replace("_", " "), "−", "+")))


def joint_figure(
    cycles: GaitCycles,
    joint: str,
    norms: pd.DataFrame | None = None,
    words: PlotWords = ENGLISH,
    size_in: tuple[float, float] = (4.4, 3.0),
) -> Figure:
    """One joint as a figure of its own, with a legend."""
    figure = new_figure(*size_in)
    axes = figure.subplots()
    draw_joint(axes, cycles, joint, norms, words)
    _legend(figure, axes, words)
    return figure


def joints_figure(
    cycles: GaitCycles,
    norms: pd.DataFrame | None = None,
    joints: Sequence[str] = REPORT_JOINTS,
    words: PlotWords = ENGLISH,
) -> Figure:
    """Several joints in one figure, two a row, with one legend."""
    rows = (len(joints) + 1) // 2
    figure = new_figure(7.6, 2.7 * rows + 0.4)
    grid = figure.subplots(rows, 2, squeeze=False)
    for axes, joint in zip(grid.flat, joints, strict=False):
        draw_joint(axes, cycles, joint, norms, words)
    for axes in list(grid.flat)[len(joints) :]:
        axes.set_visible(False)
    _legend(figure, grid[0, 0], words)
    return figure


def _draw_norm(axes: Axes, joint: str, norms: pd.DataFrame | None, words: PlotWords) -> None:
    if norms is None or joint not in set(norms["joint"]):
        return
    band = norms.loc[norms["joint"] == joint]
    percent, mean, sd = (band[name].to_numpy(float) for name in ("percent", "mean_deg", "sd_deg"))
    axes.fill_between(percent, mean - sd, mean + sd, color=NORM_FILL, linewidth=0, zorder=1, label=words.norm)


def _draw_side(axes: Axes, cycles: GaitCycles, joint: str, side: Side, words: PlotWords) -> bool:
    """Draw one side's cycles, their mean and spread; say whether there was anything to draw."""
    curves = cycles.curve(side, joint) if joint in cycles.curves["joint"].values else np.empty((0, len(PERCENT)))
    seen = np.isfinite(curves).any(axis=1)
    if not seen.any():
        return False
    style = SIDE_STYLES[side]
    axes.plot(PERCENT, curves[seen].T, color=style.color, linewidth=0.5, alpha=0.28, zorder=2)
    mean, sd = mean_and_sd(curves)
    if np.isfinite(sd).any():
        axes.fill_between(PERCENT, mean - sd, mean + sd, color=style.color, alpha=0.13, linewidth=0, zorder=2)
    label = f"{words.side(side)} (n = {int(seen.sum())})"
    axes.plot(PERCENT, mean, color=style.color, linestyle=style.line, linewidth=2.0, zorder=4, label=label)
    return True


def _mark_toe_offs(axes: Axes, cycles: GaitCycles, sides: Sequence[Side], words: PlotWords) -> None:
    """A line where each side leaves the floor; the earlier one is labelled on its left, the later one on its right."""
    shares = {side: toe_off_percent(cycles, side) for side in sides}
    known: list[Side] = [side for side in sides if np.isfinite(shares[side]).any()]
    for rank, side in enumerate(sorted(known, key=lambda side: np.nanmean(shares[side]))):
        style, at = SIDE_STYLES[side], float(np.nanmean(shares[side]))
        is_first = rank == 0 and len(known) == 2
        axes.axvline(at, color=style.color, linestyle=style.line, linewidth=0.9, alpha=0.8, zorder=3)
        axes.text(
            at - 1.0 if is_first else at + 1.0, 1.0, words.toe_off, transform=axes.get_xaxis_transform(),
            color=style.color, fontsize=SMALL_PT - 1, va="top", ha="right" if is_first else "left",
        )  # fmt: skip


def _label_ends(axes: Axes, words: JointWords) -> None:
    """Write what both ends of the axis mean; a bare sign says nothing to whoever uses another convention."""
    axes.set_title(words.title, fontsize=FONT_PT + 1, color=INK, loc="left", fontweight="bold")
    axes.yaxis.set_major_formatter("{x:.0f}°")
    axes.margins(y=0.12)
    axes.set_ylabel(f"{words.low}  |  {words.high}", color=MUTED, fontsize=SMALL_PT)


def _legend(figure: Figure, axes: Axes, words: PlotWords) -> None:
    handles, labels = axes.get_legend_handles_labels()
    # The sides first, what is usual last.
    order = sorted(range(len(labels)), key=lambda index: labels[index] == words.norm)
    if not order:
        return
    figure.legend(
        [handles[i] for i in order], [labels[i] for i in order],
        loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL_PT, labelcolor=INK,
        handlelength=2.4, columnspacing=1.2,
    )  # fmt: skip
