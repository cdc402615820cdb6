"""Files of motion capture (C3D, TRC) -> markers in space, as they are in the file."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ezc3d
import numpy as np

from gait.core.errors import InputError, SchemaError
from gait.core.events import EventKind
from gait.core.sides import SIDES, Side

_BLOCK, _C3D_MARK = 512, 0x50
_PROCESSOR_NAMES = {84: "Intel", 85: "DEC", 86: "MIPS"}
#: Code of the processor that wrote the file -> byte order of its integers.
_PROCESSORS = {84: "<", 85: "<", 86: ">"}
_M_PER_UNIT = {"mm": 0.001, "cm": 0.01, "m": 1.0}

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
        raise SchemaError(
            f"{path.name} holds {points.shape[1]} markers in {points.shape[2]} frames; a recording with markers was "
            "expected. Export the walk again with its marker trajectories."
        )
    factor = _length_unit(_first(parameters, "UNITS", "mm"), path)
    rate_hz = _rate_hz(parameters, path)
    xyz = points[:3].astype(float)
    # An invalid point is (0, 0, 0) or has a negative residual (C3D user guide); a residual that is no number says
    # nothing, and the point counts if its coordinates do.
    invalid = (content["data"]["meta_points"]["residuals"][0] < 0) | (xyz == 0).all(axis=0) | ~np.isfinite(xyz).all(0)
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
        Sorted by time; s from the file's first frame, as in :func:`read_c3d`. Events of neither side, of no gait
        event we know, or outside of the file's frames (of a trial that was cropped later) are left out. Empty where
        there are none.

    Raises
    ------
    InputError
        The file cannot be read.
    SchemaError
        Its table of event times is not one of minutes and seconds.
    """
    content = _open_c3d(path)
    group = content["parameters"].get("EVENT", {})
    if "TIMES" not in group or not np.size(group["TIMES"]["value"]):
        return []
    times = np.asarray(group["TIMES"]["value"], float)
    if times.ndim != 2 or len(times) != 2:
        raise SchemaError(
            f"{path.name}: EVENT:TIMES has the shape {times.shape}; two rows, minutes and seconds, were expected. "
            "Export the events again."
        )
    used = int(_first(group, "USED", times.shape[1]))
    minutes, seconds = times[:, :used]
    rate_hz = _rate_hz(content["parameters"]["POINT"], path)
    # Times count from frame 1 of the capture; a cropped file starts later. Checked on six recordings with force
    # plates: with this offset contacts lie 5 ms before the force, with one frame more or less 5 or 15 ms after or
    # before it.
    start_s = content["header"]["points"]["first_frame"] / rate_hz
    last_s = (content["data"]["points"].shape[2] - 1) / rate_hz
    labels, contexts = (_strings(group, name, len(seconds)) for name in ("LABELS", "CONTEXTS"))
    events = []
    for minute, second, label, context in zip(minutes, seconds, labels, contexts, strict=False):
        time_s = float(minute * 60 + second - start_s)
        if (known := _event_of(label, context)) is not None and 0 <= time_s + 0.5 / rate_hz <= last_s + 1 / rate_hz:
            events.append((time_s, *known))
    return sorted(events)


