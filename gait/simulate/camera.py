"""What a camera and a pose network make of the walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from gait.core.pose import Pose
from gait.core.recording import CameraMotion
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate.disturb import lose_keypoints, slow_noise, swap_legs, uneven_times_s
from gait.simulate.motion import heading_rad, positions_m
from gait.simulate.tilt import as_drawn
from gait.simulate.timing import Timing

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: Keypoints ``(n, 3, keypoints)`` m at times ``(n,)`` s.
Place = Callable[[np.ndarray], np.ndarray]

#: Slow error of pose networks forgets itself in about this time, s (our estimate, MediaPipe on rendered walkers).
_SLOW_ERROR_S = 0.25
#: A hand shakes at about this time scale, s (our estimate).
_SHAKE_S = 0.3
#: A frontal walk comes no nearer to the camera than this, m, and the lens looks straight from this height.
_NEAREST_M, _LENS_HEIGHT_M = 2.5, 1.0
_SMALLEST_PX = (1280, 720)
_CONFIDENCE = {"near": 0.95, "far": 0.8}
_LAYOUT_STEP_S = 0.02


@dataclass(frozen=True, slots=True)
class _Picture:
    """Keypoints before they are disturbed, ``(n, 2, keypoints)`` px, y down, and the size of the picture."""

    position_px: np.ndarray
    width_px: int
    height_px: int
    offset_px: np.ndarray


def frame_times_s(walker: Walker) -> np.ndarray:
    """Times of the frames, ``(n,)`` s, from 0."""
    frames = round(walker.duration_s * walker.rate_hz)
    random = np.random.default_rng([walker.seed, 2])
    return uneven_times_s(frames, walker.rate_hz, walker.rate_jitter_pct, random)


def film(walker: Walker, place: Place | None = None) -> Pose:
    """Film the walk; see ``Walker.pose``.

    Parameters
    ----------
    walker
        Who is filmed, and how.
    place
        Where the keypoints are in the room at given times; the walker's own walk when left out.
    """
    time = frame_times_s(walker)
    picture = _take(walker, time, place or partial(positions_m, walker))
    random = np.random.default_rng([walker.seed, 3])
    far = _is_far(walker, time)
    position = picture.position_px + _errors(walker, time, far, random)
    confidence = np.where(far, _CONFIDENCE["far"], _CONFIDENCE["near"])
    position = swap_legs(position, walker.swaps, walker.rate_hz, random)
    lose_keypoints(position, confidence, walker.missing, walker.rate_hz, random)
    absent = time < walker.lead_in_s
    position[absent], confidence[absent] = np.nan, 0.0
    return Pose.from_arrays(
        time,
        position,
        confidence,
        picture.width_px,
        picture.height_px,
        backend="simulation",
        camera=_camera_motion(walker, time, picture.offset_px),
    )


def _take(walker: Walker, time: np.ndarray, place: Place) -> _Picture:
    """Project the walk, choose a picture that holds it, move the camera."""
    room = place(time)
    if walker.view == "frontal" and walker.noise_px > 0:
        room = as_drawn(room, walker.seed)
    # The picture is laid out on times of its own, so that the frame rate does not move it.
    layout_time = np.arange(0.0, walker.duration_s, _LAYOUT_STEP_S)
    layout = place(layout_time)
    nearest = float(np.max(_towards_camera(walker, layout)))
    laid_out, _ = _scene(walker, layout_time, layout, nearest)
    seen = laid_out[layout_time >= walker.lead_in_s]
    margin = 0.25 * walker.height_px
    low, high = seen.min(axis=(0, 2)), seen.max(axis=(0, 2))
    # Even sizes, as video codecs ask for.
    size = 2 * np.ceil(np.maximum(high - low + 2 * margin, _SMALLEST_PX) / 2).astype(int)
    shift = 0.5 * (size - (low + high))
    moved, offset = _scene(walker, time, room, nearest)
    return _Picture(moved + shift[:, None], int(size[0]), int(size[1]), offset)


def _scene(walker: Walker, time: np.ndarray, room: np.ndarray, nearest: float) -> tuple[np.ndarray, np.ndarray]:
    """Projected keypoints as the moving camera sees them, and how far it has moved, in px."""
    flat = _sagittal(walker, room) if walker.view == "sagittal" else _frontal(walker, room, nearest)
    offset = _camera_offset(walker, time, flat)
    return flat - offset[:, :, None], offset


def _towards_camera(walker: Walker, room: np.ndarray) -> np.ndarray:
    """Way towards a camera that stands at an end of the walk, m."""
    return -room[:, 0] if walker.heading == "away" else room[:, 0]


def _sagittal(walker: Walker, room: np.ndarray) -> np.ndarray:
    """A long lens from the side: every depth has the same scale, so that lengths in the picture are exact."""
    direction = -1.0 if walker.heading == "right_to_left" else 1.0
    return np.stack([direction * room[:, 0], -room[:, 1]], axis=1) / walker.m_per_px


def _frontal(walker: Walker, room: np.ndarray, nearest: float) -> np.ndarray:
    """A pinhole camera on the line of the walk, ``_NEAREST_M`` beyond its nearest point."""
    towards = -1.0 if walker.heading == "away" else 1.0
    depth = nearest - _towards_camera(walker, room) + _NEAREST_M
    focal_px = _NEAREST_M / walker.m_per_px
    return focal_px * np.stack([-towards * room[:, 2], _LENS_HEIGHT_M - room[:, 1]], axis=1) / depth[:, None]


def _camera_offset(walker: Walker, time: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """How far the picture's corner has moved over the scene, ``(n, 2)`` px; 0 in the first frame."""
    random = np.random.default_rng([walker.seed, 4])
    shake = walker.shake_px * slow_noise(random, time, (2,), _SHAKE_S)
    hips = [KEYPOINTS.index(f"{side}_hip") for side in SIDES]
    follow = np.zeros((len(time), 2))
    if walker.view == "sagittal":
        follow[:, 0] = walker.pan * flat[:, 0, hips].mean(axis=1)
    offset = shake + follow
    return offset - offset[0]


