"""Walking speed at two visits: steps, times and angles change with it, and that is no change of the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from gait.core.analysis import Analysis
from gait.core.parameters import GaitParameters
from gait.findings.norms import load_norms
from gait.parameters.catalogue import load_catalogue

#: Walks whose paces differ by more than this factor are walks of different speed (the same limit as for clips that are
#: measured together in ``gait.pools``; our estimate of where steps and angles begin to follow).
SPEED_FACTOR = 1.15

#: Where the paces differ and nobody knows how a measure follows speed, it must change by so many times what is
#: detectable (our choice: room for an effect of speed as large as all other errors together).
UNKNOWN_EFFECT = 2.0

#: How differently people follow speed: 95 of 100 change by the usual amount, give or take this share of it (our
#: estimate; the norms are means of people, and nobody has measured how far single ones keep to them).
FOLLOWING = 0.5

#: The pace itself: a change of it is a change of speed, not its effect.
_PACE: tuple[str, ...] = ("walking_speed_mps", "walking_speed_llps")

#: Kinds of measures in which a common effect of speed cancels, or that are no measure of usual walking.
_FREE_KINDS: tuple[str, ...] = ("asymmetry", "ratio", "difference", "variability", "trend", "task")


@dataclass(frozen=True, slots=True)
class SpeedChange:
    """How the pace differs, and what that alone would do.

    Attributes
    ----------
    factor
        Pace after over pace before; NaN where one of them is unknown.
    usual
        By parameter id: how much usual people change who change their speed as much, in the unit.
    """

    factor: float = float("nan")
    usual: Mapping[str, float] = field(default_factory=dict)

    @property
    def differs(self) -> bool:
        """Whether the walks are of different speed."""
        return bool(max(self.factor, 1.0 / self.factor) > SPEED_FACTOR) if np.isfinite(self.factor) else False

    def explains(self, parameter_id: str, difference: float, detectable: float) -> bool:
        """Whether the other speed may be all there is to a difference that is beyond the detectable change."""
        if parameter_id in _free():
            return False
        if parameter_id in self.usual:
            usual = self.usual[parameter_id]
            return abs(difference - usual) <= float(np.hypot(detectable, FOLLOWING * usual))
        return self.differs and abs(difference) <= UNKNOWN_EFFECT * detectable


def pace_factor(before: Analysis, after: Analysis) -> float:
    """Pace after over pace before: walking speed in leg lengths a second, or the cadence where a view shows no speed.

    Returns
    -------
    float
        NaN where no pace is known at both, for example for other tasks than walking.
    """
    for measure in ("walking_speed_llps", "cadence_spm"):
        one, other = (analysis.parameters.value(measure) for analysis in (before, after))
        if np.isfinite([one, other]).all() and one > 0:
            return float(other / one)
    return float("nan")


def speed_change(before: Analysis, after: Analysis) -> SpeedChange:
    """Pace and norms of two visits at their own speeds.

    Parameters
    ----------
    before, after
        Two walks, filmed from the same view.
    """
    one, other = _by_speed(before), _by_speed(after)
    usual = {name: other[name] - one[name] for name in one.keys() & other.keys()}
    return SpeedChange(pace_factor(before, after), usual)


def _by_speed(analysis: Analysis) -> dict[str, float]:
    """Middle of every norm that follows speed: those that are other ones, or none, where no speed is known."""
    zeroed = analysis.trajectories.standing_s is not None
    matched = load_norms(analysis.subject, analysis.parameters, are_angles_zeroed=zeroed).by_parameter
    unmatched = load_norms(analysis.subject, GaitParameters.empty(), are_angles_zeroed=zeroed).by_parameter
    middle = {name: 0.5 * (norm.low + norm.high) for name, norm in matched.items() if norm != unmatched.get(name)}
    for phase in ("stance", "swing"):
        # No norm of its own, but that of its share and of the whole.
        if f"{phase}_pct" in middle and "stride_time_s" in middle:
            middle[f"{phase}_time_s"] = middle[f"{phase}_pct"] / 100.0 * middle["stride_time_s"]
    return middle


def _free() -> set[str]:
    """Measures that do not follow speed, or are speed."""
    rows = {row.id for row in load_catalogue() if row.kind in _FREE_KINDS or "_for_speed_" in row.id}
    return rows | set(_PACE)
