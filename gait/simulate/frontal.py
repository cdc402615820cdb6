"""Pelvis and feet as seen from the front: who bears the weight, how the pelvis tilts, how feet swing outwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gait.core.sides import SIDES
from gait.simulate.foot import FootPlan, swing_share
from gait.simulate.timing import Timing

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: The pelvis moves towards the standing leg by this fraction of body height (our estimate: 2 cm).
_SWAY = 0.012
#: How long after a contact its leg bears half of the weight, as a fraction of the stride (our estimate).
_TAKING_OVER = 0.06


@dataclass(frozen=True, slots=True)
class FrontalPlan:
    """Motion across the walk.

    Attributes
    ----------
    right_lag
        Fraction of the stride from a left contact to the next right one.
    tilt
        Right side of the pelvis above the left one all the time, rad.
    drop, hike
        By side, rad: sinking of the pelvis opposite of the standing side; its rise on the swinging side.
    shift_m
        By side: way of the pelvis towards the standing leg.
    """

    right_lag: float
    tilt: float
    drop: dict[str, float]
    hike: dict[str, float]
    shift_m: dict[str, float]

    @classmethod
    def of(cls, walker: Walker) -> FrontalPlan:
        """Plan of one walker."""
        is_front = float(walker.view == "frontal")
        return cls(
            right_lag=Timing.step_fraction(walker, "right"),
            tilt=float(np.radians(walker.pelvic_tilt_deg)),
            # From the side the drop is not seen, and the hips rise and sink as the knees' aims ask for instead.
            drop={side: is_front * float(np.radians(walker.pelvic_drop_deg.of(side))) for side in SIDES},
            hike={side: float(np.radians(walker.hip_hike_deg.of(side))) for side in SIDES},
            shift_m={side: _SWAY * walker.height_m * walker.weight_shift.of(side) for side in SIDES},
        )

    def even_phase(self, phase: np.ndarray) -> np.ndarray:
        """Phases at which the contacts of a walk with unequal step times lie half a stride apart, 0 to 1."""
        own, lag = np.mod(phase, 1.0), self.right_lag
        return np.where(own < lag, 0.5 * own / lag, 0.5 + 0.5 * (own - lag) / (1 - lag))

    def right_loading(self, phase: np.ndarray) -> np.ndarray:
        """How far the weight is on the right leg, -1 to 1, largest in the middle of single support."""
        # The left leg bears the middle of the first half.
        return -np.sin(2 * np.pi * (self.even_phase(phase) - _TAKING_OVER))

    def pelvis_right_m(self, phase: np.ndarray) -> np.ndarray:
        """Sideways place of the pelvis, ``(n,)`` m, to the walker's right."""
        weight = self.right_loading(phase)
        return np.maximum(weight, 0) * self.shift_m["right"] + np.minimum(weight, 0) * self.shift_m["left"]

    def right_up_rad(self, phase: np.ndarray, feet: dict[str, tuple[float, FootPlan]]) -> np.ndarray:
        """Right side of the pelvis above the left one, ``(n,)`` rad.

        Parameters
        ----------
        phase
            ``(n,)`` phases of the left stride.
        feet
            By side: phase of its contact after the left one's, and its plan.
        """
        weight = self.right_loading(phase)
        # Squares join smoothly where a deep drop follows a shallow one.
        up = (
            self.tilt + np.maximum(weight, 0) ** 2 * self.drop["right"] - np.minimum(weight, 0) ** 2 * self.drop["left"]
        )
        for side, (lag, foot) in feet.items():
            share = swing_share(foot, np.mod(phase - lag, 1.0))
            outward = 1.0 if side == "right" else -1.0
            up = up + outward * self.hike[side] * 16 * share**2 * (1 - share) ** 2
        return up


def swing_out_m(foot: FootPlan, own: np.ndarray, most_m: float) -> np.ndarray:
    """How far a circumducting foot lies outwards of its straight way, ``(n,)`` m, at phases of its own stride."""
    share = swing_share(foot, own)
    return most_m * 16 * share**2 * (1 - share) ** 2
