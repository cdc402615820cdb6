"""The data dictionary of the exported tables, generated from the catalogues so that nothing is written twice.

One row a column, and one row for every id that an id column may hold (``value``): measures with unit, sign, side rule,
meaning, formula, views and source from the catalogue of measures; findings with their side rule; joints; causes; flags.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

import pandas as pd

from gait.causes.knowledge import load_knowledge
from gait.findings.catalogue import load_rules
from gait.parameters.catalogue import Measure, load_catalogue
from gait.plots.words import ENGLISH

COLUMNS: tuple[str, ...] = (
    "table", "column", "value", "label", "unit", "sign", "side_rule", "meaning", "formula", "views", "source",
)  # fmt: skip

#: Parts of a definition that tell the sign.
_SIGNED = re.compile(r"\S \+(?=$|[;,.\s])|is negative|bent backwards|minus left")
#: Directions that a definition measures along; what "largest minus smallest" says has none.
_DIRECTION = re.compile(
    r"^(?!Largest minus).*?\b(forward|towards the standing leg|towards this side|outwards|inside)\b", re.IGNORECASE
)
_LONG_IDS = {"parameter": "parameters", "joint": "curves"}


def data_dictionary(tables: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Explain tables.

    Parameters
    ----------
    tables
        Name -> its columns.

    Returns
    -------
    pandas.DataFrame
        :data:`COLUMNS`, all text; the tables in their order, each followed by the ids that it may hold.

    Raises
    ------
    KeyError
        A table has a column that nothing explains (a mistake of ours).
    """
    rows = [row for table, columns in tables.items() for row in _table_rows(table, columns)]
    return pd.DataFrame([{**dict.fromkeys(COLUMNS, ""), **row} for row in rows], columns=list(COLUMNS))


def dictionary_markdown(dictionary: pd.DataFrame) -> str:
    """The dictionary for people: a table for each table, then the ids."""
    lines = ["# Data dictionary", "", _MANNERS]
    about = _texts()["tables"]
    for name in dictionary["table"].unique():
        lines += ["", f"## {name}", "", about[name]["about"], "", _HEAD, _RULE]
        rows = dictionary[dictionary["table"] == name].itertuples(index=False)
        lines += [_line(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    return "\n".join(lines) + "\n"


_MANNERS = (
    "Made from the catalogues of the program. Sides are the walker's own. Times are in seconds from the film's first "
    "frame. An empty cell is not known; a row that is not there was not measured. Not a diagnosis."
)
_HEAD = "| column | unit | sign | side | meaning |"
_RULE = "|---|---|---|---|---|"


def _line(row: Mapping[str, str]) -> str:
    name = f"`{row['column']}` = `{row['value']}`" if row["value"] else f"`{row['column']}`"
    meaning = row["meaning"] if row["label"] in ("", row["meaning"]) else f"{row['label']}: {row['meaning']}"
    cells = (name, row["unit"], row["sign"], row["side_rule"], meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table_rows(table: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    measures = {measure.id: measure for measure in load_catalogue()}
    for column in columns:
        if column in measures:
            yield {"table": table, "column": column, **_of_measure(measures[column])}
        else:
            yield {"table": table, "column": column, **_of_column(table, column)}
        for value, entry in _ids(table, column):
            yield {"table": table, "column": column, "value": value, **entry}


def _of_column(table: str, column: str) -> dict[str, str]:
    texts = _texts()
    entry = texts["tables"][table].get(column) or texts["common"][column]
    entry = {"meaning": entry} if isinstance(entry, str) else dict(entry)
    ending = column.rsplit("_", 1)[-1]
    return {"unit": texts["units"].get(ending, ""), **entry}


def _ids(table: str, column: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The ids that a column may hold; each is explained in one table only."""
    if _LONG_IDS.get(column) == table:
        known = _measure_ids() if column == "parameter" else _joint_ids()
    elif column == "id":
        known = {"findings": _finding_ids, "causes": _cause_ids, "red_flags": _flag_ids}.get(table, _none)()
    else:
        return
    yield from known


def _none() -> Iterator[tuple[str, dict[str, str]]]:
    yield from ()


def _measure_ids() -> Iterator[tuple[str, dict[str, str]]]:
    for measure in load_catalogue():
        yield measure.id, _of_measure(measure)


def _of_measure(measure: Measure) -> dict[str, str]:
    return {
        "label": measure.label,
        "unit": measure.unit or "1",
        "sign": _sign(measure),
        "side_rule": _texts()["side_rule"][measure.kind],
        "meaning": measure.definition,
        "formula": measure.formula,
        "views": ", ".join(measure.views),
        "source": measure.citation,
    }


def _sign(measure: Measure) -> str:
    """What + means: as the definition says, else by kind, else by the joint that the id names."""
    said = [part.strip().rstrip(".") for part in re.split(r"[;,]|\. ", measure.definition) if _SIGNED.search(part)]
    if said:
        return "; ".join(said)
    if measure.kind in _texts()["sign"]:
        return _texts()["sign"][measure.kind]
    if direction := _DIRECTION.search(measure.definition):
        return f"{direction[1].lower()} +"
    if measure.unit == "deg":
        for joint, words in ENGLISH.joints.items():
            if joint.rsplit("_", 1)[-1] in measure.id.split("_"):
                return f"{words.high.lower()} +"
    return ""


def _joint_ids() -> Iterator[tuple[str, dict[str, str]]]:
    for joint, words in ENGLISH.joints.items():
        sign = f"{words.high.lower()} +, {words.low.lower()} -"
        yield joint, {"label": words.title, "unit": "deg", "sign": sign, "meaning": words.title}


def _finding_ids() -> Iterator[tuple[str, dict[str, str]]]:
    for rule in load_rules().finding:
        yield (
            rule.id,
            {
                "label": rule.label,
                "side_rule": rule.side_rule,
                "meaning": rule.measured,
                "views": ", ".join(rule.views),
                "source": rule.basis or rule.never,
            },
        )


def _cause_ids() -> Iterator[tuple[str, dict[str, str]]]:
    for name, cause in load_knowledge().causes.items():
        yield name, {"label": cause.label, "meaning": cause.gait}


def _flag_ids() -> Iterator[tuple[str, dict[str, str]]]:
    for name, (flag, _) in load_knowledge().flags.items():
        yield name, {"label": flag.label, "meaning": flag.action}


@lru_cache(maxsize=1)
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("gait.report.exports").joinpath("columns.toml").read_text(encoding="utf-8"))
