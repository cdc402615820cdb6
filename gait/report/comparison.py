"""What the report of a comparison says: two or more visits of one person, and what changed between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from scipy.stats import binom

from gait.comparison.model import Change, Comparison, Pair
from gait.comparison.speed import pace_factor
from gait.core.sides import SIDES
from gait.plots.comparison import ChangeWords, changes_figure, curve_figure
from gait.plots.curves import REPORT_JOINTS
from gait.plots.style import to_svg
from gait.report.blocks import Badge, Document, Line, Notice, Overview, Panel, Tone
from gait.report.chapters.findings import titles
from gait.report.chapters.flags import urgency_notice
from gait.report.comparison_chapters import (
    about_chapter,
    causes_chapter,
    curves_chapter,
    findings_chapter,
    limit_text,
    limits_chapter,
    limits_of_method,
    visits_chapter,
)
from gait.report.comparison_tables import changes_chapter, measures_chapter, steps_chapter
from gait.report.comparison_words import (
    VERDICT_TONES,
    cause_share,
    changed_names,
    measure_title,
    pair_words,
    verdict_words,
    worth_telling,
)
from gait.report.drawing import Drawings
from gait.report.wording import Wording, load_wording

#: How much fits on the first screen.
_CHANGES, _CAUSES, _LIMITS = 6, 3, 3

#: Measures on the picture of changes: more are not read.
_DRAWN = 12

#: One in so many measures of an unchanged person is beyond its 95 % limits.
_CHANCE = 0.05

#: Limits after which nothing is compared.
_APART: tuple[str, ...] = ("other_task", "not_done", "other_view")


def build_comparison_document(
    comparison: Comparison, language: str = "en", made_on: date | None = None, drawings: Drawings | None = None
) -> Document:
    """Say what changed between visits.

    Parameters
    ----------
    comparison
        The comparison.
    language
        Which catalogue of words.
    made_on
        Date printed on the report; None prints none.
    drawings
        Figures drawn before by :func:`draw_comparison`; None draws them.

    Raises
    ------
    InputError
        There is no catalogue of that language.
    """
    wording = load_wording(language)
    figures = draw_comparison(comparison, language) if drawings is None else drawings
    chapters = (
        visits_chapter(comparison, wording),
        limits_chapter(comparison, wording),
        changes_chapter(comparison, figures, wording),
        steps_chapter(comparison, wording),
        findings_chapter(comparison, wording),
        curves_chapter(comparison, figures, wording),
        causes_chapter(comparison, wording),
        measures_chapter(comparison, wording),
        limits_of_method(wording),
        about_chapter(comparison, wording),
    )
    meta = [wording.say("compare.visits_count", count=len(comparison.visits))]
    if made_on is not None:
        meta.append(wording.say("document.made_on", date=made_on.isoformat()))
    names = " · ".join(visit.name for visit in comparison.visits)
    return Document(
        language=wording.language,
        title=wording.say("compare.title"),
        subject_line=wording.say("compare.subject", names=names),
        meta=tuple(meta),
        overview=_overview(comparison, wording),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
        disclaimer=wording.say("document.disclaimer"),
        footer=wording.say("document.footer", version=comparison.version),
        contents_label=wording.say("document.contents"),
    )


def draw_comparison(comparison: Comparison, language: str = "en") -> Drawings:
    """Figures: ``changes`` where anything was compared, and ``visits_<joint>_<side>`` for each joint curve."""
    wording = load_wording(language)
    words, said = wording.plot_words(), ChangeWords(**wording.entries["compare"]["figures"])
    figures: dict[str, str] = {}
    drawn = drawn_changes(comparison.main)
    if drawn:
        labels = {change.parameter: measure_title(change, wording) for change in drawn}
        figures["changes"] = to_svg(changes_figure(drawn, labels, words, said))
    if comparison.main.curves:
        for joint in REPORT_JOINTS:
            for side in SIDES:
                figure = curve_figure(joint, side, comparison.visits, comparison.main.curves, words, said)
                figures[f"visits_{joint}_{side}"] = to_svg(figure)
    return figures


def drawn_changes(pair: Pair) -> tuple[Change, ...]:
    """The measures worth a picture, both sides of each: changes that count before those of speed, the largest first."""
    beyond = [change for change in worth_telling(pair.changes) if change.is_real or change.verdict == "speed"]
    ids = list(dict.fromkeys(change.parameter for change in sorted(beyond, key=_rank)))
    chosen: list[Change] = []
    for name in ids[:_DRAWN]:
        chosen += [change for change in pair.compared if change.parameter == name]
    return tuple(chosen)


def _rank(change: Change) -> tuple[bool, float]:
    return not change.is_real, -abs(change.times)


def by_chance(pair: Pair) -> int:
    """How many of the measures compared are beyond their limits by chance, about."""
    return round(_CHANCE * len(pair.compared))


def may_be_chance(pair: Pair) -> bool:
    """Whether so many changes come by chance in one of twenty unchanged people, taken as independent measures.

    Measures hang together, so chance gives many at once more often than that; the sentence says "may".
    """
    return 0 < len(pair.real) <= int(binom.ppf(1 - _CHANCE, len(pair.compared), _CHANCE))


def summary_sentences(comparison: Comparison, wording: Wording) -> str:
    """The comparison in a few sentences, the first against the last visit."""
    pair, say = comparison.main, wording.say
    names = pair_words(comparison, pair)
    if not pair.compared:
        return say("compare.summary.apart", **names)
    parts = [_counted(pair, names, wording)]
    if may_be_chance(pair):
        parts.append(say("compare.summary.few"))
    if worth := worth_telling(pair.real):
        parts.append(say("compare.summary.most", **_most(worth[0], wording)))
    if any(limit.id.startswith("other_speed") for limit in pair.limits):
        parts.append(_speed_sentence(comparison, wording))
    for kind in ("ceased", "appeared"):
        told = [change.before or change.after for change in pair.findings if change.kind == kind]
        if found := [finding for finding in told if finding is not None]:
            parts.append(say(f"compare.summary.{kind}", names=", ".join(titles(found, wording))))
    return " ".join(parts)


def _counted(pair: Pair, names: Mapping[str, str], wording: Wording) -> str:
    verdicts = [change.verdict for change in pair.real]
    if not verdicts:
        return wording.say("compare.summary.none", compared=len(pair.compared), **names)
    counts = {kind: verdicts.count(kind) for kind in ("better", "worse")}
    return wording.say(
        "compare.summary.changed",
        real=len(verdicts),
        compared=len(pair.compared),
        chance=by_chance(pair),
        other=verdicts.count("changed"),
        **counts,
        **names,
    )


def _most(change: Change, wording: Wording) -> dict[str, str]:
    side = f", {wording.side(change.side).lower()}" if change.side != "both" else ""
    return {"name": f"{measure_title(change, wording, with_unit=False)}{side}", **changed_names(change, wording)}


def _speed_sentence(comparison: Comparison, wording: Wording) -> str:
    first, last = comparison.visits[0].analysis, comparison.visits[-1].analysis
    factor = pace_factor(first, last)
    kind = wording.say(f"compare.summary.{'faster' if factor > 1 else 'slower'}")
    return wording.say("compare.summary.speed", percent=f"{abs(100 * (factor - 1)):.0f}", kind=kind)


def _overview(comparison: Comparison, wording: Wording) -> Overview:
    panels = (
        _changes_panel(comparison, wording),
        _findings_panel(comparison, wording),
        _causes_panel(comparison, wording),
        _limits_panel(comparison, wording),
    )
    summary = summary_sentences(comparison, wording)
    return Overview(_banner(comparison, wording), wording.say("overview.summary"), summary, panels)


def _banner(comparison: Comparison, wording: Wording) -> Notice:
    """What a reader must see first: that it may be two people, that there is hurry, or whether anything changed."""
    pair, say = comparison.main, wording.say
    limits = {limit.id for limit in pair.limits}
    if "other_person" in limits:
        return Notice("alarm", say("compare.banner.other_person"), "", say("compare.banner.other_person_text"))
    if comparison.reasoning.urgency in ("emergency", "urgent", "soon"):
        return urgency_notice(replace(comparison.visits[-1].analysis, reasoning=comparison.reasoning), wording)
    if limits & set(_APART) or not pair.compared:
        return Notice("warning", say("compare.banner.apart"), "", say("compare.banner.apart_text"))
    counts = {"real": len(pair.real), "compared": len(pair.compared), "chance": by_chance(pair)}
    if may_be_chance(pair):
        return Notice("plain", say("compare.banner.chance"), "", say("compare.banner.counts", **counts))
    if pair.real:
        return Notice("note", say("compare.banner.changed"), "", say("compare.banner.counts", **counts))
    return Notice("plain", say("compare.banner.unchanged"), "", say("compare.banner.none", **counts))


def _changes_panel(comparison: Comparison, wording: Wording) -> Panel:
    real = worth_telling(comparison.main.real)
    lines = tuple(
        Line(
            measure_title(change, wording, with_unit=False),
            (*_side_badge(change.side, wording), Badge(verdict_words(change, wording), tone=_verdict_tone(change))),
            wording.say("compare.panels.changes_note", **changed_names(change, wording)),
        )
        for change in real[:_CHANGES]
    )
    rest = len(real) - len(lines)
    note = wording.say("compare.panels.changes_more", count=rest) if rest > 0 else ""
    if not lines:
        note = wording.say(f"compare.panels.changes_{'none' if comparison.main.compared else 'apart'}")
    return Panel(wording.say("compare.panels.changes"), lines, note)


def _verdict_tone(change: Change) -> Tone:
    return VERDICT_TONES[change.verdict]


def _side_badge(side: str | None, wording: Wording) -> tuple[Badge, ...]:
    return (Badge(wording.side(side), side),) if side in ("left", "right") else ()  # pyright: ignore[reportArgumentType]


def _findings_panel(comparison: Comparison, wording: Wording) -> Panel:
    moved, lines = comparison.main.findings, []
    tones: dict[str, Tone] = {"appeared": "warning", "graver": "warning", "ceased": "note", "milder": "note"}
    for kind, tone in tones.items():
        for change in (change for change in moved if change.kind == kind):
            finding = change.after if kind in ("appeared", "graver", "milder") else change.before
            if finding is None:
                continue
            name = titles((replace(finding, side=None),), wording)[0]
            badge = Badge(wording.say(f"compare.findings.badges.{kind}"), tone=tone)
            note = wording.say("compare.findings.borne_no") if change.is_borne is False else ""
            lines.append(Line(name, (*_side_badge(change.side, wording), badge), _sentence(note)))
    stay = [change.after for change in moved if change.kind == "stays" and change.after is not None]
    notes = [] if lines else [wording.say("compare.panels.findings_none")]
    if stay:
        notes.append(wording.say("compare.panels.findings_stay", names=", ".join(titles(stay, wording))))
    once = [change.after or change.before for change in moved if change.kind in ("newly_judged", "no_longer_judged")]
    if known := [finding for finding in once if finding is not None]:
        notes.append(wording.say("compare.panels.findings_once", count=len(known)))
    return Panel(wording.say("compare.panels.findings"), tuple(lines), " ".join(notes))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _causes_panel(comparison: Comparison, wording: Wording) -> Panel:
    update = comparison.main.causes
    lines = tuple(
        Line(
            cause.label,
            _side_badge(cause.side, wording),
            wording.say(
                "compare.panels.causes_note",
                before=cause_share(cause.before, wording),
                after=cause_share(cause.after, wording),
            ),
        )
        for cause in update.causes[:_CAUSES]
    )
    key = "overview.causes_note_plain" if lines else "compare.panels.causes_none"
    return Panel(wording.say("compare.panels.causes"), lines, wording.say(key))


def _limits_panel(comparison: Comparison, wording: Wording) -> Panel:
    limits = comparison.main.limits
    lines = []
    for limit in limits[:_LIMITS]:
        title, _ = limit_text(limit, comparison, comparison.main, wording)
        lines.append(Line(title, (_severity_badge(limit.severity, wording),)))
    notes = [] if limits else [wording.say("compare.panels.limits_none")]
    if len(limits) > _LIMITS:
        notes.append(wording.say("compare.panels.limits_more", count=len(limits) - _LIMITS))
    return Panel(
        wording.say("compare.panels.limits"), tuple(lines), " ".join((*notes, wording.say("compare.panels.one_day")))
    )


def _severity_badge(severity: str, wording: Wording) -> Badge:
    tones: Mapping[str, Tone] = {"error": "alarm", "warning": "warning", "info": "note"}
    return Badge(wording.say(f"compare.severity.{severity}"), tone=tones[severity])
