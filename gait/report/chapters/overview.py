"""The first screen: urgency, summary, warning signs, findings, causes, and how good the film is."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.causes import RedFlag
from gait.report.blocks import Badge, Line, Overview, Panel
from gait.report.chapters.causes import carded, cause_badges, inseparable_sentences, probability_words
from gait.report.chapters.film import ISSUE_TONES, sorted_issues
from gait.report.chapters.findings import finding_badges, finding_name, outlook, readable, silence
from gait.report.chapters.flags import TIER_TONES, fired, urgency_notice
from gait.report.wording import Wording

#: How much fits on the first screen.
_CAUSES, _ISSUES = 4, 3


def build_overview(analysis: Analysis, wording: Wording) -> Overview:
    """What a busy clinician reads first, and perhaps only."""
    summary = " ".join(part for part in (_seen(analysis, wording), analysis.reasoning.summary) if part)
    panels = (
        _flags_panel(analysis, wording),
        _findings_panel(analysis, wording),
        _causes_panel(analysis, wording),
        _quality_panel(analysis, wording),
    )
    return Overview(urgency_notice(analysis, wording), wording.say("overview.summary"), summary, panels)


def _seen(analysis: Analysis, wording: Wording) -> str:
    """What the film showed, in one sentence: the findings, or what their silence means."""
    names = []
    for finding in analysis.findings.present():
        side = f", {wording.side(finding.side).lower()}" if finding.side else ""
        names.append(f"{finding_name(finding, wording)}{side}, {wording.say(f'severity.{finding.severity}')}")
    if not names:
        return silence(analysis.findings, wording)
    return wording.say("overview.seen", names="; ".join(names))


def _flags_panel(analysis: Analysis, wording: Wording) -> Panel:
    flags = analysis.reasoning.red_flags
    lines = tuple(
        Line(flag.label, (Badge(wording.say(f"flags.tier_{flag.tier}"), tone=TIER_TONES[flag.tier]),), flag.action)
        for flag in fired(flags)
    )
    not_asked = [flag for flag in flags if flag.status == "not_asked"]
    notes = []
    if not lines:
        notes.append(wording.say("overview.flags_none_fired" if _any_asked(analysis) else "flags.none"))
    if not_asked:
        notes.append(_not_asked(not_asked, wording))
    return Panel(wording.say("overview.flags"), lines, " ".join(notes))


def _not_asked(flags: list[RedFlag], wording: Wording) -> str:
    """The unasked emergencies by name, the others by number: the chapter names them all."""
    worst = [flag.label for flag in flags if flag.tier == "emergency"]
    named = ", ".join(worst or [flag.label for flag in flags])
    rest = len(flags) - len(worst) if worst else 0
    key = "overview.not_asked_more" if rest else "overview.not_asked_line"
    return wording.say(key, names=named, count=rest)


def _findings_panel(analysis: Analysis, wording: Wording) -> Panel:
    lines = tuple(
        Line(finding_name(finding, wording), finding_badges(finding, wording), readable(finding.wording, wording))
        for finding in analysis.findings.present()
    )
    return Panel(wording.say("overview.findings"), lines, outlook(analysis.findings, wording))


def _causes_panel(analysis: Analysis, wording: Wording) -> Panel:
    reasoning, title = analysis.reasoning, wording.say("overview.causes")
    if reasoning.urgency == "emergency":
        # Whoever must leave at once should not weigh probabilities first.
        return Panel(title, (), wording.say("overview.causes_emergency"))
    if not reasoning.causes:
        return Panel(title, (), wording.say("overview.causes_none"))
    likely = carded(reasoning) or reasoning.causes[:1]
    lines = tuple(
        Line(
            cause.label,
            (*cause_badges(cause, wording)[:-1], Badge(wording.say(f"causes.groups.{cause.group}"), tone="muted")),
            f"{cause.wording}: {probability_words(cause, wording)}",
        )
        for cause in likely[:_CAUSES]
    )
    notes = list(inseparable_sentences(reasoning, wording)[:1])
    if len(reasoning.causes) > len(lines):
        notes.append(_capital(wording.say("overview.more_causes", count=len(reasoning.causes) - len(lines))))
    key = "overview.causes_note" if reasoning.asked else "overview.causes_note_plain"
    notes.append(wording.say(key, answered=reasoning.answered, asked=reasoning.asked))
    return Panel(title, lines, " ".join(notes))


def _quality_panel(analysis: Analysis, wording: Wording) -> Panel:
    issues = [issue for issue in sorted_issues(analysis) if issue.severity != "info"]
    lines = tuple(
        Line(
            issue.message,
            (Badge(wording.say(f"quality.severity.{issue.severity}"), tone=ISSUE_TONES[issue.severity]),),
            issue.advice,
        )
        for issue in issues[:_ISSUES]
    )
    note = "" if issues else wording.say("overview.quality_good")
    if len(issues) > _ISSUES:
        note = _capital(wording.say("overview.quality_more", count=len(issues) - _ISSUES))
    return Panel(wording.say("overview.quality"), lines, note)


def _any_asked(analysis: Analysis) -> bool:
    return any(flag.status == "absent" for flag in analysis.reasoning.red_flags)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
