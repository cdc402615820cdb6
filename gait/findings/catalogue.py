"""The rules of findings, read from the files of ``data/findings``; README.md there explains each field."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from gait.core.errors import SchemaError

Test = Literal[
    "below",
    "above",
    "below_norm",
    "above_norm",
    "lower_than_other",
    "higher_than_other",
    "magnitude_above",
    "shorter_side",
]
Limb = Literal["same", "other"]

#: In the order of the report; a rule may name only rules before it as witnesses.
FILES: tuple[str, ...] = ("feet", "legs", "trunk", "walk", "frontal", "tasks", "patterns")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(_Strict):
    """One comparison of a measure."""

    parameter: str
    test: Test
    report: float
    limit: float | None = None
    limb: Limb = "same"
    percent: bool = False
    required: bool = False


class Witness(_Strict):
    """Another finding that speaks for this one."""

    finding: str
    limb: Literal["same", "other", "any"] = "same"
    required: bool = False


class Way(_Strict):
    """One way for a finding to be present."""

    name: str
    needs: int
    views: tuple[str, ...] = ()
    criterion: tuple[Criterion, ...] = ()
    witness: tuple[Witness, ...] = ()

    @model_validator(mode="after")
    def _has_something_required(self) -> Way:
        optional = sum(not part.required for part in (*self.criterion, *self.witness))
        if self.needs > optional:
            raise ValueError(f"way {self.name!r} needs {self.needs} of {optional} optional criteria")
        if not self.needs and not any(part.required for part in (*self.criterion, *self.witness)):
            raise ValueError(f"way {self.name!r} requires nothing")
        return self


class Grading(_Strict):
    """Which measure grades a finding, and from where."""

    parameter: str
    test: Test
    moderate: float
    severe: float
    limb: Limb = "same"
    percent: bool = False


class Rule(_Strict):
    """One finding."""

    id: str
    label: str
    sided: bool
    side_rule: str
    measured: str
    views: tuple[str, ...]
    tasks: tuple[str, ...] = ("walk",)
    min_strides: int = 3
    min_strides_other: int | None = None
    min_rate_hz: float = 0.0
    agreeing: float = 0.7
    sentence: str = ""
    plain: str = ""
    film_better: str = ""
    companions: tuple[str, ...] = ()
    fakes: tuple[str, ...] = ()
    basis: str = ""
    never: str = ""
    way: tuple[Way, ...] = ()
    grade: Grading | None = None
    feet: bool = False
    timed: bool = False
    children: bool = False
    joints: bool = False
    spoilt_by: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> Rule:
        if bool(self.never) == bool(self.way):
            raise ValueError(f"{self.id}: either ways to be present, or the reason why no film shows it (never)")
        if self.way and not (self.sentence and self.plain and self.basis and self.film_better):
            raise ValueError(f"{self.id}: sentence, plain, basis and film_better are needed")
        if self.way and self.grade is None and not self.is_pattern:
            raise ValueError(f"{self.id}: a grade is needed")
        return self

    @property
    def is_pattern(self) -> bool:
        """Whether it is made of other findings only, and so can be judged over several clips."""
        return bool(self.way) and not any(way.criterion for way in self.way)


class Catalogue(_Strict):
    """All rules, in the order of the report."""

    finding: tuple[Rule, ...]

    @model_validator(mode="after")
    def _is_ordered(self) -> Catalogue:
        known: set[str] = set()
        for rule in self.finding:
            if rule.id in known:
                raise ValueError(f"{rule.id} stands twice")
            for name in (*(w.finding for way in rule.way for w in way.witness), *rule.spoilt_by):
                if name not in known:
                    raise ValueError(f"{rule.id} names {name}, which does not stand before it")
            known.add(rule.id)
        for rule in self.finding:
            if unknown := set(rule.companions) - known:
                raise ValueError(f"{rule.id} has the unknown companions {sorted(unknown)}")
        return self

    def rule(self, finding_id: str) -> Rule:
        """One rule by its id."""
        return next(rule for rule in self.finding if rule.id == finding_id)


@lru_cache(maxsize=1)
def load_rules() -> Catalogue:
    """All rules.

    Raises
    ------
    SchemaError
        A file does not follow the rules of its fields; the message names the place.
    """
    try:
        return Catalogue(finding=tuple(_rules()))
    except ValidationError as error:
        raise SchemaError(f"findings: {error}") from error


def _rules() -> Iterator[Rule]:
    for name in FILES:
        text = files("gait.findings").joinpath(f"data/findings/{name}.toml").read_text(encoding="utf-8")
        for number, row in enumerate(tomllib.loads(text).get("finding", ()), start=1):
            try:
                yield Rule.model_validate(row)
            except ValidationError as error:
                raise SchemaError(f"findings/{name}.toml, row {number} ({row.get('id', '?')}): {error}") from error
