"""From events, cycles, landmarks and feet to all measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from gait.core.clip import Clip
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter, ParameterSide
from gait.core.sides import SIDES
from gait.core.trajectories import Trajectories
from gait.parameters import arms, derived, foot, frontal, kinematic, posture, spatial, task, temporal, trend, trunk
from gait.parameters.catalogue import EventErrors, Measure, load_catalogue, load_event_errors
from gait.parameters.repeatability import minimal_detectable_change
from gait.parameters.stride import Stride, strides
from gait.parameters.uncertainty import Estimate, estimate, event_se, half_width, shared_se

#: Foot measures come from pixels only when both feet have at least this many good contacts: two feet measured in two
#: ways must not be compared.
MIN_FOOT_CONTACTS = 2


@dataclass(frozen=True, slots=True)
class _Film:
    """What the errors of all measures of one film depend on."""

    trajectories: Trajectories
    stride_time_s: float
    from_pixels: bool
    events: EventErrors

    def systematic(self, measure: Measure) -> float:
        """Standard error from landmarks or pixels."""
        if measure.kind == "foot" and not self.from_pixels and measure.systematic_landmarks is not None:
            return measure.systematic_landmarks
        return measure.systematic

    def shared(self, measure: Measure, value: float) -> float:
        """Standard error of what all strides of one side share, far leg aside."""
        by_events = event_se(measure, self.events, self.stride_time_s)
        return float(np.hypot(shared_se(measure, value, self.systematic(measure), self.trajectories), by_events))


def compute_parameters(*clips: Clip) -> GaitParameters:
    """All measures that the view supports.

    A measure that cannot be had from this view, or that no stride shows, is absent: never zero, never guessed.

    Parameters
    ----------
    *clips
        One clip, or several of one person, one task and one view, whose strides are taken together: there and back,
        each leg is then seen as the near one.

    Raises
    ------
    ValueError
        No clip, or clips of different views or tasks.
    """
    if len({(clip.trajectories.view.kind, clip.task.task) for clip in clips}) != 1:
        raise ValueError("strides are taken together only from clips of one view and one task")
    view, film = clips[0].trajectories.view.kind, _film(clips)
    catalogue = [row for row in load_catalogue() if view in row.views and task.fits(row, clips[0].task.task)]
    all_strides = [stride for clip in clips for stride in strides(clip.trajectories, clip.events, clip.cycles)]
    rows: list[foot.Row] = []
    for measure in catalogue:
        if measure.kind in ("stride", "walk"):
            rows.extend(_stride_rows(measure, all_strides))
        elif measure.kind == "foot" and film.from_pixels:
            rows.extend(row for clip in clips for row in foot.pixel_rows(measure, clip.feet))
        elif measure.kind == "foot":
            rows.extend(foot.landmark_rows(measure, all_strides))
        elif measure.kind == "task":
            rows.extend(task.task_rows(measure, clips))
    by_measure = {measure.id: measure for measure in catalogue}
    table = pd.DataFrame(
        [
            (r.parameter, r.side, r.stride, r.start_s, r.value, _stride_se(by_measure[r.parameter], r, film))
            for r in rows
        ],
        columns=list(STRIDE_COLUMNS),
    )
    trends = trend.trends(catalogue, all_strides, _function)
    return GaitParameters(table, (*_summary(catalogue, rows, film), *trends))


def _film(clips: Sequence[Clip]) -> _Film:
    """What the errors depend on; of several clips the one with the least certain scale counts."""
    worst = max(clips, key=lambda clip: np.nan_to_num(clip.trajectories.scale.relative_error, nan=np.inf))
    contacts = {side: sum(len(clip.feet.of(side)) for clip in clips) for side in SIDES}
    durations = np.concatenate([(clip.cycles.table["end_s"] - clip.cycles.table["start_s"]) for clip in clips])
    usual_s = float(np.median(durations)) if len(durations) else 1.0
    return _Film(worst.trajectories, usual_s, min(contacts.values()) >= MIN_FOOT_CONTACTS, load_event_errors())


def _function(measure_id: str) -> Callable[[Stride], float]:
    """The function of the same name as the catalogue row."""
    for module in (temporal, spatial, kinematic, posture, trunk, arms, frontal):
        if hasattr(module, measure_id):
            return getattr(module, measure_id)
    raise LookupError(f"catalogue.toml names {measure_id}, but no function of that name computes it")


def _stride_rows(measure: Measure, all_strides: list[Stride]) -> list[foot.Row]:
    """One value for each stride that shows it."""
    function = _function(measure.id)
    rows: list[foot.Row] = []
    for number, stride in enumerate(all_strides):
        value = function(stride) - measure.read_too_high(stride.is_far, stride.trajectories.is_capture)
        if np.isfinite(value):
            side: ParameterSide = "both" if measure.kind == "walk" else stride.side
            is_far = stride.is_far and measure.kind != "walk"
            rows.append(foot.Row(measure.id, side, number, stride.start_s, value, measure.jitter, is_far))
    return rows


def _stride_se(measure: Measure, row: foot.Row, film: _Film) -> float:
    """One standard error of one stride's value."""
    far = measure.far_sd if row.is_far else 0.0
    return float(np.sqrt(row.jitter**2 + row.shared_se**2 + far**2 + film.shared(measure, row.value) ** 2))


