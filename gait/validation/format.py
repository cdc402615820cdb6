"""Words and tables of Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A Markdown table, one line a row."""
    return [f"| {' | '.join(line)} |" for line in (header, ["---"] * len(header), *rows)]


def number(value: float, form: str) -> str:
    """A number in a cell; a dash where there is none."""
    return format(value, form) if np.isfinite(value) else "–"


def plural(count: int, noun: str) -> str:
    """A number of things."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
