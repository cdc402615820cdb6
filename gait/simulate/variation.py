"""How one step differs from the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from gait.simulate.timing import Timing

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: A place that is too far ahead is made good by this share with each step, so that nobody runs away from the mean walk
#: (our estimate; treadmill walkers correct their place over some strides).
_MADE_GOOD = 0.1
#: Strides drawn before and after the film.
_SPARE = 4
#: When the hips lie above a standing foot, as a fraction of its stance (as in the mean walk).
_UNDER_HIP = 0.38


@dataclass(frozen=True, slots=True)
class StepVariation:
    """Where each foot stands against its place in the mean walk.

    Attributes
    ----------
    places_m
        By side: ``(strides,)`` m ahead of the mean walk, of strides ``first``, ``first + 1``, ...
    first
        Number of the first stride.
    hips
        Hips ahead of the mean walk, m, against phase.
    """

    places_m: dict[str, np.ndarray]
    first: int
    hips: PchipInterpolator

    @classmethod
    def of(cls, walker: Walker) -> StepVariation | None:
        """Steps of one walker, drawn by its seed; None where all are alike."""
        if walker.step_length_cv_pct == 0:
            return None
        strides = int(np.ceil(1.2 * walker.duration_s / walker.stride_time_s)) + 2 * _SPARE
        random = np.random.default_rng([walker.seed, 6])
        step_m = walker.step_length_ll.mean * walker.leg_length_m
        # Beyond 2.5 sd a step would differ from its neighbours more than walking people's do.
        draw = np.clip(random.standard_normal(2 * strides), -2.5, 2.5)
        errors = step_m * walker.step_length_cv_pct / 100 * draw
        places = np.zeros(2 * strides)
        for index in range(1, len(places)):
            places[index] = (1 - _MADE_GOOD) * places[index - 1] + errors[index]
        lag = Timing.step_fraction(walker, "right")
        contacts = np.arange(strides) - _SPARE
        stance = walker.stance_pct.mean / 100
        knots = np.sort(np.concatenate([contacts, contacts + lag])) + _UNDER_HIP * stance
        by_side = {"left": places[0::2], "right": places[1::2]}
        return cls(by_side, -_SPARE, PchipInterpolator(knots, places))

    def foot_m(self, side: str, strides: np.ndarray, share: np.ndarray) -> np.ndarray:
        """A foot ahead of the mean walk, ``(n,)`` m.

        Parameters
        ----------
        side
            Left or right.
        strides
            ``(n,)`` number of the stride of this foot.
        share
            ``(n,)`` fraction of its swing that has passed.
        """
        places = self.places_m[side]
        index = np.clip(strides.astype(int) - self.first, 0, len(places) - 2)
        forward = share**3 * (10 - share * (15 - 6 * share))
        return places[index] + forward * (places[index + 1] - places[index])

    def hips_m(self, phase: np.ndarray) -> np.ndarray:
        """Hips ahead of the mean walk, ``(n,)`` m."""
        return self.hips(np.clip(phase, self.hips.x[0], self.hips.x[-1]))
