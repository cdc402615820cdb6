"""Events, parameters and findings of one film against its truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from gait.core.errors import InputError
from gait.core.events import EVENT_KINDS, GaitEvents
from gait.core.findings import Findings
from gait.core.parameters import GaitParameters
from gait.core.sides import SIDES
from gait.findings.catalogue import load_rules

Truth = Mapping[str, Any]

#: Events this close to the film's or the walker's entry or exit are counted apart: most gross errors lie there.
EDGE_S = 0.4
EVENT_ERROR_COLUMNS: tuple[str, ...] = (
    "side",
    "kind",
    "truth",
    "matched",
    "missed",
    "false",
    "bias_ms",
    "mean_absolute_ms",
    "sd_ms",
    "f1",
)
PARAMETER_COLUMNS: tuple[str, ...] = (
    "parameter",
    "side",
    "truth",
    "found",
    "error",
    "is_covered",
    "unit",
    "low",
    "high",
    "strides",
    "method",
)


@dataclass(frozen=True, slots=True)
class EventErrors:
    """How far found events lie from true ones.

    Attributes
    ----------
    table
        One row a side and kind, and the pooled rows ``both``: ``truth, matched, missed, false`` (numbers of events),
        ``bias_ms`` (found - true), ``mean_absolute_ms``, ``sd_ms`` of the matched ones, ``f1`` (0..1); NaN where
        there is nothing to count.
    pairs
        The matched pairs: ``side, kind, truth_s, found_s``.
    at_edges
        Numbers of true, matched and false events within :data:`EDGE_S` of the ends, which are not in the table.
    """

    table: pd.DataFrame
    pairs: pd.DataFrame
    at_edges: dict[str, int]

    def row(self, side: str, kind: str) -> pd.Series:
        """One row of the table."""
        chosen = (self.table["side"] == side) & (self.table["kind"] == kind)
        return self.table.loc[chosen].iloc[0]


def compare_events(
    found: GaitEvents,
    truth: Sequence[Truth],
    tolerance_s: float = 0.05,
    windows: Sequence[tuple[float, float]] | None = None,
    edge_s: float = EDGE_S,
) -> EventErrors:
    """Match found events with true ones, one to one.

    Parameters
    ----------
    found
        Our events.
    truth
        Rows with ``time_s``, ``side`` and ``kind``; other kinds (foot flat, heel off) are passed over.
    tolerance_s
        Two events further apart are no pair.
    windows
        When the walker is followed, as ``(first, last)`` s. What lies outside is not counted at all; what lies within
        ``edge_s`` of a window's ends is counted apart. None: one window around all true and found events, no edges.
    edge_s
        Width of the edges, in s.

    Raises
    ------
    InputError
        When the tolerance is not above 0.
    """
    if tolerance_s <= 0:
        raise InputError(f"tolerance_s is {tolerance_s:g}, expected more than 0; 0.05 is usual")
    rows, pairs, edges = [], [], {"truth": 0, "matched": 0, "false": 0}
    for side in SIDES:
        for kind in EVENT_KINDS:
            true = np.sort([float(row["time_s"]) for row in truth if row["side"] == side and row["kind"] == kind])
            got = found.times_s(side, kind)
            true, got = true[_place(true, windows, 0.0)], got[_place(got, windows, 0.0)]
            couples = _match(true, got, tolerance_s)
            counted = _count(true, got, couples, windows, edge_s, edges)
            rows.append({"side": side, "kind": kind, **counted[0]})
            pairs += [{"side": side, "kind": kind, "truth_s": a, "found_s": b} for a, b in counted[1]]
    matched = pd.DataFrame(pairs, columns=["side", "kind", "truth_s", "found_s"])
    return EventErrors(_with_errors(rows, matched), matched, edges)


def _place(times: np.ndarray, windows: Sequence[tuple[float, float]] | None, edge_s: float) -> np.ndarray:
    """Which times lie inside a window, at least ``edge_s`` from its ends."""
    if windows is None:
        return np.ones(len(times), bool)
    inside = np.zeros(len(times), bool)
    for first, last in windows:
        inside |= (times >= first + edge_s) & (times <= last - edge_s)
    return inside


def _match(true: np.ndarray, got: np.ndarray, tolerance_s: float) -> list[tuple[int, int]]:
    """Pairs of indices: as many as possible, and among those the closest."""
    if not len(true) or not len(got):
        return []
    distance = np.abs(true[:, None] - got[None, :])
    # A forbidden pair costs more than all allowed ones together, so it is taken only where no allowed one is left.
    cost = np.where(distance <= tolerance_s, distance, tolerance_s * (1 + len(true) + len(got)))
    first, second = linear_sum_assignment(cost)
    return [(int(i), int(j)) for i, j in zip(first, second, strict=True) if distance[i, j] <= tolerance_s]


def _count(
    true: np.ndarray,
    got: np.ndarray,
    couples: list[tuple[int, int]],
    windows: Sequence[tuple[float, float]] | None,
    edge_s: float,
    edges: dict[str, int],
) -> tuple[dict[str, int], list[tuple[float, float]]]:
    """Counts and pairs of the middle; the edges' are added to ``edges``. A pair lies where its truth lies."""
    middle_true, middle_got = _place(true, windows, edge_s), _place(got, windows, edge_s)
    partner = {j for _, j in couples}
    kept = [(i, j) for i, j in couples if middle_true[i]]
    alone = np.array([j not in partner for j in range(len(got))], bool)
    false = int(np.sum(alone & middle_got))
    edges["truth"] += int(np.sum(~middle_true))
    edges["matched"] += len(couples) - len(kept)
    edges["false"] += int(np.sum(alone)) - false
    truth = int(np.sum(middle_true))
    counts = {"truth": truth, "matched": len(kept), "missed": truth - len(kept), "false": false}
    return counts, [(float(true[i]), float(got[j])) for i, j in kept]


