"""Measures seen from the front: what was put into a made walker comes out again, on the right side."""

from __future__ import annotations

import numpy as np
import pytest

from gait.core.parameters import GaitParameters
from gait.parameters.compute import compute_parameters
from tests.fronts import LEG_M, Front


def measured(walk: Front) -> GaitParameters:
    return compute_parameters(walk.clip())


@pytest.mark.parametrize("is_behind", [False, True])
@pytest.mark.parametrize(("side", "other"), [("left", "right"), ("right", "left")])
def test_the_lean_over_a_standing_leg_is_found_on_its_side(side: str, other: str, is_behind: bool) -> None:
    found = measured(Front(lean_deg={side: 8.0, other: 0.0}, is_behind=is_behind))
    # The mean over the middle 60 % of a sine squared is 0.75 of its peak.
    assert found.value("trunk_sway_to_stance_deg", side) == pytest.approx(0.75 * 8.0, abs=0.6)
    assert found.value("trunk_lean_over_stance_deg", side) == pytest.approx(0.75 * 8.0, abs=0.6)
    assert found.value("trunk_sway_to_stance_deg", other) == pytest.approx(0.0, abs=0.3)


@pytest.mark.parametrize("roll_deg", [-4.0, 4.0])
def test_a_phone_held_askew_makes_neither_lean_nor_list(roll_deg: float) -> None:
    found = measured(Front(roll_deg=roll_deg))
    for side in ("left", "right"):
        assert found.value("trunk_sway_to_stance_deg", side) == pytest.approx(0.0, abs=0.2)
        assert found.value("trunk_lean_over_stance_deg", side) == pytest.approx(0.0, abs=0.3)
        assert found.value("trunk_list_deg", side) == pytest.approx(0.0, abs=0.3)


def test_a_list_is_no_sway_and_points_to_its_side() -> None:
    found = measured(Front(list_deg=6.0))
    assert found.value("trunk_list_deg", "left") == pytest.approx(6.0, abs=0.4)
    assert found.value("trunk_list_deg", "right") == pytest.approx(-6.0, abs=0.4)
    assert found.value("trunk_sway_to_stance_deg", "left") == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize("is_behind", [False, True])
def test_the_body_is_lower_over_the_leg_that_is_short(is_behind: bool) -> None:
    found = measured(Front(sink_m={"left": 0.03, "right": 0.0}, is_behind=is_behind))
    for name in ("body_height_over_stance", "body_rise_over_stance"):
        lower = found.value(f"{name}_ll", "right") - found.value(f"{name}_ll", "left")
        assert lower == pytest.approx(0.75 * 0.03 / LEG_M, abs=0.004)
        assert found.value(f"{name}_difference_ll") == pytest.approx(lower)


@pytest.mark.parametrize("is_behind", [False, True])
def test_an_ankle_that_swings_outwards_is_measured_in_leg_lengths(is_behind: bool) -> None:
    found = measured(Front(arc_m={"left": 0.0, "right": 0.08}, is_behind=is_behind))
    assert found.value("lateral_ankle_excursion_ll", "right") == pytest.approx(0.08 / LEG_M, abs=0.012)
    assert found.value("lateral_ankle_excursion_ll", "left") == pytest.approx(0.0, abs=0.012)


def test_feet_that_point_outwards() -> None:
    found = measured(Front(toe_out_deg={"left": 25.0, "right": 5.0}))
    assert found.value("foot_progression_deg", "left") == pytest.approx(25.0, abs=4.0)
    assert found.value("foot_progression_deg", "right") == pytest.approx(5.0, abs=3.0)


@pytest.mark.parametrize("width_m", [0.08, 0.25])
def test_the_width_of_the_base(width_m: float) -> None:
    assert measured(Front(width_m=width_m)).value("base_width_ll") == pytest.approx(width_m / LEG_M, abs=0.025)


def test_the_neck_comes_nearer_to_the_foot_that_it_leans_over() -> None:
    found = measured(Front(lean_deg={"left": 8.0, "right": 0.0}))
    assert found.value("neck_over_foot_ll", "left") < found.value("neck_over_foot_ll", "right") - 0.04


_ODD = Front(
    lean_deg={"left": 6.0, "right": 1.0},
    list_deg=2.0,
    sink_m={"left": 0.0, "right": 0.02},
    arc_m={"left": 0.05, "right": 0.01},
)
_IDS = (
    "trunk_lean_over_stance_deg",
    "trunk_sway_to_stance_deg",
    "trunk_list_deg",
    "body_height_over_stance_ll",
    "lateral_ankle_excursion_ll",
    "neck_over_foot_ll",
)


def sides(found: GaitParameters, side: str) -> np.ndarray:
    return np.array([found.value(name, side) for name in _IDS])


def test_the_mirrored_walk_has_the_mirrored_measures() -> None:
    plain, mirrored = measured(_ODD), measured(_ODD.mirrored())
    assert sides(plain, "left") == pytest.approx(sides(mirrored, "right"), abs=0.25)
    assert sides(plain, "right") == pytest.approx(sides(mirrored, "left"), abs=0.25)


@pytest.mark.parametrize("change", [{"zoom": 1.7}, {"rate_hz": 120.0}, {"start_s": 3.0}])
def test_size_rate_and_start_of_the_film_change_nothing(change: dict[str, float]) -> None:
    plain, changed = measured(_ODD), measured(Front(**(_ODD.__dict__ | change)))
    for side in ("left", "right"):
        assert sides(plain, side) == pytest.approx(sides(changed, side), abs=0.12)
