"""Truth files, the films they tell of, and both of them mirrored."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import xarray as xr

from gait.core.errors import InputError, SchemaError
from gait.core.pose import Pose
from gait.core.sides import SIDES, other_side
from gait.core.skeleton import KEYPOINTS
from gait.validation.compare import Truth

#: Endings that are tried where a truth file does not name what it tells of.
_ENDINGS = (".mp4", ".mov", ".nc", ".c3d", ".trc")

_MIRRORED_HEADING = {"ltr": "rtl", "rtl": "ltr", "left_to_right": "right_to_left", "right_to_left": "left_to_right"}


def clip_name(truth_file: Path) -> str:
    """Name of the clip that a truth file belongs to."""
    return truth_file.name.removesuffix(".json").removesuffix(".truth")


def read_truth(path: Path) -> dict[str, Any]:
    """Read a truth file.

    Raises
    ------
    InputError
        When there is no such file.
    SchemaError
        When it is not a truth file.
    """
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}; name a NAME.truth.json that exists") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(
            f"{path} is not JSON ({error}); expected a truth file as `gait simulate` writes it"
        ) from error
    missing = [key for key in ("events", "parameters", "findings") if not isinstance(truth, dict) or key not in truth]
    if missing:
        raise SchemaError(f"{path} lacks {', '.join(missing)}; expected a truth file as `gait simulate` writes it")
    return truth


def film_of(truth_file: Path, truth: Truth) -> Path:
    """The film or keypoint file that a truth file tells of.

    Raises
    ------
    InputError
        When it is not there.
    """
    names = [truth["film"]] if truth.get("film") else [f"{clip_name(truth_file)}{end}" for end in _ENDINGS]
    for name in names:
        # The name alone: a truth file must not lead anywhere else.
        film = truth_file.parent / Path(name).name
        if film.is_file():
            return film
    raise InputError(
        f"{truth_file.name} has no film: looked for {', '.join(Path(name).name for name in names)} in "
        f"{truth_file.parent}; put the film beside its truth file"
    )


def mirror_truth(truth: Truth) -> dict[str, Any]:
    """The truth of the mirrored film: left and right are exchanged in everything that has a side."""
    mirrored = dict(truth)
    for key in ("events", "parameters", "findings"):
        mirrored[key] = [row | {"side": _mirror_side(row["side"])} for row in truth[key]]
    mirrored["passes"] = [_mirror_way(stretch) for stretch in truth.get("passes", ())]
    subject = dict(truth.get("subject") or {})
    legs = subject.get("leg_length_m") or {}
    subject["leg_length_m"] = {_mirror_side(side): length for side, length in legs.items()}
    return _mirror_way(mirrored) | {"subject": subject}


def _mirror_side(side: str | None) -> str | None:
    """The other side; what has no side keeps none."""
    return other_side(side) if side in SIDES else side  # pyright: ignore[reportArgumentType]


def _mirror_way(table: dict[str, Any]) -> dict[str, Any]:
    """Exchange where somebody walks to and which side is near."""
    heading = table.get("heading")
    return table | {
        "heading": _MIRRORED_HEADING.get(str(heading), heading),
        "near_side": _mirror_side(table.get("near_side")),
    }


def mirror_film(film: Path, folder: Path) -> Path:
    """Write the mirror image of a film (or keypoint file) into a folder.

    Parameters
    ----------
    film
        A film, or keypoints in our NetCDF.
    folder
        Where to; the name is kept.

    Raises
    ------
    InputError
        When the file cannot be read as a film.
    """
    target = folder / film.name
    if film.suffix == ".nc":
        # Reading and writing keypoints belongs to the pose stage; it is loaded only where it is needed.
        from gait.pose.keypoints_file import read_keypoints, write_keypoints

        write_keypoints(mirror_pose(read_keypoints(film)), target)
        return target
    try:
        _mirror_frames(film, target)
    except av.error.FFmpegError as error:
        raise InputError(f"cannot mirror {film}: {error}; expected a film that plays") from error
    return target


def mirror_pose(pose: Pose) -> Pose:
    """The mirror image of a pose: x is reflected, left and right are exchanged; camera and people are left out."""
    names = [_mirror_name(name) for name in KEYPOINTS]
    flipped: xr.Dataset = pose.data.sel(keypoint=names).assign_coords(keypoint=list(KEYPOINTS)).copy(deep=True)
    position = flipped["position"].transpose("time", "space", "keypoint").values.copy()
    position[:, 0] = pose.width_px - position[:, 0]
    return Pose.from_arrays(
        pose.time_s,
        position,
        flipped["confidence"].transpose("time", "keypoint").values,
        pose.width_px,
        pose.height_px,
        backend=pose.backend,
        model_sha256=pose.model_sha256,
        m_per_px=pose.m_per_px,
    )


def _mirror_name(keypoint: str) -> str:
    """Name of the keypoint on the other side."""
    side, _, landmark = keypoint.partition("_")
    return f"{_mirror_side(side)}_{landmark}" if landmark else keypoint


def _mirror_frames(film: Path, target: Path) -> None:
    """Encode the mirrored frames at their own times, nearly without loss."""
    with av.open(str(film)) as source, av.open(str(target), "w") as sink:
        video = source.streams.video[0]
        rate = video.average_rate or Fraction(30)
        stream = sink.add_stream("libx264", rate=rate, options={"crf": "8", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, "yuv420p"
        stream.time_base = video.time_base
        for frame in source.decode(video):
            picture = np.ascontiguousarray(frame.to_ndarray(format="rgb24")[:, ::-1], dtype=np.uint8)
            mirrored = av.VideoFrame.from_ndarray(picture, format="rgb24")
            mirrored.pts, mirrored.time_base = frame.pts, frame.time_base
            sink.mux(stream.encode(mirrored))
        sink.mux(stream.encode())
