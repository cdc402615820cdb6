"""What to do next: what to ask, to examine and to film, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from gait.core.analysis import Analysis
from gait.core.causes import NextQuestion, RedFlag, Tier
from gait.report.blocks import Block, Heading, Paragraph, Section
from gait.report.cause_blocks import Step, Steps
from gait.report.wording import Wording


def next_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Three groups: ask (warning signs first), examine, film; the most telling first."""
    reasoning, title = analysis.reasoning, wording.say("next.title")
    asked = [_question(item) for item in reasoning.next_questions if item.kind == "history"]
    groups = (
        ("ask", [*_open_flags(reasoning.red_flags, wording), *asked]),
        ("examine", [_test(item) for item in reasoning.next_questions if item.kind == "examination"]),
        ("film", [Step(film.text, why=film.why) for film in reasoning.next_films]),
    )
    if not any(steps for _, steps in groups):
        return Section("next", title, (Paragraph(wording.say("next.none"), "muted"),))
    blocks: list[Block] = [Paragraph(wording.say("next.lead"))]
    for key, steps in groups:
        if steps:
            blocks += [Heading(wording.say(f"next.{key}")), Steps(tuple(steps))]
    return Section("next", title, tuple(blocks))


def _open_flags(flags: Sequence[RedFlag], wording: Wording) -> list[Step]:
    """The warning signs that nobody asked for, one step a tier, the most pressing first."""
    steps = []
    for tier in get_args(Tier):
        labels = "; ".join(flag.label for flag in flags if flag.status == "not_asked" and flag.tier == tier)
        if labels:
            name = wording.say("next.flags", tier=wording.say(f"next.tier_{tier}"))
            steps.append(Step(name, labels, "" if steps else wording.say("next.flags_why")))
    return steps


def _question(item: NextQuestion) -> Step:
    return Step(item.text, why=item.why)


def _test(item: NextQuestion) -> Step:
    """The examiner's word first, then the plain question with how to test it."""
    name = item.examiner or item.text
    how = [item.text] if item.examiner else []
    return Step(name, " ".join([*how, *([item.test] if item.test else [])]), item.why)
