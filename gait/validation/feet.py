"""The feet against rendered truth, and their noise floor on films of healthy people."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.interpolate import CubicSpline

from gait.core.errors import InputError, SchemaError
from gait.core.feet import LOWERING_WINDOW_S, ContactType, FootContact, FootMotion
from gait.core.sides import SIDES, Side

#: Frames whose pitch is compared, in s around the true contact.
AROUND_S = (-0.10, 0.15)
#: A measured contact belongs to a true one when they lie this near, in s.
SAME_CONTACT_S = 0.15
#: Columns of :func:`contact_errors`.
CONTACT_COLUMNS = (
    "clip",
    "side",
    "is_near",
    "fps",
    "quality",
    "contact_error_s",
    "pitch_rmse_deg",
    "true_pitch_deg",
    "pitch_deg",
    "pitch_error_deg",
    "true_lowering_s",
    "lowering_s",
    "lowering_error_s",
    "stated_lowering_error_s",
    "true_speed_degps",
    "speed_degps",
    "speed_error_degps",
    "stated_speed_error_degps",
    "true_type",
    "type",
)

#: Columns whose median speaks for a foot.
_MIDDLE = (
    "fps",
    "pitch_error_deg",
    "true_pitch_deg",
    "lowering_s",
    "true_lowering_s",
    "speed_degps",
    "true_speed_degps",
)


@dataclass(frozen=True, slots=True)
class FootTruth:
    """What a rendered foot really did.

    Attributes
    ----------
    time_s, pitch_deg
        ``(n,)`` every frame: s, and the foot's pitch against the floor, toes up +.
    contact_s, flat_s
        ``(k,)`` s of each initial contact and of the foot flat that follows it.
    contact_pitch_deg
        ``(k,)`` pitch at each contact.
    """

    time_s: np.ndarray
    pitch_deg: np.ndarray
    contact_s: np.ndarray
    flat_s: np.ndarray
    contact_pitch_deg: np.ndarray

    def peak_lowering_degps(self, index: int) -> float:
        """Steepest mean lowering over :data:`gait.core.feet.LOWERING_WINDOW_S` of one contact, in deg/s.

        NaN for a forefoot landing, whose toes do not come down.
        The instants of contact and of foot flat are known exactly and join the frames between them.
        """
        if self.contact_pitch_deg[index] <= 0:
            return float("nan")
        start, end = float(self.contact_s[index]), float(self.flat_s[index])
        # Frames next to an instant that is known already would only make the curve swing.
        inside = (self.time_s > start + 0.003) & (self.time_s < end - 0.003)
        time = np.concatenate([[start], self.time_s[inside], [end]])
        pitch = np.concatenate([[self.contact_pitch_deg[index]], self.pitch_deg[inside], [0.0]])
        fine = np.arange(start, end, 0.0005)
        curve = CubicSpline(time, pitch)
        later = np.where(fine + LOWERING_WINDOW_S < end, curve(fine + LOWERING_WINDOW_S), 0.0)
        return float(np.max(curve(fine) - later) / LOWERING_WINDOW_S)


def read_foot_truth(path: Path) -> dict[Side, FootTruth]:
    """Read the per-frame truth of a rendered walker (``NAME.full.json.gz`` or ``NAME.json``).

    Raises
    ------
    InputError
        When there is no such file.
    SchemaError
        When it does not tell of feet.
    """
    try:
        raw = path.read_bytes()
        truth = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
        time_s = np.arange(truth["frames"]) / truth["fps"]
        return {side: _side_truth(truth, side, time_s) for side in SIDES}
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}; name the truth of a rendered film") from error
    except (KeyError, TypeError, ValueError) as error:
        raise SchemaError(
            f"{path} does not tell what the feet did ({error!r}); expected the per-frame truth of a rendered film"
        ) from error


def _side_truth(truth: dict, side: Side, time_s: np.ndarray) -> FootTruth:
    letter = side[0].upper()
    strides = [row for row in truth["strides"] if row["side"] == letter]
    times = {kind: [] for kind in ("initial_contact", "foot_flat")}
    for event in truth["events"]:
        if event["side"] == letter and event["type"] in times:
            times[event["type"]].append(event["t"])
    pairs = [(t, next((f for f in times["foot_flat"] if 0 < f - t < 0.4), np.nan)) for t in times["initial_contact"]]
    contact, flat = np.array(pairs, float).reshape(-1, 2).T
    # A rendered walker lands every step of one foot alike; the last contact's stride may end after the film.
    pitch = np.full(len(contact), float(np.median([row["foot_pitch_ic_deg"] for row in strides])))
    frame_pitch = np.asarray(truth["per_frame"][letter]["foot_pitch"], float)
    known = np.isfinite(flat)
    return FootTruth(time_s, frame_pitch, contact[known], flat[known], pitch[known])


def contact_errors(clip: str, motion: FootMotion, truth: Mapping[Side, FootTruth]) -> pd.DataFrame:
    """One row for every measured contact, next to the true one.

    Parameters
    ----------
    clip
        Name of the film.
    motion
        As measured.
    truth
        From :func:`read_foot_truth`.

    Returns
    -------
    pandas.DataFrame
        :data:`CONTACT_COLUMNS`: errors are measured less true. A contact that nobody made has NaN errors of pitch and
        time, so that it is seen and not counted as right.
    """
    rows = [_contact_row(clip, contact, truth[contact.side]) for contact in motion.contacts]
    return pd.DataFrame(rows, columns=list(CONTACT_COLUMNS))


def _contact_row(clip: str, contact: FootContact, truth: FootTruth) -> dict[str, object]:
    known: dict[str, object] = {
        "clip": clip,
        "side": contact.side,
        "is_near": contact.is_near,
        "fps": 1.0 / float(np.median(np.diff(truth.time_s))),
        "quality": contact.quality,
        "pitch_deg": contact.contact_pitch_deg,
        "lowering_s": contact.lowering_s,
        "stated_lowering_error_s": contact.lowering_error_s,
        "speed_degps": contact.lowering_speed_degps,
        "stated_speed_error_degps": contact.lowering_speed_error_degps,
        "type": contact.contact_type,
    }
    distance = np.abs(truth.contact_s - contact.contact_s)
    if not len(distance) or distance.min() > SAME_CONTACT_S:
        return known
    index = int(np.argmin(distance))
    true_s, pitch = float(truth.contact_s[index]), float(truth.contact_pitch_deg[index])
    lowering, speed = float(truth.flat_s[index] - true_s), truth.peak_lowering_degps(index)
    near = (contact.time_s >= true_s + AROUND_S[0]) & (contact.time_s <= true_s + AROUND_S[1])
    off = contact.pitch_deg[near] - np.interp(contact.time_s[near], truth.time_s, truth.pitch_deg)
    return known | {
        "contact_error_s": contact.contact_s - true_s,
        "pitch_rmse_deg": float(np.sqrt(np.mean(np.square(off)))) if near.any() else np.nan,
        "true_pitch_deg": pitch,
        "pitch_error_deg": contact.contact_pitch_deg - pitch,
        "true_lowering_s": lowering,
        "lowering_error_s": contact.lowering_s - lowering,
        "true_speed_degps": speed,
        "speed_error_degps": contact.lowering_speed_degps - speed,
        "true_type": true_contact_type(pitch),
    }


def true_contact_type(pitch_deg: float) -> ContactType:
    """Which part lands first, by the same definition of a heel landing as the measurement's (10 deg)."""
    if pitch_deg >= 10.0:
        return "heel"
    return "flat" if pitch_deg >= -3.0 else "forefoot"


