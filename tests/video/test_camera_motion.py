from __future__ import annotations

import cv2
import numpy as np
from made_films import textured

from gait.core.recording import Frame
from gait.video.camera import CameraTracker

SIZE = (960, 540)


def _film(transforms: np.ndarray, person: bool = True) -> list[tuple[Frame, list]]:
    """A world seen through a camera; ``transforms`` map each frame to the first one. A person walks through it."""
    world = textured((2400, 1000), seed=3)
    origin = np.array([[1.0, 0, 300], [0, 1, 200]])
    frames = []
    for index, to_first in enumerate(transforms):
        to_world = origin @ np.vstack([to_first, [0, 0, 1]])
        image = cv2.warpAffine(world, to_world, SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        boxes = []
        if person:
            left, top = 100 + 9 * index, 120 + int(6 * np.sin(index / 3))
            image[top : top + 360, left : left + 130] = textured((130, 360), seed=9)
            boxes = [(float(left), float(top), float(left + 130), float(top + 360))]
        frames.append((Frame(index / 30, image), boxes))
    return frames


def _similarities(angle_deg: np.ndarray, scale: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """First one is the identity."""
    out = np.zeros((len(x), 2, 3))
    for i in range(len(x)):
        out[i] = cv2.getRotationMatrix2D((480, 270), float(angle_deg[i]), float(scale[i]))
        out[i, :, 2] += (x[i], y[i])
    return out


def _track(frames: list[tuple[Frame, list]]) -> CameraTracker:
    tracker = CameraTracker()
    for frame, boxes in frames:
        tracker.see(frame, boxes)
    return tracker


def _error_px(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    points = np.array([[200, 150, 1], [480, 270, 1], [700, 400, 1]], float)
    return np.linalg.norm(points @ (found - true).transpose(0, 2, 1), axis=-1)


def test_a_shaky_hand_is_followed_within_a_pixel_while_somebody_walks_through():
    t = np.arange(60)
    true = _similarities(np.sin(t / 7), 1 + 0.01 * np.sin(t / 11), 12 * np.sin(t / 5), 8 * np.sin(t / 4))
    motion = _track(_film(true)).motion()
    assert motion is not None
    assert motion.is_measured.all()
    assert _error_px(motion.to_first, true).max() < 1.0


def test_a_camera_that_slides_along_drifts_less_than_a_pixel():
    t = np.arange(60)
    true = _similarities(0 * t, 1 + 0.0 * t, 14.0 * t, 2 * np.sin(t / 6))
    motion = _track(_film(true)).motion()
    assert motion is not None
    assert _error_px(motion.to_first, true).max() < 1.0


def test_a_still_camera_reports_no_motion_though_a_person_fills_much_of_the_picture():
    still = np.tile(np.array([[1.0, 0, 0], [0, 1, 0]]), (40, 1, 1))
    assert _track(_film(still)).motion() is None


def test_a_still_camera_with_noise_and_nobody_boxed_stays_still():
    rng = np.random.default_rng(0)
    still = np.tile(np.array([[1.0, 0, 0], [0, 1, 0]]), (30, 1, 1))
    frames = []
    for frame, _ in _film(still):
        noisy = np.clip(frame.image + rng.normal(0, 6, frame.image.shape), 0, 255).astype(np.uint8)
        frames.append((Frame(frame.time_s, noisy), []))
    assert _track(frames).motion() is None


def test_frames_without_anything_to_see_move_like_their_neighbours():
    t = np.arange(30)
    true = _similarities(0 * t, 1 + 0.0 * t, 3.0 * t, 0 * t)
    frames = _film(true)
    for index in (12, 13):
        frames[index] = (Frame(frames[index][0].time_s, np.full((540, 960, 3), 128, np.uint8)), [])
    motion = _track(frames).motion()
    assert motion is not None
    assert not motion.is_measured[12:14].any()
    assert motion.is_measured[[*range(12), *range(14, 30)]].all()
    assert _error_px(motion.to_first, true).max() < 1.0


def test_an_empty_wall_tells_nothing():
    blank = Frame(0.0, np.full((540, 960, 3), 90, np.uint8))
    assert _track([(blank, [])] * 5).motion() is None
    assert CameraTracker().motion() is None


def test_the_same_film_gives_the_same_motion():
    t = np.arange(20)
    frames = _film(_similarities(np.sin(t / 7), 1 + 0.0 * t, 5.0 * t, 0 * t))
    first, second = _track(frames).motion(), _track(frames).motion()
    assert first is not None
    assert second is not None
    assert np.array_equal(first.to_first, second.to_first)


def test_a_pan_over_a_bare_wall_loses_no_way():
    """Two pictures on a bare wall, never both well in view: where nothing is seen, the camera moves on."""
    world = np.full((1000, 2400, 3), 150, np.uint8)
    for left in (380, 900, 1500, 2050):
        world[300:640, left : left + 110] = textured((110, 340), seed=left)
    frames, true = [], []
    for index in range(80):
        x = 14.0 * index
        to_world = np.array([[1.0, 0, 150 + x], [0, 1, 200]])
        image = cv2.warpAffine(world, to_world, SIZE, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        image[100:500, 420:540] = textured((120, 400), seed=9)
        frames.append((Frame(index / 30, image), [(420.0, 100.0, 540.0, 500.0)]))
        true.append(np.array([[1.0, 0, x], [0, 1, 0]]))
    motion = _track(frames).motion()
    assert motion is not None
    assert _error_px(motion.to_first, np.array(true)).max() < 0.03 * true[-1][0, 2]
