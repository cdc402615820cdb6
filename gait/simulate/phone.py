"""A phone that films a body known in space, so that motion capture tests the film chain too."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter1d

from gait.core.errors import InputError
from gait.core.motion import BodyMotion
from gait.core.pose import Pose
from gait.core.recording import CameraMotion
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS
from gait.simulate.disturb import lose_keypoints, slow_noise, swap_legs, uneven_times_s
from gait.simulate.network import network_noise
from gait.simulate.sampling import resample_motion, stride_phase, without_gaps
from gait.simulate.tilt import as_drawn, with_flatter_feet

#: Without a distance the phone stands so far away that the walk fills this share of the picture, but no nearer than
#: this, in m (our choice: what the filming advice asks for).
FILLED, NEAREST_M = 0.9, 3.0
#: Room for the body beside and above its landmarks, in m (half an arm's swing, the top of the head).
BODY_MARGIN_M = 0.25
#: A hand shakes at about this time scale, and a panning hand lags by about this, in s (our estimate).
_SHAKE_S, _PAN_S = 0.3, 0.5
#: From here on the film shows the tilt of hips and shoulders as one from the front does, deg.
_FRONT_DEG = 45.0
#: Which leg is near is judged over this time, in s.
_NEAR_S = 1.0
#: Somebody whose ankles stay within this, in m, and who makes no steps, is on the spot (our estimate: a foot lifted in
#: single-leg stance goes back by 0.3 m); the random errors of the network are then this share of those of walkers: in
#: rendered films of standing, heel over toe wanders by 0.001 to 0.004 leg lengths (our measurement on rendered task
#: films).
_SPOT_M, _SPOT_NOISE = 0.35, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCamera:
    """A pinhole camera on the level of a person's chest, held by hand or on a stand, and a pose network behind it.

    Attributes
    ----------
    angle_deg
        View: 0 is exactly from the side of the middle of the walk; positive when the camera stands ahead of it (the
        walker comes nearer), 90 straight in front; negative behind.
    near_side
        On which side of the walker, during the first pass, the camera stands.
    distance_m
        From the middle of the walk; None: as near as shows the whole walk.
    height_m
        Lens above the floor; the camera is aimed at the middle of the body.
    focal_px, width_px, height_px
        Focal length and size of the picture; the defaults are a phone's main camera in full HD (65 deg wide).
    rate_hz, rate_jitter_pct
        Mean frame rate, and spread of the time between frames in % of it.
    noise
        Random errors of the landmarks, as a multiple of those measured on rendered films
        (``data/network_noise.toml``); 0 is a perfect network, which alone sees the pelvis tilt from the front
        (``data/network_tilt.toml``).
    offsets
        Constant errors of the landmarks, as a multiple of the measured ones.
    repeating
        Errors that come back with every stride (not of somebody on the spot, whose random errors are a fifth), as a
        multiple of what the films share of them; the network sees a foot
        that rolls differently from one that stands. They were measured on walkers of usual stride, so that for the
        shuffling they are too large.
    feet_shown
        Share of a foot's pitch that the network shows; 0.6 in walks on heels or toes, of which it knows little (our
        measurement, docs/tasks.md).
    far_noise
        Further factor on the random errors of the leg away from the camera, whose measured ones are already larger.
    swaps, missing
        Share of the frames with left and right leg exchanged, and of leg keypoints lost, in bursts.
    shake_px, pan
        Standard deviation of the hand's shaking, in px; share of the walk that the camera turns after (0 to 1).
    is_camera_known
        Whether the pose carries the camera's exact motion, as if the background had been measured.
    seed
        Of all that is drawn by lot.

    Raises
    ------
    InputError
        When a number is out of its range.
    """

    angle_deg: float = 0.0
    near_side: Side = "right"
    distance_m: float | None = None
    height_m: float = 1.2
    focal_px: float = 1500.0
    width_px: int = 1920
    height_px: int = 1080
    rate_hz: float = 30.0
    rate_jitter_pct: float = 0.0
    noise: float = 1.0
    offsets: float = 0.0
    repeating: float = 0.0
    feet_shown: float = 1.0
    far_noise: float = 1.0
    swaps: float = 0.0
    missing: float = 0.0
    shake_px: float = 0.0
    pan: float = 0.0
    is_camera_known: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        for field, (low, high) in _LIMITS.items():
            value = getattr(self, field)
            if value is not None and not low <= value <= high:
                raise InputError(f"{field} is {value}, expected {low:g} to {high:g}; choose a value in this range")
        if self.near_side not in SIDES:
            raise InputError(f"near_side is {self.near_side!r}, expected one of {list(SIDES)}")

    def film(self, motion: BodyMotion) -> Pose:
        """Film a body.

        Parameters
        ----------
        motion
            The body; its events stay valid, since the film keeps the capture's clock.

        Returns
        -------
        Pose
            Px, y down, without a scale, as a film has none; NaN and confidence 0 where the capture has a gap or the
            keypoint lies outside of the picture.

        Raises
        ------
        InputError
            When the capture is shorter than two frames, or the walker comes as near as the camera.
        """
        time = self._frame_times_s(motion)
        body = resample_motion(motion, time)
        stand = self._stand(body)
        turn = self._turn(time, body, stand)
        if self.noise > 0 and abs(self.angle_deg) >= _FRONT_DEG:
            body = as_drawn(body, self.seed)
        if self.feet_shown < 1:
            body = with_flatter_feet(body, self.feet_shown)
        seen, depth = _project(self, body - stand.lens_m[None, :, None], turn)
        far = _is_far(body, stand, self.rate_hz)
        phase = stride_phase(motion, time)
        # Errors that come back with each stride belong to strides.
        network = (
            replace(self, noise=_SPOT_NOISE * self.noise, repeating=0.0) if _is_on_the_spot(motion, body) else self
        )
        position = seen + network._errors(time, body, seen, depth, far, phase)
        confidence = np.where(far, network_noise("far").confidence, network_noise("near").confidence)
        random = np.random.default_rng([self.seed, 3])
        position = swap_legs(position, self.swaps, self.rate_hz, random)
        lose_keypoints(position, confidence, self.missing, self.rate_hz, random)
        inside = (position > 0).all(axis=1) & (position[:, 0] < self.width_px) & (position[:, 1] < self.height_px)
        return Pose.from_arrays(
            time,
            np.where(inside[:, None], position, np.nan),
            np.where(inside, confidence, 0.0),
            self.width_px,
            self.height_px,
            backend="virtual phone",
            camera=self._camera_motion(time, turn),
        )

    def _frame_times_s(self, motion: BodyMotion) -> np.ndarray:
        """``(n,)`` s of the frames that fit into the capture."""
        span_s = float(motion.time_s[-1] - motion.time_s[0]) if len(motion.time_s) else 0.0
        frames = int(span_s * self.rate_hz) + 1
        if frames < 2:
            raise InputError(f"the capture lasts {span_s:.3g} s, expected at least two frames of the camera's film")
        random = np.random.default_rng([self.seed, 2])
        times = motion.time_s[0] + uneven_times_s(frames, self.rate_hz, self.rate_jitter_pct, random)
        return times[times <= motion.time_s[-1]]

    def _stand(self, body: np.ndarray) -> _Stand:
        """Where the camera stands, and where it aims without panning."""
        low, high = np.nanmin(body, axis=(0, 2)), np.nanmax(body, axis=(0, 2))
        feet = body[:, 1, [KEYPOINTS.index(f"{side}_{end}") for side in SIDES for end in ("heel", "toe")]]
        floor_m = float(np.nanpercentile(feet, 1.0))
        middle = (low + high) / 2
        angle = np.radians(self.angle_deg)
        outward = 1.0 if self.near_side == "right" else -1.0
        towards = np.array([np.sin(angle), 0.0, outward * np.cos(angle)])
        distance_m = self.distance_m or self._fitting_distance_m(high - low + 2 * BODY_MARGIN_M)
        lens = middle + distance_m * towards
        lens[1] = floor_m + self.height_m
        if np.nanmin((body - middle[:, None]).transpose(0, 2, 1) @ -towards) < -(distance_m - 0.5):
            raise InputError(
                f"the walker comes within half a metre of a camera {distance_m:g} m from the middle of the walk; "
                "choose a larger distance_m"
            )
        return _Stand(lens, middle)

    def _fitting_distance_m(self, size: np.ndarray) -> float:
        """How far away the whole walk (or, when panning, the body) is in the picture."""
        along = size[0] * (1 - self.pan) + self.pan * 4 * BODY_MARGIN_M
        angle = np.radians(self.angle_deg)
        width = abs(np.cos(angle)) * along + abs(np.sin(angle)) * size[2]
        # The nearest corner of the walk must fit as well.
        nearest = 0.5 * (abs(np.sin(angle)) * along + abs(np.cos(angle)) * size[2])
        needed = self.focal_px / FILLED * max(width / self.width_px, size[1] / self.height_px)
        return max(NEAREST_M, needed + nearest)

    def _turn(self, time: np.ndarray, body: np.ndarray, stand: _Stand) -> np.ndarray:
        """``(n, 3, 3)`` rows right, up, ahead of the camera in the room."""
        pelvis = body[:, :, [KEYPOINTS.index(f"{side}_hip") for side in SIDES]].mean(axis=2)
        aim = np.tile(stand.aim_m, (len(time), 1))
        for axis in (0, 2):
            follow = without_gaps(time, pelvis[:, axis])
            follow = uniform_filter1d(follow, max(1, round(_PAN_S * self.rate_hz)), mode="nearest")
            aim[:, axis] += self.pan * (follow - stand.aim_m[axis])
        ahead = aim - stand.lens_m
        shake = self.shake_px / self.focal_px * slow_noise(np.random.default_rng([self.seed, 4]), time, (3,), _SHAKE_S)
        yaw = np.arctan2(ahead[:, 0], ahead[:, 2]) + shake[:, 0]
        pitch = np.arctan2(ahead[:, 1], np.hypot(ahead[:, 0], ahead[:, 2])) + shake[:, 1]
        return _camera_axes(yaw, pitch, shake[:, 2])

    def _errors(
        self,
        time: np.ndarray,
        body: np.ndarray,
        seen: np.ndarray,
        depth: np.ndarray,
        far: np.ndarray,
        phase: np.ndarray,
    ) -> np.ndarray:
        """``(n, 2, keypoints)`` px that the network is wrong."""
        near_by, far_off = network_noise("near"), network_noise("far")
        # Both legs draw of their own, so that a leg's error does not depend on the view's side.
        random = np.random.default_rng([self.seed, 5])
        drawn = np.where(far[:, None], self.far_noise * far_off.draw(random, time), near_by.draw(random, time))
        constant = np.where(far[:, None], far_off.offset, near_by.offset)
        repeated = np.where(far[:, None], far_off.repeat(phase), near_by.repeat(phase))
        # What was measured from the side to lie ahead shows less the more the walker comes towards the camera.
        sideways = np.array([abs(np.cos(np.radians(self.angle_deg))), 1.0])[:, None]
        error = self.noise * drawn + sideways * (self.offsets * constant + self.repeating * repeated)
        facing = np.sign(_toes_ahead(time, seen, self.rate_hz))
        leg_px = self.focal_px * _leg_m(body) / np.nanmedian(depth, axis=1)
        return error * leg_px[:, None, None] * np.stack([facing, -np.ones(len(time))], axis=1)[:, :, None]

    def _camera_motion(self, time: np.ndarray, turn: np.ndarray) -> CameraMotion | None:
        """The camera's motion as a perfect tracker of the background would chain it from frame to frame.

        A turning lens moves the edges of the picture farther than its middle, which no similarity can say; the one
        given is right in the middle of the picture, so that a turn unrolls the room: focal length times angle.
        """
        if not self.is_camera_known or (self.shake_px == 0 and self.pan == 0):
            return None
        x, y = np.meshgrid(np.linspace(0.45, 0.55, 3) * self.width_px, np.linspace(0.45, 0.55, 3) * self.height_px)
        grid = np.stack([x.ravel(), y.ravel()], axis=1)
        rays = np.stack(
            [
                (grid[:, 0] - self.width_px / 2) / self.focal_px,
                (self.height_px / 2 - grid[:, 1]) / self.focal_px,
                np.ones(len(grid)),
            ]
        )
        to_first = np.zeros((len(time), 2, 3))
        to_first[0] = [[1, 0, 0], [0, 1, 0]]
        for i in range(1, len(time)):
            before = turn[i - 1] @ turn[i].T @ rays
            moved = np.stack(
                [
                    self.width_px / 2 + self.focal_px * before[0] / before[2],
                    self.height_px / 2 - self.focal_px * before[1] / before[2],
                ],
                axis=1,
            )
            step = _similarity(grid, moved)
            to_first[i, :, :2] = to_first[i - 1, :, :2] @ step[:, :2]
            to_first[i, :, 2] = to_first[i - 1, :, :2] @ step[:, 2] + to_first[i - 1, :, 2]
        return CameraMotion(time, to_first, np.ones(len(time), bool))


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where the lens is, and where it looks, ``(3,)`` m in the room."""

    lens_m: np.ndarray
    aim_m: np.ndarray


