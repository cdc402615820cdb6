"""Findings fire on planted faults with their side, and are silent on healthy walkers."""

import math

import contract_ids
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from walks import findings_of, present

from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.core.subject import Subject
from gait.findings.catalogue import load_rules
from gait.findings.conditions import Conditions
from gait.findings.norms import load_norms, with_norms
from gait.findings.rules import find_deviations
from gait.parameters.catalogue import load_catalogue
from gait.simulate.walker import BySide, Walker


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    stride=st.floats(0.95, 1.2),
    length=st.floats(0.70, 0.85),
    pitch=st.floats(16.0, 24.0),
    heading=st.sampled_from(["left_to_right", "right_to_left"]),
    rate=st.sampled_from([30.0, 60.0]),
    seed=st.integers(0, 1000),
)
def test_healthy_walkers_have_no_finding(stride, length, pitch, heading, rate, seed):
    walker = Walker(
        stride_time_s=stride,
        step_length_ll=BySide.both(length),
        contact_pitch_deg=BySide.both(pitch),
        heading=heading,
        rate_hz=rate,
        duration_s=7.0,
        noise_px=2.5,
        stride_time_cv_pct=2.0,
        seed=seed,
    )
    assert present(findings_of(walker)) == set()


@pytest.mark.parametrize("stride", [1.5, 1.7])
def test_a_slow_healthy_walker_is_slow_and_nothing_else(stride):
    walker = Walker(
        stride_time_s=stride,
        step_length_ll=BySide.both(0.5),
        stance_pct=BySide.both(66.0),
        duration_s=12.0,
        noise_px=2.0,
    )
    assert present(findings_of(walker, age_years=83, sex="female")) == {("slow_walking", None)}


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("heading", ["left_to_right", "right_to_left"])
@pytest.mark.parametrize("finding", ["foot_drop", "antalgic_gait", "step_length_asymmetry", "step_time_asymmetry"])
def test_a_planted_fault_is_found_on_its_side(finding, side, heading):
    walker = Walker(duration_s=9.0, noise_px=1.5, heading=heading).with_fault(finding, side, 1.0)
    found = present(findings_of(walker))
    assert (finding, side) in found
    assert (finding, "right" if side == "left" else "left") not in found


@pytest.mark.parametrize("side", ["left", "right"])
def test_weak_push_off_is_found_on_its_side_when_each_leg_was_once_near(side):
    walker = Walker(duration_s=16.0, noise_px=1.5, there_and_back=True).with_fault("weak_push_off", side, 1.0)
    found = present(findings_of(walker))
    assert ("weak_push_off", side) in found
    assert ("weak_push_off", "right" if side == "left" else "left") not in found


def test_every_finding_of_the_contract_is_answered_once_for_each_side():
    found = findings_of(Walker(duration_s=6.0))
    keys = [(finding.id, finding.side) for finding in found.all]
    assert len(keys) == len(set(keys))
    assert {finding.id for finding in found.all} == set(contract_ids.FINDINGS)
    assert all(finding.reason for finding in found.with_status("not_assessable"))


def test_a_film_from_the_front_judges_nothing_of_the_side_view():
    found = findings_of(Walker(view="frontal", heading="towards", duration_s=6.0))
    assert found.present() == ()
    assert found.get("foot_drop", "left").status == "not_assessable"
    assert "frontal" in found.get("foot_drop", "left").reason


def test_children_are_not_judged_by_adult_norms():
    found = findings_of(Walker(duration_s=6.0), age_years=9)
    assert {finding.status for finding in found.all} == {"not_assessable"}


def test_rules_name_measures_that_exist():
    measures = {row.id for row in load_catalogue()}
    for rule in load_rules().finding:
        grade = {rule.grade.parameter} if rule.grade else set()
        assert {criterion.parameter for way in rule.way for criterion in way.criterion} | grade <= measures


def made(rows: list[tuple[str, str, float, float, int]]) -> GaitParameters:
    """Parameters from ``(id, side, value, standard error, strides)``."""
    units = {row.id: row.unit for row in load_catalogue()}
    summary = [Parameter(i, s, v, units[i], 0.0, n, v - 1.96 * e, v + 1.96 * e) for i, s, v, e, n in rows]
    return GaitParameters(pd.DataFrame(columns=list(STRIDE_COLUMNS)), tuple(summary))


