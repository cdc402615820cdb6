"""The chapters of a comparison, one function each."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gait.comparison.model import Comparison, FindingChange, Limit, Pair, Visit
from gait.core.analysis import Analysis
from gait.core.causes import CauseChange
from gait.core.findings import Finding
from gait.core.issues import Severity
from gait.core.sides import SIDES
from gait.plots.curves import REPORT_JOINTS
from gait.report.blocks import (
    Block,
    Cell,
    Facts,
    FigureItem,
    Figures,
    Notice,
    Paragraph,
    PictureItem,
    Pictures,
    Points,
    RowGroup,
    Section,
    Signature,
    Table,
)
from gait.report.chapters.film import ISSUE_TONES, near_words, stride_counts, view_words
from gait.report.chapters.findings import finding_title
from gait.report.chapters.influences import factor_words, influence_text
from gait.report.comparison_words import (
    cause_share,
    pair_words,
    short_names,
    sided,
    signed,
)
from gait.report.drawing import Drawings
from gait.report.wording import Wording

#: Widths of the columns: cause or finding, before, after, why.
_CAUSE_SHARES: tuple[float, ...] = (3.0, 1.2, 1.2, 4.6)
_FINDING_SHARES: tuple[float, ...] = (3.0, 2.0, 2.0, 3.4)

#: Causes that moved less than the first ones are only counted.
_CAUSES = 8

_KINDS: tuple[str, ...] = ("ceased", "appeared", "milder", "graver", "stays", "newly_judged", "no_longer_judged")


def visits_chapter(comparison: Comparison, wording: Wording) -> Section:
    """How each visit was filmed, and who was measured."""
    say = wording.say
    film: dict[str, Callable[[Visit], str]] = {
        say("compare.name"): lambda visit: visit.name,
        say("film.file"): lambda visit: visit.analysis.recording.path.name,
        say("film.view"): lambda visit: _view(visit.analysis, wording),
        say("film.near"): lambda visit: near_words(visit.analysis.trajectories.passes, wording),
        say("film.treadmill"): lambda visit: _surface(visit.analysis, wording),
        say("compare.speed"): lambda visit: _speed(visit.analysis, wording),
        say("film.strides"): lambda visit: say("film.strides_value", **stride_counts(visit.analysis)),
        say("compare.rate"): lambda visit: wording.number(visit.analysis.recording.fps, decimals=0),
        say("about.backend"): lambda visit: visit.analysis.pose.backend or "–",
        say("compare.faults"): lambda visit: _faults(visit.analysis, wording),
    }
    told: dict[str, Callable[[Visit], str]] = {
        say("film.subject"): lambda visit: _told(visit.analysis, wording),
        say("film.scale"): lambda visit: say(f"scales.{visit.analysis.trajectories.scale.source}"),
    }
    groups = tuple(
        RowGroup(
            say(title),
            tuple((Cell(name), *(Cell(tell(visit)) for visit in comparison.visits)) for name, tell in rows.items()),
        )
        for title, rows in (("compare.visits_film", film), ("compare.visits_told", told))
    )
    columns = (say("compare.fact"), *short_names(comparison))
    shares = (1.6, *(2.0 for _ in comparison.visits))
    blocks: list[Block] = [Table(say("compare.visits_caption"), columns, groups, shares=shares)]
    if pictures := _walkers(comparison, wording):
        blocks.append(Pictures(pictures, say("compare.walkers_caption")))
    return Section("visits", say("compare.visits_title"), tuple(blocks))


def limits_chapter(comparison: Comparison, wording: Wording) -> Section:
    """Whether the visits may be compared, and what may not be."""
    told: dict[tuple[str, str, Severity], list[str]] = {}
    for pair in comparison.pairs:
        for limit in pair.limits:
            title, text = limit_text(limit, comparison, pair, wording)
            names = wording.say("compare.pair", **pair_words(comparison, pair))
            told.setdefault((title, text, limit.severity), []).append(names)
    blocks: list[Block] = [
        # Of two visits nobody need be told which.
        Notice(
            ISSUE_TONES[severity],
            wording.say(f"compare.severity.{severity}"),
            title,
            text,
            tuple(names) if len(comparison.pairs) > 1 else (),
        )
        for (title, text, severity), names in told.items()
    ]
    if not blocks:
        blocks.append(Paragraph(wording.say("compare.limits.none")))
    return Section("comparable", wording.say("compare.limits.title"), tuple(blocks))


def limit_text(limit: Limit, comparison: Comparison, pair: Pair, wording: Wording) -> tuple[str, str]:
    """Title and sentence of a limit."""
    families = {"other_view": "views", "other_task": "examination.tasks"}
    values = dict(limit.values)
    if limit.id in families:
        values = {key: wording.say(f"{families[limit.id]}.{value}") for key, value in values.items()}
    values |= pair_words(comparison, pair)
    return tuple(wording.say(f"compare.limits.{limit.id}.{part}", **values) for part in ("title", "text"))  # pyright: ignore[reportReturnType]


def findings_chapter(comparison: Comparison, wording: Wording) -> Section:
    """Findings that came, went or stay, and whether numbers bear that out."""
    title, found = wording.say("compare.findings.title"), comparison.main.findings
    if not found:
        return Section("findings", title, (Paragraph(wording.say("compare.findings.none")),))
    groups = []
    for kind in _KINDS:
        rows = tuple(_finding_row(change, wording) for change in found if change.kind == kind)
        if rows:
            groups.append(RowGroup(wording.say(f"compare.findings.kinds.{kind}"), rows))
    names = short_names(comparison, comparison.main)
    columns = (wording.say("compare.findings.finding"), *names, wording.say("compare.findings.borne"))
    table = Table(
        wording.say("compare.findings.caption"),
        columns,
        tuple(groups),
        (wording.say("compare.findings.note"),),
        _FINDING_SHARES,
    )
    return Section("findings", title, (table,))


def curves_chapter(comparison: Comparison, drawings: Drawings, wording: Wording) -> Section | None:
    """Joint curves of all visits over each other."""
    names = pair_words(comparison, comparison.main)
    blocks: list[Block] = []
    for joint in REPORT_JOINTS:
        items = tuple(
            FigureItem(key, drawings[key], _curve_alt(comparison, joint, side, wording))
            for side in SIDES
            if (key := f"visits_{joint}_{side}") in drawings
        )
        if items:
            key = "compare.curves.same" if blocks else "compare.curves.caption"
            caption = wording.say(key, joint=wording.say(f"figures.joints.{joint}.title"), **names)
            blocks.append(Figures(items, caption, columns=2))
    if not blocks:
        return None
    if any(limit.id.startswith("other_speed") for limit in comparison.main.limits):
        blocks.insert(0, Paragraph(wording.say("compare.curves.speed"), "note"))
    blocks.append(Paragraph(wording.say("compare.curves.note"), "muted"))
    return Section("curves", wording.say("compare.curves.title"), tuple(blocks))


def causes_chapter(comparison: Comparison, wording: Wording) -> Section:
    """Which possible causes moved, and why."""
    update, say = comparison.main.causes, wording.say
    blocks: list[Block] = [Paragraph(say("compare.causes.lead"), "muted")]
    blocks += [Notice("alarm", say("compare.causes.new_flag"), label) for label in update.flags_new]
    if update.urgency_before != update.urgency_after:
        levels = {"before": update.urgency_before, "after": update.urgency_after}
        words = {key: say(f"urgency.labels.{level}") for key, level in levels.items()}
        blocks.append(Paragraph(say("compare.causes.urgency", **words)))
    if update.flags_gone:
        blocks.append(Points(say("compare.causes.gone_flags"), update.flags_gone))
    blocks += _causes(comparison, wording)
    if items := tuple(
        say(f"compare.causes.items.{item.change}", text=sided(item.text, item.side, wording)) for item in update.items
    ):
        blocks.append(Points(say("compare.causes.items_title"), items))
    return Section("causes", say("compare.causes.title"), tuple(blocks))


def limits_of_method(wording: Wording) -> Section:
    """What no comparison of films can say."""
    points = Points("", wording.several("compare.limits.general"))
    return Section("limits", wording.say("compare.limits.limits_title"), (points,))


def about_chapter(comparison: Comparison, wording: Wording) -> Section:
    """Versions, films and the lines to sign."""
    say = wording.say
    facts = [(say("about.software"), f"gait {comparison.version}".strip())]
    for visit in comparison.visits:
        made = visit.analysis
        facts.append((visit.name, f"gait {made.provenance.version}, {made.provenance.backend or '–'}"))
        facts.append((say("examination.film_hash", name=visit.name), made.recording.sha256 or "–"))
    facts.append((say("about.device"), say("about.device_value")))
    blocks = (
        Facts(tuple(facts)),
        Paragraph(say("document.disclaimer"), "note"),
        Signature(wording.several("about.signature")),
    )
    return Section("about", say("about.title"), blocks)


def _view(analysis: Analysis, wording: Wording) -> str:
    view, words = analysis.trajectories.view, view_words(analysis, wording)
    return words if view.kind == "frontal" else f"{words}, {abs(view.angle_deg):.0f}°"


def _surface(analysis: Analysis, wording: Wording) -> str:
    return wording.say("film.treadmill_yes" if analysis.trajectories.is_treadmill else "film.treadmill_no")


def _speed(analysis: Analysis, wording: Wording) -> str:
    for measure in ("walking_speed_mps", "walking_speed_llps"):
        found = analysis.parameters.get(measure)
        if found is not None and np.isfinite(found.value):
            return wording.quantity(found.value, found.unit)
    return "–"


def _faults(analysis: Analysis, wording: Wording) -> str:
    severities = [issue.severity for issue in analysis.issues]
    errors, warnings = severities.count("error"), severities.count("warning")
    if not errors + warnings:
        return wording.say("compare.faults_none")
    return wording.say("compare.faults_value", errors=errors, warnings=warnings)


def _told(analysis: Analysis, wording: Wording) -> str:
    subject, told = analysis.subject, []
    if subject.age_years is not None:
        told.append(wording.say("film.subject_age", age=f"{subject.age_years:g}"))
    if subject.sex is not None:
        told.append(wording.say(f"sex.{subject.sex}"))
    if subject.height_m is not None:
        told.append(wording.say("film.height", height=wording.quantity(subject.height_m, "m")))
    return ", ".join(told) or wording.say("film.not_told")


def _walkers(comparison: Comparison, wording: Wording) -> tuple[PictureItem, ...]:
    pictures = []
    for number, visit in enumerate(comparison.visits):
        pose = visit.analysis.pose
        shown = next((person.thumbnail for person in pose.people if person.number == pose.walker), b"")
        if shown:
            alt = wording.say("compare.walker_alt", visit=visit.name)
            pictures.append(PictureItem(f"walker_{number}", shown, visit.name, alt))
    return tuple(pictures)


def _finding_row(change: FindingChange, wording: Wording) -> tuple[Cell, ...]:
    known = next(finding for finding in (change.after, change.before) if finding is not None)
    borne = {True: "borne_yes", False: "borne_no", None: "borne_unknown"}[change.is_borne]
    is_change = change.kind in ("ceased", "appeared", "milder", "graver")
    named = next((finding for finding in (change.after, change.before) if finding and finding.side), known)
    return (
        Cell(finding_title(named, wording)),
        Cell(_state(change.before, wording)),
        Cell(_state(change.after, wording)),
        Cell(wording.say(f"compare.findings.{borne}") if is_change else "–"),
    )


def _state(finding: Finding | None, wording: Wording) -> str:
    if finding is None:
        return wording.say("compare.findings.not_assessable")
    if finding.severity is not None:
        return wording.say(f"severity.{finding.severity}")
    return wording.say(f"compare.findings.{finding.status}")


def _curve_alt(comparison: Comparison, joint: str, side: str, wording: Wording) -> str:
    """Which curve a picture shows, and where it changed."""
    told = [
        wording.say(
            "compare.curves.alt_stretch",
            peak=f"{signed(stretch.peak_deg, 'deg', wording)}{wording.unit('deg')}",
            start=f"{stretch.start_pct:.0f}",
            end=f"{stretch.end_pct:.0f}",
        )
        for curve in comparison.main.curves
        if (curve.joint, curve.side) == (joint, side)
        for stretch in curve.stretches
    ]
    return wording.say(
        "compare.curves.alt",
        joint=wording.say(f"figures.joints.{joint}.title"),
        side=wording.side(side).lower(),
        count=len(comparison.visits),
        changes="; ".join(told) + "." if told else wording.say("compare.curves.alt_none"),
    )


def _causes(comparison: Comparison, wording: Wording) -> list[Block]:
    update = comparison.main.causes
    if not update.causes:
        return [Paragraph(wording.say("compare.causes.none"))]
    rows = tuple(
        (
            Cell(sided(cause.label, cause.side, wording)),
            Cell(cause_share(cause.before, wording)),
            Cell(cause_share(cause.after, wording)),
            Cell(_because(cause, wording)),
        )
        for cause in update.causes[:_CAUSES]
    )
    names = pair_words(comparison, comparison.main)
    heads = short_names(comparison, comparison.main)
    columns = (wording.say("compare.causes.cause"), *heads, wording.say("compare.causes.because"))
    group = RowGroup(wording.say("compare.pair", **names), rows)
    rest = len(update.causes) - len(rows)
    notes = (wording.say("compare.causes.smaller", count=rest),) if rest > 0 else ()
    return [Table(wording.say("compare.causes.caption"), columns, (group,), notes, _CAUSE_SHARES)]


def _because(cause: CauseChange, wording: Wording) -> str:
    """What moved a cause; one that came or went with the findings that ask for it was not weighed at both visits."""
    if cause.before == 0.0 or cause.after == 0.0:
        return wording.say(f"compare.causes.{'entered' if cause.before == 0.0 else 'left'}")
    reasons = [
        wording.say(
            "compare.causes.reason", text=influence_text(item, wording), factor=factor_words(item.bits, wording)
        )
        for item in cause.because
    ]
    return "; ".join(reasons) or "–"
