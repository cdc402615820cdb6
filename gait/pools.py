"""Which clips of one person are measured together, and why others are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np

from gait.core.analysis import Analysis
from gait.core.issues import Issue
from gait.trajectories.judge import is_clock_doubtful

#: Walks whose speeds differ by more than this factor are not measured together: steps, angles and push-off change with
#: speed (EVIDENCE 5.2), so their mean would be that of a walk that nobody walked (our estimate of where that begins).
SPEED_FACTOR = 1.15


@dataclass(frozen=True, slots=True)
class _Kind:
    """What clips must share to be measured together, in words."""

    task: str
    view: str
    done: str
    surface: str
    keypoints: str
    clock: str
    zero: str

    @classmethod
    def of(cls, clip: Analysis) -> _Kind:
        seen = clip.trajectories
        doubtful = is_clock_doubtful(clip.cycles, clip.parameters, clip.recording)
        return cls(
            clip.task.task,
            seen.view.kind,
            "does not show its task" if clip.task.not_done else "shows its task",
            "was walked on a treadmill" if seen.is_treadmill else "was walked over ground",
            _keypoint_words(clip),
            "may play slower or faster than life" if doubtful else "plays at the speed of life",
            "has its joint angles counted from standing" if seen.standing_s else "has its joint angles as they are",
        )


def _keypoint_words(clip: Analysis) -> str:
    if clip.trajectories.is_capture:
        return "comes from markers on the body"
    return f"was followed by {clip.pose.backend or 'an unnamed pose model'}"


def clip_name(clip: Analysis) -> str:
    """The name of the film."""
    return clip.recording.path.name


def group_clips(clips: Sequence[Analysis]) -> tuple[list[list[Analysis]], list[Issue]]:
    """Clips that are measured together, and why others are not.

    Parameters
    ----------
    clips
        Clips of one person.

    Returns
    -------
    tuple
        Groups, each of one task and view, on one ground, found in one way and walked at one pace; and an issue for each
        two groups that differ in nothing but the latter three.
    """
    by_kind: dict[_Kind, list[Analysis]] = {}
    for clip in clips:
        by_kind.setdefault(_Kind.of(clip), []).append(clip)
    issues = []
    kinds = list(by_kind)
    for number, kind in enumerate(kinds):
        alike = [other for other in kinds[:number] if (other.task, other.view) == (kind.task, kind.view)]
        issues += [_apart(by_kind[other], by_kind[kind], _differences(other, kind)) for other in alike]
    groups = []
    for members in by_kind.values():
        parts = _by_speed(members)
        groups += parts
        issues += [_apart(one, other, _speeds(one, other)) for one, other in pairwise(parts)]
    return groups, issues


def _differences(one: _Kind, other: _Kind) -> str:
    """What keeps two kinds apart, in words."""
    return "; ".join(
        f"the one {a}, the other {b}"
        for name in (field.name for field in fields(_Kind))
        if (a := getattr(one, name)) != (b := getattr(other, name))
    )


def _apart(one: Sequence[Analysis], other: Sequence[Analysis], why: str) -> Issue:
    names = [" and ".join(map(clip_name, clips)) for clips in (one, other)]
    return Issue(
        "not_pooled",
        "info",
        f"{names[0]} and {names[1]} are measured apart: {why}.",
        "Film clips that belong together alike: the same pace, ground and camera.",
    )


def _pace(clip: Analysis) -> float:
    """Walking speed in leg lengths a second, or the cadence where the view shows no speed; NaN for other tasks."""
    for measure in ("walking_speed_llps", "cadence_spm"):
        if np.isfinite(value := clip.parameters.value(measure)):
            return value
    return float("nan")


def _by_speed(clips: Sequence[Analysis]) -> list[list[Analysis]]:
    """Clips of like speed together, each group in the order given; those without a speed stay together."""
    pace = {clip_name(clip): _pace(clip) for clip in clips}
    ordered = sorted((value, name) for name, value in pace.items() if np.isfinite(value))
    group_of: dict[str, int] = {}
    slowest, group = float("nan"), -1
    for value, name in ordered:
        if not value <= SPEED_FACTOR * slowest:
            slowest, group = value, group + 1
        group_of[name] = group
    groups: dict[int, list[Analysis]] = {}
    for clip in clips:
        groups.setdefault(group_of.get(clip_name(clip), -1), []).append(clip)
    return [groups[key] for key in sorted(groups)]


def _speeds(one: Sequence[Analysis], other: Sequence[Analysis]) -> str:
    slow, fast = (float(np.nanmean([_pace(clip) for clip in clips])) for clips in (one, other))
    return f"the second was walked {100 * (fast / slow - 1):.0f} % faster, and steps and angles change with speed"
