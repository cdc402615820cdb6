"""Bayes over the causes of one model, in log-odds, with dependence, soft findings and caps.

For each cause ``d``: ``log p(d) = log prior(d) + sum over clusters c of w_c * sum over items f in c of log LR(f, d)``.
The likelihood ratio of an item is taken against the mean of the model (its causes weighted by their priors), so that
one item has one cap whatever its partner, and the order of the items does not matter. Items of one cluster say nearly
the same thing: ``w_c = 1 / (1 + rho (k_c - 1))``. The numbers are in ``clusters.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from gait.causes.facts import Facts, Reading
from gait.causes.knowledge import Knowledge
from gait.causes.schema import Row


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the model with what is known of it.

    Attributes
    ----------
    row
        The row.
    reading
        What decided it; its ``value`` is the row's.
    strength
        Share of the row's items behind a "no" (1 for a "yes").
    soft
        Mean sensitivity and specificity of the film's detectors, None for answers.
    """

    row: Row
    reading: Reading
    strength: float
    soft: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Posterior:
    """What one model makes of the facts.

    Attributes
    ----------
    model
        ``foot_drop`` or ``general``.
    prior, probability
        By cause, before and after the facts, without display caps. ``probability`` sums to 1, or to more where two
        causes may be present together.
    items
        The rows that took part.
    mean
        Mean likelihood of what was observed, by row name: the causes weighted by their priors.
    pairs
        Pairs of causes that were looked at together, with their joint probability.
    """

    model: str
    prior: Mapping[str, float]
    probability: Mapping[str, float]
    items: tuple[Item, ...]
    mean: Mapping[str, float]
    pairs: tuple[tuple[tuple[str, str], float], ...] = ()


def observe(facts: Facts, rows: Iterable[Row]) -> tuple[Item, ...]:
    """The rows that something is known of; unknown rows are left out."""
    items = (_observe_row(facts, row) for row in rows)
    return tuple(item for item in items if item is not None)


def _observe_row(facts: Facts, row: Row) -> Item | None:
    readings = [reading for name in row.items if (reading := facts.read(name, row.side_rule)) is not None]
    answers = [reading for reading in readings if reading.kind != "gait"]
    readings = answers or readings  # an examination says more than the film
    if not readings:
        return None
    positive = [reading for reading in readings if reading.value]
    decisive = max(positive or readings, key=lambda reading: reading.confidence)
    soft = None
    if decisive.kind == "gait":
        seen = [facts.knowledge.findings[r.item] for r in (positive or readings) if r.item in facts.knowledge.findings]
        # A finding that follows from the sides of others (derived) is as good as the finding itself.
        seen = seen or [facts.knowledge.findings["foot_drop"]]
        soft = (sum(f.sensitivity for f in seen) / len(seen), sum(f.specificity for f in seen) / len(seen))
    alternatives = _alternatives(facts, row, decisive)
    strength = 1.0 if positive else len(readings) / max(alternatives, 1)
    return Item(row, decisive, min(strength, 1.0), soft)


def _alternatives(facts: Facts, row: Row, decisive: Reading) -> int:
    """How many items of the row are of the same kind: questions, or findings."""
    questions = facts.knowledge.questions
    if decisive.kind == "gait":
        return sum(name not in questions for name in row.items)
    return sum(name in questions or name.startswith("derived") for name in row.items)


def likelihood(knowledge: Knowledge, item: Item, p_yes: float) -> float:
    """P(what was observed | cause), for a cause whose P(yes) is ``p_yes``.

    A film detector misses signs and sees some that are not there:
    ``P(detected) = se * P(sign) + (1 - sp) * (1 - P(sign))``.
    """
    rules = knowledge.rules
    p = min(max(p_yes, rules.probability_min), rules.probability_max)
    if item.soft is not None:
        sensitivity, specificity = item.soft
        p = sensitivity * p + (1.0 - specificity) * (1.0 - p)
    return p if item.reading.value else 1.0 - p


def capped_log_ratio(knowledge: Knowledge, item: Item, observed: float, reference: float) -> float:
    """Log likelihood ratio against a reference, after confidence, caps and strength."""
    ratio = observed / reference
    if item.soft is not None:
        ratio = item.reading.confidence * ratio + (1.0 - item.reading.confidence)
    low, high = {
        "gait": knowledge.rules.finding_lr,
        "examination": knowledge.rules.exam_lr,
        "history": knowledge.rules.history_lr,
    }[item.reading.kind]
    low, high = max(low, item.row.lr_min or low), min(high, item.row.lr_max or high)
    return item.strength * math.log(min(max(ratio, low), high))


def weights(knowledge: Knowledge, items: Iterable[Item]) -> dict[str, float]:
    """Weight of each cluster; a partial "no" counts as a part of an item."""
    size: dict[str, float] = {}
    for item in items:
        size[item.row.cluster] = size.get(item.row.cluster, 0.0) + item.strength
    return {cluster: 1.0 / (1.0 + knowledge.rules.rho * max(0.0, k - 1.0)) for cluster, k in size.items()}


