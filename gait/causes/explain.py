"""Sentences: what speaks for and against a cause, how sure to sound, and the summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gait.causes.ask import Gains
from gait.causes.facts import Facts
from gait.causes.knowledge import Knowledge
from gait.causes.modules import Joined
from gait.core.causes import Cause, CauseGroup, RedFlag, Urgency
from gait.core.findings import FindingSide

MISSING = 3
"""How many open questions are named per cause."""

NOT_A_DIAGNOSIS = (
    "This is not a diagnosis: it tells how walking patterns and answers fit known troubles, for a clinician to examine."
)

_GROUP_WORDS: dict[CauseGroup, str] = {"back": "the back", "foot_leg": "foot and leg", "other": "elsewhere"}
_URGENCY_WORDS: dict[Urgency, str] = {
    "emergency": "Emergency: act now, before anything else.",
    "urgent": "Urgent: be seen within days, as said below.",
    "soon": "Have it looked at soon.",
    "routine": "No reason for hurry was found among the questions that were answered.",
    "none": "",
}


def wording(knowledge: Knowledge, probability: float) -> str:
    """Calibrated words for a probability after caps."""
    for band in sorted(knowledge.wording, key=lambda band: -band.from_):
        if probability >= band.from_ - 1e-9:
            return band.text
    return knowledge.wording[-1].text


def link_sentence(knowledge: Knowledge, cause: str, origin: str) -> str:
    """Why a linked cause is listed."""
    here, there = knowledge.causes[cause], knowledge.causes[origin]
    if here.level == "why":
        return f"It would explain {there.label}"
    return f"It is where {there.label} would show"


def open_questions(knowledge: Knowledge, gains: Gains, cause: str) -> tuple[str, ...]:
    """The unanswered questions that would move this cause most, in plain words."""
    ranked = gains.ranked(gains.about(cause), knowledge.questions)
    return tuple(knowledge.questions[gains.items[number]].patient for number in ranked[:MISSING])


def cause_side(facts: Facts, cause: str) -> FindingSide | None:
    """Side of a cause: its own where it names one (short leg), else the side of the trouble."""
    condition = facts.knowledge.causes[cause]
    if not condition.sided:
        return None
    for item in condition.side_from:
        reading = facts.read(item, "own")
        if reading is not None and reading.value and reading.side is not None:
            return reading.side
    return None if condition.side_from else facts.side


def group_shares(knowledge: Knowledge, joined: Joined) -> dict[CauseGroup, float]:
    """Share of each group among the causes that are compared (linked causes are not counted twice)."""
    sums: dict[CauseGroup, float] = {"back": 0.0, "foot_leg": 0.0, "other": 0.0}
    for cause, value in joined.direct.items():
        sums[knowledge.causes[cause].group] += value
    total = sum(sums.values())
    return {group: value / total for group, value in sums.items()} if total > 0.0 else sums


def percent(probability: float) -> str:
    """Whole percent in words; nothing is printed as 0 or 100.

    Examples
    --------
    >>> percent(0.491), percent(0.0004), percent(0.9999)
    ('49 %', 'below 1 %', 'above 99 %')
    """
    if probability < 0.01:
        return "below 1 %"
    if probability > 0.99:
        return "above 99 %"
    return f"{100 * probability:.0f} %"


def summary(
    knowledge: Knowledge,
    causes: Sequence[Cause],
    flags: Sequence[RedFlag],
    inseparable: Sequence[tuple[str, str]],
    shares: Mapping[CauseGroup, float],
    urgency: Urgency,
    counts: tuple[int, int],
    best_test: str,
) -> str:
    """One paragraph in plain words, urgency first."""
    parts = [_URGENCY_WORDS[urgency]] if _URGENCY_WORDS[urgency] else []
    parts += [flag.action for flag in flags if flag.status == "present" and flag.tier == urgency]
    if not causes:
        parts.append("No complaint and no telling finding was entered, so no cause is looked for.")
        return " ".join(parts)
    top = causes[0]
    side = f", {top.side}" if top.side else ""
    parts.append(f"Leading: {top.label}{side} ({top.wording}, {percent(top.probability)}).")
    if inseparable:
        others = " or ".join(knowledge.causes[b].label for _, b in inseparable)
        parts.append(f"{knowledge.causes[inseparable[0][0]].label} cannot be separated from {others} by what is known.")
    if best_test:
        parts.append(f"What would tell most: {best_test}")
    spread = ", ".join(f"{_GROUP_WORDS[group]} {percent(share)}" for group, share in shares.items())
    parts.append(f"By region: {spread}.")
    parts.append(f"Based on {counts[0]} of {counts[1]} questions. {NOT_A_DIAGNOSIS}")
    return " ".join(parts)