def _camera_motion(walker: Walker, time: np.ndarray, offset: np.ndarray) -> CameraMotion | None:
    """The camera's exact motion, where it moves and where that is to be known."""
    if not walker.is_camera_known or not np.any(offset):
        return None
    to_first = np.zeros((len(time), 2, 3))
    to_first[:, 0, 0] = to_first[:, 1, 1] = 1.0
    to_first[:, :, 2] = offset
    return CameraMotion(time, to_first, np.ones(len(time), bool))


def _is_far(walker: Walker, time: np.ndarray) -> np.ndarray:
    """Which keypoints belong to the side away from the camera, ``(n, keypoints)``."""
    far = np.zeros((len(time), len(KEYPOINTS)), bool)
    if walker.view == "frontal":
        return far
    is_right_near = np.cos(heading_rad(walker, Timing.of(walker).phase(time))) > 0
    if walker.first_near_side == "left":
        is_right_near = ~is_right_near
    for index, name in enumerate(KEYPOINTS):
        if name.startswith("left"):
            far[:, index] = is_right_near
        elif name.startswith("right"):
            far[:, index] = ~is_right_near
    return far


def _errors(walker: Walker, time: np.ndarray, far: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Errors of a pose network, ``(n, 2, keypoints)`` px: half of the variance white, half slow."""
    shape = (2, len(KEYPOINTS))
    white = random.standard_normal((len(time), *shape))
    error = np.sqrt(0.5) * (white + slow_noise(random, time, shape, _SLOW_ERROR_S))
    return walker.noise_px * error * np.where(far, walker.far_leg_noise, 1.0)[:, None, :]
