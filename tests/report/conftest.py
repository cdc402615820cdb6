"""Analyses written by hand, and their reports, made once."""

from __future__ import annotations

import example
import pytest

from gait.core.analysis import Analysis
from gait.report.blocks import Document
from gait.report.document import build_document, draw_all


@pytest.fixture(scope="session")
def foot_drop() -> Analysis:
    return example.foot_drop_right()


@pytest.fixture(scope="session")
def nothing_assessable() -> Analysis:
    return example.nothing_assessable()


@pytest.fixture(scope="session")
def emergency() -> Analysis:
    return example.emergency()


@pytest.fixture(scope="session")
def healthy() -> Analysis:
    return example.healthy()


@pytest.fixture(scope="session")
def documents(foot_drop, nothing_assessable, emergency, healthy) -> dict[str, tuple[Analysis, Document]]:
    analyses = {
        "foot_drop": foot_drop,
        "nothing_assessable": nothing_assessable,
        "emergency": emergency,
        "healthy": healthy,
    }
    # The three share their strides, so their figures are the same and are drawn once.
    drawings = {"nothing_assessable": draw_all(nothing_assessable)}
    rich = draw_all(foot_drop)
    return {
        name: (analysis, build_document(analysis, drawings=drawings.get(name, rich)))
        for name, analysis in analyses.items()
    }
