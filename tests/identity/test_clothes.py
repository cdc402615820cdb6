"""Clothes are known again under another light, and told apart from others."""

from __future__ import annotations

import numpy as np
import pytest

from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.identity.clothes import likeness, see_clothes
from gait.identity.evidence import load_strength

RED_TOP, BLUE_TOP = (190, 40, 40), (40, 60, 180)
JEANS, BLACK = (50, 60, 95), (20, 20, 22)
HEIGHT, WIDTH = 400, 300
PLACES = {"shoulder": 90, "hip": 190, "knee": 270, "ankle": 350}


def standing(frames: int = 8) -> Pose:
    """Somebody upright in the middle of the picture."""
    position = np.full((frames, 2, len(KEYPOINTS)), 150.0)
    for index, name in enumerate(KEYPOINTS):
        for part, y in PLACES.items():
            if name.endswith(part):
                position[:, 0, index], position[:, 1, index] = 140.0 if name.startswith("left") else 160.0, y
    return Pose.from_arrays(np.arange(frames) / 10, position, np.ones((frames, len(KEYPOINTS))), WIDTH, HEIGHT)


def film(top, trousers, light=(1.0, 1.0, 1.0), noise=6.0, frames=8, seed=0):
    """Frames of that person, dressed, under a light that multiplies what the lens sees."""
    random = np.random.default_rng(seed)
    for number in range(frames):
        image = np.full((HEIGHT, WIDTH, 3), 128.0)
        image[PLACES["shoulder"] : PLACES["hip"], 110:190] = top
        image[PLACES["hip"] : PLACES["ankle"], 110:190] = trousers
        linear = ((image / 255.0) ** 2.2) * light
        image = 255.0 * np.clip(linear, 0, 1) ** (1 / 2.2) + random.normal(0, noise, image.shape)
        yield Frame(number / 10, np.clip(image, 0, 255).astype(np.uint8))


def seen(*args, **options):
    clothes = see_clothes(film(*args, **options), standing())
    assert clothes is not None
    return clothes


@pytest.mark.parametrize("light", [(1, 1, 1), (0.6, 0.6, 0.6), (1.5, 1.5, 1.5), (0.7, 0.65, 0.6), (1.1, 1.15, 1.25)])
@pytest.mark.parametrize("dress", [(RED_TOP, JEANS), (BLUE_TOP, BLACK), ((200, 200, 205), BLACK)])
def test_the_same_clothes_are_the_same_under_another_light(dress, light):
    found = likeness(seen(*dress), seen(*dress, light=light, seed=1))
    assert found >= load_strength().clothes.same_from


@pytest.mark.parametrize("other", [(BLUE_TOP, JEANS), (RED_TOP, (170, 150, 110)), (BLUE_TOP, (170, 150, 110))])
def test_another_garment_is_seen(other):
    assert likeness(seen(RED_TOP, JEANS), seen(*other, seed=1)) < load_strength().clothes.same_from


def test_likeness_has_no_order_and_is_whole_with_itself():
    one, other = seen(RED_TOP, JEANS), seen(BLUE_TOP, BLACK)
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert likeness(one, one) == pytest.approx(1.0)


def test_too_few_frames_show_no_clothes():
    assert see_clothes(film(RED_TOP, JEANS, frames=2), standing()) is None
    assert see_clothes([], standing()) is None


def test_a_body_outside_of_the_picture_shows_no_clothes():
    pose = standing()
    away = Pose.from_arrays(
        pose.time_s, pose.data["position"].values + 1000.0, pose.data["confidence"].values, WIDTH, HEIGHT
    )
    assert see_clothes(film(RED_TOP, JEANS), away) is None
