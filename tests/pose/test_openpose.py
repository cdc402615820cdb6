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
