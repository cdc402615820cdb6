"""The result folder is complete or not there."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from gait.core.errors import OutputError
from gait.report import write
from gait.report.write import write_report

FILES = {
    "report.html", "report.pdf", "analysis.json", "analysis.nc", "events.csv", "parameters.csv", "strides.csv",
    "curves.csv", "findings.csv", "scores.csv", "figures",
}  # fmt: skip


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_everything_of_the_contract_is_written(foot_drop, tmp_path):
    shares = []
    folder = write_report(foot_drop, tmp_path / "out" / "walk", lambda path: path.write_bytes(b"film"), shares.append)
    assert names(folder) == FILES | {"overlay.mp4"}
    assert names(folder / "figures") >= {"footfalls.svg", "curves.svg", "ranges.svg", "asymmetry.svg"}
    assert names(tmp_path / "out") == {"walk"}
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_without_a_film_there_is_no_overlay(nothing_assessable, tmp_path):
    folder = write_report(nothing_assessable, tmp_path / "walk")
    assert names(folder) == FILES
    assert names(folder / "figures") == set()


def test_a_failure_in_the_middle_leaves_nothing(nothing_assessable, tmp_path, monkeypatch):
    def broken(*_):
        raise ValueError("broken on purpose")

    monkeypatch.setattr(write, "write_exports", broken)
    with pytest.raises(ValueError, match="on purpose"):
        write_report(nothing_assessable, tmp_path / "new" / "deep" / "walk")
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_the_older_result(nothing_assessable, tmp_path):
    folder = write_report(nothing_assessable, tmp_path / "walk")
    before = (folder / "analysis.json").read_bytes()

    def interrupted(path):
        path.write_bytes(b"half a film")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_report(nothing_assessable, tmp_path / "walk", interrupted)
    assert (folder / "analysis.json").read_bytes() == before
    assert names(tmp_path) == {"walk"}


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "no permission"), (errno.EROFS, "only be read")],
)
def test_trouble_with_the_disk_is_one_sentence(nothing_assessable, tmp_path, number, words):
    def failing(path):
        path.write_bytes(b"half")
        raise OSError(number, "trouble")

    with pytest.raises(OutputError, match=words):
        write_report(nothing_assessable, tmp_path / "walk", failing)
    assert list(tmp_path.iterdir()) == []


def test_an_older_result_is_replaced_and_the_users_own_files_stay(nothing_assessable, tmp_path):
    folder = write_report(nothing_assessable, tmp_path / "walk", lambda path: path.write_bytes(b"film"))
    (folder / "notes.txt").write_text("seen by Dr. A")
    recording = replace(nothing_assessable.recording, path=Path("second.mp4"))
    write_report(replace(nothing_assessable, recording=recording), folder)
    assert names(folder) == FILES | {"notes.txt"}
    assert (folder / "notes.txt").read_text() == "seen by Dr. A"
    assert json.loads((folder / "analysis.json").read_text())["source"]["file"] == "second.mp4"
    assert names(tmp_path) == {"walk"}


def test_a_folder_of_other_things_is_never_touched(nothing_assessable, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "summer.jpg").write_bytes(b"sun")
    with pytest.raises(OutputError, match="holds other files"):
        write_report(nothing_assessable, folder)
    assert names(folder) == {"summer.jpg"}


def test_a_file_in_the_way_is_named(nothing_assessable, tmp_path):
    (tmp_path / "walk").write_text("a file")
    with pytest.raises(OutputError, match="is a file"):
        write_report(nothing_assessable, tmp_path / "walk")
    with pytest.raises(OutputError, match="is a file"):
        write_report(nothing_assessable, tmp_path / "walk" / "below")
    assert names(tmp_path) == {"walk"}


def test_the_older_result_comes_back_when_the_new_one_cannot_take_its_place(nothing_assessable, tmp_path, monkeypatch):
    folder = write_report(nothing_assessable, tmp_path / "walk")
    original = Path.rename

    def stubborn(self, target):
        if self.name.endswith(".part") and Path(target).name == "walk":
            raise OSError(errno.EACCES, "in use")
        return original(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(OutputError):
        write_report(nothing_assessable, tmp_path / "walk")
    assert names(folder) == FILES
    assert names(tmp_path) == {"walk"}
