"""Our numbers against the truth: events, parameters, feet and findings where the truth is known."""

from gait.validation.compare import EventErrors, compare_events, compare_findings, compare_parameters
from gait.validation.markdown import to_markdown
from gait.validation.run import Extras, ValidationReport, validate

__all__ = [
    "EventErrors",
    "Extras",
    "ValidationReport",
    "compare_events",
    "compare_findings",
    "compare_parameters",
    "to_markdown",
    "validate",
]
