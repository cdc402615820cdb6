"""Tidy tables, as CSV or Parquet, with the dictionary that explains every column.

UTF-8, a point as decimal mark, one line an observation; what is not known is an empty cell (null in Parquet). Lists of
sentences are joined by ``; ``. From the JSON alone there are no strides, passes' means, curves and scores.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import SchemaError
from gait.parameters.catalogue import load_catalogue
from gait.report.export import curves_table
from gait.report.export_scores import scores_table
from gait.report.exports.dictionary import data_dictionary, dictionary_markdown
from gait.report.exports.source import Source
from gait.report.write import write_folder

TableFormat = Literal["csv", "parquet"]

#: A folder with these is an older export and is replaced; any other is refused.
MARKS = ("dictionary.csv", "dictionary.md")

_PARAMETERS = (
    "parameter", "side", "value", "unit", "sd", "strides", "low", "high", "norm_low", "norm_high", "norm_matched_by",
    "norm_source", "method", "mdc95",
)  # fmt: skip
_FINDINGS = ("id", "label", "side", "status", "severity", "confidence", "reason", "wording", "plain", "fakes")
_EVIDENCE = ("finding", "finding_side", "parameter", "side", "value", "unit", "reference", "supports")
_CAUSES = (
    "id", "label", "group", "side", "level", "probability", "low", "high", "wording", "supported_by", "contradicted_by",
    "missing", "mechanism",
)  # fmt: skip
_INFLUENCES = ("cause", "cause_side", "item", "value", "side", "kind", "text", "bits")
_FLAGS = ("id", "label", "status", "tier", "action", "because", "missing")
_PASSES = ("pass", "start_s", "end_s", "heading", "near_side")
_PASS_VALUES = ("pass", "parameter", "side", "value", "unit", "sd", "strides")
_CYCLES = ("cycle", "side", "pass", "is_near", "start_s", "toe_off_s", "end_s")
_STRIDE_VALUES = ("parameter", "side", "stride", "pass", "start_s", "value", "uncertainty")

Rows = Iterable[Mapping[str, Any]]


def make_tables(source: Source) -> dict[str, pd.DataFrame]:
    """All tables that the source allows, by name.

    Raises
    ------
    SchemaError
        A record of the JSON is not as this program writes it.
    """
    try:
        tables = _from_json(source)
    except (KeyError, TypeError, AttributeError) as error:
        raise SchemaError(
            f"analysis.json is damaged (near {error}); analyze the film again, or give its analysis.nc."
        ) from error
    return tables if source.analysis is None else tables | _from_archive(source.analysis)


def write_tables(source: Source, folder: Path, kind: TableFormat) -> Path:
    """Write all tables and their dictionary into a folder, complete or not at all.

    Parameters
    ----------
    source
        The analysis.
    folder
        The folder; an older export there is replaced, other files in it are kept.
    kind
        ``csv`` or ``parquet``; the dictionary is CSV and Markdown in both.

    Returns
    -------
    Path
        The folder, with all links resolved.

    Raises
    ------
    OutputError
        The folder holds something else, or cannot be written.
    SetupError
        Parquet was asked for and pyarrow is not installed.
    """
    write = _writer(kind)
    tables = make_tables(source)
    dictionary = data_dictionary({name: list(table.columns) for name, table in tables.items()})

    def fill(part: Path) -> None:
        for name, table in tables.items():
            write(table, part / f"{name}.{kind}")
        _to_csv(dictionary, part / "dictionary.csv")
        (part / "dictionary.md").write_text(dictionary_markdown(dictionary), encoding="utf-8")

    ours = {f"{name}.{ending}" for name in ALL_TABLES for ending in ("csv", "parquet")} | set(MARKS)
    return write_folder(folder, fill, MARKS, ours)


def _writer(kind: TableFormat) -> Callable[[pd.DataFrame, Path], None]:
    if kind == "csv":
        return _to_csv
    return lambda table, path: table.to_parquet(path, engine="pyarrow", index=False)


def _to_csv(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n", float_format="%.9g")


def _from_json(source: Source) -> dict[str, pd.DataFrame]:
    content = source.content
    findings, causes = content["findings"], content["causes"]
    evidence = (
        {**item, "finding": finding["id"], "finding_side": finding["side"]}
        for finding in findings
        for item in finding["evidence"]
    )
    influences = (
        {**item, "cause": cause["id"], "cause_side": cause["side"]}
        for cause in causes
        for item in cause.get("influences", ())
    )
    passes = ({**stretch, "pass": number} for number, stretch in enumerate(content["view"].get("passes", ())))
    parameters = ({**row, "parameter": row["id"]} for row in content["parameters"])
    return {
        "person": _table([_person(source)]),
        "passes": _table(passes, _PASSES),
        "parameters": _table(parameters, _PARAMETERS),
        "events": _table(content["events"], ("time_s", "side", "kind", "confidence")),
        "findings": _table(findings, _FINDINGS),
        "finding_evidence": _table(evidence, _EVIDENCE),
        "causes": _table(causes, _CAUSES),
        "cause_influences": _table(influences, _INFLUENCES),
        "red_flags": _table(content["red_flags"], _FLAGS),
        "issues": _table(content["issues"], ("id", "severity", "message", "advice")),
    }


def _person(source: Source) -> dict[str, Any]:
    content = source.content
    software, film, view, subject = (content[name] for name in ("software", "source", "view", "subject"))
    return {
        "pseudonym": source.pseudonym,
        "age_years": subject.get("age_years"),
        "sex": subject.get("sex"),
        "height_m": subject.get("height_m"),
        "task": (content.get("task") or {}).get("id"),
        "view": view.get("kind"),
        "view_angle_deg": view.get("angle_deg"),
        "near_side": view.get("near_side"),
        "heading": view.get("heading"),
        "scale_source": view.get("scale_source"),
        "fps_hz": film.get("fps"),
        "duration_s": film.get("duration_s"),
        "film_sha256": film.get("sha256"),
        "software": software.get("version"),
        "backend": software.get("backend"),
        "model_sha256": software.get("model_sha256"),
        "norms": software.get("norms"),
        "urgency": content.get("urgency"),
        "summary": content.get("summary"),
    }


def _table(rows: Rows, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Rows with these columns, whatever else they hold; lists become text."""
    names = columns
    plain = []
    for row in rows:
        names = names or tuple(row)
        plain.append({name: _cell(row.get(name)) for name in names})
    return pd.DataFrame(plain, columns=list(names or ()))


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "; ".join(str(item) for item in value)
    return value


