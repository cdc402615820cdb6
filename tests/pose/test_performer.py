"""Who is measured where a task is done standing."""

from __future__ import annotations

import numpy as np
import pytest

from gait.core.errors import InputError, NotEnoughDataError
from gait.pose.tracks import People, link_detections
from gait.pose.walker import choose_performer, choose_walker, rank_people

TIMES = np.arange(0, 5, 0.25)


def rank(frames):
    return rank_people(People(link_detections(frames), 1920, 1080))


def test_somebody_who_stands_may_perform_but_is_no_walker(person, film):
    people = rank(film(person("stand", TIMES)))
    assert choose_performer(people).number == 1
    with pytest.raises(NotEnoughDataError):
        choose_walker(people)


def test_the_larger_one_performs_and_not_who_stands_behind(person, film):
    people = rank(film(person("stand", TIMES, x=500.0, height=600.0), person("stand", TIMES, x=1200.0, height=420.0)))
    assert choose_performer(people).height_px > 500
    assert len(choose_performer(people).company) == 1


def test_who_passes_by_does_not_perform(person, film):
    passing = person("walk", TIMES[:6], x=900.0, height=500.0, speed=300.0)
    people = rank(film(person("stand", TIMES, x=400.0, height=450.0), passing))
    assert len(choose_performer(people).time_s) == len(TIMES)


def test_another_person_can_be_asked_for(person, film):
    people = rank(film(person("stand", TIMES, x=500.0, height=600.0), person("stand", TIMES, x=1200.0, height=420.0)))
    other = next(track.number for track in people.tracks if track.height_px < 500)
    assert choose_performer(people, other).number == other
    with pytest.raises(InputError):
        choose_performer(people, 7)


def test_an_empty_film_has_no_performer():
    with pytest.raises(NotEnoughDataError):
        choose_performer(People((), 1920, 1080))
