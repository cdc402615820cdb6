"""The causes that are listed: probability with its range, side, words, what moved it, and what it is linked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gait.causes.ask import Gains
from gait.causes.bayes import Posterior
from gait.causes.explain import cause_side, link_sentence, open_questions, wording
from gait.causes.facts import Facts
from gait.causes.influence import Argument, influences, link_influences, sentences
from gait.causes.knowledge import Knowledge
from gait.causes.modules import Joined
from gait.core.causes import Cause

LEAST_SHOWN = 0.05
"""Causes below this are left out, unless they are dangerous."""


@dataclass(frozen=True, slots=True)
class Picture:
    """All that the models made of a person.

    Attributes
    ----------
    knowledge, facts
        What is known in general, and of this person.
    posteriors
        The models that ran.
    joined
        Their causes together.
    gains
        What each open item would tell, by model.
    """

    knowledge: Knowledge
    facts: Facts
    posteriors: tuple[Posterior, ...]
    joined: Joined
    gains: Mapping[str, Gains]

    def posterior_of(self, cause: str) -> Posterior:
        """The model that a cause takes its value from."""
        name = self.joined.model_of[cause]
        return next(posterior for posterior in self.posteriors if posterior.model.name == name)


def list_causes(picture: Picture, everything: bool = False) -> tuple[Cause, ...]:
    """The causes worth telling, most likely first; or, with ``everything``, all that the models know."""
    knowledge, joined = picture.knowledge, picture.joined
    ranked = sorted(joined.probability, key=lambda cause: _rank(picture, cause))
    shown = [
        cause
        for cause in ranked
        if everything or joined.probability[cause] >= LEAST_SHOWN or knowledge.causes[cause].dangerous
    ]
    rules = knowledge.rules
    cap = rules.cap if picture.facts.examined() else rules.cap_without_examination
    return tuple(_cause(picture, cause, cap, frozenset(shown)) for cause in shown)


def _rank(picture: Picture, cause: str) -> tuple[float, bool, str]:
    """Most likely first; where before why; then by name, so that the order never depends on the input.

    A why that is known only through the places it would explain (a disc through its roots) leads them only where it is
    clearly likelier than each of them, that is, where it is known better than the place.
    """
    joined, knowledge = picture.joined, picture.knowledge
    probability = joined.probability[cause]
    is_why = knowledge.causes[cause].level == "why"
    origin = joined.linked_from.get(cause)
    if is_why and origin is not None and cause not in joined.direct:
        best = joined.probability[origin]
        if best < probability < knowledge.rules.inseparable_ratio * best:
            probability = best
    return (-round(probability, 9), is_why, cause)


def _cause(picture: Picture, cause: str, cap: float, shown: frozenset[str]) -> Cause:
    knowledge = picture.knowledge
    condition = knowledge.causes[cause]
    probability = min(round(picture.joined.probability[cause], 9), cap)
    low, high = picture.joined.spread[cause]
    arguments, subject_of = _arguments(picture, cause)
    support, against, sources = sentences(arguments, condition.label)
    origin = picture.joined.linked_from.get(cause)
    if origin is not None:
        support = (link_sentence(knowledge, cause, origin), *support)
    explains, explained_by = _links(picture, cause, shown)
    return Cause(
        id=cause,
        group=condition.group,
        side=cause_side(picture.facts, cause),
        level=condition.level,
        label=condition.label,
        probability=probability,
        wording=wording(knowledge, probability),
        supported_by=support,
        contradicted_by=against,
        missing=open_questions(knowledge, picture.gains[picture.posterior_of(subject_of).model.name], subject_of),
        sources=tuple(dict.fromkeys((*condition.sources, *sources))),
        low=min(low, probability),
        high=max(min(high, cap), probability),
        influences=tuple(argument.influence for argument in arguments),
        mechanism=condition.mechanism,
        explains=explains,
        explained_by=explained_by,
    )


def _arguments(picture: Picture, cause: str) -> tuple[tuple[Argument, ...], str]:
    """What moved a cause; a linked cause is moved by what moves its origin, and by what tells it from its rivals."""
    knowledge, facts = picture.knowledge, picture.facts
    origin = picture.joined.linked_from.get(cause)
    posterior = picture.posterior_of(origin or cause)
    if origin is None:
        return influences(knowledge, facts, posterior, cause), cause
    rivals = [
        link.linked for link, *_ in knowledge.links if link.hypothesis == origin and link.module == posterior.model.name
    ]
    own = link_influences(knowledge, facts, cause, rivals)
    told = {argument.influence.item for argument in own}
    inherited = [a for a in influences(knowledge, facts, posterior, origin) if a.influence.item not in told]
    both = sorted([*own, *inherited], key=lambda a: (-abs(round(a.influence.bits, 9)), a.influence.item))
    return tuple(both), origin


def _links(picture: Picture, cause: str, shown: frozenset[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Listed causes that this one would explain, and that would explain it: a why explains a where."""
    causes = picture.knowledge.causes
    pairs = {
        frozenset((link.hypothesis, link.linked))
        for link, *_ in picture.knowledge.links
        if cause in (link.hypothesis, link.linked) and {link.hypothesis, link.linked} <= shown
    }
    others = sorted(other for pair in pairs for other in pair if other != cause)
    is_why = causes[cause].level == "why"
    explains = tuple(other for other in others if is_why and causes[other].level == "where")
    explained_by = tuple(other for other in others if not is_why and causes[other].level == "why")
    return explains, explained_by
