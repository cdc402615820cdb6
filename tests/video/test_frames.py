from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from made_films import textured, write_film

from gait.core.errors import InputError
from gait.video.frames import read_frames
from gait.video.probe import probe


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """10 s at 25 Hz, a key frame each second."""
    path = tmp_path_factory.mktemp("films") / "walk.mp4"
    return write_film(path, range(0, 10_000, 40), codec_options={"g": "25"})


def test_a_span_read_by_seeking_holds_the_same_frames_as_the_whole(long_film: Path):
    recording = probe(long_film)
    whole = {round(f.time_s, 6): f.image for f in read_frames(recording)}
    part = list(read_frames(recording, start_s=6.5, end_s=7.5))
    assert [round(f.time_s, 6) for f in part] == [t for t in whole if 6.5 <= t < 7.5]
    assert all(np.array_equal(f.image, whole[round(f.time_s, 6)]) for f in part)


@pytest.mark.parametrize(("rate", "count"), [(5.0, 50), (12.5, 125), (25.0, 250), (100.0, 250)])
def test_thinning_goes_by_time(long_film: Path, rate: float, count: int):
    times = np.array([f.time_s for f in read_frames(probe(long_film), rate_hz=rate)])
    assert len(times) == pytest.approx(count, abs=1)
    assert np.diff(times).max() <= 1 / min(rate, 25) + 0.0401


def test_frames_are_contiguous_rgb_and_the_film_is_not_held(long_film: Path):
    tracemalloc.start()
    for frame in read_frames(probe(long_film)):
        assert frame.image.dtype == np.uint8
        assert frame.image.flags.c_contiguous
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30 * 160 * 96 * 3, "fewer than 30 of 250 frames at once"


def test_damage_in_the_middle_does_not_end_the_film(tmp_path: Path):
    images = [textured((160, 96), seed=i) for i in range(100)]
    film = write_film(tmp_path / "walk.mkv", range(0, 4000, 40), images=images, codec_options={"g": "10"})
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4000] = np.random.default_rng(1).integers(0, 255, 4000).astype(np.uint8).tobytes()
    film.write_bytes(bytes(data))
    reader = read_frames(probe(film))
    times = [f.time_s for f in reader]
    assert times[-1] > 3.5
    assert 70 <= len(times) < 100
    assert np.all(np.diff(times) > 0)


def test_a_decoding_error_is_counted_and_read_over(tmp_path: Path):
    images = [textured((160, 96), seed=i) for i in range(30)]
    film = write_film(tmp_path / "walk.mp4", range(0, 1200, 40), codec="mpeg4", images=images, codec_options={"g": "1"})
    import av

    with av.open(str(film)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    data = bytearray(film.read_bytes())
    for start, size in places[10:13]:
        data[start : start + size] = bytes(size)
    film.write_bytes(bytes(data))
    reader = read_frames(probe(film))
    times = [f.time_s for f in reader]
    assert len(times) + reader.damaged >= 27
    assert times[-1] == pytest.approx(1.16)
    assert len(times) >= 27


def test_repeated_and_backward_times_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    recording = probe(write_film(tmp_path / "walk.mp4"))
    from gait.video import frames as module

    true_ticks, played = module.ticks, iter([0, 1, 1, None, 5, 3, *range(6, 30)])
    monkeypatch.setattr(module, "ticks", lambda container, item: next(played))
    reader = read_frames(recording)
    times = [f.time_s for f in reader]
    assert true_ticks is not module.ticks
    assert np.all(np.diff(times) > 0)
    assert reader.misplaced == 3
    assert len(times) == 22


@pytest.mark.parametrize("span", [{"start_s": -1.0}, {"start_s": 2.0, "end_s": 1.0}, {"rate_hz": 0.0}])
def test_senseless_spans_are_refused_at_once(long_film: Path, span: dict[str, float]):
    with pytest.raises(InputError):
        read_frames(probe(long_film), **span)


def test_a_span_behind_the_end_is_empty(long_film: Path):
    assert list(read_frames(probe(long_film), start_s=60.0)) == []
