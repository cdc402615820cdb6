"""``gait analyze --same-person`` as a user meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gait.app import analyze, examination
from gait.app.analyze import Film, Order, read_films
from gait.app.examination import Person, read_minutes
from gait.core.errors import InputError
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.pipeline import Settings
from gait.pose.keypoints_file import write_keypoints
from gait.simulate.walker import Walker

ROOT = Path(__file__).resolve().parents[2]
USUAL = Walker(duration_s=7.0, noise_px=1.5)
FAULTY = USUAL.with_fault("weak_push_off", "right", 1.0)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keypoint files of one person with a weak right push-off, of somebody else, and a file that is none."""
    folder = tmp_path_factory.mktemp("films")
    walks = {
        "there": replace(FAULTY, seed=1),
        "back": replace(FAULTY, heading="right_to_left", seed=2),
        "front": replace(FAULTY, view="frontal", heading="towards", seed=3),
    }
    for name, walker in walks.items():
        write_keypoints(walker.pose(), folder / f"{name}.nc")
    write_keypoints(_other_person(walks["back"].pose()), folder / "other.nc")
    (folder / "copy.nc").write_bytes((folder / "there.nc").read_bytes())
    (folder / "broken.nc").write_text("no keypoints")
    return folder


def _other_person(pose: Pose) -> Pose:
    position = pose.data["position"].transpose("time", "space", "keypoint").values.copy()
    hip = position[:, 1, KEYPOINTS.index("left_hip")]
    for index, name in enumerate(KEYPOINTS):
        if not name.endswith(("hip", "knee", "ankle", "heel", "toe")):
            position[:, 1, index] = hip + 1.4 * (position[:, 1, index] - hip)
    return Pose.from_arrays(pose.time_s, position, pose.data["confidence"].values, pose.width_px, pose.height_px)


def run(folder: Path, *names: str, out: Path | None = None, person: Person | None = None) -> int:
    chosen = read_films([folder / name for name in names], "walk")
    return examination.run(Order(chosen, out, Subject(height_m=1.75), Settings(), True), person or Person())


def printed(capsys) -> dict:
    return json.loads(capsys.readouterr().out)


def present(result: dict) -> set[tuple[str, str | None]]:
    return {(one["id"], one["side"]) for one in result["findings"] if one["status"] == "present"}


def test_walks_both_ways_and_from_the_front_are_one_examination(films, capsys):
    assert run(films, "there.nc", "back.nc", "front.nc") == 0
    result = printed(capsys)
    assert ("weak_push_off", "right") in present(result)
    assert ("weak_push_off", "left") not in present(result)
    assert [clip["file"] for clip in result["clips"]] == ["there.nc", "back.nc", "front.nc"]
    assert [pool["clips"] for pool in result["pools"]] == [["there.nc", "back.nc"], ["front.nc"]]
    push_off = next(one for one in result["findings"] if (one["id"], one["side"]) == ("weak_push_off", "right"))
    assert push_off["sources"] == ["there.nc", "back.nc"]
    assert {(row["task"], row["view"]) for row in result["parameters"]} == {("walk", "sagittal"), ("walk", "frontal")}
    assert result["issues"] == []
    assert result["next_films"]


def test_another_person_stops_the_examination_with_a_status_of_its_own(films, capsys):
    assert run(films, "there.nc", "other.nc") == 3
    streams = capsys.readouterr()
    result = json.loads(streams.out)
    assert result["findings"] == []
    assert [issue["id"] for issue in result["issues"]] == ["other_person_suspected"]
    assert streams.err.startswith("gait: other.nc may show another person")
    assert "--sure" in streams.err


def test_who_is_sure_gets_the_examination_and_a_warning(films, capsys):
    assert run(films, "there.nc", "other.nc", person=Person(is_sure=True)) == 0
    result = printed(capsys)
    warned = [issue["id"] for issue in result["issues"] if issue["severity"] != "info"]
    assert warned == ["other_person_suspected"]
    assert result["findings"]


def test_a_film_given_twice_counts_once(films, capsys):
    assert run(films, "there.nc", "copy.nc", "back.nc") == 0
    result = printed(capsys)
    assert [issue["id"] for issue in result["issues"]] == ["duplicate_film"]
    assert [clip["file"] for clip in result["left_out"]] == ["copy.nc"]
    assert result["pools"][0]["clips"] == ["there.nc", "back.nc"]


