"""How the camera moved: the background followed from frame to frame, people left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import median_filter

from gait.core.recording import PHONE_FOCAL_LENGTHS, CameraMotion, Frame
from gait.video.homography import (
    Transform,
    enlarge,
    inner_tracks,
    is_plausible,
    middle_of_overlap,
    shift_px,
    similarity,
)

#: Long side of the grey picture that is tracked, in px, roughly: enough for 0.3 px of the film, small enough for 5 ms
#: a frame.
_LONG_SIDE_PX = 480

_MAX_FEATURES = 240
_GRID_COLUMNS, _GRID_ROWS = 6, 4

#: Fewer matched features than this do not tell a similarity from chance (our estimate).
_MIN_MATCHES = 12

#: A new keyframe is taken when less than this share of its features is matched (our estimate).
_RENEW_SHARE = 0.25

#: ... or when the picture has moved by this share of its width (5 deg on a phone): farther away, a turned camera's
#: picture is no longer a shifted one, and the error of taking it for one grows with the cube (0.2 px there).
_RENEW_SHIFT = 0.08

#: People's boxes are grown by this share on each side: arms and feet stick out of boxes made of keypoints.
_GROW = 0.15

#: Forward-backward error above which a feature is not believed, in px of the small picture (method: Kalal, Mikolajczyk
#: & Matas 2010, "Forward-backward error: automatic detection of tracking failures", ICPR; the figure is our estimate).
_MAX_RETURN_PX = 0.5

#: Distance from the common motion up to which a feature belongs to the background, in px of the small picture
#: (our estimate: tracking noise is 0.1 px; the rest is for depth, which a homography cannot follow).
_MAX_RESIDUAL_PX = 1.0

#: A picture that slides (the phone is carried) is preferred to one that turns only when it fits so much better.
_SLIDE_GAIN = 0.8

#: Share of features that must not have moved for the camera to be taken as resting (our estimate).
_STAYED_SHARE = 0.4

#: Below this share of the picture's width the camera stood still (our estimate: 2 px of 1280).
_STILL_SHARE = 0.0015

_LK = {
    "winSize": (15, 15),
    "maxLevel": 3,
    "criteria": (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01),
}

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Keyframe:
    """A frame whose features are found again in the frames after it."""

    small: np.ndarray
    points: np.ndarray
    to_first: Transform


class CameraTracker:
    """Follows the background of a film.

    Call :meth:`see` for every frame in order, then :meth:`motion`. Every frame is matched with a keyframe, not with
    the frame before, so that errors do not add up; the keyframe is renewed only when too little of it is left in view.
    A hand-held camera mostly sees its first frame all along, so its motion has no drift at all.

    Notes
    -----
    Corners (Shi & Tomasi 1994, "Good features to track", CVPR) spread over a grid, pyramidal Lucas-Kanade flow
    (Bouguet 2000, Intel report), homography by RANSAC (Fischler & Bolles 1981, Commun. ACM 24(6)): a turning camera
    moves its picture by a homography, exactly (Hartley & Zisserman 2004, Multiple View Geometry, 8.4). It is
    reported as the similarity that agrees with it at the walker, where it is needed. In a long pan these similarities
    unroll the room like a cylinder, so that the walker keeps the same size. Where the camera itself travels, things at
    the walker's distance move more than the wall behind, which no transform of the picture can tell.
    """

    def __init__(self) -> None:
        self._keyframe: _Keyframe | None = None
        self._first: _Keyframe | None = None
        self._scale = 1.0
        self._size = (0, 0)
        self._to_keyframe: Transform = np.eye(3)
        self._walker_at: np.ndarray | None = None
        self._before: tuple[np.ndarray, np.ndarray] | None = None
        self._chained: Transform = np.eye(3)
        self._time_s: list[float] = []
        self._to_first: list[Transform] = []
        self._is_measured: list[bool] = []

    def see(self, frame: Frame, people_boxes_px: Sequence[Box] = ()) -> None:
        """Take in the next frame.

        Parameters
        ----------
        frame
            The frame, at the size of all others.
        people_boxes_px
            ``(left, top, right, bottom)`` of everybody seen in it, in px of the frame.
        """
        small = self._shrink(frame.image)
        background = _background(small.shape, people_boxes_px, self._scale)
        self._time_s.append(frame.time_s)
        if self._keyframe is None:
            self._to_first.append(np.eye(3))
            self._is_measured.append(self._renew(small, background, np.eye(3)))
            self._before = (small, background)
            return
        found = self._find(self._keyframe, small, background)
        self._before = (small, background)
        if found is None:
            self._lose(small, background)
            return
        self._to_keyframe, share = found
        middle = middle_of_overlap(self._to_keyframe, self._size)
        walker = self._where_walker(people_boxes_px)
        self._to_first.append(self._keyframe.to_first @ similarity(self._to_keyframe, middle, walker))
        self._is_measured.append(True)
        # The chain of keyframes goes through the middle of what both see: there a pure turn changes no sizes.
        self._chained = self._keyframe.to_first @ similarity(self._to_keyframe, middle, middle)
        is_thin = share < max(_RENEW_SHARE, 2.0 * _MIN_MATCHES / len(self._keyframe.points))
        is_far = shift_px(self._to_keyframe, self._size) > _RENEW_SHIFT * self._size[0]
        if (is_thin or is_far) and not self._return(small, background, self._chained):
            self._renew(small, background, self._chained)

    def motion(self) -> CameraMotion | None:
        """The motion of all frames seen, in px of the film; None when the camera stood still.

        Still means that, after a running median, no corner of the picture's middle half strayed from where it mostly
        was by more than 0.15 % of the picture's width (our estimate) in 98 % of the frames: correcting less would only
        add noise. A curtain that hangs behind the walker and moves in the draught can still look like 0.2 to 0.3 %.
        """
        is_measured = np.array(self._is_measured, bool)
        if is_measured.sum() < 2:
            return None
        transforms = _interpolate(np.array(self._time_s), np.array(self._to_first), is_measured)
        if _is_still(transforms, self._size):
            return None
        return CameraMotion(np.array(self._time_s), enlarge(transforms, self._scale), is_measured)

    def _shrink(self, image: np.ndarray) -> np.ndarray:
        """Grey picture, smaller by a whole number: averaging whole blocks aliases nothing and is fast."""
        height, width = image.shape[:2]
        step = max(1, round(max(height, width) / _LONG_SIDE_PX))
        self._scale = 1.0 / step
        self._size = (width // step, height // step)
        whole = image[: self._size[1] * step, : self._size[0] * step]
        small = cv2.resize(whole, self._size, interpolation=cv2.INTER_AREA) if step > 1 else whole
        return cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)

    def _where_walker(self, boxes_px: Sequence[Box]) -> np.ndarray:
        """``(2,)`` middle of the tallest person's box in px of the small picture; where last seen, or the middle."""
        boxes = [box for box in boxes_px if np.isfinite(box).all()]
        if boxes:
            left, top, right, bottom = max(boxes, key=lambda box: box[3] - box[1])
            self._walker_at = np.array([left + right, top + bottom]) * 0.5 * self._scale
        return np.array(self._size) / 2 if self._walker_at is None else self._walker_at

    def _return(self, small: np.ndarray, background: np.ndarray, to_first: Transform) -> bool:
        """Go back to the first frame as keyframe where the camera looks there again: that ends all drift."""
        first = self._first
        if first is None or first is self._keyframe or shift_px(to_first, self._size) > _RENEW_SHIFT * self._size[0]:
            return False
        found = _match(first, small, background, to_first)
        if found is None or found[1] < _RENEW_SHARE:
            return False
        self._keyframe, self._to_keyframe = first, found[0]
        return True

    def _renew(self, small: np.ndarray, background: np.ndarray, to_first: Transform) -> bool:
        """Make this frame the keyframe, if it shows enough; the old one is kept otherwise."""
        points = _corners(small, background)
        if len(points) < _MIN_MATCHES:
            return False
        self._keyframe = _Keyframe(small, points, to_first)
        self._first = self._first or self._keyframe
        self._to_keyframe = np.eye(3)
        return True

    def _find(self, keyframe: _Keyframe, small: np.ndarray, background: np.ndarray) -> tuple[Transform, float] | None:
        """The frame on its keyframe; where too little of that is left (a bare wall), on the frame before."""
        found = _match(keyframe, small, background, self._to_keyframe)
        if found is not None or self._before is None or not self._is_measured[-1]:
            return found
        kept = (keyframe, self._to_keyframe)
        if self._renew(*self._before, self._chained) and self._keyframe is not None:
            found = _match(self._keyframe, small, background, np.eye(3))
        if found is None:
            self._keyframe, self._to_keyframe = kept
        return found

    def _lose(self, small: np.ndarray, background: np.ndarray) -> None:
        """The frame was not found: the camera is taken to move on as it did, and a new keyframe is tried after 5."""
        step = np.zeros((3, 3))
        if len(self._to_first) > 1:
            step[:2, 2] = (self._to_first[-1] - self._to_first[-2])[:2, 2]
        self._to_first.append(self._to_first[-1] + step)
        self._chained = self._chained + step
        self._is_measured.append(False)
        if not any(self._is_measured[-5:]):
            self._renew(small, background, self._chained)


