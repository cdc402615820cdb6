"""Markers in space -> the walker's body in a room of his own, and as a camera far away at his side would see it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from gait.core.errors import InputError, SchemaError
from gait.core.events import EventKind
from gait.core.motion import BodyMotion
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS, LANDMARKS
from gait.pose.marker_files import Markers, read_c3d, read_marker_events, read_trc

#: Scale of the virtual side camera: a person is then about as many px tall as in a full-HD film (our choice).
M_PER_PX = 0.002
#: Empty border of the virtual picture, in px.
MARGIN_PX = 100
#: Less travel of the pelvis than this, in m, is walking on the spot (a treadmill; our estimate).
MIN_TRAVEL_M = 1.0
#: How high the hips of a walker may lie above the ankles, in m: from a toddler to the tallest (our estimate).
LEG_RANGE_M = (0.25, 1.4)

_NEEDED = ("knee", "ankle", "heel", "toe")
_PARTS = {"left": {"S": "L", "s": "l", "side": "left"}, "right": {"S": "R", "s": "r", "side": "right"}}


def read_motion(path: Path) -> BodyMotion:
    """Read motion capture as a walker's body in space.

    Parameters
    ----------
    path
        C3D (its EVENT group becomes ``events``) or TRC.

    Raises
    ------
    InputError
        The file cannot be read, or is of another kind.
    SchemaError
        It lacks what its format, or a walk, needs (for example the feet).
    """
    suffix = path.suffix.lower()
    if not path.is_file():
        raise InputError(f"There is no file {path}; check the name.")
    if suffix == ".c3d":
        return motion_from_markers(read_c3d(path), read_marker_events(path))
    if suffix == ".trc":
        return motion_from_markers(read_trc(path))
    raise InputError(f"{path.name} is no motion capture we read; expected .c3d or .trc.")


def read_lab_points(path: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Keypoints of a C3D file in the laboratory's own axes, where force plates lie.

    Returns
    -------
    time_s
        ``(n,)`` s from the first frame.
    points
        Keypoint -> ``(n, 3)`` m.

    Raises
    ------
    InputError, SchemaError
        As :func:`read_motion`.
    """
    markers = read_c3d(path)
    return markers.time_s, _landmarks(markers)[0]


def motion_from_markers(markers: Markers, events: Sequence[tuple[float, Side, EventKind]] = ()) -> BodyMotion:
    """Bring markers of a known set into a room that begins with the walk.

    The vertical axis of the laboratory is the one along which the hips lie above the ankles. Forward is the main
    direction of the pelvis' travel, or, for walking on the spot, that of the feet from heel to toe; the walker first
    walks towards +x. The laboratory's origin is kept.

    Parameters
    ----------
    markers
        Markers in space, in the laboratory's axes.
    events
        ``(time_s, side, kind)`` that somebody marked.

    Returns
    -------
    BodyMotion
        x forward, y up, z to the walker's right; NaN in gaps and for keypoints that the marker set lacks.

    Raises
    ------
    SchemaError
        The markers are of no set we know, lack the feet, or are not as large as a person.
    """
    points, set_name = _landmarks(markers)
    up, forward = _room_axes(markers.time_s, points)
    to_room = np.stack([forward, up, np.cross(forward, up)])
    position = np.stack([points[name] @ to_room.T for name in KEYPOINTS], axis=-1)
    return BodyMotion(markers.time_s, position, tuple(events), set_name)


def pose_from_motion(motion: BodyMotion, backend: str = "markers") -> Pose:
    """What a camera far away at the side of the walker sees of a body.

    The walker first walks to the right; then the right side is near, as in a film.

    Parameters
    ----------
    motion
        The body in space.
    backend
        What the pose says about its origin.

    Returns
    -------
    Pose
        With ``m_per_px``; NaN and confidence 0 in gaps.
    """
    across, height = motion.position_m[:, 0] / M_PER_PX, motion.position_m[:, 1] / M_PER_PX
    across = across - np.nanmin(across) + MARGIN_PX
    height = height - np.nanmin(height)
    width_px = int(np.ceil(np.nanmax(across))) + MARGIN_PX
    height_px = int(np.ceil(np.nanmax(height))) + 2 * MARGIN_PX
    position = np.stack([across, height_px - MARGIN_PX - height], axis=1)
    return Pose.from_arrays(
        motion.time_s,
        position,
        np.isfinite(position).all(axis=1).astype(float),
        width_px,
        height_px,
        backend=f"{backend} ({motion.name})",
        m_per_px=M_PER_PX,
    )


