"""Findings of several clips become one verdict each: the best view wins, contradictions are told."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from gait.core.examination import Pool
from gait.core.findings import Finding, Findings, Status
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.findings.catalogue import load_rules
from gait.findings.gaps import next_films
from gait.findings.merge import merge_findings
from gait.findings.rules import sides_of

RULES = load_rules().finding
SIDED = next(rule for rule in RULES if rule.sided and rule.way and not rule.is_pattern)


def finding(finding_id: str, side: str | None, status: Status, confidence: float = 0.0, reason: str = "") -> Finding:
    severity = "moderate" if status == "present" else None
    reason = reason or ("not seen" if status == "not_assessable" else "")
    return Finding(finding_id, side, status, severity, confidence, reason=reason, label=finding_id)


def pool(name: str, *known: Finding, view: str = "sagittal", is_part: bool = False, strides: int = 6) -> Pool:
    """A pool in which everything is open but what is told."""
    told = {(found.id, found.side): found for found in known}
    everything = tuple(
        told.get((rule.id, side), finding(rule.id, side, "not_assessable")) for rule in RULES for side in sides_of(rule)
    )
    measured = Parameter("cadence_spm", "both", 110.0, "steps/min", 1.0, strides, 108.0, 112.0)
    parameters = GaitParameters(pd.DataFrame(columns=list(STRIDE_COLUMNS)), (measured,))
    return Pool((name,), "walk", view, parameters, Findings(everything), is_part=is_part)


def merged(*pools: Pool, side: str | None = "right", finding_id: str = SIDED.id) -> Finding:
    return next(found for found in merge_findings(pools).all if (found.id, found.side) == (finding_id, side))


def test_every_finding_and_side_comes_out_once_in_the_order_of_the_catalogue():
    out = merge_findings([pool("a.mov"), pool("b.mov", view="frontal")]).all
    assert [(found.id, found.side) for found in out] == [(rule.id, side) for rule in RULES for side in sides_of(rule)]


@pytest.mark.parametrize("status", ["present", "absent"])
def test_a_clip_that_can_judge_beats_one_that_cannot(status):
    told = finding(SIDED.id, "right", status, 0.7)
    for pools in ([pool("a.mov"), pool("b.mov", told)], [pool("b.mov", told), pool("a.mov")]):
        found = merged(*pools)
        assert found.status == status
        assert found.sources == ("b.mov",)
        assert merged(*pools, side="left").status == "not_assessable"


def test_where_all_agree_the_surest_speaks_and_all_are_named():
    found = merged(
        pool("a.mov", finding(SIDED.id, "right", "present", 0.7)),
        pool("b.mov", finding(SIDED.id, "right", "present", 0.9)),
    )
    assert found.confidence == 0.9
    assert found.sources == ("b.mov", "a.mov")


def test_a_contradiction_stays_present_only_where_the_clip_that_sees_it_is_surer_and_names_both():
    seen, unseen = finding(SIDED.id, "right", "present", 0.9), finding(SIDED.id, "right", "absent", 0.7)
    found = merged(pool("a.mov", seen), pool("b.mov", unseen, view="frontal"))
    assert found.status == "present"
    assert "a.mov" in found.reason
    assert "b.mov" in found.reason

    found = merged(pool("a.mov", replace(seen, confidence=0.6)), pool("b.mov", unseen, view="frontal"))
    assert found.status == "not_assessable"
    assert found.severity is None
    assert found.confidence == 0.0
    assert "a.mov" in found.reason
    assert "b.mov" in found.reason


def test_a_part_of_a_pool_is_heard_only_where_the_pool_met_an_obstacle():
    own = pool("a.mov", finding(SIDED.id, "right", "present", 0.9), is_part=True)
    together = pool("a.mov and b.mov")
    assert merged(together, own).status == "present"
    judged = pool("a.mov and b.mov", finding(SIDED.id, "right", "absent", 0.6))
    assert merged(judged, own).status == "absent"


def test_without_any_judge_the_reason_of_the_best_view_is_told():
    rule = next(rule for rule in RULES if rule.views == ("frontal",) and rule.tasks == ("walk",) and rule.way)
    side = "right" if rule.sided else None
    found = merged(
        pool("side.mov", finding(rule.id, side, "not_assessable", reason="It is a side view.")),
        pool("front.mov", finding(rule.id, side, "not_assessable", reason="Too few steps."), view="frontal"),
        finding_id=rule.id,
        side=side,
    )
    assert found.reason == "Too few steps."
    assert found.sources == ("front.mov",)


def test_no_pool_is_a_mistake():
    with pytest.raises(ValueError, match="at least one"):
        merge_findings([])


def test_what_to_film_next_asks_for_the_missing_view_and_not_for_the_one_that_is_there():
    rule = next(rule for rule in RULES if rule.views == ("frontal",) and rule.tasks == ("walk",) and rule.way)
    side = "right" if rule.sided else None
    open_one = Findings((finding(rule.id, side, "not_assessable"),))
    (asked,) = next_films(open_one, {("walk", "sagittal")}, is_child=False)
    assert "front" in asked.text
    assert asked.answers == (rule.label,)
    (better,) = next_films(open_one, {("walk", "frontal")}, is_child=False)
    assert better.text == rule.film_better


def test_no_film_is_asked_for_where_none_helps():
    closed = [rule for rule in RULES if rule.never or (rule.way and not rule.children and not rule.is_pattern)]
    found = Findings(tuple(finding(rule.id, sides_of(rule)[0], "not_assessable") for rule in closed))
    assert next_films(found, {("walk", "sagittal")}, is_child=True) == ()
