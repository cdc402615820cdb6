"""Things about the film that the reader of a report must know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that limits what a film can show, and what to do about it.

    Attributes
    ----------
    id
        Stable name for machines, for example ``low_frame_rate``.
    severity
        ``info``, ``warning`` (results are weaker) or ``error`` (some results are missing).
    message
        What was found and what was expected.
    advice
        What to do next time; empty when nothing can be done.
    """

    id: str
    severity: Severity
    message: str
    advice: str = ""
