"""The detector that fits the view."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories
from gait.events.frontal import HeelRises
from gait.events.swings import SwingPeaks


@dataclass(frozen=True, slots=True, kw_only=True)
class ByView:
    """Swings from the side and obliquely, heel rises from the front.

    Attributes
    ----------
    from_side, from_front
        The two detectors and their settings.
    """

    from_side: SwingPeaks = field(default_factory=SwingPeaks)
    from_front: HeelRises = field(default_factory=HeelRises)

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events by the detector of the view."""
        detector = self.from_front if trajectories.view.kind == "frontal" else self.from_side
        return detector.detect(trajectories)
