"""``gait doctor``: is everything there that an analysis needs?"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from gait.core.errors import GaitError, SetupError

#: Room that the results and working files of one film may need, in bytes (our estimate).
NEEDED_BYTES = 500_000_000

_LIBRARIES = ("mediapipe", "numpy", "scipy", "pandas", "xarray", "av", "opencv-contrib-python", "matplotlib", "typst")


def run() -> int:
    """Check one thing after the other; 0 when all is well, 2 otherwise."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("Python", _python),
        ("libraries", _libraries),
        ("MediaPipe is the silent version", _silent_mediapipe),
        ("one OpenCV only", _one_opencv),
        ("pose model", _model),
        ("pose model runs", _model_runs),
        ("H.264 for overlay films", _encoder),
        ("room to write", _room),
    )
    broken = 0
    for name, check in checks:
        try:
            print(f"ok      {name}: {check()}")
        except GaitError as error:
            broken += 1
            print(f"WRONG   {name}: {error}")
    print(
        "Everything is in place."
        if not broken
        else f"{broken} of {len(checks)} checks failed; see above for what to do."
    )
    return 0 if not broken else SetupError.exit_status


def _python() -> str:
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        raise SetupError(f"Python {platform.python_version()} runs here; 3.11, 3.12 or 3.13 is needed.")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _libraries() -> str:
    found, missing = [], []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        raise SetupError(f"{', '.join(missing)} not installed; install this package again with its dependencies.")
    return ", ".join(found)


def _silent_mediapipe() -> str:
    found = version("mediapipe")
    if found != "0.10.33":
        raise SetupError(
            f"MediaPipe {found} is installed; 0.10.33 is needed: later ones send usage metrics over the network. "
            "Run: python -m pip install mediapipe==0.10.33"
        )
    return found


def _one_opencv() -> str:
    others = []
    for name in ("opencv-python", "opencv-python-headless", "opencv-contrib-python-headless"):
        try:
            others.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    if others:
        raise SetupError(
            f"{', '.join(others)} lies over opencv-contrib-python; uninstall all of them and install that one."
        )
    return version("opencv-contrib-python")


def _model() -> str:
    from gait.pose.model import find_model

    return str(find_model("heavy"))


def _model_runs() -> str:
    """Look at a grey picture: the network must start and find nobody."""
    import numpy as np

    from gait.core.recording import Frame
    from gait.pose.mediapipe import MediaPipe

    grey = np.full((256, 256, 3), 128, np.uint8)
    people = MediaPipe(model="heavy").find_people([Frame(0.0, grey)])
    return f"started; {len(people.tracks)} people in a grey picture"


def _encoder() -> str:
    import av

    try:
        codec = av.Codec("libx264", "w")
    except Exception as error:
        raise SetupError(f"The film library has no H.264 encoder ({error}); overlays cannot be written.") from error
    return codec.long_name


def _room() -> str:
    folder = Path.cwd() if os.access(Path.cwd(), os.W_OK) else Path(tempfile.gettempdir())
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise SetupError(f"Only {free / 1e6:.0f} MB are free; {NEEDED_BYTES / 1e6:.0f} MB are wanted. Make room.")
    return f"{free / 1e9:.1f} GB free"
