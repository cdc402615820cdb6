"""Legs whose bones change their length are not believed."""

import numpy as np
import pytest
from walks import chain

from gait.core.trajectories import Trajectories
from gait.simulate.walker import Walker
from gait.trajectories.steadiness import MAX_SHANK_LL, MAX_THIGH_LL, bone_scatter, steadiness_issues, unsteady_legs


def with_loose_knee(trajectories: Trajectories, side: str, size_ll: float) -> Trajectories:
    """The same walk with the knee of one side drawn up and down beside the bone, as under wide trousers."""
    position = trajectories.data["position"].copy(deep=True)
    wave = size_ll * trajectories.scale.leg_length_px * np.sin(7.0 * trajectories.time_s)
    position.loc[{"side": side, "landmark": "knee", "space": "y"}] += wave
    return Trajectories(
        trajectories.data.assign(position=position),
        trajectories.passes,
        trajectories.view,
        trajectories.scale,
        trajectories.cutoff_hz,
        trajectories.is_treadmill,
        trajectories.source_rate_hz,
    )


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_leg_with_the_loose_knee_is_named(side):
    trajectories, _, cycles, _ = chain(Walker(duration_s=6.0, noise_px=1.5))
    assert unsteady_legs(trajectories, cycles) == ()
    assert steadiness_issues(trajectories, cycles) == ()
    loose = with_loose_knee(trajectories, side, 0.08)
    assert unsteady_legs(loose, cycles) == (side,)
    (issue,) = steadiness_issues(loose, cycles)
    assert issue.id == "unsteady_legs"
    assert side in issue.message


def test_the_scatter_is_that_of_the_lengths():
    trajectories, _, cycles, _ = chain(Walker(duration_s=6.0))
    found = bone_scatter(with_loose_knee(trajectories, "left", 0.08), cycles, "left")
    assert found.thigh_ll == pytest.approx(0.08 / np.sqrt(2), rel=0.35)
    assert not found.is_steady
    steady = bone_scatter(trajectories, cycles, "left")
    assert steady.thigh_ll < MAX_THIGH_LL
    assert steady.shank_ll < MAX_SHANK_LL


def test_from_the_front_nothing_is_said():
    trajectories, _, cycles, _ = chain(Walker(view="frontal", heading="towards", duration_s=6.0))
    assert unsteady_legs(trajectories, cycles) == ()