def _summary(catalogue: list[Measure], rows: list[foot.Row], film: _Film) -> tuple[Parameter, ...]:
    """Every measure of every side, in catalogue order."""
    estimates: dict[tuple[str, str], Estimate] = {}
    values: dict[tuple[str, str], np.ndarray] = {}
    by_measure = {measure.id: measure for measure in catalogue}
    for key in {(row.parameter, row.side) for row in rows}:
        chosen = [row for row in rows if (row.parameter, row.side) == key]
        values[key] = np.array([row.value for row in chosen])
        is_far = np.array([row.is_far for row in chosen])
        told = np.array([row.shared_se for row in chosen])
        estimates[key] = replace(estimate(values[key], is_far, by_measure[key[0]]), contact_se=float(np.median(told)))
    out: list[Parameter] = []
    for measure in catalogue:
        if measure.kind == "variability":
            out.extend(
                derived.variability(measure, by_measure[measure.of], side, values[measure.of, side])
                for side in ("both", *SIDES)
                if len(values.get((measure.of, side), ())) >= derived.MIN_STRIDES_CV
            )
        elif measure.kind in ("asymmetry", "ratio", "difference"):
            sides = [estimates.get((measure.of, side)) for side in SIDES]
            out.extend(derived.compared(measure, by_measure[measure.of], sides, film.events, film.stride_time_s))
        else:
            out.extend(
                task.summarised(one, measure, values[one.id, one.side], film.shared(measure, one.value))
                for one in _summaries(measure, estimates, film)
            )
    return tuple(_with_detectable_change(parameter, film.trajectories) for parameter in out)


def _summaries(measure: Measure, estimates: dict[tuple[str, str], Estimate], film: _Film) -> list[Parameter]:
    """Mean, spread and interval of each side."""
    out = []
    of_kind: dict[str, tuple[ParameterSide, ...]] = {"walk": ("both",), "task": task.SIDES_OF_TASKS}
    for side in of_kind.get(measure.kind, SIDES):
        found = estimates.get((measure.id, side))
        if found is None:
            continue
        half = half_width(found.random_half, found.far_se, film.shared(measure, found.value), found.contact_se)
        method = ("pixels" if film.from_pixels else "landmarks") if measure.kind == "foot" else ""
        low, high = found.value - half, found.value + half
        out.append(
            Parameter(measure.id, side, found.value, measure.unit, found.sd, found.strides, low, high, method=method)
        )
    return out


def _with_detectable_change(parameter: Parameter, trajectories: Trajectories) -> Parameter:
    """Add what an unchanged person's next film may differ by."""
    scale = trajectories.scale
    metres = float("nan") if scale.m_per_px is None else scale.m_per_px * scale.leg_length_px
    change = minimal_detectable_change(parameter.id, parameter.strides, metres)
    return replace(parameter, minimal_detectable_change=change)
