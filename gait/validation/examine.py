"""One trial, analysed once: every table that comes from it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import InputError, SchemaError
from gait.core.events import EVENT_KINDS
from gait.core.sides import SIDES, Side, other_side
from gait.validation.compare import (
    EVENT_ERROR_COLUMNS,
    PARAMETER_COLUMNS,
    EventErrors,
    Truth,
    compare_events,
    compare_findings,
    compare_parameters,
)
from gait.validation.coverage import half_of
from gait.validation.feet import FootTruth, contact_errors, foot_errors, read_foot_truth
from gait.validation.rows import groups, known, numbers, records, where
from gait.validation.sides import read_leg_truth, side_errors
from gait.validation.trials import Trial
from gait.validation.truths import read_full_truth, rendered_truth

#: Parameters of the table of clips, with the factor and the unit of their error.
SHOWN_PARAMETERS: dict[str, tuple[float, str]] = {
    "stride_time_s": (1000.0, "ms"),
    "step_time_s": (1000.0, "ms"),
    "stance_pct": (1.0, "%"),
    "step_length_m": (100.0, "cm"),
    "walking_speed_mps": (100.0, "cm/s"),
}
#: A measured contact and a true one further apart than this belong to different strides, in s.
SAME_STRIDE_S = 0.1
#: Joints whose curves are compared, and what the truth of every frame calls them.
CURVES = {"hip_flexion": "hip_flex", "knee_flexion": "knee_flex", "ankle_dorsiflexion": "ankle_df"}
#: Columns that every table begins with.
FACTS = ("clip", "source", "population", "origin", "view", "fps")

Tables = dict[str, pd.DataFrame]


def examine(trial: Trial, analysis: Analysis, *, mirrored: bool = False) -> Tables:
    """Compare one analysis with the truth in every way that its truth allows.

    Parameters
    ----------
    trial
        What was analysed; its truth is already mirrored where the film was.
    analysis
        Ours.
    mirrored
        Whether the film was mirrored; the truth of its frames is then, too.

    Returns
    -------
    dict
        By name, each beginning with :data:`FACTS` (all but ``clips`` may be empty):

        ``clips`` one row with everything in short; ``events`` errors by side and kind; ``pairs`` every matched event;
        ``parameters``; ``findings``; ``strides`` every stride's times and lengths; ``curves`` joint curves; ``feet``
        every contact measured from pixels.
    """
    truth = trial.truth
    errors = compare_events(analysis.events, truth["events"], **_counting(trial, analysis))
    rows = truth["parameters"] if mirrored else _true_parameters(trial, analysis)
    tables = {
        "events": errors.table,
        "pairs": _with_errors(errors.pairs),
        "parameters": _with_percent(compare_parameters(analysis.parameters, rows)),
        "findings": compare_findings(analysis.findings, truth["findings"]),
        "strides": compare_strides(analysis, truth["events"]),
        "differences": compare_stance_difference(analysis, truth["parameters"]),
        **_frame_tables(trial, analysis, mirrored),
    }
    facts = {
        "clip": trial.clip,
        "source": trial.source,
        "population": trial.population,
        "origin": trial.origin,
        "view": analysis.trajectories.view.kind,
        "fps": round(analysis.trajectories.source_rate_hz),
    }
    clip = pd.DataFrame([_summary(trial, errors, tables)])
    return {name: _with_facts(table, facts) for name, table in {"clips": clip, **tables}.items()}


def _counting(trial: Trial, analysis: Analysis) -> dict[str, Any]:
    """Which events count: of films those in view, away from the ends; of motion capture those between the labels."""
    if trial.is_capture:
        times = sorted(row["time_s"] for row in trial.truth["events"])
        # Labels often cover a part only (the steps on the plates); what lies outside is neither right nor wrong.
        return {"windows": [(times[0] - 0.05, times[-1] + 0.05)], "edge_s": 0.0} if times else {}
    return {"windows": followed(trial.truth, analysis)}


def followed(truth: Truth, analysis: Analysis) -> list[tuple[float, float]]:
    """When the walker is both followed and known to walk straight."""
    confidence = analysis.pose.data["confidence"].max("keypoint").values
    seen = analysis.pose.time_s[confidence > 0]
    if not len(seen):
        return []
    first, last = float(seen[0]), float(seen[-1])
    stretches = truth.get("passes") or [{"start_s": first, "end_s": last}]
    return [(max(first, stretch["start_s"]), min(last, stretch["end_s"])) for stretch in stretches]


def _with_errors(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs with their difference, found - true."""
    return pairs.assign(error_ms=1000.0 * (pairs["found_s"].astype(float) - pairs["truth_s"].astype(float)))


