"""What is known of the rows of a model: readings, how sure they are, and the likelihood of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gait.causes.facts import Facts, Reading
from gait.causes.knowledge import Knowledge
from gait.causes.model import Array, Model
from gait.causes.schema import Row, Rules


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a model with what is known of it.

    Attributes
    ----------
    index, row
        Number of the row in its model, and the row.
    reading
        What decided it; its ``value`` is the row's.
    strength
        Share of the row's items behind a "no" (1 for a "yes").
    soft
        Mean sensitivity and specificity of the film's detectors, None for answers.
    """

    index: int
    row: Row
    reading: Reading
    strength: float
    soft: tuple[float, float] | None


def observe(facts: Facts, rows: Iterable[Row]) -> tuple[Item, ...]:
    """The rows that something is known of; unknown rows are left out."""
    items = (_observe_row(facts, index, row) for index, row in enumerate(rows))
    return tuple(item for item in items if item is not None)


def _observe_row(facts: Facts, index: int, row: Row) -> Item | None:
    readings = [reading for name in row.items if (reading := facts.read(name, row.side_rule)) is not None]
    answers = [reading for reading in readings if reading.kind != "gait"]
    readings = answers or readings  # an examination says more than the film
    if not readings:
        return None
    positive = [reading for reading in readings if reading.value]
    decisive = max(positive or readings, key=lambda reading: reading.confidence)
    soft = detectors(facts.knowledge, [r.item for r in positive or readings]) if decisive.kind == "gait" else None
    alternatives = _alternatives(facts, row, decisive)
    strength = 1.0 if positive else len(readings) / max(alternatives, 1)
    return Item(index, row, decisive, min(strength, 1.0), soft)


def detectors(knowledge: Knowledge, items: Sequence[str]) -> tuple[float, float]:
    """Mean sensitivity and specificity of the film's detectors of some findings.

    A finding that follows from the sides of others (derived) is as good as the finding itself.
    """
    seen = [knowledge.findings[item] for item in items if item in knowledge.findings]
    seen = seen or [knowledge.findings["foot_drop"]]
    return (sum(f.sensitivity for f in seen) / len(seen), sum(f.specificity for f in seen) / len(seen))


def _alternatives(facts: Facts, row: Row, decisive: Reading) -> int:
    """How many items of the row are of the same kind: questions, or findings."""
    questions = facts.knowledge.questions
    if decisive.kind == "gait":
        return sum(name not in questions for name in row.items)
    return sum(name in questions or name.startswith("derived") for name in row.items)


def observed_of(items: Sequence[Item], p: Array) -> Array:
    """P(what was observed | cause), from ``P(yes | cause)`` of the same items, shape ``(..., items, causes)``."""
    soft = np.array([item.soft or (1.0, 1.0) for item in items]).reshape(-1, 2)
    return observed(p, soft, np.array([item.reading.value for item in items], dtype=bool))


def observed(p: Array, soft: Array, values: npt.NDArray[np.bool_]) -> Array:
    """Likelihood of readings, from ``P(sign | cause)``.

    A film detector misses signs and sees some that are not there:
    ``P(detected) = se * P(sign) + (1 - sp) * (1 - P(sign))``.

    Parameters
    ----------
    p
        Shape ``(..., items, causes)``.
    soft
        Sensitivity and specificity of each item, shape ``(items, 2)``; 1 and 1 for answers.
    values
        Whether each item is so, shape ``(items,)``.
    """
    sensitivity, specificity = soft[:, :1], soft[:, 1:]
    detected = sensitivity * p + (1.0 - specificity) * (1.0 - p)
    return np.where(values[:, None], detected, 1.0 - detected)


def capped_log_ratios(rules: Rules, items: Sequence[Item], ratio: Array) -> Array:
    """Log likelihood ratios after the confidence of findings, the caps, and the strength of a partial "no".

    Parameters
    ----------
    ratio
        Likelihood ratios, shape ``(..., items, causes)``.
    """
    is_soft = np.array([item.soft is not None for item in items])[:, None]
    confidence = np.array([item.reading.confidence for item in items])[:, None]
    ratio = np.where(is_soft, confidence * ratio + (1.0 - confidence), ratio)
    caps = np.array([caps_of(rules, item.row, item.reading.kind) for item in items]).reshape(-1, 2)
    strength = np.array([item.strength for item in items])[:, None]
    return strength * np.log(np.clip(ratio, caps[:, :1], caps[:, 1:]))


def caps_of(rules: Rules, row: Row, kind: str) -> tuple[float, float]:
    """Least and greatest likelihood ratio of one item."""
    low, high = {"gait": rules.finding_lr, "examination": rules.exam_lr, "history": rules.history_lr}[kind]
    return max(low, row.lr_min or low), min(high, row.lr_max or high)


def information(prior: Array, log_ratio: Array) -> Array:
    """How much each item tells the causes of a model apart: root mean square of its log ratios, shape ``(items,)``.

    Parameters
    ----------
    prior
        Shape ``(causes,)``.
    log_ratio
        Capped log likelihood ratios against the mean, shape ``(items, causes)``.
    """
    return np.sqrt((prior * log_ratio**2).sum(axis=-1))


def cluster_weight(rules: Rules, total: Array, greatest: Array) -> Array:
    """Weight of a dependence cluster: ``1 / (1 + rho (k - 1))``.

    ``k`` is the number of items that tell something: their information summed, in units of the greatest. Items that
    tell nothing (a big toe that is weak in all the causes at hand) do not thin out those that do.

    Parameters
    ----------
    total, greatest
        Sum and greatest of the information of the cluster's items, any equal shapes.
    """
    effective = np.divide(total, greatest, out=np.ones_like(total), where=greatest > 0.0)
    return 1.0 / (1.0 + rules.rho * np.maximum(0.0, effective - 1.0))


def cluster_sums(model: Model, items: Sequence[Item], told: Array) -> tuple[Array, Array]:
    """Sum and greatest of the items' information by cluster, each of shape ``(clusters,)``."""
    total = np.zeros(int(model.cluster.max()) + 1)
    greatest = np.zeros_like(total)
    numbers = model.cluster[[item.index for item in items]]
    np.add.at(total, numbers, told)
    np.maximum.at(greatest, numbers, told)
    return total, greatest