_LIMITS: dict[str, tuple[float, float]] = {
    "angle_deg": (-90.0, 90.0),
    "distance_m": (1.0, 100.0),
    "height_m": (0.1, 3.0),
    "focal_px": (100.0, 10000.0),
    "width_px": (160, 8000),
    "height_px": (120, 8000),
    "rate_hz": (10.0, 240.0),
    "rate_jitter_pct": (0.0, 15.0),
    "noise": (0.0, 10.0),
    "offsets": (-10.0, 10.0),
    "repeating": (0.0, 10.0),
    "feet_shown": (0.2, 1.0),
    "far_noise": (0.0, 10.0),
    "swaps": (0.0, 0.5),
    "missing": (0.0, 0.9),
    "shake_px": (0.0, 100.0),
    "pan": (0.0, 1.0),
}


def _camera_axes(yaw: np.ndarray, pitch: np.ndarray, roll: np.ndarray) -> np.ndarray:
    """``(n, 3, 3)`` rows right, up, ahead; yaw turns from +z to +x, pitch looks up, roll turns clockwise, in rad."""
    ahead = np.stack([np.cos(pitch) * np.sin(yaw), np.sin(pitch), np.cos(pitch) * np.cos(yaw)], axis=1)
    # Looking along +z with y up, the right hand points to -x.
    level = np.stack([-np.cos(yaw), np.zeros_like(yaw), np.sin(yaw)], axis=1)
    upright = np.cross(level, ahead)
    cos, sin = np.cos(roll)[:, None], np.sin(roll)[:, None]
    return np.stack([cos * level - sin * upright, sin * level + cos * upright, ahead], axis=1)


