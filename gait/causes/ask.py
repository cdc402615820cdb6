"""Which unanswered question, test or clip would change the picture most."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gait.causes.bayes import Posterior
from gait.causes.evidence import Item, capped_log_ratios, cluster_weight, detectors, information, observed_of
from gait.causes.facts import Facts, Reading
from gait.causes.knowledge import Knowledge
from gait.causes.model import Array, Model
from gait.causes.schema import Row
from gait.core.causes import NextFilm, NextQuestion

MAX_QUESTIONS = 8
"""How many questions are proposed (our estimate of what one visit bears)."""

LEAST_BITS = 0.005
"""What is expected to tell less is not proposed (our estimate: it could not change a word of the report)."""

MAX_FILMS = 3
"""How many further clips are proposed."""

LEADERS = 4
"""How many leading causes the reason of a question may name."""

FILM_CONFIDENCE = 0.8
"""Confidence that is expected of a finding of the next clip (our estimate)."""


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What each unanswered item of one model is expected to tell.

    Attributes
    ----------
    model
        The table.
    items
        Answer ids, or finding ids for clips; each once.
    bits
        Expected information over all causes of the model, in bits, shape ``(items,)``.
    current
        What is believed now, shape ``(causes,)``, sum 1.
    p_yes
        Probability of a yes, shape ``(items,)``.
    after_yes, after_no
        What would be believed then, shape ``(items, causes)``.
    rows, leading
        For each item its row, and the leading causes that its answer may separate.
    """

    model: Model
    items: tuple[str, ...]
    bits: Array
    current: Array
    p_yes: Array
    after_yes: Array
    after_no: Array
    rows: tuple[Row, ...]
    leading: tuple[str, ...]

    def pair(self, number: int) -> tuple[str, str]:
        """The two leading causes that an item's answer would separate: a yes speaks for the first."""
        return _pair(self.rows[number], self.leading)

    def about(self, cause: str) -> Array:
        """Expected information about one cause alone (it, or not it), in bits, shape ``(items,)``."""
        column = self.model.column(cause)
        return self._expected(self.after_yes[:, column], self.after_no[:, column], float(self.current[column]))

    def between(self, first: str, second: str) -> Array:
        """Expected information about which of two causes it is, in bits, shape ``(items,)``."""
        a, b = self.model.column(first), self.model.column(second)
        now, yes, no = (
            beliefs[..., a] / (beliefs[..., a] + beliefs[..., b])
            for beliefs in (self.current, self.after_yes, self.after_no)
        )
        return self._expected(yes, no, float(now))

    def _expected(self, yes: Array, no: Array, now: float) -> Array:
        return self.p_yes * _binary(yes, now) + (1.0 - self.p_yes) * _binary(no, now)

    def ranked(self, bits: Array, among: Container[str]) -> tuple[int, ...]:
        """Numbers of the items that are among some ids, most informative first."""
        order = np.argsort(-np.round(bits, 12), kind="stable")  # the items stand in order of name
        return tuple(number for number in order.tolist() if self.items[number] in among)


def expected_gains(knowledge: Knowledge, facts: Facts, posterior: Posterior) -> Gains:
    """Expected information of every unanswered question and unseen clip of one model.

    The gain is the expected Kullback-Leibler divergence from what is believed now to what would be believed after a
    yes or a no, each weighted by its probability. It is never negative. The answer is weighed with the weight that its
    cluster would then have.
    """
    candidates = list(_candidates(knowledge, facts, posterior))
    yes, no = [entry[0] for entry in candidates], [entry[1] for entry in candidates]
    share = np.array([entry[2] for entry in candidates])
    current = posterior.probability[0] / posterior.probability[0].sum()
    # One of several alternatives (leg crossing, kneeling, a cast ...) is rarer than their sum.
    p_yes = share * (observed_of(yes, posterior.model.p[0][[item.index for item in yes]]) @ current)
    after_yes = _updated(knowledge, posterior, yes, current)
    after_no = _updated(knowledge, posterior, no, current)
    bits = p_yes * _divergence(after_yes, current) + (1.0 - p_yes) * _divergence(after_no, current)
    best = _best([item.reading.item for item in yes], bits)
    leading = [posterior.model.causes[column] for column in np.argsort(-current, kind="stable")[:LEADERS]]
    return Gains(
        posterior.model,
        tuple(yes[number].reading.item for number in best),
        bits[best],
        current,
        p_yes[best],
        after_yes[best],
        after_no[best],
        tuple(yes[number].row for number in best),
        tuple(leading),
    )


