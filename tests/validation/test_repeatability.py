"""Repeatability from made-up people whose errors are known."""

import numpy as np
import pandas as pd
import pytest

from gait.core.errors import InputError, NotEnoughDataError
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.core.trajectories import Pass
from gait.parameters.catalogue import measure
from gait.parameters.repeatability import COLUMNS
from gait.validation.repeatability import by_person, false_differences, near_far, repeatability, write_table


class Tracks:
    """As much of trajectories as is looked at: which side was near."""

    def __init__(self, near_side):
        self.passes = (Pass(0.0, 3.0, "left_to_right", 1, near_side),)


def film(**values):
    """Measures with ``id__side=(value, sd, strides)``."""
    table = pd.DataFrame({name: [] for name in STRIDE_COLUMNS})
    summary = []
    for name, (value, sd, strides) in values.items():
        measure_id, side = name.split("__")
        summary.append(Parameter(measure_id, side, value, "", sd, strides, value - 1.0, value + 1.0))
    return GaitParameters(table, tuple(summary))


def people(count, film_sd, stride_sd, strides, far=0.0, seed=1):
    """People whose two films differ by the film, by strides, and by the leg that is far."""
    random = np.random.default_rng(seed)
    out = {}
    for number in range(count):
        own, films = random.normal(60, 5), []
        for near_side in ("right", "left"):
            values = {
                f"knee_range_deg__{side}": (
                    own + random.normal(0, film_sd) + random.normal(0, stride_sd / np.sqrt(strides))
                    + (0.0 if side == near_side else far),
                    stride_sd,
                    strides,
                )
                for side in ("left", "right")
            }  # fmt: skip
            films.append((Tracks(near_side), film(**values)))
        out[f"p{number}"] = films
    return out


def test_the_error_of_measurement_is_found_and_parted():
    table = repeatability(people(400, 2.0, 3.0, 4), "note", "source").set_index("parameter")
    row = table.loc["knee_range_deg"]
    assert float(row["sem"]) == pytest.approx(np.hypot(2.0, 1.5), rel=0.06)
    assert float(row["sem_film"]) == pytest.approx(2.0, rel=0.1)
    assert float(row["sd_stride"]) == pytest.approx(3.0)
    assert float(row["mdc95"]) == pytest.approx(1.96 * np.sqrt(2) * float(row["sem"]), rel=1e-3)
    assert (row["people"], row["films"], row["strides"]) == (400, 800, "4")


def test_a_far_leg_is_measured_before_its_correction():
    table = near_far(people(200, 1.0, 1.0, 4, far=-8.0)).set_index("parameter")
    row = table.loc["knee_range_deg"]
    # The films' values have the catalogue's correction in them already.
    assert row["rest"] == pytest.approx(-8.0, abs=0.3)
    assert row["difference"] == pytest.approx(-8.0 + measure("knee_range_deg").far_bias, abs=0.3)
    assert row["legs"] == 400


def test_too_few_people_are_refused():
    with pytest.raises(NotEnoughDataError, match="3 people"):
        repeatability(people(3, 1.0, 1.0, 4), "", "")


def test_differences_beyond_their_intervals_are_counted():
    even = film(knee_range_deg__left=(60.0, 1.0, 4), knee_range_deg__right=(60.5, 1.0, 4))
    uneven = film(knee_range_deg__left=(60.0, 1.0, 4), knee_range_deg__right=(70.0, 1.0, 4))
    table = false_differences([even, even, even, uneven]).set_index("parameter")
    assert table.loc["knee_range_deg", "false"] == pytest.approx(0.25)


def test_films_of_a_person_share_their_name(tmp_path):
    films = [tmp_path / name for name in ("a_b_01.mov", "a_b_02.mov", "c_01.mov")]
    assert {name: len(seen) for name, seen in by_person(films).items()} == {"a_b": 2, "c": 1}
    with pytest.raises(InputError, match="names no person"):
        by_person([tmp_path / "walk.mov"])


def test_the_table_is_written_and_read_back(tmp_path):
    table = repeatability(people(6, 1.0, 1.0, 4), "a note, with a comma", "source")
    write_table(table, tmp_path / "table.csv")
    assert list(pd.read_csv(tmp_path / "table.csv").columns) == list(COLUMNS)
    assert not list(tmp_path.glob(".*"))
