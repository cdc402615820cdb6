from __future__ import annotations

import resource
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from made_films import made_analysis, textured, write_film

from gait.core.analysis import Analysis
from gait.core.errors import OutputError
from gait.core.pose import Pose
from gait.video.drawing import SIDE_COLOURS
from gait.video.faces import FaceBlur
from gait.video.frames import read_frames
from gait.video.overlay import read_stills, write_overlay
from gait.video.probe import probe

VARYING_MS = [0, 33, 67, 100, 150, 201, 234, 300, 333, 340, 400, 433, 500, 560, 600, 641, 700, 760, 800, 850]


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    path = tmp_path_factory.mktemp("films") / "walk.mp4"
    images = [textured((480, 360), seed=i % 3) for i in range(len(VARYING_MS))]
    recording = probe(write_film(path, VARYING_MS, images=images))
    return made_analysis(recording, np.array(VARYING_MS) / 1000)


def test_the_overlay_keeps_every_frame_at_its_time(tmp_path: Path, analysis: Analysis):
    told: list[float] = []
    write_overlay(analysis, tmp_path / "overlay.mp4", progress=told.append)
    overlay = probe(tmp_path / "overlay.mp4")
    times = [f.time_s for f in read_frames(overlay)]
    assert np.allclose(times, np.array(VARYING_MS) / 1000, atol=1e-4)
    assert overlay.codec == "h264"
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [p.name for p in tmp_path.iterdir()] == ["overlay.mp4"]


def test_browsers_can_play_it_from_the_start(tmp_path: Path, analysis: Analysis):
    write_overlay(analysis, tmp_path / "overlay.mp4")
    data = (tmp_path / "overlay.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "index in front"
    with av.open(str(tmp_path / "overlay.mp4")) as film:
        context = film.streams.video[0].codec_context
        assert context.pix_fmt == "yuv420p"
        assert context.width % 2 == context.height % 2 == 0


def test_large_films_are_scaled_down_and_slow_motion_plays_at_the_speed_of_life(tmp_path: Path):
    images = [np.full((1080, 1920, 3), 80, np.uint8)] * 3
    recording = probe(write_film(tmp_path / "walk.mp4", [0, 40, 80], images=images), slow_motion_factor=4.0)
    write_overlay(made_analysis(recording, np.array([0.0, 0.01, 0.02])), tmp_path / "overlay.mp4")
    overlay = probe(tmp_path / "overlay.mp4")
    assert overlay.width_px == 1280
    assert overlay.height_px > 720, "picture and strip"
    assert overlay.fps == pytest.approx(100, rel=0.01)


def _count(image: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int((np.abs(image.astype(int) - colour).max(axis=-1) < 60).sum())


def test_left_is_blue_and_right_vermilion_where_the_legs_are(tmp_path: Path):
    images = [np.full((360, 480, 3), 235, np.uint8)] * 20
    recording = probe(write_film(tmp_path / "walk.mp4", range(0, 800, 40), images=images))
    write_overlay(made_analysis(recording, np.arange(20) * 0.04), tmp_path / "overlay.mp4")
    frame = next(read_frames(probe(tmp_path / "overlay.mp4"), start_s=0.5)).image
    left_shank, right_shank = frame[255:312, 200:222], frame[255:312, 258:280]
    assert _count(left_shank, SIDE_COLOURS["left"]) > 3 * _count(left_shank, SIDE_COLOURS["right"]) + 20
    assert _count(right_shank, SIDE_COLOURS["right"]) > 3 * _count(right_shank, SIDE_COLOURS["left"]) + 20


def test_the_cursor_of_the_strip_moves_with_time(tmp_path: Path, analysis: Analysis):
    write_overlay(analysis, tmp_path / "overlay.mp4")
    frames = [f.image[366:] for f in read_frames(probe(tmp_path / "overlay.mp4"))]
    still = np.median(frames, axis=0)
    places = [int(np.argmax((strip.astype(float) - still).sum(axis=(0, 2)))) for strip in frames]
    assert np.all(np.diff(places) > 0)


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path, analysis: Analysis):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(OutputError, match="cannot be written"):
            write_overlay(analysis, tmp_path / "overlay.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_said(tmp_path: Path, analysis: Analysis):
    with pytest.raises(OutputError, match="folder"):
        write_overlay(analysis, tmp_path / "nowhere" / "overlay.mp4")


def test_an_interrupted_overlay_leaves_the_old_one(tmp_path: Path, analysis: Analysis):
    (tmp_path / "overlay.mp4").write_bytes(b"old")

    def interrupt(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_overlay(analysis, tmp_path / "overlay.mp4", progress=interrupt)
    assert [p.name for p in tmp_path.iterdir()] == ["overlay.mp4"]
    assert (tmp_path / "overlay.mp4").read_bytes() == b"old"


def _detail(image: np.ndarray) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.CV_32F).std())


def _with_head_gap(analysis: Analysis) -> Pose:
    """The pose without its samples from 0.2 to 0.6 s."""
    data = analysis.pose.data
    keep = (data["time"] < 0.2) | (data["time"] > 0.6)
    return Pose(data.sel(time=keep), analysis.pose.width_px, analysis.pose.height_px)


def test_faces_are_hidden_in_every_frame_also_in_gaps_of_the_pose(analysis: Analysis):
    blur = FaceBlur(_with_head_gap(analysis))
    for frame in read_frames(analysis.recording):
        image = frame.image.copy()
        blur.hide(image, frame.time_s)
        # Head: nose and ears at (240, 43); trunk 97 px, so at least 43 px on each side are hidden.
        assert _detail(image[10:80, 205:275]) < 0.2 * _detail(frame.image[10:80, 205:275])
        assert np.array_equal(image[200:], frame.image[200:]), "legs stay sharp"


def test_nobody_in_the_film_means_nothing_to_hide(analysis: Analysis):
    data = analysis.pose.data.copy(deep=True)
    data["confidence"] = data["confidence"] * 0
    blur = FaceBlur(Pose(data, 480, 360))
    assert blur.box(0.3) is None


def test_the_overlay_hides_the_face_when_asked(tmp_path: Path, analysis: Analysis):
    for hides in (False, True):
        write_overlay(analysis, tmp_path / f"{hides}.mp4", blur_faces=hides)
    heads = [
        np.mean([_detail(f.image[4:36, 222:258]) for f in read_frames(probe(tmp_path / f"{hides}.mp4"))])
        for hides in (False, True)
    ]
    assert heads[1] < 0.5 * heads[0]


def test_stills_are_cut_around_the_walker_at_the_nearest_frames(analysis: Analysis):
    moments = [
        ("left toe-off", "left", 0.71),
        ("right initial contact", "right", 0.1),
        ("far behind the end", "right", 7.0),
        ("the end", "left", 0.86),
    ]
    stills = read_stills(analysis, moments, height_px=300)
    assert [still.label for still in stills] == ["left toe-off", "right initial contact", "the end"]
    assert [still.time_s for still in stills] == pytest.approx([0.7, 0.1, 0.85], abs=1e-6)
    for still in stills:
        picture = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert picture.shape[0] == 300
        assert 150 < picture.shape[1] < 300


def test_stills_hide_the_face_when_asked(analysis: Analysis):
    def head(hides: bool) -> float:
        (still,) = read_stills(analysis, [("x", "left", 0.4)], blur_faces=hides)
        picture = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_COLOR)
        return _detail(picture[8:60, 100:150])

    assert head(True) < 0.5 * head(False)


def test_no_moments_no_stills(analysis: Analysis):
    assert read_stills(analysis, []) == ()
