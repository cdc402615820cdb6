"""Tidy tables: every number of the analysis, every column explained, nothing half-written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import walks

from gait.core.analysis import Analysis
from gait.core.errors import OutputError, SchemaError
from gait.core.subject import Subject
from gait.findings.catalogue import load_rules
from gait.parameters.catalogue import load_catalogue
from gait.report.exports.dictionary import data_dictionary
from gait.report.exports.source import source_of
from gait.report.exports.tables import ALL_TABLES, make_tables, write_tables
from gait.simulate.walker import Walker


@pytest.fixture(scope="module")
def walk() -> Analysis:
    walker = Walker(duration_s=6.0)
    return walks.analyse(walker.pose(), Subject(height_m=walker.height_m))


def test_every_table_is_there_and_only_those_named(foot_drop: Analysis) -> None:
    assert set(make_tables(source_of(foot_drop))) == set(ALL_TABLES)


def test_a_stride_is_a_row_with_its_measures(walk: Analysis) -> None:
    strides = make_tables(source_of(walk))["strides"]
    cycles = walk.cycles.table
    assert len(strides) == len(cycles)
    assert np.allclose(strides["stride_time_s"], cycles["end_s"] - cycles["start_s"])
    right = strides[strides["side"] == "right"]
    assert right["stride_time_s"].mean() == pytest.approx(walk.parameters.value("stride_time_s", "right"), rel=1e-3)
    assert strides["walking_speed_mps"].notna().all()


def test_a_repetition_of_a_task_is_no_stride(walk: Analysis) -> None:
    row = {"parameter": "heel_raise_height_ll", "side": "left", "stride": 0, "start_s": 99.0, "value": 0.1}
    more = pd.concat([walk.parameters.strides, pd.DataFrame([row | {"uncertainty": 0.01}])])
    tables = make_tables(source_of(replace(walk, parameters=replace(walk.parameters, strides=more))))
    assert "heel_raise_height_ll" not in tables["strides"]
    assert "heel_raise_height_ll" in set(tables["stride_values"]["parameter"])


def test_the_long_form_holds_every_value_of_the_wide_one(walk: Analysis) -> None:
    tables = make_tables(source_of(walk))
    long = tables["stride_values"]
    assert len(long) == len(walk.parameters.strides)
    for _, row in tables["strides"].iterrows():
        found = long[
            (long["stride"] == row["cycle"]) & (long["parameter"] == "stance_pct") & (long["side"] == row["side"])
        ]
        assert found["value"].tolist() == [row["stance_pct"]]


def test_a_pass_has_the_mean_of_its_own_strides(walk: Analysis) -> None:
    by_pass = make_tables(source_of(walk))["pass_parameters"]
    long = make_tables(source_of(walk))["stride_values"]
    assert set(by_pass["pass"]) == set(range(len(walk.trajectories.passes)))
    row = by_pass[(by_pass["parameter"] == "step_time_s") & (by_pass["side"] == "left")].iloc[0]
    own = long[(long["parameter"] == "step_time_s") & (long["side"] == "left") & (long["pass"] == row["pass"])]["value"]
    assert row["value"] == pytest.approx(own.mean())
    assert row["strides"] == len(own)


def test_every_column_of_every_table_is_explained_with_the_catalogues_words(foot_drop: Analysis) -> None:
    tables = make_tables(source_of(foot_drop))
    dictionary = data_dictionary({name: list(table.columns) for name, table in tables.items()})
    columns = dictionary[dictionary["value"] == ""]
    assert {(name, column) for name, table in tables.items() for column in table} == set(
        zip(columns["table"], columns["column"], strict=True)
    )
    assert (dictionary["meaning"].str.len() >= len("Knee")).all()
    known = dictionary.set_index(["table", "value"])
    for measure in load_catalogue():
        row = known.loc[("parameters", measure.id)]
        assert (row["meaning"], row["unit"], row["source"]) == (
            measure.definition, measure.unit or "1", measure.citation,
        )  # fmt: skip
        assert row["side_rule"]
    for rule in load_rules().finding:
        assert known.loc[("findings", rule.id)]["side_rule"] == rule.side_rule


@pytest.mark.parametrize(
    ("measure", "sign"),
    [
        ("foot_floor_angle_at_contact_deg", "toes up +"),
        ("peak_swing_dorsiflexion_deg", "dorsiflexion +"),
        ("peak_swing_knee_flexion_deg", "flexion +"),
        ("peak_hip_extension_deg", "extension is negative"),
        ("trunk_lean_deg", "forward +"),
        ("knee_range_deg", ""),
        ("trunk_range_deg", ""),
        ("step_length_asymmetry_pct", "Right minus left; right longer +"),
        ("stride_time_s", ""),
    ],
)
def test_the_sign_of_a_measure_is_read_from_the_catalogue(measure: str, sign: str) -> None:
    dictionary = data_dictionary({"parameters": ["parameter"]})
    assert dictionary.set_index("value").loc[measure, "sign"] == sign


def test_every_signed_angle_has_its_sign() -> None:
    dictionary = data_dictionary({"parameters": ["parameter"]})
    angles = dictionary[dictionary["unit"] == "deg"]
    unsigned = set(angles.loc[angles["sign"] == "", "value"])
    assert all(name.endswith(("range_deg", "excursion_deg")) or name == "arm_swing_deg" for name in unsigned), unsigned


def test_csv_and_parquet_hold_the_same(tmp_path: Path, foot_drop: Analysis) -> None:
    source = source_of(foot_drop)
    write_tables(source, tmp_path / "csv", "csv")
    write_tables(source, tmp_path / "parquet", "parquet")
    for name, table in make_tables(source).items():
        text = pd.read_csv(tmp_path / "csv" / f"{name}.csv")
        binary = pd.read_parquet(tmp_path / "parquet" / f"{name}.parquet")
        assert list(text) == list(binary) == list(table)
        assert len(text) == len(binary) == len(table)
        for column in table.select_dtypes("number"):
            numbers = table[column].astype(float)
            assert np.allclose(text[column], numbers, rtol=1e-8, equal_nan=True)
            assert np.allclose(binary[column].astype(float), numbers, equal_nan=True)
    assert (tmp_path / "csv" / "dictionary.md").read_text("utf-8").count("## ") == len(ALL_TABLES)


def test_an_analysis_of_nothing_is_tables_without_rows(tmp_path: Path, nothing_assessable: Analysis) -> None:
    for kind in ("csv", "parquet"):
        folder = write_tables(source_of(nothing_assessable), tmp_path / kind, kind)
        assert len(list(folder.iterdir())) == len(ALL_TABLES) + 2
    findings = pd.read_csv(tmp_path / "csv" / "findings.csv")
    assert set(findings["status"]) == {"not_assessable"}
    assert pd.read_csv(tmp_path / "csv" / "strides.csv").empty


def test_from_the_json_alone_come_all_tables_that_it_holds(foot_drop: Analysis) -> None:
    whole = source_of(foot_drop)
    part = make_tables(replace(whole, analysis=None))
    assert set(ALL_TABLES) - set(part) == {"strides", "stride_values", "pass_parameters", "curves", "scores"}
    pd.testing.assert_frame_equal(part["parameters"], make_tables(whole)["parameters"])


def test_an_older_export_is_replaced_and_a_folder_of_somebody_else_is_left_alone(
    tmp_path: Path, foot_drop: Analysis
) -> None:
    source = source_of(foot_drop)
    folder = write_tables(source, tmp_path / "out", "csv")
    (folder / "notes.txt").write_text("mine")
    write_tables(source, folder, "parquet")
    assert (folder / "notes.txt").read_text() == "mine"
    assert not (folder / "events.csv").exists()
    foreign = tmp_path / "photos"
    foreign.mkdir()
    (foreign / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(OutputError, match="holds other files"):
        write_tables(source, foreign, "csv")
    assert [item.name for item in foreign.iterdir()] == ["holiday.jpg"]


def test_damaged_json_is_refused_in_a_sentence(foot_drop: Analysis) -> None:
    source = source_of(foot_drop)
    broken = {**source.content, "findings": [{"label": "no id"}]}
    with pytest.raises(SchemaError, match=r"analysis\.json is damaged"):
        make_tables(replace(source, content=broken, analysis=None))