def _true_parameters(trial: Trial, analysis: Analysis) -> list[dict[str, Any]]:
    """True parameters: from the truth of every frame where it is there (strides in view), else as told."""
    told = list(trial.truth["parameters"])
    if trial.frame_truth is None or analysis.trajectories.view.kind != "sagittal":
        return told
    units = {found.id: found.unit for found in analysis.parameters.summary}
    seen = rendered_truth(read_full_truth(trial.frame_truth))
    rows = [
        {"id": name, "side": side, "value": value, "unit": units[name]}
        for (name, side), value in seen.items()
        if name in units and np.isfinite(value)
    ]
    return rows + [row for row in told if (row["id"], row["side"] or "both") not in seen]


def _with_percent(parameters: pd.DataFrame) -> pd.DataFrame:
    """Parameters with their error in percent of the truth."""
    truth = parameters["truth"].astype(float).replace(0.0, np.nan)
    return parameters.assign(error_pct=100.0 * parameters["error"] / truth.abs())


def compare_stance_difference(analysis: Analysis, truth: list[dict[str, Any]]) -> pd.DataFrame:
    """Stance time, left less right: ours next to the true one.

    Returns
    -------
    pandas.DataFrame
        One row, or none where it is not known: ``stance_difference_truth_ms, stance_difference_found_ms,
        stance_difference_error_ms``.
    """
    known = {(row["id"], row["side"]): float(row["value"]) for row in truth}
    true, found = [], []
    for side in SIDES:
        stance = known.get(("stance_pct", side), np.nan) * known.get(("stride_time_s", side), np.nan) / 100.0
        true.append(known.get(("stance_time_s", side), stance))
        found.append(analysis.parameters.value("stance_time_s", side))
    values = {"truth": 1000.0 * (true[0] - true[1]), "found": 1000.0 * (found[0] - found[1])}
    values["error"] = values["found"] - values["truth"]
    row = {f"stance_difference_{name}_ms": value for name, value in values.items()}
    return pd.DataFrame([row] if np.isfinite(values["error"]) else [], columns=list(row))


def compare_strides(analysis: Analysis, events: list[dict[str, Any]]) -> pd.DataFrame:
    """Every measured stride whose two contacts are true ones, next to the true stride.

    Parameters
    ----------
    analysis
        Ours.
    events
        True events.

    Returns
    -------
    pandas.DataFrame
        ``parameter, side, is_near, start_s, truth, found, error`` for ``stride_time_s``, ``step_time_s``,
        ``stance_time_s`` and ``stance_pct``.
    """
    rows = []
    true = {
        (side, kind): np.sort([row["time_s"] for row in events if row["side"] == side and row["kind"] == kind])
        for side in SIDES
        for kind in EVENT_KINDS
    }
    cycles = {(cycle.side, round(cycle.start_s, 6)): cycle for cycle in analysis.cycles.rows()}
    for row in analysis.parameters.strides.to_dict("records"):
        cycle = cycles.get((row["side"], round(row["start_s"], 6)))
        if cycle is None or row["parameter"] not in _TRUE_OF_STRIDE:
            continue
        value = _true_stride(row["parameter"], cycle.start_s, cycle.end_s, true, cycle.side)
        if np.isfinite(value) and np.isfinite(row["value"]):
            measured = (row["parameter"], cycle.side, cycle.is_near, cycle.start_s, value, row["value"])
            rows.append((*measured, row["value"] - value))
    return pd.DataFrame(rows, columns=["parameter", "side", "is_near", "start_s", "truth", "found", "error"])


_TRUE_OF_STRIDE = ("stride_time_s", "step_time_s", "stance_time_s", "stance_pct")


