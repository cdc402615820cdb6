"""MediaPipe's pose landmarker as a pose backend. The library is loaded when a method is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np

from gait.core.errors import InputError, NotEnoughDataError, SetupError
from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.pose.base import FrameObserver
from gait.pose.follow import Follower, Seen, boxes_at, keep_followed, people_of
from gait.pose.mapping import from_mediapipe
from gait.pose.model import ModelName, find_model, model_sha256
from gait.pose.quiet import quiet_start
from gait.pose.tracks import Detection, People, Track, is_upside_down, link_detections, trunk_centre
from gait.pose.walker import rank_people

#: Confidence of a landmark that the network places outside the picture: it is guessed, not seen (our choice).
OUTSIDE_CONFIDENCE = 0.1
#: With more than this part of the keypoints outside the picture nobody is there any more (our choice).
MAX_OUTSIDE = 0.5
#: Bodies of less mean confidence are not counted when people are searched for (our estimate: walkers have 0.7 and more,
#: a tree or a body in a somersault 0.2 to 0.4).
MIN_MEAN_CONFIDENCE = 0.45
#: Whoever is detected at this confidence or above is looked at, when people are searched for: of 90 thinned frames of
#: five films of walkers with blurred faces 0.5 finds somebody in 50, 0.3 in 65.
SEARCH_CONFIDENCE = 0.3
#: Smaller pictures of a person are not looked at.
MIN_PATCH_PX = 16
#: Height of the thumbnails, in px.
THUMBNAIL_HEIGHT_PX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaPipe:
    """Google's BlazePose networks through MediaPipe Tasks.

    Attributes
    ----------
    model
        ``heavy`` is the best on feet; ``full`` costs less than half of it; ``lite`` draws a normal foot whatever it
        sees and must not be used to judge feet.
    model_file
        A model file of the user's own; None for the one fetched with ``gait model fetch``.
    min_detection_confidence, min_presence_confidence, min_tracking_confidence
        The network's own thresholds, 0..1; the library's standard values.
    most_people
        How many people are looked for in a frame.

    References
    ----------
    Bazarevsky et al. (2020), BlazePose: On-device Real-time Body Pose Tracking, arXiv:2006.10204.
    """

    model: ModelName = "heavy"
    model_file: Path | None = None
    min_detection_confidence: float = 0.5
    min_presence_confidence: float = 0.5
    min_tracking_confidence: float = 0.5
    most_people: int = 4

    def __post_init__(self) -> None:
        for name in ("min_detection_confidence", "min_presence_confidence", "min_tracking_confidence"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise InputError(f"{name} is {getattr(self, name)}; it must lie between 0 and 1.")
        if self.most_people < 1:
            raise InputError(f"most_people is {self.most_people}; at least one person must be looked for.")

    def find_people(self, frames: Iterable[Frame]) -> People:
        """Find everybody in a few frames a second.

        Parameters
        ----------
        frames
            Thinned frames (about four a second), times increasing.

        Returns
        -------
        People
            Everybody, in the order of their walking score, with thumbnails.

        Raises
        ------
        NotEnoughDataError
            There is not a single frame.
        SetupError, InputError
            See :func:`gait.pose.model.find_model`.
        """
        found: list[list[Detection]] = []
        size = (0, 0)
        sure = min(self.min_detection_confidence, SEARCH_CONFIDENCE)
        with self._landmarker("IMAGE", self.most_people, sure) as landmarker:
            for frame in frames:
                size = frame.image.shape[1::-1]
                poses = (_upright(landmarker, frame.image, pose) for pose in landmarker.image(frame.image))
                sound = [pose for pose in poses if pose is not None and pose[1].mean() >= MIN_MEAN_CONFIDENCE]
                found.append([_detection(frame, *pose) for pose in sound])
        _check_frames(len(found))
        return rank_people(People(link_detections(found), *size))

    def estimate(
        self,
        frames: Iterable[Frame],
        follow: Track | None = None,
        observers: Sequence[FrameObserver] = (),
        progress: Callable[[int], None] | None = None,
    ) -> Pose:
        """Estimate the keypoints of one person in every frame.

        Where others are in the film at the same time, everything outside the followed person's surroundings is
        hidden from the network; what still leaves the followed person's track is removed.

        Parameters
        ----------
        frames
            All frames, times increasing.
        follow
            Whom to follow (:class:`gait.pose.tracks.Track`), or None for whoever is seen.
        observers
            Called with every frame, as filmed, and the boxes of the people known to be in it.
        progress
            Called with the number of frames done.

        Returns
        -------
        Pose
            NaN and confidence 0 where the person was not seen.

        Raises
        ------
        NotEnoughDataError
            There is not a single frame.
        SetupError, InputError
            See :func:`gait.pose.model.find_model`.
        """
        times, positions, confidences = [], [], []
        size = (0, 0)
        with self._landmarker("VIDEO", 1, self.min_detection_confidence) as landmarker:
            follower = Follower(follow, landmarker.video)
            for frame in frames:
                size = frame.image.shape[1::-1]
                position, confidence = follower.look(frame) or _nothing()
                for observe in observers:
                    observe(frame, boxes_at(follow, frame.time_s))
                times.append(frame.time_s)
                positions.append(position)
                confidences.append(confidence)
                if progress is not None:
                    progress(len(times))
            path = landmarker.path
        _check_frames(len(times))
        position, confidence = keep_followed(np.array(times), np.array(positions), np.array(confidences), follow)
        return Pose.from_arrays(
            np.array(times),
            position,
            confidence,
            *size,
            backend=f"mediapipe {version('mediapipe')} {self.model}",
            model_sha256=model_sha256(path),
            people=people_of(follow),
            walker=follow.number if follow is not None else 1,
            is_lite=self.model == "lite",
        )

    @contextmanager
    def _landmarker(
        self, mode: Literal["IMAGE", "VIDEO"], num_poses: int, min_detection_confidence: float
    ) -> Iterator[_Landmarker]:
        path = find_model(self.model, self.model_file)
        try:
            from mediapipe.tasks.python import vision
            from mediapipe.tasks.python.core.base_options import BaseOptions
        except ImportError as error:
            raise SetupError(
                f"The library MediaPipe cannot be loaded ({error}); install this package again with its dependencies."
            ) from error
        options = vision.PoseLandmarkerOptions(
            # The bytes, not the path: the library cannot open paths with letters beyond ASCII on every system.
            base_options=BaseOptions(model_asset_buffer=path.read_bytes()),
            running_mode=vision.RunningMode[mode],
            num_poses=num_poses,
            min_pose_detection_confidence=min_detection_confidence,
            min_pose_presence_confidence=self.min_presence_confidence,
            min_tracking_confidence=self.min_tracking_confidence,
        )
        try:
            with quiet_start():
                native = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            raise SetupError(
                f"The pose model {path} cannot be started ({error}); run `gait model fetch` or give another file."
            ) from error
        try:
            yield _Landmarker(native, path)
        finally:
            native.close()


class _Landmarker:
    """MediaPipe's object with what it needs between calls: quiet at first, time stamps that increase."""

    def __init__(self, native: Any, path: Path) -> None:
        self.path = path
        self._native = native
        self._last_ms = -1
        self._has_spoken = False

    def image(self, image: np.ndarray) -> list[Seen]:
        """Everybody in one picture: ``(2, n_keypoints)`` px and ``(n_keypoints,)`` confidence each."""
        return self._call(self._native.detect, image)

    def video(self, image: np.ndarray, time_s: float) -> list[Seen]:
        """The person in the next picture of the film, if any."""
        # The library counts in whole milliseconds and refuses equal ones; the pose keeps the true times.
        self._last_ms = max(round(time_s * 1000), self._last_ms + 1)
        return self._call(self._native.detect_for_video, image, self._last_ms)

    def _call(self, function: Callable[..., Any], image: np.ndarray, *rest: int) -> list[Seen]:
        import mediapipe

        picture = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(image))
        if self._has_spoken:
            result = function(picture, *rest)
        else:
            # Parts of the graph wake up, and write their lines, only with the first person.
            with quiet_start():
                result = function(picture, *rest)
            self._has_spoken = bool(result.pose_landmarks)
        height, width = image.shape[:2]
        people = (_from_landmarks(landmarks, width, height) for landmarks in result.pose_landmarks)
        return [person for person in people if person is not None]


