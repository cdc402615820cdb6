"""Measures of repetitions: their mean, their number, their best; near and far; several clips together."""

from __future__ import annotations

from dataclasses import replace

import pytest
from walks import chain

from gait.core.clip import Clip
from gait.core.tasks import Attempt, TaskRecord
from gait.parameters.catalogue import load_catalogue, measure
from gait.parameters.compute import compute_parameters
from gait.parameters.task import fits
from gait.simulate.walker import Walker


def raises(side, heights, count=1.0):
    """Heel raises of given heights, two seconds apart."""
    return tuple(
        Attempt(
            side, 2.0 * i, 2.0 * i + 0.5, 2.0 * i + 1.0, {"heel_raise_height_ll": height, "heel_raise_count": count}
        )
        for i, height in enumerate(heights)
    )


@pytest.fixture(scope="module")
def walk():
    trajectories, events, cycles, _ = chain(Walker(duration_s=6.0))
    return Clip(trajectories, events, cycles)


def clip_of(walk, attempts, task="heel_raise"):
    return replace(walk, task=TaskRecord(task, attempts))


def test_heights_are_averaged_and_raises_counted(walk):
    parameters = compute_parameters(clip_of(walk, raises("left", [0.10, 0.08, 0.06])))
    height, count = (parameters.get(name, "left") for name in ("heel_raise_height_ll", "heel_raise_count"))
    assert height is not None
    assert count is not None
    assert height.value == pytest.approx(0.08)
    assert height.low < 0.08 - 2 * measure("heel_raise_height_ll").systematic * 0.9
    assert (count.value, count.strides) == (3, 3)
    assert parameters.get("heel_raise_height_ll", "right") is None


def test_tries_that_failed_count_as_no_raise(walk):
    parameters = compute_parameters(clip_of(walk, raises("left", [0.01, 0.012], count=0.0)))
    count = parameters.get("heel_raise_count", "left")
    assert count is not None
    assert (count.value, count.low, count.strides) == (0, 0, 2)


def test_the_longest_time_on_one_leg_counts(walk):
    attempts = tuple(
        Attempt("right", start, start, start + 1, {"single_leg_stance_time_s": seconds})
        for start, seconds in ((0.0, 4.0), (2.0, 11.0), (4.0, 7.0))
    )
    assert compute_parameters(clip_of(walk, attempts)).value("single_leg_stance_time_s", "right") == 11.0


def test_the_difference_of_the_legs_is_right_minus_left(walk):
    attempts = (*raises("left", [0.04, 0.04]), *raises("right", [0.10, 0.10]))
    assert compute_parameters(clip_of(walk, attempts)).value("heel_raise_height_difference_ll") == pytest.approx(0.06)


def test_each_leg_may_have_a_clip_of_its_own(walk):
    left, right = clip_of(walk, raises("left", [0.04, 0.05])), clip_of(walk, raises("right", [0.1, 0.1, 0.1]))
    parameters = compute_parameters(left, right)
    assert parameters.value("heel_raise_count", "left") == 2
    assert parameters.value("heel_raise_count", "right") == 3
    numbers = parameters.strides.loc[parameters.strides["parameter"] == "heel_raise_height_ll", "stride"]
    assert sorted(numbers) == [0, 1, 2, 3, 4]


def test_more_repetitions_make_the_interval_narrower(walk):
    def width(count):
        found = compute_parameters(clip_of(walk, raises("left", [0.08] * count))).get("heel_raise_height_ll", "left")
        assert found is not None
        return found.high - found.low

    assert width(6) < width(2)


def test_walks_on_heels_and_toes_have_no_angles_that_need_a_flat_foot(walk):
    ids = {item.id for item in compute_parameters(clip_of(walk, (), "heel_walk")).summary}
    assert "stride_time_s" in ids
    assert not {name for name in ids if name.endswith("_deg")}
    assert not {"heel_rise_pct", "toe_clearance_ll", "contact_to_foot_flat_s"} & ids


@pytest.mark.parametrize("row", load_catalogue(), ids=lambda row: row.id)
def test_what_is_derived_fits_a_task_only_when_its_source_does(row):
    assert fits(row, "walk")
    if row.of and fits(row, "heel_walk"):
        assert fits(measure(row.of), "heel_walk")


def test_usual_walks_have_no_measures_of_tasks(walk):
    task_rows = {row.id for row in load_catalogue() if row.kind == "task"}
    assert not task_rows & {item.id for item in compute_parameters(walk).summary}
