"""Everything a comparison leaves on disk: report, ``comparison.json`` and ``changes.csv``, complete or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from gait.comparison.model import Change, Comparison, CurveChange, FindingChange, Limit, Pair, Visit
from gait.core.causes import CauseChange, Update
from gait.core.cycles import PERCENT
from gait.core.sides import SIDES
from gait.report.comparison import build_comparison_document, by_chance, draw_comparison, summary_sentences
from gait.report.comparison_chapters import limit_text
from gait.report.export import finding_json, parameter_json, view_json, without_nan
from gait.report.wording import Wording, load_wording
from gait.report.write import write_folder, write_parts

#: Version of ``comparison.json``; it changes when a name changes its meaning or goes away.
SCHEMA_VERSION = "1"

_MARKS = ("comparison.json", "report.html")
_OURS = frozenset({"comparison.json", "report.html", "report.pdf", "changes.csv", "figures"})

_COLUMNS: tuple[str, ...] = (
    "before_visit", "after_visit", "id", "side", "unit", "before", "after", "change", "low", "high", "detectable",
    "basis", "by_speed", "verdict", "reason", "before_strides", "after_strides", "norm_low", "norm_high",
)  # fmt: skip


def comparison_json(comparison: Comparison, language: str = "en") -> dict[str, Any]:
    """The comparison as a dictionary of JSON's own types, in the words of ``analysis.json``.

    ``pairs`` holds the first visit against the last and, with more than two visits, each against the one before.
    """
    wording = load_wording(language)
    content = {
        "schema_version": SCHEMA_VERSION,
        "software": {"name": "gait", "version": comparison.version},
        "summary": summary_sentences(comparison, wording),
        "visits": [_visit(visit) for visit in comparison.visits],
        "pairs": [_pair(comparison, pair, wording) for pair in comparison.pairs],
        "urgency": comparison.reasoning.urgency,
    }
    return without_nan(content)


def changes_table(comparison: Comparison) -> pd.DataFrame:
    """One row a measure, side and pair of visits; what is not known is empty."""
    rows = []
    for pair in comparison.pairs:
        names = (comparison.visits[pair.before].name, comparison.visits[pair.after].name)
        rows += [dict(zip(_COLUMNS, (*names, *_change_row(change)), strict=True)) for change in pair.changes]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def write_comparison(comparison: Comparison, folder: Path, language: str = "en", made_on: date | None = None) -> Path:
    """Write report, JSON and table of a comparison.

    Parameters
    ----------
    comparison
        The comparison.
    folder
        Its folder; missing parents are made, an older comparison there is replaced.
    language
        Language of the report.
    made_on
        Date on the report; None means today.

    Returns
    -------
    Path
        The folder, with all links resolved.

    Raises
    ------
    OutputError
        The folder holds something else, or cannot be written.
    """

    def fill(part: Path) -> None:
        drawings = draw_comparison(comparison, language)
        document = build_comparison_document(comparison, language, made_on or date.today(), drawings)
        content = ("comparison.json", comparison_json(comparison, language))
        write_parts(part, document, drawings, content, {"changes": changes_table(comparison)})

    return write_folder(folder, fill, _MARKS, _OURS)


def _change_row(change: Change) -> tuple[Any, ...]:
    before, after = change.before, change.after
    norm = next((item.norm for item in (after, before) if item is not None and item.norm is not None), None)
    return (
        change.parameter,
        change.side,
        change.unit,
        None if before is None else before.value,
        None if after is None else after.value,
        change.difference,
        change.low,
        change.high,
        change.detectable,
        change.basis,
        change.by_speed,
        change.verdict,
        change.reason,
        None if before is None else before.strides,
        None if after is None else after.strides,
        None if norm is None else norm.low,
        None if norm is None else norm.high,
    )


def _visit(visit: Visit) -> dict[str, Any]:
    analysis = visit.analysis
    subject = analysis.subject
    return {
        "name": visit.name,
        "file": analysis.recording.path.name,
        "sha256": analysis.recording.sha256,
        "version": analysis.provenance.version,
        "backend": analysis.provenance.backend,
        "task": analysis.task.task,
        "view": view_json(analysis.trajectories),
        "fps": analysis.recording.fps,
        "strides": {side: len(analysis.cycles.of(side)) for side in SIDES},
        "subject": {"age_years": subject.age_years, "sex": subject.sex, "height_m": subject.height_m},
        "parameters": [parameter_json(parameter) for parameter in analysis.parameters.summary],
        "findings": [finding_json(finding) for finding in analysis.findings.all],
    }


def _pair(comparison: Comparison, pair: Pair, wording: Wording) -> dict[str, Any]:
    names = _COLUMNS[2:]
    return {
        "before": comparison.visits[pair.before].name,
        "after": comparison.visits[pair.after].name,
        "compared": len(pair.compared),
        "changed": len(pair.real),
        "expected_by_chance": by_chance(pair),
        "limits": [_limit(limit, comparison, pair, wording) for limit in pair.limits],
        "changes": [dict(zip(names, _change_row(change), strict=True)) for change in pair.changes],
        "findings": [_finding(change) for change in pair.findings],
        "curves": [_curve(change) for change in pair.curves],
        "causes": _causes(pair.causes),
    }


def _limit(limit: Limit, comparison: Comparison, pair: Pair, wording: Wording) -> dict[str, str]:
    title, text = limit_text(limit, comparison, pair, wording)
    return {"id": limit.id, "severity": limit.severity, "title": title, "message": text}


def _finding(change: FindingChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "side": change.side,
        "kind": change.kind,
        "before": None if change.before is None else change.before.status,
        "before_severity": None if change.before is None else change.before.severity,
        "after": None if change.after is None else change.after.status,
        "after_severity": None if change.after is None else change.after.severity,
        "is_borne": change.is_borne,
    }


def _curve(change: CurveChange) -> dict[str, Any]:
    return {
        "joint": change.joint,
        "side": change.side,
        "percent": PERCENT.tolist(),
        "difference_deg": change.difference.tolist(),
        "detectable_deg": change.detectable.tolist(),
        "stretches": [
            {"start_pct": stretch.start_pct, "end_pct": stretch.end_pct, "peak_deg": stretch.peak_deg}
            for stretch in change.stretches
        ],
    }


def _causes(update: Update) -> dict[str, Any]:
    return {
        "text": update.text,
        "urgency_before": update.urgency_before,
        "urgency_after": update.urgency_after,
        "flags_new": list(update.flags_new),
        "flags_gone": list(update.flags_gone),
        "items": [{"id": i.item, "side": i.side, "change": i.change, "text": i.text} for i in update.items],
        "moved": [_cause(cause) for cause in update.causes],
    }


def _cause(cause: CauseChange) -> dict[str, Any]:
    because = [{"item": i.item, "side": i.side, "text": i.text, "bits": i.bits} for i in cause.because]
    return {
        "id": cause.id,
        "side": cause.side,
        "label": cause.label,
        "before": cause.before,
        "after": cause.after,
        "because": because,
    }
