"""Words and cells that the chapters of a comparison share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gait.comparison.model import Change, Comparison, Pair, Verdict
from gait.core.parameters import Parameter
from gait.plots.comparison import short_name
from gait.report.blocks import Tone
from gait.report.chapters.causes import percent_words
from gait.report.chapters.numbers import outside
from gait.report.names import measure_name
from gait.report.wording import Wording

#: Longer names of visits are cut in the heads of columns, which never wrap; the table of visits has them whole.
_COLUMN_CHARACTERS = 18

#: How loud a verdict is.
VERDICT_TONES: Mapping[Verdict, Tone] = {
    "better": "note", "worse": "warning", "changed": "plain", "within": "muted", "speed": "muted",
    "not_comparable": "muted", "once": "muted",
}  # fmt: skip

#: Endings of one length, told twice.
_METRES, _LEGS = ("_m", "_mps"), ("_ll", "_llps")

_MARKS: Mapping[str, str] = {
    "above": "\u00a0▲",
    "below": "\u00a0▼",
    "rather_above": "\u00a0△",
    "rather_below": "\u00a0▽",
    "": "",
}


def worth_telling(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Without lengths in leg lengths where the same one stands there in metres."""
    told = {(change.parameter, change.side) for change in changes}
    return tuple(change for change in changes if _in_metres(change) not in told)


def _in_metres(change: Change) -> tuple[str, str]:
    for legs, metres in zip(_LEGS, _METRES, strict=True):
        if change.parameter.endswith(legs):
            return change.parameter.removesuffix(legs) + metres, change.side
    return "", change.side


def pair_words(comparison: Comparison, pair: Pair) -> dict[str, str]:
    """The names of the two visits."""
    return {"first": comparison.visits[pair.before].name, "second": comparison.visits[pair.after].name}


def short_names(comparison: Comparison, pair: Pair | None = None) -> tuple[str, ...]:
    """Names of visits for the heads of columns: of a pair, or of all."""
    visits = comparison.visits if pair is None else [comparison.visits[place] for place in (pair.before, pair.after)]
    return tuple(short_name(visit.name, _COLUMN_CHARACTERS) for visit in visits)


def measure_title(change: Change, wording: Wording, *, with_unit: bool = True) -> str:
    """Name of the measure, with its unit."""
    name, unit = measure_name(change.parameter, wording), wording.unit(change.unit)
    return f"{name} ({unit})" if unit and with_unit else name


def changed_names(change: Change, wording: Wording) -> dict[str, str]:
    """Values before and after and the detectable change, with their unit."""
    before, after = (
        "–" if item is None else wording.quantity(item.value, change.unit) for item in (change.before, change.after)
    )
    return {"before": before, "after": after, "detectable": wording.quantity(change.detectable, change.unit)}


def verdict_words(change: Change, wording: Wording) -> str:
    """What a difference means."""
    key = f"compare.verdicts.{change.verdict}"
    if change.verdict == "not_comparable":
        return wording.say(key, reason=wording.say(f"compare.reasons.{change.reason}"))
    return wording.say(f"{key}{_shade(change)}")


def _shade(change: Change) -> str:
    """Of a change that no norm judges: within what is usual both times, or the sides nearer to each other or not."""
    if change.verdict != "changed" or change.before is None or change.after is None:
        return ""
    if change.before.norm is not None:
        return "_usual"
    if "_difference_" not in change.parameter:
        return ""
    return "_alike" if abs(change.after.value) < abs(change.before.value) else "_apart"


def value_words(parameter: Parameter | None, wording: Wording) -> str:
    """A value with the mark of its norm."""
    if parameter is None:
        return "–"
    return wording.number(parameter.value, parameter.unit) + _MARKS[outside(parameter)]


def signed(value: float, unit: str, wording: Wording) -> str:
    """A difference with its sign."""
    text = wording.number(value, unit)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def change_words(change: Change, wording: Wording) -> str:
    """The difference with its 95 % interval."""
    if not np.isfinite(change.difference):
        return "–"
    return wording.say(
        "compare.changes.cell",
        value=signed(change.difference, change.unit, wording),
        low=wording.number(change.low, change.unit),
        high=wording.number(change.high, change.unit),
    )


def cause_share(share: float, wording: Wording) -> str:
    """A probability; a cause that was not listed has none."""
    return percent_words(share, wording) if share > 0.0 else wording.say("compare.causes.not_listed")


def sided(text: str, side: str | None, wording: Wording) -> str:
    """A name with its side, where it has one."""
    return f"{text}, {wording.side(side).lower()}" if side in ("left", "right") else text
