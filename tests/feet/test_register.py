"""A foot's picture turned and moved by known amounts."""

import cv2
import numpy as np
import pytest

from gait.feet.register import fit_frame, picture_pyramid
from gait.feet.template import build_template, match_exposure, smooth

FOOT = np.array([[62.0, 80.0], [108.0, 80.0], [68.0, 62.0]])
CENTRE = FOOT[:2].mean(axis=0)


def scene(turn_deg: float, shift, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A textured shoe on a textured floor, turned (toes up +) about the foot's middle and shifted."""
    rng = np.random.default_rng(0)
    floor = 180 + 8 * cv2.GaussianBlur(rng.standard_normal((130, 180, 3)), (0, 0), 3.0) * 6
    shoe = 80 + 60 * cv2.GaussianBlur(rng.standard_normal((130, 180, 3)), (0, 0), 2.0) * 3
    mask = np.zeros((130, 180), np.uint8)
    outline = np.array([[55, 85], [54, 72], [60, 62], [78, 61], [98, 72], [115, 78], [113, 85]], np.int32)
    cv2.fillPoly(mask, [outline], 255)
    matrix = cv2.getRotationMatrix2D((float(CENTRE[0]), float(CENTRE[1])), turn_deg, 1.0)
    matrix[:, 2] += shift
    size = (180, 130)
    cover = cv2.warpAffine(cv2.GaussianBlur(mask, (0, 0), 0.7), matrix, size, flags=cv2.INTER_CUBIC)[..., None] / 255.0
    moved = cv2.warpAffine(shoe, matrix, size, flags=cv2.INTER_CUBIC)
    noise = np.random.default_rng(seed).normal(0, 4.0, floor.shape)
    return np.clip(floor * (1 - cover) + moved * cover + noise, 0, 255).astype(np.uint8), floor.astype(np.float32)


@pytest.mark.parametrize("turn", [-30.0, -12.0, -3.0, 0.0, 5.0, 14.0, 25.0])
@pytest.mark.parametrize("knows_floor", [True, False])
def test_turn_and_shift_are_recovered(turn, knows_floor):
    shift = np.array([-7.3, -2.6])
    flat, bare = scene(0.0, (0.0, 0.0), 1)
    floor = smooth(bare) if knows_floor else None
    template = build_template([smooth(flat)], FOOT, floor)
    frame, _ = scene(turn, shift, 2)
    behind = None if floor is None else picture_pyramid(floor, template)
    # Started 8 deg and 3 px off.
    start = np.array([shift[0] + 3.0, shift[1], -np.deg2rad(turn - 8.0)])
    motion, misfit = fit_frame(template, picture_pyramid(smooth(frame), template), behind, [np.zeros(3), start])
    assert -np.rad2deg(motion[2]) == pytest.approx(turn, abs=0.5)
    assert motion[:2] == pytest.approx(shift, abs=0.4)
    assert misfit < 0.15


def test_another_picture_fits_worse():
    flat, bare = scene(0.0, (0.0, 0.0), 1)
    template = build_template([smooth(flat)], FOOT, smooth(bare))
    behind = picture_pyramid(smooth(bare), template)
    _, right = fit_frame(template, picture_pyramid(smooth(flat), template), behind, [np.zeros(3)])
    _, wrong = fit_frame(template, picture_pyramid(smooth(bare), template), behind, [np.zeros(3)])
    assert right < 0.02
    assert wrong > 5 * right


def test_the_floor_is_brightened_like_the_picture():
    _, bare = scene(0.0, (0.0, 0.0), 1)
    slope = np.linspace(-6.0, 6.0, bare.shape[1])[None, :, None]
    darker = 0.8 * bare + 12.0 + slope
    darker[60:110, 40:90] = 20.0  # a leg
    matched = match_exposure(bare, darker.astype(np.float32))
    free = np.ones(bare.shape[:2], bool)
    free[55:115, 35:95] = False
    assert np.abs(matched - darker)[free].mean() < 1.0


def test_a_picture_without_any_structure_does_not_break_the_fit():
    flat, bare = scene(0.0, (0.0, 0.0), 1)
    template = build_template([smooth(flat)], FOOT, smooth(bare))
    blank = np.full_like(bare, 128.0)
    motion, misfit = fit_frame(
        template, picture_pyramid(blank, template), picture_pyramid(blank, template), [np.zeros(3)]
    )
    assert np.isfinite(motion).all()
    assert misfit > 0.05
