"""Points for what an observer would see, from our measures: in the manner of the Edinburgh Visual Gait Score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from gait.core.clip import Clip
from gait.core.cycles import PERCENT
from gait.core.parameters import GaitParameters
from gait.core.scores import Obstacle, ScoreItem, VisualScore
from gait.core.sides import SIDES, Side
from gait.scores.catalogue import FromCurve, Item, load_sheet
from gait.scores.curves import leg_curves, sagittal_walks

#: Half of a 95 % interval, in standard errors.
_Z95 = 1.96

#: Equally likely errors that the total's interval is worked out from, in standard errors.
_ERRORS: np.ndarray = np.array([NormalDist().inv_cdf((step + 0.5) / 81) for step in range(81)])

_FILM_FROM: dict[str, str] = {
    "sagittal": "It needs a film from the side.",
    "frontal": "It needs a film from the front or from behind.",
}
_HIDDEN = "This film did not show it in any complete stride."
_LITE = "The lite pose model draws normal feet where there are none; use the full or heavy model."
_ZEROED = "Joint angles were counted from quiet standing, which the sheet's cut-offs are not."


@dataclass(frozen=True, slots=True)
class _Value:
    """What is scored, in the sheet's definition, with one standard error."""

    value: float
    error: float
    unit: str


def visual_scores(parameters: GaitParameters, clips: Sequence[Clip], is_lite: bool = False) -> tuple[VisualScore, ...]:
    """Score every item of the sheet on both limbs.

    Parameters
    ----------
    parameters
        Measures of the clips, of all views together.
    clips
        Clips of one person.
    is_lite
        Whether the lite pose model was used, which cannot give feet.

    Returns
    -------
    tuple of VisualScore
        Left and right; empty where no item of either limb could be scored.
    """
    views = {clip.trajectories.view.kind for clip in clips if clip.task.task == "walk"}
    zeroed = any(clip.trajectories.standing_s is not None for clip in clips)
    scores = []
    for side in SIDES:
        items, spread = [], {}
        for row in load_sheet().item:
            value = None if row.never else _value(row, parameters, clips, side)
            obstacle, reason = _obstacle(row, value, views, is_lite, zeroed)
            if reason or value is None:
                items.append(
                    ScoreItem(
                        row.number, row.id, row.label, side, None, obstacle=obstacle, reason=reason, part=row.part
                    )
                )
                continue
            items.append(_scored(row, side, value))
            # Items that share their landmarks are off together; what they share is drawn once for all of them.
            spread[row.shares] = spread.get(row.shares, 0) + points_of(row, value.value + value.error * _ERRORS)
        scores.append(_limb(side, tuple(items), list(spread.values())))
    return tuple(scores) if any(score.seen for score in scores) else ()


def points_of(row: Item, values: np.ndarray) -> np.ndarray:
    """Points of values that are in the sheet's definition already: a value on an edge belongs above it."""
    return np.asarray(row.points)[np.searchsorted(row.edges, values, side="right")]


def _limb(side: Side, items: tuple[ScoreItem, ...], spread: list[np.ndarray]) -> VisualScore:
    """The score of a limb with its interval: parts of the body err independently of each other (our estimate)."""
    chance = np.ones(1)
    for points in spread:
        chance = np.convolve(chance, np.bincount(points) / len(points))
    below = np.cumsum(chance)
    low, high = (int(np.searchsorted(below, edge)) for edge in (0.025, 0.975))
    total = sum(item.points or 0 for item in items)
    return VisualScore(side, items, min(low, total), max(min(high, len(chance) - 1), total))


def _scored(row: Item, side: Side, value: _Value) -> ScoreItem:
    ends = points_of(row, value.value + value.error * np.linspace(-_Z95, _Z95, 41))
    points = int(points_of(row, np.array([value.value]))[0])
    return ScoreItem(
        row.number,
        row.id,
        row.label,
        side,
        points,
        int(ends.min()),
        int(ends.max()),
        value.value,
        value.unit,
        row.scale,
        part=row.part,
    )


def _obstacle(row: Item, value: _Value | None, views: set[str], is_lite: bool, zeroed: bool) -> tuple[Obstacle, str]:
    """What kind of thing keeps an item from being scored, and the sentence; both empty when nothing does."""
    if row.never:
        return "never", row.never
    if row.plane not in views:
        return row.plane, _FILM_FROM[row.plane]
    if row.foot and is_lite:
        return "film", _LITE
    if row.angle and zeroed:
        return "film", _ZEROED
    return ("film", _HIDDEN) if value is None else ("", "")


def _value(row: Item, parameters: GaitParameters, clips: Sequence[Clip], side: Side) -> _Value | None:
    """The measure of an item in the sheet's definition; None where there is none."""
    found = parameters.get(row.parameter or (row.curve.error_of if row.curve else ""), side)
    found = found or parameters.get(row.parameter)
    if found is None or not np.isfinite([found.value, found.low, found.high]).all():
        return None
    error = (found.high - found.low) / (2 * _Z95)
    value = found.value if row.curve is None else _extreme(row.curve, clips, side)
    return _Value(value + row.shift, error, found.unit) if np.isfinite(value) else None


def _extreme(curve: FromCurve, clips: Sequence[Clip], side: Side) -> float:
    """Mean over cycles of the lowest or highest angle in a part of the gait cycle, in deg; NaN where none shows it."""
    window = (curve.window_pct[0] <= PERCENT) & (curve.window_pct[1] >= PERCENT)
    part = leg_curves(sagittal_walks(clips), side, curve.joint).curves[:, window]
    part = part[np.isfinite(part).all(axis=1)]
    if not len(part):
        return float("nan")
    return float(np.mean(part.min(axis=1) if curve.pick == "lowest" else part.max(axis=1)))
