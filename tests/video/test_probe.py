from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from made_films import marked, write_film

from gait.core.errors import InputError
from gait.video.frames import read_frames
from gait.video.probe import probe

VARYING_MS = [0, 33, 67, 100, 150, 201, 234, 300, 333, 340, 400, 433, 500, 560, 600]

CODECS = [
    ("walk.mp4", "libx264", "h264"),
    ("walk.mov", "libx264", "h264"),
    ("walk.mov", "libx265", "hevc"),
    ("walk.mp4", "libx265", "hevc"),
    ("walk.mkv", "libx264", "h264"),
    ("walk.mkv", "libsvtav1", "av1"),
    ("walk.mp4", "libsvtav1", "av1"),
    ("walk.webm", "libvpx-vp9", "vp9"),
    ("walk.avi", "mpeg4", "mpeg4"),
    ("walk.avi", "libx264", "h264"),
]


@pytest.mark.parametrize(("name", "encoder", "codec"), CODECS)
def test_varying_times_come_back_exactly_from_every_container(tmp_path: Path, name: str, encoder: str, codec: str):
    if encoder not in av.codecs_available:
        pytest.skip(f"this build of PyAV has no encoder {encoder}")
    # AVI keeps no presentation times, so frames cannot be told apart from their order of decoding.
    film = write_film(tmp_path / name, VARYING_MS, encoder, codec_options={"bf": "0"} if name.endswith("avi") else None)
    recording = probe(film)
    frames = list(read_frames(recording))
    assert recording.codec == codec
    assert recording.frames == len(frames) == len(VARYING_MS)
    assert np.allclose([f.time_s for f in frames], np.array(VARYING_MS) / 1000, atol=1e-6)
    assert recording.is_variable_rate
    assert recording.duration_s == pytest.approx(0.6 + 1 / recording.fps)
    assert recording.lost_frames == 0


def test_reordered_frames_in_avi_lose_neither_frame_nor_time(tmp_path: Path):
    recording = probe(write_film(tmp_path / "walk.avi", range(0, 1000, 40), codec_options={"bf": "3"}))
    frames = list(read_frames(recording))
    assert recording.frames == len(frames) == 25
    assert np.allclose([f.time_s for f in frames], np.arange(25) * 0.04, atol=0.002)
    brightness = [float(f.image[60:90, 40:100].mean()) for f in frames]
    assert np.all(np.diff(brightness) > 0), "in the order they were filmed"


@pytest.mark.parametrize("rate", [24, 30, 60, 120, 240])
@pytest.mark.parametrize("name", ["walk.mp4", "walk.mkv"])
def test_rate_is_that_of_the_frames_even_where_the_container_rounds_to_milliseconds(
    tmp_path: Path, rate: int, name: str
):
    times = [round(i * 90_000 / rate) for i in range(60)]
    recording = probe(write_film(tmp_path / name, times, clock_hz=90_000))
    assert recording.fps == pytest.approx(rate, rel=0.003)
    assert not recording.is_variable_rate


def test_a_film_of_29_97_is_not_one_of_29(tmp_path: Path):
    film = write_film(tmp_path / "walk.mp4", [round(i * 1001 * 3) for i in range(60)], clock_hz=90_000)
    assert probe(film).fps == pytest.approx(30_000 / 1001, rel=1e-4)


