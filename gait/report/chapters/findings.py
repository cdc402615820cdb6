"""What was seen, what was not, and what could not be judged. Silence is never health."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gait.core.analysis import Analysis
from gait.core.findings import Evidence, Finding, Findings, Status
from gait.findings.catalogue import Grading, Rule, load_rules
from gait.report.blocks import Badge, Block, Card, Heading, Paragraph, Points, Section, Tone
from gait.report.chapters.open_findings import OpenGroup, advice, heading, next_clip, open_groups, task_of
from gait.report.names import measure_name, measure_unit
from gait.report.wording import Wording

#: From which confidence on a finding is called so (our estimate).
_HIGH, _FAIR = 0.8, 0.6

#: A hyphen before a digit that is a sign, not a range.
_MINUS = re.compile(r"(?<![\w-])-(?=\d)")

_SEVERITY_TONES: dict[str, Tone] = {"mild": "note", "moderate": "warning", "severe": "alarm"}


def findings_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Present findings as cards, then short lists of the absent ones and of those that could not be judged."""
    findings = analysis.findings
    blocks: list[Block] = [finding_card(finding, wording) for finding in findings.present()]
    if not findings.present():
        blocks.append(Paragraph(silence(findings, wording), "note"))
    absent = titles(_absent(findings), wording)
    if absent:
        blocks += [
            Points(wording.say("findings.absent_label"), absent, is_inline=True),
            Paragraph(wording.say("findings.absent_help"), "muted"),
        ]
    blocks += _open(findings, wording)
    return Section("findings", wording.say("findings.title"), tuple(blocks))


def silence(findings: Findings, wording: Wording) -> str:
    """What may be said about everything that is not present; empty when all was judged and something was seen."""
    present, absent = findings.present(), {finding.id for finding in _absent(findings)}
    still_open = len(_patterns(findings, "not_assessable"))
    if not present and not absent:
        return wording.say("findings.nothing_judged")
    if present:
        return wording.say("findings.some_open", open=still_open) if still_open else ""
    key = "findings.none_seen_open" if still_open else "findings.none_seen"
    return wording.say(key, absent=len(absent), open=still_open)


def outlook(findings: Findings, wording: Wording) -> str:
    """Two sentences for the first screen: how much was looked for and not seen, and what the next clip would settle."""
    absent = len({finding.id for finding in _absent(findings)})
    still_open = len(_patterns(findings, "not_assessable"))
    clip = next_clip(open_groups(findings), wording)
    if not absent and not findings.present():
        return f"{wording.say('findings.nothing_judged')} {clip}".strip()
    key = "findings.absent_one" if absent == 1 else "findings.absent_count"
    said = [wording.say(key, absent=absent)] if absent else []
    said += [wording.say("findings.open_count", open=still_open), clip] if still_open else []
    return " ".join(part for part in said if part)


def finding_card(finding: Finding, wording: Wording) -> Card:
    """One finding that is present: what it is, what it means in daily life, its numbers, and what can fake it."""
    fits = tuple(_evidence(item, wording) for item in finding.evidence if item.supports)
    misfits = tuple(_evidence(item, wording) for item in finding.evidence if not item.supports)
    lists = (
        (wording.say("findings.plain"), _daily_life(finding, wording)),
        (wording.say("findings.evidence"), fits),
        (wording.say("findings.evidence_against"), misfits),
        (wording.say("findings.fakes"), finding.fakes),
    )
    return Card(
        title=finding_name(finding, wording),
        badges=finding_badges(finding, wording),
        text=readable(finding.wording, wording) or f"{finding_title(finding, wording)}.",
        points=tuple(Points(label, items) for label, items in lists if items),
        note=" ".join(part for part in _small_print(finding, wording) if part),
    )


def _daily_life(finding: Finding, wording: Wording) -> tuple[str, ...]:
    """What it means for the person, and how strong it is in plain words."""
    strength = wording.say(f"severity_plain.{finding.severity}") if finding.severity else ""
    return tuple(part for part in (finding.plain, strength) if part) if finding.plain else ()


def _small_print(finding: Finding, wording: Wording) -> tuple[str, ...]:
    """What the side means where that is confusing, how it was graded, from which clips, and what weakens it."""
    sides, rule = wording.entries["findings"]["sides"], _grading(finding.id)
    return (
        str(sides.get(finding.id, "")) if finding.side else "",
        grading_words(rule, wording) if rule is not None else "",
        wording.say("findings.sources", sources=", ".join(finding.sources)) if finding.sources else "",
        wording.say("findings.weakened", reason=finding.reason) if finding.reason else "",
    )


def _grading(finding_id: str) -> Grading | None:
    return next((rule.grade for rule in load_rules().finding if rule.id == finding_id), None)


def grading_words(grading: Grading, wording: Wording) -> str:
    """From which numbers on a finding is moderate and severe."""
    unit = "%" if grading.percent else measure_unit(grading.parameter)
    return wording.say(
        f"findings.graded.{grading.test}",
        parameter=measure_name(grading.parameter, wording),
        moderate=_threshold(grading.moderate, unit, wording),
        severe=_threshold(grading.severe, unit, wording),
    )


def _threshold(value: float, unit: str, wording: Wording) -> str:
    """A threshold as it stands in the rules: without decimals that it does not have."""
    shown = wording.unit(unit)
    number = f"{value:g}".replace("-", "−").replace(".", wording.say("format.decimal"))
    return f"{number}{'' if shown in ('°', '') else ' '}{shown}"


