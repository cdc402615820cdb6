"""The study of findings written down for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from gait import __version__
from gait.core.errors import OutputError
from gait.findings.catalogue import load_rules
from gait.validation.detection_calibration import FAULTY_SHARE
from gait.validation.detection_figures import draw_study
from gait.validation.detection_tables import SEVERE_FROM, count_films
from gait.validation.detection_targets import Judged, judge_study
from gait.validation.detection_walks import SEVERITIES, ways_of_filming
from gait.validation.format import number, plural, table
from gait.validation.rows import groups, records, where

if TYPE_CHECKING:
    from gait.validation.detection import Study

_MARKS = {"met": "✓ met", "missed": "✗ **missed**", "not measured": "not measured"}


def write_study(study: Study, folder: Path, films: Sequence[str] = ()) -> Path:
    """Write ``findings.md`` into a folder, its tables and figures into ``findings/`` there.

    Parameters
    ----------
    study
        What was counted.
    folder
        Usually ``reports``.
    films
        Lines of the chapters on films, if any were looked at.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    tables = study.tables()
    pictures = draw_study(tables)
    texts = {"findings.md": to_markdown(study, tables, films)}
    texts |= {f"findings/{name}.csv": part.to_csv(index=False, float_format="%.4g") for name, part in tables.items()}
    texts |= {f"findings/{name}.svg": svg for name, svg in pictures.items()}
    try:
        (folder / "findings").mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            part = (folder / name).with_name(f".{Path(name).name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name)
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror}; choose a folder that may be written") from error
    return folder / "findings.md"


def to_markdown(study: Study, tables: dict[str, pd.DataFrame], films: Sequence[str] = ()) -> str:
    """The report as Markdown."""
    goals = judge_study(tables, study.mirrored, len(study.exceptions))
    lines = [*_head(study), *goal_lines(goals), *_sensitivity_lines(tables), *_short_lines(tables)]
    lines += [*_alarm_lines(tables), *_confusion_lines(tables), *_mirror_lines(study), *_confidence_lines(tables)]
    return "\n".join([*lines, *_unplanted_lines(), *films, ""])


def _head(study: Study) -> list[str]:
    films = count_films(study.verdicts)
    return [
        "# Findings: what is found, what is missed, what is false",
        "",
        f"Made by `python -m gait.validation.detection --walkers {study.walkers} --out reports` (gait {__version__}): "
        f"{plural(films, 'film')} of made walkers of random speed, height, direction, camera place, frame rate and "
        "noise, filmed by a virtual phone with the errors of a pose network as measured on rendered films, and sent "
        "through the whole chain. Every film has known findings: one planted, or none. Intervals are 95 % (Wilson).",
        "",
        "Made walkers cannot prove what people do: they show that the chain, from keypoints to findings, says what it "
        "should when the walk is known. Sizes of the planted faults are our estimates (`gait/simulate/faults.py`): "
        "severity 1 is severe. Films from the front have the network's random errors only (its constant and repeating "
        "ones were measured from the side), so what is said there is less proven. Films of people and rendered films "
        "are in the last chapters, where they were given.",
        "",
    ]


def goal_lines(goals: Sequence[Judged]) -> list[str]:
    """The goals and whether they are met; those of single findings only where they are missed."""
    counts = {status: sum(goal.status == status for goal in goals) for status in _MARKS}
    missed = [goal for goal in goals[6:] if goal.status == "missed"]
    rows = [_goal_cells(goal) for goal in [*goals[:6], *missed]]
    told = f"{counts['met']} met, {counts['missed']} missed, {counts['not measured']} not measured"
    header = ["goal", "must be", "measured", "", "consists of, or is limited by"]
    return ["## Goals", "", f"{told}; of single findings, those missed.", "", *table(header, rows), ""]


def _goal_cells(goal: Judged) -> list[str]:
    must = f"{'≥' if goal.is_least else '≤'} {goal.goal:.0%}"
    return [goal.measure, must, goal.words, _MARKS[goal.status], goal.note]


