"""A made foot on film: a textured shoe that is turned and carried by known amounts over a textured floor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
import xarray as xr

from gait.core.events import GaitEvents
from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS, LANDMARKS, MIDLINE
from gait.core.trajectories import JOINTS, Pass, Scale, Trajectories, View

LENGTH = 46.0  # heel to toe landmark, px
# Outline of the shoe from its heel's lowest point, x forward, y down, px.
SHOE = np.array([[-3, 0], [-4, -10], [0, -22], [17, -24], [30, -15], [52, -10], [56, -3], [54, 0]], float)
HEEL, TOE, ANKLE = np.array([3.0, -5.0]), np.array([49.0, -5.0]), np.array([9.0, -24.0])


@dataclass(frozen=True)
class FilmedFoot:
    """One foot that lands again and again, facing right unless mirrored.

    ``pitch_deg`` and ``heel_px`` are known at every time; other people's feet, trousers and blur are left out, noise,
    texture and a shank are not.
    """

    contacts_s: tuple[float, ...] = (0.703, 1.715, 2.722)
    contact_pitch_deg: float = 18.0
    lowering_s: float = 0.10
    fall: float = 0.2
    stride_px: float = 130.0
    rate_hz: float = 30.0
    duration_s: float = 3.6
    size_px: tuple[int, int] = (560, 150)
    mirrored: bool = False
    start_px: float = 90.0
    belt: bool = False
    noise: float = 3.0
    seed: int = 3
    shoe_level: float = 70.0

    def pitch_deg(self, time_s: np.ndarray) -> np.ndarray:
        """Toes up +: late swing rises to the contact pitch, then the foot falls and is braked."""
        time_s = np.atleast_1d(np.asarray(time_s, float))
        out = np.zeros(len(time_s))
        for contact in self.contacts_s:
            after = time_s - contact
            w = np.clip(after / self.lowering_s, 0.0, 1.0)
            m = min(max(self.fall, 1e-3), 1 - 1e-3)
            low = np.where(w < m, 1 - w**2 / m, (1 - w) ** 2 / (1 - m))
            out = np.where((after >= 0) & (after < 0.6), self.contact_pitch_deg * low, out)
            swing = (after < 0) & (after > -0.4)
            out = np.where(swing, self.contact_pitch_deg + 60.0 * after - 250.0 * after**2, out)
        return out

    def heel_px(self, time_s: np.ndarray) -> np.ndarray:
        """``(n, 2)`` the heel's lowest point, picture px, y down, walker facing right."""
        time_s = np.atleast_1d(np.asarray(time_s, float))
        x = np.full(len(time_s), self.start_px - self.stride_px)
        lift = np.zeros(len(time_s))
        for number, contact in enumerate(self.contacts_s):
            part = np.clip((time_s - contact + 0.4) / 0.4, 0.0, 1.0)
            # Lands at a quarter of its top speed, as feet do.
            x = np.where(part > 0, self.start_px + self.stride_px * (number - 1 + _swing(part)), x)
            lift = np.where((part > 0) & (part < 1), 9.0 * np.sin(np.pi * part), lift)
        if self.belt:
            x = x - self.stride_px * (time_s - self.contacts_s[0]) / np.diff(self.contacts_s).mean() + 150.0
        return np.stack([x, 125.0 - lift], axis=1)

    def _place(self, points: np.ndarray, time_s: float) -> np.ndarray:
        """Points of the shoe in the picture (before mirroring)."""
        angle = np.deg2rad(self.pitch_deg(time_s)[0])
        pivot = SHOE[0] if angle >= 0 else SHOE[-1]
        c, s = np.cos(angle), np.sin(angle)
        turned = (points - pivot) @ np.array([[c, -s], [s, c]]) + pivot
        return turned + self.heel_px(time_s)[0]

    def times_s(self) -> np.ndarray:
        return np.arange(round(self.duration_s * self.rate_hz)) / self.rate_hz

    def frames(self, start_s: float, end_s: float) -> Iterator[Frame]:
        """The film."""
        rng = np.random.default_rng(self.seed)
        width, height = self.size_px
        floor = np.full((height, width, 3), (196.0, 188.0, 176.0)) + 10 * _texture(rng, (height, width), 9.0)
        inside = _texture(rng, (70, 120), 4.0)
        for time in self.times_s():
            noise = rng.normal(0.0, self.noise, (height, width, 3))
            if start_s <= time <= end_s:
                picture = np.clip(self._draw(floor, inside, float(time)) + noise, 0, 255).astype(np.uint8)
                yield Frame(float(time), np.ascontiguousarray(picture[:, ::-1]) if self.mirrored else picture)

    def _draw(self, floor: np.ndarray, inside: np.ndarray, time: float) -> np.ndarray:
        height, width = floor.shape[:2]
        corners = np.array([[-10.0, -30.0], [60.0, -30.0], [-10.0, 10.0]])
        placed = self._place(corners, time)
        # Texture coordinates: one px of shoe is 1.6 px of texture.
        source = ((corners - corners[0]) * 1.6).astype(np.float32)
        warped = cv2.warpAffine(inside, cv2.getAffineTransform(source, placed.astype(np.float32)), (width, height))
        shoe = np.array([self.shoe_level, self.shoe_level * 0.8, self.shoe_level * 0.6]) + 22.0 * warped[..., None]
        ankle = self._place(ANKLE[None], time)[0]
        out = _blend(
            floor,
            np.array([50.0, 60.0, 110.0]),
            [ankle + [-8, 2], ankle + [8, 2], ankle + [2, -150], ankle + [-20, -150]],
        )
        return _blend(out, shoe, self._place(SHOE, time))

    def pose(self) -> Pose:
        """Landmarks with a noise of 1 px; the other leg walks far behind."""
        rng = np.random.default_rng(self.seed + 1)
        time = self.times_s()
        position = np.zeros((len(time), 2, len(KEYPOINTS)))
        index = {name: KEYPOINTS.index(name) for name in KEYPOINTS}
        for row, moment in enumerate(time):
            heel, toe, ankle = self._place(np.stack([HEEL, TOE, ANKLE]), float(moment))
            for name, point in (
                ("heel", heel),
                ("toe", toe),
                ("ankle", ankle),
                ("knee", ankle + [5, -90]),
                ("hip", ankle + [0, -150]),
            ):
                position[row, :, index[f"right_{name}"]] = point
                position[row, :, index[f"left_{name}"]] = point + [-300.0, 0.0]
        position += rng.normal(0.0, 1.0, position.shape)
        if self.mirrored:
            position[:, 0] = self.size_px[0] - 1 - position[:, 0]
        return Pose.from_arrays(time, position, np.ones((len(time), len(KEYPOINTS))), *self.size_px)

    def trajectories(self, kind: str = "sagittal") -> Trajectories:
        """Only what the stage reads: passes, view, whether a treadmill."""
        facing = -1 if self.mirrored else 1
        heading = "in_place" if self.belt else ("right_to_left" if self.mirrored else "left_to_right")
        stretch = Pass(0.0, self.duration_s, heading, facing, "right")
        return empty_trajectories(self.duration_s, stretch, kind, self.belt)

    def events(self, off_s: tuple[float, ...] = (0.02, -0.03, 0.01)) -> GaitEvents:
        """Rough contacts of the right foot."""
        off = [off_s[number % len(off_s)] for number in range(len(self.contacts_s))]
        rows = [(time + by, "right", "initial_contact", 0.8) for time, by in zip(self.contacts_s, off, strict=True)]
        return GaitEvents.from_rows(rows)


