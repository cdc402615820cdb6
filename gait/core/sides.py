"""The walker's sides. Always the walker's own, never the viewer's."""

from __future__ import annotations

from typing import Literal

Side = Literal["left", "right"]

SIDES: tuple[Side, Side] = ("left", "right")


def other_side(side: Side) -> Side:
    """The opposite side.

    Examples
    --------
    >>> other_side("left")
    'right'
    """
    return "right" if side == "left" else "left"
