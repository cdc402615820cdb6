"""How a walk changes from film to film of one examination: the trends of one long film, told by several short ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.core.parameters import GaitParameters, Parameter
from gait.core.sides import SIDES
from gait.parameters.catalogue import Measure, load_catalogue
from gait.parameters.repeatability import MDC_FACTOR
from gait.parameters.uncertainty import Z95, half_width

#: Films that lie closer together show no trend of a walk (our choice: leg pain on walking needs minutes).
MIN_SPAN_MIN = 2.0


def trends_over_films(minutes: Sequence[float], films: Sequence[GaitParameters]) -> tuple[Parameter, ...]:
    """Change a minute of every measure that the catalogue has a trend of.

    A line is fitted through the films' values, each weighed by its error (weighted least squares). What is wrong by the
    same amount in all films (scale, place of the landmarks) cancels in a slope, so the error of a film is what two
    films of an unchanged person differ by where somebody has measured that, else its whole interval.

    Parameters
    ----------
    minutes
        When each film began, in minutes from the first.
    films
        Measures of each film, in the same order.

    Returns
    -------
    tuple of Parameter
        Empty where fewer than two films show a measure or they span less than :data:`MIN_SPAN_MIN`. ``low`` and
        ``high`` are the 95 % interval; ``strides`` counts those of all films.
    """
    rows = [row for row in load_catalogue() if row.kind == "trend"]
    return tuple(trend for row in rows if (trend := _trend(row, minutes, films)) is not None)


def _trend(row: Measure, minutes: Sequence[float], films: Sequence[GaitParameters]) -> Parameter | None:
    seen = [(at, *told) for at, film in zip(minutes, films, strict=True) if (told := _value(row.of, film)) is not None]
    if len(seen) < 2:
        return None
    at_min, values, errors, strides = (np.array(column, float) for column in zip(*seen, strict=True))
    if np.ptp(at_min) < MIN_SPAN_MIN:
        return None
    weights = 1.0 / errors**2
    middle = float(np.sum(weights * at_min) / weights.sum())
    leverage = float(np.sum(weights * (at_min - middle) ** 2))
    slope, half = float(np.sum(weights * (at_min - middle) * values) / leverage), Z95 / np.sqrt(leverage)
    if row.unit.startswith("%"):
        mean = abs(float(np.sum(weights * values) / weights.sum()))
        if mean == 0:
            return None
        slope, half = 100.0 * slope / mean, 100.0 * half / mean
    half = half_width(half, row.systematic)
    count = int(strides.sum())
    return Parameter(row.id, "both", slope, row.unit, float("nan"), count, slope - half, slope + half, method="films")


def _value(measure_id: str, film: GaitParameters) -> tuple[float, float, int] | None:
    """Value, standard error from film to film, and strides; of a measure of both sides the mean of the sides."""
    sides = ("both",) if film.get(measure_id) is not None else SIDES
    found = [parameter for side in sides if (parameter := film.get(measure_id, side)) is not None]
    if not found:
        return None
    errors = [_film_error(parameter) for parameter in found]
    value = float(np.mean([parameter.value for parameter in found]))
    error = float(np.sqrt(np.sum(np.square(errors))) / len(errors))
    return value, error, sum(parameter.strides for parameter in found)


def _film_error(parameter: Parameter) -> float:
    """Standard error of one film's value against another film of the same person."""
    if np.isfinite(parameter.minimal_detectable_change):
        return max(parameter.minimal_detectable_change / MDC_FACTOR, 1e-9)
    return max((parameter.high - parameter.low) / (2 * Z95), 1e-9)
