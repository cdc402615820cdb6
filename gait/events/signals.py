"""The foot against the body: the signals that event detectors look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    speed
        ``(n,)`` forward speed of the foot's middle over the ground, leg lengths per s.
    walking_speed
        Mean forward speed of the pelvis over the ground, leg lengths per s.
    """

    time_s: np.ndarray
    heel: np.ndarray
    toe: np.ndarray
    heel_up: np.ndarray
    toe_up: np.ndarray
    speed: np.ndarray
    walking_speed: float


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
    speed = np.gradient((heel_forward + toe_forward) / 2, time_s) + walking
    return FootSignals(time_s, heel_forward, toe_forward, heel[:, 1] / leg, toe[:, 1] / leg, speed, walking)


def peak_time(time_s: np.ndarray, values: np.ndarray, index: int) -> float:
    """Time of a maximum between samples, by the parabola through it and its neighbours, in s."""
    if index <= 0 or index >= len(values) - 1:
        return float(time_s[index])
    before, here, after = values[index - 1 : index + 2]
    bend = before - 2 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(time_s[index] + np.clip(shift, -0.5, 0.5) * (time_s[1] - time_s[0]))
