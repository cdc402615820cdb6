from __future__ import annotations

import json

import numpy as np
import pytest

from gait.core.errors import NotEnoughDataError, SchemaError
from gait.core.skeleton import KEYPOINTS
from gait.pose.openpose import LAYOUTS, read_openpose

TIMES = np.arange(0, 3, 1 / 30)


def body(position, count):
    """Our keypoints laid out as a tool with ``count`` points does; the others unseen."""
    points = np.zeros((count, 3))
    for name, i in LAYOUTS[count][1].items():
        points[i] = [*position[:, KEYPOINTS.index(name)], 0.9]
    return points.ravel().tolist()


def frames_of(person, count=25, **where):
    walk = person("walk", TIMES, speed=300.0)
    jump = person("jump", TIMES, x=1500.0, height=700.0)
    people = [walk, jump] if where.get("crowd") else [walk]
    return [
        {"people": [{"pose_keypoints_2d": body(p[i].position_px, count)} for p in people]} for i in range(len(TIMES))
    ]


def write_folder(path, frames, facts=None):
    path.mkdir()
    for i, frame in enumerate(frames):
        (path / f"walk_{i:012d}_keypoints.json").write_text(json.dumps(frame))
    if facts:
        (path / "recording.json").write_text(json.dumps(facts))


@pytest.mark.parametrize("count", [25, 26, 133])
def test_a_folder_gives_back_the_walker(tmp_path, person, count):
    write_folder(tmp_path / "walk", frames_of(person, count), {"fps": 30, "width_px": 1920, "height_px": 1080})
    pose = read_openpose(tmp_path / "walk")
    assert (pose.width_px, pose.height_px) == (1920, 1080)
    np.testing.assert_allclose(pose.time_s, TIMES)
    truth = np.array([d.position_px for d in person("walk", TIMES, speed=300.0)])
    np.testing.assert_allclose(pose.data["position"].values, truth)
    np.testing.assert_allclose(pose.data["confidence"].values, 0.9)


def test_the_walker_is_found_among_others_whatever_their_order(tmp_path, person):
    frames = frames_of(person, crowd=True)
    for frame in frames[::2]:
        frame["people"].reverse()
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    pose = read_openpose(tmp_path / "walk.json")
    truth = np.array([d.position_px for d in person("walk", TIMES, speed=300.0)])
    np.testing.assert_allclose(pose.data["position"].values, truth)
    assert len(pose.people) == 2


def test_results_by_image_are_read(tmp_path, person):
    frames = frames_of(person, 26)
    results = [
        {"image_id": f"{i}.jpg", "keypoints": frame["people"][0]["pose_keypoints_2d"]} for i, frame in enumerate(frames)
    ]
    (tmp_path / "walk.json").write_text(json.dumps(results))
    assert len(read_openpose(tmp_path / "walk.json", rate_hz=30.0).time_s) == len(TIMES)


def test_an_unseen_point_is_nan(tmp_path, person):
    frames = frames_of(person)
    index = LAYOUTS[25][1]["left_toe"]
    frames[20]["people"][0]["pose_keypoints_2d"][3 * index : 3 * index + 3] = [0, 0, 0]
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    toe = read_openpose(tmp_path / "walk.json").data["position"].values[:, :, KEYPOINTS.index("left_toe")]
    assert np.flatnonzero(np.isnan(toe[:, 0])).tolist() == [20]


def test_a_frame_without_anybody_is_nan(tmp_path, person):
    frames = frames_of(person)
    frames[30] = {"people": []}
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    pose = read_openpose(tmp_path / "walk.json")
    assert np.flatnonzero(np.isnan(pose.data["position"].values[:, 0, 0])).tolist() == [30]


def test_keypoints_without_feet_are_refused(tmp_path):
    frames = [{"people": [{"pose_keypoints_2d": [1.0] * 51}]}]
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    with pytest.raises(SchemaError, match=r"COCO.*heels and toes"):
        read_openpose(tmp_path / "walk.json")


def test_the_rate_is_never_guessed(tmp_path, person):
    write_folder(tmp_path / "walk", frames_of(person))
    with pytest.raises(SchemaError, match="fps"):
        read_openpose(tmp_path / "walk")


