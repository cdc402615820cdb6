"""What may lie behind the findings: one card a cause, and in one list what is unlikely but dangerous."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import get_args

from gait.core.analysis import Analysis
from gait.core.causes import Cause, CauseGroup, Reasoning
from gait.report.blocks import Badge, Block, Card, Heading, Paragraph, Points, Section
from gait.report.cause_blocks import Bars, Links, Share, Shares, Step, Steps
from gait.report.chapters.influences import cause_bars, longest_bits, unsaid
from gait.report.wording import Wording

#: Causes below this are named only because they are dangerous: the least that the reasoning lists otherwise.
LEAST_CARD = 0.05


def causes_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Causes in the back, in the foot and leg, and elsewhere, each with what moved it."""
    reasoning, title = analysis.reasoning, wording.say("causes.title")
    if not reasoning.causes:
        return Section("causes", title, (Paragraph(wording.say("causes.none")), *_notes(reasoning, wording)))
    blocks: list[Block] = [*_lead(reasoning, wording), *_shares(reasoning, wording)]
    blocks += [*_inseparable(reasoning, wording), *_cards(reasoning, wording), *_dangerous(reasoning, wording)]
    if reasoning.chains:
        blocks.append(Points(wording.say("causes.chains"), reasoning.chains))
    return Section("causes", title, (*blocks, *_notes(reasoning, wording)))


def sources_chapter(analysis: Analysis, wording: Wording) -> Section | None:
    """The sources behind the figures of the causes, spelled out; a key alone tells a reader nothing."""
    references = analysis.reasoning.references
    if not references:
        return None
    items = tuple(
        wording.say(
            "causes.reference",
            source=reference.key,
            citation=reference.citation,
            about=reference.about,
            status=wording.say(f"causes.statuses.{reference.status}"),
        )
        for reference in references
    )
    return Section("sources", wording.say("causes.references"), (Points("", items),))


def carded(reasoning: Reasoning) -> tuple[Cause, ...]:
    """The causes that get a card; the others are in the list of the dangerous ones."""
    return tuple(cause for cause in reasoning.causes if cause.probability >= LEAST_CARD)


def cause_card(cause: Cause, reasoning: Reasoning, wording: Wording) -> Card:
    """One cause with its calibrated words, its probability with range, what moved it, and what is not known."""
    shown = carded(reasoning)
    links = _links(cause, shown, wording)
    linked = [label for link in links for label, _ in link.items]
    points = (
        Points(wording.say("causes.for"), unsaid(cause.supported_by, cause.influences, linked)),
        Points(wording.say("causes.against"), unsaid(cause.contradicted_by, cause.influences, linked)),
        Points(wording.say("causes.missing"), cause.missing),
    )
    return Card(
        title=cause.label,
        badges=cause_badges(cause, wording),
        text=cause.wording,
        points=tuple(item for item in points if item.items),
        meter=cause.probability,
        meter_label=probability_words(cause, wording),
        note=wording.say("causes.sources", sources=", ".join(cause.sources)) if cause.sources else "",
        id=_card_id(cause),
        band=(cause.low, cause.high) if _has_range(cause) else None,
        links=links,
        bars=_bars(cause, shown, wording),
        asides=((wording.say("causes.mechanism"), cause.mechanism),) if cause.mechanism else (),
    )


def cause_badges(cause: Cause, wording: Wording) -> tuple[Badge, ...]:
    """Side and level of a cause."""
    side = [Badge(wording.side(cause.side), cause.side)] if cause.side else []
    return (*side, Badge(wording.say(f"causes.level_{cause.level}"), tone="muted"))


def probability_words(cause: Cause, wording: Wording) -> str:
    """``"62 % (48 to 73 %)"``: the range tells how far our own doubt about the figures reaches."""
    value, low, high = (percent_words(share, wording) for share in (cause.probability, cause.low, cause.high))
    if not _has_range(cause) or high == wording.say("causes.below_one"):
        return value
    if low == high:
        return wording.say("causes.range_steady", value=value)
    if value == wording.say("causes.below_one"):
        return wording.say("causes.range_up", value=value, high=high)
    return wording.say("causes.range", value=value, low=low.removesuffix("%").rstrip(), high=high)


def percent_words(share: float, wording: Wording) -> str:
    """Whole percent: no cause is known to a tenth of one."""
    if share < 0.01:
        return wording.say("causes.below_one")
    return wording.probability(round(share, 2))


def inseparable_sentences(reasoning: Reasoning, wording: Wording) -> tuple[str, ...]:
    """Pairs that cannot be told apart, by their names."""
    names = {cause.id: cause.label for cause in reasoning.causes}
    return tuple(
        wording.say("causes.inseparable", first=_name(names, first), second=_name(names, second))
        for first, second in reasoning.inseparable
    )


