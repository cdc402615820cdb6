from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.pose.follow import Follower, boxes_at, hide_strangers, keep_followed, needs_hiding, people_of
from gait.pose.tracks import link_detections

SLOW, FAST = np.arange(0, 4, 0.25), np.arange(0, 4, 1 / 30)
UPSIDE_DOWN = np.array([[1.0], [-1.0]])


@pytest.fixture
def walker(person):
    return link_detections([[d] for d in person("walk", SLOW, x=200.0, speed=300.0)])[0]


@pytest.fixture
def jumper(person):
    return link_detections([[d] for d in person("jump", SLOW, x=1500.0, ground=500.0)])[0]


def positions(person, **where):
    return np.array([d.position_px for d in person("walk", FAST, **where)])


def test_frames_in_which_the_network_jumps_to_somebody_else_are_blanked(person, walker):
    position = positions(person, x=200.0, speed=300.0)
    position[40:50] = positions(person, x=1500.0, ground=500.0)[40:50]
    kept, confidence = keep_followed(FAST, position, np.ones(position.shape[::2]), walker)
    blank = np.isnan(kept[:, 0, 0])
    assert np.flatnonzero(blank).tolist() == list(range(40, 50))
    assert np.all(confidence[40:50] == 0)


def test_furniture_before_the_walker_comes_is_removed_and_the_entry_is_kept(person):
    track = link_detections([[d] for d in person("walk", SLOW + 3.0, x=500.0, speed=300.0)])[0]
    times = np.arange(0, 6, 1 / 30)
    chair = np.array([d.position_px for d in person("stand", times, x=1200.0)])
    walk = np.array([d.position_px for d in person("walk", times, x=500.0 - 3.0 * 300.0, speed=300.0)])
    position = np.where((times < 2.6)[:, None, None], chair, walk)
    kept, _ = keep_followed(times, position, np.ones(position.shape[::2]), track)
    seen = np.isfinite(kept[:, 0, 0])
    assert not seen[times < 2.6].any()
    assert seen[times >= 2.6].all()


def test_a_pose_on_its_head_is_blanked(person, walker):
    position = positions(person, x=200.0, speed=300.0)
    middle = position[10].mean(axis=1, keepdims=True)
    position[10] = (position[10] - middle) * UPSIDE_DOWN + middle
    kept, _ = keep_followed(FAST, position, np.ones(position.shape[::2]), walker)
    assert np.flatnonzero(np.isnan(kept[:, 0, 0])).tolist() == [10]


def test_input_is_not_changed_and_nobody_to_follow_keeps_all(person):
    position = positions(person)
    before = position.copy()
    kept, _ = keep_followed(FAST, position, np.ones(position.shape[::2]), None)
    np.testing.assert_array_equal(kept, before)
    assert kept is not position


def test_only_the_surroundings_of_the_followed_person_stay(walker):
    image = np.random.default_rng(0).integers(0, 255, (1080, 1920, 3), dtype=np.uint8)
    hidden = hide_strangers(image, walker, 1.0)
    assert np.ptp(hidden[100:400, 1500:1900]) < np.ptp(image.mean(axis=(0, 1))) + 5
    x, y = walker.position_px[4].mean(axis=1).astype(int)
    np.testing.assert_array_equal(hidden[y - 50 : y + 50, x - 20 : x + 20], image[y - 50 : y + 50, x - 20 : x + 20])


def test_hiding_is_needed_only_when_others_are_there_at_the_same_time(walker, jumper):
    assert not needs_hiding(walker)
    assert needs_hiding(replace(walker, company=(jumper,)))
    later = replace(jumper, time_s=jumper.time_s + 20.0)
    assert not needs_hiding(replace(walker, company=(later,)))


def test_boxes_and_people_tell_of_everybody(walker, jumper):
    follow = replace(walker, number=1, company=(replace(jumper, number=2),))
    assert len(boxes_at(follow, 1.0)) == 2
    assert boxes_at(follow, 30.0) == []
    assert [person.number for person in people_of(follow)] == [1, 2]
    assert boxes_at(None, 1.0) == []


class FakeNetwork:
    """Answers with the wrong person until it is shown an empty picture; counts what it was shown."""

    def __init__(self, wrong, right):
        self.wrong, self.right, self.forgot, self.shown = wrong, right, False, []

    def __call__(self, image, time_s):
        self.shown.append(image)
        if not image.any():
            self.forgot = True
            return []
        return [(self.right if self.forgot else self.wrong, np.ones(len(KEYPOINTS)))]


def test_a_network_that_holds_on_to_the_wrong_person_is_made_to_forget(walker, jumper):
    network = FakeNetwork(jumper.position_px[4], walker.position_px[4])
    seen = Follower(walker, network).look(Frame(1.0, np.full((1080, 1920, 3), 200, np.uint8)))
    assert seen is not None
    np.testing.assert_array_equal(seen[0], walker.position_px[4])
    assert len(network.shown) == 3


def test_a_right_answer_costs_one_look_at_the_frame_as_filmed(walker):
    network = FakeNetwork(walker.position_px[4], None)
    frame = Frame(1.0, np.full((1080, 1920, 3), 200, np.uint8))
    Follower(walker, network).look(frame)
    assert len(network.shown) == 1
    assert network.shown[0] is frame.image


def test_the_network_does_not_look_where_nobody_can_be(walker):
    network = FakeNetwork(None, None)
    assert Follower(walker, network).look(Frame(60.0, np.zeros((1080, 1920, 3), np.uint8))) is None
    assert network.shown == []
