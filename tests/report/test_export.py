"""Results for other programs."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from gait.core.trajectories import Pass
from gait.report.export import analysis_json, curves_table, write_exports

SCHEMA = json.loads(files("gait.report").joinpath("data/analysis.schema.json").read_text())


@pytest.fixture(scope="module")
def folder(foot_drop, tmp_path_factory):
    path = tmp_path_factory.mktemp("exports")
    write_exports(foot_drop, path)
    return path


@pytest.mark.parametrize("name", ["foot_drop", "nothing_assessable", "emergency", "healthy"])
def test_json_keeps_the_contract(request, name):
    content = analysis_json(request.getfixturevalue(name))
    Draft202012Validator.check_schema(SCHEMA)
    errors = list(Draft202012Validator(SCHEMA).iter_errors(content))
    assert errors == []


def test_the_schema_refuses_what_the_contract_does_not_know(foot_drop):
    content = analysis_json(foot_drop)
    content["findings"][0]["status"] = "maybe"
    content["events"][0]["side"] = "near"
    wrong = {tuple(error.absolute_path) for error in Draft202012Validator(SCHEMA).iter_errors(content)}
    assert wrong >= {("findings", 0, "status"), ("events", 0, "side")}


def test_what_is_not_known_is_null_and_never_nan(foot_drop, folder):
    text = (folder / "analysis.json").read_text(encoding="utf-8")
    content = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    spread = next(item for item in content["parameters"] if item["id"] == "stride_time_cv_pct")
    assert spread["sd"] is None
    assert content == analysis_json(foot_drop)


def test_all_findings_stand_in_the_json_with_every_status(foot_drop):
    found = analysis_json(foot_drop)["findings"]
    assert [item["id"] for item in found] == [item.id for item in foot_drop.findings.all]
    assert {item["status"] for item in found} == {"present", "absent", "not_assessable"}


def test_only_the_name_of_the_file_is_told(foot_drop):
    assert analysis_json(foot_drop)["source"]["file"] == "walk.mp4"


def test_there_and_back_has_both_sides_near_and_the_longer_heading(foot_drop):
    passes = (Pass(0, 3, "left_to_right", 1, "right"), Pass(4, 9, "right_to_left", -1, "left"))
    walk = replace(foot_drop, trajectories=replace(foot_drop.trajectories, passes=passes))
    view = analysis_json(walk)["view"]
    assert (view["near_side"], view["heading"]) == ("both", "right_to_left")
    assert [item["near_side"] for item in view["passes"]] == ["right", "left"]


def test_curves_are_tidy_and_complete(foot_drop, folder):
    table = pd.read_csv(folder / "curves.csv")
    assert list(table.columns) == ["cycle", "side", "percent", "joint", "value_deg"]
    assert len(table) == foot_drop.cycles.curves.size
    wanted = table[(table["cycle"] == 7) & (table["joint"] == "knee_flexion")].sort_values("percent")
    expected = foot_drop.cycles.curves.sel(joint="knee_flexion").values[7]
    np.testing.assert_allclose(wanted["value_deg"], expected, rtol=1e-6)
    assert set(wanted["side"]) == {foot_drop.cycles.table["side"][7]}
    assert curves_table(foot_drop.cycles)["value_deg"].isna().sum() == 4


def test_tables_have_the_columns_of_the_contract(foot_drop, folder):
    parameters = pd.read_csv(folder / "parameters.csv")
    expected = ["id", "side", "value", "unit", "sd", "strides", "low", "high", "norm_low", "norm_high", "norm"]
    assert list(parameters.columns)[:11] == expected
    assert len(parameters) == len(foot_drop.parameters.summary)
    events = pd.read_csv(folder / "events.csv")
    assert list(events.columns) == ["time_s", "side", "kind", "confidence"]
    np.testing.assert_allclose(events["time_s"], foot_drop.events.table["time_s"], atol=1e-6)
    assert len(pd.read_csv(folder / "strides.csv")) == len(foot_drop.parameters.strides)
    assert list(parameters.columns)[-2:] == ["norm_matched_by", "norm_source"]
    speed = parameters.set_index("id").loc["walking_speed_mps"]
    assert (speed["norm_matched_by"], speed["norm_source"]) == ("male 40-49", "walkway norms by age, sex and pace")
    findings = pd.read_csv(folder / "findings.csv")
    assert findings.loc[0, "plain"] == "Toes may catch on carpets and kerbs."
    assert findings.loc[0, "sources"] == "walk.mp4"
    assert list(findings["status"]) == [item.status for item in foot_drop.findings.all]


def test_files_are_utf8_with_points_and_plain_line_ends(folder):
    for path in folder.glob("*.csv"):
        raw = path.read_bytes()
        raw.decode("utf-8")
        assert b"\r" not in raw


def test_scores_are_told_with_what_was_not_seen(foot_drop, folder):
    scores = analysis_json(foot_drop)["scores"]
    right = scores["visual"][1]
    assert (right["points"], right["possible"], right["seen"], right["of"]) == (2, 4, 2, 17)
    assert [item["points"] for item in right["items"]] == [2, 0, None, None]
    assert all(item["reason"] for item in right["items"][2:])
    assert [score["of"] for score in scores["profile"]] == [9, 9, 9]
    assert "2-D" in scores["label_visual"]
    assert "3 of 9" in scores["label_profile"]
    table = pd.read_csv(folder / "scores.csv")
    total = table[(table["score"] == "visual") & (table["side"] == "right")].iloc[0]
    assert (total["value"], total["low"], total["high"], total["of"], total["usual_high"]) == (2, 2, 3, 4, 1.6)
    knee = table[(table["score"] == "shape") & (table["item"] == "knee_flexion")]
    assert list(knee["value"]) == [5.0, 10.8]
    assert table["label"].notna().all()


def test_an_analysis_without_scores_writes_an_empty_table(nothing_assessable, tmp_path):
    write_exports(nothing_assessable, tmp_path)
    table = pd.read_csv(tmp_path / "scores.csv")
    assert len(table) == 0
    assert "label" in table.columns
