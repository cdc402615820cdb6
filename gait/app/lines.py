"""Lines for the terminal: wrapped text, bars, and colour only where somebody looks.

A line is a row of spans, each a text with a style. What goes into a file or a pipe is the text alone, so that nothing
is told by colour only. Rich, which knows terminals, is imported only when there is one.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Span = tuple[str, str]
Line = tuple[Span, ...]

PIPED_WIDTH = 100
"""Columns where nobody's terminal sets them."""

LEAST_WIDTH, MOST_WIDTH = 60, 110
"""Narrower there is no room for bars; wider the eye loses the line (our choice)."""

BITS_PER_BLOCK = 0.5
"""One block of a bar, in bits: two blocks double or halve the odds (our choice)."""

BLOCKS = 8
"""Length of a bar to either side; the strongest single answer (a factor of 12, 3.6 bits) fits."""

STYLES = {"for": "green", "against": "dark_orange", "heading": "bold", "alarm": "bold red", "quiet": "dim"}
"""What the styles mean on a terminal; other names are given to it as they are."""

BAR_WIDTH = 2 * BLOCKS + 1
_FACTOR_WIDTH = 6
_LONGEST_FACTOR = 99.0
_BLANK: Line = ()


@dataclass(slots=True)
class Lines:
    """A text that grows line by line.

    Attributes
    ----------
    width
        Columns.
    is_plain
        Only signs that every encoding has.
    lines
        What was added so far.
    """

    width: int = PIPED_WIDTH
    is_plain: bool = False
    lines: list[Line] = field(default_factory=list)

    def add(self, text: str, style: str = "", indent: int = 0, hang: int = 0, lead: str = "") -> None:
        """Add wrapped text.

        Parameters
        ----------
        text
            The text; long ones are wrapped.
        style
            Style of the whole.
        indent, hang
            Columns before the first line, and further columns before the others.
        lead
            First words, in bold.
        """
        whole = f"{lead} {text}".strip()
        # A percent sign stays with its number.
        wrapped = textwrap.wrap(
            whole.replace(" %", "\N{NO-BREAK SPACE}%"),
            self.width - indent,
            subsequent_indent=" " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for number, joined in enumerate(wrapped):
            line = joined.replace("\N{NO-BREAK SPACE}", " ")
            margin = (" " * indent, "")
            if number == 0 and lead and line.startswith(lead):
                self.lines.append((margin, (lead, "bold"), (line[len(lead) :], style)))
            else:
                self.lines.append((margin, (line, style)))

    def spans(self, *spans: Span) -> None:
        """Add one line as it is."""
        self.lines.append(spans)

    def blank(self) -> None:
        """Add an empty line, but never two."""
        if self.lines and self.lines[-1] != _BLANK:
            self.lines.append(_BLANK)

    def heading(self, text: str) -> None:
        """Add a heading with an empty line before it."""
        self.blank()
        self.add(text, "heading")

    def title(self, text: str, *, is_first: bool = False) -> None:
        """Add a title that parts what follows from what stands above."""
        if not is_first:
            self.lines.append(_BLANK)
        self.add(text, "bold")
        self.add(("=" if self.is_plain else "═") * min(len(text), self.width))
        self.blank()

    def influence(self, text: str, bits: float, indent: int) -> None:
        """Add what moved something: the text, a bar (for to the right, against to the left), and the factor."""
        room = self.width - indent - BAR_WIDTH - _FACTOR_WIDTH - 2
        first, *rest = textwrap.wrap(text, room, break_on_hyphens=False) or [""]
        against, in_favour = bar(bits, self.is_plain)
        self.spans(
            (" " * indent + first.ljust(room) + " ", ""),
            (against, "against"),
            ("|" if self.is_plain else "│", "quiet"),
            (in_favour, "for"),
            (" " + factor(bits, self.is_plain).rjust(_FACTOR_WIDTH), "for" if bits > 0 else "against"),
        )
        for line in rest:
            self.spans((" " * (indent + 2) + line, ""))


def bar(bits: float, is_plain: bool = False) -> tuple[str, str]:
    """The two halves of a bar, each ``BLOCKS`` wide: against (grows to the left), and for.

    Parameters
    ----------
    bits
        Logarithm to base 2 of the factor on the odds.
    is_plain
        Only signs that every encoding has.
    """
    halves = min(max(round(2 * abs(bits) / BITS_PER_BLOCK), 1), 2 * BLOCKS)
    full, half = divmod(halves, 2)
    block, half_right, half_left = ("#", "#", "#") if is_plain else ("█", "▌", "▐")
    if bits < 0:
        return (half_left * half + block * full).rjust(BLOCKS), " " * BLOCKS
    return " " * BLOCKS, (block * full + half_right * half).ljust(BLOCKS)


def factor(bits: float, is_plain: bool = False) -> str:
    """How many times the odds rose (``x2.0``) or fell (``÷2.0``)."""
    value = 2.0 ** abs(bits)
    sign = "x" if bits > 0 else ("/" if is_plain else "÷")
    if value > _LONGEST_FACTOR:
        return f"{sign}>{_LONGEST_FACTOR:.0f}"
    return f"{sign}{value:.1f}" if value < 10.0 else f"{sign}{value:.0f}"


def change_bar(before: float, after: float, is_plain: bool = False, blocks: int = 20) -> tuple[Span, ...]:
    """A probability before and after: what stayed, what was gained (``+``) or lost (``-``), and the rest."""
    low, high = sorted((round(before * blocks), round(after * blocks)))
    if low == high and after != before:
        high = min(low + 1, blocks)
        low = high - 1
    sign, style = ("+", "for") if after > before else ("-", "against")
    block, dot = ("#", ".") if is_plain else ("█", "·")
    return (block * low, ""), (sign * (high - low), style), (dot * (blocks - high), "quiet")


def terminal_width() -> int:
    """Columns to write in: those of the terminal within reason, or ``PIPED_WIDTH``."""
    columns = shutil.get_terminal_size(fallback=(PIPED_WIDTH, 40)).columns
    return min(max(columns, LEAST_WIDTH), MOST_WIDTH)


def for_stdout() -> Lines:
    """An empty text of the width and the signs of this terminal or pipe."""
    try:
        "█▌▐│·÷═".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return Lines(terminal_width(), is_plain=True)
    return Lines(terminal_width())


def plain(lines: Iterable[Line]) -> str:
    """The text alone."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def show(lines: Sequence[Line]) -> None:
    """Print on the terminal with colour, or into a pipe without."""
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        print(_printable(plain(lines)))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        spans = [(_printable(text), STYLES.get(style, style)) for text, style in line]
        console.print(Text.assemble(*spans), soft_wrap=True)


def _printable(text: str) -> str:
    """The text with signs that this output does not know replaced."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.replace("–", "-").encode(encoding, "replace").decode(encoding)
    return text
