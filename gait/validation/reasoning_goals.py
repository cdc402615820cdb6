"""What the reasoning must reach over written people, and whether it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gait.validation.format import number
from gait.validation.reasoning_asking import said_on_the_way
from gait.validation.reasoning_outcomes import by_band, calibration, calibration_error, chance_error, share_of, shares
from gait.validation.rows import choose, groups, numbers, records, where

CALIBRATION_GOAL = 0.08
"""Largest expected calibration error (section 8.3 of the evidence base)."""
LEAST_COUNTED = 50
"""Probabilities that a calibration error needs to be judged (our estimate: with 50 in five bands a perfectly calibrated
forecast errs by 0.10 through chance alone, with 11 by 0.20; tried 2000 times)."""

LEAST_PEOPLE = 30
"""The same in people, because the moments of one interview are not independent (our estimate)."""

_SERIES_WORDS = {
    "leading": "the leading cause",
    "listed": "listed causes",
    "interviews": "the leading cause on the way of interviews",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal of one set.

    Attributes
    ----------
    set
        Which vignettes; sets are never pooled.
    words
        What was to be reached.
    must
        The goal, in words; empty where none was set.
    told
        What was reached, with numbers and 95 % interval.
    status
        ``met``, ``missed``, ``not measured``, or ``no goal``.
    """

    set: str
    words: str
    must: str
    told: str
    status: str


def share_words(counted: Mapping[str, float]) -> str:
    """``54 of 60, 90 % (80-95)``."""
    if not counted["total"]:
        return "–"
    low, high = 100 * counted["low"], 100 * counted["high"]
    return f"{counted['count']:.0f} of {counted['total']:.0f}, {100 * counted['share']:.0f} % ({low:.0f}–{high:.0f})"


def share_goal(name: str, words: str, counted: Mapping[str, float], goal: float | None) -> Goal:
    """A goal on a share: at least ``goal``, or none."""
    if goal is None or goal != goal:
        return Goal(name, words, "", share_words(counted), "no goal")
    must = "all" if goal >= 1.0 else f"≥ {100 * goal:.0f} %"
    if not counted["total"]:
        return Goal(name, words, must, "–", "not measured")
    return Goal(name, words, must, share_words(counted), "met" if counted["share"] >= goal else "missed")


def all_goals(tables: Mapping[str, pd.DataFrame]) -> list[Goal]:
    """Every goal of every set.

    Parameters
    ----------
    tables
        Of a study.
    """
    return [
        goal
        for (name,), part in groups(tables["outcomes"], "set")
        for goal in (*_measures(name, part), *_sureness(name, tables), *law_goals(name, tables))
    ]


def _measures(name: str, outcomes: pd.DataFrame) -> Iterator[Goal]:
    for row in records(shares(outcomes, "set")):
        yield share_goal(name, row["words"], row, row["goal"])


def _sureness(name: str, tables: Mapping[str, pd.DataFrame]) -> Iterator[Goal]:
    table, people = calibrations(tables), len(where(tables["outcomes"], set=name))
    for series, words in _SERIES_WORDS.items():
        bands = where(table, set=name, series=series)
        error = calibration_error(bands)
        enough = numbers(bands, "total").sum() >= LEAST_COUNTED and people >= LEAST_PEOPLE
        status = "not measured" if not enough else "met" if error <= CALIBRATION_GOAL else "missed"
        told = f"{number(error, '.3f')} (chance alone {number(chance_error(bands), '.3f')})"
        yield Goal(name, f"calibration error, {words}", f"≤ {CALIBRATION_GOAL:g}", told, status)


def law_goals(name: str, tables: Mapping[str, pd.DataFrame]) -> list[Goal]:
    """The laws over one set."""
    laws, fewer, turned = (where(tables[key], set=name) for key in ("laws", "blanked", "turned"))
    harmless = choose(turned, ~np.asarray(turned["is_flag"], bool)) if len(turned) else turned
    return [
        share_goal(name, "mirrored person: sides swap, nothing else", share_of(_column(laws, "is_mirrored")), 1.0),
        share_goal(name, "unknown answers change nothing", share_of(_column(laws, "is_silent")), 1.0),
        _nearer_goal(name, fewer),
        share_goal(name, "fewer answers: nearer, person by person", share_of(nearer(fewer)), None),
        share_goal(name, "fewer answers: no side flips", share_of([not x for x in _column(fewer, "side_flips")]), 1.0),
        share_goal(name, "fewer answers: the same cause leads", share_of(_column(fewer, "stays")), None),
        share_goal(name, "one answer turned round: the same cause leads", share_of(_column(turned, "stays")), None),
        share_goal(
            name,
            "one answer turned round that no rule asks about: urgency not lower",
            share_of([not x for x in _column(harmless, "is_lowered")]),
            1.0,
        ),
        share_goal(
            name,
            "the same: urgency not higher",
            share_of([not x for x in _column(harmless, "is_raised")]),
            None,
        ),
    ]


def _nearer_goal(name: str, fewer: pd.DataFrame) -> Goal:
    """Over all people the mean distance from what is said without any answer must fall."""
    words, must = "fewer answers: nearer to what is said without any (mean distance)", "falls"
    if not len(fewer):
        return Goal(name, words, must, "–", "not measured")
    before, after = (float(numbers(fewer, column).mean()) for column in ("distance_before", "distance"))
    return Goal(name, words, must, f"{before:.3f} → {after:.3f}", "met" if after < before else "missed")


def _column(table: pd.DataFrame, name: str) -> list[bool]:
    return [bool(value) for value in table[name]] if len(table) else []


def nearer(fewer: pd.DataFrame) -> list[bool]:
    """For each person whether the mean distance falls when answers are taken away.

    People about whom the answers say nothing (distance 0) cannot come nearer and are left out.
    """
    found = []
    for _, part in groups(fewer, "set", "id"):
        before = float(numbers(part, "distance_before").mean())
        if before > 0.0:
            found.append(float(numbers(part, "distance").mean()) < before)
    return found


def calibrations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Calibration of every set, with the series ``interviews`` of :func:`said_on_the_way`."""
    parts = []
    for (name,), part in groups(tables["listed"], "set"):
        on_the_way = said_on_the_way(where(tables["asking"], set=name))
        both = (calibration(part), pd.DataFrame(list(by_band("interviews", on_the_way))))
        parts += [one.assign(set=name) for one in both if len(one)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
