"""Results for other programs: ``analysis.json`` and tidy tables, as the contracts of the project name them.

JSON knows no NaN: what is not known is null. Tables are UTF-8 with a point as decimal mark; what is not known is
an empty cell.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gait.causes.intake import intake_table
from gait.core.analysis import Analysis
from gait.core.cycles import GaitCycles
from gait.core.findings import Finding
from gait.core.issues import Issue
from gait.core.parameters import Parameter
from gait.core.subject import Intake, Subject
from gait.core.tasks import TaskRecord
from gait.core.trajectories import Pass, Trajectories
from gait.report.export_scores import scores_json, scores_table
from gait.report.reasoning_json import reasoning_json

#: Version of ``analysis.json``; it changes when a name changes its meaning or goes away.
SCHEMA_VERSION = "1"


def analysis_json(analysis: Analysis) -> dict[str, Any]:
    """The analysis as the contract's dictionary: only strings, numbers, booleans, lists and null.

    ``near_side`` is ``"both"`` when each side was nearer in turn; ``heading`` is that of most of the walking;
    ``view.passes`` holds both for every straight pass.
    """
    recording, subject = analysis.recording, analysis.subject
    content = {
        "schema_version": SCHEMA_VERSION,
        "software": {
            "name": "gait",
            "version": analysis.provenance.version,
            "backend": analysis.provenance.backend,
            "model_sha256": analysis.provenance.model_sha256,
            "settings": analysis.provenance.settings,
            "norms": analysis.provenance.norms,
        },
        "source": {
            "file": recording.path.name,
            "sha256": recording.sha256,
            "width_px": recording.width_px,
            "height_px": recording.height_px,
            "fps": recording.fps,
            "frames": recording.frames,
            "duration_s": recording.duration_s,
            "rotation_deg": recording.rotation_deg,
            "has_sound": recording.has_sound,
            "codec": recording.codec,
            "slow_motion_factor": recording.slow_motion_factor,
        },
        "subject": {"age_years": subject.age_years, "sex": subject.sex, "height_m": subject.height_m},
        "intake": told_json(subject),
        "view": view_json(analysis.trajectories),
        "task": task_json(analysis.task),
        "issues": [issue_json(issue) for issue in analysis.issues],
        "events": _records(analysis.events.table, ("time_s", "side", "kind", "confidence")),
        "parameters": [parameter_json(parameter) for parameter in analysis.parameters.summary],
        "findings": [finding_json(finding) for finding in analysis.findings.all],
        "scores": scores_json(analysis.scores),
        **reasoning_json(analysis.reasoning),
    }
    return without_nan(content)


def told_json(subject: Subject) -> dict[str, Any] | None:
    """History and examination as they were told, so that a later visit can go on from them; None where nothing was."""
    return intake_table(subject) if subject.intake != Intake() else None


def task_json(record: TaskRecord) -> dict[str, Any]:
    """What was asked for and each repetition of it, in the order of time."""
    attempts = [
        {
            "side": attempt.side,
            "start_s": attempt.start_s,
            "peak_s": attempt.peak_s,
            "end_s": attempt.end_s,
            "values": dict(attempt.values),
        }
        for attempt in record.attempts
    ]
    return {"id": record.task, "not_done": record.not_done, "attempts": attempts}


def write_exports(analysis: Analysis, folder: Path) -> None:
    """Write ``analysis.json`` and the CSV files into a folder that exists.

    The folder is expected to be a temporary one: :func:`gait.report.write.write_report` renames it when complete.
    """
    text = json.dumps(analysis_json(analysis), indent=1, ensure_ascii=False, allow_nan=False)
    (folder / "analysis.json").write_text(text + "\n", encoding="utf-8")
    tables = {
        "events": analysis.events.table,
        "parameters": parameters_table(analysis.parameters.summary),
        "strides": analysis.parameters.strides,
        "curves": curves_table(analysis.cycles),
        "findings": findings_table(analysis.findings.all),
        "scores": scores_table(analysis.scores),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n", float_format="%.9g")


def parameters_table(summary: Iterable[Parameter]) -> pd.DataFrame:
    """One row a measure and side: value, spread, strides, 95 % interval and the norm it met."""
    columns = (
        "id",
        "side",
        "value",
        "unit",
        "sd",
        "strides",
        "low",
        "high",
        "norm_low",
        "norm_high",
        "norm",
        "method",
        "mdc95",
        "norm_matched_by",
        "norm_source",
    )
    return pd.DataFrame([parameter_json(parameter) for parameter in summary], columns=list(columns))


def findings_table(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a finding; its evidence as one readable cell."""
    rows = [
        {
            "id": finding.id,
            "side": finding.side,
            "status": finding.status,
            "severity": finding.severity,
            "confidence": finding.confidence,
            "evidence": "; ".join(
                f"{item.parameter} {item.side} {item.value:.6g} {item.unit} ({item.reference})"
                for item in finding.evidence
            ),
            "reason": finding.reason,
            "wording": finding.wording,
            "plain": finding.plain,
            "sources": "; ".join(finding.sources),
        }
        for finding in findings
    ]
    columns = ("id", "side", "status", "severity", "confidence", "evidence", "reason", "wording", "plain", "sources")
    return pd.DataFrame(rows, columns=list(columns))


