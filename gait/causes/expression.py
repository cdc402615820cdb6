"""Small yes/no expressions of the data files, with three values: true, false and not known.

The language has no "not": one more yes can only make an expression true, never false. So a rule for hurry cannot be
lowered by an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

Truth = bool | None

_TOKEN = re.compile(r"\s*(\(|\)|<|>|\d+|[a-z_]+(?::[a-z_]+)?)")


class Asked(Protocol):
    """What an expression asks about a person."""

    def holds(self, item: str, both: bool) -> Truth:
        """Whether an item is so, on both sides if ``both``; None when it is not known."""
        ...

    def age(self) -> float | None:
        """Age in years, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One item, for example ``saddle_numbness``, ``complaint:foot_drop`` or ``finding:foot_drop``."""

    item: str
    both: bool = False

    def truth(self, asked: Asked) -> Truth:
        """True, false or not known."""
        return asked.holds(self.item, self.both)


@dataclass(frozen=True, slots=True)
class Age:
    """A comparison of the age in years."""

    above: bool
    years: float

    def truth(self, asked: Asked) -> Truth:
        """True, false or not known."""
        age = asked.age()
        if age is None:
            return None
        return age > self.years if self.above else age < self.years


@dataclass(frozen=True, slots=True)
class Group:
    """Several expressions joined by ``and`` or by ``or``."""

    word: Literal["and", "or"]
    parts: tuple[Expression, ...]

    def truth(self, asked: Asked) -> Truth:
        """Kleene's three-valued ``and`` and ``or``."""
        decisive = self.word == "or"
        truth: Truth = not decisive
        for part in self.parts:  # ends at the first that decides: rules are asked many times
            value = part.truth(asked)
            if value is decisive:
                return decisive
            if value is None:
                truth = None
        return truth


Expression = Leaf | Age | Group


def leaves(expression: Expression) -> Iterator[Leaf | Age]:
    """All items of an expression, in reading order."""
    if isinstance(expression, Group):
        for part in expression.parts:
            yield from leaves(part)
    else:
        yield expression


def open_leaves(expression: Expression, asked: Asked) -> Iterator[str]:
    """Names of the items that are not known and still keep the expression open."""
    if expression.truth(asked) is not None:
        return
    if isinstance(expression, Group):
        for part in expression.parts:
            yield from open_leaves(part, asked)
    else:
        yield expression.item if isinstance(expression, Leaf) else "age_years"


def true_leaves(expression: Expression, asked: Asked) -> Iterator[Leaf | Age]:
    """The items that make a true expression true."""
    if expression.truth(asked) is not True:
        return
    if isinstance(expression, Group):
        for part in expression.parts:
            yield from true_leaves(part, asked)
    else:
        yield expression


def parse(text: str) -> Expression:
    """Read an expression such as ``"a and (b or both(c)) or age > 50"``.

    Raises
    ------
    ValueError
        The text is not an expression; the message says where.
    """
    tokens: list[str] = []
    position = 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"cannot read {text[position : position + 20]!r} in the expression {text!r}")
        tokens.append(match.group(1))
        position = match.end()
    reader = _Reader(tokens)
    expression = reader.joined("or")
    if reader.tokens:
        raise ValueError(f"unexpected {reader.tokens[0]!r} in the expression {text!r}")
    return expression


@dataclass(slots=True)
class _Reader:
    """Recursive descent: ``or`` binds weaker than ``and``."""

    tokens: list[str]

    def take(self, expected: str | None = None) -> str:
        if not self.tokens:
            raise ValueError("the expression ends too early")
        token = self.tokens.pop(0)
        if expected is not None and token != expected:
            raise ValueError(f"expected {expected!r}, found {token!r}")
        return token

    def joined(self, word: Literal["and", "or"]) -> Expression:
        parts = [self.joined("and") if word == "or" else self.single()]
        while self.tokens and self.tokens[0] == word:
            self.take()
            parts.append(self.joined("and") if word == "or" else self.single())
        return parts[0] if len(parts) == 1 else Group(word, tuple(parts))

    def single(self) -> Expression:
        word = self.take()
        if word == "(":
            inner = self.joined("or")
            self.take(")")
            return inner
        if word == "both":
            self.take("(")
            item = self.take()
            self.take(")")
            return Leaf(item, both=True)
        if word == "age":
            above = self.take() == ">"
            return Age(above, float(self.take()))
        if word in {")", "<", ">", "and", "or", "not"} or word[0].isdigit():
            raise ValueError(f"expected an item, found {word!r}")
        return Leaf(word)
