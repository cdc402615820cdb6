"""The work behind ``gait causes``: reasoning without a film."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from gait.core.causes import Cause, Reasoning

_GROUPS = {"back": "Back", "foot_leg": "Foot and leg", "other": "Elsewhere"}


def run(intake: Path, as_json: bool) -> None:
    """Read the intake, reason, print."""
    from gait.causes.intake import findings_of_intake, read_intake
    from gait.causes.reason import suggest_causes

    subject = read_intake(intake)
    reasoning = suggest_causes(findings_of_intake(subject.intake), subject)
    if as_json:
        print(json.dumps({"schema_version": "1", **asdict(reasoning)}, indent=1, allow_nan=False))
    else:
        _show(reasoning, Console())


def _show(reasoning: Reasoning, console: Console) -> None:
    """Red flags first, then causes, then what to ask next."""
    _show_flags(reasoning, console)
    console.print()
    console.print(escape(reasoning.summary))
    for group, title in _GROUPS.items():
        chosen = [cause for cause in reasoning.causes if cause.group == group]
        if chosen:
            console.print(f"\n[bold]{title}[/bold]")
        for cause in chosen:
            _show_cause(cause, console)
    _show_next(reasoning, console)


def _show_flags(reasoning: Reasoning, console: Console) -> None:
    console.print(f"[bold]Urgency: {reasoning.urgency}[/bold]")
    for flag in reasoning.red_flags:
        if flag.status == "present":
            console.print(f"[bold red]{escape(flag.label)}[/bold red]: {escape(flag.action)}")
    unasked = [flag.label for flag in reasoning.red_flags if flag.status == "not_asked"]
    if unasked:
        console.print(f"Red flags not asked: {escape('; '.join(unasked))}")


def _show_next(reasoning: Reasoning, console: Console) -> None:
    if reasoning.inseparable:
        console.print("\nCannot be told apart yet: " + "; ".join(" and ".join(pair) for pair in reasoning.inseparable))
    if reasoning.next_questions:
        console.print("\n[bold]Ask or examine next[/bold]")
    for question in reasoning.next_questions[:5]:
        console.print(f"  {escape(question.text)} ({escape(question.why)})")
    for note in reasoning.notes:
        console.print(f"Note: {escape(note)}")


def _show_cause(cause: Cause, console: Console) -> None:
    from gait.causes.explain import percent

    side = f", {cause.side}" if cause.side else ""
    console.print(f"  {escape(cause.label)}{side}: {escape(cause.wording)} ({percent(cause.probability)})")
    for sign, reasons in (("for", cause.supported_by), ("against", cause.contradicted_by)):
        for reason in reasons:
            console.print(f"    {sign}: {escape(reason)}")
