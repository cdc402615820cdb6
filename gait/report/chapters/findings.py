"""What was seen, what was not, and what could not be judged. Silence is never health."""

from __future__ import annotations

from collections.abc import Sequence

from gait.core.analysis import Analysis
from gait.core.findings import Evidence, Finding, Findings, Status
from gait.report.blocks import Badge, Block, Card, Paragraph, Points, Section, Tone
from gait.report.wording import Wording

#: From which confidence on a finding is called so (our estimate).
_HIGH, _FAIR = 0.8, 0.6

_SEVERITY_TONES: dict[str, Tone] = {"mild": "note", "moderate": "warning", "severe": "alarm"}


def findings_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Present findings as cards, then short lists of the absent ones and of those that could not be judged."""
    findings = analysis.findings
    blocks: list[Block] = [finding_card(finding, wording) for finding in findings.present()]
    sentence = silence(findings, wording)
    if sentence:
        blocks.append(Paragraph(sentence, "plain" if findings.present() else "note"))
    absent = titles(findings.with_status("absent"), wording)
    if absent:
        blocks += [
            Points(wording.say("findings.absent_label"), absent, is_inline=True),
            Paragraph(wording.say("findings.absent_help"), "muted"),
        ]
    blocks += _not_assessable(findings, wording)
    return Section("findings", wording.say("findings.title"), tuple(blocks))


def silence(findings: Findings, wording: Wording) -> str:
    """What may be said about everything that is not present; empty when all was judged and something was seen."""
    present, absent = findings.present(), _patterns(findings, "absent")
    still_open = len(_patterns(findings, "not_assessable"))
    if not present and not absent:
        return wording.say("findings.nothing_judged")
    if present:
        return wording.say("findings.some_open", open=still_open) if still_open else ""
    key = "findings.none_seen_open" if still_open else "findings.none_seen"
    return wording.say(key, absent=len(absent), open=still_open)


def finding_card(finding: Finding, wording: Wording) -> Card:
    """One finding that is present: plain sentence, side, size, certainty and the numbers it rests on."""
    fits = tuple(_evidence(item, wording) for item in finding.evidence if item.supports)
    misfits = tuple(_evidence(item, wording) for item in finding.evidence if not item.supports)
    lists = (
        (wording.say("findings.evidence"), fits),
        (wording.say("findings.evidence_against"), misfits),
        (wording.say("findings.fakes"), finding.fakes),
    )
    return Card(
        title=finding_name(finding, wording),
        badges=finding_badges(finding, wording),
        text=finding.wording or f"{finding_title(finding, wording)}.",
        points=tuple(Points(label, items) for label, items in lists if items),
        note=wording.say("findings.weakened", reason=finding.reason) if finding.reason else "",
    )


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


def _patterns(findings: Findings, status: Status) -> set[str]:
    """Ids that have a status on at least one side: a pattern counts once, not once a side."""
    return {finding.id for finding in findings.with_status(status)}


def _not_assessable(findings: Findings, wording: Wording) -> list[Block]:
    """Patterns that could not be judged, one line a reason."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in findings.with_status("not_assessable"):
        by_reason.setdefault(finding.reason, []).append(finding)
    if not by_reason:
        return []
    items = tuple(f"{', '.join(titles(group, wording))}: {reason}" for reason, group in by_reason.items())
    return [
        Points(wording.say("findings.open_label"), items),
        Paragraph(wording.say("findings.open_help"), "muted"),
    ]


def _evidence(evidence: Evidence, wording: Wording) -> str:
    return wording.say(
        "findings.evidence_item",
        parameter=wording.label("parameters", evidence.parameter),
        side=f", {wording.side(evidence.side).lower()}" if evidence.side != "both" else "",
        value=wording.quantity(evidence.value, evidence.unit),
        reference=evidence.reference,
    ).replace(" ()", "")
