"""Deviations seen in the walk, worded as observations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["present", "absent", "not_assessable"]
Grade = Literal["mild", "moderate", "severe"]
FindingSide = Literal["left", "right", "both"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One number that a finding rests on.

    Attributes
    ----------
    parameter, side
        Which measure.
    value, unit
        What was measured.
    reference
        What it was compared with, in words.
    supports
        Whether this number speaks for the finding.
    """

    parameter: str
    side: FindingSide
    value: float
    unit: str
    reference: str
    supports: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One pattern, on one side.

    Attributes
    ----------
    id
        Id of CONTRACTS, for example ``foot_drop``.
    side
        Side by the side rule of the catalogue; None for patterns without a side.
    status
        ``present``, ``absent`` or ``not_assessable``.
    severity
        Only when present.
    confidence
        0..1 that the status is right; 0 when not assessable.
    evidence
        The numbers.
    reason
        Why it is not assessable, or what weakens it.
    wording
        The plain sentence for the report.
    label
        Its name in plain words.
    fakes
        What can look the same.
    plain
        What it means in daily life, for the patient; only when present.
    sources
        The clips it comes from, where several were taken together.
    """

    id: str
    side: FindingSide | None
    status: Status
    severity: Grade | None = None
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    wording: str = ""
    label: str = ""
    fakes: tuple[str, ...] = ()
    plain: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.severity is not None) != (self.status == "present"):
            raise ValueError(f"{self.id}: severity {self.severity} does not fit status {self.status}")
        if self.status == "not_assessable" and not self.reason:
            raise ValueError(f"{self.id}: a finding that is not assessable needs a reason")


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of one walk, in catalogue order."""

    all: tuple[Finding, ...] = ()

    def present(self) -> tuple[Finding, ...]:
        """Those that were seen."""
        return tuple(finding for finding in self.all if finding.status == "present")

    def with_status(self, status: Status) -> tuple[Finding, ...]:
        """Those with one status."""
        return tuple(finding for finding in self.all if finding.status == status)

    def get(self, finding_id: str, side: str | None = None) -> Finding | None:
        """One finding of one side, or None."""
        for finding in self.all:
            if finding.id == finding_id and (finding.side == side or side is None):
                return finding
        return None
