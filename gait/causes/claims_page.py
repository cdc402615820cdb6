"""The page that shows where every claim of the source article has its place in our knowledge, and where we differ."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any

from gait.causes.knowledge import Knowledge, load_knowledge

_HEAD = """# Where every claim of the source article has its place

Made from [`seed_rows.toml`](../gait/causes/data/seed_rows.toml) by `python -m gait.causes.claims_page`; do not edit
by hand.

The project starts from a clinic's article on how pain in the foot and in the back are linked. Each of its claims is a
row here: the causes, gait findings, questions and rules for hurry that carry it, and, where the article departs from
the evidence, what we do instead. A test checks that every place exists and that the corrections hold in the figures.
"""


def claims_page() -> str:
    """The page as Markdown."""
    knowledge = load_knowledge()
    text = (resources.files("gait.causes") / "data" / "seed_rows.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    parts = [_HEAD]
    for key, row in rows.items():
        parts.append(f"## {key}\n\n{row['claim']}\n\n" + "\n".join(_lines(knowledge, row)) + "\n")
    return "\n".join(parts)


def _lines(knowledge: Knowledge, row: Mapping[str, Any]) -> Iterable[str]:
    if row["out_of_scope"]:
        yield "- **Out of scope:** nothing is concluded from it."
    labels = {
        "Causes": [knowledge.causes[key].label for key in row["causes"]],
        "Findings": [f"`{key}`" for key in row["findings"]],
        "Questions and tests": [knowledge.questions[key].examiner for key in row["answers"]],
        "Rules for hurry": [knowledge.flags[key][0].label for key in row["flags"]],
    }
    for title, names in labels.items():
        if names:
            yield f"- **{title}:** {'; '.join(names)}."
    if row["corrected"]:
        yield f"- **Where we differ:** {row['corrected']}"
    yield f"- **Sources:** {'; '.join(knowledge.sources[key].citation for key in row['sources'])}."


if __name__ == "__main__":
    print(claims_page(), end="")
