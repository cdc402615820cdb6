"""Following a person: what changed between two visits, which causes moved, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from gait.causes.facts import Facts, gather_facts
from gait.causes.knowledge import Knowledge, load_knowledge
from gait.causes.reason import every_cause, suggest_causes
from gait.causes.visits import Visit
from gait.core.causes import Cause, CauseChange, Influence, ItemChange, Reasoning, Update
from gait.core.findings import FindingSide

LEAST_MOVE = 0.01
"""Causes that moved by less are left out (our estimate: nobody would see it)."""

LEAST_BITS = 0.1
"""Influences that changed by less are no reason (our estimate)."""

MAX_REASONS = 4
"""How many reasons are told for one cause."""

Known = Mapping[tuple[str, FindingSide | None], bool]


def reason_about(visit: Visit) -> Reasoning:
    """The reasoning of one visit; findings that somebody reported count where the film does not speak."""
    return suggest_causes(visit.findings, visit.subject)


def follow(before: Visit, after: Visit) -> Update:
    """What changed between two visits and what it did to the causes.

    Parameters
    ----------
    before, after
        All that was known then, and all that is known now (see :func:`gait.causes.visits.join_visits`).

    Returns
    -------
    Update
        What is known otherwise, the causes that moved with their reasons, and the urgency of both.
    """
    knowledge = load_knowledge()
    old, new = reason_about(before), reason_about(after)
    items = _items(knowledge, _known(knowledge, before), _known(knowledge, after))
    causes = _causes(*(every_cause(visit.findings, visit.subject) for visit in (before, after)))
    fired = [{flag.label for flag in result.red_flags if flag.status == "present"} for result in (old, new)]
    return Update(
        items=items,
        causes=causes,
        urgency_before=old.urgency,
        urgency_after=new.urgency,
        flags_new=tuple(sorted(fired[1] - fired[0])),
        flags_gone=tuple(sorted(fired[0] - fired[1])),
        text=_text(items, causes),
    )


def _known(knowledge: Knowledge, visit: Visit) -> Known:
    facts: Facts = gather_facts(knowledge, visit.findings, visit.subject)
    known: dict[tuple[str, FindingSide | None], bool] = {
        (answer.id, answer.side): answer.value == "yes" for given in facts.given.values() for answer in given
    }
    for finding in facts.findings:
        known[finding.id, finding.side] = finding.status == "present"
    return known


def _items(knowledge: Knowledge, before: Known, after: Known) -> tuple[ItemChange, ...]:
    changes = []
    for item, side in sorted({*before, *after}, key=lambda key: (key[0], key[1] or "")):
        then, now = before.get((item, side)), after.get((item, side))
        if then == now:
            continue
        value = now if now is not None else then
        kind = "new" if then is None else ("withdrawn" if now is None else "changed")
        changes.append(ItemChange(item, side, kind, knowledge.phrase(item, bool(value))))
    return tuple(changes)


def _causes(old: tuple[Cause, ...], new: tuple[Cause, ...]) -> tuple[CauseChange, ...]:
    then, now = ({cause.id: cause for cause in causes} for causes in (old, new))
    changes = []
    for key in sorted({*then, *now}):
        before, after = then.get(key), now.get(key)
        known = after or before
        if known is None:
            continue
        change = CauseChange(
            key,
            known.side,
            known.label,
            before.probability if before else 0.0,
            after.probability if after else 0.0,
            _reasons(before, after),
        )
        if abs(change.after - change.before) >= LEAST_MOVE:
            changes.append(change)
    return tuple(sorted(changes, key=lambda change: (-abs(change.after - change.before), change.id)))


def _reasons(before: Cause | None, after: Cause | None) -> tuple[Influence, ...]:
    """Influences of now minus those of before."""
    old = {influence.item: influence for influence in (before.influences if before else ())}
    new = {influence.item: influence for influence in (after.influences if after else ())}
    moved = []
    for item in sorted({*old, *new}):
        bits = (new[item].bits if item in new else 0.0) - (old[item].bits if item in old else 0.0)
        if abs(bits) >= LEAST_BITS:
            moved.append(replace(new.get(item) or old[item], bits=bits))
    return tuple(sorted(moved, key=lambda influence: (-abs(round(influence.bits, 9)), influence.item))[:MAX_REASONS])


def _text(items: tuple[ItemChange, ...], causes: tuple[CauseChange, ...]) -> str:
    if not items:
        return "Nothing is known that was not known before."
    if not causes:
        return "What is new does not move any cause."
    top = causes[0]
    side = f", {top.side}" if top.side else ""
    reason = f", mostly because: {top.because[0].text.lower()}" if top.because else ""
    return f"Moved most: {top.label}{side}, from {round(100 * top.before)} % to {round(100 * top.after)} %{reason}."