def _background(shape: tuple[int, ...], boxes_px: Sequence[Box], scale: float) -> np.ndarray:
    """``(height, width)`` uint8 mask: 255 where nobody is."""
    mask = np.full(shape[:2], 255, np.uint8)
    for left, top, right, bottom in boxes_px:
        if not np.isfinite([left, top, right, bottom]).all():
            continue
        dx, dy = _GROW * (right - left), _GROW * (bottom - top)
        x0, x1 = (int(np.clip(v * scale, 0, shape[1])) for v in (left - dx, right + dx))
        y0, y1 = (int(np.clip(v * scale, 0, shape[0])) for v in (top - dy, bottom + dy))
        mask[y0:y1, x0:x1] = 0
    return mask


def _corners(small: np.ndarray, background: np.ndarray) -> np.ndarray:
    """``(n, 1, 2)`` float32 corners, spread over a grid so that one bright poster does not speak for the room."""
    points = cv2.goodFeaturesToTrack(small, 4 * _MAX_FEATURES, 0.005, 6, mask=background, blockSize=5)
    if points is None:
        return np.empty((0, 1, 2), np.float32)
    column = (points[:, 0, 0] * _GRID_COLUMNS / small.shape[1]).astype(int)
    row = (points[:, 0, 1] * _GRID_ROWS / small.shape[0]).astype(int)
    cell = row * _GRID_COLUMNS + column
    quota = 2 * _MAX_FEATURES // (_GRID_COLUMNS * _GRID_ROWS)
    # Corners come strongest first; keep the strongest of each cell.
    rank = np.array([np.count_nonzero(cell[:i] == c) for i, c in enumerate(cell)])
    return np.ascontiguousarray(points[rank < quota][:_MAX_FEATURES], np.float32)


