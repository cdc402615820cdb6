"""Left against right: each measure with its interval beside what is usual, and how far the sides differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from gait.core.parameters import GaitParameters, Parameter
from gait.core.sides import SIDES, Side
from gait.plots.style import INK, MUTED, NORM_FILL, SIDE_STYLES, SMALL_PT, new_figure, tidy_axes
from gait.plots.words import ENGLISH, PlotWords

#: Units of measures that start at zero, so that a difference in percent has a meaning; angles have none.
RATIO_UNITS = frozenset({"s", "ms", "m", "cm", "%", "m/s", "leg lengths", "ll"})

#: Robinson's symmetry index: below 6 % usual, above 10 % asymmetric (Robinson 1987 for 10 %; 6 % is our estimate).
USUAL_PCT, ASYMMETRIC_PCT = 6.0, 10.0

#: Spreads and asymmetries are no quantities whose asymmetry would mean something.
_NOT_COMPARED = ("_cv_pct", "_asymmetry_pct", "_ratio")

#: A normal interval of 95 % reaches this many standard errors to each side.
_Z95 = 1.96


@dataclass(frozen=True, slots=True)
class SidePair:
    """One measure of both sides."""

    left: Parameter
    right: Parameter

    @property
    def id(self) -> str:
        """The measure."""
        return self.left.id


@dataclass(frozen=True, slots=True)
class Difference:
    """Right minus left with its 95 % interval, in the unit of the measure (or in percent)."""

    value: float
    low: float
    high: float


def side_pairs(parameters: GaitParameters) -> tuple[SidePair, ...]:
    """Measures that have a finite value on both sides, in catalogue order."""
    pairs = []
    for left in parameters.summary:
        right = parameters.get(left.id, "right")
        if left.side == "left" and right is not None and np.isfinite([left.value, right.value]).all():
            pairs.append(SidePair(left, right))
    return tuple(pairs)


def difference(pair: SidePair) -> Difference:
    """Right minus left; the interval takes the errors of both sides as independent: half widths add in squares."""
    value = pair.right.value - pair.left.value
    half = float(np.hypot(_half_width(pair.left), _half_width(pair.right)))
    return Difference(value, value - half, value + half)


def symmetry_index(pair: SidePair) -> Difference | None:
    """Right minus left in percent of their mean; None where zero means nothing (angles) or the mean is near zero.

    Robinson, Herzog & Nigg (1987): ``100 (R - L) / (0.5 (R + L))``; positive when the right is larger. The interval is
    that of the difference, over the mean.
    """
    mean = 0.5 * (pair.left.value + pair.right.value)
    if pair.left.unit not in RATIO_UNITS or pair.id.endswith(_NOT_COMPARED) or mean <= 0:
        return None
    absolute = difference(pair)
    return Difference(*(100.0 * value / mean for value in (absolute.value, absolute.low, absolute.high)))


def draw_range(axes: Axes, pair: SidePair, label: str, words: PlotWords = ENGLISH) -> None:
    """One measure: a dot and a 95 % bar for each side, the usual range behind them.

    Parameters
    ----------
    axes
        Where; its scale is the measure's own.
    pair
        The measure.
    label
        Its name, with the unit.
    words
        What is written.
    """
    for side, height, parameter in zip(SIDES, (1.0, 0.0), (pair.left, pair.right), strict=True):
        style = SIDE_STYLES[side]
        _draw_norm(axes, parameter, height)
        axes.plot(
            [parameter.low, parameter.high], [height, height], color=style.color, linestyle=style.line,
            linewidth=1.6, zorder=3,
        )  # fmt: skip
        axes.plot([parameter.value], [height], marker=style.marker, color=style.color, markersize=6, zorder=4)
    axes.set_ylim(-0.7, 1.7)
    axes.set_yticks([])
    axes.use_sticky_edges = False
    axes.margins(x=0.1)
    axes.locator_params(axis="x", nbins=4)
    tidy_axes(axes)
    axes.spines["left"].set_visible(False)
    axes.set_title(label, fontsize=SMALL_PT, color=INK, loc="left", pad=3)


def ranges_figure(
    pairs: Sequence[SidePair], labels: Mapping[str, str], words: PlotWords = ENGLISH, columns: int = 3
) -> Figure:
    """Small multiples: every measure on its own scale.

    Parameters
    ----------
    pairs
        The measures.
    labels
        Names by id, with units.
    words
        What is written.
    columns
        Measures a row.
    """
    rows = max(1, -(-len(pairs) // columns))
    figure = new_figure(2.5 * columns, 0.95 * rows + 0.45)
    grid = list(figure.subplots(rows, columns, squeeze=False).flat)
    for axes, pair in zip(grid, pairs, strict=False):
        draw_range(axes, pair, labels.get(pair.id, pair.id), words)
    for axes in grid[len(pairs) :]:
        axes.set_visible(False)
    handles: list[Artist] = [_handle(grid[0], side, words) for side in SIDES]
    handles.append(Patch(facecolor=NORM_FILL, label=words.usual))
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL_PT, labelcolor=INK)
    return figure


def draw_asymmetry(
    axes: Axes, pairs: Sequence[SidePair], labels: Mapping[str, str], words: PlotWords = ENGLISH
) -> None:
    """How far right and left differ, in percent, with 95 % bars; bars to the right mean that the right is larger."""
    rows = [(pair, index) for pair in pairs if (index := symmetry_index(pair)) is not None]
    axes.axvspan(-ASYMMETRIC_PCT, ASYMMETRIC_PCT, color="#eef0f3", linewidth=0, label=words.borderline)
    axes.axvspan(-USUAL_PCT, USUAL_PCT, color=NORM_FILL, linewidth=0, label=words.within)
    axes.axvline(0, color=MUTED, linewidth=0.8)
    for height, (_, index) in enumerate(reversed(rows)):
        style = SIDE_STYLES["right" if index.value > 0 else "left"]
        axes.plot([index.low, index.high], [height, height], color=style.color, linestyle=style.line, linewidth=1.6)
        axes.plot([index.value], [height], marker=style.marker, color=style.color, markersize=6)
    axes.set_yticks(range(len(rows)), [labels.get(pair.id, pair.id) for pair, _ in reversed(rows)])
    axes.set_ylim(-0.7, max(len(rows) - 0.3, 0.7))
    axes.set_xlim(*_reach([index for _, index in rows]))
    tidy_axes(axes)
    axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=SMALL_PT)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(
        f"← {words.left_larger}  ·  {words.difference}  ·  {words.right_larger} →", color=MUTED, fontsize=SMALL_PT
    )


def _reach(indices: Sequence[Difference]) -> tuple[float, float]:
    """Limits that show every value; a very wide interval runs out of the picture rather than shrink all others."""
    values = [abs(index.value) for index in indices]
    edges = [abs(edge) for index in indices for edge in (index.low, index.high) if np.isfinite(edge)]
    reach = max([1.5 * ASYMMETRIC_PCT, 1.2 * max(values, default=0.0), min(40.0, 1.08 * max(edges, default=0.0))])
    return -reach, reach


def asymmetry_figure(pairs: Sequence[SidePair], labels: Mapping[str, str], words: PlotWords = ENGLISH) -> Figure:
    """The asymmetry picture as a figure of its own."""
    count = sum(symmetry_index(pair) is not None for pair in pairs)
    figure = new_figure(6.4, 0.9 + 0.27 * max(count, 1))
    axes = figure.subplots()
    draw_asymmetry(axes, pairs, labels, words)
    handles, names = axes.get_legend_handles_labels()
    figure.legend(
        handles[::-1], names[::-1], loc="outside upper right", ncols=2, frameon=False, fontsize=SMALL_PT,
        labelcolor=INK,
    )  # fmt: skip
    return figure


def _half_width(parameter: Parameter) -> float:
    """Half of the 95 % interval; from the spread between strides where the interval is not known."""
    if np.isfinite([parameter.low, parameter.high]).all():
        return 0.5 * (parameter.high - parameter.low)
    if np.isfinite(parameter.sd) and parameter.strides > 1:
        return _Z95 * parameter.sd / float(np.sqrt(parameter.strides))
    return float("nan")


def _draw_norm(axes: Axes, parameter: Parameter, height: float) -> None:
    if parameter.norm is None:
        return
    axes.barh(
        height, parameter.norm.high - parameter.norm.low, left=parameter.norm.low, height=0.8, color=NORM_FILL, zorder=1
    )


def _handle(axes: Axes, side: Side, words: PlotWords) -> Line2D:
    style = SIDE_STYLES[side]
    (line,) = axes.plot(
        [], [], color=style.color, linestyle=style.line, marker=style.marker, markersize=5, label=words.side(side)
    )
    return line
