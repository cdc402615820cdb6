"""The clinical texts: mechanisms, settings and the seed article's rows, held against the knowledge they speak about."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from contract_ids import CAUSES, EXAMINATION, FINDINGS, HISTORY

from gait.causes.claims_page import claims_page
from gait.causes.expression import Leaf, leaves
from gait.causes.knowledge import load_knowledge
from gait.causes.schema import Row

KNOWLEDGE = load_knowledge()
CAUSE_IDS = [cause for causes in CAUSES.values() for cause in causes]
SEED_IDS = [f"S{number:02d}" for number in range(1, 41)] + ["S30b"]
ASYMMETRIES = {"step_time_asymmetry", "step_length_asymmetry", "stance_asymmetry", "swing_asymmetry"}
MODULES = ("foot_drop", "foot_pain", "back_leg", "walking")
RAISED = 1.2
"""A likelihood this much above the rest of its complaint counts as raised."""

SPEAKS_FOR = 1.25
"""A likelihood this much above the row's default, or the matrix' mean, links a cause to an item."""


def table(name: str) -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files("gait.causes") / "data" / name).read_text(encoding="utf-8"))


MECHANISMS: dict[str, dict[str, Any]] = {
    key: {
        "mechanism": cause.mechanism,
        "shows": [{"finding": finding, "side": side} for side, names in cause.shows.items() for finding in names],
        "over_time": cause.over_time,
        "pitfall": cause.pitfall,
        "status": cause.mechanism_status,
        "sources": cause.mechanism_sources,
    }
    for key, cause in KNOWLEDGE.causes.items()
}
SETTINGS = table("settings.toml")
SEED = table("seed_rows.toml")
CONDITIONS: dict[str, Any] = table("conditions.toml")
"""Links and their evidence, as they are written."""


def sentences(text: str) -> int:
    return len(re.findall(r"[.!?](?:\s|$)", text))


def rows_with(item: str, model: str) -> list[Row]:
    return [row for row in KNOWLEDGE.rows[model] if item in row.items]


def prior(cause: str, module: str) -> float:
    return getattr(KNOWLEDGE.causes[cause].priors, module)


def others_mean(row: Row, cause: str, module: str) -> float:
    others = {key: prior(key, module) for key in KNOWLEDGE.causes if key != cause}
    return sum(weight * row.p_yes(key) for key, weight in others.items()) / sum(others.values())


def is_raised(cause: str, item: str, module: str) -> bool:
    """Whether the item is likelier with this cause than with the other causes of the complaint."""
    model = "foot_drop" if module == "foot_drop" else "general"
    rows = rows_with(item, model) if prior(cause, module) > 0.0 else []
    return any(row.p_yes(cause) >= RAISED * others_mean(row, cause, module) for row in rows)


def speaks_for(cause: str, item: str) -> bool:
    """Whether any model, or the evidence of a link, lets this item speak for the cause."""
    general = [row.p_yes(cause) / row.default for row in rows_with(item, "general")]
    drop = [
        row.p_yes(cause) / others_mean(row, cause, "foot_drop")
        for row in rows_with(item, "foot_drop")
        if prior(cause, "foot_drop") > 0.0
    ]
    evidence = [e for e in CONDITIONS["link_evidence"] if e["item"] == item]
    linked = [e["p"].get(cause, e["default"]) / e["default"] for e in evidence]
    return max((*general, *drop, *linked), default=0.0) >= SPEAKS_FOR


def flag_items(flag: str) -> set[str]:
    return {leaf.item for leaf in leaves(KNOWLEDGE.flags[flag][1]) if isinstance(leaf, Leaf)}


# ---- mechanisms


@pytest.mark.parametrize("cause", CAUSE_IDS)
def test_a_mechanism_is_two_or_three_sentences_that_name_a_phase(cause: str) -> None:
    text = MECHANISMS[cause]["mechanism"]
    assert sentences(text) in (2, 3)
    assert len(text) <= 420
    assert any(word in text for word in ("initial contact", "swing", "stance", "push-off", "walk"))
    assert sentences(MECHANISMS[cause]["pitfall"]) == 1
    assert sentences(MECHANISMS[cause]["over_time"]) <= 2


def test_the_texts_neither_diagnose_nor_speak_jargon() -> None:
    foreign = ("heel strike", "diagnos", "paresis", "plegia", "dorsiflex", "ipsilateral", "contralateral", "patient")
    for cause, entry in MECHANISMS.items():
        text = " ".join((entry["mechanism"], entry["over_time"], entry["pitfall"])).lower()
        assert [word for word in foreign if word in text] == [], cause


def test_what_a_cause_does_over_time_says_how_sure_that_is() -> None:
    honest = ("little measured", "known", "plausible")
    for cause, entry in MECHANISMS.items():
        assert not entry["over_time"] or any(word in entry["over_time"] for word in honest), cause


def test_the_trunk_and_the_step_have_the_sides_of_the_side_rules() -> None:
    for cause, entry in MECHANISMS.items():
        names = [sign["finding"] for sign in entry["shows"]]
        assert names, cause
        assert len(names) == len(set(names)), cause
        assert set(names) <= set(FINDINGS), cause
        for sign in entry["shows"]:
            assert sign["side"] in allowed_sides(cause, sign["finding"]), (cause, sign)


def allowed_sides(cause: str, finding: str) -> set[str]:
    """Sides that evidence section 0.1 allows; the long leg of a short-leg walk is the opposite one."""
    rule = KNOWLEDGE.findings[finding].side_rule
    if finding in ASYMMETRIES:
        return {"same", "opposite"}
    if cause == "leg_length_difference" and rule in ("same", "opposite"):
        return {"opposite"} if finding in ("hip_hike", "circumduction", "stiff_knee") else {"same"}
    return {rule}


@pytest.mark.parametrize("cause", [cause for cause in CAUSE_IDS if any(prior(cause, module) for module in MODULES)])
def test_something_a_cause_shows_is_raised_in_the_reasoning(cause: str) -> None:
    shown = [sign["finding"] for sign in MECHANISMS[cause]["shows"]]
    assert any(is_raised(cause, finding, module) for finding in shown for module in MODULES)


def test_a_disc_shows_what_the_roots_show_that_it_explains() -> None:
    """It has no row of its own: it is listed over its links."""
    roots = {link["hypothesis"] for link in CONDITIONS["links"] if link["linked"] == "lumbar_disc_herniation"}
    shown = {sign["finding"] for sign in MECHANISMS["lumbar_disc_herniation"]["shows"]}
    for finding in shown & {"foot_drop", "weak_push_off", "lateral_trunk_list", "antalgic_gait"}:
        assert any(is_raised(root, finding, module) for root in roots for module in MODULES), finding


def test_s1_alone_shows_no_foot_drop_and_the_good_leg_vaults_for_the_peroneal_nerve() -> None:
    signs = {cause: {s["finding"]: s["side"] for s in entry["shows"]} for cause, entry in MECHANISMS.items()}
    assert "foot_drop" not in signs["s1_root"]
    assert signs["peroneal_neuropathy"]["vaulting"] == "opposite"
    assert "trendelenburg" not in signs["peroneal_neuropathy"]
    assert "trendelenburg" not in signs["sciatic_neuropathy"]
    assert signs["l5_root"]["trendelenburg"] == "same"
    assert {entry["lateral_trunk_list"] for entry in signs.values() if "lateral_trunk_list" in entry} == {"none"}


@pytest.mark.parametrize("entries", [MECHANISMS, SETTINGS], ids=["mechanisms", "settings"])
def test_a_status_is_no_stronger_than_its_weakest_source(entries: dict[str, dict[str, Any]]) -> None:
    order = "VKDE"
    for key, entry in entries.items():
        assert entry["sources"], key
        assert set(entry["sources"]) <= set(KNOWLEDGE.sources), key
        weakest = max(order.index(KNOWLEDGE.sources[source].status) for source in entry["sources"])
        assert order.index(entry["status"]) >= weakest, key


# ---- settings


def test_the_six_settings_stay_within_bounds() -> None:
    assert set(SETTINGS) == {
        "primary_care", "spine_clinic", "orthopaedics", "neurology", "podiatry", "rehabilitation",
    }  # fmt: skip
    assert SETTINGS["primary_care"]["factors"] == {}
    for key, setting in SETTINGS.items():
        assert set(setting) == {"label", "factors", "derived", "status", "sources", "note"}, key
        assert set(setting["factors"]) <= set(CAUSE_IDS), key
        assert all(0.25 <= factor <= 4.0 for factor in setting["factors"].values()), key
        assert set(setting["derived"]) <= set(setting["factors"]), key
        assert bool(setting["derived"]) == ("DERIVED" in setting["sources"]), key


def test_no_setting_makes_a_dangerous_cause_rarer() -> None:
    for key, setting in SETTINGS.items():
        lowered = [cause for cause, factor in setting["factors"].items() if factor < 1.0]
        assert [cause for cause in lowered if KNOWLEDGE.causes[cause].dangerous] == [], key


NEUROLOGY_SHARES = {
    "peroneal_neuropathy": 70 / 155,
    "polyneuropathy": 19 / 155,
    "sciatic_neuropathy": 9 / 155,
    "lumbosacral_plexopathy": 9 / 155,
    "motor_neuron_disease": (6 + 3) / (155 + 59),
    "upper_motor_neuron": (0.31 * 0.05) ** 0.5,
}


@pytest.mark.parametrize("cause", NEUROLOGY_SHARES)
def test_factors_of_neurology_follow_from_its_series(cause: str) -> None:
    factor = SETTINGS["neurology"]["factors"][cause]
    assert cause in SETTINGS["neurology"]["derived"]
    assert factor == pytest.approx(NEUROLOGY_SHARES[cause] / prior(cause, "foot_drop"), abs=0.06)


def test_roots_in_neurology_and_nerves_in_orthopaedics_follow_from_their_series() -> None:
    roots = prior("l5_root", "foot_drop") + prior("l4_root", "foot_drop") + prior("multiple_roots", "foot_drop")
    assert SETTINGS["neurology"]["factors"]["l5_root"] == pytest.approx(42 / 155 / roots, abs=0.06)
    factors = SETTINGS["orthopaedics"]["factors"]
    assert factors["peroneal_neuropathy"] == pytest.approx(
        28 / 61 / prior("peroneal_neuropathy", "foot_drop"), abs=0.06
    )
    plexus = 9 / 61 / prior("lumbosacral_plexopathy", "foot_drop")
    assert factors["lumbosacral_plexopathy"] == pytest.approx(plexus**0.5, abs=0.06)
    sciatic = (3 / 61 * 0.078) ** 0.5 / prior("sciatic_neuropathy", "foot_drop")
    assert factors["sciatic_neuropathy"] == pytest.approx(sciatic, abs=0.06)


def test_l5_leads_foot_drop_in_a_spine_clinic_only() -> None:
    for key, setting in SETTINGS.items():
        scaled = {cause: prior(cause, "foot_drop") * setting["factors"].get(cause, 1.0) for cause in CAUSE_IDS}
        leader = max(scaled, key=lambda cause: scaled[cause])
        assert leader == ("l5_root" if key == "spine_clinic" else "peroneal_neuropathy"), key
    assert SETTINGS["spine_clinic"]["factors"]["l5_root"] == 2.0


# ---- rows of the seed article


def test_every_seed_row_is_there_with_every_field() -> None:
    assert sorted(SEED) == sorted(SEED_IDS)
    fields = {
        "claim", "causes", "findings", "answers", "flags", "corrected", "out_of_scope", "sources",
    }  # fmt: skip
    for key, row in SEED.items():
        assert set(row) == fields, key
        assert 10 <= len(row["claim"]) <= 200, key
        assert row["sources"], key
        assert set(row["sources"]) <= set(KNOWLEDGE.sources), key


@pytest.mark.parametrize("key", SEED_IDS)
def test_every_place_of_a_seed_row_exists(key: str) -> None:
    row = SEED[key]
    assert missing(row["causes"], CAUSE_IDS) == []
    assert missing(row["findings"], FINDINGS) == []
    assert missing(row["answers"], [*HISTORY, *EXAMINATION]) == []
    assert missing(row["flags"], KNOWLEDGE.flags) == []


def missing(names: Iterable[str], known: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(known))


@pytest.mark.parametrize("key", [key for key in SEED_IDS if not SEED[key]["out_of_scope"]])
def test_a_seed_row_moves_the_causes_it_names(key: str) -> None:
    """S08 is told as context: it may move nothing but what back pain moves."""
    row = SEED[key]
    items = [*row["findings"], *row["answers"]]
    moved = [cause for cause in row["causes"] if any(speaks_for(cause, item) for item in items)]
    assert moved
    assert moved == row["causes"] or key == "S08"


@pytest.mark.parametrize("key", [key for key in SEED_IDS if SEED[key]["flags"]])
def test_a_reason_for_hurry_of_a_seed_row_is_asked_by_its_own_items(key: str) -> None:
    own = {*SEED[key]["answers"], *(f"finding:{finding}" for finding in SEED[key]["findings"])}
    for flag in SEED[key]["flags"]:
        assert own & flag_items(flag), flag


def test_only_organs_are_out_of_scope_and_the_departures_are_named() -> None:
    assert [key for key, row in SEED.items() if row["out_of_scope"]] == ["S12"]
    assert not any(SEED["S12"][field] for field in ("causes", "findings", "answers", "flags"))
    for key in ("S12", "S25", "S31", "S26", "S39", "S23", "S18", "S10", "S09", "S21", "S40"):
        assert SEED[key]["corrected"], key


def p_general(item: str, cause: str) -> tuple[float, float]:
    """P(yes | cause) and the default of the general row."""
    (row,) = rows_with(item, "general")
    return row.p_yes(cause), row.default


def test_the_corrections_are_carried_out_in_the_knowledge() -> None:
    assert prior("peroneal_neuropathy", "foot_drop") > prior("l5_root", "foot_drop")  # S25
    (painless,) = rows_with("painless", "foot_drop")  # S31
    assert painless.lr_max is not None
    assert painless.lr_max <= 4.0
    assert prior("s1_root", "foot_drop") == 0.0  # S26, S29
    nerve_at_knee, default = p_general("tight_shoes_or_boots", "peroneal_neuropathy")  # S39
    assert p_general("tight_shoes_or_boots", "peroneal_branch_at_ankle")[0] > 2 * nerve_at_knee >= default
    stenosis, default = p_general("upper_motor_neuron_signs", "lumbar_stenosis")  # S23
    assert stenosis <= default
    for root in ("l4_root", "l5_root", "s1_root"):  # S18
        value, default = p_general("hand_or_arm_symptoms", root)
        assert value <= default
    assert prior("scoliosis", "foot_drop") == prior("scoliosis", "foot_pain") == 0.0  # S10
    pictures = [question.patient for question in KNOWLEDGE.questions.values()]  # S21
    assert not any(re.search(r"\b(MRI|X-ray|scan|picture)\b", text) for text in pictures)
    assert "heel_raise_limited_by_pain" in KNOWLEDGE.questions  # S16
    assert "single_heel_raise_fails" in KNOWLEDGE.questions["heel_raise_limited_by_pain"].voids


def test_the_page_of_claims_is_current() -> None:
    """Make it again with ``python -m gait.causes.claims_page > docs/claims.md``."""
    page = Path(__file__).parents[2] / "docs" / "claims.md"
    assert page.read_text(encoding="utf-8") == claims_page()
