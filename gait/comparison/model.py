"""The nouns of a comparison: visits, changes, what limits them. They hold numbers and ids, no words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from gait.core.analysis import Analysis
from gait.core.causes import Reasoning, Update
from gait.core.findings import Finding, FindingSide
from gait.core.frozen import read_only_array
from gait.core.issues import Severity
from gait.core.parameters import Parameter, ParameterSide
from gait.core.sides import Side

#: What a difference means. ``better`` and ``worse``: beyond the detectable change, nearer to and farther from what is
#: usual. ``changed``: beyond it, without a norm or within it both times. ``within``: two films of an unchanged person
#: may differ as much. ``speed``: beyond it, but the other walking speed may explain it. ``not_comparable``: see
#: ``reason``. ``once``: measured at one visit only.
Verdict = Literal["better", "worse", "changed", "within", "speed", "not_comparable", "once"]
REAL: tuple[Verdict, ...] = ("better", "worse", "changed")

#: What the detectable change rests on: films of unchanged people, or the errors that both values tell of themselves.
Basis = Literal["films", "intervals", ""]

FindingChangeKind = Literal["appeared", "ceased", "graver", "milder", "stays", "newly_judged", "no_longer_judged"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: its name and its walk.

    Attributes
    ----------
    name
        As the user calls it, for example ``"before"``.
    analysis
        The walk.
    """

    name: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that limits what two visits can tell of each other.

    Attributes
    ----------
    id
        Stable name, for example ``other_view``; the words stand in the report's catalogue.
    severity
        ``error`` (what it names is not compared), ``warning`` or ``info``.
    values
        What stands in the braces of its words.
    """

    id: str
    severity: Severity
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One measure of one side at two visits.

    Attributes
    ----------
    parameter, side, unit
        Which measure.
    before, after
        As measured; None where that visit has none.
    verdict
        What the difference means, see :data:`Verdict`.
    difference
        After minus before, in the unit; NaN where not compared.
    detectable
        Half width of the 95 % interval of the difference of an unchanged person, in the unit.
    basis
        What ``detectable`` rests on.
    by_speed
        How much of the difference usual people show who change their speed as much, in the unit; NaN where unknown.
    reason
        Id of the limit that forbids to compare; else empty.
    """

    parameter: str
    side: ParameterSide
    unit: str
    before: Parameter | None
    after: Parameter | None
    verdict: Verdict
    difference: float = float("nan")
    detectable: float = float("nan")
    basis: Basis = ""
    by_speed: float = float("nan")
    reason: str = ""

    @property
    def low(self) -> float:
        """Lower end of the 95 % interval of the difference."""
        return self.difference - self.detectable

    @property
    def high(self) -> float:
        """Upper end of the 95 % interval of the difference."""
        return self.difference + self.detectable

    @property
    def times(self) -> float:
        """The difference in detectable changes: beyond -1 or 1 it counts."""
        return self.difference / self.detectable if self.detectable > 0 else float("nan")

    @property
    def is_real(self) -> bool:
        """Whether it is more than a film can be wrong by, and not the speed's."""
        return self.verdict in REAL

    @property
    def is_compared(self) -> bool:
        """Whether both visits have it and may be compared."""
        return self.verdict not in ("not_comparable", "once")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the gait cycle in which a curve changed: from, to (in %), and the greatest difference there, in deg."""

    start_pct: float
    end_pct: float
    peak_deg: float


@dataclass(frozen=True, slots=True)
class CurveChange:
    """One joint of one side over the gait cycle at two visits.

    Attributes
    ----------
    joint, side
        Which curve.
    difference
        ``(101,)`` mean after minus mean before, in deg; NaN where not seen at both.
    detectable
        ``(101,)`` what an unchanged person's two means differ by in 95 of 100 cases, in deg.
    stretches
        Where the difference is beyond that for long enough.
    """

    joint: str
    side: Side
    difference: np.ndarray
    detectable: np.ndarray
    stretches: tuple[Stretch, ...] = ()

    def __post_init__(self) -> None:
        for name in ("difference", "detectable"):
            object.__setattr__(self, name, read_only_array(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding of one side at two visits; told only where it is present at one of them.

    Attributes
    ----------
    id, side
        Which.
    kind
        ``newly_judged`` is present now and could not be judged before, ``no_longer_judged`` the reverse: neither is
        a change.
    before, after
        The finding; None where a visit does not list it.
    is_borne
        Whether a measure that it rests on changed beyond the detectable change; None where none was compared.
    """

    id: str
    side: FindingSide | None
    kind: FindingChangeKind
    before: Finding | None
    after: Finding | None
    is_borne: bool | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two visits compared.

    Attributes
    ----------
    before, after
        Places of the visits in the comparison.
    changes
        One for each measure and side that one of them has, in catalogue order.
    curves, findings
        Joint curves, and findings that are present at one of them.
    causes
        What moved the possible causes.
    limits
        What limits the comparison, the worst first.
    """

    before: int
    after: int
    changes: tuple[Change, ...]
    curves: tuple[CurveChange, ...]
    findings: tuple[FindingChange, ...]
    causes: Update
    limits: tuple[Limit, ...]

    @property
    def real(self) -> tuple[Change, ...]:
        """The changes that count, the largest (in detectable changes) first."""
        found = [change for change in self.changes if change.is_real]
        return tuple(sorted(found, key=lambda change: -abs(change.times)))

    @property
    def compared(self) -> tuple[Change, ...]:
        """The measures that could be compared."""
        return tuple(change for change in self.changes if change.is_compared)

    def change(self, parameter: str, side: str) -> Change:
        """One change.

        Raises
        ------
        KeyError
            Neither visit has the measure.
        """
        for change in self.changes:
            if (change.parameter, change.side) == (parameter, side):
                return change
        raise KeyError(f"{parameter} {side}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Visits of one person, compared.

    Attributes
    ----------
    visits
        In the order given, which is taken for their order in time.
    pairs
        The first visit against the last; with more than two visits also each against the one before.
    reasoning
        Possible causes with all that is known now, from all visits.
    version
        Of this software.
    """

    visits: tuple[Visit, ...]
    pairs: tuple[Pair, ...]
    reasoning: Reasoning
    version: str

    @property
    def main(self) -> Pair:
        """The first visit against the last."""
        return self.pairs[0]
