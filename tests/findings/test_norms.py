"""What is usual: by age and sex, and by the speed of walking without steps."""

import numpy as np
import pandas as pd
import pytest

from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Norm, Parameter
from gait.core.subject import Subject
from gait.findings.norms import GRAVITY_MPS2, Norms, load_norms, with_norms
from gait.parameters.catalogue import load_catalogue

PERSON = Subject(age_years=45, sex="male", height_m=1.70)
LEG_M = 0.53 * 1.70


def at_speed(speed_mps: float, person: Subject = PERSON, leg_m: float = LEG_M, **options: bool) -> Norms:
    """Norms of somebody who walks so fast."""
    speed = Parameter("walking_speed_llps", "both", speed_mps / leg_m, "leg lengths/s", 0.0, 8, 0.0, 9.0)
    return load_norms(person, GaitParameters(pd.DataFrame(columns=list(STRIDE_COLUMNS)), (speed,)), **options)


def middle(norm: Norm) -> float:
    return (norm.low + norm.high) / 2


def test_a_slow_healthy_adult_stands_as_long_as_slow_people_do():
    usual = at_speed(0.55).by_parameter
    assert usual["stance_pct"].low < 66.0
    assert usual["stance_pct"].high > 70.0
    assert usual["double_support_pct"].low < 35.0
    assert usual["double_support_pct"].high > 40.0
    assert usual["mean_double_support_pct"] == usual["double_support_pct"]


@pytest.mark.parametrize(
    ("measure", "sign"),
    [
        ("stance_pct", -1),
        ("double_support_pct", -1),
        ("peak_push_off_plantarflexion_deg", -1),
        ("peak_swing_knee_flexion_deg", 1),
        ("hip_range_deg", 1),
        ("step_length_ll", 1),
        ("cadence_spm", 1),
    ],
)
def test_what_is_usual_follows_the_speed_without_steps(measure, sign):
    speeds = np.linspace(0.5, 1.6, 56)
    middles = np.array([middle(at_speed(speed).by_parameter[measure]) for speed in speeds])
    change = sign * np.diff(middles)
    assert (change >= -1e-9).all()
    assert change.max() < 0.06 * np.ptp(middles)


def test_lengths_and_times_follow_the_leg_at_one_dimensionless_speed():
    short, tall = (Subject(age_years=45, sex="male", height_m=height) for height in (1.50, 1.90))
    usual = [
        at_speed(0.4 * np.sqrt(GRAVITY_MPS2 * leg), person, leg).by_parameter
        for person, leg in ((short, 0.53 * 1.50), (tall, 0.53 * 1.90))
    ]
    assert usual[0]["step_length_ll"].low == pytest.approx(usual[1]["step_length_ll"].low)
    assert middle(usual[1]["step_length_m"]) / middle(usual[0]["step_length_m"]) == pytest.approx(1.90 / 1.50)
    assert middle(usual[0]["cadence_spm"]) / middle(usual[1]["cadence_spm"]) == pytest.approx(np.sqrt(1.90 / 1.50))
    assert usual[0]["knee_range_deg"].low == pytest.approx(usual[1]["knee_range_deg"].low)


def test_old_people_step_shorter_and_quicker_at_the_same_speed():
    old = at_speed(1.1, Subject(age_years=82, sex="male", height_m=1.70)).by_parameter
    young = at_speed(1.1).by_parameter
    assert middle(old["step_length_ll"]) < middle(young["step_length_ll"])
    assert middle(old["cadence_spm"]) > middle(young["cadence_spm"])
    assert old["walking_speed_mps"].low < young["walking_speed_mps"].low


def test_every_norm_says_what_it_met_and_where_it_comes_from():
    known = {row.id for row in load_catalogue()}
    for person in (PERSON, Subject()):
        for name, norm in at_speed(1.2, person).by_parameter.items():
            assert name in known
            assert norm.matched_by
            assert norm.source
            assert norm.low < norm.high
    assert "not told" in at_speed(1.2, Subject()).by_parameter["stance_pct"].matched_by
    assert "1.20 m/s" in at_speed(1.2).by_parameter["stance_pct"].matched_by
    assert at_speed(1.2).by_parameter["walking_speed_mps"].matched_by == "male, 40-49 years"


def test_without_a_speed_nothing_is_matched_by_speed():
    norms = load_norms(PERSON, GaitParameters.empty())
    assert norms.speed_class == ""
    assert "stance_pct" not in norms.by_parameter
    assert "walking_speed_mps" in norms.by_parameter


def test_angles_counted_from_standing_meet_no_norm_but_their_ranges_do():
    zeroed = at_speed(1.2, are_angles_zeroed=True).by_parameter
    assert "peak_swing_knee_flexion_deg" not in zeroed
    assert {"knee_range_deg", "knee_loading_excursion_deg", "foot_pitch_at_toe_off_deg"} <= set(zeroed)


def test_a_child_meets_no_norm():
    norms = at_speed(1.2, Subject(age_years=9))
    assert norms.is_child
    assert not norms.by_parameter


def test_a_told_leg_length_counts_before_stature():
    told = Subject(age_years=45, sex="male", height_m=1.70, leg_length_left_m=0.80, leg_length_right_m=0.80)
    assert middle(at_speed(1.2, told, 0.80).by_parameter["cadence_spm"]) > middle(
        at_speed(1.2).by_parameter["cadence_spm"]
    )


def test_measures_carry_the_norm_they_met():
    value = Parameter("stance_pct", "left", 62.0, "%", 1.0, 5, 61.0, 63.0)
    parameters = GaitParameters(pd.DataFrame(columns=list(STRIDE_COLUMNS)), (value,))
    norms = at_speed(1.2)
    assert with_norms(parameters, norms).summary[0].norm == norms.by_parameter["stance_pct"]
