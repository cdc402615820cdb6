"""The detector that fits the view and the kind of landmarks."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories
from gait.events.base import EventDetector
from gait.events.frontal import HeelRises
from gait.events.landings import MarkerLandings
from gait.events.swings import SwingPeaks


@dataclass(frozen=True, slots=True, kw_only=True)
class ByView:
    """Swings from the side and obliquely, heel rises from the front, landings for markers on the body.

    Attributes
    ----------
    from_side, from_front, from_markers
        The detectors and their settings.
    """

    from_side: SwingPeaks = field(default_factory=SwingPeaks)
    from_front: HeelRises = field(default_factory=HeelRises)
    from_markers: MarkerLandings = field(default_factory=MarkerLandings)

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events by the detector of the view."""
        return self.chosen(trajectories).detect(trajectories)

    def chosen(self, trajectories: Trajectories) -> EventDetector:
        """The detector that :meth:`detect` uses."""
        if trajectories.view.kind == "frontal":
            return self.from_front
        return self.from_markers if trajectories.is_capture else self.from_side
