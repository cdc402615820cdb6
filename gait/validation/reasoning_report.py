"""The study of the reasoning written down for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gait import __version__
from gait.causes.knowledge import load_knowledge
from gait.core.errors import OutputError
from gait.validation.format import number, plural, table
from gait.validation.reasoning_asking import ORDERS, QUESTIONS, fewer_than, steps, summary
from gait.validation.reasoning_figures import draw_reasoning
from gait.validation.reasoning_goals import Goal, all_goals, calibrations, share_words
from gait.validation.reasoning_outcomes import MEASURES, SERIES, calibration_error, share_of, shares, sureness
from gait.validation.rows import choose, groups, numbers, records, where

if TYPE_CHECKING:
    from gait.validation.reasoning import ReasoningStudy
    from gait.validation.vignettes import VignetteSet

_MARKS = {"met": " ✓", "missed": " ✗", "not measured": "", "no goal": ""}
_PEOPLE = ("outcomes", "listed", "misses", "laws_broken")
"""Tables that name single people: hidden sets are left out of them."""


def goals(study: ReasoningStudy) -> list[Goal]:
    """Every goal of every set."""
    return all_goals(study.tables)


def write_report(study: ReasoningStudy, folder: Path, *, reveal: bool = False) -> Path:
    """Write ``reasoning.md`` into a folder, its tables and pictures into ``reasoning/`` there.

    Parameters
    ----------
    study
        What was counted.
    folder
        Usually ``reports``.
    reveal
        Whether tables also name the people of held-out sets.

    Raises
    ------
    OutputError
        The folder cannot be written to.
    """
    tables = report_tables(study, reveal=reveal)
    texts = {"reasoning.md": to_markdown(study, report_tables(study))}
    texts |= {f"reasoning/{name}.csv": part.to_csv(index=False, float_format="%.4g") for name, part in tables.items()}
    texts |= {f"reasoning/{name}.svg": svg for name, svg in draw_reasoning(tables).items()}
    try:
        (folder / "reasoning").mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            part = (folder / name).with_name(f".{Path(name).name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name)
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror}; choose a folder that may be written") from error
    return folder / "reasoning.md"


def report_tables(study: ReasoningStudy, *, reveal: bool = False) -> dict[str, pd.DataFrame]:
    """Tables of the report by name; those that name single people are without hidden sets unless ``reveal``."""
    outcomes = study.tables["outcomes"]
    made = {
        "shares": shares(outcomes, "set"),
        "shares_by_kind": shares(outcomes, "set", "kind"),
        "calibration": calibrations(study.tables),
        "sureness": _sureness(study),
        "asking": summary(study.tables["asking"]),
        "asking_steps": steps(study.tables["asking"]),
        "outcomes": outcomes,
        "listed": study.tables["listed"],
        "misses": misses(outcomes),
        "laws_broken": laws_broken(study.tables),
    }
    hidden = frozenset() if reveal else study.hidden()
    for name in _PEOPLE:
        part = made[name]
        made[name] = choose(part, [one not in hidden for one in part["set"]]) if len(part) else part
    return made


def _sureness(study: ReasoningStudy) -> pd.DataFrame:
    outcomes, listed = study.tables["outcomes"], study.tables["listed"]
    table = calibrations(study.tables)
    return pd.DataFrame(
        [
            {
                "set": name,
                **sureness(part, where(listed, set=name)),
                "calibration_error_interviews": calibration_error(where(table, set=name, series="interviews")),
            }
            for (name,), part in groups(outcomes, "set")
        ]
    )


def misses(outcomes: pd.DataFrame) -> pd.DataFrame:
    """Outcomes of which something is wrong, with ``wrong``: which measures."""
    wrong = [
        "; ".join(one.words for one in MEASURES if isinstance(row[one.column], bool | np.bool_) and not row[one.column])
        for row in records(outcomes)
    ]
    told = outcomes[["set", "kind", "id", "expected", "expected_side", "expected_urgency", "came", "urgency_came"]]
    return choose(told.assign(wrong=wrong), [bool(text) for text in wrong])


def laws_broken(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Each place where a law does not hold: ``set, id, law, where``."""
    rows: list[dict[str, object]] = []
    for row in records(tables["laws"]):
        rows += [
            {"set": row["set"], "id": row["id"], "law": law, "where": ""}
            for column, law in (("is_mirrored", "mirror"), ("is_silent", "silence"))
            if not row[column]
        ]
    for row in records(tables["blanked"]):
        if row["side_flips"]:
            rows.append({"set": row["set"], "id": row["id"], "law": "side flips", "where": f"seed {row['seed']}"})
    for row in records(tables["turned"]):
        if row["is_lowered"] and not row["is_flag"]:
            told = f"{row['answer']} turned to {row['turned_to']}"
            rows.append({"set": row["set"], "id": row["id"], "law": "urgency lower", "where": told})
    return pd.DataFrame(rows, columns=["set", "id", "law", "where"])


