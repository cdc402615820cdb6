"""Known truth: a planted fault that goes is the change that is found. Laws: no visit, order, mirror changes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from visits import DROP, SUBJECT, USUAL, analysed, at_speed, mirrored, visit

from gait.comparison.compare import compare_visits
from gait.comparison.detectable import detectable_change
from gait.comparison.model import Comparison, Pair, Visit
from gait.core.errors import InputError
from gait.core.parameters import Norm, Parameter
from gait.parameters.repeatability import MDC_FACTOR, load_repeatability


@pytest.fixture(scope="module")
def recovered() -> Comparison:
    return compare_visits([visit("before", DROP, 1), visit("after", USUAL, 2)])


def limit_ids(pair: Pair) -> set[str]:
    return {limit.id for limit in pair.limits}


def test_a_foot_drop_that_goes_is_better_on_its_side_only_and_bears_its_findings(recovered):
    pair = recovered.main
    for measure in ("ankle_dorsiflexion_at_contact_deg", "foot_floor_angle_at_contact_deg"):
        right = pair.change(measure, "right")
        assert right.verdict == "better"
        assert right.low > 0
        assert pair.change(measure, "left").verdict == "within"
    ceased = {(change.id, change.side): change for change in pair.findings if change.kind == "ceased"}
    assert ceased["foot_drop", "right"].is_borne
    assert not any(change.kind == "appeared" for change in pair.findings)
    assert {change.side for change in pair.real} <= {"right", "both"}


def test_the_measured_change_is_the_planted_one(recovered):
    def true(walker):
        rows = walker.truth()["parameters"]
        return next(
            row["value"] for row in rows if (row["id"], row["side"]) == ("foot_floor_angle_at_contact_deg", "right")
        )

    change = recovered.main.change("foot_floor_angle_at_contact_deg", "right")
    assert change.low < true(USUAL) - true(DROP) < change.high


def test_curves_change_in_swing_of_the_affected_ankle_and_nowhere_on_the_other_side(recovered):
    stretches = {(curve.joint, curve.side): curve.stretches for curve in recovered.main.curves}
    (swing,) = stretches["ankle_dorsiflexion", "right"]
    assert swing.start_pct > 55
    assert swing.peak_deg > 10
    assert not any(found for (_, side), found in stretches.items() if side == "left")


def test_causes_move_with_the_findings(recovered):
    moved = {cause.id: cause for cause in recovered.main.causes.causes}
    assert moved["peroneal_neuropathy"].after < moved["peroneal_neuropathy"].before


def test_a_visit_against_itself_changes_nothing():
    film = analysed(DROP, 1)
    pair = compare_visits([Visit("one", film), Visit("other", film)]).main
    assert not pair.real
    assert all(change.difference == 0 for change in pair.compared)
    assert not any(curve.stretches for curve in pair.curves)
    assert {change.kind for change in pair.findings} == {"stays"}
    assert not pair.causes.causes
    assert "same_film" in limit_ids(pair)


def test_an_unchanged_person_filmed_again_hardly_ever_changes():
    real = compared = 0
    for seed in range(3):
        pair = compare_visits([at_speed("one", 1.2, seed), at_speed("other", 1.2, 50 + seed)]).main
        real, compared = real + len(pair.real), compared + len(pair.compared)
        assert not any(change.kind in ("appeared", "ceased") for change in pair.findings)
    assert compared > 250
    assert real <= 0.05 * compared


def test_the_other_order_turns_signs_and_verdicts(recovered):
    back = compare_visits(list(reversed(recovered.visits))).main
    turned = {"better": "worse", "worse": "better"}
    for change in recovered.main.changes:
        other = back.change(change.parameter, change.side)
        assert other.verdict == turned.get(change.verdict, change.verdict)
        assert np.isclose(other.difference, -change.difference, equal_nan=True)
        assert np.isclose(other.detectable, change.detectable, equal_nan=True)
    kinds = {"ceased": "appeared", "graver": "milder", "milder": "graver", "stays": "stays"}
    turned_kinds = {(change.id, change.side): change.kind for change in back.findings}
    assert {(c.id, c.side): kinds[c.kind] for c in recovered.main.findings} == turned_kinds


def test_a_mirror_swaps_the_sides(recovered):
    pair = compare_visits([mirrored(seen) for seen in recovered.visits]).main
    swap = {"left": "right", "right": "left"}
    for change in recovered.main.changes:
        seen = pair.change(change.parameter, swap.get(change.side, change.side))
        assert (seen.verdict, seen.detectable) == pytest.approx((change.verdict, change.detectable), nan_ok=True)
    assert {(c.id, swap.get(c.side, c.side), c.kind) for c in recovered.main.findings} == {
        (c.id, c.side, c.kind) for c in pair.findings
    }


def test_a_faster_walk_is_a_change_of_speed_and_of_nothing_else():
    pair = compare_visits([at_speed("slow", 1.2, 7), at_speed("fast", 1.5, 8)]).main
    assert "other_speed_faster" in limit_ids(pair)
    assert {change.parameter for change in pair.real} <= {"walking_speed_mps", "walking_speed_llps"}
    cadence = pair.change("cadence_spm", "both")
    assert cadence.verdict == "speed"
    assert cadence.by_speed > 0


def test_three_visits_are_compared_first_with_last_and_one_with_the_next():
    visits = [visit("before", DROP, 1), visit("after", USUAL, 2), visit("later", USUAL, 3)]
    found = compare_visits(visits)
    assert [(pair.before, pair.after) for pair in found.pairs] == [(0, 2), (0, 1), (1, 2)]
    assert len(found.pairs[2].real) <= 2 < len(found.pairs[1].real)


def test_fewer_than_two_visits_or_two_of_one_name_are_refused():
    with pytest.raises(InputError, match="two or more visits"):
        compare_visits([visit("before")])
    with pytest.raises(InputError, match="--label"):
        compare_visits([visit("same"), visit("same", USUAL, 2)])


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        (lambda a: replace(a, trajectories=replace(a.trajectories, is_treadmill=True)), "other_surface"),
        (lambda a: replace(a, pose=replace(a.pose, backend="another model")), "other_model"),
        (lambda a: replace(a, trajectories=replace(a.trajectories, source_rate_hz=30.0)), "other_rate"),
        (lambda a: replace(a, subject=replace(a.subject, sex="male", age_years=30.0)), "told_differently"),
    ],
)
def test_what_was_filmed_or_told_otherwise_is_named_and_forbids_nothing(change, limit):
    before = replace(analysed(USUAL, 1), subject=replace(SUBJECT, sex="female", age_years=40.0))
    pair = compare_visits([Visit("one", before), Visit("other", change(analysed(USUAL, 2)))]).main
    assert limit in limit_ids(pair)
    assert pair.compared


def test_another_view_is_never_compared():
    front = visit("front", replace(USUAL, view="frontal", heading="towards"), 3)
    pair = compare_visits([visit("side"), front]).main
    assert "other_view" in limit_ids(pair)
    assert not pair.compared
    assert not pair.curves
    assert not any(change.kind in ("appeared", "ceased") for change in pair.findings)
    assert {change.reason for change in pair.changes if change.verdict == "not_comparable"} == {"other_view"}


def test_metres_from_another_height_are_not_compared_but_leg_lengths_are():
    taller = replace(SUBJECT, height_m=1.85)
    pair = compare_visits([visit("one"), Visit("other", analysed(USUAL, 2, taller))]).main
    assert pair.change("stride_length_m", "left").reason == "other_scale"
    assert pair.change("stride_length_ll", "left").verdict == "within"


def test_angles_counted_from_standing_are_not_compared_with_others_but_ranges_are():
    after = analysed(USUAL, 2)
    after = replace(after, trajectories=replace(after.trajectories, standing_s=(0.0, 1.0)))
    pair = compare_visits([visit("one"), Visit("other", after)]).main
    assert pair.change("peak_swing_knee_flexion_deg", "left").reason == "other_zero"
    assert pair.change("knee_range_deg", "left").verdict == "within"


def test_a_body_of_other_proportions_is_called_perhaps_another_person():
    after = analysed(USUAL, 2)
    data = after.trajectories.data.copy(deep=True)
    position = data["position"].values.copy()
    names = list(data["landmark"].values)
    hip, shoulder = names.index("hip"), names.index("shoulder")
    position[:, :, shoulder] = position[:, :, hip] + 1.35 * (position[:, :, shoulder] - position[:, :, hip])
    data["position"] = (data["position"].dims, position)
    other = replace(after, trajectories=replace(after.trajectories, data=data))
    assert "other_person" in limit_ids(compare_visits([visit("one"), Visit("other", other)]).main)
    assert "other_person" not in limit_ids(compare_visits([visit("one"), Visit("other", after)]).main)


def parameter(identity: str = "stance_pct", value: float = 60.0, **changes: object) -> Parameter:
    usual = {"sd": 1.0, "strides": 4, "low": value - 1, "high": value + 1, "minimal_detectable_change": float("nan")}
    return Parameter(identity, "left", value, "%", **(usual | changes))


def test_the_detectable_change_is_that_of_repeated_films_where_both_have_one():
    row = load_repeatability()["stance_pct"]
    one, other = (
        parameter(sd=row.sd_stride, strides=n, minimal_detectable_change=MDC_FACTOR * row.sem_of(n)) for n in (2, 8)
    )
    found, basis = detectable_change(one, other)
    assert basis == "films"
    assert found == pytest.approx(1.96 * np.hypot(row.sem_of(2), row.sem_of(8)), rel=1e-4)


def test_who_walks_less_evenly_must_change_more():
    row = load_repeatability()["stance_pct"]
    known = {"strides": 4, "minimal_detectable_change": MDC_FACTOR * row.sem_of(4)}
    even, uneven = parameter(sd=row.sd_stride, **known), parameter(sd=3 * row.sd_stride, **known)
    assert detectable_change(uneven, uneven)[0] > 1.3 * detectable_change(even, even)[0]
    assert detectable_change(replace(even, sd=0.0), even)[0] == pytest.approx(detectable_change(even, even)[0])


def test_without_repeated_films_the_own_intervals_serve_and_without_those_nothing():
    assert detectable_change(parameter(), parameter()) == (pytest.approx(np.hypot(1, 1)), "intervals")
    silent = parameter(low=float("nan"), high=float("nan"))
    assert detectable_change(parameter(), silent)[1] == ""


def test_better_and_worse_follow_the_norm_of_each_visit():
    from gait.comparison.changes import find_changes
    from gait.comparison.speed import SpeedChange
    from gait.core.parameters import GaitParameters

    norm = Norm(58.0, 64.0, "adults", "here")

    def verdict(before: float, after: float, known: Norm | None = norm) -> str:
        sides = [
            replace(GaitParameters.empty(), summary=(parameter(value=value, norm=known),)) for value in (before, after)
        ]
        (change,) = find_changes(*sides, SpeedChange(), ())
        return change.verdict

    assert verdict(70.0, 62.0) == "better"
    assert verdict(62.0, 54.0) == "worse"
    assert verdict(59.0, 63.0) == "changed"
    assert verdict(70.0, 62.0, None) == "changed"
    assert verdict(60.0, 61.0) == "within"
