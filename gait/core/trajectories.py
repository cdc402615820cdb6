"""The walker's landmarks after cleaning: evenly spaced in time, the walker's own sides, y up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from gait.core.frozen import read_only
from gait.core.sides import SIDES, Side
from gait.core.skeleton import LANDMARKS, MIDLINE

ViewKind = Literal["sagittal", "frontal", "oblique"]
Heading = Literal["left_to_right", "right_to_left", "towards", "away", "in_place"]
ScaleSource = Literal["height", "treadmill", "leg_length", "source", "none"]

#: Angles kept per side (see ``gait.trajectories.angles`` for their signs).
JOINTS: tuple[str, ...] = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion", "foot_pitch", "thigh", "shank")


@dataclass(frozen=True, slots=True)
class Pass:
    """A straight stretch of walking, without a turn.

    Attributes
    ----------
    start_s, end_s
        Half-open interval, in s.
    heading
        Where the walker goes, as seen in the picture; ``in_place`` on a treadmill.
    facing
        +1 when the walker faces the right edge of the picture, -1 the left one (sagittal view).
    near_side
        The walker's side that is nearer to the camera; None in a frontal view.
    """

    start_s: float
    end_s: float
    heading: Heading
    facing: int
    near_side: Side | None

    @property
    def duration_s(self) -> float:
        """Length of the pass, in s."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class View:
    """From where the walker was filmed.

    Attributes
    ----------
    kind
        ``sagittal``, ``frontal`` or ``oblique``.
    confidence
        0..1.
    angle_deg
        Estimated angle between walking direction and picture plane: 0 is a perfect side view, 90 frontal.
    """

    kind: ViewKind
    confidence: float
    angle_deg: float


@dataclass(frozen=True, slots=True)
class Scale:
    """How pixels become metres.

    Attributes
    ----------
    leg_length_px
        Hip to sole, in px; the unit of the ``_ll`` parameters.
    m_per_px
        Metres per pixel, or None where no length is known.
    source
        Where the metres come from.
    relative_error
        Standard error of the scale as a fraction of it.
    """

    leg_length_px: float
    m_per_px: float | None
    source: ScaleSource
    relative_error: float


@dataclass(frozen=True, slots=True)
class Trajectories:
    """Landmarks, angles and passes of one walker.

    Attributes
    ----------
    data
        ``position (time, space, side, landmark)`` and ``midline (time, space, point)`` in px of the steadied
        picture, x right, y **up**; ``confidence (time, side, landmark)`` 0..1; ``angle (time, side, joint)`` in deg;
        ``trunk_lean (time)`` deg, forward +; ``speed (time)`` forward speed of the pelvis in px/s over ground
        (treadmill: belt speed). ``time`` in s, evenly spaced. NaN is missing.
    passes
        The straight stretches, in order.
    view, scale
        From where, and how large.
    cutoff_hz
        Cut-off of the smoothing filter, in Hz.
    is_treadmill
        Whether the walker stays in place while walking.
    source_rate_hz
        Frame rate of the film, in Hz; limits what can be timed.
    is_capture
        Whether the landmarks are markers on the body (motion capture) and not what a network saw in a film.
    standing_s
        Start and end of the quiet standing that joint angles are counted from, in s; None where they are not.
    """

    data: xr.Dataset
    passes: tuple[Pass, ...]
    view: View
    scale: Scale
    cutoff_hz: float
    is_treadmill: bool
    source_rate_hz: float
    is_capture: bool = False
    standing_s: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        sizes = self.data.sizes
        if sizes["side"] != 2 or sizes["landmark"] != len(LANDMARKS) or sizes["point"] != len(MIDLINE):
            raise ValueError(f"trajectories need 2 sides, {len(LANDMARKS)} landmarks, {len(MIDLINE)} midline points")
        step = np.diff(self.data["time"].values)
        if len(step) and (step.min() <= 0 or np.ptp(step) > 1e-6):
            raise ValueError("the times of trajectories must be evenly spaced")
        object.__setattr__(self, "data", read_only(self.data))

    @staticmethod
    def dataset(
        time_s: np.ndarray,
        position: np.ndarray,
        midline: np.ndarray,
        confidence: np.ndarray,
        angle: np.ndarray,
        trunk_lean: np.ndarray,
        speed: np.ndarray,
    ) -> xr.Dataset:
        """Plain arrays on the named axes of ``data``.

        Parameters
        ----------
        time_s
            ``(n,)`` s, evenly spaced.
        position
            ``(n, sides, landmarks, 2)`` px, y up.
        midline
            ``(n, points, 2)`` px, y up.
        confidence
            ``(sides, landmarks, n)`` 0..1.
        angle
            ``(n, sides, joints)`` deg.
        trunk_lean, speed
            ``(n,)`` deg and px/s.
        """
        return xr.Dataset(
            {
                "position": (("time", "side", "landmark", "space"), position),
                "midline": (("time", "point", "space"), midline),
                "confidence": (("side", "landmark", "time"), confidence),
                "angle": (("time", "side", "joint"), angle),
                "trunk_lean": (("time",), trunk_lean),
                "speed": (("time",), speed),
            },
            coords={
                "time": time_s,
                "space": ["x", "y"],
                "side": list(SIDES),
                "landmark": list(LANDMARKS),
                "point": list(MIDLINE),
                "joint": list(JOINTS),
            },
        )

    @property
    def time_s(self) -> np.ndarray:
        """``(n,)`` times, in s."""
        return self.data["time"].values

    @property
    def rate_hz(self) -> float:
        """Samples per second."""
        return 1.0 / float(np.median(np.diff(self.time_s)))

    def landmark(self, side: str, landmark: str) -> np.ndarray:
        """``(n, 2)`` px, x right, y up."""
        return self.data["position"].sel(side=side, landmark=landmark).transpose("time", "space").values

    def point(self, point: str) -> np.ndarray:
        """``(n, 2)`` px of a midline point, x right, y up."""
        return self.data["midline"].sel(point=point).transpose("time", "space").values

    def joint(self, side: str, joint: str) -> np.ndarray:
        """``(n,)`` deg."""
        return self.data["angle"].sel(side=side, joint=joint).values

    def facing(self) -> np.ndarray:
        """``(n,)`` +1 facing right, -1 facing left, 0 outside of all passes."""
        out = np.zeros(len(self.time_s))
        for stretch in self.passes:
            out[self.inside(stretch)] = stretch.facing
        return out

    def inside(self, stretch: Pass) -> np.ndarray:
        """``(n,)`` which samples lie in a pass."""
        return (self.time_s >= stretch.start_s) & (self.time_s < stretch.end_s)

    def pass_at(self, time_s: float) -> int | None:
        """Index of the pass that holds a time, or None."""
        for index, stretch in enumerate(self.passes):
            if stretch.start_s <= time_s < stretch.end_s:
                return index
        return None
