"""Matching strides with their mean, and what confidence means."""

from dataclasses import replace

import numpy as np
import pytest

from gait.events.align import MIN_STRIDES, align
from gait.events.confidence import Sureness
from gait.events.cues import Cue
from gait.events.signals import FootSignals, falls_through, highest, low_pass, rises_through

CUE = Cue(0, "left", "initial_contact", 1.0, 0.0, 0.005, 0.005, 1.1)


def steps(true_s: np.ndarray, noise: float) -> FootSignals:
    """A foot that swings around each true time, in its own rhythm."""
    time_s = np.arange(0.0, true_s[-1] + 1.0, 0.01)
    random = np.random.default_rng(1)
    reach = sum(np.tanh((time_s - time) / 0.08) for time in true_s) - time_s
    lift = sum(np.exp(-0.5 * ((time_s - time) / 0.1) ** 2) for time in true_s)
    tracks = [
        low_pass(track + random.normal(0.0, noise, len(time_s)), 0.01, 6.0) for track in (reach, reach, lift, lift)
    ]
    return FootSignals(time_s, *tracks, walking_speed=1.0)


def test_scatter_of_rough_times_shrinks():
    true_s = 1.0 + np.cumsum(np.array([0.0, 1.1, 1.12, 1.07, 1.1, 1.13, 1.08, 1.1]))
    rough = true_s + np.array([0.02, -0.03, 0.03, 0.0, -0.02, 0.025, -0.01, 0.0])
    better = align(steps(true_s, 0.01), rough.tolist(), 0.2)
    assert np.std(better - true_s) < 0.4 * np.std(rough - true_s)


def test_few_strides_stay_as_they_are():
    true_s = 1.0 + 1.1 * np.arange(MIN_STRIDES - 1)
    assert align(steps(true_s, 0.0), true_s.tolist(), 0.2).tolist() == true_s.tolist()


@pytest.mark.parametrize(
    ("worse", "shift_s", "seen"),
    [
        (replace(CUE, jitter_s=0.2), 0.0, 1.0),
        (replace(CUE, disagreement_s=0.3), 0.0, 1.0),
        (replace(CUE, walking_speed=0.2), 0.0, 1.0),
        (CUE, 0.08, 1.0),
        (CUE, 0.0, 0.2),
    ],
)
def test_every_doubt_lowers_the_confidence(worse, shift_s, seen):
    good = Sureness().of(CUE, 0.0, 1.0)
    assert 0.0 < Sureness().of(worse, shift_s, seen) < good < 1.0


def test_instants_are_read_between_samples():
    time_s = np.arange(0.0, 2.0, 0.01)
    wave = np.sin(2 * np.pi * (time_s - 0.1234))
    assert highest(time_s, wave, 0, 100) == pytest.approx(0.1234 + 0.25, abs=1e-4)
    assert rises_through(time_s, wave, 0.0, 50, 150) == pytest.approx(1.1234, abs=1e-4)
    assert falls_through(time_s, wave, 0.0, 0, 150) == pytest.approx(0.6234, abs=1e-4)
    assert np.isnan(rises_through(time_s, wave, 2.0, 0, 150))
    assert np.isnan(highest(time_s, np.full(200, np.nan), 0, 100))
