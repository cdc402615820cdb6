"""Markers: contacts by what stops the foot, toe-offs by the rising toe."""

from dataclasses import replace

import numpy as np
import pytest
from walks import true_times

from gait.core.sides import SIDES
from gait.core.subject import Subject
from gait.core.trajectories import Trajectories
from gait.events.by_view import ByView
from gait.events.landings import MarkerLandings
from gait.events.swings import SwingPeaks
from gait.simulate.walker import BySide, Walker
from gait.trajectories.build import build_trajectories


def capture(walker: Walker) -> Trajectories:
    return replace(build_trajectories(walker.pose(), Subject(height_m=walker.height_m)), is_capture=True)


@pytest.fixture(scope="module")
def walker() -> Walker:
    return Walker(duration_s=5.0, rate_hz=100.0, contact_pitch_deg=BySide.both(20.0))


@pytest.fixture(scope="module")
def trajectories(walker) -> Trajectories:
    return capture(walker)


def errors_s(trajectories: Trajectories, walker: Walker, kind: str, detector: MarkerLandings) -> np.ndarray:
    first, last = trajectories.passes[0].start_s, trajectories.passes[0].end_s
    events, errors = detector.detect(trajectories), []
    for side in SIDES:
        found = events.times_s(side, kind)
        truth = [time for time in true_times(walker, side, kind) if first + 0.1 < time < last - 0.1]
        errors += [found[np.abs(found - time).argmin()] - time for time in truth]
    return np.array(errors)


@pytest.mark.parametrize("kind", ["initial_contact", "toe_off"])
def test_markers_are_timed_to_the_ends_of_the_recording(trajectories, walker, kind):
    assert np.abs(errors_s(trajectories, walker, kind, MarkerLandings())).max() < 0.06


def test_a_foot_that_nothing_stops_is_timed_by_its_reach(trajectories, walker):
    soft = errors_s(trajectories, walker, "initial_contact", MarkerLandings(min_stop_llps2=1e6))
    reach = errors_s(trajectories, walker, "initial_contact", MarkerLandings(min_stop_llps2=1e6, reach_delay_s=0.05))
    assert np.allclose(reach - soft, 0.02, atol=1e-9)


def test_markers_and_films_get_their_own_detector(trajectories):
    assert isinstance(ByView().chosen(trajectories), MarkerLandings)
    assert isinstance(ByView().chosen(replace(trajectories, is_capture=False)), SwingPeaks)
    frontal = replace(trajectories, view=replace(trajectories.view, kind="frontal"))
    assert not isinstance(ByView().chosen(frontal), MarkerLandings | SwingPeaks)
