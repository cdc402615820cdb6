"""Take perspective off: from where a point is in the picture to where it is along the walk.

A walk past a camera is a straight line on the floor. Where that line lies follows from the film itself: the walker
grows while nearing and shrinks while leaving. In the plane of the walk every point then has one true place, wherever in
the picture it is seen, however obliquely the camera looks and however it turns.

With the ray through a point at the azimuth ``beta`` (from the optical axis of the first frame), the walk's normal at
the azimuth ``alpha`` and the camera at the distance ``D`` from the walk, ``phi = beta - alpha`` is the angle between
ray and normal, and (plane geometry)

- the place along the walk is ``D tan(phi)``,
- the walker's height in the picture is proportional to ``cos(phi) / cos(beta')`` with ``beta'`` the azimuth from the
  axis of the frame itself, so ``height * cos(beta') = q cos(alpha) cos(beta) + q sin(alpha) sin(beta)`` is linear in
  two unknowns,
- a leg that walks nearer to the camera than the middle of the body by ``o`` seems to be ``o tan(phi)`` too far from the
  foot of the normal (parallax).

The result is in px of the size that the walker mostly has, as if filmed squarely with a very long lens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS
from gait.core.trajectories import Pass
from gait.trajectories.ground import carried_gain, roll_rad, turn_level
from gait.trajectories.rays import Rays, beside, ways_of_looking

#: How far in front of the middle of the body a landmark of the near side lies (and behind it one of the far side), in
#: leg lengths. Feet: half of a step width of 0.11 m; the others: half of the joint distances of an adult, as the
#: network draws them (our measurement on rendered walkers whose place is known: ankle 0.058, knee 0.097, hip 0.093,
#: shoulder 0.148).
OFFSET_LL: dict[str, float] = {
    "shoulder": 0.15,
    "elbow": 0.15,
    "wrist": 0.15,
    "hip": 0.095,
    "knee": 0.095,
    "ankle": 0.058,
    "heel": 0.058,
    "toe": 0.058,
}

#: Directions of a walk that was meant to be square to the camera, one standard deviation, in deg (our estimate).
USUAL_OBLIQUENESS_DEG = 12.0

#: The measured size of a walker is wrong by this fraction, and keeps its error for one step's time (rendered and
#: healthy films: 1.0 to 2.2 % about a straight line; our measurement).
SIZE_ERROR = 0.02
_SIZE_ERROR_LASTS_S = 0.5

#: Rays are not followed farther than this from the normal, in deg: a point there is an error of the network.
_WIDEST_DEG = 75.0

#: Shoulder to ankle in leg lengths (stature fractions of Drillis & Contini 1966: 0.818, 0.039 and 0.530).
_CHAIN_LL = (0.818 - 0.039) / 0.530

#: A walkway whose direction is less sure than this does not overrule the proportions of the body, in deg.
MAX_ANGLE_ERROR_DEG = 4.0

#: Relative standard error of lengths filmed by a camera that was carried along (one rendered film: 8 %; our estimate).
CARRIED_ERROR = 0.06

_CHAIN = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))


@dataclass(frozen=True, slots=True)
class Walkway:
    """Where one pass lies before the camera.

    Attributes
    ----------
    obliqueness_rad
        Azimuth of the walk's normal against the optical axis of the first frame (``alpha``), in rad; 0 when the camera
        looks squarely, positive when the normal points right of the axis.
    obliqueness_error_rad
        Its standard error.
    slope
        Tangent of the angle between the walk and the picture plane of a camera that looks at the middle of the walk.
    size_px
        Height of the walker's chain of bones at the foot of the normal, in px (``q``).
    reference_px
        The chain's usual size, in px: the scale of the result.
    focal_px
        Focal length, in px.
    misfit
        Mean distance of the walker's size from this line, as a fraction.
    is_carried
        Whether the camera was carried along.
    """

    obliqueness_rad: float
    obliqueness_error_rad: float
    slope: float
    size_px: float
    reference_px: float
    focal_px: float
    misfit: float
    is_carried: bool

    @property
    def distance_px(self) -> float:
        """Distance of the camera from the walk, in px of the result."""
        return self.reference_px * self.focal_px / self.size_px

    @property
    def leg_px(self) -> float:
        """Leg length, in px of the result."""
        return self.reference_px / _CHAIN_LL


def fit_walkway(position: np.ndarray, inside: np.ndarray, step_s: float, rays: Rays) -> Walkway | None:
    """Find the line of one pass from how the walker's size changes along it.

    Parameters
    ----------
    position
        ``(n, keypoints, 2)`` px of the steadied picture, y up.
    inside
        ``(n,)`` samples of the pass.
    step_s
        Time between samples, in s.
    rays
        From :func:`gait.trajectories.rays.ways_of_looking`.

    Returns
    -------
    Walkway or None
        None when the body was not seen for long enough to be measured.

    Notes
    -----
    Least squares with bounded influence (Huber 1964, tuning constant 1.345) and a weak belief that people film
    squarely, which decides where the walker hardly moves through the picture (treadmill).
    """
    size = chain_px(position)
    hip_x = _sided(position, "hip")[..., 0].mean(axis=1)
    used = inside & np.isfinite(size) & np.isfinite(hip_x)
    if used.sum() * step_s < _SIZE_ERROR_LASTS_S:
        return None
    beta = rays.azimuth_rad(hip_x)[used]
    height = size[used] * np.cos(rays.in_frame_rad(hip_x)[used])
    # Directions are counted from the middle of what was seen, so that the belief does not depend on the first frame.
    middle = float(np.median(beta)) if np.any(rays.turn_px) else 0.0
    cos, sin = np.cos(beta - middle), np.sin(beta - middle)
    weight = np.ones(len(beta))
    usual = float(np.median(height))
    independent = max(1.0, used.sum() * step_s / _SIZE_ERROR_LASTS_S) / used.sum()
    belief = np.diag([0.0, (1.0 / (usual * np.tan(np.radians(USUAL_OBLIQUENESS_DEG)))) ** 2])
    solution, covariance = np.array([usual, 0.0]), np.eye(2)
    for _ in range(10):
        residual = height - solution[0] * cos - solution[1] * sin
        spread = max(1.4826 * float(np.median(np.abs(residual))), SIZE_ERROR * usual)
        weight = np.minimum(1.0, 1.345 * spread / np.maximum(np.abs(residual), 1e-9))
        basis = np.stack([cos, sin], axis=1)
        information = independent / spread**2 * (basis * weight[:, None]).T @ basis + belief
        solution = np.linalg.solve(information, independent / spread**2 * basis.T @ (weight * height))
        covariance = np.linalg.inv(information)
    return Walkway(
        obliqueness_rad=middle + float(np.arctan2(solution[1], solution[0])),
        obliqueness_error_rad=float(np.sqrt(covariance[1, 1]) / np.hypot(*solution)),
        slope=float(abs(solution[1]) / solution[0]),
        size_px=float(np.hypot(*solution)),
        reference_px=float(np.median(size[used])),
        focal_px=rays.focal_px,
        misfit=float(np.mean(np.abs(height - solution[0] * cos - solution[1] * sin)) / usual),
        is_carried=bool(np.any(rays.slide_px)),
    )


def chain_px(position: np.ndarray) -> np.ndarray:
    """``(n,)`` length of the bones from shoulder (hip, where the source knows no shoulder) to ankle, both sides' mean.

    The network moves the hip up and down the body, but hardly the sum of trunk, thigh and shank.
    """
    bones = [np.linalg.norm(_sided(position, a) - _sided(position, b), axis=-1).mean(axis=1) for a, b in _CHAIN]
    if not np.isfinite(bones[0]).any():
        return bones[1] + bones[2]
    return bones[0] + bones[1] + bones[2]


def slant_rad(walkway: Walkway, x_px: np.ndarray, rays: Rays) -> np.ndarray:
    """Angle between the ray through a point and the walk's normal (``phi``), in rad."""
    widest = np.radians(_WIDEST_DEG)
    return np.clip(rays.azimuth_rad(x_px) - walkway.obliqueness_rad, -widest, widest)


