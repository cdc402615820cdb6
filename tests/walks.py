"""Simulated walks and the chain up to its parts, for the tests of the stages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gait.core.analysis import Analysis
from gait.core.clip import Clip
from gait.core.cycles import GaitCycles
from gait.core.events import GaitEvents
from gait.core.findings import Findings
from gait.core.parameters import GaitParameters
from gait.core.pose import Pose
from gait.core.recording import Recording
from gait.core.subject import Subject
from gait.core.trajectories import Trajectories
from gait.events.by_view import ByView
from gait.events.cycles import cut_cycles
from gait.parameters.compute import compute_parameters
from gait.simulate.walker import Walker
from gait.trajectories.build import build_trajectories


def chain(walker: Walker) -> tuple[Trajectories, GaitEvents, GaitCycles, GaitParameters]:
    """Trajectories, events, cycles and parameters of a simulated walker."""
    trajectories = build_trajectories(walker.pose(), Subject(height_m=walker.height_m))
    events = ByView().detect(trajectories)
    cycles = cut_cycles(trajectories, events)
    return trajectories, events, cycles, compute_parameters(Clip(trajectories, events, cycles))


def analyse(pose: Pose, subject: Subject, rate_hz: float = 60.0) -> Analysis:
    """The whole chain from a pose."""
    from gait.pipeline import analyze_pose

    time_s = pose.time_s
    duration = float(time_s[-1] - time_s[0])
    recording = Recording(
        Path("walk.nc"), pose.width_px, pose.height_px, rate_hz, len(time_s), duration, codec="keypoints"
    )
    return analyze_pose(pose, subject, recording=recording)


def findings_of(walker: Walker, **subject: object) -> Findings:
    """Findings of a simulated walker, by the whole chain."""
    person = replace(Subject(height_m=walker.height_m), **subject)
    return analyse(walker.pose(), person, walker.rate_hz).findings


def present(findings: Findings) -> set[tuple[str, str | None]]:
    """``(id, side)`` of what is present."""
    return {(finding.id, finding.side) for finding in findings.present()}


def true_times(walker: Walker, side: str, kind: str) -> list[float]:
    """True times of one kind of event."""
    return [event["time_s"] for event in walker.truth()["events"] if event["side"] == side and event["kind"] == kind]
