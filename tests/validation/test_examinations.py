"""How well films of two people are told apart, and what taking films together gives, counted right."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from gait.core.errors import NotEnoughDataError
from gait.core.findings import Finding, Findings
from gait.identity.body import Build
from gait.identity.decide import Look
from gait.validation.examinations import body_spreads, gain_of, gains_table, identity_pairs, identity_rates


def people(count: int, within: float, between: float, seed: int = 0) -> dict[str, list[Look]]:
    random = np.random.default_rng(seed)
    means = random.normal(0.0, between, (count, 2))
    return {
        f"p{number}": [Look(f"p{number}_{film}", Build(tuple(mean + random.normal(0, within, 2)))) for film in (1, 2)]
        for number, mean in enumerate(means)
    }


def test_the_spreads_that_were_put_in_come_out():
    for spread in body_spreads(people(400, 0.02, 0.05)):
        assert spread.within == pytest.approx(0.02, rel=0.1)
        assert spread.between == pytest.approx(0.05, rel=0.1)


def test_too_few_people_give_no_spreads():
    with pytest.raises(NotEnoughDataError, match="people"):
        body_spreads(people(3, 0.02, 0.05))


def test_every_pair_is_judged_once_and_people_far_apart_are_told_apart():
    pairs = identity_pairs(people(8, 0.001, 0.5))
    assert len(pairs) == 16 * 15 / 2
    assert pairs["is_same_person"].sum() == 8
    rates = identity_rates(pairs).set_index(["by", "is_same_person"])
    assert rates.loc[("verdict", True), "same"] == 1.0
    assert rates.loc[("verdict", False), "other_person_suspected"] > 0.95
    assert rates.loc[("verdict", False), "pairs"] == 16 * 15 / 2 - 8


def finding(status: str, side: str) -> Finding:
    severity = "mild" if status == "present" else None
    return Finding("foot_drop", side, status, severity, reason="open" if status == "not_assessable" else "")


def test_what_was_answered_and_what_was_lost():
    open_, absent = "not_assessable", "absent"
    clips = [
        SimpleNamespace(findings=Findings((finding(open_, "left"), finding(absent, "right")))),
        SimpleNamespace(findings=Findings((finding(open_, "left"), finding(open_, "right")))),
    ]
    together = SimpleNamespace(findings=Findings((finding(absent, "left"), finding(open_, "right"))))
    gain = gain_of("p", clips, together)
    assert gain.answered == ("foot_drop left",)
    assert gain.lost == ("foot_drop right",)
    assert gain.present == ()
    row = gains_table([gain]).iloc[0]
    assert (row["absent_in_one_film"], row["absent_together"]) == (0.5, 1)
    assert (row["newly_answered"], row["no_longer_answered"]) == (1, 1)
