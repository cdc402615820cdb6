"""The data files: complete, sourced, and refused with a clear word when they are damaged."""

from __future__ import annotations

import csv
from importlib import resources
from io import StringIO

import numpy as np
import pytest
from contract_ids import CAUSES, EXAMINATION, FINDINGS, HISTORY
from people import person, reason

from gait.causes.evidence import Item, cluster_sums, cluster_weight, observed_of
from gait.causes.facts import Reading
from gait.causes.knowledge import FILES, load_knowledge, parse_knowledge
from gait.causes.model import normalised
from gait.core.errors import SchemaError

KNOWLEDGE = load_knowledge()
COMPLAINT = {
    "foot_drop": "foot_drop",
    "foot_pain": "foot_pain",
    "back_leg": "leg_pain",
    "walking": "walking_difficulty",
}


def texts() -> dict[str, str]:
    folder = resources.files("gait.causes") / "data"
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES}


def test_every_contract_id_is_there_and_no_other() -> None:
    kinds = {key: question.kind for key, question in KNOWLEDGE.questions.items()}
    assert kinds == {**dict.fromkeys(HISTORY, "history"), **dict.fromkeys(EXAMINATION, "examination")}
    assert set(KNOWLEDGE.findings) == set(FINDINGS)
    groups = {key: cause.group for key, cause in KNOWLEDGE.causes.items()}
    assert groups == {cause: group for group, causes in CAUSES.items() for cause in causes}


def test_every_test_of_examination_says_how_to_do_it() -> None:
    for key, question in KNOWLEDGE.questions.items():
        assert bool(question.test) == (question.kind == "examination"), key


def test_every_row_has_a_source_that_exists() -> None:
    rows = [row for model in KNOWLEDGE.rows.values() for row in model]
    rows += [link for link, *_ in KNOWLEDGE.links]
    rows += [*KNOWLEDGE.link_evidence, *KNOWLEDGE.coexistence, KNOWLEDGE.rules]
    rows += [pattern for pattern, _ in KNOWLEDGE.patterns] + [rule for rule, _ in KNOWLEDGE.flags.values()]
    rows += [*KNOWLEDGE.findings.values(), *KNOWLEDGE.causes.values()]
    for row in rows:
        assert row.sources
        assert set(row.sources) <= set(KNOWLEDGE.sources)


def test_an_estimate_is_marked_as_ours() -> None:
    for row in (row for model in KNOWLEDGE.rows.values() for row in model):
        assert row.status != "E" or "ESTIMATE" in row.sources, row.name


def test_every_question_can_matter() -> None:
    used = {item for rows in KNOWLEDGE.rows.values() for row in rows for item in row.items}
    rules = texts()["red_flags.toml"]
    assert [key for key in KNOWLEDGE.questions if key not in used and key not in rules] == []


def test_all_twelve_rules_for_hurry_are_there() -> None:
    assert {rule.rf for rule, _ in KNOWLEDGE.flags.values()} == {f"RF{number}" for number in range(1, 13)}


def reachable_in(cause: str, module: str) -> list[str]:
    """Top three of a module when everything typical of the cause is so and everything untypical is not."""
    model = "foot_drop" if module == "foot_drop" else "general"
    words: dict[str, list[str]] = {"yes": [], "no": [], "seen": [], "unseen": []}
    for row in KNOWLEDGE.rows[model]:
        p = row.p_yes(cause)
        item = row.items[0]
        if 0.15 < p < 0.40 or item.startswith("derived"):
            continue
        is_answer = item in KNOWLEDGE.questions
        key = ("yes" if p >= 0.40 else "no") if is_answer else ("seen" if p >= 0.40 else "unseen")
        side = "@left" if row.side_rule == "own" or (is_answer and KNOWLEDGE.questions[item].sided) else ""
        words[key].append(item + side)
    result = reason(person(f"{COMPLAINT[module]}@left", **{key: " ".join(value) for key, value in words.items()}))
    return [entry.id for entry in result.causes[:3]]


@pytest.mark.parametrize("cause", sorted(KNOWLEDGE.causes))
def test_every_cause_can_reach_the_top_three(cause: str) -> None:
    priors = KNOWLEDGE.causes[cause].priors
    modules = [module for module in COMPLAINT if getattr(priors, module) > 0.0]
    if not modules:  # only linked: it comes with the causes it explains
        origins = {link.hypothesis for link, *_ in KNOWLEDGE.links if link.linked == cause and link.module == "general"}
        assert any(cause in reachable_in(origin, "back_leg") for origin in origins)
    for module in modules:
        assert cause in reachable_in(cause, module), module


