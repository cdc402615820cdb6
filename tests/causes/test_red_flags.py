"""Rules for hurry: what fires, what is not asked, and what nothing can lower."""

from __future__ import annotations

import pytest
from people import person, reason

from gait.causes import check_red_flags
from gait.core.findings import Finding, Findings

# complaints, yes, further words, rule that must fire, urgency of the whole
FIRING = [
    ("back_pain", "saddle_numbness", {}, "cauda_equina", "emergency"),
    ("back_pain leg_pain@both", "bladder_change", {}, "cauda_equina", "emergency"),
    ("foot_drop@left", "onset_days", {}, "acute_foot_drop", "urgent"),
    ("foot_drop@left", "worsening single_heel_raise_fails@left", {}, "acute_foot_drop_with_more", "emergency"),
    ("foot_drop@both", "", {}, "bilateral_foot_drop", "urgent"),
    ("walking_difficulty", "ankle_dorsiflexion_weak@both onset_days", {}, "bilateral_foot_drop_rapid", "emergency"),
    ("foot_pain@left", "injury_ankle@left cannot_bear_weight@left", {}, "fracture", "emergency"),
    ("foot_pain@left", "injury_foot@left bony_tenderness@left", {}, "fracture", "emergency"),
    ("back_pain", "cancer_history", {}, "cancer", "urgent"),
    ("back_pain", "cancer_history upper_motor_neuron_signs@both", {}, "cord_compression", "emergency"),
    ("back_pain", "night_pain", {"age_years": 61.0}, "cancer", "urgent"),
    ("back_pain", "fever", {}, "infection", "emergency"),
    ("foot_pain@left", "diabetes joint_swelling_hot_red@left", {}, "infection", "emergency"),
    ("leg_pain@left", "limb_cold_or_pale@left onset_sudden", {}, "limb_ischaemia", "emergency"),
    ("leg_pain@left", "foot_pulses_absent@left", {}, "poor_circulation", "soon"),
    ("walking_difficulty@left", "stroke_symptoms", {}, "stroke", "emergency"),
    ("walking_difficulty@both", "upper_motor_neuron_signs@both", {}, "brain_or_cord", "urgent"),
    ("leg_pain@left", "pain_out_of_proportion@left tense_leg_swelling@left", {}, "compartment_syndrome", "emergency"),
    ("foot_drop@left", "fasciculation@left", {}, "motor_neuron", "urgent"),
    ("leg_pain@left", "tense_leg_swelling@left", {}, "vein_clot", "urgent"),
    ("walking_difficulty@left", "", {"age_years": 9.0}, "limping_child", "urgent"),
    ("walking_difficulty", "trips_or_falls", {}, "falls", "soon"),
]


@pytest.mark.parametrize(("complaints", "yes", "body", "flag", "urgency"), FIRING)
def test_rule_fires_and_sets_the_urgency(complaints: str, yes: str, body: dict, flag: str, urgency: str) -> None:
    result = reason(person(complaints, yes=yes, **body))
    fired = {entry.id: entry for entry in result.red_flags if entry.status == "present"}
    assert flag in fired
    assert fired[flag].because
    assert result.urgency == urgency
    assert fired[flag].action in result.summary or fired[flag].tier != urgency


def test_fired_rules_stand_first_most_urgent_first() -> None:
    flags = check_red_flags(Findings(), person("back_pain", yes="saddle_numbness trips_or_falls cancer_history"))
    assert [flag.id for flag in flags[:3]] == ["cauda_equina", "cancer", "falls"]
    assert "present" not in {flag.status for flag in flags[3:]}


def test_unanswered_is_not_asked_and_names_the_questions() -> None:
    flags = {flag.id: flag for flag in check_red_flags(Findings(), person("back_pain", no="saddle_numbness"))}
    flag = flags["cauda_equina"]
    assert flag.status == "not_asked"
    assert "bladder_change" in flag.missing
    assert "saddle_numbness" not in flag.missing
    assert flags["infection"].status == "not_asked"


def test_answered_no_is_absent() -> None:
    flags = {flag.id: flag for flag in check_red_flags(Findings(), person("foot_pain", no="trips_or_falls"))}
    assert (flags["falls"].status, flags["falls"].missing) == ("absent", ())


def test_walking_pain_of_both_legs_alone_is_no_emergency() -> None:
    """Stenosis hurts in both legs; only sudden or fresh pain of both legs with back pain points to the cauda."""
    slow = reason(person("leg_pain@both back_pain", yes="leg_pain_both_sides leg_pain_below_knee@both onset_months"))
    fresh = reason(person("leg_pain@both back_pain", yes="leg_pain_both_sides leg_pain_below_knee@both onset_days"))
    assert (slow.urgency, fresh.urgency) == ("routine", "emergency")


def test_a_finding_that_is_probably_wrong_does_not_fire() -> None:
    subject = person("walking_difficulty@left", yes="worsening")
    sure, unsure = (
        Findings((Finding("foot_drop", "left", "present", severity="mild", confidence=c),)) for c in (0.8, 0.3)
    )
    assert {f.id: f.status for f in check_red_flags(sure, subject)}["acute_foot_drop"] == "present"
    assert {f.id: f.status for f in check_red_flags(unsure, subject)}["acute_foot_drop"] != "present"
