from __future__ import annotations

from types import SimpleNamespace

import av
import numpy as np
import pytest

from gait.core.errors import NotEnoughDataError, SetupError
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.pose import mediapipe as backend
from gait.pose.mediapipe import OUTSIDE_CONFIDENCE, MediaPipe
from gait.pose.model import find_model
from gait.pose.tracks import is_upside_down, trunk_centre
from gait.pose.walker import choose_walker

INDEX = {name: i for i, name in enumerate(KEYPOINTS)}


def landmarks(x=0.5, y=0.5, visibility=0.9, presence=0.8):
    return [SimpleNamespace(x=x, y=y, visibility=visibility, presence=presence) for _ in range(33)]


def test_confidence_is_the_lower_of_visibility_and_presence():
    position, confidence = backend._from_landmarks(landmarks(), 200, 100)
    np.testing.assert_allclose(position, np.tile([[100.0], [50.0]], len(KEYPOINTS)))
    np.testing.assert_allclose(confidence, 0.8)


def test_a_landmark_outside_the_picture_is_hardly_believed():
    marks = landmarks()
    marks[31].y = 1.2
    _, confidence = backend._from_landmarks(marks, 200, 100)
    assert confidence[INDEX["left_toe"]] == OUTSIDE_CONFIDENCE
    assert confidence[INDEX["right_toe"]] == pytest.approx(0.8)


def test_a_body_outside_the_picture_is_nobody():
    assert backend._from_landmarks(landmarks(x=-0.1), 200, 100) is None


class FakeNative:
    """Stands for MediaPipe's object: finds one figure at the brightest column, none in black pictures."""

    def __init__(self):
        self.stamps_ms = []

    def detect_for_video(self, picture, stamp_ms):
        self.stamps_ms.append(stamp_ms)
        return SimpleNamespace(pose_landmarks=[landmarks()])


def test_time_stamps_increase_even_where_the_film_is_faster_than_a_millisecond():
    native = FakeNative()
    landmarker = backend._Landmarker(native, None)
    for time_s in (0.0, 0.0004, 0.0008, 0.0333):
        landmarker.video(np.zeros((8, 8, 3), np.uint8), time_s)
    assert native.stamps_ms == [0, 1, 2, 33]


def read(path, rate_hz=None):
    """Frames of a film, thinned where a rate is given."""
    with av.open(str(path)) as container:
        following = 0.0
        for frame in container.decode(video=0):
            if rate_hz is not None and frame.time < following:
                continue
            following += 0.0 if rate_hz is None else 1.0 / rate_hz
            yield Frame(float(frame.time), frame.to_ndarray(format="rgb24"))


@pytest.fixture
def mediapipe():
    try:
        find_model("heavy")
    except SetupError as error:
        pytest.skip(f"the pose model is not here: {error}")
    return MediaPipe(model="heavy")


@pytest.fixture
def empty_film():
    return [Frame(i / 4, np.full((240, 320, 3), 90, np.uint8)) for i in range(4)]


def test_nobody_in_the_film(mediapipe, empty_film):
    people = mediapipe.find_people(empty_film)
    assert people.tracks == ()
    with pytest.raises(NotEnoughDataError):
        choose_walker(people)
    pose = mediapipe.estimate(empty_film, None)
    assert np.isnan(pose.data["position"].values).all()
    assert not pose.data["confidence"].values.any()
    assert pose.backend.startswith("mediapipe 0.")
    assert len(pose.model_sha256) == 64


def test_no_frames_is_said(mediapipe):
    with pytest.raises(NotEnoughDataError, match="no frame"):
        mediapipe.find_people([])


def test_observers_and_progress_see_every_frame(mediapipe, empty_film):
    seen, done = [], []
    mediapipe.estimate(empty_film, None, [lambda frame, boxes: seen.append((frame.time_s, boxes))], done.append)
    assert seen == [(frame.time_s, []) for frame in empty_film]
    assert done == [1, 2, 3, 4]


@pytest.mark.film
def test_the_start_is_quiet(mediapipe, film_data, capfd):
    mediapipe.find_people(read(film_data / "rendered" / "normal_side.mp4", 1.0))
    assert capfd.readouterr().err == ""


@pytest.mark.film
@pytest.mark.slow
def test_the_woman_who_walks_is_followed_and_not_the_man_who_jumps(mediapipe, film_data):
    path = film_data / "video" / "two_people" / "demo.mp4"
    people = mediapipe.find_people(read(path, 4.0))
    walker = choose_walker(people)
    assert len(people.tracks) >= 2
    assert people.tracks[0].score > 2 * people.tracks[1].score
    pose = mediapipe.estimate(read(path), walker)
    centre = trunk_centre(pose.data["position"].values)
    seen = np.isfinite(centre[:, 0])
    time_s = pose.time_s[seen]
    # She comes from behind the tree between 1.5 and 2.2 s and leaves at the left edge at 6.6 s, always below the roof.
    assert time_s[0] == pytest.approx(1.8, abs=0.5)
    assert time_s[-1] == pytest.approx(6.6, abs=0.3)
    assert seen[(pose.time_s > 2.2) & (pose.time_s < 6.4)].mean() > 0.98
    assert centre[seen, 1].min() > 550
    assert np.polyfit(time_s, centre[seen, 0], 1)[0] < -200
    assert [person.number for person in pose.people] == [track.number for track in people.tracks]
    assert all(person.thumbnail[:2] == b"\xff\xd8" for person in pose.people)


@pytest.mark.film
@pytest.mark.slow
@pytest.mark.parametrize("name", ["001_NM_01", "016_NM_01", "025_NM_02"])
def test_walkers_with_blurred_faces_stand_on_their_feet(mediapipe, film_data, name):
    path = film_data / "video" / "koa_nm" / f"{name}.MOV"
    walker = choose_walker(mediapipe.find_people(read(path, 4.0)))
    pose = mediapipe.estimate(read(path), walker)
    position = pose.data["position"].values
    seen = np.isfinite(position[:, 0, 0])
    assert seen.mean() > 0.6
    assert not is_upside_down(position[seen]).any()
    times = np.flatnonzero(seen)
    assert seen[times[0] : times[-1]].mean() > 0.9
