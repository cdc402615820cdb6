"""How a pose network errs, as measured on rendered films (``data/network_noise.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from gait.core.skeleton import KEYPOINTS
from gait.simulate.disturb import slow_noise


@dataclass(frozen=True, slots=True)
class NetworkNoise:
    """Errors of a pose network for one distance from the camera (near or far side), per keypoint.

    Attributes
    ----------
    offset
        ``(2, keypoints)`` mean error ahead and upward, as a fraction of the leg's length (hip-knee plus knee-ankle).
    spread
        ``(2, keypoints)`` standard deviation of the rest, without what repeats with every stride.
    white
        ``(2, keypoints)`` share of that variance that is new in each frame; the rest is slow.
    slow_s
        ``(2, keypoints)`` s: the slow part's autocorrelation is ``exp(-(lag / slow_s)**2 / 2)``.
    cosine, sine
        ``(harmonics, 2, keypoints)`` what repeats with every stride, by harmonics of the stride.
    confidence
        ``(keypoints,)`` what the network says of itself.
    """

    offset: np.ndarray
    spread: np.ndarray
    white: np.ndarray
    slow_s: np.ndarray
    cosine: np.ndarray
    sine: np.ndarray
    confidence: np.ndarray

    def draw(self, random: np.random.Generator, time_s: np.ndarray) -> np.ndarray:
        """``(n, 2, keypoints)`` random errors ahead and upward, as a fraction of the leg's length."""
        shape = self.spread.shape
        white = random.standard_normal((len(time_s), *shape))
        slow = slow_noise(random, time_s, shape, self.slow_s)
        return self.spread * (np.sqrt(self.white) * white + np.sqrt(1 - self.white) * slow)

    def repeat(self, phase: np.ndarray) -> np.ndarray:
        """``(n, 2, keypoints)`` errors that repeat, as a fraction of the leg's length.

        Parameters
        ----------
        phase
            ``(n, keypoints)`` strides since an initial contact of the keypoint's own side; NaN gives no error.
        """
        turn = 2 * np.pi * np.multiply.outer(np.arange(1, len(self.cosine) + 1), np.nan_to_num(phase))
        wave = np.einsum("hak,hnk->nak", self.cosine, np.cos(turn)) + np.einsum("hak,hnk->nak", self.sine, np.sin(turn))
        return np.where(np.isfinite(phase)[:, None], wave, 0.0)


@cache
def network_noise(distance: str) -> NetworkNoise:
    """The measured errors of the ``near`` or the ``far`` side."""
    table = tomllib.loads(files("gait.simulate").joinpath("data/network_noise.toml").read_text("utf-8"))["landmark"]
    rows = [table[_landmark(name)][distance] for name in KEYPOINTS]
    columns = {
        field: np.array([row[field] for row in rows], float).T for field in ("offset", "spread", "white", "slow_s")
    }
    for field in ("cosine", "sine"):
        columns[field] = np.array([row[field] for row in rows], float).transpose(2, 1, 0)
    return NetworkNoise(**columns, confidence=np.array([row["confidence"] for row in rows], float))


def _landmark(keypoint: str) -> str:
    """Whose figures serve for a keypoint; the rendered head has a nose but no ears."""
    name = keypoint.split("_")[-1]
    return "nose" if name == "ear" else name
