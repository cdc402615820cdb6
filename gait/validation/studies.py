"""Studies over many trials: simulated walks, motion capture and its virtual phone, films of healthy people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import GaitError, NotEnoughDataError
from gait.core.events import EVENT_KINDS, EventKind, GaitEvents
from gait.core.feet import FootMotion
from gait.core.parameters import GaitParameters
from gait.core.pose import Pose
from gait.core.sides import Side
from gait.core.subject import Subject
from gait.core.trajectories import Trajectories
from gait.validation.capture import standard_cameras, validate_capture
from gait.validation.compare import EDGE_S
from gait.validation.coverage import simulated_coverage
from gait.validation.detectors import EventJob, compare_detectors, leave_one_source_out, reliability
from gait.validation.examine import SHOWN_PARAMETERS, Tables
from gait.validation.feet import healthy_differences
from gait.validation.repeatability import false_differences, near_far, repeatability
from gait.validation.rows import choose, groups, where
from gait.validation.summaries import event_summary
from gait.validation.trials import Trial

Failures = list[tuple[str, str]]

_REPEATS_NOTE = "films of one person in one session"


def walker_study(count: int) -> tuple[Tables, Failures]:
    """Simulated walks of every kind: whether the stated intervals hold their truth.

    Parameters
    ----------
    count
        How many walks; about a second each.
    """
    from gait.pipeline import analyze_pose

    rows, failures = simulated_coverage(
        count, lambda pose, subject, recording: analyze_pose(pose, subject, recording=recording)
    )
    covered = (rows["low"] <= rows["truth"]) & (rows["truth"] <= rows["high"])
    named = rows.rename(columns={"walk": "clip", "value": "found"})
    table = named.assign(is_covered=covered, population="drawn", origin="simulated", view="sagittal")
    return {"coverage": table}, [("simulated walk", reason) for reason in failures]


def capture_study(trials: Sequence[Trial], *, through_camera: bool) -> tuple[Tables, Failures, list[EventJob]]:
    """Motion capture as markers and, where asked, through a virtual phone camera.

    Returns
    -------
    tables
        ``events``, ``pairs`` and ``curves`` as :func:`gait.validation.capture.validate_capture` gives them, and
        ``clips`` with one row for each trial as markers and one for all its virtual films together.
    failures
        What could not be analysed.
    jobs
        Each trial as markers, and as the first film from each side, for other detectors.
    """
    cameras = standard_cameras() if through_camera else {}
    parts: list[Tables] = []
    failures: Failures = []
    jobs: list[EventJob] = []
    for trial in trials:
        seen: list[Trajectories] = []
        try:
            tables, failed = validate_capture([trial], partial(_follow, seen), cameras)
        except GaitError as error:
            # A capture that cannot be read is a result of its own; the others are still compared.
            failures.append((trial.clip, str(error)))
            continue
        parts.append(tables)
        failures += _in_short(failed)
        lost = {reason.partition(":")[0] for _, reason in failed}
        ways = [way for way in ("markers", *cameras) if way not in lost]
        jobs += [_capture_job(trial, way, found) for way, found in zip(ways, seen, strict=True) if _is_shown(way)]
    tables = joined(parts)
    if "events" in tables:
        tables["clips"] = _capture_clips(tables["events"], tables.get("pairs", pd.DataFrame()))
    return tables, failures, jobs


def _in_short(failed: Failures) -> Failures:
    """The same reason for several virtual films of one capture, told once."""
    ways: dict[tuple[str, str], list[str]] = {}
    for clip, told in failed:
        way, _, reason = told.partition(": ")
        ways.setdefault((clip, reason), []).append(way)
    return [(clip, f"{', '.join(seen)}: {reason}") for (clip, reason), seen in ways.items()]


def _is_shown(way: str) -> bool:
    """Other detectors look at the markers and at one draw of the camera's errors from each side."""
    return way == "markers" or way.endswith("seed 0")


def _capture_job(trial: Trial, way: str, trajectories: Trajectories) -> EventJob:
    """One capture as detectors see it."""
    via = "markers" if way == "markers" else "phone"
    return EventJob(trial.clip, trial.origin, trial.population, via, trajectories, _truth_rows(trial.truth["events"]))


def film_job(trial: Trial, analysis: Analysis, windows: Sequence[tuple[float, float]]) -> EventJob | None:
    """A film or simulated walk as detectors see it, with the true events away from the ends; None from the front."""
    if analysis.trajectories.view.kind != "sagittal":
        return None
    events = [
        row
        for row in trial.truth["events"]
        if any(first + EDGE_S <= row["time_s"] <= last - EDGE_S for first, last in windows)
    ]
    via = "simulated" if trial.source == "simulated" else "film"
    walkers = f"{trial.source} walkers"
    return EventJob(trial.clip, trial.origin, walkers, via, analysis.trajectories, _truth_rows(events))


