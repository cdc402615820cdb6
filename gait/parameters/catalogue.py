"""The catalogue of measures, read from ``catalogue.toml`` and, by view and task, the files beside it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from gait.core.errors import SchemaError

Kind = Literal["walk", "stride", "foot", "variability", "asymmetry", "ratio", "difference", "trend", "task"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One row of the catalogue.

    Attributes
    ----------
    id, unit, label, definition, formula, citation
        For people; the end of the id is the unit.
    kind
        ``walk`` (one value a stride, both sides together), ``stride`` (one a stride and side), ``foot`` (from the feet
        stage), ``variability``, ``asymmetry``, ``ratio``, ``difference`` and ``trend`` (derived from the measure named
        by ``of``), ``task`` (one value a repetition of a task).
    views
        Views that can show it.
    systematic
        One standard error, in the unit, of what does not average out over strides.
    systematic_landmarks
        The same when a ``foot`` measure has to come from landmarks.
    spread
        Usual standard deviation between strides; all there is when there is only one stride.
    jitter
        Standard error of a single stride's value against that stride's truth, in the unit.
    events
        How much of an error of this foot's contact, the other foot's contact, this foot's toe-off and the other
        foot's toe-off the formula lets through; empty where events hardly matter.
    bias
        How much the measure reads too high in any leg; taken off each stride.
    far_bias
        How much more the measure reads too high in a leg that is the far one; taken off each such stride.
    far_sd
        Standard deviation of that bias between people and films.
    scaled
        Whether the errors of scale and view count too (lengths and speeds).
    of
        Source measure of derived kinds.
    summary
        What a ``task`` measure says of all repetitions: their ``mean``, their ``sum`` (counts) or the ``max``.
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
    jitter: float = 0.0
    events: tuple[float, ...] = ()
    bias: float = 0.0
    far_bias: float = 0.0
    far_sd: float = 0.0
    scaled: bool = False
    of: str = ""
    summary: Literal["mean", "sum", "max"] = "mean"

    def read_too_high(self, is_far: bool, is_capture: bool = False) -> float:
        """What is taken off a stride's value: the network's bias, which markers do not have."""
        return 0.0 if is_capture else self.bias + (self.far_bias if is_far else 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventErrors:
    """How far events may lie from the truth: standard errors, in s, of what does not average out over strides.

    Attributes
    ----------
    contact_film_s, toe_off_film_s
        Shared by both feet of a film.
    contact_side_s, toe_off_side_s
        Of one foot against the other.
    """

    contact_film_s: float
    contact_side_s: float
    toe_off_film_s: float
    toe_off_side_s: float


@lru_cache(maxsize=1)
def load_event_errors() -> EventErrors:
    """Errors of events, from the catalogue's table ``events``.

    Raises
    ------
    SchemaError
        The table lacks a field or has one too many.
    """
    try:
        return EventErrors(**_read()["events"])
    except (TypeError, KeyError) as error:
        raise SchemaError(f"catalogue.toml, table [events]: {error}; see gait.parameters.catalogue") from error


#: The measures, in the order of the report; the first file also holds the errors of events.
FILES: tuple[str, ...] = ("catalogue.toml", "catalogue_frontal.toml", "catalogue_tasks.toml")


def _read(name: str = FILES[0]) -> dict[str, Any]:
    return tomllib.loads(files("gait.parameters").joinpath(name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def load_catalogue() -> tuple[Measure, ...]:
    """All measures, in the order of the report.

    Raises
    ------
    SchemaError
        A row lacks a field or has one too many.
    """
    known = {field.name for field in fields(Measure)}
    rows = []
    for name in FILES:
        for number, row in enumerate(_read(name).get("parameter", ()), start=1):
            if extra := set(row) - known:
                raise SchemaError(f"{name}, row {number}: unknown fields {sorted(extra)}; expected {sorted(known)}")
            try:
                rows.append(Measure(**{**row, "views": tuple(row["views"]), "events": tuple(row.get("events", ()))}))
            except (TypeError, KeyError) as error:
                raise SchemaError(f"{name}, row {number} ({row.get('id', '?')}): {error}") from error
    return tuple(rows)


def measure(measure_id: str) -> Measure:
    """One row by its id."""
    return {row.id: row for row in load_catalogue()}[measure_id]
