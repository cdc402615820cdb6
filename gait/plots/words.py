"""The words on pictures, so that a picture can speak another language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class JointWords:
    """What is written at one joint's axis.

    Attributes
    ----------
    title
        The joint.
    low, high
        What small and large angles mean, for example ``"Extension"`` and ``"Flexion"``.
    """

    title: str
    low: str
    high: str


_JOINTS: Mapping[str, JointWords] = {
    "hip_flexion": JointWords("Hip (thigh against trunk)", "Extension", "Flexion"),
    "knee_flexion": JointWords("Knee", "Extension", "Flexion"),
    "ankle_dorsiflexion": JointWords("Ankle", "Plantarflexion", "Dorsiflexion"),
    "foot_pitch": JointWords("Foot against floor", "Toes down", "Toes up"),
    "thigh": JointWords("Thigh against vertical", "Backward", "Forward"),
    "shank": JointWords("Shank against vertical", "Backward", "Forward"),
}


@dataclass(frozen=True, slots=True)
class PlotWords:
    """All words that pictures use; the defaults are English."""

    left: str = "Left"
    right: str = "Right"
    cycle: str = "Gait cycle (%)"
    time: str = "Time (s)"
    norm: str = "Healthy adults, mean ± 1 SD"
    usual: str = "Usual range"
    toe_off: str = "toe-off"
    not_measured: str = "not measured in this film"
    straight: str = "straight walking"
    stance: str = "stance"
    initial_contact: str = "initial contact"
    unsure: str = "less certain event"
    difference: str = "Right minus left, in % of their mean"
    left_larger: str = "left larger"
    right_larger: str = "right larger"
    within: str = "within ±6 %"
    borderline: str = "±6 to ±10 %"
    all_joints: str = "All three"
    from_usual: str = "Away from usual, shape only"
    healthy_filmed: str = "Healthy people filmed with this program"
    joints: Mapping[str, JointWords] = field(default_factory=lambda: dict(_JOINTS))

    def side(self, side: str) -> str:
        """The name of a side."""
        return self.left if side == "left" else self.right


ENGLISH = PlotWords()
