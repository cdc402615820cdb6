"""Measures against simulated truth, and the catalogue against its functions."""

import math

import numpy as np
import pytest
from walks import chain

from gait.core.clip import Clip
from gait.core.feet import FootContact, FootMotion
from gait.parameters.catalogue import load_catalogue
from gait.parameters.compute import compute_parameters
from gait.simulate.walker import BySide, Walker

#: Largest error against the truth of a simulated walker with landmark noise, in the measure's unit.
TOLERANCE = {
    "stride_time_s": 0.015,
    "step_time_s": 0.02,
    "stance_pct": 3.5,
    "swing_pct": 3.5,
    "cadence_spm": 1.5,
    "step_length_m": 0.045,
    "stride_length_m": 0.06,
    "walking_speed_mps": 0.07,
}


def compare(walker: Walker) -> None:
    _, _, _, parameters = chain(walker)
    checked = 0
    for row in walker.truth()["parameters"]:
        found = parameters.get(row["id"], row["side"] or "both")
        if row["id"] in TOLERANCE and found is not None:
            assert found.value == pytest.approx(row["value"], abs=TOLERANCE[row["id"]]), (row["id"], row["side"])
            assert found.low < found.value < found.high
            checked += 1
    assert checked >= 10


@pytest.mark.parametrize("heading", ["left_to_right", "right_to_left"])
@pytest.mark.parametrize("stride", [0.95, 1.1, 1.4])
def test_the_truth_is_measured_back(heading, stride):
    compare(Walker(heading=heading, stride_time_s=stride, duration_s=9.0, noise_px=2.0))


def test_sides_are_the_walkers_own():
    walker = Walker(step_length_ll=BySide(0.6, 0.8), duration_s=8.0, noise_px=2.0)
    _, _, _, parameters = chain(walker)
    assert parameters.value("step_length_m", "right") > parameters.value("step_length_m", "left") + 0.1
    assert parameters.value("step_length_asymmetry_pct") > 20.0


def test_without_height_there_are_leg_lengths_and_no_metres():
    from gait.core.subject import Subject
    from gait.events.cycles import cut_cycles
    from gait.events.swings import SwingPeaks
    from gait.trajectories.build import build_trajectories

    trajectories = build_trajectories(Walker(noise_px=1.0).pose(), Subject())
    events = SwingPeaks().detect(trajectories)
    parameters = compute_parameters(Clip(trajectories, events, cut_cycles(trajectories, events)))
    assert parameters.get("step_length_m", "left") is None
    assert parameters.value("step_length_ll", "left") == pytest.approx(0.74, abs=0.06)


@pytest.mark.parametrize("heading", ["towards", "away"])
def test_the_front_shows_step_width_and_nothing_of_the_side(heading):
    walker = Walker(view="frontal", heading=heading, duration_s=6.0, step_width_ll=0.14)
    _, _, _, parameters = chain(walker)
    seen = {p.id for p in parameters.summary}
    assert {"step_width_m", "step_width_ll"} <= seen
    assert not seen & {row.id for row in load_catalogue() if "frontal" not in row.views}
    for side in ("left", "right"):
        assert parameters.value("step_width_ll", side) == pytest.approx(0.14, abs=0.03)


def test_every_row_of_the_catalogue_is_defined_and_computed():
    _, _, _, parameters = chain(Walker(duration_s=8.0, noise_px=1.0))
    measured = {parameter.id for parameter in parameters.summary}
    kinds = {row.id: row.kind for row in load_catalogue()}
    for row in load_catalogue():
        assert row.definition, row.id
        assert row.formula, row.id
        assert row.citation, row.id
        # Lowering of the foot is measured from pixels only.
        from_pixels = ("contact_to_foot_flat_s", "foot_slap_velocity_degps")
        is_of_walk = row.kind != "trend" and "task" not in (row.kind, kinds.get(row.of))
        is_of_walk = is_of_walk and row.id not in from_pixels and row.of not in from_pixels
        if "sagittal" in row.views and is_of_walk:
            assert row.id in measured, row.id


def test_the_unit_ends_the_name():
    endings = {
        "s": ("_s",), "m": ("_m",), "m/s": ("_mps",), "%": ("_pct",), "deg": ("_deg",), "steps/min": ("_spm",),
        "deg/s": ("_degps",), "leg lengths": ("_ll",), "leg lengths/s": ("_llps",), "": ("_ratio",),
        "%/min": ("_pctpmin",), "deg/min": ("_degpmin",), "repetitions": ("_count",),
    }  # fmt: skip
    for row in load_catalogue():
        assert row.id.endswith(endings[row.unit]), row.id


def test_values_without_strides_are_absent_and_not_zero():
    from gait.core.events import GaitEvents
    from gait.events.cycles import cut_cycles

    trajectories, _, _, _ = chain(Walker(duration_s=4.0))
    nothing = GaitEvents.empty()
    parameters = compute_parameters(Clip(trajectories, nothing, cut_cycles(trajectories, nothing)))
    assert parameters.summary == ()
    assert math.isnan(parameters.value("cadence_spm"))


def feet_with(speed_degps, error_degps):
    """Three good contacts of each foot, one foot near."""
    contacts = [
        FootContact(
            side, 1.0 + number, np.array([1.0]), np.array([18.0]), 18.0, 15.0, 0.08, "heel", side == "right", 0.9,
            lowering_error_s=0.01, lowering_speed_degps=speed_degps, lowering_speed_error_degps=error_degps,
        )
        for number in range(3)
        for side in ("left", "right")
    ]  # fmt: skip
    return FootMotion(tuple(contacts), noise_deg=1.5)


def test_lowering_speed_comes_with_the_error_that_the_feet_tell():
    trajectories, events, cycles, _ = chain(Walker(duration_s=6.0))
    parameters = compute_parameters(Clip(trajectories, events, cycles, feet_with(300.0, 30.0)))
    found = parameters.get("foot_slap_velocity_degps", "right")
    assert found is not None
    assert found.value == pytest.approx(300.0)
    assert found.strides == 3
    # The contacts of a foot share most of the error, so three of them do not lessen it.
    assert found.high - found.value > 1.96 * 30.0
    errors = parameters.strides.query("parameter == 'foot_slap_velocity_degps'")["uncertainty"]
    assert (errors >= 30.0).all()


def test_lowering_speed_that_was_not_measurable_is_absent():
    trajectories, events, cycles, _ = chain(Walker(duration_s=6.0))
    parameters = compute_parameters(Clip(trajectories, events, cycles, feet_with(float("nan"), float("nan"))))
    assert parameters.get("foot_slap_velocity_degps", "right") is None
    assert parameters.get("contact_to_foot_flat_s", "right") is not None
