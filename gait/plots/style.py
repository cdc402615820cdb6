"""One look for all pictures: colours, line styles, and the way a figure becomes a file.

Left is blue and solid, right is vermilion and dashed: the two can be told apart without colour, and the pair stays
apart for colour-blind readers (Okabe & Ito 2008, Color Universal Design).
"""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gait.core.sides import Side

INK = "#1d2733"
MUTED = "#5b6775"
RULE = "#c9d1d9"
NORM_FILL = "#d9dde2"
STRAIGHT_FILL = "#f1f4f7"
FONT_PT = 9.0
SMALL_PT = 8.0


@dataclass(frozen=True, slots=True)
class SideStyle:
    """How one side is drawn.

    Attributes
    ----------
    color
        Of lines and markers.
    line
        Matplotlib line style; the second way to tell the sides apart.
    marker
        Matplotlib marker; the second way to tell dots apart.
    hatch
        Pattern of filled bars.
    """

    color: str
    line: str
    marker: str
    hatch: str


SIDE_STYLES: Mapping[Side, SideStyle] = {
    "left": SideStyle("#0072B2", "-", "o", ""),
    "right": SideStyle("#D55E00", "--", "D", "////"),
}

#: Matplotlib reads these from global settings while it draws, so they are set only then, by one thread at a time.
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be edited, searched and read aloud
    "svg.hashsalt": "gait",  # the same figure gives the same bytes
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica"],  # the first one comes with matplotlib
    "font.size": FONT_PT,
    "hatch.linewidth": 0.6,
    "axes.unicode_minus": True,
}
_DRAWING = threading.RLock()


def new_figure(width_in: float, height_in: float) -> Figure:
    """An empty figure with our background and layout engine, outside of pyplot.

    Parameters
    ----------
    width_in, height_in
        Size, in inches.
    """
    figure = Figure(figsize=(width_in, height_in), facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def tidy_axes(axes: Axes) -> None:
    """Take away what does not carry data: the upper and right frame, heavy ticks."""
    for name in ("top", "right"):
        axes.spines[name].set_visible(False)
    for name in ("left", "bottom"):
        axes.spines[name].set_color(RULE)
    axes.tick_params(colors=MUTED, labelsize=SMALL_PT, length=3, width=0.8)
    axes.set_axisbelow(True)


def to_svg(figure: Figure) -> str:
    """The figure as SVG text, the same for the same figure.

    Returns
    -------
    str
        A complete SVG document. Text is text, not outlines.
    """
    buffer = io.StringIO()
    with _DRAWING, mpl.rc_context(_SETTINGS):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def to_png(figure: Figure, dpi: float = 150.0) -> bytes:
    """The figure as PNG bytes, for places that cannot show SVG."""
    buffer = io.BytesIO()
    with _DRAWING, mpl.rc_context(_SETTINGS):
        figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()


def save_svg(figure: Figure, path: Path) -> None:
    """Write the figure as SVG, complete or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(to_svg(figure), encoding="utf-8")
    part.replace(path)
