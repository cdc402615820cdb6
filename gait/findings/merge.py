"""One verdict for each finding and side out of several clips: the one that can judge it best is heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gait.core.examination import Pool
from gait.core.findings import Finding, Findings
from gait.core.sides import Side
from gait.findings.catalogue import Rule, load_rules
from gait.findings.rules import find_patterns, sides_of

_VIEWS = {"sagittal": "side view", "frontal": "front or back view", "oblique": "oblique view"}


def merge_findings(pools: Sequence[Pool]) -> Findings:
    """Put the findings of several pools together.

    For each finding and side a pool that can judge it beats one that cannot. Where all that can judge agree, the surest
    speaks and the clips of all are named. Where one sees it and another one, which could have seen it, does not, it
    stays present only if the one that sees it is the surer; else it is not assessable. Both clips are named either way.
    Findings that are made of other findings are judged again on the merged ones, so that their parts may come from
    different views.

    Parameters
    ----------
    pools
        At least one. Pools that are part of a larger one are heard only where that one met an obstacle (a slow camera,
        another view), never where it measured and stayed in doubt.

    Returns
    -------
    Findings
        In the order of the catalogue; ``sources`` names the clips.

    Raises
    ------
    ValueError
        There is no pool.
    """
    if not pools:
        raise ValueError("findings are merged from at least one pool of clips")
    rules = load_rules().finding
    merged = Findings(tuple(_merge(rule, side, pools) for rule in rules for side in sides_of(rule)))
    judged = find_patterns(merged)
    patterns = {rule.id: rule for rule in rules if rule.is_pattern}
    return Findings(
        tuple(
            _with_sources_of_parts(finding, patterns[finding.id], judged) if finding.id in patterns else finding
            for finding in judged.all
        )
    )


@dataclass(frozen=True, slots=True)
class _Voice:
    """What one pool says about one finding."""

    pool: Pool
    finding: Finding

    @property
    def weight(self) -> tuple[float, int]:
        """Surer first, then by the strides behind it."""
        counted = [
            measured.strides
            for item in self.finding.evidence
            if (measured := self.pool.parameters.get(item.parameter, item.side)) is not None
        ]
        return (round(self.finding.confidence, 2), max(counted, default=0))

    @property
    def name(self) -> str:
        """The clips and their view, for people."""
        return f"{' and '.join(self.pool.clips)} ({_VIEWS[self.pool.view]})"


def _merge(rule: Rule, side: Side | None, pools: Sequence[Pool]) -> Finding:
    voices = [_Voice(pool, found) for pool in pools if (found := _of(pool.findings, rule.id, side)) is not None]
    whole = [voice for voice in voices if not voice.pool.is_part]
    heard = [voice for voice in whole if voice.finding.status != "not_assessable"]
    if not heard and not any(voice.finding.evidence for voice in whole):
        heard = [voice for voice in voices if voice.finding.status != "not_assessable"]
    if not heard:
        return _open(rule, whole)
    present = [voice for voice in heard if voice.finding.status == "present"]
    absent = [voice for voice in heard if voice.finding.status == "absent"]
    if present and absent:
        return _contradicted(present, absent)
    return _agreed(present or absent)


def _of(findings: Findings, finding_id: str, side: Side | None) -> Finding | None:
    return next((found for found in findings.all if (found.id, found.side) == (finding_id, side)), None)


def _agreed(voices: list[_Voice]) -> Finding:
    """The surest, with the clips of all."""
    best = max(voices, key=lambda voice: voice.weight)
    names = dict.fromkeys(name for voice in [best, *voices] for name in voice.pool.clips)
    return replace(best.finding, sources=tuple(names))


def _contradicted(present: list[_Voice], absent: list[_Voice]) -> Finding:
    """One pool sees it, another one that could see it does not."""
    seen, unseen = (max(voices, key=lambda voice: voice.weight) for voices in (present, absent))
    sources = tuple(dict.fromkeys((*seen.pool.clips, *unseen.pool.clips)))
    clash = f"{seen.name} shows it, {unseen.name} could have shown it and does not"
    if seen.weight >= unseen.weight:
        reason = " ".join(part for part in (seen.finding.reason, f"{clash}; the first is the surer one.") if part)
        return replace(_agreed(present), reason=reason, sources=sources)
    return replace(
        unseen.finding,
        status="not_assessable",
        confidence=0.0,
        evidence=(*seen.finding.evidence, *unseen.finding.evidence),
        reason=f"The clips contradict each other: {clash}, and neither can be held the surer one. Film both again.",
        fakes=seen.finding.fakes,
        sources=sources,
    )


def _open(rule: Rule, voices: list[_Voice]) -> Finding:
    """Nobody can judge it: the reason of whoever came closest."""

    def closeness(voice: _Voice) -> tuple[bool, bool, bool]:
        fits_task, fits_view = voice.pool.task in rule.tasks, voice.pool.view in rule.views
        return (bool(voice.finding.evidence), fits_task and fits_view, fits_task)

    best = max(voices, key=closeness)
    return replace(best.finding, sources=best.pool.clips if any(closeness(best)[:2]) else ())


def _with_sources_of_parts(finding: Finding, rule: Rule, known: Findings) -> Finding:
    """A finding made of others comes from the clips that those come from."""
    if finding.status == "not_assessable":
        return finding
    named = {witness.finding for way in rule.way for witness in way.witness}
    parts = [part for part in known.all if part.id in named and part.status == finding.status]
    return replace(finding, sources=tuple(dict.fromkeys(name for part in parts for name in part.sources)))
