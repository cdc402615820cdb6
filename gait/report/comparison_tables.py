"""The tables of a comparison: the changes that count, all measures, and how they went from visit to visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from gait.comparison.model import Change, Comparison
from gait.report.blocks import Block, Cell, FigureItem, Figures, Paragraph, RowGroup, Section, Table, Tone
from gait.report.chapters.numbers import GROUPS, group_of
from gait.report.comparison_words import (
    VERDICT_TONES,
    change_words,
    measure_title,
    pair_words,
    short_names,
    sided,
    signed,
    value_words,
    verdict_words,
    worth_telling,
)
from gait.report.drawing import Drawings
from gait.report.wording import Wording

#: Widths of the columns: measure, before, after, change, detectable change, verdict.
_SHARES: tuple[float, ...] = (3.1, 1.3, 1.3, 2.4, 1.2, 2.2)


def changes_chapter(comparison: Comparison, drawings: Drawings, wording: Wording) -> Section:
    """The changes that count, drawn and in a table, and apart from them those that speed may explain."""
    pair, say = comparison.main, wording.say
    title = say("compare.changes.title")
    real = worth_telling([change for change in pair.changes if change.is_real])
    by_speed = worth_telling([change for change in pair.changes if change.verdict == "speed"])
    if not pair.compared:
        return Section("changes", title, (Paragraph(say("compare.banner.apart_text"), "note"),))
    blocks: list[Block] = [Paragraph(say("compare.changes.lead" if real else "compare.changes.none"))]
    if "changes" in drawings:
        items = "; ".join(
            say(
                "compare.changes.figure_item", name=_with_side(change, wording), times=signed(change.times, "", wording)
            )
            for change in real
        )
        alt = say("compare.changes.figure_alt", items=items)
        caption = say("compare.changes.figure_caption")
        blocks.append(Figures((FigureItem("changes", drawings["changes"], alt),), caption))
    if real:
        blocks.append(_changes_table("compare.changes.caption", real, comparison, wording, _notes(real, wording)))
    if by_speed:
        notes = (say("compare.changes.speed_note"),)
        blocks.append(_changes_table("compare.changes.caption_speed", by_speed, comparison, wording, notes))
    return Section("changes", title, tuple(blocks))


def steps_chapter(comparison: Comparison, wording: Wording) -> Section | None:
    """With more than two visits: how the measures went from visit to visit."""
    if len(comparison.visits) < 3:
        return None
    moved = worth_telling([change for pair in comparison.pairs for change in pair.real])
    keys = dict.fromkeys((change.parameter, change.side) for change in moved)
    title = wording.say("compare.steps.title")
    if not keys:
        return Section("steps", title, (Paragraph(wording.say("compare.changes.none")),))
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    for parameter, side in keys:
        change = comparison.main.change(parameter, side)
        known = change.after or change.before
        if known is not None:
            cells = _step_cells(comparison, parameter, side, wording)
            rows.setdefault(group_of(known), []).append((Cell(_with_side(change, wording, with_unit=True)), *cells))
    columns = (wording.say("compare.changes.measure"), *short_names(comparison))
    shares = (2.4, *(1.6 for _ in comparison.visits))
    table = Table(wording.say("compare.steps.caption"), columns, _grouped(rows, wording), shares=shares)
    return Section("steps", title, (Paragraph(wording.say("compare.steps.lead")), table))


def _step_cells(comparison: Comparison, parameter: str, side: str, wording: Wording) -> list[Cell]:
    cells = []
    for number, visit in enumerate(comparison.visits):
        value = visit.analysis.parameters.get(parameter, side)
        if number == 0 or value is None:
            cells.append(Cell(value_words(value, wording)))
            continue
        change = comparison.pairs[number].change(parameter, side)
        note = verdict_words(change, wording)
        cells.append(Cell(value_words(value, wording), note, "warning" if change.is_real else "plain"))
    return cells


def measures_chapter(comparison: Comparison, wording: Wording) -> Section | None:
    """Tables of all measures, one a side."""
    changes = comparison.main.changes
    blocks: list[Block] = []
    for side in ("both", "left", "right"):
        chosen = [change for change in changes if change.side == side]
        if chosen:
            notes = _notes(chosen, wording) if side == "right" or len(chosen) == len(changes) else ()
            blocks.append(_changes_table(f"compare.measures.caption_{side}", chosen, comparison, wording, notes))
    return Section("measures", wording.say("compare.measures.title"), tuple(blocks)) if blocks else None


def _changes_table(
    caption: str, changes: Sequence[Change], comparison: Comparison, wording: Wording, notes: tuple[str, ...]
) -> Table:
    names = pair_words(comparison, comparison.main)
    is_mixed = len({change.side for change in changes}) > 1
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    for change in changes:
        known = change.after or change.before
        if known is not None:
            rows.setdefault(group_of(known), []).append(_row(change, wording, is_mixed=is_mixed))
    columns = (
        wording.say("compare.changes.measure"),
        *short_names(comparison, comparison.main),
        *(wording.say(f"compare.changes.{key}") for key in ("change", "detectable", "verdict")),
    )
    filled = tuple(note.format_map(names) for note in notes)
    return Table(wording.say(caption), columns, _grouped(rows, wording), filled, _SHARES)


def _row(change: Change, wording: Wording, *, is_mixed: bool) -> tuple[Cell, ...]:
    title = _with_side(change, wording, with_unit=True) if is_mixed else measure_title(change, wording)
    tone: Tone = "warning" if change.is_real else VERDICT_TONES[change.verdict]
    speed = ""
    matters = change.verdict == "speed" or abs(change.by_speed) >= 0.1 * change.detectable
    if np.isfinite(change.by_speed) and matters:
        speed = wording.say("compare.changes.by_speed", value=signed(change.by_speed, change.unit, wording))
    own = wording.say("compare.changes.own") if change.basis == "intervals" else ""
    return (
        Cell(title, _usual(change, wording)),
        *(
            Cell(value_words(item, wording), "" if item is None else _strides(item.strides, wording))
            for item in (change.before, change.after)
        ),
        Cell(change_words(change, wording), speed, tone),
        Cell(wording.number(change.detectable, change.unit), own),
        Cell(verdict_words(change, wording), "", tone),
    )


def _strides(count: int, wording: Wording) -> str:
    return wording.say("compare.changes.strides", strides=count)


def _usual(change: Change, wording: Wording) -> str:
    """The usual range; both where the speed moved it so far that it reads otherwise."""
    ranges = [
        (wording.number(item.norm.low, change.unit), wording.number(item.norm.high, change.unit))
        for item in (change.before, change.after)
        if item is not None and item.norm is not None
    ]
    if not ranges:
        return ""
    (low, high), (low_after, high_after) = ranges[0], ranges[-1]
    if ranges[0] == ranges[-1]:
        return wording.say("compare.changes.usual", low=low, high=high)
    return wording.say("compare.changes.usual_other", low=low, high=high, low_after=low_after, high_after=high_after)


def _notes(changes: Iterable[Change], wording: Wording) -> tuple[str, ...]:
    """What the columns mean; only of what stands in this table."""
    shown = tuple(changes)
    keys = ["interval"]
    keys += [key for key, basis in (("films", "films"), ("own", "intervals")) if any(c.basis == basis for c in shown)]
    if any(item.norm is not None for change in shown for item in (change.before, change.after) if item is not None):
        keys.append("mark")
    if any(change.verdict in ("better", "worse") for change in shown):
        keys.append("verdict")
    if any(change.verdict == "speed" for change in shown):
        keys.append("speed")
    return tuple(wording.say(f"compare.changes.{key}_note") for key in keys)


def _grouped(rows: Mapping[str, list[tuple[Cell, ...]]], wording: Wording) -> tuple[RowGroup, ...]:
    return tuple(RowGroup(wording.say(f"numbers.groups.{key}"), tuple(rows[key])) for key in GROUPS if key in rows)


def _with_side(change: Change, wording: Wording, *, with_unit: bool = False) -> str:
    return sided(measure_title(change, wording, with_unit=with_unit), change.side, wording)
