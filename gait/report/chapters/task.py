"""What the person was asked to do, whether it was done, and how each repetition went."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.tasks import Attempt
from gait.plots.tasks import SHOWN
from gait.report.blocks import Block, Cell, Facts, FigureItem, Figures, Notice, Paragraph, RowGroup, Section, Table
from gait.report.drawing import Drawings
from gait.report.wording import Wording

#: Measures of a repetition that are told elsewhere: counts are the rows themselves, and the height that grades a
#: finding is the same as the one of the task.
_HIDDEN = ("_count",)
_DOUBLES = ("tiptoe_heel_height_ll",)


def task_chapter(analysis: Analysis, drawings: Drawings, wording: Wording) -> Section | None:
    """The task and its repetitions; None for usual walking."""
    record = analysis.task
    if record.task == "walk":
        return None
    asked = wording.say(f"task.asked.{record.task}")
    blocks: list[Block] = []
    if record.not_done:
        blocks.append(Facts(((wording.say("task.asked_label"), asked),)))
        blocks.append(Notice("warning", wording.say("task.not_done"), record.not_done, wording.say("task.no_finding")))
        return Section("task", wording.say("task.title"), tuple(blocks))
    blocks.append(_table(analysis, asked, wording))
    if "task" in drawings:
        name = wording.label("parameters", SHOWN[record.task])
        alt = wording.say("task.figure_alt", name=name, count=len(record.attempts))
        key = "task.heels_caption" if record.task == "heel_raise" else "task.dots_caption"
        blocks.append(Figures((FigureItem("task", drawings["task"], alt),), wording.say(key, name=name)))
    blocks.append(Paragraph(wording.say(f"task.limits.{record.task}"), "muted"))
    return Section("task", wording.say("task.title"), tuple(blocks))


def task_label(analysis: Analysis, wording: Wording) -> str:
    """Name and unit of what the figure of this task shows; empty where it has none."""
    name = SHOWN.get(analysis.task.task, "")
    if not name or not analysis.task.attempts:
        return ""
    unit = wording.unit(name.rsplit("_", 1)[1])
    return f"{wording.label('parameters', name)} ({unit})"


def _table(analysis: Analysis, asked: str, wording: Wording) -> Table:
    """One row a repetition."""
    names = _names(analysis.task.attempts)
    columns = [wording.say(f"task.{key}") for key in ("number", "side", "start", "length")]
    columns += [wording.label("parameters", name) for name in names]
    rows = []
    for number, attempt in enumerate(analysis.task.attempts, start=1):
        length = wording.quantity(attempt.end_s - attempt.start_s, "s")
        cells = [str(number), wording.side(attempt.side), wording.quantity(attempt.start_s, "s"), length]
        rows.append(tuple(Cell(text) for text in (*cells, *(_value(analysis, attempt, n, wording) for n in names))))
    return Table(wording.say("task.caption"), tuple(columns), (RowGroup(asked, tuple(rows)),))


def _names(attempts: tuple[Attempt, ...]) -> list[str]:
    """Measures of the repetitions, in the order in which they first come."""
    seen = dict.fromkeys(name for attempt in attempts for name in attempt.values)
    return [name for name in seen if not name.endswith(_HIDDEN) and name not in _DOUBLES]


def _value(analysis: Analysis, attempt: Attempt, name: str, wording: Wording) -> str:
    """One value; heights in cm where a length is known."""
    value = attempt.values.get(name, float("nan"))
    scale = analysis.trajectories.scale
    unit = name.rsplit("_", 1)[1]
    if unit == "ll" and scale.m_per_px is not None:
        return f"{wording.number(100.0 * value * scale.leg_length_px * scale.m_per_px, decimals=1)} cm"
    if unit == "ll":
        return f"{wording.number(value, decimals=3)} {wording.unit('ll')}"
    return wording.quantity(value, {"pct": "%"}.get(unit, unit))
