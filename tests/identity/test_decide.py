"""Another person, other clothes and the same film twice are told; the same person is left in peace."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from walks import chain

from gait.core.trajectories import Trajectories
from gait.identity.body import Build, likelihood_ratio, measure_build
from gait.identity.clothes import Clothes
from gait.identity.decide import Look, compare, judge_identity, twice_given
from gait.identity.evidence import load_strength
from gait.simulate.walker import Walker

USUAL = Build((-0.02, -0.45))
LONG_TRUNK = Build((0.05, -0.20))


def clothes(red: float, blue: float) -> Clothes:
    random = np.random.default_rng(1)
    return Clothes(tuple(np.clip(random.normal((red, 0.2, blue), 0.02, (200, 3)), 0, 1) for _ in range(3)))


RED, BLUE = clothes(0.6, 0.05), clothes(0.05, 0.6)


def ids(*looks: Look, is_sure: bool = False) -> list[tuple[str, str]]:
    return [(issue.id, issue.severity) for issue in judge_identity(looks, is_sure=is_sure)]


def test_one_person_in_the_same_clothes_has_no_issue():
    assert ids(Look("a", USUAL, RED), Look("b", USUAL, RED), Look("c", None, RED)) == []


def test_another_body_in_other_clothes_is_another_person():
    found = judge_identity([Look("a.mov", USUAL, RED), Look("b.mov", LONG_TRUNK, BLUE)])
    assert [(issue.id, issue.severity) for issue in found] == [("other_person_suspected", "error")]
    assert "a.mov" in found[0].message
    assert "b.mov" in found[0].message
    assert "--sure" in found[0].advice


def test_the_same_body_in_other_clothes_may_be_the_same_person():
    assert ids(Look("a", USUAL, RED), Look("b", USUAL, BLUE)) == [("other_clothes", "error")]


def test_a_body_alone_counts_where_there_are_no_pixels():
    assert ids(Look("a", USUAL), Look("b", LONG_TRUNK)) == [("other_person_suspected", "error")]
    assert ids(Look("a", USUAL), Look("b", USUAL)) == []


def test_the_same_clothes_outweigh_a_body_that_is_seen_a_little_differently():
    slanted = Build((USUAL.log_ratios[0] + 0.05, USUAL.log_ratios[1] + 0.07))
    assert ids(Look("a", USUAL, RED), Look("b", slanted, RED)) == []


def test_the_odd_one_out_is_named_wherever_it_stands():
    for order in ((0, 1, 2), (1, 0, 2), (1, 2, 0)):
        looks = [Look("odd", LONG_TRUNK, BLUE), Look("one", USUAL, RED), Look("two", USUAL, RED)]
        found = judge_identity([looks[i] for i in order])
        assert [issue.message.startswith("odd ") for issue in found] == [True]


def test_who_knows_may_say_so_and_is_still_told():
    found = judge_identity([Look("a", USUAL, RED), Look("b", LONG_TRUNK, BLUE)], is_sure=True)
    assert [(issue.id, issue.severity) for issue in found] == [("other_person_suspected", "warning")]
    assert ids(Look("a", USUAL, RED), Look("b", USUAL, BLUE), is_sure=True) == [("other_clothes", "warning")]


def test_nothing_to_compare_is_no_issue():
    assert ids(Look("a"), Look("b")) == []
    assert compare(Look("a"), Look("b")).probability_same == pytest.approx(load_strength().prior.same)


def test_the_same_file_twice():
    looks = [Look("a", sha256="1"), Look("b", sha256="2"), Look("c", sha256="1"), Look("d"), Look("e")]
    assert twice_given(looks) == {"c": "a"}


def test_likelihood_ratio_has_no_order_and_falls_with_the_difference():
    spreads = load_strength().spreads
    ratios = [likelihood_ratio(USUAL, Build((-0.02, -0.45 + step)), spreads) for step in (0.0, 0.05, 0.1, 0.2)]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > 0 > ratios[-1]
    assert likelihood_ratio(USUAL, LONG_TRUNK, spreads) == likelihood_ratio(LONG_TRUNK, USUAL, spreads)


@pytest.fixture(scope="module")
def walks() -> dict[str, Trajectories]:
    made = Walker(duration_s=6.0, noise_px=1.0)
    return {
        "right": chain(made)[0],
        "left": chain(replace(made, heading="right_to_left", seed=3))[0],
        "large": chain(replace(made, height_px=1.4 * made.height_px))[0],
        "front": chain(Walker(view="frontal", heading="towards", duration_s=6.0))[0],
    }


def test_proportions_do_not_depend_on_direction_or_distance(walks):
    builds = [measure_build(walks[name]) for name in ("right", "left", "large")]
    assert None not in builds
    for build in builds[1:]:
        assert build.log_ratios == pytest.approx(builds[0].log_ratios, abs=0.02)
    assert measure_build(walks["front"]) is None
