"""The joint curves that scores are made of: of one or several clips, of one leg, from the side it was seen best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.core.clip import Clip
from gait.core.sides import Side

#: So many cycles of the leg that was near are enough to leave the far ones out (our choice: the near leg reads truer).
MIN_NEAR_CYCLES = 2


@dataclass(frozen=True, slots=True)
class LegCurves:
    """Cycles of one leg.

    Attributes
    ----------
    curves
        ``(n, 101)`` deg; NaN where not seen.
    is_near
        Whether they are of the leg nearer to the camera.
    """

    curves: np.ndarray
    is_near: bool

    def mean(self) -> np.ndarray:
        """``(101,)`` deg; NaN where no cycle was seen."""
        seen = np.isfinite(self.curves)
        count = seen.sum(axis=0)
        total = np.where(seen, self.curves, 0.0).sum(axis=0)
        return np.divide(total, count, out=np.full(self.curves.shape[1], np.nan), where=count > 0)


def sagittal_walks(clips: Sequence[Clip]) -> list[Clip]:
    """Clips of usual walking that show joint angles."""
    return [clip for clip in clips if clip.trajectories.view.kind == "sagittal" and clip.task.task == "walk"]


def leg_curves(clips: Sequence[Clip], side: Side, joint: str) -> LegCurves:
    """Cycles of one joint of one leg: those in which it was near, where there are enough of them; else all.

    Parameters
    ----------
    clips
        Walks from the side.
    side, joint
        The curve.
    """
    parts, near = [], []
    for clip in clips:
        curves = clip.cycles.curve(side, joint)
        parts.append(curves)
        near.append(clip.cycles.of(side)["is_near"].to_numpy(bool) | clip.trajectories.is_capture)
    curves = np.concatenate(parts) if parts else np.empty((0, 101))
    is_near = np.concatenate(near) if near else np.empty(0, bool)
    seen = np.isfinite(curves).any(axis=1)
    curves, is_near = curves[seen], is_near[seen]
    if is_near.sum() >= MIN_NEAR_CYCLES:
        return LegCurves(curves[is_near], True)
    return LegCurves(curves, bool(len(curves)) and bool(is_near.all()))
