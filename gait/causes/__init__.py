"""From findings, history and examination to possible causes."""

from gait.causes.intake import findings_of_intake, read_intake
from gait.causes.reason import suggest_causes
from gait.causes.red_flags import check_red_flags

__all__ = ["check_red_flags", "findings_of_intake", "read_intake", "suggest_causes"]
