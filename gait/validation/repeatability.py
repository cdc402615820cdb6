"""How far two films of an unchanged person differ, and how far a leg reads otherwise when it is the far one.

Run ``python -m gait.validation.repeatability FILMS... --source TEXT --out gait/parameters/repeatability.csv``: films of
one person share their name up to the last ``_`` (``012_01.mov`` and ``012_02.mov``).

References
----------
Weir (2005), J Strength Cond Res 19(1), 231-240: standard error of measurement (SEM) from the differences of repeated
trials; minimal detectable change = 1.96 * sqrt(2) * SEM.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from gait.core.analysis import Analysis
from gait.core.errors import GaitError, InputError, NotEnoughDataError, OutputError
from gait.core.parameters import GaitParameters
from gait.core.sides import SIDES, Side, other_side
from gait.core.trajectories import Trajectories
from gait.parameters.catalogue import load_catalogue
from gait.parameters.repeatability import COLUMNS, MDC_FACTOR

#: Fewer people give no spread worth printing (our choice).
MIN_PEOPLE = 5

NEAR_FAR_COLUMNS: tuple[str, ...] = (
    "parameter",
    "people",
    "legs",
    "near",
    "difference",
    "sd_people",
    "sd_legs",
    "rest",
)

People = Mapping[str, Sequence[tuple[Trajectories, GaitParameters]]]


def repeatability(people: People, note: str, source: str) -> pd.DataFrame:
    """Standard error of measurement and minimal detectable change of every measure.

    The within-person variance of a side's value is pooled over people and sides, the mean difference between first and
    second film left in (an unchanged person is filmed both ways round). Of it, the variance of a mean over strides is
    the part that more strides lessen; the rest is the film's.

    Parameters
    ----------
    people
        For each person the trajectories and measures of every film.
    note, source
        Printed in every row: how the films were made, and where they come from.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`gait.parameters.repeatability.COLUMNS`.

    Raises
    ------
    NotEnoughDataError
        Fewer than :data:`MIN_PEOPLE` people with two films.
    """
    repeated = {name: [films[1] for films in seen] for name, seen in people.items() if len(seen) > 1}
    if len(repeated) < MIN_PEOPLE:
        raise NotEnoughDataError(
            f"{len(repeated)} people have two films that can be analysed, expected at least {MIN_PEOPLE}; "
            "film more people twice"
        )
    rows = []
    for measure in load_catalogue():
        values = [_of(measure.id, films) for films in repeated.values()]
        sides = [side for person in values for side in person if len(side) > 1]
        seen = sum(any(len(side) > 1 for side in person) for person in values)
        # Lengths in metres need a height and follow from those in leg lengths.
        if seen < MIN_PEOPLE or measure.id.endswith(("_m", "_mps")):
            continue
        rows.append(_row(measure.id, sides, repeated, seen, note, source))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of(measure_id: str, films: Sequence[GaitParameters]) -> list[list[float]]:
    """Values of the films by side, of one person; sides that no film shows are empty."""
    return [
        [found.value for film in films if (found := film.get(measure_id, side)) is not None]
        for side in (*SIDES, "both")
    ]


def _row(
    measure_id: str,
    sides: list[list[float]],
    repeated: Mapping[str, list[GaitParameters]],
    people: int,
    note: str,
    source: str,
) -> tuple[object, ...]:
    """One line of the table."""
    freedom = sum(len(side) - 1 for side in sides)
    # Two films of a side differ by d: their variance is d^2 / 2 (Weir 2005, eq. 8, with the mean difference kept).
    sem2 = sum(float(np.sum((np.array(side) - np.mean(side)) ** 2)) for side in sides) / freedom
    found = [
        p
        for films in repeated.values()
        for film in films
        for side in (*SIDES, "both")
        if (p := film.get(measure_id, side))
    ]
    strides = np.array([p.strides for p in found], float)
    sd = np.array([p.sd for p in found], float)
    usable = np.isfinite(sd) & (strides > 1)
    sd_stride = float("nan")
    sem_film2 = sem2
    if usable.any():
        weights = strides[usable] - 1
        sd_stride = float(np.sqrt(np.sum(weights * sd[usable] ** 2) / weights.sum()))
        per_film = float(np.mean(1.0 / strides))
        # Films can agree better than their strides promise; then strides are all that is left, and no worse than that.
        sd_stride = min(sd_stride, float(np.sqrt(sem2 / per_film)))
        sem_film2 = sem2 - sd_stride**2 * per_film
        # What is left of the subtraction is no film's part.
        sem_film2 = sem_film2 if sem_film2 > 1e-6 * sem2 else 0.0
    films = sum(len(films) for films in repeated.values())
    sem, sem_film = float(np.sqrt(sem2)), float(np.sqrt(sem_film2))
    numbers = [f"{sem:.4g}", f"{MDC_FACTOR * sem:.4g}", people, films, f"{np.median(strides):g}"]
    return (measure_id, *numbers, f"{sem_film:.4g}", f"{sd_stride:.4g}", note, source)


def near_far(people: People) -> pd.DataFrame:
    """Far minus near reading of the same legs, before any correction.

    Only films of one direction count; each leg of a person must have been the near one and the far one.

    Parameters
    ----------
    people
        For each person the trajectories and measures of every film.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`NEAR_FAR_COLUMNS`: ``near`` mean near value, ``difference`` mean over people, ``sd_people``
        between people of their two legs' mean difference, ``sd_legs`` between single legs, ``rest`` what is left of the
        difference after the catalogue's correction; in the unit.
    """
    rows = []
    for measure in load_catalogue():
        if measure.kind not in ("stride", "foot"):
            continue
        by_person: list[list[float]] = []
        near_values: list[float] = []
        for films in people.values():
            legs = [_leg(measure.id, films, side) for side in SIDES]
            both = [(near, far + measure.far_bias) for near, far in legs if np.isfinite(near) and np.isfinite(far)]
            if both:
                by_person.append([far - near for near, far in both])
                near_values += [near for near, _ in both]
        if len(by_person) < MIN_PEOPLE:
            continue
        means, single = np.array([np.mean(legs) for legs in by_person]), np.concatenate(by_person)
        difference = float(np.mean(means))
        spread = (float(np.std(means, ddof=1)), float(np.std(single, ddof=1)))
        rest = difference - measure.far_bias
        rows.append((measure.id, len(means), len(single), float(np.mean(near_values)), difference, *spread, rest))
    return pd.DataFrame(rows, columns=list(NEAR_FAR_COLUMNS))


def _leg(measure_id: str, films: Sequence[tuple[Trajectories, GaitParameters]], side: Side) -> tuple[float, float]:
    """Mean near and far value of one leg; NaN where it was not seen so."""
    seen: dict[bool, list[float]] = {True: [], False: []}
    for trajectories, parameters in films:
        near_sides = {stretch.near_side for stretch in trajectories.passes}
        found = parameters.get(measure_id, side)
        if found is not None and near_sides in ({side}, {other_side(side)}):
            seen[near_sides == {side}].append(found.value)
    return tuple(float(np.mean(seen[is_near])) if seen[is_near] else float("nan") for is_near in (True, False))  # pyright: ignore[reportReturnType]


def false_differences(parameters: Sequence[GaitParameters]) -> pd.DataFrame:
    """Of walks that are even, how many side differences our intervals call uneven.

    Parameters
    ----------
    parameters
        Measures of healthy or symmetric walks.

    Returns
    -------
    pandas.DataFrame
        ``parameter, walks, false`` (share whose interval excludes no difference), ``mean_size`` and ``half_width`` in
        the unit (asymmetries in %, others as right minus left with both intervals added in square).
    """
    rows = []
    for measure in load_catalogue():
        differences = [_difference(measure.id, measure.kind, film) for film in parameters]
        known = [both for both in differences if both is not None]
        if known:
            size, half = np.abs([value for value, _ in known]), np.array([half for _, half in known])
            rows.append((measure.id, len(known), float(np.mean(size > half)), float(size.mean()), float(half.mean())))
    return pd.DataFrame(rows, columns=["parameter", "walks", "false", "mean_size", "half_width"])


def _difference(measure_id: str, kind: str, film: GaitParameters) -> tuple[float, float] | None:
    """A side difference and its half width; None where there is none."""
    if kind in ("asymmetry", "difference"):
        found = film.get(measure_id)
        return None if found is None else (found.value, (found.high - found.low) / 2)
    if kind not in ("stride", "foot"):
        return None
    left, right = (film.get(measure_id, side) for side in SIDES)
    if left is None or right is None:
        return None
    return right.value - left.value, float(np.hypot(right.high - right.low, left.high - left.low)) / 2


def by_person(films: Sequence[Path]) -> dict[str, list[Path]]:
    """Films of each person: those whose names agree up to the last ``_``.

    Raises
    ------
    InputError
        When a name has no ``_``.
    """
    out: dict[str, list[Path]] = {}
    for film in sorted(films):
        person, mark, _ = film.stem.rpartition("_")
        if not mark:
            raise InputError(f"{film.name} names no person; expected PERSON_NUMBER, for example 012_01{film.suffix}")
        out.setdefault(person, []).append(film)
    return out


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write the table of repeatability.

    Raises
    ------
    OutputError
        When the folder cannot be written to.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        table.to_csv(part, index=False)
        part.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}; choose a folder that may be written") from error


def measure_people(
    films: Mapping[str, Sequence[Path]], analyze: Callable[[Path], Analysis]
) -> tuple[dict[str, list[tuple[Trajectories, GaitParameters]]], list[str]]:
    """Analyse all films of all people; also tells which could not be."""
    people: dict[str, list[tuple[Trajectories, GaitParameters]]] = {}
    failures = []
    for person, paths in films.items():
        for path in paths:
            try:
                analysis = analyze(path)
            except GaitError as error:
                failures.append(f"{path.name}: {error}")
                continue
            people.setdefault(person, []).append((analysis.trajectories, analysis.parameters))
    return people, failures


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the table of repeatability from films, and print how near and far legs differ."""
    parser = argparse.ArgumentParser(
        prog="python -m gait.validation.repeatability", description="Repeatability of measures."
    )
    parser.add_argument("films", nargs="+", type=Path, help="films named PERSON_NUMBER")
    parser.add_argument("--note", default="one pass each, opposite directions: each leg near once and far once")
    parser.add_argument("--source", required=True, help="where the films come from")
    parser.add_argument("--out", type=Path, help="table to write")
    options = parser.parse_args(arguments)
    # The pipeline loads slowly; a wrong option should be told at once.
    from gait.core.subject import Subject
    from gait.pipeline import analyze

    try:
        people, failures = measure_people(by_person(options.films), lambda film: analyze(film, Subject()))
        table = repeatability(people, options.note, options.source)
        if options.out is not None:
            write_table(table, options.out)
    except GaitError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    shown = [name for name in COLUMNS if name not in ("note", "source")]
    for words, part in (
        ("Repeatability", table[shown]),
        ("Far minus near", near_far(people)),
        ("Side differences called uneven", false_differences([p for films in people.values() for _, p in films])),
    ):
        print(f"{words}\n{part.to_string(index=False)}\n")
    for failure in failures:
        print(f"not analysed: {failure}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