def _from_landmarks(landmarks: Sequence[Any], width: int, height: int) -> Seen | None:
    """Our keypoints in px, and how far they can be believed; None for a body mostly outside the picture."""
    rows = from_mediapipe(np.array([(mark.x, mark.y, mark.visibility, mark.presence) for mark in landmarks]))
    confidence = np.clip(rows[:, 2:].min(axis=1), 0.0, 1.0)
    outside = (rows[:, :2] < 0).any(axis=1) | (rows[:, :2] > 1).any(axis=1)
    if outside.mean() > MAX_OUTSIDE:
        return None
    confidence[outside] = np.minimum(confidence[outside], OUTSIDE_CONFIDENCE)
    return (rows[:, :2] * (width, height)).T, confidence


def _nothing() -> Seen:
    return np.full((2, len(KEYPOINTS)), np.nan), np.zeros(len(KEYPOINTS))


def _check_frames(count: int) -> None:
    if count == 0:
        raise NotEnoughDataError("The film holds no frame that can be read; film again or convert it.", "no_frames")


def _detection(frame: Frame, position: np.ndarray, confidence: np.ndarray) -> Detection:
    return Detection(
        frame.time_s, position, confidence, _trunk_colour(frame.image, position), _thumbnail(frame.image, position)
    )


def _upright(landmarker: _Landmarker, image: np.ndarray, pose: Seen) -> Seen | None:
    """A pose that stands on its head is looked for once more in a narrower picture; None when that fails too."""
    position, _ = pose
    if not is_upside_down(position):
        return pose
    (left, top), (right, bottom) = position.min(axis=1), position.max(axis=1)
    margin = 0.3 * max(bottom - top, right - left)
    x0, y0 = (max(0, int(edge - margin)) for edge in (left, top))
    patch = _cut(image, left - margin, top - margin, right + margin, bottom + margin)
    if min(patch.shape[:2]) < MIN_PATCH_PX:
        return None
    for again, confidence in landmarker.image(patch):
        if not is_upside_down(again):
            return again + np.array([[x0], [y0]]), confidence
    return None


