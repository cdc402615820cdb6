"""Contact, pitch and lowering from made tracks without any picture."""

import numpy as np
import pytest

from gait.core.feet import LOWERING_WINDOW_S, FootContact
from gait.feet.fold import FittedContact, first_guess_s, fold, lowering_shape, peak_speed_degps, travel_pct
from gait.feet.measure import noise_deg
from gait.feet.plan import StancePlan
from gait.feet.quality import refuse_foot
from gait.feet.track import FootTrack


def true_shape(w, fall):
    """Another family of curves than the fitted one: falls with constant acceleration up to *fall*, then is braked."""
    w = np.clip(w, 0.0, 1.0)
    m = min(max(fall, 1e-3), 1.0 - 1e-3)
    return np.where(w < m, 1.0 - w**2 / m, (1.0 - w) ** 2 / (1.0 - m))


def track(contact_s, pitch_deg, lowering_s, fall, rate_hz=30.0, noise_deg=0.5, belt_pct=0.0, seed=0) -> FootTrack:
    """One stance, sampled at whatever phase the frames fall on."""
    rng = np.random.default_rng(seed)
    rough = contact_s + 0.02
    time = np.arange(np.ceil((rough - 0.18) * rate_hz), np.floor((rough + 0.27) * rate_hz) + 1) / rate_hz
    after = time - contact_s
    pitch = np.where(
        after < 0, pitch_deg + 50 * after - 400 * after**2, pitch_deg * true_shape(after / lowering_s, fall)
    )
    early = np.minimum(after, 0.0)
    flat = (time - rough > 0.14) & (time - rough < 0.24)
    middle = float(time[flat][flat.sum() // 2])
    travel = 600.0 * early - 2500.0 * early**2 - belt_pct * (time - middle)
    plan = StancePlan(
        side="right",
        rough_s=rough,
        facing=1,
        is_near=True,
        pass_index=0,
        is_belt=belt_pct > 0,
        foot_px=np.array([[0.0, 0.0], [50.0, 0.0], [5.0, -20.0]]),
        landmark_time_s=time,
        landmark_px=np.zeros((len(time), 3, 2)),
        corner_px=(0, 0),
        size_px=(100, 60),
        scale=1.0,
        dense_s=time,
        background_s=np.empty(0),
    )
    shift = np.stack([travel / 100.0 * 50.0, np.zeros(len(time))], axis=1)
    pitch = pitch + rng.normal(0, noise_deg, len(time))
    return FootTrack(plan, time, pitch, shift, np.full(len(time), 0.05), middle, flat, 1.0, 50.0, 0.0)


CASES = [(18.0, 0.11, 0.1), (18.0, 0.09, 0.5), (12.0, 0.045, 1.0), (-8.0, 0.055, 1.0)]


@pytest.mark.parametrize(("pitch", "lowering", "fall"), CASES)
def test_contact_pitch_and_lowering_are_recovered_at_30_frames_a_second(pitch, lowering, fall):
    contacts = [1.003, 2.011, 3.019, 4.026, 5.0]
    tracks = [track(contact, pitch, lowering, fall, seed=number) for number, contact in enumerate(contacts)]
    fitted = fold(tracks, [first_guess_s(one) for one in tracks])
    assert np.abs([one.contact_s - contact for one, contact in zip(fitted, contacts, strict=True)]).mean() < 0.010
    assert np.median([one.pitch_deg for one in fitted]) == pytest.approx(pitch, abs=1.6)
    assert np.median([one.lowering_s for one in fitted]) == pytest.approx(lowering, abs=0.022)
    assert max(one.residual_deg for one in fitted) < 1.5


def test_more_contacts_than_one_fit_takes_are_all_fitted():
    contacts = [float(number) for number in range(1, 18)]
    tracks = [track(contact, 18.0, 0.1, 0.2, seed=number) for number, contact in enumerate(contacts)]
    fitted = fold(tracks, contacts)
    assert [one.contact_s for one in fitted] == pytest.approx(contacts, abs=0.03)


def test_nothing_to_fit_gives_nothing():
    assert fold([], []) == []


def test_the_first_guess_is_near_the_contact():
    assert first_guess_s(track(1.0, 18.0, 0.1, 0.2)) == pytest.approx(1.0, abs=0.02)


def test_a_belt_is_taken_out_of_the_travel():
    standing, belt = (
        track(1.0, 18.0, 0.1, 0.2, noise_deg=0.0),
        track(1.0, 18.0, 0.1, 0.2, noise_deg=0.0, belt_pct=400.0),
    )
    assert travel_pct(belt) == pytest.approx(travel_pct(standing), abs=1.0)


def test_the_lowering_shape_starts_at_one_ends_at_zero_and_only_falls():
    w = np.linspace(-0.5, 1.5, 201)
    for start, end in ((1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (1.6, 1.3)):
        shape = lowering_shape(w, start, end)
        assert shape[0] == 1.0
        assert shape[-1] == pytest.approx(0.0, abs=1e-9)
        assert (np.diff(shape) <= 1e-12).all()


def test_the_peak_speed_is_that_of_the_steepest_window():
    # At full speed from start to end: the mean speed.
    assert peak_speed_degps(18.0, 0.09, 1.0, 1.0) == pytest.approx(200.0, rel=0.01)
    # From rest, with constant acceleration to an abrupt end: 1 - w^2 over the last window.
    last = 1.0 - (1.0 - LOWERING_WINDOW_S / 0.05) ** 2
    assert peak_speed_degps(12.0, 0.05, 2.0, 1.0) == pytest.approx(12.0 * last / LOWERING_WINDOW_S, rel=0.01)
    # A foot that is down within the window.
    assert peak_speed_degps(-8.0, 0.01, 1.5, 1.0) == pytest.approx(8.0 / LOWERING_WINDOW_S)


@pytest.mark.parametrize(("pitch", "lowering", "fall"), CASES[1:3])
def test_the_speed_is_recovered_at_60_frames_a_second(pitch, lowering, fall):
    contacts = [1.003, 2.011, 3.019, 4.026]
    tracks = [track(contact, pitch, lowering, fall, rate_hz=60.0, seed=9 + i) for i, contact in enumerate(contacts)]
    fitted = fold(tracks, [first_guess_s(one) for one in tracks])
    fine = np.linspace(0.0, lowering, 400)
    fallen = true_shape(fine / lowering, fall) - true_shape((fine + LOWERING_WINDOW_S) / lowering, fall)
    true_speed = pitch * fallen.max() / LOWERING_WINDOW_S
    assert np.median([one.speed_degps for one in fitted]) == pytest.approx(true_speed, rel=0.10)


def test_the_stated_errors_shrink_with_frames_and_hold_the_truth():
    contacts = [float(number) + 0.37 * number / 30.0 for number in range(1, 6)]
    stated = {}
    for rate_hz in (30.0, 60.0):
        tracks = [track(contact, 15.0, 0.08, 0.5, rate_hz=rate_hz, seed=i) for i, contact in enumerate(contacts)]
        fitted = fold(tracks, contacts)
        stated[rate_hz] = np.median([one.lowering_error_s for one in fitted])
        assert all(0.0 < one.lowering_error_s < 0.05 and one.speed_error_degps > 0.0 for one in fitted)
        assert np.median([abs(one.lowering_s - 0.08) for one in fitted]) < 2.5 * np.hypot(stated[rate_hz], 0.005)
    assert stated[60.0] < stated[30.0]


def test_a_foot_that_always_lands_later_than_its_landmarks_is_refused():
    tracks = [track(contact, 18.0, 0.1, 0.2) for contact in (1.0, 2.0, 3.0)]

    def late(*by_s):
        return [FittedContact(one.plan.rough_s + by, 8.0, 0.1, 0.3) for one, by in zip(tracks, by_s, strict=True)]

    assert refuse_foot(tracks, late(0.035, 0.04, 0.03)) == "the foot seems to land late, trousers may cover it"
    # One late landmark contact of three says nothing about the foot, nor does a foot that comes earlier.
    assert refuse_foot(tracks, late(0.04, 0.0, -0.02)) is None
    assert refuse_foot(tracks, late(-0.04, -0.05, -0.03)) is None
    assert refuse_foot(tracks[:1], late(0.04, 0.0, 0.0)[:1]) is None


def test_the_stated_noise_grows_as_the_pictures_fit_worse():
    def noise(quality):
        contact = FootContact("left", 1.0, np.zeros(1), np.zeros(1), 18.0, 10.0, 0.1, "heel", True, quality)
        return noise_deg([contact])

    assert noise(0.95) == noise(0.8) < noise(0.6) < noise(0.4) < 2.6
    assert noise_deg([]) == 2.5
