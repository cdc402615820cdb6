"""How sure a verdict is, from its margin: the calibration of ``data/confidence.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

#: No finding is called surer than this without a person having looked (our estimate).
MOST_CONFIDENT = 0.97


@dataclass(frozen=True, slots=True)
class Confidence:
    """Chance that a verdict is right, by its margin in standard errors.

    Attributes
    ----------
    margin
        ``(n,)`` increasing, in standard errors: beyond ``limit`` for present, short of ``report`` for absent.
    is_present, is_absent
        ``(n,)`` shares of verdicts with this margin that were right, on walkers whose truth is known.
    """

    margin: np.ndarray
    is_present: np.ndarray
    is_absent: np.ndarray

    def present(self, margin: float) -> float:
        """Chance that a finding called present is there."""
        return float(min(MOST_CONFIDENT, np.interp(margin, self.margin, self.is_present)))

    def absent(self, margin: float) -> float:
        """Chance that a finding called absent is not there."""
        return float(min(MOST_CONFIDENT, np.interp(margin, self.margin, self.is_absent)))


@lru_cache(maxsize=1)
def load_confidence() -> Confidence:
    """The calibration, made by ``python -m gait.validation.detection --calibrate``."""
    with files("gait.findings").joinpath("data/confidence.csv").open("r", encoding="utf-8") as file:
        table = pd.read_csv(file, comment="#")
    return Confidence(*(table[name].to_numpy(float) for name in ("margin", "present", "absent")))
