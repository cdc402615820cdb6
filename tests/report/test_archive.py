"""An analysis survives being saved."""

from __future__ import annotations

import errno
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gait.core.errors import InputError, OutputError, SchemaError
from gait.core.events import GaitEvents
from gait.core.findings import Evidence, Finding, Findings
from gait.core.issues import Issue
from gait.core.scores import Scores
from gait.core.tasks import TaskRecord
from gait.report import archive
from gait.report.archive import load_analysis, save_analysis
from gait.report.document import build_document
from gait.report.html import render_html


def assert_same(one, other, place="analysis"):
    """Equal in type, number and word, NaN being equal to NaN."""
    assert type(one) is type(other), place
    if is_dataclass(one):
        for item in fields(one):
            assert_same(getattr(one, item.name), getattr(other, item.name), f"{place}.{item.name}")
    elif isinstance(one, tuple):
        assert len(one) == len(other), place
        for number, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{place}[{number}]")
    else:
        assert_same_leaf(one, other, place)


def assert_same_leaf(one, other, place):
    """Equal tables, arrays, numbers or words."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, obj=place)
    elif isinstance(one, xr.Dataset | xr.DataArray):
        xr.testing.assert_identical(one, other)
    elif isinstance(one, np.ndarray):
        assert one.dtype == other.dtype, place
        np.testing.assert_array_equal(one, other, err_msg=place)
    else:
        both_missing = isinstance(one, float) and np.isnan(one) and np.isnan(other)
        assert both_missing or one == other, place


@pytest.mark.parametrize("name", ["foot_drop", "nothing_assessable", "emergency"])
def test_what_is_loaded_is_what_was_saved(request, tmp_path, name):
    analysis = request.getfixturevalue(name)
    save_analysis(analysis, tmp_path / "analysis.nc")
    assert_same(analysis, load_analysis(tmp_path / "analysis.nc"))
    assert [path.name for path in tmp_path.iterdir()] == ["analysis.nc"]


def test_the_report_made_from_the_archive_is_the_same(foot_drop, tmp_path):
    save_analysis(foot_drop, tmp_path / "analysis.nc")
    again = load_analysis(tmp_path / "analysis.nc")
    assert render_html(build_document(again, drawings={})) == render_html(build_document(foot_drop, drawings={}))


texts = st.text(max_size=30)
numbers = st.floats(allow_nan=True, allow_infinity=True)


def shortened(analysis):
    """The same with three frames: words are tried here, not sizes."""
    pose = replace(analysis.pose, data=analysis.pose.data.isel(time=slice(0, 3)), camera=None, people=())
    short = replace(analysis.trajectories, data=analysis.trajectories.data.isel(time=slice(0, 3)))
    return replace(analysis, pose=pose, trajectories=short)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    message=texts,
    values=st.lists(numbers, max_size=4),
    jpeg=st.binary(max_size=60),
    times=st.lists(st.tuples(st.floats(0, 100), st.floats(0, 1)), max_size=5),
    height=st.none() | st.floats(0.5, 2.5),
)
def test_any_words_numbers_and_pictures_survive(
    nothing_assessable, foot_drop, tmp_path, message, values, jpeg, times, height
):
    evidence = tuple(Evidence("x", "left", value, "s", message) for value in values)
    still = replace(foot_drop.stills[0], label=message, jpeg=jpeg)
    analysis = replace(
        shortened(nothing_assessable),
        issues=(Issue("x", "info", message, message),),
        findings=Findings((Finding("x", None, "absent", evidence=evidence, wording=message),)),
        events=GaitEvents.from_rows([(time, "left", "toe_off", sure) for time, sure in times]),
        subject=replace(nothing_assessable.subject, height_m=height),
        stills=(still,),
    )
    path = tmp_path / "analysis.nc"
    save_analysis(analysis, path)
    assert_same(analysis, load_analysis(path))


def test_other_programs_can_read_the_arrays(foot_drop, tmp_path):
    path = tmp_path / "analysis.nc"
    save_analysis(foot_drop, path)
    with xr.open_dataset(path, engine="h5netcdf", group="/trajectories/data") as data:
        np.testing.assert_array_equal(data["angle"].values, foot_drop.trajectories.data["angle"].values)
        assert list(data["joint"].values) == list(foot_drop.trajectories.data["joint"].values)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.nc"):
        load_analysis(tmp_path / "nowhere.nc")


@pytest.mark.parametrize("content", [b"", b"not a NetCDF file", b"\x89HDF\r\n\x1a\n" + bytes(200)])
def test_a_file_of_another_kind_is_refused_in_words(tmp_path, content):
    path = tmp_path / "other.nc"
    path.write_bytes(content)
    with pytest.raises(SchemaError, match="no analysis of this program"):
        load_analysis(path)


def test_another_netcdf_file_is_refused_in_words(tmp_path):
    path = tmp_path / "weather.nc"
    xr.Dataset({"rain": ("day", [1.0, 2.0])}).to_netcdf(path, engine="h5netcdf")
    with pytest.raises(SchemaError, match="no analysis of this program"):
        load_analysis(path)


def test_a_newer_archive_is_refused_with_advice(foot_drop, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "ARCHIVE_VERSION", 99)
    save_analysis(foot_drop, tmp_path / "analysis.nc")
    monkeypatch.undo()
    with pytest.raises(SchemaError, match="version 99"):
        load_analysis(tmp_path / "analysis.nc")


def test_a_full_disk_leaves_the_older_file_and_nothing_else(foot_drop, tmp_path, monkeypatch):
    path = tmp_path / "analysis.nc"
    path.write_bytes(b"older")

    def full(part: Path, *_):
        part.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive, "_write", full)
    with pytest.raises(OutputError, match="No space left"):
        save_analysis(foot_drop, path)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_task_scores_and_the_words_of_findings_survive(foot_drop, tmp_path):
    save_analysis(foot_drop, tmp_path / "analysis.nc")
    again = load_analysis(tmp_path / "analysis.nc")
    assert again.task == foot_drop.task
    assert again.task.attempts[0].values == {"height_m": 0.05}
    assert_same(foot_drop.scores, again.scores)
    assert again.scores.visual[1].points == 2
    assert again.findings.all[0].plain == "Toes may catch on carpets and kerbs."
    assert again.findings.all[0].sources == ("walk.mp4",)


def test_an_archive_from_before_there_were_scores_is_read(foot_drop, tmp_path, monkeypatch):
    pack = archive._Packer._pack_dataclass

    def older(self, value, place):
        content = pack(self, value, place)
        return {name: item for name, item in content.items() if place or name not in ("scores", "task")}

    monkeypatch.setattr(archive._Packer, "_pack_dataclass", older)
    save_analysis(foot_drop, tmp_path / "analysis.nc")
    monkeypatch.undo()
    again = load_analysis(tmp_path / "analysis.nc")
    assert again.scores == Scores()
    assert again.task == TaskRecord()
