"""From findings, history and examination to possible causes: the one entry point of this stage."""

from __future__ import annotations

from gait.causes.ask import Gain, expected_gains, next_questions
from gait.causes.bayes import Posterior
from gait.causes.explain import (
    arguments,
    cause_side,
    group_shares,
    link_sentence,
    open_questions,
    summary,
    wording,
)
from gait.causes.facts import Facts, gather_facts
from gait.causes.knowledge import Knowledge, load_knowledge
from gait.causes.modules import Joined, Module, choose_modules, join, model_weight, run_modules
from gait.causes.red_flags import check_red_flags, highest_urgency
from gait.core.causes import Cause, Reasoning, RedFlag, Urgency
from gait.core.findings import Findings
from gait.core.subject import Subject

LEAST_SHOWN = 0.05
"""Causes below this are left out, unless they are dangerous."""

MAX_PAIRS = 3
"""How many causes are named as not separable from the leading one."""


def suggest_causes(findings: Findings, subject: Subject) -> Reasoning:
    """Possible causes of what was seen and told, what speaks for and against them, and what to ask next.

    Rules for hurry are checked first and stand whatever the probabilities say. Unknown answers and findings that are
    not assessable change nothing.

    Parameters
    ----------
    findings
        What the film showed. Findings of the intake are added where the film does not speak.
    subject
        The person with history and examination.

    Returns
    -------
    Reasoning
        With no complaint and no telling finding: no causes, urgency ``none`` unless a rule fired.

    References
    ----------
    Likelihoods, priors and rules are in ``gait/causes/data``, each with its source and status tag.
    """
    knowledge = load_knowledge()
    flags = check_red_flags(findings, subject)
    facts = gather_facts(knowledge, findings, subject)
    modules = choose_modules(facts)
    urgency = _urgency(flags, modules)
    if not modules:
        text = summary(knowledge, (), flags, (), {}, urgency, (0, 0), "")
        return Reasoning(red_flags=flags, urgency=urgency, summary=text, notes=_flag_notes(flags))
    posteriors = run_modules(knowledge, facts, modules)
    joined = join(knowledge, facts, posteriors)
    gains = {posterior.model: expected_gains(knowledge, facts, posterior) for posterior in posteriors}
    causes = _causes(knowledge, facts, posteriors, joined, gains)
    pairs = _inseparable(knowledge, joined, causes, _together(posteriors))
    questions = next_questions(
        knowledge,
        [(g, model_weight(knowledge, posteriors, p)) for p in posteriors for g in gains[p.model]],
        facts.examined(),
    )
    counts = _counts(knowledge, facts, posteriors)
    best_test = questions[0].text if questions else ""
    return Reasoning(
        causes=causes,
        red_flags=flags,
        inseparable=pairs,
        next_questions=questions,
        urgency=urgency,
        summary=summary(knowledge, causes, flags, pairs, group_shares(knowledge, joined), urgency, counts, best_test),
        notes=(*_notes(knowledge, facts, posteriors, modules), *_chain_note(facts, causes), *_flag_notes(flags)),
        answered=counts[0],
        asked=counts[1],
    )


def _urgency(flags: tuple[RedFlag, ...], modules: tuple[Module, ...]) -> Urgency:
    fired = highest_urgency(flags)
    return fired if fired != "none" or not modules else "routine"


def _causes(
    knowledge: Knowledge,
    facts: Facts,
    posteriors: tuple[Posterior, ...],
    joined: Joined,
    gains: dict[str, tuple[Gain, ...]],
) -> tuple[Cause, ...]:
    rules = knowledge.rules
    cap = rules.cap if facts.examined() else rules.cap_without_examination
    ranked = sorted(joined.probability, key=lambda cause: _rank(knowledge, joined, cause))
    shown = [c for c in ranked if joined.probability[c] >= LEAST_SHOWN or knowledge.causes[c].dangerous]
    by_model = {posterior.model: posterior for posterior in posteriors}
    return tuple(
        _cause(knowledge, facts, by_model[joined.model_of[c]], joined, gains[joined.model_of[c]], c, cap) for c in shown
    )


def _rank(knowledge: Knowledge, joined: Joined, cause: str) -> tuple[float, bool, str]:
    """Most likely first; where before why; then by name, so that the order never depends on the input."""
    return (-round(joined.probability[cause], 9), knowledge.causes[cause].level == "why", cause)