def _cards(reasoning: Reasoning, wording: Wording) -> list[Block]:
    """The cards by region, the likeliest region first; regions without a card share one line."""
    shares, shown = reasoning.groups, carded(reasoning)
    blocks: list[Block] = []
    empty = []
    for group in sorted(get_args(CauseGroup), key=lambda group: -shares.get(group, 0.0)):
        causes, name = [cause for cause in shown if cause.group == group], wording.say(f"causes.groups.{group}")
        if not causes:
            empty.append(name.lower())
            continue
        blocks.append(Heading(name))
        blocks += [cause_card(cause, reasoning, wording) for cause in causes]
    if not shown:
        return [Paragraph(wording.say("causes.none_likely", least=percent_words(LEAST_CARD, wording)), "muted")]
    if empty:
        blocks.append(Paragraph(wording.say("causes.none_in_groups", groups=", ".join(empty)), "muted"))
    return blocks


def _dangerous(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    """One line for each cause that is listed only because missing it would do harm."""
    unlikely = [cause for cause in reasoning.causes if cause.probability < LEAST_CARD]
    if not unlikely:
        return ()
    steps = tuple(_danger(cause, wording) for cause in unlikely)
    return (Heading(wording.say("causes.dangerous_label")), Steps(steps, is_compact=True))


def _danger(cause: Cause, wording: Wording) -> Step:
    side = wording.side(cause.side).lower()
    name = wording.say("causes.dangerous_side", label=cause.label, side=side) if side else cause.label
    question = wording.say("causes.dangerous_ask", question=cause.missing[0]) if cause.missing else ""
    return Step(name, probability_words(cause, wording), question)


def _shares(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    groups = reasoning.groups
    if sum(groups.values()) <= 0.0:
        return ()
    items = tuple(
        Share(wording.say(f"causes.groups.{group}"), groups[group], percent_words(groups[group], wording))
        for group in get_args(CauseGroup)
        if group in groups
    )
    return (Shares(wording.say("causes.shares"), items),)


def _bars(cause: Cause, shown: Sequence[Cause], wording: Wording) -> Bars | None:
    """What moved a cause; where a linked one before it was moved by the same, and as far, its name is enough."""
    before = takewhile(lambda other: _card_id(other) != _card_id(cause), shown)
    linked = {*cause.explains, *cause.explained_by}
    alike = [other for other in before if other.id in linked and other.influences == cause.influences]
    if alike and cause.influences:
        return Bars(wording.say("causes.moved_alike", label=alike[0].label), "", "", ())
    if not cause.influences and not _has_range(cause):
        return None  # a reasoning that does not tell what moved it
    return cause_bars(cause, longest_bits(shown), wording)


def _links(cause: Cause, shown: Sequence[Cause], wording: Wording) -> tuple[Links, ...]:
    """What a cause would explain or be explained by, where that has a card to look at."""
    cards = {other.id: other for other in shown}
    pairs = (("explains", cause.explains), ("explained_by", cause.explained_by))
    links = []
    for key, ids in pairs:
        items = tuple((cards[name].label, _card_id(cards[name])) for name in ids if name in cards)
        if items:
            links.append(Links(wording.say(f"causes.{key}"), items))
    return tuple(links)


def _card_id(cause: Cause) -> str:
    return "-".join(("cause", cause.id, *((cause.side,) if cause.side else ())))


def _has_range(cause: Cause) -> bool:
    """Whether the range was worked out: 0 to 1 says nothing."""
    return (cause.low, cause.high) != (0.0, 1.0)


def _inseparable(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    sentences = inseparable_sentences(reasoning, wording)
    return (Points(wording.say("causes.inseparable_label"), sentences),) if sentences else ()


def _notes(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    return (Points(wording.say("causes.notes"), reasoning.notes),) if reasoning.notes else ()


def _lead(reasoning: Reasoning, wording: Wording) -> tuple[Block, ...]:
    """What this chapter is, and how its figures are read."""
    lead = wording.say("causes.lead")
    if reasoning.asked:
        lead = f"{lead} {wording.say('causes.based', answered=reasoning.answered, asked=reasoning.asked)}"
    if not any(_has_range(cause) for cause in reasoning.causes):
        return (Paragraph(lead),)
    return (Paragraph(lead), Paragraph(wording.say("causes.reading"), "muted"))


def _name(names: Mapping[str, str], cause_id: str) -> str:
    return names.get(cause_id, cause_id.replace("_", " "))
