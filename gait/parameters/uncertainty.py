"""What one stride's value, the mean of several and the difference of two sides may be wrong by.

Four errors are kept apart, because they shrink differently::

    random      from stride to stride                      shrinks with the number of strides
    far         the leg seen behind the other one          is gone where the leg was also seen as the near one
    events      contacts and toe-offs early or late        cancels, wholly or partly, by the measure's formula
    shared      landmarks, scale, view                     stays, however many strides there are

They are added in square (Taylor & Kuyatt, NIST TN 1297, 1994). The sizes are in ``catalogue.toml``; how often the truth
lies inside is counted by ``gait.validation.coverage``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from gait.core.trajectories import Trajectories
from gait.parameters.catalogue import EventErrors, Measure

#: Standard normal quantile of a two-sided 95 % interval.
Z95 = 1.959964

#: How many strides' worth of belief the usual spread of the catalogue gets beside the spread that is seen: three
#: strides can agree by luck (our choice; a scaled inverse chi-square prior, Gelman et al., Bayesian Data Analysis).
PRIOR_STRIDES = 3.0

#: Standard error of the leg length that ``_ll`` measures are divided by, as a fraction: it is read off the body's chain
#: from shoulder to ankle, and people's proportions differ (our estimate, as for the scale from stature).
LEG_LENGTH_ERROR = 0.03

#: How well the angle between walk and picture plane is known, in deg (our estimate). Lengths along the walk go by its
#: cosine, so an error of the angle is an error of length that grows with the angle.
VIEW_ANGLE_ERROR_DEG = 3.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The mean over strides of one side, with the errors that it has for itself.

    Attributes
    ----------
    value
        Mean; near and far strides weighed by what is known of them.
    sd
        Standard deviation between strides; NaN below two.
    strides
        How many.
    random_half
        Half width of the 95 % interval of the random part.
    far_se
        Standard error from having seen the leg as the far one.
    far_share
        Weight of the far strides, 0..1.
    contact_se
        Standard error that the feet stage tells itself and that contacts share, in the unit; 0 where it tells none.
    """

    value: float
    sd: float
    strides: int
    random_half: float
    far_se: float
    far_share: float
    contact_se: float = 0.0


def estimate(values: np.ndarray, is_far: np.ndarray, row: Measure) -> Estimate:
    """Weigh near and far strides into one mean.

    A far stride carries an error that all far strides share, so far strides count less, and the less the more near
    ones there are (inverse variance of the two means).

    Parameters
    ----------
    values
        ``(n,)`` one value a stride, finite, the mean bias of far legs already taken off; n at least 1.
    is_far
        ``(n,)`` whether the leg was the far one.
    row
        Its catalogue row.
    """
    groups = [values[~is_far], values[is_far]]
    seen = [len(group) > 0 for group in groups]
    scatter = float(sum(np.sum((group - group.mean()) ** 2) for group in groups if len(group)))
    freedom = len(values) - sum(seen)
    spread = float(np.sqrt((PRIOR_STRIDES * row.spread**2 + scatter) / (PRIOR_STRIDES + freedom)))
    random = [spread**2 / max(len(group), 1) for group in groups]
    inverse = np.array([float(seen[0]) / random[0], float(seen[1]) / (random[1] + row.far_sd**2)])
    near_share, far_share = (inverse / inverse.sum()).tolist()
    mean = sum(
        share * float(group.mean()) for share, group in zip((near_share, far_share), groups, strict=True) if len(group)
    )
    se = float(np.sqrt(near_share**2 * random[0] + far_share**2 * random[1]))
    half = float(student.ppf(0.975, PRIOR_STRIDES + freedom)) * se
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    return Estimate(float(mean), sd, len(values), half, far_share * row.far_sd, far_share)


def half_width(random_half: float, *standard_errors: float) -> float:
    """Half width of the 95 % interval from the random half width and standard errors of the rest."""
    return float(np.sqrt(random_half**2 + sum((Z95 * error) ** 2 for error in standard_errors)))


def shared_se(row: Measure, value: float, systematic: float, trajectories: Trajectories) -> float:
    """Standard error of what all strides of a film share: landmarks, scale and view.

    Parameters
    ----------
    row
        Catalogue row.
    value
        The mean, in the unit.
    systematic
        Standard error from landmarks (or pixels), in the unit.
    trajectories
        For scale and view.
    """
    if not row.scaled:
        return systematic
    scale = trajectories.scale.relative_error
    if row.unit.startswith("leg lengths") or not np.isfinite(scale):
        scale = float(np.hypot(LEG_LENGTH_ERROR, _view_error(trajectories)))
    return float(np.hypot(systematic, value * scale))


def _view_error(trajectories: Trajectories) -> float:
    """Standard error of lengths in leg lengths from the view, as a fraction (the error of the metre has it already)."""
    if trajectories.view.kind != "sagittal" or trajectories.is_capture:
        return 0.0
    return float(np.tan(np.radians(abs(trajectories.view.angle_deg))) * np.radians(VIEW_ANGLE_ERROR_DEG))


def event_se(row: Measure, errors: EventErrors, stride_time_s: float) -> float:
    """Standard error of one side's value from events that are early or late.

    Parameters
    ----------
    row
        Catalogue row; ``events`` says how much of the errors of this foot's contact, the other foot's contact, this
        foot's toe-off and the other foot's toe-off the formula lets through.
    errors
        Sizes of the errors.
    stride_time_s
        Turns seconds into percent of the cycle.
    """
    return _events(np.array(row.events), errors) * _per_unit(row, stride_time_s)


def event_difference_se(row: Measure, errors: EventErrors, stride_time_s: float) -> float:
    """The same for right minus left: what both feet share cancels, what differs between the feet counts for both."""
    own = np.array(row.events)
    swapped = own[[1, 0, 3, 2]] if len(own) else own
    return _events(own - swapped, errors) * _per_unit(row, stride_time_s)


def _events(through: np.ndarray, errors: EventErrors) -> float:
    if not len(through):
        return 0.0
    contacts, toe_offs = through[:2], through[2:]
    return float(
        np.sqrt(
            (errors.contact_film_s * contacts.sum()) ** 2
            + errors.contact_side_s**2 * np.sum(contacts**2)
            + (errors.toe_off_film_s * toe_offs.sum()) ** 2
            + errors.toe_off_side_s**2 * np.sum(toe_offs**2)
        )
    )


def _per_unit(row: Measure, stride_time_s: float) -> float:
    return 100.0 / stride_time_s if row.unit == "%" else 1.0
