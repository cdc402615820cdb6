"""The command line as a user meets it: help, exit statuses, one clear sentence for each mistake."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from variants import remake, write_film

ROOT = Path(__file__).resolve().parents[2]
NORMAL = ROOT / "samples" / "films" / "normal_side.mp4"


def gait(*arguments: object, cwd: Path, env: dict[str, str] | None = None, **options) -> subprocess.CompletedProcess:
    """Run the command line in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "gait", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def assert_one_sentence(result: subprocess.CompletedProcess, status: int, *words: str) -> None:
    """The right status, a message without a traceback, nothing printed as a result."""
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    message = [line for line in result.stderr.splitlines() if line.startswith("gait: ")]
    assert len(message) == 1, result.stderr
    for word in words:
        assert word.lower() in message[0].lower()
    assert "no finding" not in (result.stdout + result.stderr).lower()


def assert_nothing_written(folder: Path) -> None:
    """No results, no half-written or temporary files."""
    left = (
        [path for path in (folder / "gait-out").rglob("*") if path.is_file()] if (folder / "gait-out").exists() else []
    )
    assert left == []


@pytest.mark.parametrize(
    "command", [[], ["analyze"], ["causes"], ["simulate"], ["validate"], ["model"], ["model", "fetch"], ["doctor"]]
)
def test_every_command_explains_itself(tmp_path, command):
    result = gait(*command, "--help", cwd=tmp_path)
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_the_version_is_told(tmp_path):
    assert gait("--version", cwd=tmp_path).stdout.startswith("gait 0.")


def test_an_unknown_option_is_a_mistake(tmp_path):
    result = gait("analyze", "film.mp4", "--colour", cwd=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--height", "176"], ["height", "1.76"]),
        (["--age", "400"], ["age"]),
        (["--sex", "other"], ["female or male"]),
        (["--walker", "second"], ["--walker", "auto"]),
        (["--intake", "nowhere.json"], ["nowhere.json"]),
    ],
)
def test_a_wrong_option_is_told_before_any_work(tmp_path, options, words):
    assert_one_sentence(gait("analyze", NORMAL, *options, cwd=tmp_path), 2, *words)


def test_files_that_are_no_films(tmp_path):
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "letter.mp4").write_text("Dear doctor, this is not a film. " * 100)
    (tmp_path / "folder.mp4").mkdir()
    picture = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738550000000049454e44ae426082"
    )
    (tmp_path / "picture.mp4").write_bytes(picture)
    for name, words in (
        ("empty.mp4", ["empty"]),
        ("letter.mp4", ["letter.mp4"]),
        ("folder.mp4", ["folder"]),
        ("picture.mp4", ["still picture"]),
        ("nowhere.mp4", ["nowhere.mp4"]),
    ):
        assert_one_sentence(gait("analyze", name, cwd=tmp_path), 2, *words)
    assert_nothing_written(tmp_path)


def test_one_bad_film_does_not_stop_the_others(tmp_path):
    (tmp_path / "empty.mp4").touch()
    simulated = tmp_path / "walk.nc"
    assert gait("simulate", "--out", simulated, cwd=tmp_path).returncode == 0
    result = gait("analyze", "empty.mp4", simulated, "--height", "1.75", "--out", "results", cwd=tmp_path)
    assert result.returncode == 1
    assert "empty.mp4" in result.stderr
    assert (tmp_path / "results" / "walk" / "analysis.json").exists()


def test_two_films_of_one_name_are_refused(tmp_path):
    result = gait("analyze", NORMAL, tmp_path / NORMAL.name, cwd=tmp_path)
    assert_one_sentence(result, 2, "normal_side")


def test_no_model_says_how_to_get_it(tmp_path):
    result = gait("analyze", NORMAL, cwd=tmp_path, env={"GAIT_CACHE": str(tmp_path / "nothing"), "GAIT_POSE_MODEL": ""})
    assert_one_sentence(result, 2, "gait model fetch")
    assert_nothing_written(tmp_path)


def test_no_model_and_no_network_is_one_sentence(tmp_path):
    result = gait(
        "model",
        "fetch",
        cwd=tmp_path,
        env={
            "GAIT_CACHE": str(tmp_path / "nothing"),
            "PIP_INDEX_URL": "http://127.0.0.1:9/",
            "PIP_EXTRA_INDEX_URL": "",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": "",
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        },
    )
    assert_one_sentence(result, 2, "heavy")


