"""One file that holds a whole analysis, so that every output can be made again without the film.

``analysis.nc`` is NetCDF (HDF5): arrays are variables that other programs can read (``/pose``, ``/trajectories``,
``/cycles/curves``, ...), everything else is one JSON text in the variable ``record`` of the root group. Only types of
``gait.core`` named in this module are ever built from a file: reading one runs no code of its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from gait.core import analysis as analysis_module
from gait.core import (
    causes,
    cycles,
    events,
    feet,
    findings,
    issues,
    parameters,
    pose,
    recording,
    scores,
    subject,
    tasks,
    trajectories,
)  # fmt: skip
from gait.core.analysis import Analysis
from gait.core.errors import InputError, OutputError, SchemaError

#: Version of the file; raised when an older reader could not read it any more.
ARCHIVE_VERSION = 1

_MODULES = (
    analysis_module, causes, cycles, events, feet, findings, issues, parameters, pose, recording, scores, subject,
    tasks, trajectories,
)  # fmt: skip
_TYPES: Mapping[str, type] = {
    name: kind
    for module in _MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, type) and is_dataclass(kind) and kind.__module__ == module.__name__
}

_COMPRESSION = {"zlib": True, "complevel": 4}


def save_analysis(analysis: Analysis, path: Path) -> None:
    """Write an analysis into one file, complete or not at all.

    Raises
    ------
    OutputError
        The file cannot be written (disk full, no permission).
    """
    packer = _Packer()
    record = json.dumps({"archive_version": ARCHIVE_VERSION, "analysis": packer.pack(analysis, "")})
    part = path.with_name(path.name + ".part")
    try:
        _write(part, record, packer)
        part.replace(path)
    except (OSError, RuntimeError) as error:
        # The HDF5 library reports a full disk as either of the two.
        part.unlink(missing_ok=True)
        raise OutputError(
            f"{path.name} cannot be written in {path.parent} ({error}); free some space or choose another folder."
        ) from error


def load_analysis(path: Path) -> Analysis:
    """Read an analysis that :func:`save_analysis` wrote; equal to the one saved in every number and word.

    Raises
    ------
    InputError
        There is no such file.
    SchemaError
        The file is not such an archive, is damaged, or was written by a newer version.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}; expected an analysis.nc that gait analyze wrote.")
    try:
        record, arrays, groups = _read(path)
        content = json.loads(record)
        version = int(content["archive_version"])
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise SchemaError(
            f"{path.name} is no analysis of this program ({error}); expected an analysis.nc that gait analyze wrote."
        ) from error
    if version > ARCHIVE_VERSION:
        raise SchemaError(
            f"{path.name} has archive version {version}; this program reads up to {ARCHIVE_VERSION}: update it."
        )
    try:
        return _Unpacker(arrays, groups).unpack(content["analysis"])
    except (KeyError, ValueError, TypeError) as error:
        raise SchemaError(f"{path.name} is damaged ({error}); make the analysis again from the film.") from error


