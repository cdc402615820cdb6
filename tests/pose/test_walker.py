from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gait.core.errors import InputError, NotEnoughDataError
from gait.core.skeleton import KEYPOINTS
from gait.pose.tracks import People, link_detections
from gait.pose.walker import choose_walker, rank_people, score_walker, walking_signs

TIMES = np.arange(0, 5, 0.25)
OTHER = {"left": "right", "right": "left"}
MIRRORED = [KEYPOINTS.index("_".join([OTHER.get(word, word) for word in name.split("_")])) for name in KEYPOINTS]


def rank(frames):
    return rank_people(People(link_detections(frames), 1920, 1080))


def test_a_walker_scores_high_a_stander_and_a_jumper_low(person):
    scores = {
        name: score_walker(link_detections([[d] for d in person(name, TIMES, speed=speed)])[0])
        for name, speed in (("walk", 300.0), ("stand", 0.0), ("jump", 0.0))
    }
    assert scores["walk"] > 0.9
    assert scores["stand"] == 0.0
    assert scores["jump"] == 0.0


@pytest.mark.parametrize("doing", ["walk", "march"])
def test_walking_on_the_spot_still_counts(person, doing):
    track = link_detections([[d] for d in person(doing, TIMES)])[0]
    assert 0.4 < score_walker(track) < 0.7
    assert walking_signs(track).travel_heights < 0.1


def test_steps_are_counted(person):
    track = link_detections([[d] for d in person("walk", TIMES, speed=200.0)])[0]
    # 0.9 strides a second for 4.75 s: eight or nine changes of the leading leg.
    assert walking_signs(track).steps in (8, 9)


def test_the_walker_wins_over_a_larger_and_livelier_jumper(person, film):
    people = rank(film(person("walk", TIMES, speed=300.0), person("jump", TIMES, x=1500.0, height=700.0)))
    chosen = choose_walker(people)
    assert len(people.tracks) == 2
    assert np.ptp(chosen.position_px[:, 0].mean(axis=1)) > 1000
    assert [track.number for track in chosen.company] == [2]


def test_a_jumper_whose_left_and_right_are_mistaken_does_not_walk(person):
    detections = person("jump", TIMES)
    for i, detection in enumerate(detections):
        points = detection.position_px.copy()
        for side, sign in (("left", 1.0), ("right", -1.0)):
            points[0, KEYPOINTS.index(f"{side}_shoulder")] += sign * 40.0
        if i % 3 == 0:
            points = points[:, MIRRORED]
        detections[i] = replace(detection, position_px=points)
    assert score_walker(link_detections([[d] for d in detections])[0]) == 0.0


def test_the_user_may_choose_by_number(person, film):
    people = rank(film(person("walk", TIMES, speed=250.0), person("march", TIMES, x=1700.0, ground=500.0)))
    assert choose_walker(people, 2).number == 2
    with pytest.raises(InputError, match=r"no person 3.*person 1.*person 2"):
        choose_walker(people, 3)


def test_nobody_is_told_apart_from_nobody_who_walks(person, film):
    with pytest.raises(NotEnoughDataError) as nobody:
        choose_walker(rank([]))
    assert nobody.value.issue_id == "no_person"
    with pytest.raises(NotEnoughDataError) as standing:
        choose_walker(rank(film(person("stand", TIMES))))
    assert standing.value.issue_id == "nobody_walks"


def test_somebody_who_only_stands_is_refused_even_when_asked_for(person, film):
    people = rank(film(person("walk", TIMES, speed=250.0), person("stand", TIMES, x=1700.0, ground=500.0)))
    with pytest.raises(NotEnoughDataError, match="person 2 does not walk"):
        choose_walker(people, 2)


def test_mirroring_the_film_changes_no_score(person):
    detections = person("walk", TIMES, speed=300.0)
    track = link_detections([[d] for d in detections])[0]
    flipped = track.position_px * np.array([[-1.0], [1.0]]) + np.array([[1920.0], [0.0]])
    mirrored = type(track)(track.time_s, flipped, track.confidence)
    assert score_walker(mirrored) == pytest.approx(score_walker(track))
