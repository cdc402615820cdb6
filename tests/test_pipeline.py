"""Laws of the whole chain: mirror, shift, scale, rate; the result moves as it must and no more."""

from __future__ import annotations

import numpy as np
import pytest
from walks import analyse, present

import gait
from gait.core.pose import Pose
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.simulate.walker import Walker

SUBJECT = Subject(height_m=1.75)
WALKER = Walker(duration_s=8.0, noise_px=1.5, rate_hz=60.0, seed=5).with_fault("foot_drop", "right", 0.9)


def changed(pose: Pose, position: np.ndarray, time_s: np.ndarray | None = None, **facts: object) -> Pose:
    """The same pose at other places or times."""
    size = {"width_px": pose.width_px, "height_px": pose.height_px, **facts}
    times = pose.time_s if time_s is None else time_s
    return Pose.from_arrays(times, position, pose.data["confidence"].values, backend=pose.backend, **size)


@pytest.fixture(scope="module")
def pose() -> Pose:
    return WALKER.pose()


@pytest.fixture(scope="module")
def original(pose):
    return analyse(pose, SUBJECT)


def values(analysis, side_map=lambda side: side) -> dict:
    return {(p.id, side_map(p.side)): p.value for p in analysis.parameters.summary}


def test_a_mirrored_film_swaps_sides_and_nothing_else(pose, original):
    swap = [
        KEYPOINTS.index(name.replace("left", "?").replace("right", "left").replace("?", "right")) for name in KEYPOINTS
    ]
    position = pose.data["position"].values[:, :, swap].copy()
    position[:, 0] = pose.width_px - position[:, 0]
    mirror = Pose.from_arrays(
        pose.time_s,
        position,
        pose.data["confidence"].values[:, swap],
        pose.width_px,
        pose.height_px,
        backend=pose.backend,
    )
    other = analyse(mirror, SUBJECT)
    turn = {"left": "right", "right": "left", "both": "both", None: None}
    assert present(other.findings) == {(i, turn[side]) for i, side in present(original.findings)}
    expected = values(original, turn.get)
    found = values(other)
    assert expected.keys() == found.keys()
    for key, value in expected.items():
        sign = -1.0 if key[0].endswith("asymmetry_pct") else 1.0
        assert found[key] == pytest.approx(sign * value, abs=1e-6), key
    for side in SIDES:
        np.testing.assert_allclose(
            other.events.times_s(turn[side], "initial_contact"), original.events.times_s(side, "initial_contact")
        )


def test_a_later_clock_moves_only_the_events(pose, original):
    later = analyse(changed(pose, pose.data["position"].values, pose.time_s + 7.0), SUBJECT)
    for key, value in values(original).items():
        assert values(later)[key] == pytest.approx(value, abs=1e-6), key
    np.testing.assert_allclose(later.events.table["time_s"], original.events.table["time_s"] + 7.0)


def test_a_larger_picture_changes_nothing(pose, original):
    size = {"width_px": 2 * pose.width_px, "height_px": 2 * pose.height_px}
    larger = changed(pose, 2.0 * pose.data["position"].values, **size)
    result = analyse(larger, SUBJECT)
    assert present(result.findings) == present(original.findings)
    for key, value in values(original).items():
        assert values(result)[key] == pytest.approx(value, rel=1e-6, abs=1e-6), key


def test_twice_the_frame_rate_hardly_changes_the_times():
    from dataclasses import replace

    slow = analyse(replace(WALKER, rate_hz=30.0, noise_px=0.0).pose(), SUBJECT, 30.0)
    fast = analyse(replace(WALKER, rate_hz=60.0, noise_px=0.0).pose(), SUBJECT, 60.0)
    for side in SIDES:
        a, b = slow.events.times_s(side, "initial_contact"), fast.events.times_s(side, "initial_contact")
        assert max(np.abs(b - time).min() for time in a) < 0.012
        assert slow.parameters.value("stance_pct", side) == pytest.approx(
            fast.parameters.value("stance_pct", side), abs=1.0
        )


def test_no_stage_changes_its_input(pose):
    before = pose.data.copy(deep=True)
    analysis = analyse(pose, SUBJECT)
    assert before.identical(pose.data)
    with pytest.raises(ValueError, match="read-only"):
        analysis.trajectories.data["position"].values[0] = 0.0


def test_the_public_names_are_sorted_and_all_there():
    assert list(gait.__all__) == sorted(gait.__all__)
    for name in gait.__all__:
        assert getattr(gait, name) is not None


def test_importing_the_package_loads_nothing_heavy():
    import subprocess
    import sys

    heavy = ("numpy", "pandas", "cv2", "mediapipe", "matplotlib", "scipy", "xarray")
    code = f"import sys, gait, gait.app.cli; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
