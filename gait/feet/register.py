"""Lay the flat foot's picture over every other frame: how far is the foot turned, and where is it?

The picture model: the foot's own picture (taken while it lies flat), turned and shifted as a stiff body, in front of the
bare floor where that is known. Turning and shifting are found by Gauss-Newton on the colour differences (forward
compositional Lucas-Kanade), with weights that forget what does not fit (trousers, the other leg, toes that bend).

References
----------
Baker & Matthews (2004), Lucas-Kanade 20 years on: a unifying framework, Int J Comput Vis 56(3), 221-255 (the compositional
update). Geman & McClure (1987), Statistical methods for tomographic image reconstruction (the weight function).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

#: Grey levels that camera noise and compression alone make (our estimate, from the rendered and the phone films).
NOISE_LEVELS = 5.0
#: The pyramid gets no coarser than a foot of this many px, heel to toe.
COARSEST_FOOT_PX = 11.0
#: Gauss-Newton steps at most, at the coarsest level and at the others.
COARSE_STEPS = 10
#: Added to the normal matrix, in squared grey levels.
RIDGE = 1.0
#: A colour difference of this fraction of the foot's contrast counts half when starts are compared.
COST_SCALE = 0.3
#: What differs from the bare floor by more than this fraction of the foot's usual difference is foot.
COVER_FRACTION = 0.2
#: Holes of up to twice this radius, in heel-toe distances, are foot.
CLOSE_FRACTION = 0.08
EXPOSURE_STEPS = 8
#: Weight of the toes.
TOE_WEIGHT = 0.4
FINE_STEPS = 8


@dataclass(frozen=True, slots=True)
class Level:
    """One pyramid level of the template.

    Attributes
    ----------
    picture
        ``(h, w, 3)`` float32.
    cover
        ``(h, w)`` 0..1: how much of a pixel is foot.
    weight
        ``(h, w)`` 0..1: how much a pixel counts.
    x, y
        ``(h, w)`` coordinates from the foot's middle, in px of this level.
    shrink
        Level px per crop px.
    """

    picture: np.ndarray
    cover: np.ndarray
    weight: np.ndarray
    x: np.ndarray
    y: np.ndarray
    shrink: float


@dataclass(frozen=True, slots=True)
class Template:
    """The flat foot.

    Attributes
    ----------
    levels
        Fine to coarse.
    centre_px
        ``(2,)`` the foot's middle in the crop.
    has_background
        Whether the bare floor is known.
    contrast
        Root mean square colour difference between foot and floor (or of the foot's own texture), in grey levels.
    covered
        Fraction of the foot's outline that differs visibly from the floor.
    """

    levels: tuple[Level, ...]
    centre_px: np.ndarray
    has_background: bool
    contrast: float
    covered: float


def foot_outline(foot_px: np.ndarray) -> np.ndarray:
    """``(k, 2)`` polygon around a flat foot, from its heel, toe and ankle landmarks (crop px, facing right).

    The landmarks lie inside the shoe: 2-3 cm from its ends (design notes), and about a tenth of their distance above the
    sole. The ankle closes it above: what is higher belongs to the shank and turns differently.
    """
    heel, toe, ankle = foot_px
    length = float(np.hypot(*(toe - heel)))
    along = (toe - heel) / length
    down = np.array([-along[1], along[0]])
    rise = max(0.2 * length, float(np.dot(heel - ankle, down)))

    def at(forward: float, lower: float) -> np.ndarray:
        return heel + length * forward * along + length * lower * down

    high = -(rise / length)
    return np.array(
        [
            at(-0.30, 0.26),
            at(-0.30, 0.75 * high),
            at(-0.20, 0.95 * high),
            at(0.45, 0.95 * high),
            at(1.0, -0.20),
            at(1.28, -0.14),
            at(1.32, 0.26),
        ]
    )


def smooth(image: np.ndarray) -> np.ndarray:
    """Float32 picture with the finest noise taken out."""
    return cv2.GaussianBlur(image.astype(np.float32), (0, 0), 0.8)


def match_exposure(floor: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """The bare floor as bright as in a picture: phones change exposure and white balance when somebody walks in.

    Per colour: a gain, an offset and a slope across the crop, found by reweighted least squares that forget what does not
    fit (Geman-McClure), so that feet and legs do not matter.

    Parameters
    ----------
    floor, picture
        ``(h, w, 3)`` float32; most of the picture must show the floor.
    """
    height, width = floor.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / np.float32(max(height, width))
    thin = (slice(None, None, 3), slice(None, None, 3))
    out = np.empty_like(floor)
    for colour in range(3):
        terms = np.stack([floor[..., colour], np.full_like(x, 100.0), 100.0 * x, 100.0 * y], axis=-1)
        known, wanted = terms[thin].reshape(-1, 4).astype(float), picture[..., colour][thin].reshape(-1).astype(float)
        solution = np.array([float(np.median((wanted + 1.0) / (known[:, 0] + 1.0))), 0.0, 0.0, 0.0])
        for _ in range(EXPOSURE_STEPS):
            rest = wanted - known @ solution
            scale = max(2.0 * NOISE_LEVELS, float(np.median(np.abs(rest))))
            weighted = known / np.square(1.0 + np.square(rest / scale))[:, None]
            # Held to what it is: a floor without structure cannot tell gain from offset.
            normal = weighted.T @ known
            normal += np.diag(np.diag(normal) * 1e-3 + 1e-3)
            solution += np.linalg.solve(normal, weighted.T @ rest)
        out[..., colour] = np.clip(terms @ solution, 0.0, 255.0)
    return out


def build_template(pictures: list[np.ndarray], foot_px: np.ndarray, background: np.ndarray | None) -> Template:
    """The flat foot from some frames.

    Parameters
    ----------
    pictures
        ``(h, w, 3)`` float32 crops of the flat foot, aligned.
    foot_px
        ``(3, 2)`` heel, toe, ankle.
    background
        ``(h, w, 3)`` float32 bare floor, or None.
    """
    mean = np.mean(pictures, axis=0)
    outline = foot_outline(foot_px)
    centre = 0.5 * (foot_px[0] + foot_px[1])
    height, width = mean.shape[:2]
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [np.round(outline * 16).astype(np.int32)], 1, shift=4)
    length = float(np.hypot(*(foot_px[1] - foot_px[0])))
    cover, covered = _cover(mean, background, inside, length)
    weight = inside.astype(np.float32)
    if background is None:
        # Without the floor the outline's rim is floor more often than foot: count it less.
        weight = cv2.GaussianBlur(cv2.erode(inside, _disc(0.06 * length)).astype(np.float32), (0, 0), 0.04 * length)
    else:
        reach = cv2.dilate((cover > 0.3).astype(np.uint8), _disc(max(3.0, 0.08 * length)))
        weight = cv2.GaussianBlur((inside & reach).astype(np.float32), (0, 0), 1.0)
    weight = weight * _toe_weight(foot_px, (height, width))
    difference = mean - background if background is not None else mean - cv2.mean(mean, inside)[:3]
    strength = np.sqrt((np.square(difference).mean(axis=2) * cover * inside).sum() / max((cover * inside).sum(), 1.0))
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 2, 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 3, [width, height])
    box = (slice(low[1], high[1]), slice(low[0], high[0]))
    count = 1 + int(np.clip(np.log2(length / COARSEST_FOOT_PX), 0, 3))
    levels = _pyramid(mean[box], cover[box], weight[box], centre - low, count)
    return Template(levels, centre, background is not None, float(strength), covered)


def _toe_weight(foot_px: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """``(h, w)`` less weight for the toes: bare ones are lifted before contact, the foot is not stiff there."""
    heel, toe, _ = foot_px
    along = (toe - heel) / np.hypot(*(toe - heel)) ** 2
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    forward = (x - heel[0]) * along[0] + (y - heel[1]) * along[1]
    return (1.0 - (1.0 - TOE_WEIGHT) * np.clip((forward - 0.8) / 0.3, 0.0, 1.0)).astype(np.float32)


def _disc(radius: float) -> np.ndarray:
    size = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def _cover(
    mean: np.ndarray, background: np.ndarray | None, inside: np.ndarray, length: float
) -> tuple[np.ndarray, float]:
    """How much of each pixel is foot, 0..1, and the visible fraction of the outline's inner part."""
    if background is None:
        return np.ones(inside.shape, np.float32), 1.0
    difference = np.abs(mean - smooth(background)).max(axis=2)
    difference = cv2.GaussianBlur(difference, (0, 0), 0.7)
    # Shadows and drifting exposure differ from the bare floor too, but less than the foot does.
    core = cv2.erode(inside, _disc(0.15 * length)).astype(bool)
    typical = float(np.percentile(difference[core], 70)) if core.any() else 0.0
    unrest = float(np.median(difference[inside == 0])) if (inside == 0).any() else 0.0
    threshold = max(1.6 * NOISE_LEVELS, COVER_FRACTION * typical, min(2.5 * unrest, 0.5 * typical))
    cover = np.clip((difference - threshold) / (0.6 * threshold), 0.0, 1.0)
    # A shoe that is somewhere as bright as the floor is no hole.
    cover = cv2.morphologyEx(cover, cv2.MORPH_CLOSE, _disc(CLOSE_FRACTION * length))
    cover = (cover * inside).astype(np.float32)
    return cover, float(cover[core].mean()) if core.any() else 0.0


def _pyramid(
    picture: np.ndarray, cover: np.ndarray, weight: np.ndarray, origin: np.ndarray, count: int
) -> tuple[Level, ...]:
    out = []
    for index in range(count):
        shrink = 0.5**index
        if index:
            picture, cover, weight = (_halve(array) for array in (picture, cover, weight))
        y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
        middle = (origin + 0.5) * shrink - 0.5
        out.append(Level(picture, cover, weight, x - np.float32(middle[0]), y - np.float32(middle[1]), shrink))
    return tuple(out)


def _halve(array: np.ndarray) -> np.ndarray:
    """Half the size; pixel (i, j) becomes the mean of its 2 x 2 block, blurred a little beforehand."""
    height, width = array.shape[:2]
    padded = cv2.copyMakeBorder(array, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    return cv2.resize(padded, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def move(image: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The picture as seen through a ``(2, 3)`` map from its own px to the result's source px."""
    return _warp(image, matrix, image.shape)


def picture_pyramid(image: np.ndarray, template: Template) -> tuple[np.ndarray, ...]:
    """Fine to coarse, matching the template's levels."""
    out = [image]
    for _ in range(len(template.levels) - 1):
        out.append(_halve(out[-1]))
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Fit:
    motion: np.ndarray  # x, y (crop px), turn (rad, clockwise in the picture = toes down)
    misfit: float


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


def _gradient(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scharr gradients per px."""
    return (
        cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 32),
        cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 32),
    )


def _residual(
    level: Level, centre: np.ndarray, frame: np.ndarray, floor: np.ndarray | None, motion: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Colour differences model minus frame ``(h, w, 3)``, and the warped part that moves with the motion."""
    matrix = _matrix(level, centre, motion)
    moving = _warp(frame, matrix, level.cover.shape)
    if floor is not None:
        moving = moving - (1.0 - level.cover[..., None]) * _warp(floor, matrix, level.cover.shape)
        return level.cover[..., None] * level.picture - moving, moving
    return level.picture - moving, moving


def _spread(squared: np.ndarray, weight: np.ndarray) -> float:
    """Robust size of the residual, in grey levels."""
    chosen = squared[weight > 0.3]
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
    floor_gain = 0.0 if floor is None else 1.0
    for _ in range(steps):
        residual, _ = _residual(level, centre, frame, floor, motion)
        matrix = _matrix(level, centre, motion)
        gx, gy = _gradient(_warp(frame, matrix, level.cover.shape))
        if floor is not None:
            fx, fy = _gradient(_warp(floor, matrix, level.cover.shape))
            bare = floor_gain * (1.0 - level.cover[..., None])
            gx, gy = gx - bare * fx, gy - bare * fy
        squared = np.square(residual).mean(axis=2)
        scale = _spread(squared, level.weight)
        weight = level.weight / np.square(1.0 + squared / (3.0 * scale) ** 2)
        turn = gy * level.x[..., None] - gx * level.y[..., None]
        jacobian = np.stack([gx, gy, turn], axis=-1).reshape(-1, 3)
        weighted = jacobian * np.repeat(weight.reshape(-1), 3)[:, None]
        normal = (weighted.T @ jacobian).astype(float)
        # The small ridge keeps a picture without any structure solvable.
        ridge = np.diag(RIDGE + 1e-5 * np.diag(normal))
        step = np.linalg.solve(normal + ridge, weighted.T @ residual.reshape(-1))
        # Compose: the frame's point is W(p + step).
        c, s = np.cos(motion[2]), np.sin(motion[2])
        shift = np.array([c * step[0] - s * step[1], s * step[0] + c * step[1]]) / level.shrink
        motion += np.clip([shift[0], shift[1], step[2]], [-8, -8, -0.25], [8, 8, 0.25])
        if np.hypot(*shift) < 0.01 and abs(step[2]) < 2e-4:
            break
    return motion


def cost(
    level: Level, centre: np.ndarray, frame: np.ndarray, floor: np.ndarray | None, motion: np.ndarray, scale: float
) -> float:
    """Misfit 0..1 at a fixed scale (grey levels), so that starts can be compared."""
    residual, _ = _residual(level, centre, frame, floor, motion)
    return _misfit(np.square(residual).mean(axis=2), level.weight, scale)


def fit_frame(
    template: Template,
    frame: tuple[np.ndarray, ...],
    floor: tuple[np.ndarray, ...] | None,
    starts: list[np.ndarray],
) -> tuple[np.ndarray, float]:
    """Best motion over several starts, coarse to fine."""
    centre = template.centre_px
    top = len(template.levels) - 1
    scale = max(2.0 * NOISE_LEVELS, COST_SCALE * template.contrast)

    def level_floor(index: int) -> np.ndarray | None:
        return None if floor is None else floor[index]

    coarse = []
    for start in starts:
        motion = fit_level(template.levels[top], centre, frame[top], level_floor(top), start, COARSE_STEPS)
        coarse.append((cost(template.levels[top], centre, frame[top], level_floor(top), motion, scale), motion))
    coarse.sort(key=lambda item: item[0])
    best: tuple[float, np.ndarray] | None = None
    for index, (_, motion) in enumerate(coarse):
        if index and (index > 2 or _alike(motion, coarse[0][1])):
            continue
        for position in range(top - 1, -1, -1):
            motion = fit_level(
                template.levels[position], centre, frame[position], level_floor(position), motion, FINE_STEPS
            )
        value = cost(template.levels[0], centre, frame[0], level_floor(0), motion, scale)
        if best is None or value < best[0]:
            best = (value, motion)
    assert best is not None
    return best[1], best[0]


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.hypot(*(one[:2] - other[:2])) < 1.5 and abs(one[2] - other[2]) < 0.03)
