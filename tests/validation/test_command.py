"""`gait validate` on what is in this repository, and what it says when something is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from gait.app.cli import app
from gait.core.errors import InputError
from gait.validation.trials import find_trials

KEYPOINTS = Path(__file__).resolve().parents[2] / "samples" / "keypoints"


def copy(name: str, folder: Path, new: str | None = None) -> Path:
    """One keypoint sample with its truth."""
    for ending in (".nc", ".truth.json"):
        shutil.copy(KEYPOINTS / f"{name}{ending}", folder / f"{new or name}{ending}")
    return folder / f"{new or name}.truth.json"


def test_a_folder_is_compared_written_and_summed_up(tmp_path):
    copy("foot_drop_right", tmp_path)
    (tmp_path / "broken.truth.json").write_text("{")
    result = CliRunner().invoke(app, ["validate", str(tmp_path), "--out", str(tmp_path / "out")])
    # The broken one is named and makes the status 1; the other one is done.
    assert result.exit_code == 1
    assert "foot_drop_right" in result.stdout
    assert "Targets:" in result.stdout
    assert "broken was left out" in result.stderr
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"validation.md", "validation.csv", "targets.csv", "pairs.csv", "parameters.csv", "figures"} <= written
    assert not [name for name in written if name.endswith(".part")]
    targets = pd.read_csv(tmp_path / "out" / "targets.csv").set_index("id")
    assert targets.loc["film_contact", "status"] == "not measured"
    text = (tmp_path / "out" / "validation.md").read_text()
    assert text.index("## Targets") < text.index("## Events") < text.index("## Parameters")
    assert "- broken:" in text


def test_films_are_left_out_on_request_and_nothing_else():
    samples = KEYPOINTS.parent
    every, without = (find_trials([samples], keypoints_only=only)[0] for only in (False, True))
    assert len(every) == 14
    assert {trial.clip for trial in without} == {path.stem for path in KEYPOINTS.glob("*.nc")}


def test_who_walks_is_what_was_planted_or_told(tmp_path):
    found = {trial.clip: trial for trial in find_trials([KEYPOINTS.parent])[0]}
    assert found["normal_side"].population == "healthy"
    assert found["normal_side"].source == "rendered"
    assert found["antalgic_L_side"].population == "antalgic_gait"
    assert found["slow_and_bent_forward"].population == "forward_trunk_lean + slow_walking"
    assert found["foot_drop_right"].source == "simulated"


def test_motion_capture_without_events_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "walk.trc").write_text("PathFileType\n")
    with pytest.raises(InputError, match="label Foot Strike and Foot Off"):
        find_trials([tmp_path])


def test_nothing_to_compare_is_said_before_anything_is_analysed(tmp_path):
    with pytest.raises(InputError, match="no truth files"):
        find_trials([tmp_path])


def test_a_file_that_is_named_twice_is_analysed_once(tmp_path):
    truth = copy("foot_drop_right", tmp_path)
    assert len(find_trials([tmp_path, truth, truth])[0]) == 1
