"""What every event detector must do."""

from dataclasses import replace

import numpy as np
import pytest
from walks import true_times

from gait.core.errors import InputError
from gait.core.sides import SIDES, other_side
from gait.core.subject import Subject
from gait.core.trajectories import Trajectories
from gait.events.detectors import DETECTORS, detector_by_name
from gait.simulate.walker import Walker
from gait.trajectories.build import build_trajectories

WALKER = Walker(duration_s=6.0)


@pytest.fixture(scope="module")
def walk() -> Trajectories:
    return build_trajectories(WALKER.pose(), Subject(height_m=WALKER.height_m))


def mirrored(trajectories: Trajectories) -> Trajectories:
    """The same walk in a mirror: x turned round, sides exchanged."""
    data = trajectories.data.copy(deep=True)
    for name in ("position", "midline"):
        data[name] = data[name] * np.where(data["space"] == "x", -1.0, 1.0)
    data = data.assign_coords(side=[other_side(side) for side in SIDES]).sel(side=list(SIDES))
    passes = tuple(
        replace(p, facing=-p.facing, near_side=None if p.near_side is None else other_side(p.near_side))
        for p in trajectories.passes
    )
    return replace(trajectories, data=data, passes=passes)


@pytest.mark.parametrize("name", list(DETECTORS))
def test_a_clean_walk_gives_each_step_once(name, walk):
    events = detector_by_name(name).detect(walk)
    for side in SIDES:
        for kind in ("initial_contact", "toe_off"):
            truth = np.array(true_times(WALKER, side, kind))
            truth = truth[(truth > walk.passes[0].start_s + 0.3) & (truth < walk.passes[0].end_s - 0.3)]
            found = events.times_s(side, kind)
            nearest = [np.abs(found - time).min(initial=np.inf) for time in truth]
            # Published rules are early or late by up to 0.13 s on this walker; ours by less than 0.03 s.
            assert max(nearest) < (0.03 if name == "ours" else 0.20)
            inside = found[(found > truth[0] - 0.2) & (found < truth[-1] + 0.2)]
            assert len(inside) == len(truth)


@pytest.mark.parametrize("name", list(DETECTORS))
def test_a_mirror_exchanges_the_sides(name, walk):
    detector = DETECTORS[name]
    plain, other = detector.detect(walk).table, detector.detect(mirrored(walk)).table
    for side in SIDES:
        mine, theirs = plain[plain["side"] == side], other[other["side"] == other_side(side)]
        assert np.allclose(np.sort(mine["time_s"]), np.sort(theirs["time_s"]), atol=1e-6)


@pytest.mark.parametrize("name", list(DETECTORS))
def test_nothing_in_gives_nothing_out(name, walk):
    assert len(DETECTORS[name].detect(replace(walk, passes=()))) == 0


@pytest.mark.parametrize("name", list(DETECTORS))
def test_a_very_short_pass_is_no_error(name, walk):
    first = walk.passes[0]
    short = replace(first, end_s=first.start_s + 0.1)
    assert len(DETECTORS[name].detect(replace(walk, passes=(short,)))) <= 2


def test_an_unknown_detector_is_named_with_the_known_ones():
    with pytest.raises(InputError, match="ours, zeni"):
        detector_by_name("magic")
