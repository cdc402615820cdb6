"""A walker made of formulas, with known events and planted faults, for tests, documents and demonstrations."""

from gait.simulate.faults import FAULTS, Fault
from gait.simulate.truth import write_truth
from gait.simulate.walker import BySide, Walker

__all__ = ["FAULTS", "BySide", "Fault", "Walker", "write_truth"]
