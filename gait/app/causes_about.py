"""``gait causes --about``: what the knowledge holds of one cause, with every figure and its source."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from gait.app.causes_text import GROUPS, TIERS
from gait.app.lines import Lines, factor, for_stdout, show
from gait.causes.evidence import caps_of, detectors
from gait.causes.explain import percent
from gait.causes.expression import Leaf, leaves
from gait.causes.knowledge import Knowledge, load_knowledge
from gait.causes.model import normalised
from gait.causes.modules import GENERAL_FLOOR
from gait.causes.schema import AgeFactor, Condition, Row, SideRule, Tag
from gait.core.errors import InputError

TAGS: Mapping[Tag, str] = {
    "V": "read at the source",
    "D": "derived by arithmetic",
    "K": "well known, not read again",
    "E": "our estimate",
}

SIDES: Mapping[SideRule, str] = {
    "same": "on the same side",
    "opposite": "on the other side",
    "own": "(the finding names its own side)",
    "none": "",
}

MODULES = {
    "foot_drop": "Foot drop",
    "foot_pain": "Foot pain",
    "back": "Back pain alone",
    "back_leg": "Pain in the leg, with back",
    "walking": "Trouble with walking",
    "film": "A film without a complaint",
}

MODEL_NAMES = {"foot_drop": "AMONG FOOT DROPS", "general": "AMONG PAIN AND WALKING TROUBLES"}

LEAST_BITS = math.log2(1.5)
"""What changes the odds by less than half is no argument (as in the reasoning)."""

FLAG_BITS = math.log2(3.0)
"""A sign that raises the odds so far links a rule for hurry with the cause (our choice)."""

MOST_FOR, MOST_AGAINST = 10, 8
"""How many arguments are told for each model."""

MAX_NAMED = 3
"""How many items of a row with alternatives are named."""

_COLUMNS = (7, 8, 7, 14)


@dataclass(frozen=True, slots=True)
class Speaks:
    """One item that speaks for a cause, or against it.

    Attributes
    ----------
    text
        The plain sentence of what is so, or is not so.
    here, elsewhere
        P(this | cause), and its mean over the other causes of the model.
    bits
        Logarithm to base 2 of their ratio, as the reasoning would count it alone: for findings of a film after the
        detector's misses and false alarms, and after the caps.
    status, sources
        Of the figures.
    """

    text: str
    here: float
    elsewhere: float
    bits: float
    status: Tag
    sources: tuple[str, ...]


@dataclass(slots=True)
class _References:
    """Sources in the order they are named, by number."""

    keys: list[str] = field(default_factory=list)

    def of(self, sources: Iterable[str]) -> str:
        for key in sources:
            if key not in self.keys:
                self.keys.append(key)
        return f"[{','.join(str(self.keys.index(key) + 1) for key in sources)}]"


def run_about(cause: str) -> int:
    """Print the sheet of one cause, or the list of all.

    Raises
    ------
    InputError
        There is no such cause.
    """
    knowledge = load_knowledge()
    lines = for_stdout()
    if cause == "list":
        show(list_lines(knowledge, lines).lines)
        return 0
    if cause not in knowledge.causes:
        near = get_close_matches(cause, knowledge.causes, n=1, cutoff=0.0)[0]
        raise InputError(f"--about {cause!r} does not exist. The nearest is {near!r}; --about list names them all.")
    show(sheet_lines(knowledge, cause, lines).lines)
    return 0


def list_lines(knowledge: Knowledge, into: Lines) -> Lines:
    """All causes by group and level."""
    width = max(map(len, knowledge.causes)) + 2
    for group, title in GROUPS.items():
        into.heading(title)
        for key, cause in knowledge.causes.items():
            if cause.group == group:
                danger = "; must not be missed" if cause.dangerous else ""
                into.add(f"{key.ljust(width)}{cause.label} ({cause.level}{danger})", indent=2, hang=width)
    into.blank()
    into.add("where: root, nerve, joint or tendon. why: disc, narrow canal, slip, shoes.", "quiet")
    return into


def sheet_lines(knowledge: Knowledge, cause: str, into: Lines) -> Lines:
    """All that is known of one cause.

    Parameters
    ----------
    knowledge
        What is known in general.
    cause
        An id that exists.
    into
        The text to add to; it is also returned.
    """
    condition = knowledge.causes[cause]
    references = _References()
    level = "where (root, nerve, joint, tendon)" if condition.level == "where" else "why (disc, narrow canal, shoes)"
    into.title(f"{condition.label} ({cause})", is_first=True)
    into.add(
        f"{GROUPS[condition.group].lower().capitalize()}; tells {level}; "
        f"{'has a side' if condition.sided else 'has no side'}"
        f"{'; must not be missed, so listed even when unlikely' if condition.dangerous else ''}."
    )
    _texts(knowledge, condition, references, into)
    _priors(knowledge, cause, references, into)
    for name, title in MODEL_NAMES.items():
        _arguments(title, arguments(knowledge, cause, name), references, into)
    _arguments("AMONG THE CAUSES THAT COULD EXPLAIN THE SAME", link_arguments(knowledge, cause), references, into)
    _links(knowledge, cause, references, into)
    _flags(knowledge, cause, references, into)
    _sources(knowledge, references, into)
    return into


def arguments(knowledge: Knowledge, cause: str, model_name: str) -> tuple[Speaks, ...]:
    """What speaks for and against a cause in one model, strongest first; empty where the model does not know it."""
    model = knowledge.models[model_name]
    if cause not in model.causes:
        return ()
    column = model.column(cause)
    weights = _weights(knowledge, model_name, model.causes)
    others = [weight if name != cause else 0.0 for name, weight in weights.items()]
    found = []
    for row, p in zip(model.rows, model.p[0].tolist(), strict=True):
        elsewhere = sum(w * value for w, value in zip(others, p, strict=True)) / sum(others)
        found += [_speaks(knowledge, row, p[column], elsewhere, value=value) for value in (True, False)]
    return _ranked(found)


def link_arguments(knowledge: Knowledge, cause: str) -> tuple[Speaks, ...]:
    """What tells a linked cause from others that could explain the same."""
    found = []
    for evidence in knowledge.link_evidence:
        p, base = evidence.p.get(cause, evidence.default), evidence.default
        for value in (True, False):
            here, there = (p, base) if value else (1.0 - p, 1.0 - base)
            text = knowledge.phrase(evidence.item, value)
            found.append(Speaks(text, here, there, math.log2(here / there), evidence.status, evidence.sources))
    return _ranked(found)


def _ranked(found: Iterable[Speaks]) -> tuple[Speaks, ...]:
    told = [speaks for speaks in found if abs(speaks.bits) >= LEAST_BITS]
    return tuple(sorted(told, key=lambda speaks: (-abs(round(speaks.bits, 9)), speaks.text)))


def _weights(knowledge: Knowledge, model_name: str, causes: Sequence[str]) -> dict[str, float]:
    """How common each cause of a model is before anything is known; complaints count alike."""
    modules = ("foot_drop",) if model_name == "foot_drop" else ("foot_pain", "back_leg", "walking")
    total = dict.fromkeys(causes, 0.0)
    for module in modules:
        for key, share in _shares(knowledge, module, causes).items():
            total[key] += share / len(modules)
    return total


def _shares(knowledge: Knowledge, module: str, causes: Sequence[str]) -> dict[str, float]:
    floor = 0.0 if module == "foot_drop" else GENERAL_FLOOR
    return normalised({key: max(knowledge.causes[key].priors.of(module), floor) for key in causes})


def _speaks(knowledge: Knowledge, row: Row, here: float, elsewhere: float, *, value: bool) -> Speaks:
    """One row answered with yes or no."""
    kind = next((knowledge.questions[item].kind for item in row.items if item in knowledge.questions), "gait")
    seen = [here, elsewhere]
    if kind == "gait":
        sensitivity, specificity = detectors(knowledge, row.items)
        seen = [sensitivity * p + (1.0 - specificity) * (1.0 - p) for p in seen]
    if not value:
        here, elsewhere = 1.0 - here, 1.0 - elsewhere
        seen = [1.0 - p for p in seen]
    low, high = caps_of(knowledge.rules, row, kind)
    ratio = min(max(seen[0] / seen[1], low), high)
    return Speaks(_phrase(knowledge, row, value), here, elsewhere, math.log2(ratio), row.status, row.sources)


def _phrase(knowledge: Knowledge, row: Row, value: bool) -> str:
    texts = [knowledge.phrase(item, value) for item in row.items]
    more = f" or {len(texts) - MAX_NAMED} more" if len(texts) > MAX_NAMED else ""
    joined = (" or: " if value else "; ").join(texts[:MAX_NAMED])
    return f"{joined}{more}"


def _texts(knowledge: Knowledge, condition: Condition, references: _References, into: Lines) -> None:
    shown = []
    for side, findings in condition.shows.items():
        names = ", ".join(knowledge.findings[finding].if_yes.lower() for finding in findings)
        shown += [f"{names} {SIDES[side]}".strip()] if findings else []
    mechanism = f"{condition.mechanism} {_status(condition.mechanism_status, condition.mechanism_sources, references)}"
    for title, text in (
        ("WHAT IT DOES TO THE WALK", condition.gait),
        ("", f"Findings: {'; '.join(shown)}." if shown else ""),
        ("HOW", mechanism),
        ("OVER TIME", condition.over_time),
        ("EASILY MISTAKEN", condition.pitfall),
        ("EXAMINE", condition.examine),
    ):
        if text and title:
            into.heading(title)
        if text:
            into.add(text, indent=2)


def _priors(knowledge: Knowledge, cause: str, references: _References, into: Lines) -> None:
    condition = knowledge.causes[cause]
    into.heading("HOW COMMON, BEFORE ANYTHING ELSE IS KNOWN")
    models = {"foot_drop": "foot_drop"}
    for module, title in MODULES.items():
        share = _shares(knowledge, module, knowledge.models[models.get(module, "general")].causes).get(cause, 0.0)
        text = percent(share) if condition.priors.of(module) > 0.0 else "not as the principal cause"
        into.add(f"{title.ljust(28)}{text}", indent=2)
    into.add(f"{TAGS[condition.prior_status].capitalize()} {references.of(condition.sources)}", "quiet", indent=2)
    if condition.age is not None:
        into.add(
            f"Age: {_bands(condition.age)} {_status(condition.age.status, condition.age.sources, references)}",
            indent=2,
            hang=2,
        )
    if condition.sex is not None:
        sex = condition.sex
        into.add(
            f"Sex: women x{sex.female:g}, men x{sex.male:g} {_status(sex.status, sex.sources, references)}",
            indent=2,
            hang=2,
        )
    moved = [setting for setting in knowledge.settings.values() if setting.factors.get(cause, 1.0) != 1.0]
    for setting in moved:
        into.add(
            f"{setting.label}: x{setting.factors[cause]:g} {_status(setting.status, setting.sources, references)}",
            indent=2,
            hang=2,
        )


def _bands(age: AgeFactor) -> str:
    return ", ".join(f"{low:g} to {below:g} years x{value:g}" for low, below, value in age.bands)


def _status(status: Tag, sources: Sequence[str], references: _References) -> str:
    return f"({status} {references.of(sources)})"


def _arguments(title: str, found: Sequence[Speaks], references: _References, into: Lines) -> None:
    for word, style, chosen in (
        ("FOR", "for", [speaks for speaks in found if speaks.bits > 0][:MOST_FOR]),
        ("AGAINST", "against", [speaks for speaks in found if speaks.bits < 0][:MOST_AGAINST]),
    ):
        if not chosen:
            continue
        into.heading(f"{title}: WHAT SPEAKS {word} IT")
        into.spans((_row(into, "", ("here", "others", "odds", "source"))[0], "quiet"))
        for speaks in chosen:
            cells = (
                percent_cell(speaks.here),
                percent_cell(speaks.elsewhere),
                factor(speaks.bits, into.is_plain),
                f"{speaks.status} {references.of(speaks.sources)}",
            )
            first, *rest = _row(into, speaks.text, cells)
            into.spans((first, style))
            for line in rest:
                into.spans((line, style))


def _row(into: Lines, text: str, cells: tuple[str, str, str, str]) -> list[str]:
    """A row of the table; long texts go on below."""
    room = into.width - 2 - sum(_COLUMNS)
    first, *rest = textwrap.wrap(text, room - 1, break_on_hyphens=False) or [""]
    numbers = "".join(cell.rjust(width) for cell, width in zip(cells[:3], _COLUMNS[:3], strict=True))
    return [f"  {first.ljust(room)}{numbers}  {cells[3]}", *(f"    {line}" for line in rest)]


def percent_cell(probability: float) -> str:
    """Percent for a narrow column.

    Examples
    --------
    >>> percent_cell(0.004), percent_cell(0.5)
    ('<1 %', '50 %')
    """
    return "<1 %" if probability < 0.005 else f"{100 * probability:.0f} %"


def _links(knowledge: Knowledge, cause: str, references: _References, into: Lines) -> None:
    told = []
    for link, *_ in knowledge.links:
        if cause not in (link.hypothesis, link.linked):
            continue
        here, there = knowledge.causes[link.hypothesis].label, knowledge.causes[link.linked].label
        when = f" (where {link.when.strip()}; else {percent(link.share_otherwise or 0.0)})" if link.when else ""
        where = "foot drop" if link.module == "foot_drop" else "pain and walking"
        status = _status(link.status, link.sources, references)
        told.append(f"{percent(link.share)} of {here} come with {there}{when}, in {where} {status}")
    if told:
        into.heading("LINKS")
    for text in told:
        into.add(text, indent=2, hang=2, lead="-")
    for pair in knowledge.coexistence:
        if cause in pair.pair:
            other = next(name for name in pair.pair if name != cause)
            into.add(
                f"May be present together with {knowledge.causes[other].label} "
                f"{_status(pair.status, pair.sources, references)}",
                indent=2,
                hang=2,
                lead="-",
            )


def _flags(knowledge: Knowledge, cause: str, references: _References, into: Lines) -> None:
    """Rules for hurry that ask for a sign of this cause."""
    signs: set[str] = set()
    for name, rows in knowledge.rows.items():
        strong = {speaks.text for speaks in arguments(knowledge, cause, name) if speaks.bits >= FLAG_BITS}
        signs.update(item for row in rows if _phrase(knowledge, row, True) in strong for item in row.items)
    rules = [
        rule
        for rule, trigger in knowledge.flags.values()
        if any(isinstance(leaf, Leaf) and leaf.item.rpartition(":")[2] in signs for leaf in leaves(trigger))
    ]
    if rules:
        into.heading("REASONS FOR HURRY THAT SHARE ITS SIGNS")
    for tier in TIERS:
        told = [f"{rule.label} ({rule.status} {references.of(rule.sources)})" for rule in rules if rule.tier == tier]
        if told:
            into.add("; ".join(told), indent=2, hang=2, lead=f"{tier}:")


def _sources(knowledge: Knowledge, references: _References, into: Lines) -> None:
    into.heading("SOURCES")
    for number, key in enumerate(references.keys, 1):
        source = knowledge.sources[key]
        text = f"{source.citation}: {source.about} ({source.status}: {TAGS[source.status]})"
        into.add(text, indent=2, hang=5, lead=f"[{number}]")
    into.blank()
    into.add(
        "here: how often it is so with this cause. others: the mean over the other causes of the model, by how common "
        "they are. odds: what it does alone, after the caps (for films, after the camera's misses and false alarms).",
        "quiet",
    )
    into.add("; ".join(f"{tag} {text}" for tag, text in TAGS.items()) + ".", "quiet")
