"""Opening a film safely, and what every reader of it must agree on: orientation, pixel shape, time zero."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gait.core.errors import InputError

#: Containers that are opened. Playlists and the like are left out on purpose: they can point at other files.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,flv,ogg,wav,mp3,flac,aac"

#: After so many errors in a row, reading on is hopeless (our estimate; a cut film gives one for each lost frame).
_MAX_ERRORS_IN_A_ROW = 200

#: Largest side of a picture, in px. 8K film is 7680 px wide; what is larger is damage or malice.
MAX_SIDE_PX = 8192

_PICTURE_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00")
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif")


@dataclass(frozen=True, slots=True)
class Orientation:
    """How stored rows and columns become the upright picture.

    Attributes
    ----------
    swaps_axes
        Rows become columns (a quarter turn).
    flips_rows, flips_columns
        Applied after the swap.
    """

    swaps_axes: bool = False
    flips_rows: bool = False
    flips_columns: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Orientation:
        """Read the display matrix that came with a frame.

        The matrix is nine 32-bit integers, row by row; a stored point (x, y) is shown at
        ``(a x + c y, b x + d y)`` with ``a, b, c, d`` its elements 0, 1, 3, 4 (ISO/IEC 14496-12, 8.3.2, and the
        documentation of ``libavutil/display.h``). Turns that are no multiple of 90 deg take the nearest one.
        """
        data = frame.side_data.get("DISPLAYMATRIX")
        if data is None:
            return cls()
        matrix = np.frombuffer(bytes(data), np.int32, 9)
        a, b, c, d = (int(matrix[i]) for i in (0, 1, 3, 4))
        if abs(b) + abs(c) > abs(a) + abs(d):
            return cls(swaps_axes=True, flips_rows=b < 0, flips_columns=c < 0)
        return cls(flips_rows=d < 0, flips_columns=a < 0)

    @property
    def rotation_deg(self) -> int:
        """Clockwise turn: 0, 90, 180 or 270; a mirrored film is first mirrored left to right, then turned."""
        if self.swaps_axes:
            return 270 if self.flips_rows else 90
        return 180 if self.flips_rows else 0

    def apply(self, image: np.ndarray) -> np.ndarray:
        """Turn a stored picture upright; the result is contiguous."""
        if self.swaps_axes:
            image = cv2.transpose(image)
        if self.flips_rows or self.flips_columns:
            code = -1 if self.flips_rows and self.flips_columns else (0 if self.flips_rows else 1)
            image = cv2.flip(image, code)
        return np.ascontiguousarray(image)


def upright_size(stream: VideoStream, orientation: Orientation) -> tuple[int, int]:
    """Width and height of the upright picture with square pixels, in px."""
    width, height = stored_size(stream)
    return (height, width) if orientation.swaps_axes else (width, height)


def stored_size(stream: VideoStream) -> tuple[int, int]:
    """Width and height as stored, but with square pixels, in px.

    Camcorder films keep pixels that are not square; read as if they were, every angle would be wrong.
    """
    width, height = stream.codec_context.width, stream.codec_context.height
    ratio = stream.sample_aspect_ratio
    if ratio is None or ratio <= 0 or math.isclose(float(ratio), 1.0, abs_tol=0.005):
        return width, height
    return 2 * round(width * float(ratio) / 2), height


def check_file(path: Path) -> None:
    """Refuse what is no readable file, or plainly a still picture.

    Raises
    ------
    InputError
        With one sentence that says what was found.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except FileNotFoundError:
        raise InputError(f"{path} does not exist; give the path of a film.") from None
    except IsADirectoryError:
        raise InputError(f"{path} is a directory; give one film, or use 'gait batch' for a folder of films.") from None
    except PermissionError:
        raise InputError(f"{path} cannot be read: permission is denied; allow reading it and try again.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); copy the film to this computer again.") from error
    if not head:
        raise InputError(f"{path} is empty (0 bytes); copy the film from the phone again.")
    is_picture = head.startswith(_PICTURE_STARTS) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
    if is_picture or (head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS):
        raise _still_picture(path)


def _still_picture(path: Path) -> InputError:
    return InputError(f"{path} is a still picture; a film of walking is needed (MP4, MOV, MKV, WebM or AVI).")


@contextmanager
def open_film(path: Path) -> Iterator[tuple[InputContainer, VideoStream]]:
    """Open a film and its picture track, without decoding anything.

    Only the file itself is read: no other files, no network, whatever the container asks for.

    Raises
    ------
    InputError
        When it is no film, has no picture track, or its pictures are larger than :data:`MAX_SIDE_PX`.
    """
    check_file(path)
    try:
        # "file:" keeps a name such as "http:..." from being taken for an address.
        container = av.open(
            f"file:{path.absolute()}",
            options={"protocol_whitelist": "file", "format_whitelist": _FORMATS},
            metadata_errors="replace",
        )
    except (FFmpegError, OSError) as error:
        raise _not_a_film(path) from error
    try:
        yield container, _picture_track(path, container)
    finally:
        container.close()


def _not_a_film(path: Path) -> InputError:
    with path.open("rb") as file:
        head = file.read(16)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide"):
        return InputError(
            f"{path} begins like a film but its table of contents is missing or damaged, so the recording or the copy "
            "was cut off; copy the film from the phone again."
        )
    return InputError(f"{path} is not a film that can be read; give MP4, MOV, MKV, WebM or AVI.")


def _picture_track(path: Path, container: InputContainer) -> VideoStream:
    stream = next((s for s in container.streams.video if not s.disposition & Disposition.attached_pic), None)
    if stream is None:
        kind = "only sound" if container.streams.audio else "no picture track"
        raise InputError(f"{path} holds {kind}; a film of walking is needed.")
    width, height = stream.codec_context.width, stream.codec_context.height
    if max(width, height) > MAX_SIDE_PX:
        raise InputError(
            f"{path} says its pictures are {width} x {height} px; at most {MAX_SIDE_PX} px a side are accepted, "
            "so export the film in a smaller size."
        )
    if stream.codec_context.codec is None or min(width, height) <= 0:
        raise InputError(f"{path} has a picture track that cannot be decoded; export the film as H.264 in MP4.")
    return stream


def packets(container: InputContainer, stream: VideoStream) -> Iterator[Packet]:
    """All packets of one track, reading on after damage; ends with the empty packet that flushes a decoder."""
    errors = 0
    while errors < _MAX_ERRORS_IN_A_ROW:
        try:
            for packet in container.demux(stream):
                errors = 0
                yield packet
        except (FFmpegError, OSError):
            errors += 1  # The reader stands behind the damage now; a cut film ends by count.
        else:
            return


def ticks(container: InputContainer, item: Packet | VideoFrame) -> int | None:
    """Presentation time of a packet or frame, in the track's time base.

    AVI keeps no presentation times: what it stores is one frame after the other, so the order of decoding is the
    clock there; elsewhere that clock stands in where a time is missing.
    """
    if container.format.name == "avi":
        return item.dts
    return item.pts if item.pts is not None else item.dts
