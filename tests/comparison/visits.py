"""Visits of made walkers, and the same ones seen in a mirror."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from walks import analyse

from gait.comparison.model import Visit
from gait.core.analysis import Analysis
from gait.core.findings import Finding, Findings
from gait.core.parameters import GaitParameters
from gait.core.sides import other_side
from gait.core.subject import Subject
from gait.simulate.population import average, phone
from gait.simulate.walker import Walker

SUBJECT = Subject(height_m=1.75)
USUAL = Walker(duration_s=7.0, noise_px=1.5)
DROP = USUAL.with_fault("foot_drop", "right", 0.9)


@lru_cache(maxsize=32)
def analysed(walker: Walker, seed: int, told: Subject = SUBJECT) -> Analysis:
    """One walk; films of different seeds are different films."""
    found = analyse(replace(walker, seed=seed).pose(), told, walker.rate_hz)
    return replace(found, recording=replace(found.recording, sha256=f"{walker!r} {seed}"))


def visit(name: str, walker: Walker = USUAL, seed: int = 1) -> Visit:
    return Visit(name, analysed(walker, seed))


@lru_cache(maxsize=8)
def at_speed(name: str, speed_mps: float, seed: int) -> Visit:
    """The mean adult at a speed, as a phone and a pose network see them."""
    walker = replace(average(speed_mps, 1.75), seed=seed, duration_s=7.0)
    found = analyse(phone(walker, seed).film(walker.motion()), SUBJECT, walker.rate_hz)
    return Visit(name, replace(found, recording=replace(found.recording, sha256=f"{speed_mps} {seed}")))


def mirrored(seen: Visit) -> Visit:
    """The same numbers and findings with left and right exchanged."""
    analysis = seen.analysis
    table = analysis.parameters.strides.assign(side=lambda rows: rows["side"].map(_swap))
    summary = tuple(replace(item, side=_swap(item.side)) for item in analysis.parameters.summary)
    findings = Findings(tuple(_mirrored(finding) for finding in analysis.findings.all))
    return Visit(seen.name, replace(analysis, parameters=GaitParameters(table, summary), findings=findings))


def _mirrored(finding: Finding) -> Finding:
    evidence = tuple(replace(item, side=_swap(item.side)) for item in finding.evidence)
    return replace(finding, side=_swap(finding.side) if finding.side else None, evidence=evidence)


def _swap(side: str) -> str:
    return other_side(side) if side in ("left", "right") else side
