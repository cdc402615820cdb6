"""What to film next, so that what is still open can be judged."""

from __future__ import annotations

from collections.abc import Collection

from gait.core.examination import NextFilm
from gait.core.findings import Findings
from gait.core.tasks import TaskId
from gait.core.trajectories import ViewKind
from gait.findings.catalogue import Rule, load_rules

_TASKS = {
    "walk": "Film usual walking",
    "heel_walk": "Film walking on the heels (--task heel_walk)",
    "toe_walk": "Film walking on tiptoe (--task toe_walk)",
    "heel_raise": "Film heel raises (--task heel_raise)",
    "single_leg_stance": "Film standing on one leg, first the one, then the other (--task single_leg_stance)",
    "sit_to_stand": "Film standing up from a chair and sitting down again (--task sit_to_stand)",
    "stand": "Film quiet standing (--task stand)",
}
_VIEWS = {
    "sagittal": "from the side, the camera square to the person",
    "frontal": "from the front or from behind",
    "oblique": "from an oblique direction",
}


def next_films(
    findings: Findings, seen: Collection[tuple[TaskId, ViewKind]], *, is_child: bool
) -> tuple[NextFilm, ...]:
    """Films that would answer what is open, those that answer most first.

    Parameters
    ----------
    findings
        Merged findings.
    seen
        Tasks and views that were filmed already: for these the advice is how to film them better.
    is_child
        Whether the person is too young for the norms: what needs them is then left out, since no film mends that.
    """
    answers: dict[str, list[str]] = {}
    rules = {rule.id: rule for rule in load_rules().finding}
    for finding in findings.with_status("not_assessable"):
        rule = rules[finding.id]
        if rule.never or rule.is_pattern or (is_child and not rule.children):
            continue
        names = answers.setdefault(_advice(rule, seen), [])
        if rule.label not in names:
            names.append(rule.label)
    ranked = sorted(answers.items(), key=lambda item: -len(item[1]))
    return tuple(NextFilm(text, tuple(names)) for text, names in ranked)


def _advice(rule: Rule, seen: Collection[tuple[TaskId, ViewKind]]) -> str:
    """What to film for one finding."""
    if any(task in rule.tasks and view in rule.views for task, view in seen):
        return rule.film_better
    return f"{_TASKS[rule.tasks[0]]} {_VIEWS[rule.views[0]]}."
