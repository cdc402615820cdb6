"""The foot at one contact, picture by picture: what was measured, for the reader's own eyes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from gait.core.feet import FootStrip
from gait.plots.style import INK, MUTED, RULE, SIDE_STYLES, SMALL_PT, new_figure
from gait.plots.words import ENGLISH, PlotWords

#: Size of the drawn angle, in the picture's own height.
_GLYPH = 0.3
_WIDTH_IN = 7.2


def draw_strip(axes: Sequence[Axes], strip: FootStrip, words: PlotWords = ENGLISH) -> None:
    """Draw one foot's pictures from left to right, one in each axes.

    Under each stands its time from initial contact and the measured pitch; in its corner the pitch is drawn as a line
    on a floor line, so that the number can be held against the picture.

    Parameters
    ----------
    axes
        One for each picture of the strip.
    strip
        The pictures.
    words
        Labels.
    """
    style = SIDE_STYLES[strip.side]
    nearest = int(np.argmin(np.abs(strip.time_s - strip.contact_s)))
    for number, (ax, image) in enumerate(zip(axes, strip.images, strict=True)):
        ax.imshow(image, interpolation="bilinear")
        ax.set_xticks([])
        ax.set_yticks([])
        is_contact = number == nearest
        for spine in ax.spines.values():
            frame = (style.color, 2.0, style.line) if is_contact else (RULE, 0.6, "-")
            spine.set(edgecolor=frame[0], linewidth=frame[1], linestyle=frame[2])
        pitch = float(strip.pitch_deg[number])
        after = _signed(1000.0 * (strip.time_s[number] - strip.contact_s), " ms")
        ax.set_xlabel(f"{after}\n{_signed(pitch, '°')}", fontsize=SMALL_PT, color=INK if is_contact else MUTED)
        if is_contact:
            ax.set_title(words.initial_contact, fontsize=SMALL_PT, color=style.color)
        if np.isfinite(pitch):
            _draw_angle(ax, pitch, image.shape[0], style.color)
    axes[0].set_ylabel(words.side(strip.side), fontsize=SMALL_PT + 1, color=style.color, fontweight="bold")


def _signed(value: float, unit: str) -> str:
    """A whole number with its sign; zero has none, what was not measured is a dash."""
    if not np.isfinite(value):
        return "–"
    whole = round(value)
    sign = "+" if whole > 0 else ("\N{MINUS SIGN}" if whole < 0 else "")
    return f"{sign}{abs(whole)}{unit}"


def _draw_angle(ax: Axes, pitch_deg: float, height: int, color: str) -> None:
    """A line at the measured pitch on a floor line, in the upper left corner; toes point to the right."""
    size = _GLYPH * height
    x, y = 0.35 * size, 1.15 * size
    turn = np.radians(pitch_deg)
    for width, ink in ((4.0, "white"), (1.6, None)):
        ax.plot([x, x + size], [y, y], color=ink or INK, linewidth=width * 0.7, solid_capstyle="round")
        ax.plot(
            [x, x + size * np.cos(turn)],
            [y, y - size * np.sin(turn)],
            color=ink or color,
            linewidth=width,
            solid_capstyle="round",
        )


def strips_figure(strips: Sequence[FootStrip], words: PlotWords = ENGLISH) -> Figure:
    """One row a foot.

    Parameters
    ----------
    strips
        At least one, each with at least one picture.
    words
        Labels.
    """
    columns = max(len(strip.images) for strip in strips)
    shapes = [strip.images.shape[1] / strip.images.shape[2] for strip in strips]
    cell_in = _WIDTH_IN / columns
    figure = new_figure(_WIDTH_IN, sum(cell_in * shape + 0.62 for shape in shapes))
    grid = figure.subplots(len(strips), columns, squeeze=False, gridspec_kw={"height_ratios": shapes})
    for row, strip in zip(grid, strips, strict=True):
        draw_strip(list(row[: len(strip.images)]), strip, words)
        for unused in row[len(strip.images) :]:
            unused.set_visible(False)
    return figure
