"""Points of the visual score, from measures written by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import example
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gait.core.clip import Clip
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.core.scores import ScoreItem
from gait.core.sides import SIDES, other_side
from gait.core.trajectories import View
from gait.parameters.catalogue import load_catalogue
from gait.scores.catalogue import Item, load_sheet
from gait.scores.visual import points_of, visual_scores

#: Values in the middle of what is usual, in our definitions.
USUAL = {
    "foot_floor_angle_at_contact_deg": 20.0,
    "heel_rise_pct": 55.0,
    "peak_stance_dorsiflexion_deg": 18.0,
    "peak_swing_dorsiflexion_deg": 9.0,
    "min_stance_knee_flexion_deg": 5.0,
    "knee_flexion_at_contact_deg": 6.0,
    "peak_swing_knee_flexion_deg": 60.0,
    "peak_hip_extension_deg": -20.0,
    "peak_swing_hip_flexion_deg": 25.0,
}


def measures(half=0.5, lean=1.0, left=None, right=None):
    """Measures of a usual walker from the side, but for what is given."""
    odd = {"left": left or {}, "right": right or {}}
    summary = [
        Parameter(name, side, value, name[-3:], 1.0, 5, value - half, value + half)
        for side in SIDES
        for name, value in (USUAL | odd[side]).items()
    ]
    summary.append(Parameter("trunk_lean_deg", "both", lean, "deg", 1.0, 5, lean - half, lean + half))
    return GaitParameters(pd.DataFrame(columns=list(STRIDE_COLUMNS)), tuple(summary))


def walk(view="sagittal"):
    """A clip whose knees are straight in stance, from a view."""
    trajectories = replace(example.make_trajectories(), view=View(view, 0.9, 0.0))
    cycles = example.make_cycles()
    curves = cycles.curves.copy(data=np.where(np.isfinite(cycles.curves), cycles.curves, 0.0))
    return Clip(trajectories, example.make_events(), replace(cycles, curves=curves))


def score(side="left", clips=None, **values):
    return {one.side: one for one in visual_scores(measures(**values), clips or [walk()])}[side]


def points(scored):
    return {item.id: item.points for item in scored.seen}


def test_a_usual_walker_has_no_point_and_is_never_scored_on_the_whole_sheet():
    for side in SIDES:
        one = score(side)
        assert one.points == one.low == 0
        assert len(one.items) == 17
        assert 8 <= len(one.seen) < 17
        assert one.possible == 2 * len(one.seen)


def test_a_foot_that_lands_on_its_front_and_hangs_has_points_on_its_side_only():
    odd = {"foot_floor_angle_at_contact_deg": -8.0, "peak_swing_dorsiflexion_deg": -12.0}
    right, left = score("right", right=odd), score("left", right=odd)
    assert (points(right)["initial_contact"], points(right)["max_dorsiflexion_swing"]) == (2, 1)
    assert (right.points, left.points) == (3, 0)


@pytest.mark.parametrize(
    ("name", "item", "value", "expected"),
    [
        ("foot_floor_angle_at_contact_deg", "initial_contact", 5.0, 1),
        ("heel_rise_pct", "heel_lift", 30.0, 1),
        ("peak_stance_dorsiflexion_deg", "max_dorsiflexion_stance", -10.0, 2),
        ("peak_swing_knee_flexion_deg", "knee_flexion_swing", 40.0, 1),
        ("peak_swing_knee_flexion_deg", "knee_flexion_swing", 30.0, 2),
        ("peak_hip_extension_deg", "hip_extension_stance", -5.0, 1),  # 5 deg of flexion against the pelvis
        ("peak_hip_extension_deg", "hip_extension_stance", 10.0, 2),
        ("peak_swing_hip_flexion_deg", "hip_flexion_swing", 40.0, 1),
    ],
)
def test_each_item_is_scored_by_its_cut_offs(name, item, value, expected):
    assert points(score(left={name: value}))[item] == expected


def test_a_leaning_trunk_counts_on_both_limbs():
    assert [points(score(side, lean=8.0))["trunk_sagittal"] for side in SIDES] == [1, 1]


def test_an_interval_that_holds_a_cut_off_shows_both():
    knee = {"peak_swing_knee_flexion_deg": 51.0}
    near = {item.id: item for item in score(half=6.0, left=knee).items}["knee_flexion_swing"]
    sure = {item.id: item for item in score(half=0.5, left=knee).items}["knee_flexion_swing"]
    assert (near.points, near.least, near.most) == (0, 0, 1)
    assert (sure.points, sure.least, sure.most) == (0, 0, 0)


def test_rougher_measures_give_a_wider_interval_around_the_same_points():
    widths = []
    for half in (0.5, 5.0, 12.0):
        one = score(half=half)
        assert one.low <= one.points <= one.high <= one.possible
        widths.append(one.high - one.low)
    assert widths == sorted(widths)
    assert widths[-1] > widths[0]


def test_items_of_one_joint_err_together():
    # A hip read too high makes one of these two cross its cut-off, a hip read too low the other: never both.
    hip = {"peak_hip_extension_deg": -10.5, "peak_swing_hip_flexion_deg": 15.5}
    spread = {name: 1.0 if "hip" in name else 0.01 for name in (*USUAL, "trunk_lean_deg")}
    summary = tuple(
        replace(item, low=item.value - spread[item.id], high=item.value + spread[item.id])
        for item in measures(left=hip).summary
    )
    one = visual_scores(GaitParameters(pd.DataFrame(columns=list(STRIDE_COLUMNS)), summary), [walk()])[0]
    assert [item.most for item in one.seen if item.part == "Hip"] == [1, 1]
    assert (one.points, one.low, one.high) == (0, 0, 1)


def test_what_the_view_does_not_show_is_named_and_not_counted():
    front = visual_scores(measures(), [walk("frontal")])
    assert front == ()
    one = score()
    unseen = {item.id: item for item in one.items if item.points is None}
    assert unseen["foot_rotation"].obstacle == unseen["trunk_lateral"].obstacle == "frontal"
    assert unseen["pelvic_obliquity"].obstacle == "never"
    assert all(item.reason.endswith((".", ")")) for item in unseen.values())


def test_a_film_from_the_front_adds_its_items():
    seen = measures().summary + tuple(
        Parameter("trunk_lean_over_stance_deg", side, 9.0, "deg", 1.0, 5, 8.5, 9.5) for side in SIDES
    )
    table = pd.DataFrame(columns=list(STRIDE_COLUMNS))
    one = visual_scores(GaitParameters(table, seen), [walk(), walk("frontal")])[0]
    assert points(one)["trunk_lateral"] == 1


def test_feet_from_the_lite_model_and_angles_from_standing_are_not_scored():
    lite = visual_scores(measures(), [walk()], is_lite=True)[0]
    assert not {"initial_contact", "heel_lift", "max_dorsiflexion_swing"} & set(points(lite))
    clip = walk()
    zeroed = replace(clip, trajectories=replace(clip.trajectories, standing_s=(0.0, 1.0)))
    assert set(points(visual_scores(measures(), [zeroed])[0])) == {"initial_contact", "heel_lift", "trunk_sagittal"}


def test_mirrored_measures_give_mirrored_points():
    odd = {"peak_swing_knee_flexion_deg": 33.0, "heel_rise_pct": 20.0}
    for side in SIDES:
        there, back = score(side, left=odd), score(other_side(side), right=odd)
        assert there.points == back.points or points(there).keys() == points(back).keys()
        shared = set(points(there)) - {"knee_terminal_swing"}  # from curves, not mirrored here
        assert {name: points(there)[name] for name in shared} == {name: points(back)[name] for name in shared}


@given(st.sampled_from([row for row in load_sheet().item if not row.never]), st.floats(0, 60), st.floats(0, 60))
def test_farther_from_usual_never_has_fewer_points(row, near, far):
    near, far = sorted((near, far))
    usual = row.points.index(0)
    edges = (-1e3, *row.edges, 1e3)
    middle = np.clip((edges[usual] + edges[usual + 1]) / 2, -100, 100)
    for sign in (-1, 1):
        one, other = points_of(row, np.array([middle + sign * near, middle + sign * far]))
        assert one <= other


def test_the_sheet_is_whole_and_names_measures_that_exist():
    sheet = load_sheet()
    assert len(sheet.item) == sheet.of == 17
    known = {measure.id for measure in load_catalogue()}
    for row in sheet.item:
        if row.plane == "sagittal" and not row.never:
            assert (row.parameter or (row.curve and row.curve.error_of)) in known
        if not row.never:
            assert 0 in row.points
            assert all(abs(one - other) == 1 for one, other in pairwise(row.points))


def test_a_row_that_makes_no_sense_is_refused():
    good = load_sheet().item[0].model_dump()
    for change in ({"points": (0, 1)}, {"edges": (10.0, -3.0)}, {"parameter": ""}, {"shift": 3.0}, {"source": ""}):
        with pytest.raises(ValidationError):
            Item.model_validate(good | change)


def test_an_item_has_points_or_a_reason():
    with pytest.raises(ValueError, match="points or the reason"):
        ScoreItem(1, "x", "X", "left", None)
    with pytest.raises(ValueError, match="points or the reason"):
        ScoreItem(1, "x", "X", "left", 1, reason="hidden")
