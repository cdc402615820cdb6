"""The package as a whole: its names, and what importing it costs. The laws of the chain are in ``test_laws.py``."""

from __future__ import annotations

import gait


def test_the_public_names_are_sorted_and_all_there():
    assert list(gait.__all__) == sorted(gait.__all__)
    for name in gait.__all__:
        assert getattr(gait, name) is not None


def test_importing_the_package_loads_nothing_heavy():
    import subprocess
    import sys

    heavy = ("numpy", "pandas", "cv2", "mediapipe", "matplotlib", "scipy", "xarray")
    code = f"import sys, gait, gait.app.cli; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
