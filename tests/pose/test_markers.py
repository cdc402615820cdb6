from __future__ import annotations

import ezc3d
import numpy as np
import pytest

from gait.core.errors import InputError, SchemaError
from gait.core.skeleton import KEYPOINTS
from gait.pose.markers import Markers, _harrington, pose_from_markers, read_c3d, read_marker_events, read_trc

RATE_HZ, N = 100.0, 200
INDEX = {name: i for i, name in enumerate(KEYPOINTS)}


def walking_markers(speed_mps: float = 1.2) -> dict[str, np.ndarray]:
    """Plug-in Gait markers of a walker, in m: x forward, y left, z up (ISB's lab axes with z up)."""
    t = np.arange(N) / RATE_HZ
    points = {"LASI": (0.10, 0.12, 1.0), "RASI": (0.10, -0.12, 1.0), "LPSI": (-0.08, 0.05, 1.02)}
    points |= {"RPSI": (-0.08, -0.05, 1.02), "LSHO": (0.0, 0.18, 1.45), "RSHO": (0.0, -0.18, 1.45)}
    markers = {name: np.tile(place, (N, 1)) for name, place in points.items()}
    for sign, letter in ((1, "L"), (-1, "R")):
        swing = 0.3 * sign * np.sin(2 * np.pi * t)
        for name, part, up, ahead in (
            ("KNE", 0.5, 0.5, 0.0), ("ANK", 1.0, 0.1, 0.0), ("HEE", 1.0, 0.05, -0.05), ("TOE", 1.0, 0.04, 0.15),
        ):  # fmt: skip
            markers[letter + name] = np.stack([part * swing + ahead, np.full(N, 0.1 * sign), np.full(N, up)], axis=1)
    for marker in markers.values():
        marker[:, 0] += speed_mps * t
    return markers


def turned(markers, matrix):
    return {name: marker @ np.asarray(matrix, float).T for name, marker in markers.items()}


# How a laboratory may lay its axes: rows are its x, y, z written in (forward, left, up).
LABS = {
    "z up": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "z up, walking along -y": [[0, 1, 0], [-1, 0, 0], [0, 0, 1]],
    "y up": [[1, 0, 0], [0, 0, 1], [0, -1, 0]],
    "oblique": [[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]],
}


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("speed", [1.2, 0.0])
def test_the_side_camera_sees_the_same_walk_in_every_laboratory(lab, speed):
    markers = Markers(np.arange(N) / RATE_HZ, turned(walking_markers(speed), LABS[lab]))
    pose = pose_from_markers(markers)
    position = pose.data["position"].values
    hips = (position[:, :, INDEX["left_hip"]] + position[:, :, INDEX["right_hip"]]) / 2
    assert (hips[-1, 0] - hips[0, 0]) * pose.m_per_px == pytest.approx(speed * (N - 1) / RATE_HZ, abs=0.02)
    # y points down: the ankle lies 0.4 m below the knee.
    rise = position[:, 1, INDEX["left_ankle"]] - position[:, 1, INDEX["left_knee"]]
    np.testing.assert_allclose(rise * pose.m_per_px, 0.4, atol=1e-3)
    # The toe is ahead, that is to the right.
    foot = position[:, 0, INDEX["right_toe"]] - position[:, 0, INDEX["right_heel"]]
    np.testing.assert_allclose(foot * pose.m_per_px, 0.2, atol=1e-3)
    assert np.nanmin(position) > 0
    assert np.nanmax(position[:, 0]) < pose.width_px
    assert np.nanmax(position[:, 1]) < pose.height_px


def test_a_gap_is_nan_without_confidence():
    markers = walking_markers()
    markers["LHEE"][10:20] = np.nan
    pose = pose_from_markers(Markers(np.arange(N) / RATE_HZ, markers))
    heel = pose.data["position"].values[:, 0, INDEX["left_heel"]]
    assert np.flatnonzero(np.isnan(heel)).tolist() == list(range(10, 20))
    assert np.all(pose.data["confidence"].values[10:20, INDEX["left_heel"]] == 0)
    assert np.isnan(pose.data["position"].values[:, 0, INDEX["nose"]]).all()


def test_hip_centres_of_a_pelvis_of_known_size():
    one = np.ones((3, 1))
    # 0.24 m wide and 0.18 m deep, level, facing +x with +y to the left and +z up.
    hips = _harrington(one * [0.0, 0.12, 1.0], one * [0.0, -0.12, 1.0], one * [-0.18, 0.0, 1.0])
    np.testing.assert_allclose(hips["left"][0], [-0.0531, 0.0865, 0.9171], atol=1e-4)
    np.testing.assert_allclose(hips["right"][0], [-0.0531, -0.0865, 0.9171], atol=1e-4)


def test_missing_feet_are_named():
    markers = walking_markers()
    del markers["LTOE"]
    with pytest.raises(SchemaError, match="left toe"):
        pose_from_markers(Markers(np.arange(N) / RATE_HZ, markers))


