"""Keypoints of one walker, as the pose backend saw them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from gait.core.frozen import read_only
from gait.core.recording import CameraMotion
from gait.core.skeleton import KEYPOINTS


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the film.

    Attributes
    ----------
    number
        1, 2, ... in the order of their walking score; 1 is the walker unless the user says otherwise.
    score
        How much this person walks, 0 to 1.
    start_s, end_s
        First and last time seen, in s.
    height_px
        Median height of the person in the picture, in px.
    thumbnail
        JPEG of the person, or empty.
    """

    number: int
    score: float
    start_s: float
    end_s: float
    height_px: float
    thumbnail: bytes = b""


@dataclass(frozen=True, slots=True)
class Pose:
    """Keypoints of the walker over time.

    Attributes
    ----------
    data
        ``position (time, space, keypoint)`` in px of the upright picture, x right, y **down**, NaN where unseen;
        ``confidence (time, keypoint)`` 0..1. ``time`` in s, strictly increasing; ``space`` is ``["x", "y"]``;
        ``keypoint`` are :data:`gait.core.skeleton.KEYPOINTS`.
    width_px, height_px
        Size of the picture.
    backend
        Who found the keypoints, for example ``"mediapipe 0.10.33 heavy"``.
    model_sha256
        Hash of the model file; empty where there is none.
    camera
        Motion of the camera; None means a camera that stands still or is not known.
    people
        Everybody found in the film; ``walker`` is the number of the one followed.
    m_per_px
        Scale, where the source knows it (motion capture); else None.
    """

    data: xr.Dataset
    width_px: int
    height_px: int
    backend: str = ""
    model_sha256: str = ""
    camera: CameraMotion | None = None
    people: tuple[Person, ...] = ()
    walker: int = 1
    m_per_px: float | None = None
    is_lite: bool = field(default=False)

    def __post_init__(self) -> None:
        _check(self.data)
        object.__setattr__(self, "data", read_only(self.data))

    @property
    def time_s(self) -> np.ndarray:
        """``(n,)`` presentation times, in s."""
        return self.data["time"].values

    @classmethod
    def from_arrays(
        cls,
        time_s: np.ndarray,
        position_px: np.ndarray,
        confidence: np.ndarray,
        width_px: int,
        height_px: int,
        **facts: Any,
    ) -> Pose:
        """Build from plain arrays.

        Parameters
        ----------
        time_s
            ``(n,)`` s.
        position_px
            ``(n, 2, n_keypoints)`` px, y down.
        confidence
            ``(n, n_keypoints)`` 0..1.
        """
        data = xr.Dataset(
            {
                "position": (("time", "space", "keypoint"), np.asarray(position_px, float)),
                "confidence": (("time", "keypoint"), np.asarray(confidence, float)),
            },
            coords={"time": np.asarray(time_s, float), "space": ["x", "y"], "keypoint": list(KEYPOINTS)},
        )
        return cls(data, width_px, height_px, **facts)


def _check(data: xr.Dataset) -> None:
    """Refuse what is not a pose, naming all that is missing."""
    expected = {"position": ("time", "space", "keypoint"), "confidence": ("time", "keypoint")}
    wrong = [
        f"{name} {tuple(data[name].dims) if name in data else 'missing'}, expected {dims}"
        for name, dims in expected.items()
        if name not in data or tuple(data[name].dims) != dims
    ]
    if wrong:
        raise ValueError("not a pose: " + "; ".join(wrong))
    if tuple(data["keypoint"].values) != KEYPOINTS:
        raise ValueError(f"keypoints are {list(data['keypoint'].values)}, expected {list(KEYPOINTS)}")
    if data.sizes["time"] > 1 and not np.all(np.diff(data["time"].values) > 0):
        raise ValueError("the times of a pose must increase")
    confidence = data["confidence"].values
    if np.nanmin(confidence, initial=0.0) < 0 or np.nanmax(confidence, initial=0.0) > 1:
        raise ValueError("confidence must lie between 0 and 1")