def _candidates(knowledge: Knowledge, facts: Facts, posterior: Posterior) -> Iterator[tuple[Item, Item, float]]:
    """Each open item as a yes and as a no, and its share of the row's "yes"."""
    known = {item.index: item for item in posterior.items}
    for index, row in enumerate(posterior.model.rows):
        item = known.get(index)
        questions = [name for name in row.items if name in knowledge.questions]
        if item is None or item.reading.kind == "gait" or not item.reading.value:
            for name in questions:
                if not facts.answers(name) and name not in facts.voided:
                    kind = knowledge.questions[name].kind
                    part = 1.0 / len(questions)
                    yes, no = (Reading(name, value, kind) for value in (True, False))
                    yield Item(index, row, yes, 1.0, None), Item(index, row, no, part, None), part
        if item is None:
            yield from _clips(knowledge, facts, index, row)


def _clips(knowledge: Knowledge, facts: Facts, index: int, row: Row) -> Iterator[tuple[Item, Item, float]]:
    """Findings of a row that another clip would show."""
    names = [name for name in row.items if name in knowledge.findings and knowledge.findings[name].film is not None]
    for name in names:
        if facts.read(name, row.side_rule) is None:
            soft, part = detectors(knowledge, [name]), 1.0 / len(names)
            seen, unseen = (Reading(name, value, "gait", None, FILM_CONFIDENCE) for value in (True, False))
            yield Item(index, row, seen, 1.0, soft), Item(index, row, unseen, part, soft), part


def _weights(knowledge: Knowledge, posterior: Posterior, items: Sequence[Item], log_ratio: Array) -> Array:
    """Weight that each item would have in its cluster, shape ``(items, 1)``."""
    told = information(posterior.prior[0], log_ratio)
    total, greatest = posterior.cluster_sums
    numbers = posterior.model.cluster[[item.index for item in items]]
    weight = cluster_weight(knowledge.rules, total[numbers] + told, np.maximum(greatest[numbers], told))
    return weight[:, None]


def _updated(knowledge: Knowledge, posterior: Posterior, items: Sequence[Item], current: Array) -> Array:
    """What would be believed after each item, shape ``(items, causes)``."""
    seen = observed_of(items, posterior.model.p[0][[item.index for item in items]])
    log_ratio = capped_log_ratios(knowledge.rules, items, seen / (seen @ posterior.prior[0])[:, None])
    after = current * np.exp(_weights(knowledge, posterior, items, log_ratio) * log_ratio)
    return after / after.sum(axis=1, keepdims=True)


def _divergence(after: Array, before: Array) -> Array:
    """Kullback-Leibler divergence in bits, over the last axis."""
    return np.maximum(0.0, (after * np.log2(after / before)).sum(axis=-1))


def _binary(after: Array, before: float) -> Array:
    """Divergence of each cause alone (it, or not it), in bits."""
    tiny = 1e-300  # a share so near to 0 or 1 that its logarithm would overflow adds nothing
    inside = after * np.log2(np.maximum(after, tiny) / max(before, tiny))
    outside = (1.0 - after) * np.log2(np.maximum(1.0 - after, tiny) / max(1.0 - before, tiny))
    return np.maximum(0.0, inside + outside)