def _match(
    keyframe: _Keyframe, small: np.ndarray, background: np.ndarray, to_keyframe: Transform
) -> tuple[Transform, float] | None:
    """Where the frame lies on its keyframe, and the share of features that agree; None when too few do."""
    # The last frame's transform tells where to look; large motions are then small ones.
    guess = cv2.perspectiveTransform(keyframe.points, np.linalg.inv(to_keyframe)).astype(np.float32)
    inside = _is_on(guess, background)
    here, guess = keyframe.points[inside], np.ascontiguousarray(guess[inside])
    if len(here) < _MIN_MATCHES:
        return None
    there, seen, _ = cv2.calcOpticalFlowPyrLK(
        keyframe.small, small, here, guess.copy(), flags=cv2.OPTFLOW_USE_INITIAL_FLOW, **_LK
    )
    back, returned, _ = cv2.calcOpticalFlowPyrLK(
        small, keyframe.small, there, here.copy(), flags=cv2.OPTFLOW_USE_INITIAL_FLOW, **_LK
    )
    good = (seen[:, 0] > 0) & (returned[:, 0] > 0) & (np.abs(back - here).max(axis=(1, 2)) < _MAX_RETURN_PX)
    good &= _is_on(there, background)
    if good.sum() < _MIN_MATCHES:
        return None
    there, here = there[good], here[good]
    common = _common(there, here, to_keyframe)
    if common.sum() < _MIN_MATCHES:
        return None
    for _ in range(2):  # Again with those that fit the first result: shadows and people drop out.
        matrix = _fit(there[common][:, 0], here[common][:, 0], small.shape)
        common = _residual(there, here, matrix) < _MAX_RESIDUAL_PX
        if common.sum() < _MIN_MATCHES or not is_plausible(matrix, small.shape):
            return None
    return matrix, float(common.sum() / len(keyframe.points))