def _with_errors(counts: list[dict[str, Any]], pairs: pd.DataFrame) -> pd.DataFrame:
    """Add pooled rows, errors of the pairs and F1."""
    rows = list(counts)
    for kind in EVENT_KINDS:
        same = [row for row in counts if row["kind"] == kind]
        sums = {name: sum(row[name] for row in same) for name in ("truth", "matched", "missed", "false")}
        rows.append({"side": "both", "kind": kind, **sums})
    error_ms = 1000 * (np.asarray(pairs["found_s"], float) - np.asarray(pairs["truth_s"], float))
    sides, kinds = np.asarray(pairs["side"]), np.asarray(pairs["kind"])
    for row in rows:
        chosen = error_ms[(kinds == row["kind"]) & ((sides == row["side"]) | (row["side"] == "both"))]
        total = 2 * row["matched"] + row["missed"] + row["false"]
        row["bias_ms"] = float(np.mean(chosen)) if len(chosen) else np.nan
        row["mean_absolute_ms"] = float(np.mean(np.abs(chosen))) if len(chosen) else np.nan
        row["sd_ms"] = float(np.std(chosen, ddof=1)) if len(chosen) > 1 else np.nan
        row["f1"] = 2 * row["matched"] / total if total else np.nan
    return pd.DataFrame(rows, columns=list(EVENT_ERROR_COLUMNS))


def compare_parameters(found: GaitParameters, truth: Sequence[Truth]) -> pd.DataFrame:
    """Every true parameter beside ours.

    Parameters
    ----------
    found
        Our parameters.
    truth
        Rows with ``id``, ``side`` (null counts as both), ``value`` and ``unit``.

    Returns
    -------
    pandas.DataFrame
        ``parameter, side, truth, found, error`` (found - truth), ``is_covered`` (whether the truth lies in our 95 %
        interval; None where not measured), ``unit``, and what the interval says: ``low, high, strides, method``;
        numbers are NaN where it was not measured.
    """
    rows = []
    for row in truth:
        side = row["side"] or "both"
        ours = found.get(row["id"], side)
        value = float("nan") if ours is None else ours.value
        covered = None if ours is None or not np.isfinite(value) else bool(ours.low <= row["value"] <= ours.high)
        measured = (row["id"], side, float(row["value"]), value, value - float(row["value"]), covered, row["unit"])
        stated = (np.nan, np.nan, 0, "") if ours is None else (ours.low, ours.high, ours.strides, ours.method)
        rows.append((*measured, *stated))
    return pd.DataFrame(rows, columns=list(PARAMETER_COLUMNS))


def compare_findings(found: Findings, truth: Sequence[Truth]) -> pd.DataFrame:
    """Planted findings and ours.

    Parameters
    ----------
    found
        Our findings.
    truth
        Rows with ``id`` and ``side`` (null or ``both``: no side).

    Returns
    -------
    pandas.DataFrame
        ``id, side, outcome``: planted ones are ``found`` (same id, same side), ``missed`` or ``not_assessable``; ours
        that were not planted are ``follows`` when the rules of findings name them as a planted one's companions
        (``companions``), else ``extra``.
    """
    planted = [(row["id"], _one_side(row["side"])) for row in truth]
    present = [(finding.id, _one_side(finding.side)) for finding in found.present()]
    unseen = {(finding.id, _one_side(finding.side)) for finding in found.with_status("not_assessable")}
    names = {name for name, _ in planted}
    follows = {companion for rule in load_rules().finding if rule.id in names for companion in rule.companions}
    rows = [(*item, _outcome(item, present, unseen)) for item in planted]
    rows += [(*item, "follows" if item[0] in follows else "extra") for item in present if item not in planted]
    return pd.DataFrame(rows, columns=["id", "side", "outcome"])


def _one_side(side: str | None) -> str:
    """No side and both sides are told alike."""
    return side or "both"


def _outcome(item: tuple[str, str], present: list[tuple[str, str]], unseen: set[tuple[str, str]]) -> str:
    """What became of one planted finding."""
    if item in present:
        return "found"
    return "not_assessable" if item in unseen or (item[0], "both") in unseen else "missed"