def _pair(row: Row, leading: Sequence[str]) -> tuple[str, str]:
    """The leading causes for which a yes is most and least to be expected."""
    return (
        max(leading, key=lambda cause: (row.p_yes(cause), cause)),
        min(leading, key=lambda cause: (row.p_yes(cause), cause)),
    )


def _best(items: Sequence[str], bits: Array) -> list[int]:
    """Each item once, with the row in which it tells most."""
    best: dict[str, int] = {}
    for number, item in enumerate(items):
        if item not in best or bits[number] > bits[best[item]]:
            best[item] = number
    return [best[item] for item in sorted(best)]


@dataclass(frozen=True, slots=True)
class _Open:
    """One open item with its gain over all models."""

    item: str
    bits: float
    pair: tuple[str, str]


def _open(weighted: Iterable[tuple[Gains, float]], among: Container[str]) -> list[_Open]:
    """Open items of all models, each once with its greatest gain, most informative first."""
    best: dict[str, _Open] = {}
    for gains, weight in weighted:
        for number, (item, bits) in enumerate(zip(gains.items, (weight * gains.bits).tolist(), strict=True)):
            if item in among and bits >= LEAST_BITS and (item not in best or bits > best[item].bits):
                best[item] = _Open(item, bits, gains.pair(number))
    return sorted(best.values(), key=lambda entry: (-round(entry.bits, 12), entry.item))


def next_questions(
    knowledge: Knowledge, weighted: Sequence[tuple[Gains, float]], examined: bool
) -> tuple[NextQuestion, ...]:
    """The questions worth asking now.

    Parameters
    ----------
    knowledge
        Wordings.
    weighted
        Gains of all models that ran, each with the weight of its model.
    examined
        Whether any item of examination was answered. Without one no cause is held above 0.60, whatever is told, so
        the best tests then go before the best questions.
    """
    ranked = _open(weighted, knowledge.questions)
    if not examined:
        ranked.sort(key=lambda entry: knowledge.questions[entry.item].kind != "examination")  # a stable sort
    return tuple(_question(knowledge, entry) for entry in ranked[:MAX_QUESTIONS])


def next_films(knowledge: Knowledge, weighted: Sequence[tuple[Gains, float]]) -> tuple[NextFilm, ...]:
    """The clips worth filming now; each clip (task and view) once, for the finding that tells most."""
    films: dict[tuple[str, str], NextFilm] = {}
    for entry in _open(weighted, knowledge.findings):
        guide = knowledge.findings[entry.item].film
        if guide is not None and (guide.task, guide.view) not in films:
            yes, no = (knowledge.causes[cause].label for cause in entry.pair)
            sign = knowledge.findings[entry.item].if_yes
            why = f"To be looked for: {sign[0].lower()}{sign[1:]}. That would speak for: {yes}. Without it, for: {no}."
            films[(guide.task, guide.view)] = NextFilm(
                entry.item, guide.task, guide.view, guide.text, why, round(entry.bits, 4), entry.pair
            )
    return tuple(films.values())[:MAX_FILMS]


def _question(knowledge: Knowledge, entry: _Open) -> NextQuestion:
    question = knowledge.questions[entry.item]
    yes, no = (knowledge.causes[cause].label for cause in entry.pair)
    return NextQuestion(
        entry.item,
        question.patient,
        f"Yes would speak for: {yes}. No would speak for: {no}.",
        round(entry.bits, 4),
        kind=question.kind,
        separates=entry.pair,
        examiner=question.examiner,
        test=question.test,
    )


def separating_test(knowledge: Knowledge, gains: Gains, pair: tuple[str, str]) -> str:
    """The question or test that would best tell two causes apart, as the examiner says it; empty where none is left."""
    bits = gains.between(*pair)
    told = gains.ranked(bits, knowledge.questions)
    if not told or bits[told[0]] <= 0.0:
        return ""
    return knowledge.questions[gains.items[told[0]]].examiner
