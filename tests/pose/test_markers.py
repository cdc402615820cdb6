from __future__ import annotations

import struct

import ezc3d
import numpy as np
import pytest

from gait.core.errors import InputError, SchemaError
from gait.core.skeleton import KEYPOINTS
from gait.pose.keypoints_file import read_keypoints
from gait.pose.marker_files import Markers, read_c3d, read_marker_events, read_model_angles, read_trc
from gait.pose.markers import _harrington, motion_from_markers, pose_from_markers, read_motion

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


def write_c3d(path, markers, events=(), first_frame=0, codes_in_contexts=False, unit="mm", factor=1000.0, prefix=True):
    content = ezc3d.c3d()
    names = list(markers)
    points = np.ones((4, len(names), len(markers[names[0]])))
    points[:3] = np.stack([markers[name].T for name in names], axis=1) * factor
    content["header"]["points"]["first_frame"] = first_frame
    content["parameters"]["POINT"]["RATE"]["value"] = [RATE_HZ]
    content["parameters"]["POINT"]["LABELS"]["value"] = [f"Someone:{name}" if prefix else name for name in names]
    content["parameters"]["POINT"]["UNITS"]["value"] = [unit]
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


# ------------------------------------------------------------------------------------------------ motion in space


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize("speed", [1.2, 0.0])
def test_the_room_is_forward_up_right_in_every_laboratory(lab, speed):
    motion = motion_from_markers(Markers(np.arange(N) / RATE_HZ, turned(walking_markers(speed), LABS[lab])))
    assert motion.name == "Plug-in Gait"
    forward, up, right = (motion.point("right_toe") - motion.point("right_heel")).mean(axis=0)
    assert forward == pytest.approx(0.2, abs=0.01)
    assert up == pytest.approx(-0.01, abs=1e-3)
    assert right == pytest.approx(0.0, abs=0.01)
    apart = (motion.point("right_knee") - motion.point("left_knee"))[:, 2]
    np.testing.assert_allclose(apart, 0.2, atol=0.01)
    travel = (motion.point("left_hip") - motion.point("left_hip")[0])[-1]
    np.testing.assert_allclose(travel, [speed * (N - 1) / RATE_HZ, 0.0, 0.0], atol=0.02)


def test_somebody_who_walks_back_first_walks_towards_x():
    markers = {name: marker * [-1.0, -1.0, 1.0] for name, marker in walking_markers().items()}
    motion = motion_from_markers(Markers(np.arange(N) / RATE_HZ, markers))
    assert motion.point("left_hip")[-1, 0] > motion.point("left_hip")[0, 0] + 1.0
    assert (motion.point("right_hip") - motion.point("left_hip"))[0, 2] > 0


def test_a_file_and_its_events_are_read_together(tmp_path):
    write_c3d(tmp_path / "walk.c3d", walking_markers(), [(0.5, "Foot Strike", "Left")])
    motion = read_motion(tmp_path / "walk.c3d")
    assert motion.events == ((pytest.approx(0.5), "left", "initial_contact"),)
    write_trc(tmp_path / "walk.trc", walking_markers())
    assert read_motion(tmp_path / "walk.trc").events == ()


def test_the_same_walk_in_another_unit_gives_the_same_pose(tmp_path):
    poses = []
    for unit, factor in (("mm", 1000.0), ("cm", 100.0), ("m", 1.0)):
        path = tmp_path / f"{unit}.c3d"
        write_c3d(path, walking_markers(), unit=unit, factor=factor, prefix=unit == "mm")
        poses.append(read_keypoints(path).data["position"].values)
    for pose in poses[1:]:
        # The height of the picture is rounded up to whole pixels.
        np.testing.assert_allclose(pose, poses[0], atol=1.01)


@pytest.mark.parametrize("lab", ["z up", "y up"])
def test_both_vertical_axes_are_found_in_files(tmp_path, lab):
    write_c3d(tmp_path / "walk.c3d", turned(walking_markers(), LABS[lab]))
    pose = read_keypoints(tmp_path / "walk.c3d")
    position = pose.data["position"].values
    rise = position[:, 1, INDEX["left_ankle"]] - position[:, 1, INDEX["left_knee"]]
    np.testing.assert_allclose(rise * pose.m_per_px, 0.4, atol=1e-3)


# ------------------------------------------------------------------------------------------------ files with faults


def refuse_c3d(path, match, kind=SchemaError):
    with pytest.raises(kind, match=match) as caught:
        read_motion(path)
    assert path.name in str(caught.value) or "markers" in str(caught.value).lower()
    assert "\n" not in str(caught.value)


