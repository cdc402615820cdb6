"""One stance, frame by frame: from the flat foot backwards to late swing, and forwards to see that it stays flat."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.feet.crops import StanceCrops
from gait.feet.plan import FLAT_S, StancePlan
from gait.feet.register import fit_frame, move, picture_pyramid
from gait.feet.template import Template, build_template, foot_outline, match_exposure, smooth

#: Turns tried besides the predicted one, in rad (a slapping foot turns by up to 10 deg in a frame of 1/30 s).
_TURNS = (-0.14, 0.14)
#: What is followed, in s after the contact as far as it is known.
TRACKED_S = (-0.18, 0.27)
#: A frame turned this much against both neighbours, in deg, is looked at again; another solution is taken when its
#: misfit is at most this many times as large.
_JUMP_DEG = 3.0
_NO_WORSE = 1.1
#: Farther than this from the flat foot, in heel-toe distances, a prediction is not believed.
_FAR = 4.0
#: A frame joins the flat reference when it fits the middle one this well, and is turned by less than this.
MAX_REFERENCE_MISFIT = 0.15
MAX_REFERENCE_TURN_DEG = 2.0


@dataclass(frozen=True, slots=True)
class FootTrack:
    """The foot's motion around one contact.

    Attributes
    ----------
    plan
        Which contact.
    time_s
        ``(n,)`` s, increasing.
    pitch_deg
        ``(n,)`` toes up +, 0 in the flat reference; NaN where the foot leaves the picture.
    shift_px
        ``(n, 2)`` shift of the foot's middle from the flat foot, crop px, y down, facing right.
    misfit
        ``(n,)`` 0 (perfect) to 1, mean of the saturated squared colour differences in units of the noise.
    reference_s
        Middle of the flat reference, in s.
    is_reference
        ``(n,)`` whether a frame belongs to the flat reference.
    covered
        Fraction of the foot's inner part that differs visibly from the floor.
    contrast
        Colour difference between foot and floor, in grey levels.
    landmark_turn_deg
        How far the landmarks of the flat foot are turned from their usual direction, toes up +.
    """

    plan: StancePlan
    time_s: np.ndarray
    pitch_deg: np.ndarray
    shift_px: np.ndarray
    misfit: np.ndarray
    reference_s: float
    is_reference: np.ndarray
    covered: float
    contrast: float
    landmark_turn_deg: float


def track_stance(crops: StanceCrops, contact_s: float | None = None) -> FootTrack | None:
    """Follow one foot through one stance.

    Parameters
    ----------
    crops
        Its pictures.
    contact_s
        A better contact time than the plan's rough one, to choose the flat reference by.

    Returns
    -------
    FootTrack or None
        None where the film holds too few frames of the flat foot.
    """
    plan = crops.plan
    expected = plan.rough_s if contact_s is None else contact_s
    order = np.argsort(crops.time_s)
    order = order[np.abs(np.asarray(crops.time_s)[order] - expected - np.mean(TRACKED_S)) <= np.ptp(TRACKED_S) / 2.0]
    time = np.asarray(crops.time_s, float)[order]
    after = time - expected
    reference = (after >= FLAT_S[0]) & (after <= FLAT_S[1])
    if reference.sum() < 2:
        return None
    images = [smooth(crops.images[index]) for index in order]
    bare = crops.background()
    chosen = np.flatnonzero(reference)
    middle = int(chosen[len(chosen) // 2])
    floor = None if bare is None else match_exposure(smooth(bare), images[middle])
    template = _reference(images, chosen, middle, plan, floor)
    motion, misfit = _follow(template, images, time, middle, plan, floor)
    pitch = -np.rad2deg(motion[:, 2])
    outside = ~_inside(motion, crops, order)
    pitch[outside] = np.nan
    return FootTrack(
        plan,
        time,
        pitch,
        motion[:, :2],
        misfit,
        float(time[middle]),
        reference,
        template.covered,
        template.contrast,
        -float(np.rad2deg(np.median([_landmarks(plan, time[index])[2] for index in chosen]))),
    )


def _reference(
    images: list[np.ndarray], chosen: np.ndarray, middle: int, plan: StancePlan, floor: np.ndarray | None
) -> Template:
    """The flat foot's mean picture: the middle frame, and those that fit onto it, moved onto it.

    Moving takes out what a steadied camera still shakes, and a treadmill's belt.
    """
    alone = build_template([images[middle]], plan.foot_px, floor)
    floor_levels = None if floor is None else picture_pyramid(floor, alone)
    pictures = [images[middle]]
    for index in chosen:
        if index == middle:
            continue
        motion, misfit = fit_frame(alone, picture_pyramid(images[index], alone), floor_levels, [np.zeros(3)])
        if misfit < MAX_REFERENCE_MISFIT and abs(motion[2]) < np.deg2rad(MAX_REFERENCE_TURN_DEG):
            shift = np.array([[1.0, 0.0, motion[0]], [0.0, 1.0, motion[1]]])
            pictures.append(move(images[index], shift))
    return build_template(pictures, plan.foot_px, floor)


def _landmarks(plan: StancePlan, time_s: float) -> np.ndarray:
    """``(3,)`` the foot's motion from the flat foot as the landmarks see it: x, y, turn."""
    heel, toe = (
        np.array([np.interp(time_s, plan.landmark_time_s, plan.landmark_px[:, point, axis]) for axis in range(2)])
        for point in range(2)
    )
    still = plan.foot_px
    turn = np.arctan2(*(toe - heel)[::-1]) - np.arctan2(*(still[1] - still[0])[::-1])
    shift = 0.5 * (heel + toe) - 0.5 * (still[0] + still[1])
    return np.array([shift[0], shift[1], (turn + np.pi) % (2 * np.pi) - np.pi])


