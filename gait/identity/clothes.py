"""What somebody wears: the colours of top, thighs and shanks, compared so that the light does not matter much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from gait.core.frozen import read_only_array
from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS

#: The garments looked at. Shoes are too few pixels, and most are white, grey or skin.
REGIONS: tuple[str, ...] = ("trunk", "thigh", "shank")

#: Where along a segment colours are taken (from its upper end), and how far to either side, in segment lengths: inside
#: the garment, away from hands, hems and background (our choice).
_PLACES: Mapping[str, tuple[float, float, float]] = {
    "trunk": (0.20, 0.75, 0.10),
    "thigh": (0.35, 0.85, 0.06),
    "shank": (0.20, 0.80, 0.05),
}
_ALONG, _ACROSS = 7, 3

#: A keypoint seen less surely than this says nothing about where a garment is (our choice).
MIN_CONFIDENCE = 0.5

#: A frame and a keypoint farther apart than this do not belong together, in s.
_REACH_S = 0.02

#: Fewer frames, or fewer pixels of a garment, are too few to tell its colours by (our choice).
MIN_FRAMES, MIN_PIXELS = 3, 60

#: Only so many pixels of each garment are kept.
MAX_PIXELS = 600

#: Brightness of one clip is tried at these multiples of what it is: another lamp or exposure makes no other shirt.
_GAINS: tuple[float, ...] = (0.5, 0.6, 0.75, 0.87, 1.0, 1.15, 1.33, 1.67, 2.0)

#: Cells of colour: CIE L* counts half, since light changes it most; a* and b* whole; 10 units wide, smeared by 7.
_CELL, _SMEAR = 10.0, 0.7
_LIGHTNESS_WEIGHT = 0.5
_EDGES = (np.arange(-5.0, 56.0, _CELL), np.arange(-90.0, 101.0, _CELL), np.arange(-110.0, 111.0, _CELL))

#: Linear sRGB to CIE XYZ, and the white of D65 (IEC 61966-2-1).
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


@dataclass(frozen=True, slots=True)
class Clothes:
    """Colours of the garments in one clip.

    Attributes
    ----------
    pixels
        For each of :data:`REGIONS` an ``(n, 3)`` array of linear RGB, 0..1.
    """

    pixels: tuple[np.ndarray, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "pixels", tuple(read_only_array(values) for values in self.pixels))


def see_clothes(frames: Iterable[Frame], pose: Pose) -> Clothes | None:
    """Colours along trunk, thighs and shanks in some frames.

    Parameters
    ----------
    frames
        Some frames of the clip; a handful, spread over it, is enough.
    pose
        Keypoints of the walker.

    Returns
    -------
    Clothes | None
        None where too few frames show the whole person.
    """
    found: dict[str, list[np.ndarray]] = {region: [] for region in REGIONS}
    count = 0
    for frame in frames:
        points = _keypoints(pose, frame.time_s)
        if points is None:
            continue
        count += 1
        for region in REGIONS:
            found[region].append(_colours(frame.image, _places(region, points)))
    pixels = [np.concatenate(found[region]) if found[region] else np.zeros((0, 3)) for region in REGIONS]
    if count < MIN_FRAMES or min(len(values) for values in pixels) < MIN_PIXELS:
        return None
    return Clothes(tuple(_some(values) for values in pixels))


def likeness(one: Clothes, other: Clothes) -> float:
    """How alike the colours of two clips are, 0 to 1, at the brightness that makes them most alike.

    The mean over the garments of the Bhattacharyya coefficient of their colour histograms (Bhattacharyya 1943;
    cited from memory, not re-read).
    """
    fixed, moved = _histograms(one, 1.0), _histograms(other, 1.0)
    tried = [_overlap(_histograms(one, gain), moved) for gain in _GAINS]
    tried += [_overlap(fixed, _histograms(other, gain)) for gain in _GAINS]
    return max(tried)


def _keypoints(pose: Pose, time_s: float) -> dict[str, np.ndarray] | None:
    """Keypoint name to ``(2,)`` px at one time; None where the body is not wholly seen."""
    index = int(np.argmin(np.abs(pose.time_s - time_s)))
    if abs(pose.time_s[index] - time_s) > _REACH_S:
        return None
    position = pose.data["position"].transpose("time", "keypoint", "space").values[index]
    confidence = pose.data["confidence"].values[index]
    needed = [i for i, name in enumerate(KEYPOINTS) if name.endswith(("shoulder", "hip", "knee", "ankle"))]
    if not np.isfinite(position[needed]).all() or (confidence[needed] < MIN_CONFIDENCE).any():
        return None
    return dict(zip(KEYPOINTS, position, strict=True))


def _places(region: str, points: Mapping[str, np.ndarray]) -> np.ndarray:
    """``(n, 2)`` px inside a garment."""
    if region == "trunk":
        ends = [tuple(0.5 * (points[f"left_{name}"] + points[f"right_{name}"]) for name in ("shoulder", "hip"))]
    else:
        upper, lower = ("hip", "knee") if region == "thigh" else ("knee", "ankle")
        ends = [(points[f"{side}_{upper}"], points[f"{side}_{lower}"]) for side in SIDES]
    return np.concatenate([_grid(start, end, *_PLACES[region]) for start, end in ends])


def _grid(start: np.ndarray, end: np.ndarray, first: float, last: float, half: float) -> np.ndarray:
    """``(n, 2)`` points along a segment and to both of its sides."""
    along, across = end - start, np.array([start[1] - end[1], end[0] - start[0]])
    down = np.linspace(first, last, _ALONG)[:, None, None]
    aside = np.linspace(-half, half, _ACROSS)[None, :, None]
    return (start + down * along + aside * across).reshape(-1, 2)


def _colours(image: np.ndarray, places: np.ndarray) -> np.ndarray:
    """``(n, 3)`` linear RGB 0..1 of the places that lie in the picture."""
    at = np.round(places).astype(int)
    height, width = image.shape[:2]
    inside = (at >= 0).all(axis=1) & (at[:, 0] < width) & (at[:, 1] < height)
    code = image[at[inside, 1], at[inside, 0]].astype(float) / 255.0
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4)


def _some(values: np.ndarray) -> np.ndarray:
    """Evenly chosen, so that the same film always gives the same colours."""
    return values[np.linspace(0, len(values) - 1, min(len(values), MAX_PIXELS)).astype(int)]


def _histograms(clothes: Clothes, gain: float) -> list[np.ndarray]:
    return [_histogram(_lab(values * gain)) for values in clothes.pixels]


def _histogram(lab: np.ndarray) -> np.ndarray:
    """Shares of the colour cells; those outside of all cells are moved to the nearest."""
    scaled = lab * (_LIGHTNESS_WEIGHT, 1.0, 1.0)
    for column, edges in enumerate(_EDGES):
        scaled[:, column] = np.clip(scaled[:, column], edges[0], edges[-1] - 1e-6)
    counts, _ = np.histogramdd(scaled, _EDGES)
    smeared = gaussian_filter(counts, _SMEAR)
    return (smeared / smeared.sum()).ravel()


def _lab(linear: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (CIE 15:2004) of ``(n, 3)`` linear RGB; brighter than white is white."""
    relative = np.clip(linear, 0.0, 1.0) @ _TO_XYZ.T / _WHITE
    root = np.where(relative > 0.008856, np.cbrt(relative), 7.787 * relative + 16.0 / 116.0)
    x, y, z = root.T
    return np.stack([116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)], axis=1)


def _overlap(one: list[np.ndarray], other: list[np.ndarray]) -> float:
    return float(np.mean([np.sqrt(a * b).sum() for a, b in zip(one, other, strict=True)]))
