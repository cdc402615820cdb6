"""Body proportions from landmarks: a weak sign of who somebody is, with its measured strength."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.skeleton import LANDMARKS
from gait.core.trajectories import Trajectories
from gait.identity.evidence import Spread

#: Names of the ratios, in order. Arms and feet were tried and left out: the network sees them no steadier in one person
#: than between people (ratio of the two spreads 0.8 to 1.4 on the films of ``identity.toml``).
RATIOS: tuple[str, ...] = ("thigh_to_shank", "trunk_to_leg")

#: Fewer samples of straight walking give no proportions (our choice: half a second at 60 Hz).
MIN_SAMPLES = 30


@dataclass(frozen=True, slots=True)
class Build:
    """Proportions of a body.

    Attributes
    ----------
    log_ratios
        Natural logarithms of :data:`RATIOS`: thigh to shank, and trunk (shoulder to hip) to thigh plus shank. They need
        no scale, and a change of the camera's distance cancels.
    """

    log_ratios: tuple[float, ...]


def measure_build(trajectories: Trajectories) -> Build | None:
    """Proportions as medians over straight walking and both sides.

    Parameters
    ----------
    trajectories
        Landmarks of one clip.

    Returns
    -------
    Build | None
        None where the walk is not seen from the side (from the front every segment is foreshortened as it swings), or
        too little of it is.
    """
    use = np.zeros(len(trajectories.time_s), bool)
    for stretch in trajectories.passes:
        use |= trajectories.inside(stretch)
    if trajectories.view.kind != "sagittal" or use.sum() < MIN_SAMPLES:
        return None
    position = trajectories.data["position"].transpose("time", "side", "landmark", "space").values[use]
    thigh, shank = _length(position, "hip", "knee"), _length(position, "knee", "ankle")
    trunk = _length(position, "shoulder", "hip")
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = np.log([thigh / shank, trunk / (thigh + shank)])
    return Build(tuple(ratios.tolist())) if np.isfinite(ratios).all() else None


def likelihood_ratio(one: Build, other: Build, spreads: tuple[Spread, ...]) -> float:
    """How much more likely the two builds are for one person than for two, as a natural logarithm.

    The difference of two films of one person has twice the variance within people; of two people, twice the variance
    within and between. Both are taken as normal and the ratios as independent (two-covariance model: Brümmer & de
    Villiers 2010, Odyssey, "The speaker partitioning problem"; cited from memory, not re-read).

    Parameters
    ----------
    one, other
        Builds of two clips, in any order.
    spreads
        Spread of each ratio, in the order of :data:`RATIOS`.
    """
    total = 0.0
    for a, b, spread in zip(one.log_ratios, other.log_ratios, spreads, strict=True):
        same = 2 * spread.within**2
        differs = same + 2 * spread.between**2
        gap = (a - b) ** 2
        total += 0.5 * (gap / differs - gap / same + np.log(differs / same))
    return float(total)


def _length(position: np.ndarray, upper: str, lower: str) -> float:
    """Median length of a segment over time and sides, px; NaN where it is never seen."""
    difference = position[:, :, LANDMARKS.index(upper)] - position[:, :, LANDMARKS.index(lower)]
    length = np.linalg.norm(difference, axis=-1)
    seen = length[np.isfinite(length)]
    return float(np.median(seen)) if len(seen) else float("nan")
