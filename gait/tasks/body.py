"""What all tasks look at: heights and places of the body in leg lengths, and which foot stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.ndimage import binary_closing, binary_opening, uniform_filter1d

from gait.core.sides import SIDES, Side
from gait.core.tasks import Attempt
from gait.core.trajectories import Trajectories, ViewKind

#: A toe this far above its own floor, in leg lengths, is off the floor (our estimate: three times what a network's toe
#: wanders in stance; a toe stays down in a heel raise, so the heel's height must not count here).
TOE_UP_LL = 0.035
#: The same where the foot was never down in the clip and the other foot's floor has to serve: the far foot is seen some
#: 0.03 leg lengths higher in the picture than the near one (our estimate for a camera 4 to 6 m away).
UP_AGAINST_OTHER_LL = 0.08
#: An ankle this far above its own floor, in leg lengths, is off the floor, wherever the toe points: a foot that is held
#: back towards the camera hangs its toe low in the picture (our estimate; the highest heel raise lifts the ankle by
#: 0.08).
ANKLE_UP_LL = 0.11
#: Shorter lifts and touches are noise, in s (our estimate).
SHORTEST_LIFT_S = 0.3
#: Both feet farther than this from their place a second before and after, in leg lengths: somebody walks (our estimate:
#: a walker of 0.3 m/s comes 0.65 leg lengths in two seconds, somebody who shifts a foot moves that foot alone).
WALKS_LL = 0.35
#: The same for somebody who comes nearer or goes away: change of the size in the picture (our estimate: 0.3 m/s at
#: 5 m).
GROWS = 0.12


@dataclass(frozen=True, slots=True)
class Body:
    """One clip, in leg lengths.

    Attributes
    ----------
    time_s
        ``(n,)`` s, evenly spaced.
    view
        From where it was filmed.
    facing
        ``(n,)`` +1 facing right, -1 left, 0 where not known or seen from the front.
    heel, toe, ankle, knee, hip
        ``(n, 2, 2)`` sides by x and y, in leg lengths, y up.
    neck, pelvis
        ``(n, 2)`` in leg lengths.
    knee_flexion
        ``(n, 2)`` deg in the picture, hip-knee-ankle; 0 straight. From the front it shows little.
    lean
        ``(n,)`` deg, trunk line against the vertical: forward + from the side, to the picture's right + from the front.
    """

    time_s: np.ndarray
    view: ViewKind
    facing: np.ndarray
    heel: np.ndarray
    toe: np.ndarray
    ankle: np.ndarray
    knee: np.ndarray
    hip: np.ndarray
    neck: np.ndarray
    pelvis: np.ndarray
    knee_flexion: np.ndarray
    lean: np.ndarray

    @property
    def step_s(self) -> float:
        """Time between samples, in s."""
        return float(np.median(np.diff(self.time_s)))

    def samples(self, seconds: float) -> int:
        """So many samples, at least one."""
        return max(1, round(seconds / self.step_s))

    def attempt(
        self, side: Side | Literal["both"], start: int, peak: int, end: int, values: dict[str, float]
    ) -> Attempt:
        """A repetition from sample numbers."""
        last = len(self.time_s) - 1
        start_s, peak_s, end_s = (float(self.time_s[min(at, last)]) for at in (start, peak, end))
        return Attempt(side, start_s, peak_s, end_s, values)


def body_of(trajectories: Trajectories) -> Body:
    """Bring a clip to leg lengths."""
    leg = trajectories.scale.leg_length_px
    at = {
        name: np.stack([trajectories.landmark(side, name) for side in SIDES], axis=1) / leg
        for name in ("heel", "toe", "ankle", "knee", "hip")
    }
    neck, pelvis = (trajectories.point(point) / leg for point in ("neck", "pelvis"))
    facing = trajectories.facing()
    trunk = neck - pelvis
    ahead = np.where(facing == 0, 1.0, facing)
    return Body(
        time_s=trajectories.time_s,
        view=trajectories.view.kind,
        facing=facing,
        **at,
        neck=neck,
        pelvis=pelvis,
        knee_flexion=_bend(at["hip"], at["knee"], at["ankle"]),
        lean=np.degrees(np.arctan2(trunk[:, 0] * ahead, trunk[:, 1])),
    )


def lifted(body: Body) -> np.ndarray:
    """``(n, 2)`` whether each foot is off the floor.

    Each toe and ankle is held against its own floor: where it is lowest in the clip. A foot that is never down has
    none; then the other one's serves.
    """
    is_up = _above_floor(body.toe[:, :, 1], TOE_UP_LL) | _above_floor(body.ankle[:, :, 1], ANKLE_UP_LL)
    ones = np.ones((body.samples(SHORTEST_LIFT_S), 1), bool)
    padded = np.pad(is_up, ((len(ones), len(ones)), (0, 0)), mode="edge")
    steady = binary_opening(binary_closing(padded, ones), ones)
    return np.asarray(steady[len(ones) : -len(ones)])


def _above_floor(height: np.ndarray, limit: float) -> np.ndarray:
    """``(n, 2)`` what is higher over its floor than a limit, heights ``(n, 2)`` and limit in leg lengths."""
    floor = np.array([_low(height[:, side]) for side in range(2)])
    limits = np.full(2, limit)
    for side in range(2):
        if floor[side] - floor[1 - side] > UP_AGAINST_OTHER_LL:
            floor[side], limits[side] = floor[1 - side], max(limit, UP_AGAINST_OTHER_LL)
    return np.nan_to_num(height - floor, nan=0.0) > limits


def on_the_spot(body: Body, *, size_counts: bool = True) -> np.ndarray:
    """``(n,)`` samples in which the person stays where they are.

    Parameters
    ----------
    body
        The clip.
    size_counts
        Whether a body that grows or shrinks in the picture walks towards the camera or away; not so while sitting down.
    """
    reach = body.samples(1.0)
    moved = np.abs(_ahead(body.ankle[:, :, 0], reach) - _back(body.ankle[:, :, 0], reach))
    moved = np.fmin(moved[:, 0], moved[:, 1])
    walks = np.nan_to_num(moved, nan=0.0) > WALKS_LL
    if size_counts and body.view == "frontal":
        tall = np.log(np.maximum(body.neck[:, 1] - np.fmin(body.ankle[:, 0, 1], body.ankle[:, 1, 1]), 1e-6))
        walks |= np.nan_to_num(np.abs(_ahead(tall, reach) - _back(tall, reach)), nan=0.0) > GROWS
    return ~walks


def known(values: np.ndarray) -> np.ndarray:
    """What is seen of some values."""
    return values[np.isfinite(values)]


def calmed(values: np.ndarray, width: int) -> np.ndarray:
    """Running mean over ``width`` samples of what is seen, along the first axis; unseen samples stay so."""
    seen = np.isfinite(values)
    total = uniform_filter1d(np.where(seen, values, 0.0), width, axis=0, mode="nearest")
    share = uniform_filter1d(seen.astype(float), width, axis=0, mode="nearest")
    return np.where(seen, total / np.maximum(share, 1e-9), np.nan)


def swing_of(values: np.ndarray) -> float:
    """How far a signal goes to and fro: 5th to 95th percentile of what is seen; 0 where too little is."""
    seen = known(values)
    return float(np.ptp(np.percentile(seen, [5, 95]))) if len(seen) > 4 else 0.0


def _low(values: np.ndarray) -> float:
    """The level that a track is lowest at, noise apart; infinite where nothing is seen."""
    seen = known(values)
    return float(np.percentile(seen, 10)) if len(seen) else float("inf")


def _ahead(values: np.ndarray, reach: int) -> np.ndarray:
    return np.concatenate([values[reach:], np.repeat(values[-1:], min(reach, len(values)), axis=0)])[: len(values)]


def _back(values: np.ndarray, reach: int) -> np.ndarray:
    return np.concatenate([np.repeat(values[:1], min(reach, len(values)), axis=0), values[:-reach]])[: len(values)]


def _bend(hip: np.ndarray, knee: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    """``(n, 2)`` deg between thigh and shank in the picture."""
    thigh, shank = knee - hip, ankle - knee
    cross = thigh[..., 0] * shank[..., 1] - thigh[..., 1] * shank[..., 0]
    return np.degrees(np.abs(np.arctan2(cross, np.sum(thigh * shank, axis=-1))))
