"""Lines, markers and letters on pictures: the skeleton, its events, and a strip that shows the footfalls."""

from __future__ import annotations

import cv2
import numpy as np

from gait.core.analysis import Analysis
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.skeleton import BONES, KEYPOINTS
from gait.core.trajectories import Trajectories

Colour = tuple[int, int, int]

#: RGB, the same in every picture: blue #0072B2 left, vermilion #D55E00 right (Okabe & Ito 2008, "Color universal
#: design": told apart by colour-blind people too).
SIDE_COLOURS: dict[Side, Colour] = {"left": (0x00, 0x72, 0xB2), "right": (0xD5, 0x5E, 0x00)}
_WHITE: Colour = (255, 255, 255)
_PAPER: Colour = (24, 24, 27)
_GREY: Colour = (150, 150, 155)

_FONT = cv2.FONT_HERSHEY_SIMPLEX

#: Keypoints below this confidence are not drawn (our estimate).
_MIN_CONFIDENCE = 0.3

#: A gap of the pose up to this long is bridged, in s (our estimate; two steps of film at 15 Hz).
_BRIDGE_S = 0.15

#: An event flashes for this long on each side of its time, in s, so that the eye catches it (our estimate).
_FLASH_S = 0.10

_EVENT_NAMES = {"initial_contact": "initial contact", "toe_off": "toe-off"}


class Skeleton:
    """The walker's keypoints at any time, and how to draw them.

    Parameters
    ----------
    pose
        Keypoints, in px of the film.
    trajectories
        Tell which leg is nearer to the camera.
    """

    def __init__(self, pose: Pose, trajectories: Trajectories) -> None:
        self._time_s = pose.time_s
        position = pose.data["position"].transpose("time", "keypoint", "space").values
        confidence = pose.data["confidence"].transpose("time", "keypoint").values
        self._position = np.where((confidence >= _MIN_CONFIDENCE)[..., None], position, np.nan)
        self._trajectories = trajectories

    def at(self, time_s: float) -> dict[str, np.ndarray]:
        """``(2,)`` px of every keypoint seen at a time; between two frames that are near, in between."""
        index = int(np.searchsorted(self._time_s, time_s))
        before, after = max(index - 1, 0), min(index, len(self._time_s) - 1)
        if not len(self._time_s):
            return {}
        near = before if abs(self._time_s[before] - time_s) <= abs(self._time_s[after] - time_s) else after
        if abs(self._time_s[near] - time_s) > _BRIDGE_S:
            return {}
        points = self._position[near]
        span = self._time_s[after] - self._time_s[before]
        if 0 < span <= _BRIDGE_S:
            share = (time_s - self._time_s[before]) / span
            between = (1 - share) * self._position[before] + share * self._position[after]
            points = np.where(np.isfinite(between), between, points)
        return {name: point for name, point in zip(KEYPOINTS, points, strict=True) if np.isfinite(point).all()}

    def near_side(self, time_s: float) -> Side | None:
        """The side nearer to the camera, where there is one."""
        index = self._trajectories.pass_at(time_s)
        return None if index is None else self._trajectories.passes[index].near_side

    def draw(self, image: np.ndarray, time_s: float, shift: np.ndarray, scale: float, width_px: float) -> None:
        """Draw bones and joints, in place.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8 RGB.
        time_s
            When.
        shift, scale
            A point of the film lies at ``(point - shift) * scale`` in the picture.
        width_px
            Width of the lines of the near leg; those of the far leg are half as wide.
        """
        points = self.at(time_s)
        near = self.near_side(time_s)
        # The far side first, so that the near one lies on top, as in life.
        for side in sorted(SIDES, key=lambda name: name == near):
            line = max(1, round(width_px * (0.5 if near is not None and side != near else 1.0)))
            for first, second in BONES:
                ends = [points.get(f"{side}_{first}"), points.get(f"{side}_{second}")]
                if ends[0] is not None and ends[1] is not None:
                    a, b = (_pixel((end - shift) * scale) for end in ends if end is not None)
                    cv2.line(image, a, b, SIDE_COLOURS[side], line, cv2.LINE_AA)
            for name, point in points.items():
                if name.startswith(f"{side}_") and not name.endswith("ear"):
                    at = _pixel((point - shift) * scale)
                    cv2.circle(image, at, line + 1, _WHITE, -1, cv2.LINE_AA)
                    cv2.circle(image, at, line, SIDE_COLOURS[side], -1, cv2.LINE_AA)


def _pixel(point: np.ndarray) -> tuple[int, int]:
    # Far outside is as good as outside; OpenCV's integers would overflow.
    x, y = np.clip(np.round(point), -30_000, 30_000).astype(int)
    return int(x), int(y)


def write(image: np.ndarray, text: str, at: tuple[int, int], height_px: float, colour: Colour = _WHITE) -> None:
    """Write a line with a dark rim, its baseline beginning at a point; readable on any ground."""
    # Capital letters of this font are 22 px high at scale 1.
    scale, thickness = height_px / 22.0, max(1, round(height_px / 11))
    rim = max(1, round(height_px / 14))
    # The rim is the same letters moved about: thicker letters would be wider in some versions of OpenCV.
    for dx, dy in ((-rim, 0), (rim, 0), (0, -rim), (0, rim)):
        cv2.putText(image, text, (at[0] + dx, at[1] + dy), _FONT, scale, (0, 0, 0), thickness, cv2.LINE_AA)
    cv2.putText(image, text, at, _FONT, scale, colour, thickness, cv2.LINE_AA)


