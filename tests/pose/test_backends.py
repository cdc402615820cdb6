from __future__ import annotations

import sys

import pytest

from gait.core.errors import InputError
from gait.pose import base
from gait.pose.base import PoseBackend, installed_backends, load_backend
from gait.pose.mediapipe import MediaPipe


def test_an_unknown_name_lists_the_installed_ones():
    with pytest.raises(InputError, match=r"'openpose'.*mediapipe"):
        load_backend("openpose")


def test_the_own_backend_is_found_without_installation(monkeypatch):
    monkeypatch.setattr(base, "entry_points", lambda group: [])
    assert "mediapipe" in installed_backends()
    assert isinstance(load_backend("mediapipe"), PoseBackend)


def test_making_the_backend_does_not_load_the_library():
    assert isinstance(MediaPipe(), PoseBackend)
    code = "import sys; import gait.pose.mediapipe; gait.pose.mediapipe.MediaPipe(); print('mediapipe' in sys.modules)"
    import subprocess

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_settings_are_checked():
    with pytest.raises(InputError, match="between 0 and 1"):
        MediaPipe(min_detection_confidence=2.0)
