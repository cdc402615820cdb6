"""What a homography does to a picture: where it sends points, how it turns and sizes them."""

from __future__ import annotations

import numpy as np

#: ``(3, 3)``, in px of one picture.
Transform = np.ndarray


def is_plausible(matrix: Transform, shape: tuple[int, ...]) -> bool:
    """Whether no part of the picture is turned over or changed in size by more than a half (our estimate)."""
    height, width = shape[:2]
    for corner in ((0, 0), (width, 0), (0, height), (width, height)):
        if not 0.5 < np.linalg.det(slope_at(matrix, np.array(corner, float))) < 2.0:
            return False
    return True


def slope_at(matrix: Transform, at: np.ndarray) -> np.ndarray:
    """``(2, 2)`` derivative of a homography at a point."""
    x, y, w = matrix @ np.append(at, 1.0)
    return (matrix[:2, :2] - np.outer([x / w, y / w], matrix[2, :2])) / w


def send(matrix: Transform, at: np.ndarray) -> np.ndarray:
    """``(2,)`` where a homography sends a point."""
    x, y, w = matrix @ np.append(at, 1.0)
    return np.array([x / w, y / w])


def similarity(matrix: Transform, sized_at: np.ndarray, exact_at: np.ndarray) -> Transform:
    """The similarity with a homography's size and turn at one point and its shift at another."""
    slope = slope_at(matrix, sized_at)
    a, b = (slope[0, 0] + slope[1, 1]) / 2, (slope[1, 0] - slope[0, 1]) / 2
    linear = np.array([[a, -b], [b, a]])
    out = np.eye(3)
    out[:2, :2], out[:2, 2] = linear, send(matrix, exact_at) - linear @ exact_at
    return out


def middle_of_overlap(matrix: Transform, size: tuple[int, int]) -> np.ndarray:
    """``(2,)`` middle of what a frame shares with its keyframe, in px of the frame."""
    centre = np.array(size) / 2
    return (centre + send(np.linalg.inv(matrix), centre)) / 2


def inner_tracks(transforms: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """``(n, 4, 2)`` where similarities send the corners of the middle half of the picture, where people walk."""
    x0, y0, x1, y1 = size[0] / 4, size[1] / 4, 3 * size[0] / 4, 3 * size[1] / 4
    points = np.array([[x0, y0, 1], [x1, y0, 1], [x0, y1, 1], [x1, y1, 1]])
    return (points @ np.swapaxes(transforms, -1, -2))[..., :2]


def shift_px(matrix: Transform, size: tuple[int, int]) -> float:
    """How far the middle of the picture moved."""
    centre = np.array(size) / 2
    return float(np.linalg.norm(send(matrix, centre) - centre))


def enlarge(transforms: np.ndarray, scale: float) -> np.ndarray:
    """``(n, 2, 3)`` in px of the film. Pixel centres of a shrunk picture lie at ``(x + 0.5) * scale - 0.5``."""
    linear = transforms[:, :2, :2]
    offset = 0.5 * (1.0 / scale - 1.0)
    centre = np.full(2, offset)
    shift = transforms[:, :2, 2] / scale + centre - linear @ centre
    return np.concatenate([linear, shift[:, :, None]], axis=2)
