"""Is "ask next" worth anything? An interview by the program's own questions, against other orders of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from gait.causes.knowledge import load_knowledge
from gait.core.causes import Reasoning
from gait.core.subject import Answer
from gait.validation.reasoning_laws import Think, with_answers
from gait.validation.rows import groups, numbers, records, where
from gait.validation.vignettes import Vignette

QUESTIONS = 12
"""How many questions one interview has (our estimate of what one visit bears)."""

RANDOM_ORDERS = 1
"""How many random orders are tried for each person."""

ORDERS = {
    "asked next": "the program's next question",
    "catalogue": "questions in the order of the catalogue",
    "random": f"questions in random order ({RANDOM_ORDERS} for each person)",
}

_Pick = Callable[[Reasoning, Sequence[str]], str]


@dataclass(slots=True)
class _Interview:
    """One written person who answers what the vignette tells; the same answers are reasoned about once."""

    vignette: Vignette
    think: Think
    told: dict[str, tuple[Answer, ...]] = field(init=False)
    known: dict[frozenset[str], Reasoning] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = [answer for answer in self.vignette.subject.intake.answers if answer.value != "unknown"]
        ids = {answer.id for answer in given}
        self.told = {
            key: tuple(answer for answer in given if answer.id == key)
            for key in load_knowledge().questions
            if key in ids
        }

    def after(self, asked: Sequence[str]) -> Reasoning:
        """What is concluded when these questions were asked."""
        key = frozenset(asked)
        if key not in self.known:
            answers = tuple(answer for item in self.told if item in key for answer in self.told[item])
            self.known[key] = self.think(with_answers(self.vignette.subject, answers))
        return self.known[key]

    def leads(self, reasoning: Reasoning) -> bool:
        return bool(reasoning.causes) and reasoning.causes[0].id in self.vignette.expect.top

    def walk(self, pick: _Pick) -> list[Reasoning]:
        """What is concluded after 0, 1, ... :data:`QUESTIONS` questions."""
        asked: list[str] = []
        came = [self.after(asked)]
        for _ in range(QUESTIONS):
            left = [item for item in self.told if item not in asked]
            if left:
                asked.append(pick(self.after(asked), left))
            came.append(self.after(asked))
        return came

    def row(self, order: str, number: int, pick: _Pick) -> dict[str, object]:
        """One interview."""
        came = self.walk(pick)
        leads = tuple(self.leads(one) for one in came)
        said = tuple(one.causes[0].probability if one.causes else float("nan") for one in came)
        return {
            "kind": self.vignette.kind,
            "id": self.vignette.id,
            "answers": len(self.told),
            "order": order,
            "number": number,
            "until": until(leads),
            "leads": leads,
            "said": said,
        }


def next_of_program(reasoning: Reasoning, left: Sequence[str]) -> str:
    """The program's best question that the vignette tells; the catalogue's next where it tells none of them."""
    return next((question.id for question in reasoning.next_questions if question.id in left), left[0])


def _by_order(order: Sequence[str]) -> _Pick:
    return lambda _, left: next(item for item in order if item in left)


def interviews(vignette: Vignette, think: Think, random_orders: int = RANDOM_ORDERS) -> Iterator[dict[str, object]]:
    """One row for each order of asking; none where no cause or no answer is told.

    Complaint, body and film are known from the start. Questions that the vignette does not tell are passed over
    without counting, in every order, so that the orders are compared on the same answers.

    Returns
    -------
    Iterator of dict
        ``kind, id, order, number, answers`` (how many questions the vignette tells), ``until`` (questions until a
        wanted cause leads and goes on leading; infinite where it does not within :data:`QUESTIONS`), ``leads`` (after
        0, 1, ... questions), ``said`` (the probability of the leading cause then) and for the program
        ``is_first_told`` (whether its very first question is one that the vignette tells; else None).
    """
    one = _Interview(vignette, think)
    if not vignette.expect.top or not one.told:
        return
    first = one.after(()).next_questions[:1]
    yield one.row("asked next", 0, next_of_program) | {"is_first_told": _told(first, one)}
    yield one.row("catalogue", 0, _by_order(list(one.told))) | {"is_first_told": None}
    for number in range(random_orders):
        order = [
            str(item) for item in np.random.default_rng([number, *vignette.id.encode()]).permutation(list(one.told))
        ]
        yield one.row("random", number, _by_order(order)) | {"is_first_told": None}


def _told(questions: Sequence[Any], one: _Interview) -> bool | None:
    return questions[0].id in one.told if questions else None


def until(leads: Sequence[bool]) -> float:
    """After how many questions a wanted cause leads for good; infinite where it does not lead at the end.

    Examples
    --------
    >>> until([False, True, False, True, True]), until([True, False])
    (3.0, inf)
    """
    if not leads[-1]:
        return float("inf")
    wrong = [place for place, value in enumerate(leads) if not value]
    return float(wrong[-1] + 1) if wrong else 0.0


def steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Share of interviews in which a wanted cause leads, by set, order and number of questions."""
    table = []
    for (name, order), part in groups(rows, "set", "order"):
        share = np.array([list(leads) for leads in part["leads"]], float).mean(axis=0)
        table += [
            {"set": name, "order": order, "questions": number, "share": float(value), "interviews": len(part)}
            for number, value in enumerate(share)
        ]
    return pd.DataFrame(table, columns=["set", "order", "questions", "share", "interviews"])


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """How soon a wanted cause leads for good: ``set, order, people, interviews, median, mean_share, at_5, never``.

    ``mean_share`` is the share of all moments (after 0 ... 12 questions) at which a wanted cause leads; ``at_5`` the
    share after five questions.
    """
    table = []
    for (name, order), part in groups(rows, "set", "order"):
        values = numbers(part, "until")
        leads = np.array([list(one) for one in part["leads"]], float)
        table.append(
            {
                "set": name,
                "order": order,
                "people": len(set(part["id"])),
                "interviews": len(part),
                "median": float(np.median(values)),
                "mean_share": float(leads.mean()),
                "at_5": float(leads[:, min(5, leads.shape[1] - 1)].mean()),
                "never": float(np.isinf(values).mean()),
            }
        )
    return pd.DataFrame(table)


def said_on_the_way(rows: pd.DataFrame) -> pd.DataFrame:
    """The leading cause at each moment of the interviews in random order: ``probability, is_wanted``.

    Little is known at first and more later, so here all probabilities occur; moments of one person are not
    independent.
    """
    random = where(rows, order="random")
    pairs = [
        (said, leads)
        for row in records(random)
        for said, leads in zip(row["said"], row["leads"], strict=True)
        if np.isfinite(said)
    ]
    return pd.DataFrame(pairs, columns=["probability", "is_wanted"])


def fewer_than(rows: pd.DataFrame, order: str) -> dict[str, int]:
    """In how many people the program's order needs fewer, as many, or more questions than another order.

    Several interviews of one person in one order count with their median.
    """
    ours = _medians(where(rows, order="asked next"))
    other = _medians(where(rows, order=order))
    pairs = [(ours[key], other[key]) for key in ours if key in other]
    return {
        "fewer": sum(a < b for a, b in pairs),
        "same": sum(a == b for a, b in pairs),
        "more": sum(a > b for a, b in pairs),
    }


def _medians(rows: pd.DataFrame) -> dict[Any, float]:
    return {key: float(np.median(numbers(part, "until"))) for key, part in groups(rows, "set", "id")}
