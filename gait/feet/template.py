"""The flat foot's picture: which pixels are foot, which are floor, and what the bare floor looks like behind it.

Where the camera stands still (or was steadied), the median of frames in which nobody stands there is the bare floor,
and what differs from it is foot. Where there is no such frame, a polygon around the landmarks has to do.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

#: Grey levels that camera noise and compression alone make (our estimate, from the rendered and the phone films).
NOISE_LEVELS = 5.0
#: The pyramid gets no coarser than a foot of this many px, heel to toe.
COARSEST_FOOT_PX = 11.0
#: What differs from the bare floor by more than this fraction of the foot's usual difference is foot (measured: 0.15 to
#: 0.3 do alike on rendered films; phone films with changing exposure need 0.2).
COVER_FRACTION = 0.2
#: Holes of up to twice this radius, in heel-toe distances, are foot.
CLOSE_FRACTION = 0.08
EXPOSURE_STEPS = 8
#: Weight of the toes (measured: bare feet of healthy walkers differ by 1.8 deg between the sides instead of 2.1).
TOE_WEIGHT = 0.5
#: Weight of the foot's upper part (collar, trousers), and between which heights above the heel's landmark it falls to
#: that, in heel-toe distances (measured: far feet 0.76 instead of 0.93 deg, near ones 0.67 instead of 0.63).
UPPER_WEIGHT = 0.4
UPPER = (0.10, 0.22)


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
    counted
        ``(h, w)`` whether a pixel counts much.
    edge_x, edge_y
        ``(h, w, 1)`` slope of ``cover`` per px.
    """

    picture: np.ndarray
    cover: np.ndarray
    weight: np.ndarray
    x: np.ndarray
    y: np.ndarray
    shrink: float
    counted: np.ndarray
    edge_x: np.ndarray
    edge_y: np.ndarray


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

    The landmarks lie inside the shoe: 2-3 cm from its ends (design notes), and about a tenth of their distance above
    the sole. The ankle closes it above: what is higher belongs to the shank and turns differently.
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

    Per colour: a gain, an offset and a slope across the crop, found by reweighted least squares that forget what does
    not fit (Geman-McClure), so that feet and legs do not matter.

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
        weight = cv2.GaussianBlur((inside * reach).astype(np.float32), (0, 0), 1.0)
    weight = weight * _part_weight(foot_px, (height, width))
    difference = mean - background if background is not None else mean - cv2.mean(mean, inside)[:3]
    strength = np.sqrt((np.square(difference).mean(axis=2) * cover * inside).sum() / max((cover * inside).sum(), 1.0))
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 2, 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 3, [width, height])
    box = (slice(low[1], high[1]), slice(low[0], high[0]))
    count = 1 + int(np.clip(np.log2(length / COARSEST_FOOT_PX), 0, 3))
    levels = _pyramid(mean[box], cover[box], weight[box], centre - low, count)
    return Template(levels, centre, background is not None, float(strength), covered)


def _part_weight(foot_px: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """``(h, w)`` less weight where the foot is not stiff: bare toes are lifted before contact, hems hang over."""
    heel, toe, _ = foot_px
    along = (toe - heel) / np.hypot(*(toe - heel)) ** 2
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    forward = (x - heel[0]) * along[0] + (y - heel[1]) * along[1]
    toes = 1.0 - (1.0 - TOE_WEIGHT) * np.clip((forward - 0.8) / 0.3, 0.0, 1.0)
    upwards = -((y - heel[1]) * along[0] - (x - heel[0]) * along[1])
    return (
        toes * (1.0 - (1.0 - UPPER_WEIGHT) * np.clip((upwards - UPPER[0]) / (UPPER[1] - UPPER[0]), 0.0, 1.0))
    ).astype(np.float32)


def _disc(radius: float) -> np.ndarray:
    size = 2 * max(1, round(radius)) + 1
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))


def _cover(
    mean: np.ndarray, background: np.ndarray | None, inside: np.ndarray, length: float
) -> tuple[np.ndarray, float]:
    """How much of each pixel is foot, 0..1, and the visible fraction of the outline's inner part."""
    if background is None:
        return np.ones(inside.shape, np.float32), 1.0
    difference = np.abs(mean - background).max(axis=2)
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
            picture, cover, weight = (halve(array) for array in (picture, cover, weight))
        y, x = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
        middle = (origin + 0.5) * shrink - 0.5
        edge_x, edge_y = (edge[..., None] for edge in slopes(cover))
        x, y = x - np.float32(middle[0]), y - np.float32(middle[1])
        out.append(Level(picture, cover, weight, x, y, shrink, weight > 0.3, edge_x, edge_y))
    return tuple(out)


def slopes(image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Derivatives along x and y, per px (Scharr)."""
    return (
        cv2.Scharr(image, cv2.CV_32F, 1, 0, scale=1 / 32),
        cv2.Scharr(image, cv2.CV_32F, 0, 1, scale=1 / 32),
    )


def halve(array: np.ndarray) -> np.ndarray:
    """Half the size; pixel (i, j) becomes the mean of its 2 x 2 block, blurred a little beforehand."""
    height, width = array.shape[:2]
    padded = cv2.copyMakeBorder(array, 0, height % 2, 0, width % 2, cv2.BORDER_REPLICATE)
    return cv2.resize(padded, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
