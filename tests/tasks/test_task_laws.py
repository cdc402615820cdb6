"""What must not depend on the phone: mirror, size in the picture, frame rate; and the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from walks import chain

from gait.core.clip import Clip
from gait.core.sides import SIDES, other_side
from gait.core.tasks import Attempt, TaskRecord
from gait.findings.conditions import Conditions
from gait.findings.norms import Norms
from gait.findings.rules import find_deviations
from gait.parameters.compute import compute_parameters
from gait.pose.keypoints_file import write_keypoints
from gait.simulate.tasks import TaskWalker
from gait.simulate.values import BySide
from gait.simulate.walker import Walker
from gait.tasks.raises import _ups_and_downs, _with_fatigue

UNEVEN = TaskWalker(task="heel_raise", heel_raise_deg=BySide(30.0, 14.0), repetitions=3)


def heights(analysis):
    return {side: analysis.parameters.value("heel_raise_height_ll", side) for side in SIDES}


def test_the_mirrored_person_gives_the_mirrored_measures(seen):
    mirrored = replace(
        UNEVEN, heel_raise_deg=BySide(14.0, 30.0), person=replace(UNEVEN.person, heading="right_to_left")
    )
    one, other = heights(seen(UNEVEN)), heights(seen(mirrored))
    for side in SIDES:
        assert other[other_side(side)] == pytest.approx(one[side], abs=0.004)


@pytest.mark.parametrize("rate_hz", [24.0, 120.0])
def test_the_frame_rate_does_not_matter(seen, rate_hz):
    one, other = heights(seen(UNEVEN)), heights(seen(replace(UNEVEN, person=Walker(rate_hz=rate_hz))))
    for side in SIDES:
        assert other[side] == pytest.approx(one[side], abs=0.004)


def test_the_height_of_the_person_does_not_matter(seen):
    one, other = heights(seen(UNEVEN)), heights(seen(replace(UNEVEN, person=Walker(height_m=1.5))))
    for side in SIDES:
        assert other[side] == pytest.approx(one[side], abs=0.006)


def test_a_flat_top_is_one_raise_and_a_half_raise_at_the_end_is_none():
    up = np.concatenate([np.zeros(5), np.full(10, 0.08), np.zeros(5), np.full(10, 0.08)])
    assert [(round(float(up[top]), 2), stop) for _, top, stop in _ups_and_downs(up)] == [(0.08, 15)]


def test_small_ups_and_downs_at_the_top_are_not_counted():
    top = 0.08 + 0.006 * np.sin(np.linspace(0, 20, 40))
    assert len(_ups_and_downs(np.concatenate([np.zeros(5), top, np.zeros(5)]))) == 1


def test_the_command_line_takes_the_task(tmp_path):
    write_keypoints(UNEVEN.pose(), tmp_path / "clip.nc")
    command = [sys.executable, "-m", "gait", "analyze", "clip.nc", "--task", "heel_raise", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content["task"]["id"] == "heel_raise"
    present = [(row["id"], row["side"]) for row in content["findings"] if row["status"] == "present"]
    assert present == [("cannot_rise_on_toes", "right")]


def tiring(side, heights):
    """Raises of given heights as the stage gives them."""
    return _with_fatigue(
        [
            Attempt(
                side, 2.0 * i, 2.0 * i + 0.5, 2.0 * i + 1, {"heel_raise_height_ll": height, "heel_raise_count": 1.0}
            )
            for i, height in enumerate(heights)
        ]
    )


@pytest.mark.parametrize(
    ("heights", "status"),
    [(np.linspace(0.11, 0.05, 6), "present"), (np.full(6, 0.10), "absent")],
    ids=["its raises fall off", "its raises stay high"],
)
def test_a_leg_that_stops_early_is_weak_only_when_its_raises_fall_off(heights, status):
    trajectories, events, cycles, _ = chain(Walker(duration_s=6.0))
    attempts = (*tiring("left", heights), *tiring("right", np.full(14, 0.10)))
    clip = Clip(trajectories, events, cycles, task=TaskRecord("heel_raise", attempts))
    conditions = Conditions("sagittal", task="heel_raise")
    found = find_deviations(compute_parameters(clip), Norms({}, "", False), conditions)
    finding = found.get("cannot_rise_on_toes", "left")
    assert finding is not None
    assert finding.status == status
