"""Bayes over the causes of one model, in log-odds, with dependence, soft findings and caps.

For each cause ``d``: ``log p(d) = log prior(d) + sum over clusters c of w_c * sum over items f in c of log LR(f, d)``.
The likelihood ratio of an item is taken against the mean of the model (its causes weighted by their priors), so that
one item has one cap whatever its partner, and the order of the items does not matter. Items of one cluster say nearly
the same thing: ``w_c = 1 / (1 + rho (k_c - 1))``, where ``k_c`` counts the items that tell something. The numbers are
in ``clusters.toml``.

Everything is computed for the table itself and for its varied copies at once (first axis of all arrays).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gait.causes.evidence import (
    Item,
    capped_log_ratios,
    cluster_sums,
    cluster_weight,
    information,
    observe,
    observed_of,
)
from gait.causes.facts import Facts
from gait.causes.knowledge import Knowledge
from gait.causes.model import Array, Model


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What one model makes of the facts.

    Attributes
    ----------
    model
        The table.
    prior
        By cause, before the facts but with age, sex and setting, shape ``(1 + DRAWS, causes)``.
    probability
        After the facts, without display caps, same shape. Sums to 1, or to more where two causes may be present
        together.
    person
        Factors of age, sex and setting on the priors, where told, each of shape ``(causes,)``.
    items
        The rows that took part.
    observed
        P(what was observed | cause), shape ``(items, causes)``.
    weight
        Weight of each item by its cluster, shape ``(items,)``.
    field
        Log likelihood ratio of each item for each cause against all others, weighted, capped as a cluster, natural
        logarithm, shape ``(items, causes)``.
    cluster_sums
        Sum and greatest of the items' information, by cluster.
    pairs
        Pairs of causes that were looked at together, with their joint probability.
    """

    model: Model
    prior: Array
    probability: Array
    person: Mapping[str, Array]
    items: tuple[Item, ...]
    observed: Array
    weight: Array
    field: Array
    cluster_sums: tuple[Array, Array]
    pairs: tuple[tuple[tuple[str, str], float], ...] = ()

    def shown(self) -> dict[str, float]:
        """Probability by cause, of the table itself."""
        return dict(zip(self.model.causes, self.probability[0].tolist(), strict=True))


def person_factor(knowledge: Knowledge, facts: Facts, cause: str) -> float:
    """Factor of age, sex and setting on the prior of a cause; 1 where they are not told."""
    return math.prod(_person_factors(knowledge, facts, cause).values())


def _person_factors(knowledge: Knowledge, facts: Facts, cause: str) -> dict[str, float]:
    """The factors of what is told of age, sex and setting, by name."""
    condition, subject = knowledge.causes[cause], facts.subject
    factors: dict[str, float] = {}
    if subject.age_years is not None:
        bands = condition.age.bands if condition.age is not None else ()
        factors["age"] = next((f for low, below, f in bands if low <= subject.age_years < below), 1.0)
    if subject.sex is not None:
        factors["sex"] = getattr(condition.sex, subject.sex) if condition.sex is not None else 1.0
    if subject.intake.setting is not None:
        factors["setting"] = knowledge.settings[subject.intake.setting].factors.get(cause, 1.0)
    return factors


