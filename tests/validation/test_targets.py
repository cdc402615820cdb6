"""Targets are judged as they say, on tables with obvious answers."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from gait.validation.agreement import limits_of_agreement, wilson
from gait.validation.targets import Target, judge, load_peers, load_targets, measure

EVENTS = pd.DataFrame(
    {
        "clip": ["a", "a", "b", "b"],
        "source": ["rendered", "rendered", "rendered", "capture"],
        "fps": [30, 30, 60, 100],
        "is_near": [True, False, True, True],
        "error_ms": [10.0, -20.0, 30.0, 500.0],
        "matched": [9, 8, 10, 1],
        "missed": [1, 0, 0, 9],
        "false": [0, 2, 0, 9],
    }
)


def target(**values):
    facts = {"id": "t", "group": "g", "measure": "m", "on": "o", "unit": "ms", "table": "pairs", "column": "error_ms"}
    return Target.model_validate(facts | {"how": "mean_abs", "at_most": 20} | values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"where": {"source": ["rendered"]}}, 20),
        ({"where": {"source": ["rendered"]}, "how": "mean"}, 20 / 3),
        ({"where": {"source": ["rendered"]}, "how": "max_abs"}, 30),
        ({"where": {"source": ["rendered"]}, "how": "rms"}, np.sqrt(1400 / 3)),
        ({"where": {"source": ["rendered"]}, "how": "median"}, 10),
        ({"where": {"fps": {"max": 49}}, "how": "sum"}, -10),
        ({"where": {"fps": {"min": 50, "max": 60}}, "factor": 0.001}, 0.03),
        ({"where": {"is_near": [False]}}, 20),
        # Both values of clip a are one: -5 and 30.
        ({"where": {"source": ["rendered"]}, "per": ["clip"]}, 17.5),
        ({"where": {"source": ["rendered"]}, "how": "f1", "column": ""}, 2 * 27 / (2 * 27 + 1 + 2)),
        ({"where": {"source": ["rendered"]}, "how": "share_pct", "column": "is_near"}, 200 / 3),
    ],
)
def test_a_target_takes_its_rows_and_its_statistic(values, expected):
    value, _, _ = measure(target(**values), EVENTS)
    assert value == pytest.approx(expected)


def test_what_a_table_does_not_tell_is_not_measured_rather_than_met():
    for table in (pd.DataFrame(), EVENTS.drop(columns="error_ms"), EVENTS.assign(error_ms=np.nan)):
        assert measure(target(), table)[1:] == (0, 0)
    assert measure(target(where={"view": ["sagittal"]}), EVENTS)[1:] == (0, 0)
    judged = judge({})
    assert set(judged["status"]) == {"not measured"}
    assert len(judged) == len(load_targets())


def test_a_value_on_the_goal_meets_it_and_one_beyond_it_does_not():
    assert target().is_met(20.0)
    assert not target().is_met(20.001)
    both = target(at_least=90, at_most=98)
    assert [both.is_met(value) for value in (89.9, 90, 98, 98.1)] == [False, True, True, False]
    assert both.goal == "90 to 98"


def test_rounding_never_hides_a_miss():
    assert target(decimals=0).words(20.4) == "20.4 ms"
    assert target(decimals=0).words(19.8) == "20 ms"


def test_a_missed_target_carries_its_limits_and_a_met_one_does_not():
    known = {row.id: row for row in load_targets()}["film_contact"]
    errors = pd.DataFrame(
        {"clip": "a", "source": "rendered", "view": "sagittal", "kind": "initial_contact", "error_ms": [50.0]}
    )
    missed = judge({"pairs": errors}).set_index("id").loc["film_contact"]
    assert (missed["status"], missed["value"], missed["limits"]) == ("missed", 50, known.limits)
    met = judge({"pairs": errors.assign(error_ms=1.0)}).set_index("id").loc["film_contact"]
    assert (met["status"], met["limits"]) == ("met", "")


def test_a_share_of_a_handful_is_not_judged():
    rows = {"clip": "a", "source": "simulated", "half": "held", "is_covered": True}
    few, many = (judge({"coverage": pd.DataFrame([rows] * count)}).set_index("id") for count in (99, 100))
    assert few.loc["coverage", "status"] == "not measured"
    # All of a hundred held: wider than 95 % intervals should be.
    assert many.loc["coverage", "status"] == "missed"


def test_the_data_files_follow_their_rules():
    targets = load_targets()
    assert len({row.id for row in targets}) == len(targets)
    assert all(row.beat for row in targets)
    assert all(figure.targets and figure.source for figure in load_peers())
    with pytest.raises(ValidationError, match="neither at_most nor at_least"):
        target(at_most=None)


def test_limits_of_agreement_do_not_take_the_sides_of_a_clip_for_independent():
    rng = np.random.default_rng(3)
    clip_bias = rng.normal(2.0, 3.0, 400)
    rows = [(f"clip{i}", bias + rng.normal(0, 4.0)) for i, bias in enumerate(clip_bias) for _ in range(2)]
    found = limits_of_agreement(pd.DataFrame(rows, columns=["clip", "error"]))
    # Variances 9 between and 16 within make 25.
    assert found.bias == pytest.approx(2.0, abs=0.5)
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * 5.0, rel=0.08)
    assert (found.clips, found.values) == (400, 800)
    assert found.limit_error == pytest.approx(1.96 * 5.0 * np.sqrt(3 / 400), rel=0.1)


def test_one_clip_gives_a_bias_and_no_limits():
    found = limits_of_agreement(pd.DataFrame({"clip": ["a", "a"], "error": [1.0, 3.0]}))
    assert found.bias == 2.0
    assert np.isnan(found.low)
    assert limits_of_agreement(pd.DataFrame({"clip": [], "error": []})).clips == 0


def test_the_interval_of_a_share_is_wilsons():
    # 81 of 263: a worked example of Newcombe 1998, Stat Med 17, 857-872: 0.2553 to 0.3662.
    low, high = wilson(np.array([81.0]), np.array([263.0]))
    assert (round(float(low[0]), 4), round(float(high[0]), 4)) == (0.2553, 0.3662)
