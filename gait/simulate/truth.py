"""What the walk truly does, in the form of a truth file."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gait.core.errors import OutputError
from gait.core.sides import SIDES, Side, other_side
from gait.simulate import motion
from gait.simulate.foot import swing_share
from gait.simulate.legs import StridePlan, leg_motion
from gait.simulate.motion import mean_walker
from gait.simulate.solve import solve
from gait.simulate.timing import Timing, turn_phases
from gait.simulate.truth_body import body_values
from gait.simulate.variation import StepVariation

if TYPE_CHECKING:
    from gait.simulate.walker import Walker

#: Samples of a stride on which extremes are taken: fine enough for 0.01 deg.
_FINE = np.arange(2000) / 2000

_UNITS = {
    "s": "s",
    "pct": "%",
    "spm": "steps/min",
    "m": "m",
    "ll": "leg lengths",
    "mps": "m/s",
    "deg": "deg",
}


def truth_table(walker: Walker) -> dict[str, Any]:
    """Truth of one walk; see ``Walker.truth``.

    Events inside the turn of a walk there and back are left out, and ``passes`` says where events count. Angles and
    heights are taken from the finished motion, the rest from what the motion is built of.
    """
    body = solve(walker).body
    return {
        "schema_version": "1",
        "fps": walker.rate_hz,
        "frames": len(walker.frame_times_s()),
        "view": walker.view,
        "near_side": walker.first_near_side,
        "heading": walker.heading,
        "subject": {
            "height_m": walker.height_m,
            "leg_length_m": {side: round(body.leg_m, 6) for side in SIDES},
        },
        "passes": _passes(walker),
        "events": _events(walker),
        "parameters": _parameters(walker),
        "findings": [{"id": finding, "side": side} for finding, side in walker.planted],
    }


def write_truth(truth: dict[str, Any], path: Path) -> Path:
    """Write a truth file.

    Parameters
    ----------
    truth
        From ``Walker.truth``.
    path
        For example ``walk.truth.json``.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        When the folder does not exist or cannot be written to.
    """
    text = json.dumps(truth, indent=1) + "\n"
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        # mkstemp makes private files; a truth file is to be read by others like any other.
        Path(name).chmod(0o644)
        return Path(name).replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror}; choose a folder that exists and may be written"
        ) from error


def _passes(walker: Walker) -> list[dict[str, Any]]:
    """Straight stretches, with where they go and which side is near."""
    turn = turn_phases(walker)
    first = {"start_s": walker.lead_in_s, "heading": walker.heading, "near_side": walker.first_near_side}
    if turn is None:
        return [{**first, "end_s": walker.duration_s}]
    start, end = (float(edge) for edge in Timing.of(walker).time_s(np.array(turn)))
    back = {
        "left_to_right": "right_to_left",
        "right_to_left": "left_to_right",
        "towards": "away",
        "away": "towards",
    }
    near: Side | None = None if walker.first_near_side is None else other_side(walker.first_near_side)
    second = {"start_s": end, "heading": back[walker.heading], "near_side": near, "end_s": walker.duration_s}
    return [{**first, "end_s": start}, second]


def _event_times(walker: Walker, side: str, kind: str) -> np.ndarray:
    """Times of one kind of event within the film, also those in the turn."""
    offset = 0.0 if kind == "initial_contact" else solve(walker).legs[side].foot.stance
    timing = Timing.of(walker)
    return timing.time_s(timing.event_phases(side, offset, walker.duration_s))


def _events(walker: Walker) -> list[dict[str, Any]]:
    """Events on the straight passes, by time."""
    passes = _passes(walker)
    rows = [
        {"time_s": round(float(time), 6), "side": side, "kind": kind}
        for side in SIDES
        for kind in ("initial_contact", "toe_off")
        for time in _event_times(walker, side, kind)
        if any(stretch["start_s"] <= time <= stretch["end_s"] for stretch in passes)
    ]
    return sorted(rows, key=lambda row: row["time_s"])


def _parameters(walker: Walker) -> list[dict[str, Any]]:
    """Parameters by side, then those of the whole walk; of the mean walk where it changes over minutes."""
    mean = mean_walker(walker)
    plan = replace(solve(mean), steps=None)
    body = body_values(plan, _FINE, motion.stride_m(mean, plan, _FINE))
    by_side = {
        side: {
            **_temporal(walker, side),
            **_spatial(mean, side),
            **_angular(plan, side),
            **body[side],
            "contact_to_foot_flat_s": plan.legs[side].foot.flat * mean.stride_time_s,
            "trunk_sway_deg": walker.trunk_sway_deg.of(side),
        }
        for side in SIDES
    }
    stride, spread_pct = _stride_times(walker)
    speed = plan.stride_m / stride
    support = sum(by_side[side]["stance_pct"] for side in SIDES) - 100.0
    overall = {
        "stride_time_s": stride,
        "stride_time_cv_pct": spread_pct,
        "step_length_cv_pct": _step_spread_pct(walker),
        "cadence_spm": 120.0 / stride,
        "walking_speed_mps": speed,
        "walking_speed_llps": speed / plan.body.leg_m,
        "walking_speed_trend_pct": walker.step_length_trend_pct - walker.stride_time_trend_pct,
        "stride_length_m": plan.stride_m,
        "double_support_pct": support,
        "trunk_lean_deg": mean.trunk_lean_deg,
        "trunk_lean_trend_deg": walker.trunk_lean_trend_deg,
        "step_width_m": walker.step_width_ll * plan.body.leg_m,
        "step_width_ll": walker.step_width_ll,
        **body["both"],
    }
    rows = [_row(name, side, value) for side, values in by_side.items() for name, value in values.items()]
    return rows + [_row(name, "both", value) for name, value in overall.items()]


def _step_spread_pct(walker: Walker) -> float:
    """Spread of the step lengths in the film in % of their mean, each side about its own mean."""
    steps = StepVariation.of(walker)
    if steps is None:
        return 0.0
    last = int(Timing.of(walker).phase(np.array([walker.duration_s]))[0]) - steps.first
    left, right = (steps.places_m[side][-steps.first : last + 1] for side in SIDES)
    if len(right) < 3:
        return walker.step_length_cv_pct
    mean_m = walker.step_length_ll.mean * walker.leg_length_m
    return 100 * float(np.sqrt(np.mean([np.var(right - left), np.var(left[1:] - right[:-1])]))) / mean_m


def _row(name: str, side: str, value: float) -> dict[str, Any]:
    """One parameter; its unit is the end of its name."""
    unit = "leg lengths/s" if name.endswith("_llps") else _UNITS[name.rsplit("_", 1)[-1]]
    return {"id": name, "side": side, "value": round(float(value), 6), "unit": unit}


def _stride_times(walker: Walker) -> tuple[float, float]:
    """Mean stride time in the film and its spread in %; the walker's own where there is no whole stride."""
    strides = np.concatenate([np.diff(_event_times(walker, side, "initial_contact")) for side in SIDES])
    if len(strides) == 0:
        return walker.stride_time_s, 0.0
    return float(strides.mean()), float(100 * strides.std() / strides.mean())


