"""Worked vignettes: the pictures that a specialist would name at once, and the ones that would lure a beginner."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from people import RANK, SAMPLES, mirrored, picture, reason, swapped, with_answers

from gait.causes import findings_of_intake, read_intake
from gait.causes.expression import Leaf, leaves
from gait.causes.facts import gather_facts
from gait.causes.knowledge import load_knowledge
from gait.causes.model import normalised
from gait.causes.modules import choose_modules, run_modules
from gait.core.subject import Answer, Subject

# file, cause that must lead (None: no cause), side, urgency
VIGNETTES = [
    ("l5_root_right", "l5_root", "right", "urgent"),
    ("peroneal_left", "peroneal_neuropathy", "left", "urgent"),
    ("s1_root_left", "s1_root", "left", "routine"),
    ("lumbar_stenosis", "lumbar_stenosis", "both", "routine"),
    ("stroke_right", "upper_motor_neuron", "right", "emergency"),
    ("cauda_equina", "multiple_roots", "both", "emergency"),
    ("hip_osteoarthritis_right", "hip_osteoarthritis", "right", "routine"),
    ("short_leg_left", "leg_length_difference", "left", "routine"),
    ("peroneal_left_old_back_pain", "peroneal_neuropathy", "left", "routine"),
    ("foot_drop_film_only_right", "peroneal_neuropathy", "right", "routine"),
    ("compartment_syndrome_right", "compartment_syndrome", "right", "emergency"),
    ("healthy_slow_old", None, None, "none"),
]
NAMES = [row[0] for row in VIGNETTES]


def load(name: str) -> Subject:
    return read_intake(SAMPLES / f"{name}.json")


def test_every_sample_is_a_vignette() -> None:
    assert sorted(path.stem for path in SAMPLES.glob("*.json")) == sorted(NAMES)


@pytest.mark.parametrize(("name", "cause", "side", "urgency"), VIGNETTES)
def test_leading_cause_side_and_urgency(name: str, cause: str | None, side: str | None, urgency: str) -> None:
    result = reason(load(name))
    assert result.urgency == urgency
    if cause is None:
        assert result.causes == ()
        return
    assert (result.causes[0].id, result.causes[0].side) == (cause, side)


@pytest.mark.parametrize("name", NAMES)
def test_in_the_mirror_only_the_sides_change(name: str) -> None:
    here, there = reason(load(name)), reason(mirrored(load(name)))
    assert picture(there) == [(cause, swapped(side), p) for cause, side, p in picture(here)]
    assert (here.urgency, here.inseparable) == (there.urgency, there.inseparable)
    assert [q.id for q in here.next_questions] == [q.id for q in there.next_questions]
    assert [(f.id, f.status) for f in here.red_flags] == [(f.id, f.status) for f in there.red_flags]


def divergence_from_prior(subject: Subject) -> float:
    """Kullback-Leibler divergence of the posterior from the prior, summed over the models, in bits."""
    knowledge = load_knowledge()
    facts = gather_facts(knowledge, findings_of_intake(subject.intake), subject)
    return sum(
        p * math.log2(p / prior)
        for posterior in run_modules(knowledge, facts, choose_modules(facts))
        for p, prior in zip(normalised(posterior.shown()).values(), posterior.prior[0], strict=True)
    )


@pytest.mark.parametrize("name", [name for name in NAMES if load(name).intake.answers])
def test_with_fewer_answers_less_is_believed_and_the_side_never_flips(name: str) -> None:
    subject = load(name)
    side = reason(subject).causes[0].side
    blanked = []
    for seed in range(5):
        answers = subject.intake.answers
        kept = random.Random(seed).sample(answers, math.ceil(0.7 * len(answers)))
        poorer = with_answers(subject, tuple(kept))
        assert all(cause.side != swapped(side) or side == "both" for cause in reason(poorer).causes)
        blanked.append(divergence_from_prior(poorer))
    assert sum(blanked) / len(blanked) < divergence_from_prior(subject)


@pytest.mark.parametrize("name", NAMES)
def test_one_contradictory_answer_neither_crashes_nor_changes_the_urgency(name: str) -> None:
    """Answers that no rule for hurry asks about are turned round or made up, one at a time."""
    subject = load(name)
    urgency = reason(subject).urgency
    asked_by_rules = {
        leaf.item
        for _, trigger in load_knowledge().flags.values()
        for leaf in leaves(trigger)
        if isinstance(leaf, Leaf)
    }
    given = {answer.id: answer for answer in subject.intake.answers}
    made_up = random.Random(name).sample(sorted(set(load_knowledge().questions) - asked_by_rules - set(given)), 5)
    turned = [replace(answer, value="no" if answer.value == "yes" else "yes") for answer in given.values()]
    for answer in [*turned, *(Answer(item, "yes", "left") for item in made_up)]:
        result = reason(with_answers(subject, tuple({**given, answer.id: answer}.values())))
        if answer.id not in asked_by_rules:
            assert result.urgency == urgency
        elif answer.value == "yes":
            assert RANK.index(result.urgency) >= RANK.index(urgency)


def test_l5_speaks_strongly_and_says_why() -> None:
    top = reason(load("l5_root_right")).causes[0]
    assert top.wording == "strongly suggests"
    assert top.probability <= 0.90
    assert "Foot inversion is weak (right): speaks for L5 nerve root" in top.supported_by
    assert any("Hip abduction is weak" in sentence for sentence in top.supported_by)


def test_a_disc_explains_the_l5_root_of_a_man_who_lifted() -> None:
    causes = {cause.id: cause for cause in reason(load("l5_root_right")).causes}
    disc = causes["lumbar_disc_herniation"]
    assert (disc.level, causes["l5_root"].level) == ("why", "where")
    assert disc.supported_by[0] == "It would explain L5 nerve root"
    assert 0.5 < disc.probability <= causes["l5_root"].probability


def test_vaulting_of_the_good_leg_is_not_taken_for_its_trouble() -> None:
    result = reason(load("peroneal_left"))
    assert {cause.side for cause in result.causes if cause.side} == {"left"}
    assert not any("other side" in note for note in result.notes)


def test_normal_inversion_and_abduction_clear_l5_whatever_the_old_back_pain() -> None:
    result = reason(load("peroneal_left_old_back_pain"))
    assert all(cause.id != "l5_root" for cause in result.causes)
    assert any("Foot inversion is normal" in sentence for sentence in result.causes[0].supported_by)


def test_film_alone_does_not_localise_a_foot_drop() -> None:
    result = reason(load("foot_drop_film_only_right"))
    assert ("peroneal_neuropathy", "l5_root") in result.inseparable
    assert result.causes[0].probability <= 0.60
    assert result.causes[0].wording == "possible – leading but not settled"
    assert result.next_questions[0].id == "foot_inversion_weak"
    assert "cannot be separated" in result.summary
    assert [cause.id for cause in result.causes if cause.level == "where"][:3] == [
        "peroneal_neuropathy",
        "l5_root",
        "polyneuropathy",
    ]


@pytest.mark.parametrize(
    ("normal", "leading"), [(True, "peroneal_neuropathy"), (False, "l5_root")], ids=["both normal", "both weak"]
)
def test_inversion_and_abduction_settle_the_film(normal: bool, leading: str) -> None:
    subject = load("foot_drop_film_only_right")
    tests = ("foot_inversion_weak", "hip_abduction_weak")
    answers = tuple(Answer(item, "no" if normal else "yes", "right") for item in tests)
    assert reason(with_answers(subject, answers)).causes[0].id == leading


def test_cauda_equina_is_said_first() -> None:
    result = reason(load("cauda_equina"))
    assert (result.red_flags[0].id, result.red_flags[0].status) == ("cauda_equina", "present")
    assert result.summary.startswith("Emergency")
    assert "emergency department" in result.red_flags[0].action
    assert "There is numbness between the legs" in result.red_flags[0].because


def test_hip_lean_is_not_read_as_l5() -> None:
    result = reason(load("hip_osteoarthritis_right"))
    assert result.causes[0].group == "foot_leg"
    assert all(cause.id != "l5_root" for cause in result.causes)


def test_short_leg_is_named_with_the_chain_to_the_back() -> None:
    result = reason(load("short_leg_left"))
    assert any("which came first" in chain for chain in result.chains)
    assert result.causes[0].probability > 0.8
    assert all("back pain" in chain for chain in result.chains)


def test_slow_healthy_age_is_no_disease() -> None:
    result = reason(load("healthy_slow_old"))
    assert result.causes == result.next_questions == result.inseparable == ()
    assert all(flag.status != "present" for flag in result.red_flags)