def test_film_only_numbers_of_the_evidence_base_follow_from_the_matrix() -> None:
    """Prior times absent pelvic drop times absent circumduction: peroneal .47, L5 .24, polyneuropathy .11."""
    rows = {row.name: row for row in KNOWLEDGE.rows["foot_drop"]}
    weight = {
        key: cause.priors.foot_drop * (1 - rows["g_pelvdrop"].p_yes(key)) * (1 - rows["g_circum_stiff"].p_yes(key))
        for key, cause in KNOWLEDGE.causes.items()
        if cause.priors.foot_drop > 0.0
    }
    share = normalised(weight)
    assert share["peroneal_neuropathy"] == pytest.approx(0.47, abs=0.005)
    assert share["l5_root"] == pytest.approx(0.24, abs=0.005)
    assert share["polyneuropathy"] == pytest.approx(0.11, abs=0.006)


def test_foot_drop_priors_sum_to_one() -> None:
    assert sum(cause.priors.foot_drop for cause in KNOWLEDGE.causes.values()) == pytest.approx(1.0)


def test_a_soft_pelvic_drop_has_a_ratio_of_1_8_not_4() -> None:
    """Worked example of the evidence base: .40 against .10, sensitivity .7, specificity .85."""
    row = next(row for row in KNOWLEDGE.rows["foot_drop"] if row.name == "g_pelvdrop")
    item = Item(0, row, Reading("trendelenburg", True, "gait"), 1.0, (0.7, 0.85))
    seen = observed_of([item], np.array([[0.40, 0.10]]))[0]
    assert seen[0] / seen[1] == pytest.approx(0.37 / 0.205)


def test_a_cluster_of_three_weighs_half() -> None:
    model = KNOWLEDGE.models["foot_drop"]
    item = Item(0, model.rows[0], Reading(model.rows[0].items[0], True, "examination"), 1.0, None)
    weight = cluster_weight(KNOWLEDGE.rules, *cluster_sums(model, [item] * 3, np.full(3, 0.7)))
    assert weight[model.cluster[0]] == pytest.approx(0.5)
    assert sorted(set(weight)) == pytest.approx([0.5, 1.0])


def test_an_item_that_tells_nothing_does_not_thin_out_the_others() -> None:
    model = KNOWLEDGE.models["foot_drop"]
    item = Item(0, model.rows[0], Reading(model.rows[0].items[0], True, "examination"), 1.0, None)
    weight = cluster_weight(KNOWLEDGE.rules, *cluster_sums(model, [item] * 3, np.array([0.7, 0.0, 0.0])))
    assert weight[model.cluster[0]] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("red_flags.toml", 'tier = "soon"', 'tier = "whenever"', ["red_flags.toml", "bone_tenderness", "tier"]),
        ("red_flags.toml", '"tense_leg_swelling"', '"tense_leg"', ["vein_clot", "trigger", "tense_leg"]),
        ("red_flags.toml", 'trigger = "tense_leg_swelling"', 'trigger = "not fever"', ["vein_clot", "trigger"]),
        ("questions.toml", "sided = true", 'sided = "maybe"', ["questions.toml", "back_pain", "sided"]),
        ("likelihoods_general.toml", '"skin"', '"hair"', ["likelihoods_general.toml", "cluster", "hair"]),
        ("likelihoods_general.toml", '"@joints"', '"@hinges"', ["likelihoods_general.toml", "@hinges"]),
        ("likelihoods_foot_drop.csv", ",0.75,", ",often,", ["likelihoods_foot_drop.csv", "inv_weak", "often"]),
        ("likelihoods_foot_drop.csv", ",0.75,", ",7.5,", ["likelihoods_foot_drop.csv", "inv_weak"]),
        ("conditions.toml", '"SURI11"', '"NOBODY"', ["conditions.toml", "l4_root", "sources", "NOBODY"]),
        ("sources.toml", 'status = "V"', 'status = "X"', ["sources.toml", "JEON", "status"]),
        ("conditions.toml", "[[links]]", "[[links", ["conditions.toml", "not valid TOML"]),
    ],
)  # fmt: skip
def test_a_damaged_file_is_named_with_row_and_field(name: str, before: str, after: str, expected: list[str]) -> None:
    files = texts()
    assert before in files[name]
    files[name] = files[name].replace(before, after, 1)
    with pytest.raises(SchemaError) as caught:
        parse_knowledge(files)
    for word in expected:
        assert word in str(caught.value)


def test_the_matrix_is_complete() -> None:
    for record in csv.DictReader(StringIO(texts()["likelihoods_foot_drop.csv"])):
        assert all(record[column] != "" for column in record if column not in {"lr_min", "lr_max", "note"})