def read_model_angles(path: Path) -> dict[str, np.ndarray]:
    """Angles that the laboratory's model wrote into a C3D file.

    Returns
    -------
    dict
        Label (for example ``LKneeAngles``) -> ``(n, 3)`` deg, NaN where not computed; empty for other files.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    if path.suffix.lower() != ".c3d":
        return {}
    content = _open_c3d(path)
    points = content["data"]["points"]
    labels = [label.split(":")[-1].strip() for label in content["parameters"]["POINT"]["LABELS"]["value"]]
    found = {}
    for i, label in enumerate(labels[: points.shape[1]]):
        if label.endswith("Angles"):
            angle = points[:3, i].T.astype(float)
            # A model that has nothing to say writes zeros in all three planes.
            angle[(angle == 0).all(axis=1)] = np.nan
            found[label] = angle
    return found


def read_trc(path: Path) -> Markers:
    """Read a TRC file (tab-separated markers, as OpenSim and motion capture systems write it).

    Raises
    ------
    InputError
        The file cannot be read.
    SchemaError
        The header or a row is not as the format asks for.
    """
    try:
        lines = path.read_text("utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    if len(lines) < 5 or not lines[0].startswith("PathFileType"):
        raise SchemaError(f"{path.name} is not a TRC file: its first line should begin with PathFileType.")
    facts = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=False))
    if "Units" not in facts or "\t" not in lines[3]:
        raise SchemaError(
            f"{path.name}: lines 2 to 4 should name the units and the markers, separated by tabs; found "
            f"{lines[3][:60]!r}. Save it with tabs."
        )
    factor = _length_unit(facts["Units"].strip(), path)
    names = [name.strip().split(":")[-1] for name in lines[3].split("\t")[2:] if name.strip()]
    table = _trc_rows(lines[5:], 2 + 3 * len(names), path)
    if np.any(~(np.diff(table[:, 1]) > 0)):
        raise SchemaError(f"{path.name}: the times in the second column should increase from row to row, in s.")
    xyz = table[:, 2:].reshape(len(table), len(names), 3) * factor
    return Markers(table[:, 1] - table[0, 1], {name: xyz[:, i] for i, name in enumerate(names)})


def _trc_rows(lines: list[str], width: int, path: Path) -> np.ndarray:
    """``(rows, width)`` numbers; empty cells are NaN."""
    rows = []
    for number, line in enumerate(lines, start=6):
        if not line.strip():
            continue
        given = line.rstrip("\t\r ").split("\t")
        if len(given) > width:
            raise SchemaError(f"{path.name}, line {number}: {len(given)} columns; the header names {width}.")
        try:
            rows.append([float(cell) if cell.strip() else np.nan for cell in given + [""] * (width - len(given))])
        except ValueError as error:
            raise SchemaError(
                f"{path.name}, line {number}: {error}; numbers with a decimal point, separated by tabs, were expected."
            ) from error
    if not rows:
        raise SchemaError(f"{path.name} holds no rows of numbers; positions of markers were expected.")
    return np.array(rows)


def _open_c3d(path: Path) -> Any:
    try:
        _require_whole(path)
        return ezc3d.c3d(str(path))
    # The library reports a damaged file by whatever its parser stumbles over.
    except (OSError, RuntimeError, ValueError, MemoryError, IndexError, KeyError, TypeError) as error:
        raise InputError(
            f"{path} cannot be read as a C3D file: {str(error).strip() or type(error).__name__}. It may be cut short "
            "or of another kind; export or copy it again."
        ) from error


def _require_whole(path: Path) -> None:
    """Refuse what is no C3D file or ends too early; the library would end the whole process on some of these.

    The header says where the parameters and the data begin and how much there is (C3D file format: user guide,
    "header section"): blocks of 512 bytes, counted from 1; a negative scale stands for numbers of 4 bytes, not 2.
    """
    with path.open("rb") as file:
        head = file.read(_BLOCK)
        size = file.seek(0, 2)
        if len(head) < _BLOCK or head[1] != _C3D_MARK or head[0] == 0:
            raise ValueError("it does not begin as a C3D file does")
        file.seek(_BLOCK * (head[0] - 1))
        parameters = file.read(4)
    if len(parameters) < 4 or parameters[3] not in _PROCESSORS:
        raise ValueError("its parameters are missing")
    order = _PROCESSORS[parameters[3]]
    points, analog, first, last = struct.unpack_from(f"{order}4H", head, 2)
    (data_block,) = struct.unpack_from(f"{order}H", head, 16)
    # The sign bit of the scale lies in the first byte of a big-endian number, in the last one of the others; DEC's
    # numbers are stored in swapped halves.
    sign_byte = {"MIPS": 12, "DEC": 13, "Intel": 15}[_PROCESSOR_NAMES[parameters[3]]]
    width = 4 if head[sign_byte] & 0x80 else 2
    needed = _BLOCK * (head[0] - 1 + parameters[2])
    if last < first and size <= _BLOCK * (data_block - 1):
        raise ValueError("it holds 0 frames")
    # Longer recordings than 65535 frames do not fit into the header; the parameters know their length.
    if last >= first and data_block > 0:
        needed = max(needed, _BLOCK * (data_block - 1) + (last - first + 1) * (4 * points + analog) * width)
    if size < needed:
        raise ValueError(f"it is {size} bytes long, but its header promises {needed}")


def _first(group: Any, name: str, default: Any) -> Any:
    values = group[name]["value"] if name in group else []
    return values[0] if len(values) else default


def _rate_hz(parameters: Any, path: Path) -> float:
    rate_hz = float(_first(parameters, "RATE", 0.0))
    if not rate_hz > 0:
        raise SchemaError(f"{path.name} gives no frame rate (POINT:RATE); export it again with its rate.")
    return rate_hz


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
