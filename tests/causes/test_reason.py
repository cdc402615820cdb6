"""Reasoning piece by piece: modules, sides, soft findings, pain, two troubles, linked levels, next questions."""

from __future__ import annotations

import pytest
from people import person, reason

from gait.causes import suggest_causes
from gait.causes.facts import gather_facts
from gait.causes.knowledge import load_knowledge
from gait.causes.modules import choose_modules
from gait.core.findings import Finding, Findings

KNOWLEDGE = load_knowledge()


def modules(**words: str) -> tuple[str, ...]:
    subject = person(**words)
    return choose_modules(gather_facts(KNOWLEDGE, Findings(), subject))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"complaints": "foot_drop@left"}, ("foot_drop",)),
        ({"complaints": "foot_pain@left back_pain"}, ("foot_pain", "back_leg")),
        ({"complaints": "leg_pain"}, ("back_leg",)),
        ({"complaints": "foot_pain@left", "seen": "foot_drop@left"}, ("foot_drop", "foot_pain")),
        ({"complaints": "back_pain"}, ("back",)),
        ({"complaints": "back_pain leg_pain@left"}, ("back_leg",)),
        ({"complaints": "back_pain", "yes": "ankle_dorsiflexion_weak@left"}, ("foot_drop", "back")),
        ({"seen": "cannot_walk_on_heels@left"}, ("foot_drop",)),
        ({"seen": "foot_slap@left steppage@left"}, ("foot_drop",)),
        ({"seen": "foot_slap@left"}, ("foot_drop",)),
        ({"seen": "steppage@right reduced_swing_dorsiflexion@left"}, ("film",)),
        ({"seen": "trendelenburg@left"}, ("film",)),
        ({"seen": "slow_walking short_steps toe_out@left"}, ()),
        ({"seen": "wide_base"}, ("film",)),
        # A foot held low while its strength is normal, in somebody with pain: not a foot drop.
        ({"complaints": "foot_pain", "seen": "foot_drop@left", "no": "ankle_dorsiflexion_weak@left"}, ("foot_pain",)),
        ({}, ()),
    ],
)  # fmt: skip
def test_modules_are_chosen_from_complaints_and_findings(words: dict[str, str], expected: tuple[str, ...]) -> None:
    assert modules(**words) == expected


def test_a_strong_foot_that_seems_to_drop_is_stiff_until_shown_otherwise() -> None:
    """Active against passive dorsiflexion is the test that tells weakness from stiffness."""
    told = {"yes": "passive_dorsiflexion_limited@left injury_ankle@left pain_front_of_ankle@left"}
    strong = reason(person("foot_drop@left", no="ankle_dorsiflexion_weak@left", **told))
    weak = reason(person("foot_drop@left", yes=f"ankle_dorsiflexion_weak@left {told['yes']}"))
    assert strong.causes[0].id == "ankle_osteoarthritis"
    assert any("normal strength" in note for note in strong.notes)
    assert weak.causes[0].id != "ankle_osteoarthritis"


def test_signs_of_the_other_side_do_not_count_and_are_noted() -> None:
    plain = reason(person("foot_drop@left", yes="ankle_dorsiflexion_weak@left"))
    mixed = reason(person("foot_drop@left", yes="ankle_dorsiflexion_weak@left foot_inversion_weak@right"))
    assert [(c.id, c.probability) for c in mixed.causes] == [(c.id, c.probability) for c in plain.causes]
    assert any("other side" in note and "Foot inversion" in note for note in mixed.notes)


def test_heel_raise_stopped_by_pain_is_not_weakness() -> None:
    told = "single_heel_raise_fails@left pain_lateral_foot@left"
    weak = reason(person("foot_pain@left", yes=told))
    painful = reason(person("foot_pain@left", yes=f"{told} heel_raise_limited_by_pain@left"))
    probability = [{c.id: c.probability for c in r.causes}.get("s1_root", 0.0) for r in (weak, painful)]
    assert probability[1] < probability[0]
    assert any("cannot be judged" in note for note in painful.notes)


def test_a_level_pelvis_hardly_clears_l5() -> None:
    plain = {c.id: c.probability for c in reason(person("foot_drop@left")).causes}
    level = {c.id: c.probability for c in reason(person("foot_drop@left", unseen="trendelenburg@left")).causes}
    assert level["l5_root"] >= 0.7 * plain["l5_root"]


