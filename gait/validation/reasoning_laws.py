"""Laws of the reasoning over written people: mirror, silence, fewer answers, one answer turned round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from gait.causes.expression import Leaf, leaves
from gait.causes.intake import findings_of_intake
from gait.causes.knowledge import load_knowledge
from gait.causes.reason import suggest_causes
from gait.core.causes import Reasoning
from gait.core.sides import SIDES, other_side
from gait.core.subject import Answer, Subject
from gait.validation.reasoning_outcomes import RANK
from gait.validation.vignettes import Vignette

Think = Callable[[Subject], Reasoning]
"""From a person to what is concluded; the engine, or one made for a test."""

BLANKED = 0.30
"""Share of the answers that is taken away (section 9 of the evidence base)."""

SEEDS = 10
"""How often answers are taken away, each time others."""


def reason_about(subject: Subject) -> Reasoning:
    """What this program concludes about somebody without a film."""
    return suggest_causes(findings_of_intake(subject.intake), subject)


def with_answers(subject: Subject, answers: tuple[Answer, ...]) -> Subject:
    """The same person with other answers."""
    return replace(subject, intake=replace(subject.intake, answers=answers))


def swapped(side: Any) -> Any:
    """The other side; ``both`` and None stay."""
    return other_side(side) if side in SIDES else side


def mirrored(subject: Subject) -> Subject:
    """The same person in a mirror."""
    intake = subject.intake
    return replace(
        subject,
        leg_length_left_m=subject.leg_length_right_m,
        leg_length_right_m=subject.leg_length_left_m,
        intake=replace(
            intake,
            complaints=tuple(replace(one, side=swapped(one.side)) for one in intake.complaints),
            answers=tuple(replace(one, side=swapped(one.side)) for one in intake.answers),
            findings=tuple(replace(one, side=swapped(one.side)) for one in intake.findings),
        ),
    )


def is_mirrored(here: Reasoning, there: Reasoning) -> bool:
    """Whether one reasoning is the other with its sides swapped, and nothing else."""
    return _picture(here, turned=True) == _picture(there, turned=False)


def _picture(reasoning: Reasoning, *, turned: bool) -> tuple[object, ...]:
    """Everything but texts (which name sides), numbers rounded to what can be told."""
    causes = [
        (c.id, swapped(c.side) if turned else c.side, round(c.probability, 9), round(c.low, 9), round(c.high, 9))
        for c in reasoning.causes
    ]
    flags = sorted((flag.id, flag.status) for flag in reasoning.red_flags)
    questions = [question.id for question in reasoning.next_questions]
    films = [film.id for film in reasoning.next_films]
    return causes, flags, questions, films, reasoning.urgency, reasoning.inseparable, reasoning.answered


def with_silence(subject: Subject) -> Subject:
    """The same person, with every question that was not answered said to be unknown."""
    given = {answer.id for answer in subject.intake.answers}
    silent = tuple(Answer(key, "unknown") for key in load_knowledge().questions if key not in given)
    return with_answers(subject, (*subject.intake.answers, *silent))


def distance(one: Reasoning, other: Reasoning) -> float:
    """How much probability lies elsewhere: half the sum of the differences over all listed causes."""
    here, there = ({cause.id: cause.probability for cause in reasoning.causes} for reasoning in (one, other))
    return 0.5 * sum(abs(here.get(key, 0.0) - there.get(key, 0.0)) for key in here.keys() | there.keys())


def flips_side(before: Reasoning, after: Reasoning) -> bool:
    """Whether the leading cause, or any cause listed twice, went from left to right or back."""
    pairs = [(one.side, other.side) for one in before.causes for other in after.causes if one.id == other.id]
    if before.causes and after.causes:
        pairs.append((before.causes[0].side, after.causes[0].side))
    return any(one in SIDES and other == swapped(one) for one, other in pairs)


def _lead(reasoning: Reasoning) -> str:
    return reasoning.causes[0].id if reasoning.causes else ""


@lru_cache(maxsize=1)
def questions_of_flags() -> frozenset[str]:
    """Answer ids that any rule for hurry asks about."""
    triggers = (trigger for _, trigger in load_knowledge().flags.values())
    return frozenset(leaf.item for trigger in triggers for leaf in leaves(trigger) if isinstance(leaf, Leaf))


def simple_laws(vignette: Vignette, base: Reasoning, think: Think) -> dict[str, object]:
    """Mirror and silence: ``is_mirrored, is_silent``."""
    return {
        "kind": vignette.kind,
        "id": vignette.id,
        "is_mirrored": is_mirrored(base, think(mirrored(vignette.subject))),
        "is_silent": think(with_silence(vignette.subject)) == base,
    }


def blanked(vignette: Vignette, base: Reasoning, think: Think, seeds: int = SEEDS) -> Iterator[dict[str, object]]:
    """Some answers taken away: one row for each seed, none where there are fewer than two answers.

    ``distance`` is that to what is said with complaint, body and film alone, ``distance_before`` that of all answers;
    ``stays`` whether the same cause leads; ``side_flips``.
    """
    answers = vignette.subject.intake.answers
    if len(answers) < 2:
        return
    prior = think(with_answers(vignette.subject, ()))
    kept = len(answers) - max(1, round(BLANKED * len(answers)))
    for seed in range(seeds):
        chosen = set(np.random.default_rng([seed, *vignette.id.encode()]).permutation(len(answers))[:kept])
        fewer = tuple(answer for place, answer in enumerate(answers) if place in chosen)
        after = think(with_answers(vignette.subject, fewer))
        yield {
            "kind": vignette.kind,
            "id": vignette.id,
            "seed": seed,
            "distance_before": distance(base, prior),
            "distance": distance(after, prior),
            "stays": _lead(after) == _lead(base),
            "side_flips": flips_side(base, after),
        }


def turned(vignette: Vignette, base: Reasoning, think: Think) -> Iterator[dict[str, object]]:
    """Each answer turned round in turn: one row each.

    ``stays`` whether the same cause leads; ``is_flag`` whether a rule for hurry asks about the answer; ``is_lowered``
    and ``is_raised`` what became of the urgency.
    """
    answers = vignette.subject.intake.answers
    for place, answer in enumerate(answers):
        if answer.value == "unknown":
            continue
        other = replace(answer, value="no" if answer.value == "yes" else "yes")
        after = think(with_answers(vignette.subject, (*answers[:place], other, *answers[place + 1 :])))
        step = RANK.index(after.urgency) - RANK.index(base.urgency)
        yield {
            "kind": vignette.kind,
            "id": vignette.id,
            "answer": answer.id,
            "turned_to": other.value,
            "stays": _lead(after) == _lead(base),
            "came": _lead(after) or "no cause",
            "is_flag": answer.id in questions_of_flags(),
            "is_lowered": step < 0,
            "is_raised": step > 0,
        }
