"""Pictures show the numbers they are given."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.colors import to_hex

from gait.core.cycles import CYCLE_COLUMNS, PERCENT, GaitCycles
from gait.core.events import GaitEvents
from gait.core.feet import FootStrip
from gait.core.parameters import GaitParameters, Norm, Parameter
from gait.core.trajectories import JOINTS, Pass
from gait.plots.curves import (
    REPORT_JOINTS,
    draw_joint,
    joint_figure,
    joints_figure,
    mean_and_sd,
    toe_off_percent,
)  # fmt: skip
from gait.plots.footfalls import draw_footfalls, footfalls_figure, stances
from gait.plots.ranges import asymmetry_figure, difference, ranges_figure, side_pairs, symmetry_index
from gait.plots.strips import strips_figure
from gait.plots.style import SIDE_STYLES, new_figure, to_png, to_svg
from gait.scores.norm import load_norm_curves


def make_cycles(left: float = 10.0, right: float = 20.0, each: int = 3) -> GaitCycles:
    """Flat curves: each side at its own angle, the cycles 0, 1, 2 deg apart."""
    rows, curves = [], []
    for side, level, share in (("left", left, 0.6), ("right", right, 0.65)):
        for number in range(each):
            rows.append((len(rows), side, number, number + share, number + 1.0, 0, True))
            curves.append(np.full((101, len(JOINTS)), level + number))
    coords = {"percent": PERCENT, "joint": list(JOINTS)}
    data = xr.DataArray(np.reshape(curves, (-1, 101, len(JOINTS))), dims=("cycle", "percent", "joint"), coords=coords)
    return GaitCycles(pd.DataFrame(rows, columns=list(CYCLE_COLUMNS)), data)


def make_parameters(left: float, right: float, half: float = 1.0, unit: str = "s", name: str = "swing_time_s"):
    summary = tuple(
        Parameter(name, side, value, unit, 0.1, 5, value - half, value + half, Norm(1, 2, "all", "test"))
        for side, value in (("left", left), ("right", right))
    )
    strides = pd.DataFrame({key: [] for key in ("parameter", "side", "stride", "start_s", "value", "uncertainty")})
    return GaitParameters(strides, summary)


def texts(svg: str) -> str:
    root = ElementTree.fromstring(svg)
    return " ".join(node.text or "" for node in root.iter() if node.tag.endswith("}text"))


def test_mean_and_sd_leave_out_what_was_not_seen():
    curves = np.array([[1.0, np.nan, np.nan], [3.0, 5.0, np.nan]])
    mean, sd = mean_and_sd(curves)
    np.testing.assert_allclose(mean, [2.0, 5.0, np.nan])
    np.testing.assert_allclose(sd, [np.sqrt(2.0), np.nan, np.nan])


def test_toe_off_is_a_share_of_its_own_cycle():
    np.testing.assert_allclose(toe_off_percent(make_cycles(), "right"), 65.0)


def test_mean_lines_lie_at_the_mean_in_the_colour_and_line_of_their_side():
    axes = new_figure(4, 3).subplots()
    draw_joint(axes, make_cycles(), "knee_flexion")
    thick = [line for line in axes.lines if line.get_linewidth() == 2.0]
    assert [np.unique(line.get_ydata())[0] for line in thick] == [11.0, 21.0]
    assert [to_hex(line.get_color()).upper() for line in thick] == ["#0072B2", "#D55E00"]
    assert [line.get_linestyle() for line in thick] == ["-", "--"]
    faint = [line for line in axes.lines if line.get_linewidth() == 0.5]
    assert len(faint) == 6


def test_both_ends_of_the_axis_are_named():
    axes = new_figure(4, 3).subplots()
    draw_joint(axes, make_cycles(), "ankle_dorsiflexion")
    assert axes.get_ylabel() == "Plantarflexion  |  Dorsiflexion"


def test_a_joint_that_was_not_seen_says_so():
    cycles = make_cycles()
    empty = GaitCycles(cycles.table, cycles.curves * np.nan)
    assert "not measured" in texts(to_svg(joint_figure(empty, "knee_flexion", load_norm_curves())))


def test_the_norm_band_is_drawn_only_where_there_is_one():
    axes = new_figure(8, 3).subplots(1, 2)
    draw_joint(axes[0], make_cycles(each=1), "knee_flexion", load_norm_curves())
    draw_joint(axes[1], make_cycles(each=1), "foot_pitch", load_norm_curves())
    assert [len(one.collections) for one in axes] == [1, 0]


def test_norm_curves_have_our_signs_and_the_shape_of_a_healthy_walk():
    norms = load_norm_curves().set_index(["joint", "percent"])["mean_deg"]
    assert set(norms.index.get_level_values("joint")) == set(REPORT_JOINTS) - {"foot_pitch"}
    knee, ankle, hip = (norms[joint] for joint in ("knee_flexion", "ankle_dorsiflexion", "hip_flexion"))
    assert len(knee) == len(ankle) == len(hip) == 101
    # Perry & Burnfield 2010: knee flexes 60 in swing, ankle plantarflexes 15-20 at toe-off, thigh +20 to -20.
    assert 55 < knee.max() < 65
    assert 68 <= knee.idxmax() <= 76
    assert -20 < ankle.min() < -10
    assert 58 <= ankle.idxmin() <= 66
    assert 15 < hip[0] < 25
    assert -25 < hip.min() < -15
    assert 45 <= hip.idxmin() <= 56


def test_all_joints_in_one_figure():
    figure = joints_figure(make_cycles(), load_norm_curves())
    assert len([axes for axes in figure.axes if axes.get_visible()]) == len(REPORT_JOINTS)


def test_text_stays_text_and_the_same_figure_gives_the_same_bytes():
    first, second = (to_svg(joints_figure(make_cycles(), load_norm_curves())) for _ in range(2))
    assert first == second
    assert "Healthy adults" in texts(first)


def test_drawing_leaves_the_global_settings_alone_and_never_needs_pyplot():
    before = dict(mpl.rcParams)
    to_svg(joint_figure(make_cycles(), "knee_flexion"))
    assert dict(mpl.rcParams) == before
    assert to_png(joint_figure(make_cycles(), "knee_flexion")).startswith(b"\x89PNG")
    assert "gait.plots.curves" in sys.modules


def test_a_stance_needs_a_contact_and_its_own_toe_off():
    events = GaitEvents.from_rows([
        (1.0, "left", "initial_contact", 0.9), (1.6, "left", "toe_off", 0.9),
        (2.0, "left", "initial_contact", 0.9), (3.0, "left", "initial_contact", 0.9),
        (1.5, "right", "initial_contact", 0.9), (9.0, "right", "toe_off", 0.9),
    ])  # fmt: skip
    assert [(stance.side, stance.start_s, stance.end_s) for stance in stances(events)] == [("left", 1.0, 1.6)]


def test_unsure_events_are_hollow():
    events = GaitEvents.from_rows([(1.0, "left", "initial_contact", 0.9), (2.0, "left", "initial_contact", 0.2)])
    axes = new_figure(6, 2).subplots()
    draw_footfalls(axes, events)
    faces = {line.get_xdata()[0]: line.get_markerfacecolor() for line in axes.lines if len(line.get_xdata())}
    assert faces == {1.0: SIDE_STYLES["left"].color, 2.0: "white"}


def test_long_walks_are_broken_into_rows_and_empty_stretches_left_out():
    times = [*np.arange(0, 6, 0.5), *np.arange(50, 56, 0.5)]
    events = GaitEvents.from_rows([(float(time), "left", "initial_contact", 0.9) for time in times])
    figure = footfalls_figure(events, (Pass(0, 6, "left_to_right", 1, "right"),))
    assert 2 <= len(figure.axes) < 7
    shown = [axes.get_xlim() for axes in figure.axes]
    assert all(any(left <= time <= right for left, right in shown) for time in times)


def test_no_events_make_a_figure_that_says_so():
    assert "not measured" in texts(to_svg(footfalls_figure(GaitEvents.empty())))


@pytest.mark.parametrize(("left", "right", "expected"), [(1.0, 1.0, 0.0), (1.0, 3.0, 100.0), (3.0, 1.0, -100.0)])
def test_the_symmetry_index_is_robinsons(left, right, expected):
    (pair,) = side_pairs(make_parameters(left, right))
    index = symmetry_index(pair)
    assert index is not None
    assert index.value == pytest.approx(expected)


def test_differences_add_their_intervals_in_squares():
    (pair,) = side_pairs(make_parameters(1.0, 5.0, half=1.0))
    gap = difference(pair)
    assert (gap.value, gap.high - gap.value) == pytest.approx((4.0, np.sqrt(2.0)))


def test_angles_have_no_percent():
    (pair,) = side_pairs(make_parameters(1.0, 5.0, unit="deg", name="knee_range_deg"))
    assert symmetry_index(pair) is None


def test_ranges_show_every_measure_with_its_name():
    pairs = side_pairs(make_parameters(1.0, 1.5))
    labels = {"swing_time_s": "Swing time (s)"}
    assert "Swing time (s)" in texts(to_svg(ranges_figure(pairs, labels)))
    assert "Swing time (s)" in texts(to_svg(asymmetry_figure(pairs, labels)))


def test_a_very_wide_interval_does_not_shrink_the_others():
    axes = asymmetry_figure(side_pairs(make_parameters(1.0, 1.1, half=5.0)), {}).axes[0]
    assert axes.get_xlim() == (-40.0, 40.0)


def test_foot_strips_say_time_and_pitch_of_each_picture():
    time_s = 2.0 + np.array([-0.08, 0.001, 0.1])
    strip = FootStrip("right", 2.0, time_s, np.array([12.4, -7.6, np.nan]), np.full((3, 20, 40, 3), 90, np.uint8))
    figure = strips_figure([strip])
    labels = [ax.get_xlabel() for ax in figure.axes]
    assert labels == ["\N{MINUS SIGN}80 ms\n+12°", "+1 ms\n\N{MINUS SIGN}8°", "+100 ms\n–"]
    assert [ax.get_title() for ax in figure.axes] == ["", "initial contact", ""]
    assert figure.axes[0].get_ylabel() == "Right"


def test_the_drawn_angle_of_a_foot_is_the_measured_one():
    strip = FootStrip("left", 1.0, np.array([1.0]), np.array([30.0]), np.full((1, 100, 100, 3), 90, np.uint8))
    x, y = strips_figure([strip]).axes[0].lines[-1].get_data()
    assert np.degrees(np.arctan2(y[0] - y[1], x[1] - x[0])) == pytest.approx(30.0)
