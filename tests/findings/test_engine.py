"""The engine that judges: each test makes its own rule, so that no threshold of the catalogue matters here."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from gait.core.findings import Finding, Findings
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Norm, Parameter
from gait.findings import catalogue, rules
from gait.findings.catalogue import Catalogue, Rule
from gait.findings.conditions import Conditions
from gait.findings.norms import Norms

ADULT = Norms({}, "", False)
SIDE = Conditions("sagittal")
TEXTS = {
    "label": "Made",
    "side_rule": "the leg itself",
    "measured": "something",
    "sentence": "The {side} side is {grade} off: {value}.",
    "plain": "The {side} side is off.",
    "film_better": "Film more.",
    "basis": "made for this test",
}


def rule(criteria=(), witnesses=(), needs=0, grade=(10.0, 20.0), **fields) -> Rule:
    way = {"name": "made", "needs": needs, "criterion": tuple(criteria), "witness": tuple(witnesses)}
    row = {"id": "made", "sided": True, "views": ("sagittal",), **TEXTS, **fields}
    if criteria:
        first = criteria[0]
        row["grade"] = {
            "parameter": first["parameter"],
            "test": first["test"],
            "moderate": grade[0],
            "severe": grade[1],
        }
    return Rule.model_validate({**row, "way": (way,)})


def criterion(test="above", report=5.0, limit=2.0, required=True, **fields):
    return {
        "parameter": "knee_range_deg",
        "test": test,
        "report": report,
        "limit": limit,
        "required": required,
        **fields,
    }


def parameters(value, error=0.5, strides=5, values=None, norm=None, other=0.0) -> GaitParameters:
    """The left knee with this value; the right one is ``other``."""
    values = [value] * strides if values is None else values
    table = pd.DataFrame(
        [("knee_range_deg", "left", i, float(i), v, error) for i, v in enumerate(values)], columns=list(STRIDE_COLUMNS)
    )
    rows = [("left", value), ("right", other)]
    half = 1.96 * error
    summary = [
        Parameter("knee_range_deg", side, v, "deg", 0.0, strides, v - half, v + half, norm=norm) for side, v in rows
    ]
    return GaitParameters(table, tuple(summary))


def judged(monkeypatch, made: Rule, measures: GaitParameters, conditions=SIDE, norms=ADULT, before=()) -> Finding:
    book = Catalogue(finding=(*before, made))
    monkeypatch.setattr(rules, "load_rules", lambda: book)
    found = rules.find_deviations(measures, norms, conditions).get("made", "left")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("value", "error", "status"),
    [(6.0, 0.5, "present"), (6.0, 3.0, "not_assessable"), (4.0, 0.5, "absent"), (1.0, 6.0, "not_assessable")],
)
def test_present_needs_more_than_error_and_absent_needs_a_film_that_could_show_it(monkeypatch, value, error, status):
    assert judged(monkeypatch, rule([criterion()]), parameters(value, error)).status == status


def test_the_grade_follows_the_measure(monkeypatch):
    grades = [judged(monkeypatch, rule([criterion()]), parameters(v)).severity for v in (6.0, 12.0, 25.0)]
    assert grades == ["mild", "moderate", "severe"]


def test_strides_must_agree(monkeypatch):
    scattered = parameters(8.0, values=[0.0, 1.0, 1.0, 19.0, 19.0])
    found = judged(monkeypatch, rule([criterion()]), scattered)
    assert found.status == "not_assessable"
    assert "2 of 5 strides" in found.reason
    assert judged(monkeypatch, rule([criterion()], agreeing=0.4), scattered).status == "present"


def test_below_is_above_upside_down(monkeypatch):
    low = rule([criterion("below", report=-5.0, limit=-2.0)], grade=(-10.0, -20.0))
    for value in (-6.0, -3.0, -12.0, 4.0):
        below = judged(monkeypatch, low, parameters(value))
        above = judged(monkeypatch, rule([criterion()]), parameters(-value))
        assert (below.status, below.severity, below.confidence) == (above.status, above.severity, above.confidence)


def test_norms_are_met_at_their_edge(monkeypatch):
    norm = Norm(40.0, 60.0, "walking speed 1.2 m/s", "made for this test")
    low = rule([criterion("below_norm", report=2.0, limit=0.0)])
    found = judged(monkeypatch, low, parameters(36.0, norm=norm))
    assert found.status == "present"
    assert "reported below 38 deg" in found.evidence[0].reference
    assert "walking speed 1.2 m/s" in found.evidence[0].reference
    assert judged(monkeypatch, low, parameters(39.0, norm=norm)).status == "absent"
    assert (
        judged(monkeypatch, rule([criterion("above_norm", 2.0, 0.0)]), parameters(64.0, norm=norm)).status == "present"
    )


def test_without_its_norm_nothing_is_said(monkeypatch):
    found = judged(monkeypatch, rule([criterion("below_norm", report=2.0, limit=0.0)]), parameters(36.0))
    assert found.status == "not_assessable"
    assert "No norm fits" in found.reason


def test_sides_are_compared_by_value_or_by_percent(monkeypatch):
    lower = rule([criterion("lower_than_other")])
    assert judged(monkeypatch, lower, parameters(50.0, other=58.0)).status == "present"
    assert judged(monkeypatch, lower, parameters(58.0, other=50.0)).status == "absent"
    percent = rule([criterion("lower_than_other", percent=True)])
    assert judged(monkeypatch, percent, parameters(100.0, other=108.0)).status == "present"
    assert judged(monkeypatch, percent, parameters(200.0, other=208.0)).status == "absent"


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        (Conditions("frontal"), "film from the side"),
        (Conditions("sagittal", "heel_raise"), "a clip of usual walking"),
        (Conditions("sagittal", rate_hz=30.0), "30 pictures a second"),
    ],
)
def test_a_clip_that_cannot_show_it_says_what_would(monkeypatch, conditions, words):
    found = judged(monkeypatch, rule([criterion()], min_rate_hz=60.0), parameters(50.0), conditions)
    assert found.status == "not_assessable"
    assert words in found.reason


def test_a_task_that_was_not_done_shows_nothing(monkeypatch):
    task = rule([criterion()], tasks=("heel_raise",))
    tried = Conditions("sagittal", "heel_raise")
    assert judged(monkeypatch, task, parameters(6.0), tried).status == "present"
    refused = Conditions("sagittal", "heel_raise", "Nobody rises in this clip.")
    assert judged(monkeypatch, task, parameters(6.0), refused).reason == "Nobody rises in this clip."


def test_what_no_film_shows_is_never_judged(monkeypatch):
    never = Rule.model_validate(
        {**TEXTS, "id": "made", "sided": True, "views": ("sagittal",), "never": "It is inside."}
    )
    assert judged(monkeypatch, never, parameters(50.0)).reason == "It is inside."


def witness(finding_id: str, report: float) -> Rule:
    made = rule([criterion(report=report, limit=report)], grade=(report + 5.0, report + 9.0)).model_dump()
    return Rule.model_validate({**made, "id": finding_id, "label": finding_id.capitalize()})


@pytest.mark.parametrize(("value", "status"), [(30.0, "present"), (15.0, "absent"), (5.0, "absent")])
def test_a_pattern_is_as_present_as_its_parts(monkeypatch, value, status):
    parts = (witness("one", 10.0), witness("two", 20.0))
    pattern = rule(witnesses=[{"finding": name, "required": True} for name in ("one", "two")])
    assert pattern.is_pattern
    found = judged(monkeypatch, pattern, parameters(value), before=parts)
    assert found.status == status
    if status == "present":
        assert found.severity == "severe"


def test_a_pattern_with_an_unseen_part_is_not_decided(monkeypatch):
    part = Rule.model_validate({**witness("one", 10.0).model_dump(), "views": ("frontal",)})
    pattern = rule(witnesses=[{"finding": "one", "required": True}])
    found = judged(monkeypatch, pattern, parameters(30.0), before=(part,))
    assert found.status == "not_assessable"
    assert "It needs one" in found.reason


def test_patterns_are_judged_again_over_several_clips(monkeypatch):
    part = Rule.model_validate({**witness("one", 10.0).model_dump(), "views": ("frontal",)})
    pattern = rule(witnesses=[{"finding": "one", "required": True}])
    book = Catalogue(finding=(part, pattern))
    monkeypatch.setattr(rules, "load_rules", lambda: book)
    seen = Finding("one", "left", "present", "moderate", 0.9, label="One")
    alone = rules.find_deviations(parameters(30.0), ADULT, SIDE)
    together = rules.find_patterns(Findings((seen, *(f for f in alone.all if (f.id, f.side) != ("one", "left")))))
    found = together.get("made", "left")
    assert found is not None
    assert (found.status, found.severity, found.confidence) == ("present", "moderate", 0.9)


def test_a_spoilt_comparison_is_not_made(monkeypatch):
    dropped = witness("one", 10.0)
    spoilt = rule([criterion("higher_than_other")], spoilt_by=("one",))
    both = parameters(30.0, other=12.0)
    found = judged(monkeypatch, spoilt, both, before=(dropped,))
    assert found.status == "not_assessable"
    assert "the right foot shows one" in found.reason


def test_confidence_grows_with_the_margin(monkeypatch):
    sure = [judged(monkeypatch, rule([criterion()]), parameters(8.0, error)).confidence for error in (4.0, 3.0, 0.8)]
    assert sure[0] == 0.0  # not decided
    assert 0.5 <= sure[1] <= sure[2] <= 0.97


@pytest.mark.parametrize(
    "fields",
    [{"way": ()}, {"never": "never"}, {"plain": ""}, {"unknown": 1}],
)
def test_a_row_that_is_not_whole_is_refused(fields):
    good = rule([criterion()]).model_dump()
    with pytest.raises(ValidationError):
        Rule.model_validate({**good, **fields})


def test_a_rule_may_only_name_what_stands_before_it():
    pattern = rule(witnesses=[{"finding": "later", "required": True}])
    with pytest.raises(ValidationError, match="does not stand before"):
        Catalogue(finding=(pattern, witness("later", 1.0)))


def test_the_calibration_is_monotone():
    table = rules.load_confidence()
    for column in (table.is_present, table.is_absent):
        assert np.all(np.diff(column) >= 0)
        assert column.min() >= 0.5 or column.max() > 0.9
    assert np.all(np.diff(table.margin) > 0)
    assert catalogue.load_rules().finding
