"""The sound track of a film, on the clock of its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from gait.core.frozen import read_only_array
from gait.core.recording import Recording
from gait.video.container import open_film, ticks

#: Highest rate that is kept, in Hz. Footfalls lie far below 8 kHz (our estimate), and speech needs no more either.
MAX_RATE_HZ = 16_000

#: Holes in the track longer than this are filled with silence, in s; shorter ones are rounding (our estimate).
_HOLE_S = 0.02


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono sound.

    Attributes
    ----------
    samples
        ``(n,)`` float32, -1..1.
    rate_hz
        Samples per real second (slow motion multiplied in).
    start_s
        Time of the first sample on the clock of the frames, in real s; may be below 0.
    """

    samples: np.ndarray
    rate_hz: float
    start_s: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", read_only_array(self.samples))

    @property
    def time_s(self) -> np.ndarray:
        """``(n,)`` time of each sample on the clock of the frames, in s."""
        return self.start_s + np.arange(len(self.samples)) / self.rate_hz


def read_sound(recording: Recording) -> Sound | None:
    """Read the sound of a film as mono, at 16 kHz or less.

    Parameters
    ----------
    recording
        The film, from :func:`gait.video.probe.probe`.

    Returns
    -------
    Sound or None
        None where there is no sound track, or nothing of it can be decoded.

    Notes
    -----
    In slow motion the sound is put on the clock of the pictures like everything else; whether the phone stretched it
    the same way is not told by any container, so do not time footfalls by the sound of such a film.
    """
    if not recording.has_sound:
        return None
    with open_film(recording.path) as (container, pictures):
        origin_s = _first_picture_s(container, pictures)
        stream = container.streams.audio[0]
        rate = min(stream.rate or MAX_RATE_HZ, MAX_RATE_HZ)
        chunks, start_s = _collect(container, stream, rate, origin_s)
    if not chunks:
        return None
    factor = recording.slow_motion_factor
    return Sound(np.concatenate(chunks), rate * factor, (start_s - origin_s) / factor)


def _first_picture_s(container: InputContainer, stream: av.VideoStream) -> float:
    """When the first frame is shown, in s of the container. The first packets hold it, though not always in order."""
    first: list[int] = []
    for packet in container.demux(stream):
        tick = ticks(container, packet)
        if tick is not None and not packet.is_discard:
            first.append(tick)
        if len(first) == 32:  # More than any codec reorders (H.264 and HEVC: 16).
            break
    container.seek(0, backward=True)
    return min(first, default=0) * float(stream.time_base or 0)


def _collect(
    container: InputContainer, stream: AudioStream, rate: int, origin_s: float
) -> tuple[list[np.ndarray], float]:
    """Mono chunks without holes, and the time of the first sample."""
    resampler = AudioResampler(format="flt", layout="mono", rate=rate)
    chunks: list[np.ndarray] = []
    start_s, count = origin_s, 0
    for frame in _decoded(container, stream):
        time_s = None if frame.pts is None or frame.time_base is None else float(frame.pts * frame.time_base)
        if not chunks and time_s is not None:
            start_s = time_s
        hole = 0 if time_s is None else round((time_s - start_s) * rate) - count
        if hole > _HOLE_S * rate:
            chunks.append(np.zeros(hole, np.float32))
            count += hole
        for part in resampler.resample(frame):
            chunks.append(part.to_ndarray()[0])
            count += part.samples
    if chunks:
        chunks += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return chunks, start_s


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Frames of sound; what is damaged is left out (and becomes silence)."""
    try:
        for packet in container.demux(stream):
            try:
                yield from (frame for frame in packet.decode() if isinstance(frame, AudioFrame))
            except (FFmpegError, OSError):
                continue  # Damaged; the hole is filled with silence.
    except (FFmpegError, OSError):
        return  # A cut film: the sound ends here.