def pose_from_markers(markers: Markers, backend: str = "markers") -> Pose:
    """What a camera far away at the side of the walker sees of the markers.

    See :func:`motion_from_markers` (how the room is found, what is refused) and :func:`pose_from_motion`.
    """
    return pose_from_motion(motion_from_markers(markers), backend)


@cache
def _marker_sets() -> tuple[dict[str, Any], ...]:
    text = files("gait.pose").joinpath("data/markers.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["set"])


def _landmarks(markers: Markers) -> tuple[dict[str, np.ndarray], str]:
    """Our keypoints in space, and the name of the marker set."""
    fits = [(_lacking(markers, known["markers"]), known) for known in _marker_sets()]
    lacking, known = min(fits, key=lambda fit: len(fit[0]))
    if lacking:
        found = ", ".join(list(markers.position_m)[:30])
        raise SchemaError(
            f"The markers are of no set we know; nearest is {known['name']}, but it lacks {', '.join(lacking)}. Found "
            f"were: {found}. Both feet need a heel and a toe marker; rename the markers or add their names to "
            "gait/pose/data/markers.toml."
        )
    nothing = np.full((len(markers.time_s), 3), np.nan)
    points = {name: nothing for name in KEYPOINTS}
    for side in SIDES:
        for landmark in LANDMARKS:
            found = _pick(markers, known["markers"].get(landmark, []), side)
            points[f"{side}_{landmark}"] = nothing if found is None else found
        ear = _pick(markers, known["markers"].get("ear", []), side)
        points[f"{side}_ear"] = nothing if ear is None else ear
    nose = _pick(markers, known["markers"].get("nose", []), "left")
    points["nose"] = nothing if nose is None else nose
    for side, hip in _hips(markers, known["markers"], points).items():
        points[f"{side}_hip"] = hip
    return points, known["name"]


def _lacking(markers: Markers, table: Mapping[str, Any]) -> list[str]:
    missing = [
        f"{side} {landmark}"
        for side in SIDES
        for landmark in _NEEDED
        if _pick(markers, table.get(landmark, []), side) is None
    ]
    return missing + [f"{side} hip" for side in SIDES if not _has_hip(markers, table, side)]


def _has_hip(markers: Markers, table: Mapping[str, Any], side: Side) -> bool:
    pelvis = all(_pick(markers, table.get(name, []), side) is not None for name in ("asis", "psis"))
    return pelvis or any(_pick(markers, table.get(name, []), side) is not None for name in ("hip", "trochanter"))


def _pick(markers: Markers, alternatives: list[list[str]], side: Side) -> np.ndarray | None:
    """Mean of the markers of the first alternative that is there and not empty throughout."""
    for names in alternatives:
        found = [markers.position_m.get(name.format(**_PARTS[side])) for name in names]
        present = [marker for marker in found if marker is not None and np.isfinite(marker).any()]
        if len(present) == len(names):
            return np.mean(present, axis=0)
    return None


def _both(markers: Markers, alternatives: list[list[str]]) -> tuple[np.ndarray, np.ndarray] | None:
    """Left and right, or None unless both are there."""
    left, right = (_pick(markers, alternatives, side) for side in SIDES)
    return None if left is None or right is None else (left, right)


def _hips(markers: Markers, table: Mapping[str, Any], points: Mapping[str, np.ndarray]) -> dict[Side, np.ndarray]:
    """Hip joint centres: marked ones as they are, else from the pelvis, else the trochanters."""
    if _both(markers, table.get("hip", [])) is not None:
        return {side: points[f"{side}_hip"] for side in SIDES}
    asis = _both(markers, table.get("asis", []))
    psis = _both(markers, table.get("psis", []))
    if asis is not None and psis is not None:
        return _harrington(*asis, (psis[0] + psis[1]) / 2)
    return {side: found for side in SIDES if (found := _pick(markers, table.get("trochanter", []), side)) is not None}


def _harrington(left_asis: np.ndarray, right_asis: np.ndarray, psis: np.ndarray) -> dict[Side, np.ndarray]:
    """Hip joint centres from pelvis width and depth.

    Harrington et al. (2007), Journal of Biomechanics 40(3), 595-602: from the middle of the front spines, in m,
    backward 0.24 depth + 0.0099, downward 0.30 width + 0.0109, sideways 0.33 width + 0.0073.
    """
    middle = (left_asis + right_asis) / 2
    width = np.nanmedian(np.linalg.norm(left_asis - right_asis, axis=1))
    depth = np.nanmedian(np.linalg.norm(middle - psis, axis=1))
    right = _unit(right_asis - left_asis)
    ahead = middle - psis
    ahead = _unit(ahead - right * (ahead * right).sum(axis=1, keepdims=True))
    upward = np.cross(right, ahead)
    centre = middle - ahead * (0.24 * depth + 0.0099) - upward * (0.30 * width + 0.0109)
    aside = right * (0.33 * width + 0.0073)
    return {"left": centre - aside, "right": centre + aside}


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _room_axes(time_s: np.ndarray, points: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """``(3,)`` up and ``(3,)`` forward, in the laboratory's axes."""
    pelvis = (points["left_hip"] + points["right_hip"]) / 2
    ankles = (points["left_ankle"] + points["right_ankle"]) / 2
    whole = np.isfinite(pelvis).all(axis=1) & np.isfinite(ankles).all(axis=1)
    if not whole.any():
        raise SchemaError(
            "The pelvis and both ankles are never seen at the same time; expected markers that follow the whole walk. "
            "Fill the gaps in the capture software."
        )
    rise = np.median((pelvis - ankles)[whole], axis=0)
    axis = int(np.argmax(np.abs(rise)))
    if not LEG_RANGE_M[0] <= abs(rise[axis]) <= LEG_RANGE_M[1]:
        raise SchemaError(
            f"The hips lie {abs(rise[axis]):.3g} m above the ankles, expected {LEG_RANGE_M[0]:g} to {LEG_RANGE_M[1]:g} "
            "m; the unit of length that the file states is wrong, or these are not the markers of someone upright."
        )
    up = np.zeros(3)
    up[axis] = np.sign(rise[axis])
    feet = _toes_ahead(points)
    feet[:, axis] = 0.0
    level = pelvis[np.isfinite(pelvis).all(axis=1)].copy()
    level[:, axis] = 0.0
    level -= level.mean(axis=0)
    main = np.linalg.svd(level, full_matrices=False)[2][0]
    known = np.isfinite(feet).all(axis=1)
    if not known.any():
        raise SchemaError("Heel and toe of one foot are never seen at the same time; fill the gaps in the capture.")
    forward = main if np.ptp(level @ main) >= MIN_TRAVEL_M else _unit(feet[known].mean(axis=0))
    start = known & (time_s <= time_s[known][0] + 1.0)
    return up, forward * (-1.0 if (feet[start] @ forward).mean() < 0 else 1.0)


def _toes_ahead(points: Mapping[str, np.ndarray]) -> np.ndarray:
    """``(n, 3)`` m from heel to toe, mean of the feet that are seen; NaN where neither is."""
    both = np.stack([points[f"{side}_toe"] - points[f"{side}_heel"] for side in SIDES])
    seen = np.isfinite(both).all(axis=2, keepdims=True)
    count = seen.sum(axis=0)
    return np.where(count > 0, np.where(seen, both, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan)
