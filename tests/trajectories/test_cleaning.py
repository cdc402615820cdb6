"""Gate, fill, smooth, un-swap: small tracks with obvious answers."""

from dataclasses import replace

import numpy as np
import pytest

from gait.core.skeleton import KEYPOINTS
from gait.simulate.walker import Walker
from gait.trajectories.clean import Cleaning, gate, resample, smooth, unbroken
from gait.trajectories.swaps import undo_swaps

RATE = 100.0
LEG = ("knee", "ankle", "heel", "toe")


def track(values: np.ndarray) -> np.ndarray:
    """One keypoint ``(n, 1, 2)`` that moves along x only."""
    return np.stack([values, np.zeros_like(values)], axis=-1)[:, None]


def test_a_low_confidence_is_a_gap_and_so_is_a_jump():
    time_s = np.arange(100) / 30.0
    position = track(np.linspace(0.0, 100.0, 100))
    confidence = np.ones((100, 1))
    confidence[10] = 0.1
    position[50, 0, 0] += 400.0
    kept = gate(position, confidence, time_s, Cleaning())
    assert np.isnan(kept[[10, 50], 0, 0]).all()
    assert np.isfinite(np.delete(kept[:, 0, 0], [10, 50])).all()


def test_short_gaps_are_bridged_and_long_ones_stay():
    time_s = np.arange(0.0, 3.0, 1 / 30.0)
    values = 10.0 * time_s
    values[(time_s > 0.5) & (time_s < 0.6)] = np.nan
    values[(time_s > 1.5) & (time_s < 2.0)] = np.nan
    grid_s = np.arange(0.0, 2.9, 1 / RATE)
    even = resample(track(values), time_s, grid_s, max_gap_s=0.2)[:, 0, 0]
    np.testing.assert_allclose(even[(grid_s > 0.5) & (grid_s < 0.6)], 10.0 * grid_s[(grid_s > 0.5) & (grid_s < 0.6)])
    assert np.isnan(even[(grid_s > 1.52) & (grid_s < 1.98)]).all()


def test_uneven_times_are_honoured():
    rng = np.random.default_rng(1)
    time_s = np.sort(rng.uniform(0.0, 4.0, 160))
    grid_s = np.arange(0.2, 3.8, 1 / RATE)
    even = resample(track(np.sin(2 * time_s)), time_s, grid_s, max_gap_s=0.5)[:, 0, 0]
    assert np.nanmax(np.abs(even - np.sin(2 * grid_s))) < 0.02


def test_smoothing_keeps_slow_motion_in_place_and_halves_the_power_at_the_cut_off():
    time_s = np.arange(0.0, 4.0, 1 / RATE)
    middle = slice(100, 300)
    slow = track(np.sin(2 * np.pi * 1.0 * time_s))
    assert np.abs(smooth(slow, RATE, 6.0) - slow)[middle].max() < 0.01
    edge = track(np.sin(2 * np.pi * 6.0 * time_s))
    gain = np.abs(smooth(edge, RATE, 6.0)[middle, 0, 0]).max()
    assert abs(gain - np.sqrt(0.5)) < 0.03


def test_unbroken_finds_the_stretches():
    assert unbroken(np.array([True, False, True, True])) == [(0, 1), (2, 4)]
    assert unbroken(np.zeros(3, bool)) == []


def test_swapped_legs_are_given_back_wherever_they_were_swapped():
    clean = Walker(duration_s=6.0, rate_hz=30.0, noise_px=1.5, seed=3).pose()
    position = clean.data["position"].transpose("time", "keypoint", "space").values.copy()
    legs = ["knee", "ankle", "heel", "toe"]
    left, right = ([KEYPOINTS.index(f"{side}_{name}") for name in legs] for side in ("left", "right"))
    wrong = np.zeros(len(position), bool)
    wrong[[20, 60, 61, 62, 110]] = True
    swapped = position.copy()
    rows = np.flatnonzero(wrong)[:, None]
    swapped[rows, left + right] = position[rows, right + left]
    repaired, found = undo_swaps(swapped, clean.time_s)
    still_wrong = np.abs(repaired - position)[:, left + right].max(axis=(1, 2)) > 1e-6
    # A swap at the instant when the legs cross cannot be seen, and does no harm.
    assert still_wrong.sum() <= 1
    assert found.sum() >= 4


def test_a_clean_walk_is_left_alone():
    clean = Walker(duration_s=6.0, rate_hz=30.0, noise_px=3.0, seed=4).pose()
    position = clean.data["position"].transpose("time", "keypoint", "space").values
    _, found = undo_swaps(position, clean.time_s)
    assert found.mean() <= 0.01


@pytest.mark.parametrize("start", [40, 70, 75])
def test_a_swap_that_begins_where_the_legs_pass_each_other_is_given_back_too(start):
    """Motion alone does not see it: both legs go on smoothly, as the other one."""
    clean = Walker(duration_s=6.0, rate_hz=30.0, noise_px=2.0, seed=8).pose()
    position = clean.data["position"].transpose("time", "keypoint", "space").values.copy()
    left, right = ([KEYPOINTS.index(f"{side}_{name}") for name in LEG] for side in ("left", "right"))
    apart = np.abs(position[:, left[1], 0] - position[:, right[1], 0])
    passing = start + int(np.argmin(apart[start : start + 17]))
    until = passing + 8 + int(np.argmin(apart[passing + 8 : passing + 25]))
    swapped = position.copy()
    swapped[passing:until, left + right] = position[passing:until, right + left]
    repaired, _ = undo_swaps(swapped, clean.time_s)
    still_wrong = np.abs(repaired - position)[:, left + right].max(axis=(1, 2)) > 1e-6
    clear = apart > 0.3 * apart.max()
    assert not (still_wrong & clear).any()


@pytest.mark.parametrize("seed", [1, 3, 5, 7])
def test_the_labels_are_never_worse_than_the_network_s(seed):
    """A frame is left where the exchange falls on the legs passing each other."""
    clean = Walker(duration_s=8.0, rate_hz=30.0, seed=seed, there_and_back=seed % 2 == 0)
    true = clean.pose().data["position"].transpose("time", "keypoint", "space").values
    pose = replace(clean, noise_px=3.0, swaps=0.1).pose()
    seen = pose.data["position"].transpose("time", "keypoint", "space").values
    repaired, _ = undo_swaps(seen, clean.frame_times_s())
    assert wrong_frames(repaired, true) <= wrong_frames(seen, true)
    assert wrong_frames(repaired, true) <= 0.2 * wrong_frames(seen, true) + 1


def wrong_frames(found: np.ndarray, true: np.ndarray) -> int:
    """Frames whose legs lie nearer to the other leg."""
    left, right = ([KEYPOINTS.index(f"{side}_{name}") for name in LEG] for side in ("left", "right"))
    own = np.linalg.norm(found[:, left + right] - true[:, left + right], axis=-1).sum(axis=1)
    other = np.linalg.norm(found[:, left + right] - true[:, right + left], axis=-1).sum(axis=1)
    return int((other < own).sum())
