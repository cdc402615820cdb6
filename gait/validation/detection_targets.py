"""The goals of the study of findings, and whether they are met."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gait.validation.detection_tables import ALARM_GOAL, FILM_GOAL, FOUND_GOAL, SEVERE_FROM, interval
from gait.validation.rows import choose, records


@dataclass(frozen=True, slots=True)
class Judged:
    """One goal.

    Attributes
    ----------
    measure
        What was to be reached, in words.
    count, total
        Films that count, of how many.
    is_least
        Whether the share must be at least the goal, else at most.
    goal
        The share that was to be reached.
    note
        What limits it, or what it consists of.
    """

    measure: str
    count: int
    total: int
    is_least: bool
    goal: float
    note: str = ""

    @property
    def share(self) -> float:
        """Share of the films; NaN where there are none."""
        return self.count / self.total if self.total else float("nan")

    @property
    def status(self) -> str:
        """``met``, ``missed`` or ``not measured``."""
        if not self.total:
            return "not measured"
        return "met" if (self.share >= self.goal if self.is_least else self.share <= self.goal) else "missed"

    @property
    def words(self) -> str:
        """The share with its 95 % interval."""
        if not self.total:
            return "–"
        low, high = interval(self.count, self.total)
        return f"{self.share:.1%} ({low:.1%} to {high:.1%}), {self.count} of {self.total}"


def judge_study(tables: dict[str, pd.DataFrame], mirrored: int, exceptions: int) -> list[Judged]:
    """All goals, the overall ones first.

    Parameters
    ----------
    tables
        From :meth:`gait.validation.detection.Study.tables`.
    mirrored, exceptions
        Films compared with their mirror image, and those that differ.
    """
    return [*_overall(tables, mirrored, exceptions), *_by_finding(tables)]


def _overall(tables: dict[str, pd.DataFrame], mirrored: int, exceptions: int) -> list[Judged]:
    strong, alarms, films = tables["sensitivity_strong"], tables["false_alarms"], tables["healthy_films"]
    full = choose(strong, strong["arm"] == "planted")
    everything = records(choose(films, films["arm"] == "all"))[0]
    slow = choose(films, films["arm"] == "slow")
    worst = alarms.sort_values("share", ascending=False).head(1)
    wrong = sum(strong["wrong_side"])
    return [
        Judged(
            f"severity {SEVERE_FROM:g} and up found on the right side, all findings",
            sum(full["found"]),
            sum(full["films"]),
            True,
            FOUND_GOAL,
        ),
        Judged("planted finding present on the wrong side", wrong, sum(strong["films"]), False, 0.0),
        Judged(
            "healthy films with any finding",
            everything["alarms"],
            everything["films"],
            False,
            FILM_GOAL,
            everything["named"],
        ),
        *(
            Judged("worst finding among healthy films", row["alarms"], row["films"], False, ALARM_GOAL, row["finding"])
            for row in records(worst)
        ),
        Judged(
            "slow healthy films with any finding but slow walking",
            sum(slow["alarms"]),
            sum(slow["films"]),
            False,
            FILM_GOAL,
            ", ".join(slow["named"]),
        ),
        Judged("mirrored films whose findings are not mirrored", exceptions, mirrored, False, 0.0),
    ]


def _by_finding(tables: dict[str, pd.DataFrame]) -> list[Judged]:
    strong, alarms = tables["sensitivity_strong"], tables["false_alarms"]
    rows = records(choose(strong, strong["arm"] == "planted"))
    found = [
        Judged(f"{r['planted']} ({r['view']} {r['task']}) found", r["found"], r["films"], True, FOUND_GOAL, r["why"])
        for r in rows
    ]
    silent = [
        Judged(f"{r['finding']} among healthy films", r["alarms"], r["films"], False, ALARM_GOAL)
        for r in records(alarms)
    ]
    return found + silent
