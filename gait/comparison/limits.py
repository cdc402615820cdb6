"""What two visits must share to be compared, and what a difference of the filming forbids to compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gait.comparison.model import Limit, Visit
from gait.comparison.speed import SpeedChange
from gait.core.analysis import Analysis
from gait.core.sides import SIDES
from gait.identity.decide import Look, compare
from gait.parameters.catalogue import Measure
from gait.trajectories.judge import is_clock_doubtful

#: Views that differ by more than this foreshorten lengths and angles differently (our estimate: cosines of two angles
#: to either side of it then differ by 5 to 10 %).
VIEW_DEG = 15.0

#: Frame rates that differ by more than this factor time events differently well (our choice).
RATE_FACTOR = 1.5

#: Body heights told that differ by more than this, in m, scale the metres of both visits differently (our choice: a
#: person measured twice differs by a centimetre, which is less than a hundredth of any length).
HEIGHT_M = 0.015

#: Fewer strides a side make a visit's means and spreads rough (our estimate, as in the report of one film).
MIN_STRIDES = 5

_ORDER: tuple[str, ...] = ("error", "warning", "info")
_LENGTHS: tuple[str, ...] = ("m", "cm", "m/s")
_TIMED: tuple[str, ...] = ("s", "ms", "m/s", "steps/min", "deg/s", "leg lengths/s")


def find_limits(before: Visit, after: Visit, speed: SpeedChange, looks: Sequence[Look]) -> tuple[Limit, ...]:
    """Everything that limits what two visits can tell of each other, the worst first.

    Parameters
    ----------
    before, after
        The visits.
    speed
        How their paces differ.
    looks
        Who is seen in each.
    """
    limits: list[Limit] = [*_identity(*looks), *_filming(before.analysis, after.analysis)]
    limits += _speed(speed)
    limits += [limit for visit in (before, after) for limit in _strides(visit)]
    return tuple(sorted(limits, key=lambda limit: _ORDER.index(limit.severity)))


def forbids(limit: Limit, row: Measure | None) -> bool:
    """Whether a limit forbids to compare a measure; ``row`` is its row of the catalogue."""
    if limit.severity != "error" or limit.id not in _FORBIDS:
        return False
    return _FORBIDS[limit.id](row)


def _everything(row: Measure | None) -> bool:
    return True


def _metres(row: Measure | None) -> bool:
    return row is None or row.unit in _LENGTHS


def _timed(row: Measure | None) -> bool:
    return row is None or row.unit in _TIMED


def _angles(row: Measure | None) -> bool:
    return row is None or row.unit in ("deg", "deg/s")


def _zeroed(row: Measure | None) -> bool:
    """Joint angles whose level hangs on their zero; a range or a difference of two angles does not."""
    if row is None or row.unit != "deg":
        return row is None
    return not any(word in row.id for word in ("range", "excursion", "difference", "foot_", "trunk_"))


#: Limits that forbid, and what.
_FORBIDS: dict[str, Callable[[Measure | None], bool]] = {
    "other_task": _everything,
    "not_done": _everything,
    "other_view": _everything,
    "other_clock": _timed,
    "other_markers": _angles,
    "other_zero": _zeroed,
    "other_scale": _metres,
}


def _identity(before: Look, after: Look) -> list[Limit]:
    """Whether it is one person. Other clothes at another visit say nothing against it, so they are not counted then."""
    names = {"before": before.name, "after": after.name}
    if before.sha256 and before.sha256 == after.sha256:
        return [Limit("same_film", "warning", names)]
    found = compare(before, after)
    limits = []
    if found.has_other_clothes:
        limits.append(Limit("other_clothes", "warning", names))
        found = compare(Look(before.name, before.build), Look(after.name, after.build))
    if found.probability_same < 0.5:
        limits.append(Limit("other_person", "error", names))
    return limits


def _filming(before: Analysis, after: Analysis) -> list[Limit]:
    checks = (_task, _view, _surface, _finder, _zero, _clock, _scale, _rate, _told, _near)
    return [limit for check in checks for limit in check(before, after)]


def _task(before: Analysis, after: Analysis) -> list[Limit]:
    one, other = before.task, after.task
    if one.task != other.task:
        return [Limit("other_task", "error", {"before": one.task, "after": other.task})]
    failed = next((record for record in (one, other) if record.not_done), None)
    return [] if failed is None else [Limit("not_done", "error", {"why": failed.not_done})]


def _view(before: Analysis, after: Analysis) -> list[Limit]:
    one, other = before.trajectories.view, after.trajectories.view
    if one.kind != other.kind:
        return [Limit("other_view", "error", {"before": one.kind, "after": other.kind})]
    apart = abs(abs(one.angle_deg) - abs(other.angle_deg))
    if one.kind == "frontal" or apart <= VIEW_DEG:
        return []
    values = {"before": f"{abs(one.angle_deg):.0f}", "after": f"{abs(other.angle_deg):.0f}"}
    return [Limit("turned_view", "warning", values)]


def _surface(before: Analysis, after: Analysis) -> list[Limit]:
    on_belt = [analysis.trajectories.is_treadmill for analysis in (before, after)]
    return [Limit("other_surface", "warning")] if on_belt[0] != on_belt[1] else []


def _finder(before: Analysis, after: Analysis) -> list[Limit]:
    if before.trajectories.is_capture != after.trajectories.is_capture:
        return [Limit("other_markers", "error")]
    names = [analysis.pose.backend or "–" for analysis in (before, after)]
    return [Limit("other_model", "warning", {"before": names[0], "after": names[1]})] if names[0] != names[1] else []


def _zero(before: Analysis, after: Analysis) -> list[Limit]:
    zeroed = [analysis.trajectories.standing_s is not None for analysis in (before, after)]
    return [Limit("other_zero", "error")] if zeroed[0] != zeroed[1] else []


def _clock(before: Analysis, after: Analysis) -> list[Limit]:
    doubtful = [
        is_clock_doubtful(analysis.cycles, analysis.parameters, analysis.recording) for analysis in (before, after)
    ]
    return [Limit("other_clock", "error")] if doubtful[0] != doubtful[1] else []


def _scale(before: Analysis, after: Analysis) -> list[Limit]:
    """Metres that come from another length: what was told differently would look like a change of the walk."""
    one, other = before.trajectories.scale, after.trajectories.scale
    if one.m_per_px is None or other.m_per_px is None:
        return []
    heights = [analysis.subject.height_m for analysis in (before, after)]
    same_height = None in heights or abs((heights[0] or 0.0) - (heights[1] or 0.0)) <= HEIGHT_M
    if one.source == other.source and same_height:
        return []
    return [Limit("other_scale", "error")]


def _rate(before: Analysis, after: Analysis) -> list[Limit]:
    rates = [analysis.trajectories.source_rate_hz for analysis in (before, after)]
    if max(rates) <= RATE_FACTOR * min(rates):
        return []
    return [Limit("other_rate", "info", {"before": f"{rates[0]:.0f}", "after": f"{rates[1]:.0f}"})]


def _told(before: Analysis, after: Analysis) -> list[Limit]:
    """Sex or age told so that it cannot be one person's (in the order of time)."""
    one, other = before.subject, after.subject
    other_sex = None not in (one.sex, other.sex) and one.sex != other.sex
    ages = (one.age_years, other.age_years)
    younger = ages[0] is not None and ages[1] is not None and ages[1] < ages[0] - 1
    return [Limit("told_differently", "warning")] if other_sex or younger else []


def _near(before: Analysis, after: Analysis) -> list[Limit]:
    """Seen from the side, the far leg is measured less well; which one it is should be the same at both visits."""
    near = [{stretch.near_side for stretch in analysis.trajectories.passes} - {None} for analysis in (before, after)]
    return [Limit("other_near_leg", "info")] if near[0] != near[1] else []


def _speed(speed: SpeedChange) -> list[Limit]:
    if not speed.differs:
        return []
    kind = "faster" if speed.factor > 1 else "slower"
    return [Limit(f"other_speed_{kind}", "warning", {"percent": f"{abs(100 * (speed.factor - 1)):.0f}"})]


def _strides(visit: Visit) -> list[Limit]:
    counts = [len(visit.analysis.cycles.of(side)) for side in SIDES]
    if min(counts) >= MIN_STRIDES or visit.analysis.task.task != "walk":
        return []
    return [Limit("few_strides", "info", {"visit": visit.name, "left": str(counts[0]), "right": str(counts[1])})]