def test_a_unit_that_no_one_knows_is_named(tmp_path):
    write_c3d(tmp_path / "walk.c3d", walking_markers(), unit="furlong")
    refuse_c3d(tmp_path / "walk.c3d", "furlong")


@pytest.mark.parametrize(("unit", "factor"), [("mm", 1.0), ("m", 1000.0)])
def test_a_unit_that_cannot_be_true_is_seen_by_the_size_of_the_legs(tmp_path, unit, factor):
    write_c3d(tmp_path / "walk.c3d", walking_markers(), unit=unit, factor=factor)
    with pytest.raises(SchemaError, match="unit of length that the file states is wrong"):
        read_motion(tmp_path / "walk.c3d")


def test_a_c3d_file_without_frames_is_refused(tmp_path):
    path = tmp_path / "walk.c3d"
    write_c3d(path, walking_markers())
    content = bytearray(path.read_bytes())
    (data_block,) = struct.unpack_from("<H", content, 16)
    content[8:10] = struct.pack("<H", 0)
    path.write_bytes(content[: 512 * (data_block - 1)])
    refuse_c3d(path, "0 frames", InputError)


def test_a_c3d_file_without_markers_is_refused(tmp_path):
    path = tmp_path / "walk.c3d"
    content = ezc3d.c3d()
    content["parameters"]["POINT"]["RATE"]["value"] = [RATE_HZ]
    content["data"]["points"] = np.ones((4, 0, 5))
    content.write(str(path))
    refuse_c3d(path, "0 markers")


def test_a_c3d_file_without_a_rate_is_refused(tmp_path):
    path = tmp_path / "walk.c3d"
    write_c3d(path, walking_markers())
    written = struct.pack("<f", RATE_HZ)
    content = path.read_bytes().replace(b"RATE\t\x00\x04\x00" + written, b"RATE\t\x00\x04\x00" + bytes(4))
    path.write_bytes(content[:20] + bytes(4) + content[24:])
    refuse_c3d(path, "frame rate")


@pytest.mark.parametrize("kept", [0.0, 0.002, 0.02, 0.3, 0.9, 0.98])
def test_a_c3d_file_that_is_cut_short_is_refused_in_one_sentence(tmp_path, kept):
    path = tmp_path / "walk.c3d"
    write_c3d(path, walking_markers())
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    refuse_c3d(path, "cut short|frames|markers", (InputError, SchemaError))


@pytest.mark.parametrize("foot", ["LHEE", "RTOE"])
def test_a_c3d_file_without_a_foot_marker_says_which(tmp_path, foot):
    markers = walking_markers()
    del markers[foot]
    write_c3d(tmp_path / "walk.c3d", markers)
    with pytest.raises(SchemaError, match={"LHEE": "left heel", "RTOE": "right toe"}[foot]):
        read_motion(tmp_path / "walk.c3d")


def test_a_foot_marker_that_was_never_seen_counts_as_missing(tmp_path):
    markers = walking_markers()
    markers["LHEE"][:] = np.nan
    write_c3d(tmp_path / "walk.c3d", markers)
    with pytest.raises(SchemaError, match="left heel"):
        read_motion(tmp_path / "walk.c3d")


def test_labels_of_no_known_set_are_shown(tmp_path):
    write_c3d(tmp_path / "walk.c3d", {f"M{i:03d}": marker for i, marker in enumerate(walking_markers().values())})
    with pytest.raises(SchemaError, match=r"M000.*M001"):
        read_motion(tmp_path / "walk.c3d")