def to_markdown(study: ReasoningStudy, tables: dict[str, pd.DataFrame]) -> str:
    """The report as Markdown."""
    lines = [*_head(study), *goal_lines(goals(study)), *_kind_lines(study, tables), *_sureness_lines(tables)]
    lines += [*_doubt_lines(study), *_law_lines(study, tables), *_asking_lines(study, tables)]
    return "\n".join([*lines, *_miss_lines(study, tables), ""])


def _label(name: str) -> str:
    return name.replace("_", " ")


def _head(study: ReasoningStudy) -> list[str]:
    files = ", ".join(f"{one.name}.toml" for one in study.sets if one.name != "worked")
    told = ", ".join(f"{_label(one.name)} {len(one.vignettes)}" for one in study.sets)
    apart = "*held out* were not opened while they were set." if study.hidden() else "no held-out people are in it."
    return [
        "# Reasoning: does the wanted cause lead, and how sure is it",
        "",
        f"Made by `python -m gait.validation.reasoning` (gait {__version__}) from the worked vignettes"
        f"{' and ' + files if files else ''}. Written people: {told}. *Worked* are the twelve of the evidence base, "
        f"*developed* were in sight while the figures of the knowledge were set; {apart} Sets are never pooled. "
        "Intervals are 95 % (Wilson).",
        "",
        "**What this can prove.** The people are made up by us from textbooks' classical pictures, with the answer "
        "that we hold a careful specialist would give. So these numbers say that the reasoning does what its makers "
        "want, also for people that it was not set on. They do not say how often it is right in a clinic: there the "
        "pictures are vaguer, other troubles are commoner, and answers are wrong more often. A right answer here is "
        "the first proof, not the last. How to read the tables: [docs/reasoning.md](../docs/reasoning.md).",
        "",
    ]


def goal_lines(judged: Sequence[Goal]) -> list[str]:
    """The goals, one column a set."""
    names = list(dict.fromkeys(goal.set for goal in judged))
    found = {(goal.set, goal.words): goal for goal in judged}
    rows = []
    for words in dict.fromkeys(goal.words for goal in judged):
        own = [found.get((name, words)) for name in names]
        must = next((goal.must for goal in own if goal), "")
        rows.append([words, must, *(f"{goal.told}{_MARKS[goal.status]}" if goal else "–" for goal in own)])
    counts = {status: sum(goal.status == status for goal in judged) for status in ("met", "missed")}
    told = f"{counts['met']} met, {counts['missed']} missed, over {plural(len(names), 'set')}."
    header = ["measure", "goal", *(_label(name) for name in names)]
    return ["## Goals", "", told, "", *table(header, rows), "", "![shares by set](reasoning/shares.svg)", ""]