def _cause(
    knowledge: Knowledge,
    facts: Facts,
    posterior: Posterior,
    joined: Joined,
    gains: tuple[Gain, ...],
    cause: str,
    cap: float,
) -> Cause:
    condition = knowledge.causes[cause]
    probability = min(round(joined.probability[cause], 9), cap)
    origin = joined.linked_from.get(cause)
    subject_of = cause if cause in posterior.prior else (origin or cause)
    support, against, sources = arguments(knowledge, posterior, subject_of)
    if origin is not None:
        support = (link_sentence(knowledge, cause, origin), *support)
    return Cause(
        id=cause,
        group=condition.group,
        side=cause_side(facts, cause),
        level=condition.level,
        label=condition.label,
        probability=probability,
        wording=wording(knowledge, probability),
        supported_by=support,
        contradicted_by=against,
        missing=open_questions(knowledge, gains, subject_of),
        sources=tuple(dict.fromkeys((*condition.sources, *sources))),
    )


def _inseparable(
    knowledge: Knowledge, joined: Joined, causes: tuple[Cause, ...], together: dict[frozenset[str], float]
) -> tuple[tuple[str, str], ...]:
    """The leading cause with each rival whose probability is not clearly smaller.

    Linked levels, and pairs that are probably present together, are not rivals.
    """
    ranked = sorted((c.id for c in causes if c.id in joined.direct), key=lambda cause: (-joined.direct[cause], cause))
    if len(ranked) < 2:
        return ()
    linked = {frozenset((link.hypothesis, link.linked)) for link in knowledge.links}
    top, *rest = ranked
    rivals = [
        other
        for other in rest
        if joined.direct[top] < knowledge.rules.inseparable_ratio * joined.direct[other]
        and frozenset((top, other)) not in linked
        and together.get(frozenset((top, other)), 0.0) < 0.5
    ]
    return tuple((top, other) for other in rivals[:MAX_PAIRS])


def _together(posteriors: tuple[Posterior, ...]) -> dict[frozenset[str], float]:
    """Joint probability of the pairs that were looked at; the first model's value counts."""
    together: dict[frozenset[str], float] = {}
    for posterior in posteriors:
        for pair, value in posterior.pairs:
            together.setdefault(frozenset(pair), value)
    return together


def _counts(knowledge: Knowledge, facts: Facts, posteriors: tuple[Posterior, ...]) -> tuple[int, int]:
    asked = {
        item
        for posterior in posteriors
        for row in knowledge.rows[posterior.model]
        for item in row.items
        if item in knowledge.questions
    }
    return sum(bool(facts.answers(item)) for item in asked), len(asked)


def _notes(
    knowledge: Knowledge, facts: Facts, posteriors: tuple[Posterior, ...], modules: tuple[Module, ...]
) -> tuple[str, ...]:
    notes = []
    elsewhere = facts.other_side_items()
    if elsewhere:
        phrases = "; ".join(knowledge.phrase(item, True) for item in elsewhere)
        notes.append(
            f"On the other side than the {facts.side} trouble, and not counted here: {phrases}. Check the side."
        )
    for pair, value in _together(posteriors).items():
        first, second = sorted(knowledge.causes[cause].label for cause in pair)
        notes.append(
            f"Strong signs point to both {first} and {second}; they can be present together ({value:.2g}). "
            "One third of people sent for a foot drop had a second trouble."
        )
    if "foot_drop" in modules:
        notes.append("A slap or a high step tells how severe a foot drop is, not where it comes from.")
        notes.append("A level pelvis does not clear the L5 root, and a painless drop does not exclude a root.")
    if facts.voided:
        notes.append("Pain stops the heel raise, so weakness of the calf cannot be judged.")
    if not facts.examined():
        notes.append("Nothing was examined, so no cause is held above 0.60: strength and feeling must be tested.")
    return tuple(notes)


def _chain_note(facts: Facts, causes: tuple[Cause, ...]) -> tuple[str, ...]:
    """Foot and back act on each other; only the order in time tells which came first."""
    back = facts.read("back_pain")
    if back is None or not back.value or causes[0].group != "foot_leg":
        return ()
    return (
        f"There is back pain too. {causes[0].label} changes the walk and can load the back over time, and back trouble "
        "can change the walk: ask which came first.",
    )


def _flag_notes(flags: tuple[RedFlag, ...]) -> tuple[str, ...]:
    open_flags = [flag.label for flag in flags if flag.status == "not_asked"]
    return (f"Not asked, and so not excluded: {'; '.join(open_flags)}.",) if open_flags else ()
