"""What moved a cause, as bars on both sides of one axis; whatever has no bar is named in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gait.core.causes import Cause, Influence
from gait.report.cause_blocks import Bar, BarGroup, Bars
from gait.report.wording import Wording

#: How many bars a card has: more than these nobody reads in ten seconds (our estimate).
MOST_FOR, MOST_AGAINST = 6, 4

#: Smaller influences get no bar: their factor would read as 1.0 (our estimate).
LEAST_BITS = math.log2(1.1)

#: The axis reaches this far at least, so that weak influences never look strong (our estimate: a factor of 4).
LEAST_AXIS_BITS = 2.0


def longest_bits(causes: Sequence[Cause]) -> float:
    """What the longest bar stands for, in bits: one scale for all cards, so that they can be compared."""
    return max((abs(item.bits) for cause in causes for item in cause.influences), default=0.0)


def cause_bars(cause: Cause, longest: float, wording: Wording) -> Bars:
    """The bars of a cause, those for it first.

    Where all that is known weighs too little for a bar, there are no groups and the label says so.

    Parameters
    ----------
    cause
        The cause.
    longest
        Bits of the longest bar of the chapter.
    wording
        The words.
    """
    sides = (
        ("for", [item for item in cause.influences if item.bits > 0], MOST_FOR, cause.supported_by),
        ("against", [item for item in cause.influences if item.bits < 0], MOST_AGAINST, cause.contradicted_by),
    )
    scale = max(longest, LEAST_AXIS_BITS)
    groups = [
        _group(wording.say(f"causes.{key}"), items, most, sentences, scale, wording)
        for key, items, most, sentences in sides
        if items
    ]
    telling = tuple(group for group in groups if group is not None)
    label = wording.say("causes.moved" if telling else "causes.unmoved")
    return Bars(label, wording.say("causes.less"), wording.say("causes.more"), telling)


def unsaid(sentences: Sequence[str], influences: Sequence[Influence], linked: Sequence[str]) -> tuple[str, ...]:
    """The sentences for or against a cause that neither a bar nor a link says already.

    Parameters
    ----------
    sentences
        All of them.
    influences
        What the bars show, and name below them.
    linked
        Labels of the causes that the card links to.
    """
    return tuple(
        sentence
        for sentence in sentences
        if not any(_tells(sentence, item) for item in influences) and not any(label in sentence for label in linked)
    )


def influence_text(item: Influence, wording: Wording) -> str:
    """The plain sentence with its side."""
    if item.side is None:
        return item.text
    return wording.say("causes.with_side", text=item.text, side=wording.side(item.side).lower())


def factor_words(bits: float, wording: Wording) -> str:
    """The factor on the odds: ``"× 3.2"`` for, ``"× 1/4"`` against.

    Parameters
    ----------
    bits
        Its logarithm to base 2.
    wording
        The words.
    """
    size = 2.0 ** abs(bits)
    number = wording.number(size, decimals=0 if size >= 9.95 else 1)
    whole = wording.number(round(size), decimals=0)
    shown = whole if number == wording.number(round(size), decimals=1) else number
    return wording.say("causes.factor_up" if bits > 0 else "causes.factor_down", factor=shown)


def _group(
    title: str, items: Sequence[Influence], most: int, sentences: Sequence[str], scale: float, wording: Wording
) -> BarGroup | None:
    """The bars of one direction; None where all of them are too small to be worth a word."""
    drawn = [item for item in items if abs(item.bits) >= LEAST_BITS][:most]
    rest = [item for item in items if item not in drawn]
    named = [item for item in rest if any(_tells(sentence, item) for sentence in sentences)]
    if not drawn and not named:
        return None
    bars = tuple(
        Bar(
            wording.say(f"causes.kinds.{item.kind}"),
            influence_text(item, wording),
            item.bits / scale,
            factor_words(item.bits, wording),
        )
        for item in drawn
    )
    return BarGroup(title, bars, _more(named, len(rest) - len(named), wording))


def _more(named: Sequence[Influence], count: int, wording: Wording) -> str:
    """What has no bar: named where the reasoning says it in a sentence, else counted."""
    items = "; ".join(_named(item, wording) for item in named)
    if items and count:
        return wording.say("causes.also_smaller", items=items, count=count)
    if items:
        return wording.say("causes.also", items=items)
    return wording.say("causes.smaller", count=count) if count else ""


def _named(item: Influence, wording: Wording) -> str:
    text = influence_text(item, wording)
    if abs(item.bits) < LEAST_BITS:
        return text
    return wording.say("causes.also_item", text=text, factor=factor_words(item.bits, wording))


def _tells(sentence: str, item: Influence) -> bool:
    """Whether a sentence is about this influence: it then begins with its text."""
    return sentence.startswith(item.text)
