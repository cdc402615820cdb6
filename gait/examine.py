"""Several clips of one person as one examination: the order of it in one function, beside ``pipeline.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from gait import __version__
from gait.causes.reason import suggest_causes
from gait.core.analysis import Analysis
from gait.core.clip import Clip
from gait.core.errors import InputError
from gait.core.examination import Examination, LeftOut, Pool
from gait.core.findings import Finding, Findings
from gait.core.issues import Issue
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.core.scores import Scores
from gait.core.subject import Subject
from gait.core.tasks import WALKING_TASKS, TaskId
from gait.core.trajectories import ViewKind
from gait.findings.conditions import Conditions
from gait.findings.gaps import next_films
from gait.findings.merge import merge_findings
from gait.findings.norms import load_norms, with_norms
from gait.findings.rules import find_deviations
from gait.identity.body import measure_build
from gait.identity.clothes import see_clothes
from gait.identity.decide import Look, judge_identity, twice_given
from gait.parameters.compute import compute_parameters
from gait.parameters.over_films import MIN_SPAN_MIN, trends_over_films
from gait.pools import clip_name, group_clips
from gait.scores.compute import compute_scores
from gait.trajectories.judge import is_clock_doubtful
from gait.trajectories.steadiness import unsteady_legs
from gait.video.frames import read_frames

#: So many frames, spread over the walk, are looked at for the clothes (our choice; twice as many changed no verdict).
LOOK_FRAMES = 12


def look_at(analysis: Analysis) -> Look:
    """Who is seen in a clip, so far as proportions and clothes tell; reads some frames of the film once more."""
    name, recording = analysis.recording.path.name, analysis.recording
    build = measure_build(analysis.trajectories) if analysis.task.task in WALKING_TASKS else None
    clothes = None
    if recording.codec != "keypoints":
        start_s, end_s = _span(analysis)
        rate_hz = LOOK_FRAMES / max(end_s - start_s, 1.0)
        clothes = see_clothes(read_frames(recording, min(rate_hz, recording.fps), start_s, end_s), analysis.pose)
    return Look(name, build, clothes, recording.sha256)


def examine(
    clips: Sequence[Analysis],
    subject: Subject,
    *,
    looks: Sequence[Look] = (),
    left_out: Sequence[LeftOut] = (),
    starts_min: Mapping[str, float] | None = None,
    is_sure: bool = False,
) -> Examination:
    """Take several clips of one person together.

    Clips of one task and one view are measured together and judged anew; the findings of all views and tasks are then
    merged, and causes are sought once.

    Parameters
    ----------
    clips
        Every clip, analysed. At least one.
    subject
        The person.
    looks
        What :func:`look_at` saw in each clip; without them nobody is compared.
    left_out
        Clips that could not be analysed.
    starts_min
        When each clip began, in minutes, by its name; None where nobody told. The clock inside a film file is not
        asked: cutting, sending and converting write their own time into it.
    is_sure
        Whether the user knows that all clips show one person, whatever they look like.

    Raises
    ------
    InputError
        There is no clip.
    """
    if not clips:
        raise InputError("No clip could be analysed, so there is nothing to take together; mend the clips named above.")
    twice = twice_given(looks)
    kept = [clip for clip in clips if clip_name(clip) not in twice]
    who = judge_identity([look for look in looks if look.name not in twice], is_sure=is_sure)
    issues = [*_missing(left_out), *_duplicates(twice), *who]
    pools: tuple[Pool, ...] = ()
    findings = Findings()
    if not any(issue.severity == "error" for issue in who):
        groups, apart = group_clips(kept)
        issues += apart
        pools = _pools(groups, subject, starts_min or {})
        findings = _with_overruled(merge_findings(pools), kept)
    seen: set[tuple[TaskId, ViewKind]] = {(pool.task, pool.view) for pool in pools}
    is_child = load_norms(subject, GaitParameters.empty()).is_child
    return Examination(
        subject=subject,
        clips=tuple(kept),
        left_out=(*left_out, *(LeftOut(name, f"It is the same film as {first}.") for name, first in twice.items())),
        pools=pools,
        findings=findings,
        reasoning=suggest_causes(findings, subject),
        issues=tuple(issues),
        next_films=next_films(findings, seen, is_child=is_child),
        version=__version__,
        scores=_scores(pools, kept, is_child=is_child),
    )


def _scores(pools: Sequence[Pool], clips: Sequence[Analysis], *, is_child: bool) -> Scores:
    """Summary scores of the walks of all views; none where the clips must not be put together."""
    walks = [pool for pool in pools if pool.task == "walk" and not pool.is_part]
    if not walks:
        return Scores()
    summary = tuple({(p.id, p.side): p for pool in reversed(walks) for p in pool.parameters.summary}.values())
    used = {name for pool in walks for name in pool.clips}
    members = [clip for clip in clips if clip_name(clip) in used]
    return compute_scores(
        replace(GaitParameters.empty(), summary=summary),
        [clip.clip for clip in members],
        speed_class=next((pool.norms for pool in walks if pool.norms), ""),
        is_child=is_child,
        is_lite=any(clip.pose.is_lite for clip in members),
    )


def _span(analysis: Analysis) -> tuple[float, float]:
    """First and last time of straight walking, or of the whole clip where nobody walks, in s."""
    passes = analysis.trajectories.passes
    if passes:
        return max(0.0, passes[0].start_s), passes[-1].end_s
    return 0.0, analysis.recording.duration_s


def _missing(left_out: Sequence[LeftOut]) -> list[Issue]:
    return [
        Issue("clip_missing", "warning", f"{clip.name} is missing here: {clip.reason}", "Mend it and examine again.")
        for clip in left_out
    ]


def _duplicates(twice: dict[str, str]) -> list[Issue]:
    return [
        Issue("duplicate_film", "warning", f"{name} is the same film as {first}; it counts once.")
        for name, first in twice.items()
    ]


def _pools(groups: Sequence[Sequence[Analysis]], subject: Subject, starts_min: Mapping[str, float]) -> tuple[Pool, ...]:
    """All pools: clips together, what changed from clip to clip, and each clip by itself where it is part of a pool."""
    together = [_pool(group, subject) for group in groups]
    alone = [_own_pool(clip, is_part=True) for group in groups if len(group) > 1 for clip in group]
    return (*together, *_trend_pools(groups, subject, starts_min), *alone)


def _own_pool(clip: Analysis, *, is_part: bool) -> Pool:
    """One clip by itself, as its own report has it."""
    view, norms = clip.trajectories.view.kind, clip.provenance.norms
    return Pool((clip_name(clip),), clip.task.task, view, clip.parameters, clip.findings, norms, is_part)


def _pool(clips: Sequence[Analysis], subject: Subject) -> Pool:
    """Clips measured and judged together."""
    if len(clips) == 1:
        return _own_pool(clips[0], is_part=False)
    return _judged(clips, compute_parameters(*(clip.clip for clip in clips)), subject)


def _judged(clips: Sequence[Analysis], parameters: GaitParameters, subject: Subject) -> Pool:
    """Norms and findings of clips that were measured together."""
    is_zeroed = clips[0].trajectories.standing_s is not None
    # The norms go by the speed; trends alone carry none, but then no norm is asked for.
    norms = load_norms(subject, parameters, are_angles_zeroed=is_zeroed)
    if clips[0].task.task == "walk":
        # Norms are of usual walking.
        parameters = with_norms(parameters, norms)
    first: Clip = clips[0].clip
    conditions = Conditions(
        first.trajectories.view.kind,
        task=first.task.task,
        not_done=first.task.not_done,
        rate_hz=min(clip.trajectories.source_rate_hz for clip in clips),
        is_lite=clips[0].pose.is_lite,
        unsteady=tuple({side for clip in clips for side in unsteady_legs(clip.trajectories, clip.cycles)}),
        is_clock_doubtful=is_clock_doubtful(clips[0].cycles, clips[0].parameters, clips[0].recording),
    )
    findings = find_deviations(parameters, norms, conditions)
    names = tuple(map(clip_name, clips))
    return Pool(names, first.task.task, first.trajectories.view.kind, parameters, findings, norms.speed_class)


def _trend_pools(
    groups: Sequence[Sequence[Analysis]], subject: Subject, starts_min: Mapping[str, float]
) -> tuple[Pool, ...]:
    """What changed from walk to walk, where the times of the clips were told; walks of every speed belong to it."""
    walks = [
        clip
        for group in groups
        for clip in group
        if clip.task.task == "walk" and clip.trajectories.view.kind == "sagittal" and clip_name(clip) in starts_min
    ]
    walks.sort(key=lambda clip: starts_min[clip_name(clip)])
    minutes = [starts_min[clip_name(clip)] for clip in walks]
    if len(walks) < 2 or minutes[-1] - minutes[0] < MIN_SPAN_MIN:
        return ()
    trends: tuple[Parameter, ...] = trends_over_films(minutes, [clip.parameters for clip in walks])
    if not trends:
        return ()
    no_strides = pd.DataFrame(columns=list(STRIDE_COLUMNS))
    return (_judged(walks, GaitParameters(no_strides, trends), subject),)


def _with_overruled(findings: Findings, clips: Sequence[Analysis]) -> Findings:
    """Say so where a clip's own report shows what the clips together do not, so that no reader is left to wonder."""
    return Findings(tuple(_overruled(finding, clips) for finding in findings.all))


def _overruled(finding: Finding, clips: Sequence[Analysis]) -> Finding:
    if finding.status == "present":
        return finding
    own = [
        clip_name(clip)
        for clip in clips
        if any((f.id, f.side) == (finding.id, finding.side) for f in clip.findings.present())
    ]
    if not own or "contradict" in finding.reason:
        return finding
    words = f"{' and '.join(own)} alone would show it, all clips together do not bear it out."
    return replace(finding, reason=f"{finding.reason} {words}".strip())
