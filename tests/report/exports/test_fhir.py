"""The FHIR bundle: valid by a library that is not ours, and honest about what is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle

from gait.core.analysis import Analysis
from gait.parameters.catalogue import load_catalogue
from gait.report.exports.fhir import make_bundle, write_fhir
from gait.report.exports.fhir_parts import codes
from gait.report.exports.source import source_of

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
#: EVIDENCE §7, "seen stored"; the only outside clinical codes that may leave the program.
SEEN = {"63448001", "271705001", "250000008", "250001007", "129006008", "8117002", "22325002"}


def bundle_of(analysis: Analysis) -> dict[str, Any]:
    return make_bundle(source_of(analysis, "P-007"), WHEN)


def resources(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def own_code(resource: dict[str, Any]) -> str:
    return resource["code"]["coding"][-1]["code"]


def observations(bundle: dict[str, Any], code: str, side: str | None = None) -> list[dict[str, Any]]:
    found = [item for item in resources(bundle, "Observation") if own_code(item) == code]
    if side is None:
        return found
    return [item for item in found if item["bodySite"]["coding"][0]["code"] == side]


def walk_values(value: Any) -> Iterator[Any]:
    yield value
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for child in children:
        yield from walk_values(child)


@pytest.fixture(scope="module")
def bundle(foot_drop: Analysis) -> dict[str, Any]:
    return bundle_of(foot_drop)


@pytest.mark.parametrize("name", ["foot_drop", "nothing_assessable", "emergency", "healthy"])
def test_the_bundle_is_valid_fhir(name: str, request: pytest.FixtureRequest) -> None:
    made = bundle_of(request.getfixturevalue(name))
    checked = Bundle.model_validate(made)
    assert checked.type == "collection"
    # The library throws nothing away: what it writes is what we wrote.
    assert len(checked.entry) == len(made["entry"])
    assert json.loads(checked.model_dump_json())["entry"][0]["resource"]["resourceType"] == "Patient"


def test_every_reference_points_into_the_bundle(bundle: dict[str, Any]) -> None:
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(urls) == len(set(urls))
    pointed = {value["reference"] for value in walk_values(bundle) if isinstance(value, dict) and "reference" in value}
    assert pointed <= set(urls)


def test_the_patient_is_a_pseudonym_and_nothing_else_that_names(bundle: dict[str, Any]) -> None:
    (patient,) = resources(bundle, "Patient")
    assert set(patient) <= {"resourceType", "identifier", "gender"}
    assert patient["identifier"][0]["value"] == "P-007"


def test_a_measure_has_unit_limb_interval_and_norm(bundle: dict[str, Any]) -> None:
    (speed,) = observations(bundle, "walking_speed_mps")
    assert speed["valueQuantity"] == {
        "value": 1.19, "unit": "m/s", "system": "http://unitsofmeasure.org", "code": "m/s",
    }  # fmt: skip
    assert (speed["referenceRange"][0]["low"]["value"], speed["referenceRange"][0]["high"]["value"]) == (1.25, 1.59)
    assert "male 40-49" in speed["referenceRange"][0]["text"]
    parts = {own_code(part): part for part in speed["component"]}
    assert parts["interval_95"]["valueRange"]["low"]["value"] == pytest.approx(1.14)
    assert parts["interval_95"]["valueRange"]["high"]["value"] == pytest.approx(1.24)
    assert parts["standard_deviation"]["valueQuantity"]["value"] == pytest.approx(0.03)
    (left,) = observations(bundle, "stance_pct", "left")
    assert left["valueQuantity"]["value"] == pytest.approx(64.0)
    assert left["bodySite"]["text"] == "Left lower limb"


def test_high_low_and_normal_are_said_only_where_the_whole_interval_says_so(bundle: dict[str, Any]) -> None:
    def said(code: str, side: str) -> str:
        (found,) = observations(bundle, code, side)
        return found["interpretation"][0]["coding"][0]["code"]

    assert said("walking_speed_mps", "both") == "L"  # 1.14 to 1.24 against 1.25 to 1.59
    assert said("peak_swing_knee_flexion_deg", "right") == "H"  # 65.9 to 72.7 against 53.2 to 65.0
    assert said("peak_swing_knee_flexion_deg", "left") == "N"  # 55 to 61
    assert said("stance_pct", "right") == "IND"  # 58.7 to 61.3 against 60.3 to 64.9


def test_every_unit_of_the_catalogue_has_its_ucum_unit() -> None:
    assert {measure.unit for measure in load_catalogue()} <= set(codes()["units"])


def test_a_finding_is_an_observation_that_rests_on_its_measures(bundle: dict[str, Any], foot_drop: Analysis) -> None:
    for finding in foot_drop.findings.all:
        found = observations(bundle, finding.id, finding.side)
        assert len(found) == 1
        if finding.status == "not_assessable":
            assert "valueCodeableConcept" not in found[0]
            assert found[0]["dataAbsentReason"]["text"] == finding.reason
        else:
            assert found[0]["valueCodeableConcept"]["coding"][0]["code"] == finding.status
            expected = {"present": "POS", "absent": "NEG"}[finding.status]
            assert found[0]["interpretation"][0]["coding"][0]["code"] == expected
    (drop,) = observations(bundle, "foot_drop", "right")
    urls = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
    assert own_code(urls[drop["derivedFrom"][0]["reference"]]).endswith("_deg")


def test_a_possible_cause_is_a_prediction_with_its_probability_and_never_a_condition(
    bundle: dict[str, Any], foot_drop: Analysis
) -> None:
    assert not resources(bundle, "Condition")
    (risk,) = resources(bundle, "RiskAssessment")
    told = {item["outcome"]["coding"][0]["code"]: item for item in risk["prediction"]}
    assert set(told) == {f"cause_{cause.id}" for cause in foot_drop.reasoning.causes}
    for cause in foot_drop.reasoning.causes:
        assert told[f"cause_{cause.id}"]["probabilityDecimal"] == pytest.approx(100 * cause.probability, rel=0.05)
        assert told[f"cause_{cause.id}"]["qualitativeRisk"]["text"] == cause.wording


def test_a_red_flag_that_fired_is_a_flag_and_one_that_was_not_asked_has_no_value(bundle: dict[str, Any]) -> None:
    (flag,) = resources(bundle, "Flag")
    assert flag["status"] == "active"
    (unasked,) = observations(bundle, "red_flag_cauda_equina")
    assert unasked["dataAbsentReason"]["coding"][0]["code"] == "not-asked"
    assert "valueCodeableConcept" not in unasked
    (clear,) = observations(bundle, "red_flag_trauma")
    assert clear["valueCodeableConcept"]["coding"][0]["code"] == "absent"


def test_the_report_holds_conclusion_urgency_results_and_what_the_film_was(bundle: dict[str, Any]) -> None:
    (report,) = resources(bundle, "DiagnosticReport")
    assert report["status"] == "preliminary"
    assert "hangs in swing" in report["conclusion"]
    assert "not a diagnosis" in report["conclusion"]
    assert report["conclusionCode"][0]["coding"][0]["code"] == "urgency_urgent"
    assert len(report["result"]) == len(resources(bundle, "Observation"))
    (media,) = resources(bundle, "Media")
    assert not {"url", "data"} & set(media["content"])


def test_a_walk_is_called_abnormal_or_not_but_never_normal(bundle: dict[str, Any], healthy: Analysis) -> None:
    (gait,) = observations(bundle, "gait")
    assert gait["valueCodeableConcept"]["coding"][0]["code"] == "22325002"
    (other,) = observations(bundle_of(healthy), "gait")
    assert "8117002" not in json.dumps(other)
    assert other["valueCodeableConcept"]["coding"][0]["code"] == "no_deviation"


def test_only_codes_that_were_seen_leave_the_program(bundle: dict[str, Any]) -> None:
    codings = [value for value in walk_values(bundle) if isinstance(value, dict) and {"system", "code"} <= set(value)]
    outside = {coding["code"] for coding in codings if "snomed" in coding["system"]}
    assert outside == {"63448001", "22325002"} | ({"250000008"} & outside)
    assert outside <= SEEN
    assert not any("loinc" in coding["system"] or "icd" in coding["system"] for coding in codings)
    allowed = {codes()["local"]["system"], *codes()["systems"].values()}
    assert {coding["system"] for coding in codings} <= allowed
    (local,) = resources(bundle, "CodeSystem")
    explained = {concept["code"] for concept in local["concept"]}
    assert {coding["code"] for coding in codings if coding["system"] == local["url"]} <= explained


def test_the_shipped_table_of_codes_names_where_each_was_seen() -> None:
    assert {row["code"] for row in codes()["snomed"].values()} <= SEEN
    assert all(row["seen"] for row in codes()["snomed"].values())


def test_the_json_alone_gives_the_same_bundle(foot_drop: Analysis) -> None:
    whole = source_of(foot_drop, "P-007")
    assert make_bundle(replace(whole, analysis=None), WHEN) == make_bundle(whole, WHEN)


def test_ids_are_the_same_each_time_and_differ_between_persons(foot_drop: Analysis) -> None:
    again, other = bundle_of(foot_drop), make_bundle(source_of(foot_drop, "P-008"), WHEN)
    assert bundle_of(foot_drop) == again
    assert not {entry["fullUrl"] for entry in again["entry"]} & {entry["fullUrl"] for entry in other["entry"]}


def test_the_file_is_plain_json_without_nan(tmp_path: Path, foot_drop: Analysis) -> None:
    write_fhir(source_of(foot_drop), tmp_path / "a.json", WHEN)
    text = (tmp_path / "a.json").read_text("utf-8")
    assert json.loads(text)["timestamp"] == "2026-01-02T03:04:05+00:00"
    assert not re.search(r"\bNaN\b|Infinity", text)