def test_a_clip_that_fails_does_not_stop_the_others_and_is_named(films, capsys):
    assert run(films, "there.nc", "broken.nc", "back.nc") == 1
    streams = capsys.readouterr()
    result = json.loads(streams.out)
    assert [issue["id"] for issue in result["issues"]] == ["clip_missing"]
    assert [clip["file"] for clip in result["left_out"]] == ["broken.nc"]
    assert "broken.nc" in streams.err
    assert ("weak_push_off", "right") in present(result)


def test_no_clip_that_can_be_analysed_is_no_examination(films, tmp_path, capsys):
    (tmp_path / "empty.nc").touch()
    (tmp_path / "letter.nc").write_text("Dear doctor")
    assert run(tmp_path, "empty.nc", "letter.nc") == 2
    assert capsys.readouterr().out == ""


def test_a_task_before_a_film_holds_for_that_film(tmp_path):
    arguments = [Path("walk.mov"), Path("heel_raise:raise.mov"), Path("toe_walk:sub/toes.mov")]
    assert read_films(arguments, "walk") == (
        Film(Path("walk.mov"), "walk"),
        Film(Path("raise.mov"), "heel_raise"),
        Film(Path("sub/toes.mov"), "toe_walk"),
    )
    assert read_films([Path("stand:a.mov"), Path("b.mov")], "heel_walk")[1].task == "heel_walk"


def test_a_file_whose_name_begins_like_a_task_is_that_file(tmp_path):
    odd = tmp_path / "heel_raise:raise.mov"
    odd.touch()
    assert read_films([odd], "walk") == (Film(odd, "walk"),)


def test_an_unknown_task_before_a_film_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("raise.mov").touch()
    with pytest.raises(InputError, match="heel_raise"):
        read_films([Path("heelraise:raise.mov")], "walk")


@pytest.mark.parametrize(
    ("text", "films", "expected"), [(None, 3, ()), ("5", 3, (5, 5)), ("2,3.5", 3, (2, 3.5)), ("0", 2, (0,))]
)
def test_minutes_between_films(text, films, expected):
    assert read_minutes(text, films) == expected


@pytest.mark.parametrize("text", ["soon", "1,2,3", "-4", "2;3", "", "1e9"])
def test_minutes_that_do_not_fit_are_told(text):
    with pytest.raises(InputError, match="--minutes-between"):
        read_minutes(text, 3)


@pytest.mark.parametrize(
    ("names", "word"),
    [(["there.nc"], "several"), (["a/walk.mp4", "walk.mov"], "walk"), (["examination.nc", "b.nc"], "rename")],
)
def test_what_can_be_no_examination_is_told_before_any_work(names, word):
    order = Order(tuple(Film(Path(name), "walk") for name in names), None, Subject(), Settings(), True)
    with pytest.raises(InputError, match=word):
        examination.run(order, Person())


def test_an_interruption_leaves_nothing_half_written(films, tmp_path, monkeypatch):
    from gait.report import write

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(analyze, "_write", lambda *_: tmp_path)
    monkeypatch.setattr(write, "write_pdf", stop)
    with pytest.raises(KeyboardInterrupt):
        run(films, "there.nc", "back.nc", out=tmp_path / "results")
    assert not (tmp_path / "results").exists()


@pytest.mark.slow
def test_the_command_writes_the_examination_beside_the_clips(films, tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "gait", "analyze", "there.nc", "walk:back.nc", "--same-person", "--height", "1.75"]
        + ["--out", str(tmp_path / "results")],
        cwd=films,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert "present: " in result.stdout
    results = tmp_path / "results"
    assert sorted(path.name for path in results.iterdir()) == ["back", "examination", "there"]
    assert {path.name for path in (results / "examination").iterdir()} == {
        "report.html", "report.pdf", "examination.json", "findings.csv", "parameters.csv", "figures",
    }  # fmt: skip
    html = (results / "examination" / "report.html").read_text()
    assert 'href="../there/report.html"' in html
    assert (results / "examination" / ".." / "there" / "report.html").is_file()


@pytest.mark.parametrize("option", [["--sure"], ["--minutes-between", "3"]])
def test_its_options_belong_to_it(option, tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "gait", "analyze", "a.nc", *option],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert "--same-person" in result.stderr
