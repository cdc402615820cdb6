"""Which unanswered question would change the picture most."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gait.causes.bayes import Item, Posterior, capped_log_ratio, likelihood, normalised
from gait.causes.facts import Facts, Reading
from gait.causes.knowledge import Knowledge
from gait.causes.schema import Row
from gait.core.causes import NextQuestion

MAX_QUESTIONS = 8
"""How many questions are proposed (our estimate of what one visit bears)."""


NEGLIGIBLE = 1e-4
"""Causes less likely than this cannot change which question is best, and are left out (our estimate)."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What one unanswered question is expected to tell.

    Attributes
    ----------
    question
        Answer id.
    bits
        Expected information over all causes of the model, in bits.
    by_cause
        How far a yes and a no would move each cause, as expected information about that cause alone, in bits.
    yes_points_to, no_points_to
        The two likely causes that the answer would separate.
    """

    question: str
    bits: float
    by_cause: Mapping[str, float]
    yes_points_to: str
    no_points_to: str


def expected_gains(knowledge: Knowledge, facts: Facts, posterior: Posterior) -> tuple[Gain, ...]:
    """Expected information of every unanswered question of one model, most informative first.

    The gain is the expected Kullback-Leibler divergence from what is believed now to what would be believed after a
    yes or a no, each weighted by its probability. It is never negative. The answer is weighed with the weight that its
    cluster would then have.
    """
    current = normalised({cause: p for cause, p in posterior.probability.items() if p >= NEGLIGIBLE})
    sizes: dict[str, float] = {}
    for item in posterior.items:
        sizes[item.row.cluster] = sizes.get(item.row.cluster, 0.0) + item.strength
    gains: dict[str, Gain] = {}
    for row in knowledge.rows[posterior.model]:
        open_items = _open_questions(knowledge, facts, row, posterior.items)
        if not open_items:
            continue
        weight = 1.0 / (1.0 + knowledge.rules.rho * sizes.get(row.cluster, 0.0))
        for question in open_items:
            gain = _gain(knowledge, row, question, current, posterior.prior, weight)
            if question not in gains or gain.bits > gains[question].bits:
                gains[question] = gain
    return tuple(sorted(gains.values(), key=lambda gain: (-gain.bits, gain.question)))


def _open_questions(knowledge: Knowledge, facts: Facts, row: Row, items: Iterable[Item]) -> tuple[str, ...]:
    """Questions of a row that are unanswered and whose answer could still count."""
    if any(item.row is row and item.reading.value and item.reading.kind != "gait" for item in items):
        return ()
    return tuple(
        name
        for name in row.items
        if name in knowledge.questions and not facts.answers(name) and name not in facts.voided
    )


def _gain(
    knowledge: Knowledge,
    row: Row,
    question: str,
    current: Mapping[str, float],
    prior: Mapping[str, float],
    weight: float,
) -> Gain:
    kind = knowledge.questions[question].kind
    share = 1.0 / sum(name in knowledge.questions for name in row.items)
    yes = Item(row, Reading(question, True, kind), 1.0, None)
    no = Item(row, Reading(question, False, kind), share, None)
    # One of several alternatives (leg crossing, kneeling, a cast ...) is rarer than their sum.
    p_yes = share * math.fsum(p * likelihood(knowledge, yes, row.p_yes(cause)) for cause, p in current.items())
    after_yes = _updated(knowledge, yes, current, prior, weight)
    after_no = _updated(knowledge, no, current, prior, weight)
    bits = p_yes * _divergence(after_yes, current) + (1.0 - p_yes) * _divergence(after_no, current)
    by_cause = {
        cause: p_yes * _binary(after_yes[cause], p) + (1.0 - p_yes) * _binary(after_no[cause], p)
        for cause, p in current.items()
    }
    leading = sorted(current, key=lambda cause: -current[cause])[:4]
    return Gain(
        question,
        bits,
        by_cause,
        max(leading, key=lambda cause: (row.p_yes(cause), cause)),
        min(leading, key=lambda cause: (row.p_yes(cause), cause)),
    )


def _updated(
    knowledge: Knowledge, item: Item, current: Mapping[str, float], prior: Mapping[str, float], weight: float
) -> dict[str, float]:
    default = likelihood(knowledge, item, item.row.default)
    observed = {cause: likelihood(knowledge, item, p) for cause, p in item.row.p.items()}
    reference = math.fsum(p * observed.get(cause, default) for cause, p in prior.items())
    ratios: dict[float, float] = {}
    for value in {default, *observed.values()}:
        ratios[value] = math.exp(weight * capped_log_ratio(knowledge, item, value, reference))
    return normalised({cause: p * ratios[observed.get(cause, default)] for cause, p in current.items()})


def _divergence(after: Mapping[str, float], before: Mapping[str, float]) -> float:
    return max(0.0, math.fsum(p * math.log2(p / before[cause]) for cause, p in after.items() if p > 0.0))


def _binary(after: float, before: float) -> float:
    inside = after * math.log2(after / before) if after > 0.0 < before else 0.0
    outside = (1.0 - after) * math.log2((1.0 - after) / (1.0 - before)) if after < 1.0 > before else 0.0
    return max(0.0, inside + outside)


def next_questions(
    knowledge: Knowledge, gains: Iterable[tuple[Gain, float]], examined: bool
) -> tuple[NextQuestion, ...]:
    """The questions worth asking now.

    Parameters
    ----------
    knowledge
        Wordings.
    gains
        Gains of all models that ran, each with the weight of its model.
    examined
        Whether any item of examination was answered. Without one no cause is held above 0.60, whatever is told, so
        the best tests then go before the best questions.
    """
    best: dict[str, tuple[float, Gain]] = {}
    for gain, model_weight in gains:
        bits = model_weight * gain.bits
        if gain.question not in best or bits > best[gain.question][0]:
            best[gain.question] = (bits, gain)

    def rank(entry: tuple[float, Gain]) -> tuple[bool, float, str]:
        first = not examined and knowledge.questions[entry[1].question].kind == "examination"
        return (not first, -entry[0], entry[1].question)

    ranked = sorted((entry for entry in best.values() if entry[0] > 0.0), key=rank)[:MAX_QUESTIONS]
    return tuple(_worded(knowledge, bits, gain) for bits, gain in ranked)


def _worded(knowledge: Knowledge, bits: float, gain: Gain) -> NextQuestion:
    question = knowledge.questions[gain.question]
    yes, no = (knowledge.causes[cause].label for cause in (gain.yes_points_to, gain.no_points_to))
    text = f"{question.patient} {question.test}".strip()
    return NextQuestion(gain.question, text, f"Yes would speak for: {yes}. No would speak for: {no}.", round(bits, 4))
