"""The detector against simulated truth: speeds, sides, directions, rates, faults."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from walks import chain, true_times

from gait.core.events import GaitEvents
from gait.core.feet import FootContact, FootMotion
from gait.events.check import keep_plausible
from gait.events.refine import refine_contacts
from gait.simulate.walker import BySide, Walker


def errors_s(walker: Walker, kind: str) -> tuple[np.ndarray, int, int]:
    """Errors of matched events, number of misses, number of false ones (away from the ends)."""
    trajectories, events, _, _ = chain(walker)
    found_errors, misses, false = [], 0, 0
    for side in ("left", "right"):
        found = events.times_s(side, kind)
        truth = np.array(true_times(walker, side, kind))
        for time in truth:
            inside = any(p.start_s + 0.3 < time < p.end_s - 0.3 for p in trajectories.passes)
            near = np.abs(found - time).min(initial=np.inf) < 0.1
            if near:
                found_errors.append(found[np.abs(found - time).argmin()] - time)
            elif inside:
                misses += 1
        false += sum(
            np.abs(truth - time).min(initial=np.inf) > 0.1 for time in found if 0.4 < time < walker.duration_s - 0.4
        )
    return np.array(found_errors), misses, false


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    stride=st.floats(0.8, 2.0),
    length=st.floats(0.45, 0.85),
    stance=st.floats(59.0, 67.0),
    rate=st.sampled_from([24.0, 30.0, 60.0, 120.0]),
    heading=st.sampled_from(["left_to_right", "right_to_left"]),
    seed=st.integers(0, 1000),
)
def test_every_contact_and_toe_off_is_found_once(stride, length, stance, rate, heading, seed):
    walker = Walker(
        stride_time_s=stride,
        step_length_ll=BySide.both(length),
        stance_pct=BySide.both(stance),
        rate_hz=rate,
        heading=heading,
        noise_px=2.0,
        duration_s=5.0 + 2 * stride,
        seed=seed,
    )
    for kind, bound_s in (("initial_contact", 0.045), ("toe_off", 0.045)):
        errors, misses, false = errors_s(walker, kind)
        assert misses == 0
        assert false == 0
        assert np.abs(errors).mean() < bound_s


@pytest.mark.parametrize("fault", ["foot_drop", "weak_push_off", "antalgic_gait", "stiff_knee"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_planted_faults_do_not_hide_steps(fault, side):
    walker = Walker(duration_s=8.0, noise_px=2.0).with_fault(fault, side, 0.8)
    for kind in ("initial_contact", "toe_off"):
        errors, misses, false = errors_s(walker, kind)
        assert (misses, false) == (0, 0)
        assert np.abs(errors).mean() < 0.04


def test_confidence_is_a_probability():
    _, events, _, _ = chain(Walker(duration_s=6.0, noise_px=2.0))
    assert events.table["confidence"].between(0.0, 1.0).all()


def test_cycles_are_complete_and_straight():
    walker = Walker(there_and_back=True, duration_s=14.0, noise_px=2.0)
    trajectories, _, cycles, _ = chain(walker)
    assert len(cycles) >= 12
    for cycle in cycles.rows():
        stretch = trajectories.passes[cycle.pass_index]
        assert stretch.start_s <= cycle.start_s < cycle.toe_off_s < cycle.end_s < stretch.end_s
        assert cycle.end_s - cycle.start_s == pytest.approx(walker.stride_time_s, abs=0.06)
        assert cycle.is_near == (stretch.near_side == cycle.side)
    assert cycles.curves.sizes["percent"] == 101


def test_of_two_contacts_in_a_row_the_surer_stays():
    events = GaitEvents.from_rows(
        [(1.0, "left", "initial_contact", 0.5), (1.2, "left", "initial_contact", 0.9), (1.7, "left", "toe_off", 0.9)]
    )
    assert keep_plausible(events).times_s("left", "initial_contact").tolist() == [1.2]
    assert len(keep_plausible(GaitEvents.empty())) == 0


def test_two_contacts_a_stride_apart_both_stay():
    events = GaitEvents.from_rows([(1.0, "left", "initial_contact", 0.9), (2.1, "left", "initial_contact", 0.5)])
    assert len(keep_plausible(events)) == 2


def contact(time_s: float, kind: str) -> FootContact:
    return FootContact("left", time_s, np.array([time_s]), np.array([10.0]), 10.0, 12.0, 0.09, kind, True, 0.9)


@pytest.mark.parametrize("kind", ["heel", "flat", "forefoot"])
def test_a_landing_seen_in_the_pixels_moves_its_contact(kind):
    events = GaitEvents.from_rows([(1.0, "left", "initial_contact", 0.9), (1.5, "right", "initial_contact", 0.9)])
    moved = refine_contacts(events, FootMotion((contact(1.02, kind),)))
    assert moved.times_s("left", "initial_contact").tolist() == [1.02]
    assert moved.times_s("right", "initial_contact").tolist() == [1.5]
    assert moved.table.query("side == 'left'")["confidence"].item() > 0.9
    assert refine_contacts(events, FootMotion((contact(1.3, kind),))).table.equals(events.table)