def infer(knowledge: Knowledge, facts: Facts, name: str, prior_weights: Mapping[str, float]) -> Posterior:
    """Posterior of one model.

    Parameters
    ----------
    knowledge, facts
        What is known in general, and of this person.
    name
        Which model.
    prior_weights
        Prior of each cause of the model before age, sex and setting, any scale.
    """
    rules, model = knowledge.rules, knowledge.models[name]
    told = [_person_factors(knowledge, facts, cause) for cause in model.causes]
    person = {key: np.array([factors[key] for factors in told]) for key in told[0]}
    weights = np.array([prior_weights[cause] for cause in model.causes])
    prior = _shares(math.prod(person.values(), start=weights) * model.prior_doubt)
    items = observe(facts, model.rows)
    seen = observed_of(items, model.p[:, [item.index for item in items], :])
    mean = np.einsum("dic,dc->di", seen, prior)[:, :, None]
    log_ratio = capped_log_ratios(rules, items, seen / mean)
    sums = cluster_sums(model, items, information(prior[0], log_ratio[0]))
    clusters = _Clusters(rules.cluster_lr, model, items, cluster_weight(rules, *sums))
    score = np.log(prior) + clusters.total(log_ratio)
    score += np.array([_pattern_bonus(knowledge, facts, cause) for cause in model.causes])
    against = (mean[0] - prior[0] * seen[0]) / (1.0 - prior[0])  # the mean without this cause
    field_plain = capped_log_ratios(rules, items, seen[0] / against)
    pairs, joint = _pairs(knowledge, facts, model, items, prior, mean, field_plain, clusters)
    probability, together = _probabilities(model, score, pairs, joint)
    return Posterior(
        model,
        prior,
        probability,
        person,
        items,
        seen[0],
        clusters.of_items(),
        clusters.fair(field_plain),
        sums,
        tuple(zip(pairs, together, strict=True)),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Clusters:
    """Sums of log ratios by dependence cluster: weighted, and capped as a whole."""

    caps: tuple[float, float]
    model: Model
    items: tuple[Item, ...]
    weight: Array

    def _sums(self, log_ratio: Array) -> Array:
        numbers = self.model.cluster[[item.index for item in self.items]]
        member = (numbers[:, None] == np.arange(len(self.weight))[None, :]).astype(float)  # (items, clusters)
        return (member.T @ log_ratio) * self.weight[:, None]

    def total(self, log_ratio: Array) -> Array:
        """Sum over all clusters, shape ``(..., causes)``."""
        low, high = np.log(self.caps)
        return np.clip(self._sums(log_ratio), low, high).sum(axis=-2)

    def of_items(self) -> Array:
        """Weight of each item's cluster."""
        return self.weight[self.model.cluster[[item.index for item in self.items]]]

    def fair(self, log_ratio: Array) -> Array:
        """Each item's share of its cluster's capped sum, shape ``(items, causes)``."""
        low, high = np.log(self.caps)
        sums = self._sums(log_ratio)
        shrink = np.where(np.abs(sums) > 1e-12, np.clip(sums, low, high) / np.where(sums == 0.0, 1.0, sums), 1.0)
        numbers = self.model.cluster[[item.index for item in self.items]]
        return log_ratio * self.weight[numbers][:, None] * shrink[numbers, :]


def _shares(weight: Array) -> Array:
    return weight / weight.sum(axis=-1, keepdims=True)


def _pairs(
    knowledge: Knowledge,
    facts: Facts,
    model: Model,
    items: tuple[Item, ...],
    prior: Array,
    mean: Array,
    field: Array,
    clusters: _Clusters,
) -> tuple[list[tuple[str, str]], list[Array]]:
    """Log weights of two causes together, for the pairs that strong signs of both kinds call up.

    The signs of two troubles join as a noisy or: ``P(sign) = 1 - (1 - P(sign | a)) (1 - P(sign | b))``.
    """
    pairs, joint = [], []
    for coexistence in knowledge.coexistence:
        if not set(coexistence.pair) <= set(model.causes):
            continue
        first, second = (model.column(cause) for cause in coexistence.pair)
        if not _both_supported(knowledge, items, field, first, second):
            continue
        p = model.p[:, [item.index for item in items], :]
        either = 1.0 - (1.0 - p[..., first]) * (1.0 - p[..., second])
        ratio = capped_log_ratios(knowledge.rules, items, observed_of(items, either[..., None]) / mean)
        bonus = sum(_pattern_bonus(knowledge, facts, cause) for cause in coexistence.pair)
        prior_of_both = prior[:, first] * prior[:, second] * coexistence.factor
        joint.append(np.log(prior_of_both) + clusters.total(ratio)[..., 0] + bonus)
        pairs.append(coexistence.pair)
    return pairs, joint


def _both_supported(knowledge: Knowledge, items: tuple[Item, ...], field: Array, first: int, second: int) -> bool:
    """Whether a positive item with a decisive likelihood ratio speaks for each of the two, and not for both at once."""
    limit = math.log(knowledge.rules.coexistence_lr) - 1e-9
    one, other = (
        {
            item.row.name
            for number, item in enumerate(items)
            if item.reading.value and field[number, column] >= limit and not _is_risk(knowledge, item)
        }
        for column in (first, second)
    )
    return bool(one - other) and bool(other - one)


def _is_risk(knowledge: Knowledge, item: Item) -> bool:
    """Whether an item tells only what can bring a trouble about (kneeling, diabetes), and is no sign of it."""
    return item.reading.kind == "history" and item.row.cluster in knowledge.rules.risk_clusters


def _probabilities(
    model: Model, score: Array, pairs: list[tuple[str, str]], joint: list[Array]
) -> tuple[Array, list[float]]:
    """Probabilities from log weights; a pair's share counts for both of its causes."""
    all_scores = np.column_stack([score, *joint])
    weight = _shares(np.exp(all_scores - all_scores.max(axis=1, keepdims=True)))
    probability = weight[:, : score.shape[1]].copy()
    for number, pair in enumerate(pairs):
        share = weight[:, score.shape[1] + number]
        for cause in pair:
            probability[:, model.column(cause)] += share
    return probability, weight[0, score.shape[1] :].tolist()


def _pattern_bonus(knowledge: Knowledge, facts: Facts, cause: str) -> float:
    return sum(
        math.log(pattern.lr)
        for pattern, expression in knowledge.patterns
        if pattern.cause == cause and expression.truth(facts) is True
    )
