"""A walker's body in space, as motion capture knows it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.events import EventKind
from gait.core.frozen import read_only_array
from gait.core.sides import Side
from gait.core.skeleton import KEYPOINTS


@dataclass(frozen=True, slots=True)
class BodyMotion:
    """Keypoints in a room whose first axis is the walking direction (ISB: x forward, y up, z to the walker's right).

    Attributes
    ----------
    time_s
        ``(n,)`` s, increasing.
    position_m
        ``(n, 3, keypoints)`` m, in the order of :data:`gait.core.skeleton.KEYPOINTS`; NaN in gaps. The walker first
        walks towards +x.
    events
        ``(time_s, side, kind)`` as somebody (a force plate, an expert) marked them; empty where nobody did.
    name
        Of the marker set, for people.
    """

    time_s: np.ndarray
    position_m: np.ndarray
    events: tuple[tuple[float, Side, EventKind], ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        expected = (len(self.time_s), 3, len(KEYPOINTS))
        if self.position_m.shape != expected:
            raise ValueError(f"position_m has the shape {self.position_m.shape}, expected {expected}")
        if len(self.time_s) > 1 and np.min(np.diff(self.time_s)) <= 0:
            raise ValueError("the times of a motion must increase")
        object.__setattr__(self, "time_s", read_only_array(self.time_s))
        object.__setattr__(self, "position_m", read_only_array(self.position_m))

    def point(self, keypoint: str) -> np.ndarray:
        """``(n, 3)`` m of one keypoint."""
        return self.position_m[:, :, KEYPOINTS.index(keypoint)]
