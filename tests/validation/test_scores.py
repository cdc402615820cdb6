"""What healthy people score, from made-up people whose spread is known."""

from __future__ import annotations

import numpy as np
import pytest

from gait.core.errors import NotEnoughDataError
from gait.core.scores import ProfileScore, ScoreItem, Scores, VariableScore, VisualScore
from gait.scores.norm import HEALTHY_COLUMNS
from gait.validation.scores import films_in, healthy_table, main


def film(own: float, random: np.random.Generator, spread: float, near: str = "right") -> Scores:
    """Scores of one film: each side the person's own value and an error of the film."""
    variables, sums, visual = [], [], []
    for side in ("left", "right"):
        value = own + random.normal(0, spread)
        variables.append(VariableScore("knee_flexion", side, value, 0.0, 4, side == near))
        sums.append(ProfileScore(side, value, 3))
        items = tuple(ScoreItem(number, "x", "X", side, 1 if number <= 2 else 0) for number in range(1, 11))
        visual.append(VisualScore(side, items))
    return Scores(tuple(visual), None, tuple(variables), (*sums, ProfileScore("both", own, 3)))


def people(count: int, spread: float, films: int = 2):
    random = np.random.default_rng(4)
    return {
        f"p{number}": [film(random.normal(6, 1), random, spread, ("left", "right")[turn % 2]) for turn in range(films)]
        if films == 1
        else same_person(random, spread)
        for number in range(count)
    }


def same_person(random, spread):
    own = random.normal(6, 1)
    return [film(own, random, spread, near) for near in ("left", "right")]


def test_percentiles_and_detectable_change_are_found():
    table = healthy_table(people(500, 0.8), "made up").set_index(["score", "leg"])
    assert list(table.reset_index()[list(HEALTHY_COLUMNS)]) == list(HEALTHY_COLUMNS)
    row = table.loc[("profile", "near")]
    total = np.hypot(1.0, 0.8)
    assert row["low"] == pytest.approx(6 - 1.645 * total, abs=0.25)
    assert row["high"] == pytest.approx(6 + 1.645 * total, abs=0.25)
    assert row["change"] == pytest.approx(1.96 * np.sqrt(2) * 0.8, rel=0.06)
    assert row["legs"] == 1000
    assert table.loc[("profile", "both"), "change"] == pytest.approx(0.0)
    assert table.loc[("visual", "any"), "median"] == 2


def test_near_and_far_legs_stand_apart():
    table = healthy_table(people(10, 0.5), "made up")
    legs = {(row.score, row.leg): row.legs for row in table.itertuples()}
    assert legs[("shape_knee_flexion", "near")] == legs[("shape_knee_flexion", "far")] == 20
    assert legs[("visual", "any")] == 40


def test_people_filmed_once_give_ranges_but_no_change():
    table = healthy_table(people(8, 0.5, films=1), "made up").set_index(["score", "leg"])
    assert np.isnan(table.loc[("profile", "near"), "change"])
    assert np.isfinite(table.loc[("profile", "near"), "high"])


def test_too_few_people_are_refused():
    with pytest.raises(NotEnoughDataError, match="2 people"):
        healthy_table(people(2, 0.5), "made up")


def test_a_folder_without_films_is_told_in_words(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("x")
    assert main([str(tmp_path), "--source", "x"]) == 2
    assert "There is no film" in capsys.readouterr().err
    assert main([str(tmp_path / "nowhere"), "--source", "x"]) == 2
    (tmp_path / "012_01.MOV").write_bytes(b"")
    assert [path.name for path in films_in(tmp_path)] == ["012_01.MOV"]
