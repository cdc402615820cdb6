"""From events, cycles, landmarks and feet to all measures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from gait.core.cycles import GaitCycles
from gait.core.events import GaitEvents
from gait.core.feet import FootContact, FootMotion
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter, ParameterSide
from gait.core.sides import SIDES
from gait.core.trajectories import Trajectories
from gait.parameters import kinematic, spatial, temporal
from gait.parameters.catalogue import Measure, load_catalogue
from gait.parameters.stride import Stride, strides
from gait.parameters.uncertainty import interval

#: Foot measures come from pixels only when both feet have at least this many good contacts: two feet measured in two
#: ways must not be compared.
MIN_FOOT_CONTACTS = 2

Row = tuple[str, str, int, float, float, float]


def compute_parameters(
    trajectories: Trajectories, events: GaitEvents, cycles: GaitCycles, feet: FootMotion
) -> GaitParameters:
    """All measures that the view supports.

    A measure that cannot be had from this view, or that no stride shows, is absent: never zero, never guessed.
    """
    view = "sagittal" if trajectories.view.kind == "sagittal" else trajectories.view.kind
    catalogue = [row for row in load_catalogue() if view in row.views]
    all_strides = list(strides(trajectories, events, cycles))
    from_pixels = all(len(feet.of(side)) >= MIN_FOOT_CONTACTS for side in SIDES)
    rows: list[Row] = []
    for measure in catalogue:
        if measure.kind in ("stride", "walk"):
            rows.extend(_stride_rows(measure, all_strides))
        elif measure.kind == "foot":
            rows.extend(_foot_rows(measure, feet) if from_pixels else _landmark_foot_rows(measure, all_strides))
    table = pd.DataFrame(rows, columns=list(STRIDE_COLUMNS))
    only_far = {side: not any(s.is_near for s in all_strides if s.side == side) for side in SIDES}
    summary: list[Parameter] = []
    for measure in catalogue:
        if measure.kind in ("asymmetry", "ratio", "variability"):
            summary.extend(_derived(measure, summary, table))
        else:
            summary.extend(_summaries(measure, table, trajectories, only_far, from_pixels))
    return GaitParameters(table, tuple(summary))


def _function(measure_id: str) -> Callable[[Stride], float]:
    """The function of the same name as the catalogue row."""
    for module in (temporal, spatial, kinematic):
        if hasattr(module, measure_id):
            return getattr(module, measure_id)
    raise LookupError(f"catalogue.toml names {measure_id}, but no function of that name computes it")


def _stride_rows(measure: Measure, all_strides: list[Stride]) -> list[Row]:
    """One value for each stride that shows it."""
    function = _function(measure.id)
    rows: list[Row] = []
    for number, stride in enumerate(all_strides):
        value = function(stride) - (0.0 if stride.is_near else measure.far_bias)
        if np.isfinite(value):
            side = "both" if measure.kind == "walk" else stride.side
            rows.append((measure.id, side, number, stride.start_s, value, measure.spread))
    return rows


def _foot_rows(measure: Measure, feet: FootMotion) -> list[Row]:
    """One value for each good contact, from the pixels."""
    read: dict[str, Callable[[FootContact], float]] = {
        "foot_floor_angle_at_contact_deg": lambda contact: contact.contact_pitch_deg,
        "late_swing_foot_angle_deg": lambda contact: contact.late_swing_pitch_deg,
        "contact_to_foot_flat_s": lambda contact: contact.lowering_s,
    }
    rows: list[Row] = []
    for number, contact in enumerate(feet.contacts):
        value = read[measure.id](contact)
        if np.isfinite(value):
            rows.append((measure.id, contact.side, number, contact.contact_s, value, feet.noise_deg))
    return rows


def _landmark_foot_rows(measure: Measure, all_strides: list[Stride]) -> list[Row]:
    """The same from landmarks, for the measures that landmarks can give at all."""
    if measure.systematic_landmarks is None:
        return []
    rows: list[Row] = []
    for number, stride in enumerate(all_strides):
        pitch = stride.trajectories.joint(stride.side, "foot_pitch")
        late_s = 0.1 if measure.id == "late_swing_foot_angle_deg" else 0.0
        at_s = np.linspace(stride.start_s - late_s, stride.start_s, 5)
        value = float(np.mean(np.interp(at_s, stride.trajectories.time_s, pitch)))
        if np.isfinite(value):
            rows.append((measure.id, stride.side, number, stride.start_s, value, measure.systematic_landmarks))
    return rows


def _summaries(
    measure: Measure, table: pd.DataFrame, trajectories: Trajectories, only_far: dict[str, bool], from_pixels: bool
) -> list[Parameter]:
    """Mean, spread and interval of each side."""
    out = []
    sides: tuple[ParameterSide, ...] = ("both",) if measure.kind == "walk" else SIDES
    for side in sides:
        chosen = (table["parameter"] == measure.id) & (table["side"] == side)
        values = table.loc[chosen, "value"].to_numpy(float)
        if not len(values):
            continue
        systematic = measure.systematic
        if measure.kind == "foot" and not from_pixels and measure.systematic_landmarks is not None:
            systematic = measure.systematic_landmarks
        if only_far.get(side, False):
            systematic = float(np.hypot(systematic, measure.single_pass))
        scale_error = trajectories.scale.relative_error if measure.scaled else 0.0
        value, sd, low, high = interval(values, measure, systematic, scale_error)
        method = _method(measure, from_pixels)
        out.append(Parameter(measure.id, side, value, measure.unit, sd, len(values), low, high, method=method))
    return out


def _method(measure: Measure, from_pixels: bool) -> str:
    """How a value was had, where there are two ways."""
    if measure.kind != "foot":
        return ""
    return "pixels" if from_pixels else "landmarks"


def _derived(measure: Measure, summary: list[Parameter], table: pd.DataFrame) -> list[Parameter]:
    """Measures made of other measures."""
    sources = {p.side: p for p in summary if p.id == measure.of}
    if measure.kind == "variability":
        return [_variability(measure, source, table) for source in sources.values() if source.strides >= 3]
    if set(sources) != set(SIDES):
        return []
    left, right = sources["left"], sources["right"]
    if left.value <= 0 or right.value <= 0:
        return []
    mean = (left.value + right.value) / 2
    # Half-widths of the two means, without what both sides share: the spread between strides only.
    usual = measure.spread * mean / 100.0
    random = float(np.hypot(_random_error(left, usual), _random_error(right, usual)))
    if measure.kind == "asymmetry":
        value, error = 100.0 * (right.value - left.value) / mean, 100.0 * random / mean
    else:
        value, error = max(left.value, right.value) / min(left.value, right.value), random / mean
    half = float(np.hypot(1.96 * error, 1.96 * measure.systematic))
    low = max(value - half, 1.0) if measure.kind == "ratio" else value - half
    strides_used = min(left.strides, right.strides)
    return [Parameter(measure.id, "both", value, measure.unit, float("nan"), strides_used, low, value + half)]


def _random_error(parameter: Parameter, usual_spread: float) -> float:
    """Standard error of a mean from its spread between strides."""
    sd = parameter.sd if np.isfinite(parameter.sd) else usual_spread
    return max(sd, 0.5 * usual_spread) / float(np.sqrt(parameter.strides))


def _variability(measure: Measure, source: Parameter, table: pd.DataFrame) -> Parameter:
    """Coefficient of variation, with the interval of McKay (1932) for a normal sample, here by its usual approximation
    value / sqrt(2 (n - 1)) as standard error.
    """
    values = table.loc[(table["parameter"] == measure.of) & (table["side"] == source.side), "value"].to_numpy(float)
    value = 100.0 * float(np.std(values, ddof=1)) / source.value
    error = np.hypot(value / np.sqrt(2.0 * (len(values) - 1)), measure.systematic)
    low, high = max(0.0, value - 1.96 * error), value + 1.96 * error
    return Parameter(measure.id, source.side, value, measure.unit, float("nan"), len(values), low, high)
