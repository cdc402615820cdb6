"""What taking a person's films together gives, and how well films of two people are told apart.

Run ``python -m gait.validation.examinations FOLDER``: films of one person share their name up to the last ``_``
(``012_01.mov`` and ``012_02.mov``). For healthy people every finding is a false alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import GaitError, NotEnoughDataError
from gait.core.examination import Examination
from gait.core.findings import Status
from gait.core.subject import Subject
from gait.examine import examine, look_at
from gait.identity.body import RATIOS
from gait.identity.decide import Comparison, Look, compare
from gait.identity.evidence import Spread, Strength, load_strength
from gait.validation.repeatability import by_person
from gait.validation.trials import find_films

#: Fewer people with two films give no spread worth printing (our choice).
MIN_PEOPLE = 5

#: What a user is told about two clips.
VERDICTS: tuple[str, ...] = ("same", "other_clothes", "other_person_suspected")

Looks = Mapping[str, Sequence[Look]]


def body_spreads(people: Looks) -> tuple[Spread, ...]:
    """Spread of each ratio of the body within and between people, for ``identity.toml``.

    Within people from the differences of two films (the mean difference left in, as films are walked both ways);
    between people from the means, what the spread within adds to them taken off.

    Parameters
    ----------
    people
        Looks of each person's films; those with two builds count, and the first two of them.

    Raises
    ------
    NotEnoughDataError
        Fewer than :data:`MIN_PEOPLE` people with two builds.
    """
    seen = [[look.build.log_ratios for look in looks if look.build is not None][:2] for looks in people.values()]
    pairs = np.array([pair for pair in seen if len(pair) == 2])
    if len(pairs) < MIN_PEOPLE:
        raise NotEnoughDataError(
            f"{len(pairs)} people have two films from the side, expected at least {MIN_PEOPLE}; film more people twice."
        )
    within2 = np.mean((pairs[:, 0] - pairs[:, 1]) ** 2, axis=0) / 2
    between2 = np.maximum(pairs.mean(axis=1).var(axis=0, ddof=1) - within2 / 2, 1e-6)
    return tuple(
        Spread(within=float(np.sqrt(a)), between=float(np.sqrt(b))) for a, b in zip(within2, between2, strict=True)
    )


def identity_pairs(people: Looks) -> pd.DataFrame:
    """Every pair of films compared, of one person and of two.

    The spreads of the body are taken anew for each pair from the people who are not in it, so that nobody is judged by
    what was learned from him.

    Returns
    -------
    pandas.DataFrame
        ``one, other, is_same_person, body, likeness, probability_same, verdict, verdict_without_clothes`` with the
        verdicts ``same``, ``other_clothes`` and ``other_person_suspected``.
    """
    films = [(person, look) for person, looks in people.items() for look in looks]
    rows = []
    for (one, a), (other, b) in combinations(films, 2):
        rest = {name: looks for name, looks in people.items() if name not in (one, other)}
        strength = _with_spreads(body_spreads(rest))
        full = compare(a, b, strength)
        bare = compare(Look(a.name, a.build), Look(b.name, b.build), strength)
        rows.append(
            (
                a.name,
                b.name,
                one == other,
                full.body,
                full.likeness,
                full.probability_same,
                verdict(full),
                verdict(bare),
            )
        )
    columns = ["one", "other", "is_same_person", "body", "likeness", "probability_same"]
    return pd.DataFrame(rows, columns=[*columns, "verdict", "verdict_without_clothes"])


def verdict(comparison: Comparison) -> str:
    """What a user is told about two clips."""
    if comparison.probability_same < 0.5:
        return "other_person_suspected"
    return "other_clothes" if comparison.has_other_clothes else "same"


def identity_rates(pairs: pd.DataFrame) -> pd.DataFrame:
    """Share of pairs with each verdict, of one person and of two; with clothes and by the body alone."""
    rows = []
    for column in ("verdict", "verdict_without_clothes"):
        for is_same in (False, True):
            said = pairs.loc[pairs["is_same_person"] == is_same, column].tolist()
            shares = {name: said.count(name) / max(len(said), 1) for name in VERDICTS}
            rows.append({"by": column, "is_same_person": is_same, "pairs": len(said), **shares})
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True)
class Gain:
    """What taking one person's films together changed.

    Attributes
    ----------
    person, clips
        Who, and how many films.
    alone, together
        Verdicts with each status: of all films by themselves, and of the examination.
    present
        Findings of the examination, as ``id side``.
    answered
        ``id side`` that no film could judge by itself and the examination calls absent.
    lost
        ``id side`` that some film could judge by itself and the examination cannot.
    """

    person: str
    clips: int
    alone: Mapping[Status, int]
    together: Mapping[Status, int]
    present: tuple[str, ...]
    answered: tuple[str, ...]
    lost: tuple[str, ...]


def gain_of(person: str, clips: Sequence[Analysis], examination: Examination) -> Gain:
    """Compare an examination with its films by themselves."""
    together = {f"{f.id} {f.side or ''}".strip(): f.status for f in examination.findings.all}
    alone = [{f"{f.id} {f.side or ''}".strip(): f.status for f in clip.findings.all} for clip in clips]
    judged = {name for own in alone for name, status in own.items() if status != "not_assessable"}
    return Gain(
        person,
        len(clips),
        _counts([status for own in alone for status in own.values()]),
        _counts(list(together.values())),
        tuple(name for name, status in together.items() if status == "present"),
        tuple(name for name, status in together.items() if status == "absent" and name not in judged),
        tuple(name for name, status in together.items() if status == "not_assessable" and name in judged),
    )


def _counts(statuses: Sequence[str]) -> dict[Status, int]:
    return {name: sum(status == name for status in statuses) for name in get_args(Status)}


def gains_table(gains: Sequence[Gain]) -> pd.DataFrame:
    """One row a person."""
    return pd.DataFrame(
        [
            {
                "person": gain.person,
                "clips": gain.clips,
                "absent_in_one_film": gain.alone["absent"] / gain.clips,
                "absent_together": gain.together["absent"],
                "open_in_one_film": gain.alone["not_assessable"] / gain.clips,
                "open_together": gain.together["not_assessable"],
                "newly_answered": len(gain.answered),
                "no_longer_answered": len(gain.lost),
                "present": "; ".join(gain.present),
            }
            for gain in gains
        ]
    )


def study(
    films: Mapping[str, Sequence[Path]], analyze: Callable[[Path], Analysis]
) -> tuple[Looks, list[Gain], list[str]]:
    """Analyse all films and examine each person.

    Parameters
    ----------
    films
        Person to films.
    analyze
        Makes an analysis of a film.

    Returns
    -------
    tuple
        Looks of each person, gains of each person with two films or more, and sentences about films that failed.
    """
    looks: dict[str, list[Look]] = {}
    gains: list[Gain] = []
    failures: list[str] = []
    for person, paths in films.items():
        clips: list[Analysis] = []
        for path in paths:
            try:
                clips.append(analyze(path))
            except GaitError as error:
                failures.append(f"{path.name}: {error}")
        seen = looks.setdefault(person, [look_at(clip) for clip in clips])
        if len(clips) > 1:
            gains.append(gain_of(person, clips, examine(clips, clips[0].subject, looks=seen, is_sure=True)))
    return looks, gains, failures


def _with_spreads(spreads: tuple[Spread, ...]) -> Strength:
    known = load_strength()
    body = type(known.body)(**dict(zip(RATIOS, spreads, strict=True)))
    return known.model_copy(update={"body": body})


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what taking films together gives, and how films of two people are told apart."""
    parser = argparse.ArgumentParser(
        prog="python -m gait.validation.examinations", description="Several films of one person."
    )
    parser.add_argument("folder", type=Path, help="films named PERSON_NUMBER of healthy people")
    options = parser.parse_args(arguments)
    # The pipeline loads slowly; a wrong option should be told at once.
    from gait.pipeline import analyze

    try:
        people = by_person(find_films(options.folder))
        looks, gains, failures = study(people, lambda film: analyze(film, Subject()))
        show(looks, gains)
    except GaitError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    for failure in failures:
        print(f"not analysed: {failure}", file=sys.stderr)
    return 0


def show(looks: Looks, gains: Sequence[Gain]) -> None:
    """Print all tables."""
    print("Body proportions, for identity.toml")
    for name, spread in zip(RATIOS, body_spreads(looks), strict=True):
        print(f"  {name}: within {spread.within:.4f}, between {spread.between:.4f}")
    pairs = identity_pairs(looks)
    likeness = pairs.groupby("is_same_person")["likeness"].describe(percentiles=[0.03, 0.5, 0.97])
    print(f"\nLikeness of clothes\n{likeness.to_string()}")
    print(
        f"\nVerdicts, each pair judged by what was learned from others\n{identity_rates(pairs).to_string(index=False)}"
    )
    table = gains_table(gains)
    print(f"\nFilms taken together\n{table.to_string(index=False)}")
    print(f"\nPeople with a finding: {sum(bool(gain.present) for gain in gains)} of {len(gains)}")
    answered = [name.split()[0] for gain in gains for name in gain.answered]
    print(f"Newly answered, by finding: {pd.Series(answered, dtype=object).value_counts().to_dict()}")
    lost = [name for gain in gains for name in gain.lost]
    print(f"No longer answered: {pd.Series(lost, dtype=object).value_counts().to_dict()}")


if __name__ == "__main__":
    sys.exit(main())