def _temporal(walker: Walker, side: str) -> dict[str, float]:
    """Times of one side, for the mean stride."""
    stride, _ = _stride_times(walker)
    stance, other = walker.stance_pct.of(side), walker.stance_pct.of("left" if side == "right" else "right")
    return {
        "stride_time_s": stride,
        "step_time_s": Timing.step_fraction(walker, side) * stride,
        "stance_time_s": stance / 100 * stride,
        "swing_time_s": (1 - stance / 100) * stride,
        "stance_pct": stance,
        "swing_pct": 100 - stance,
        "single_support_pct": 100 - other,
    }


def _spatial(walker: Walker, side: str) -> dict[str, float]:
    """Lengths of one side."""
    leg = walker.leg_length_m
    step, stride = walker.step_length_ll.of(side), walker.step_length_ll.left + walker.step_length_ll.right
    return {
        "step_length_m": step * leg,
        "stride_length_m": stride * leg,
        "step_length_ll": step,
        "stride_length_ll": stride,
    }


def _angular(plan: StridePlan, side: str) -> dict[str, float]:
    """Angles of one side, with the signs of ``gait.trajectories.angles``; plantarflexion is negative."""
    foot = plan.legs[side].foot
    leg = leg_motion(plan, side, _FINE + plan.legs[side].lag)
    share = swing_share(foot, _FINE)
    ankle, knee = leg.ankle_dorsiflexion_deg, leg.knee_flexion_deg
    low, is_middle = np.minimum(leg.heel[:, 1], leg.toe[:, 1]), (share > 0.25) & (share < 0.75)
    is_push_off, is_loading = (foot.rise < _FINE) & (share < 0.35), 0.4 * foot.stance > _FINE
    # From the foot's rest to where a usual heel still lies.
    is_standing = (foot.flat < _FINE) & (0.55 * foot.stance > _FINE)
    return {
        "foot_floor_angle_at_contact_deg": leg.foot_pitch_deg[0],
        "ankle_dorsiflexion_at_contact_deg": ankle[0],
        "peak_stance_dorsiflexion_deg": ankle[(0.3 * foot.stance < _FINE) & (foot.stance > _FINE)].max(),
        "peak_push_off_plantarflexion_deg": ankle[is_push_off].min(),
        "peak_swing_dorsiflexion_deg": ankle[(share > 0.35) & (share < 0.85)].max(),
        "knee_loading_flexion_deg": knee[is_loading].max(),
        "min_stance_knee_flexion_deg": knee[(0.2 * foot.stance < _FINE) & (0.9 * foot.stance > _FINE)].min(),
        "peak_swing_knee_flexion_deg": knee[share > 0].max(),
        "peak_swing_thigh_deg": leg.thigh_deg[share > 0].max(),
        "knee_range_deg": np.ptp(knee),
        "ankle_range_deg": np.ptp(ankle),
        "min_toe_clearance_m": low[is_middle].min(),
        "min_stance_heel_height_m": leg.heel[foot.stance > _FINE, 1].min(),
        "mid_stance_heel_height_m": leg.heel[is_standing, 1].max(),
        "foot_pitch_at_toe_off_deg": float(np.degrees(foot.toe_off_pitch)),
        "knee_flexion_at_contact_deg": knee[0],
    }