def test_labels_of_two_subjects_take_the_first(tmp_path):
    markers = walking_markers()
    content = ezc3d.c3d()
    names = [f"{who}:{name}" for who in ("Anna", "Ben") for name in markers]
    points = np.ones((4, len(names), N))
    both = [marker for shift in (0.0, 5.0) for marker in (m + shift for m in markers.values())]
    points[:3] = np.stack([marker.T for marker in both], axis=1) * 1000
    content["parameters"]["POINT"]["RATE"]["value"] = [RATE_HZ]
    content["parameters"]["POINT"]["LABELS"]["value"] = names
    content["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    content["data"]["points"] = points
    content.write(str(tmp_path / "walk.c3d"))
    np.testing.assert_allclose(read_c3d(tmp_path / "walk.c3d").position_m["LHEE"], markers["LHEE"], atol=1e-4)


def test_gaps_stay_gaps_and_the_rest_is_right(tmp_path):
    markers = walking_markers()
    markers["RHEE"][:30] = np.nan
    markers["LASI"][50:60] = np.nan
    write_c3d(tmp_path / "walk.c3d", markers)
    motion = read_motion(tmp_path / "walk.c3d")
    assert np.flatnonzero(np.isnan(motion.point("right_heel")[:, 0])).tolist() == list(range(30))
    assert np.flatnonzero(np.isnan(motion.point("left_hip")[:, 0])).tolist() == list(range(50, 60))
    np.testing.assert_allclose((motion.point("left_toe") - motion.point("left_heel"))[:, 0], 0.2, atol=1e-3)


def test_a_pelvis_and_ankles_that_are_never_seen_together_are_refused(tmp_path):
    markers = walking_markers()
    markers["LASI"][:100] = np.nan
    markers["LANK"][100:] = np.nan
    write_c3d(tmp_path / "walk.c3d", markers)
    with pytest.raises(SchemaError, match="never seen at the same time"):
        read_motion(tmp_path / "walk.c3d")


def test_residuals_decide_what_is_invalid_and_those_that_are_no_numbers_do_not(tmp_path, monkeypatch):
    path, written = tmp_path / "walk.c3d", walking_markers()
    write_c3d(path, written)
    content = ezc3d.c3d(str(path))
    residuals = content["data"]["meta_points"]["residuals"]
    residuals[0, :, 3] = np.nan
    residuals[0, :, 4] = -1.0
    monkeypatch.setattr("gait.pose.marker_files.ezc3d.c3d", lambda name: content)
    heel = read_c3d(path).position_m["LHEE"]
    np.testing.assert_allclose(heel[3], written["LHEE"][3], atol=1e-4)
    assert np.isnan(heel[4]).all()


def test_events_outside_of_a_cropped_file_are_left_out(tmp_path):
    path = tmp_path / "walk.c3d"
    events = [(0.5, "Foot Strike", "Left"), (1.5, "Foot Strike", "Right"), (3.5, "Foot Off", "Left")]
    write_c3d(path, walking_markers(), events, first_frame=100)
    assert [round(t, 3) for t, _, _ in read_marker_events(path)] == [0.5]


def test_angles_of_the_laboratory_stay_in_degrees_whatever_the_unit_of_length(tmp_path):
    markers = walking_markers()
    angle = np.stack([np.linspace(1, 60, N), np.full(N, 2.0), np.full(N, 3.0)], axis=1)
    angle[7] = 0.0
    for unit, factor in (("mm", 1.0), ("m", 1.0)):
        path = tmp_path / f"{unit}.c3d"
        scaled = {name: marker * (1000 if unit == "mm" else 1) for name, marker in markers.items()}
        write_c3d(path, scaled | {"LKneeAngles": angle}, unit=unit, factor=factor)
        found = read_model_angles(path)
        assert list(found) == ["LKneeAngles"]
        np.testing.assert_allclose(found["LKneeAngles"][8:], angle[8:], atol=1e-3)
        assert np.isnan(found["LKneeAngles"][7]).all()
    assert read_model_angles(tmp_path / "walk.trc") == {}


def test_other_files_are_no_motion_capture(tmp_path):
    (tmp_path / "walk.mp4").write_bytes(b"film")
    with pytest.raises(InputError, match="no motion capture"):
        read_motion(tmp_path / "walk.mp4")
    with pytest.raises(InputError, match="no file"):
        read_motion(tmp_path / "nothing.c3d")


@pytest.mark.parametrize(
    ("fault", "match"),
    [
        (lambda text: "\n".join(text.split("\n")[3:]), "PathFileType"),
        (lambda text: text.replace("\t", ","), "tabs"),
        (lambda text: text.replace(".", ","), "decimal point"),
        (lambda text: text + "\n201\t2.0" + "\t1.0" * 80, "columns"),
        (lambda text: text + "\n201\t0.1", "increase"),
        (lambda text: "\n".join(text.split("\n")[:6]), "no rows"),
        (lambda text: text.replace("Units", "Unit"), "units"),
    ],
    ids=["no header", "commas", "decimal commas", "too many columns", "time goes back", "no rows", "no units"],
)
def test_a_trc_file_with_a_fault_is_refused_in_one_sentence(tmp_path, fault, match):
    path = tmp_path / "walk.trc"
    write_trc(path, walking_markers())
    path.write_text(fault(path.read_text()))
    with pytest.raises(SchemaError, match=match) as caught:
        read_motion(path)
    assert "\n" not in str(caught.value)


def test_a_trc_file_with_cut_rows_and_a_byte_order_mark_is_read(tmp_path):
    path = tmp_path / "walk.trc"
    write_trc(path, walking_markers())
    lines = path.read_text().split("\n")
    lines[20] = "\t".join(lines[20].split("\t")[:5])
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    read = read_trc(path)
    first, *_, last = read.position_m.values()
    assert np.isnan(last[20 - 6]).all()
    assert np.isfinite(first[20 - 6]).all()
