from __future__ import annotations

import gzip
import json

import numpy as np
import pytest

from gait.core.errors import InputError
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.simulate.disturb import slow_noise
from gait.validation.noise import KnownFilm, known_film, measure_noise, to_toml

RATE_HZ, FRAMES, STRIDE_S, LEG_PX = 30.0, 900, 1.1, 400.0
TIME_S = np.arange(FRAMES) / RATE_HZ


def true_px():
    """Keypoints of a body that swings its legs, ``(n, 2, keypoints)``."""
    out = np.zeros((FRAMES, 2, len(KEYPOINTS)))
    for index, keypoint in enumerate(KEYPOINTS):
        side, _, landmark = keypoint.partition("_")
        down = {"hip": 0.0, "knee": 0.5, "ankle": 1.0, "heel": 1.05, "toe": 1.05}.get(landmark, -0.6)
        swing = 0.3 * max(down, 0.0) * np.sin(2 * np.pi * TIME_S / STRIDE_S + (np.pi if side == "left" else 0.0))
        out[:, 0, index] = 600 + LEG_PX * swing
        out[:, 1, index] = 300 + LEG_PX * down
    return out


def film(offset=0.0, repeating=0.0, white=0.0, slow=0.0, slow_s=0.1, facing=1, swapped=()):
    """A network that errs in a known way, by fractions of the leg, on every landmark, ahead; up not at all."""
    random = np.random.default_rng(5)
    true = true_px()
    legs = np.linalg.norm(true[:, :, KEYPOINTS.index("right_hip")] - true[:, :, KEYPOINTS.index("right_knee")], axis=1)
    legs += np.linalg.norm(
        true[:, :, KEYPOINTS.index("right_knee")] - true[:, :, KEYPOINTS.index("right_ankle")], axis=1
    )
    leg_px = np.median(legs)
    error = offset + repeating * np.sqrt(2) * np.cos(2 * np.pi * TIME_S / STRIDE_S)[:, None]
    error = error + white * random.standard_normal((FRAMES, len(KEYPOINTS)))
    error = error + slow * slow_noise(random, TIME_S, (len(KEYPOINTS),), slow_s)
    seen = true.copy()
    seen[:, 0] += facing * leg_px * error
    for name in ("hip", "knee", "ankle", "heel", "toe"):
        left, right = KEYPOINTS.index(f"left_{name}"), KEYPOINTS.index(f"right_{name}")
        for frame in swapped:
            seen[frame][:, [left, right]] = seen[frame][:, [right, left]]
    contacts = {side: np.arange(shift, TIME_S[-1], STRIDE_S) for side, shift in (("left", 0.0), ("right", 0.55))}
    pose = Pose.from_arrays(TIME_S, seen, np.full((FRAMES, len(KEYPOINTS)), 0.7), 1280, 720)
    return KnownFilm("made", pose, true, facing, "right", contacts, np.ones(FRAMES, bool))


def row(table, landmark="heel", distance="near", axis="ahead"):
    chosen = (table["landmark"] == landmark) & (table["distance"] == distance) & (table["axis"] == axis)
    return table[chosen].iloc[0]


@pytest.mark.parametrize("facing", [1, -1])
def test_each_part_of_the_error_is_found_back(facing):
    table = measure_noise([film(offset=0.03, repeating=0.02, white=0.01, slow=0.02, slow_s=0.1, facing=facing)])
    for distance in ("near", "far"):
        found = row(table, distance=distance)
        # Slow noise of 24 waves has a mean of its own.
        assert found["offset"] == pytest.approx(0.03, abs=0.008)
        assert found["repeating"] == pytest.approx(0.02, abs=0.004)
        assert found["spread"] == pytest.approx(np.hypot(0.01, 0.02), rel=0.2)
        assert found["white"] == pytest.approx(0.2, abs=0.1)
        assert found["slow_s"] == pytest.approx(0.1, rel=0.3)
        assert found["confidence"] == pytest.approx(0.7)
        assert found["films"] == 1
    assert abs(row(table, axis="up")["offset"]) < 1e-9


def test_exchanged_legs_are_gross_errors_and_not_noise():
    clean = measure_noise([film(white=0.01)])
    swapped = measure_noise([film(white=0.01, swapped=range(100, 130))])
    assert row(swapped)["spread"] == pytest.approx(row(clean)["spread"], rel=0.1)


def test_the_file_reads_back_as_what_was_measured():
    import tomllib

    table = measure_noise([film(offset=0.03, white=0.01)])
    written = tomllib.loads(to_toml(table))
    assert written["films"] == 1
    assert written["landmark"]["heel"]["near"]["offset"][0] == pytest.approx(row(table)["offset"], abs=1e-4)
    assert written["landmark"]["nose"]["far"]["spread"][0] == pytest.approx(row(table, "nose")["spread"], abs=1e-4)


def test_full_truth_is_read_beside_the_film(tmp_path):
    known = film()
    joints = {}
    for index, keypoint in enumerate(KEYPOINTS):
        side, _, landmark = keypoint.partition("_")
        joints[f"{landmark}_{side[0]}" if landmark else keypoint] = known.true_px[:, :, index].tolist()
    events = [{"t": t, "side": "L", "type": "initial_contact"} for t in known.contacts_s["left"]]
    full = {"view": "side", "frames": FRAMES, "direction": "ltr", "near_side": "R", "joints2d": joints,
            "fully_in_view": [1] * FRAMES, "events": events}  # fmt: skip
    (tmp_path / "walk.full.json.gz").write_bytes(gzip.compress(json.dumps(full).encode()))
    read = known_film(tmp_path / "walk.mp4", known.pose)
    np.testing.assert_allclose(read.true_px, known.true_px)
    assert read.near_side == "right"
    np.testing.assert_allclose(read.contacts_s["left"], known.contacts_s["left"])
    assert len(read.contacts_s["right"]) == 0
    with pytest.raises(InputError, match="no full truth"):
        known_film(tmp_path / "other.mp4", known.pose)
    with pytest.raises(InputError, match="no films"):
        measure_noise([])
