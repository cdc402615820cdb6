"""What is usual: by age and sex from ``data/norms.csv``, by speed of walking from ``data/norms_speed.csv``."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from gait.core.parameters import GaitParameters, Norm, Parameter
from gait.core.subject import Subject

#: Upper limits of the speed classes, in speed / sqrt(g * leg length) (Schwartz et al. 2008, J Biomech 41, 1639-1650).
#: They only name a speed; norms change with speed without steps.
SPEED_CLASSES: tuple[tuple[str, float], ...] = (
    ("very_slow", 0.227),
    ("slow", 0.363),
    ("free", 0.500),
    ("fast", np.inf),
)

#: Leg length where none is known, in m; enters by its square root only (mean adult: 0.53 of 1.70 m).
USUAL_LEG_M = 0.90
#: Leg length as a share of stature (our estimate: hip to sole, shoes off).
LEG_OF_STATURE = 0.53
GRAVITY_MPS2 = 9.81

#: Younger people need norms of their own: these tables, and what is known of our errors, are of adults.
ADULT_FROM_YEARS = 18

#: Age groups that end beyond this have no upper end.
OLDEST_YEARS = 110

#: Usual is the mean and so many standard deviations between people to either side: 95 of 100.
USUAL_SD = 2.0

#: Measures that scale with the leg at one dimensionless speed, by the power of the leg's length in units of
#: :data:`USUAL_LEG_M` (Hof 1996, Gait & Posture 4, 222-223).
_POWER_OF_LEG: dict[str, float] = {"cadence_spm": -0.5, "stride_time_s": 0.5, "step_time_s": 0.5}

#: Lengths in m are those in leg lengths times the leg, where it is known.
_IN_METRES: dict[str, str] = {"step_length_m": "step_length_ll", "stride_length_m": "stride_length_ll"}


@dataclass(frozen=True, slots=True)
class Norms:
    """The norms that fit one person at one speed.

    Attributes
    ----------
    by_parameter
        Parameter id to norm.
    speed_class
        ``very_slow``, ``slow``, ``free``, ``fast``, or empty where no speed is known.
    is_child
        Whether the person is too young for them; then there are none.
    """

    by_parameter: dict[str, Norm]
    speed_class: str
    is_child: bool


def load_norms(subject: Subject, parameters: GaitParameters, *, are_angles_zeroed: bool = False) -> Norms:
    """Norms that match the person and the speed.

    Where the film tells the speed of walking, norms by speed come first; then those by age and sex, then those of
    adults of any kind. A row that asks for an age or sex that was not told does not match.

    Parameters
    ----------
    subject
        Age, sex, height.
    parameters
        For the speed.
    are_angles_zeroed
        Whether joint angles are counted from quiet standing: the norms are not, so those angles then have none. Ranges
        keep theirs, a zero cancels in them.
    """
    if subject.age_years is not None and subject.age_years < ADULT_FROM_YEARS:
        return Norms({}, "", True)
    speed = dimensionless_speed(parameters, subject)
    found = _by_person(subject)
    if np.isfinite(speed):
        found |= _by_speed(subject, speed)
    if are_angles_zeroed:
        found = {name: norm for name, norm in found.items() if not _is_zeroed(name)}
    return Norms(found, _speed_class(speed), False)


def with_norms(parameters: GaitParameters, norms: Norms) -> GaitParameters:
    """The same measures, each with the norm it meets."""
    summary = tuple(_with_norm(parameter, norms) for parameter in parameters.summary)
    return GaitParameters(parameters.strides, summary)


def dimensionless_speed(parameters: GaitParameters, subject: Subject) -> float:
    """Speed / sqrt(g * leg length); NaN when the film gives no speed."""
    return parameters.value("walking_speed_llps") * float(np.sqrt(leg_length_m(subject) / GRAVITY_MPS2))


def leg_length_m(subject: Subject) -> float:
    """Leg length, hip to sole: as told, from stature, or that of a usual adult."""
    told = [leg for leg in (subject.leg_length_left_m, subject.leg_length_right_m) if leg]
    if told:
        return float(np.mean(told))
    return LEG_OF_STATURE * subject.height_m if subject.height_m else USUAL_LEG_M


def _is_zeroed(name: str) -> bool:
    """Whether zeroing to standing changes an angle."""
    is_angle = name.endswith("_deg") and not name.startswith(("foot_", "trunk_", "standing_", "midstance_"))
    return is_angle and "range" not in name and "excursion" not in name


def _with_norm(parameter: Parameter, norms: Norms) -> Parameter:
    norm = norms.by_parameter.get(parameter.id)
    return parameter if norm is None else replace(parameter, norm=norm)


def _speed_class(speed: float) -> str:
    if not np.isfinite(speed):
        return ""
    return next(name for name, upper in SPEED_CLASSES if speed < upper)


def _by_person(subject: Subject) -> dict[str, Norm]:
    """The most specific row of each measure: sex and age, one of them, or neither."""
    chosen: dict[str, tuple[int, Norm]] = {}
    for row in _table("norms.csv").to_dict("records"):
        rank, name = _rank(row, subject), str(row["parameter"])
        if rank is not None and rank >= chosen.get(name, (0,))[0]:
            norm = Norm(float(row["low"]), float(row["high"]), _person_words(row, subject), str(row["source"]))
            chosen[name] = (rank, norm)
    return {name: norm for name, (_, norm) in chosen.items()}


def _rank(row: dict[Hashable, Any], subject: Subject) -> int | None:
    """How specifically a row matches, or None when it does not."""
    rank = 1
    if isinstance(row["sex"], str):
        if subject.sex != row["sex"]:
            return None
        rank += 2
    if np.isfinite(row["age_high"]):
        if not _is_of_age(subject, row["age_low"], row["age_high"]):
            return None
        rank += 2
    return rank


def _is_of_age(subject: Subject, low: float, high: float) -> bool:
    return subject.age_years is not None and low <= subject.age_years < high + 1


def _person_words(row: dict[Hashable, Any], subject: Subject) -> str:
    words = [str(row["sex"])] if isinstance(row["sex"], str) else []
    if np.isfinite(row["age_high"]):
        words.append(f"{row['age_low']:.0f}-{row['age_high']:.0f} years")
    elif subject.age_years is None:
        words.append("adults (age not told)")
    else:
        words.append("adults")
    return ", ".join(words)


def _by_speed(subject: Subject, speed: float) -> dict[str, Norm]:
    """Norms at one dimensionless speed, by interpolation; beyond the table its first or last row."""
    leg_m, found, ranks = leg_length_m(subject), dict[str, Norm](), dict[str, bool]()
    for curve in _speed_curves():
        is_narrow = bool(np.isfinite(curve.age_high))
        if (is_narrow and not _is_of_age(subject, curve.age_low, curve.age_high)) or ranks.get(curve.name, False):
            continue
        ranks[curve.name] = is_narrow
        mean, sd = (float(np.interp(speed, curve.speed, values)) for values in (curve.mean, curve.sd))
        scale = (leg_m / USUAL_LEG_M) ** _POWER_OF_LEG.get(curve.name, 0.0)
        words = _speed_words(curve.who, subject, speed, leg_m)
        low, high = ((mean + sign * USUAL_SD * sd) * scale for sign in (-1.0, 1.0))
        found[curve.name] = Norm(low, high, words, curve.source)
    for metres, lengths in _IN_METRES.items():
        if lengths in found and subject.height_m:
            norm = found[lengths]
            found[metres] = replace(norm, low=norm.low * leg_m, high=norm.high * leg_m)
    return found


@dataclass(frozen=True, slots=True)
class _Curve:
    """One measure against dimensionless speed: ``(n,)`` mean and standard deviation between people of an age."""

    name: str
    age_low: float
    age_high: float
    speed: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    source: str

    @property
    def who(self) -> str:
        """The people, in words."""
        if not np.isfinite(self.age_high):
            return "adults"
        if self.age_high > OLDEST_YEARS:
            return f"{self.age_low:.0f} years and over"
        return f"{self.age_low:.0f}-{self.age_high:.0f} years"


@lru_cache(maxsize=1)
def _speed_curves() -> tuple[_Curve, ...]:
    groups = _table("norms_speed.csv").groupby(["parameter", "age_low", "age_high"], sort=False, dropna=False)
    curves = []
    for _, rows in groups:
        name, low, high, source = (rows[key].iloc[0] for key in ("parameter", "age_low", "age_high", "source"))
        speed, mean, sd = (rows[key].to_numpy(float) for key in ("speed", "mean", "sd"))
        curves.append(_Curve(str(name), float(low), float(high), speed, mean, sd, str(source)))
    return tuple(curves)


def _speed_words(who: str, subject: Subject, speed: float, leg_m: float) -> str:
    """For example ``adults walking at 1.21 m/s (0.41 sqrt(g leg)); age not told``."""
    words = f"{who} walking at {speed * np.sqrt(GRAVITY_MPS2 * leg_m):.2f} m/s ({speed:.2f} sqrt(g leg))"
    missing = [name for name, told in (("age", subject.age_years), ("height", subject.height_m)) if not told]
    if missing:
        words += f"; {' and '.join(missing)} not told"
        words += f", leg taken as {leg_m:.2f} m" if "height" in missing else ""
    return words


@lru_cache(maxsize=2)
def _table(name: str) -> pd.DataFrame:
    with files("gait.findings").joinpath(f"data/{name}").open("r", encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"sex": object}, comment="#")
