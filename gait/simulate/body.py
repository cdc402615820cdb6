"""Lengths of the body."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Body:
    """Segment lengths as fractions of body height.

    The fractions are those of Drillis & Contini (1966), as drawn in Winter, Biomechanics and Motor Control of Human
    Movement. Where the ankle lies above the sole lengthwise, the head's points and the narrower hip joints are our
    estimates.

    Attributes
    ----------
    height_m
        Body height, in m.
    shank_loss_m
        How much shorter the shank is than usual, in m.
    """

    height_m: float
    shank_loss_m: float = 0.0

    @property
    def thigh_m(self) -> float:
        """Hip to knee."""
        return 0.245 * self.height_m

    @property
    def shank_m(self) -> float:
        """Knee to ankle."""
        return 0.246 * self.height_m - self.shank_loss_m

    @property
    def ankle_height_m(self) -> float:
        """Ankle above the sole."""
        return 0.039 * self.height_m

    @property
    def leg_m(self) -> float:
        """Hip to sole."""
        return self.thigh_m + self.shank_m + self.ankle_height_m

    @property
    def foot_m(self) -> float:
        """Heel to tip of the toes."""
        return 0.152 * self.height_m

    @property
    def ankle_forward_m(self) -> float:
        """Ankle ahead of the heel (our estimate)."""
        return 0.22 * self.foot_m

    @property
    def trunk_m(self) -> float:
        """Hips to shoulders."""
        return (0.818 - 0.530) * self.height_m

    @property
    def head_m(self) -> float:
        """Shoulders to ears (our estimate)."""
        return 0.12 * self.height_m

    @property
    def upper_arm_m(self) -> float:
        """Shoulder to elbow."""
        return 0.186 * self.height_m

    @property
    def forearm_m(self) -> float:
        """Elbow to wrist."""
        return 0.146 * self.height_m

    @property
    def half_shoulders_m(self) -> float:
        """Midline to shoulder."""
        return 0.129 * self.height_m

    @property
    def half_hips_m(self) -> float:
        """Midline to hip joint (our estimate; the trochanters lie at 0.0955)."""
        return 0.055 * self.height_m
