"""Undo frames in which the network calls the left leg right, over the whole sequence at once."""

from __future__ import annotations

import itertools

import numpy as np

from gait.core.skeleton import KEYPOINTS

_LEG = ("knee", "ankle", "heel", "toe")
_LEFT = [KEYPOINTS.index(f"left_{name}") for name in _LEG]
_RIGHT = [KEYPOINTS.index(f"right_{name}") for name in _LEG]

#: Price of each frame that is given other labels than the network's and of each change of mind, and the caps of one
#: frame's evidence from motion and from rhythm, all in units of the typical squared residual: the labels are mostly
#: right, a swap must buy a clear gain, and one wild frame must not decide (our estimate, chosen on the rendered clips).
SWAP_COST = 0.5
CHANGE_COST = 0.5
MOTION_CAP = 60.0
RHYTHM_CAP = 40.0

#: Strides that anybody takes, in s (slower and faster than the slowest and fastest that are analysed).
STRIDE_S = (0.6, 3.0)

#: Harmonics of the stride that describe how the legs move against each other, and the reach of one local description
#: in strides, one standard deviation (our estimate: two to three strides decide together).
_HARMONICS = 3
_REACH_STRIDES = 1.0


def undo_swaps(position: np.ndarray, time_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exchange left and right legs in the frames where the walk says that the labels are exchanged.

    The labels of all frames are chosen together: a second-order Viterbi search over {as labelled, swapped} for the
    sequence with the least cost. The cost has two parts that fail at different moments. *Motion*: squared acceleration
    of both legs; it sees a sudden exchange, but not one at the instant when the legs pass each other. *Rhythm*: the
    difference between left and right leg repeats with every stride; it sees an exchange wherever the legs are apart,
    for as long as it lasts. A greedy frame-to-frame rule goes wrong for seconds after one wrong choice; this cannot.

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
    legs, seen_s = legs[usable], time_s[usable]
    motion = _motion_cost(legs, seen_s)
    apart = (legs[:, 0, : len(_LEG)] - legs[:, 0, len(_LEG) :]).reshape(len(legs), -1)
    labels = np.zeros(len(legs), bool)
    for _ in range(3):  # The rhythm is read again from the labels found; it hardly changes after the first time.
        found = _best_labels(motion, _rhythm_cost(apart, labels, seen_s))
        if np.array_equal(found, labels):
            break
        labels = found
    swapped[usable] = labels
    out = position.copy()
    frames = np.flatnonzero(swapped)[:, None]
    out[frames, _LEFT + _RIGHT] = position[frames, _RIGHT + _LEFT]
    return out, swapped


def _motion_cost(legs: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """``(m, 2, 2, 2)`` cost of the labels of three frames in a row; ``legs (m, 2 readings, points, 2)`` px."""
    cost = np.zeros((len(legs), 2, 2, 2))
    ratio = np.diff(time_s)[1:] / np.diff(time_s)[:-1]
    for first, second, third in itertools.product(range(2), repeat=3):
        predicted = legs[1:-1, second] + (legs[1:-1, second] - legs[:-2, first]) * ratio[:, None, None]
        cost[2:, first, second, third] = ((legs[2:, third] - predicted) ** 2).sum(axis=(1, 2))
    typical = float(np.median(cost[2:, 0, 0, 0])) + 1e-9
    return np.minimum(cost / typical, MOTION_CAP)


def _rhythm_cost(apart: np.ndarray, labels: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """``(m, 2)`` cost of each label: how far left minus right lies from what the strides around repeat.

    Parameters
    ----------
    apart
        ``(m, signals)`` px, left minus right as labelled by the network.
    labels
        ``(m,)`` present belief of which frames are swapped.
    time_s
        ``(m,)`` s.
    """
    now = np.where(labels[:, None], -apart, apart)
    period_s = _stride_time(now, time_s)
    if np.isnan(period_s):
        return np.zeros((len(apart), 2))
    expected = _repeating(now, time_s, period_s)
    residual = np.stack([((sign * apart - expected) ** 2).sum(axis=1) for sign in (1.0, -1.0)], axis=1)
    own = np.where(labels, residual[:, 1], residual[:, 0])
    nearby = np.abs(time_s[:, None] - time_s[None, :]) <= period_s
    # Where the walk does not repeat itself (a turn, the edge of the picture) the rhythm says little.
    typical = np.array([np.median(own[near]) for near in nearby]) + 1e-9
    evidence = residual - residual.min(axis=1, keepdims=True)
    return np.minimum(evidence / typical[:, None], RHYTHM_CAP)


def _stride_time(signals: np.ndarray, time_s: np.ndarray) -> float:
    """Time after which left minus right repeats, in s; NaN when the frames are too few to tell."""
    step_s = float(np.median(np.diff(time_s)))
    even_s = np.arange(time_s[0], time_s[-1], step_s)
    even = np.stack([np.interp(even_s, time_s, signal) for signal in signals.T])
    even = even - even.mean(axis=1, keepdims=True)
    lags = np.arange(int(STRIDE_S[0] / step_s), min(int(STRIDE_S[1] / step_s), int(0.7 * len(even_s))))
    if len(lags) < 3:
        return float("nan")
    likeness = np.array([_likeness(even[:, :-lag], even[:, lag:]) for lag in lags])
    inner = np.flatnonzero((likeness[1:-1] >= likeness[:-2]) & (likeness[1:-1] >= likeness[2:])) + 1
    if not len(inner) or likeness[inner].max() <= 0:
        return float("nan")  # Somebody who stands repeats nothing.
    # Two strides repeat as well as one: the first peak that is nearly as high as the highest.
    first = inner[likeness[inner] >= 0.6 * likeness[inner].max()][0]
    return float(lags[first] * step_s)


def _likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two sets of signals."""
    return float((one * other).sum() / np.sqrt((one**2).sum() * (other**2).sum() + 1e-12))


def _repeating(signals: np.ndarray, time_s: np.ndarray, period_s: float) -> np.ndarray:
    """``(m, signals)`` what harmonics of the stride, fitted to the strides around each frame, say of that frame.

    Least squares with weights that fall with the distance in time and with the residual (least absolute deviation by
    reweighting, Schlossmacher 1973), so that some swapped frames do not bend the fit.
    """
    phase = 2 * np.pi * np.outer(time_s / period_s, np.arange(1, _HARMONICS + 1))
    basis = np.concatenate([np.ones((len(time_s), 1)), np.cos(phase), np.sin(phase)], axis=1)
    out = np.empty_like(signals)
    centres = np.arange(time_s[0], time_s[-1] + 0.25 * period_s, 0.25 * period_s)
    mine = np.argmin(np.abs(time_s[:, None] - centres), axis=1)
    floor = 1e-3 * float(np.abs(signals).max()) + 1e-9
    small = 1e-6 * np.eye(basis.shape[1])
    for index in np.unique(mine):
        near = np.exp(-0.5 * ((time_s - centres[index]) / (_REACH_STRIDES * period_s)) ** 2)
        weight = near
        for _ in range(8):
            weighted = basis * weight[:, None]
            solution = np.linalg.solve(weighted.T @ basis + small, weighted.T @ signals)
            away = np.linalg.norm(signals - basis @ solution, axis=1)
            weight = near / np.maximum(away, floor)
            weight /= weight.max()
        out[mine == index] = basis[mine == index] @ solution
    return out


def _best_labels(motion: np.ndarray, rhythm: np.ndarray) -> np.ndarray:
    """``(m,)`` labels of least cost."""
    count = len(motion)
    price = rhythm + np.array([0.0, SWAP_COST])
    change = CHANGE_COST * np.array([[0.0, 1.0], [1.0, 0.0]])
    total = price[0][:, None] + price[1][None, :] + change
    came_from = np.zeros((count, 2, 2), int)
    for frame in range(2, count):
        step = total[:, :, None] + motion[frame] + change[None]
        came_from[frame] = np.argmin(step, axis=0)
        total = np.min(step, axis=0) + price[frame][None, :]
    labels = np.zeros(count, int)
    labels[-2], labels[-1] = np.unravel_index(int(np.argmin(total)), (2, 2))
    for frame in range(count - 1, 1, -1):
        labels[frame - 2] = came_from[frame, labels[frame - 1], labels[frame]]
    return labels.astype(bool)
