"""Findings from the front: a planted one is found on its side, and nothing else is."""

from __future__ import annotations

import pytest

from gait.core.findings import Findings
from gait.findings.catalogue import load_rules
from gait.findings.conditions import Conditions
from gait.findings.norms import Norms
from gait.findings.rules import find_deviations
from gait.parameters.compute import compute_parameters
from tests.fronts import Front

FRONTAL = (
    "trendelenburg",
    "trunk_lean_over_stance",
    "lateral_trunk_list",
    "hip_hike",
    "circumduction",
    "wide_base",
    "leg_length_pattern",
    "toe_out",
    "flat_foot_signs",
)
NEVER = ("trendelenburg", "hip_hike", "flat_foot_signs")


def judged(walk: Front) -> Findings:
    return find_deviations(compute_parameters(walk.clip()), Norms({}, "", False), Conditions("frontal"))


def seen(walk: Front) -> set[tuple[str, str | None]]:
    return {(finding.id, finding.side) for finding in judged(walk).present() if finding.id in FRONTAL}


@pytest.mark.parametrize("is_behind", [False, True])
def test_a_healthy_walker_has_no_finding(is_behind: bool) -> None:
    findings = judged(Front(is_behind=is_behind))
    assert not [finding for finding in findings.present() if finding.id in FRONTAL]
    assert findings.get("circumduction", "left").status == "absent"
    assert findings.get("trunk_lean_over_stance", "right").status == "absent"


@pytest.mark.parametrize(("side", "other"), [("left", "right"), ("right", "left")])
@pytest.mark.parametrize(
    ("finding", "fault"),
    [
        ("trunk_lean_over_stance", {"lean_deg": 8.0}),
        ("circumduction", {"arc_m": 0.09}),
        ("leg_length_pattern", {"sink_m": 0.035}),
        ("toe_out", {"toe_out_deg": 32.0}),
    ],
)
def test_a_fault_is_found_on_its_side_and_alone(side: str, other: str, finding: str, fault: dict[str, float]) -> None:
    walk = Front(**{name: {side: value, other: 6.0 if "toe" in name else 0.0} for name, value in fault.items()})
    assert seen(walk) == {(finding, side)}


@pytest.mark.parametrize(("list_deg", "side"), [(7.0, "left"), (-7.0, "right")])
def test_a_list_is_named_by_the_side_it_leans_to(list_deg: float, side: str) -> None:
    assert seen(Front(list_deg=list_deg)) == {("lateral_trunk_list", side)}


def test_feet_far_apart_are_a_wide_base_without_a_side() -> None:
    assert seen(Front(width_m=0.26)) == {("wide_base", None)}


@pytest.mark.parametrize("roll_deg", [-3.0, 3.0])
def test_a_phone_held_askew_is_no_finding(roll_deg: float) -> None:
    assert not seen(Front(roll_deg=roll_deg))


def test_a_leg_that_swings_around_is_not_called_short() -> None:
    walk = Front(arc_m={"left": 0.09, "right": 0.0}, sink_m={"left": 0.03, "right": 0.0})
    assert seen(walk) == {("circumduction", "left")}


def test_toes_are_not_judged_from_behind() -> None:
    found = judged(Front(is_behind=True, toe_out_deg={"left": 32.0, "right": 6.0})).get("toe_out", "left")
    assert found.status == "not_assessable"
    assert "from the front" in found.reason


@pytest.mark.parametrize("finding", NEVER)
def test_what_no_film_of_a_walk_shows_says_why_and_what_to_do(finding: str) -> None:
    found = judged(Front(lean_deg={"left": 8.0, "right": 0.0})).get(finding, "left")
    assert found.status == "not_assessable"
    assert load_rules().rule(finding).never in found.reason
    assert len(found.reason.split(". ")) >= 2