def _kind_lines(study: ReasoningStudy, tables: dict[str, pd.DataFrame]) -> list[str]:
    """Main measures by kind of vignette."""
    by_kind = tables["shares_by_kind"]
    columns = ("top_1", "top_3", "side", "urgency", "no_cause")
    rows = []
    for (name, kind), part in groups(by_kind, "set", "kind"):
        cells = {row["measure"]: share_words(row) for row in records(part)}
        rows.append([_label(name), kind.replace("_", " "), *(cells.get(column, "–") for column in columns)])
    words = {one.column: one.words for one in MEASURES}
    covered = [f"{_label(one.name)} {wanted_causes(one)}" for one in study.sets]
    return [
        "## By kind",
        "",
        "Subtle ones carry a lure for the inexperienced reader, contradictory ones an answer or two that do not fit, "
        "nearly empty ones hardly any answer. "
        f"Causes wanted on top at least once, of {len(load_knowledge().causes)}: {', '.join(covered)}.",
        "",
        *table(["set", "kind", *(words[column] for column in columns)], rows),
        "",
    ]


def wanted_causes(vignettes: VignetteSet) -> int:
    """How many causes are wanted on top at least once."""
    return len({cause for one in vignettes.vignettes for cause in one.expect.top})


def _sureness_lines(tables: dict[str, pd.DataFrame]) -> list[str]:
    """Brier scores, calibration error, and the calibration by bands."""
    names = [
        "brier",
        "brier_level",
        "brier_lead",
        *(f"calibration_error_{series}" for series in (*SERIES, "interviews")),
    ]
    rows = [[_label(row["set"]), *(number(row[name], ".3f") for name in names)] for row in records(tables["sureness"])]
    header = ["set", "Brier, all listed", "Brier, level of the wanted", "Brier, leading"]
    header += [f"calibration error, {series}" for series in (*SERIES, "interviews")]
    bands = [
        [_label(row["set"]), words, row["wording"], f"{row['said']:.2f}", share_words(row)]
        for series, words in (("leading", "all answers"), ("interviews", "on the way"))
        for row in records(where(tables["calibration"], series=series))
    ]
    return [
        "## How sure",
        "",
        "Brier scores are sums of squared differences between the probability shown and what was wanted (0 is best); "
        "over all listed causes, over those of the level (where or why) of the wanted one, and for the leading cause "
        "alone. The calibration error is the mean distance between what is said and what is so, over the bands of the "
        "wording: for the leading cause; for every cause *listed* from 0.05 on, without the linked level of a wanted "
        "cause (a disc and its root can both be true, and a vignette tells one); and for *all* listed ones. "
        "Probabilities are capped at 0.90, and at 0.60 without any examination, so a reasoning that is nearly always "
        "right on classical pictures must look too modest here: that is meant. *Interviews* are the leading "
        "cause at each moment of the interviews below in random order, from no answer to twelve: there little is known "
        "at first, and all probabilities occur (moments of one person are not independent, so these intervals are too "
        "narrow).",
        "",
        *table(header, rows),
        "",
        "The leading cause by its wording, with all answers and on the way of the interviews:",
        "",
        *table(["set", "known", "wording", "mean probability said", "wanted"], bands),
        "",
        "![said against wanted](reasoning/calibration.svg)",
        "",
    ]


def _doubt_lines(study: ReasoningStudy) -> list[str]:
    """Range of the probabilities when our estimates are varied."""
    rows = []
    for (name,), part in groups(study.tables["outcomes"], "set"):
        widths = numbers(part, "lead_width")
        widths = widths[np.isfinite(widths)]
        if len(widths):
            quartiles = ", ".join(f"{value:.2f}" for value in np.percentile(widths, (25, 50, 75, 100)))
            rows.append(
                [_label(name), str(len(widths)), quartiles, share_words(share_of(list(part["in_leading_group"])))]
            )
    if not rows:
        return ["## When our estimates are wrong", "", "Ranges were not worked out in this version.", ""]
    header = ["set", "people", "width of the leading cause's range: quartiles and largest"]
    header += ["a wanted cause leads, or could within the ranges"]
    return [
        "## When our estimates are wrong",
        "",
        "Most figures of the knowledge are our estimates. The range of a cause is where its probability lies in nine "
        "of ten trials when they are varied within their doubt; a width of 0 is a cause at its cap in all of them.",
        "",
        *table(header, rows),
        "",
    ]


