"""Two or more visits of one person compared: the order of it in one function."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from gait.causes.follow import follow, reason_about
from gait.causes.visits import Visit as Known
from gait.causes.visits import join_visits
from gait.comparison.changes import find_changes
from gait.comparison.curves import find_curve_changes
from gait.comparison.findings import find_finding_changes
from gait.comparison.limits import find_limits
from gait.comparison.model import Comparison, CurveChange, Limit, Pair, Visit
from gait.comparison.speed import speed_change
from gait.core.analysis import Analysis
from gait.core.errors import InputError
from gait.core.tasks import WALKING_TASKS
from gait.identity.body import measure_build
from gait.identity.decide import Look

#: Where one of these stands, joint curves are not laid over each other.
_NO_CURVES: tuple[str, ...] = ("other_task", "not_done", "other_view", "other_markers", "other_zero")


def compare_visits(visits: Sequence[Visit], looks: Sequence[Look] | None = None, version: str = "") -> Comparison:
    """Compare visits of one person.

    Parameters
    ----------
    visits
        In the order of time, at least two, each with a name of its own.
    looks
        Who is seen at each visit; None looks at the proportions of the bodies only.
    version
        Of this software.

    Raises
    ------
    InputError
        There are fewer than two visits, or two of one name.
    """
    names = [visit.name for visit in visits]
    if len(visits) < 2 or len(set(names)) < len(names):
        raise InputError(
            f"A comparison needs two or more visits with names of their own; {len(visits)} came, named "
            f"{', '.join(names) or 'nothing'}. Name them apart with --label."
        )
    seen = [look_of(visit) for visit in visits] if looks is None else list(looks)
    known = join_visits([Known(visit.name, visit.analysis.findings, visit.analysis.subject) for visit in visits])
    last = len(visits) - 1
    places = [(0, last), *(pairwise(range(len(visits))) if last > 1 else ())]
    pairs = tuple(_pair(visits, seen, known, before, after) for before, after in places)
    return Comparison(tuple(visits), pairs, reason_about(known[last]), version)


def look_of(visit: Visit) -> Look:
    """Who is seen at a visit, from the proportions of the body alone: the film is not asked for."""
    analysis = visit.analysis
    build = measure_build(analysis.trajectories) if analysis.task.task in WALKING_TASKS else None
    return Look(visit.name, build, None, analysis.recording.sha256)


def _pair(visits: Sequence[Visit], looks: Sequence[Look], known: Sequence[Known], before: int, after: int) -> Pair:
    one, other = visits[before], visits[after]
    speed = speed_change(one.analysis, other.analysis)
    limits = find_limits(one, other, speed, (looks[before], looks[after]))
    changes = find_changes(one.analysis.parameters, other.analysis.parameters, speed, limits)
    return Pair(
        before,
        after,
        changes,
        _curves(one.analysis, other.analysis, limits),
        find_finding_changes(one.analysis.findings, other.analysis.findings, changes),
        follow(known[before], known[after]),
        limits,
    )


def _curves(before: Analysis, after: Analysis, limits: Sequence[Limit]) -> tuple[CurveChange, ...]:
    if before.task.task != "walk" or any(limit.id in _NO_CURVES for limit in limits):
        return ()
    return find_curve_changes(before.cycles, after.cycles)