def _sensitivity_lines(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Share found by severity, films with enough strides."""
    full = where(tables["sensitivity"], arm="planted")
    strong = where(tables["sensitivity_strong"], arm="planted")
    header = ["finding", "filmed", *(f"{s:g}" for s in SEVERITIES), f"≥ {SEVERE_FROM:g}", "absent", "not assessable"]
    header += ["refused", "wrong side", "why not assessable"]
    rows = []
    for row in records(strong):
        own = where(full, planted=row["planted"], view=row["view"], task=row["task"])
        by_severity = {part["severity"]: part["share"] for part in records(own)}
        cells = [row["planted"], f"{row['view']}, {row['task'].replace('_', ' ')}"]
        cells += [number(by_severity.get(s, np.nan), ".0%") for s in SEVERITIES]
        cells += [f"**{row['share']:.0%}** ({row['low']:.0%}–{row['high']:.0%})"]
        cells += [str(row[name]) for name in ("absent", "not_assessable", "refused", "wrong_side")]
        rows.append([*cells, row["why"]])
    note = (
        f"Share of films in which the planted finding is present on its side, by severity; then all of {SEVERE_FROM:g} "
        "and up, with what became of the others (numbers of films). There and back, or on the treadmill where many "
        "strides are asked for."
    )
    return [
        "## Planted findings",
        "",
        note,
        "",
        *table(header, rows),
        "",
        "![by severity](findings/sensitivity.svg)",
        "",
    ]


def _short_lines(tables: dict[str, pd.DataFrame]) -> list[str]:
    """One pass through a room: not assessable is no error there."""
    rows = [
        [
            r["planted"],
            *(str(r[name]) for name in ("films", "found", "not_assessable", "refused", "absent", "wrong_side")),
        ]
        for r in records(where(tables["sensitivity_strong"], arm="short"))
    ]
    note = (
        "One pass of four or five strides: a finding may be not assessable there, but absent is an error, and so is "
        "the other side."
    )
    header = ["finding", "films", "found", "not assessable", "refused", "absent", "wrong side"]
    return ["## Short films", "", note, "", *table(header, rows), ""]


def _alarm_lines(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Healthy walkers, and walkers with another fault."""
    other = {row["finding"]: row for row in records(tables["other_faults"])}
    rows = []
    for row in records(tables["false_alarms"]):
        also = other.get(row["finding"])
        cells = [row["finding"], str(row["films"]), str(row["judged"]), str(row["alarms"])]
        cells += [f"{row['share']:.1%} ({row['low']:.1%}–{row['high']:.1%})"]
        cells += [f"{also['alarms']} of {also['films']} ({also['share']:.1%})", also["with"]] if also else ["–", ""]
        rows.append(cells)
    films = [
        [r["arm"], f"{r['view']} {r['task'].replace('_', ' ')} {r['passes']}", str(r["films"]), str(r["alarms"])]
        + [f"{r['share']:.1%} ({r['low']:.1%}–{r['high']:.1%})", r["named"]]
        for r in records(tables["healthy_films"])
    ]
    return [
        "## False alarms",
        "",
        "Films of healthy walkers with any finding; slow walking in a walker slower than the norm is no alarm.",
        "",
        *table(["walkers", "filmed", "films", "with a finding", "share", "which"], films),
        "",
        "By finding: films of healthy walkers that its rule judges, those in which it could be judged, and those in "
        "which it was present; then films of walkers with another fault, beyond that fault's natural companions.",
        "",
        *table(
            ["finding", "films", "judged", "alarms", "share", "with another fault", "planted there"],
            rows,
        ),
        "",
    ]


def _confusion_lines(tables: dict[str, pd.DataFrame]) -> list[str]:
    return [
        "## Planted and found",
        "",
        f"Share of the films with a fault of severity {SEVERE_FROM:g} and up (rows) in which a finding (columns) is "
        "present on any side; framed: natural companions by the rules. Numbers: `findings/confusion.csv`.",
        "",
        "![planted and found](findings/confusion.svg)",
        "",
    ] * bool(len(tables["confusion"]))


def _mirror_lines(study: Study) -> list[str]:
    films = plural(study.mirrored, "film")
    told = f"{films} turned left to right; {len(study.exceptions)} did not give the mirrored findings."
    return [
        "## Mirrored films",
        "",
        told,
        "",
        *(f"- {words}" for words in study.exceptions),
        *[""] * bool(study.exceptions),
    ]


def _confidence_lines(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Reliability of the delivered calibration on the walkers that it was not fitted on."""
    rows, told = [], []
    for (status,), part in groups(tables["reliability"], "status"):
        for row in records(part):
            if np.isfinite(row["low"]):
                bin_words = f"{row['low']:g}–{row['high']:g}"
                rows.append(
                    [status, bin_words, str(row["verdicts"]), f"{row['confidence']:.2f}", f"{row['right']:.2f}"]
                )
            else:
                told.append(
                    f"{status}: {row['verdicts']} verdicts, said {row['confidence']:.3f} on average, right "
                    f"{row['right']:.3f}; Brier score {row['brier']:.4f} (always saying the mean share: "
                    f"{row['brier_constant']:.4f})"
                )
    note = (
        "How often a verdict is right, by the confidence it was given: on the odd-numbered walkers, while the "
        "calibration (`gait/findings/data/confidence.csv`) was fitted on the even-numbered ones. A finding called "
        "present is right when it was planted on that side or is a natural companion; called absent, it is wrong when "
        "it was planted there at 0.5 or more; weaker plants are neither. Films with a fault count as "
        f"{FAULTY_SHARE:.0%} of all."
    )
    header = ["verdict", "confidence", "verdicts", "mean confidence", "share right"]
    return [
        "## Confidence",
        "",
        note,
        "",
        *table(header, rows),
        "",
        *(f"- {words}" for words in told),
        "",
        "![confidence](findings/confidence.svg)",
        "",
    ]


def _unplanted_lines() -> list[str]:
    """What this study says nothing about."""
    rules = load_rules().finding
    never = [rule.id for rule in rules if rule.never]
    unplanted = [rule.id for rule in rules if not rule.never and not ways_of_filming(rule)]
    return [
        "## Not in this study",
        "",
        f"- No film shows, with the reason in the rules: {', '.join(never) or 'none'}.",
        f"- Judged, but the simulator cannot plant them; they are tested as rules and on false alarms only: "
        f"{', '.join(unplanted) or 'none'}.",
        "",
    ]


def film_lines(healthy: Sequence[dict[str, Any]], rendered: Sequence[dict[str, Any]]) -> list[str]:
    """Chapters on films of healthy people and films with truth, from rows of :mod:`gait.validation.detection_films`."""
    return [*_healthy_chapter(healthy), *_rendered_chapter(rendered)]


def _healthy_chapter(films: Sequence[dict[str, Any]]) -> list[str]:
    if not films:
        return []
    alarmed = [film for film in films if film["found"]]
    rows = [
        [film["clip"], str(film["strides"]), str(film["absent"]), str(film["open"]), film["found"] or "–"]
        for film in films
    ]
    lines = ["## Films of healthy people", "", f"{len(alarmed)} of {plural(len(films), 'film')} with any finding.", ""]
    lines += [*table(["film", "strides", "absent", "not assessable", "present"], rows), ""]
    return lines + list(_explained(alarmed))


def _rendered_chapter(films: Sequence[dict[str, Any]]) -> list[str]:
    if not films:
        return []
    names = ("planted", "found_planted", "missed", "not_assessable", "companions", "extra")
    rows = [[film["clip"], *(film[name] or "–" for name in names)] for film in films]
    bad = [film for film in films if film["missed"] or film["extra"] or film["not_assessable"]]
    as_planted = f"{len(films) - len(bad)} of {plural(len(films), 'film')}"
    words = f"{as_planted} as planted: all found on the right side, and nothing else but natural companions."
    header = ["film", "planted", "found", "missed", "not assessable", "companions", "extra"]
    return ["## Films with truth", "", words, "", *table(header, rows), "", *_explained(bad)]


def _explained(films: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The numbers behind every finding that should not be there, or is not."""
    for film in films:
        yield f"- **{film['clip']}**: {film['explained']}"
    yield ""
