"""Bayes against sums done by hand: one item, dependent items, caps, influences, ranges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from people import person, reason

from gait.causes import findings_of_intake
from gait.causes.bayes import Posterior, infer
from gait.causes.facts import gather_facts
from gait.causes.influence import influences
from gait.causes.knowledge import Knowledge, load_knowledge
from gait.causes.model import DRAWS, build_model
from gait.causes.schema import Row, Tag
from gait.core.subject import Subject

KNOWLEDGE: Knowledge = load_knowledge()
PRIORS = {key: cause.priors.foot_drop for key, cause in KNOWLEDGE.causes.items() if cause.priors.foot_drop > 0.0}
ROWS = {row.name: row for row in KNOWLEDGE.rows["foot_drop"]}


def posterior(subject: Subject) -> Posterior:
    facts = gather_facts(KNOWLEDGE, findings_of_intake(subject.intake), subject)
    return infer(KNOWLEDGE, facts, "foot_drop", PRIORS)


def by_hand(ratios: dict[str, float]) -> dict[str, float]:
    weight = {cause: PRIORS[cause] * ratios[cause] for cause in PRIORS}
    return {cause: value / sum(weight.values()) for cause, value in weight.items()}


def ratios(name: str, yes: bool, caps: tuple[float, float]) -> dict[str, float]:
    """P(observed | cause) over its mean over the causes, capped."""
    p = {cause: min(max(ROWS[name].p_yes(cause), 0.02), 0.98) for cause in PRIORS}
    seen = {cause: value if yes else 1.0 - value for cause, value in p.items()}
    mean = sum(PRIORS[cause] * seen[cause] for cause in PRIORS) / sum(PRIORS.values())
    return {cause: min(max(value / mean, caps[0]), caps[1]) for cause, value in seen.items()}


def shown(subject: Subject) -> dict[str, float]:
    return posterior(subject).shown()


@pytest.mark.parametrize("yes", [True, False])
def test_one_answer_by_hand(yes: bool) -> None:
    told = {"yes" if yes else "no": "hip_abduction_weak@left", "complaints": "foot_drop@left"}
    facts = gather_facts(KNOWLEDGE, findings_of_intake(person(**told).intake), person(**told))
    expected = ratios("hipabd_weak", yes, KNOWLEDGE.rules.exam_lr)
    only_one = ratios("bilateral", False, KNOWLEDGE.rules.history_lr)  # one foot: the complaint tells it
    assert facts.read("derived_bilateral") is not None
    by_both = by_hand({cause: expected[cause] * only_one[cause] for cause in PRIORS})
    assert shown(person(**told)) == pytest.approx(by_both)


def test_dependent_answers_share_their_weight_by_what_they_tell() -> None:
    told = person(seen="", complaints="foot_drop@both", yes="hip_abduction_weak@both great_toe_extension_weak@both")
    rows = {name: ratios(name, True, KNOWLEDGE.rules.exam_lr) for name in ("hipabd_weak", "ehl_weak")} | {
        "bilateral": ratios("bilateral", True, KNOWLEDGE.rules.history_lr)
    }
    total = sum(PRIORS.values())
    told_by = {
        name: math.sqrt(sum(PRIORS[c] / total * math.log(ratio[c]) ** 2 for c in PRIORS))
        for name, ratio in rows.items()
    }
    motor = [told_by["hipabd_weak"], told_by["ehl_weak"]]
    weight = 1.0 / (1.0 + KNOWLEDGE.rules.rho * (sum(motor) / max(motor) - 1.0))
    product = {
        cause: (rows["hipabd_weak"][cause] * rows["ehl_weak"][cause]) ** weight * rows["bilateral"][cause]
        for cause in PRIORS
    }
    assert 0.5 < weight < 1.0
    assert shown(told) == pytest.approx(by_hand(product))


def test_a_single_influence_is_the_change_of_the_odds() -> None:
    before, after = person("foot_drop"), person("foot_drop", yes="great_toe_extension_weak")  # no cap is reached
    facts = gather_facts(KNOWLEDGE, findings_of_intake(after.intake), after)
    for cause in ("l5_root", "lumbosacral_plexopathy", "l4_root"):
        odds = [p / (1.0 - p) for p in (shown(before)[cause], shown(after)[cause])]
        found = {a.influence.item: a.influence for a in influences(KNOWLEDGE, facts, posterior(after), cause)}
        assert found["great_toe_extension_weak"].bits == pytest.approx(math.log2(odds[1] / odds[0]))


def test_a_cluster_never_weighs_more_than_its_cap() -> None:
    everything = " ".join(
        f"{row.items[0]}@left" for row in ROWS.values() if row.cluster == "M" and row.items[0] != "trendelenburg"
    )
    sums = posterior(person("foot_drop@left", yes=everything)).field.sum(axis=0)
    low, high = (math.log(limit) for limit in KNOWLEDGE.rules.cluster_lr)
    assert (sums <= high * 2).all()
    assert (sums >= low * 2).all()


def test_age_and_setting_are_influences_with_their_sources() -> None:
    told = person("leg_pain@left", age_years=75.0)
    top = {cause.id: cause for cause in reason(told).causes}["lumbar_stenosis"]
    age = next(influence for influence in top.influences if influence.item == "age")
    assert (age.kind, age.text) == ("person", "The age is 75 years")
    assert age.bits > 0
    assert "SURI10" in age.sources


def test_ranges_hold_the_probability_and_are_the_same_each_time() -> None:
    told = person("foot_drop@left", yes="ankle_dorsiflexion_weak@left")
    first, second = reason(told), reason(told)
    assert first == second
    leading = first.causes[0]
    assert leading.low < leading.probability < leading.high
    assert posterior(told).probability.shape == (1 + DRAWS, len(PRIORS))


def test_every_varied_table_is_a_table_of_probabilities() -> None:
    for model in KNOWLEDGE.models.values():
        assert model.p.min() >= KNOWLEDGE.rules.probability_min
        assert model.p.max() <= KNOWLEDGE.rules.probability_max


@pytest.mark.parametrize("status", ["V", "D", "K", "E"])
def test_a_figure_varies_as_much_as_its_status_says(status: Tag) -> None:
    """In the middle, where nothing is clamped, the logits spread by the doubt of the tag."""
    row = Row(items=("back_pain",), cluster="P", default=0.5, p={}, status=status, sources=("ESTIMATE",))
    model = build_model("made", [row] * 20, ["l5_root", "l4_root"], KNOWLEDGE.rules)
    logit = np.log(model.p[1:] / (1.0 - model.p[1:]))
    assert model.p[0] == pytest.approx(0.5)
    assert logit.std() == pytest.approx(KNOWLEDGE.rules.doubt[status], rel=0.05)
    assert logit.mean() == pytest.approx(0.0, abs=0.05)
