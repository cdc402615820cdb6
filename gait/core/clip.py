"""Everything seen in one clip that measures are made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.core.cycles import GaitCycles
from gait.core.events import GaitEvents
from gait.core.feet import FootMotion
from gait.core.tasks import TaskRecord
from gait.core.trajectories import Trajectories


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip, tracked and cut into events and cycles.

    Attributes
    ----------
    trajectories, events, cycles
        Landmarks over time, contacts and toe-offs, complete straight cycles.
    feet
        Feet measured from pixels; empty where there is no film.
    task
        What was asked for and done.
    """

    trajectories: Trajectories
    events: GaitEvents
    cycles: GaitCycles
    feet: FootMotion = field(default_factory=FootMotion)
    task: TaskRecord = field(default_factory=TaskRecord)
