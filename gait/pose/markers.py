"""Markers in space (C3D, TRC) -> Pose, as a camera at the side of the walker would see them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np

from gait.core.errors import InputError, SchemaError
from gait.core.events import EventKind
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS, LANDMARKS

#: Scale of the virtual side camera: a person is then about as many px tall as in a full-HD film (our choice).
M_PER_PX = 0.002
#: Empty border of the virtual picture, in px.
MARGIN_PX = 100
#: Less travel of the pelvis than this, in m, is walking on the spot (a treadmill; our estimate).
MIN_TRAVEL_M = 1.0

_M_PER_UNIT = {"mm": 0.001, "cm": 0.01, "m": 1.0}
_NEEDED = ("knee", "ankle", "heel", "toe")
_PARTS = {"left": {"S": "L", "s": "l", "side": "left"}, "right": {"S": "R", "s": "r", "side": "right"}}

#: Label, or code, of a C3D event -> what it is.
_EVENT_KINDS: dict[str, EventKind] = {"foot strike": "initial_contact", "foot off": "toe_off"}
_EVENT_CODES: dict[str, tuple[Side, EventKind]] = {
    "LHS": ("left", "initial_contact"),
    "RHS": ("right", "initial_contact"),
    "LTO": ("left", "toe_off"),
    "RTO": ("right", "toe_off"),
}


@dataclass(frozen=True, slots=True)
class Markers:
    """Markers in space.

    Attributes
    ----------
    time_s
        ``(n,)`` s from the first frame.
    position_m
        Name -> ``(n, 3)`` m in the laboratory's axes; NaN in gaps.
    """

    time_s: np.ndarray
    position_m: Mapping[str, np.ndarray]


def read_c3d(path: Path) -> Markers:
    """Read the points of a C3D file.

    Raises
    ------
    InputError
        The file cannot be read.
    SchemaError
        It holds no points, or its unit of length is unknown.
    """
    content = _open_c3d(path)
    points, parameters = content["data"]["points"], content["parameters"]["POINT"]
    if points.shape[1] == 0 or points.shape[2] == 0:
        raise SchemaError(f"{path.name} holds no marker positions; a recording with markers was expected.")
    factor = _length_unit(_first(parameters, "UNITS", "mm"), path)
    rate_hz = float(_first(parameters, "RATE", 0.0))
    if rate_hz <= 0:
        raise SchemaError(f"{path.name} gives no frame rate (POINT:RATE); export it again with its rate.")
    xyz = points[:3].astype(float)
    # An invalid point is (0, 0, 0) or has a negative residual (C3D user guide).
    invalid = (content["data"]["meta_points"]["residuals"][0] < 0) | (xyz == 0).all(axis=0)
    xyz[:, invalid] = np.nan
    # Labels may be prefixed with the subject's name, and trailing labels may lie in LABELS2 (ezc3d joins them).
    labels = [label.split(":")[-1].strip() for label in parameters["LABELS"]["value"]]
    named: dict[str, np.ndarray] = {}
    for i, label in enumerate(labels[: xyz.shape[1]]):
        named.setdefault(label, xyz[:, i].T * factor)
    return Markers(np.arange(xyz.shape[2]) / rate_hz, named)


def read_marker_events(path: Path) -> list[tuple[float, Side, EventKind]]:
    """The gait events that somebody marked in a C3D file.

    Parameters
    ----------
    path
        The C3D file.

    Returns
    -------
    list of (time_s, side, kind)
        Sorted by time; s from the file's first frame, as in :func:`read_c3d`. Events of neither side, or of no gait
        event we know, are left out. Empty where there are none.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    content = _open_c3d(path)
    group = content["parameters"].get("EVENT", {})
    if "TIMES" not in group or not np.size(group["TIMES"]["value"]):
        return []
    minutes, seconds = np.asarray(group["TIMES"]["value"], float)
    rate_hz = float(_first(content["parameters"]["POINT"], "RATE", 1.0))
    # Times count from frame 1 of the capture; a cropped file starts later. Checked on six recordings with force
    # plates: with this offset contacts lie 5 ms before the force, with one frame more or less 5 or 15 ms after or
    # before it.
    start_s = content["header"]["points"]["first_frame"] / rate_hz
    labels, contexts = (_strings(group, name, len(seconds)) for name in ("LABELS", "CONTEXTS"))
    events = []
    for minute, second, label, context in zip(minutes, seconds, labels, contexts, strict=True):
        if (known := _event_of(label, context)) is not None:
            events.append((float(minute * 60 + second - start_s), *known))
    return sorted(events)


