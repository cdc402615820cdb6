"""Names and units of measures as people read them."""

from __future__ import annotations

from functools import lru_cache

from gait.parameters.catalogue import Measure, load_catalogue
from gait.report.wording import Wording


def measure_name(parameter_id: str, wording: Wording) -> str:
    """The name in the report's language; else the catalogue's own, else the id written out."""
    measure = _measures().get(parameter_id)
    if wording.knows("parameters", parameter_id) or measure is None:
        return wording.label("parameters", parameter_id)
    return measure.label


def measure_unit(parameter_id: str) -> str:
    """The unit of a measure; empty for one that the catalogue does not have."""
    measure = _measures().get(parameter_id)
    return "" if measure is None else measure.unit


@lru_cache(maxsize=1)
def _measures() -> dict[str, Measure]:
    return {measure.id: measure for measure in load_catalogue()}