def draw_flashes(image: np.ndarray, analysis: Analysis, skeleton: Skeleton, time_s: float, scale: float) -> None:
    """Mark initial contacts (ring at the heel) and toe-offs (triangle at the toe) around their time, in place."""
    table = analysis.events.table
    now = table[(table["time_s"] - time_s).abs() <= _FLASH_S]
    for side, kind in zip(now["side"], now["kind"], strict=True):
        is_contact = kind == "initial_contact"
        point = skeleton.at(time_s).get(f"{side}_{'heel' if is_contact else 'toe'}")
        if point is None:
            continue
        x, y = _pixel(point * scale)
        size, line = max(7, image.shape[1] // 70), max(2, image.shape[1] // 400)
        colour = SIDE_COLOURS[side]
        if is_contact:
            cv2.circle(image, (x, y), size, _WHITE, line + 2, cv2.LINE_AA)
            cv2.circle(image, (x, y), size, colour, line, cv2.LINE_AA)
        else:
            corners = np.array([[x, y - size], [x - size, y + size], [x + size, y + size]])
            cv2.polylines(image, [corners], True, _WHITE, line + 2, cv2.LINE_AA)
            cv2.polylines(image, [corners], True, colour, line, cv2.LINE_AA)
        label = f"{side} {_EVENT_NAMES[kind]}"
        letter = max(9, image.shape[0] // 50)
        left = int(np.clip(x - 4 * letter, 4, max(4, image.shape[1] - 14 * letter)))
        # One line each, since contact of one foot and toe-off of the other come close together.
        below = y + 2 * size + (letter if is_contact else 3 * letter)
        write(image, label, (left, min(below, image.shape[0] - (2 * letter if is_contact else 4))), letter)


def draw_facts(image: np.ndarray, trajectories: Trajectories, time_s: float) -> None:
    """Write time, knee flexion and foot pitch of both sides into the upper left corner, in place."""
    letter = max(9, image.shape[0] // 45)
    write(image, f"{time_s:6.2f} s", (letter, 2 * letter), letter)
    for row, side in enumerate(SIDES, start=1):
        knee, foot = (_value_at(trajectories, side, joint, time_s) for joint in ("knee_flexion", "foot_pitch"))
        text = f"{side}: knee {_degrees(knee)}  foot {_degrees(foot)}"
        write(image, text, (letter, 2 * letter + row * 2 * letter), letter, _light(SIDE_COLOURS[side]))


def _value_at(trajectories: Trajectories, side: str, joint: str, time_s: float) -> float:
    times = trajectories.time_s
    if not len(times) or not times[0] - _BRIDGE_S <= time_s <= times[-1] + _BRIDGE_S:
        return float("nan")
    return float(np.interp(time_s, times, trajectories.joint(side, joint)))


def _degrees(value: float) -> str:
    if not np.isfinite(value):
        return "-"
    whole = round(value)
    return f"{whole:+d} deg" if whole else "0 deg"


def _light(colour: Colour) -> Colour:
    """A lighter tone, so that small letters can be read on dark ground."""
    red, green, blue = (round(0.5 * value + 127) for value in colour)
    return red, green, blue


class Strip:
    """The footfall strip below the picture: a row for each foot, bars while it stands, a cursor that moves.

    Parameters
    ----------
    analysis
        Its events.
    size
        Width and height, in px.
    """

    def __init__(self, analysis: Analysis, size: tuple[int, int]) -> None:
        self._size = size
        self._end_s = max(analysis.recording.duration_s, 1e-6)
        self._ground = np.full((size[1], size[0], 3), _PAPER, np.uint8)
        row_px = size[1] / 2
        for row, side in enumerate(SIDES):
            self._draw_row(analysis, side, int(row * row_px), int((row + 1) * row_px))

    def _x(self, time_s: float) -> int:
        margin = self._size[1] // 2
        return margin + round((self._size[0] - margin - 4) * min(max(time_s / self._end_s, 0.0), 1.0))

    def _draw_row(self, analysis: Analysis, side: Side, top: int, bottom: int) -> None:
        third = max(2, (bottom - top) // 4)
        colour = SIDE_COLOURS[side]
        letter = max(8, (bottom - top) // 2)
        write(self._ground, side[0].upper(), (4, (top + bottom + letter) // 2), letter, _light(colour))
        contacts = analysis.events.times_s(side, "initial_contact")
        offs = analysis.events.times_s(side, "toe_off")
        for contact in contacts:
            # A stance ends at the next toe-off, unless another contact comes first (its toe-off was not seen).
            later, again = offs[offs > contact], contacts[contacts > contact]
            if len(later) and not (len(again) and again[0] < later[0]):
                cv2.rectangle(
                    self._ground, (self._x(contact), top + third), (self._x(later[0]), bottom - third), colour, -1
                )
        for contact in contacts:
            cv2.line(self._ground, (self._x(contact), top + 2), (self._x(contact), bottom - 2), _WHITE, 2)
        for off in offs:
            cv2.line(self._ground, (self._x(off), top + third), (self._x(off), bottom - third), _GREY, 1)

    def at(self, time_s: float) -> np.ndarray:
        """``(height, width, 3)`` the strip with the cursor at a time."""
        strip = self._ground.copy()
        cv2.line(strip, (self._x(time_s), 0), (self._x(time_s), self._size[1]), _WHITE, max(1, self._size[0] // 600))
        return strip
