"""Small films made on the spot, and the analysis of one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pandas as pd
import xarray as xr

from gait.core.analysis import Analysis, Provenance
from gait.core.causes import Reasoning
from gait.core.cycles import CYCLE_COLUMNS, GaitCycles
from gait.core.events import GaitEvents
from gait.core.feet import FootMotion
from gait.core.findings import Findings
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters
from gait.core.pose import Pose
from gait.core.recording import Recording
from gait.core.skeleton import KEYPOINTS, LANDMARKS, MIDLINE
from gait.core.subject import Subject
from gait.core.trajectories import JOINTS, Pass, Scale, Trajectories, View

SIZE = (160, 96)


def textured(size: tuple[int, int], seed: int = 0) -> np.ndarray:
    """A picture with something to hold on to everywhere."""
    import cv2

    noise = np.random.default_rng(seed).uniform(0, 255, (size[1] // 6 + 1, size[0] // 6 + 1, 3)).astype(np.uint8)
    return cv2.resize(noise, size, interpolation=cv2.INTER_CUBIC)


def marked(index: int, size: tuple[int, int] = SIZE) -> np.ndarray:
    """A picture with a white upper left corner, red upper right corner, and its number as brightness."""
    image = np.full((size[1], size[0], 3), 40 + 3 * (index % 60), np.uint8)
    image[: size[1] // 3, : size[0] // 4] = 255
    image[: size[1] // 3, -size[0] // 4 :] = (255, 0, 0)
    return image


def write_film(
    path: Path,
    times_ms: Sequence[int] = tuple(range(0, 1000, 40)),
    codec: str = "libx264",
    container: str | None = None,
    images: Sequence[np.ndarray] | None = None,
    rotation_ccw_deg: int = 0,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    codec_options: dict[str, str] | None = None,
    pix_fmt: str = "yuv420p",
    sound_hz: int = 0,
    clock_hz: int = 1000,
) -> Path:
    """Write a film whose frames appear at the given times."""
    images = images if images is not None else [marked(i) for i in range(len(times_ms))]
    with av.open(str(path), "w", format=container, options=options or {}) as out:
        out.metadata.update(metadata or {})
        stream = out.add_stream(codec, rate=25)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.options = codec_options or {}
        stream.codec_context.time_base = Fraction(1, clock_hz)
        if rotation_ccw_deg:
            stream.set_display_rotation(rotation_ccw_deg)
        sound = out.add_stream("aac", rate=sound_hz) if sound_hz else None
        for time, image in zip(times_ms, images, strict=True):
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = int(time), Fraction(1, clock_hz)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
        if sound is not None:
            _write_tone(out, sound, sound_hz, times_ms[-1] / clock_hz)
    return path


def _write_tone(out: av.container.OutputContainer, stream: av.AudioStream, rate: int, duration_s: float) -> None:
    """A click of 20 ms every half second."""
    time = np.arange(int(rate * duration_s)) / rate
    wave = np.where(time % 0.5 < 0.02, 0.8 * np.sin(2 * np.pi * 1000 * time), 0).astype(np.float32)
    for start in range(0, len(wave), 1024):
        frame = av.AudioFrame.from_ndarray(wave[None, start : start + 1024], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))


def made_analysis(recording: Recording, pose_time_s: np.ndarray) -> Analysis:
    """An analysis with a standing stick figure, so that films can be drawn on without any pose model."""
    n, w, h = len(pose_time_s), recording.width_px, recording.height_px
    rows = {"nose": 0.12, "ear": 0.12, "shoulder": 0.25, "elbow": 0.4, "wrist": 0.5, "hip": 0.52}
    rows |= {"knee": 0.7, "ankle": 0.88, "heel": 0.92, "toe": 0.92}
    position = np.zeros((n, 2, len(KEYPOINTS)))
    for index, name in enumerate(KEYPOINTS):
        sideways = {"left": 0.44, "right": 0.56}.get(name.split("_")[0], 0.5)
        position[:, 0, index] = w * (sideways + (0.03 if name.endswith("toe") else 0.0))
        position[:, 1, index] = h * rows[name.split("_")[-1]]
    pose = Pose.from_arrays(pose_time_s, position, np.ones((n, len(KEYPOINTS))), w, h)
    time = np.linspace(0, max(recording.duration_s, 0.1), 50)
    k = len(time)
    data = xr.Dataset(
        {
            "position": (("time", "space", "side", "landmark"), np.zeros((k, 2, 2, len(LANDMARKS)))),
            "midline": (("time", "space", "point"), np.zeros((k, 2, len(MIDLINE)))),
            "confidence": (("time", "side", "landmark"), np.ones((k, 2, len(LANDMARKS)))),
            "angle": (("time", "side", "joint"), np.full((k, 2, len(JOINTS)), 20.0)),
            "trunk_lean": (("time",), np.zeros(k)),
            "speed": (("time",), np.zeros(k)),
        },
        coords={
            "time": time,
            "space": ["x", "y"],
            "side": ["left", "right"],
            "landmark": list(LANDMARKS),
            "point": list(MIDLINE),
            "joint": list(JOINTS),
        },
    )
    passes = (Pass(0.0, float(time[-1]), "left_to_right", 1, "right"),)
    scale = Scale(0.4 * h, None, "none", 0.1)
    trajectories = Trajectories(data, passes, View("sagittal", 1.0, 0.0), scale, 6.0, False, recording.fps)
    events = GaitEvents.from_rows(
        [
            (0.1, "right", "initial_contact", 0.9),
            (0.5, "right", "toe_off", 0.9),
            (0.3, "left", "initial_contact", 0.9),
            (0.7, "left", "toe_off", 0.9),
        ]
    )
    curves = xr.DataArray(
        np.zeros((0, 101, len(JOINTS))), dims=("cycle", "percent", "joint"), coords={"joint": list(JOINTS)}
    )
    cycles = GaitCycles(pd.DataFrame({name: [] for name in CYCLE_COLUMNS}), curves)
    parameters = GaitParameters(pd.DataFrame({name: [] for name in STRIDE_COLUMNS}), ())
    return Analysis(
        recording, Subject(), pose, trajectories, events, cycles, FootMotion(), parameters, Findings(), Reasoning(),
        (), Provenance("0", "made", "", ""),
    )  # fmt: skip
