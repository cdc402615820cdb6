"""What all tests share: where the real films are, and the samples, analysed once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"


def film_folder() -> Path | None:
    """The folder of real films: beside the checkout, or where GAIT_FILM_DATA says."""
    told = os.environ.get("GAIT_FILM_DATA")
    folder = Path(told) if told else ROOT.parent / "shared" / "data"
    return folder if (folder / "rendered").is_dir() else None


def pytest_report_header() -> str:
    folder = film_folder()
    if folder is None:
        return "real films: NOT FOUND - all tests marked film are skipped (set GAIT_FILM_DATA to their folder)"
    return "real films: found - tests marked film run"


@pytest.fixture(scope="session")
def film_data() -> Path:
    folder = film_folder()
    if folder is None:
        pytest.skip("no real films here: set GAIT_FILM_DATA to their folder")
    return folder


@pytest.fixture(scope="session")
def samples() -> Path:
    return SAMPLES
