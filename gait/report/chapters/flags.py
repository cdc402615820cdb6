"""Reasons for hurry: printed first, and never lowered by anything else."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.causes import RedFlag
from gait.report.blocks import Block, Notice, Paragraph, Points, Section, Tone
from gait.report.wording import Wording

TIER_TONES: dict[str, Tone] = {
    "emergency": "alarm",
    "urgent": "warning",
    "soon": "note",
    "routine": "plain",
    "none": "plain",
}


def flags_chapter(analysis: Analysis, wording: Wording) -> Section:
    """All warning signs: fired ones with what to do, then those not asked, then those asked and absent."""
    title = wording.say("flags.title")
    flags = analysis.reasoning.red_flags
    if not flags:
        return Section("flags", title, (Paragraph(wording.say("flags.none")),))
    blocks: list[Block] = [flag_notice(flag, wording) for flag in fired(flags)]
    not_asked = tuple(_not_asked(flag, wording) for flag in flags if flag.status == "not_asked")
    absent = tuple(flag.label for flag in flags if flag.status == "absent")
    if not_asked:
        blocks.append(Points(wording.say("flags.not_asked_label"), not_asked))
    if absent:
        blocks.append(Points(wording.say("flags.absent_label"), absent, is_inline=True))
    return Section("flags", title, tuple(blocks))


def fired(flags: tuple[RedFlag, ...]) -> tuple[RedFlag, ...]:
    """The flags that are present, the most urgent first."""
    tiers = list(TIER_TONES)
    return tuple(sorted((flag for flag in flags if flag.status == "present"), key=lambda flag: tiers.index(flag.tier)))


def flag_notice(flag: RedFlag, wording: Wording) -> Notice:
    """One flag that fired, with what to do."""
    return Notice(TIER_TONES[flag.tier], wording.say(f"flags.tier_{flag.tier}"), flag.label, flag.action, flag.because)


def urgency_notice(analysis: Analysis, wording: Wording) -> Notice:
    """How much hurry there is, and how much of it rests on questions that nobody answered."""
    urgency, flags = analysis.reasoning.urgency, analysis.reasoning.red_flags
    open_count = sum(flag.status == "not_asked" for flag in flags)
    if not flags:
        coverage = wording.say("urgency.texts.no_flags")
    elif open_count:
        coverage = wording.say("urgency.texts.not_asked", count=open_count, total=len(flags))
    else:
        coverage = wording.say("urgency.texts.all_asked", total=len(flags))
    text = f"{wording.say(f'urgency.texts.{urgency}')} {coverage}"
    return Notice(TIER_TONES[urgency], wording.say(f"urgency.labels.{urgency}"), "", text)


def _not_asked(flag: RedFlag, wording: Wording) -> str:
    if not flag.missing:
        return wording.say("flags.not_asked_item", label=flag.label)
    questions = ", ".join(wording.label("answers", question).lower() for question in flag.missing)
    return wording.say("flags.missing", label=flag.label, questions=questions)