def _common(there: np.ndarray, here: np.ndarray, before: Transform) -> np.ndarray:
    """``(n,)`` which features move with the background.

    When many of them lie where they lay in the keyframe, or where the last frame's transform puts them, those are it:
    a camera at rest stays at rest, whatever walks past or flutters. Else RANSAC looks for the largest common motion.
    """
    for rest in (np.eye(3), before):
        stayed = _residual(there, here, rest) < _MAX_RESIDUAL_PX / 2
        if stayed.mean() >= _STAYED_SHARE and stayed.sum() >= _MIN_MATCHES:
            return stayed
    cv2.setRNGSeed(0)  # The same film gives the same result.
    matrix, inliers = cv2.findHomography(there, here, cv2.RANSAC, _MAX_RESIDUAL_PX, maxIters=500)
    return np.zeros(len(there), bool) if matrix is None else inliers[:, 0].astype(bool)


def _residual(there: np.ndarray, here: np.ndarray, matrix: Transform) -> np.ndarray:
    """``(n,)`` distance between features and where a transform sends them, in px of the small picture."""
    return np.linalg.norm(cv2.perspectiveTransform(there, matrix) - here, axis=(1, 2))


def _fit(there: np.ndarray, here: np.ndarray, shape: tuple[int, ...]) -> Transform:
    """The homography of a camera that turned, rolled and zoomed a little; of one that slid where that fits better.

    A free homography has eight numbers and trembles; a turn has four. With coordinates from the picture's middle and
    a turn by a small angle t about the vertical, ``x' = (x + f t) / (1 - x t / f)``: the shift ``s = f t`` comes
    again in the denominator as ``k s``, ``k = 1 / f**2`` (Hartley & Zisserman 2004, 8.4, for small angles).
    Multiplied out this is linear in scale, turn and shift. ``k = 0`` is a plain similarity, a camera that slides along
    a wall.
    """
    middle = np.array([shape[1], shape[0]]) / 2
    x, y = (there - middle).T.astype(float)
    u, v = (here - middle).T.astype(float)
    one, none = np.ones_like(x), np.zeros_like(x)
    best, best_error = np.eye(3), np.inf
    for k, gain in ((1.0 / (PHONE_FOCAL_LENGTHS * max(shape[:2])) ** 2, _SLIDE_GAIN), (0.0, 1.0)):
        rows_u = np.stack([x, -y, one + k * u * x, k * u * y], axis=1)
        rows_v = np.stack([y, x, none + k * v * x, one + k * v * y], axis=1)
        rows, goal = np.concatenate([rows_u, rows_v]), np.concatenate([u, v])
        a, b, right, down = np.linalg.lstsq(rows, goal, rcond=None)[0]
        error = gain * float(np.sqrt(np.mean((rows @ [a, b, right, down] - goal) ** 2)))
        if error < best_error:
            best = np.array([[a, -b, right], [b, a, down], [-k * right, -k * down, 1.0]])
            best_error = error
    to_middle = np.array([[1.0, 0.0, -middle[0]], [0.0, 1.0, -middle[1]], [0.0, 0.0, 1.0]])
    from_middle = np.array([[1.0, 0.0, middle[0]], [0.0, 1.0, middle[1]], [0.0, 0.0, 1.0]])
    return from_middle @ best @ to_middle


def _is_on(points: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """``(n,)`` whether ``(n, 1, 2)`` points lie inside the picture and on the mask."""
    x, y = np.round(points[:, 0, :]).astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < mask.shape[1]) & (y < mask.shape[0])
    inside[inside] = mask[y[inside], x[inside]] > 0
    return inside


def _is_still(transforms: np.ndarray, size: tuple[int, int]) -> bool:
    tracks = median_filter(inner_tracks(transforms, size), size=(5, 1, 1), mode="nearest")
    strayed = np.linalg.norm(tracks - np.median(tracks, axis=0), axis=-1)
    return bool(np.percentile(strayed.max(axis=1), 98) < _STILL_SHARE * size[0])


def _interpolate(time_s: np.ndarray, transforms: np.ndarray, is_measured: np.ndarray) -> np.ndarray:
    """Fill frames that were not measured; the four numbers of a similarity go linearly in time."""
    filled = transforms.copy()
    for row, column in ((0, 0), (1, 0), (0, 2), (1, 2)):
        filled[:, row, column] = np.interp(time_s, time_s[is_measured], transforms[is_measured, row, column])
    filled[:, 1, 1], filled[:, 0, 1] = filled[:, 0, 0], -filled[:, 1, 0]
    return filled
