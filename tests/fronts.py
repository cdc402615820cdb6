"""A walker seen from the front or from behind, made of formulas, with everything about it known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gait.core.clip import Clip
from gait.core.events import GaitEvents
from gait.core.sides import SIDES
from gait.core.skeleton import LANDMARKS, MIDLINE
from gait.core.trajectories import JOINTS, Pass, Scale, Trajectories, View
from gait.events.cycles import cut_cycles

LEG_M = 0.90
_STANCE = 0.62
_PELVIS_M, _TRUNK_M, _ANKLE_M = 0.95, 0.50, 0.08
_FOCAL_PX, _CAMERA_HEIGHT_M = 1000.0, 1.05


def _nothing() -> dict[str, float]:
    return {"left": 0.0, "right": 0.0}


def _swapped(by_side: dict[str, float]) -> dict[str, float]:
    """The numbers of both sides exchanged."""
    return {"left": by_side["right"], "right": by_side["left"]}


@dataclass(frozen=True, kw_only=True)
class Front:
    """One straight walk at the camera or away from it.

    Attributes
    ----------
    lean_deg
        Trunk lean over each side while it stands alone.
    list_deg
        Lean that stays, to the left +.
    sink_m
        How much lower the body is while a side stands alone.
    arc_m
        How far a side's ankle swings outwards.
    toe_out_deg, width_m
        Feet on the ground.
    roll_deg
        The phone is turned by this much.
    is_behind
        Filmed from behind, the walker going away.
    near_m
        How near the walker comes to the camera.
    rate_hz, zoom, start_s
        Of the film.
    """

    lean_deg: dict[str, float] = field(default_factory=_nothing)
    list_deg: float = 0.0
    sink_m: dict[str, float] = field(default_factory=_nothing)
    arc_m: dict[str, float] = field(default_factory=_nothing)
    toe_out_deg: dict[str, float] = field(default_factory=lambda: {"left": 6.0, "right": 6.0})
    width_m: float = 0.10
    roll_deg: float = 0.0
    is_behind: bool = False
    rate_hz: float = 60.0
    zoom: float = 1.0
    start_s: float = 0.0
    duration_s: float = 6.0
    stride_s: float = 1.1
    step_m: float = 0.65
    near_m: float = 2.5

    def mirrored(self) -> Front:
        """The walk with the sides exchanged."""
        return Front(
            lean_deg=_swapped(self.lean_deg),
            list_deg=-self.list_deg,
            sink_m=_swapped(self.sink_m),
            arc_m=_swapped(self.arc_m),
            toe_out_deg=_swapped(self.toe_out_deg),
            width_m=self.width_m,
            is_behind=self.is_behind,
        )

    def clip(self) -> Clip:
        """Landmarks, events and cycles of the film."""
        time_s = np.arange(0.0, self.duration_s, 1.0 / self.rate_hz)
        picture = self._project(self._room(time_s), self._forward_m(time_s)[-1])
        sided, middle = picture, {name: picture[:, :, LANDMARKS.index(of)].mean(1) for name, of in _MIDDLE.items()}
        count, at_s = len(time_s), time_s + self.start_s
        data = Trajectories.dataset(
            at_s,
            sided,
            np.stack([middle[name] for name in MIDLINE], axis=1),
            np.ones((len(SIDES), len(LANDMARKS), count)),
            np.zeros((count, len(SIDES), len(JOINTS))),
            np.zeros(count),
            np.zeros(count),
        )
        heading = "away" if self.is_behind else "towards"
        leg_px = _FOCAL_PX * self.zoom * LEG_M / (self.near_m + self.step_m / self.stride_s * self.duration_s)
        walk = Trajectories(
            data,
            (Pass(float(at_s[0]), float(at_s[-1]) + 1.0 / self.rate_hz, heading, 0, None),),
            View("frontal", 1.0, 90.0),
            Scale(leg_px, LEG_M / leg_px, "height", 0.02),
            cutoff_hz=7.0,
            is_treadmill=False,
            source_rate_hz=self.rate_hz,
            is_capture=True,  # No network saw these points: its bias is not taken off.
        )
        events = GaitEvents.from_rows([(time + self.start_s, side, kind, 0.9) for time, side, kind in self._events()])
        return Clip(walk, events, cut_cycles(walk, events))

    def _events(self) -> list[tuple[float, str, str]]:
        return [
            (time, side, kind)
            for side in SIDES
            for number in range(-1, int(self.duration_s / self.stride_s) + 1)
            for kind, time in (
                ("initial_contact", self._contact_s(side, number)),
                ("toe_off", self._contact_s(side, number) + _STANCE * self.stride_s),
            )
            if 0.0 < time < self.duration_s
        ]

    def truth(self, fault: str = "normal", side: str = "left") -> dict[str, Any]:
        """The per-frame truth, as that of a rendered film."""
        time_s = np.arange(0.0, self.duration_s, 1.0 / self.rate_hz)
        room = self._room(time_s)
        joints = {
            f"{name}_{which[0]}": room[:, index, number].tolist()
            for index, which in enumerate(SIDES)
            for number, name in enumerate(LANDMARKS)
        }
        return {
            "fps": self.rate_hz,
            "frames": len(time_s),
            "fault": fault,
            "affected_side": None if fault == "normal" else side[0].upper(),
            "severity": 0.8,
            "leg_length_m": {"L": LEG_M, "R": LEG_M},
            "joints3d": joints | {"head": room[:, :, 0].mean(1).tolist()},
            "events": [{"t": at, "side": which[0].upper(), "type": kind} for at, which, kind in self._events()],
            "strides": [],
            "per_frame": {},
        }

    def _contact_s(self, side: str, number: int) -> float:
        return (number + (0.1 if side == "left" else 0.6)) * self.stride_s

    def _alone(self, side: str, time_s: np.ndarray) -> np.ndarray:
        """0..1 over the time in which a side stands alone."""
        phase = ((time_s - self._contact_s(side, 0)) / self.stride_s) % 1.0
        return np.sin(np.pi * np.clip((phase - 0.12) / 0.38, 0.0, 1.0)) ** 2

    def _forward_m(self, time_s: np.ndarray) -> np.ndarray:
        return time_s * 2 * self.step_m / self.stride_s

    def _room(self, time_s: np.ndarray) -> np.ndarray:
        """``(n, sides, landmarks, 3)`` m: forward, left, up."""
        forward = self._forward_m(time_s)
        alone = {side: self._alone(side, time_s) for side in SIDES}
        lean = np.radians(
            self.list_deg + self.lean_deg["left"] * alone["left"] - self.lean_deg["right"] * alone["right"]
        )
        low = sum(self.sink_m[side] * alone[side] for side in SIDES)
        up = _PELVIS_M - low
        room = np.zeros((len(time_s), len(SIDES), len(LANDMARKS), 3))
        for index, (side, out) in enumerate((("left", 1.0), ("right", -1.0))):
            foot = self._foot(side, out, time_s)
            neck = [forward, _TRUNK_M * np.sin(lean) + 0.18 * out, up + _TRUNK_M * np.cos(lean)]
            hip = [forward, np.full_like(up, 0.09 * out), up]
            knee = [(forward + foot["ankle"][0]) / 2, (0.09 * out + foot["ankle"][1]) / 2, (up + foot["ankle"][2]) / 2]
            arm = [[neck[0], neck[1] + 0.05 * out, neck[2] - drop] for drop in (0.28, 0.52)]
            points = {"shoulder": neck, "elbow": arm[0], "wrist": arm[1], "hip": hip, "knee": knee, **foot}
            for number, name in enumerate(LANDMARKS):
                room[:, index, number] = np.stack(points[name], axis=1)
        return room

    def _foot(self, side: str, out: float, time_s: np.ndarray) -> dict[str, list[np.ndarray]]:
        """Ankle, heel and toe in the room, each ``[forward, left, up]``."""
        phase = (time_s - self._contact_s(side, 0)) / self.stride_s
        number, phase = np.floor(phase), phase % 1.0
        swing = np.clip((phase - _STANCE) / (1.0 - _STANCE), 0.0, 1.0)
        way = swing * swing * (3.0 - 2.0 * swing)
        place = (self._contact_s(side, 0) / self.stride_s + number + way) * 2 * self.step_m + 0.5 * self.step_m
        bump = np.sin(np.pi * swing) ** 2
        across = out * (self.width_m / 2 + self.arc_m[side] * bump)
        # The ankle rises with the heel, before toe-off, and is highest early in swing.
        up = _ANKLE_M + 0.13 * np.sin(np.pi * np.clip((phase - 0.45) / 0.55, 0.0, 1.0) ** 0.8) ** 2
        turn = np.radians(self.toe_out_deg[side])

        def at(ahead: float, height: float) -> list[np.ndarray]:
            return [place + ahead * np.cos(turn), across + out * ahead * np.sin(turn), up + height]

        return {"ankle": at(0.0, 0.0), "heel": at(-0.04, -0.05), "toe": at(0.176, -0.06)}

    def _project(self, room: np.ndarray, last_m: float) -> np.ndarray:
        """A pinhole in front of the end of the walk, or behind its beginning."""
        away = room[..., 0] + self.near_m if self.is_behind else last_m + self.near_m - room[..., 0]
        across = -room[..., 1] if self.is_behind else room[..., 1]
        picture = np.stack([across / away, (room[..., 2] - _CAMERA_HEIGHT_M) / away], axis=-1) * _FOCAL_PX * self.zoom
        turn = np.radians(self.roll_deg)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        return picture @ rotation.T + np.array([640.0, 360.0])


_MIDDLE = {"head": "shoulder", "neck": "shoulder", "pelvis": "hip"}