def _law_lines(study: ReasoningStudy, tables: dict[str, pd.DataFrame]) -> list[str]:
    """What was tried, and where a law is broken; how often they hold stands among the goals."""
    broken = [[_label(row["set"]), row["id"], row["law"], row["where"]] for row in records(tables["laws_broken"])]
    trials = [
        f"{_label(name)} {len(part)} and {len(where(study.tables['turned'], set=name))}"
        for (name,), part in groups(study.tables["blanked"], "set")
    ]
    lines = [
        "## Laws",
        "",
        "Each person is mirrored; is given every unasked question as unknown; loses 30 % of the answers (ten times, "
        "others each time); and has each answer turned round in turn. Trials of the latter two: "
        f"{'; '.join(trials)}. Distance is the probability that lies elsewhere than it does with complaint, body and "
        "film alone (half the sum of the differences over the listed causes). It must fall in the mean; in a single "
        "person it may rise, where the answer that was taken away contradicted the others.",
        "",
    ]
    if broken:
        lines += ["Where a law does not hold:", "", *table(["set", "person", "law", "where"], broken), ""]
    return lines


def _asking_lines(study: ReasoningStudy, tables: dict[str, pd.DataFrame]) -> list[str]:
    """The interviews."""
    rows = [
        [_label(r["set"]), ORDERS[r["order"]], str(r["people"]), number(r["median"], ".0f"), f"{100 * r['at_5']:.0f} %"]
        + [f"{100 * r['mean_share']:.0f} %", f"{100 * r['never']:.0f} %"]
        for r in records(tables["asking"])
    ]
    header = ["set", "order", "people", f"questions until it leads for good (median; – more than {QUESTIONS})"]
    header += ["leads after 5", "leads, mean over 0 to 12 questions", "never for good"]
    versus = list(_versus(study))
    return [
        "## Asking",
        "",
        "Each person is asked, starting from complaint, body and film alone: by the program's own next question, in "
        "the order of the catalogue, and in random order. Questions that a vignette does not tell are passed over "
        "without counting in every order, so all orders give the same answers, only sooner or later; this favours the "
        "other orders, which would waste questions on what nobody would have told. Grey in the picture: 90 % and more.",
        "",
        *table(header, rows),
        "",
        *versus,
        *([""] if versus else []),
        "![asking](reasoning/asking.svg)",
        "",
    ]


def _versus(study: ReasoningStudy) -> Iterator[str]:
    for (name,), part in groups(study.tables["asking"], "set"):
        told = []
        for order, words in (("catalogue", "the catalogue's order"), ("random", "random order")):
            count = fewer_than(part, order)
            told.append(f"fewer than {words} in {count['fewer']}, as many in {count['same']}, more in {count['more']}")
        first = share_words(share_of(list(part["is_first_told"])))
        yield (
            f"- {_label(name).capitalize()}: the program needs {'; '.join(told)}. Its very first question is one that "
            f"the vignette tells: {first}."
        )


def _miss_lines(study: ReasoningStudy, tables: dict[str, pd.DataFrame]) -> list[str]:
    """People with something wrong; of hidden sets their number by kind only."""
    shown = tables["misses"]
    rows = [
        [_label(r["set"]), r["id"], f"{r['expected']}, {r['expected_side']}, {r['expected_urgency']}"]
        + [f"{r['came']}; {r['urgency_came']}", r["wrong"]]
        for r in records(shown)
    ]
    header = ["set", "person", "wanted", "came (cause, side, probability; urgency)", "not reached"]
    lines = ["## Misses", "", *table(header, rows), ""] if rows else ["## Misses", "", "None in the open sets.", ""]
    hidden = misses(study.tables["outcomes"])
    for name in sorted(study.hidden()):
        own = where(hidden, set=name)
        kinds = ", ".join(f"{kind.replace('_', ' ')} {len(part)}" for (kind,), part in groups(own, "kind"))
        lines += [
            f"{_label(name).capitalize()}, not shown here: {plural(len(own), 'vignette')} missed ({kinds}).",
            "",
        ]
    return lines
