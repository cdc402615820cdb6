"""How much a measure may differ between two films of an unchanged person, read from ``repeatability.csv``.

The table is made from repeated films by ``python -m gait.validation.repeatability``.

References
----------
Weir (2005), J Strength Cond Res 19(1), 231-240: minimal detectable change = 1.96 * sqrt(2) * standard error of
measurement.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from gait.core.errors import SchemaError

#: Columns of the table; the first ones are for people, ``sem_film`` and ``sd_stride`` are what the sum is made of.
COLUMNS: tuple[str, ...] = (
    "parameter", "sem", "mdc95", "people", "films", "strides", "sem_film", "sd_stride", "note", "source",
)  # fmt: skip

#: Two films, 95 of 100 cases.
MDC_FACTOR = 1.96 * float(np.sqrt(2.0))

#: Lengths in metres rest on those in leg lengths: the healthy films tell no heights.
_IN_LEG_LENGTHS = {"_m": "_ll", "_mps": "_llps"}


@dataclass(frozen=True, slots=True)
class Repeatability:
    """One row of the table.

    Attributes
    ----------
    sem
        Standard error of measurement of one film of about ``strides`` strides, in the unit.
    strides
        Strides of a side in the films behind it (median).
    sem_film
        The part that more strides do not lessen (near or far leg, walking a little otherwise), in the unit.
    sd_stride
        Standard deviation between strides of a film; NaN for measures of the whole film.
    """

    sem: float
    strides: float
    sem_film: float
    sd_stride: float

    def sem_of(self, strides: int) -> float:
        """Standard error of measurement of a film of this many strides."""
        if not np.isfinite(self.sd_stride):
            return self.sem
        return float(np.hypot(self.sem_film, self.sd_stride / np.sqrt(max(strides, 1))))


@lru_cache(maxsize=1)
def load_repeatability() -> dict[str, Repeatability]:
    """Rows by parameter.

    Raises
    ------
    SchemaError
        The table lacks a column or holds what is no number.
    """
    text = files("gait.parameters").joinpath("repeatability.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    names = ("sem", "strides", "sem_film", "sd_stride")
    try:
        return {row["parameter"]: Repeatability(*(float(row[name]) for name in names)) for row in rows}
    except (KeyError, ValueError) as error:
        raise SchemaError(f"repeatability.csv: {error}; expected the columns {', '.join(COLUMNS)}") from error


def minimal_detectable_change(parameter_id: str, strides: int, leg_m: float) -> float:
    """Two films of an unchanged person differ by less than this in 95 of 100 cases.

    Parameters
    ----------
    parameter_id
        Which measure.
    strides
        Strides behind the value in this film.
    leg_m
        Metres in a leg length; NaN where no metre is known.

    Returns
    -------
    float
        In the unit; NaN where nobody has measured it.
    """
    factor = 1.0
    for metric, relative in _IN_LEG_LENGTHS.items():
        if parameter_id.endswith(metric):
            parameter_id, factor = parameter_id.removesuffix(metric) + relative, leg_m
    row = load_repeatability().get(parameter_id)
    return float("nan") if row is None else MDC_FACTOR * row.sem_of(strides) * factor
