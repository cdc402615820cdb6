"""The parts a report is made of. They hold words and numbers as text, pictures as bytes, and no look.

Every text is plain text, never markup: whoever renders a block escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from gait.core.findings import FindingSide
from gait.report.cause_blocks import Bars, Links, Shares, Steps

#: How a block feels: what a reader should see first is ``alarm``.
Tone = Literal["alarm", "warning", "note", "plain", "muted"]


@dataclass(frozen=True, slots=True)
class Badge:
    """A short mark beside a title, for example a side or a severity."""

    text: str
    side: FindingSide | None = None
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list with a heading of its own.

    Attributes
    ----------
    label
        What the items are, for example ``"Speaks for"``.
    items
        Sentences.
    is_inline
        Whether the items are short enough to run on in one line.
    """

    kind: ClassVar[str] = "points"
    label: str
    items: tuple[str, ...]
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and its value."""

    kind: ClassVar[str] = "facts"
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must not miss: a flag, or a fault of the film.

    Attributes
    ----------
    tone
        How loud.
    label
        What kind, in a word.
    title
        What it is.
    text
        What it means and what to do.
    because
        What it rests on.
    """

    kind: ClassVar[str] = "notice"
    tone: Tone
    label: str
    title: str
    text: str = ""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One finding or one cause.

    Attributes
    ----------
    title
        Its name.
    badges
        Side, size, certainty.
    text
        The plain sentence.
    points
        Lists: for, against, missing, evidence.
    meter
        0..1, drawn as a bar beside ``meter_label``; None draws nothing.
    meter_label
        The number in words.
    note
        Small print.
    id
        Where links to this card lead; unique in the document, empty for none.
    band
        Range of ``meter``, drawn as a thin line below it; ``meter_label`` holds its numbers.
    links
        Other cards that this one belongs to.
    bars
        What moved the meter.
    asides
        Small print under headings of its own: pairs of heading and text.
    """

    kind: ClassVar[str] = "card"
    title: str
    badges: tuple[Badge, ...] = ()
    text: str = ""
    points: tuple[Points, ...] = ()
    meter: float | None = None
    meter_label: str = ""
    note: str = ""
    id: str = ""
    band: tuple[float, float] | None = None
    links: tuple[Links, ...] = ()
    bars: Bars | None = None
    asides: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its main text, small print below, how loud, where it leads, and what hovering tells.

    ``link`` is a relative address of another result of ours, for readers on a screen; empty for none. ``hint`` is
    shown to who points at the cell; it never holds what is not also on paper.
    """

    text: str
    note: str = ""
    tone: Tone = "plain"
    link: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one heading."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names the rows.

    ``shares`` says how wide the columns are on paper, in shares of the whole; empty leaves numbers as narrow as they
    are and the rest to the first column.
    """

    kind: ClassVar[str] = "table"
    caption: str
    columns: tuple[str, ...]
    groups: tuple[RowGroup, ...]
    notes: tuple[str, ...] = ()
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureItem:
    """One drawn figure.

    Attributes
    ----------
    name
        File name without ending, unique in the document.
    svg
        A complete SVG document.
    alt
        What the figure shows, for who cannot see it.
    """

    name: str
    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures side by side, with one caption."""

    kind: ClassVar[str] = "figures"
    items: tuple[FigureItem, ...]
    caption: str
    columns: int = 1


@dataclass(frozen=True, slots=True)
class PictureItem:
    """One photograph (JPEG) with its caption."""

    name: str
    jpeg: bytes
    caption: str
    alt: str
    side: FindingSide | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Photographs side by side."""

    kind: ClassVar[str] = "pictures"
    items: tuple[PictureItem, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Empty lines to be filled in by hand."""

    kind: ClassVar[str] = "signature"
    labels: tuple[str, ...]


Block = Paragraph | Heading | Points | Facts | Notice | Card | Shares | Steps | Table | Figures | Pictures | Signature


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter of a report."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the overview: what, where, and how sure."""

    text: str
    badges: tuple[Badge, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One box of the overview.

    Attributes
    ----------
    title
        Its name.
    lines
        What is in it, most important first.
    note
        Small print below; also what is said when there is no line.
    """

    title: str
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """The first screen: enough for who has half a minute.

    Attributes
    ----------
    urgency
        How much hurry, and why.
    summary_title, summary
        One paragraph.
    panels
        Red flags, findings, causes, quality.
    """

    urgency: Notice
    summary_title: str
    summary: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a report says.

    Attributes
    ----------
    language
        IETF tag, for example ``"en"``.
    title
        Of the report.
    subject_line
        Who and what, in one line.
    meta
        Short facts under the title.
    overview
        The first screen.
    sections
        Everything else, in order.
    disclaimer
        Printed on the first screen and at the end.
    footer
        Software and version.
    contents_label
        What the list of sections is called.
    """

    language: str
    title: str
    subject_line: str
    meta: tuple[str, ...]
    overview: Overview
    sections: tuple[Section, ...]
    disclaimer: str
    footer: str
    contents_label: str

    def section(self, section_id: str) -> Section:
        """One section; :class:`KeyError` when the report has none of that name."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)
