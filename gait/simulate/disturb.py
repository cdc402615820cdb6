"""What is drawn by lot: slow errors, bursts of lost or exchanged keypoints, uneven frame times."""

from __future__ import annotations

import numpy as np

from gait.core.skeleton import KEYPOINTS

#: Landmarks of the legs; the networks lose and exchange these.
LEG: tuple[str, ...] = ("hip", "knee", "ankle", "heel", "toe")
#: Keypoints are lost for about this long, and legs exchanged for about this long, in s (our estimate).
GAP_S, SWAP_S = 0.15, 0.12


def uneven_times_s(frames: int, rate_hz: float, jitter_pct: float, random: np.random.Generator) -> np.ndarray:
    """``(frames,)`` s, from 0, whose steps spread by ``jitter_pct`` % of their mean."""
    draw = random.uniform(-1.0, 1.0, frames)
    spread = jitter_pct / 100 * np.sqrt(3.0)  # a uniform draw on (-1, 1) has the sd 1/sqrt(3)
    steps = (1 + spread * draw) / rate_hz
    return np.concatenate([[0.0], np.cumsum(steps[:-1])])


def slow_noise(
    random: np.random.Generator, time_s: np.ndarray, shape: tuple[int, ...], scale_s: float | np.ndarray
) -> np.ndarray:
    """Smooth noise of unit variance, ``(n, *shape)``: waves whose rates are drawn for this time scale.

    Its autocorrelation is ``exp(-(lag / scale_s)**2 / 2)``; ``scale_s`` may differ over ``shape``.
    """
    waves = 24
    rate = np.abs(random.standard_normal((waves, *shape))) / scale_s
    turn = random.uniform(0, 2 * np.pi, (waves, *shape))
    angle = np.multiply.outer(time_s, rate) + turn
    return np.sqrt(2.0 / waves) * np.cos(angle).sum(axis=1)


def swap_legs(position: np.ndarray, share: float, rate_hz: float, random: np.random.Generator) -> np.ndarray:
    """Exchange the labels of the legs in bursts that make up about this share of the frames."""
    frames = _bursts(random, len(position), share, max(1, round(SWAP_S * rate_hz)))
    order = np.arange(len(KEYPOINTS))
    for name in LEG:
        left, right = KEYPOINTS.index(f"left_{name}"), KEYPOINTS.index(f"right_{name}")
        order[left], order[right] = right, left
    out = position.copy()
    out[frames] = position[frames][:, :, order]
    return out


def lose_keypoints(
    position: np.ndarray, confidence: np.ndarray, share: float, rate_hz: float, random: np.random.Generator
) -> None:
    """Lose about this share of the leg keypoints in gaps; changes the arrays in place."""
    length = max(1, round(GAP_S * rate_hz))
    for index, name in enumerate(KEYPOINTS):
        if name.split("_")[-1] not in LEG:
            continue
        lost = _bursts(random, len(position), share, length)
        position[lost, :, index] = np.nan
        confidence[lost, index] = 0.0


def _bursts(random: np.random.Generator, frames: int, share: float, length: int) -> np.ndarray:
    """Flags of which about ``share`` are set, in runs of about ``length`` frames, ``(frames,)``."""
    flags = np.zeros(frames, bool)
    starts = random.random(frames) < 1 - (1 - share) ** (1 / length)
    for start in np.flatnonzero(starts):
        flags[start : start + length] = True
    return flags
