"""The table of exchanged legs, on walks whose exchanges are planted."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from gait.core.errors import InputError, SchemaError
from gait.core.events import GaitEvents
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.simulate.walker import Walker
from gait.validation.sides import SIDE_COLUMNS, LegTruth, read_leg_truth, side_errors, with_total

LEG = ("knee", "ankle", "heel", "toe")
LEFT, RIGHT = ([KEYPOINTS.index(f"{side}_{name}") for name in LEG] for side in ("left", "right"))
WRONG = [20, 21, 70, 111]


@pytest.fixture(scope="module")
def walk() -> tuple[Pose, LegTruth]:
    """A walk with some frames exchanged, and the truth."""
    clean = Walker(duration_s=5.0, rate_hz=30.0, noise_px=1.0, seed=2).pose()
    true = clean.data["position"].transpose("time", "keypoint", "space").values
    truth = LegTruth(clean.time_s, np.stack([true[:, LEFT], true[:, RIGHT]], axis=1), np.full(len(true), 380.0))
    seen = true.copy()
    for frame in WRONG:
        seen[frame, LEFT + RIGHT] = true[frame, RIGHT + LEFT]
    pose = Pose.from_arrays(
        clean.time_s, seen.transpose(0, 2, 1), clean.data["confidence"].values, clean.width_px, clean.height_px
    )
    return pose, truth


def test_exchanged_frames_are_counted_before_and_after(walk):
    row = side_errors("walk", *walk).iloc[0]
    assert tuple(row.index) == SIDE_COLUMNS
    assert row["frames"] == 150
    assert row["raw_wrong"] == len(WRONG)
    assert row["wrong"] == 0
    assert row["exchanged"] == len(WRONG)


def test_an_event_of_the_other_foot_is_counted(walk):
    pose, truth = walk
    events = [{"time_s": 1.0, "side": "left", "kind": "initial_contact"}]
    events.append({"time_s": 1.6, "side": "right", "kind": "initial_contact"})
    truth = LegTruth(truth.time_s, truth.position_px, truth.height_px, tuple(events))
    found = pd.DataFrame(
        [(1.02, "left", "initial_contact", 0.9), (1.55, "left", "initial_contact", 0.9)],
        columns=["time_s", "side", "kind", "confidence"],
    )
    row = side_errors("walk", pose, truth, GaitEvents(found)).iloc[0]
    assert (row["events"], row["events_wrong_side"]) == (2, 1)


def test_the_total_adds_up(walk):
    row = side_errors("walk", *walk)
    table = with_total([row, row])
    assert table["clip"].tolist() == ["walk", "walk", "all"]
    assert table.iloc[-1]["raw_wrong"] == 2 * len(WRONG)
    assert with_total([]).empty


def test_a_file_without_joints_is_refused(tmp_path):
    path = tmp_path / "walk.json"
    path.write_text(json.dumps({"fps": 30}), encoding="utf-8")
    with pytest.raises(SchemaError, match="joints2d"):
        read_leg_truth(path)
    with pytest.raises(InputError, match="cannot read"):
        read_leg_truth(tmp_path / "nothing.json")


@pytest.mark.film
@pytest.mark.slow
def test_no_rendered_film_has_more_wrong_labels_than_the_network_gave(film_data):
    """Needs the pose model; each film once."""
    from gait.pipeline import Settings, estimate_pose
    from gait.video.probe import probe

    for name in ("footdrop_R_far_side", "normal_side"):
        pose, _ = estimate_pose(probe(film_data / "rendered" / f"{name}.mp4", None), Settings(), lambda *_: None)
        row = side_errors(name, pose, read_leg_truth(film_data / "rendered" / f"{name}.full.json.gz")).iloc[0]
        assert row["wrong"] <= row["raw_wrong"]
