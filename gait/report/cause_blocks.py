"""The parts of a report that show reasoning: what moved a cause, shares of a whole, things to do.

As in ``blocks.py``, every text is plain text, never markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Bar:
    """One thing that moved a value up or down.

    Attributes
    ----------
    mark
        How it is known, in a word.
    text
        What it is.
    share
        -1..1 of the longest bar: to the right of the axis above 0, to the left below.
    value
        The number in words; it carries the direction too, so that nobody needs the colour.
    """

    mark: str
    text: str
    share: float
    value: str


@dataclass(frozen=True, slots=True)
class BarGroup:
    """Bars of one direction; ``more`` names those that are not drawn."""

    title: str
    items: tuple[Bar, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars on both sides of one axis, each a line that reads as text without its bar.

    Attributes
    ----------
    label
        What the bars are.
    less, more
        What the left and the right of the axis mean.
    groups
        Bars of one direction each.
    """

    label: str
    less: str
    more: str
    groups: tuple[BarGroup, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole: its name, its size 0..1, and its size in words."""

    text: str
    share: float
    value: str


@dataclass(frozen=True, slots=True)
class Shares:
    """The parts of a whole, side by side; order and numbers tell what the colours do."""

    kind: ClassVar[str] = "shares"
    label: str
    items: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do or to keep in mind: what, how, and for what reason."""

    text: str
    how: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Things to do, the most telling first; ``is_compact`` sets each on one line where it fits."""

    kind: ClassVar[str] = "steps"
    items: tuple[Step, ...]
    is_compact: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """Other cards that this one belongs to: how, and pairs of a name and a card's id."""

    label: str
    items: tuple[tuple[str, str], ...]
