"""What healthy people score with this program, and how far two films of one unchanged person differ.

Run ``python -m gait.validation.scores FOLDER --source TEXT --out gait/scores/data/healthy.csv`` on films of healthy
people, named ``PERSON_NUMBER`` (``012_01.mov`` and ``012_02.mov``), better with each leg near in one of them.

References
----------
Weir (2005), J Strength Cond Res 19(1), 231-240: standard error of measurement from the differences of repeated trials;
minimal detectable change = 1.96 * sqrt(2) * SEM.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gait.core.errors import GaitError, InputError, NotEnoughDataError
from gait.core.scores import Scores
from gait.scores.norm import HEALTHY_COLUMNS
from gait.validation.repeatability import MIN_PEOPLE, by_person, write_table

#: Files that are taken for films.
FILM_ENDINGS = frozenset({".mov", ".mp4", ".avi", ".mkv", ".webm", ".m4v"})

People = Mapping[str, Sequence[Scores]]


def healthy_table(people: People, source: str) -> pd.DataFrame:
    """Percentiles of every score, and the change that two films of one person differ by in 95 of 100 cases.

    Parameters
    ----------
    people
        For each person the scores of every film.
    source
        Printed in every row: where the films come from.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`gait.scores.norm.HEALTHY_COLUMNS`; 5th, 50th and 95th percentile over legs (near, far, any) or
        over films (both).

    Raises
    ------
    NotEnoughDataError
        Fewer than :data:`gait.validation.repeatability.MIN_PEOPLE` people.
    """
    if len(people) < MIN_PEOPLE:
        raise NotEnoughDataError(
            f"{len(people)} people can be analysed, expected at least {MIN_PEOPLE}; film more healthy people"
        )
    values = pd.DataFrame(
        [
            (person, number, *row)
            for person, films in people.items()
            for number, scores in enumerate(films)
            for row in _rows(scores)
        ],
        columns=["person", "film", "score", "side", "leg", "value"],
    )
    out = []
    for score, leg in sorted(set(zip(values["score"], values["leg"], strict=True))):
        of_score = values.loc[values["score"] == score]
        part = of_score.loc[of_score["leg"] == leg]
        low, median, high = np.percentile(part["value"], [5, 50, 95])
        change = _change(of_score.loc[(of_score["leg"] == "both") == (leg == "both")])
        numbers = (round(float(number), 2) for number in (low, median, high, change))
        out.append((score, leg, len(part), *numbers, source))
    return pd.DataFrame(out, columns=list(HEALTHY_COLUMNS))


def _rows(scores: Scores) -> list[tuple[str, str, str, float]]:
    """``(score, side, leg, value)`` of one film."""
    rows: list[tuple[str, str, str, float]] = [
        ("visual", score.side, "any", float(score.points)) for score in scores.visual
    ]
    near = {}
    for variable in scores.variables:
        leg = "near" if variable.is_near else "far"
        near[variable.side] = leg
        rows.append((f"shape_{variable.joint}", variable.side, leg, variable.shape_deg))
        rows.append((f"shift_{variable.joint}", variable.side, leg, variable.shift_deg))
    rows += [
        ("profile", score.side, "both" if score.side == "both" else near[score.side], score.value_deg)
        for score in scores.profile
    ]
    return rows


def _change(values: pd.DataFrame) -> float:
    """Minimal detectable change of one side's score between two films; NaN where nobody was filmed twice."""
    squares, freedom = 0.0, 0
    for _, own in values.groupby(["person", "side"]):
        squares += float(np.sum((own["value"] - own["value"].mean()) ** 2))
        freedom += len(own) - 1
    return 1.96 * float(np.sqrt(2 * squares / freedom)) if freedom else float("nan")


def films_in(folder: Path) -> list[Path]:
    """Films of a folder, by name.

    Raises
    ------
    InputError
        There is no such folder, or no film in it.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}; expected one with films named PERSON_NUMBER.")
    films = sorted(path for path in folder.iterdir() if path.suffix.lower() in FILM_ENDINGS)
    if not films:
        raise InputError(f"There is no film in {folder}; expected films named PERSON_NUMBER, for example 012_01.mov.")
    return films


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the table of healthy scores from a folder of films."""
    parser = argparse.ArgumentParser(prog="python -m gait.validation.scores", description="What healthy people score.")
    parser.add_argument("folder", type=Path, help="films of healthy people, named PERSON_NUMBER")
    parser.add_argument("--source", required=True, help="where the films come from")
    parser.add_argument("--out", type=Path, help="table to write")
    options = parser.parse_args(arguments)
    # The pipeline loads slowly; a wrong option should be told at once.
    from gait.core.subject import Subject
    from gait.pipeline import analyze

    people: dict[str, list[Scores]] = {}
    failures = []
    try:
        for person, films in by_person(films_in(options.folder)).items():
            for film in films:
                try:
                    people.setdefault(person, []).append(analyze(film, Subject()).scores)
                except NotEnoughDataError as error:
                    failures.append(f"{film.name}: {error}")
        table = healthy_table({person: films for person, films in people.items() if films}, options.source)
        if options.out is not None:
            write_table(table, options.out)
    except GaitError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    print(table.drop(columns="source").to_string(index=False))
    for failure in failures:
        print(f"not analysed: {failure}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
