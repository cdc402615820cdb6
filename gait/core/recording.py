"""The film as a fact: size, rate, duration, and how its camera moved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gait.core.frozen import read_only_array

#: Focal length of a phone while filming, in long sides of the picture (our estimate: 24-28 mm equivalent lenses have
#: 0.67-0.78, steadied video is cropped). It enters second-order terms of the camera's turn, and perspective.
PHONE_FOCAL_LENGTHS = 0.85


@dataclass(frozen=True, slots=True)
class Recording:
    """What is known of a film (or a keypoint file) before anyone looks at the walker.

    Attributes
    ----------
    path
        Where it lies.
    width_px, height_px
        Size of the upright picture (after rotation), in px.
    fps
        Median rate of the frames, in Hz, of *real* time: for a slow-motion film the rate it was shot at.
    frames
        Number of frames that can be decoded.
    duration_s
        Real time from the first to the last frame, plus one frame, in s.
    rotation_deg
        Rotation that the container asks for, clockwise: 0, 90, 180 or 270.
    has_sound
        Whether there is an audio track.
    codec
        Name of the video codec, ``"keypoints"`` for a keypoint file.
    sha256
        Hash of the file.
    slow_motion_factor
        How many times slower than life the film plays; times are divided by it.
    is_variable_rate
        Whether the time between frames varies by more than a fifth of its median.
    lost_frames
        Frames that the container promises but that cannot be decoded (a truncated film).
    """

    path: Path
    width_px: int
    height_px: int
    fps: float
    frames: int
    duration_s: float
    rotation_deg: int = 0
    has_sound: bool = False
    codec: str = ""
    sha256: str = ""
    slow_motion_factor: float = 1.0
    is_variable_rate: bool = False
    lost_frames: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the film.

    Attributes
    ----------
    time_s
        Presentation time from the first frame, in real seconds (slow motion divided out).
    image
        ``(height, width, 3)`` uint8, RGB, upright.
    """

    time_s: float
    image: np.ndarray


@dataclass(frozen=True, slots=True)
class CameraMotion:
    """How the background moved, frame by frame.

    Attributes
    ----------
    time_s
        ``(n,)`` presentation times, in s.
    to_first
        ``(n, 2, 3)`` similarity transforms that map a point of frame *i* (px, y down) to the first frame.
    is_measured
        ``(n,)`` whether frame *i* had enough background to be measured; where not, it moves like its neighbours.
    """

    time_s: np.ndarray
    to_first: np.ndarray
    is_measured: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if self.to_first.shape != (n, 2, 3) or self.is_measured.shape != (n,):
            raise ValueError(f"camera motion of {n} frames needs (n, 2, 3) transforms and (n,) flags")
        for name in ("time_s", "to_first", "is_measured"):
            object.__setattr__(self, name, read_only_array(getattr(self, name)))

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Map points of each frame to the first frame.

        Parameters
        ----------
        points
            ``(n, ..., 2)`` px, y down; the leading axis is the frame.
        """
        linear, shift = self.to_first[:, :, :2], self.to_first[:, :, 2]
        extra = (1,) * (points.ndim - 2)
        linear = linear.reshape(len(points), *extra, 2, 2)
        shift = shift.reshape(len(points), *extra, 2)
        return np.einsum("...ij,...j->...i", linear, points) + shift
