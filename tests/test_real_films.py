"""Real people: healthy walkers stay without findings, and the right person is measured."""

from __future__ import annotations

import pytest

from gait.core.subject import Subject
from gait.pipeline import analyze

pytestmark = [pytest.mark.film, pytest.mark.slow]

HEALTHY = [
    f"{person:03d}_NM_{pass_:02d}" for person in (1, 3, 5, 9, 12, 14, 16, 19, 21, 23, 25, 27) for pass_ in (1, 2)
]


@pytest.mark.parametrize("name", HEALTHY)
def test_a_healthy_walker_has_no_finding(film_data, name):
    film = film_data / "video" / "koa_nm" / f"{name}.MOV"
    analysis = analyze(film, Subject())
    assert [(finding.id, finding.side) for finding in analysis.findings.present()] == []
    heading = "left_to_right" if name.endswith("_01") else "right_to_left"
    assert {p.heading for p in analysis.trajectories.passes} == {heading}


def test_the_woman_is_measured_and_not_the_man_who_jumps(film_data):
    analysis = analyze(film_data / "video" / "two_people" / "demo.mp4", Subject())
    assert {p.heading for p in analysis.trajectories.passes} == {"right_to_left"}
    assert len(analysis.pose.people) >= 2
    assert "several_people" in {issue.id for issue in analysis.issues}
    # She walks on the ground: her feet are in the lower half of the picture, his are on a roof.
    feet = analysis.pose.data["position"].sel(space="y", keypoint=["left_heel", "right_heel"])
    assert float(feet.median()) > 0.5 * analysis.pose.height_px
