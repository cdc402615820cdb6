"""What a film from the front or from behind can show: cue by cue, against rendered truth.

The same definitions are applied to the true joints, seen from infinitely far in front, and to the landmarks of the
film, so a difference is an error of measurement. ``python -m gait.validation.frontal FILM...`` prints the table; each
film needs its per-frame truth beside it (``NAME.full.json.gz`` or ``NAME.json``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gait.core.clip import Clip
from gait.core.errors import GaitError, InputError
from gait.core.events import EventKind, GaitEvents
from gait.core.sides import SIDES, Side, other_side
from gait.core.skeleton import LANDMARKS, MIDLINE
from gait.core.trajectories import JOINTS, Pass, Scale, Trajectories, View
from gait.events.cycles import cut_cycles
from gait.parameters import frontal, spatial
from gait.parameters.stride import Stride, strides
from gait.validation.truths import read_full_truth

#: A pixel of the true picture, m.
_M_PER_PX = 0.001

_LETTERS: dict[str, Side] = {"L": "left", "R": "right"}

#: Columns of :func:`cue_rows`.
CUE_COLUMNS = ("film", "planted", "cue", "true", "measured", "error", "verdict")

#: Verdicts of one film that count over all of them.
_COUNTED = ("shows it", "does not", "false")

Measurement = Callable[[Stride], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One thing that may be seen from the front.

    Attributes
    ----------
    name
        In words.
    of_truth, of_film
        What is measured on the true joints, and on the film's landmarks to tell of it.
    noise
        A left-right difference (or, of a walk, a value) up to this size may be nothing, in the unit of ``of_film``.
    moderate
        Such a difference of the truth is a moderate case, in the unit of ``of_truth``.
    is_sided
        Whether the two sides are compared; else their mean is looked at.
    """

    name: str
    of_truth: Measurement
    of_film: Measurement
    noise: float
    moderate: float
    is_sided: bool = True


def _drop(joint: str) -> Measurement:
    """How far the swing side sinks below the standing side from double support to the middle of single support."""

    def measured(stride: Stride) -> float:
        tracks = stride.trajectories
        apart = tracks.landmark(stride.side, joint) - tracks.landmark(other_side(stride.side), joint)
        lower = np.degrees(np.arctan2(apart[:, 1], np.abs(apart[:, 0])))
        return frontal.middle_of_single_support(stride, lower) - frontal.over_double_supports(stride, lower)

    return measured


def _knee_line(stride: Stride) -> float:
    """How much lower the swinging knee is than the standing one, in leg lengths."""
    tracks = stride.trajectories
    apart = tracks.landmark(stride.side, "knee") - tracks.landmark(other_side(stride.side), "knee")
    return frontal.middle_of_single_support(stride, apart[:, 1]) / tracks.scale.leg_length_px


#: A cue shows a thing when it is right in this share of the films with or without it, and goes with the truth (our
#: choice).
_RIGHT_SHARE = 0.85
_LEAST_CORRELATION = 0.75

#: All cues. The noise is what the findings allow for between two sides that do not differ (of the cues that no finding
#: uses: three times the healthy films' root mean square), a moderate case as in the findings (our estimate).
CUES: tuple[Cue, ...] = (
    Cue(
        name="trunk leans over the standing leg (deg)",
        of_truth=frontal.trunk_sway_to_stance_deg,
        of_film=frontal.trunk_sway_to_stance_deg,
        noise=1.5,
        moderate=4.0,
    ),
    Cue(
        name="trunk lists (deg)",
        of_truth=frontal.trunk_list_deg,
        of_film=frontal.trunk_list_deg,
        noise=4.4,
        moderate=8.0,
    ),
    Cue(
        name="body lower over one leg (leg lengths)",
        of_truth=frontal.body_rise_over_stance_ll,
        of_film=frontal.body_rise_over_stance_ll,
        noise=0.012,
        moderate=0.022,
    ),
    Cue(
        name="ankle swings outwards (leg lengths)",
        of_truth=frontal.lateral_ankle_excursion_ll,
        of_film=frontal.lateral_ankle_excursion_ll,
        noise=0.028,
        moderate=0.06,
    ),
    Cue(
        name="foot points outwards (deg)",
        of_truth=frontal.foot_progression_deg,
        of_film=frontal.foot_progression_deg,
        noise=7.0,
        moderate=12.0,
    ),
    Cue(
        name="feet apart (leg lengths)",
        of_truth=spatial.step_width_ll,
        of_film=spatial.step_width_ll,
        noise=0.04,
        moderate=0.08,
        is_sided=False,
    ),
    Cue(
        name="pelvis drops (deg): from the hip landmarks",
        of_truth=_drop("hip"),
        of_film=_drop("hip"),
        noise=2.0,
        moderate=5.0,
    ),
    Cue(
        name="pelvis drops (deg): from the shoulder line",
        of_truth=_drop("hip"),
        of_film=_drop("shoulder"),
        noise=2.0,
        moderate=5.0,
    ),
    Cue(
        name="pelvis drops (deg): from the trunk's lean (deg)",
        of_truth=_drop("hip"),
        of_film=frontal.trunk_sway_to_stance_deg,
        noise=1.5,
        moderate=5.0,
    ),
    Cue(
        name="pelvis drops (deg): from the knees' heights (leg lengths)",
        of_truth=_drop("hip"),
        of_film=_knee_line,
        noise=0.02,
        moderate=5.0,
    ),
    Cue(
        name="pelvis drops (deg): from the neck over the foot (leg lengths)",
        of_truth=_drop("hip"),
        of_film=frontal.neck_over_foot_ll,
        noise=0.02,
        moderate=5.0,
    ),
)


