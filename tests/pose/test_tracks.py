from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.pose.tracks import Track, body_size, is_upside_down, link_detections

TIMES = np.arange(0, 5, 0.25)


def test_two_people_who_cross_keep_their_tracks(person, film):
    right = person("walk", TIMES, x=200.0, speed=300.0, ground=900.0)
    left = person("walk", TIMES, x=1700.0, speed=-300.0, ground=700.0)
    tracks = link_detections(film(right, left))
    assert len(tracks) == 2
    assert all(len(track.time_s) == len(TIMES) for track in tracks)
    for track in tracks:
        steps = np.diff(track.position_px[:, 0, 0])
        assert np.all(steps > 0) or np.all(steps < 0)


def test_a_short_gap_does_not_break_a_track(person):
    detections = [d for d in person("walk", TIMES, speed=250.0) if not 2.0 <= d.time_s < 2.75]
    tracks = link_detections([[d] for d in detections])
    assert len(tracks) == 1


def test_somebody_who_leaves_and_comes_back_is_one_person(person, film):
    there = person("walk", np.arange(0, 4, 0.25), x=100.0, speed=400.0)
    back = person("walk", np.arange(7, 11, 0.25), x=1700.0, speed=-400.0)
    tracks = link_detections(film(there, back))
    assert len(tracks) == 1
    assert tracks[0].box_at(5.5) is None
    assert tracks[0].box_at(8.0) is not None


def test_another_person_in_other_clothes_is_not_joined(person, film):
    there = person("walk", np.arange(0, 4, 0.25), x=100.0, speed=400.0)
    other = person("walk", np.arange(7, 11, 0.25), x=1700.0, speed=-400.0, colour=(80.0, 60.0, 40.0))
    assert len(link_detections(film(there, other))) == 2


def test_somebody_far_above_is_not_the_one_who_left(person, film):
    there = person("walk", np.arange(0, 2, 0.25), x=100.0)
    roof = person("walk", np.arange(4, 6, 0.25), x=200.0, ground=500.0)
    assert len(link_detections(film(there, roof))) == 2


def test_a_flash_on_the_furniture_is_nobody(person):
    assert link_detections([[d] for d in person("stand", TIMES[:2])]) == ()


def test_a_body_found_twice_is_one_person(person):
    detections = person("walk", TIMES, speed=200.0)
    doubled = [[d, replace(d, position_px=d.position_px * 1.01, confidence=d.confidence * 0.8)] for d in detections]
    assert len(link_detections(doubled)) == 1


def test_boxes_are_linear_between_detections(figure):
    points = np.array([figure(100.0, 500.0, 300.0), figure(200.0, 500.0, 300.0)])
    track = Track(np.array([0.0, 0.5]), points, np.ones(points.shape[::2]))
    first, middle = track.box_at(0.0), track.box_at(0.25)
    assert middle[0] == pytest.approx(first[0] + 50)
    assert track.box_at(2.0) is None


def test_size_and_head_down(figure):
    upright = figure(100.0, 500.0, 300.0)
    assert body_size(upright) == pytest.approx(0.78 * 300, rel=0.02)
    assert not is_upside_down(upright)
    assert is_upside_down(upright * np.array([[1.0], [-1.0]]))


def test_a_track_refuses_times_that_do_not_increase(figure):
    points = np.array([figure(100.0, 500.0, 300.0)] * 2)
    with pytest.raises(ValueError, match="increase"):
        Track(np.array([1.0, 1.0]), points, np.ones(points.shape[::2]))


def test_a_track_cannot_be_written_to(figure):
    points = np.array([figure(100.0, 500.0, 300.0)])
    track = Track(np.array([1.0]), points, np.ones(points.shape[::2]))
    with pytest.raises(ValueError, match="read-only"):
        track.position_px[0, 0, 0] = 1.0
