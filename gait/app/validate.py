"""The work behind ``gait validate``: our numbers against the truth."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.app.progress import ProgressBars

if TYPE_CHECKING:
    from rich.table import Table

    from gait.core.analysis import Analysis
    from gait.core.subject import Subject
    from gait.validation import ValidationReport

#: Exit status when some of several inputs failed and the others are done.
SOME_FAILED = 1

_MARKS = {"met": "[green]met[/green]", "missed": "[bold red]MISSED[/bold red]", "not measured": "[dim]–[/dim]"}


@dataclass(frozen=True, slots=True)
class Order:
    """What the user asked for.

    Attributes
    ----------
    truths
        Truth files, motion capture with events, folders of these.
    out
        Folder for the report; None prints it.
    model
        Pose model for films.
    mirror
        Whether films are mirrored first.
    keypoints_only
        Whether films are left out.
    healthy
        Folder with films of healthy people.
    walkers
        Number of simulated walks.
    findings
        Number of made walkers in which each finding is planted, instead of everything else.
    """

    truths: tuple[Path, ...]
    out: Path | None = None
    model: str = "heavy"
    mirror: bool = False
    keypoints_only: bool = False
    healthy: Path | None = None
    walkers: int = 0
    findings: int = 0


def run(order: Order) -> int:
    """Analyze everything that has a truth, compare, and print or write the report.

    Returns
    -------
    int
        Exit status: 0 when everything could be analysed (or, of planted findings, every goal is met), else 1.
    """
    if order.findings:
        from gait.validation.detection import run as run_study

        return run_study(order.findings, out=order.out, healthy=order.healthy, truths=order.truths)
    from gait.pipeline import Settings
    from gait.pipeline import analyze as analyze_film
    from gait.validation import Extras, to_markdown, validate

    settings = Settings(model=order.model)  # pyright: ignore[reportArgumentType]

    def analyze(film: Path, subject: Subject) -> Analysis:
        with ProgressBars(film.name, is_silent=False) as bars:
            return analyze_film(film, subject, settings, bars.tell)

    report = validate(
        order.truths,
        analyze,
        mirror=order.mirror,
        keypoints_only=order.keypoints_only,
        extras=Extras(healthy=order.healthy, walkers=order.walkers),
        tell=_tell,
    )
    if order.out is None:
        print(to_markdown(report))
    else:
        written = report.write(order.out)
        _print_tables(report)
        print(f"Report: {written[0]}; its tables and figures lie beside it.")
    for name, reason in report.failures:
        print(f"gait: {name} was left out: {reason}", file=sys.stderr)
    return SOME_FAILED if report.failures else 0


def _tell(name: str, number: int, count: int) -> None:
    """Say what is being done; studies over many trials have no number."""
    print(f"{number}/{count} {name}" if count else name, file=sys.stderr, flush=True)


def _print_tables(report: ValidationReport) -> None:
    """Every clip in one line, and the targets that this run could judge, on the terminal."""
    from rich.console import Console

    from gait.validation.rows import records

    console = Console(width=None if sys.stdout.isatty() else 150)
    rows = records(report.targets)
    judged = [row for row in rows if row["status"] != "not measured"]
    console.print(_clip_table(records(report.clips)))
    if judged:
        console.print()
        console.print(_target_table(judged))
    met, left = sum(row["status"] == "met" for row in judged), len(rows) - len(judged)
    told = f"\nTargets: {met} met, {len(judged) - met} missed"
    console.print(told + (f", {left} that these inputs cannot tell." if left else "."))


def _clip_table(clips: list[dict[str, Any]]) -> Table:
    """Mean absolute errors of every clip."""
    from gait.validation.format import number

    table = _table("clip", "source")
    for name in ("contact ms", "F1", "toe-off ms", "F1", "stride ms", "stance %", "step cm", "speed cm/s"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("findings missed or extra", overflow="fold")
    forms = {f"{kind}_{name}": form for kind in ("initial_contact", "toe_off") for name, form in _EVENT_FORMS.items()}
    forms |= dict.fromkeys(_SHOWN, ".1f")
    for clip in clips:
        wrong = [f"missed {clip['missed']}"] if clip["missed"] else []
        wrong += [f"extra {clip['extra']}"] if clip["extra"] else []
        cells = (number(clip[name], form) for name, form in forms.items())
        table.add_row(clip["clip"], clip["source"], *cells, "; ".join(wrong))
    return table


_EVENT_FORMS = {"mean_absolute_ms": ".1f", "f1": ".2f"}
_SHOWN = ("stride_time_s_error", "stance_pct_error", "step_length_m_error", "walking_speed_mps_error")


def _target_table(judged: list[dict[str, Any]]) -> Table:
    """The targets, by group."""
    table = _table("target", "on")
    for name in ("goal", "measured"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    group = ""
    for row in judged:
        if row["group"] != group:
            group = row["group"]
            table.add_row(f"[bold]{group}[/bold]")
        goal = f"{row['goal']} {row['unit']}"
        table.add_row(row["measure"], row["on"], goal, row["words"], _MARKS[row["status"]])
    return table


def _table(*columns: str) -> Table:
    """An empty table with columns of words."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
