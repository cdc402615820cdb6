"""The film with skeleton and events drawn on it, and still pictures of single moments."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import av
import cv2
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from gait.core.analysis import Analysis, Still
from gait.core.errors import GaitError, OutputError
from gait.core.recording import Frame
from gait.video.drawing import Skeleton, Strip, draw_facts, draw_flashes
from gait.video.faces import FaceBlur
from gait.video.frames import read_frames

#: Long side of the overlay, in px: full size on most screens, small enough to send.
_LONG_SIDE_PX = 1280

#: Clock of the overlay, in Hz: 90 kHz is MPEG's own, and holds 24, 25, 30, 60, 120 and 240 fps without rounding.
_CLOCK_HZ = 90_000

#: Quality of x264 (lower is better; 23 is its default). Thin lines need a little more (our estimate).
_CRF = "21"

#: A still is cut out this much wider and higher than the keypoints, as a share of their height (our estimate).
_MARGIN = 0.12

_JPEG_QUALITY = 85


def write_overlay(
    analysis: Analysis, path: Path, blur_faces: bool = False, progress: Callable[[float], None] | None = None
) -> None:
    """Write the film with the walker's skeleton, events, angles and a footfall strip: H.264, plays in browsers.

    Every frame keeps its real time (variable rates too; slow motion plays at the speed of life), so a player's clock
    shows the seconds of the report. The film is scaled to at most 1280 px; a strip is added below. There is no sound.

    Parameters
    ----------
    analysis
        The analysed walk; its recording must still be there.
    path
        The ``.mp4`` to write. It appears complete or not at all.
    blur_faces
        Make the walker's face unrecognisable, also in frames where the pose has gaps. Only the walker's face is
        known; bystanders' faces stay visible.
    progress
        Called with 0..1.

    Raises
    ------
    InputError
        When the film cannot be opened any more.
    OutputError
        When the overlay cannot be written; nothing is left behind.
    """
    path = Path(path)
    # Beside the target, so that renaming is one step; a name of its own, so that two runs do not meet.
    part = path.with_name(f".{path.stem}-{uuid4().hex[:8]}.part")
    painter = _Painter(analysis, blur_faces)
    total = max(analysis.recording.frames, 1)
    try:
        with _encoder(part, painter.size, analysis.recording.fps) as (container, stream):
            for count, frame in enumerate(read_frames(analysis.recording), start=1):
                picture = av.VideoFrame.from_ndarray(painter.paint(frame), format="rgb24")
                picture.pts, picture.time_base = round(frame.time_s * _CLOCK_HZ), Fraction(1, _CLOCK_HZ)
                container.mux(stream.encode(picture))
                if progress is not None:
                    progress(min(count / total, 1.0))
            container.mux(stream.encode(None))
        part.replace(path)
    except GaitError:
        part.unlink(missing_ok=True)
        raise
    except (OSError, FFmpegError) as error:
        part.unlink(missing_ok=True)
        raise _cannot_write(path, error) from error
    except BaseException:
        part.unlink(missing_ok=True)  # Interrupted: leave nothing half done.
        raise


def _cannot_write(path: Path, error: Exception) -> OutputError:
    code = getattr(error, "errno", None)
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(f"The disk is full: {path} cannot be written; free some space and run again.")
    reason = getattr(error, "strerror", None) or str(error)
    return OutputError(f"{path} cannot be written ({reason}); check that the folder exists and may be written to.")


@contextmanager
def _encoder(path: Path, size: tuple[int, int], fps: float) -> Iterator[tuple[OutputContainer, VideoStream]]:
    """An H.264 file with its index in front, so that browsers start before all is loaded."""
    container = av.open(f"file:{path.absolute()}", "w", format="mp4", options={"movflags": "+faststart"})
    try:
        stream = container.add_stream("libx264", rate=Fraction(max(fps, 1.0)).limit_denominator(1001))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": _CRF, "preset": "veryfast"}
        # Without this, times would be rounded to whole frames of the nominal rate.
        stream.codec_context.time_base = Fraction(1, _CLOCK_HZ)
        stream.thread_type = "AUTO"
        yield container, stream
    finally:
        container.close()


class _Painter:
    """Draws one frame after the other."""

    def __init__(self, analysis: Analysis, blur_faces: bool) -> None:
        self._analysis = analysis
        recording = analysis.recording
        self._scale = min(1.0, _LONG_SIDE_PX / max(recording.width_px, recording.height_px))
        # H.264 in 4:2:0 needs even sides.
        self._width, self._height = (
            max(2, 2 * round(side * self._scale / 2)) for side in (recording.width_px, recording.height_px)
        )
        strip_px = 2 * max(12, round(0.035 * max(self._width, self._height)))
        self.size = (self._width, self._height + strip_px)
        self._strip = Strip(analysis, (self._width, strip_px))
        self._skeleton = Skeleton(analysis.pose, analysis.trajectories)
        self._faces = FaceBlur(analysis.pose) if blur_faces else None

    def paint(self, frame: Frame) -> np.ndarray:
        """``(height, width, 3)`` uint8 RGB of :attr:`size`."""
        out = np.empty((self.size[1], self.size[0], 3), np.uint8)
        image = out[: self._height]
        cv2.resize(frame.image, (self._width, self._height), dst=image, interpolation=cv2.INTER_AREA)
        if self._faces is not None:
            self._faces.hide(image, frame.time_s, self._scale)
        line_px = max(2.0, max(self._width, self._height) / 320)
        self._skeleton.draw(image, frame.time_s, np.zeros(2), self._scale, line_px)
        draw_flashes(image, self._analysis, self._skeleton, frame.time_s, self._scale)
        draw_facts(image, self._analysis.trajectories, frame.time_s)
        out[self._height :] = self._strip.at(frame.time_s)
        return out


def read_stills(
    analysis: Analysis,
    moments: Sequence[tuple[str, str, float]],
    blur_faces: bool = False,
    height_px: int = 420,
) -> tuple[Still, ...]:
    """Cut the walker out of the film at some moments, with a thin skeleton; one pass over the film.

    Parameters
    ----------
    analysis
        The analysed walk; its recording must still be there.
    moments
        ``(label, side, time_s)`` of each.
    blur_faces
        Make the walker's face unrecognisable (only the walker's: others are not known).
    height_px
        Height of the stills, in px.

    Returns
    -------
    tuple of Still
        In the order of the moments, each the frame nearest in time (``time_s`` is that frame's); moments farther than
        0.1 s from any frame are left out.

    Raises
    ------
    InputError
        When the film cannot be opened any more.
    """
    if not moments:
        return ()
    skeleton = Skeleton(analysis.pose, analysis.trajectories)
    faces = FaceBlur(analysis.pose) if blur_faces else None
    made: dict[int, Still] = {}
    for index, frame in _nearest_frames(analysis, [time_s for _, _, time_s in moments]):
        label, side, _ = moments[index]
        picture = _cut_out(frame, skeleton, faces, height_px)
        coded, data = cv2.imencode(
            ".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        )
        if not coded:
            raise OutputError(f"The still of {label} at {frame.time_s:.2f} s could not be made into a JPEG; run again.")
        made[index] = Still(label, side, frame.time_s, data.tobytes())
    return tuple(made[index] for index in sorted(made))


#: A moment farther from every frame than this is not in the film, in s (our estimate).
_NEAR_S = 0.1


def _nearest_frames(analysis: Analysis, times_s: list[float]) -> Iterator[tuple[int, Frame]]:
    """Index of each time with the frame nearest to it, in order of time, while the film passes by once."""
    waiting = sorted(range(len(times_s)), key=lambda index: times_s[index])
    start_s, end_s = max(0.0, times_s[waiting[0]] - 2 * _NEAR_S), max(times_s[waiting[-1]] + 2 * _NEAR_S, 2 * _NEAR_S)
    reader = read_frames(analysis.recording, start_s=start_s, end_s=max(end_s, start_s + _NEAR_S))
    before: Frame | None = None
    for frame in reader:
        while waiting and times_s[waiting[0]] <= frame.time_s:
            yield from _if_near(waiting.pop(0), times_s, [before, frame])
        if not waiting:
            reader.close()
            return
        before = frame
    for index in waiting:
        yield from _if_near(index, times_s, [before])


def _if_near(index: int, times_s: list[float], frames: list[Frame | None]) -> Iterator[tuple[int, Frame]]:
    there = [frame for frame in frames if frame is not None]
    if not there:
        return
    nearest = min(there, key=lambda frame: abs(frame.time_s - times_s[index]))
    if abs(nearest.time_s - times_s[index]) <= _NEAR_S:
        yield index, nearest


def _cut_out(frame: Frame, skeleton: Skeleton, faces: FaceBlur | None, height_px: int) -> np.ndarray:
    """The walker with some margin, scaled to a height; the whole picture where the walker is not seen."""
    left, top, right, bottom = _window(frame.image.shape, skeleton, frame.time_s)
    scale = height_px / (bottom - top)
    image = frame.image.copy()
    if faces is not None:
        faces.hide(image, frame.time_s)
    size = (max(2, round((right - left) * scale)), height_px)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(image[top:bottom, left:right], size, interpolation=way)
    skeleton.draw(picture, frame.time_s, np.array([left, top], float), scale, max(1.0, height_px / 210))
    return picture


def _window(shape: tuple[int, ...], skeleton: Skeleton, time_s: float) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the cut, inside the picture."""
    height, width = shape[:2]
    points = np.array(list(skeleton.at(time_s).values()))
    if len(points) < 2 or np.ptp(points[:, 1]) < 16:
        return 0, 0, width, height
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    margin = _MARGIN * (y1 - y0)
    # The crown of the head lies above the highest keypoint (ears).
    top, bottom = int(np.clip(y0 - 1.5 * margin, 0, height - 2)), int(np.clip(y1 + margin, 2, height))
    # At least 0.6 as wide as high, so that stills in a row look alike.
    half = max((x1 - x0) / 2 + margin, 0.3 * (bottom - top))
    left, right = int(np.clip((x0 + x1) / 2 - half, 0, width - 2)), int(np.clip((x0 + x1) / 2 + half, 2, width))
    return left, top, right, bottom
