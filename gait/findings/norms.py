"""What is usual: norms by age, sex and speed of walking, from ``data/norms.csv``."""

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
SPEED_CLASSES: tuple[tuple[str, float], ...] = (
    ("very_slow", 0.227),
    ("slow", 0.363),
    ("free", 0.500),
    ("fast", np.inf),
)

#: Leg length where none is known, in m; enters by its square root only (mean adult: 0.53 of 1.70 m).
USUAL_LEG_M = 0.90
GRAVITY_MPS2 = 9.81

#: Younger people need norms of their own, which this table does not hold.
ADULT_FROM_YEARS = 18


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

    The most specific row wins: age, sex and speed, then speed alone, then adults of any kind. A row that asks for an
    age or sex that was not told does not match.

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
    speed_class = _speed_class(parameters, subject)
    chosen: dict[str, tuple[int, Norm]] = {}
    for row in _table().to_dict("records"):
        rank = _rank(row, subject, speed_class)
        name = str(row["parameter"])
        if are_angles_zeroed and name.endswith("_deg") and "range" not in name and not name.startswith("foot_"):
            continue
        if rank is not None and rank >= chosen.get(name, (0,))[0]:
            chosen[name] = (rank, _norm(row))
    return Norms({name: norm for name, (_, norm) in chosen.items()}, speed_class, False)


def with_norms(parameters: GaitParameters, norms: Norms) -> GaitParameters:
    """The same measures, each with the norm it meets."""
    summary = tuple(_with_norm(parameter, norms) for parameter in parameters.summary)
    return GaitParameters(parameters.strides, summary)


def _with_norm(parameter: Parameter, norms: Norms) -> Parameter:
    norm = norms.by_parameter.get(parameter.id)
    return parameter if norm is None else replace(parameter, norm=norm)


def _speed_class(parameters: GaitParameters, subject: Subject) -> str:
    """Class of the dimensionless speed; empty when the film gives no speed."""
    speed_ll = parameters.value("walking_speed_llps")
    if not np.isfinite(speed_ll):
        return ""
    leg_m = 0.53 * subject.height_m if subject.height_m else USUAL_LEG_M
    dimensionless = speed_ll * np.sqrt(leg_m / GRAVITY_MPS2)
    return next(name for name, upper in SPEED_CLASSES if dimensionless < upper)


def _rank(row: dict[Hashable, Any], subject: Subject, speed_class: str) -> int | None:
    """How specifically a row matches, or None when it does not."""
    sex, low, high, speed = (row[name] for name in ("sex", "age_low", "age_high", "speed_class"))
    rank = 1
    if isinstance(sex, str):
        if subject.sex != sex:
            return None
        rank += 2
    if np.isfinite(high):
        if subject.age_years is None or not low <= subject.age_years < high + 1:
            return None
        rank += 2
    if isinstance(speed, str):
        if speed != speed_class:
            return None
        rank += 1
    return rank


def _norm(row: dict[Hashable, Any]) -> Norm:
    sex, low, high, speed = (row[name] for name in ("sex", "age_low", "age_high", "speed_class"))
    words = [str(sex)] if isinstance(sex, str) else []
    if np.isfinite(high):
        words.append(f"{low:.0f}-{high:.0f} years")
    elif np.isfinite(low):
        words.append("adults")
    if isinstance(speed, str):
        words.append(f"walking speed {speed.replace('_', ' ')}")
    return Norm(float(row["low"]), float(row["high"]), ", ".join(words), str(row["source"]))


@lru_cache(maxsize=1)
def _table() -> pd.DataFrame:
    with files("gait.findings").joinpath("data/norms.csv").open("r", encoding="utf-8") as file:
        return pd.read_csv(file, dtype={"sex": object, "speed_class": object})
