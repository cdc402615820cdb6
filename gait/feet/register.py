"""Lay the flat foot's picture over every other frame: how far is the foot turned, and where is it?

The picture model: the foot's own picture (taken while it lies flat), turned and shifted as a stiff body, in front of
the bare floor where that is known. Turning and shifting are found by Gauss-Newton on the colour differences (forward
compositional Lucas-Kanade), with weights that forget what does not fit (trousers, the other leg, toes that bend).

References
----------
Baker & Matthews (2004), Lucas-Kanade 20 years on: a unifying framework, Int J Comput Vis 56(3), 221-255 (compositional
update). Geman & McClure (1987), Statistical methods for tomographic image reconstruction (the weight function).
"""

from __future__ import annotations

import cv2
import numpy as np

from gait.feet.template import NOISE_LEVELS, Level, Template, halve, slopes

#: Gauss-Newton steps at most, at the coarsest level and at the others.
COARSE_STEPS = 10
FINE_STEPS = 8
#: Added to the normal matrix, in squared grey levels.
RIDGE = 1.0
#: Steps shorter than this, in px of the level, end the search.
CLOSE_ENOUGH_PX = 0.03
#: A colour difference of this fraction of the foot's contrast counts half when starts are compared.
COST_SCALE = 0.3
#: A start that fits this well at the coarsest level makes the others needless (measured: right ones lie below 0.1).
GOOD_ENOUGH = 0.02
#: Longest step, in crop px and in rad.
_LONGEST = np.array([8.0, 8.0, 0.25])


