"""C3D: points, events, angles and measures, as programs for motion capture read them.

Axes: X forward along the first straight pass, Y to the walker's left on that pass (0: one camera does not see it), Z
up; right-handed, millimetres. Angles are points of the list ``POINT:ANGLES``, in deg, the flexion angle in X (Y and Z
are 0). Times of events count from the first frame. The layout follows the C3D file format: user guide (Motion Lab
Systems).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezc3d
import numpy as np

from gait.core.events import EVENT_KINDS, GaitEvents
from gait.core.parameters import Parameter
from gait.core.sides import SIDES
from gait.core.trajectories import Trajectories
from gait.parameters.catalogue import load_catalogue
from gait.plots.words import ENGLISH
from gait.report.exports.room import Room, room
from gait.report.exports.source import Source

#: Joint -> end of the label, as Plug-in Gait names such angles.
ANGLE_LABELS = {
    "hip_flexion": "HipAngles",
    "knee_flexion": "KneeAngles",
    "ankle_dorsiflexion": "AnkleAngles",
    "foot_pitch": "FootPitchAngles",
    "thigh": "ThighAngles",
    "shank": "ShankAngles",
}
#: Kind of event -> label and number, as Vicon and Mokka write them.
EVENT_LABELS = {"initial_contact": ("Foot Strike", 1), "toe_off": ("Foot Off", 2)}
CONTEXTS = {"left": "Left", "right": "Right", "both": "General"}
#: A dimension of a parameter is one byte; what does not fit goes into NAME2, NAME3, ...
_MOST = 255
_MM_PER_M = 1000.0


def write_c3d(source: Source, path: Path) -> None:
    """Write one analysis as a C3D file.

    Raises
    ------
    InputError
        Only the JSON is there, no length is known, or the film is not from the side.
    """
    analysis = source.whole("C3D")
    placed = room(analysis.trajectories, "C3D")
    angles = _angles(analysis.trajectories)
    file = ezc3d.c3d()
    _add_points(file, placed, angles)
    _add_events(file, analysis.events, float(placed.time_s[0]), source.pseudonym)
    _add_measures(file, analysis.parameters.summary, source.pseudonym)
    for name, value in (("COMPANY", "gait"), ("SOFTWARE", "gait"), ("VERSION_LABEL", analysis.provenance.version)):
        file.add_parameter("MANUFACTURER", name, [value])
    for name, values in (("USED", [1]), ("NAMES", [source.pseudonym]), ("LABEL_PREFIXES", [""])):
        file.add_parameter("SUBJECTS", name, values)
    file.write(str(path))


def _angles(trajectories: Trajectories) -> dict[str, np.ndarray]:
    """Label -> ``(n,)`` deg, of the angles that were measured at all."""
    named = {
        f"{side[0].upper()}{label}": trajectories.joint(side, joint)
        for side in SIDES
        for joint, label in ANGLE_LABELS.items()
    }
    return {label: values for label, values in named.items() if np.isfinite(values).any()}


def _add_points(file: Any, placed: Room, angles: dict[str, np.ndarray]) -> None:
    n = len(placed.time_s)
    data = np.ones((4, len(placed.position_m) + len(angles), n))
    for index, position in enumerate(placed.position_m.values()):
        forward, up, right = position.T * _MM_PER_M
        data[:3, index] = forward, 0.0 - right, up
    for index, values in enumerate(angles.values(), start=len(placed.position_m)):
        data[0, index] = values
        data[1:3, index] = np.where(np.isfinite(values), 0.0, np.nan)
    # A flat zero on the first axis with zeros beside it would read as "not measured".
    lost = (data[:3] == 0).all(axis=0)
    data[0][lost] = np.finfo(np.float32).tiny
    labels = [*placed.position_m, *angles]
    point = file["parameters"]["POINT"]
    point["RATE"]["value"], point["UNITS"]["value"] = [placed.rate_hz], ["mm"]
    point["LABELS"]["value"] = labels
    point["DESCRIPTIONS"]["value"] = [_describe(label) for label in labels]
    file.add_parameter("POINT", "ANGLES", list(angles) or [""])
    file.add_parameter("POINT", "ANGLE_UNITS", ["deg"])
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Z"])
    file["data"]["points"] = data


def _describe(label: str) -> str:
    for joint, end in ANGLE_LABELS.items():
        if label[1:] == end:
            words = ENGLISH.joints[joint]
            return f"{words.title}; {words.high.lower()} +, deg, in X"
    return "Seen in one plane; Y says nothing"


def _add_events(file: Any, events: GaitEvents, first_s: float, subject: str) -> None:
    """The EVENT group; a file without events has an empty one, as laboratories write it."""
    rows = [
        (time_s - first_s, side, kind)
        for time_s, side, kind, _ in events.table.itertuples(index=False)
        if kind in EVENT_KINDS and time_s >= first_s
    ]
    file.add_parameter("EVENT", "USED", [len(rows)])
    for start in range(0, len(rows), _MOST):
        some, end = rows[start : start + _MOST], _suffix(start)
        minutes_seconds = np.array([divmod(time_s, 60.0) for time_s, _, _ in some]).T
        file.add_parameter("EVENT", f"TIMES{end}", minutes_seconds)
        file.add_parameter("EVENT", f"CONTEXTS{end}", [CONTEXTS[side] for _, side, _ in some])
        file.add_parameter("EVENT", f"LABELS{end}", [EVENT_LABELS[kind][0] for _, _, kind in some])
        file.add_parameter("EVENT", f"ICON_IDS{end}", [EVENT_LABELS[kind][1] for _, _, kind in some])
        file.add_parameter("EVENT", f"SUBJECTS{end}", [subject] * len(some))
        file.add_parameter("EVENT", f"DESCRIPTIONS{end}", [kind.replace("_", " ") for _, _, kind in some])
        file.add_parameter("EVENT", f"GENERIC_FLAGS{end}", [0] * len(some))


def _add_measures(file: Any, summary: tuple[Parameter, ...], subject: str) -> None:
    """The ANALYSIS group: one value a measure and side."""
    labels = {measure.id: measure.label for measure in load_catalogue()}
    rows = [parameter for parameter in summary if np.isfinite(parameter.value)]
    file.add_parameter("ANALYSIS", "USED", [len(rows)])
    for start in range(0, len(rows), _MOST):
        some, end = rows[start : start + _MOST], _suffix(start)
        file.add_parameter("ANALYSIS", f"NAMES{end}", [row.id for row in some])
        file.add_parameter("ANALYSIS", f"CONTEXTS{end}", [CONTEXTS[row.side] for row in some])
        file.add_parameter("ANALYSIS", f"UNITS{end}", [row.unit for row in some])
        file.add_parameter("ANALYSIS", f"DESCRIPTIONS{end}", [labels.get(row.id, row.id) for row in some])
        file.add_parameter("ANALYSIS", f"SUBJECTS{end}", [subject] * len(some))
        file.add_parameter("ANALYSIS", f"VALUES{end}", [row.value for row in some])


def _suffix(start: int) -> str:
    number = start // _MOST + 1
    return "" if number == 1 else str(number)
