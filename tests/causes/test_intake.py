"""Reading the intake: what is meant is read, what cannot be meant is refused with the field's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.causes import findings_of_intake, read_intake
from gait.causes.intake import REPORTED_CONFIDENCE, intake_table, subject_of
from gait.core.errors import InputError


def write(folder: Path, table: Any) -> Path:
    path = folder / "intake.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    return path


FULL = {
    "schema_version": "1",
    "subject": {
        "age_years": 42,
        "sex": "male",
        "height_m": 1.78,
        "mass_kg": 80,
        "leg_length_m": {"left": 0.90, "right": 0.91},
    },
    "complaints": [{"id": "foot_drop", "side": "right"}],
    "answers": [{"id": "back_pain", "value": "yes", "side": None}, {"id": "fever", "value": "unknown"}],
    "findings": [{"id": "foot_slap", "side": "right", "status": "present"}],
}


def test_all_fields_of_the_contract(tmp_path: Path) -> None:
    subject = read_intake(write(tmp_path, FULL))
    assert (subject.age_years, subject.sex, subject.height_m, subject.mass_kg) == (42, "male", 1.78, 80)
    assert (subject.leg_length_left_m, subject.leg_length_right_m) == (0.90, 0.91)
    assert [(c.id, c.side) for c in subject.intake.complaints] == [("foot_drop", "right")]
    assert [(a.id, a.value, a.side) for a in subject.intake.answers] == [
        ("back_pain", "yes", None),
        ("fever", "unknown", None),
    ]
    assert subject.intake.answer("night_pain") is None


def test_toml_says_the_same_as_json(tmp_path: Path) -> None:
    path = tmp_path / "intake.toml"
    path.write_text(
        """
schema_version = "1"
answers = [{ id = "back_pain", value = "yes" }, { id = "fever", value = "unknown" }]
complaints = [{ id = "foot_drop", side = "right" }]
findings = [{ id = "foot_slap", side = "right", status = "present" }]
[subject]
age_years = 42
sex = "male"
height_m = 1.78
mass_kg = 80
leg_length_m = { left = 0.90, right = 0.91 }
""",
        encoding="utf-8",
    )
    assert read_intake(path) == read_intake(write(tmp_path, FULL))


def test_an_empty_intake_knows_nothing(tmp_path: Path) -> None:
    assert read_intake(write(tmp_path, {})).intake.answers == ()


def test_reported_findings_become_findings() -> None:
    subject = read_intake(Path(__file__).parents[2] / "samples" / "intake" / "peroneal_left_old_back_pain.json")
    findings = findings_of_intake(subject.intake)
    assert [(f.id, f.side, f.status, f.confidence) for f in findings.all] == [
        ("foot_drop", "left", "present", REPORTED_CONFIDENCE),
        ("trendelenburg", "left", "absent", REPORTED_CONFIDENCE),
    ]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"answers": [{"id": "foot_inversion_week", "value": "yes"}]}, ["answers.0.id", "'foot_inversion_weak'"]),
        ({"complaints": [{"id": "footdrop"}]}, ["complaints.0.id", "'foot_drop'"]),
        ({"findings": [{"id": "slap", "status": "present"}]}, ["findings.0.id", "slap"]),
        ({"subject": {"height_m": 178}}, ["subject.height_m", "centimetres", "1.78"]),
        ({"subject": {"leg_length_m": {"left": 90, "right": 91}}}, ["leg_length_m.left", "centimetres", "0.90"]),
        ({"subject": {"height_m": 2.9}}, ["subject.height_m", "2.9"]),
        ({"subject": {"age_years": -1}}, ["subject.age_years"]),
        ({"subject": {"age_years": 420}}, ["subject.age_years", "420"]),
        ({"subject": {"age_years": "42"}}, ["subject.age_years"]),
        ({"subject": {"age_years": True}}, ["subject.age_years"]),
        ({"subject": {"name": "Jo"}}, ["subject.name", "does not exist"]),
        ({"subject": {"sex": "m"}}, ["subject.sex"]),
        ({"answers": [{"id": "fever", "value": True}]}, ["answers.0.value"]),
        ({"answers": [{"id": "back_pain", "value": "yes", "side": "middle"}]}, ["answers.0.side", "middle"]),
        ({"answers": {"back_pain": "yes"}}, ["answers"]),
        ({"schema_version": "9"}, ["schema_version"]),
        ({"setting": "beach"}, ["setting", "beach", "spine_clinic"]),
        ({"findings": [{"id": "foot_slap", "status": "maybe"}]}, ["findings.0.status"]),
        ([1, 2], ["list"]),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(tmp_path: Path, table: Any, expected: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        read_intake(write(tmp_path, table))
    for word in (*expected, "intake.json"):
        assert word in str(caught.value)


@pytest.mark.parametrize("second_side", ["left", "both", None])
def test_two_answers_to_one_question_are_refused(tmp_path: Path, second_side: str | None) -> None:
    answers = [
        {"id": "foot_inversion_weak", "value": "yes", "side": "left"},
        {"id": "foot_inversion_weak", "value": "no", "side": second_side},
    ]
    with pytest.raises(InputError, match=r"answers\.1.*foot_inversion_weak"):
        read_intake(write(tmp_path, {"answers": answers}))


def test_left_and_right_may_differ(tmp_path: Path) -> None:
    answers = [
        {"id": "foot_inversion_weak", "value": "yes", "side": "left"},
        {"id": "foot_inversion_weak", "value": "no", "side": "right"},
    ]
    assert len(read_intake(write(tmp_path, {"answers": answers})).intake.answers) == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("intake.json", b"{"),
        ("intake.json", b"\xff\xfe\x00"),
        ("intake.json", b'{"subject": {"height_m": NaN}}'),
        ("intake.json", b"[" * 100_000),
        ("intake.toml", b"= 1"),
        ("intake.yaml", b"a: 1"),
        ("intake.json", b" " * 1_000_001),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name):
        read_intake(tmp_path / name)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_intake(tmp_path / "nobody.json")
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        read_intake(tmp_path / "folder.json")


FIELD = st.sampled_from(
    ["schema_version", "subject", "complaints", "answers", "findings", "setting", "id", "side", "value", "status"]
    + ["age_years", "sex", "height_m", "leg_length_m", "left", "right", "name"]
)
JSON = st.dictionaries(
    FIELD,
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(FIELD, inner, max_size=4)),
        max_leaves=12,
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_whatever_stands_in_the_file_it_is_read_or_refused_with_its_name(table: Any) -> None:
    try:
        subject = subject_of(table, "intake.json")
    except InputError as refused:
        message = str(refused)
    else:
        assert subject_of(intake_table(subject), "again") == subject
        return
    assert message.startswith("intake.json")
