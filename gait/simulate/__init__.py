"""A walker made of formulas, with known events and planted faults, for tests, documents and demonstrations."""

from gait.simulate.faults import FAULTS, Fault
from gait.simulate.tasks import TASK_FAULTS, TaskWalker
from gait.simulate.truth import write_truth
from gait.simulate.values import BySide
from gait.simulate.walker import Walker

__all__ = ["FAULTS", "TASK_FAULTS", "BySide", "Fault", "TaskWalker", "Walker", "write_truth"]
