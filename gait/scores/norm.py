"""What is usual: joint curves of healthy adults, and what healthy people score with this program."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

from gait.core.scores import Usual

#: Joints whose curves are compared; of the nine variables of the full score a film from the side shows these.
SCORED_JOINTS: tuple[str, ...] = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")

HEALTHY_COLUMNS: tuple[str, ...] = ("score", "leg", "legs", "low", "median", "high", "change", "source")


def load_norm_curves() -> pd.DataFrame:
    """Joint angles of 42 healthy adults at their comfortable pace.

    Returns
    -------
    pandas.DataFrame
        ``joint, percent, mean_deg, sd_deg``: 101 rows a joint, in deg, flexion and dorsiflexion positive. The file's
        head says where they come from and how the hip was made comparable.
    """
    with files("gait.scores").joinpath("data/norm_curves.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, comment="#")


@lru_cache(maxsize=1)
def norm_means() -> dict[str, np.ndarray]:
    """``(101,)`` deg mean curve of every joint that has one."""
    table = load_norm_curves()
    return {
        str(joint): rows.sort_values("percent")["mean_deg"].to_numpy(float) for joint, rows in table.groupby("joint")
    }


@lru_cache(maxsize=1)
def _healthy() -> pd.DataFrame:
    with files("gait.scores").joinpath("data/healthy.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file, comment="#")


def usual(score: str, leg: str) -> Usual | None:
    """What healthy people score with this program; None where nobody was measured.

    Parameters
    ----------
    score
        ``visual``, ``profile``, or a joint's ``shape_`` or ``shift_``, for example ``"shape_knee_flexion"``.
    leg
        ``near``, ``far``, ``any``, or ``both`` for a score of both legs together.
    """
    table = _healthy()
    found = table.loc[(table["score"] == score) & (table["leg"] == leg)]
    if found.empty:
        return None
    row = found.iloc[0]
    return Usual(float(row["low"]), float(row["high"]), float(row["change"]), int(row["legs"]))
