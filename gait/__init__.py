"""gait: from a phone film of someone walking to measures, findings and possible causes.

Public names are imported on first use (PEP 562), so that ``import gait`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gait.core.analysis import Analysis
    from gait.core.errors import GaitError, InputError, NotEnoughDataError, SchemaError
    from gait.core.subject import Subject
    from gait.pipeline import Settings, analyze, analyze_pose
    from gait.report.archive import load_analysis, save_analysis
    from gait.report.write import write_report
    from gait.simulate.walker import Walker

_HOMES = {
    "Analysis": "gait.core.analysis",
    "GaitError": "gait.core.errors",
    "InputError": "gait.core.errors",
    "NotEnoughDataError": "gait.core.errors",
    "SchemaError": "gait.core.errors",
    "Settings": "gait.pipeline",
    "Subject": "gait.core.subject",
    "Walker": "gait.simulate.walker",
    "analyze": "gait.pipeline",
    "analyze_pose": "gait.pipeline",
    "load_analysis": "gait.report.archive",
    "save_analysis": "gait.report.archive",
    "write_report": "gait.report.write",
}

__all__ = [
    "Analysis",
    "GaitError",
    "InputError",
    "NotEnoughDataError",
    "SchemaError",
    "Settings",
    "Subject",
    "Walker",
    "__version__",
    "analyze",
    "analyze_pose",
    "load_analysis",
    "save_analysis",
    "write_report",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'gait' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
