"""How far each thing that is known moved each cause, and the sentences for and against it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.causes.bayes import Posterior
from gait.causes.facts import Facts
from gait.causes.knowledge import Knowledge
from gait.causes.modules import link_answers, link_ratio, link_weight
from gait.core.causes import Influence

MEANINGFUL_BITS = math.log2(1.5)
"""What changes the odds by less than half is not listed as an argument (our estimate)."""

STRONG_BITS = math.log2(4.0)
"""From here on an item speaks "strongly" (our estimate)."""

LEAST_BITS = 0.05
"""Smaller influences are not kept (our estimate: nobody could see such a bar)."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One influence with what it would be alone.

    Attributes
    ----------
    influence
        What moved the cause, and how far, beside all that says the same.
    alone_bits
        What it would do alone: its capped likelihood ratio, before the items that say the same share their weight.
    """

    influence: Influence
    alone_bits: float


def influences(knowledge: Knowledge, facts: Facts, posterior: Posterior, cause: str) -> tuple[Argument, ...]:
    """What moved a cause of a model, most first.

    Parameters
    ----------
    knowledge, facts
        What is known in general, and of this person.
    posterior
        The model that the cause takes its value from.
    cause
        One of the model's causes.
    """
    column = posterior.model.column(cause)
    arguments = [_person(knowledge, facts, posterior, cause)]
    for number, item in enumerate(posterior.items):
        reading = item.reading
        bits = float(posterior.field[number, column]) / math.log(2.0)
        weight = float(posterior.weight[number])
        influence = Influence(
            reading.item,
            reading.value,
            reading.side if reading.value else None,
            reading.kind,
            knowledge.phrase(reading.item, reading.value),
            bits,
            item.row.sources,
        )
        arguments.append((Argument(influence, bits / weight),))
    return _ranked([argument for group in arguments for argument in group])


def _person(knowledge: Knowledge, facts: Facts, posterior: Posterior, cause: str) -> tuple[Argument, ...]:
    """Age, sex and setting, against their mean over the other causes of the model."""
    column = posterior.model.column(cause)
    found = []
    for name, factor in posterior.person.items():
        share = np.delete(posterior.prior[0] / factor, column)  # the prior holds the factor already
        mean = float((share * np.delete(factor, column)).sum() / share.sum())
        bits = math.log2(float(factor[column]) / mean)
        text = _person_text(knowledge, facts, name)
        influence = Influence(name, True, None, "person", text, bits, _person_sources(knowledge, facts, name, cause))
        found.append(Argument(influence, bits))
    return tuple(found)


def _person_sources(knowledge: Knowledge, facts: Facts, name: str, cause: str) -> tuple[str, ...]:
    condition = knowledge.causes[cause]
    if name == "setting":
        return knowledge.settings[facts.subject.intake.setting or ""].sources
    factor = condition.age if name == "age" else condition.sex
    return factor.sources if factor is not None else ()


def _person_text(knowledge: Knowledge, facts: Facts, name: str) -> str:
    subject = facts.subject
    if name == "age":
        return f"The age is {subject.age_years:g} years"
    if name == "sex":
        return "The person is a woman" if subject.sex == "female" else "The person is a man"
    return f"Seen in: {knowledge.settings[subject.intake.setting or ''].label}"


def link_influences(knowledge: Knowledge, facts: Facts, cause: str, rivals: Sequence[str]) -> tuple[Argument, ...]:
    """What tells a linked cause apart from the others that could explain the same.

    Parameters
    ----------
    cause, rivals
        The linked cause, and all linked causes of the same origin.
    """
    answered = link_answers(knowledge, facts)
    weight = link_weight(knowledge, answered)
    found = []
    for evidence, reading in answered:
        others = [link_ratio(evidence, reading.value, rival) for rival in rivals if rival != cause] or [1.0]
        bits = math.log2(link_ratio(evidence, reading.value, cause) / (sum(others) / len(others)))
        influence = Influence(
            reading.item,
            reading.value,
            reading.side if reading.value else None,
            reading.kind,
            knowledge.phrase(reading.item, reading.value),
            weight * bits,
            evidence.sources,
        )
        found.append(Argument(influence, bits))
    return _ranked(found)


def _ranked(arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    kept = [argument for argument in arguments if abs(argument.influence.bits) >= LEAST_BITS]
    return tuple(sorted(kept, key=lambda a: (-abs(round(a.influence.bits, 9)), a.influence.item)))


def sentences(arguments: Sequence[Argument], label: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Sentences for and against a cause, strongest first, and the sources of what is said."""
    told = [argument for argument in arguments if abs(argument.alone_bits) >= MEANINGFUL_BITS]
    told.sort(key=lambda a: (-abs(round(a.alone_bits, 9)), a.influence.item))
    support = tuple(_sentence(argument, label) for argument in told if argument.alone_bits > 0)
    against = tuple(_sentence(argument, label) for argument in told if argument.alone_bits < 0)
    return support, against, tuple(dict.fromkeys(source for a in told for source in a.influence.sources))


def _sentence(argument: Argument, label: str) -> str:
    influence = argument.influence
    side = f" ({influence.side})" if influence.side else ""
    strong = " strongly" if abs(argument.alone_bits) >= STRONG_BITS else ""
    direction = "for" if argument.alone_bits > 0 else "against"
    return f"{influence.text}{side}: speaks{strong} {direction} {label}"
