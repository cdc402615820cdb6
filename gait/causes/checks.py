"""Whether the data files fit each other: every id that one of them names must exist."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gait.causes.expression import Expression, Leaf, leaves
from gait.causes.pictures import body_regions, picture_ids
from gait.causes.vocabulary import COMPLAINTS, DERIVED
from gait.core.errors import SchemaError

if TYPE_CHECKING:
    from gait.causes.knowledge import Knowledge


def check_references(knowledge: Knowledge) -> None:
    """Check that every id that a data file names exists.

    Raises
    ------
    SchemaError
        One does not; the message names file, row and field.
    """
    items = {*knowledge.questions, *knowledge.findings, *DERIVED}
    for model, rows in knowledge.rows.items():
        name = "likelihoods_foot_drop.csv" if model == "foot_drop" else "likelihoods_general.toml"
        for row in rows:
            _known(name, row.name, "items", row.items, items)
            _known(name, row.name, "p", row.p, knowledge.causes)
            _known(name, row.name, "sources", row.sources, knowledge.sources)
            _known(name, row.name, "cluster", (row.cluster,), knowledge.clusters[model])
            if any(not 0.0 <= value <= 1.0 for value in row.p.values()):
                raise SchemaError(f"{name}, row {row.name}, field p: a probability is not between 0 and 1.")
    _check_conditions(knowledge, items)
    for key, question in knowledge.questions.items():
        _known("questions.toml", key, "voids", question.voids, items)
        _known("questions.toml", key, "implied_by", question.implied_by, COMPLAINTS)
        _known("questions.toml", key, "region", filter(None, [question.region]), body_regions())
        _known("questions.toml", key, "picture", filter(None, [question.picture]), picture_ids())
    for key, finding in knowledge.findings.items():
        _known("findings.toml", key, "sources", finding.sources, knowledge.sources)
    for key, (rule, trigger) in knowledge.flags.items():
        _known("red_flags.toml", key, "sources", rule.sources, knowledge.sources)
        _check_expression(knowledge, "red_flags.toml", key, "trigger", trigger)
    for key, setting in knowledge.settings.items():
        _known("settings.toml", key, "factors", (*setting.factors, *setting.derived), knowledge.causes)
        _known("settings.toml", key, "sources", setting.sources, knowledge.sources)
    _known("clusters.toml", "rules", "sources", knowledge.rules.sources, knowledge.sources)


def _check_conditions(knowledge: Knowledge, items: set[str]) -> None:
    name = "conditions.toml"
    for key, cause in knowledge.causes.items():
        _known(name, key, "sources", cause.sources, knowledge.sources)
        _known(name, key, "mechanism_sources", cause.mechanism_sources, knowledge.sources)
        _known(name, key, "side_from", cause.side_from, items)
        for shown in cause.shows.values():
            _known(name, key, "shows", shown, knowledge.findings)
        for factor in (cause.age, cause.sex):
            if factor is not None:
                _known(name, key, "sources", factor.sources, knowledge.sources)
    _check_links(knowledge, items)
    for pair in knowledge.coexistence:
        _known(name, "coexistence", "pair", pair.pair, knowledge.causes)
        _known(name, "coexistence", "sources", pair.sources, knowledge.sources)
    for pattern, expression in knowledge.patterns:
        _known(name, "patterns", "cause", (pattern.cause,), knowledge.causes)
        _known(name, f"patterns {pattern.cause}", "sources", pattern.sources, knowledge.sources)
        _check_expression(knowledge, name, f"patterns {pattern.cause}", "when", expression)


def _check_links(knowledge: Knowledge, items: set[str]) -> None:
    name = "conditions.toml"
    for link, condition, _ in knowledge.links:
        _known(name, "links", "hypothesis or linked", (link.hypothesis, link.linked), knowledge.causes)
        if condition is not None:
            _check_expression(knowledge, name, f"links {link.hypothesis}", "when", condition)
        _known(name, f"links {link.hypothesis}", "sources", link.sources, knowledge.sources)
    for evidence in knowledge.link_evidence:
        _known(name, "link_evidence", "item", (evidence.item,), items)
        _known(name, f"link_evidence {evidence.item}", "p", evidence.p, knowledge.causes)
        _known(name, f"link_evidence {evidence.item}", "sources", evidence.sources, knowledge.sources)


def _check_expression(knowledge: Knowledge, name: str, row: str, field: str, expression: Expression) -> None:
    for leaf in leaves(expression):
        if not isinstance(leaf, Leaf):
            continue
        kind, _, key = leaf.item.rpartition(":")
        known = {"complaint": COMPLAINTS, "finding": knowledge.findings, "": knowledge.questions}.get(kind, ())
        _known(name, row, field, (key,), known)


def _known(name: str, row: str, field: str, keys: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(keys) - set(known))
    if unknown:
        raise SchemaError(
            f"{name}, row {row}, field {field}: {unknown[0]!r} does not exist. Correct the name or add it."
        )
