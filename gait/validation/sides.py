"""Left and right: how often the network exchanges the legs, and what is left of that after the global assignment."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gait.core.errors import InputError, SchemaError
from gait.core.events import EVENT_KINDS, GaitEvents
from gait.core.pose import Pose
from gait.core.sides import SIDES, other_side
from gait.core.skeleton import KEYPOINTS
from gait.trajectories.build import steady
from gait.trajectories.swaps import undo_swaps

#: Landmarks of a leg that are compared.
_LEG = ("knee", "ankle", "heel", "toe")

#: Legs that lie on top of each other have no wrong labels: frames count where the distances of the four pairs of
#: landmarks add up to more than this part of the body's height (our choice: 4 % a landmark, about its own error).
MIN_APART = 0.15

#: A found event belongs to the other foot when a true one of that foot lies within the first time and none of its own
#: foot within the second, in s.
NEAR_S, FAR_S = 0.1, 0.15

#: Columns of :func:`side_errors`.
SIDE_COLUMNS: tuple[str, ...] = (
    "clip",
    "frames",
    "judged",
    "raw_wrong",
    "wrong",
    "exchanged",
    "events",
    "events_wrong_side",
)


@dataclass(frozen=True, slots=True)
class LegTruth:
    """Where both legs truly are in the picture.

    Attributes
    ----------
    time_s
        ``(n,)`` s.
    position_px
        ``(n, sides, 4, 2)`` px, y down: knee, ankle, heel, toe.
    height_px
        ``(n,)`` distance from the top of the head to an ankle, px.
    events
        ``time_s, side, kind`` of each true event.
    """

    time_s: np.ndarray
    position_px: np.ndarray
    height_px: np.ndarray
    events: tuple[Mapping[str, Any], ...] = ()


def read_leg_truth(path: Path) -> LegTruth:
    """Read the per-frame truth of a rendered film (``NAME.full.json.gz`` or the same unpacked).

    Raises
    ------
    InputError
        When the file cannot be read.
    SchemaError
        When it holds no joints.
    """
    try:
        raw = path.read_bytes()
        table = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path} ({error}); expected the full truth of a rendered film") from error
    try:
        joints = {name: np.asarray(value, float) for name, value in table["joints2d"].items()}
        legs = np.stack([[joints[f"{name}_{side[0]}"] for name in _LEG] for side in SIDES]).transpose(2, 0, 1, 3)
        height = np.linalg.norm(joints["head_top"] - joints["ankle_r"], axis=1)
        events = tuple(
            {"time_s": float(row["t"]), "side": {"L": "left", "R": "right"}[row["side"]], "kind": row["type"]}
            for row in table.get("events", ())
        )
        time_s = np.arange(len(legs)) / float(table["fps"])
    except (KeyError, TypeError, ValueError) as error:
        raise SchemaError(f"{path} lacks {error}; expected joints2d, fps and events of a rendered film") from error
    return LegTruth(time_s, legs, height, events)


def side_errors(clip: str, pose: Pose, truth: LegTruth, events: GaitEvents | None = None) -> pd.DataFrame:
    """One row of :data:`SIDE_COLUMNS`: frames whose legs carry the other leg's label, before and after.

    Parameters
    ----------
    clip
        Its name.
    pose
        As the network gave it.
    truth
        From :func:`read_leg_truth`.
    events
        Found events; without them the last two columns are 0.
    """
    found = pose.data["position"].transpose("time", "keypoint", "space").values
    _, exchanged = undo_swaps(steady(pose), pose.time_s)
    raw = _wrong(_legs(found), pose.time_s, truth)
    after = _wrong(_legs(found, exchanged), pose.time_s, truth)
    counted, wrong_side = (0, 0) if events is None else _events_of_the_other_foot(events, truth.events)
    row = (
        clip,
        len(found),
        int(np.isfinite(raw).sum()),
        int(np.nansum(raw)),
        int(np.nansum(after)),
        int(exchanged.sum()),
        counted,
        wrong_side,
    )
    return pd.DataFrame([row], columns=list(SIDE_COLUMNS))


def with_total(rows: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows and their sum."""
    if not rows:
        return pd.DataFrame(columns=list(SIDE_COLUMNS))
    table = pd.concat(rows, ignore_index=True)
    total = table.drop(columns="clip").sum()
    return pd.concat([table, pd.DataFrame([{"clip": "all", **total.to_dict()}])], ignore_index=True)


def _legs(found: np.ndarray, exchanged: np.ndarray | None = None) -> np.ndarray:
    """``(n, sides, 4, 2)`` px of knee, ankle, heel and toe, with the legs of some frames exchanged."""
    legs = np.stack([found[:, [KEYPOINTS.index(f"{side}_{name}") for name in _LEG]] for side in SIDES], axis=1)
    if exchanged is not None:
        legs[exchanged] = legs[exchanged][:, ::-1]
    return legs


def _wrong(legs: np.ndarray, time_s: np.ndarray, truth: LegTruth) -> np.ndarray:
    """``(n,)`` 1 where the labels are exchanged, 0 where they are right, NaN where nobody can tell."""
    nearest = np.argmin(np.abs(time_s[:, None] - truth.time_s[None, :]), axis=1)
    true = truth.position_px[nearest]
    own = np.linalg.norm(legs - true, axis=-1).sum(axis=(1, 2))
    other = np.linalg.norm(legs - true[:, ::-1], axis=-1).sum(axis=(1, 2))
    apart = np.linalg.norm(true[:, 0] - true[:, 1], axis=-1).sum(axis=1)
    known = np.isfinite(own) & (apart > MIN_APART * truth.height_px[nearest])
    return np.where(known, (other < own).astype(float), np.nan)


def _events_of_the_other_foot(events: GaitEvents, truth: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Number of found events, and how many of them belong to the other foot."""
    counted = wrong = 0
    for side in SIDES:
        for kind in EVENT_KINDS:
            own, others = (
                np.array([row["time_s"] for row in truth if row["side"] == foot and row["kind"] == kind])
                for foot in (side, other_side(side))
            )
            for time_s in events.times_s(side, kind):
                counted += 1
                wrong += int(_away_s(others, time_s) <= NEAR_S and _away_s(own, time_s) > FAR_S)
    return counted, wrong


def _away_s(times_s: np.ndarray, time_s: float) -> float:
    """Distance to the nearest of some times, infinite where there are none."""
    return float(np.min(np.abs(times_s - time_s))) if len(times_s) else float("inf")
