"""Films of people and rendered walkers with exact truth, which are not part of this repository."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from gait.video.camera import CameraTracker
from gait.video.frames import read_frames
from gait.video.probe import probe
from gait.video.quality import FilmMeter, recording_issues

pytestmark = pytest.mark.film


def _joints(film: Path) -> np.ndarray:
    """``(n, joints, 2)`` px, the truth."""
    with gzip.open(film.with_name(f"{film.stem}.full.json.gz"), "rt") as file:
        truth = json.load(file)
    return np.array(list(truth["joints2d"].values())).transpose(1, 0, 2)[..., :2]


def _box(joints: np.ndarray) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = joints.min(axis=0), joints.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


@pytest.mark.slow
def test_good_films_raise_no_alarm_and_only_the_hand_held_camera_moves(film_data: Path):
    for film in sorted((film_data / "rendered").glob("*.mp4")):
        recording, joints = probe(film), _joints(film)
        tracker, meter = CameraTracker(), FilmMeter()
        for index, frame in enumerate(read_frames(recording)):
            tracker.see(frame, [_box(joints[index])])
            meter.see(frame, _box(joints[index]))
        assert recording_issues(recording) + meter.issues() == (), film.name
        assert recording.frames == len(joints), film.name
        assert (tracker.motion() is not None) == ("handheld" in film.name), film.name


def test_a_hand_held_camera_is_followed_at_the_walker(film_data: Path):
    film = film_data / "rendered" / "footdrop_R_mild_handheld.mp4"
    with gzip.open(film.with_name(f"{film.stem}.full.json.gz"), "rt") as file:
        truth = json.load(file)
    joints = _joints(film)
    tracker = CameraTracker()
    for index, frame in enumerate(read_frames(probe(film))):
        tracker.see(frame, [_box(joints[index])])
    motion = tracker.motion()
    assert motion is not None
    # Seen by a camera at rest, a foot that stands flat does not move.
    names = list(truth["joints2d"])
    still, raw = [], []
    for side, letter in (("l", "L"), ("r", "R")):
        heel = np.array(truth["joints3d"][f"heel_sole_{side}"])
        stands = (np.linalg.norm(np.diff(heel, axis=0), axis=1) < 1e-4) & (
            np.array(truth["per_frame"][letter]["contact"][1:]) > 0
        )
        column = names.index(f"heel_sole_{side}")
        seen = stands & (joints[1:, column, 0] > 0) & (joints[1:, column, 0] < 1280)
        still.append(np.diff(motion.apply(joints)[:, column], axis=0)[seen])
        raw.append(np.diff(joints[:, column], axis=0)[seen])
    moved, before = (np.sqrt(np.mean(np.concatenate(steps) ** 2)) for steps in (still, raw))
    assert before > 0.8
    assert moved < 0.35, "px from frame to frame"


def test_phone_films_are_read_whole(film_data: Path):
    for film in sorted((film_data / "video").glob("*/*.[mM][oOpP][vV4]")):
        recording = probe(film)
        assert recording.lost_frames == 0, film.name
        last = max(f.time_s for f in read_frames(recording, start_s=max(0.0, recording.duration_s - 0.5)))
        assert last + 1.5 / recording.fps >= recording.duration_s, film.name
