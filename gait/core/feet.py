"""What the feet do around each initial contact, measured from the film's pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from gait.core.frozen import read_only_array
from gait.core.sides import Side

ContactType = Literal["heel", "flat", "forefoot"]

#: The lowering speed is the steepest mean over this span, in s: at 50 frames a second one frame. A shorter span would
#: ask for what no phone shows, a longer one would blunt a slap of 40 ms.
LOWERING_WINDOW_S = 0.02


@dataclass(frozen=True, slots=True)
class FootContact:
    """One foot at one initial contact.

    Attributes
    ----------
    side
        The walker's side.
    contact_s
        Time of initial contact that the foot's own motion shows, in s.
    time_s, pitch_deg
        ``(n,)`` times and foot pitch against the floor, toes up +, 0 when the foot lies flat.
    contact_pitch_deg
        Pitch at initial contact, in deg.
    late_swing_pitch_deg
        Mean pitch in the last 0.1 s before contact, in deg; NaN where not seen.
    lowering_s
        Contact to foot flat, in s; NaN where not measurable.
    contact_type
        Which part of the foot lands first.
    is_near
        Whether this was the leg nearer to the camera.
    quality
        0..1; how well the registered foot matches the picture.
    lowering_error_s
        Standard error of ``lowering_s``, in s; NaN where that is NaN.
    lowering_speed_degps
        Peak speed at which the forefoot comes down after a heel or flat landing, in deg/s, + while it comes down: the
        steepest mean over :data:`LOWERING_WINDOW_S`. NaN where it cannot be measured (frame rate below 50, a forefoot
        landing, too little lowering).
    lowering_speed_error_degps
        Its standard error, in deg/s; NaN where it is NaN.
    """

    side: Side
    contact_s: float
    time_s: np.ndarray
    pitch_deg: np.ndarray
    contact_pitch_deg: float
    late_swing_pitch_deg: float
    lowering_s: float
    contact_type: ContactType
    is_near: bool
    quality: float
    lowering_error_s: float = float("nan")
    lowering_speed_degps: float = float("nan")
    lowering_speed_error_degps: float = float("nan")

    def __post_init__(self) -> None:
        if len(self.time_s) != len(self.pitch_deg):
            raise ValueError(f"{len(self.time_s)} times but {len(self.pitch_deg)} pitches")
        object.__setattr__(self, "time_s", read_only_array(self.time_s))
        object.__setattr__(self, "pitch_deg", read_only_array(self.pitch_deg))


@dataclass(frozen=True, slots=True)
class FootStrip:
    """Pictures of one foot around one contact, so that a reader sees what was measured.

    Attributes
    ----------
    side
        The walker's side.
    contact_s
        The contact they belong to, in s.
    time_s
        ``(n,)`` s of the pictures, increasing.
    pitch_deg
        ``(n,)`` measured pitch in each, in deg; NaN where it was not measured.
    images
        ``(n, height, width, 3)`` uint8 RGB, all at one scale and walking to the right.
    """

    side: Side
    contact_s: float
    time_s: np.ndarray
    pitch_deg: np.ndarray
    images: np.ndarray

    def __post_init__(self) -> None:
        if not len(self.time_s) == len(self.pitch_deg) == len(self.images):
            raise ValueError(f"{len(self.time_s)} times, {len(self.pitch_deg)} pitches, {len(self.images)} pictures")
        for name in ("time_s", "pitch_deg", "images"):
            object.__setattr__(self, name, read_only_array(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class FootMotion:
    """All good contacts of both feet.

    Attributes
    ----------
    contacts
        Contacts that passed the quality control.
    rejected
        Number of contacts per side that did not, with the commonest reason, for the report.
    noise_deg
        Standard error of one contact's pitch, in deg, from healthy films and rendered truth.
    strips
        For each side the contact nearest to that side's median, in pictures.
    """

    contacts: tuple[FootContact, ...] = ()
    rejected: tuple[tuple[Side, int, str], ...] = ()
    noise_deg: float = 2.5
    strips: tuple[FootStrip, ...] = ()

    def of(self, side: str) -> tuple[FootContact, ...]:
        """Contacts of one side."""
        return tuple(contact for contact in self.contacts if contact.side == side)
