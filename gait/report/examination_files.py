"""Everything an examination leaves on disk: report, ``examination.json`` and tables, complete or not at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from gait.core.analysis import Analysis
from gait.core.examination import Examination, Pool
from gait.report.examination import build_examination_document, draw_examination
from gait.report.export import (
    SCHEMA_VERSION,
    finding_json,
    findings_table,
    issue_json,
    parameter_json,
    parameters_table,
    told_json,
    view_json,
    without_nan,
)
from gait.report.export_scores import scores_json
from gait.report.reasoning_json import reasoning_json
from gait.report.write import write_folder, write_parts

_MARKS = ("examination.json", "report.html")
_OURS = frozenset({"examination.json", "report.html", "report.pdf", "findings.csv", "parameters.csv", "figures"})


def examination_json(examination: Examination) -> dict[str, Any]:
    """The examination as a dictionary of JSON's own types, in the words of ``analysis.json``.

    ``findings``, ``red_flags``, ``causes`` and the rest of the reasoning are those of all clips together; each finding
    names its ``sources``. ``parameters`` holds the measures of every pool, each with its ``task``, ``view`` and
    ``clips``.
    """
    subject, reasoning = examination.subject, reasoning_json(examination.reasoning)
    content = {
        "schema_version": SCHEMA_VERSION,
        "software": {"name": "gait", "version": examination.version},
        "subject": {"age_years": subject.age_years, "sex": subject.sex, "height_m": subject.height_m},
        "intake": told_json(subject),
        "clips": [_clip(clip) for clip in examination.clips],
        "left_out": [{"file": clip.name, "reason": clip.reason} for clip in examination.left_out],
        "pools": [
            {"clips": list(pool.clips), "task": pool.task, "view": pool.view, "norms": pool.norms}
            for pool in examination.joint_pools
        ],
        "issues": [issue_json(issue) for issue in examination.issues],
        "findings": [finding_json(finding) for finding in examination.findings.all],
        "parameters": [row for pool in examination.joint_pools for row in _parameters(pool)],
        "scores": scores_json(examination.scores),
        **reasoning,
        # Clips for findings that stay open, and, apart from them, clips that would tell causes apart.
        "next_films": [{"text": film.text, "answers": list(film.answers)} for film in examination.next_films],
        "cause_films": reasoning["next_films"],
    }
    return without_nan(content)


def write_examination(
    examination: Examination, folder: Path, language: str = "en", made_on: date | None = None
) -> Path:
    """Write report, JSON and tables of an examination.

    Parameters
    ----------
    examination
        The examination.
    folder
        Its folder, beside the folders of its clips, to which the report links.
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
        drawings = draw_examination(examination, language)
        document = build_examination_document(examination, language, made_on or date.today(), drawings)
        content = ("examination.json", examination_json(examination))
        write_parts(part, document, drawings, content, _tables(examination))

    return write_folder(folder, fill, _MARKS, _OURS)


def _tables(examination: Examination) -> dict[str, pd.DataFrame]:
    pools = examination.joint_pools
    columns = parameters_table(()).columns
    parts = []
    for pool in pools:
        table = parameters_table(pool.parameters.summary)
        table.insert(0, "clips", "; ".join(pool.clips))
        table.insert(0, "view", pool.view)
        table.insert(0, "task", pool.task)
        parts.append(table)
    empty = pd.DataFrame(columns=["task", "view", "clips", *columns])
    return {
        "findings": findings_table(examination.findings.all),
        "parameters": pd.concat(parts, ignore_index=True) if parts else empty,
    }


def _clip(clip: Analysis) -> dict[str, Any]:
    recording = clip.recording
    return {
        "file": recording.path.name,
        "sha256": recording.sha256,
        "task": clip.task.task,
        "not_done": clip.task.not_done,
        "view": view_json(clip.trajectories),
        "fps": recording.fps,
        "duration_s": recording.duration_s,
        "backend": clip.provenance.backend,
        "strides": {side: len(clip.cycles.of(side)) for side in ("left", "right")},
        "issues": [issue_json(issue) for issue in clip.issues],
        "present": [{"id": finding.id, "side": finding.side} for finding in clip.findings.present()],
    }


def _parameters(pool: Pool) -> list[dict[str, Any]]:
    place = {"task": pool.task, "view": pool.view, "clips": list(pool.clips)}
    return [{**place, **parameter_json(parameter)} for parameter in pool.parameters.summary]
