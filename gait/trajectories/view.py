"""From where the walker was filmed, where they go, and which stretches are straight walking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d

from gait.core.sides import Side
from gait.core.skeleton import LANDMARKS
from gait.core.trajectories import Heading, Pass, View
from gait.trajectories.clean import unbroken

#: Shoulder width over trunk length seen from the front, and horizontal foot length over shank length seen from the
#: side, as the pose network draws them (rendered clips and healthy films: 0.64-0.67 and 0.46-0.57; our measurement).
FRONT_SHOULDER_RATIO = 0.65
SIDE_FOOT_RATIO = 0.48

#: A side view up to here, a frontal one from there; between them oblique. One of 24 healthy side films (a walker with
#: turned shoulders) reads 34 deg, all others 6-25, the frontal ones 83-86 (our measurement).
SAGITTAL_UP_TO_DEG = 38.0
FRONTAL_FROM_DEG = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Straightness:
    """What counts as a straight stretch of walking.

    Attributes
    ----------
    min_duration_s
        Shorter stretches are dropped, in s (our estimate: less than one stride shows nothing).
    min_speed_ll
        Slower than this many leg lengths per second is standing (our estimate: about 0.1 m/s).
    window_s
        Speed and facing are averaged over this window, in s: about one step.
    """

    min_duration_s: float = 1.0
    min_speed_ll: float = 0.12
    window_s: float = 0.6


def find_view(position: np.ndarray, seen: np.ndarray) -> View:
    """View from the proportions of the body in the picture.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px, y up.
    seen
        ``(n,)`` samples in which the whole walker is seen.
    """
    shoulder, hip, knee, ankle, heel, toe = (
        position[seen][:, :, LANDMARKS.index(name)] for name in ("shoulder", "hip", "knee", "ankle", "heel", "toe")
    )
    along = _median(np.abs(toe[..., 0] - heel[..., 0]) / np.linalg.norm(knee - ankle, axis=-1)) / SIDE_FOOT_RATIO
    across = _median(
        np.abs(shoulder[:, 0, 0] - shoulder[:, 1, 0]) / np.linalg.norm(shoulder.mean(1) - hip.mean(1), axis=-1)
    )
    if np.isnan(across):
        # No shoulders (marker sets of the legs alone): the feet alone tell.
        angle = float(np.degrees(np.arccos(min(along, 1.0))))
    else:
        angle = float(np.degrees(np.arctan2(across / FRONT_SHOULDER_RATIO, along)))
    return _named(angle)


def corrected_view(view: View, angle_deg: float) -> View:
    """The view once the walk's direction is known from how the walker grows or shrinks in the picture.

    Proportions of the body cannot tell turned shoulders or feet from a turned camera.

    Parameters
    ----------
    view
        From :func:`find_view`, not frontal.
    angle_deg
        Angle between walk and picture plane; NaN where it is not known.
    """
    return view if np.isnan(angle_deg) else _named(angle_deg)


def _named(angle: float) -> View:
    """The view of an angle between walk and picture plane, in deg."""
    if angle <= SAGITTAL_UP_TO_DEG:
        return View("sagittal", _sure(SAGITTAL_UP_TO_DEG - angle), angle)
    if angle >= FRONTAL_FROM_DEG:
        return View("frontal", _sure(angle - FRONTAL_FROM_DEG), angle)
    return View("oblique", _sure(min(angle - SAGITTAL_UP_TO_DEG, FRONTAL_FROM_DEG - angle)), angle)


def find_passes(
    position: np.ndarray, seen: np.ndarray, time_s: np.ndarray, view: View, leg_px: float, how: Straightness
) -> tuple[Pass, ...]:
    """Straight stretches of walking in full view.

    Parameters
    ----------
    position
        ``(n, 2 sides, landmarks, 2)`` px of the steadied picture, y up.
    seen
        ``(n,)`` samples in which the whole walker is seen.
    time_s
        ``(n,)`` s, evenly spaced.
    view
        From :func:`find_view`.
    leg_px
        Leg length, px.
    how
        Limits.
    """
    step_s = float(np.median(np.diff(time_s)))
    width = max(1, round(how.window_s / step_s))
    if view.kind == "frontal":
        return _frontal_passes(position, seen, time_s, width, how)
    facing = _facing(position, seen, time_s, width, leg_px, how)
    passes = []
    for direction in (1, -1):
        for start, stop in unbroken(facing == direction):
            if (stop - start) * step_s < how.min_duration_s:
                continue
            heading = _heading(position[start:stop], direction, leg_px)
            near: Side = "right" if direction > 0 else "left"
            passes.append(Pass(float(time_s[start]), float(time_s[stop - 1]) + step_s, heading, direction, near))
    return tuple(sorted(passes, key=lambda stretch: stretch.start_s))


def _facing(
    position: np.ndarray, seen: np.ndarray, time_s: np.ndarray, width: int, leg_px: float, how: Straightness
) -> np.ndarray:
    """+1 facing right, -1 left, 0 not walking or not seen, per sample.

    The feet point forward; on ground the pelvis also travels forward, and where both speak they must agree, which
    cuts out turns. Who neither travels nor moves the feet against each other stands.
    """
    foot = position[:, :, LANDMARKS.index("toe"), 0] - position[:, :, LANDMARKS.index("heel"), 0]
    hip_x = position[:, :, LANDMARKS.index("hip"), 0].mean(1)
    ankle_x = position[:, :, LANDMARKS.index("ankle"), 0]
    toes = np.sign(_average(foot.mean(axis=1), seen, width))
    travel = _average(np.gradient(hip_x, time_s) / leg_px, seen, width)
    # A slow walker's ankles rest against each other in double support: one whole slow stride is averaged.
    legs = _average(np.abs(np.gradient(ankle_x[:, 0] - ankle_x[:, 1], time_s)) / leg_px, seen, 3 * width)
    moves = (np.abs(travel) >= how.min_speed_ll) | (legs >= 2.5 * how.min_speed_ll)
    agree = (np.sign(travel) == toes) | (np.abs(travel) < 2 * how.min_speed_ll)
    return np.where(seen & moves & agree, toes, 0)


def _frontal_passes(
    position: np.ndarray, seen: np.ndarray, time_s: np.ndarray, width: int, how: Straightness
) -> tuple[Pass, ...]:
    """Stretches in which the walker comes nearer or goes away."""
    step_s = float(np.median(np.diff(time_s)))
    shoulder, hip = (position[:, :, LANDMARKS.index(name)] for name in ("shoulder", "hip"))
    size = np.linalg.norm(shoulder.mean(1) - hip.mean(1), axis=-1)
    growth = _average(np.gradient(np.log(size), time_s), seen, 2 * width)
    # Seen from the front the walker's left is on the right of the picture.
    front = _average(shoulder[:, 0, 0] - shoulder[:, 1, 0], seen, width) > 0
    passes = []
    for is_front in (True, False):
        for start, stop in unbroken(seen & (front == is_front)):
            if (stop - start) * step_s < how.min_duration_s:
                continue
            mean_growth = float(growth[start:stop].mean())
            heading: Heading = "in_place" if abs(mean_growth) < 0.01 else ("towards" if is_front else "away")
            passes.append(Pass(float(time_s[start]), float(time_s[stop - 1]) + step_s, heading, 0, None))
    return tuple(sorted(passes, key=lambda stretch: stretch.start_s))


def _heading(position: np.ndarray, direction: int, leg_px: float) -> Heading:
    """Whether the walker travels through the picture or walks in place."""
    hip_x = position[:, :, LANDMARKS.index("hip"), 0].mean(1)
    if np.nanmax(hip_x) - np.nanmin(hip_x) < leg_px:
        return "in_place"
    return "left_to_right" if direction > 0 else "right_to_left"


def _average(values: np.ndarray, seen: np.ndarray, width: int) -> np.ndarray:
    """Running mean over the seen samples only."""
    ok = seen & np.isfinite(values)
    total = uniform_filter1d(np.where(ok, values, 0.0), width, mode="nearest")
    share = uniform_filter1d(ok.astype(float), width, mode="nearest")
    return np.where(share > 0, total / np.maximum(share, 1e-9), 0.0)


def _median(values: np.ndarray) -> float:
    """Median of what is seen, NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def _sure(margin_deg: float) -> float:
    """Confidence from the distance to the next class: 0.5 at the border, 0.95 from 15 deg on (our estimate)."""
    return float(np.clip(0.5 + 0.03 * margin_deg, 0.5, 0.95))
