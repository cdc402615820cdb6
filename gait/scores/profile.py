"""How far the joint curves of a walk are from those of healthy adults: in the manner of the Gait Profile Score.

References
----------
Baker, McGinley, Schwartz, Beynon, Rozumalski, Graham & Tirosh (2009), The Gait Profile Score and Movement Analysis
Profile, Gait & Posture 30, 265-269: the Gait Variable Score is the root mean square difference between a person's
curve and the mean of the norm over the gait cycle, the Gait Profile Score the root mean square of the variable scores.

Two things differ here, so that the number is in the manner of that score and not that score. Of its nine variables a
film from the side shows three. And a film has other zeros than a laboratory (the hip is measured against the trunk, the
ankle against the foot's own flat stance, the network's landmarks lie off by a constant), so the constant part of each
difference is taken off and told apart: the score is of the shape of the movement. With it, the score of Baker et al.
of that variable is ``sqrt(shape ** 2 + shift ** 2)``.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.core.clip import Clip
from gait.core.scores import ProfileScore, VariableScore
from gait.core.sides import SIDES, Side
from gait.scores.curves import leg_curves, sagittal_walks
from gait.scores.norm import SCORED_JOINTS, norm_means, usual

#: A mean curve needs this share of its points (our choice).
MIN_SEEN = 0.9


def variable_scores(clips: Sequence[Clip]) -> tuple[VariableScore, ...]:
    """One score a joint and side; none where the curve was not seen.

    Parameters
    ----------
    clips
        Clips of one person.
    """
    walks = sagittal_walks(clips)
    found = [_variable(walks, side, joint) for side in SIDES for joint in SCORED_JOINTS]
    return tuple(score for score in found if score is not None)


def profile_scores(variables: Sequence[VariableScore]) -> tuple[ProfileScore, ...]:
    """One score for each side that has all joints, and one for both together where both have."""
    sides = [score for side in SIDES if (score := _of_side(variables, side)) is not None]
    if len(sides) < len(SIDES):
        return tuple(sides)
    both = _root_mean_square([score.shape_deg for score in variables])
    return (*sides, ProfileScore("both", both, len(SCORED_JOINTS), usual("profile", "both")))


def difference(mean: np.ndarray, norm: np.ndarray) -> tuple[float, float]:
    """Shape and shift of a curve against the norm.

    Parameters
    ----------
    mean, norm
        ``(101,)`` deg; NaN in ``mean`` is left out.

    Returns
    -------
    tuple of float
        Root mean square difference without its constant part, and that part, in deg.
    """
    apart = (mean - norm)[np.isfinite(mean)]
    shift = float(np.mean(apart))
    return float(np.sqrt(np.mean((apart - shift) ** 2))), shift


def _variable(walks: Sequence[Clip], side: Side, joint: str) -> VariableScore | None:
    leg = leg_curves(walks, side, joint)
    if not len(leg.curves):
        return None
    mean = leg.mean()
    if np.isfinite(mean).mean() < MIN_SEEN:
        return None
    shape, shift = difference(mean, norm_means()[joint])
    seen_as = "near" if leg.is_near else "far"
    return VariableScore(
        joint,
        side,
        shape,
        shift,
        len(leg.curves),
        leg.is_near,
        usual(f"shape_{joint}", seen_as),
        usual(f"shift_{joint}", seen_as),
    )


def _of_side(variables: Sequence[VariableScore], side: Side) -> ProfileScore | None:
    own = [score for score in variables if score.side == side]
    if len(own) < len(SCORED_JOINTS):
        return None
    seen_as = "near" if all(score.is_near for score in own) else "far"
    value = _root_mean_square([score.shape_deg for score in own])
    return ProfileScore(side, value, len(own), usual("profile", seen_as))


def _root_mean_square(values: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
