"""Summary scores for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from gait.core.scores import Scores, Usual

#: Printed with the numbers, so that nobody takes them for the scores they are made after.
LABEL_VISUAL = "Edinburgh-style, 2-D, from film"
LABEL_PROFILE = "GPS-style, 2-D, shape only, 3 of 9 variables"

#: Lines on the observer's sheet, and variables of the full profile score.
VISUAL_ITEMS, PROFILE_VARIABLES = 17, 9

COLUMNS: tuple[str, ...] = (
    "score", "item", "side", "value", "unit", "low", "high", "usual_low", "usual_high", "mdc95", "of", "reason",
    "label",
)  # fmt: skip


def scores_json(scores: Scores) -> dict[str, Any]:
    """All scores as the contract's dictionary; an item that was not seen has null points and a reason."""
    return {
        "label_visual": LABEL_VISUAL,
        "label_profile": LABEL_PROFILE,
        "visual": [
            {
                "side": score.side,
                "points": score.points,
                "low": score.low,
                "high": score.high,
                "possible": score.possible,
                "seen": len(score.seen),
                "of": VISUAL_ITEMS,
                "items": [asdict(item) for item in score.items],
            }
            for score in scores.visual
        ],
        "usual_visual": _usual(scores.usual_visual),
        "variables": [asdict(variable) for variable in scores.variables],
        "profile": [{**asdict(score), "of": PROFILE_VARIABLES} for score in scores.profile],
        "notes": list(scores.notes),
    }


def scores_table(scores: Scores) -> pd.DataFrame:
    """One row a number: items and sums of the visual score, variables and sums of the profile."""
    rows: list[dict[str, Any]] = []
    for score in scores.visual:
        for item in score.items:
            rows.append(
                _row("visual_item", item.id, item.side, item.points, "points")
                | {"low": item.least, "high": item.most, "of": 2, "reason": item.reason, "label": LABEL_VISUAL}
            )
        rows.append(
            _row("visual", "total", score.side, score.points, "points", scores.usual_visual)
            | {"low": score.low, "high": score.high, "of": score.possible, "label": LABEL_VISUAL}
        )
    for variable in scores.variables:
        parts = (("shape", variable.shape_deg, variable.usual), ("shift", variable.shift_deg, variable.usual_shift))
        for name, value, usual in parts:
            rows.append(_row(name, variable.joint, variable.side, value, "deg", usual) | {"label": LABEL_PROFILE})
    rows += [
        _row("profile", "total", score.side, score.value_deg, "deg", score.usual) | {"label": LABEL_PROFILE}
        for score in scores.profile
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    score: str, item: str, side: str, value: float | None, unit: str, usual: Usual | None = None
) -> dict[str, Any]:
    row: dict[str, Any] = {"score": score, "item": item, "side": side, "value": value, "unit": unit}
    if usual is not None:
        row |= {"usual_low": usual.low, "usual_high": usual.high, "mdc95": usual.change}
    return row


def _usual(usual: Usual | None) -> dict[str, Any] | None:
    return None if usual is None else asdict(usual)
