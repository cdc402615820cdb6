"""Which complaint modules run, and how the models behind them are joined.

There are two models: the foot-drop matrix, and the general one (pain and walking), whose priors are the mean of the
complaints that brought the person. A cause that both know takes its value from the foot-drop model, because a foot drop
localises better than pain, unless the foot was tested and is strong. A cause that only the other model knows is then a
second trouble: one third of foot-drop referrals had one (CORK), so its value is multiplied by one third.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.causes.bayes import Posterior, infer, person_factor
from gait.causes.expression import Expression
from gait.causes.facts import Facts, Reading
from gait.causes.knowledge import Knowledge
from gait.causes.model import Array, normalised
from gait.causes.schema import Link, LinkEvidence

Module = Literal["foot_drop", "foot_pain", "back_leg", "back", "walking", "film"]

GENERAL_FLOOR = 0.0005
"""Least prior in the general model, so that clear signs can bring up any of its causes (our estimate)."""

_MODULE_OF_COMPLAINT: dict[str, Module] = {
    "foot_drop": "foot_drop",
    "foot_pain": "foot_pain",
    "back_pain": "back",
    "leg_pain": "back_leg",
    "walking_difficulty": "walking",
}
_ORDER: tuple[Module, ...] = ("foot_drop", "foot_pain", "back_leg", "back", "walking", "film")


@dataclass(frozen=True, slots=True)
class Joined:
    """Causes of all models that ran.

    Attributes
    ----------
    probability
        By cause id, before the display caps; for linked causes the larger of their own and what comes over links.
    spread
        Range of each probability over the varied tables.
    direct
        The same without links: the causes that are compared with each other.
    varied
        The direct probabilities over the varied tables, each of shape ``(1 + DRAWS,)``.
    model_of
        The model each cause takes its value from.
    linked_from
        For linked causes (why of a where, or the other way round): the cause that brings most of their probability.
    """

    probability: Mapping[str, float]
    spread: Mapping[str, tuple[float, float]]
    direct: Mapping[str, float]
    varied: Mapping[str, Array]
    model_of: Mapping[str, str]
    linked_from: Mapping[str, str]


def choose_modules(facts: Facts) -> tuple[Module, ...]:
    """Modules for the complaints and the findings.

    The foot-drop module runs for a complaint of foot drop, weak dorsiflexion, a foot drop or slap seen (or failed heel
    walk), or two of its signs on one side. Back pain alone has a module of its own; with pain of leg or foot it is one
    of back and leg. Without any complaint a telling finding starts the film module, because
    nobody said why the person came. Slow or short steps alone start nothing.
    """
    chosen = {_MODULE_OF_COMPLAINT[complaint.id] for complaint in facts.subject.intake.complaints}
    if "back" in chosen and chosen & {"back_leg", "foot_pain"}:
        chosen = (chosen - {"back"}) | {"back_leg"}  # with pain further down it is no longer the back alone
    if "foot_drop" not in chosen and _shows_foot_drop(facts, other_complaints=bool(chosen)):
        chosen.add("foot_drop")
    telling = any(
        f.status == "present" and facts.knowledge.findings[f.id].starts != "nonspecific" for f in facts.findings
    )
    if chosen == {"foot_drop"} and is_strength_normal(facts):
        chosen.add("walking")  # what looks like a drop of a strong foot may be stiffness, spasticity or pain
    if not chosen and telling:
        chosen.add("film")
    return tuple(module for module in _ORDER if module in chosen)


def is_strength_normal(facts: Facts) -> bool:
    """Whether the foot was tested and lifts with normal strength: what looks like a foot drop then is something else.

    A foot that cannot be lifted because the ankle is stiff, that is held down by spasticity, or that is spared for pain
    is not weak; active against passive motion is the test that tells (EVIDENCE S14).
    """
    weak = facts.read("ankle_dorsiflexion_weak")
    return weak is not None and not weak.value


def _shows_foot_drop(facts: Facts, other_complaints: bool) -> bool:
    weak = facts.read("ankle_dorsiflexion_weak")
    if weak is not None and weak.value:
        return True
    if is_strength_normal(facts) and other_complaints:
        return False  # something else was complained of: pain or stiffness lowers the foot
    present = [f for f in facts.findings if f.status == "present"]
    if any(facts.knowledge.findings[f.id].starts == "foot_drop" for f in present):
        return True
    denied = {f.side for f in facts.findings if f.id == "foot_drop" and f.status == "absent"}
    signs = [f.side for f in present if facts.knowledge.findings[f.id].starts == "drop_sign" and f.side not in denied]
    return any(signs.count(side) >= 2 for side in set(signs))


def run_modules(knowledge: Knowledge, facts: Facts, modules: tuple[Module, ...]) -> tuple[Posterior, ...]:
    """Posterior of each model that the modules ask for, the leading model first.

    A foot drop leads, because it localises better than pain, unless the foot was tested and is strong.
    """
    posteriors = []
    if "foot_drop" in modules:
        priors = {key: cause.priors.foot_drop for key, cause in knowledge.causes.items()}
        posteriors.append(infer(knowledge, facts, "foot_drop", priors))
    general: list[Module] = [module for module in modules if module != "foot_drop"]
    if general:
        priors = _general_priors(knowledge, general)
        if "film" in general:
            priors = _explaining(knowledge, facts, priors)
        posteriors.append(infer(knowledge, facts, "general", priors))
    return tuple(reversed(posteriors)) if is_strength_normal(facts) else tuple(posteriors)


def _general_priors(knowledge: Knowledge, modules: Sequence[Module]) -> dict[str, float]:
    mixed: dict[str, float] = {}
    for module in modules:
        known = knowledge.models["general"].causes
        shares = normalised({key: max(knowledge.causes[key].priors.of(module), GENERAL_FLOOR) for key in known})
        for key, share in shares.items():
            mixed[key] = mixed.get(key, 0.0) + share / len(modules)
    return mixed


def _explaining(knowledge: Knowledge, facts: Facts, priors: Mapping[str, float]) -> dict[str, float]:
    """Priors of a film without a complaint: causes that explain nothing of what was seen are put back.

    Somebody who complains of walking may have a worn knee and, by chance, a flat foot. Where nobody complains, only
    what was seen asks for a cause.
    """
    seen = [
        row
        for row in knowledge.rows["general"]
        if any((reading := facts.read(item, row.side_rule)) is not None and reading.value for item in row.items)
    ]
    return {
        cause: p if any(row.p_yes(cause) > row.default for row in seen) else p * knowledge.rules.unexplained
        for cause, p in priors.items()
    }


def model_weight(knowledge: Knowledge, posteriors: tuple[Posterior, ...], posterior: Posterior) -> float:
    """1 for the leading model, the share of second causes for the other."""
    return 1.0 if posterior is posteriors[0] else knowledge.rules.second_cause


def join(knowledge: Knowledge, facts: Facts, posteriors: tuple[Posterior, ...]) -> Joined:
    """All causes of the models that ran, with the linked level (where and why)."""
    values: dict[str, Array] = {}
    model_of: dict[str, str] = {}
    # Where the foot is strong, the foot-drop model comes second; but a hand does not feel a slight weakness, so what it
    # says still counts as a second trouble.
    overtakes = is_strength_normal(facts)
    for posterior in posteriors:
        factor = model_weight(knowledge, posteriors, posterior)
        for column, cause in enumerate(posterior.model.causes):
            value = factor * posterior.probability[:, column]
            if cause not in model_of or (overtakes and value[0] > values[cause][0]):
                values[cause] = value
                model_of[cause] = posterior.model.name
    varied = dict(values)
    direct = {cause: float(value[0]) for cause, value in values.items()}
    linked_from: dict[str, str] = {}
    for cause, (value, origin) in _linked(knowledge, facts, dict(values), dict(model_of)).items():
        own = values.get(cause, np.zeros_like(value))
        values[cause] = np.maximum(own, value)  # a cautious lower bound of the two ways to know of it
        model_of.setdefault(cause, model_of[origin])
        if own[0] < value[0]:
            linked_from[cause] = origin
    return Joined(
        {cause: float(value[0]) for cause, value in values.items()},
        _spread(values, knowledge.rules.range_shown),
        direct,
        varied,
        model_of,
        linked_from,
    )


def _spread(values: Mapping[str, Array], shown: tuple[float, float]) -> dict[str, tuple[float, float]]:
    """Where each probability lies in most of the varied tables; the table itself is always inside."""
    table = np.array(list(values.values()))
    ordered = np.sort(table[:, 1:], axis=1)
    # As np.quantile does, without its checks, which take longer than the rest of this function.
    place = np.array(shown) * (ordered.shape[1] - 1)
    below = place.astype(int)
    above = np.minimum(below + 1, ordered.shape[1] - 1)
    ends = ordered[:, below] + (place - below) * (ordered[:, above] - ordered[:, below])
    low, high = np.minimum(ends[:, 0], table[:, 0]), np.maximum(ends[:, 1], table[:, 0])
    return dict(zip(values, zip(low.tolist(), high.tolist(), strict=True), strict=True))


def _linked(
    knowledge: Knowledge, facts: Facts, values: Mapping[str, Array], model_of: Mapping[str, str]
) -> dict[str, tuple[Array, str]]:
    """Probability that comes to each cause over its links, with the origin that brings most."""
    parts: dict[str, list[tuple[float, str, Array]]] = {}
    answered = link_answers(knowledge, facts)
    for origin, model in model_of.items():
        for cause, (share, varied) in linked_shares(knowledge, facts, origin, model, answered).items():
            value = values[origin] * np.minimum(share * varied, 1.0)
            parts.setdefault(cause, []).append((float(value[0]), origin, value))
    return {
        cause: (np.sum([value for _, _, value in of_cause], axis=0), max(of_cause, key=lambda part: part[:2])[1])
        for cause, of_cause in parts.items()
    }


def linked_shares(
    knowledge: Knowledge, facts: Facts, origin: str, model: str, answered: Sequence[tuple[LinkEvidence, Reading]]
) -> dict[str, tuple[float, Array]]:
    """P(linked cause | origin, what is known that tells linked causes apart).

    The shares of the data are multiplied with the likelihoods of ``link_evidence`` (tempered as one cluster) and the
    factors of age, sex and setting, and normalised together with the rest that none of them explains. With each share
    come the factors that vary it.
    """
    of_origin = [entry for entry in knowledge.links if entry[0].module == model and entry[0].hypothesis == origin]
    links = [(link.linked, _share(facts, link, condition)) for link, condition, _ in of_origin]
    if not links:
        return {}
    weight = link_weight(knowledge, answered)
    scaled = {"": max(1.0 - sum(share for _, share in links), 0.01)}
    for linked, share in links:
        ratio = person_factor(knowledge, facts, linked)
        for evidence, reading in answered:
            ratio *= link_ratio(evidence, reading.value, linked) ** weight
        scaled[linked] = share * ratio
    shares = normalised(scaled)
    return {link.linked: (shares[link.linked], varied) for link, _, varied in of_origin}


def _share(facts: Facts, link: Link, condition: Expression | None) -> float:
    if condition is None or link.share_otherwise is None or condition.truth(facts) is True:
        return link.share
    return link.share_otherwise


def link_answers(knowledge: Knowledge, facts: Facts) -> tuple[tuple[LinkEvidence, Reading], ...]:
    """What is known that tells linked causes apart."""
    readings = ((evidence, facts.read(evidence.item)) for evidence in knowledge.link_evidence)
    return tuple((evidence, reading) for evidence, reading in readings if reading is not None)


def link_weight(knowledge: Knowledge, answered: Sequence[object]) -> float:
    """Weight of each link answer: they count as one dependence cluster."""
    return 1.0 / (1.0 + knowledge.rules.rho * max(0, len(answered) - 1))


def link_ratio(evidence: LinkEvidence, value: bool, cause: str) -> float:
    """Likelihood ratio of an answer for a linked cause against all others."""
    p, base = evidence.p.get(cause, evidence.default), evidence.default
    return p / base if value else (1.0 - p) / (1.0 - base)
