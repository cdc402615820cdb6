"""One reasoning held against the answer that was wanted, and what many of them come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gait.causes.knowledge import Knowledge, load_knowledge
from gait.core.causes import Cause, Reasoning
from gait.validation.agreement import wilson
from gait.validation.rows import choose, groups, numbers, where
from gait.validation.vignettes import Vignette

RANK = ("none", "routine", "soon", "urgent", "emergency")
"""Urgencies, least first."""

SHOWN_FROM = 0.05
"""Causes below this are listed only because they are dangerous; calibration leaves them out."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted over vignettes.

    Attributes
    ----------
    column
        Of the outcomes: true, false, or None where the vignette does not ask for it.
    words
        In the report.
    goal
        Least share wanted; None where none was set.
    """

    column: str
    words: str
    goal: float | None = None


MEASURES = (
    Measure("top_1", "a wanted cause leads", 0.90),
    Measure("top_3", "a wanted cause among the first three"),
    Measure("group", "back, foot and leg, or elsewhere: right"),
    Measure("side", "side of the leading cause right", 1.0),
    Measure("side_not_opposite", "no left for right, nor right for left", 1.0),
    Measure("urgency", "urgency right", 1.0),
    Measure("no_under_triage", "urgency not too low", 1.0),
    Measure("no_over_triage", "urgency not too high"),
    Measure("no_cause", "no cause where none may be given", 1.0),
    Measure("three", "further causes among the next three"),
    Measure("apart", "inseparable pairs named", 1.0),
)
"""Goals: the acceptance rule of the evidence base (section 9)."""


def judge(vignette: Vignette, reasoning: Reasoning) -> dict[str, object]:
    """One row: what was wanted, what came, and whether it is right.

    Parameters
    ----------
    vignette
        With its expectation.
    reasoning
        What was concluded about its person.

    Returns
    -------
    dict
        ``kind, id, expected, expected_side, expected_urgency, came, urgency_came``; the columns of :data:`MEASURES`
        (None where not asked for); ``brier`` (sum over the listed causes of the squared difference of probability and
        1 for the wanted cause that is listed first, 0 for others; 1 is added where no wanted cause is listed),
        ``brier_level`` (the same over causes of its level only, because where and why are both true),
        ``brier_lead`` (of the leading cause alone; Brier 1950, Mon Weather Rev 78, 1-3); ``lead_width`` and
        ``in_leading_group`` (see :func:`_doubt`).
    """
    expect = vignette.expect
    row: dict[str, object] = {
        "kind": vignette.kind,
        "id": vignette.id,
        "expected": " or ".join(expect.top) or "no cause",
        "expected_side": expect.side or "none",
        "expected_urgency": expect.urgency,
        "came": first_causes(reasoning),
        "urgency_came": reasoning.urgency,
    }
    row |= _leading(vignette, reasoning) if expect.top else dict.fromkeys(_LEADING)
    row["no_cause"] = None if expect.top else not reasoning.causes
    row |= _hurry(expect.urgency, reasoning.urgency)
    return row | _brier(vignette, reasoning) | _doubt(vignette, reasoning)


def first_causes(reasoning: Reasoning, count: int = 3) -> str:
    """The first causes in words, with side and probability."""
    return "; ".join(f"{c.id} {c.side or 'none'} {c.probability:.2f}" for c in reasoning.causes[:count]) or "no cause"


MIDLINE = ("back", "why")
"""Group and level of what sits in the midline and troubles a leg: narrowing, slip, disc."""

_LEADING = ("top_1", "top_3", "group", "side", "side_not_opposite", "three", "apart")


def _leading(vignette: Vignette, reasoning: Reasoning) -> dict[str, bool | None]:
    """What is asked where a cause must be given."""
    expect, known = vignette.expect, load_knowledge().causes
    lead = reasoning.causes[0] if reasoning.causes else None
    side = lead.side if lead else None
    others = [cause.id for cause in reasoning.causes if cause.id not in expect.top][:3]
    pairs = {frozenset(pair) for pair in reasoning.inseparable}
    return {
        "top_1": lead is not None and lead.id in expect.top,
        "top_3": any(cause.id in expect.top for cause in reasoning.causes[:3]),
        "group": lead is not None and lead.group in {known[cause].group for cause in expect.top},
        "side": _is_side_right(expect.side, lead),
        "side_not_opposite": {side, expect.side} != {"left", "right"},
        "three": set(expect.three) <= set(others) if expect.three else None,
        "apart": {frozenset(pair) for pair in expect.apart} <= pairs if expect.apart else None,
    }


def _is_side_right(wanted: str | None, lead: Cause | None) -> bool | None:
    """Whether the leading cause has the wanted side.

    A vignette that wants no side (a cause in the midline) is not judged where the program names the leg that such a
    cause troubles: these are two ways of saying one thing.
    """
    if lead is None:
        return False
    condition = load_knowledge().causes[lead.id]
    if wanted is None and lead.side is not None and condition.sided and (condition.group, condition.level) == MIDLINE:
        return None
    return lead.side == wanted


def _hurry(wanted: str, came: str) -> dict[str, bool]:
    step = RANK.index(came) - RANK.index(wanted)
    return {"urgency": step == 0, "no_under_triage": step >= 0, "no_over_triage": step <= 0}


def accepted(vignette: Vignette, reasoning: Reasoning) -> Cause | None:
    """The wanted cause that is listed first, or None."""
    return next((cause for cause in reasoning.causes if cause.id in vignette.expect.top), None)


def _brier(vignette: Vignette, reasoning: Reasoning) -> dict[str, float]:
    best, top = accepted(vignette, reasoning), vignette.expect.top
    missed = 1.0 if top and best is None else 0.0
    level = load_knowledge().causes[best.id if best else top[0]].level if top else None
    alike = [cause for cause in reasoning.causes if level in (cause.level, None)]
    lead = reasoning.causes[0] if reasoning.causes else None
    return {
        "brier": missed + _squares(reasoning.causes, best),
        "brier_level": missed + _squares(alike, best),
        "brier_lead": (lead.probability - (lead.id in top)) ** 2 if lead else np.nan,
    }


def _squares(causes: Sequence[Cause], best: Cause | None) -> float:
    return float(sum((cause.probability - (cause is best)) ** 2 for cause in causes))


def _doubt(vignette: Vignette, reasoning: Reasoning) -> dict[str, object]:
    """How wide the range of the leading cause is, and whether a wanted cause could lead within the ranges.

    Ranges that are all 0 to 1 were not worked out: then nothing is said.
    """
    told = any((cause.low, cause.high) != (0.0, 1.0) for cause in reasoning.causes)
    if not told:
        return {"lead_width": np.nan, "in_leading_group": None}
    lead, best = reasoning.causes[0], accepted(vignette, reasoning)
    inside = best is not None and best.high >= lead.low
    return {"lead_width": lead.high - lead.low, "in_leading_group": inside if vignette.expect.top else None}


def listed(vignette: Vignette, reasoning: Reasoning) -> list[dict[str, object]]:
    """One row for each listed cause: its probability, and whether it was wanted.

    ``is_untold`` marks causes that are linked with a wanted one (a disc with its root): both can be true, and the
    vignette tells one of them only.
    """
    links = _links(load_knowledge())
    top = vignette.expect.top
    return [
        {
            "kind": vignette.kind,
            "id": vignette.id,
            "cause": cause.id,
            "place": place,
            "probability": cause.probability,
            "low": cause.low,
            "high": cause.high,
            "is_wanted": cause.id in top,
            "is_untold": cause.id not in top and any(frozenset((cause.id, other)) in links for other in top),
        }
        for place, cause in enumerate(reasoning.causes, start=1)
    ]


def _links(knowledge: Knowledge) -> set[frozenset[str]]:
    return {frozenset((link.hypothesis, link.linked)) for link, *_ in knowledge.links}


def shares(outcomes: pd.DataFrame, *by: str) -> pd.DataFrame:
    """Shares of the measures with their 95 % intervals (Wilson 1927).

    Parameters
    ----------
    outcomes
        Rows of :func:`judge`.
    by
        Columns that are kept apart, for example ``set``.

    Returns
    -------
    pandas.DataFrame
        ``*by, measure, words, goal, count, total, share, low, high``; measures that no vignette asks for are left out.
    """
    rows = [
        {**dict(zip(by, key, strict=True)), "measure": one.column, "words": one.words, "goal": one.goal, **counted}
        for key, part in groups(outcomes, *by)
        for one in MEASURES
        if (counted := share_of(list(part[one.column])))["total"]
    ]
    return pd.DataFrame(rows)


def share_of(values: Sequence[bool | None]) -> dict[str, float]:
    """How many are true of those that are known: ``count, total, share, low, high``."""
    known = [bool(value) for value in values if value is not None and value == value]
    count, total = sum(known), len(known)
    if not total:
        return {"count": 0, "total": 0, "share": np.nan, "low": np.nan, "high": np.nan}
    low, high = wilson(np.array(float(count)), np.array(float(total)))
    return {"count": count, "total": total, "share": count / total, "low": float(low), "high": float(high)}


SERIES = {
    "leading": "the leading cause",
    "listed": "every listed cause from 0.05 on, without the linked level of a wanted one",
    "all": "every listed cause from 0.05 on",
}
"""Probabilities that are held against the truth."""


def chosen(rows: pd.DataFrame, series: str) -> pd.DataFrame:
    """Rows of :func:`listed` that belong to one of :data:`SERIES`."""
    if not len(rows):
        return rows
    if series == "leading":
        return choose(rows, rows["place"] == 1)
    shown = choose(rows, rows["probability"] >= SHOWN_FROM)
    return shown if series == "all" else choose(shown, ~shown["is_untold"].astype(bool))


def calibration(rows: pd.DataFrame) -> pd.DataFrame:
    """Said against right, by the bands of the wording.

    Parameters
    ----------
    rows
        Rows of :func:`listed` of one set.

    Returns
    -------
    pandas.DataFrame
        ``series, wording, from, said`` (mean probability), ``count, total, share, low, high``.
    """
    table = [row for series in SERIES for row in by_band(series, chosen(rows, series))]
    return pd.DataFrame(table, columns=["series", "wording", "from", "said", *share_of([])])


def by_band(series: str, part: pd.DataFrame) -> Iterator[dict[str, object]]:
    """Rows of :func:`calibration` of one series; ``part`` has ``probability`` and ``is_wanted``."""
    bands = sorted(load_knowledge().wording, key=lambda band: band.from_)
    said = numbers(part, "probability")
    place = np.searchsorted([band.from_ for band in bands], said + 1e-9, side="right") - 1
    for number, band in enumerate(bands):
        inside = place == number
        if inside.any():
            wanted = list(np.asarray(part["is_wanted"], bool)[inside])
            row: dict[str, object] = {
                "series": series,
                "wording": band.text,
                "from": band.from_,
                "said": float(said[inside].mean()),
            }
            yield {**row, **share_of(wanted)}


def calibration_error(table: pd.DataFrame) -> float:
    """Expected calibration error: mean distance of said and right over the bands, weighted with their counts.

    NaN without rows. Naeini, Cooper & Hauskrecht 2015, AAAI 29, 2901-2907.
    """
    total = numbers(table, "total")
    if not total.sum():
        return float("nan")
    return float(np.sum(total * np.abs(numbers(table, "said") - numbers(table, "share"))) / total.sum())


def chance_error(table: pd.DataFrame) -> float:
    """What :func:`calibration_error` would be by chance alone, if what is said were exactly so; NaN without rows.

    The mean distance of a share of ``n`` from its truth ``p`` is near ``sqrt(2 p (1 - p) / (pi n))``.
    """
    total, said = numbers(table, "total"), numbers(table, "said")
    if not total.sum():
        return float("nan")
    return float(np.sum(total * np.sqrt(2.0 * said * (1.0 - said) / (np.pi * total))) / total.sum())


def sureness(outcomes: pd.DataFrame, rows: pd.DataFrame) -> dict[str, float]:
    """Brier scores and calibration errors of one set; NaN where there is nothing to count."""
    table = calibration(rows)
    result = {name: _mean(numbers(outcomes, name)) for name in ("brier", "brier_level", "brier_lead")}
    result |= {f"calibration_error_{name}": calibration_error(where(table, series=name)) for name in SERIES}
    result |= {"lead_width": _median(numbers(outcomes, "lead_width"))}
    return result


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _median(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
