"""Words of ``gait causes --follow``: what changed between two visits of a person, and why."""

from __future__ import annotations

from collections.abc import Mapping

from gait.app.causes_text import URGENCY, named, seen
from gait.app.lines import Lines, change_bar
from gait.causes.explain import percent
from gait.core.causes import CauseChange, ChangeKind, ItemChange, Update

CHANGES: Mapping[ChangeKind, tuple[str, str]] = {
    "new": ("+", "New"),
    "changed": ("~", "Turned round"),
    "withdrawn": ("-", "No longer told"),
}

LEAST_LISTED = 0.05
"""A change of a cause that stays below this before and after is summed up in one line."""

MAX_MOVED = 8
"""How many causes are told that moved."""


def update_lines(before: str, after: str, update: Update, into: Lines) -> Lines:
    """What changed between two visits.

    Parameters
    ----------
    before, after
        The names of the visits.
    update
        The change.
    into
        The text to add to; it is also returned.
    """
    into.title(f"{before}  ->  {after}", is_first=not into.lines)
    _urgency(update, into)
    into.add(update.text)
    _items(update, into)
    _causes(update, into)
    return into


def _urgency(update: Update, into: Lines) -> None:
    now = URGENCY[update.urgency_after]
    style = "alarm" if update.urgency_after in ("emergency", "urgent") else "bold"
    if update.urgency_before == update.urgency_after:
        into.add(f"Urgency as before: {now}", style)
    else:
        into.add(f"Urgency was {update.urgency_before}; now: {now}", style)
    for label in update.flags_new:
        into.add(f"! New reason for hurry: {label}", "alarm", indent=2, hang=2)
    for label in update.flags_gone:
        into.add(f"No longer a reason for hurry: {label}", indent=2, hang=2)
    into.blank()


def _items(update: Update, into: Lines) -> None:
    for kind, (sign, title) in CHANGES.items():
        chosen = [item for item in update.items if item.change == kind]
        if chosen:
            into.heading(title.upper())
        for item in chosen:
            into.add(_item(item), indent=2, hang=2, lead=sign)


def _item(item: ItemChange) -> str:
    return item.text if item.side is None else f"{item.text} ({'both sides' if item.side == 'both' else item.side})"


def _causes(update: Update, into: Lines) -> None:
    told = [cause for cause in update.causes if max(cause.before, cause.after) >= LEAST_LISTED][:MAX_MOVED]
    if not told:
        return
    into.heading("WHAT MOVED")
    for cause in told:
        _cause(cause, into)
    signs = "#" if into.is_plain else "█"
    into.blank()
    into.add(f"{signs} stayed, + gained, - lost. Below: how far each change moved the odds.", "quiet")


def _shown(probability: float) -> str:
    """Percent; a cause that was not listed has none."""
    return percent(probability) if probability > 0.0 else "not listed"


def _cause(cause: CauseChange, into: Lines) -> None:
    into.blank()
    into.spans(("  ", ""), (named(cause.label, cause.side), "bold"))
    into.spans(
        (f"    {_shown(cause.before):>10} -> {_shown(cause.after):<10} ", ""),
        *change_bar(cause.before, cause.after, into.is_plain),
    )
    for influence in cause.because:
        into.influence(seen(influence), influence.bits, 4)
