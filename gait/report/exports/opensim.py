"""TRC (markers) and MOT (joint angles) as OpenSim reads them.

Axes of TRC: X forward along the first pass, Y up, Z to the walker's right (0 throughout); millimetres. Missing markers
are empty cells, which OpenSim reads as missing.

MOT: degrees and metres, coordinates of the full-body model of Rajagopal et al. (2016), IEEE Transactions on Biomedical
Engineering 63(10), 2068-2079: hip flexion, knee flexion and ankle dorsiflexion are +. In gait2392 the knee has the
other sign: negate ``knee_angle_*`` there. The film does not show the pelvis' tilt, so the pelvis goes with the trunk
(``pelvis_tilt`` = minus the forward lean) and ``lumbar_extension`` is 0: each segment then lies as it was seen, and
``hip_flexion`` is the one of the report (thigh against trunk).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from gait.core.errors import NotEnoughDataError
from gait.core.trajectories import Trajectories
from gait.report.exports.room import require_side_view, room
from gait.report.exports.source import Source

_MM_PER_M = 1000.0
_TRC_KEYS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip
#: Shortest stretch without a gap that is worth a MOT file, in s (our choice: half a stride of a healthy adult).
MIN_STRETCH_S = 0.5
#: A coordinate that is known in less than this share of the walking is left out (our choice).
MIN_KNOWN = 0.5
_COORDINATES = (("hip_flexion", "hip_flexion"), ("knee_angle", "knee_flexion"), ("ankle_angle", "ankle_dorsiflexion"))


def write_trc(source: Source, path: Path) -> None:
    """Write the landmarks as markers.

    Raises
    ------
    InputError
        Only the JSON is there, no length is known, or the film is not from the side.
    """
    placed = room(source.whole("TRC").trajectories, "TRC")
    names, n = list(placed.position_m), len(placed.time_s)
    rate = f"{placed.rate_hz:.6g}"
    values = (rate, rate, str(n), str(len(names)), "mm", rate, "1", str(n))
    numbers = range(1, len(names) + 1)
    lines = [
        # No file name: it may hold a person's.
        "PathFileType\t4\t(X/Y/Z)\tgait.trc",
        "\t".join(_TRC_KEYS),
        "\t".join(values),
        "Frame#\tTime\t" + "".join(f"{name}\t\t\t" for name in names),
        "\t\t" + "".join(f"X{number}\tY{number}\tZ{number}\t" for number in numbers),
        "",
    ]
    stacked = np.concatenate(list(placed.position_m.values()), axis=1) * _MM_PER_M
    for number, (time_s, row) in enumerate(zip(placed.time_s, stacked, strict=True), start=1):
        # A tab after the last cell too, as OpenSim itself writes: without it an empty last marker would be lost.
        lines.append(f"{number}\t{time_s:.6f}\t" + "".join(f"{_cell(value)}\t" for value in row))
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def _cell(value: float) -> str:
    return f"{value:.4f}" if np.isfinite(value) else ""


def write_mot(source: Source, path: Path) -> None:
    """Write the joint angles over the longest stretch in which all of them are known.

    MOT knows no missing number, and none is made up.

    Raises
    ------
    InputError
        Only the JSON is there, or the film is not from the side.
    NotEnoughDataError
        No angles are known for half a second on end.
    """
    trajectories = source.whole("MOT").trajectories
    require_side_view(trajectories, "MOT")
    columns = _coordinates(trajectories)
    first, stop = _longest(np.array([np.isfinite(values) for values in columns.values()]))
    if (stop - first) / trajectories.rate_hz < MIN_STRETCH_S:
        raise NotEnoughDataError(
            f"The joint angles are known for less than {MIN_STRETCH_S} s on end, too short for a MOT file; film the "
            "whole body from the side, or export c3d or csv, which may have gaps."
        )
    table = np.column_stack([trajectories.time_s, *columns.values()])[first:stop]
    header = (
        "gait_coordinates",
        "version=1",
        f"nRows={len(table)}",
        f"nColumns={table.shape[1]}",
        "inDegrees=yes",
        "",
        "Units are S.I. units (second, meters, Newtons, ...)",
        "Angles are in degrees. Flexion of hip and knee and dorsiflexion are +; negate knee_angle for gait2392.",
        "Seen in one plane. The pelvis goes with the trunk, so lumbar_extension is 0.",
        "",
        "endheader",
        "\t".join(["time", *columns]),
    )
    rows = ["\t".join(f"{value:.6f}" for value in row) for row in table]
    path.write_text("\n".join([*header, *rows]) + "\n", encoding="ascii")


def _coordinates(trajectories: Trajectories) -> dict[str, np.ndarray]:
    """Coordinate of the model -> ``(n,)`` deg or m; those that are mostly known."""
    walking = trajectories.facing() != 0
    found = {"pelvis_tilt": -trajectories.data["trunk_lean"].values}
    if trajectories.scale.m_per_px is not None:
        # Without metres the model walks on the spot; its angles are the same.
        pelvis = room(trajectories, "MOT").position_m["MidHip"]
        found |= {"pelvis_tx": pelvis[:, 0], "pelvis_ty": pelvis[:, 1]}
    for side in ("right", "left"):
        for coordinate, joint in _COORDINATES:
            found[f"{coordinate}_{side[0]}"] = trajectories.joint(side, joint)
    found["lumbar_extension"] = np.zeros(len(trajectories.time_s))
    if not walking.any():
        return {}
    return {name: values for name, values in found.items() if np.isfinite(values[walking]).mean() >= MIN_KNOWN}


def _longest(known: np.ndarray) -> tuple[int, int]:
    """Start and stop of the longest run in which all of ``(columns, n)`` are known; (0, 0) where there is none."""
    if not len(known):
        return 0, 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], known.all(axis=0).astype(int), [0]])))
    runs = edges.reshape(-1, 2)
    if not len(runs):
        return 0, 0
    first, stop = runs[np.argmax(runs[:, 1] - runs[:, 0])]
    return int(first), int(stop)
