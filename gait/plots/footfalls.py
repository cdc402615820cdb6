"""When which foot is on the floor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gait.core.events import GaitEvents
from gait.core.sides import SIDES, Side
from gait.core.trajectories import Pass
from gait.plots.style import INK, MUTED, SIDE_STYLES, SMALL_PT, STRAIGHT_FILL, new_figure, tidy_axes
from gait.plots.words import ENGLISH, PlotWords

#: Longest stance that is drawn, in s: a bar over a missed toe-off would be an invention. Strides reach 2.6 s with
#: a stance of up to 85 % in the slowest patients (our estimate).
MAX_STANCE_S = 2.2

#: Events below this confidence are drawn hollow (our estimate: the event is as likely wrong as right).
UNSURE_BELOW = 0.5

_ROW_S = 8.0
_HEIGHT_OF: dict[Side, float] = {"left": 1.0, "right": 0.0}


@dataclass(frozen=True, slots=True)
class Stance:
    """One foot on the floor, from initial contact to toe-off, in s."""

    side: Side
    start_s: float
    end_s: float


def stances(events: GaitEvents) -> tuple[Stance, ...]:
    """Pair every initial contact with the next toe-off of the same foot.

    A contact whose next event is another contact, or whose toe-off is more than :data:`MAX_STANCE_S` away, has no
    pair: nothing is drawn where an event was missed.
    """
    found = []
    for side in SIDES:
        table = events.table[events.table["side"] == side]
        kinds, times = table["kind"].tolist(), table["time_s"].tolist()
        for kind, time_s, next_kind, next_s in zip(kinds, times, kinds[1:], times[1:], strict=False):
            if (kind, next_kind) == ("initial_contact", "toe_off") and next_s - time_s <= MAX_STANCE_S:
                found.append(Stance(side, time_s, next_s))
    return tuple(sorted(found, key=lambda stance: stance.start_s))


def draw_footfalls(
    axes: Axes,
    events: GaitEvents,
    passes: Sequence[Pass] = (),
    window_s: tuple[float, float] | None = None,
    words: PlotWords = ENGLISH,
) -> None:
    """Draw stance bars of both feet over time on axes.

    Parameters
    ----------
    axes
        Where.
    events
        Initial contacts (triangles) and toe-offs (ticks); hollow where the confidence is below
        :data:`UNSURE_BELOW`.
    passes
        Straight stretches; shaded.
    window_s
        First and last time shown; None shows all.
    words
        What is written.
    """
    start_s, end_s = window_s or _span(events)
    for stretch in passes:
        left, right = max(stretch.start_s, start_s), min(stretch.end_s, end_s)
        if right > left:
            axes.axvspan(left, right, color=STRAIGHT_FILL, linewidth=0, zorder=0)
    for stance in stances(events):
        _draw_stance(axes, stance)
    for side in SIDES:
        _draw_events(axes, events, side)
    axes.set_xlim(start_s, end_s)
    axes.set_ylim(-0.6, 1.65)
    axes.set_yticks([1.0, 0.0], [words.left, words.right])
    tidy_axes(axes)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0, labelcolor=INK)


def footfalls_figure(
    events: GaitEvents, passes: Sequence[Pass] = (), words: PlotWords = ENGLISH, width_in: float = 7.6
) -> Figure:
    """The footfall timeline, broken into rows of at most eight seconds; stretches without events are left out."""
    windows = _windows(events)
    figure = new_figure(width_in, 0.75 + 0.85 * max(1, len(windows)))
    grid = figure.subplots(max(1, len(windows)), 1, squeeze=False)[:, 0]
    if not windows:
        grid[0].text(0.5, 0.5, words.not_measured, transform=grid[0].transAxes, ha="center", va="center", color=MUTED)
        grid[0].set_axis_off()
        return figure
    for axes, window in zip(grid, windows, strict=True):
        draw_footfalls(axes, events, passes, window, words)
    grid[-1].set_xlabel(words.time, color=MUTED, fontsize=SMALL_PT)
    _legend(figure, grid[0], words)
    return figure


def _span(events: GaitEvents) -> tuple[float, float]:
    times = events.table["time_s"].to_numpy(float)
    return (float(times.min()) - 0.2, float(times.max()) + 0.2) if len(times) else (0.0, 1.0)


def _windows(events: GaitEvents) -> list[tuple[float, float]]:
    """Rows of equal length that hold all events; rows without one are left out."""
    if not len(events):
        return []
    start_s, end_s = _span(events)
    rows = max(1, int(np.ceil((end_s - start_s) / _ROW_S)))
    length_s = max((end_s - start_s) / rows, 2.0)
    times = events.table["time_s"].to_numpy(float)
    edges = [start_s + length_s * row for row in range(rows + 1)]
    pairs = pairwise(edges)
    return [(left, right) for left, right in pairs if np.any((times >= left) & (times < right))]


def _draw_stance(axes: Axes, stance: Stance) -> None:
    style = SIDE_STYLES[stance.side]
    axes.broken_barh(
        [(stance.start_s, stance.end_s - stance.start_s)],
        (_HEIGHT_OF[stance.side] - 0.26, 0.52),
        facecolor=style.color, alpha=0.85, edgecolor="white", hatch=style.hatch, linewidth=0.4, zorder=2,
        clip_on=True,
    )  # fmt: skip


def _draw_events(axes: Axes, events: GaitEvents, side: Side) -> None:
    """Triangles at initial contacts, ticks at toe-offs, above the side's bars."""
    style = SIDE_STYLES[side]
    table = events.table[events.table["side"] == side]
    for kind, marker in (("initial_contact", "v"), ("toe_off", "|")):
        chosen = np.asarray(table["kind"]) == kind
        sure = np.asarray(table["confidence"], float) >= UNSURE_BELOW
        times = np.asarray(table["time_s"], float)
        for times_s, face in ((times[chosen & sure], style.color), (times[chosen & ~sure], "white")):
            axes.plot(
                times_s, np.full(len(times_s), _HEIGHT_OF[side] + 0.40), linestyle="none", marker=marker,
                markersize=5, markerfacecolor=face, markeredgecolor=style.color, zorder=3,
            )  # fmt: skip


def _legend(figure: Figure, axes: Axes, words: PlotWords) -> None:
    handles = [
        axes.scatter([], [], marker="s", s=60, color=MUTED, label=words.stance),
        axes.scatter([], [], marker="v", s=22, color=MUTED, label=words.initial_contact),
        axes.scatter([], [], marker="|", s=30, color=MUTED, label=words.toe_off),
        axes.scatter([], [], marker="v", s=22, facecolor="white", edgecolor=MUTED, label=words.unsure),
        axes.scatter([], [], marker="s", s=60, facecolor=STRAIGHT_FILL, edgecolor="none", label=words.straight),
    ]
    figure.legend(
        handles=handles, loc="outside upper left", ncols=5, frameon=False, fontsize=SMALL_PT, labelcolor=INK,
        handletextpad=0.3, columnspacing=1.2,
    )  # fmt: skip
