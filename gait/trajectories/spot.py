"""Somebody who stays on the spot: standing, rising on tiptoe, standing up from a chair. There are no passes to walk."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from gait.core.sides import Side
from gait.core.skeleton import LANDMARKS
from gait.core.trajectories import Pass, View
from gait.trajectories.clean import unbroken

#: Shorter stretches in view show nothing, in s (our choice).
MIN_STRETCH_S = 0.8
#: Where somebody faces is averaged over this time, in s (our choice).
WINDOW_S = 0.6


def standing_feet(position: np.ndarray) -> np.ndarray:
    """The same landmarks without shank and foot of the leg that is held higher.

    A lifted foot points anywhere, and would turn the view.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px, y up.
    """
    foot = position[:, :, [LANDMARKS.index(name) for name in ("ankle", "heel", "toe")], 1].mean(axis=2)
    leg = position[:, :, LANDMARKS.index("knee"), 1] - position[:, :, LANDMARKS.index("ankle"), 1]
    apart = (foot[:, 0] - foot[:, 1]) / np.nanmedian(np.abs(leg))
    out = position.copy()
    below_knee = [LANDMARKS.index(name) for name in ("ankle", "heel", "toe")]
    for side, higher in ((0, apart > 0.2), (1, apart < -0.2)):
        out[:, side, below_knee] = np.where(higher[:, None, None], np.nan, out[:, side, below_knee])
    return out


def find_stretches(position: np.ndarray, seen: np.ndarray, time_s: np.ndarray, view: View) -> tuple[Pass, ...]:
    """Stretches in which the person is in full view and faces one way.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px of the steadied picture, y up.
    seen
        ``(n,)`` samples in which the whole person is seen.
    time_s
        ``(n,)`` s, evenly spaced.
    view
        From where.
    """
    step_s = float(np.median(np.diff(time_s)))
    facing = np.zeros(len(time_s)) if view.kind == "frontal" else _facing(position, round(WINDOW_S / step_s))
    found = []
    for direction in (0, 1, -1):
        near: Side | None = {1: "right", -1: "left"}.get(direction)  # pyright: ignore[reportAssignmentType]
        for start, stop in unbroken(seen & (facing == direction)):
            if (stop - start) * step_s >= MIN_STRETCH_S:
                found.append(Pass(float(time_s[start]), float(time_s[stop - 1]) + step_s, "in_place", direction, near))
    return tuple(sorted(found, key=lambda stretch: stretch.start_s))


def _facing(position: np.ndarray, width: int) -> np.ndarray:
    """``(n,)`` +1 or -1: where the toes of the standing feet point."""
    stands = standing_feet(position)
    foot = stands[:, :, LANDMARKS.index("toe"), 0] - stands[:, :, LANDMARKS.index("heel"), 0]
    ahead = np.nan_to_num(foot, nan=0.0).sum(axis=1)
    return np.where(uniform_filter1d(ahead, max(1, width), mode="nearest") >= 0, 1, -1)