def demographic_factor(knowledge: Knowledge, facts: Facts, cause: str) -> float:
    """Factor of age and sex on the prior of a cause; 1 where they are not told."""
    condition = knowledge.causes[cause]
    factor = 1.0
    age = facts.subject.age_years
    if condition.age is not None and age is not None:
        factor *= next((f for low, below, f in condition.age.bands if low <= age < below), 1.0)
    if condition.sex is not None and facts.subject.sex is not None:
        factor *= condition.sex.female if facts.subject.sex == "female" else condition.sex.male
    return factor


def normalised(weight: Mapping[str, float]) -> dict[str, float]:
    """The weights divided by their sum."""
    total = sum(weight.values())
    return {key: value / total for key, value in weight.items()}


def infer(knowledge: Knowledge, facts: Facts, model: str, prior_weights: Mapping[str, float]) -> Posterior:
    """Posterior of one model.

    Parameters
    ----------
    knowledge, facts
        What is known in general, and of this person.
    model
        Which rows to use.
    prior_weights
        Prior of each cause of the model before age and sex, any scale.
    """
    prior = normalised({c: w * demographic_factor(knowledge, facts, c) for c, w in prior_weights.items() if w > 0.0})
    items = observe(facts, knowledge.rows[model])
    mean = {item.row.name: _mean(knowledge, item, prior) for item in items}
    weight = weights(knowledge, items)
    known: dict[tuple[str, float], float] = {}  # rows repeat few figures for many causes

    def log_ratio(item: Item, p_yes: float) -> float:
        key = (item.row.name, p_yes)
        if key not in known:
            known[key] = capped_log_ratio(knowledge, item, likelihood(knowledge, item, p_yes), mean[item.row.name])
        return known[key]

    def log_odds(p_yes_of: Mapping[str, float]) -> float:
        sums: dict[str, float] = {}
        for item in items:
            part = log_ratio(item, p_yes_of[item.row.name])
            sums[item.row.cluster] = sums.get(item.row.cluster, 0.0) + part
        low, high = (math.log(limit) for limit in knowledge.rules.cluster_lr)
        return sum(min(max(weight[cluster] * total, low), high) for cluster, total in sums.items())

    score = {
        cause: math.log(p)
        + log_odds({i.row.name: i.row.p_yes(cause) for i in items})
        + _pattern_bonus(knowledge, facts, cause)
        for cause, p in prior.items()
    }
    joint: dict[tuple[str, str], float] = {}
    for coexistence in knowledge.coexistence:
        first, second = coexistence.pair
        if first in prior and second in prior and _both_supported(knowledge, items, prior, mean, coexistence.pair):
            noisy_or = {i.row.name: 1.0 - (1.0 - i.row.p_yes(first)) * (1.0 - i.row.p_yes(second)) for i in items}
            pair_prior = prior[first] * prior[second] * coexistence.factor
            joint[coexistence.pair] = math.log(pair_prior) + log_odds(noisy_or)
    return _normalise(Posterior(model, prior, {}, items, mean), score, joint)


def _normalise(unscored: Posterior, score: Mapping[str, float], joint: Mapping[tuple[str, str], float]) -> Posterior:
    top = max([*score.values(), *joint.values()])
    total = math.fsum(math.exp(value - top) for value in [*score.values(), *joint.values()])
    probability = {cause: math.exp(value - top) / total for cause, value in score.items()}
    pairs = tuple((pair, math.exp(value - top) / total) for pair, value in joint.items())
    for pair, value in pairs:
        for cause in pair:
            probability[cause] += value
    return replace(unscored, probability=probability, pairs=pairs)


def _mean(knowledge: Knowledge, item: Item, prior: Mapping[str, float]) -> float:
    return math.fsum(p * likelihood(knowledge, item, item.row.p_yes(cause)) for cause, p in prior.items())


def field_log_ratio(
    knowledge: Knowledge, item: Item, cause: str, prior: Mapping[str, float], mean: Mapping[str, float]
) -> float:
    """Log likelihood ratio of an item for one cause against all others of the model, capped."""
    observed = likelihood(knowledge, item, item.row.p_yes(cause))
    share = prior[cause]
    others = (mean[item.row.name] - share * observed) / (1.0 - share)  # the mean without this cause
    return capped_log_ratio(knowledge, item, observed, others)


def _both_supported(
    knowledge: Knowledge,
    items: tuple[Item, ...],
    prior: Mapping[str, float],
    mean: Mapping[str, float],
    pair: tuple[str, str],
) -> bool:
    """Whether a positive item with a decisive likelihood ratio speaks for each of the two, and not for both at once."""
    limit = math.log(knowledge.rules.coexistence_lr) - 1e-9
    first, second = (
        {
            item.row.name
            for item in items
            if item.reading.value and field_log_ratio(knowledge, item, cause, prior, mean) >= limit
        }
        for cause in pair
    )
    return bool(first - second) and bool(second - first)


def _pattern_bonus(knowledge: Knowledge, facts: Facts, cause: str) -> float:
    return sum(
        math.log(pattern.lr)
        for pattern, expression in knowledge.patterns
        if pattern.cause == cause and expression.truth(facts) is True
    )
