"""The rules of findings, read from ``data/findings.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from gait.core.errors import SchemaError

Test = Literal[
    "below", "above", "below_norm", "lower_than_other", "higher_than_other", "magnitude_above", "shorter_side"
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(_Strict):
    """One comparison; fields as explained at the top of ``findings.toml``."""

    parameter: str
    test: Test
    report: float
    limit: float | None = None
    limb: Literal["same", "other"] = "same"
    percent: bool = False
    required: bool = False


class Way(_Strict):
    """One way for a finding to be present."""

    name: str
    needs: int
    criterion: tuple[Criterion, ...]


class Grading(_Strict):
    """Which measure grades a finding, and from where."""

    parameter: str
    test: Test
    moderate: float
    severe: float


class Rule(_Strict):
    """One finding."""

    id: str
    label: str
    sided: bool
    side_rule: str
    views: tuple[str, ...]
    min_strides: int
    min_strides_other: int | None = None
    sentence: str
    companions: tuple[str, ...]
    fakes: tuple[str, ...]
    basis: str
    way: tuple[Way, ...]
    grade: Grading
    feet: bool = False
    timed: bool = False
    spoilt_by: tuple[str, ...] = ()


class Unjudged(_Strict):
    """Findings that are named but not judged."""

    reason: str
    sided: tuple[str, ...]
    unsided: tuple[str, ...]


class Catalogue(_Strict):
    """The whole file."""

    schema_version: str
    finding: tuple[Rule, ...]
    unjudged: Unjudged


@lru_cache(maxsize=1)
def load_rules() -> Catalogue:
    """All rules.

    Raises
    ------
    SchemaError
        The file does not follow its own rules; the message names the place.
    """
    text = files("gait.findings").joinpath("data/findings.toml").read_text(encoding="utf-8")
    try:
        return Catalogue.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise SchemaError(f"findings.toml: {error}") from error
