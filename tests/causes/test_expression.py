"""The small language of the rules."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gait.causes.expression import open_leaves, parse, true_leaves


@dataclass
class Table:
    values: dict[str, bool | None]
    years: float | None = None

    def holds(self, item: str, both: bool) -> bool | None:
        return self.values.get(f"both {item}" if both else item)

    def age(self) -> float | None:
        return self.years


@pytest.mark.parametrize(
    ("a", "b", "conjunction", "disjunction"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, None, False, None),
        (False, False, False, False),
        (None, None, None, None),
    ],
)
def test_three_values(a: bool | None, b: bool | None, conjunction: bool | None, disjunction: bool | None) -> None:
    table = Table({"a": a, "b": b})
    assert parse("a and b").truth(table) is conjunction
    assert parse("a or b").truth(table) is disjunction


def test_and_binds_tighter_than_or() -> None:
    assert parse("a or b and c").truth(Table({"a": True, "b": True, "c": False})) is True
    assert parse("(a or b) and c").truth(Table({"a": True, "b": True, "c": False})) is False


def test_both_and_age() -> None:
    expression = parse("both(a) and age > 50")
    assert expression.truth(Table({"both a": True}, 60.0)) is True
    assert expression.truth(Table({"both a": True}, 40.0)) is False
    assert list(open_leaves(expression, Table({"both a": True}))) == ["age_years"]


def test_open_leaves_leave_out_what_cannot_matter() -> None:
    expression = parse("(a and b) or (c and d)")
    assert list(open_leaves(expression, Table({"a": False}))) == ["c", "d"]


def test_true_leaves_are_the_reasons() -> None:
    expression = parse("(a and b) or c")
    leaves = true_leaves(expression, Table({"a": True, "b": False, "c": True}))
    assert [getattr(leaf, "item", "") for leaf in leaves] == ["c"]


@pytest.mark.parametrize("text", ["", "a and", "(a", "a b", "not a", "a & b", "both a", "age 50", "a)"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="e"):
        parse(text)