def test_confidence_of_a_finding_enters() -> None:
    subject = person("foot_drop@left")

    def l5(confidence: float) -> float:
        seen = Finding("trendelenburg", "left", "present", severity="moderate", confidence=confidence)
        return {c.id: c.probability for c in suggest_causes(Findings((seen,)), subject).causes}["l5_root"]

    assert l5(0.2) < l5(0.6) < l5(1.0)


def test_a_finding_that_is_not_assessable_is_skipped() -> None:
    seen = Findings((Finding("trendelenburg", "left", "not_assessable", reason="side view"),))
    subject = person("foot_drop@left")
    assert suggest_causes(seen, subject) == suggest_causes(Findings(), subject)


def test_slap_and_steppage_do_not_localise() -> None:
    plain = reason(person("foot_drop@left"))
    slap = reason(person("foot_drop@left", seen="foot_slap@left steppage@left"))
    assert [(c.id, c.probability) for c in plain.causes] == [(c.id, c.probability) for c in slap.causes]


def test_two_troubles_are_said_when_strong_signs_point_to_both() -> None:
    both = reason(
        person(
            "foot_drop@right",
            yes="hip_abduction_weak@right leg_pain_below_knee@right back_pain ankle_dorsiflexion_weak@right "
            "tinel_fibular_head@right kneeling_or_squatting foot_eversion_weak@right foot_inversion_weak@right",
        )
    )
    assert {cause.id for cause in both.causes if cause.probability > 0.5} >= {"l5_root", "peroneal_neuropathy"}
    assert any("both" in note and "together" in note for note in both.notes)
    assert ("l5_root", "peroneal_neuropathy") not in both.inseparable


def test_dangerous_causes_are_kept_and_worded() -> None:
    causes = {c.id: c for c in reason(person("foot_drop@left", no="upper_motor_neuron_signs fasciculation")).causes}
    motor = causes["motor_neuron_disease"]
    assert motor.probability < 0.05
    assert motor.wording == "unlikely, but must not be missed"
    assert all(c.probability >= 0.05 or KNOWLEDGE.causes[c.id].dangerous for c in causes.values())


def test_without_examination_nothing_is_held_above_60() -> None:
    told = person("foot_pain@left", yes="pain_heel@left first_step_pain@left pain_sole@left")
    assert reason(told).causes[0].probability == pytest.approx(0.60)
    assert any("Nothing was examined" in note for note in reason(told).notes)


def test_shoes_explain_a_corn_and_stand_below_it() -> None:
    result = reason(person("foot_pain@left", yes="corn_visible@left tight_shoes_or_boots better_barefoot@left"))
    order = [cause.id for cause in result.causes]
    assert order.index("corn") < order.index("footwear")
    assert "It would explain Corn or callus" in result.causes[order.index("footwear")].supported_by


def test_the_next_question_separates_the_leading_causes() -> None:
    question = reason(person("foot_drop@left", yes="ankle_dorsiflexion_weak@left")).next_questions[0]
    assert question.id in KNOWLEDGE.questions
    assert question.information_bits > 0.05
    assert "Yes would speak for" in question.why


def test_what_was_answered_is_not_asked_again() -> None:
    result = reason(person("foot_drop@left", yes="foot_inversion_weak@left", no="hip_abduction_weak@left"))
    assert not {"foot_inversion_weak", "hip_abduction_weak"} & {q.id for q in result.next_questions}
    assert result.answered == 2


def test_every_cause_says_what_is_missing_and_where_it_comes_from() -> None:
    for cause in reason(person("foot_drop@left back_pain")).causes:
        assert cause.sources
        assert len(cause.missing) == 3


def test_age_moves_stenosis_as_published() -> None:
    """Over 70 the likelihood ratio is 2.0, under 60 it is 0.40."""

    def odds(age: float) -> float:
        causes = {c.id: c.probability for c in reason(person("leg_pain@left", age_years=age)).causes}
        return causes["lumbar_stenosis"] / causes["s1_root"]

    assert odds(75.0) / odds(55.0) == pytest.approx(5.0, rel=0.01)