def write_trc(path, markers, unit="mm", factor=1000.0):
    names = list(markers)
    lines = [f"PathFileType\t4\t(X/Y/Z)\t{path.name}"]
    lines += ["DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames"]
    lines += [f"{RATE_HZ}\t{RATE_HZ}\t{N}\t{len(names)}\t{unit}\t{RATE_HZ}\t1\t{N}"]
    lines += ["Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t"]
    lines += ["\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1)), ""]
    for k in range(N):
        values = [value for name in names for value in markers[name][k] * factor]
        cells = ["" if np.isnan(value) else f"{value:.4f}" for value in values]
        lines.append("\t".join([str(k + 1), f"{k / RATE_HZ:.4f}", *cells]))
    path.write_text("\n".join(lines))


@pytest.mark.parametrize(("unit", "factor"), [("mm", 1000.0), ("m", 1.0)])
def test_a_trc_file_gives_back_its_markers(tmp_path, unit, factor):
    written = walking_markers()
    written["RANK"][5] = np.nan
    write_trc(tmp_path / "walk.trc", written, unit, factor)
    read = read_trc(tmp_path / "walk.trc")
    np.testing.assert_allclose(read.time_s, np.arange(N) / RATE_HZ, atol=1e-9)
    for name, marker in written.items():
        np.testing.assert_allclose(read.position_m[name], marker, atol=1e-4)


def test_a_wrong_trc_file_is_named_with_its_line(tmp_path):
    path = tmp_path / "walk.trc"
    path.write_text("hello")
    with pytest.raises(SchemaError, match="not a TRC"):
        read_trc(path)
    write_trc(path, walking_markers(), unit="furlongs")
    with pytest.raises(SchemaError, match="furlongs"):
        read_trc(path)
    write_trc(path, walking_markers())
    path.write_text(path.read_text() + "\n201\t2.0\tabc")
    with pytest.raises(SchemaError, match="line 207"):
        read_trc(path)


def write_c3d(path, markers, events=(), first_frame=0, codes_in_contexts=False):
    content = ezc3d.c3d()
    names = list(markers)
    points = np.ones((4, len(names), N))
    points[:3] = np.stack([markers[name].T for name in names], axis=1) * 1000
    content["header"]["points"]["first_frame"] = first_frame
    content["parameters"]["POINT"]["RATE"]["value"] = [RATE_HZ]
    content["parameters"]["POINT"]["LABELS"]["value"] = [f"Someone:{name}" for name in names]
    content["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    content["data"]["points"] = points
    if events:
        content.add_parameter("EVENT", "USED", [len(events)])
        content.add_parameter("EVENT", "TIMES", np.array([[0.0] * len(events), [e[0] for e in events]]))
        labels, contexts = [e[1] for e in events], [e[2] for e in events]
        content.add_parameter("EVENT", "LABELS", [""] * len(events) if codes_in_contexts else labels)
        content.add_parameter("EVENT", "CONTEXTS", contexts)
    content.write(str(path))


def test_a_c3d_file_gives_back_its_markers(tmp_path):
    path, written = tmp_path / "walk.c3d", walking_markers()
    write_c3d(path, written)
    read = read_c3d(path)
    for name, marker in written.items():
        np.testing.assert_allclose(read.position_m[name], marker, atol=1e-4)


def test_points_at_the_origin_are_gaps(tmp_path):
    path, written = tmp_path / "walk.c3d", walking_markers()
    written["LHEE"][7] = 0.0
    write_c3d(path, written)
    assert np.isnan(read_c3d(path).position_m["LHEE"][7]).all()


def test_events_count_from_the_first_frame_and_strangers_are_left_out(tmp_path):
    path = tmp_path / "walk.c3d"
    events = [(2.5, "Foot Off", "Right"), (1.5, "Foot Strike", "Left"), (1.6, "Event", "General")]
    write_c3d(path, walking_markers(), events, first_frame=100)
    found = read_marker_events(path)
    assert [(round(t, 3), side, kind) for t, side, kind in found] == [
        (0.5, "left", "initial_contact"),
        (1.5, "right", "toe_off"),
    ]


def test_events_may_be_codes_in_the_contexts(tmp_path):
    path = tmp_path / "walk.c3d"
    write_c3d(path, walking_markers(), [(0.5, "", "RHS"), (0.7, "", "LTO")], codes_in_contexts=True)
    assert [event[1:] for event in read_marker_events(path)] == [("right", "initial_contact"), ("left", "toe_off")]


def test_no_events_is_an_empty_list_and_no_c3d_is_an_error(tmp_path):
    write_c3d(tmp_path / "walk.c3d", walking_markers())
    assert read_marker_events(tmp_path / "walk.c3d") == []
    (tmp_path / "bad.c3d").write_bytes(b"nothing")
    with pytest.raises(InputError, match="C3D"):
        read_c3d(tmp_path / "bad.c3d")