def move(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The picture as seen through a ``(2, 3)`` map from its own px to the result's source px."""
    return _warp(image, matrix, image.shape)


def picture_pyramid(image: np.ndarray, template: Template) -> tuple[np.ndarray, ...]:
    """Fine to coarse, matching the template's levels."""
    out = [image]
    for _ in range(len(template.levels) - 1):
        out.append(halve(out[-1]))
    return tuple(out)


def _matrix(level: Level, centre: np.ndarray, motion: np.ndarray) -> np.ndarray:
    """``(2, 3)`` map of level-template px to level-frame px."""
    c, s = np.cos(motion[2]), np.sin(motion[2])
    middle = (centre + motion[:2] + 0.5) * level.shrink - 0.5
    x0, y0 = level.x[0, 0], level.y[0, 0]
    return np.array([[c, -s, middle[0] + c * x0 - s * y0], [s, c, middle[1] + s * x0 + c * y0]])


def _warp(image: np.ndarray, matrix: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return cv2.warpAffine(
        image,
        matrix,
        (shape[1], shape[0]),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _compare(
    level: Level, matrix: np.ndarray, frame: np.ndarray, floor: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Model against frame.

    Returns
    -------
    residual
        ``(h, w, 3)`` colour of the model less that of the frame.
    moving
        ``(h, w, 3)`` the part of it that moves with the motion, with its sign turned.
    bare
        ``(h, w, 3)`` the floor behind the model, or None.
    """
    moving = _warp(frame, matrix, level.cover.shape)
    if floor is None:
        return level.picture - moving, moving, None
    bare = _warp(floor, matrix, level.cover.shape)
    cover = level.cover[..., None]
    moving = moving - (1.0 - cover) * bare
    return cover * level.picture - moving, moving, bare


def _spread(squared: np.ndarray, counted: np.ndarray) -> float:
    """Robust size of the residual, in grey levels."""
    chosen = squared[counted]
    return max(NOISE_LEVELS, 1.2 * float(np.sqrt(np.median(chosen)))) if len(chosen) else NOISE_LEVELS


def _misfit(squared: np.ndarray, weight: np.ndarray, scale: float) -> float:
    ratio = squared / (3.0 * scale) ** 2
    return float((weight * ratio / (1.0 + ratio)).sum() / max(weight.sum(), 1e-6))


def fit_level(
    level: Level,
    centre: np.ndarray,
    frame: np.ndarray,
    floor: np.ndarray | None,
    start: np.ndarray,
    steps: int,
) -> np.ndarray:
    """Gauss-Newton at one level.

    Returns
    -------
    ndarray
        ``(3,)`` x, y in crop px and turn in rad.
    """
    motion = start.astype(float).copy()
    scale = 0.0
    for number in range(steps):
        residual, moving, bare = _compare(level, _matrix(level, centre, motion), frame, floor)
        squared = _squared(residual)
        if number % 2 == 0:  # the median is dear, and changes slowly
            scale = _spread(squared, level.counted)
        step = _step(
            level, residual, level.weight / np.square(1.0 + squared * (1.0 / (3.0 * scale) ** 2)), moving, bare
        )
        # Compose: the frame's point is W(p + step).
        c, s = np.cos(motion[2]), np.sin(motion[2])
        moved = np.array([c * step[0] - s * step[1], s * step[0] + c * step[1], step[2] * level.shrink]) / level.shrink
        motion += np.clip(moved, -_LONGEST, _LONGEST)
        if abs(step[0]) + abs(step[1]) < CLOSE_ENOUGH_PX and abs(step[2]) < CLOSE_ENOUGH_PX / level.counted.shape[1]:
            break
    return motion


def _squared(residual: np.ndarray) -> np.ndarray:
    """``(h, w)`` mean over the colours of the squared difference."""
    return np.einsum("ijk,ijk->ij", residual, residual) * np.float32(1.0 / 3.0)


def _step(
    level: Level, residual: np.ndarray, weight: np.ndarray, moving: np.ndarray, bare: np.ndarray | None
) -> np.ndarray:
    """One weighted Gauss-Newton step ``(3,)``: x, y in level px, turn in rad."""
    gx, gy = slopes(moving)
    if bare is not None:
        # The edge of the cover belongs to the model and does not move with the frame.
        gx, gy = gx - level.edge_x * bare, gy - level.edge_y * bare
    turn = gy * level.x[..., None] - gx * level.y[..., None]
    slope = np.stack([gx.reshape(-1), gy.reshape(-1), turn.reshape(-1)])
    weighted = slope * np.repeat(weight.reshape(-1), 3)
    normal = (weighted @ slope.T).astype(float)
    # The small ridge keeps a picture without any structure solvable.
    ridge = np.diag(RIDGE + 1e-5 * np.diag(normal))
    return np.linalg.solve(normal + ridge, (weighted @ residual.reshape(-1)).astype(float))


def cost(
    level: Level, centre: np.ndarray, frame: np.ndarray, floor: np.ndarray | None, motion: np.ndarray, scale: float
) -> float:
    """Misfit 0..1 at a fixed scale (grey levels), so that starts can be compared."""
    residual, _, _ = _compare(level, _matrix(level, centre, motion), frame, floor)
    return _misfit(_squared(residual), level.weight, scale)


def fit_frame(
    template: Template,
    frame: tuple[np.ndarray, ...],
    floor: tuple[np.ndarray, ...] | None,
    starts: list[np.ndarray],
) -> tuple[np.ndarray, float]:
    """Best motion over several starts, coarse to fine.

    Parameters
    ----------
    template
        The flat foot.
    frame, floor
        Pyramids of the frame and of the bare floor (or None).
    starts
        ``(3,)`` motions to start from, the likeliest first.

    Returns
    -------
    motion
        ``(3,)`` shift x, y in crop px (y down) and turn in rad (clockwise in the picture, that is toes down).
    misfit
        0..1.
    """
    scale = max(2.0 * NOISE_LEVELS, COST_SCALE * template.contrast)
    top = len(template.levels) - 1

    def fit(index: int, start: np.ndarray, steps: int) -> tuple[float, np.ndarray]:
        level, behind = template.levels[index], None if floor is None else floor[index]
        motion = fit_level(level, template.centre_px, frame[index], behind, start, steps)
        return cost(level, template.centre_px, frame[index], behind, motion, scale), motion

    coarse: list[tuple[float, np.ndarray]] = []
    for start in starts:
        coarse.append(fit(top, start, COARSE_STEPS))
        if coarse[-1][0] < GOOD_ENOUGH:
            break
    coarse.sort(key=lambda item: item[0])
    refined = []
    for found in _different(coarse):
        for index in range(top - 1, -1, -1):
            found = fit(index, found[1], FINE_STEPS)
        refined.append(found)
    misfit, motion = min(refined, key=lambda item: item[0])
    return motion, misfit


def _different(found: list[tuple[float, np.ndarray]]) -> list[tuple[float, np.ndarray]]:
    """The best, and of the next two those that are another solution."""
    best = found[0][1]
    others = [
        item for item in found[1:3] if np.hypot(*(item[1][:2] - best[:2])) > 1.5 or abs(item[1][2] - best[2]) > 0.03
    ]
    return [found[0], *others]
