"""Where and when to look at a foot: one window in space and time for every rough contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.events import GaitEvents
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.trajectories import Trajectories

#: What is looked at before and after a rough contact, in s. Before: late swing, and the error of the rough contact;
#: after: lowering (at most about 0.12 s, design notes) and the flat foot.
LEAD_S = 0.24
TRAIL_S = 0.34
#: Where the flat foot is sought after a rough contact, in s (measured: flat in all walkers, the other foot has not
#: yet come by).
FLAT_S = (0.14, 0.24)
#: When the foot stands for sure, in s after a rough contact: where it stands is where most frames see it.
STANDING_S = (0.08, 0.32)
#: Heel-to-toe distance of the landmarks in a crop is at most this many px; larger feet are shrunk, for speed.
MAX_FOOT_PX = 56.0
#: A foot (heel to toe landmark) smaller than this cannot be judged, in px (our estimate; 40 px were measured to do).
MIN_FOOT_PX = 20.0
#: A film that runs faster is thinned out to about this rate, in Hz (our estimate: a slap lasts 40 ms = 5 frames).
MAX_RATE_HZ = 125.0
#: Pictures of the bare floor for the background's median.
BACKGROUND_FRAMES = 13
#: They are taken from this far off at most, in s: light drifts, and the pictures of all stances between are held.
BACKGROUND_REACH_S = 12.0
#: The same for a treadmill walker, whose feet come back every second.
BELT_REACH_S = 3.0
#: Landmarks whose presence in a window spoils the background.
_LEG = ("knee", "ankle", "heel", "toe")


@dataclass(frozen=True, slots=True)
class StancePlan:
    """Where and when to look at one foot.

    Attributes
    ----------
    side, rough_s, facing, is_near
        The walker's side; the rough contact, in s; +1 facing the right edge of the picture, -1 the left; nearer leg.
    pass_index
        Which pass of the trajectories.
    is_belt
        Whether the walker stands on a treadmill's belt, which carries the flat foot backwards.
    foot_px
        ``(3, 2)`` heel, toe and ankle of the flat foot in crop px (y down, facing right).
    landmark_time_s, landmark_px
        ``(n,)`` and ``(n, 3, 2)``: the same points at every frame of the pose within the span.
    corner_px, size_px
        Upper left corner (steadied px) and width, height of the window before scaling.
    scale
        Crop px per steadied px.
    dense_s
        ``(n,)`` times of the frames to keep.
    background_s
        ``(m,)`` times of frames in which the window should be empty.
    """

    side: Side
    rough_s: float
    facing: int
    is_near: bool
    pass_index: int
    is_belt: bool
    foot_px: np.ndarray
    landmark_time_s: np.ndarray
    landmark_px: np.ndarray
    corner_px: tuple[int, int]
    size_px: tuple[int, int]
    scale: float
    dense_s: np.ndarray
    background_s: np.ndarray

    @property
    def length_px(self) -> float:
        """Heel to toe of the flat foot, in crop px."""
        return float(np.hypot(*(self.foot_px[1] - self.foot_px[0])))

    @property
    def wanted_s(self) -> tuple[float, float]:
        """First and last time of a frame that is asked for, in s."""
        every = np.concatenate([self.dense_s, self.background_s])
        return float(every.min()), float(every.max())


class PlanError(Exception):
    """A contact that cannot be looked at; the message is the reason for the report."""


@dataclass(frozen=True, slots=True)
class _Sighting:
    """A rough contact and the flat foot that the landmarks show after it (heel, toe, ankle in steadied px)."""

    side: Side
    rough_s: float
    pass_index: int
    still: np.ndarray


def plan_stances(
    pose: Pose, trajectories: Trajectories, events: GaitEvents
) -> tuple[list[StancePlan], list[tuple[Side, str]]]:
    """Decide where to look for every rough contact of every side-view pass.

    Returns
    -------
    plans
        Windows to cut.
    refused
        ``(side, reason)`` of contacts that cannot be looked at.
    """
    steady = _steady_feet(pose)
    sightings: list[_Sighting] = []
    refused: list[tuple[Side, str]] = []
    for side in SIDES:
        for rough_s in events.times_s(side, "initial_contact"):
            try:
                sightings.append(_sight(pose, trajectories, steady, side, float(rough_s)))
            except PlanError as error:
                refused.append((side, str(error)))
    plans: list[StancePlan] = []
    for index, stretch in enumerate(trajectories.passes):
        of_pass = [sighting for sighting in sightings if sighting.pass_index == index]
        if not of_pass:
            continue
        shape = _usual_shape(of_pass, stretch.facing)
        for sighting in of_pass:
            try:
                plans.append(_plan(pose, trajectories, steady, sighting, shape))
            except PlanError as error:
                refused.append((sighting.side, str(error)))
    return plans, refused


def _steady_feet(pose: Pose) -> dict[str, np.ndarray]:
    """``(n, 4, 2)`` knee, ankle, heel, toe of each side in steadied px."""
    out = {}
    for side in SIDES:
        names = [f"{side}_{landmark}" for landmark in _LEG]
        points = pose.data["position"].sel(keypoint=names).transpose("time", "keypoint", "space").values
        if pose.camera is not None:
            nearest = [int(np.argmin(np.abs(pose.camera.time_s - time))) for time in pose.time_s]
            to_first = pose.camera.to_first[nearest]
            points = np.einsum("nij,nkj->nki", to_first[:, :, :2], points) + to_first[:, None, :, 2]
        out[side] = points
    return out


def _sight(
    pose: Pose, trajectories: Trajectories, steady: dict[str, np.ndarray], side: Side, rough_s: float
) -> _Sighting:
    index = trajectories.pass_at(rough_s)
    if index is None:
        raise PlanError("the contact lies outside of all straight passes")
    if trajectories.passes[index].near_side is None or trajectories.passes[index].facing == 0:
        raise PlanError("the film does not show the feet from the side")
    time = pose.time_s
    span = (time >= rough_s - LEAD_S) & (time <= rough_s + TRAIL_S)
    flat = (time >= rough_s + FLAT_S[0]) & (time <= rough_s + FLAT_S[1])
    foot = steady[side][:, [2, 3, 1]]  # heel, toe, ankle
    seen = np.isfinite(foot).all(axis=(1, 2))
    if (flat & seen).sum() < 2 or (span & seen).sum() < 6:
        raise PlanError("the foot was not seen during stance")
    if trajectories.is_treadmill:
        return _Sighting(side, rough_s, index, np.median(foot[flat & seen], axis=0))
    standing = (time >= rough_s + STANDING_S[0]) & (time <= rough_s + STANDING_S[1]) & seen
    return _Sighting(side, rough_s, index, _resting_place(foot[standing]))


def _resting_place(foot: np.ndarray) -> np.ndarray:
    """``(3, 2)`` where most frames see the foot.

    A standing foot stays; landmarks that jumped to the other foot or into the air do not agree with each other.

    Parameters
    ----------
    foot
        ``(n, 3, 2)`` heel, toe, ankle.
    """
    middle = foot.mean(axis=1)
    reach = 0.2 * float(np.median(np.hypot(*(foot[:, 1] - foot[:, 0]).T)))
    near = np.hypot(*(middle[:, None] - middle[None]).transpose(2, 0, 1)) < max(reach, 2.0)
    return np.median(foot[near[int(np.argmax(near.sum(axis=1)))]], axis=0)


def _usual_shape(sightings: list[_Sighting], facing: int) -> np.ndarray:
    """``(3, 2)`` heel, toe, ankle from the foot's middle, facing right: the median over all contacts of both feet.

    One contact's landmarks may be swapped or far off; the size and shape of the feet do not change.
    """
    shapes = [(sighting.still - sighting.still[:2].mean(axis=0)) * [facing, 1.0] for sighting in sightings]
    return np.median(shapes, axis=0)


def _plan(
    pose: Pose,
    trajectories: Trajectories,
    steady: dict[str, np.ndarray],
    sighting: _Sighting,
    shape: np.ndarray,
) -> StancePlan:
    stretch = trajectories.passes[sighting.pass_index]
    time = pose.time_s
    span = (time >= sighting.rough_s - LEAD_S) & (time <= sighting.rough_s + TRAIL_S)
    foot = steady[sighting.side][:, [2, 3, 1]]
    span &= np.isfinite(foot).all(axis=(1, 2))
    mirrored = shape * [stretch.facing, 1.0]
    still = mirrored + np.median(sighting.still - mirrored, axis=0)
    length = float(np.hypot(*(still[1] - still[0])))
    if length * _zoom(pose, span) < MIN_FOOT_PX:
        raise PlanError(f"the foot is smaller than {MIN_FOOT_PX:.0f} px in the picture")
    low, high = _window(foot[span], still, length)
    corner = np.floor(low).astype(int)
    size = np.ceil(high).astype(int) - corner
    scale = min(1.0, MAX_FOOT_PX / length)

    def to_crop(points: np.ndarray) -> np.ndarray:
        out = points - corner
        if stretch.facing < 0:
            out = out * [-1.0, 1.0] + [size[0] - 1.0, 0.0]
        return (out + 0.5) * scale - 0.5

    every = (time >= sighting.rough_s - LEAD_S) & (time <= sighting.rough_s + TRAIL_S)
    return StancePlan(
        side=sighting.side,
        rough_s=sighting.rough_s,
        facing=stretch.facing,
        is_near=stretch.near_side == sighting.side,
        pass_index=sighting.pass_index,
        is_belt=trajectories.is_treadmill,
        foot_px=to_crop(still),
        landmark_time_s=time[span],
        landmark_px=to_crop(foot[span]),
        corner_px=(int(corner[0]), int(corner[1])),
        size_px=(int(size[0]), int(size[1])),
        scale=scale,
        dense_s=_thin(time[every]),
        background_s=_bare_times(time, steady, low, high, trajectories, sighting),
    )


def _zoom(pose: Pose, at: np.ndarray) -> float:
    """Picture px per steadied px at some frames."""
    if pose.camera is None:
        return 1.0
    linear = pose.camera.to_first[:, :, :2]
    zoom = 1.0 / np.sqrt(np.abs(np.linalg.det(linear)))
    return float(np.median(np.interp(pose.time_s[at], pose.camera.time_s, zoom)))


def _window(foot: np.ndarray, still: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray]:
    """Corners of the window: where the foot is from late swing to flat, and a margin.

    A wild landmark must not blow the window up, so it spans at most 2.6 foot lengths around the flat foot.
    """
    centre = still[:2].mean(axis=0)
    low = np.maximum(foot.min(axis=(0, 1)), centre - [2.6 * length, 1.2 * length])
    high = np.minimum(foot.max(axis=(0, 1)), centre + [2.6 * length, 0.6 * length])
    return low - [0.6 * length, 0.5 * length], high + [0.6 * length, 0.5 * length]


def _thin(time: np.ndarray) -> np.ndarray:
    """Leave frames out where the film runs faster than is of use."""
    if len(time) < 3:
        return time
    step = float(np.median(np.diff(time)))
    return time[:: max(1, int(1.0 / MAX_RATE_HZ / step + 0.01))]


def _bare_times(
    time: np.ndarray,
    steady: dict[str, np.ndarray],
    low: np.ndarray,
    high: np.ndarray,
    trajectories: Trajectories,
    sighting: _Sighting,
) -> np.ndarray:
    """Times of frames whose window holds no leg; of a treadmill walker, who never leaves, any frames of the pass.

    The frames nearest in time come first: light and a steadied camera drift.
    """
    legs = np.concatenate([steady[side] for side in SIDES], axis=1)
    with np.errstate(invalid="ignore"):
        inside = np.any(np.all((legs >= low) & (legs <= high), axis=2), axis=1)
    usable = np.isfinite(legs).all(axis=(1, 2)) & ~inside
    # The shin of a leg between two landmarks may cross a window that neither of them is in: keep well away.
    centre = 0.5 * (low + high)
    with np.errstate(invalid="ignore"):
        usable &= np.all(np.abs(legs[:, :, 0] - centre[0]) > 0.5 * (high - low)[0], axis=1)
    close = np.abs(time - sighting.rough_s) <= (BELT_REACH_S if trajectories.is_treadmill else BACKGROUND_REACH_S)
    usable &= close
    if usable.sum() >= 5:
        candidates = np.flatnonzero(usable)
        distance = np.abs(time[candidates] - sighting.rough_s)
        nearest = candidates[np.argsort(distance)][: 4 * BACKGROUND_FRAMES]
        return np.sort(time[nearest[:: max(1, len(nearest) // BACKGROUND_FRAMES)]])
    if not trajectories.is_treadmill:
        return np.empty(0)
    stretch = trajectories.passes[sighting.pass_index]
    inside_pass = time[(time >= stretch.start_s) & (time < stretch.end_s) & close]
    return inside_pass[:: max(1, len(inside_pass) // (3 * BACKGROUND_FRAMES))]
