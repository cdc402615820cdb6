"""Verdicts on made films against what was planted: found, missed, false alarms, and how sure the verdicts were."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gait.core.findings import Finding, Findings
from gait.core.sides import SIDES, other_side
from gait.findings.catalogue import Rule, load_rules
from gait.findings.confidence import Confidence
from gait.validation.agreement import wilson
from gait.validation.detection_store import Seen
from gait.validation.detection_walks import MadeFilm
from gait.validation.rows import choose, groups

#: Goals of the study (issue of this project): share found on the right side from this severity on, and false alarms of
#: one finding, and of a film.
SEVERE_FROM, FOUND_GOAL, ALARM_GOAL, FILM_GOAL = 0.6, 0.95, 0.02, 0.05
#: From this severity on a planted finding that is called absent is called wrongly; below, both answers will do.
COUNTS_FROM = 0.5
#: A confidence that tells the margin itself: linear from -4 to 12 standard errors, below the cap.
_TELLS_MARGIN = Confidence(np.array([-4.0, 12.0]), np.array([0.0, 0.96]), np.array([0.0, 0.96]))
#: Slower walkers are slow in truth, whatever was planted, in m/s (the norm of adults begins at 1.0).
_SLOW_MPS = 1.02

VERDICT_COLUMNS: tuple[str, ...] = (
    "arm",
    "planted",
    "planted_side",
    "severity",
    "number",
    "view",
    "task",
    "passes",
    "film",
    "finding",
    "side",
    "status",
    "margin",
    "relation",
    "reason",
    "evidence",
)


def verdicts(seen: Iterable[Seen]) -> pd.DataFrame:
    """Judge films.

    Returns
    -------
    pandas.DataFrame
        One row for each film, finding and side: what was planted (``planted, planted_side, severity``), how it was
        filmed, the verdict (``status``, ``margin`` in standard errors) and its ``relation`` to the truth: ``planted``,
        ``wrong side``, ``companion`` (of what was planted, on any side) or ``other``. A film that the chain refused has
        one row without a finding, status ``refused``.
    """
    rows: list[tuple[Any, ...]] = []
    for one in seen:
        film = one.film
        facts = (film.arm, film.finding, film.side or "", film.severity, film.number, film.view, film.task, film.passes)
        if one.refusal:
            rows.append((*facts, film.name, "", "", "refused", np.nan, "", one.refusal, ""))
            continue
        is_slow = one.truth.get(("walking_speed_mps", "both"), np.inf) < _SLOW_MPS
        rows += [
            (
                *facts,
                film.name,
                f.id,
                f.side or "",
                f.status,
                _margin(f),
                _relation(film, f, is_slow),
                f.reason,
                _numbers(f),
            )
            for f in one.findings(_TELLS_MARGIN).all
        ]
    return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))


def _margin(finding: Finding) -> float:
    """The margin back from the confidence that tells it."""
    return float("nan") if finding.status == "not_assessable" else finding.confidence / 0.06 - 4.0


def _relation(film: MadeFilm, finding: Finding, is_slow: bool) -> str:
    """What a finding has to do with the truth of its film."""
    if film.finding and finding.id == film.finding:
        # Where the fault or the rule names no side, there is no wrong one.
        return "planted" if finding.side == film.side or None in (finding.side, film.side) else "wrong side"
    if finding.id == "slow_walking" and is_slow:
        return "companion"
    if film.finding and finding.id in load_rules().rule(film.finding).companions:
        return "companion"
    return "other"


def _numbers(finding: Finding) -> str:
    """The evidence, short."""
    return "; ".join(f"{e.parameter} {e.side} {e.value:.3g} {e.unit} ({e.reference})" for e in finding.evidence)


def interval(count: int, total: int) -> tuple[float, float]:
    """95 % interval of a share, 0..1 where nothing was counted.

    Examples
    --------
    >>> [round(edge, 3) for edge in interval(95, 100)]
    [0.888, 0.978]
    """
    if total == 0:
        return 0.0, 1.0
    low, high = wilson(np.array(float(count)), np.array(float(total)))
    return float(low), float(high)


def outcomes(table: pd.DataFrame) -> pd.DataFrame:
    """What became of the planted finding of each film.

    Returns
    -------
    pandas.DataFrame
        ``film`` and its facts, ``outcome`` (``found``, ``absent``, ``not assessable``, ``refused``), ``is_wrong_side``,
        ``reason`` of what was not found, ``evidence``.
    """
    planted = choose(
        table,
        (table["planted"] != "") & (table["relation"].isin(["planted", "wrong side"]) | (table["status"] == "refused")),
    )
    rows = []
    for (film,), part in groups(planted, "film"):
        named = choose(part, part["relation"] != "wrong side")
        own = named.iloc[int(np.argmax(named["status"] == "present"))]
        wrong = choose(part, (part["relation"] == "wrong side") & (part["status"] == "present"))
        words = {"present": "found", "not_assessable": "not assessable"}
        facts = {
            name: own[name]
            for name in ("arm", "planted", "planted_side", "severity", "number", "view", "task", "passes")
        }
        rows.append(
            {
                "film": film,
                **facts,
                "outcome": words.get(own["status"], own["status"]),
                "is_wrong_side": len(wrong) > 0,
                "margin": own["margin"],
                "reason": "" if own["status"] == "present" else own["reason"],
                "evidence": own["evidence"],
            }
        )
    return pd.DataFrame(rows)


def sensitivity(
    found: pd.DataFrame, by: Sequence[str] = ("arm", "planted", "view", "task", "severity")
) -> pd.DataFrame:
    """Shares of planted findings found on the right side.

    Parameters
    ----------
    found
        From :func:`outcomes`.
    by
        What to tell apart.

    Returns
    -------
    pandas.DataFrame
        ``films, found, absent, not_assessable, refused, wrong_side`` (numbers), ``share`` found with its 95 % interval
        ``low, high``, and ``why``: the commonest reason of those not assessable.
    """
    rows = []
    for names, part in groups(found, *by):
        counts = Counter(part["outcome"])
        hits, films = counts["found"], len(part)
        low, high = interval(hits, films)
        rows.append(
            {
                **dict(zip(by, names, strict=True)),
                "films": films,
                "found": hits,
                "absent": counts["absent"],
                "not_assessable": counts["not assessable"],
                "refused": counts["refused"],
                "wrong_side": sum(part["is_wrong_side"]),
                "share": hits / films,
                "low": low,
                "high": high,
                "why": _commonest(choose(part, part["outcome"].isin(["not assessable", "refused"]))["reason"].tolist()),
            }
        )
    return pd.DataFrame(rows)


def _commonest(reasons: Sequence[str]) -> str:
    """The commonest reason's first sentence, numbers left out."""
    if not reasons:
        return ""
    short = Counter(re.sub(r"\d+", "N", reason.split(". ")[0]) for reason in reasons)
    reason, count = short.most_common(1)[0]
    return f"{reason} ({count} of {len(reasons)})"


