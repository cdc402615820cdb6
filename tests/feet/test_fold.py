"""Contact, pitch and lowering from made tracks without any picture."""

import numpy as np
import pytest

from gait.feet.fold import first_guess_s, fold, lowering_shape, travel_pct
from gait.feet.plan import StancePlan
from gait.feet.track import FootTrack


def track(contact_s, pitch_deg, lowering_s, fall, rate_hz=30.0, noise_deg=0.5, belt_pct=0.0, seed=0) -> FootTrack:
    """One stance, sampled at whatever phase the frames fall on."""
    rng = np.random.default_rng(seed)
    rough = contact_s + 0.02
    time = np.arange(np.ceil((rough - 0.18) * rate_hz), np.floor((rough + 0.27) * rate_hz) + 1) / rate_hz
    after = time - contact_s
    pitch = np.where(
        after < 0, pitch_deg + 50 * after - 400 * after**2, pitch_deg * lowering_shape(after / lowering_s, fall)
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
    for fall in (0.0, 0.3, 0.7, 1.0):
        shape = lowering_shape(w, fall)
        assert shape[0] == 1.0
        assert shape[-1] == pytest.approx(0.0, abs=1e-9)
        assert (np.diff(shape) <= 1e-12).all()
