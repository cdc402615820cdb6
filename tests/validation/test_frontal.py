"""The proof of what a film from the front can show, itself held against walks where all is known."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gait.core.errors import InputError
from gait.validation.frontal import CUES, cue_rows, main, summary, true_clip, truth_beside
from tests.fronts import Front

LEAN = "trunk leans over the standing leg (deg)"
DROP = "pelvis drops (deg): from the hip landmarks"


def verdict(rows: pd.DataFrame, cue: str) -> str:
    return str(rows.set_index("cue").loc[cue, "verdict"])


def test_a_cue_that_the_film_carries_is_said_to_show() -> None:
    walk = Front(lean_deg={"left": 9.0, "right": 0.0})
    rows = cue_rows("made", walk.clip(), walk.truth("trunk_lean", "left"))
    assert list(rows["cue"]) == [cue.name for cue in CUES]
    assert verdict(rows, LEAN) == "shows it"
    found = rows.set_index("cue").loc[LEAN]
    assert found["true"] == pytest.approx(found["measured"], abs=0.4)
    assert set(rows["planted"]) == {"trunk_lean left 0.8"}


def test_a_drop_that_the_landmarks_do_not_follow_is_not_shown() -> None:
    walk = Front()
    full = walk.truth("trendelenburg", "left")
    time_s = np.arange(full["frames"]) / full["fps"]
    sinking = 0.025 * walk._alone("left", time_s)
    for name, sign in (("hip_l", 1.0), ("hip_r", -1.0)):
        joint = np.array(full["joints3d"][name])
        joint[:, 2] += sign * sinking
        full["joints3d"][name] = joint.tolist()
    rows = cue_rows("made", walk.clip(), full)
    assert verdict(rows, DROP) == "does not"
    assert verdict(rows, LEAN) == "nothing there"


def test_truth_seen_from_in_front_has_the_walkers_left_on_the_right() -> None:
    clip = true_clip(Front().truth())
    tracks = clip.trajectories
    assert (tracks.landmark("left", "shoulder")[:, 0] > tracks.landmark("right", "shoulder")[:, 0]).all()
    assert tracks.view.kind == "frontal"
    assert len(clip.cycles.table) >= 8


def test_the_summary_asks_every_film() -> None:
    table = []
    for number, degrees in enumerate((-9.0, 0.0, 9.0)):
        walk = Front(lean_deg={"left": max(degrees, 0.0), "right": max(-degrees, 0.0)})
        table.append(cue_rows(f"made {number}", walk.clip(), walk.truth()))
    found = summary(pd.concat(table)).set_index("cue").loc[LEAN]
    assert (found["films"], found["seen"], found["missed"], found["false"]) == (3, 2, 0, 0)
    assert found["verdict"] == "shows it"
    # The same with the film's sides exchanged: what is measured contradicts the truth.
    wrong = pd.concat(table)
    wrong.loc[wrong["cue"] == LEAN, "verdict"] = ["does not", "nothing there", "does not"]
    assert summary(wrong).set_index("cue").loc[LEAN, "verdict"] == "does not"


def test_a_film_without_truth_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "walk.mp4"
    film.write_bytes(b"")
    with pytest.raises(InputError, match=r"walk\.full\.json\.gz"):
        truth_beside(film)
    assert main([str(film)]) == 2
    assert "per-frame truth" in capsys.readouterr().err
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30}))
    assert main([str(film)]) == 2
