"""Words of ``gait causes`` for people: what needs hurry first, then the causes, then what to do next."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gait.app.lines import Lines
from gait.causes.explain import NOT_A_DIAGNOSIS, percent
from gait.core.causes import Cause, CauseGroup, Influence, NextQuestion, Reasoning, RedFlag, Tier, Urgency
from gait.core.findings import FindingSide

GROUPS: Mapping[CauseGroup, str] = {"back": "BACK", "foot_leg": "FOOT AND LEG", "other": "ELSEWHERE"}

URGENCY: Mapping[Urgency, str] = {
    "emergency": "EMERGENCY – act now, before anything else",
    "urgent": "URGENT – be seen within days",
    "soon": "SOON – have it looked at",
    "routine": "No reason for hurry among the questions that were answered",
    "none": "Nothing that needs hurry was entered",
}

TIERS: Mapping[Tier, str] = {"emergency": "Emergencies", "urgent": "Urgent", "soon": "Soon"}

LEAST_TOLD = 0.05
"""Causes below this are listed only because they are dangerous: one short line each (as in the reasoning)."""

LEADING = 2
"""For so many leading causes the mechanism is told, and more of what moved them."""

BARS_LEADING, BARS = 7, 4
"""How many influences are drawn for leading causes, and for others (our choice: the page stays short)."""

LEAST_DRAWN = math.log2(1.1)
"""What changes the odds by less than a tenth is not drawn (our choice)."""

MISSING_LEADING, MISSING = 3, 1
"""How many open questions are named for leading causes, and for others."""

MAX_ASKED = 4
"""How many questions, and how many tests, are told."""

_BODY = 8
"""Column where the text of a cause begins, behind its percent."""


def reasoning_lines(reasoning: Reasoning, into: Lines) -> Lines:
    """All that was concluded of one person.

    Parameters
    ----------
    reasoning
        What was concluded.
    into
        The text to add to; it is also returned.
    """
    _flags(reasoning, into)
    into.blank()
    into.add(_short_summary(reasoning))
    _causes(reasoning, into)
    _inseparable(reasoning, into)
    _next(reasoning, into)
    _notes(reasoning, into)
    into.blank()
    if reasoning.causes:
        into.add(f"More on one cause, with its sources: gait causes --about {reasoning.causes[0].id}", "quiet")
    into.add(NOT_A_DIAGNOSIS, "bold")
    return into


def named(label: str, side: FindingSide | None) -> str:
    """A cause with its side: ``"L5 nerve root, right"``."""
    return f"{label}, both sides" if side == "both" else (f"{label}, {side}" if side else label)


def seen(influence: Influence) -> str:
    """What moved a cause, with its side."""
    side = {"both": " (both sides)"}.get(influence.side or "", f" ({influence.side})" if influence.side else "")
    return f"{influence.text}{side}"


def fired(flags: Iterable[RedFlag]) -> tuple[RedFlag, ...]:
    """The reasons for hurry that are there."""
    return tuple(flag for flag in flags if flag.status == "present")


def flag_lines(flag: RedFlag, into: Lines) -> None:
    """One reason for hurry that fired: what, what to do, and why."""
    into.add(f"! {flag.label}", "alarm" if flag.tier != "soon" else "bold", indent=2, hang=2)
    into.add(flag.action, indent=4)
    because = [text for text in flag.because if f"{text} on both sides" not in flag.because]
    if because:
        into.add(f"Because: {'; '.join(because)}.", "quiet", indent=4, hang=2)


def _flags(reasoning: Reasoning, into: Lines) -> None:
    present = fired(reasoning.red_flags)
    into.add(
        f"Urgency: {_lowered(URGENCY[reasoning.urgency])}",
        "alarm" if reasoning.urgency in ("emergency", "urgent") else "bold",
    )
    for flag in present:
        flag_lines(flag, into)
    for number, (tier, title) in enumerate(TIERS.items()):
        names = [flag.label for flag in reasoning.red_flags if flag.status == "not_asked" and flag.tier == tier]
        if not names:
            continue
        if number == 0 or present:
            present = ()
            into.blank()
        into.add("; ".join(names), indent=0, hang=2, lead=f"Not asked – {title.lower()}:")


def _short_summary(reasoning: Reasoning) -> str:
    """The summary without what stands above and below it already."""
    text = reasoning.summary.replace(NOT_A_DIAGNOSIS, "")
    for flag in fired(reasoning.red_flags):
        text = text.replace(flag.action, "")
    return " ".join(text.split())


@dataclass(slots=True)
class _Told:
    """What was told already, so that a cause does not repeat what its link said."""

    labels: Mapping[str, str]
    influences: dict[str, Mapping[str, float]] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def _causes(reasoning: Reasoning, into: Lines) -> None:
    told = _Told({cause.id: cause.label for cause in reasoning.causes})
    likely = [cause for cause in reasoning.causes if cause.probability >= LEAST_TOLD]
    leading = {cause.id for cause in likely[:LEADING]}
    groups: dict[CauseGroup, list[Cause]] = {}  # that of the leading cause goes first
    for cause in likely:
        groups.setdefault(cause.group, []).append(cause)
    for group, chosen in groups.items():
        title = GROUPS[group]
        share = f" – {percent(reasoning.groups[group])} of what is compared" if group in reasoning.groups else ""
        into.heading(title + share)
        for cause in chosen:
            _cause(cause, cause.id in leading, told, into)
    if likely and any(cause.influences for cause in likely):
        into.blank()
        into.add(
            "Bars: how far one thing moved the odds, to the right for, to the left against; "
            f"x2 doubles the odds, {'/' if into.is_plain else '÷'}2 halves them.",
            "quiet",
        )
    _unlikely([cause for cause in reasoning.causes if cause.probability < LEAST_TOLD], into)


def _cause(cause: Cause, is_leading: bool, told: _Told, into: Lines) -> None:
    into.blank()
    into.spans((f"{percent(cause.probability):>6}", "bold"), ("  ", ""), (named(cause.label, cause.side), "bold"))
    into.add(_how_sure(cause), indent=_BODY)
    for title, others in (("Would explain", cause.explains), ("Could come from", cause.explained_by)):
        if others:
            into.add(f"{title}: {', '.join(told.labels[other] for other in others)}.", indent=_BODY, hang=2)
    if is_leading and cause.mechanism:
        into.add(cause.mechanism, indent=_BODY)
    _influences(cause, is_leading, told, into)
    missing = [text for text in cause.missing if text not in told.missing][: MISSING_LEADING if is_leading else MISSING]
    if missing:
        told.missing.update(missing)
        into.add(" ".join(missing), indent=_BODY, hang=2, lead="Not known, and would matter:")


def _how_sure(cause: Cause) -> str:
    low, high = (round(100 * value) for value in (cause.low, cause.high))
    if low == high:
        return cause.wording
    return f"{cause.wording}; between {low} and {high} % if our figures are off"


def _influences(cause: Cause, is_leading: bool, told: _Told, into: Lines) -> None:
    """What moved a cause; one that is linked to a cause above tells only what moved it otherwise."""
    own = {influence.item: round(influence.bits, 3) for influence in cause.influences}
    above = next((o for o in (*cause.explains, *cause.explained_by) if o in told.influences), None)
    shared = told.influences[above] if above is not None else {}
    told.influences[cause.id] = own
    drawn = [influence for influence in cause.influences if abs(influence.bits) >= LEAST_DRAWN]
    fresh = [influence for influence in drawn if shared.get(influence.item) != own[influence.item]]
    chosen = _strongest(fresh, BARS_LEADING if is_leading else BARS)
    for influence in chosen:
        into.influence(seen(influence), influence.bits, _BODY)
    if above is not None and len(fresh) < len(drawn):
        into.add(f"Otherwise moved as {told.labels[above]}.", "quiet", indent=_BODY)
    elif len(fresh) > len(chosen):
        into.add(f"and {len(fresh) - len(chosen)} that moved it less", "quiet", indent=_BODY)


def _strongest(influences: Sequence[Influence], most: int) -> tuple[Influence, ...]:
    """The strongest; what contradicts a cause is never left out altogether."""
    chosen = list(influences[:most])
    for is_for in (True, False):
        of_sign = [influence for influence in influences if (influence.bits > 0) == is_for]
        if of_sign and not any((influence.bits > 0) == is_for for influence in chosen):
            chosen[-1:] = [of_sign[0]]
    return tuple(chosen)


def _unlikely(causes: Sequence[Cause], into: Lines) -> None:
    if not causes:
        return
    into.heading("UNLIKELY, BUT MUST NOT BE MISSED")
    for cause in causes:
        against = [influence for influence in cause.influences if influence.bits < 0]
        reason = f" – against it: {_lowered(against[0].text)}" if against else " – nothing speaks against it yet"
        into.add(f"{named(cause.label, cause.side)}: {percent(cause.probability)}{reason}", indent=2, hang=2)


def _lowered(text: str) -> str:
    """The text to go on with inside a sentence; names such as L5 keep their capital."""
    return text if text[1:2].isupper() or text[1:2].isdigit() else text[:1].lower() + text[1:]


def _inseparable(reasoning: Reasoning, into: Lines) -> None:
    if not reasoning.inseparable:
        return
    labels = {cause.id: cause.label for cause in reasoning.causes}
    into.heading("CANNOT BE TOLD APART YET")
    for first, second in reasoning.inseparable:
        into.add(f"{labels[first]} and {labels[second]}", indent=2, hang=2)


def _next(reasoning: Reasoning, into: Lines) -> None:
    for kind, title in (("history", "ASK"), ("examination", "EXAMINE")):
        chosen = [question for question in reasoning.next_questions if question.kind == kind][:MAX_ASKED]
        if chosen:
            into.heading(title)
        for question in chosen:
            _question(question, into)
    if reasoning.next_films:
        into.heading("FILM")
    for film in reasoning.next_films:
        into.add(film.text, indent=2, hang=2, lead="-")
        into.add(film.why, "quiet", indent=4)


def _question(question: NextQuestion, into: Lines) -> None:
    if question.kind == "examination" and question.examiner:
        into.add(question.examiner, indent=2, hang=2, lead="-")
        into.add(question.test or question.text, indent=4)
    else:
        into.add(question.text, indent=2, hang=2, lead="-")
    into.add(question.why, "quiet", indent=4)


def _notes(reasoning: Reasoning, into: Lines) -> None:
    if reasoning.chains:
        into.heading("FOOT AND BACK")
    for chain in reasoning.chains:
        into.add(chain, indent=2)
    unasked = [flag.label for flag in reasoning.red_flags if flag.status == "not_asked"]
    # What was not asked stands on top already.
    notes = [note for note in reasoning.notes if not unasked or not all(label in note for label in unasked)]
    if notes:
        into.heading("NOTES")
    for note in notes:
        into.add(note, indent=2, hang=2, lead="-")