def judge(rows, finding_id, side, view="sagittal", **options):
    parameters = made(rows)
    norms = load_norms(Subject(), parameters)
    return find_deviations(with_norms(parameters, norms), norms, Conditions(view, **options)).get(finding_id, side)


STANCE = "stance_pct"
STEP = "step_time_s"


def limp(difference: float, error: float = 0.3, strides: int = 5):
    return [
        (STANCE, "left", 62.0 - difference, error, strides),
        (STANCE, "right", 62.0, error, strides),
        (STEP, "left", 0.66, 0.004, strides),
        (STEP, "right", 0.56, 0.004, strides),
    ]


def test_a_deviation_beyond_its_error_is_present():
    finding = judge(limp(9.0), "antalgic_gait", "left")
    assert (finding.status, finding.severity) == ("present", "moderate")
    assert "left" in finding.wording
    assert judge(limp(9.0), "antalgic_gait", "right").status == "absent"


def test_a_deviation_within_its_error_is_not_decided():
    finding = judge(limp(6.0, error=3.0), "antalgic_gait", "left")
    assert finding.status == "not_assessable"
    assert "less than they may be wrong" in finding.reason


def test_too_few_strides_decide_nothing():
    assert judge(limp(9.0, strides=2), "antalgic_gait", "left").status == "not_assessable"
    assert judge(limp(0.0, strides=2), "antalgic_gait", "left").status == "not_assessable"


def weak_push_off(pitch_at_contact_deg: float):
    """The left foot rises less; the right one lands at the given angle."""
    rows = [("foot_pitch_at_toe_off_deg", "left", -40.0, 1.0, 5), ("foot_pitch_at_toe_off_deg", "right", -60.0, 1.0, 5)]
    rows += [("heel_rise_pct", "left", 60.0, 1.0, 5), ("heel_rise_pct", "right", 45.0, 1.0, 5)]
    rows += [("step_length_ll", side, 0.6, 0.01, 5) for side in ("left", "right")]
    for name in ("foot_floor_angle_at_contact_deg", "late_swing_foot_angle_deg"):
        rows += [(name, "left", 20.0, 1.0, 5), (name, "right", pitch_at_contact_deg, 1.0, 5)]
    return rows


def test_a_foot_that_drops_is_no_measure_of_push_off():
    assert judge(weak_push_off(20.0), "weak_push_off", "left").status == "present"
    assert judge(weak_push_off(-8.0), "foot_drop", "right").status == "present"
    finding = judge(weak_push_off(-8.0), "weak_push_off", "left")
    assert finding.status == "not_assessable"
    assert "right foot shows foot drop" in finding.reason


def test_a_missing_measure_says_how_to_get_it():
    finding = judge(limp(0.0), "slow_walking", None)
    assert finding.status == "not_assessable"
    assert "--height" in finding.reason


def test_the_lite_model_judges_no_foot():
    rows = [("foot_floor_angle_at_contact_deg", side, 20.0, 1.0, 5) for side in ("left", "right")]
    assert judge(rows, "foot_drop", "left").status == "absent"
    assert judge(rows, "foot_drop", "left", is_lite=True).status == "not_assessable"


def test_norms_fit_the_person():
    parameters = made([("walking_speed_llps", "both", 1.4, 0.01, 5), ("step_length_m", "left", 0.6, 0.01, 5)])
    old = load_norms(Subject(age_years=82, sex="female"), parameters)
    young = load_norms(Subject(age_years=25, sex="male"), parameters)
    assert old.by_parameter["step_length_m"].high < young.by_parameter["step_length_m"].low
    assert "female" in old.by_parameter["step_length_m"].matched_by
    assert "step_length_m" not in load_norms(Subject(), parameters).by_parameter
    assert load_norms(Subject(age_years=12), parameters).is_child


def test_slower_walking_is_expected_to_push_off_less():
    def push_off(speed_ll: float) -> float:
        parameters = made([("walking_speed_llps", "both", speed_ll, 0.01, 5)])
        return load_norms(Subject(), parameters).by_parameter["peak_push_off_plantarflexion_deg"].high

    assert push_off(0.6) > push_off(1.4)
    assert not math.isnan(push_off(0.6))