def _project(camera: PhoneCamera, from_lens: np.ndarray, turn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``(n, 2, keypoints)`` px, y down, and ``(n, keypoints)`` depth in m."""
    own = turn @ from_lens
    depth = own[:, 2]
    scaled = camera.focal_px * own[:, :2] / depth[:, None]
    middle = np.array([camera.width_px / 2, camera.height_px / 2])
    return middle[:, None] + scaled * np.array([1.0, -1.0])[:, None], depth


def _is_far(body: np.ndarray, stand: _Stand, rate_hz: float) -> np.ndarray:
    """``(n, keypoints)`` which keypoints belong to the side away from the camera."""
    hips = [body[:, :, KEYPOINTS.index(f"{side}_hip")] for side in SIDES]
    away = [np.linalg.norm((hip - stand.lens_m)[:, [0, 2]], axis=1) for hip in hips]
    lead = without_gaps(np.arange(len(body)), away[0] - away[1])
    is_left_far = uniform_filter1d(lead, max(1, round(_NEAR_S * rate_hz)), mode="nearest") > 0
    far = np.zeros((len(body), len(KEYPOINTS)), bool)
    for index, name in enumerate(KEYPOINTS):
        if name.startswith("left"):
            far[:, index] = is_left_far
        elif name.startswith("right"):
            far[:, index] = ~is_left_far
    return far


def _is_on_the_spot(motion: BodyMotion, body: np.ndarray) -> bool:
    """Whether somebody stands, sits or rises in one place."""
    ankles = body[:, :, [KEYPOINTS.index(f"{side}_ankle") for side in SIDES]][:, [0, 2]]
    return not motion.events and float(np.max(np.nanmax(ankles, axis=0) - np.nanmin(ankles, axis=0))) < _SPOT_M


def _toes_ahead(time: np.ndarray, seen: np.ndarray, rate_hz: float) -> np.ndarray:
    """``(n,)`` px that the toes lie to the right of the heels, over about a stride."""
    toes, heels = (seen[:, 0, [KEYPOINTS.index(f"{side}_{end}") for side in SIDES]] for end in ("toe", "heel"))
    ahead = without_gaps(time, (toes - heels).mean(axis=1))
    return uniform_filter1d(ahead, max(1, round(_NEAR_S * rate_hz)), mode="nearest")


def _leg_m(body: np.ndarray) -> float:
    """Hip to knee and knee to ankle, mean of both legs, m."""
    lengths = []
    for side in SIDES:
        hip, knee, ankle = (body[:, :, KEYPOINTS.index(f"{side}_{name}")] for name in ("hip", "knee", "ankle"))
        lengths.append(np.nanmedian(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)))
    return float(np.mean(lengths))


def _similarity(points: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """``(2, 3)`` least-squares similarity that takes points to where they moved."""
    mean, mean_moved = points.mean(axis=0), moved.mean(axis=0)
    a, b = points - mean, moved - mean_moved
    scale = (a**2).sum()
    cos, sin = (a * b).sum() / scale, (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / scale
    linear = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([linear, mean_moved - linear @ mean])