def flatten(position: np.ndarray, walkway: Walkway, rays: Rays) -> np.ndarray:
    """Places in the plane of the walk.

    Parameters
    ----------
    position
        ``(n, ..., 2)`` px of the steadied picture, y up.

    Returns
    -------
    numpy.ndarray
        Same shape, px of the walker's usual size.
    """
    x, y = position[..., 0], position[..., 1]
    phi = slant_rad(walkway, x, rays)
    size = walkway.size_px * np.cos(phi) / np.cos(rays.in_frame_rad(x))
    along = walkway.distance_px * np.tan(phi) + beside(_carried(rays, walkway), x) + rays.centre_px[0]
    up = (y - rays.centre_px[1]) * walkway.reference_px / size + rays.centre_px[1]
    return np.stack([along, up], axis=-1)


def undo_parallax(flat: np.ndarray, walkway: Walkway, rays: Rays, near_side: Side | None) -> np.ndarray:
    """Shift the near and the far side to where they are: the near one was seen too far out, the far one too far in.

    Parameters
    ----------
    flat
        ``(n, keypoints, 2)`` px from :func:`flatten`.
    near_side
        The side that is nearer to the camera; None (seen from the front) leaves all as it is.
    """
    if near_side is None:
        return flat
    towards = walkway.leg_px * np.array([_towards_camera_ll(name, near_side) for name in KEYPOINTS])
    closer = towards / walkway.distance_px
    foot_of_normal = rays.centre_px + np.stack([_carried(rays, walkway), np.zeros(len(flat))], axis=1)
    return foot_of_normal[:, None] + (flat - foot_of_normal[:, None]) * (1.0 - closer)[:, None]