def _from_archive(analysis: Analysis) -> dict[str, pd.DataFrame]:
    strides = analysis.parameters.strides
    long = strides.assign(**{"pass": [analysis.trajectories.pass_at(start_s) for start_s in strides["start_s"]]})
    long["pass"] = long["pass"].astype("Int64")
    return {
        "strides": _wide(analysis, strides),
        "stride_values": long.loc[:, list(_STRIDE_VALUES)],
        "pass_parameters": _by_pass(long),
        "curves": curves_table(analysis.cycles),
        "scores": scores_table(analysis.scores),
    }


def _wide(analysis: Analysis, strides: pd.DataFrame) -> pd.DataFrame:
    """One row a gait cycle, one column a measure, in catalogue order."""
    cycles = analysis.cycles.table.rename(columns={"pass_index": "pass"}).loc[:, list(_CYCLES)]
    matched = strides.merge(cycles, left_on="stride", right_on="cycle", suffixes=("", "_cycle"))
    # A stride that belongs to no cycle (a foot's contact before the first one, a repetition of a task) has no row here.
    same = (matched["side"] == matched["side_cycle"]) | (matched["side"] == "both")
    same &= np.isclose(matched["start_s"], matched["start_s_cycle"], atol=1e-6)
    wide = matched[same].pivot_table(index="cycle", columns="parameter", values="value", aggfunc="first")
    order = [measure.id for measure in load_catalogue() if measure.id in wide.columns]
    order += [name for name in wide.columns if name not in order]
    return cycles.merge(wide[order].reset_index(), on="cycle", how="left")


def _by_pass(long: pd.DataFrame) -> pd.DataFrame:
    """Mean, spread and number of the strides of every pass."""
    units = {measure.id: measure.unit for measure in load_catalogue()}
    grouped = long.groupby(["pass", "parameter", "side"], sort=True)["value"]
    means = grouped.agg(value="mean", sd="std", strides="count").reset_index()
    means["unit"] = [units.get(str(parameter), "") for parameter in means["parameter"]]
    return means.loc[:, list(_PASS_VALUES)]


#: Every table that an export may hold.
ALL_TABLES: tuple[str, ...] = (
    "person", "passes", "pass_parameters", "parameters", "strides", "stride_values", "events", "curves", "findings",
    "finding_evidence", "causes", "cause_influences", "red_flags", "issues", "scores",
)  # fmt: skip