def _true_stride(parameter: str, start_s: float, end_s: float, true: Mapping[Any, np.ndarray], side: Any) -> float:
    """Value of the true stride between two measured contacts; NaN where one of its events is not known."""
    contacts = true[side, "initial_contact"]
    first, last = (_nearest(contacts, time) for time in (start_s, end_s))
    if first is None or last is None or last - first != 1:
        return np.nan
    start, end = contacts[first], contacts[last]
    before = {"step_time_s": true[other_side(side), "initial_contact"]}.get(parameter, true[side, "toe_off"])
    between = before[(before > start) & (before < end)]
    if parameter == "stride_time_s":
        return float(end - start)
    if len(between) != 1:
        return np.nan
    part = end - between[0] if parameter == "step_time_s" else between[0] - start
    return float(100.0 * part / (end - start) if parameter == "stance_pct" else part)


def _nearest(times: np.ndarray, time_s: float) -> int | None:
    """Index of the nearest time, or None when it is far."""
    if not len(times):
        return None
    index = int(np.argmin(np.abs(times - time_s)))
    return index if abs(times[index] - time_s) <= SAME_STRIDE_S else None


def _frame_tables(trial: Trial, analysis: Analysis, mirrored: bool) -> Tables:
    """Tables that need the truth of every frame; empty where there is none."""
    if trial.frame_truth is None or analysis.trajectories.view.kind != "sagittal":
        return {}
    feet: dict[Side, FootTruth] = read_foot_truth(trial.frame_truth)
    if mirrored:
        feet = {other_side(side): truth for side, truth in feet.items()}
    steps = compare_step_lengths(analysis, trial.frame_truth, mirrored)
    sides = pd.DataFrame()
    if not mirrored:
        sides = side_errors(trial.clip, analysis.pose, read_leg_truth(trial.frame_truth), analysis.events)
        sides["worse"] = (sides["wrong"] - sides["raw_wrong"]).clip(lower=0)
    return {
        "sides": sides,
        "feet": contact_errors(trial.clip, analysis.feet, feet).drop(columns=["clip", "fps"]),
        "curves": compare_curves(analysis, trial.frame_truth, mirrored),
        "steps": steps,
    }


def _read_frames(path: Path) -> dict[str, Any]:
    """The truth of every frame of a rendered film."""
    try:
        raw = path.read_bytes()
        return json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}; put it beside its truth file") from error
    except (ValueError, EOFError) as error:
        raise SchemaError(f"{path} is not JSON ({error}); expected the truth of every frame") from error


def _letter(side: str, mirrored: bool) -> str:
    """What the truth of every frame calls a side of the film as analysed."""
    named = other_side(side) if mirrored else side  # pyright: ignore[reportArgumentType]
    return named[0].upper()


def compare_curves(analysis: Analysis, frame_truth: Path, mirrored: bool = False) -> pd.DataFrame:
    """Joint angles over all measured cycles of each leg, next to the true ones.

    Returns
    -------
    pandas.DataFrame
        ``joint, side, is_near, cycles, offset_deg`` (mean of found - true) and ``rmse_deg`` (root mean square error
        after the offset is taken off, over all samples of the cycles).
    """
    frames = _read_frames(frame_truth)
    time_s = np.arange(frames["frames"]) / frames["fps"]
    rows = []
    for (side, is_near), cycles in groups(analysis.cycles.table, "side", "is_near"):
        ours = analysis.trajectories.time_s
        inside = np.zeros(len(ours), bool)
        for start, end in zip(cycles["start_s"], cycles["end_s"], strict=True):
            inside |= (ours >= start) & (ours < end)
        for joint, name in CURVES.items():
            true = np.interp(ours, time_s, np.asarray(frames["per_frame"][_letter(str(side), mirrored)][name], float))
            off = (analysis.trajectories.joint(str(side), joint) - true)[inside]
            off = off[np.isfinite(off)]
            if len(off):
                offset = float(off.mean())
                rmse = float(np.sqrt(np.mean(np.square(off - offset))))
                rows.append((joint, side, bool(is_near), len(cycles), offset, rmse))
    return pd.DataFrame(rows, columns=["joint", "side", "is_near", "cycles", "offset_deg", "rmse_deg"])


