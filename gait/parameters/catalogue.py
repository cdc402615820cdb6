"""The catalogue of measures, read from ``catalogue.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from gait.core.errors import SchemaError

Kind = Literal["walk", "stride", "foot", "variability", "asymmetry", "ratio"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One row of the catalogue.

    Attributes
    ----------
    id, unit, label, definition, formula, citation
        For people; the end of the id is the unit.
    kind
        ``walk`` (one value a stride, both sides together), ``stride`` (one a stride and side), ``foot`` (from the feet
        stage), ``variability``, ``asymmetry`` and ``ratio`` (derived from the measure named by ``of``).
    views
        Views that can show it.
    systematic
        One standard error, in the unit, of what does not average out over strides.
    systematic_landmarks
        The same when a ``foot`` measure has to come from landmarks.
    spread
        Usual standard deviation between strides, used when there is only one.
    single_pass
        Added standard error of a leg that was only ever seen as the far one.
    far_bias
        How much the measure reads too high in a leg that is the far one; taken off each such stride.
    scaled
        Whether the error of the scale counts too.
    of
        Source measure of derived kinds.
    """

    id: str
    unit: str
    label: str
    kind: Kind
    views: tuple[str, ...]
    definition: str
    formula: str
    citation: str
    systematic: float
    spread: float
    systematic_landmarks: float | None = None
    single_pass: float = 0.0
    far_bias: float = 0.0
    scaled: bool = False
    of: str = ""


@lru_cache(maxsize=1)
def load_catalogue() -> tuple[Measure, ...]:
    """All measures, in the order of the report.

    Raises
    ------
    SchemaError
        A row lacks a field or has one too many.
    """
    text = files("gait.parameters").joinpath("catalogue.toml").read_text(encoding="utf-8")
    known = {field.name for field in fields(Measure)}
    rows = []
    for number, row in enumerate(tomllib.loads(text)["parameter"], start=1):
        if extra := set(row) - known:
            raise SchemaError(f"catalogue.toml, row {number}: unknown fields {sorted(extra)}; expected {sorted(known)}")
        try:
            rows.append(Measure(**{**row, "views": tuple(row["views"])}))
        except (TypeError, KeyError) as error:
            raise SchemaError(f"catalogue.toml, row {number} ({row.get('id', '?')}): {error}") from error
    return tuple(rows)


def measure(measure_id: str) -> Measure:
    """One row by its id."""
    return {row.id: row for row in load_catalogue()}[measure_id]
