"""Which measures changed: each difference against what is detectable, what speed explains, and what is usual."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.comparison.detectable import detectable_change
from gait.comparison.limits import forbids
from gait.comparison.model import Change, Limit, Verdict
from gait.comparison.speed import SpeedChange
from gait.core.parameters import GaitParameters, Parameter
from gait.parameters.catalogue import Measure, load_catalogue

Key = tuple[str, str]


def find_changes(
    before: GaitParameters, after: GaitParameters, speed: SpeedChange, limits: Sequence[Limit]
) -> tuple[Change, ...]:
    """Compare all measures of two visits.

    Parameters
    ----------
    before, after
        The measures.
    speed
        What the other pace alone would do.
    limits
        What may not be compared.

    Returns
    -------
    tuple of Change
        One for each measure and side that one of the visits has, in catalogue order.
    """
    rows = {row.id: row for row in load_catalogue()}
    old, new = _by_key(before), _by_key(after)
    keys = _in_order({**old, **new}, list(rows))
    return tuple(_change(old.get(key), new.get(key), rows.get(key[0]), speed, limits) for key in keys)


def distance_from_usual(parameter: Parameter) -> float:
    """How far a value lies outside of its norm, in the unit; 0 within it, NaN where it has none."""
    if parameter.norm is None:
        return float("nan")
    return max(parameter.norm.low - parameter.value, parameter.value - parameter.norm.high, 0.0)


def _by_key(parameters: GaitParameters) -> dict[Key, Parameter]:
    return {(item.id, item.side): item for item in parameters.summary if np.isfinite(item.value)}


def _in_order(keys: dict[Key, Parameter], ids: list[str]) -> list[Key]:
    """Catalogue order; of one measure the left before the right."""
    place = {name: number for number, name in enumerate(ids)}
    return sorted(keys, key=lambda key: (place.get(key[0], len(place)), key[0], key[1]))


def _change(
    before: Parameter | None, after: Parameter | None, row: Measure | None, speed: SpeedChange, limits: Sequence[Limit]
) -> Change:
    known = after or before
    if known is None:
        raise ValueError("a change needs a measure")
    name = (known.id, known.side, known.unit, before, after)
    if before is None or after is None:
        return Change(*name, verdict="once")
    forbidden = next((limit.id for limit in limits if forbids(limit, row)), "")
    if forbidden:
        return Change(*name, verdict="not_comparable", reason=forbidden)
    detectable, basis = detectable_change(before, after)
    if not basis:
        return Change(*name, verdict="not_comparable", reason="no_error")
    difference = after.value - before.value
    by_speed = speed.usual.get(known.id, float("nan"))
    verdict = _verdict(before, after, detectable, speed)
    return Change(*name, verdict, difference, detectable, basis, by_speed)


def _verdict(before: Parameter, after: Parameter, detectable: float, speed: SpeedChange) -> Verdict:
    difference = after.value - before.value
    if not abs(difference) > detectable:
        return "within"
    if speed.explains(before.id, difference, detectable):
        return "speed"
    nearer = distance_from_usual(before) - distance_from_usual(after)
    if np.isfinite(nearer) and nearer != 0:
        return "better" if nearer > 0 else "worse"
    return "changed"