def _swing(part: np.ndarray) -> np.ndarray:
    """0 to 1, still at the start, at a quarter of the mean speed at the end."""
    return 3 * part**2 - 2 * part**3 + 0.25 * (part**3 - part**2)


def _texture(rng: np.random.Generator, shape: tuple[int, int], size: float) -> np.ndarray:
    raw = cv2.GaussianBlur(rng.standard_normal(shape), (0, 0), size / 3.0)
    raw = raw / raw.std()
    return raw[..., None] if size > 5 else raw


def _blend(picture: np.ndarray, colour: np.ndarray, outline, big: int = 4) -> np.ndarray:
    """Paint a polygon with soft edges."""
    outline = np.asarray(outline)
    low = np.clip(np.floor(outline.min(axis=0)).astype(int) - 1, 0, None)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 2, picture.shape[1::-1])
    if (high <= low).any():
        return picture
    size = high - low
    mask = np.zeros((size[1] * big, size[0] * big), np.uint8)
    cv2.fillPoly(mask, [np.round((outline - low + 0.5) * big * 16 - 8).astype(np.int32)], 255, shift=4)
    part = cv2.resize(mask, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA)[..., None] / 255.0
    box = (slice(low[1], high[1]), slice(low[0], high[0]))
    out = picture.copy()
    out[box] = picture[box] * (1 - part) + (colour if colour.ndim == 1 else colour[box]) * part
    return out


def empty_trajectories(duration_s: float, stretch: Pass, kind: str = "sagittal", belt: bool = False) -> Trajectories:
    """Trajectories without landmarks: this stage reads passes and view only."""
    time = np.arange(0.0, duration_s, 1.0 / 60.0)

    def unknown(*shape: int) -> np.ndarray:
        return np.full((len(time), *shape), np.nan)

    data = xr.Dataset(
        {
            "position": (("time", "space", "side", "landmark"), unknown(2, 2, len(LANDMARKS))),
            "midline": (("time", "space", "point"), unknown(2, len(MIDLINE))),
            "confidence": (("time", "side", "landmark"), unknown(2, len(LANDMARKS))),
            "angle": (("time", "side", "joint"), unknown(2, len(JOINTS))),
            "trunk_lean": (("time",), unknown()),
            "speed": (("time",), unknown()),
        },
        coords={
            "time": time,
            "space": ["x", "y"],
            "side": ["left", "right"],
            "landmark": list(LANDMARKS),
            "point": list(MIDLINE),
            "joint": list(JOINTS),
        },
    )
    return Trajectories(data, (stretch,), View(kind, 0.9, 5.0), Scale(300.0, None, "none", 0.1), 7.0, belt, 30.0)


@pytest.fixture(scope="session")
def filmed_foot() -> type[FilmedFoot]:
    """Builder of made films."""
    return FilmedFoot


@pytest.fixture(scope="session")
def bare_trajectories():
    """Builder of trajectories without landmarks."""
    return empty_trajectories
