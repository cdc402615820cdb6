"""Slopes over a long walk, and how sure they are when strides resemble their neighbours."""

from dataclasses import replace

import numpy as np
import pytest
from walks import chain

from gait.core.parameters import Parameter
from gait.parameters.catalogue import measure
from gait.parameters.stride import Stride, strides
from gait.parameters.trend import MIN_SPAN_S, slope_per_s, trend
from gait.parameters.trunk import trunk_lean_deg
from gait.simulate.walker import Walker

TIMES = np.arange(0.0, 180.0, 0.6)
THERE = np.where(np.floor(TIMES / 9.0) % 2 == 0, 1.0, -1.0)


def alike(seed: int, neighbour: float, count: int = len(TIMES)) -> np.ndarray:
    """Noise of standard deviation 1 in which each value resembles the one before it."""
    random = np.random.default_rng(seed)
    noise = np.empty(count)
    noise[0] = random.normal()
    for i in range(1, count):
        noise[i] = neighbour * noise[i - 1] + np.sqrt(1 - neighbour**2) * random.normal()
    return noise


@pytest.mark.parametrize("neighbour", [0.0, 0.3, 0.6])
def test_the_interval_holds_the_true_slope_however_alike_strides_are(neighbour):
    true, held = 0.004, 0
    for seed in range(200):
        slope, half = slope_per_s(TIMES, 5.0 + true * TIMES + alike(seed, neighbour), THERE)
        held += abs(slope - true) <= half
    assert 0.90 <= held / 200 <= 1.0


def test_strides_that_resemble_each_other_tell_less():
    halves = [np.mean([slope_per_s(TIMES, alike(s, r), THERE)[1] for s in range(30)]) for r in (0.0, 0.5)]
    assert halves[1] > 1.4 * halves[0]


def test_what_the_direction_adds_is_no_slope():
    slope, _ = slope_per_s(TIMES, 2.0 + 0.5 * THERE, THERE)
    assert slope == pytest.approx(0.0, abs=1e-9)


def test_a_shift_in_time_changes_nothing():
    values = 1.0 + 0.01 * TIMES + alike(3, 0.3)
    assert slope_per_s(TIMES + 50.0, values, THERE) == pytest.approx(slope_per_s(TIMES, values, THERE))


def walking_on(until_s: float, degpmin: float) -> list[Stride]:
    """Strides of a short walk over and over until a time, the trunk bending forward meanwhile."""
    trajectories, events, cycles, _ = chain(Walker(duration_s=5.0))
    few = list(strides(trajectories, events, cycles))
    span_s = few[-1].start_s - few[0].start_s + 0.55
    out = []
    for number in range(int(until_s / span_s)):
        for stride in few:
            at_s = stride.start_s + number * span_s
            lean = stride.curves["trunk_lean"] + degpmin * at_s / 60.0
            out.append(replace(stride, start_s=at_s, curves={**stride.curves, "trunk_lean": lean}))
    return out


def lean_trend(some: list[Stride]) -> list[Parameter]:
    return trend(measure("trunk_lean_trend_degpmin"), measure("trunk_lean_deg"), some, trunk_lean_deg)


def test_a_long_walk_that_bends_forward_has_its_slope_and_a_short_one_none():
    (found,) = lean_trend(walking_on(MIN_SPAN_S + 20.0, 3.0))
    assert found.value == pytest.approx(3.0, abs=0.1)
    assert 2.0 < found.low < found.high < 4.0
    assert lean_trend(walking_on(MIN_SPAN_S - 20.0, 3.0)) == []


def test_in_percent_a_slope_is_of_the_mean():
    some = walking_on(MIN_SPAN_S + 20.0, 0.0)
    speed = [replace(stride, curves={"at": np.array([1.0 - 0.001 * stride.start_s])}) for stride in some]
    row, source = measure("walking_speed_trend_pctpmin"), measure("walking_speed_llps")
    (found,) = trend(row, source, speed, lambda stride: float(stride.curves["at"][0]))
    mean = float(np.mean([stride.curves["at"][0] for stride in speed]))
    assert found.value == pytest.approx(-6.0 / mean, abs=0.05)