def take_off(
    position: np.ndarray, passes: Sequence[Pass], pose: Pose, time_s: np.ndarray
) -> tuple[np.ndarray, tuple[Walkway | None, ...]]:
    """All keypoints in the plane of the walk, pass by pass.

    Parameters
    ----------
    position
        ``(n, keypoints, 2)`` px of the steadied picture, y up.
    passes
        The straight stretches; samples between two of them belong to the nearer one.
    pose
        Size of the picture and motion of the camera.
    time_s
        ``(n,)`` s, evenly spaced.

    Returns
    -------
    position : numpy.ndarray
        Same shape; what cannot be measured is left as it is.
    walkways : tuple
        One for each pass; None where it could not be found.
    """
    step_s = float(np.median(np.diff(time_s)))
    fits = [
        (rays, seen, _fit_all(seen, passes, time_s, rays)) for rays, seen in ways_of_looking(pose, position, time_s)
    ]
    # The walker's size decides whether the camera turned or was carried.
    rays, seen, walkways = min(fits, key=lambda fit: sum(walkway.misfit for walkway in fit[2] if walkway is not None))
    nearest = np.argmin([_away_s(stretch, time_s) for stretch in passes], axis=0)
    out = position.copy()
    for index, (stretch, walkway) in enumerate(zip(passes, walkways, strict=True)):
        if walkway is None:
            continue
        inside = (time_s >= stretch.start_s) & (time_s < stretch.end_s)
        flat = undo_parallax(flatten(seen, walkway, rays), walkway, rays, stretch.near_side)
        if np.any(rays.slide_px):
            carried = _carried(rays, walkway)
            flat[..., 0] += (carried_gain(flat, inside, step_s, carried) - 1.0) * carried[:, None]
        if stretch.heading != "in_place":
            roll = roll_rad(flat, inside, step_s, walkway.leg_px, walkway.slope)
            flat = turn_level(flat, roll, rays.centre_px)
        out[nearest == index] = flat[nearest == index]
    return out, walkways


def _fit_all(
    position: np.ndarray, passes: Sequence[Pass], time_s: np.ndarray, rays: Rays
) -> tuple[Walkway | None, ...]:
    """The walkway of each pass."""
    step_s = float(np.median(np.diff(time_s)))
    return tuple(
        fit_walkway(position, (time_s >= stretch.start_s) & (time_s < stretch.end_s), step_s, rays)
        for stretch in passes
    )


def view_error(walkways: Sequence[Walkway | None]) -> float:
    """What an oblique view or a carried camera adds to the relative standard error of lengths.

    A length along the walk is proportional to ``1 / cos(alpha)`` there, and the focal length that turns px into angles
    is known to a tenth (our estimate).
    """
    known = [walkway for walkway in walkways if walkway is not None]
    if not known:
        return 0.0
    errors = []
    for walkway in known:
        turn = float(np.arctan(walkway.slope))
        oblique = walkway.slope * np.hypot(walkway.obliqueness_error_rad, 0.1 * np.sin(turn) * np.cos(turn))
        errors.append(float(np.hypot(oblique, CARRIED_ERROR if walkway.is_carried else 0.0)))
    return float(np.mean(errors))


def seen_angle_deg(walkways: Sequence[Walkway | None]) -> float:
    """Mean angle between walk and picture plane, in deg; NaN where no walkway tells it well."""
    known = [
        np.degrees(np.arctan(walkway.slope))
        for walkway in walkways
        if walkway is not None and walkway.obliqueness_error_rad < np.radians(MAX_ANGLE_ERROR_DEG)
    ]
    return float(np.mean(known)) if known else float("nan")


def _carried(rays: Rays, walkway: Walkway) -> np.ndarray:
    """``(n,)`` how far the camera was carried along, in px of the result."""
    return rays.slide_px * walkway.reference_px / walkway.size_px


def _away_s(stretch: Pass, time_s: np.ndarray) -> np.ndarray:
    """How far each time is from a pass, 0 inside, in s."""
    return np.maximum(0.0, np.maximum(stretch.start_s - time_s, time_s - stretch.end_s))


def _towards_camera_ll(keypoint: str, near_side: Side) -> float:
    """How much nearer to the camera than the middle of the body a keypoint is, in leg lengths."""
    side, _, landmark = keypoint.partition("_")
    offset = OFFSET_LL.get(landmark, 0.0)
    return offset if side == near_side else -offset


def _sided(position: np.ndarray, landmark: str) -> np.ndarray:
    """``(n, 2 sides, 2)`` px of one landmark."""
    return position[:, [KEYPOINTS.index(f"{side}_{landmark}") for side in SIDES]]
