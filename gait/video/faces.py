"""Making the walker's face unrecognisable in every picture we hand out."""

from __future__ import annotations

import cv2
import numpy as np

from gait.core.pose import Pose

#: Keypoints below this confidence do not place a head (our estimate).
_MIN_CONFIDENCE = 0.3

#: Side of the hidden square in shoulder-hip distances. A head is 0.130 of stature high and the trunk 0.288 from
#: shoulder to hip (Winter 2009, Biomechanics and Motor Control of Human Movement, fig. 4.1): 0.45; doubled for safety.
_SIDE_PER_TRUNK = 0.9

#: Head centre above the shoulders' middle, in shoulder-hip distances, where the head itself is not seen (our estimate).
_HEAD_PER_TRUNK = 0.4

#: Smallest hidden square, in px: nobody is known by less (our estimate).
_MIN_SIDE_PX = 16.0

#: How fast the square grows away from the next sighting of the head, in sides per second (our estimate: walking moves
#: a head by about two sides a second, most of which interpolation already follows).
_GROWTH_PER_S = 2.0

#: A head not seen for this long before or after is taken to be out of the picture, in s (our estimate).
_FADE_S = 1.0

#: Blocks across the hidden square. Six tell nothing of a face, and the blur over them hides the blocks (our estimate).
_BLOCKS = 6


class FaceBlur:
    """Hides the walker's face.

    Parameters
    ----------
    pose
        The walker's keypoints. Other people's faces are not known and stay as they are.

    Notes
    -----
    Where the head was not seen for a while, its place is interpolated (and held for 1 s at the ends), and the hidden
    square grows with the distance in time, so gaps stay covered.
    """

    def __init__(self, pose: Pose) -> None:
        centre, side = _heads(pose)
        seen = np.isfinite(centre).all(axis=1) & np.isfinite(side)
        self._time_s = pose.time_s[seen]
        self._centre, self._side = centre[seen], side[seen]

    def box(self, time_s: float) -> tuple[float, float, float, float] | None:
        """``(left, top, right, bottom)`` px of the square to hide at a time; None where no head is near in time."""
        if not len(self._time_s):
            return None
        away_s = float(np.min(np.abs(self._time_s - time_s)))
        inside = self._time_s[0] <= time_s <= self._time_s[-1]
        if not inside and away_s > _FADE_S:
            return None
        x, y = (float(np.interp(time_s, self._time_s, self._centre[:, axis])) for axis in (0, 1))
        grown = 1.0 + _GROWTH_PER_S * min(away_s, _FADE_S)
        half = 0.5 * grown * float(np.interp(time_s, self._time_s, self._side))
        return x - half, y - half, x + half, y + half

    def hide(self, image: np.ndarray, time_s: float, scale: float = 1.0) -> None:
        """Blur the face in a picture, in place.

        Parameters
        ----------
        image
            ``(height, width, 3)`` uint8.
        time_s
            Its time.
        scale
            Size of the picture relative to the film.
        """
        box = self.box(time_s)
        if box is None:
            return
        height, width = image.shape[:2]
        left, right = (int(np.clip(round(value * scale), 0, width)) for value in (box[0], box[2]))
        top, bottom = (int(np.clip(round(value * scale), 0, height)) for value in (box[1], box[3]))
        if right - left < 2 or bottom - top < 2:
            return
        face = image[top:bottom, left:right]
        coarse = cv2.resize(face, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
        image[top:bottom, left:right] = cv2.resize(coarse, (right - left, bottom - top), interpolation=cv2.INTER_LINEAR)


def hide_top(jpeg: bytes) -> bytes:
    """A thumbnail with its upper third made unrecognisable: there the head is, whoever it shows.

    Parameters
    ----------
    jpeg
        A picture of one upright person, or empty.

    Returns
    -------
    bytes
        JPEG, or empty.
    """
    if not jpeg:
        return jpeg
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        return b""
    top = image[: image.shape[0] // 3]
    small = cv2.resize(top, (_BLOCKS, _BLOCKS), interpolation=cv2.INTER_AREA)
    image[: image.shape[0] // 3] = cv2.resize(small, top.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    return cv2.imencode(".jpg", image)[1].tobytes()


def _heads(pose: Pose) -> tuple[np.ndarray, np.ndarray]:
    """``(n, 2)`` middle and ``(n,)`` side of the square around the head, in px; NaN where unknown."""
    head = _middle(pose, ("nose", "left_ear", "right_ear"))
    shoulders, hips = (_middle(pose, (f"left_{name}", f"right_{name}")) for name in ("shoulder", "hip"))
    trunk = np.linalg.norm(shoulders - hips, axis=1)
    # Without hips (a walker cut off below), the usual trunk will do.
    trunk = np.where(np.isfinite(trunk), trunk, np.nanmedian(trunk) if np.isfinite(trunk).any() else np.nan)
    guessed = shoulders + _HEAD_PER_TRUNK * (shoulders - hips)
    centre = np.where(np.isfinite(head), head, guessed)
    width = np.linalg.norm(_of(pose, "left_shoulder") - _of(pose, "right_shoulder"), axis=1)
    # Bent forward, the trunk looks short from the front; shoulders are then wide (biacromial 0.259 of stature, same
    # source: 2 heads).
    side = np.fmax(_SIDE_PER_TRUNK * trunk, np.nan_to_num(width))
    return centre, np.fmax(side, _MIN_SIDE_PX)


def _of(pose: Pose, keypoint: str) -> np.ndarray:
    """``(n, 2)`` px of one keypoint; NaN where it is not believed."""
    chosen = pose.data.sel(keypoint=keypoint)
    position = chosen["position"].transpose("time", "space").values
    return np.where((chosen["confidence"].values >= _MIN_CONFIDENCE)[:, None], position, np.nan)


def _middle(pose: Pose, keypoints: tuple[str, ...]) -> np.ndarray:
    """``(n, 2)`` mean of those keypoints that are seen."""
    points = np.stack([_of(pose, keypoint) for keypoint in keypoints])
    seen = np.isfinite(points)
    total = np.where(seen, points, 0.0).sum(axis=0)
    return np.where(seen.any(axis=0), total / np.maximum(seen.sum(axis=0), 1), np.nan)
