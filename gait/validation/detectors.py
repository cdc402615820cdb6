"""Event detectors side by side on the same trials; our constants with one source left out; our confidence checked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from gait.core.events import EVENT_KINDS, EventKind, GaitEvents
from gait.core.sides import SIDES, Side
from gait.core.trajectories import Trajectories
from gait.events.base import EventDetector
from gait.events.cues import Cue
from gait.events.detectors import DETECTORS
from gait.events.swings import SwingPeaks
from gait.validation.compare import EVENT_ERROR_COLUMNS, compare_events
from gait.validation.rows import groups, numbers, records, where

#: Two events further apart than this are no pair, in s; F1 counts as hits only those within :data:`HIT_S`.
PAIR_S, HIT_S = 0.15, 0.05
#: Events this close to the first and last true one are still looked at, in s: labels often cover a part only.
AROUND_S = 0.05
#: Borders of the table of reliability.
CONFIDENCE_BINS: tuple[float, ...] = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)

DETECTOR_COLUMNS: tuple[str, ...] = ("detector", "source", "population", "via", *EVENT_ERROR_COLUMNS[1:])


@dataclass(frozen=True, slots=True)
class EventJob:
    """One trial whose events are known.

    Attributes
    ----------
    name
        For tables.
    source
        Laboratory or kind of film it comes from: what is left out together.
    population
        For example ``healthy``, ``parkinson``.
    via
        ``markers``, ``phone`` (markers through the virtual phone camera), ``film`` or ``simulated``.
    trajectories
        Of the whole trial.
    truth
        ``(time_s, side, kind)`` of the true events in view.
    """

    name: str
    source: str
    population: str
    via: str
    trajectories: Trajectories
    truth: tuple[tuple[float, Side, EventKind], ...]

    def rows(self) -> list[dict[str, object]]:
        """Truth as :func:`gait.validation.compare.compare_events` wants it."""
        return [{"time_s": time, "side": side, "kind": kind} for time, side, kind in self.truth]

    def window(self) -> tuple[float, float]:
        """From just before the first to just after the last true event, in s."""
        times = [time for time, _, _ in self.truth]
        return min(times) - AROUND_S, max(times) + AROUND_S


def compare_detectors(
    jobs: Iterable[EventJob],
    detectors: Mapping[str, EventDetector] | None = None,
    by: Sequence[str] = ("population", "via"),
) -> pd.DataFrame:
    """All detectors on all trials.

    Parameters
    ----------
    jobs
        Trials; those without true events are passed over.
    detectors
        By name; :data:`gait.events.detectors.DETECTORS` when None.
    by
        What is pooled into one row: some of ``source``, ``population``, ``via``. What is not named reads ``all``.

    Returns
    -------
    pandas.DataFrame
        :data:`DETECTOR_COLUMNS`. Errors (found - true) are of pairs within :data:`PAIR_S`, so that a detector cannot
        hide its gross errors as misses; ``f1`` counts hits within :data:`HIT_S`.
    """
    parts: list[dict[str, Any]] = []
    for job in (job for job in jobs if job.truth):
        for name, detector in (detectors or DETECTORS).items():
            found = detector.detect(job.trajectories)
            parts += [{**row, "detector": name, **_labels(job)} for row in _count(found, job)]
    keys = ("detector", "source", "population", "via", "kind")
    for row in parts:
        row |= {column: "all" for column in ("source", "population", "via") if column not in by}
    pooled: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in parts:
        pooled[tuple(row[key] for key in keys)].append(row)
    rows = [{**dict(zip(keys, names, strict=True)), **_pool(same)} for names, same in pooled.items()]
    return pd.DataFrame(rows, columns=list(DETECTOR_COLUMNS))


def _labels(job: EventJob) -> dict[str, str]:
    return {"source": job.source, "population": job.population, "via": job.via}


def _count(found: GaitEvents, job: EventJob) -> list[dict[str, Any]]:
    """Counts and errors of one trial, one row a kind."""
    windows = [job.window()]
    wide = compare_events(found, job.rows(), PAIR_S, windows, 0.0)
    out = []
    for kind in EVENT_KINDS:
        counts = records(where(wide.table, side="both", kind=kind))[0]
        pairs = where(wide.pairs, kind=kind)
        errors = 1000 * (numbers(pairs, "found_s") - numbers(pairs, "truth_s"))
        out.append({"kind": kind, **{name: int(counts[name]) for name in _COUNTS}, "errors_ms": errors})
    return out


_COUNTS = ("truth", "matched", "missed", "false")


def _pool(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """One row of the table from many trials."""
    errors = np.concatenate([row["errors_ms"] for row in rows])
    sums = {name: sum(row[name] for row in rows) for name in _COUNTS}
    hits = int(np.sum(np.abs(errors) <= 1000 * HIT_S))
    wrong = 2 * (len(errors) - hits) + sums["missed"] + sums["false"]
    return {
        **sums,
        "bias_ms": float(np.mean(errors)) if len(errors) else np.nan,
        "mean_absolute_ms": float(np.mean(np.abs(errors))) if len(errors) else np.nan,
        "sd_ms": float(np.std(errors, ddof=1)) if len(errors) > 1 else np.nan,
        "f1": 2 * hits / (2 * hits + wrong) if hits + wrong else np.nan,
    }


def refit(jobs: Iterable[EventJob], detector: SwingPeaks | None = None) -> SwingPeaks:
    """Fit the constants of :class:`gait.events.swings.SwingPeaks` anew.

    The contact's delay is a median, the toe-off's delay and weight a regression of least absolute errors; all sources
    weigh the same, however many events they have.

    Parameters
    ----------
    jobs
        Trials of films, simulated walks or markers through the virtual phone.
    detector
        Whose other settings are kept; the default when None.
    """
    detector = detector or SwingPeaks()
    table = cue_errors(jobs, detector)
    constant, _ = _least_absolute(where(table, kind="initial_contact"), use_rise=False)
    delay, weight = _least_absolute(where(table, kind="toe_off"), use_rise=True)
    return replace(detector, contact_delay_s=constant, toe_off_delay_s=delay, heel_rise_weight=weight)


def cue_errors(jobs: Iterable[EventJob], detector: SwingPeaks) -> pd.DataFrame:
    """What is missing from each cue to its true event.

    Returns
    -------
    pandas.DataFrame
        ``source, kind, missing_s`` (true - cue), ``heel_rise_s``.
    """
    rows = []
    for job in jobs:
        cues = detector.cues(job.trajectories)
        for kind in EVENT_KINDS:
            for side in SIDES:
                same = [cue for cue in cues if cue.side == side and cue.kind == kind]
                true = [time for time, where, what in job.truth if where == side and what == kind]
                rows += [(job.source, kind, time - cue.time_s, cue.heel_rise_s) for cue, time in _pairs(same, true)]
    return pd.DataFrame(rows, columns=["source", "kind", "missing_s", "heel_rise_s"])


def _pairs(cues: Sequence[Cue], true: Sequence[float]) -> list[tuple[Cue, float]]:
    """Each true event with the nearest cue, if that is within :data:`PAIR_S`."""
    if not cues:
        return []
    nearest = [(min(cues, key=lambda cue, time=time: abs(cue.time_s - time)), time) for time in true]
    return [(cue, time) for cue, time in nearest if abs(cue.time_s - time) <= PAIR_S]


def _least_absolute(table: pd.DataFrame, *, use_rise: bool, rounds: int = 20) -> tuple[float, float]:
    """Constant and weight of the heel's rise, by iteratively reweighted least squares; 5 ms counts as no error."""
    if not len(table):
        return 0.0, 0.0
    missing, rise = numbers(table, "missing_s"), numbers(table, "heel_rise_s")
    design = np.column_stack([np.ones(len(table)), rise if use_rise else 0 * rise])
    size = Counter(table["source"])
    each = np.array([1.0 / size[source] for source in table["source"]])
    weight, solution = each, np.zeros(2)
    for _ in range(rounds):
        root = np.sqrt(weight)[:, None]
        solution = np.linalg.lstsq(design * root, missing * root[:, 0], rcond=None)[0]
        weight = each / np.maximum(np.abs(missing - design @ solution), 0.005)
    return float(solution[0]), float(solution[1])


