"""From findings, history and examination to possible causes: the one entry point of this stage."""

from __future__ import annotations

import numpy as np

from gait.causes.ask import expected_gains, next_films, next_questions, separating_test
from gait.causes.bayes import Posterior
from gait.causes.chains import chain_notes
from gait.causes.explain import group_shares, summary
from gait.causes.facts import Facts, gather_facts
from gait.causes.knowledge import Knowledge, load_knowledge
from gait.causes.listing import LEAST_SHOWN, Picture, list_causes
from gait.causes.modules import Module, choose_modules, is_strength_normal, join, model_weight, run_modules
from gait.causes.red_flags import check_flags, highest_urgency
from gait.core.causes import Cause, Reasoning, RedFlag, Reference, Urgency
from gait.core.findings import Findings
from gait.core.subject import Subject

LEAST_TOGETHER = 0.15
"""Two troubles at once are told from this probability on: what "should be considered" (wording bands)."""

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
    facts = gather_facts(knowledge, findings, subject)
    flags = check_flags(facts)
    modules = choose_modules(facts)
    urgency = _urgency(flags, modules)
    if not modules:
        text = summary(knowledge, (), flags, (), {}, urgency, (0, 0), "")
        return Reasoning(red_flags=flags, urgency=urgency, summary=text)
    picture = _picture(knowledge, facts, modules)
    causes = list_causes(picture)
    pairs = _inseparable(picture, causes)
    posteriors = picture.posteriors
    weighted = [(picture.gains[p.model.name], model_weight(knowledge, posteriors, p)) for p in posteriors]
    questions = next_questions(knowledge, weighted, facts.examined())
    counts = _counts(knowledge, facts, posteriors)
    groups = group_shares(knowledge, picture.joined)
    best_test = f"{questions[0].examiner}." if questions else ""
    return Reasoning(
        causes=causes,
        red_flags=flags,
        inseparable=pairs,
        next_questions=questions,
        urgency=urgency,
        summary=summary(knowledge, causes, flags, pairs, groups, urgency, counts, best_test),
        notes=(*_outside_notes(knowledge, flags), *_notes(picture, modules, pairs)),
        answered=counts[0],
        asked=counts[1],
        next_films=next_films(knowledge, weighted),
        groups=groups,
        chains=chain_notes(facts, causes),
        references=_references(knowledge, causes),
    )


def _references(knowledge: Knowledge, causes: tuple[Cause, ...]) -> tuple[Reference, ...]:
    keys = sorted({key for cause in causes for key in cause.sources})
    found = ((key, knowledge.sources[key]) for key in keys)
    return tuple(Reference(key, source.citation, source.status, source.about) for key, source in found)


def every_cause(findings: Findings, subject: Subject) -> tuple[Cause, ...]:
    """All causes of the models that run, also those too unlikely to be told (see :func:`suggest_causes`)."""
    knowledge = load_knowledge()
    facts = gather_facts(knowledge, findings, subject)
    modules = choose_modules(facts)
    return list_causes(_picture(knowledge, facts, modules), everything=True) if modules else ()


def _picture(knowledge: Knowledge, facts: Facts, modules: tuple[Module, ...]) -> Picture:
    posteriors = run_modules(knowledge, facts, modules)
    gains = {posterior.model.name: expected_gains(knowledge, facts, posterior) for posterior in posteriors}
    return Picture(knowledge, facts, posteriors, join(knowledge, facts, posteriors), gains)


def _urgency(flags: tuple[RedFlag, ...], modules: tuple[Module, ...]) -> Urgency:
    fired = highest_urgency(flags)
    return fired if fired != "none" or not modules else "routine"