def test_nobody_who_walks_is_refused(tmp_path, person):
    stand = person("stand", TIMES)
    frames = [{"people": [{"pose_keypoints_2d": body(d.position_px, 25)}]} for d in stand]
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    with pytest.raises(NotEnoughDataError) as caught:
        read_openpose(tmp_path / "walk.json")
    assert caught.value.issue_id == "nobody_walks"


@pytest.mark.parametrize("text", ["{", "[]", '{"frames": [3]}', '{"fps": 30, "frames": [{"people": [{}]}]}'])
def test_other_json_is_refused(tmp_path, text):
    (tmp_path / "walk.json").write_text(text)
    with pytest.raises(SchemaError):
        read_openpose(tmp_path / "walk.json", rate_hz=30.0)


def test_frames_that_a_tool_left_out_do_not_move_the_others_in_time(tmp_path, person):
    frames = frames_of(person)
    missing = {10, 11, 40}
    (tmp_path / "walk").mkdir()
    results = []
    for i, frame in enumerate(frames):
        if i not in missing:
            # No leading zeros: frame 10 must still come after frame 9.
            (tmp_path / "walk" / f"walk_{i}_keypoints.json").write_text(json.dumps(frame))
            results.append({"image_id": f"{i}.jpg", "keypoints": frame["people"][0]["pose_keypoints_2d"]})
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": results}))
    expected = [t for i, t in enumerate(TIMES) if i not in missing]
    truth = np.array([d.position_px for d in person("walk", expected, speed=300.0)])
    for source, rate in ((tmp_path / "walk", 30.0), (tmp_path / "walk.json", None)):
        pose = read_openpose(source, rate)
        np.testing.assert_allclose(pose.time_s, expected, atol=1e-9)
        np.testing.assert_allclose(np.diff(pose.data["position"].values[:, 0, 11]), np.diff(truth[:, 0, 11]), atol=1e-6)


def test_names_that_do_not_count_are_frames_in_a_row(tmp_path, person):
    (tmp_path / "walk").mkdir()
    for i, frame in enumerate(frames_of(person)):
        (tmp_path / "walk" / f"walk_{i:04d}_camera_2.json").write_text(json.dumps(frame))
    np.testing.assert_allclose(read_openpose(tmp_path / "walk", 30.0).time_s, TIMES)


def test_a_film_with_nobody_in_it_is_refused(tmp_path):
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": [{"people": []}] * 60}))
    with pytest.raises(SchemaError, match="no person in any of its 60 frames"):
        read_openpose(tmp_path / "walk.json")


@pytest.mark.parametrize(
    ("numbers", "match"),
    [
        ([1.0] * 54, "18 points"),
        ([1.0] * 63, "21 points"),
        ([1.0] * 76, "x, y, confidence"),
        (["a"] * 75, "x, y, confidence"),
        (None, "x, y, confidence"),
    ],
)
def test_a_wrong_count_of_keypoints_is_told(tmp_path, numbers, match):
    frames = [{"people": [{"pose_keypoints_2d": numbers}]}] * 30
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    with pytest.raises(SchemaError, match=match) as caught:
        read_openpose(tmp_path / "walk.json")
    assert "\n" not in str(caught.value)


def test_two_layouts_in_one_file_are_told(tmp_path, person):
    frames = frames_of(person)
    frames[3]["people"][0]["pose_keypoints_2d"] = [1.0] * 51
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": frames}))
    with pytest.raises(SchemaError, match=r"COCO \(17 points\), 25 points"):
        read_openpose(tmp_path / "walk.json")


@pytest.mark.parametrize("fps", ["thirty", -30, 0, float("nan"), [30], None])
def test_a_rate_that_is_no_rate_is_refused(tmp_path, person, fps):
    (tmp_path / "walk.json").write_text(json.dumps({"fps": fps, "frames": frames_of(person)}))
    with pytest.raises(SchemaError, match="frames a second"):
        read_openpose(tmp_path / "walk.json")


def test_results_that_are_not_all_of_a_kind_are_refused(tmp_path):
    results = [{"image_id": 0, "keypoints": [1.0] * 75}, 7]
    (tmp_path / "walk.json").write_text(json.dumps({"fps": 30, "frames": results}))
    with pytest.raises(SchemaError, match="image_id"):
        read_openpose(tmp_path / "walk.json")
