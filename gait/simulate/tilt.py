"""What a pose network makes of tilted hips and shoulders (``data/network_tilt.toml``), and of unexpected feet."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import numpy as np

from gait.core.skeleton import KEYPOINTS

#: Feet that are steeper than this look usual to a network, rad (our estimate: push-off and early swing).
_STEEP = np.radians(40.0)


@cache
def _gains() -> dict[str, float]:
    return tomllib.loads(files("gait.simulate").joinpath("data/network_tilt.toml").read_text("utf-8"))


def as_drawn(room: np.ndarray, seed: int) -> np.ndarray:
    """Keypoints of a body seen from the front or from behind, with hips and shoulders tilted as the network draws them.

    Parameters
    ----------
    room
        ``(n, 3, keypoints)`` m: y up, z to the walker's right during the first pass.
    seed
        Of the constant tilt of this film.

    Returns
    -------
    numpy.ndarray
        As ``room``; the middle of hips and shoulders, and all other keypoints, stay. The arms do not follow.
    """
    gains, out = _gains(), room.copy()
    offset = np.random.default_rng([seed, 8]).normal(0.0, gains["film_sd_deg"], 2)
    pelvis, shoulders = _tilt(room, "hip"), _tilt(room, "shoulder")
    drawn = gains["hips_of_pelvis"] * pelvis + gains["hips_of_shoulders"] * shoulders
    _turn(out, "hip", drawn + np.radians(offset[0]))
    _turn(out, "shoulder", gains["shoulders"] * shoulders + np.radians(offset[1]))
    return out


def with_flatter_feet(room: np.ndarray, shown: float) -> np.ndarray:
    """Keypoints with feet turned towards level about their ankles, as a network draws feet that it does not expect.

    Parameters
    ----------
    room
        ``(n, 3, keypoints)`` m, y up.
    shown
        Share of a foot's pitch that is left; the steep pitches of push-off and early swing, which networks know, keep
        theirs.

    Returns
    -------
    numpy.ndarray
        As ``room``.
    """
    out = room.copy()
    for side in ("left", "right"):
        ankle, heel, toe = (KEYPOINTS.index(f"{side}_{name}") for name in ("ankle", "heel", "toe"))
        line = room[:, :, toe] - room[:, :, heel]
        along = np.hypot(line[:, 0], line[:, 2])
        ahead = line[:, [0, 2]] / along[:, None]
        pitch = np.arctan2(line[:, 1], along)
        turn = -(1 - shown) * pitch * np.exp(-((pitch / _STEEP) ** 4))
        for index in (heel, toe):
            arm = room[:, :, index] - room[:, :, ankle]
            forward = np.sum(arm[:, [0, 2]] * ahead, axis=1)
            moved = np.cos(turn) * forward - np.sin(turn) * arm[:, 1] - forward
            out[:, [0, 2], index] += moved[:, None] * ahead
            out[:, 1, index] = room[:, 1, ankle] + np.sin(turn) * forward + np.cos(turn) * arm[:, 1]
    return out


def _ends(room: np.ndarray, joint: str) -> tuple[np.ndarray, np.ndarray]:
    """Left and right end of a line, each ``(n, 3)`` m."""
    left, right = (room[:, :, KEYPOINTS.index(f"{side}_{joint}")] for side in ("left", "right"))
    return left, right


def _tilt(room: np.ndarray, joint: str) -> np.ndarray:
    """Right end above the left one, ``(n,)`` rad."""
    left, right = _ends(room, joint)
    line = right - left
    return np.arctan2(line[:, 1], np.hypot(line[:, 0], line[:, 2]))


def _turn(room: np.ndarray, joint: str, tilt: np.ndarray) -> None:
    """Give a line another tilt, about its middle; changes the array in place."""
    left, right = _ends(room, joint)
    middle, line = 0.5 * (left + right), right - left
    level = line * np.array([1.0, 0.0, 1.0])
    length, across = np.linalg.norm(line, axis=1), np.linalg.norm(level, axis=1)
    half = 0.5 * length[:, None] * (level / across[:, None] * np.cos(tilt)[:, None])
    half[:, 1] = 0.5 * length * np.sin(tilt)
    room[:, :, KEYPOINTS.index(f"left_{joint}")] = middle - half
    room[:, :, KEYPOINTS.index(f"right_{joint}")] = middle + half
