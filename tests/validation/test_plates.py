from __future__ import annotations

import numpy as np
import pytest

from gait.core.skeleton import KEYPOINTS
from gait.validation import plates
from gait.validation.plates import plate_events

DURATION_S, FORCE_HZ, RATE_HZ = 6.0, 1000.0, 100.0
#: Stances, ``(contact, toe-off)`` s; the first and the last are cut by the recording.
STANCES = {"left": [(-0.3, 0.4), (0.9, 1.6), (2.0, 2.7), (3.1, 3.8), (5.5, 6.4)],
           "right": [(-0.1, 0.95), (1.45, 2.15), (2.55, 3.25), (3.65, 4.35)]}  # fmt: skip


def plate(side, drift_n=0.0, noise_n=3.0):
    """A plate under one foot: rectangular loads with edges of 20 ms."""
    time_s = np.arange(0.0, DURATION_S, 1 / FORCE_HZ)
    load = np.zeros(len(time_s))
    for start, stop in STANCES[side]:
        load += 700 * np.clip((time_s - start) / 0.02, 0, 1) * np.clip((stop - time_s) / 0.02, 0, 1)
    force = np.zeros((3, len(time_s)))
    force[2] = load + drift_n + np.random.default_rng(1).normal(0, noise_n, len(time_s))
    left, right = (0.0, 550.0) if side == "left" else (-550.0, 0.0)
    corners = np.array([[left, right, right, left], [900.0, 900.0, -900.0, -900.0], [0.0] * 4])
    return {"force": force, "corners": corners, "unit_position": "mm"}


def points(crossing_s=None):
    """Ankles, each over its own belt; the right one over the left belt for a moment."""
    time_s = np.arange(0.0, DURATION_S, 1 / RATE_HZ)
    out = {name: np.zeros((len(time_s), 3)) for name in KEYPOINTS}
    out["left_ankle"][:, 0], out["right_ankle"][:, 0] = 0.12, -0.12
    if crossing_s is not None:
        out["right_ankle"][np.abs(time_s - crossing_s) < 0.05, 0] = 0.05
    return time_s, out


@pytest.fixture
def lab(monkeypatch):
    def make(platforms, crossing_s=None):
        monkeypatch.setattr(plates, "read_lab_points", lambda path: points(crossing_s))
        monkeypatch.setattr(plates.ezc3d, "c3d", lambda name, extract_forceplat_data: {"data": {"platform": platforms}})

    return make


def times(events, side, kind):
    return [t for t, where, what in events if (where, what) == (side, kind)]


@pytest.mark.parametrize("drift_n", [0.0, -60.0, 90.0])
def test_whole_stances_are_found_whatever_the_plates_drift(lab, tmp_path, drift_n):
    lab([plate("right", drift_n), plate("left", -drift_n)])
    events = plate_events(tmp_path / "walk.c3d")
    assert events == sorted(events)
    for side in ("left", "right"):
        whole = [stance for stance in STANCES[side] if stance[0] > 0 and stance[1] < DURATION_S]
        np.testing.assert_allclose(times(events, side, "initial_contact"), [a for a, _ in whole], atol=0.006)
        np.testing.assert_allclose(times(events, side, "toe_off"), [b for _, b in whole], atol=0.006)


def test_a_stance_with_the_other_foot_on_the_plate_is_left_out(lab, tmp_path):
    lab([plate("left"), plate("right")], crossing_s=2.3)
    events = plate_events(tmp_path / "walk.c3d")
    assert len(times(events, "left", "initial_contact")) == 2
    assert len(times(events, "right", "initial_contact")) == 3


def test_one_plate_alone_tells_nothing(lab, tmp_path):
    lab([plate("left")])
    assert plate_events(tmp_path / "walk.c3d") == []
