"""Intervals: what shrinks, what stays, and what a near leg is worth beside a far one."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from walks import chain

from gait.parameters.catalogue import EventErrors, load_catalogue, load_event_errors, measure
from gait.parameters.derived import compared, variability
from gait.parameters.uncertainty import Z95, Estimate, estimate, event_difference_se, event_se, half_width
from gait.simulate.walker import BySide, Walker

ROW = replace(measure("knee_range_deg"), spread=2.0, far_bias=0.0, far_sd=6.0)
ERRORS = EventErrors(contact_film_s=0.010, contact_side_s=0.004, toe_off_film_s=0.020, toe_off_side_s=0.006)


def near(count, sd=2.0, seed=0):
    return np.random.default_rng(seed).normal(60.0, sd, count)


def test_more_strides_never_widen_the_random_part():
    halves = [
        np.mean([estimate(near(n, seed=s), np.zeros(n, bool), ROW).random_half for s in range(40)])
        for n in (1, 2, 3, 5, 10, 40)
    ]
    assert all(more < fewer for fewer, more in pairwise(halves))


def test_strides_that_agree_by_luck_are_not_believed():
    found = estimate(np.array([60.0, 60.0]), np.zeros(2, bool), ROW)
    assert found.random_half > ROW.spread
    assert found.random_half < estimate(np.array([60.0]), np.zeros(1, bool), ROW).random_half


def test_near_strides_outweigh_far_ones():
    values = np.array([60.0, 60.0, 60.0, 50.0, 50.0, 50.0])
    both = estimate(values, np.array([False] * 3 + [True] * 3), ROW)
    assert both.value > 58.0
    assert both.far_share < 0.2
    assert both.far_se < 0.2 * ROW.far_sd


def test_a_leg_seen_only_far_carries_the_whole_doubt():
    found = estimate(near(4), np.ones(4, bool), ROW)
    assert found.far_se == pytest.approx(ROW.far_sd)
    assert found.far_share == 1.0


def test_a_measure_that_the_far_leg_does_not_change_is_a_plain_mean():
    values = np.array([1.0, 2.0, 3.0, 6.0])
    found = estimate(values, np.array([False, True, True, True]), replace(ROW, far_sd=0.0))
    assert found.value == pytest.approx(values.mean())


@pytest.mark.parametrize(
    ("measure_id", "expected_s"),
    [
        ("stride_time_s", 0.0),
        ("step_time_s", np.sqrt(2) * 0.004),
        ("stance_time_s", np.sqrt(0.010**2 + 0.004**2 + 0.020**2 + 0.006**2)),
        ("swing_time_s", np.sqrt(0.010**2 + 0.004**2 + 0.020**2 + 0.006**2)),
    ],
)
def test_event_errors_reach_a_measure_by_its_formula(measure_id, expected_s):
    assert event_se(measure(measure_id), ERRORS, 1.2) == pytest.approx(expected_s)


def test_shares_of_the_cycle_count_event_errors_in_percent():
    seconds, percent = (event_se(measure(name), ERRORS, 1.25) for name in ("stance_time_s", "stance_pct"))
    assert percent == pytest.approx(100 * seconds / 1.25)


def test_what_both_feet_share_cancels_in_their_difference():
    shared_only = EventErrors(contact_film_s=0.03, contact_side_s=0.0, toe_off_film_s=0.03, toe_off_side_s=0.0)
    assert event_difference_se(measure("stance_time_s"), shared_only, 1.1) == pytest.approx(0.0)
    one_foot = EventErrors(contact_film_s=0.0, contact_side_s=0.01, toe_off_film_s=0.0, toe_off_side_s=0.0)
    # A late left contact makes the left step longer and the right step shorter: the difference moves twice.
    assert event_difference_se(measure("step_time_s"), one_foot, 1.1) == pytest.approx(2 * np.sqrt(2) * 0.01)


def test_the_difference_of_sides_holds_the_far_leg():
    left = Estimate(60.0, 1.0, 4, 0.0, 0.0, 0.0)
    right = replace(left, far_se=3.0)
    row, source = measure("step_length_asymmetry_pct"), replace(measure("step_length_ll"), events=())
    (found,) = compared(replace(row, systematic=0.0), source, [left, right], ERRORS, 1.1)
    assert found.value == pytest.approx(0.0)
    assert (found.high - found.low) / 2 == pytest.approx(100 * Z95 * 3.0 / 60.0)


def test_a_ratio_never_falls_below_one():
    even = Estimate(0.6, 0.01, 4, 0.02, 0.0, 0.0)
    (found,) = compared(measure("step_time_ratio"), measure("step_time_s"), [even, even], ERRORS, 1.1)
    assert found.low == found.value == 1.0
    assert found.high > 1.0


def test_jitter_of_single_values_is_taken_off_variability():
    row, source = measure("stride_time_cv_pct"), measure("stride_time_s")
    values = 1.1 + np.array([-0.02, 0.02, -0.02, 0.02, 0.0])
    plain = variability(row, replace(source, jitter=0.0), "left", values)
    mended = variability(row, replace(source, jitter=0.015), "left", values)
    assert plain.value == pytest.approx(100 * np.std(values, ddof=1) / 1.1)
    assert 0 < mended.value < plain.value
    assert plain.low < plain.value < plain.high


def test_half_widths_add_in_square():
    assert half_width(3.0, 4.0 / Z95) == pytest.approx(5.0)


def test_errors_of_events_are_some_milliseconds():
    errors = load_event_errors()
    for name in ("contact_film_s", "contact_side_s", "toe_off_film_s", "toe_off_side_s"):
        assert 0.001 < getattr(errors, name) < 0.05, name


def test_every_timed_measure_says_which_events_it_rests_on():
    for row in load_catalogue():
        assert len(row.events) in (0, 4), row.id
        if row.id in ("stance_pct", "swing_pct", "single_support_pct", "double_support_pct", "step_time_s"):
            assert any(row.events), row.id


def test_both_ways_round_narrows_the_side_difference():
    one_way = chain(Walker(duration_s=7.0, noise_px=2.0))[3]
    both_ways = chain(Walker(duration_s=16.0, noise_px=2.0, there_and_back=True))[3]
    for measure_id in ("knee_range_deg", "foot_pitch_at_toe_off_deg"):
        widths = [
            found.high - found.low
            for parameters in (one_way, both_ways)
            if (found := parameters.get(measure_id, "left")) is not None
        ]
        assert widths[1] < widths[0], measure_id


def test_one_standard_error_stands_beside_every_stride():
    parameters = chain(Walker(duration_s=8.0, noise_px=2.0))[3]
    errors = parameters.strides["uncertainty"].to_numpy(float)
    assert np.isfinite(errors).all()
    assert (errors > 0).all()
    lengths = parameters.strides[parameters.strides["parameter"] == "step_length_m"]
    # The error of the scale is 3 % of every length.
    assert (lengths["uncertainty"] > 0.03 * lengths["value"]).all()
    assert (lengths["uncertainty"] < 0.10).all()


def test_a_true_difference_stays_outside_of_the_interval():
    parameters = chain(Walker(duration_s=8.0, noise_px=2.0, step_length_ll=BySide(0.6, 0.8)))[3]
    found = parameters.get("step_length_asymmetry_pct")
    assert found is not None
    assert found.low > 0