def compare_step_lengths(analysis: Analysis, frame_truth: Path, mirrored: bool = False) -> pd.DataFrame:
    """Every measured step whose contact is a true one, next to the true length of that step.

    Returns
    -------
    pandas.DataFrame
        ``side, contact_s, truth, found, error``, in m.
    """
    frames, rows = _read_frames(frame_truth), []
    ends = {(cycle.side, round(cycle.start_s, 6)): cycle.end_s for cycle in analysis.cycles.rows()}
    lengths = analysis.parameters.strides
    for row in records(where(lengths, parameter="step_length_m")):
        letter, end_s = _letter(row["side"], mirrored), ends.get((row["side"], round(row["start_s"], 6)))
        # A true stride tells of the step that it begins with; ours of the step that it ends with.
        true = [stride for stride in frames["strides"] if stride["side"] == letter]
        index = None if end_s is None else _nearest(np.array([stride["ic"] for stride in true]), end_s)
        if index is not None and true[index].get("step_length_m") is not None:
            value = float(true[index]["step_length_m"])
            rows.append((row["side"], end_s, value, row["value"], row["value"] - value))
    return pd.DataFrame(rows, columns=["side", "contact_s", "truth", "found", "error"])


def by_foot(contacts: pd.DataFrame) -> pd.DataFrame:
    """Errors of each foot of each film: what a report would say.

    Parameters
    ----------
    contacts
        The table ``feet`` of :func:`examine`, of one or several films.

    Returns
    -------
    pandas.DataFrame
        As :func:`gait.validation.feet.foot_errors`, with :data:`FACTS`.
    """
    facts = contacts.groupby("clip", sort=False)[[name for name in FACTS if name not in ("clip", "fps")]].first()
    # A foot that lands flat is not lowered; its speed of lowering has no relative error.
    speed = contacts["true_speed_degps"].astype(float).replace(0.0, np.nan)
    return foot_errors(contacts.assign(true_speed_degps=speed)).join(facts, on="clip")


def coverage_of(tables: Tables) -> pd.DataFrame:
    """Whether each stated interval holds the truth.

    Returns
    -------
    pandas.DataFrame
        :data:`FACTS` and ``half`` (``tuned`` clips may have sized the intervals, ``held`` ones have not), ``parameter,
        side, strides, is_covered``; one row for each measure with a truth.
    """
    parameters = tables.get("parameters", pd.DataFrame(columns=[*FACTS, *PARAMETER_COLUMNS]))
    judged = known(parameters, "is_covered")
    judged = judged.assign(
        half=[half_of(str(clip)) for clip in judged["clip"]], is_covered=judged["is_covered"].astype(bool)
    )
    return judged.loc[:, [*FACTS, "half", "parameter", "side", "strides", "is_covered"]]


def _summary(trial: Trial, errors: EventErrors, tables: Tables) -> dict[str, Any]:
    """One row a clip: event errors, parameter errors and findings in short."""
    row: dict[str, Any] = {"fault": trial.truth.get("fault", "")}
    for kind in EVENT_KINDS:
        pooled = errors.row("both", kind)
        row |= {f"{kind}_{name}": pooled[name] for name in EVENT_ERROR_COLUMNS[2:]}
    row |= {f"edge_{name}": count for name, count in errors.at_edges.items()}
    parameters = tables["parameters"]
    for name, (factor, _) in SHOWN_PARAMETERS.items():
        off = numbers(known(where(parameters, parameter=name), "error"), "error")
        row[f"{name}_error"] = float(factor * np.abs(off).mean()) if len(off) else np.nan
    for outcome in ("found", "missed", "not_assessable", "follows", "extra"):
        row[outcome] = _listed(tables["findings"], outcome)
    return row


def _listed(findings: pd.DataFrame, outcome: str) -> str:
    """Findings of one outcome, in words."""
    chosen = findings[findings["outcome"] == outcome]
    names = [
        name if side == "both" else f"{name} ({side})" for name, side in zip(chosen["id"], chosen["side"], strict=True)
    ]
    return ", ".join(names)


def _with_facts(table: pd.DataFrame, facts: Mapping[str, Any]) -> pd.DataFrame:
    """The table with what is known of the clip in front."""
    out = table.assign(**facts)
    return out.loc[:, [*FACTS, *(name for name in table.columns if name not in FACTS)]]


__all__ = [
    "CURVES",
    "FACTS",
    "PARAMETER_COLUMNS",
    "SHOWN_PARAMETERS",
    "Tables",
    "compare_curves",
    "compare_step_lengths",
    "compare_strides",
    "examine",
]