@pytest.mark.parametrize(("counterclockwise", "clockwise"), [(90, 270), (180, 180), (270, 90)])
def test_rotated_films_are_read_upright(tmp_path: Path, counterclockwise: int, clockwise: int):
    upright = [marked(i) for i in range(6)]
    stored = [np.ascontiguousarray(np.rot90(image, -counterclockwise // 90)) for image in upright]
    film = write_film(tmp_path / "walk.mp4", range(0, 240, 40), images=stored, rotation_ccw_deg=counterclockwise)
    recording = probe(film)
    frame = next(read_frames(recording))
    assert (recording.width_px, recording.height_px) == (160, 96)
    assert recording.rotation_deg == clockwise
    assert frame.image.shape == (96, 160, 3)
    assert frame.image[8, 8].min() > 225, "white upper left corner"
    assert frame.image[8, -8, 0] > 200, "red upper right corner"
    assert frame.image[8, -8, 1] < 60
    assert frame.image[-8, 80].max() < 100, "dark below"


def test_pixels_that_are_not_square_are_made_square(tmp_path: Path):
    film = write_film(tmp_path / "walk.mp4", codec_options={"x264-params": "sar=4/3"})
    recording = probe(film)
    # 160 * 4 / 3 = 213.3, to an even number.
    assert (recording.width_px, recording.height_px) == (214, 96)
    assert next(read_frames(recording)).image.shape == (96, 214, 3)


def test_android_slow_motion_is_divided_out(tmp_path: Path):
    film = write_film(
        tmp_path / "slow.mp4",
        range(0, 1000, 40),
        metadata={"com.android.capture.fps": "200.000000"},
        options={"movflags": "use_metadata_tags"},
    )
    recording = probe(film)
    assert recording.slow_motion_factor == pytest.approx(8.0)
    assert recording.fps == pytest.approx(200.0)
    assert recording.duration_s == pytest.approx(0.125)
    assert [f.time_s for f in read_frames(recording)][1] == pytest.approx(0.005)


def test_a_capture_rate_that_is_the_film_rate_is_no_slow_motion(tmp_path: Path):
    film = write_film(
        tmp_path / "walk.mp4",
        range(0, 1000, 40),
        metadata={"com.android.capture.fps": "25.0", "com.apple.quicktime.full-frame-rate-playback-intent": "0"},
        options={"movflags": "use_metadata_tags"},
    )
    assert probe(film).slow_motion_factor == 1.0


def test_a_factor_by_hand_wins_over_the_container(tmp_path: Path):
    film = write_film(
        tmp_path / "slow.mp4",
        metadata={"com.android.capture.fps": "200"},
        options={"movflags": "use_metadata_tags"},
    )
    recording = probe(film, slow_motion_factor=4.0)
    assert recording.slow_motion_factor == 4.0
    assert recording.fps == pytest.approx(100.0)


@pytest.mark.parametrize("factor", [0.0, -2.0, float("nan"), float("inf")])
def test_a_senseless_factor_is_refused(tmp_path: Path, factor: float):
    with pytest.raises(InputError, match="factor"):
        probe(write_film(tmp_path / "walk.mp4"), slow_motion_factor=factor)


def _noisy_film(path: Path, **facts: object) -> Path:
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 255, (96, 160, 3)).astype(np.uint8) for _ in range(50)]
    return write_film(path, range(0, 2000, 40), images=images, codec_options={"g": "5"}, **facts)


@pytest.mark.parametrize("name", ["walk.mp4", "walk.mkv"])
def test_what_is_left_of_a_truncated_film_is_used(tmp_path: Path, name: str):
    options = {"movflags": "+faststart"} if name.endswith("mp4") else {}
    film = _noisy_film(tmp_path / name, options=options)
    film.write_bytes(film.read_bytes()[: int(0.6 * film.stat().st_size)])
    recording = probe(film)
    reader = read_frames(recording)
    frames = list(reader)
    assert 20 <= recording.frames <= 35
    assert abs(len(frames) - recording.frames) <= 3
    assert recording.lost_frames == pytest.approx(50 - recording.frames, abs=3)


def test_a_whole_film_has_lost_nothing_and_keeps_its_hash(tmp_path: Path):
    import hashlib

    film = _noisy_film(tmp_path / "walk.mp4")
    recording = probe(film)
    assert recording.lost_frames == 0
    assert recording.sha256 == hashlib.sha256(film.read_bytes()).hexdigest()
    assert not recording.has_sound


def _refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        probe(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_missing_files_directories_and_empty_files_are_told_apart(tmp_path: Path):
    (tmp_path / "empty.mp4").touch()
    assert "does not exist" in _refusal(tmp_path / "nothing.mp4")
    assert "directory" in _refusal(tmp_path)
    assert "empty" in _refusal(tmp_path / "empty.mp4")


def test_no_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    film = write_film(tmp_path / "walk.mp4")

    def denied(self: Path, *arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    # Root may read everything, so the system's refusal is played.
    monkeypatch.setattr(Path, "open", denied)
    assert "permission" in _refusal(film)


def test_a_text_file_is_no_film(tmp_path: Path):
    (tmp_path / "walk.mp4").write_text("left,right\n1,2\n" * 100)
    assert "not a film" in _refusal(tmp_path / "walk.mp4")


def test_a_playlist_that_points_elsewhere_is_no_film(tmp_path: Path):
    film = write_film(tmp_path / "walk.mp4")
    (tmp_path / "list.mp4").write_text(f"ffconcat version 1.0\nfile '{film.name}'\n")
    (tmp_path / "stream.mp4").write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{film}\n#EXT-X-ENDLIST\n")
    assert "not a film" in _refusal(tmp_path / "list.mp4")
    assert "not a film" in _refusal(tmp_path / "stream.mp4")


@pytest.mark.parametrize("kind", [".png", ".jpg", ".webp", ".bmp", ".tiff"])
def test_a_still_picture_is_refused_whatever_its_name(tmp_path: Path, kind: str):
    data = cv2.imencode(kind, marked(0))[1].tobytes()
    for name in (f"walk{kind}", "walk.mp4"):
        (tmp_path / name).write_bytes(data)
        assert "still picture" in _refusal(tmp_path / name)


def test_a_film_of_one_frame_is_a_still_picture(tmp_path: Path):
    assert "still picture" in _refusal(write_film(tmp_path / "walk.mp4", [0]))


def test_sound_alone_is_refused(tmp_path: Path):
    path = tmp_path / "voice.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=16_000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 16_000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    assert "only sound" in _refusal(path)


def test_absurd_sizes_are_refused_before_anything_is_decoded(tmp_path: Path):
    image = np.zeros((32, 8320, 3), np.uint8)
    film = write_film(tmp_path / "wide.mkv", [0, 40, 80], images=[image] * 3)
    assert "8320 x 32" in _refusal(film)


def test_a_film_whose_beginning_is_all_there_is_says_so(tmp_path: Path):
    film = _noisy_film(tmp_path / "walk.mp4")  # its table of contents lies at the end
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert "cut off" in _refusal(film)


def test_a_film_of_noise_in_a_good_container_has_no_frame(tmp_path: Path):
    film = _noisy_film(tmp_path / "walk.mp4")
    data = bytearray(film.read_bytes())
    start, end = data.index(b"mdat") + 4, data.rindex(b"moov") - 4
    data[start:end] = bytes(end - start)
    film.write_bytes(bytes(data))
    assert "not one frame" in _refusal(film)


def test_names_that_look_like_addresses_are_files(tmp_path: Path):
    folder = tmp_path / "http:"
    folder.mkdir()
    film = write_film(tmp_path / "walk.mp4").rename(folder / "walk.mp4")
    code = "from pathlib import Path; from gait.video.probe import probe; print(probe(Path('http:/walk.mp4')).frames)"
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
    )
    assert film.exists()
    assert done.stdout.strip() == "25", done.stderr