def curves_table(cycles: GaitCycles) -> pd.DataFrame:
    """All curves, one value a row: ``cycle, side, percent, joint, value_deg``; what was not seen is empty."""
    curves = cycles.curves.transpose("cycle", "joint", "percent")
    n_cycles, n_joints, n_points = curves.shape
    index = np.arange(n_cycles)
    return pd.DataFrame(
        {
            "cycle": np.repeat(np.asarray(cycles.table["cycle"]), n_joints * n_points),
            "side": np.repeat(np.asarray(cycles.table["side"], dtype=object)[index], n_joints * n_points),
            "percent": np.tile(curves["percent"].values.astype(int), n_cycles * n_joints),
            "joint": np.tile(np.repeat(curves["joint"].values.astype(object), n_points), n_cycles),
            "value_deg": curves.values.ravel(),
        }
    )


def issue_json(issue: Issue) -> dict[str, str]:
    """One issue."""
    return {"id": issue.id, "severity": issue.severity, "message": issue.message, "advice": issue.advice}


def view_json(trajectories: Trajectories) -> dict[str, Any]:
    """From where the walker was filmed, in what scale, and every straight pass."""
    passes = trajectories.passes
    near = {stretch.near_side for stretch in passes} - {None}
    return {
        "kind": trajectories.view.kind,
        "confidence": trajectories.view.confidence,
        "angle_deg": trajectories.view.angle_deg,
        "near_side": "both" if len(near) == 2 else next(iter(near), None),
        "heading": _main_heading(passes),
        "scale_source": trajectories.scale.source,
        "m_per_px": trajectories.scale.m_per_px,
        "passes": [
            {
                "start_s": stretch.start_s,
                "end_s": stretch.end_s,
                "heading": stretch.heading,
                "near_side": stretch.near_side,
            }
            for stretch in passes
        ],
    }


def _main_heading(passes: tuple[Pass, ...]) -> str | None:
    seconds: dict[str, float] = {}
    for stretch in passes:
        seconds[stretch.heading] = seconds.get(stretch.heading, 0.0) + stretch.duration_s
    return max(seconds, key=lambda heading: seconds[heading]) if seconds else None


def parameter_json(parameter: Parameter) -> dict[str, Any]:
    """One measure of one side."""
    norm = parameter.norm
    return {
        "id": parameter.id,
        "side": parameter.side,
        "value": parameter.value,
        "unit": parameter.unit,
        "sd": parameter.sd,
        "strides": parameter.strides,
        "low": parameter.low,
        "high": parameter.high,
        "norm_low": None if norm is None else norm.low,
        "norm_high": None if norm is None else norm.high,
        "norm": None if norm is None else f"{norm.matched_by} ({norm.source})",
        "method": parameter.method,
        "mdc95": parameter.minimal_detectable_change,
        "norm_matched_by": None if norm is None else norm.matched_by,
        "norm_source": None if norm is None else norm.source,
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """One finding on one side."""
    return {
        "id": finding.id,
        "side": finding.side,
        "status": finding.status,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "evidence": [
            {
                "parameter": item.parameter,
                "side": item.side,
                "value": item.value,
                "unit": item.unit,
                "reference": item.reference,
                "supports": item.supports,
            }
            for item in finding.evidence
        ],
        "reason": finding.reason,
        "label": finding.label,
        "wording": finding.wording,
        "fakes": list(finding.fakes),
        "plain": finding.plain,
        "sources": list(finding.sources),
    }


def _records(table: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in table[list(columns)].astype(object).itertuples(index=False)]


def without_nan(value: Any) -> Any:
    """The same content in JSON's own types; NaN and infinity become null."""
    if isinstance(value, dict):
        return {key: without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
