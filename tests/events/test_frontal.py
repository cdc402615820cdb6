"""Steps seen from the front or from behind: the same walk gives the same times from both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.events.frontal import HeelRises
from tests.fronts import Front


def errors_s(walk: Front, kind: str) -> np.ndarray:
    """How late each event is found; every one must have been."""
    clip = walk.clip()
    found = HeelRises().detect(clip.trajectories)
    late = []
    for side in ("left", "right"):
        true, seen = clip.events.times_s(side, kind), found.times_s(side, kind)
        inner = true[(true > clip.trajectories.time_s[0] + 0.8) & (true < clip.trajectories.time_s[-1] - 0.8)]
        late.extend(float(seen[np.argmin(np.abs(seen - time))] - time) for time in inner)
    return np.array(late)


@pytest.mark.parametrize("is_behind", [False, True])
@pytest.mark.parametrize("kind", ["initial_contact", "toe_off"])
def test_events_are_found_near_the_truth_however_near_the_camera(kind: str, is_behind: bool) -> None:
    late = errors_s(Front(is_behind=is_behind, near_m=3.5), kind)
    assert np.ptp(late) < 0.05
    assert np.abs(late).max() < 0.06


@pytest.mark.parametrize("stride_s", [0.9, 1.1, 1.5])
def test_the_lag_goes_with_the_stride(stride_s: float) -> None:
    late = errors_s(Front(stride_s=stride_s, duration_s=8.0), "initial_contact")
    assert np.abs(late).max() < 0.08 * stride_s


def test_a_film_that_starts_later_has_later_events() -> None:
    plain, shifted = (HeelRises().detect(Front(start_s=start_s).clip().trajectories) for start_s in (0.0, 2.0))
    for side in ("left", "right"):
        for kind in ("initial_contact", "toe_off"):
            assert shifted.times_s(side, kind) == pytest.approx(plain.times_s(side, kind) + 2.0)


def test_a_pass_too_short_to_tell_the_feet_apart_gives_no_event() -> None:
    assert not len(HeelRises().detect(replace(Front(), duration_s=1.4).clip().trajectories).table)