@dataclass(slots=True)
class _Packer:
    """Turns an analysis into JSON, setting arrays and datasets aside.

    Attributes
    ----------
    arrays
        Plain arrays and pictures, by key.
    groups
        Datasets, by their place in the analysis.
    """

    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    groups: dict[str, xr.Dataset] = field(default_factory=dict)

    def pack(self, value: Any, place: str) -> Any:
        """One value as JSON; ``place`` is where in the analysis it stands."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if is_dataclass(value) and not isinstance(value, type):
            return self._pack_dataclass(value, place)
        if isinstance(value, tuple | list):
            return [self.pack(item, f"{place}/{number}") for number, item in enumerate(value)]
        if isinstance(value, Path):
            return {"$path": str(value)}
        if isinstance(value, pd.DataFrame):
            return {"$table": _pack_table(value)}
        if isinstance(value, dict):
            return {"$dict": {str(key): self.pack(item, f"{place}/{key}") for key, item in value.items()}}
        return self._pack_array(value, place)

    def _pack_dataclass(self, value: Any, place: str) -> dict[str, Any]:
        name = type(value).__name__
        if _TYPES.get(name) is not type(value):
            raise TypeError(f"{place or 'the analysis'} holds a {name}, which is no core type")
        content = {item.name: self.pack(getattr(value, item.name), f"{place}/{item.name}") for item in fields(value)}
        return {"$type": name, **content}

    def _pack_array(self, value: Any, place: str) -> dict[str, Any]:
        if isinstance(value, bytes):
            return {"$bytes": self._keep(np.frombuffer(value, np.uint8))}
        if isinstance(value, np.ndarray):
            return {"$array": self._keep(value)}
        if isinstance(value, xr.DataArray):
            name = value.name
            self.groups[place] = value.to_dataset(name="values")
            return {"$dataarray": place, "name": name, "dims": [str(dim) for dim in value.dims]}
        if isinstance(value, xr.Dataset):
            self.groups[place] = value
            return {"$dataset": place}
        raise TypeError(f"{place} holds a {type(value).__name__}, which cannot be archived")

    def _keep(self, array: np.ndarray) -> str:
        key = f"array_{len(self.arrays)}"
        self.arrays[key] = array
        return key


@dataclass(frozen=True, slots=True)
class _Unpacker:
    """Turns JSON, arrays and datasets back into an analysis."""

    arrays: Mapping[str, np.ndarray]
    groups: Mapping[str, xr.Dataset]

    def unpack(self, value: Any) -> Any:
        """One value from JSON."""
        if isinstance(value, list):
            return tuple(self.unpack(item) for item in value)
        if not isinstance(value, dict):
            return value
        if "$type" in value:
            return self._unpack_dataclass(value)
        return self._unpack_marked(value)

    def _unpack_dataclass(self, value: dict[str, Any]) -> Any:
        kind = _TYPES[value["$type"]]
        known = {item.name for item in fields(kind)}
        given = {name: self.unpack(item) for name, item in value.items() if name != "$type"}
        unknown = sorted(set(given) - known)
        if unknown:
            raise ValueError(f"{kind.__name__} has the unknown fields {unknown}")
        missing = [
            item.name
            for item in fields(kind)
            if item.name not in given and item.default is MISSING and item.default_factory is MISSING
        ]
        if missing:
            raise ValueError(f"{kind.__name__} lacks the fields {missing}")
        return kind(**given)

    def _unpack_marked(self, value: dict[str, Any]) -> Any:
        if "$path" in value:
            return Path(value["$path"])
        if "$dict" in value:
            return {key: self.unpack(item) for key, item in value["$dict"].items()}
        if "$bytes" in value:
            return self.arrays[value["$bytes"]].astype(np.uint8).tobytes()
        if "$array" in value:
            return self.arrays[value["$array"]]
        if "$table" in value:
            return _unpack_table(value["$table"])
        if "$dataarray" in value:
            array = self.groups[value["$dataarray"]]["values"].transpose(*value["dims"])
            return array.rename(value["name"])
        return self.groups[value["$dataset"]]


def _pack_table(table: pd.DataFrame) -> dict[str, Any]:
    return {
        "columns": [str(name) for name in table.columns],
        "dtypes": [str(dtype) for dtype in table.dtypes],
        "values": [_plain_list(column) for _, column in table.items()],
    }


def _plain_list(column: pd.Series) -> list[Any]:
    """A column as JSON values; what is missing among words becomes null."""
    if column.dtype.kind in "fiub":
        return column.tolist()
    return [None if _is_missing(item) else _json_value(item) for item in column.tolist()]


def _json_value(item: Any) -> Any:
    item = item.item() if isinstance(item, np.generic) else item
    if isinstance(item, bool | int | float | str):
        return item
    raise TypeError(f"a table holds a {type(item).__name__}, which cannot be archived")


def _is_missing(item: Any) -> bool:
    return item is None or item is pd.NA or (isinstance(item, float) and math.isnan(item))


def _unpack_table(content: dict[str, Any]) -> pd.DataFrame:
    columns = {
        name: pd.Series(values, dtype=dtype)
        for name, values, dtype in zip(content["columns"], content["values"], content["dtypes"], strict=True)
    }
    return pd.DataFrame(columns, columns=content["columns"])


def _write(path: Path, record: str, packer: _Packer) -> None:
    root = {"record": xr.Variable((), np.array(record, dtype=object))}
    for key, array in packer.arrays.items():
        # Every array has dimensions of its own: equal lengths mean nothing here.
        root[key] = xr.Variable(tuple(f"{key}_{axis}" for axis in range(array.ndim)), array)
    xr.Dataset(root).to_netcdf(path, mode="w", engine="h5netcdf", encoding=_encoding(packer.arrays))
    for place, dataset in packer.groups.items():
        # Attributes may hold what NetCDF cannot; nothing of ours lives in them.
        bare = dataset.drop_attrs()
        encoding = _encoding({str(name): bare[name].values for name in bare.data_vars})
        bare.to_netcdf(path, mode="a", engine="h5netcdf", group=place, encoding=encoding)


def _encoding(arrays: Mapping[str, np.ndarray]) -> dict[str, dict[str, Any]]:
    """Compress numbers; nothing is rounded."""
    return {name: dict(_COMPRESSION) for name, array in arrays.items() if array.ndim and array.dtype.kind in "fiu"}


def _read(path: Path) -> tuple[str, dict[str, np.ndarray], dict[str, xr.Dataset]]:
    with xr.open_dataset(path, engine="h5netcdf", **_AS_WRITTEN) as root:
        loaded = root.load()
    record = str(loaded["record"].item())
    arrays = {str(name): loaded[name].values for name in loaded.data_vars if name != "record"}
    places = _places(json.loads(record))
    groups = {}
    for place in places:
        with xr.open_dataset(path, engine="h5netcdf", group=place, **_AS_WRITTEN) as group:
            groups[place] = _with_plain_strings(group.load())
    return record, arrays, groups


#: Numbers are taken as they are: a ``time`` in seconds is no date.
_AS_WRITTEN: dict[str, Any] = {"decode_times": False, "decode_timedelta": False, "mask_and_scale": False}


def _places(content: Any) -> list[str]:
    """Where datasets stand, by walking the record."""
    if isinstance(content, list):
        return [place for item in content for place in _places(item)]
    if not isinstance(content, dict):
        return []
    own = [content[key] for key in ("$dataset", "$dataarray") if key in content]
    return own + [place for item in content.values() for place in _places(item)]


def _with_plain_strings(dataset: xr.Dataset) -> xr.Dataset:
    """Names of axes as numpy strings, as they were before writing."""
    names = {
        name: (coordinate.dims, coordinate.values.astype(str))
        for name, coordinate in dataset.coords.items()
        if coordinate.dtype.kind not in "fiub"
    }
    plain = dataset.assign_coords(names).drop_attrs()
    return plain.drop_encoding()
