from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from gait.core.errors import InputError, OutputError, SchemaError
from gait.core.pose import Person, Pose
from gait.core.recording import CameraMotion
from gait.core.skeleton import KEYPOINTS
from gait.pose.keypoints_file import is_keypoints_file, read_keypoints, read_marker_events, write_keypoints

K = len(KEYPOINTS)


@pytest.fixture
def pose():
    rng = np.random.default_rng(1)
    position = rng.uniform(0, 1000, (30, 2, K))
    position[5] = np.nan
    camera = CameraMotion(np.arange(30) / 29.97, rng.normal(size=(30, 2, 3)), rng.random(30) > 0.5)
    return Pose.from_arrays(
        np.arange(30) / 29.97,
        position,
        rng.random((30, K)),
        1920,
        1080,
        backend="mediapipe 0 heavy",
        model_sha256="abc",
        camera=camera,
        people=(Person(1, 0.9, 0.0, 1.0, 400.0, b"\xff\xd8jpeg"), Person(2, 0.1, 0.5, 1.0, 200.0)),
        walker=1,
        m_per_px=0.004,
        is_lite=True,
    )


def test_our_file_gives_back_the_whole_pose(tmp_path, pose):
    write_keypoints(pose, tmp_path / "walk.nc")
    read = read_keypoints(tmp_path / "walk.nc")
    xr.testing.assert_identical(read.data, pose.data)
    np.testing.assert_array_equal(read.camera.to_first, pose.camera.to_first)
    np.testing.assert_array_equal(read.camera.is_measured, pose.camera.is_measured)
    for name in ("width_px", "height_px", "backend", "model_sha256", "people", "walker", "m_per_px", "is_lite"):
        assert getattr(read, name) == getattr(pose, name), name
    assert [entry.name for entry in tmp_path.iterdir()] == ["walk.nc"]


def test_a_pose_without_scale_and_camera_too(tmp_path, pose):
    plain = Pose(pose.data, 10, 10)
    write_keypoints(plain, tmp_path / "walk.nc")
    read = read_keypoints(tmp_path / "walk.nc")
    assert read.m_per_px is None
    assert read.camera is None
    assert read.people == ()


def test_writing_leaves_the_pose_as_it_was(tmp_path, pose):
    before = pose.data.copy(deep=True)
    write_keypoints(pose, tmp_path / "walk.nc")
    xr.testing.assert_identical(pose.data, before)


def test_other_netcdf_and_broken_files_are_refused(tmp_path, pose):
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(tmp_path / "other.nc", engine="h5netcdf")
    with pytest.raises(SchemaError, match="not a keypoint file"):
        read_keypoints(tmp_path / "other.nc")
    (tmp_path / "broken.nc").write_bytes(b"nothing")
    with pytest.raises(InputError, match="NetCDF"):
        read_keypoints(tmp_path / "broken.nc")
    write_keypoints(pose, tmp_path / "walk.nc")
    with xr.open_dataset(tmp_path / "walk.nc", engine="h5netcdf") as data:
        data.load().drop_vars("confidence").to_netcdf(tmp_path / "less.nc", engine="h5netcdf")
    with pytest.raises(SchemaError, match="confidence"):
        read_keypoints(tmp_path / "less.nc")


def test_no_place_to_write_is_said(tmp_path, pose):
    with pytest.raises(OutputError, match="cannot be written"):
        write_keypoints(pose, tmp_path / "nowhere" / "walk.nc")


def test_unknown_and_missing_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="no file"):
        read_keypoints(tmp_path / "gone.c3d")
    (tmp_path / "walk.mp4").write_bytes(b"film")
    with pytest.raises(InputError, match="expected"):
        read_keypoints(tmp_path / "walk.mp4")


def test_keypoint_files_are_told_from_films_and_intakes(tmp_path):
    for name in ("walk.c3d", "walk.TRC", "walk.nc", "walk.mp4"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "intake.json").write_text(json.dumps({"schema_version": "1", "subject": {"age_years": 4}}))
    (tmp_path / "pose.json").write_text(json.dumps({"frames": [{"people": []}]}))
    answers = {path.name: is_keypoints_file(path) for path in tmp_path.iterdir()}
    assert answers == {
        "walk.c3d": True, "walk.TRC": True, "walk.nc": True, "walk.mp4": False, "intake.json": False, "pose.json": True,
    }  # fmt: skip
    assert not is_keypoints_file(tmp_path)
    folder = tmp_path / "frames"
    folder.mkdir()
    (folder / "a_keypoints.json").write_text(json.dumps({"people": []}))
    assert is_keypoints_file(folder)


@pytest.mark.film
def test_every_recording_with_markers_loads(film_data):
    for path in sorted((film_data / "mocap").rglob("*.c3d")):
        pose = read_keypoints(path)
        index = {name: i for i, name in enumerate(KEYPOINTS)}
        position = pose.data["position"].values
        foot = position[:, 0, index["left_toe"]] - position[:, 0, index["left_heel"]]
        assert 0.12 < np.nanmedian(foot) * pose.m_per_px < 0.25, path.name
        leg = position[:, 1, index["left_ankle"]] - position[:, 1, index["left_hip"]]
        assert 0.5 < np.nanmedian(leg) * pose.m_per_px < 0.95, path.name
        times = [event[0] for event in read_marker_events(path)]
        assert all(-0.5 < t < pose.time_s[-1] + 0.5 for t in times), path.name


def spoil(path, change):
    """Write a changed copy of our file over it."""
    with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as data:
        changed = change(data.load())
    changed.to_netcdf(path, engine="h5netcdf")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda data: data.assign_attrs(gait_keypoints="99"), "not a keypoint file"),
        (lambda data: data.isel(time=slice(None, None, -1)), "increase"),
        (lambda data: data.isel(time=slice(0, 0)), None),
        (lambda data: data.isel(keypoint=slice(0, 5)), "keypoints are"),
        (lambda data: data.assign(confidence=data["confidence"] * 100), "between 0 and 1"),
        (lambda data: data.assign_attrs(people="{"), "not whole"),
        (lambda data: data.drop_attrs().assign_attrs(gait_keypoints="1"), "width_px"),
        (lambda data: data.rename({"keypoint": "keypoints"}), "not whole"),
    ],
    ids=["version", "time", "no frames", "keypoints", "confidence", "people", "facts", "other names"],
)
def test_our_file_with_a_fault_is_refused_in_one_sentence(tmp_path, pose, change, match):
    path = tmp_path / "walk.nc"
    write_keypoints(pose, path)
    spoil(path, change)
    if match is None:
        assert len(read_keypoints(path).time_s) == 0  # The pipeline says that there are no frames.
        return
    with pytest.raises(SchemaError, match=match) as caught:
        read_keypoints(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_cut_short_is_refused(tmp_path, pose):
    path = tmp_path / "walk.nc"
    write_keypoints(pose, path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(InputError, match="NetCDF"):
        read_keypoints(path)
