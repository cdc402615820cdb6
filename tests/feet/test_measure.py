"""From a film to the motion of the foot: known pitch, known contacts, both directions, and what is refused."""

from functools import cache

import numpy as np
import pytest

from gait.core.events import GaitEvents
from gait.feet import contact_type, measure_feet


@cache
def usual(foot):
    """The film as it is, measured once."""
    return measure(foot)


def measure(foot, events=None, kind="sagittal", **more):
    return measure_feet(
        foot.frames, foot.pose(), foot.trajectories(kind), foot.events() if events is None else events, **more
    )


def pitch_error_deg(foot, contact) -> float:
    near = np.abs(contact.time_s - contact.contact_s) < 0.12
    error = contact.pitch_deg[near] - foot.pitch_deg(contact.time_s[near])
    return float(np.sqrt(np.mean(error**2)))


@pytest.mark.parametrize("pitch", [20.0, 6.0, -9.0])
def test_the_pitch_of_the_foot_is_recovered(filmed_foot, pitch):
    foot = filmed_foot(contact_pitch_deg=pitch)
    motion = measure(foot)
    assert len(motion.of("right")) == 3
    assert not motion.of("left")
    for contact in motion.of("right"):
        assert pitch_error_deg(foot, contact) < 0.5
        assert contact.contact_pitch_deg == pytest.approx(pitch, abs=2.0)
        assert contact.contact_type == contact_type(pitch)
        assert contact.is_near
        assert 0.3 < contact.quality <= 1.0


def test_contact_times_become_better_than_the_rough_ones(filmed_foot):
    foot = filmed_foot()
    found = [contact.contact_s for contact in usual(foot).contacts]
    assert found == pytest.approx(foot.contacts_s, abs=0.012)


def test_a_slapping_foot_lowers_faster_than_a_good_one_even_at_30_frames_a_second(filmed_foot):
    slap = measure(filmed_foot(contact_pitch_deg=13.0, lowering_s=0.045, fall=1.0))
    good = measure(filmed_foot(contact_pitch_deg=19.0, lowering_s=0.11, fall=0.1))
    assert np.median([contact.lowering_s for contact in slap.contacts]) < 0.065
    assert np.median([contact.lowering_s for contact in good.contacts]) > 0.085


def test_a_mirrored_film_gives_the_same_pitch(filmed_foot):
    straight, mirrored = usual(filmed_foot()), measure(filmed_foot(mirrored=True))
    assert len(mirrored.contacts) == 3
    for one, other in zip(straight.contacts, mirrored.contacts, strict=True):
        assert other.contact_pitch_deg == pytest.approx(one.contact_pitch_deg, abs=0.7)
        assert other.contact_s == pytest.approx(one.contact_s, abs=0.006)


def test_a_foot_on_a_belt_is_measured_too(filmed_foot):
    foot = filmed_foot(belt=True, contacts_s=(0.7, 1.71, 2.7))
    motion = measure(foot)
    assert len(motion.contacts) >= 2
    for contact in motion.contacts:
        assert pitch_error_deg(foot, contact) < 1.0
        assert np.min(np.abs(contact.contact_s - np.array(foot.contacts_s))) < 0.02


def test_without_events_nothing_is_measured_and_nothing_read(filmed_foot):
    foot = filmed_foot()

    def unread(start_s, end_s):
        raise AssertionError("no frame is needed")

    motion = measure_feet(unread, foot.pose(), foot.trajectories(), GaitEvents.empty())
    assert motion.contacts == ()
    assert motion.rejected == ()


def test_a_frontal_film_gives_a_reason_instead_of_contacts(filmed_foot):
    motion = measure(filmed_foot(), kind="frontal")
    assert motion.contacts == ()
    assert motion.rejected == (("right", 3, "the film does not show the feet from the side"),)


def test_false_contacts_are_refused(filmed_foot):
    foot = filmed_foot()
    rows = [(time, "right", "initial_contact", 0.8) for time in (*foot.contacts_s, 1.25, 0.9)]
    motion = measure(foot, GaitEvents.from_rows(rows))
    assert [contact.contact_s for contact in motion.contacts] == pytest.approx(foot.contacts_s, abs=0.015)
    assert sum(number for _, number, _ in motion.rejected) == 2


def test_one_contact_named_twice_counts_once(filmed_foot):
    foot = filmed_foot()
    rows = [(time, "right", "initial_contact", 0.8) for time in (0.69, 0.73, 1.7, 2.7)]
    motion = measure(foot, GaitEvents.from_rows(rows))
    assert [contact.contact_s for contact in motion.contacts] == pytest.approx(foot.contacts_s, abs=0.015)
    assert motion.rejected == (("right", 1, "the same contact was named twice"),)


def test_a_foot_that_is_cut_off_by_the_edge_of_the_picture_is_not_measured(filmed_foot):
    foot = filmed_foot(start_px=250.0)  # the third contact lies at x = 510 of 560
    motion = measure(foot)
    assert len(motion.contacts) == 2
    assert motion.rejected == (("right", 1, "the foot leaves the picture"),)


def test_a_foot_as_bright_as_the_floor_is_refused_or_right(filmed_foot):
    foot = filmed_foot(shoe_level=170.0)
    for contact in measure(foot).contacts:
        assert pitch_error_deg(foot, contact) < 2.5


def test_progress_rises_to_one_and_the_inputs_stay_as_they_are(filmed_foot):
    foot = filmed_foot()
    pose, trajectories, events = foot.pose(), foot.trajectories(), foot.events()
    before = pose.data.copy(deep=True), events.table.copy()
    told = []
    measure_feet(foot.frames, pose, trajectories, events, told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
    assert pose.data.identical(before[0])
    assert events.table.equals(before[1])