def finding_badges(finding: Finding, wording: Wording) -> tuple[Badge, ...]:
    """Side, severity and confidence of a present finding."""
    badges = [Badge(wording.side(finding.side), finding.side)] if finding.side else []
    if finding.severity:
        badges.append(Badge(wording.say(f"severity.{finding.severity}"), tone=_SEVERITY_TONES[finding.severity]))
    word = "high" if finding.confidence >= _HIGH else "fair" if finding.confidence >= _FAIR else "low"
    percent = wording.probability(finding.confidence)
    words = wording.say("findings.confidence", word=wording.say(f"findings.confidence_words.{word}"), percent=percent)
    return (*badges, Badge(words, tone="muted"))


def finding_name(finding: Finding, wording: Wording) -> str:
    """The name in the report's language; the finding's own where the catalogue has none."""
    known = wording.knows("findings", finding.id) or not finding.label
    return wording.label("findings", finding.id) if known else finding.label


def finding_title(finding: Finding, wording: Wording) -> str:
    """Name and side in one line."""
    title = finding_name(finding, wording)
    return f"{title} ({wording.side(finding.side).lower()})" if finding.side else title


def readable(text: str, wording: Wording) -> str:
    """A sentence of the stages with true minus signs, and degrees as a sign that stands close to its number."""
    return _MINUS.sub("−", text).replace(" deg", wording.unit("deg"))


def titles(findings: Sequence[Finding], wording: Wording) -> tuple[str, ...]:
    """Names with their sides; a pattern that stands there for both sides is named once, without one."""
    sides: dict[str, set[str | None]] = {}
    for finding in findings:
        sides.setdefault(finding.id, set()).add(finding.side)
    shown = {
        finding.id if {"left", "right"} <= sides[finding.id] else (finding.id, finding.side): finding
        for finding in findings
    }
    return tuple(
        finding_name(finding, wording) if isinstance(key, str) else finding_title(finding, wording)
        for key, finding in shown.items()
    )


def _absent(findings: Findings) -> tuple[Finding, ...]:
    """What was looked for and not seen; a difference of the sides that one side has is not missing on the other."""
    compared = {rule.id for rule in load_rules().finding if _compares_sides(rule)}
    seen = {finding.id for finding in findings.present()} & compared
    return tuple(finding for finding in findings.with_status("absent") if finding.id not in seen)


def _compares_sides(rule: Rule) -> bool:
    """Whether every way to be present asks for a difference between the sides."""
    tests = ("shorter_side", "lower_than_other", "higher_than_other")
    return bool(rule.way) and all(
        any(part.required and part.test in tests for part in way.criterion) for way in rule.way
    )


def _patterns(findings: Findings, status: Status) -> set[str]:
    """Ids that have a status on at least one side: a pattern counts once, not once a side."""
    return {finding.id for finding in findings.with_status(status)}


def _open(findings: Findings, wording: Wording) -> list[Block]:
    """Patterns that could not be judged, by what would let the next film judge them."""
    groups = open_groups(findings)
    if not groups:
        return []
    blocks: list[Block] = [
        Heading(wording.say("findings.open_label")),
        Paragraph(" ".join((wording.say("findings.open_help"), next_clip(groups, wording))).strip(), "muted"),
    ]
    for group in groups:
        blocks += _group(group, wording)
    return blocks


def _group(group: OpenGroup, wording: Wording) -> list[Block]:
    """One group: its patterns in a line, or one by one where each has something of its own to say."""
    title, how = heading(group, wording), advice(group, wording)
    if group.kind in ("never", "other"):
        return [Points(title, _by_reason(group.findings, wording))]
    if group.kind == "close":
        items = tuple(_close(finding, wording) for finding in group.findings)
        return [Points(title, items), Paragraph(how, "muted")]
    names = in_tasks(group, wording) if group.kind == "task" else titles(group.findings, wording)
    return [Points(title, names, is_inline=True), Paragraph(how, "muted")]


def in_tasks(group: OpenGroup, wording: Wording) -> tuple[str, ...]:
    """Patterns that need a task, each with its clip."""
    by_task: dict[str, list[Finding]] = {}
    for finding in group.findings:
        by_task.setdefault(task_of(finding), []).append(finding)
    return tuple(
        wording.say(
            "open.in_task", pattern=", ".join(titles(found, wording)), clip=clip_in_words(task, wording), task=task
        )
        for task, found in by_task.items()
    )


def clip_in_words(task: str, wording: Wording) -> str:
    """A task's clip in a few words, as they stand inside a sentence."""
    words = wording.say(f"open.tasks.{task}")
    return words[:1].lower() + words[1:]


def _by_reason(findings: Sequence[Finding], wording: Wording) -> tuple[str, ...]:
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings:
        by_reason.setdefault(finding.reason, []).append(finding)
    return tuple(
        f"{', '.join(titles(group, wording))}: {readable(reason, wording)}" for reason, group in by_reason.items()
    )


def _close(finding: Finding, wording: Wording) -> str:
    """A finding near its limit, with the number that is."""
    title = finding_title(finding, wording)
    return f"{title}: {_evidence(finding.evidence[0], wording)}" if finding.evidence else title


def _evidence(evidence: Evidence, wording: Wording) -> str:
    return wording.say(
        "findings.evidence_item",
        parameter=measure_name(evidence.parameter, wording),
        side=f", {wording.side(evidence.side).lower()}" if evidence.side != "both" else "",
        value=wording.quantity(evidence.value, evidence.unit),
        reference=readable(evidence.reference, wording),
    ).removesuffix(", ")
