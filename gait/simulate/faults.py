"""Faults that can be planted, each on the side that a report would name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gait.core.errors import InputError
from gait.core.sides import Side
from gait.simulate.fault import Fault, apply
from gait.simulate.faults_feet import FOOT_FAULTS
from gait.simulate.faults_legs import LEG_FAULTS
from gait.simulate.faults_walk import WALK_FAULTS

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: All faults of walking, by id. Those of other tasks are in :data:`gait.simulate.tasks.TASK_FAULTS`.
FAULTS: dict[str, Fault] = {fault.id: fault for fault in (*FOOT_FAULTS, *LEG_FAULTS, *WALK_FAULTS)}


def plant(walker: Walker, fault_id: str, side: Side | None, severity: float) -> Walker:
    """A copy of a walker with a fault; see ``Walker.with_fault``."""
    fault = FAULTS.get(fault_id)
    if fault is None:
        raise InputError(f"fault {fault_id!r} is not known; expected one of {', '.join(FAULTS)}")
    return apply(walker, fault, side, severity)