def _follow(
    template: Template,
    images: list[np.ndarray],
    time: np.ndarray,
    middle: int,
    plan: StancePlan,
    floor: np.ndarray | None,
) -> tuple[np.ndarray, np.ndarray]:
    motion = np.full((len(time), 3), np.nan)
    misfit = np.full(len(time), np.nan)
    floor_levels = None if floor is None else picture_pyramid(floor, template)
    bias = _landmarks(plan, time[middle])
    for sequence in (range(middle, -1, -1), range(middle + 1, len(time))):
        before = last = np.zeros(3)
        for index in sequence:
            seen = _landmarks(plan, time[index]) - bias
            starts = _starts(2 * last - before, last, seen, plan.length_px)
            motion[index], misfit[index] = fit_frame(
                template, picture_pyramid(images[index], template), floor_levels, starts
            )
            before, last = last, motion[index]
    for index in range(1, len(time) - 1):
        between = 0.5 * (motion[index - 1] + motion[index + 1])
        away = abs(motion[index, 2] - between[2])
        if away < np.deg2rad(_JUMP_DEG):
            continue
        # A frame that stands apart from both neighbours may sit in a wrong solution: try theirs.
        other, fits = fit_frame(template, picture_pyramid(images[index], template), floor_levels, [between])
        if fits < _NO_WORSE * misfit[index] and abs(other[2] - between[2]) < away:
            motion[index], misfit[index] = other, fits
    return motion, misfit


def _starts(predicted: np.ndarray, last: np.ndarray, seen: np.ndarray, length: float) -> list[np.ndarray]:
    """Where the foot may be: moving on as before, standing still, where the landmarks see it, turned a little."""
    # Not against the landmarks, which may be another foot's; only against running away.
    predicted, last = (motion if np.abs(motion[:2]).max() < _FAR * length else seen for motion in (predicted, last))
    starts = [predicted, last, seen]
    return starts + [np.array([seen[0], seen[1], predicted[2] + turn]) for turn in _TURNS]


def _inside(motion: np.ndarray, crops: StanceCrops, order: np.ndarray) -> np.ndarray:
    """``(n,)`` whether the whole foot lies in the picture."""
    plan = crops.plan
    corners = foot_outline(plan.foot_px)
    middle = 0.5 * (plan.foot_px[0] + plan.foot_px[1])
    out = np.zeros(len(motion), bool)
    for row, index in enumerate(order):
        c, s = np.cos(motion[row, 2]), np.sin(motion[row, 2])
        moved = (corners - middle) @ np.array([[c, s], [-s, c]]) + middle + motion[row, :2]
        matrix = crops.image_from_crop[index]
        point = moved @ matrix[:, :2].T + matrix[:, 2]
        width, height = crops.picture_px
        out[row] = bool(((point >= 0.0) & (point <= [width - 1.0, height - 1.0])).all())
    return out
