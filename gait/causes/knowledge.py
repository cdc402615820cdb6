"""The clinical knowledge of this stage, read from its data files and checked when it is loaded."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import StringIO
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from gait.causes.checks import check_references
from gait.causes.expression import Expression, parse
from gait.causes.model import Array, Model, build_model, varied_shares
from gait.causes.schema import (
    ClustersFile,
    Coexistence,
    Condition,
    ConditionsFile,
    FindingItem,
    FlagRule,
    GeneralFile,
    Link,
    LinkEvidence,
    Pattern,
    Question,
    Row,
    Rules,
    Setting,
    Source,
    WordingBand,
)
from gait.causes.vocabulary import COMPLAINTS, DERIVED
from gait.core.errors import SchemaError

FILES = (
    "sources.toml",
    "questions.toml",
    "findings.toml",
    "conditions.toml",
    "clusters.toml",
    "settings.toml",
    "red_flags.toml",
    "likelihoods_general.toml",
    "likelihoods_foot_drop.csv",
    "detectors.csv",
)

_MATRIX_FIELDS = ("row", "items", "cluster", "lr_min", "lr_max", "status", "sources", "note")

M = TypeVar("M", bound=BaseModel)

__all__ = ["COMPLAINTS", "DERIVED", "FILES", "Knowledge", "load_knowledge", "parse_knowledge"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything the reasoning knows.

    Attributes
    ----------
    sources, questions, findings, causes
        By id.
    links, link_evidence
        Where and why; links with their parsed conditions and the factors that vary their share.
    coexistence
        Pairs.
    patterns
        With their parsed expressions.
    flags
        Rules for hurry, with their parsed triggers.
    rules, wording, clusters
        How the reasoning counts and words.
    rows, models
        Likelihood rows by model (``foot_drop``, ``general``), and the same as arrays.
    settings
        Where people are seen.
    """

    sources: Mapping[str, Source]
    questions: Mapping[str, Question]
    findings: Mapping[str, FindingItem]
    causes: Mapping[str, Condition]
    links: tuple[tuple[Link, Expression | None, Array], ...]
    link_evidence: tuple[LinkEvidence, ...]
    coexistence: tuple[Coexistence, ...]
    patterns: tuple[tuple[Pattern, Expression], ...]
    flags: Mapping[str, tuple[FlagRule, Expression]]
    rules: Rules
    wording: tuple[WordingBand, ...]
    clusters: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, tuple[Row, ...]]
    models: Mapping[str, Model]
    settings: Mapping[str, Setting]

    def phrase(self, item: str, value: bool) -> str:
        """The plain sentence of an item that is so, or is not so."""
        if item in DERIVED:
            return DERIVED[item][0 if value else 1]
        entry = self.questions.get(item) or self.findings[item]
        return entry.if_yes if value else entry.if_no


@lru_cache(maxsize=1)
def load_knowledge() -> Knowledge:
    """The knowledge that ships with this package.

    Raises
    ------
    SchemaError
        A data file does not fit its shape; the message names file, row and field.
    """
    folder = resources.files("gait.causes") / "data"
    return parse_knowledge({name: (folder / name).read_text(encoding="utf-8") for name in FILES})


def parse_knowledge(texts: Mapping[str, str]) -> Knowledge:
    """Read and check the data files.

    Parameters
    ----------
    texts
        Text of every file of ``FILES``, by name.

    Raises
    ------
    SchemaError
        A file does not fit its shape; the message names file, row and field.
    """
    tables = {name: _toml(name, text) for name, text in texts.items() if name.endswith(".toml")}
    conditions = _fit(ConditionsFile, "conditions.toml", tables["conditions.toml"])
    clusters = _fit(ClustersFile, "clusters.toml", tables["clusters.toml"])
    general = _fit(GeneralFile, "likelihoods_general.toml", tables["likelihoods_general.toml"])
    rows = {
        "foot_drop": tuple(_matrix("likelihoods_foot_drop.csv", texts["likelihoods_foot_drop.csv"])),
        "general": tuple(_expanded(row, general.sets) for row in general.rows),
    }
    knowledge = Knowledge(
        sources=_table(Source, "sources.toml", tables),
        questions=_table(Question, "questions.toml", tables),
        findings=_measured(_table(FindingItem, "findings.toml", tables), texts["detectors.csv"], clusters.rules),
        causes=conditions.causes,
        links=tuple(
            (
                link,
                _parsed("conditions.toml", link.hypothesis, "when", link.when) if link.when else None,
                varied_shares(number, link.status, clusters.rules),
            )
            for number, link in enumerate(conditions.links)
        ),
        link_evidence=conditions.link_evidence,
        coexistence=conditions.coexistence,
        patterns=tuple((p, _parsed("conditions.toml", p.cause, "when", p.when)) for p in conditions.patterns),
        flags={
            key: (rule, _parsed("red_flags.toml", key, "trigger", rule.trigger))
            for key, rule in _table(FlagRule, "red_flags.toml", tables).items()
        },
        rules=clusters.rules,
        wording=clusters.wording,
        clusters=dict(clusters.clusters),
        rows=rows,
        models={
            name: build_model(name, rows[name], _causes_of(name, conditions.causes), clusters.rules) for name in rows
        },
        settings=_table(Setting, "settings.toml", tables),
    )
    check_references(knowledge)
    return knowledge