def _truth_rows(events: Sequence[Mapping[str, Any]]) -> tuple[tuple[float, Side, EventKind], ...]:
    """True contacts and toe-offs."""
    return tuple((float(row["time_s"]), row["side"], row["kind"]) for row in events if row["kind"] in EVENT_KINDS)


def detector_study(jobs: Sequence[EventJob]) -> Tables:
    """Other detectors beside ours, our constants with each source left out, and whether our confidence is right.

    Returns
    -------
    dict
        ``detectors``, ``left_out`` and ``confidence`` as in :mod:`gait.validation.detectors`.
    """
    if not jobs:
        return {}
    # Constants are fitted for films; markers have a detector of their own, without them.
    filmed = [job for job in jobs if job.via != "markers"]
    sources = {job.source for job in filmed}
    return {
        "detectors": compare_detectors(jobs),
        "left_out": leave_one_source_out(filmed) if len(sources) > 1 else pd.DataFrame(),
        "confidence": reliability(jobs),
    }


def _follow(seen: list[Trajectories], pose: Pose) -> tuple[Trajectories, GaitEvents]:
    """The chain from keypoints to events, as the pipeline has it; trajectories are kept for other detectors.

    Captures often cover a few steps only: their virtual films may be as short as the captures themselves.
    """
    from gait.pipeline import Settings
    from gait.trajectories.build import MIN_SEEN_CAPTURE_S, build_trajectories

    settings = Settings()
    trajectories = build_trajectories(
        pose, Subject(), settings.cleaning, settings.straightness, min_seen_s=MIN_SEEN_CAPTURE_S
    )
    events = settings.detector.detect(trajectories)
    seen.append(trajectories)
    return trajectories, events


def _capture_clips(events: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """One row for each trial and source, as for films; what motion capture has no truth of is empty."""
    rows = []
    for (clip, source), part in groups(events, "clip", "source"):
        first = part.iloc[0]
        matched = where(pairs, clip=clip, source=source)
        row: dict[str, object] = {
            name: first[name] for name in ("clip", "source", "population", "origin", "view", "fps")
        }
        row["clip"] = clip if source == "capture" else f"{clip}, phone"
        row |= {"fault": "", "edge_truth": 0, "edge_matched": 0, "edge_false": 0}
        for kind in EVENT_KINDS:
            own = choose(part, (part["kind"] == kind) & (part["side"] != "both"))
            summary = event_summary(part, matched, kind)
            row |= {f"{kind}_{name}": own[name].sum() for name in ("truth", "matched", "missed", "false")}
            row |= {f"{kind}_{name}": summary[name] for name in ("bias_ms", "mean_absolute_ms", "sd_ms", "f1")}
        row |= {f"{name}_error": float("nan") for name in SHOWN_PARAMETERS}
        rows.append(row | dict.fromkeys(("found", "missed", "not_assessable", "follows", "extra"), ""))
    return pd.DataFrame(rows)


@dataclass(slots=True)
class HealthyStudy:
    """Films of healthy people, gathered one by one.

    Every finding there is a false alarm, their feet should be alike, and where somebody walks more than once
    (``PERSON_NUMBER.*``), the films of that person should agree.
    """

    feet: dict[str, FootMotion] = field(default_factory=dict)
    people: dict[str, list[tuple[Trajectories, GaitParameters]]] = field(default_factory=dict)

    def see(self, film: Path, analysis: Analysis) -> Tables:
        """Note one film; gives its row of the table ``healthy``."""
        self.feet[film.stem] = analysis.feet
        person = film.stem.rpartition("_")[0] or film.stem
        self.people.setdefault(person, []).append((analysis.trajectories, analysis.parameters))
        found = [(finding.id, finding.side or "both") for finding in analysis.findings.present()]
        row = {
            "clip": film.stem,
            "strides": len(analysis.cycles),
            "findings": len(found),
            "named": ", ".join(f"{name} ({side})" for name, side in found),
        }
        return {"healthy": pd.DataFrame([row])}

    def tables(self) -> Tables:
        """What all films together tell."""
        if not self.feet:
            return {}
        seen = [parameters for films in self.people.values() for _, parameters in films]
        out = {
            "healthy_feet": healthy_differences(self.feet),
            "near_far": near_far(self.people),
            "uneven": false_differences(seen),
        }
        try:
            out["repeatability"] = repeatability(self.people, _REPEATS_NOTE, "this run")
        except NotEnoughDataError:
            # A handful of films shows false alarms all the same; only the repeats are left out.
            return out
        return out


def joined(parts: Sequence[Mapping[str, pd.DataFrame]]) -> Tables:
    """Tables of the same name below each other."""
    names = dict.fromkeys(name for tables in parts for name, table in tables.items() if len(table))
    return {
        name: pd.concat([tables[name] for tables in parts if len(tables.get(name, ()))], ignore_index=True)
        for name in names
    }