def leave_one_source_out(jobs: Sequence[EventJob], detector: SwingPeaks | None = None) -> pd.DataFrame:
    """Errors on each source with constants fitted on all other sources.

    Returns
    -------
    pandas.DataFrame
        As :func:`compare_detectors`, ``detector`` being ``left out`` or ``as delivered``.
    """
    detector = detector or SwingPeaks()
    parts = []
    for source in dict.fromkeys(job.source for job in jobs):
        held = [job for job in jobs if job.source == source]
        fitted = refit([job for job in jobs if job.source != source], detector)
        pair = {"left out": fitted, "as delivered": detector}
        parts.append(compare_detectors(held, pair, by=("source", "population", "via")))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(DETECTOR_COLUMNS))


def reliability(jobs: Iterable[EventJob], detector: EventDetector | None = None) -> pd.DataFrame:
    """Whether events of a confidence of, say, 0.9 lie within 50 ms of the truth 9 times of 10.

    Returns
    -------
    pandas.DataFrame
        ``via, kind, low, high`` (borders of confidence), ``events``, ``confidence`` (mean), ``within`` (share of the
        events within :data:`HIT_S` of a true one).
    """
    table = hits(jobs, detector or DETECTORS["ours"])
    rows = []
    for (via, kind), part in groups(table, "via", "kind"):
        sure, hit = numbers(part, "confidence"), numbers(part, "is_hit")
        for low, high in pairwise(CONFIDENCE_BINS):
            inside = (sure > low) & (sure <= high)
            if inside.any():
                rows.append((via, kind, low, high, int(inside.sum()), sure[inside].mean(), hit[inside].mean()))
    return pd.DataFrame(rows, columns=["via", "kind", "low", "high", "events", "confidence", "within"])


def hits(jobs: Iterable[EventJob], detector: EventDetector) -> pd.DataFrame:
    """Every event found within the labelled time: ``source, via, kind, confidence, is_hit``."""
    rows = []
    for job in (job for job in jobs if job.truth):
        first, last = job.window()
        for event in records(detector.detect(job.trajectories).table):
            if not first <= event["time_s"] <= last:
                continue
            true = [time for time, side, kind in job.truth if (side, kind) == (event["side"], event["kind"])]
            is_hit = any(abs(event["time_s"] - time) <= HIT_S for time in true)
            rows.append((job.source, job.via, event["kind"], event["confidence"], is_hit))
    return pd.DataFrame(rows, columns=["source", "via", "kind", "confidence", "is_hit"])
