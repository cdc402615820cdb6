"""The foot against the body: the signals that event detectors look at, and how to read instants off them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import butter, sosfiltfilt

from gait.core.sides import SIDES, Side
from gait.core.trajectories import Pass, Trajectories


@dataclass(frozen=True, slots=True)
class FootSignals:
    """One foot in one straight pass, in leg lengths, forward +.

    Attributes
    ----------
    time_s
        ``(n,)`` s, evenly spaced.
    heel, toe
        ``(n,)`` forward distance from the pelvis, leg lengths.
    heel_up, toe_up
        ``(n,)`` height in the picture, leg lengths.
    walking_speed
        Mean forward speed of the pelvis over the ground, leg lengths per s.
    """

    time_s: np.ndarray
    heel: np.ndarray
    toe: np.ndarray
    heel_up: np.ndarray
    toe_up: np.ndarray
    walking_speed: float

    @property
    def step_s(self) -> float:
        """Time between samples, in s."""
        return float(self.time_s[1] - self.time_s[0])

    @property
    def heel_speed(self) -> np.ndarray:
        """``(n,)`` forward speed of the heel over the ground, leg lengths per s."""
        return np.gradient(self.heel, self.time_s) + self.walking_speed

    @property
    def toe_speed(self) -> np.ndarray:
        """``(n,)`` forward speed of the toe over the ground, leg lengths per s."""
        return np.gradient(self.toe, self.time_s) + self.walking_speed

    @property
    def speed(self) -> np.ndarray:
        """``(n,)`` forward speed of the foot's middle over the ground, leg lengths per s."""
        return 0.5 * (self.heel_speed + self.toe_speed)


def foot_signals(trajectories: Trajectories, stretch: Pass, side: str) -> FootSignals:
    """Signals of one foot in one pass.

    Positions relative to the pelvis need no camera motion taken off; adding the walking speed brings the speed of a
    standing foot back to about zero, over ground and on a treadmill alike.
    """
    inside = trajectories.inside(stretch)
    leg = trajectories.scale.leg_length_px
    pelvis = trajectories.point("pelvis")[inside]
    heel, toe = (trajectories.landmark(side, name)[inside] for name in ("heel", "toe"))
    time_s = trajectories.time_s[inside]
    walking = float(np.nanmean(trajectories.data["speed"].values[inside])) / leg
    heel_forward = (heel[:, 0] - pelvis[:, 0]) * stretch.facing / leg
    toe_forward = (toe[:, 0] - pelvis[:, 0]) * stretch.facing / leg
    return FootSignals(time_s, heel_forward, toe_forward, heel[:, 1] / leg, toe[:, 1] / leg, walking)


def both_feet(trajectories: Trajectories, stretch: Pass) -> dict[Side, FootSignals]:
    """Signals of both feet in one pass."""
    return {side: foot_signals(trajectories, stretch, side) for side in SIDES}


def is_whole_at_ends(trajectories: Trajectories, stretch: Pass) -> tuple[bool, bool]:
    """Whether a pass begins, and ends, because the recording does, and not because the walker enters or leaves."""
    margin = 2.5 / trajectories.rate_hz
    first, last = trajectories.time_s[0], trajectories.time_s[-1]
    return bool(stretch.start_s - first < margin), bool(last - stretch.end_s < margin)


def peak_time(time_s: np.ndarray, values: np.ndarray, index: int) -> float:
    """Time of a maximum between samples, by the parabola through it and its neighbours, in s."""
    if index <= 0 or index >= len(values) - 1:
        return float(time_s[index])
    before, here, after = values[index - 1 : index + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(time_s[index] + np.clip(shift, -0.5, 0.5) * (time_s[1] - time_s[0]))


def highest(time_s: np.ndarray, values: np.ndarray, start: int, stop: int) -> float:
    """Time of the maximum within ``[start, stop)``, between samples, in s; NaN where there is nothing to look at."""
    start, stop = max(0, start), min(len(values), stop)
    part = values[start:stop]
    if not np.isfinite(part).any():
        return float("nan")
    return peak_time(time_s, values, start + int(np.nanargmax(part)))


def rises_through(time_s: np.ndarray, values: np.ndarray, level: float, start: int, stop: int) -> float:
    """Last time in ``[start, stop]`` at which values rise through a level, in s; NaN when they do not."""
    part = values[max(0, start) : stop + 1] - level
    found = np.flatnonzero((part[:-1] < 0) & (part[1:] >= 0))
    return _between(time_s, part, int(found[-1]), max(0, start)) if len(found) else float("nan")


def falls_through(time_s: np.ndarray, values: np.ndarray, level: float, start: int, stop: int) -> float:
    """First time in ``[start, stop]`` at which values fall through a level, in s; NaN when they do not."""
    part = values[max(0, start) : stop + 1] - level
    found = np.flatnonzero((part[:-1] >= 0) & (part[1:] < 0))
    return _between(time_s, part, int(found[0]), max(0, start)) if len(found) else float("nan")


def _between(time_s: np.ndarray, part: np.ndarray, index: int, offset: int) -> float:
    """Time of the zero between two samples, linear."""
    share = part[index] / (part[index] - part[index + 1])
    return float(time_s[offset + index] + share * (time_s[1] - time_s[0]))


def low_pass(values: np.ndarray, step_s: float, cutoff_hz: float) -> np.ndarray:
    """Zero-lag Butterworth low-pass of 4th order after both passes; NaN counts as 0.

    Parameters
    ----------
    values
        ``(n,)``, evenly spaced.
    step_s
        Time between samples, in s.
    cutoff_hz
        Of each pass.
    """
    if len(values) < 16:
        return np.nan_to_num(values)
    return sosfiltfilt(butter(2, cutoff_hz, fs=1.0 / step_s, output="sos"), np.nan_to_num(values))


def last_of_each(candidates: np.ndarray, borders: np.ndarray, end: int) -> list[int]:
    """The last candidate in the first two thirds of each stretch between borders.

    Parameters
    ----------
    candidates
        ``(n,)`` sample numbers, increasing.
    borders
        ``(m,)`` sample numbers of the toe-offs, increasing.
    end
        Number of samples.
    """
    found = []
    for start, stop in pairwise([0, *borders.tolist(), end]):
        # From one toe-off to the next the first two thirds hold the swing and the landing.
        inside = candidates[(candidates > start) & (candidates <= start + 2 * (stop - start) / 3)]
        if len(inside):
            found.append(int(inside[-1]))
    return found
