"""Rules for hurry. They run before any probability, and no probability can lower them."""

from __future__ import annotations

from gait.causes.expression import Age, Leaf, open_leaves, true_leaves
from gait.causes.facts import Facts, gather_facts
from gait.causes.knowledge import Knowledge, load_knowledge
from gait.core.causes import FlagStatus, RedFlag, Tier, Urgency
from gait.core.findings import Findings
from gait.core.subject import Subject

TIERS: tuple[Tier, ...] = ("emergency", "urgent", "soon")
_STATUS_ORDER: dict[FlagStatus, int] = {"present": 0, "not_asked": 1, "absent": 2}


def check_red_flags(findings: Findings, subject: Subject) -> tuple[RedFlag, ...]:
    """Check every rule for hurry.

    Parameters
    ----------
    findings
        What the film showed; findings of the intake are added.
    subject
        The person with history and examination.

    Returns
    -------
    tuple of RedFlag
        All rules: fired ones first, then those that cannot be judged because a question is unanswered
        (``not_asked``, with the questions), then the absent ones; within each the most urgent first.
    """
    return check_flags(gather_facts(load_knowledge(), findings, subject))


def check_flags(facts: Facts) -> tuple[RedFlag, ...]:
    """Check every rule for hurry on facts that are gathered already (see :func:`check_red_flags`)."""
    knowledge = facts.knowledge
    flags = [_check(knowledge, facts, key) for key in knowledge.flags]
    return tuple(sorted(flags, key=lambda flag: (_STATUS_ORDER[flag.status], TIERS.index(flag.tier))))


def highest_urgency(flags: tuple[RedFlag, ...]) -> Urgency:
    """The highest tier that fired, or ``none``."""
    fired = {flag.tier for flag in flags if flag.status == "present"}
    for tier in TIERS:
        if tier in fired:
            return tier
    return "none"


def _check(knowledge: Knowledge, facts: Facts, key: str) -> RedFlag:
    rule, trigger = knowledge.flags[key]
    truth = trigger.truth(facts)
    status: FlagStatus = "present" if truth else ("absent" if truth is False else "not_asked")
    because = tuple(dict.fromkeys(_reason(knowledge, facts, leaf) for leaf in true_leaves(trigger, facts)))
    missing = tuple(dict.fromkeys(open_leaves(trigger, facts)))
    return RedFlag(key, status, rule.tier, rule.label, rule.action, because, missing)


def _reason(knowledge: Knowledge, facts: Facts, leaf: Leaf | Age) -> str:
    if isinstance(leaf, Age):
        return f"The age is {facts.age():g} years"
    kind, _, key = leaf.item.rpartition(":")
    if kind == "complaint":
        return f"The complaint is {key.replace('_', ' ')}"
    return knowledge.phrase(key, True) + (" on both sides" if leaf.both else "")
