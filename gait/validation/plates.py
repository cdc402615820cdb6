"""Initial contacts and toe-offs from force plates, where each foot has a plate of its own (a split-belt treadmill)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezc3d
import numpy as np
from scipy.signal import butter, sosfiltfilt

from gait.core.events import EventKind
from gait.core.sides import SIDES, Side, other_side
from gait.pose.markers import read_lab_points

#: A foot bears on its plate above this force, in N (20 N is usual; Zeni et al. 2008 took 20 N on a treadmill).
THRESHOLD_N = 20.0
#: Low-pass of the force, in Hz (our choice: belts rattle; it lets a sharp contact cross the threshold 3 ms early).
CUTOFF_HZ = 60.0
#: Shorter times on or off the plate are rattling, in s (our estimate).
SHORTEST_S = 0.2


def plate_events(path: Path) -> list[tuple[float, Side, EventKind]]:
    """Events of a treadmill walk by the vertical force under each foot.

    The unloaded plate's own force (its drift) is the median of the lowest fifth. A stance counts only while the other
    foot stays off the plate, told by its ankle marker; so steps across the middle are left out.

    Parameters
    ----------
    path
        C3D with two force plates side by side and markers of a known set.

    Returns
    -------
    list of (time_s, side, kind)
        Sorted by time; s from the first frame. Empty where the file has no two plates side by side.

    Raises
    ------
    InputError, SchemaError
        As :func:`gait.pose.markers.read_motion`.
    """
    time_s, points = read_lab_points(path)
    plates = ezc3d.c3d(str(path), extract_forceplat_data=True)["data"]["platform"]
    if len(plates) != 2:
        return []
    metres = [_m(plate) for plate in plates]
    centres = np.array([corners.mean(axis=1) for corners in metres])
    across = int(np.argmax(np.abs(centres[0] - centres[1])))
    events: list[tuple[float, Side, EventKind]] = []
    ankles = {side: points[f"{side}_ankle"][:, across] for side in SIDES}
    for corners, plate in zip(metres, plates, strict=True):
        low, high = float(corners[across].min()), float(corners[across].max())
        middle = {side: abs(float(np.nanmedian(ankles[side])) - 0.5 * (low + high)) for side in SIDES}
        side: Side = min(SIDES, key=lambda s: middle[s])
        other = ankles[other_side(side)]
        intruding = (other > low) & (other < high)
        for start, stop in _stances_s(plate, len(time_s) * float(np.median(np.diff(time_s)))):
            during = (time_s >= start) & (time_s <= stop)
            if not intruding[during].any():
                events.append((start, side, "initial_contact"))
                events.append((stop, side, "toe_off"))
    return sorted(events)


def _m(plate: Any) -> np.ndarray:
    """``(3, 4)`` m of a plate's corners."""
    return np.asarray(plate["corners"], float) * (0.001 if str(plate["unit_position"]) == "mm" else 1.0)


def _stances_s(plate: Any, duration_s: float) -> list[tuple[float, float]]:
    """Times on the plate, ``(contact, toe-off)`` s, that begin and end within the recording."""
    force = np.asarray(plate["force"], float)[2]
    rate_hz = len(force) / duration_s
    low_pass = butter(2, CUTOFF_HZ / (0.5 * rate_hz), output="sos")
    load = np.asarray(sosfiltfilt(low_pass, np.nan_to_num(force)))
    load = load - np.median(load[load <= np.quantile(load, 0.2)]) - THRESHOLD_N
    crossing = np.flatnonzero(np.diff(np.sign(load)))
    crossing_s = (crossing + load[crossing] / (load[crossing] - load[crossing + 1])) / rate_hz
    rises = load[crossing + 1] > load[crossing]
    pairs = [
        (float(a), float(b))
        for a, b, up in zip(crossing_s[:-1], crossing_s[1:], rises[:-1], strict=True)
        if up and b - a > SHORTEST_S
    ]
    return [pair for i, pair in enumerate(pairs) if i == 0 or pair[0] - pairs[i - 1][1] > SHORTEST_S]