def test_a_folder_that_cannot_be_written_to(tmp_path):
    simulated = tmp_path / "walk.nc"
    gait("simulate", "--out", simulated, cwd=tmp_path)
    (tmp_path / "file").write_text("in the way")
    result = gait("analyze", simulated, "--out", "file", cwd=tmp_path)
    assert_one_sentence(result, 2, "file")


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits on Windows")
def test_a_full_disk_leaves_nothing_half_written(tmp_path):
    simulated = tmp_path / "walk.nc"
    gait("simulate", "--out", simulated, cwd=tmp_path)

    def small_disk() -> None:
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    result = gait("analyze", simulated, "--height", "1.75", cwd=tmp_path, preexec_fn=small_disk)
    assert_one_sentence(result, 2, "writ")
    assert_nothing_written(tmp_path)


def test_json_prints_results_and_nothing_else(tmp_path):
    simulated = tmp_path / "walk.nc"
    gait("simulate", "--out", simulated, "--fault", "foot_drop", "--side", "right", cwd=tmp_path)
    result = gait("analyze", simulated, "--height", "1.75", "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    analysis = json.loads(result.stdout)
    assert analysis["schema_version"] == "1"
    assert ("foot_drop", "right") in {(f["id"], f["side"]) for f in analysis["findings"] if f["status"] == "present"}
    assert_nothing_written(tmp_path)


def test_causes_from_an_intake(tmp_path):
    intake = ROOT / "samples" / "intake" / "l5_root_right.json"
    result = gait("causes", intake, "--json", cwd=tmp_path)
    reasoning = json.loads(result.stdout)
    assert reasoning["causes"][0]["id"] == "l5_root"
    assert reasoning["causes"][0]["side"] == "right"
    shown = gait("causes", intake, cwd=tmp_path)
    assert shown.returncode == 0
    assert "Urgency" in shown.stdout


def test_a_simulated_fault_must_exist(tmp_path):
    assert_one_sentence(gait("simulate", "--fault", "limping", "--out", "a.nc", cwd=tmp_path), 2, "limping")
    assert_one_sentence(gait("simulate", "--out", "a.csv", cwd=tmp_path), 2, ".nc")


def test_validate_prints_a_table(tmp_path):
    gait("simulate", "--out", "walk.nc", cwd=tmp_path)
    result = gait("validate", "walk.truth.json", "--out", "table", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "walk" in result.stdout
    assert (tmp_path / "table" / "validation.csv").exists()


# Films that can be read but not judged: the real chain, with the pose model.


def grey(count: int) -> list:
    import numpy as np

    return [np.full((360, 640, 3), 120, np.uint8)] * count


def test_a_film_with_nobody_in_it(tmp_path):
    write_film(grey(120), tmp_path / "empty_room.mp4")
    assert_one_sentence(gait("analyze", "empty_room.mp4", cwd=tmp_path), 3, "person")
    assert_nothing_written(tmp_path)


def test_somebody_who_stands(tmp_path):
    one = remake(NORMAL, tmp_path / "one.mp4", start=90, stop=91)
    from variants import pictures

    picture = next(pictures(one))
    write_film([picture] * 150, tmp_path / "stands.mp4")
    assert_one_sentence(gait("analyze", "stands.mp4", cwd=tmp_path), 3, "walk")
    assert_nothing_written(tmp_path)


def test_two_seconds_only(tmp_path):
    remake(NORMAL, tmp_path / "short.mp4", start=60, stop=118)
    assert_one_sentence(gait("analyze", "short.mp4", cwd=tmp_path), 3, "s")
    assert_nothing_written(tmp_path)


def test_feet_out_of_the_picture(tmp_path):
    remake(NORMAL, tmp_path / "no_feet.mp4", lambda image: image[:500])
    assert_one_sentence(gait("analyze", "no_feet.mp4", cwd=tmp_path), 3, "feet")
    assert_nothing_written(tmp_path)


def test_ten_frames_a_second(tmp_path):
    remake(NORMAL, tmp_path / "slow.mp4", every=3, fps=10)
    assert_one_sentence(gait("analyze", "slow.mp4", cwd=tmp_path), 3, "10.0 frames per second", "24")
    assert_nothing_written(tmp_path)


def test_a_film_on_its_side(tmp_path):
    remake(NORMAL, tmp_path / "side.mp4", lambda image: image.transpose(1, 0, 2)[:, ::-1])
    result = gait("analyze", "side.mp4", cwd=tmp_path)
    assert_one_sentence(result, 3, "on its side")
    assert_nothing_written(tmp_path)


def test_a_truncated_film_is_analysed_as_far_as_it_goes(tmp_path):
    import av

    # A streamable container keeps what came before the cut.
    whole = tmp_path / "whole.mkv"
    with av.open(str(NORMAL)) as source, av.open(str(whole), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.8)])
    result = gait("analyze", cut, "--height", "1.7", "--json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    analysis = json.loads(result.stdout)
    assert analysis["source"]["duration_s"] < 6.0
    assert not [f for f in analysis["findings"] if f["status"] == "present"]
