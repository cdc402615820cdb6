"""Coverage: the counting against hand-made tables, the truths against the simulation's own."""

import json

import numpy as np
import pandas as pd
import pytest

from gait.core.errors import InputError, SchemaError
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.simulate.walker import Walker
from gait.validation.coverage import (
    COLUMNS,
    compare_intervals,
    coverage_table,
    film_beside,
    half_of,
    main,
    network_pose,
    simulated_walks,
    to_markdown,
)
from gait.validation.truths import read_full_truth, rendered_truth, true_parameters, walker_truth


def parameters_of(*rows):
    table = pd.DataFrame({name: [] for name in STRIDE_COLUMNS})
    summary = [Parameter(name, side, value, "s", 0.1, 4, low, high) for name, side, value, low, high in rows]
    return GaitParameters(table, tuple(summary))


def comparisons(count, inside):
    rows = [
        (f"w{i}", "simulated", "held", "stride_time_s", "left", 1.0 if i < inside else 2.0, 1.1, 0.9, 1.3, 3)
        for i in range(count)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_truths_inside_are_counted():
    (row,) = coverage_table(comparisons(20, 19)).to_dict("records")
    assert row["comparisons"] == 20
    assert row["covered"] == pytest.approx(0.95)
    assert row["half_width"] == pytest.approx(0.2)
    assert row["mean_absolute_error"] == pytest.approx((19 * 0.1 + 0.9) / 20)


def test_a_miss_of_the_target_is_marked():
    assert "95% |" in to_markdown(comparisons(20, 19))
    assert "50% *" in to_markdown(comparisons(20, 10))
    assert "100% *" in to_markdown(comparisons(20, 20))


def test_what_has_no_truth_is_not_compared():
    found = parameters_of(("stride_time_s", "left", 1.1, 1.0, 1.2), ("stride_time_s", "right", 1.1, 1.0, 1.2))
    rows = compare_intervals(
        "walk", "simulated", found, {("stride_time_s", "left"): 1.15, ("step_time_s", "left"): 0.5}
    )
    assert list(rows["side"]) == ["left"]
    assert set(rows["half"]) == {half_of("walk")}


def test_halves_depend_on_the_name_alone_and_are_both_used():
    halves = [half_of(f"film_{i}") for i in range(40)]
    assert halves == [half_of(f"film_{i}") for i in range(40)]
    assert 10 < halves.count("held") < 30


@pytest.mark.parametrize(
    "walker",
    [
        Walker(),
        Walker(heading="right_to_left", stride_time_s=1.3),
        Walker(heading="in_place", duration_s=8.0),
        Walker(there_and_back=True, duration_s=14.0, stride_time_cv_pct=2.0),
        Walker(duration_s=8.0).with_fault("antalgic_gait", "left", 0.8),
    ],
    ids=["plain", "leftwards", "treadmill", "there_and_back", "antalgic"],
)
def test_truth_from_joints_agrees_with_the_simulations_own(walker):
    truth = walker_truth(walker)
    tolerance = {"s": 0.02, "pct": 0.8, "m": 0.012, "ll": 0.012, "mps": 0.02, "spm": 1.5, "deg": 1.0}
    checked = 0
    for row in walker.truth()["parameters"]:
        key = (row["id"], row["side"])
        # These two are told of another part of the swing, or of the thigh alone.
        if key in truth and row["id"] not in ("peak_swing_dorsiflexion_deg", "hip_range_deg", "stride_time_cv_pct"):
            unit = row["id"].rsplit("_", 1)[-1]
            assert truth[key] == pytest.approx(row["value"], abs=tolerance.get(unit, 0.02)), key
            checked += 1
    assert checked > 25


def test_true_joints_have_no_far_leg():
    walker = Walker(duration_s=6.0)
    truth = walker_truth(walker)
    for measure in ("knee_range_deg", "foot_pitch_at_toe_off_deg", "peak_push_off_plantarflexion_deg"):
        assert truth[measure, "left"] == pytest.approx(truth[measure, "right"], abs=0.8)


def test_a_walk_without_events_has_no_measures():
    walker = Walker()
    time_s = np.arange(0, 3, 0.01)
    assert true_parameters(time_s, np.zeros((len(time_s), 2, 8, 2)), [], [], walker.leg_length_m).summary == ()


def test_random_walks_are_the_same_every_time_and_differ_from_each_other():
    first, again = (dict(simulated_walks(6)) for _ in range(2))
    assert first == again
    assert len({walker.stride_time_s for walker in first.values()}) == 6


def test_a_network_puts_landmarks_beside_the_joints():
    walker = Walker(heading="right_to_left", duration_s=3.0)
    moved = network_pose(walker).data["position"] - walker.pose().data["position"]
    # Hips are drawn forward, that is to the left here, and shoulders down, that is to larger y.
    assert float(moved.sel(keypoint="left_hip", space="x").mean()) < -2.0
    assert float(moved.sel(keypoint="left_shoulder", space="y").mean()) > 3.0
    assert float(moved.sel(keypoint="left_hip").std("time").max()) < 1e-6


def test_a_truth_without_its_film_is_told(tmp_path, capsys):
    truth = tmp_path / "walk.full.json"
    truth.write_text("{}")
    with pytest.raises(InputError, match=r"walk\.mp4"):
        film_beside(truth)
    assert main([str(truth)]) == 2
    assert "walk.mp4" in capsys.readouterr().err


def test_a_file_that_is_no_truth_is_refused(tmp_path):
    truth = tmp_path / "walk.full.json"
    truth.write_text('{"fps": 30}')
    with pytest.raises(SchemaError, match="joints3d"):
        read_full_truth(truth)


def test_a_few_simulated_walks_are_covered(capsys, tmp_path):
    assert main(["--walkers", "3", "--out", str(tmp_path / "rows.csv")]) == 0
    rows = pd.read_csv(tmp_path / "rows.csv")
    assert rows["walk"].nunique() == 3
    assert ((rows["low"] <= rows["truth"]) & (rows["truth"] <= rows["high"])).mean() > 0.85
    assert "Interval coverage" in capsys.readouterr().out


@pytest.mark.film
def test_truth_of_rendered_films_agrees_with_their_short_truth(film_data):
    checked = 0
    for path in sorted((film_data / "rendered").glob("*_side.full.json.gz")):
        truth = rendered_truth(read_full_truth(path))
        told = json.loads(path.with_name(path.name.replace(".full.json.gz", ".truth.json")).read_text())
        tolerance = {"s": 0.01, "pct": 0.5, "m": 0.012, "mps": 0.03, "spm": 1.5, "deg": 1.0}
        for row in told["parameters"]:
            key = (row["id"], row["side"] or "both")
            # The ankle is told against the sole there, here against the line from heel to toe.
            if key in truth and not row["id"].startswith("ankle"):
                unit = row["id"].rsplit("_", 1)[-1]
                assert truth[key] == pytest.approx(row["value"], abs=tolerance[unit]), (path.name, key)
                checked += 1
    assert checked > 60
