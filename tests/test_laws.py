"""Laws of the whole chain: mirror, shift, scale, rate, crop, gaps; the result moves as it must and no more.

Each law is tried on two walks in the fast set and on many drawn ones in the slow set. Exact laws hold to the precision
of floating point; the others say what they allow for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from walks import analyse, present

from gait.core.analysis import Analysis
from gait.core.motion import BodyMotion
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side, other_side
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.pose.keypoints_file import read_keypoints
from gait.simulate.phone import PhoneCamera
from gait.simulate.walker import BySide, Walker
from gait.validation.films import mirror_pose

SUBJECT = Subject(height_m=1.75)
KINDS = ("initial_contact", "toe_off")

#: Measures whose sign tells a side: they change it in the mirror.
SIGNED = ("asymmetry_pct", "difference_deg", "difference_s", "difference_m", "difference_pct", "difference_ll")


@st.composite
def walkers(draw: st.DrawFn, **fixed: object) -> Walker:
    """Walks of many kinds, slow to fast, healthy or with a dropped foot."""
    walker = Walker(
        stride_time_s=draw(st.floats(0.95, 1.5)),
        step_length_ll=BySide(draw(st.floats(0.55, 0.8)), draw(st.floats(0.55, 0.8))),
        heading=draw(st.sampled_from(["left_to_right", "right_to_left"])),
        start_phase=draw(st.floats(0.0, 1.0)),
        noise_px=1.0,
        duration_s=7.0,
        rate_hz=60.0,
        seed=draw(st.integers(0, 99)),
    )
    side: Side | None = draw(st.sampled_from([None, *SIDES]))
    walker = walker if side is None else walker.with_fault("foot_drop", side, 0.9)
    return replace(walker, **fixed)


def law(examples: int):
    """Settings of one law: the same walks in every run, no time limit."""
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


MANY = law(12)

#: The walks of the fast set: a dropped foot near the camera, and a slow uneven walk the other way.
DROPPED = Walker(duration_s=7.0, noise_px=1.0, seed=5).with_fault("foot_drop", "right", 0.9)
UNEVEN = Walker(
    duration_s=7.0,
    noise_px=1.0,
    seed=6,
    stride_time_s=1.4,
    step_length_ll=BySide(0.55, 0.7),
    heading="right_to_left",
    start_phase=0.8,
)
both_walks = pytest.mark.parametrize("walker", [DROPPED, UNEVEN], ids=["dropped", "uneven"])


@cache
def analysis_of(walker: Walker) -> Analysis:
    """The walk as it is; several laws compare with it."""
    return analyse(walker.pose(), SUBJECT, walker.rate_hz)


def changed(pose: Pose, position: np.ndarray, time_s: np.ndarray | None = None, **facts: int) -> Pose:
    """The same pose at other places or times."""
    size = {"width_px": pose.width_px, "height_px": pose.height_px, **facts}
    times = pose.time_s if time_s is None else time_s
    return Pose.from_arrays(times, position, pose.data["confidence"].values, backend=pose.backend, **size)


def xy(pose: Pose) -> np.ndarray:
    """``(n, 2, keypoints)`` px, free to change."""
    return pose.data["position"].values.copy()


def values(analysis: Analysis) -> dict:
    return {(p.id, p.side): p.value for p in analysis.parameters.summary}


def farthest_s(found: Analysis, expected: Analysis, shift_s: float = 0.0, inside: tuple = (-np.inf, np.inf)) -> float:
    """Largest distance of any expected event in a time span from its own kind among the found ones, in s."""
    worst = 0.0
    for side in SIDES:
        for kind in KINDS:
            got = found.events.times_s(side, kind)
            for time_s in expected.events.times_s(side, kind) + shift_s:
                if inside[0] <= time_s < inside[1]:
                    worst = max(worst, float(np.min(np.abs(got - time_s), initial=np.inf)))
    return worst


def assert_same_values(found: Analysis, expected: Analysis, tolerance: float = 1e-6) -> None:
    a, b = values(found), values(expected)
    assert a.keys() == b.keys()
    for key, value in b.items():
        assert a[key] == pytest.approx(value, rel=tolerance, abs=tolerance, nan_ok=True), key


def assert_lengths_within(
    found: Analysis,
    expected: Analysis,
    share: float,
    names: tuple[str, ...] = ("walking_speed_mps", "stride_length_m", "step_length_m"),
) -> None:
    for name in names:
        for (key, side), value in values(expected).items():
            if key == name:
                assert values(found)[key, side] == pytest.approx(value, rel=share), (key, side)


# --- mirror: the sides are exchanged, nothing else ---------------------------------------------------------------


def check_mirror(pose: Pose, original: Analysis) -> None:
    mirrored = analyse(mirror_pose(pose), SUBJECT)
    turn = {"left": "right", "right": "left", "both": "both", None: None}
    assert present(mirrored.findings) == {(name, turn[side]) for name, side in present(original.findings)}
    expected = {(name, turn[side]): value for (name, side), value in values(original).items()}
    found = values(mirrored)
    assert expected.keys() == found.keys()
    for key, value in expected.items():
        sign = -1.0 if key[0].endswith(SIGNED) else 1.0
        assert found[key] == pytest.approx(sign * value, rel=1e-6, abs=1e-6, nan_ok=True), key
    for side in SIDES:
        for kind in KINDS:
            ours, theirs = mirrored.events.times_s(other_side(side), kind), original.events.times_s(side, kind)
            np.testing.assert_allclose(ours, theirs, atol=1e-9)


@both_walks
def test_a_mirrored_film_swaps_sides_and_nothing_else(walker):
    check_mirror(walker.pose(), analysis_of(walker))


@pytest.mark.slow
@MANY
@given(walkers(swaps=0.03, missing=0.02))
def test_many_mirrored_films(walker):
    check_mirror(walker.pose(), analysis_of(walker))


@pytest.mark.parametrize("name", ["normal_there_and_back", "antalgic_left_treadmill"])
def test_sample_walks_mirrored(samples, name):
    pose = read_keypoints(samples / "keypoints" / f"{name}.nc")
    check_mirror(pose, analyse(pose, SUBJECT))


# --- time shift: the events move with the clock, nothing else -----------------------------------------------------


def check_shift(walker: Walker, shift_s: float) -> None:
    pose = walker.pose()
    original, later = analysis_of(walker), analyse(changed(pose, xy(pose), pose.time_s + shift_s), SUBJECT)
    assert_same_values(later, original)
    assert present(later.findings) == present(original.findings)
    np.testing.assert_allclose(later.events.table["time_s"], original.events.table["time_s"] + shift_s, atol=1e-6)


@both_walks
def test_a_later_clock_moves_only_the_events(walker):
    check_shift(walker, 7.0)


@pytest.mark.slow
@MANY
@given(walkers(), st.sampled_from([-2.0, 0.3, 1024.0]))
def test_many_clocks(walker, shift_s):
    check_shift(walker, shift_s)


# --- scale: a larger picture changes nothing ----------------------------------------------------------------------


def check_scale(walker: Walker, factor: float) -> None:
    pose = walker.pose()
    width_px, height_px = round(factor * pose.width_px), round(factor * pose.height_px)
    larger = analyse(changed(pose, factor * xy(pose), width_px=width_px, height_px=height_px), SUBJECT)
    original = analysis_of(walker)
    assert present(larger.findings) == present(original.findings)
    # Exact but for the rounding of the size to whole pixels (one in a thousand).
    assert_same_values(larger, original, 1e-6 if factor == 2.0 else 5e-3)


@both_walks
def test_a_larger_picture_changes_nothing(walker):
    check_scale(walker, 2.0)


@pytest.mark.slow
@MANY
@given(walkers(), st.sampled_from([0.5, 1.5, 2.0, 3.0]))
def test_many_picture_sizes(walker, factor):
    check_scale(walker, factor)


# --- direction: walking the other way shows the other leg nearer, and the same walk -------------------------------


def check_direction(walker: Walker) -> None:
    there = replace(walker, heading="left_to_right", noise_px=0.3)
    back = replace(there, heading="right_to_left")
    one, other = analyse(there.pose(), SUBJECT), analyse(back.pose(), SUBJECT)
    # The near leg is another one, and so are the corrections of the far one: 15 ms on events (the share of the far leg
    # in their bias). Perspective is taken off that the long lens of the simulation lacks: it changes steps by up to
    # 5 cm at the edges of the picture, the other way for the other leg, and hardly changes strides.
    assert farthest_s(other, one, inside=(0.8, 6.2)) < 0.015
    assert_lengths_within(other, one, 0.02, ("walking_speed_mps", "stride_length_m"))
    assert_lengths_within(other, one, 0.08, ("step_length_m",))


@pytest.mark.parametrize("distance_m", [4.5, 8.0])
@both_walks
def test_a_phone_on_the_other_side_sees_the_same_steps(walker, distance_m):
    """With the perspective of a real lens, which the long lens of the simulator lacks, steps keep their length too."""
    time_s = np.arange(0.0, 6.0, 0.01)
    straight = replace(walker, heading="left_to_right")
    motion = BodyMotion(time_s, straight.positions_m(time_s))
    seen = [
        analyse(
            PhoneCamera(near_side=side, distance_m=distance_m, focal_px=1100.0, rate_hz=60.0, noise=0.1).film(motion),
            SUBJECT,
        )
        for side in SIDES
    ]
    assert_lengths_within(seen[0], seen[1], 0.04, ("step_length_m", "stride_length_m", "walking_speed_mps"))


@both_walks
def test_the_other_direction_is_the_same_walk(walker):
    check_direction(walker)


@pytest.mark.slow
@MANY
@given(walkers())
def test_many_walks_in_the_other_direction(walker):
    check_direction(walker)


# --- frame rate ---------------------------------------------------------------------------------------------------


def check_rate(walker: Walker) -> None:
    quiet = replace(walker, noise_px=0.0)
    slow, fast = analyse(replace(quiet, rate_hz=30.0).pose(), SUBJECT, 30.0), analyse(quiet.pose(), SUBJECT, 60.0)
    # A third of a frame at 30 Hz.
    assert farthest_s(fast, slow, inside=(0.8, 6.2)) < 0.012
    for side in SIDES:
        assert slow.parameters.value("stance_pct", side) == pytest.approx(
            fast.parameters.value("stance_pct", side), abs=1.0
        )
    assert_lengths_within(fast, slow, 0.01)


@both_walks
def test_twice_the_frame_rate_hardly_changes_anything(walker):
    check_rate(walker)


@pytest.mark.slow
@MANY
@given(walkers())
def test_many_walks_at_twice_the_frame_rate(walker):
    check_rate(walker)


# --- crop: borders, and time --------------------------------------------------------------------------------------


def check_cut_borders(walker: Walker, share: float) -> None:
    pose = walker.pose()
    position = xy(pose)
    room_px = np.nanmin(position[:, 0]) - 0.02 * pose.width_px
    cut = share * max(room_px, 0.0)
    position[:, 0] -= cut
    cropped = analyse(changed(pose, position, width_px=int(pose.width_px - cut)), SUBJECT)
    original = analysis_of(walker)
    # The middle of the picture and the believed focal length move with the border: places along the walk by up to a
    # per cent, and the events that are read from them by some ms.
    assert farthest_s(cropped, original, inside=(0.5, 6.5)) < 0.010
    assert_lengths_within(cropped, original, 0.02)


@both_walks
def test_cut_borders_hardly_change_anything(walker):
    check_cut_borders(walker, 0.9)


@pytest.mark.slow
@MANY
@given(walkers(), st.floats(0.3, 1.0))
def test_many_cut_borders(walker, share):
    check_cut_borders(walker, share)


def check_cut_time(walker: Walker) -> None:
    pose = walker.pose()
    contacts = [event["time_s"] for event in walker.truth()["events"] if event["kind"] == "initial_contact"]
    start_s, end_s = contacts[1] - 0.2, contacts[-2] + 0.4
    keep = (pose.time_s >= start_s) & (pose.time_s < end_s)
    short = Pose.from_arrays(
        pose.time_s[keep], xy(pose)[keep], pose.data["confidence"].values[keep], pose.width_px, pose.height_px
    )
    original, part = analysis_of(walker), analyse(short, SUBJECT)
    assert part.events.table["time_s"].between(start_s, end_s).all()
    # The filter starts elsewhere: within half a second of the ends an event may move or be left out.
    assert farthest_s(part, original, inside=(start_s + 0.6, end_s - 0.6)) < 0.015
    assert_lengths_within(part, original, 0.05)


@both_walks
def test_a_shorter_film_shows_the_same_events(walker):
    check_cut_time(walker)


@pytest.mark.slow
@MANY
@given(walkers())
def test_many_shorter_films(walker):
    check_cut_time(walker)


# --- gaps ---------------------------------------------------------------------------------------------------------


def with_gap(pose: Pose, start_s: float, length_s: float) -> Pose:
    """Nothing seen for a while."""
    position, confidence = xy(pose), pose.data["confidence"].values.copy()
    hidden = (pose.time_s >= start_s) & (pose.time_s < start_s + length_s)
    position[hidden], confidence[hidden] = np.nan, 0.0
    return Pose.from_arrays(pose.time_s, position, confidence, pose.width_px, pose.height_px, backend=pose.backend)


def check_short_gap(walker: Walker, at_s: float) -> None:
    pose = walker.pose()
    original, gappy = analysis_of(walker), analyse(with_gap(pose, at_s, 0.08), SUBJECT)
    # A contact inside of the gap is drawn with a smooth curve across it: within 30 ms; elsewhere only what the detector
    # takes from the whole pass (speed, leg length) moves events a little.
    assert farthest_s(gappy, original, inside=(0.5, 6.5)) < 0.030
    assert farthest_s(gappy, original, inside=(0.5, at_s - 0.4)) < 0.010
    assert_lengths_within(gappy, original, 0.02)


@both_walks
def test_a_short_gap_changes_little(walker):
    check_short_gap(walker, 3.3)


@pytest.mark.slow
@MANY
@given(walkers(), st.floats(2.5, 4.5))
def test_many_short_gaps(walker, at_s):
    check_short_gap(walker, at_s)


def check_long_gap(walker: Walker, at_s: float) -> None:
    original, gappy = analysis_of(walker), analyse(with_gap(walker.pose(), at_s, 0.7), SUBJECT)
    inside = gappy.events.table["time_s"].between(at_s + 1e-6, at_s + 0.7 - 1e-6)
    assert not inside.any()
    assert not any(cycle.start_s < at_s + 0.7 and cycle.end_s > at_s for cycle in gappy.cycles.rows())
    # What was seen keeps its events, but for the strides cut by the gap.
    assert len(gappy.events) <= len(original.events)
    assert_lengths_within(gappy, original, 0.05)


@both_walks
def test_a_long_gap_is_not_filled(walker):
    check_long_gap(replace(walker, duration_s=9.0), 4.4)


@pytest.mark.slow
@MANY
@given(walkers(), st.floats(4.0, 5.0))
def test_many_long_gaps(walker, at_s):
    check_long_gap(replace(walker, duration_s=9.0), at_s)


def test_no_stage_changes_its_input():
    pose = Walker(duration_s=5.0, noise_px=1.5, seed=5).pose()
    before = pose.data.copy(deep=True)
    analysis = analyse(pose, SUBJECT)
    assert before.identical(pose.data)
    with pytest.raises(ValueError, match="read-only"):
        analysis.trajectories.data["position"].values[0] = 0.0


def test_the_laws_look_at_every_keypoint():
    assert set(KEYPOINTS) == {str(name) for name in Walker(duration_s=1.0).pose().data["keypoint"].values}
