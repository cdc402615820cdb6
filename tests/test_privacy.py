"""Nothing leaves the machine: a real analysis runs under a guard that kills it at the first internet socket."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

#: Installed into the child before anything else: a filter of the kernel, so it sees every thread and every library,
#: compiled ones too. Creating a socket of the internet families ends the process with SIGSYS.
GUARD = """
import ctypes, platform, struct, sys
machine = platform.machine()
arch, socket_call = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}[machine]
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
program = [
    (LOAD, 0, 0, 4), (EQUAL, 1, 0, arch), (RETURN, 0, 0, ALLOW),
    (LOAD, 0, 0, 0), (EQUAL, 1, 0, socket_call), (RETURN, 0, 0, ALLOW),
    (LOAD, 0, 0, 16), (EQUAL, 2, 0, 2), (EQUAL, 1, 0, 10), (RETURN, 0, 0, ALLOW),
    (RETURN, 0, 0, KILL),
]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
filled = Program(len(program), ctypes.addressof(code))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(filled), 0, 0):
    sys.exit(77)
"""

linux_only = pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="the guard is a filter of the Linux kernel",
)


def guarded(code: str, folder: Path) -> subprocess.CompletedProcess:
    """Run Python code in a child that may not open an internet socket."""
    return subprocess.run(
        [sys.executable, "-c", GUARD + code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@linux_only
def test_the_guard_bites(tmp_path):
    assert guarded("import socket; socket.socket(socket.AF_UNIX)", tmp_path).returncode == 0
    for family in ("AF_INET", "AF_INET6"):
        assert guarded(f"import socket; socket.socket(socket.{family})", tmp_path).returncode == -31


@linux_only
def test_an_analysis_with_its_report_opens_no_internet_socket(tmp_path):
    film = ROOT / "samples" / "films" / "normal_side.mp4"
    code = f"""
import sys
sys.argv = ["gait", "analyze", {str(film)!r}, "--height", "1.7", "--out", "results"]
from gait.app.cli import main
main()
"""
    result = guarded(code, tmp_path)
    assert result.returncode == 0, result.stderr
    analysis = json.loads((tmp_path / "results" / "normal_side" / "analysis.json").read_text())
    assert len(analysis["events"]) > 10
    assert (tmp_path / "results" / "normal_side" / "report.pdf").stat().st_size > 10_000


def test_the_silent_pose_library_is_pinned():
    import tomllib
    from importlib.metadata import version

    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert "mediapipe==0.10.33" in wanted
    assert version("mediapipe") == "0.10.33"
