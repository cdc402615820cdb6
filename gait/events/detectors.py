"""All event detectors by name."""

from __future__ import annotations

from gait.core.errors import InputError
from gait.events.base import EventDetector
from gait.events.by_view import ByView
from gait.events.hreljac import FootAcceleration
from gait.events.oconnor import FootVelocity
from gait.events.speed import VelocityZero
from gait.events.zeni import Zeni

#: Ours first; the others are for comparison.
DETECTORS: dict[str, EventDetector] = {
    "ours": ByView(),
    "zeni": Zeni(),
    "oconnor": FootVelocity(),
    "velocity": VelocityZero(),
    "hreljac": FootAcceleration(),
}


def detector_by_name(name: str) -> EventDetector:
    """One of :data:`DETECTORS`.

    Raises
    ------
    InputError
        There is none of this name.
    """
    if name not in DETECTORS:
        raise InputError(f"there is no event detector {name!r}; choose one of {', '.join(DETECTORS)}")
    return DETECTORS[name]
