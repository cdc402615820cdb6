"""Limits of agreement, and intervals of a share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from gait.validation.rows import groups as by_value
from gait.validation.rows import known, numbers

#: Two-sided 95 % quantile of the normal distribution.
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a single value of ours lies from the truth.

    Attributes
    ----------
    clips, values
        Numbers of clips, and of values (both sides of a clip count).
    bias
        Mean of found - true.
    low, high
        95 % limits of agreement: 95 of 100 single values err by less.
    limit_error
        Half width of the 95 % interval of each limit; wide where clips are few.
    """

    clips: int
    values: int
    bias: float
    low: float
    high: float
    limit_error: float


def limits_of_agreement(errors: pd.DataFrame) -> Agreement:
    """Bias and 95 % limits of agreement, with the values of one clip not taken as independent.

    The variance of a single difference is that between clips plus that within them (one-way analysis of variance; Bland
    & Altman 2007, J Biopharm Stat 17, 571-582). The error of a limit is ``1.96 sqrt(3 / n)`` standard deviations for
    ``n`` clips (Bland & Altman 1986, Lancet 327, 307-310).

    Parameters
    ----------
    errors
        Rows with ``clip`` and ``error``.

    Returns
    -------
    Agreement
        NaN limits with fewer than two clips.

    Examples
    --------
    >>> alike = pd.DataFrame({"clip": ["a", "a", "b", "b"], "error": [1.0, 1.0, 3.0, 3.0]})
    >>> limits_of_agreement(alike).bias
    2.0
    """
    groups = [numbers(part, "error") for _, part in by_value(known(errors, "error"), "clip")]
    if not groups:
        return Agreement(0, 0, np.nan, np.nan, np.nan, np.nan)
    means = np.array([group.mean() for group in groups])
    bias, values = float(means.mean()), sum(len(group) for group in groups)
    if len(groups) < 2:
        return Agreement(len(groups), values, bias, np.nan, np.nan, np.nan)
    sd = float(np.sqrt(_between(groups) + _within(groups)))
    room = Z95 * sd
    return Agreement(len(groups), values, bias, bias - room, bias + room, Z95 * sd * float(np.sqrt(3.0 / len(groups))))


def _within(groups: list[np.ndarray]) -> float:
    """Variance within clips."""
    freedom = sum(len(group) - 1 for group in groups)
    return sum(float(np.square(group - group.mean()).sum()) for group in groups) / freedom if freedom else 0.0


def _between(groups: list[np.ndarray]) -> float:
    """Variance between clips: mean square between less that within, over the usual number of values a clip."""
    sizes = np.array([len(group) for group in groups], float)
    means = np.array([group.mean() for group in groups])
    grand = float(np.sum(sizes * means) / sizes.sum())
    square = float(np.sum(sizes * np.square(means - grand)) / (len(groups) - 1))
    usual = float((sizes.sum() - np.square(sizes).sum() / sizes.sum()) / (len(groups) - 1))
    return max(0.0, (square - _within(groups)) / usual)


def wilson(hits: np.ndarray, count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of a share (Wilson 1927, J Am Stat Assoc 22, 209-212).

    Parameters
    ----------
    hits, count
        How many of how many.

    Returns
    -------
    low, high
        0..1.
    """
    share, square = hits / count, Z95**2 / count
    middle = (share + square / 2) / (1 + square)
    room = np.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    return middle - room, middle + room
