"""Foot measures of each contact: from the pixels, else from landmarks where those can give them at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gait.core.feet import FootContact, FootMotion
from gait.core.parameters import ParameterSide
from gait.parameters.catalogue import Measure
from gait.parameters.stride import Stride

#: Late swing is the last this long before contact, in s (as in :class:`gait.core.feet.FootContact`).
LATE_SWING_S = 0.1


@dataclass(frozen=True, slots=True)
class Row:
    """One value of one stride or contact.

    Attributes
    ----------
    parameter, side, stride, start_s, value
        As in the table of :class:`gait.core.parameters.GaitParameters`.
    jitter
        Standard error of this single value against its stride's truth, in the unit.
    is_far
        Whether the leg was seen behind the other one.
    shared_se
        Standard error that the feet stage tells with the value and that the contacts of a foot share, in the unit.
    """

    parameter: str
    side: ParameterSide
    stride: int
    start_s: float
    value: float
    jitter: float
    is_far: bool
    shared_se: float = 0.0


_READ: dict[str, Callable[[FootContact], float]] = {
    "foot_floor_angle_at_contact_deg": lambda contact: contact.contact_pitch_deg,
    "late_swing_foot_angle_deg": lambda contact: contact.late_swing_pitch_deg,
    "contact_to_foot_flat_s": lambda contact: contact.lowering_s,
    "foot_slap_velocity_degps": lambda contact: contact.lowering_speed_degps,
}

#: Errors that the feet stage tells with each value. Most of it the contacts of a foot share, so all is taken as shared.
_READ_ERROR: dict[str, Callable[[FootContact], float]] = {
    "contact_to_foot_flat_s": lambda contact: contact.lowering_error_s,
    "foot_slap_velocity_degps": lambda contact: contact.lowering_speed_error_degps,
}


def pixel_rows(measure: Measure, feet: FootMotion) -> list[Row]:
    """One value for each good contact, from the pixels."""
    rows: list[Row] = []
    jitter = feet.noise_deg if measure.unit == "deg" else measure.jitter
    for number, contact in enumerate(feet.contacts):
        value = _READ[measure.id](contact) - measure.read_too_high(not contact.is_near)
        told = _READ_ERROR[measure.id](contact) if measure.id in _READ_ERROR else 0.0
        if np.isfinite(value):
            shared = told if np.isfinite(told) else 0.0
            rows.append(
                Row(measure.id, contact.side, number, contact.contact_s, value, jitter, not contact.is_near, shared)
            )
    return rows


def landmark_rows(measure: Measure, all_strides: list[Stride]) -> list[Row]:
    """The same from landmarks; nothing for measures that landmarks damp."""
    if measure.systematic_landmarks is None:
        return []
    rows: list[Row] = []
    for number, stride in enumerate(all_strides):
        pitch = stride.trajectories.joint(stride.side, "foot_pitch")
        late_s = LATE_SWING_S if measure.id == "late_swing_foot_angle_deg" else 0.0
        at_s = np.linspace(stride.start_s - late_s, stride.start_s, 5)
        value = float(np.mean(np.interp(at_s, stride.trajectories.time_s, pitch)))
        if np.isfinite(value):
            rows.append(Row(measure.id, stride.side, number, stride.start_s, value, measure.jitter, stride.is_far))
    return rows
