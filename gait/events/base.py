"""The plug point: anything that finds initial contacts and toe-offs."""

from __future__ import annotations

from typing import Protocol

from gait.core.events import GaitEvents
from gait.core.trajectories import Trajectories


class EventDetector(Protocol):
    """Finds initial contacts and toe-offs of both feet in all straight passes."""

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events with confidence; an empty table when there are none."""
        ...
