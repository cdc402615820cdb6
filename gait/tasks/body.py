"""What all tasks look at: heights and places of the body in leg lengths, and which foot stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import binary_closing, binary_opening

from gait.core.sides import SIDES
from gait.core.trajectories import Trajectories, ViewKind

#: A toe this far above its own floor, in leg lengths, is off the floor (our estimate: three times what a network's toe
#: wanders in stance; a toe stays down in a heel raise, so the heel's height must not count here).
TOE_UP_LL = 0.035
#: The same where the foot was never down in the clip and the other foot's floor has to serve: the far foot is seen some
#: 0.03 leg lengths higher in the picture than the near one (our estimate for a camera 4 to 6 m away).
TOE_UP_AGAINST_OTHER_LL = 0.08
#: Shorter lifts and touches are noise, in s (our estimate).
SHORTEST_LIFT_S = 0.3
#: Both feet farther than this from their place a second before and after, in leg lengths: somebody walks (our estimate:
#: a walker of 0.3 m/s comes 0.65 leg lengths in two seconds, somebody who shifts a foot moves that foot alone).
WALKS_LL = 0.35
#: The same for somebody who comes nearer or goes away: change of the size in the picture (our estimate: 0.3 m/s at 5 m).
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

    Each toe is held against its own floor: where it is lowest in the clip. A foot that is never down has none; then the
    other one's serves.
    """
    height = body.toe[:, :, 1]
    floor = np.array([_low(height[:, side]) for side in range(2)])
    limit = np.full(2, TOE_UP_LL)
    for side in range(2):
        if floor[side] - floor[1 - side] > TOE_UP_AGAINST_OTHER_LL:
            floor[side], limit[side] = floor[1 - side], TOE_UP_AGAINST_OTHER_LL
    is_up = np.nan_to_num(height - floor, nan=0.0) > limit
    ones = np.ones((body.samples(SHORTEST_LIFT_S), 1), bool)
    padded = np.pad(is_up, ((len(ones), len(ones)), (0, 0)), mode="edge")
    steady = binary_opening(binary_closing(padded, ones), ones)
    return np.asarray(steady[len(ones) : -len(ones)])


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
    moved = np.abs(_ahead(body.ankle[:, :, 0], reach) - _back(body.ankle[:, :, 0], reach)).min(axis=1)
    walks = np.nan_to_num(moved, nan=0.0) > WALKS_LL
    if size_counts and body.view == "frontal":
        tall = np.log(np.maximum(body.neck[:, 1] - body.ankle[:, :, 1].mean(axis=1), 1e-6))
        walks |= np.nan_to_num(np.abs(_ahead(tall, reach) - _back(tall, reach)), nan=0.0) > GROWS
    return ~walks


def known(values: np.ndarray) -> np.ndarray:
    """What is seen of some values."""
    return values[np.isfinite(values)]


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
