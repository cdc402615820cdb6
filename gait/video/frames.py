"""Frames of a film, one after the other, upright, at their true times."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gait.core.errors import InputError
from gait.core.recording import Frame, Recording
from gait.video.container import Orientation, open_film, packets, stored_size, ticks

#: A start later than this is reached by seeking instead of decoding, in s (our estimate; key frames lie 1-10 s apart).
_SEEK_FROM_S = 3.0


class FrameReader:
    """Frames of a film, decoded as they are asked for. Made by :func:`read_frames`.

    Attributes
    ----------
    damaged
        Packets and frames left out so far because they could not be decoded.
    misplaced
        Frames left out so far because their time was missing, repeated or went back.
    """

    def __init__(self, recording: Recording, rate_hz: float | None, start_s: float, end_s: float | None) -> None:
        _check_range(rate_hz, start_s, end_s)
        self.damaged = 0
        self.misplaced = 0
        self._recording = recording
        self._rate_hz = rate_hz
        self._start_s = start_s
        self._end_s = math.inf if end_s is None else end_s
        self._frames = self._read()

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        return next(self._frames)

    def close(self) -> None:
        """Let go of the film before its end."""
        self._frames.close()

    def _read(self) -> Generator[Frame, None, None]:
        with open_film(self._recording.path) as (container, stream):
            stream.thread_type = "AUTO"
            size = stored_size(stream)
            orientation: Orientation | None = None
            last_s = next_s = -math.inf
            for time_s, frame in self._timed(container, stream):
                # The display matrix rides on every frame, but the first one speaks for the film.
                orientation = orientation or Orientation.of(frame)
                if time_s <= last_s:
                    self.misplaced += 1
                    continue
                last_s = time_s
                if time_s >= self._end_s:
                    return
                if time_s < self._start_s or time_s < next_s:
                    continue
                next_s = self._next_due(time_s)
                # frame.reformat() scales to square pixels and leaves sizes alone that already fit.
                image = frame.reformat(width=size[0], height=size[1], format="rgb24").to_ndarray()
                yield Frame(time_s, orientation.apply(image))

    def _next_due(self, time_s: float) -> float:
        """When the next frame is wanted: half an interval early, so that rounding does not lose every other one."""
        if self._rate_hz is None:
            return -math.inf
        position = round((time_s - self._start_s) * self._rate_hz)
        return self._start_s + (position + 1) / self._rate_hz - 0.5 / max(self._recording.fps, self._rate_hz)

    def _timed(self, container: InputContainer, stream: VideoStream) -> Iterator[tuple[float, VideoFrame]]:
        """Decoded frames with their real time since the first frame."""
        if stream.time_base is None:
            raise InputError(f"{self._recording.path} has no clock; export the film as MP4 and try again.")
        second = float(stream.time_base) / self._recording.slow_motion_factor
        tick_is_order = container.format.name == "avi"
        origin: int | None = None
        last: int | None = None
        step = 1
        has_sought = self._start_s <= _SEEK_FROM_S
        frames = self._decoded(container, stream)
        while (frame := next(frames, None)) is not None:
            tick = ticks(container, frame)
            if tick_is_order and last is not None and (tick is None or tick <= last):
                tick = last + step  # The decoder gives its last frames without their time.
            if tick is None:
                self.misplaced += 1
                continue
            step = tick - last if last is not None else step
            last = tick
            if origin is None:
                origin = tick
            if not has_sought:
                has_sought, last = True, None
                container.seek(origin + round(self._start_s / second), stream=stream, backward=True)
                stream.codec_context.flush_buffers()
                frames = self._decoded(container, stream)
                continue
            yield (tick - origin) * second, frame

    def _decoded(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        for packet in packets(container, stream):
            for frame in self._decode(packet):
                if frame.is_corrupt:
                    self.damaged += 1
                else:
                    yield frame

    def _decode(self, packet: Packet) -> list[VideoFrame]:
        if packet.is_corrupt:
            self.damaged += 1  # Cut off in the middle: what it would show is half grey.
            return []
        try:
            return [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
        except (FFmpegError, OSError):
            self.damaged += 1
            return []


def _check_range(rate_hz: float | None, start_s: float, end_s: float | None) -> None:
    if rate_hz is not None and not rate_hz > 0:
        raise InputError(f"The frame rate asked for is {rate_hz} Hz; it must be above 0.")
    if not start_s >= 0 or (end_s is not None and not end_s > start_s):
        raise InputError(f"The span asked for is {start_s} s to {end_s} s; it must begin at 0 or later and end after.")


def read_frames(
    recording: Recording, rate_hz: float | None = None, start_s: float = 0.0, end_s: float | None = None
) -> FrameReader:
    """Read the frames of a film, one at a time; the film is never held in memory.

    Parameters
    ----------
    recording
        The film, from :func:`gait.video.probe.probe`.
    rate_hz
        Thin the frames to about this many per real second; None keeps all.
    start_s, end_s
        Half-open span ``[start_s, end_s)`` in real s from the first frame; None reads to the end.

    Returns
    -------
    FrameReader
        Iterator of :class:`gait.core.recording.Frame`: ``(height, width, 3)`` uint8 RGB, upright, contiguous;
        ``time_s`` strictly increases. Damage does not end the film; it is counted in ``damaged`` and ``misplaced``.

    Raises
    ------
    InputError
        At once when the span or rate makes no sense; at the first frame when the film cannot be opened.
    """
    return FrameReader(recording, rate_hz, start_s, end_s)