def true_clip(full: Mapping[str, Any]) -> Clip:
    """A rendered walk as it would be seen from infinitely far in front of the walker.

    Parameters
    ----------
    full
        From :func:`gait.validation.truths.read_full_truth`.
    """
    time_s = np.arange(full["frames"]) / full["fps"]
    # The walker goes along x, y is to the left, z up; seen from in front the left is to the right of the picture.
    joints = {name: np.asarray(track, float)[:, [1, 2]] / _M_PER_PX for name, track in full["joints3d"].items()}
    sided = np.stack([np.stack([joints[f"{name}_{side[0]}"] for name in LANDMARKS], axis=1) for side in SIDES], axis=1)
    middle = {
        "head": joints["head"],
        "neck": sided[:, :, LANDMARKS.index("shoulder")].mean(1),
        "pelvis": sided[:, :, LANDMARKS.index("hip")].mean(1),
    }
    count = len(time_s)
    data = Trajectories.dataset(
        time_s,
        sided,
        np.stack([middle[name] for name in MIDLINE], axis=1),
        np.ones((len(SIDES), len(LANDMARKS), count)),
        np.zeros((count, len(SIDES), len(JOINTS))),
        np.zeros(count),
        np.zeros(count),
    )
    whole = Pass(float(time_s[0]), float(time_s[-1]) + 1.0 / full["fps"], "towards", 0, None)
    leg_px = float(np.mean(list(full["leg_length_m"].values()))) / _M_PER_PX
    trajectories = Trajectories(
        data,
        (whole,),
        View("frontal", 1.0, 90.0),
        Scale(leg_px, _M_PER_PX, "source", 0.0),
        cutoff_hz=0.0,
        is_treadmill=False,
        source_rate_hz=float(full["fps"]),
    )
    kinds: dict[str, EventKind] = {"initial_contact": "initial_contact", "toe_off": "toe_off"}
    rows = [
        (float(row["t"]), _LETTERS[row["side"]], kinds[row["type"]], 1.0)
        for row in full["events"]
        if row["type"] in kinds
    ]
    events = GaitEvents.from_rows(rows)
    return Clip(trajectories, events, cut_cycles(trajectories, events))


def side_values(clip: Clip, measurement: Measurement) -> dict[Side, float]:
    """Mean over the strides of each side; NaN where no stride shows it."""
    found: dict[Side, list[float]] = {side: [] for side in SIDES}
    for stride in strides(clip.trajectories, clip.events, clip.cycles):
        value = measurement(stride)
        if np.isfinite(value):
            found[stride.side].append(value)
    return {side: float(np.mean(values)) if values else float("nan") for side, values in found.items()}


def cue_rows(film: str, clip: Clip, full: Mapping[str, Any]) -> pd.DataFrame:
    """Every cue of one film.

    Parameters
    ----------
    film
        Its name.
    clip
        What was measured in it.
    full
        Its per-frame truth.

    Returns
    -------
    pandas.DataFrame
        :data:`CUE_COLUMNS`. ``true`` and ``measured`` are left minus right (of a walk: the mean); ``error`` is
        measured less true where both are the same thing, else NaN.
    """
    truth = true_clip(full)
    rows = []
    for cue in CUES:
        true, measured = _signal(cue, truth, cue.of_truth), _signal(cue, clip, cue.of_film)
        error = measured - true if cue.of_truth is cue.of_film or _is_same(cue) else float("nan")
        rows.append((film, planted(full), cue.name, true, measured, error, _verdict(cue, true, measured)))
    return pd.DataFrame(rows, columns=list(CUE_COLUMNS))


