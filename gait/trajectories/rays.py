"""How a camera may look into the room: at rest, turning, or carried along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.pose import Pose
from gait.core.recording import PHONE_FOCAL_LENGTHS

#: A camera whose middle moved by more than this share of the long side has turned; less is shaking (our estimate: the
#: tracker describes motion within its first keyframe, 0.08, as seen in the plane of the first picture).
TURNED_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Rays:
    """Azimuths in which a film sees points.

    Attributes
    ----------
    focal_px
        Focal length, in px.
    centre_px
        ``(2,)`` middle of the picture, y up.
    turn_px
        ``(n,)`` how far the middle of each frame had moved to the right over the unrolled room by turning the camera; 0
        for a camera that only shakes.
    slide_px
        ``(n,)`` the same by carrying the camera along.
    """

    focal_px: float
    centre_px: np.ndarray
    turn_px: np.ndarray
    slide_px: np.ndarray

    def in_frame_rad(self, x_px: np.ndarray) -> np.ndarray:
        """Azimuth from the axis of the frame itself; ``x_px (n, ...)`` in px of the steadied picture."""
        moved = beside(self.turn_px + self.slide_px, x_px)
        return np.arctan((x_px - self.centre_px[0] - moved) / self.focal_px)

    def azimuth_rad(self, x_px: np.ndarray) -> np.ndarray:
        """Azimuth from the axis of the first frame."""
        return self.in_frame_rad(x_px) + beside(self.turn_px, x_px) / self.focal_px


def beside(values: np.ndarray, x_px: np.ndarray) -> np.ndarray:
    """``(n,)`` values on the leading axis of ``x_px``."""
    return values.reshape(-1, *(1,) * (x_px.ndim - 1))


def ways_of_looking(pose: Pose, position: np.ndarray, time_s: np.ndarray) -> tuple[tuple[Rays, np.ndarray], ...]:
    """The ways in which a camera may have moved, each with the keypoints as it would have seen them.

    A camera whose picture moved far has turned, or was carried along; the background alone does not tell which.

    Parameters
    ----------
    pose
        Size of the picture, and motion of the camera where it moved.
    position
        ``(n, keypoints, 2)`` px of the steadied picture, y up.
    time_s
        ``(n,)`` s, the times of the samples.
    """
    long_side = float(max(pose.width_px, pose.height_px))
    centre = np.array([pose.width_px, pose.height_px]) / 2.0
    rest, focal_px = np.zeros(len(time_s)), PHONE_FOCAL_LENGTHS * long_side
    still = ((Rays(focal_px, centre, rest, rest), position),)
    if pose.camera is None:
        return still
    seen_s = pose.camera.time_s
    middle = pose.camera.apply(np.tile(centre, (len(seen_s), 1)))
    moved = np.stack([np.interp(time_s, seen_s, middle[:, axis] - centre[axis]) for axis in range(2)], axis=1)
    if np.ptp(moved[:, 0]) <= TURNED_SHARE * long_side:
        return still
    turned = Rays(focal_px, centre, moved[:, 0], rest)
    carried = Rays(focal_px, centre, rest, moved[:, 0])
    linear = np.stack([np.interp(time_s, seen_s, pose.camera.to_first[:, 0, axis]) for axis in range(2)], axis=1)
    return ((turned, position), (carried, _unzoomed(position, moved, linear, centre)))


def _unzoomed(position: np.ndarray, moved: np.ndarray, linear: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Keypoints in the frame's own size: what looks like zoom of the background is none in a camera that is carried.

    Parameters
    ----------
    moved
        ``(n, 2)`` px, where the middle of the frame lies, against that of the first one, y down.
    linear
        ``(n, 2)`` first row of the similarity to the first frame, y down.
    """
    middle = centre + moved * np.array([1.0, -1.0])
    away = position - middle[:, None]
    # The inverse of a similarity is its transpose over the square of its size; y points up here.
    a, b = linear[:, :1], linear[:, 1:]
    size = a**2 + b**2
    x = (a * away[..., 0] + b * away[..., 1]) / size
    y = (-b * away[..., 0] + a * away[..., 1]) / size
    return middle[:, None] + np.stack([x, y], axis=-1)
