"""Set up and try, or test, from a fresh clone, with nothing but Python 3.11 to 3.13.

python3 start.py samples    install everything into .venv, obtain the pose model, analyse the sample films
python3 start.py tests      install everything into .venv, obtain the pose model, run all checks and tests

Both can be run again: what is already there is kept.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import platform
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements.lock"

#: Libraries of the system that MediaPipe and OpenCV load on Linux, and Debian's packages that bring them.
SYSTEM_LIBRARIES = {"GL": "libgl1", "EGL": "libegl1", "GLESv2": "libgles2", "glib-2.0": "libglib2.0-0"}


def main() -> int:
    """Do what the one argument says."""
    if len(sys.argv) != 2 or sys.argv[1] not in ("samples", "tests"):
        print(__doc__, file=sys.stderr)
        return 2
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        print(f"Python {platform.python_version()} runs this; Python 3.11, 3.12 or 3.13 is needed.", file=sys.stderr)
        return 2
    if missing := missing_system_packages():
        print(f"System libraries are missing. On Debian: apt-get install -y {' '.join(missing)}", file=sys.stderr)
        return 2
    started = time.monotonic()
    try:
        install()
        run("gait", "model", "fetch")
        return samples(started) if sys.argv[1] == "samples" else tests(started)
    except subprocess.CalledProcessError as error:
        print(f"\nThis step failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode or 1
    except KeyboardInterrupt:
        print("\nInterrupted; run the same command again to go on.", file=sys.stderr)
        return 130


def missing_system_packages() -> list[str]:
    """Debian packages whose libraries cannot be found (only on Linux)."""
    if platform.system() != "Linux":
        return []
    return [package for library, package in SYSTEM_LIBRARIES.items() if ctypes.util.find_library(library) is None]


def install() -> None:
    """Make the environment and install the locked versions and this package, unless that is done already."""
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        print(f"Making the environment {ENVIRONMENT.name} ...", flush=True)
        venv.create(ENVIRONMENT, with_pip=True)
    stamp = ENVIRONMENT / "installed"
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Installing the locked versions (about 400 MB, once) ...", flush=True)
    pip = ("python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--require-hashes", "--requirement", str(LOCK))
    run(*pip, "--no-deps", "--editable", str(ROOT))
    stamp.write_text(wanted)


def samples(started: float) -> int:
    """Analyse every sample film; the heights are those in their truth files."""
    run("python", str(ROOT / "samples" / "analyse_all.py"))
    print(f"Done in {time.monotonic() - started:.0f} s. Open gait-out/index.html.")
    return 0


def tests(started: float) -> int:
    """All checks, cheapest first; stops at none, fails if any fails."""
    checks = (
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("pyright", "--pythonpath", str(BIN / ("python.exe" if os.name == "nt" else "python"))),
        ("lint-imports",),
        ("python", "-m", "pytest", "-n", "2", "--dist", "loadgroup"),
    )
    failed = []
    for check in checks:
        print(f"\n=== {' '.join(check)}", flush=True)
        if subprocess.run([str(BIN / check[0]), *check[1:]], cwd=ROOT).returncode:
            failed.append(check[0] if check[0] != "python" else "pytest")
    outcome = f"failed: {', '.join(failed)}" if failed else "all passed"
    print(f"\n{len(checks)} checks in {time.monotonic() - started:.0f} s; {outcome}.")
    return 1 if failed else 0


def run(program: str, *arguments: str) -> None:
    """Run a program of the environment; an error ends this script."""
    subprocess.run([str(BIN / program), *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
