"""The measures: left and right, their intervals, what is usual, and how far the sides differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gait.core.analysis import Analysis
from gait.core.parameters import GaitParameters, Norm, Parameter
from gait.plots.ranges import Difference, SidePair, difference, side_pairs, symmetry_index
from gait.report.blocks import Block, Cell, FigureItem, Figures, Paragraph, RowGroup, Section, Table, Tone
from gait.report.drawing import Drawings, most_telling, pairs_to_draw
from gait.report.names import measure_name
from gait.report.wording import Wording

#: Groups of the table, in the order of a clinician's questions.
GROUPS: tuple[str, ...] = ("pace", "time", "share", "length", "foot", "angle", "symmetry", "variability", "other")

_UNIT_GROUPS: Mapping[str, str] = {
    "s": "time", "ms": "time", "%": "share", "m": "length", "cm": "length", "leg lengths": "length", "deg": "angle",
}  # fmt: skip


def numbers_chapter(analysis: Analysis, drawings: Drawings, wording: Wording) -> Section:
    """Tables of all measures, then the pictures of ranges and asymmetry."""
    parameters, title = analysis.parameters, wording.say("numbers.title")
    if not parameters.summary:
        return Section("numbers", title, (Paragraph(wording.say("numbers.none"), "note"),))
    marks = _norm_marks(parameters)
    tables = (_both_table(parameters, marks, wording), _sides_table(parameters, marks, wording))
    # The notes on norms stand below the last table, wherever the numbers are.
    *first, last = [table for table in tables if table.groups]
    last = replace(last, notes=(*last.notes, *_norm_notes(parameters, marks, wording)))
    blocks: list[Block] = [*first, last]
    blocks += _figures(parameters, drawings, wording)
    return Section("numbers", title, tuple(blocks))


def group_of(parameter: Parameter) -> str:
    """Under which heading a measure stands."""
    name = parameter.id
    endings = (("_asymmetry_pct", "symmetry"), ("_ratio", "symmetry"), ("_cv_pct", "variability"))
    starts = (("walking_speed", "pace"), ("cadence", "pace"), ("foot_", "foot"), ("toe_", "foot"))
    if "_difference_" in name:
        return "symmetry"
    for ending, group in endings:
        if name.endswith(ending):
            return group
    for start, group in starts:
        if name.startswith(start):
            return group
    if "foot" in name or "heel" in name:
        return "foot"
    return _UNIT_GROUPS.get(parameter.unit, "other")


def outside(parameter: Parameter) -> str:
    """Where a measure lies against what is usual.

    Returns
    -------
    str
        ``"above"`` or ``"below"`` when the whole 95 % interval lies outside of the norm, ``"rather_above"`` or
        ``"rather_below"`` when only the value does, else empty.
    """
    norm = parameter.norm
    if norm is None or not np.isfinite(parameter.value):
        return ""
    if parameter.value > norm.high:
        return "above" if parameter.low > norm.high else "rather_above"
    if parameter.value < norm.low:
        return "below" if parameter.high < norm.low else "rather_below"
    return ""


def parameter_names(parameters: GaitParameters, wording: Wording) -> dict[str, str]:
    """Names with units, by id."""
    return {item.id: _name(item, wording) for item in parameters.summary}


_MARKS: Mapping[str, tuple[str, Tone]] = {
    "above": (" ▲", "warning"), "below": (" ▼", "warning"), "rather_above": (" △", "plain"),
    "rather_below": (" ▽", "plain"), "": ("", "plain"),
}  # fmt: skip


def _both_table(parameters: GaitParameters, marks: Mapping[Norm, str], wording: Wording) -> Table:
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    for item in parameters.summary:
        if item.side == "both":
            row = (
                Cell(_name(item, wording), _change_note([item], wording)),
                _value_cell(item, wording),
                _norm_cell([item], marks, wording),
            )
            rows.setdefault(group_of(item), []).append(row)
    columns = tuple(wording.say(f"numbers.{key}") for key in ("measure", "value", "usual"))
    return Table(wording.say("numbers.caption_both"), columns, _groups(rows, wording))


def _sides_table(parameters: GaitParameters, marks: Mapping[Norm, str], wording: Wording) -> Table:
    pairs = {pair.id: pair for pair in side_pairs(parameters)}
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    ids = dict.fromkeys(item.id for item in parameters.summary if item.side != "both")
    for name in ids:
        left, right = parameters.get(name, "left"), parameters.get(name, "right")
        sides = [item for item in (left, right) if item is not None]
        row = (
            Cell(_name(sides[0], wording), _change_note(sides, wording)),
            _value_cell(left, wording),
            _value_cell(right, wording),
            _difference_cell(pairs.get(name), wording),
            _norm_cell(sides, marks, wording),
        )
        rows.setdefault(group_of(sides[0]), []).append(row)
    columns = (
        wording.say("numbers.measure"),
        wording.side("left"),
        wording.side("right"),
        wording.say("numbers.difference"),
        wording.say("numbers.usual"),
    )
    notes = [wording.say(f"numbers.{key}_note") for key in ("interval", "difference", "outside")]
    if any(np.isfinite(item.minimal_detectable_change) for item in parameters.summary):
        notes.append(wording.say("numbers.change_note"))
    return Table(wording.say("numbers.caption_sides"), columns, _groups(rows, wording), tuple(notes))


def _groups(rows: Mapping[str, list[tuple[Cell, ...]]], wording: Wording) -> tuple[RowGroup, ...]:
    return tuple(RowGroup(wording.say(f"numbers.groups.{key}"), tuple(rows[key])) for key in GROUPS if key in rows)


def _name(parameter: Parameter, wording: Wording) -> str:
    unit = wording.unit(parameter.unit)
    name = measure_name(parameter.id, wording)
    return f"{name} ({unit})" if unit else name


def _change_note(items: Sequence[Parameter], wording: Wording) -> str:
    """How large a change between two visits must be to count, where that is known."""
    known = [item.minimal_detectable_change for item in items if np.isfinite(item.minimal_detectable_change)]
    return wording.say("numbers.change", change=wording.number(max(known), items[0].unit)) if known else ""


def _value_cell(parameter: Parameter | None, wording: Wording) -> Cell:
    if parameter is None or not np.isfinite(parameter.value):
        return Cell("–")
    value, low, high = (
        wording.number(number, parameter.unit) for number in (parameter.value, parameter.low, parameter.high)
    )
    has_interval = np.isfinite([parameter.low, parameter.high]).all()
    text = wording.say("numbers.cell" if has_interval else "numbers.cell_plain", value=value, low=low, high=high)
    mark, tone = _MARKS[outside(parameter)]
    key = "numbers.cell_note" if np.isfinite(parameter.sd) else "numbers.cell_note_plain"
    note = wording.say(key, strides=parameter.strides, sd=wording.number(parameter.sd, parameter.unit))
    if parameter.method:
        note += f", {wording.label('methods', parameter.method)}"
    return Cell(text + mark, note, tone)


def _difference_cell(pair: SidePair | None, wording: Wording) -> Cell:
    if pair is None:
        return Cell("–")
    unit, gap = pair.left.unit, difference(pair)
    if not np.isfinite([gap.low, gap.high]).all():
        return Cell(_signed(gap.value, unit, wording))
    text = wording.say(
        "numbers.cell",
        value=_signed(gap.value, unit, wording),
        low=wording.number(gap.low, unit),
        high=wording.number(gap.high, unit),
    )
    index = symmetry_index(pair)
    note = "" if index is None else f"{_signed(index.value, '%', wording)} %"
    return Cell(text + (" ◂▸" if _leaves_out_zero(gap) else ""), note, "warning" if _leaves_out_zero(gap) else "plain")


def _leaves_out_zero(gap: Difference) -> bool:
    return gap.low > 0 or gap.high < 0


def _signed(value: float, unit: str, wording: Wording) -> str:
    text = wording.number(value, unit)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def _norm_cell(items: Sequence[Parameter], marks: Mapping[Norm, str], wording: Wording) -> Cell:
    """The usual range with the mark of its note; both ranges where the sides were matched differently."""
    texts = dict.fromkeys(
        f"{wording.number(item.norm.low, item.unit)} to {wording.number(item.norm.high, item.unit)} {marks[item.norm]}"
        for item in items
        if item.norm is not None
    )
    if not texts:
        return Cell(wording.say("numbers.no_norm"), hint=wording.say("numbers.no_norm_note"))
    hints = dict.fromkeys(_matched(item.norm, wording) for item in items if item.norm is not None)
    return Cell("; ".join(texts), hint="; ".join(hints))


def _norm_notes(parameters: GaitParameters, marks: Mapping[Norm, str], wording: Wording) -> list[str]:
    """What every mark stands for, and what it means to have none."""
    notes = [
        wording.say(
            "numbers.norm_note",
            mark=mark,
            matched=norm.matched_by or wording.say("numbers.no_match"),
            source=norm.source,
        )
        for norm, mark in _first_of_each_mark(marks)
    ]
    has_none = any(item.norm is None for item in parameters.summary)
    return [*notes, wording.say("numbers.no_norm_note")] if has_none else notes


def _matched(norm: Norm, wording: Wording) -> str:
    """What a norm was matched by, and where it comes from."""
    return f"{norm.matched_by or wording.say('numbers.no_match')} ({norm.source})"


def _norm_marks(parameters: GaitParameters) -> dict[Norm, str]:
    """A letter for every way of matching: norms of one source and match share their note."""
    letters: dict[tuple[str, str], str] = {}
    marks = {}
    for item in parameters.summary:
        if item.norm is not None:
            key = (item.norm.matched_by, item.norm.source)
            marks[item.norm] = letters.setdefault(key, _letter(len(letters)))
    return marks


def _letter(index: int) -> str:
    """A, b, ... z, aa, ab, ..."""
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[index] if index < 26 else _letter(index // 26 - 1) + alphabet[index % 26]


def _first_of_each_mark(marks: Mapping[Norm, str]) -> list[tuple[Norm, str]]:
    seen: dict[str, Norm] = {}
    for norm, mark in marks.items():
        seen.setdefault(mark, norm)
    return [(norm, mark) for mark, norm in seen.items()]


def _figures(parameters: GaitParameters, drawings: Drawings, wording: Wording) -> list[Block]:
    drawn = pairs_to_draw(parameters)
    shown = {"ranges": most_telling(drawn), "asymmetry": [pair for pair in drawn if symmetry_index(pair)]}
    blocks: list[Block] = []
    for key, pairs in shown.items():
        if key in drawings:
            names = ", ".join(measure_name(pair.id, wording) for pair in pairs)
            alt = wording.say(f"numbers.{key}_alt", names=names)
            blocks.append(Figures((FigureItem(key, drawings[key], alt),), wording.say(f"numbers.{key}_caption")))
    return blocks