def foot_errors(contacts: pd.DataFrame) -> pd.DataFrame:
    """One row for every foot of every film: what a report would say, next to the truth.

    Parameters
    ----------
    contacts
        From :func:`contact_errors`, of one or several films.

    Returns
    -------
    pandas.DataFrame
        ``clip, side, is_near, fps, contacts, pitch_rmse_deg`` (root mean square over the contacts),
        ``pitch_error_deg, lowering_error_s, speed_error_pct`` (of the medians), ``contact_mae_s``, ``types_right``,
        ``difference_error_deg`` (error of left less right pitch at contact; only where both feet were measured).
    """
    rows = []
    for clip, side in sorted(set(zip(contacts["clip"], contacts["side"], strict=True))):
        mine = ((contacts["clip"] == clip) & (contacts["side"] == side)).to_numpy(bool)
        rows.append({"clip": clip, "side": side} | _foot_row(contacts, mine))
    out = pd.DataFrame(rows)
    if len(out):
        of = {(row["clip"], row["side"]): row["pitch_error_deg"] for row in rows}
        out["difference_error_deg"] = [
            of.get((row["clip"], "left"), np.nan) - of.get((row["clip"], "right"), np.nan) for row in rows
        ]
    return out


def _foot_row(contacts: pd.DataFrame, mine: np.ndarray) -> dict[str, float | bool]:
    """What one foot's contacts, some rows of the table, say together."""

    def column(name: str) -> np.ndarray:
        return contacts[name].to_numpy(float)[mine]

    middle = {name: _median(column(name)) for name in _MIDDLE}
    kinds = [contacts[name].to_numpy(str)[mine] for name in ("type", "true_type")]
    return {
        "is_near": bool(contacts["is_near"].to_numpy(bool)[mine][0]),
        "fps": middle["fps"],
        "contacts": int(mine.sum()),
        "pitch_rmse_deg": float(np.sqrt(_mean(column("pitch_rmse_deg") ** 2))),
        "pitch_error_deg": middle["pitch_error_deg"],
        "true_pitch_deg": middle["true_pitch_deg"],
        "contact_mae_s": _mean(np.abs(column("contact_error_s"))),
        "true_lowering_s": middle["true_lowering_s"],
        "lowering_error_s": middle["lowering_s"] - middle["true_lowering_s"],
        "speed_error_pct": 100.0 * (middle["speed_degps"] / middle["true_speed_degps"] - 1.0),
        "types_right": float(np.mean(kinds[0] == kinds[1])),
    }


