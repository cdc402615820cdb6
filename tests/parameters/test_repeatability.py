"""Minimal detectable change, from the table of repeated films."""

import math

import pytest
from walks import chain

from gait.parameters.catalogue import load_catalogue
from gait.parameters.repeatability import MDC_FACTOR, Repeatability, load_repeatability, minimal_detectable_change
from gait.simulate.walker import Walker


def test_more_strides_detect_smaller_changes_down_to_the_films_own_part():
    row = Repeatability(sem=5.0, strides=4.0, sem_film=3.0, sd_stride=8.0)
    assert row.sem_of(4) == pytest.approx(5.0)
    assert row.sem_of(1) > row.sem_of(4) > row.sem_of(400) > 3.0


def test_a_measure_of_the_whole_film_keeps_its_error():
    row = Repeatability(sem=5.0, strides=4.0, sem_film=5.0, sd_stride=float("nan"))
    assert row.sem_of(1) == row.sem_of(50) == 5.0


def test_what_nobody_measured_is_not_a_number():
    assert math.isnan(minimal_detectable_change("no_such_measure_s", 4, 0.9))
    assert math.isnan(minimal_detectable_change("step_length_m", 4, float("nan")))


def test_metres_follow_from_leg_lengths():
    in_leg_lengths = minimal_detectable_change("step_length_ll", 4, float("nan"))
    assert minimal_detectable_change("step_length_m", 4, 0.9) == pytest.approx(0.9 * in_leg_lengths)
    assert 0.01 < in_leg_lengths < 0.3


def test_the_table_agrees_with_itself():
    known = {row.id for row in load_catalogue()}
    table = load_repeatability()
    assert len(table) > 30
    for name, row in table.items():
        assert name in known
        assert 0 < row.sem_film <= row.sem * 1.001 or row.sem_film == 0, name
        assert minimal_detectable_change(name, round(row.strides), 0.9) == pytest.approx(
            MDC_FACTOR * row.sem, rel=0.35
        ), name


def test_every_film_carries_it():
    parameters = chain(Walker(duration_s=8.0, noise_px=2.0))[3]
    found = parameters.get("walking_speed_mps")
    assert found is not None
    assert 0.02 < found.minimal_detectable_change < 0.6
