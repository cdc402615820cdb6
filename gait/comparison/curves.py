"""Where in the gait cycle a joint's curve changed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gait.comparison.model import CurveChange, Stretch
from gait.core.cycles import PERCENT, GaitCycles
from gait.core.sides import SIDES, Side
from gait.parameters.repeatability import load_repeatability
from gait.parameters.uncertainty import PRIOR_STRIDES, Z95

#: Measures whose repeatability stands for that of a joint's whole curve: nobody has measured it point by point.
JOINT_MEASURES: Mapping[str, tuple[str, ...]] = {
    "hip_flexion": ("peak_hip_extension_deg", "peak_swing_hip_flexion_deg"),
    "knee_flexion": ("knee_flexion_at_contact_deg", "knee_loading_flexion_deg", "peak_swing_knee_flexion_deg"),
    "ankle_dorsiflexion": (
        "ankle_dorsiflexion_at_contact_deg",
        "peak_stance_dorsiflexion_deg",
        "peak_swing_dorsiflexion_deg",
        "peak_push_off_plantarflexion_deg",
    ),
    "foot_pitch": ("foot_floor_angle_at_contact_deg", "late_swing_foot_angle_deg", "foot_pitch_at_toe_off_deg"),
}

#: A shorter stretch beyond the detectable difference is left to chance, in % of the cycle (our choice: neighbouring
#: points are one observation, and 100 points are tried).
LEAST_PCT = 5.0

#: A mean of fewer cycles at a point is no mean.
MIN_CYCLES = 2


def find_curve_changes(before: GaitCycles, after: GaitCycles) -> tuple[CurveChange, ...]:
    """Compare the joint curves of both sides.

    The detectable difference of a point adds, in square and for both visits, the spread between strides over the
    number of strides, and what two films of an unchanged person differ by however many strides they show: of the
    joint's measures with known repeatability the largest, since a curve's own is not known.

    Returns
    -------
    tuple of CurveChange
        Only curves that both visits show.
    """
    changes = (_curve_change(before, after, joint, side) for joint in JOINT_MEASURES for side in SIDES)
    return tuple(change for change in changes if change is not None)


def _curve_change(before: GaitCycles, after: GaitCycles, joint: str, side: Side) -> CurveChange | None:
    film, usual = _joint_errors(joint)
    means, errors = [], []
    for cycles in (before, after):
        curves = _curves(cycles, side, joint)
        count = np.isfinite(curves).sum(axis=0)
        enough = count >= MIN_CYCLES
        if not enough.any():
            return None
        mean = np.full(len(PERCENT), np.nan)
        variance = np.full(len(PERCENT), np.nan)
        mean[enough] = np.nanmean(curves[:, enough], axis=0)
        scatter = np.nansum((curves[:, enough] - mean[enough]) ** 2, axis=0)
        spread = (PRIOR_STRIDES * usual**2 + scatter) / (PRIOR_STRIDES + count[enough] - 1)
        variance[enough] = spread / count[enough] + film**2
        means.append(mean)
        errors.append(variance)
    difference = means[1] - means[0]
    detectable = Z95 * np.sqrt(errors[0] + errors[1])
    return CurveChange(joint, side, difference, detectable, _stretches(difference, detectable))


def _curves(cycles: GaitCycles, side: Side, joint: str) -> np.ndarray:
    if joint not in cycles.curves["joint"].values:
        return np.empty((0, len(PERCENT)))
    return cycles.curve(side, joint)


def _joint_errors(joint: str) -> tuple[float, float]:
    """What more strides do not lessen, and the usual spread between strides, in deg."""
    rows = [row for name in JOINT_MEASURES[joint] if (row := load_repeatability().get(name)) is not None]
    spreads = [row.sd_stride for row in rows if np.isfinite(row.sd_stride)]
    return max(row.sem_film for row in rows), float(np.median(spreads))


def _stretches(difference: np.ndarray, detectable: np.ndarray) -> tuple[Stretch, ...]:
    """Runs of one sign beyond the detectable difference that last long enough."""
    with np.errstate(invalid="ignore"):
        beyond = np.where(np.abs(difference) > detectable, np.sign(difference), 0.0)
    edges = np.flatnonzero(np.diff(beyond)) + 1
    found = []
    for start, end in zip([0, *edges], [*edges, len(beyond)], strict=True):
        if beyond[start] != 0 and PERCENT[end - 1] - PERCENT[start] >= LEAST_PCT:
            part = difference[start:end]
            peak = float(part[np.argmax(np.abs(part))])
            found.append(Stretch(float(PERCENT[start]), float(PERCENT[end - 1]), peak))
    return tuple(found)
