"""The trunk from the side."""

from __future__ import annotations

import numpy as np

from gait.parameters.stride import Stride


def trunk_lean_deg(stride: Stride) -> float:
    """Mean forward trunk lean over the stride."""
    return float(np.mean(stride.curves["trunk_lean"]))


def trunk_range_deg(stride: Stride) -> float:
    """Largest minus smallest trunk lean over the stride."""
    return float(np.ptp(stride.curves["trunk_lean"]))