def _measured(findings: dict[str, FindingItem], text: str, rules: Rules) -> dict[str, FindingItem]:
    """The findings with sensitivity and specificity joined from our estimate and the counts of the detection study."""
    measured = dict(findings)
    for record in csv.DictReader(StringIO(text)):
        key = record.get("finding", "")
        if key not in findings:
            raise SchemaError(f"detectors.csv, row {key!r}, field finding: it does not exist. Make the file again.")
        cases, found, others, alarms = (int(record[name]) for name in ("cases", "found", "others", "alarms"))
        measured[key] = findings[key].model_copy(
            update={
                "sensitivity": _joined(findings[key].sensitivity, found, cases, rules),
                "specificity": _joined(findings[key].specificity, others - alarms, others, rules),
            }
        )
    return measured


def _joined(estimate: float, right: int, films: int, rules: Rules) -> float:
    """Mean of our estimate and the measured share, each weighted by the films it is worth."""
    worth = min(float(films), rules.made_films_at_most)
    share = right / films if films else 0.0
    return (rules.estimate_films * estimate + worth * share) / (rules.estimate_films + worth)


def _causes_of(model: str, causes: Mapping[str, Condition]) -> list[str]:
    """The causes that a model can name: those with a prior in it."""
    if model == "foot_drop":
        return [key for key, cause in causes.items() if cause.priors.foot_drop > 0.0]
    return [
        key
        for key, cause in causes.items()
        if cause.priors.foot_pain + cause.priors.back_leg + cause.priors.walking > 0.0
    ]


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"{name} is not valid TOML: {error}. Mend the file.") from error


def _fit(model: type[M], name: str, table: Any, row: str = "") -> M:
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        where = f"{name}, row {row}" if row else name
        raise SchemaError(
            f"{where}, field {place or '(whole row)'}: {first['msg']} (found {str(first['input'])[:60]!r}). "
            "Mend the file."
        ) from error


def _table(model: type[M], name: str, tables: Mapping[str, dict[str, Any]]) -> dict[str, M]:
    return {key: _fit(model, name, value, key) for key, value in tables[name].items()}


def _parsed(name: str, row: str, field: str, text: str) -> Expression:
    try:
        return parse(text)
    except ValueError as error:
        raise SchemaError(f"{name}, row {row}, field {field}: {error}. Mend the expression.") from error


def _matrix(name: str, text: str) -> Iterable[Row]:
    """Rows of the foot-drop matrix; every column that is not a field is a cause."""
    for record in csv.DictReader(StringIO(text)):
        row = record.get("row") or "?"
        missing = [field for field in _MATRIX_FIELDS if record.get(field) is None]
        if missing:
            raise SchemaError(f"{name}, row {row}: the field {missing[0]} is missing. Give every row all columns.")
        try:
            figures = {key: float(value) for key, value in record.items() if key not in _MATRIX_FIELDS}
            caps = {key: float(record[key]) for key in ("lr_min", "lr_max") if record[key]}
        except (TypeError, ValueError) as error:
            raise SchemaError(f"{name}, row {row}: {error}. Every cause needs a number between 0 and 1.") from error
        table = {
            "row": row,
            "items": tuple(record["items"].split("|")),
            "cluster": record["cluster"],
            "default": 0.5,
            "p": figures,
            "status": record["status"],
            "sources": tuple(record["sources"].split("|")),
            "note": record["note"],
            **caps,
        }
        yield _fit(Row, name, table, row)


def _expanded(row: Row, sets: Mapping[str, tuple[str, ...]]) -> Row:
    """The row with its sets (``@roots``) replaced by their members; a cause's own figure goes before its set's."""
    named = {key: value for key, value in row.p.items() if not key.startswith("@")}
    grouped: dict[str, float] = {}
    for key, value in row.p.items():
        if key.startswith("@"):
            if key[1:] not in sets:
                raise SchemaError(f"likelihoods_general.toml, row {row.name}, field p: the set {key} is not defined.")
            grouped.update(dict.fromkeys(sets[key[1:]], value))
    return row.model_copy(update={"p": {**grouped, **named}})
