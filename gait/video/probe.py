"""What a film is: size, rotation, true frame times, slow motion, how much of it is left."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from gait.core.errors import InputError
from gait.core.recording import Recording
from gait.video.container import Orientation, open_film, packets, ticks, upright_size

#: An interval that differs from the median by more than this part of it counts as different.
_VARIABLE_SHARE = 0.2

#: Share of different intervals from which the rate varies; below it, frames were dropped here and there (our estimate).
_VARIABLE_INTERVALS = 0.02

#: Capture rate over container rate from which the film is slow motion (our estimate; real ones are 2, 4, 8).
_MIN_SLOW_MOTION = 1.5

#: Where only the whole container's duration is known, sound may outlast the picture by so much, in s (our estimate).
_SOUND_TAIL_S = 0.5


@dataclass(frozen=True, slots=True)
class _Clock:
    """Frame times as the container tells them, in s of the container, increasing."""

    time_s: np.ndarray
    end_s: float
    interval_s: float
    is_variable: bool
    has_edits: bool


def probe(path: Path, slow_motion_factor: float | None = None) -> Recording:
    """Measure a film without decoding more than its first frame.

    Parameters
    ----------
    path
        The film.
    slow_motion_factor
        How many times slower than life the film plays; None takes what the container says.

    Returns
    -------
    Recording
        Times in real seconds; ``fps`` is the mean of all frame intervals that are near their median, inverted.

    Raises
    ------
    InputError
        When the file is missing, unreadable, empty, no film, a still picture, only sound, too large, or when not one
        frame can be decoded.

    Notes
    -----
    Slow motion: Android writes the capture rate (``com.android.capture.fps``) beside a slower playback rate; their
    ratio is the factor (Android ``MediaFormat.KEY_CAPTURE_RATE``). Apple's ``full-frame-rate-playback-intent`` says how
    a player should *show* a film whose times are already real (AVFoundation,
    ``quickTimeMetadataFullFrameRatePlaybackIntent``), so it changes nothing. A film slowed down by an editor says
    nothing at all: then the factor must be given by hand.
    """
    path = Path(path)
    _check_factor(slow_motion_factor)
    with open_film(path) as (container, stream):
        clock = _read_clock(path, container, stream)
        lost = _lost_frames(container, stream, clock)
        factor = slow_motion_factor or _factor_by_hint(container, 1.0 / clock.interval_s)
        frame = _first_frame(path, container, stream)
        orientation = Orientation.of(frame)
        width, height = upright_size(stream, orientation)
        return Recording(
            path=path,
            width_px=width,
            height_px=height,
            fps=factor / clock.interval_s,
            frames=len(clock.time_s),
            duration_s=float(clock.time_s[-1] - clock.time_s[0] + clock.interval_s) / factor,
            rotation_deg=orientation.rotation_deg,
            has_sound=bool(container.streams.audio),
            codec=stream.codec_context.codec.canonical_name,
            sha256=_sha256(path),
            slow_motion_factor=factor,
            is_variable_rate=clock.is_variable,
            lost_frames=lost,
        )


def _check_factor(factor: float | None) -> None:
    if factor is not None and not (math.isfinite(factor) and factor > 0):
        raise InputError(f"The slow motion factor is {factor}; give a number above 0, for example 8 for 240 fps at 30.")


def _read_clock(path: Path, container: InputContainer, stream: VideoStream) -> _Clock:
    """Gather the times of all whole packets that will be shown."""
    shown: set[int] = set()
    end, has_edits = 0, False
    for packet in packets(container, stream):
        tick = ticks(container, packet)
        has_edits |= packet.is_discard
        if packet.size == 0 or tick is None or packet.is_corrupt or packet.is_discard:
            continue
        shown.add(tick)
        end = max(end, tick + (packet.duration or 0))
    if not shown or stream.time_base is None:
        raise _nothing_decodes(path)
    if len(shown) == 1:
        raise InputError(f"{path} holds one single frame, a still picture; a film of walking is needed.")
    base = float(stream.time_base)
    time_s = np.array(sorted(shown)) * base
    interval_s, is_variable = _interval(np.diff(time_s), base)
    return _Clock(time_s, end * base, interval_s, is_variable, has_edits)


def _interval(steps_s: np.ndarray, tick_s: float) -> tuple[float, bool]:
    """Typical frame interval, and whether intervals vary.

    Times are rounded to ticks (1 ms in MKV), so the plain median of 1/240 s would be 4 ms, 4 % too fast; the mean of
    all intervals near the median is not rounded.
    """
    median = float(np.median(steps_s))
    is_near = np.abs(steps_s - median) <= max(_VARIABLE_SHARE * median, 1.01 * tick_s)
    return float(steps_s[is_near].mean()), bool(np.mean(~is_near) > _VARIABLE_INTERVALS)


def _lost_frames(container: InputContainer, stream: VideoStream, clock: _Clock) -> int:
    """Frames that the container promises beyond the last one that is there."""
    promised_s = _promised_end_s(container, stream)
    missing = (promised_s - max(clock.end_s, float(clock.time_s[-1]) + clock.interval_s)) / clock.interval_s
    if missing < 1.5:  # Rounding and a last frame that is shown longer; whole frames are missing from two on.
        return 0
    counts_frames = container.format.name.startswith("mov") and not clock.has_edits
    by_count = stream.frames - len(clock.time_s)
    return by_count if counts_frames and by_count > 0 else round(missing)


def _promised_end_s(container: InputContainer, stream: VideoStream) -> float:
    """Where the container says the picture track ends, in s of the container."""
    base = float(stream.time_base or 0)
    if stream.duration:
        return ((stream.start_time or 0) + stream.duration) * base
    told = re.fullmatch(r"(\d+):(\d+):([\d.]+)", stream.metadata.get("DURATION", ""))
    if told:
        return int(told[1]) * 3600 + int(told[2]) * 60 + float(told[3])
    tail_s = _SOUND_TAIL_S if container.streams.audio else 0.0
    return (container.duration or 0) / av.time_base - tail_s


def _factor_by_hint(container: InputContainer, rate_hz: float) -> float:
    """Slow motion as Android writes it; 1 where nothing is said."""
    told = container.metadata.get("com.android.capture.fps", "")
    try:
        ratio = float(told) / rate_hz
    except ValueError:
        return 1.0
    return ratio if math.isfinite(ratio) and ratio >= _MIN_SLOW_MOTION else 1.0


def _first_frame(path: Path, container: InputContainer, stream: VideoStream) -> VideoFrame:
    container.seek(0, backward=True)
    for packet in packets(container, stream):
        try:
            frames = packet.decode()
        except (FFmpegError, OSError):
            continue  # Damaged; a later one may do.
        if frames:
            return frames[0]
    raise _nothing_decodes(path)


def _nothing_decodes(path: Path) -> InputError:
    return InputError(f"{path} is a film, but not one frame of it can be decoded; copy it again or export it as MP4.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
