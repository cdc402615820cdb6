"""Undo frames in which the network calls the left leg right, over the whole sequence at once."""

from __future__ import annotations

import itertools

import numpy as np

from gait.core.skeleton import KEYPOINTS

_LEG = ("knee", "ankle", "heel", "toe")
_LEFT = [KEYPOINTS.index(f"left_{name}") for name in _LEG]
_RIGHT = [KEYPOINTS.index(f"right_{name}") for name in _LEG]

#: Cost of a swapped frame and the cap of one frame's jerk cost, both in units of the typical motion cost: a swap must
#: buy a clear gain, and one wild frame must not decide (our estimate; checked against truth on the rendered clips).
SWAP_COST = 2.0
COST_CAP = 60.0


def undo_swaps(position: np.ndarray, time_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exchange left and right legs in the frames where that makes the motion of both legs smooth.

    The labels of all frames are chosen together: a second-order Viterbi search over {as labelled, swapped} for the
    sequence with the least sum of squared accelerations of both legs, plus a price for each swapped frame. A greedy
    frame-to-frame rule goes wrong for seconds after one wrong choice at a leg crossing; this cannot.

    Parameters
    ----------
    position
        ``(n, keypoints, 2)`` px; NaN where unseen.
    time_s
        ``(n,)`` s.

    Returns
    -------
    position : numpy.ndarray
        Copy with the swapped frames exchanged.
    swapped : numpy.ndarray
        ``(n,)`` which frames were exchanged.
    """
    legs = np.stack([position[:, _LEFT + _RIGHT], position[:, _RIGHT + _LEFT]], axis=1)
    usable = np.flatnonzero(np.isfinite(legs[:, 0]).all(axis=(1, 2)))
    swapped = np.zeros(len(position), bool)
    if len(usable) < 3:
        return position, swapped
    swapped[usable] = _best_labels(legs[usable], time_s[usable])
    out = position.copy()
    frames = np.flatnonzero(swapped)[:, None]
    out[frames, _LEFT + _RIGHT] = position[frames, _RIGHT + _LEFT]
    return out, swapped


def _best_labels(legs: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Labels ``(m,)`` of frames whose two readings are ``legs (m, 2, points, 2)``."""
    count = len(legs)
    cost = np.zeros((count, 2, 2, 2))
    ratio = np.diff(time_s)[1:] / np.diff(time_s)[:-1]
    for first, second, third in itertools.product(range(2), repeat=3):
        predicted = legs[1:-1, second] + (legs[1:-1, second] - legs[:-2, first]) * ratio[:, None, None]
        cost[2:, first, second, third] = ((legs[2:, third] - predicted) ** 2).sum(axis=(1, 2))
    typical = float(np.median(cost[2:, 0, 0, 0])) + 1e-9
    cost = np.minimum(cost / typical, COST_CAP)
    price = np.array([0.0, SWAP_COST])
    total = price[:, None] + price[None, :]
    came_from = np.zeros((count, 2, 2), int)
    for frame in range(2, count):
        step = total[:, :, None] + cost[frame]
        came_from[frame] = np.argmin(step, axis=0)
        total = np.min(step, axis=0) + price[None, :]
    labels = np.zeros(count, int)
    labels[-2], labels[-1] = np.unravel_index(int(np.argmin(total)), (2, 2))
    for frame in range(count - 1, 1, -1):
        labels[frame - 2] = came_from[frame, labels[frame - 1], labels[frame]]
    return labels.astype(bool)
