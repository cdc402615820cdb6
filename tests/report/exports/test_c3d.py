"""C3D: what we write, ezc3d, our own reader and a reader of somebody else (c3d) read back."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path

import c3d as other_reader
import ezc3d
import numpy as np
import pytest
import walks

from gait.core.analysis import Analysis
from gait.core.errors import InputError
from gait.core.events import GaitEvents
from gait.core.parameters import GaitParameters
from gait.core.sides import SIDES
from gait.core.subject import Subject
from gait.core.trajectories import View
from gait.pose.keypoints_file import read_keypoints
from gait.pose.marker_files import read_c3d, read_marker_events, read_model_angles
from gait.report.exports.c3d import ANGLE_LABELS, write_c3d
from gait.report.exports.room import room
from gait.report.exports.source import source_of
from gait.simulate.walker import Walker


@pytest.fixture(scope="module")
def written(foot_drop: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("c3d") / "out.c3d"
    write_c3d(source_of(foot_drop, "P-007"), path)
    return path


@pytest.fixture(scope="module")
def walk() -> Analysis:
    walker = Walker(duration_s=5.0)
    return walks.analyse(walker.pose(), Subject(height_m=walker.height_m))


def test_points_come_back_in_metres_to_a_hundredth_of_a_millimetre(written: Path, foot_drop: Analysis) -> None:
    read = read_c3d(written)
    placed = room(foot_drop.trajectories, "C3D")
    assert np.allclose(read.time_s, placed.time_s)
    for label, position in placed.position_m.items():
        forward, up, right = position.T
        assert np.allclose(read.position_m[label], np.stack([forward, -right, up], axis=1), atol=1e-5, equal_nan=True)


def test_events_come_back_in_their_place(written: Path, foot_drop: Analysis) -> None:
    read = read_marker_events(written)
    table = foot_drop.events.table
    assert [event[1:] for event in read] == list(zip(table["side"], table["kind"], strict=True))
    assert np.allclose([event[0] for event in read], table["time_s"], atol=1e-5)


def test_angles_come_back_in_degrees(written: Path, foot_drop: Analysis) -> None:
    read = read_model_angles(written)
    for side in SIDES:
        for joint, label in ANGLE_LABELS.items():
            angle = read[f"{side[0].upper()}{label}"]
            assert np.allclose(angle[:, 0], foot_drop.trajectories.joint(side, joint), atol=1e-4, equal_nan=True)
            assert (angle[:, 1:][np.isfinite(angle[:, 1:])] == 0).all()


def test_ezc3d_reads_events_measures_and_angle_list_as_laboratories_write_them(written: Path) -> None:
    group = ezc3d.c3d(str(written))["parameters"]
    assert group["POINT"]["UNITS"]["value"] == ["mm"]
    assert set(group["EVENT"]["LABELS"]["value"]) == {"Foot Strike", "Foot Off"}
    assert set(group["EVENT"]["CONTEXTS"]["value"]) == {"Left", "Right"}
    assert group["EVENT"]["TIMES"]["value"].shape == (2, group["EVENT"]["USED"]["value"][0])
    assert "LKneeAngles" in group["POINT"]["ANGLES"]["value"]
    assert set(group["POINT"]["ANGLES"]["value"]) <= set(group["POINT"]["LABELS"]["value"])
    measures = dict(
        zip(
            zip(group["ANALYSIS"]["NAMES"]["value"], group["ANALYSIS"]["CONTEXTS"]["value"], strict=True),
            group["ANALYSIS"]["VALUES"]["value"],
            strict=True,
        )
    )
    assert measures["stance_pct", "Left"] == pytest.approx(64.0)
    assert measures["walking_speed_mps", "General"] == pytest.approx(1.19)
    assert group["SUBJECTS"]["NAMES"]["value"] == ["P-007"]


def test_a_reader_of_somebody_else_reads_the_same(written: Path, foot_drop: Analysis) -> None:
    with written.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that there is no analog data
        reader = other_reader.Reader(file)
        labels = [label.strip() for label in reader.point_labels]
        frames = np.array([points for _, points, _ in reader.read_frames()])
        times = reader.get("EVENT").get("TIMES").float_array
    assert reader.point_rate == pytest.approx(foot_drop.trajectories.rate_hz)
    placed = room(foot_drop.trajectories, "C3D")
    heel = frames[:, labels.index("RHeel"), :3] / 1000
    assert np.allclose(heel[:, [0, 2]], placed.position_m["RHeel"][:, :2], atol=1e-5)
    assert np.allclose(times[:, 0] * 60 + times[:, 1], foot_drop.events.table["time_s"], atol=1e-5)


def test_what_was_not_seen_is_an_invalid_point_and_no_number(tmp_path: Path, foot_drop: Analysis) -> None:
    data = foot_drop.trajectories.data.copy(deep=True)
    data["position"].loc[{"side": "left", "landmark": "heel", "time": data["time"][5:9]}] = np.nan
    gap = replace(foot_drop, trajectories=replace(foot_drop.trajectories, data=data))
    write_c3d(source_of(gap), tmp_path / "gap.c3d")
    missing = np.isnan(read_c3d(tmp_path / "gap.c3d").position_m["LHeel"]).all(axis=1)
    assert np.flatnonzero(missing).tolist() == [5, 6, 7, 8]


def test_an_exported_walk_analysed_again_gives_the_same_walk(tmp_path: Path, walk: Analysis) -> None:
    write_c3d(source_of(walk), tmp_path / "walk.c3d")
    again = walks.analyse(read_keypoints(tmp_path / "walk.c3d"), walk.subject, 100.0)
    for measure, side, within in (("stride_time_s", "left", 0.02), ("stride_length_m", "right", 0.04)):
        assert again.parameters.value(measure, side) == pytest.approx(walk.parameters.value(measure, side), abs=within)
    for side in SIDES:
        for joint, within in (("knee_flexion", 2.0), ("hip_flexion", 2.0)):
            before = np.nanmean(walk.cycles.curve(side, joint), axis=0)
            after = np.nanmean(again.cycles.curve(side, joint), axis=0)
            assert np.abs(before - after).mean() < within


def test_a_walk_to_the_left_goes_forward_all_the_same(walk: Analysis, foot_drop: Analysis) -> None:
    data = walk.trajectories.data.copy(deep=True)
    data["position"].loc[{"space": "x"}] *= -1
    data["midline"].loc[{"space": "x"}] *= -1
    passes = tuple(replace(stretch, facing=-stretch.facing) for stretch in walk.trajectories.passes)
    mirrored = replace(walk.trajectories, data=data, passes=passes)
    for label, position in room(walk.trajectories, "C3D").position_m.items():
        assert np.allclose(room(mirrored, "C3D").position_m[label], position, equal_nan=True)


def test_a_long_walk_keeps_all_its_events_and_measures(tmp_path: Path, foot_drop: Analysis) -> None:
    rows = [(0.01 * number, SIDES[number % 2], "initial_contact", 0.9) for number in range(600)]
    measures = tuple(foot_drop.parameters.summary) * 12
    parameters = GaitParameters(foot_drop.parameters.strides, measures)
    long = replace(foot_drop, events=GaitEvents.from_rows(rows), parameters=parameters)
    write_c3d(source_of(long), tmp_path / "long.c3d")
    group = ezc3d.c3d(str(tmp_path / "long.c3d"))["parameters"]
    times = np.concatenate([group["EVENT"][name]["value"] for name in ("TIMES", "TIMES2", "TIMES3")], axis=1)
    assert np.allclose(times[1] + 60 * times[0], [row[0] for row in rows], atol=1e-5)
    values = np.concatenate([group["ANALYSIS"][name]["value"] for name in ("VALUES", "VALUES2")])
    assert np.allclose(values, [measure.value for measure in measures], rtol=1e-6)


def test_an_analysis_without_events_is_written(tmp_path: Path, nothing_assessable: Analysis) -> None:
    write_c3d(source_of(nothing_assessable), tmp_path / "none.c3d")
    assert read_marker_events(tmp_path / "none.c3d") == []


def test_without_metres_or_from_the_front_it_is_refused_in_a_sentence(tmp_path: Path, foot_drop: Analysis) -> None:
    told = foot_drop.trajectories
    unscaled = replace(told, scale=replace(told.scale, m_per_px=None))
    with pytest.raises(InputError, match="--height"):
        write_c3d(source_of(replace(foot_drop, trajectories=unscaled)), tmp_path / "a.c3d")
    frontal = replace(told, view=View("frontal", 0.9, 88.0))
    with pytest.raises(InputError, match="from the side"):
        write_c3d(source_of(replace(foot_drop, trajectories=frontal)), tmp_path / "a.c3d")
    assert list(tmp_path.iterdir()) == []
