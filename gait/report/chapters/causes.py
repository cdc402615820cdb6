"""What may lie behind the findings, and what to examine next. Possibilities, never diagnoses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from gait.core.analysis import Analysis
from gait.core.causes import Cause, CauseGroup, Reasoning
from gait.report.blocks import Badge, Block, Card, Heading, Paragraph, Points, Section
from gait.report.wording import Wording


def causes_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Causes in the back, in the foot and leg, and elsewhere, each with what speaks for and against it."""
    reasoning, title = analysis.reasoning, wording.say("causes.title")
    if not reasoning.causes:
        return Section("causes", title, (Paragraph(wording.say("causes.none")), *_notes(reasoning, wording)))
    blocks: list[Block] = [Paragraph(_lead(reasoning, wording))]
    for group in get_args(CauseGroup):
        causes = [cause for cause in reasoning.causes if cause.group == group]
        blocks.append(Heading(wording.say(f"causes.groups.{group}")))
        nothing = [Paragraph(wording.say("causes.none_in_group"), "muted")]
        blocks += [cause_card(cause, wording) for cause in causes] or nothing
    blocks += [*_inseparable(reasoning, wording), *_notes(reasoning, wording)]
    return Section("causes", title, tuple(blocks))


def next_chapter(analysis: Analysis, wording: Wording) -> Section:
    """The questions and examinations that would change the ranking most."""
    questions = analysis.reasoning.next_questions
    title = wording.say("next.title")
    if not questions:
        return Section("next", title, (Paragraph(wording.say("next.none"), "muted"),))
    items = tuple(f"{question.text} {question.why}".strip() for question in questions)
    return Section("next", title, (Points(wording.say("next.lead"), items),))


def cause_card(cause: Cause, wording: Wording) -> Card:
    """One cause with its calibrated words, its probability and its reasons."""
    lists = (("for", cause.supported_by), ("against", cause.contradicted_by), ("missing", cause.missing))
    sources = wording.say("causes.sources", sources=", ".join(cause.sources)) if cause.sources else ""
    return Card(
        title=cause.label,
        badges=cause_badges(cause, wording),
        text=cause.wording,
        points=tuple(Points(wording.say(f"causes.{key}"), items) for key, items in lists if items),
        meter=cause.probability,
        meter_label=wording.probability(cause.probability),
        note=sources,
    )


def cause_badges(cause: Cause, wording: Wording) -> tuple[Badge, ...]:
    """Side and level of a cause."""
    side = [Badge(wording.side(cause.side), cause.side)] if cause.side else []
    return (*side, Badge(wording.say(f"causes.level_{cause.level}"), tone="muted"))


def inseparable_sentences(reasoning: Reasoning, wording: Wording) -> tuple[str, ...]:
    """Pairs that cannot be told apart, by their names."""
    names = _names(reasoning)
    return tuple(
        wording.say("causes.inseparable", first=_name(names, first), second=_name(names, second))
        for first, second in reasoning.inseparable
    )


def _inseparable(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    sentences = inseparable_sentences(reasoning, wording)
    return (Points(wording.say("causes.inseparable_label"), sentences),) if sentences else ()


def _notes(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    return (Points(wording.say("causes.notes"), reasoning.notes),) if reasoning.notes else ()


def _lead(reasoning: Reasoning, wording: Wording) -> str:
    lead = wording.say("causes.lead")
    if not reasoning.asked:
        return lead
    return f"{lead} {wording.say('causes.based', answered=reasoning.answered, asked=reasoning.asked)}"


def _names(reasoning: Reasoning) -> Mapping[str, str]:
    return {cause.id: cause.label for cause in reasoning.causes}


def _name(names: Mapping[str, str], cause_id: str) -> str:
    return names.get(cause_id, cause_id.replace("_", " "))
