"""Written people (vignettes): read and checked as strictly as an intake, with the answer that was wanted."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gait.causes.intake import read_intake, subject_of
from gait.causes.knowledge import load_knowledge
from gait.core.causes import Urgency
from gait.core.errors import InputError
from gait.core.subject import Sex, Subject

Kind = Literal["classical", "subtle", "contradictory", "healthy", "nearly_empty"]
ExpectedSide = Literal["left", "right", "both", "none"]

MAX_BYTES = 5_000_000
"""A hundred vignettes have some hundred kilobytes; a larger file is a mistake."""

HIDDEN = "held_out"
"""Files whose name begins so are reported apart, without their people."""

_SIDES = ("left", "right", "both")
_M = TypeVar("_M", bound=BaseModel)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class _Expect(_Part):
    top: list[str]
    side: ExpectedSide
    urgency: Urgency
    three: list[str] = Field(default_factory=list)
    apart: list[list[str]] = Field(default_factory=list)


class _Written(_Part):
    id: str = Field(pattern=r"^[a-z0-9_]+$")
    kind: Kind
    story: str = Field(min_length=10)
    basis: str = Field(min_length=5)
    age_years: float | None = None
    sex: Sex | None = None
    leg_length_m: dict[str, float] | None = None
    complaints: list[str] = Field(default_factory=list)
    yes: list[str] = Field(default_factory=list)
    no: list[str] = Field(default_factory=list)
    seen: list[str] = Field(default_factory=list)
    not_seen: list[str] = Field(default_factory=list)
    expect: _Expect


class _Worked(_Part):
    id: str
    kind: Kind
    expect: _Expect


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a careful specialist would answer.

    Attributes
    ----------
    top
        Causes any of which may lead; empty where no cause may be given.
    side
        Side of the leading cause; None where it has none or it cannot be told.
    urgency
        By the rules for hurry.
    three
        Further causes that must be among the first three different from ``top``.
    apart
        Pairs that must be called inseparable with what is known.
    """

    top: tuple[str, ...]
    side: str | None
    urgency: Urgency
    three: tuple[str, ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Vignette:
    """One written person.

    Attributes
    ----------
    id, kind
        Which, and what it is meant to try.
    subject
        The person, as an intake gives it.
    expect
        The answer that was wanted.
    story, basis
        The case in words, and why a specialist would answer so.
    """

    id: str
    kind: Kind
    subject: Subject
    expect: Expectation
    story: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class VignetteSet:
    """The vignettes of one file.

    Attributes
    ----------
    name
        The file's name without its ending.
    vignettes
        In the order of the file.
    """

    name: str
    vignettes: tuple[Vignette, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether a report must not show its people."""
        return self.name.startswith(HIDDEN)


def read_vignettes(path: Path) -> VignetteSet:
    """Read a file of vignettes.

    Parameters
    ----------
    path
        A ``.toml`` file with ``[[vignettes]]``; ids as in an intake, with ``@left``, ``@right`` or ``@both`` where
        something has a side.

    Raises
    ------
    InputError
        The file is missing or not TOML, an id does not exist, a value cannot be meant, or two vignettes have one id.
        The message names file, vignette and field.
    """
    entries = _entries(path)
    vignettes = [_vignette(path, number, entry) for number, entry in enumerate(entries)]
    return _checked(path, path.stem, vignettes)


def read_worked(folder: Path) -> VignetteSet:
    """The twelve worked vignettes: the intakes of the samples, with the expectations that ship with this package.

    Parameters
    ----------
    folder
        Where the intakes are: ``samples/intake``.

    Raises
    ------
    InputError
        An intake is missing or cannot be read.
    """
    path = Path(str(resources.files("gait.validation") / "data" / "worked.toml"))
    vignettes = []
    for number, entry in enumerate(_entries(path)):
        row = _fit(_Worked, f"{path.name}, vignette {entry.get('id', number)}", entry)
        expect = _expectation(f"{path.name}, vignette {row.id}", row.expect)
        vignettes.append(Vignette(row.id, row.kind, read_intake(folder / f"{row.id}.json"), expect))
    return _checked(path, "worked", vignettes)


def _entries(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, each a table."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: the file has more than {MAX_BYTES} bytes. Check that this is the right file.")
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file. Check the name.") from error
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read ({error.strerror}). Check its name and rights.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: this is not valid TOML: {error}. Mend the file or save it as UTF-8.") from error
    rows = table.pop("vignettes", None)
    if table:
        raise InputError(f"{path}, field {next(iter(table))}: this field does not exist here. Keep only [[vignettes]].")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(f"{path}, field vignettes: expected a list of tables. Begin each with [[vignettes]].")
    return rows


def _fit(model: type[_M], place: str, entry: Mapping[str, Any]) -> _M:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        message = f"{place}, field {field}: {first['msg']} (found {str(first['input'])[:60]!r}). Correct it."
        raise InputError(message) from error


def _vignette(path: Path, number: int, entry: Mapping[str, Any]) -> Vignette:
    place = f"{path}, vignette {entry.get('id', number)}"
    row = _fit(_Written, place, entry)
    body = {"age_years": row.age_years, "sex": row.sex, "leg_length_m": row.leg_length_m}
    answers = [*_items(place, "yes", row.yes, value="yes"), *_items(place, "no", row.no, value="no")]
    findings = [*_items(place, "seen", row.seen, status="present")]
    findings += _items(place, "not_seen", row.not_seen, status="absent")
    table = {
        "subject": body,
        "complaints": list(_items(place, "complaints", row.complaints)),
        "answers": answers,
        "findings": findings,
    }
    return Vignette(row.id, row.kind, subject_of(table, place), _expectation(place, row.expect), row.story, row.basis)


def _items(place: str, field: str, words: Iterable[str], **value: str) -> Iterable[dict[str, str | None]]:
    """``"id@side"`` as an entry of an intake."""
    for word in words:
        name, at, side = word.partition("@")
        if at and side not in _SIDES:
            raise InputError(
                f"{place}, field {field}: {word!r} names the side {side!r}; expected left, right or both. Correct it, "
                "or leave the @ away where there is no side."
            )
        yield {"id": name, "side": side or None, **value}


def _expectation(place: str, row: _Expect) -> Expectation:
    """The answer that was wanted, if it can be meant."""
    for pair in row.apart:
        if len(pair) != 2:
            raise InputError(f"{place}, field expect.apart: {pair!r} has {len(pair)} causes; a pair has two. Mend it.")
    known = load_knowledge().causes
    for cause in (*row.top, *row.three, *(cause for pair in row.apart for cause in pair)):
        if cause not in known:
            raise InputError(f"{place}, field expect: the cause {cause!r} does not exist. Correct the id.")
    if not row.top and (row.side != "none" or row.three or row.apart):
        raise InputError(f"{place}, field expect: no cause may be given, so there is no side, three or apart either.")
    side = None if row.side == "none" else row.side
    apart = tuple((first, second) for first, second in row.apart)
    return Expectation(tuple(row.top), side, row.urgency, tuple(row.three), apart)


def _checked(path: Path, name: str, vignettes: Sequence[Vignette]) -> VignetteSet:
    twice = [key for key, count in Counter(vignette.id for vignette in vignettes).items() if count > 1]
    if twice:
        raise InputError(f"{path}: two vignettes have the id {twice[0]!r}. Give each its own.")
    return VignetteSet(name, tuple(vignettes))
