"""The movement analysis profile: how far each joint's curve is from usual, side by side (after Baker et al. 2009)."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from gait.core.scores import Scores, Usual
from gait.core.sides import SIDES, Side
from gait.plots.style import INK, MUTED, NORM_FILL, RULE, SIDE_STYLES, SMALL_PT, new_figure, tidy_axes
from gait.plots.words import ENGLISH, PlotWords

#: Width of a bar, and how far its middle lies from the middle of its joint.
_WIDTH, _OFFSET = 0.34, 0.19

#: The name of the column that sums up, among those of the joints.
TOTAL = "total"


def draw_profile(axes: Axes, scores: Scores, words: PlotWords = ENGLISH) -> None:
    """Draw a bar for each joint and side, and one for all joints, on what healthy people have with this program.

    Parameters
    ----------
    axes
        Where.
    scores
        With curve scores.
    words
        Labels.
    """
    joints = list(dict.fromkeys(variable.joint for variable in scores.variables))
    sums = {score.side: score for score in scores.profile if score.side != "both"}
    columns = [*joints, TOTAL] if sums else joints
    for variable in scores.variables:
        _draw_bar(axes, joints.index(variable.joint), variable.side, variable.shape_deg, variable.usual)
    for side in SIDES:
        if side in sums:
            _draw_bar(axes, len(joints), side, sums[side].value_deg, sums[side].usual)
    if sums:
        axes.axvline(len(joints) - 0.5, color=RULE, linewidth=0.8)
    names = [words.all_joints if name == TOTAL else words.joints[name].title for name in columns]
    axes.set_xticks(range(len(columns)), [name.replace(" (", "\n(") for name in names])
    axes.set_xlim(-0.55, len(columns) - 0.45)
    axes.margins(y=0.15)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:.0f}°")
    axes.set_ylabel(words.from_usual, color=MUTED, fontsize=SMALL_PT)
    tidy_axes(axes)
    axes.tick_params(axis="x", length=0, labelcolor=INK)


def profile_figure(scores: Scores, words: PlotWords = ENGLISH) -> Figure:
    """The movement analysis profile as a figure of its own, with a legend."""
    figure = new_figure(6.4, 3.0)
    axes = figure.subplots()
    draw_profile(axes, scores, words)
    handles = [
        Patch(
            facecolor=SIDE_STYLES[side].color, hatch=SIDE_STYLES[side].hatch, edgecolor="white", label=words.side(side)
        )
        for side in SIDES
    ]
    handles.append(Patch(facecolor=NORM_FILL, label=words.healthy_filmed))
    figure.legend(handles=handles, loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL_PT, labelcolor=INK)
    return figure


def _draw_bar(axes: Axes, column: int, side: Side, value: float, usual: Usual | None) -> None:
    style = SIDE_STYLES[side]
    at = column + (_OFFSET if side == "right" else -_OFFSET)
    if usual is not None:
        axes.bar(at, usual.high - usual.low, width=2 * _OFFSET, bottom=usual.low, color=NORM_FILL, zorder=1)
    axes.bar(at, value, width=_WIDTH * 0.62, color=style.color, hatch=style.hatch, edgecolor="white", zorder=2)
    axes.text(at, value, f"{value:.0f}°", ha="center", va="bottom", color=style.color, fontsize=SMALL_PT, zorder=3)