def _inseparable(picture: Picture, causes: tuple[Cause, ...]) -> tuple[tuple[str, str], ...]:
    """The leading cause with each rival that is not clearly less likely.

    That is one whose probability is nearly as great, or that leads in a good part of the varied tables: what our own
    doubt can turn round, nobody should call settled. Linked levels, and pairs that are probably present together, are
    not rivals.
    """
    knowledge, direct = picture.knowledge, picture.joined.direct
    ranked = sorted((c.id for c in causes if c.id in direct), key=lambda cause: (-round(direct[cause], 9), cause))
    if len(ranked) < 2:
        return ()
    linked = {frozenset((link.hypothesis, link.linked)) for link, *_ in knowledge.links}
    together = _together(picture.posteriors)
    top, *rest = ranked
    rivals = [
        other
        for other in rest
        if _is_near(picture, top, other)
        and frozenset((top, other)) not in linked
        and together.get(frozenset((top, other)), 0.0) < 0.5
    ]
    return tuple((top, other) for other in rivals[:MAX_PAIRS])


def _is_near(picture: Picture, top: str, other: str) -> bool:
    rules, joined = picture.knowledge.rules, picture.joined
    if joined.direct[top] < rules.inseparable_ratio * joined.direct[other]:
        return True
    overtakes = np.mean(joined.varied[other][1:] > joined.varied[top][1:])
    return bool(overtakes >= rules.inseparable_share) and joined.direct[other] >= LEAST_SHOWN


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
        for row in posterior.model.rows
        for item in row.items
        if item in knowledge.questions
    }
    return sum(bool(facts.answers(item)) for item in asked), len(asked)


def _outside_notes(knowledge: Knowledge, flags: tuple[RedFlag, ...]) -> tuple[str, ...]:
    """Warns that a fired rule stands for a trouble that the list of causes does not hold."""
    outside = [flag.label for flag in flags if flag.status == "present" and knowledge.flags[flag.id][0].is_outside]
    if not outside:
        return ()
    return (f"Not among the causes that are weighed here, and to be excluded before them: {'; '.join(outside)}.",)


def _notes(picture: Picture, modules: tuple[Module, ...], pairs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    knowledge, facts = picture.knowledge, picture.facts
    notes = [_separating_note(picture, pair) for pair in pairs]
    elsewhere = facts.other_side_items()
    if elsewhere:
        phrases = "; ".join(knowledge.phrase(item, True) for item in elsewhere)
        notes.append(
            f"On the other side than the {facts.side} trouble, and not counted here: {phrases}. Check the side."
        )
    for pair, value in _together(picture.posteriors).items():
        if value < LEAST_TOGETHER:
            continue
        first, second = sorted(knowledge.causes[cause].label for cause in pair)
        notes.append(
            f"Strong signs point to both {first} and {second}; they can be present together ({value:.2g}). "
            "One third of people sent for a foot drop had a second trouble."
        )
    if "foot_drop" in modules and is_strength_normal(facts):
        notes.append(
            "The foot was tested and lifts with normal strength: a stiff ankle, spasticity or pain can look like a "
            "foot drop. Walking on the heels shows a weakness that a hand does not feel."
        )
    if "foot_drop" in modules:
        notes.append("A slap or a high step tells how severe a foot drop is, not where it comes from.")
        notes.append("A level pelvis does not clear the L5 root, and a painless drop does not exclude a root.")
    if facts.voided:
        notes.append("Pain stops the heel raise, so weakness of the calf cannot be judged.")
    if not facts.examined():
        notes.append("Nothing was examined, so no cause is held above 0.60: strength and feeling must be tested.")
    return tuple(note for note in notes if note)


def _separating_note(picture: Picture, pair: tuple[str, str]) -> str:
    """What cannot be told apart, and the test that would tell."""
    models = {picture.joined.model_of[cause] for cause in pair}
    if len(models) > 1:
        return ""  # two models: no one item is weighed for both
    first, second = (picture.knowledge.causes[cause].label for cause in pair)
    test = separating_test(picture.knowledge, picture.gains[models.pop()], pair)
    if not test:
        return f"What is known cannot separate {first} from {second}, and no open question of ours would."
    return f"What is known cannot separate {first} from {second}; the test that would: {test}."
