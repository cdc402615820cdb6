"""How a pose network errs on films whose truth is known; makes ``gait/simulate/data/network_noise.toml``.

Each landmark's error is taken apart, ahead and upward, as a fraction of the leg's length in the picture, for the near
and the far side: a constant, a drift through the picture, a part that repeats with every stride (the network sees a
foot that rolls differently from one that stands), and a random rest. The rest is white noise plus slow noise.

``python -m gait.validation.noise FOLDER`` estimates the pose of every film in a folder that has a full truth beside it
(``NAME.full.json.gz``, see the data's README) and prints the file.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from gait.core.errors import InputError
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS, LANDMARKS

NOISE_COLUMNS: tuple[str, ...] = (
    "landmark",
    "distance",
    "axis",
    "offset",
    "repeating",
    "spread",
    "white",
    "slow_s",
    "outliers",
    "confidence",
    "films",
    "cosine",
    "sine",
)
AXES: tuple[str, str] = ("ahead", "up")
#: Harmonics of the stride that describe the repeating part (our choice: the foot's own motion needs about as many).
_HARMONICS = 4
#: Rests beyond this many robust standard deviations are gross errors (a side swap, a leg lost), not noise.
_GROSS = 6.0
#: The autocorrelation of the rest is fitted up to this lag, in s.
_LONGEST_LAG_S = 0.3
#: A variance below this, of fractions of the leg, is none but for rounding.
_NOTHING = 1e-16


@dataclass(frozen=True, slots=True)
class KnownFilm:
    """One film, what the network saw in it, and where the walker's landmarks truly were.

    Attributes
    ----------
    name
        For people.
    pose
        The network's keypoints.
    true_px
        ``(n, 2, keypoints)`` px, y down, at the pose's times; NaN where the truth has no such point.
    facing
        +1 when the walker faces the right edge, -1 the left one.
    near_side
        The walker's side towards the camera.
    contacts_s
        Initial contacts by side, in s.
    in_view
        ``(n,)`` whether the whole walker is in the picture.
    """

    name: str
    pose: Pose
    true_px: np.ndarray
    facing: int
    near_side: Side
    contacts_s: dict[Side, np.ndarray]
    in_view: np.ndarray


def measure_noise(films: Sequence[KnownFilm]) -> pd.DataFrame:
    """Take the network's errors apart.

    Parameters
    ----------
    films
        Side views.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`NOISE_COLUMNS`; a row for each landmark, ``near`` or ``far`` and axis (``ahead``, ``up``).
        ``offset`` is the mean over the films of the constant part, ``repeating`` and ``spread`` are root mean squares,
        all as a fraction of the leg's length; ``white`` is the share of ``spread**2`` that is new in every frame,
        ``slow_s`` the time constant of the rest; ``outliers`` is the share of gross errors, which are left out;
        ``cosine`` and ``sine`` are the mean over the films of the repeating part's harmonics, tuples whose first is
        that of the stride itself, from initial contact to initial contact of the landmark's own side.

    Raises
    ------
    InputError
        When there are no films.
    """
    if not films:
        raise InputError("found no films to measure the network's noise on, expected at least one side view")
    parts = [part for film in films for part in _take_apart(film)]
    rows = []
    for landmark in ("nose", *LANDMARKS):
        for distance in ("near", "far"):
            for axis in AXES:
                same = [p for p in parts if (p.landmark, p.distance, p.axis) == (landmark, distance, axis)]
                if same:
                    rows.append((landmark, distance, axis, *_pool(same)))
    return pd.DataFrame(rows, columns=list(NOISE_COLUMNS))


def to_toml(table: pd.DataFrame) -> str:
    """The table as ``network_noise.toml``; rows of ``ahead`` and ``up`` follow each other, as measured."""
    rows: list[dict[str, Any]] = [dict(row) for row in table.to_dict("records")]  # pyright: ignore[reportArgumentType]
    lines = [
        "# How MediaPipe's heavy pose network errs on rendered walkers filmed from the side: made by",
        "# `python -m gait.validation.noise FOLDER` (gait/validation/noise.py). Lengths are fractions of the leg",
        "# (hip-knee plus knee-ankle) in the picture, [ahead, up]; see gait/simulate/network.py for the fields.",
        "# repeating: what comes back with every stride; cosine, sine: its harmonics, of which the films share most.",
        f"films = {max(row['films'] for row in rows)}",
    ]
    for ahead, up in zip(rows[::2], rows[1::2], strict=True):
        lines += ["", f"[landmark.{ahead['landmark']}.{ahead['distance']}]"]
        lines += [
            f"{name} = [{ahead[name]:.4f}, {up[name]:.4f}]"
            for name in ("offset", "spread", "repeating", "white", "slow_s")
        ]
        for name in ("cosine", "sine"):
            values = [", ".join(f"{value:.4f}" for value in row[name]) for row in (ahead, up)]
            lines.append(f"{name} = [[{values[0]}], [{values[1]}]]")
        lines.append(f"confidence = {ahead['confidence']:.2f}")
    return "\n".join(lines) + "\n"


def known_film(path: Path, pose: Pose) -> KnownFilm:
    """A film with its full truth (``NAME.full.json.gz`` or ``NAME.json`` beside it).

    Raises
    ------
    InputError
        When there is no such truth, or the film is not one from the side.
    """
    found = [p for p in (path.with_suffix(".full.json.gz"), path.with_suffix(".json")) if p.is_file()]
    if not found:
        raise InputError(f"{path.name} has no full truth beside it, expected {path.stem}.full.json.gz")
    raw = found[0].read_bytes()
    full = json.loads(gzip.decompress(raw) if found[0].suffix == ".gz" else raw)
    if full.get("view") != "side":
        raise InputError(f"{path.name} was filmed from the {full.get('view')}, expected a film from the side")
    short: dict[str, Side] = {"L": "left", "R": "right"}
    frames = min(len(pose.time_s), int(full["frames"]))
    true = np.full((len(pose.time_s), 2, len(KEYPOINTS)), np.nan)
    for index, keypoint in enumerate(KEYPOINTS):
        side, _, landmark = keypoint.partition("_")
        name = f"{landmark}_{side[0]}" if landmark else keypoint
        if name in full["joints2d"]:
            true[:frames, :, index] = np.array(full["joints2d"][name])[:frames]
    contacts: dict[Side, np.ndarray] = {
        side: np.array([e["t"] for e in full["events"] if (e["type"], e["side"]) == ("initial_contact", letter)])
        for letter, side in short.items()
    }
    in_view = np.zeros(len(pose.time_s), bool)
    in_view[:frames] = np.array(full["fully_in_view"][:frames]) > 0
    facing = 1 if full["direction"] == "ltr" else -1
    return KnownFilm(path.stem, pose, true, facing, short[full["near_side"]], contacts, in_view)


@dataclass(frozen=True, slots=True)
class _Part:
    """One landmark of one side of one film along one axis, taken apart."""

    landmark: str
    distance: str
    axis: str
    offset: float
    harmonics: np.ndarray
    repeating: float
    rest: np.ndarray
    step_s: float
    outliers: float
    confidence: float


def _take_apart(film: KnownFilm) -> Iterable[_Part]:
    seen = film.pose.data["position"].transpose("time", "space", "keypoint").values
    good = film.in_view & ~_is_swapped(seen, film.true_px)
    confidence = film.pose.data["confidence"].values
    time_s = film.pose.time_s
    for side in SIDES:
        leg_px = _leg_px(film.true_px, side)
        design = _design(time_s, _phase(time_s, film.contacts_s[side]))
        distance = "near" if side == film.near_side else "far"
        for landmark in LANDMARKS + (("nose",) if distance == "near" else ()):
            index = KEYPOINTS.index(landmark if landmark == "nose" else f"{side}_{landmark}")
            error = (seen[:, :, index] - film.true_px[:, :, index]) * [film.facing, -1] / leg_px
            for axis, name in enumerate(AXES):
                known = good & np.isfinite(error[:, axis])
                if known.sum() < 4 * design.shape[1]:
                    continue
                weights = np.linalg.lstsq(design[known], error[known, axis], rcond=None)[0]
                rest = np.where(known, error[:, axis] - design @ weights, np.nan)
                gross = np.abs(rest) > _GROSS * 1.4826 * np.nanmedian(np.abs(rest))
                rest[gross] = np.nan
                repeating = float(np.std(design[known][:, 2:] @ weights[2:]))
                sure = float(np.median(confidence[known, index]))
                share = float(gross[known].mean())
                for where in (distance, "far") if landmark == "nose" else (distance,):
                    step_s = float(np.median(np.diff(time_s)))
                    yield _Part(
                        landmark, where, name, float(weights[0]), weights[2:], repeating, rest, step_s, share, sure
                    )


def _is_swapped(seen: np.ndarray, true: np.ndarray) -> np.ndarray:
    """``(n,)`` frames whose legs fit the truth better with exchanged sides, or are not there."""
    own, exchanged = np.zeros(len(seen)), np.zeros(len(seen))
    for side, other in (("left", "right"), ("right", "left")):
        for landmark in ("knee", "ankle", "heel", "toe"):
            point = seen[:, :, KEYPOINTS.index(f"{side}_{landmark}")]
            own += np.linalg.norm(point - true[:, :, KEYPOINTS.index(f"{side}_{landmark}")], axis=1)
            exchanged += np.linalg.norm(point - true[:, :, KEYPOINTS.index(f"{other}_{landmark}")], axis=1)
    return ~(own <= exchanged)


def _leg_px(true: np.ndarray, side: Side) -> float:
    hip, knee, ankle = (true[:, :, KEYPOINTS.index(f"{side}_{name}")] for name in ("hip", "knee", "ankle"))
    return float(np.nanmedian(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)))


def _phase(time_s: np.ndarray, contacts_s: np.ndarray) -> np.ndarray:
    """``(n,)`` strides since the first contact, continued beyond the first and last one."""
    if len(contacts_s) < 2:
        raise InputError(f"{len(contacts_s)} initial contacts of one side; at least two are needed to know the stride")
    stride_s = float(np.median(np.diff(contacts_s)))
    count = np.arange(len(contacts_s), dtype=float)
    inside = np.interp(time_s, contacts_s, count)
    before, after = np.minimum(time_s - contacts_s[0], 0.0), np.maximum(time_s - contacts_s[-1], 0.0)
    return inside + (before + after) / stride_s


def _design(time_s: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """Columns: constant, drift, harmonics of the stride."""
    columns = [np.ones(len(time_s)), (time_s - time_s.mean()) / max(float(np.ptp(time_s)), 1e-9)]
    for harmonic in range(1, _HARMONICS + 1):
        columns += [np.cos(2 * np.pi * harmonic * phase), np.sin(2 * np.pi * harmonic * phase)]
    return np.stack(columns, axis=1)


def _pool(parts: Sequence[_Part]) -> tuple[Any, ...]:
    """One row of figures out of all films."""
    spread = float(np.sqrt(np.mean([np.nanvar(part.rest) for part in parts])))
    white, slow_s = _white_and_slow(parts)
    harmonics = np.mean([part.harmonics for part in parts], axis=0)
    return (
        float(np.mean([part.offset for part in parts])),
        float(np.sqrt(np.mean([part.repeating**2 for part in parts]))),
        spread,
        white,
        slow_s,
        float(np.mean([part.outliers for part in parts])),
        float(np.median([part.confidence for part in parts])),
        len(parts),
        tuple(harmonics[::2].tolist()),
        tuple(harmonics[1::2].tolist()),
    )


def _white_and_slow(parts: Sequence[_Part]) -> tuple[float, float]:
    """Share of white noise, and time constant of the rest, that fit the autocorrelations of all films."""
    lags, correlations = [], []
    for part in parts:
        variance = np.nanmean(part.rest**2)
        if not variance > _NOTHING:
            continue
        for lag in range(1, int(_LONGEST_LAG_S / part.step_s) + 1):
            lags.append(lag * part.step_s)
            correlations.append(np.nanmean(part.rest[:-lag] * part.rest[lag:]) / variance)
    if not lags:
        return 1.0, _LONGEST_LAG_S  # No noise at all: any time will do.
    lag_s, correlation = np.array(lags), np.array(correlations)

    def misfit(given: np.ndarray) -> np.ndarray:
        return (1 - given[0]) * np.exp(-0.5 * (lag_s / given[1]) ** 2) - correlation

    fit = least_squares(misfit, [0.4, 0.08], bounds=([0.0, 0.02], [0.95, 1.0]))
    return float(fit.x[0]), float(fit.x[1])


def main(folder: Path) -> str:
    """Estimate, measure and put into words all side films of a folder; progress goes to the standard error."""
    from gait.pipeline import Settings, estimate_pose
    from gait.video.probe import probe

    films = []
    for path in sorted(folder.glob("*.mp4")):
        recording = probe(path)
        pose, _ = estimate_pose(recording, Settings(), lambda step, share: None)
        try:
            films.append(known_film(path, pose))
        except InputError as error:
            sys.stderr.write(f"left out: {error}\n")
    return to_toml(measure_noise(films))


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])))
