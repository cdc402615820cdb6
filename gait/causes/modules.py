"""Which complaint modules run, and how the models behind them are joined.

There are two models: the foot-drop matrix, and the general one (pain and walking), whose priors are the mean of the
complaints that brought the person. A cause that both know takes its value from the foot-drop model, because a foot drop
localises better than pain. A cause that only the general model knows is then a second trouble: one third of foot-drop
referrals had one (CORK), so its value is multiplied by one third.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gait.causes.bayes import Posterior, demographic_factor, infer, normalised
from gait.causes.facts import Facts
from gait.causes.knowledge import Knowledge

Module = Literal["foot_drop", "foot_pain", "back_leg", "walking"]

GENERAL_FLOOR = 0.0005
"""Least prior in the general model, so that clear signs can bring up any of its causes (our estimate)."""

_MODULE_OF_COMPLAINT: dict[str, Module] = {
    "foot_drop": "foot_drop",
    "foot_pain": "foot_pain",
    "back_pain": "back_leg",
    "leg_pain": "back_leg",
    "walking_difficulty": "walking",
}
_ORDER: tuple[Module, ...] = ("foot_drop", "foot_pain", "back_leg", "walking")


@dataclass(frozen=True, slots=True)
class Joined:
    """Causes of all models that ran.

    Attributes
    ----------
    probability
        By cause id, before the display caps; for linked causes the larger of their own and what comes over links.
    direct
        The same without links: the causes that are compared with each other.
    model_of
        The model each cause takes its value from.
    linked_from
        For linked causes (why of a where, or the other way round): the cause that brings most of their probability.
    """

    probability: Mapping[str, float]
    direct: Mapping[str, float]
    model_of: Mapping[str, str]
    linked_from: Mapping[str, str]


def choose_modules(facts: Facts) -> tuple[Module, ...]:
    """Modules for the complaints and the findings.

    The foot-drop module runs for a complaint of foot drop, weak dorsiflexion, a foot drop seen (or failed heel walk),
    or two of its signs on one side. The walking module runs for its complaint, or where a telling finding is present
    and nothing else runs. Slow or short steps alone start nothing.
    """
    chosen = {_MODULE_OF_COMPLAINT[complaint.id] for complaint in facts.subject.intake.complaints}
    if "foot_drop" not in chosen and _shows_foot_drop(facts, other_complaints=bool(chosen)):
        chosen.add("foot_drop")
    telling = any(
        f.status == "present" and facts.knowledge.findings[f.id].starts != "nonspecific" for f in facts.findings
    )
    if not chosen and telling:
        chosen.add("walking")
    return tuple(module for module in _ORDER if module in chosen)


def _shows_foot_drop(facts: Facts, other_complaints: bool) -> bool:
    weak = facts.read("ankle_dorsiflexion_weak")
    if weak is not None and weak.value:
        return True
    if weak is not None and other_complaints:
        return False  # strength is normal and something else was complained of: pain or stiffness lowers the foot
    present = [f for f in facts.findings if f.status == "present"]
    if any(facts.knowledge.findings[f.id].starts == "foot_drop" for f in present):
        return True
    denied = {f.side for f in facts.findings if f.id == "foot_drop" and f.status == "absent"}
    signs = [f.side for f in present if facts.knowledge.findings[f.id].starts == "drop_sign" and f.side not in denied]
    return any(signs.count(side) >= 2 for side in set(signs))


def run_modules(knowledge: Knowledge, facts: Facts, modules: tuple[Module, ...]) -> tuple[Posterior, ...]:
    """Posterior of each model that the modules ask for: foot drop first."""
    posteriors = []
    if "foot_drop" in modules:
        priors = {key: cause.priors.foot_drop for key, cause in knowledge.causes.items()}
        posteriors.append(infer(knowledge, facts, "foot_drop", priors))
    general: list[Module] = [module for module in modules if module != "foot_drop"]
    if general:
        posteriors.append(infer(knowledge, facts, "general", _general_priors(knowledge, general)))
    return tuple(posteriors)


def _general_priors(knowledge: Knowledge, modules: Sequence[Module]) -> dict[str, float]:
    mixed: dict[str, float] = {}
    known = {
        key: cause.priors
        for key, cause in knowledge.causes.items()
        if cause.priors.foot_pain + cause.priors.back_leg + cause.priors.walking > 0.0
    }
    for module in modules:
        shares = normalised({key: max(getattr(priors, module), GENERAL_FLOOR) for key, priors in known.items()})
        for key, share in shares.items():
            mixed[key] = mixed.get(key, 0.0) + share / len(modules)
    return mixed


def model_weight(knowledge: Knowledge, posteriors: tuple[Posterior, ...], posterior: Posterior) -> float:
    """1, or the share of second causes for the general model where a foot drop goes before it."""
    return 1.0 if posterior is posteriors[0] else knowledge.rules.second_cause


def join(knowledge: Knowledge, facts: Facts, posteriors: tuple[Posterior, ...]) -> Joined:
    """All causes of the models that ran, with the linked level (where and why)."""
    probability: dict[str, float] = {}
    model_of: dict[str, str] = {}
    linked_from: dict[str, str] = {}
    for posterior in posteriors:
        factor = model_weight(knowledge, posteriors, posterior)
        for cause, value in posterior.probability.items():
            if cause not in model_of:
                probability[cause] = factor * value
                model_of[cause] = posterior.model
    direct_values = dict(probability)
    for cause, (value, origin, model) in _linked(knowledge, facts, probability, model_of).items():
        direct = probability.get(cause, 0.0)
        probability[cause] = max(direct, value)  # a cautious lower bound: a why never outranks the where it explains
        model_of.setdefault(cause, model)
        if direct < value:
            linked_from[cause] = origin
    return Joined(probability, direct_values, model_of, linked_from)


def _linked(
    knowledge: Knowledge, facts: Facts, probability: Mapping[str, float], model_of: Mapping[str, str]
) -> dict[str, tuple[float, str, str]]:
    """Probability that comes to each cause over its links, with the strongest origin and its model."""
    sums: dict[str, tuple[float, float, str, str]] = {}
    for origin, model in model_of.items():
        shares = linked_shares(knowledge, facts, origin, model)
        for cause, share in shares.items():
            value = probability[origin] * share
            total, best, best_origin, best_model = sums.get(cause, (0.0, -1.0, "", ""))
            if value > best:
                best, best_origin, best_model = value, origin, model
            sums[cause] = (total + value, best, best_origin, best_model)
    return {cause: (total, origin, model) for cause, (total, _, origin, model) in sums.items()}


def linked_shares(knowledge: Knowledge, facts: Facts, origin: str, model: str) -> dict[str, float]:
    """P(linked cause | origin, what is known that tells linked causes apart).

    The shares of the data are multiplied with the likelihoods of ``link_evidence`` (tempered as one cluster) and the
    factors of age and sex, and normalised together with the rest that none of them explains.
    """
    links = [link for link in knowledge.links if link.module == model and link.hypothesis == origin]
    if not links:
        return {}
    answered = [
        (evidence, reading.value)
        for evidence in knowledge.link_evidence
        if (reading := facts.read(evidence.item)) is not None
    ]
    weight = 1.0 / (1.0 + knowledge.rules.rho * max(0, len(answered) - 1))
    scaled = {"": max(1.0 - sum(link.share for link in links), 0.01)}
    for link in links:
        ratio = demographic_factor(knowledge, facts, link.linked)
        for evidence, value in answered:
            p, base = evidence.p.get(link.linked, evidence.default), evidence.default
            ratio *= ((p / base) if value else ((1.0 - p) / (1.0 - base))) ** weight
        scaled[link.linked] = link.share * ratio
    shares = normalised(scaled)
    return {cause: share for cause, share in shares.items() if cause}
