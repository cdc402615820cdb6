"""How a task went: heel heights over time, or one dot a repetition."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gait.core.sides import SIDES, Side, other_side
from gait.core.tasks import Attempt, TaskRecord
from gait.core.trajectories import Trajectories
from gait.plots.style import INK, MUTED, RULE, SIDE_STYLES, SMALL_PT, STRAIGHT_FILL, new_figure, tidy_axes
from gait.plots.words import ENGLISH, PlotWords

#: The measure of a repetition that is drawn, by task.
SHOWN: dict[str, str] = {
    "heel_walk": "heel_walk_foot_pitch_deg",
    "toe_walk": "toe_walk_heel_height_ll",
    "heel_raise": "tiptoe_heel_height_ll",
    "single_leg_stance": "single_leg_stance_time_s",
    "sit_to_stand": "sit_to_stand_rise_time_s",
}

#: Before the first and after the last repetition of a leg the other foot is lifted for so long at least, in s (our
#: estimate); its heel is not drawn.
_LIFTS_S = 0.8


def task_figure(
    record: TaskRecord, trajectories: Trajectories, label: str, words: PlotWords = ENGLISH, width_in: float = 7.6
) -> Figure:
    """Heel raises as the height of each heel over its toe in time; other tasks as one dot a repetition.

    Parameters
    ----------
    record
        The task and its repetitions.
    trajectories
        Landmarks over time.
    label
        Name and unit of what is drawn.
    words
        What is written.
    """
    figure = new_figure(width_in, 2.6)
    axes = figure.subplots()
    if record.task == "heel_raise":
        _draw_heels(axes, record, trajectories, words)
    else:
        _draw_dots(axes, record, words)
    axes.set_xlabel(words.time, color=MUTED, fontsize=SMALL_PT)
    axes.set_ylabel(label, color=MUTED, fontsize=SMALL_PT)
    tidy_axes(axes)
    if axes.get_legend_handles_labels()[0]:
        figure.legend(loc="outside upper left", ncols=3, frameon=False, fontsize=SMALL_PT, labelcolor=INK)
    return figure


def _draw_heels(axes: Axes, record: TaskRecord, trajectories: Trajectories, words: PlotWords) -> None:
    """Both heels over their toes as they are seen, from their lowest on; the repetitions shaded."""
    leg = trajectories.scale.leg_length_px
    for attempt in record.attempts:
        axes.axvspan(attempt.start_s, attempt.end_s, color=STRAIGHT_FILL, linewidth=0, zorder=0)
    for side in SIDES:
        over = (trajectories.landmark(side, "heel") - trajectories.landmark(side, "toe"))[:, 1] / leg
        if not np.isfinite(over).any():
            continue
        style = SIDE_STYLES[side]
        shown = np.where(_is_lifted(record, side, trajectories.time_s), np.nan, over - np.nanpercentile(over, 10))
        axes.plot(
            trajectories.time_s, shown, color=style.color, linestyle=style.line, linewidth=1.3,
            label=words.side(side),
        )  # fmt: skip
    axes.axhline(0.0, color=RULE, linewidth=0.8, zorder=1)


def _is_lifted(record: TaskRecord, side: Side, time_s: np.ndarray) -> np.ndarray:
    """``(n,)`` while the other leg alone is at work."""
    other = record.of(other_side(side))
    if not other:
        return np.zeros(len(time_s), bool)
    return (time_s > other[0].start_s - _LIFTS_S) & (time_s < other[-1].end_s + _LIFTS_S)


def _draw_dots(axes: Axes, record: TaskRecord, words: PlotWords) -> None:
    """One dot a repetition, at its peak."""
    name = SHOWN.get(record.task, "")
    sides: tuple[Side | str, ...] = (*SIDES, "both")
    for side in sides:
        found = [attempt for attempt in record.of(side) if name in attempt.values]
        if found:
            _draw_side(axes, found, name, side, words)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))


def _draw_side(axes: Axes, found: list[Attempt], name: str, side: str, words: PlotWords) -> None:
    style = SIDE_STYLES.get(side)  # pyright: ignore[reportArgumentType, reportCallIssue]
    axes.plot(
        [attempt.peak_s for attempt in found],
        [attempt.values[name] for attempt in found],
        linestyle="none",
        marker="o" if style is None else style.marker,
        color=INK if style is None else style.color,
        label=None if style is None else words.side(side),
    )
