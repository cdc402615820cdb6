"""The walker's landmarks in the axes of a laboratory, for C3D, TRC and MOT.

One camera sees one plane: the third coordinate is 0 throughout and says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.errors import InputError
from gait.core.sides import SIDES
from gait.core.skeleton import LANDMARKS, MIDLINE
from gait.core.trajectories import Trajectories

#: Landmarks of a side -> labels that readers of video keypoints know (OpenPose's BODY_25, ``pose/data/markers.toml``).
_LABELS = {name: name.capitalize() for name in LANDMARKS} | {"toe": "BigToe"}
_MIDLINE = {"head": "Head", "neck": "Neck", "pelvis": "MidHip"}


@dataclass(frozen=True, slots=True)
class Room:
    """Points in a room.

    Attributes
    ----------
    time_s
        ``(n,)`` s from the film's first frame.
    rate_hz
        Samples a second.
    position_m
        Label -> ``(n, 3)`` m: forward along the first pass, up, to the walker's right on that pass (ISB); NaN is
        missing. The floor is near 0 in height: the lowest 2 % of heels and toes.
    """

    time_s: np.ndarray
    rate_hz: float
    position_m: dict[str, np.ndarray]


def room(trajectories: Trajectories, what: str) -> Room:
    """Points in metres.

    Parameters
    ----------
    trajectories
        The cleaned landmarks.
    what
        The format, for the message.

    Raises
    ------
    InputError
        No metre is known, or the film is not from the side.
    """
    require_side_view(trajectories, what)
    scale = trajectories.scale.m_per_px
    if scale is None:
        raise InputError(
            f"No length is known in this film, and {what} is in metres or millimetres. Analyze it again with --height."
        )
    forward = next((stretch.facing for stretch in trajectories.passes if stretch.facing), 1)
    points = {
        f"{side[0].upper()}{_LABELS[name]}": trajectories.landmark(side, name) for side in SIDES for name in LANDMARKS
    } | {_MIDLINE[name]: trajectories.point(name) for name in MIDLINE}
    origin = _origin_px(points, forward)
    placed = {}
    for label, point in points.items():
        known = np.isfinite(point).all(axis=1)
        flat = np.full((len(point), 3), np.nan)
        flat[known, 0] = scale * (forward * point[known, 0] - origin[0])
        flat[known, 1] = scale * (point[known, 1] - origin[1])
        flat[known, 2] = 0.0
        if known.any() or label == _MIDLINE["pelvis"]:
            placed[label] = flat
    return Room(trajectories.time_s, trajectories.rate_hz, placed)


def require_side_view(trajectories: Trajectories, what: str) -> None:
    """Refuse films whose walker changes in size on the way.

    Raises
    ------
    InputError
        The film is not from the side; ``what`` is the format, for the message.
    """
    if trajectories.view.kind != "sagittal":
        raise InputError(
            f"The film's view is {trajectories.view.kind}, and {what} needs one from the side: seen otherwise, the "
            "walker changes in size on the way and flexion does not show. Export its tables (csv, parquet) or fhir."
        )


def _origin_px(points: dict[str, np.ndarray], forward: int) -> tuple[float, float]:
    """Where the walk begins, and how high the floor is, in px."""
    pelvis = points["MidHip"][:, 0]
    seen = pelvis[np.isfinite(pelvis)]
    feet = np.concatenate([points[name][:, 1] for name in ("LHeel", "RHeel", "LBigToe", "RBigToe")])
    feet = feet[np.isfinite(feet)]
    return (float(forward * seen[0]) if len(seen) else 0.0, float(np.quantile(feet, 0.02)) if len(feet) else 0.0)
