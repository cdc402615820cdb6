"""Summaries over clips: by parameter, and by source, view, frame rate and population."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from gait.core.events import EVENT_KINDS
from gait.validation.agreement import limits_of_agreement
from gait.validation.examine import FACTS, SHOWN_PARAMETERS, Tables
from gait.validation.rows import choose, groups, known, numbers, where

#: By what errors are broken down, and what that is called.
GROUPINGS: dict[str, str] = {
    "source": "Source",
    "view": "View",
    "fps": "Frames a second",
    "population": "Who walks",
    "origin": "Origin",
}


def by_parameter(parameters: pd.DataFrame) -> pd.DataFrame:
    """Each measure over all clips.

    Parameters
    ----------
    parameters
        The table ``parameters`` of a report.

    Returns
    -------
    pandas.DataFrame
        ``parameter, unit, clips, values, bias, low, high`` (95 % limits of agreement over clips), ``limit_error``,
        ``mean_absolute, covered_pct``; measures that were never measured are left out.
    """
    rows = []
    for (name, unit), part in groups(known(parameters, "error"), "parameter", "unit"):
        agreement = limits_of_agreement(part)
        rows.append(
            {
                "parameter": name,
                "unit": unit,
                "clips": agreement.clips,
                "values": agreement.values,
                "bias": agreement.bias,
                "low": agreement.low,
                "high": agreement.high,
                "limit_error": agreement.limit_error,
                "mean_absolute": float(np.abs(numbers(part, "error")).mean()),
                "covered_pct": 100.0 * float(numbers(part, "is_covered").mean()),
            }
        )
    return pd.DataFrame(rows)


def by_group(tables: Tables) -> pd.DataFrame:
    """Errors of events and main parameters by source, view, frame rate, population and origin.

    Returns
    -------
    pandas.DataFrame
        ``grouping, group, clips``, by kind of event ``{kind}_mean_absolute_ms`` and ``{kind}_f1``, and
        ``{parameter}`` mean absolute errors in the units of the report.
    """
    return pd.DataFrame([row for grouping in GROUPINGS for row in _group_rows(tables, grouping)])


def _group_rows(tables: Tables, grouping: str) -> Iterator[dict[str, object]]:
    """One row for each value of one grouping; none where there is only one value."""
    events, pairs, parameters = (tables.get(name, _NOTHING) for name in ("events", "pairs", "parameters"))
    values = sorted(set(events[grouping])) if len(events) else []
    for group in values if len(values) > 1 else ():
        own = [where(table, **{grouping: group}) for table in (events, pairs, parameters)]
        row: dict[str, object] = {"grouping": grouping, "group": group, "clips": len(set(own[0]["clip"]))}
        for kind in EVENT_KINDS:
            row |= {f"{kind}_{name}": value for name, value in event_summary(own[0], own[1], kind).items()}
        for name, (factor, _) in SHOWN_PARAMETERS.items():
            errors = numbers(known(where(own[2], parameter=name), "error"), "error")
            row[name] = factor * float(np.abs(errors).mean()) if len(errors) else np.nan
        yield row


_NOTHING = pd.DataFrame(columns=[*FACTS, "parameter", "error", "kind", "error_ms"])


def event_summary(events: pd.DataFrame, pairs: pd.DataFrame, kind: str) -> dict[str, float]:
    """Bias, mean absolute error, spread and F1 of one kind of event over the given clips."""
    counts = choose(events, (events["kind"] == kind) & (events["side"] != "both"))
    matched, missed, false = (float(numbers(counts, name).sum()) for name in ("matched", "missed", "false"))
    errors = numbers(where(pairs, kind=kind), "error_ms")
    total = 2 * matched + missed + false
    return {
        "bias_ms": float(errors.mean()) if len(errors) else np.nan,
        "mean_absolute_ms": float(np.abs(errors).mean()) if len(errors) else np.nan,
        "sd_ms": float(errors.std(ddof=1)) if len(errors) > 1 else np.nan,
        "missed": missed,
        "false": false,
        "f1": 2 * matched / total if total else np.nan,
    }
