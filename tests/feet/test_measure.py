"""From a film to the motion of the foot: known pitch, known contacts, both directions, and what is refused."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gait.core.events import GaitEvents
from gait.feet import contact_type, measure_feet
from gait.feet.crops import collect_crops
from gait.feet.plan import plan_stances


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


def test_the_lowering_speed_needs_fifty_frames_a_second(filmed_foot):
    slow = usual(filmed_foot())
    assert all(np.isnan(contact.lowering_speed_degps) for contact in slow.contacts)
    assert all(0.001 < contact.lowering_error_s < 0.05 for contact in slow.contacts)
    # Flat in 60 ms with constant acceleration: 13 deg * (1 - (1 - 20/60)^2) / 20 ms.
    fast = measure(
        filmed_foot(
            rate_hz=60.0, contact_pitch_deg=13.0, lowering_s=0.06, fall=1.0, duration_s=2.4, contacts_s=(0.703, 1.715)
        )
    )
    speeds = [contact.lowering_speed_degps for contact in fast.contacts]
    assert len(speeds) == 2
    # Two strides are few: the stated error is wide, and holds the truth.
    true_speed = 13.0 * (1.0 - (2.0 / 3.0) ** 2) / 0.02
    assert np.median(speeds) == pytest.approx(true_speed, rel=0.2)
    for contact in fast.contacts:
        error = abs(contact.lowering_speed_degps - true_speed)
        assert error < 2.5 * contact.lowering_speed_error_degps < 0.5 * true_speed


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_strip_shows_the_contact_nearest_to_the_median(filmed_foot, mirrored):
    foot = filmed_foot(mirrored=mirrored)
    motion = usual(foot)
    (strip,) = motion.strips
    pitch = np.array([contact.contact_pitch_deg for contact in motion.contacts])
    middle = motion.contacts[int(np.argmin(np.abs(pitch - np.median(pitch))))]
    assert strip.side == "right"
    assert strip.contact_s == middle.contact_s
    assert 5 <= len(strip.images) <= 7
    assert (np.diff(strip.time_s) > 0).all()
    assert strip.time_s[0] < middle.contact_s - 0.05
    assert strip.time_s[-1] > middle.contact_s + 0.12
    assert strip.pitch_deg == pytest.approx(foot.pitch_deg(strip.time_s), abs=1.5)
    # One size, the shoe (dark on a bright floor) in the middle, its toe to the right: the shoe is flatter in front.
    flat = strip.images[-1].astype(float).mean(axis=2) < 130.0
    rows, columns = np.nonzero(flat)
    assert abs(columns.mean() / flat.shape[1] - 0.5) < 0.12
    assert rows[columns < columns.mean()].min() < rows[columns > np.percentile(columns, 85)].min()


def test_a_strip_stays_at_the_foot(filmed_foot):
    (strip,) = usual(filmed_foot()).strips
    height, width = strip.images.shape[1:3]
    # 2.3 foot lengths wide and 1.35 high: far below a face.
    assert width == pytest.approx(2.3 * height / 1.35, abs=2)


def test_no_strip_is_made_where_a_head_comes_near_the_foot(filmed_foot):
    foot = filmed_foot()
    pose = foot.pose()
    data = pose.data.copy(deep=True)
    data["position"].loc[{"keypoint": "nose"}] = data["position"].sel(keypoint="right_ankle").values
    fallen = replace(pose, data=data)
    motion = measure_feet(foot.frames, fallen, foot.trajectories(), foot.events())
    assert len(motion.contacts) == 3
    assert motion.strips == ()


def test_only_the_stances_that_the_film_is_passing_are_held(filmed_foot):
    foot = filmed_foot()
    plans, _ = plan_stances(foot.pose(), foot.trajectories(), foot.events())
    shown = []

    def frames(start_s, end_s):
        for frame in foot.frames(start_s, end_s):
            shown.append(frame.time_s)
            yield frame

    for crops in collect_crops(frames, foot.pose(), plans):
        # Given as soon as its last frame has passed, not at the end of the film.
        assert shown[-1] <= crops.plan.wanted_s[1] + 0.1
        assert len(crops.images) == len(crops.plan.dense_s)


def test_a_mirrored_film_gives_the_same_pitch(filmed_foot):
    straight, mirrored = usual(filmed_foot()), usual(filmed_foot(mirrored=True))
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
