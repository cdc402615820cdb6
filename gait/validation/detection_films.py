"""Films of healthy people, and films with truth: every finding there, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from gait.core.analysis import Analysis
from gait.core.errors import GaitError
from gait.core.findings import Finding
from gait.core.subject import Subject
from gait.validation.compare import compare_findings
from gait.validation.rows import records, where
from gait.validation.run import subject_of
from gait.validation.trials import find_films, find_trials

Analyze = Callable[[Path, Subject], Analysis]


def healthy_rows(folder: Path, analyze: Analyze | None = None) -> list[dict[str, Any]]:
    """One row for each film of healthy people: ``clip, strides, absent, open, found, explained``.

    Parameters
    ----------
    folder
        With films.
    analyze
        Usually the pipeline's.

    Raises
    ------
    InputError
        The folder holds no film.
    """
    rows = []
    for film in find_films(folder):
        try:
            analysis = (analyze or _analyze)(film, Subject())
        except GaitError as error:
            # One film that cannot be analysed is a result of its own.
            rows.append({"clip": film.stem, "strides": 0, "absent": 0, "open": 0, "found": "", "explained": str(error)})
            continue
        findings, present = analysis.findings, analysis.findings.present()
        rows.append(
            {
                "clip": film.stem,
                "strides": len(analysis.cycles),
                "absent": len(findings.with_status("absent")),
                "open": len(findings.with_status("not_assessable")),
                "found": ", ".join(named(finding) for finding in present),
                "explained": "; ".join(explained(finding) for finding in present),
            }
        )
    return rows


def truth_rows(paths: Sequence[Path], analyze: Analyze | None = None) -> list[dict[str, Any]]:
    """One row for each film with truth: ``clip, planted, found_planted, missed, not_assessable, companions, extra``.

    Parameters
    ----------
    paths
        Truth files beside their films, and folders of these.
    analyze
        Usually the pipeline's.

    Raises
    ------
    InputError
        There is nothing to compare with.
    """
    trials, _ = find_trials(paths, keypoints_only=False)
    rows = []
    for trial in (trial for trial in trials if not trial.is_capture):
        planted = trial.truth["findings"]
        try:
            analysis = (analyze or _analyze)(trial.file, subject_of(trial.truth))
        except GaitError as error:
            # One film that cannot be analysed is a result of its own.
            lost = {"missed": _names(planted), "explained": str(error)}
            rows.append(_row(trial.clip, planted, {}) | lost)
            continue
        compared = compare_findings(analysis.findings, planted)
        by = {
            outcome: _names(records(where(compared, outcome=outcome)))
            for outcome in ("found", "missed", "not_assessable", "follows", "extra")
        }
        wrong = records(compared.loc[compared["outcome"].isin(["missed", "not_assessable", "extra"])])
        looked = [analysis.findings.get(row["id"], None if row["side"] == "both" else row["side"]) for row in wrong]
        words = {"explained": "; ".join(explained(finding) for finding in looked if finding is not None)}
        rows.append(_row(trial.clip, planted, by) | words)
    return rows


def _row(clip: str, planted: Sequence[dict[str, Any]], by: dict[str, str]) -> dict[str, Any]:
    names = {"found_planted": "found", "companions": "follows"}
    columns = ("found_planted", "missed", "not_assessable", "companions", "extra")
    return {"clip": clip, "planted": _names(planted)} | {name: by.get(names.get(name, name), "") for name in columns}


def _names(rows: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{row['id']} {row['side'] or ''}".replace(" both", "").strip() for row in rows)


def named(finding: Finding) -> str:
    """Id, side and grade."""
    return " ".join(filter(None, (finding.id, finding.side, finding.severity)))


def explained(finding: Finding) -> str:
    """What was said, and the numbers behind it."""
    numbers = ", ".join(f"{e.parameter} {e.side} {e.value:.3g} {e.unit} ({e.reference})" for e in finding.evidence)
    told = f"{named(finding)} {finding.status.replace('_', ' ')}"
    return ": ".join(filter(None, (told, " ".join(filter(None, (numbers, finding.reason))))))


def _analyze(film: Path, subject: Subject) -> Analysis:
    from gait.pipeline import analyze

    return analyze(film, subject)
