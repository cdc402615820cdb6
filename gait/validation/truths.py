"""The true value of every measure, from a walk whose every joint is known.

The same definitions are applied to the true joints and the true events as to the landmarks and the found events, so a
difference is an error of measurement and not one of words.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from gait.core.clip import Clip
from gait.core.errors import SchemaError
from gait.core.events import EventKind, GaitEvents
from gait.core.parameters import GaitParameters
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS, LANDMARKS, MIDLINE
from gait.core.trajectories import Pass, Scale, Trajectories, View
from gait.events.cycles import cut_cycles
from gait.parameters.compute import compute_parameters
from gait.parameters.foot import LATE_SWING_S
from gait.simulate.walker import Walker
from gait.trajectories import angles

#: True walks of formulas are sampled this finely, Hz, so that peaks are met.
FINE_HZ = 100.0

#: A pixel of the true picture, m.
_M_PER_PX = 0.001

#: From landmarks or pixels of the feet; on true joints they are read off the feet's own truth.
_FOOT = ("foot_floor_angle_at_contact_deg", "late_swing_foot_angle_deg", "contact_to_foot_flat_s")

Event = tuple[float, Side, EventKind]
Values = dict[tuple[str, str], float]


def true_parameters(
    time_s: np.ndarray,
    position_m: np.ndarray,
    events: Sequence[Event],
    passes: Sequence[Pass],
    leg_m: float,
    belt_mps: float | None = None,
) -> GaitParameters:
    """Measures of a walk from its true joints and events.

    Parameters
    ----------
    time_s
        ``(n,)`` s, evenly spaced.
    position_m
        ``(n, 2 sides, landmarks, 2)`` m, forward (of the picture) and up; landmarks as in
        :data:`gait.core.skeleton.LANDMARKS`.
    events
        ``(time_s, side, kind)``.
    passes
        Straight stretches.
    leg_m
        Hip to sole, m.
    belt_mps
        Speed of the treadmill; None over ground.
    """
    sided = np.asarray(position_m, float) / _M_PER_PX
    facing = np.zeros(len(time_s))
    for stretch in passes:
        facing[(time_s >= stretch.start_s) & (time_s < stretch.end_s)] = stretch.facing
    belt_px = None if belt_mps is None else belt_mps / _M_PER_PX
    data = _dataset(np.asarray(time_s, float), sided, facing, belt_px)
    trajectories = Trajectories(
        data,
        tuple(passes),
        View("sagittal", 1.0, 0.0),
        Scale(leg_m / _M_PER_PX, _M_PER_PX, "source", 0.0),
        cutoff_hz=0.0,
        is_treadmill=belt_px is not None,
        source_rate_hz=1.0 / float(np.median(np.diff(time_s))),
        is_capture=True,
    )
    found = GaitEvents.from_rows([(at_s, side, kind, 1.0) for at_s, side, kind in events])
    return compute_parameters(Clip(trajectories, found, cut_cycles(trajectories, found)))


def _dataset(time_s: np.ndarray, sided: np.ndarray, facing: np.ndarray, belt_px: float | None) -> xr.Dataset:
    """Trajectories' data from true joints."""
    middle = {name: sided[:, :, LANDMARKS.index(source)].mean(1) for name, source in _MIDDLE.items()}
    midline = np.stack([middle[name] for name in MIDLINE], axis=1)
    lean = angles.trunk_lean(middle["pelvis"], middle["neck"], facing)
    ground = np.zeros(len(time_s)) if belt_px is None else -facing * belt_px
    per_side = []
    for index in range(len(SIDES)):
        segments = angles.segment_angles(sided[:, index], facing)
        heel, toe = (sided[:, index, LANDMARKS.index(name)] for name in ("heel", "toe"))
        flat = angles.flat_foot_pitch(segments["foot_pitch"], heel, toe, ground, time_s)
        per_side.append(angles.joint_angles(segments, lean, flat))
    travel = np.gradient(middle["pelvis"][:, 0], time_s) * facing
    speed = travel if belt_px is None else np.full(len(time_s), belt_px)
    angle, sure = np.stack(per_side, axis=1), np.ones((len(SIDES), len(LANDMARKS), len(time_s)))
    return Trajectories.dataset(time_s, sided, midline, sure, angle, lean, speed)


#: Points of the midline stand in the middle of these; the head is not measured.
_MIDDLE = {"head": "shoulder", "neck": "shoulder", "pelvis": "hip"}


def values_of(parameters: GaitParameters) -> Values:
    """Value by parameter and side."""
    return {(found.id, found.side): found.value for found in parameters.summary}