def _trunk_colour(image: np.ndarray, position: np.ndarray) -> np.ndarray:
    """``(3,)`` mean CIE Lab colour of a small patch at the middle of the trunk; NaN outside the picture."""
    x, y = trunk_centre(position)
    reach = max(2.0, 0.04 * float(np.ptp(position[1])))
    patch = _cut(image, x - reach, y - reach, x + reach, y + reach)
    if patch.size == 0:
        return np.full(3, np.nan)
    colour = patch.reshape(-1, 3).mean(axis=0)[None, None].astype(np.float32) / 255
    return cv2.cvtColor(colour, cv2.COLOR_RGB2LAB)[0, 0].astype(float)


def _thumbnail(image: np.ndarray, position: np.ndarray) -> bytes:
    """JPEG of the person, about 200 px tall; empty when nothing of the person lies inside the picture."""
    (left, top), (right, bottom) = position.min(axis=1), position.max(axis=1)
    margin = 0.12 * (bottom - top)
    patch = _cut(image, left - margin, top - 1.3 * margin, right + margin, bottom + margin)
    if min(patch.shape[:2]) < 2:
        return b""
    width = max(1, round(patch.shape[1] * THUMBNAIL_HEIGHT_PX / patch.shape[0]))
    small = cv2.resize(patch, (width, THUMBNAIL_HEIGHT_PX), interpolation=cv2.INTER_AREA)
    done, code = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])
    return code.tobytes() if done else b""


def _cut(image: np.ndarray, left: float, top: float, right: float, bottom: float) -> np.ndarray:
    """The part of a picture inside a box; empty when they do not meet."""
    height, width = image.shape[:2]
    x0, x1 = (int(np.clip(x, 0, width)) for x in (left, right))
    y0, y1 = (int(np.clip(y, 0, height)) for y in (top, bottom))
    return image[y0:y1, x0:x1]