def count_films(table: pd.DataFrame) -> int:
    """How many films a table of verdicts tells of."""
    return len(set(table["film"]))


def _judged_by(table: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """Verdicts of one rule in the views and tasks that it judges."""
    fits = table["view"].isin(rule.views) & table["task"].isin(rule.tasks) & (table["finding"] == rule.id)
    return choose(table, fits) if not rule.never else table.iloc[:0]


def _named(names: Iterable[str]) -> str:
    """What occurs how often, the commonest first."""
    return ", ".join(f"{name} {count}" for name, count in Counter(names).most_common())


def false_alarms(table: pd.DataFrame) -> pd.DataFrame:
    """Findings in films without a fault, by finding.

    Returns
    -------
    pandas.DataFrame
        ``finding, films`` (of a view and task that its rule judges), ``judged`` (not called not assessable on both
        sides), ``alarms`` (films), ``share`` of the films with its interval ``low, high``; what is true of a slow
        person (slow walking) is no alarm.
    """
    healthy = choose(table, (table["planted"] == "") & (table["status"] != "refused"))
    rows = []
    for rule in load_rules().finding:
        part = _judged_by(healthy, rule)
        if not len(part):
            continue
        films = count_films(part)
        alarms = count_films(choose(part, (part["status"] == "present") & (part["relation"] == "other")))
        judged = count_films(choose(part, part["status"] != "not_assessable"))
        rows.append((rule.id, films, judged, alarms, alarms / films, *interval(alarms, films)))
    return pd.DataFrame(rows, columns=["finding", "films", "judged", "alarms", "share", "low", "high"])


def films_with_alarms(table: pd.DataFrame) -> pd.DataFrame:
    """Healthy films with any false alarm, by way of filming, and all together.

    Returns
    -------
    pandas.DataFrame
        ``arm, view, task, passes, films, alarms, share, low, high, named``; the row of all has the arm ``all``.
    """
    healthy = choose(table, table["planted"] == "")
    rows = []
    for names, part in [*groups(healthy, "arm", "view", "task", "passes"), (("all", "", "", ""), healthy)]:
        alarm = choose(part, (part["status"] == "present") & (part["relation"] == "other"))
        films, alarms = count_films(part), count_films(alarm)
        shares = (alarms / max(films, 1), *interval(alarms, films))
        rows.append((*names, films, alarms, *shares, _named(alarm["finding"])))
    columns = ["arm", "view", "task", "passes", "films", "alarms", "share", "low", "high", "named"]
    return pd.DataFrame(rows, columns=columns)


def strangers(table: pd.DataFrame) -> pd.DataFrame:
    """Findings in films of another fault that are neither planted nor its companions, by finding.

    Returns
    -------
    pandas.DataFrame
        ``finding, films`` (of another fault, in a view and task that its rule judges), ``alarms, share, low, high``,
        ``with``: which planted faults they came with, and how often.
    """
    other = choose(table, (table["planted"] != "") & (table["relation"] == "other"))
    rows = []
    for rule in load_rules().finding:
        part = _judged_by(other, rule)
        if not len(part):
            continue
        alarm = choose(part, part["status"] == "present").drop_duplicates("film")
        films, alarms = count_films(part), len(alarm)
        rows.append((rule.id, films, alarms, alarms / films, *interval(alarms, films), _named(alarm["planted"])))
    return pd.DataFrame(rows, columns=["finding", "films", "alarms", "share", "low", "high", "with"])


def confusion(table: pd.DataFrame, severity: float = SEVERE_FROM) -> pd.DataFrame:
    """How often each finding (columns) is present, on any side, where each fault (rows) is planted.

    Parameters
    ----------
    table
        From :func:`verdicts`.
    severity
        Least severity of the films that count; healthy films are the row ``none``.

    Returns
    -------
    pandas.DataFrame
        Shares of the films of a fault, 0..1; ``films`` is their number.
    """
    counted = choose(
        table,
        table["arm"].isin(["planted", "healthy"])
        & ((table["severity"] >= severity) | (table["planted"] == ""))
        & (table["status"] != "refused"),
    )
    named = counted.assign(planted=counted["planted"].replace("", "none"))
    films = named.groupby("planted")["film"].nunique()
    present = choose(named, named["status"] == "present").drop_duplicates(["film", "finding"])
    counts = pd.crosstab(present["planted"], present["finding"]).reindex(films.index, fill_value=0)
    order = [rule.id for rule in load_rules().finding if rule.id in counts.columns]
    shares = counts[order].div(films, axis=0)
    rows = [rule.id for rule in load_rules().finding if rule.id in shares.index]
    shares = shares.reindex([*rows, *(["none"] if "none" in shares.index else [])])
    shares.insert(0, "films", films)
    return shares.reset_index()


def mirror_exceptions(pairs: Iterable[tuple[Seen, Seen]]) -> tuple[int, list[str]]:
    """Films whose mirror image does not give the mirrored findings.

    Parameters
    ----------
    pairs
        Each film and its mirror image.

    Returns
    -------
    count, exceptions
        Number of pairs, and what differs in those that do.
    """
    count, exceptions = 0, []
    for film, mirrored in pairs:
        count += 1
        own, turned = _answers(film.findings(), is_mirrored=True), _answers(mirrored.findings(), is_mirrored=False)
        differing = sorted(key for key in own.keys() | turned.keys() if own.get(key) != turned.get(key))
        if differing or film.refusal != mirrored.refusal:
            told = "; ".join(
                f"{' '.join(filter(None, key))}: {own.get(key)} and {turned.get(key)}" for key in differing
            )
            exceptions.append(f"{film.film.name}: {told or 'one of them was refused'}")
    return count, exceptions


def _answers(findings: Findings, *, is_mirrored: bool) -> dict[tuple[str, str], str]:
    """Status and grade by finding and side."""
    answers = {}
    for finding in findings.all:
        side = finding.side or ""
        side = other_side(side) if is_mirrored and side in SIDES else side  # pyright: ignore[reportArgumentType]
        answers[finding.id, side] = f"{finding.status} {finding.severity or ''}".strip()
    return answers


def unmirrored(film: MadeFilm) -> MadeFilm:
    """The film that a mirrored one was made from."""
    arm = "planted" if film.finding else ("slow" if film.person == "slow" else "healthy")
    return replace(film, arm=arm, is_mirrored=False)