def walker_truth(walker: Walker) -> Values:
    """True measures of a simulated walk from the side.

    Parameters
    ----------
    walker
        The walk; its events and straight passes are its own.
    """
    told = walker.truth()
    time_s = np.arange(0.0, walker.duration_s, 1.0 / FINE_HZ)
    room = walker.positions_m(time_s)
    order = [[KEYPOINTS.index(f"{side}_{name}") for name in LANDMARKS] for side in SIDES]
    sided = np.stack([room[:, :2, columns].transpose(0, 2, 1) for columns in order], axis=1)
    passes, facing = [], 1
    for stretch in told["passes"]:
        # The room's x runs along the first pass, whichever way the picture shows it.
        passes.append(Pass(stretch["start_s"], stretch["end_s"], stretch["heading"], facing, stretch["near_side"]))
        facing = -facing
    events = [(row["time_s"], row["side"], row["kind"]) for row in told["events"]]
    belt = walker.stride_length_m / walker.stride_time_s if walker.heading == "in_place" else None
    out = values_of(true_parameters(time_s, sided, events, passes, walker.leg_length_m, belt))
    feet = {
        (row["id"], row["side"]): row["value"]
        for row in told["parameters"]
        if row["id"] in ("foot_floor_angle_at_contact_deg", "contact_to_foot_flat_s")
    }
    return {key: value for key, value in out.items() if key[0] not in _FOOT} | feet


def read_full_truth(path: Path) -> dict[str, Any]:
    """Read a per-frame truth file of a rendered film (``NAME.full.json.gz`` or the same unpacked).

    Raises
    ------
    SchemaError
        When it is not one.
    """
    raw = path.read_bytes()
    full = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    missing = [name for name in ("fps", "events", "strides", "joints3d", "per_frame") if name not in full]
    if missing:
        raise SchemaError(f"{path.name} lacks {', '.join(missing)}; expected the per-frame truth of a rendered film")
    return full


def rendered_truth(full: Mapping[str, Any]) -> Values:
    """True measures of a rendered walk from the side, over the strides that are in view.

    Parameters
    ----------
    full
        From :func:`read_full_truth`.
    """
    found = values_of(rendered_parameters(full))
    return {key: value for key, value in found.items() if key[0] not in _FOOT} | _foot_truth(full)


def rendered_parameters(full: Mapping[str, Any]) -> GaitParameters:
    """The same with every stride, foot measures read off the joints.

    Parameters
    ----------
    full
        From :func:`read_full_truth`.
    """
    time_s = np.arange(full["frames"]) / full["fps"]
    joints = {name: np.asarray(track, float)[:, [0, 2]] for name, track in full["joints3d"].items()}
    sided = np.stack([np.stack([joints[f"{name}_{side[0]}"] for name in LANDMARKS], axis=1) for side in SIDES], axis=1)
    start_s, end_s = _in_view(full)
    passes = [Pass(start_s, end_s, "left_to_right", 1, _LETTERS.get(full.get("near_side") or ""))]
    events: list[Event] = [
        (float(row["t"]), _LETTERS[row["side"]], row["type"])
        for row in full["events"]
        if row["type"] in ("initial_contact", "toe_off")
    ]
    leg_m = float(np.mean(list(full["leg_length_m"].values())))
    belt = full["mean_speed_mps"] if full.get("spec", {}).get("treadmill") else None
    return true_parameters(time_s, sided, events, passes, leg_m, belt)


_LETTERS: dict[str, Side] = {"L": "left", "R": "right"}


def _in_view(full: Mapping[str, Any]) -> tuple[float, float]:
    """From when to when contacts may be seen, s: half a step longer than the pelvis is in the picture."""
    seen = np.flatnonzero(full["fully_in_view"]) / full["fps"]
    return float(seen[0]) - 0.3, float(seen[-1]) + 0.3


def _foot_truth(full: Mapping[str, Any]) -> Values:
    """Pitch at contact, in late swing, and time of lowering, by side."""
    out: Values = {}
    time_s = np.arange(full["frames"]) / full["fps"]
    start_s, end_s = _in_view(full)
    for letter, side in _LETTERS.items():
        rows = [row for row in full["strides"] if row["side"] == letter and start_s <= row["ic"] <= end_s]
        if not rows:
            continue
        pitch = np.asarray(full["per_frame"][letter]["foot_pitch"], float)
        late = [
            float(np.mean(np.interp(row["ic"] - np.linspace(0.0, LATE_SWING_S, 11), time_s, pitch)))
            for row in rows
            if row["ic"] > LATE_SWING_S
        ]
        out["foot_floor_angle_at_contact_deg", side] = float(np.mean([row["foot_pitch_ic_deg"] for row in rows]))
        out["contact_to_foot_flat_s", side] = float(np.mean([row["lowering_time_s"] for row in rows]))
        if late:
            out["late_swing_foot_angle_deg", side] = float(np.mean(late))
    return out