def _median(values: np.ndarray) -> float:
    """Of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _mean(values: np.ndarray) -> float:
    """Of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.mean(known)) if len(known) else float("nan")


def healthy_differences(motions: Mapping[str, FootMotion]) -> pd.DataFrame:
    """How much the feet of healthy people differ: what no finding may be built upon.

    Parameters
    ----------
    motions
        Name of each film, and its feet.

    Returns
    -------
    pandas.DataFrame
        One row a film: ``clip, left, right`` (accepted contacts), ``left_deg, right_deg`` (median pitch at contact),
        ``difference_deg`` (left less right; NaN where a foot has fewer than two contacts, as in the report),
        ``spread_deg`` (standard deviation of one foot's contacts about its mean, both feet together).
    """
    rows = []
    for clip, motion in motions.items():
        pitch = {side: np.array([contact.contact_pitch_deg for contact in motion.of(side)]) for side in SIDES}
        enough = all(len(values) >= 2 for values in pitch.values())
        freedom = sum(max(len(values) - 1, 0) for values in pitch.values())
        squares = sum(float(np.square(values - values.mean()).sum()) for values in pitch.values() if len(values))
        middle = {side: float(np.median(values)) if len(values) else np.nan for side, values in pitch.items()}
        rows.append(
            {
                "clip": clip,
                "left": len(pitch["left"]),
                "right": len(pitch["right"]),
                "left_deg": middle["left"],
                "right_deg": middle["right"],
                "difference_deg": middle["left"] - middle["right"] if enough else np.nan,
                "spread_deg": float(np.sqrt(squares / freedom)) if freedom else np.nan,
            }
        )
    return pd.DataFrame(rows)
