from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_films import write_film

from gait.video.probe import probe
from gait.video.sound import read_sound


@pytest.mark.parametrize("rate", [48_000, 8_000])
def test_clicks_are_heard_when_they_sound(tmp_path: Path, rate: int):
    recording = probe(write_film(tmp_path / "walk.mp4", range(0, 2000, 40), sound_hz=rate))
    sound = read_sound(recording)
    assert recording.has_sound
    assert sound is not None
    assert sound.rate_hz == min(rate, 16_000)
    assert sound.samples.ndim == 1
    for click_s in (0.5, 1.0, 1.5):
        near = np.abs(sound.time_s - click_s) < 0.1
        loud = sound.time_s[near & (np.abs(sound.samples) > 0.3)]
        assert loud.min() == pytest.approx(click_s, abs=0.004)


def test_slow_motion_squeezes_the_clock_of_the_sound_too(tmp_path: Path):
    film = write_film(tmp_path / "walk.mp4", range(0, 2000, 40), sound_hz=16_000)
    sound = read_sound(probe(film, slow_motion_factor=4.0))
    assert sound is not None
    assert sound.rate_hz == 64_000


def test_a_silent_film_has_no_sound(tmp_path: Path):
    assert read_sound(probe(write_film(tmp_path / "walk.mp4"))) is None


def test_samples_cannot_be_changed(tmp_path: Path):
    sound = read_sound(probe(write_film(tmp_path / "walk.mp4", sound_hz=16_000)))
    assert sound is not None
    with pytest.raises(ValueError, match="read-only"):
        sound.samples[0] = 1.0