def read_trc(path: Path) -> Markers:
    """Read a TRC file (tab-separated markers, as OpenSim and motion capture systems write it).

    Raises
    ------
    SchemaError
        The header or a row is not as the format asks for.
    """
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if len(lines) < 6 or not lines[0].startswith("PathFileType"):
        raise SchemaError(f"{path.name} is not a TRC file: its first line should begin with PathFileType.")
    facts = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    factor = _length_unit(facts.get("Units", "").strip(), path)
    names = [name.strip().split(":")[-1] for name in lines[3].split("\t")[2:] if name.strip()]
    rows = []
    for number, line in enumerate(lines[5:], start=6):
        if not line.strip():
            continue
        cells = (line.split("\t") + [""] * (2 + 3 * len(names)))[: 2 + 3 * len(names)]
        try:
            rows.append([float(cell) if cell.strip() else np.nan for cell in cells])
        except ValueError as error:
            raise SchemaError(
                f"{path.name}, line {number}: {error}; numbers separated by tabs were expected."
            ) from error
    if not rows:
        raise SchemaError(f"{path.name} holds no rows of numbers; positions of markers were expected.")
    table = np.array(rows)
    xyz = table[:, 2:].reshape(len(table), len(names), 3) * factor
    return Markers(table[:, 1] - table[0, 1], {name: xyz[:, i] for i, name in enumerate(names)})


def pose_from_markers(markers: Markers, backend: str = "markers") -> Pose:
    """What a camera far away at the side of the walker sees of the markers.

    The vertical axis is the one along which the hips lie above the ankles. The horizontal axis of the picture is the
    main direction of the pelvis' travel, or, for walking on the spot, that of the feet from heel to toe; the walker
    first walks to the right. Walking to the right the walker's right side is near, as in a film.

    Parameters
    ----------
    markers
        Markers in space.
    backend
        What the pose says about its origin.

    Returns
    -------
    Pose
        With ``m_per_px``; NaN and confidence 0 in gaps.

    Raises
    ------
    SchemaError
        The markers are of no set we know, or lack the feet.
    """
    points, set_name = _landmarks(markers)
    up, forward = _camera_axes(markers.time_s, points)
    across = np.stack([points[name] @ forward for name in KEYPOINTS], axis=1) / M_PER_PX
    height = np.stack([points[name] @ up for name in KEYPOINTS], axis=1) / M_PER_PX
    across -= np.nanmin(across) - MARGIN_PX
    height -= np.nanmin(height)
    width_px = int(np.ceil(np.nanmax(across))) + MARGIN_PX
    height_px = int(np.ceil(np.nanmax(height))) + 2 * MARGIN_PX
    position = np.stack([across, height_px - MARGIN_PX - height], axis=1)
    confidence = np.isfinite(position).all(axis=1).astype(float)
    return Pose.from_arrays(
        markers.time_s,
        position,
        confidence,
        width_px,
        height_px,
        backend=f"{backend} ({set_name})",
        m_per_px=M_PER_PX,
    )


def _open_c3d(path: Path) -> Any:
    try:
        return ezc3d.c3d(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError(f"{path} cannot be read as a C3D file: {error}.") from error


def _first(group: Any, name: str, default: Any) -> Any:
    values = group[name]["value"] if name in group else []
    return values[0] if len(values) else default


def _strings(group: Any, name: str, count: int) -> list[str]:
    values = list(group[name]["value"]) if name in group else []
    return [str(value).strip() for value in values] + [""] * (count - len(values))


def _event_of(label: str, context: str) -> tuple[Side, EventKind] | None:
    """Side and kind; some files say ``Foot Strike`` in ``Left``, others have a code as label or as context."""
    for code in (label.upper(), context.upper()):
        if code in _EVENT_CODES:
            return _EVENT_CODES[code]
    side: Side | None = next((side for side in SIDES if side == context.lower()), None)
    kind = _EVENT_KINDS.get(label.lower())
    return (side, kind) if side is not None and kind is not None else None


def _length_unit(unit: str, path: Path) -> float:
    if unit.lower() not in _M_PER_UNIT:
        raise SchemaError(f"{path.name}: the unit of length is {unit!r}; expected one of {', '.join(_M_PER_UNIT)}.")
    return _M_PER_UNIT[unit.lower()]


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


def _camera_axes(time_s: np.ndarray, points: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """``(3,)`` up and ``(3,)`` towards the picture's right."""
    pelvis = (points["left_hip"] + points["right_hip"]) / 2
    ankles = (points["left_ankle"] + points["right_ankle"]) / 2
    rise = np.nanmedian(pelvis - ankles, axis=0)
    up = np.zeros(3)
    axis = int(np.argmax(np.abs(rise)))
    up[axis] = np.sign(rise[axis])
    feet = np.nanmean([points[f"{side}_toe"] - points[f"{side}_heel"] for side in SIDES], axis=0)
    feet[:, axis] = 0.0
    level = pelvis[np.isfinite(pelvis).all(axis=1)].copy()
    level[:, axis] = 0.0
    level -= level.mean(axis=0)
    main = np.linalg.svd(level, full_matrices=False)[2][0]
    forward = main if np.ptp(level @ main) >= MIN_TRAVEL_M else _unit(np.nanmean(feet, axis=0))
    start = feet[time_s <= time_s[0] + 1.0] @ forward
    return up, forward * (-1.0 if np.nanmean(start) < 0 else 1.0)
