"""The arms from the side."""

from __future__ import annotations

import numpy as np

from gait.parameters.stride import Stride

#: Share of a stride in which shoulder and wrist must be seen (our choice).
_LEAST_SEEN = 0.8

#: The range is read between these quantiles, so that one moment of confusion does not count; of a sine they hold 99 %
#: of the range.
_QUANTILES = (0.05, 0.95)


def arm_swing_deg(stride: Stride) -> float:
    """Range of the line from shoulder to wrist against the vertical over the stride, deg; NaN where it is hidden."""
    tracks = stride.trajectories
    inside = (tracks.time_s >= stride.start_s) & (tracks.time_s < stride.end_s)
    arm = tracks.landmark(stride.side, "wrist")[inside] - tracks.landmark(stride.side, "shoulder")[inside]
    inclination = np.degrees(np.arctan2(stride.facing * arm[:, 0], -arm[:, 1]))
    seen = inclination[np.isfinite(inclination)]
    if len(seen) < _LEAST_SEEN * max(int(inside.sum()), 1):
        return float("nan")
    low, high = np.quantile(seen, _QUANTILES)
    return float(high - low)