def planted(full: Mapping[str, Any]) -> str:
    """What was planted, in words: fault, side and severity."""
    if full["fault"] in (None, "normal"):
        return "nothing"
    return f"{full['fault']} {_LETTERS[full['affected_side']]} {full['severity']:g}"


def _is_same(cue: Cue) -> bool:
    """Whether film and truth are measured alike."""
    return cue.name.endswith("from the hip landmarks")


def _signal(cue: Cue, clip: Clip, measurement: Measurement) -> float:
    values = side_values(clip, measurement)
    return values["left"] - values["right"] if cue.is_sided else (values["left"] + values["right"]) / 2


def _verdict(cue: Cue, true: float, measured: float) -> str:
    """In one film: is what is there seen, and is nothing seen that is not there?"""
    if not np.isfinite(measured):
        return "not measured"
    if not cue.is_sided:
        return "shows it" if abs(measured - true) <= cue.noise else "does not"
    is_there, is_seen = abs(true) >= cue.moderate / 2, abs(measured) > cue.noise
    if not is_there:
        return "false" if is_seen and abs(true) < cue.moderate / 4 else "nothing there"
    return "shows it" if is_seen and true * measured > 0 else "does not"


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Each cue over all films.

    Parameters
    ----------
    rows
        Of :func:`cue_rows`, of several films.

    Returns
    -------
    pandas.DataFrame
        ``cue, films, largest_true, rms_error, correlation, seen, missed, false, verdict``: in how many films with a
        true signal it was seen or missed, in how many without one it was seen.
    """
    out = []
    for cue in CUES:
        chosen = [row for row in rows.to_dict("records") if row["cue"] == cue.name and np.isfinite(row["measured"])]
        true, measured, errors = (np.array([row[name] for row in chosen]) for name in ("true", "measured", "error"))
        seen, missed, false = (sum(row["verdict"] == word for row in chosen) for word in _COUNTED)
        rms = float(np.sqrt(np.mean(errors**2))) if len(errors) else float("nan")
        varies = len(true) > 2 and np.ptp(true) > 0 and np.ptp(measured) > 0
        alike = float(np.corrcoef(true, measured)[0, 1]) if varies else float("nan")
        largest = float(np.max(np.abs(true))) if len(true) else float("nan")
        verdict = _over_all(len(chosen), seen, missed + false, alike)
        out.append((cue.name, len(chosen), largest, rms, alike, seen, missed, false, verdict))
    names = ["cue", "films", "largest_true", "rms_error", "correlation", "seen", "missed", "false", "verdict"]
    return pd.DataFrame(out, columns=names)


def _over_all(films: int, seen: int, wrong: int, alike: float) -> str:
    """What all films together say of a cue."""
    if seen and wrong <= (1.0 - _RIGHT_SHARE) * films and alike >= _LEAST_CORRELATION:
        return "shows it"
    return "does not" if wrong else "nothing to see"


def truth_beside(film: Path) -> Path:
    """The per-frame truth of a rendered film.

    Raises
    ------
    InputError
        When there is none beside it.
    """
    for name in (f"{film.stem}.full.json.gz", f"{film.stem}.json"):
        if (film.parent / name).is_file():
            return film.parent / name
    raise InputError(
        f"{film.name} has no per-frame truth; expected {film.stem}.full.json.gz or {film.stem}.json beside it"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables for the films named on the command line; 2 when one of them cannot be used."""
    # The chain belongs to the pipeline; it is loaded only where a film is measured.
    from gait.core.subject import Subject
    from gait.pipeline import Settings, analyze

    parser = argparse.ArgumentParser(prog="python -m gait.validation.frontal", description=__doc__)
    parser.add_argument("films", nargs="+", type=Path)
    parser.add_argument("--model-file", type=Path, default=None, help="pose model to use instead of the installed one")
    chosen = parser.parse_args(arguments)
    tables = []
    try:
        for film in chosen.films:
            full = read_full_truth(truth_beside(film))
            subject = Subject(height_m=full["stature_m"])
            tables.append(
                cue_rows(film.stem, analyze(film, subject, Settings(model_file=chosen.model_file)).clip, full)
            )
    except GaitError as error:
        print(f"{error}", file=sys.stderr)
        return 2
    rows = pd.concat(tables, ignore_index=True)
    print(rows.to_string(index=False, float_format=lambda value: f"{value:.3f}"))
    print()
    print(summary(rows).to_string(index=False, float_format=lambda value: f"{value:.3f}"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
