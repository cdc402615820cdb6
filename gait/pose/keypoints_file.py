"""Keypoints and markers that somebody else found: C3D, TRC, OpenPose/COCO JSON, and our own NetCDF."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import numpy as np
import xarray as xr

from gait.core.errors import InputError, OutputError, SchemaError
from gait.core.pose import Person, Pose
from gait.core.recording import CameraMotion
from gait.core.skeleton import KEYPOINTS
from gait.pose.marker_files import read_marker_events
from gait.pose.markers import pose_from_motion, read_motion
from gait.pose.openpose import read_openpose

__all__ = ["is_keypoints_file", "read_keypoints", "read_marker_events", "write_keypoints"]

#: Version of our NetCDF files; files of another first number are refused.
FORMAT_VERSION = "1"
#: How much of a JSON file is looked at to tell keypoints from other JSON, in characters.
_SNIFF_CHARACTERS = 4096


def is_keypoints_file(path: Path) -> bool:
    """Whether a path is something :func:`read_keypoints` reads, rather than a film.

    Parameters
    ----------
    path
        A file, told by its ending (``.c3d``, ``.trc``, ``.nc``) or, for ``.json``, by its beginning; or a folder of
        JSON files, one per frame.
    """
    if path.is_dir():
        first = next(iter(sorted(path.glob("*.json"))), None)
        return first is not None and (first.name == "recording.json" or _holds_keypoints(first))
    suffix = path.suffix.lower()
    return suffix in (".c3d", ".trc", ".nc") or (suffix == ".json" and path.is_file() and _holds_keypoints(path))


def read_keypoints(path: Path, rate_hz: float | None = None, wanted: int | None = None) -> Pose:
    """Read keypoints or markers.

    Markers in space are projected as a camera at the walker's side would see them, with a known scale.

    Parameters
    ----------
    path
        C3D, TRC, our NetCDF, or OpenPose/COCO JSON (one file, or a folder with one file per frame).
    rate_hz
        Frames per second, for JSON that does not tell it.
    wanted
        Number of the walker, for JSON with several people; None to choose.

    Returns
    -------
    Pose
        Px, y down; NaN in gaps.

    Raises
    ------
    InputError
        There is no such file, or it is of no kind we read.
    SchemaError
        The file lacks what its format, or a walk, needs (for example the feet).
    NotEnoughDataError
        Nobody in it walks (JSON only).
    """
    if not path.exists():
        raise InputError(f"There is no file {path}; check the name.")
    suffix = path.suffix.lower()
    if path.is_dir() or suffix == ".json":
        return read_openpose(path, rate_hz, wanted)
    if suffix in (".c3d", ".trc"):
        return pose_from_motion(read_motion(path), f"{suffix[1:]} markers")
    if suffix == ".nc":
        return _read_netcdf(path)
    raise InputError(f"{path.name} is of no kind of keypoint file we read; expected .c3d, .trc, .nc or .json.")


def write_keypoints(pose: Pose, path: Path) -> None:
    """Write a pose to our NetCDF (HDF5) file, complete enough to be analysed again without the film.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    data = pose.data.copy()
    if pose.camera is not None:
        data["camera_to_first"] = (("time", "row", "column"), pose.camera.to_first)
        data["camera_is_measured"] = (("time",), pose.camera.is_measured.astype(np.int8))
    data.attrs = {
        "gait_keypoints": FORMAT_VERSION,
        "width_px": pose.width_px,
        "height_px": pose.height_px,
        "backend": pose.backend,
        "model_sha256": pose.model_sha256,
        "walker": pose.walker,
        "is_lite": int(pose.is_lite),
        "people": json.dumps([_person_to_json(person) for person in pose.people]),
    }
    if pose.m_per_px is not None:
        data.attrs["m_per_px"] = pose.m_per_px
    data["time"].attrs["units"] = "s"
    # Otherwise xarray takes seconds for durations and turns them into timedelta on reading.
    data["time"].encoding["dtype"] = "float64"
    data["position"].attrs["units"] = "px"
    try:
        # Not mkstemp, whose files nobody else may read: keypoints are to be read like any other file.
        temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            data.to_netcdf(temporary, engine="h5netcdf")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error}.") from error


def _holds_keypoints(path: Path) -> bool:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            start = file.read(_SNIFF_CHARACTERS)
    except OSError:
        return False
    return any(key in start for key in ('"pose_keypoints_2d"', '"people"', '"keypoints"'))


def _read_netcdf(path: Path) -> Pose:
    try:
        with xr.open_dataset(path, engine="h5netcdf", decode_times=False, decode_timedelta=False) as opened:
            data = opened.load()
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} cannot be read as a NetCDF file: {error}.") from error
    if str(data.attrs.get("gait_keypoints", "")) != FORMAT_VERSION:
        raise SchemaError(
            f"{path.name} is not a keypoint file of this program (version {FORMAT_VERSION}); write one with "
            "`gait.pose.keypoints_file.write_keypoints`."
        )
    try:
        return _pose_from(data)
    except (KeyError, ValueError, TypeError) as error:
        raise SchemaError(f"{path.name} is not whole: {error}; make it again.") from error


def _pose_from(data: xr.Dataset) -> Pose:
    facts = data.attrs
    time_s = data["time"].values.astype(float)
    camera = None
    if "camera_to_first" in data:
        camera = CameraMotion(time_s, data["camera_to_first"].values, data["camera_is_measured"].values.astype(bool))
    names = [str(name) for name in data["keypoint"].values]
    if names != list(KEYPOINTS):
        raise ValueError(f"its keypoints are {names}")
    scale = facts.get("m_per_px")
    return Pose.from_arrays(
        time_s,
        data["position"].transpose("time", "space", "keypoint").values,
        data["confidence"].transpose("time", "keypoint").values,
        int(facts["width_px"]),
        int(facts["height_px"]),
        backend=str(facts["backend"]),
        model_sha256=str(facts["model_sha256"]),
        camera=camera,
        people=tuple(_person_from_json(person) for person in json.loads(facts["people"])),
        walker=int(facts["walker"]),
        m_per_px=None if scale is None else float(scale),
        is_lite=bool(facts["is_lite"]),
    )


def _person_to_json(person: Person) -> dict[str, object]:
    return {
        "number": person.number,
        "score": person.score,
        "start_s": person.start_s,
        "end_s": person.end_s,
        "height_px": person.height_px,
        "thumbnail": base64.b64encode(person.thumbnail).decode("ascii"),
    }


def _person_from_json(values: dict) -> Person:
    return Person(**{**values, "thumbnail": base64.b64decode(values["thumbnail"])})
