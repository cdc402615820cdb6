"""Read history and examination from a JSON or TOML file, and refuse what cannot be meant."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gait.causes.knowledge import COMPLAINTS, Knowledge, load_knowledge
from gait.core.errors import InputError, OutputError
from gait.core.findings import Finding, Findings, FindingSide, Status
from gait.core.subject import Answer, Complaint, Intake, ReportedFinding, Subject

MAX_BYTES = 1_000_000
"""An intake has a few kilobytes; a larger file is a mistake."""

REPORTED_CONFIDENCE = 0.8
"""Confidence given to a finding that somebody else saw (our estimate: raters agree fairly, not fully)."""

_CENTIMETRES = 3.0
"""Above this, a height or leg length in metres must have been given in centimetres."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class _Legs(_Part):
    left: float | None = Field(default=None, ge=0.2, le=1.4)
    right: float | None = Field(default=None, ge=0.2, le=1.4)


class _Subject(_Part):
    age_years: float | None = Field(default=None, ge=0, le=120)
    sex: Literal["female", "male"] | None = None
    height_m: float | None = Field(default=None, ge=0.4, le=2.6)
    mass_kg: float | None = Field(default=None, ge=2, le=400)
    leg_length_m: _Legs | None = None


class _Complaint(_Part):
    id: str
    side: FindingSide | None = None


class _Answer(_Part):
    id: str
    value: Literal["yes", "no", "unknown"]
    side: FindingSide | None = None


class _Finding(_Part):
    id: str
    side: FindingSide | None = None
    status: Status


class _Intake(_Part):
    schema_version: Literal["1"] = "1"
    subject: _Subject = Field(default_factory=_Subject)
    complaints: list[_Complaint] = Field(default_factory=list)
    answers: list[_Answer] = Field(default_factory=list)
    findings: list[_Finding] = Field(default_factory=list)
    setting: str | None = None


def read_intake(path: Path) -> Subject:
    """Read a person's intake: body, complaints, answers, and findings that others saw.

    Parameters
    ----------
    path
        A ``.json`` or ``.toml`` file. An answer that is not in it is unknown, never "no".

    Returns
    -------
    Subject
        With its intake.

    Raises
    ------
    InputError
        The file is missing, not readable, of another kind, or holds an unknown id, an impossible value, or two
        different answers to one question. The message names the field.
    """
    return subject_of(read_table(path), path)


def subject_of(table: dict[str, Any], name: Path | str) -> Subject:
    """A person's intake from a table in the shape of an intake file, wherever it comes from.

    Parameters
    ----------
    table
        As the file would hold it.
    name
        What messages begin with, for example the file.

    Raises
    ------
    InputError
        As in :func:`read_intake`, but for the file itself.
    """
    _refuse_centimetres(name, table)
    try:
        entry = _Intake.model_validate(table)
    except ValidationError as error:
        raise InputError(_explain(name, error)) from error
    return _subject(name, entry, load_knowledge())


def intake_table(subject: Subject) -> dict[str, Any]:
    """A person's intake in the shape of an intake file, without what was not told.

    Parameters
    ----------
    subject
        The person.
    """
    intake = subject.intake
    legs = {"left": subject.leg_length_left_m, "right": subject.leg_length_right_m}
    body = {
        "age_years": subject.age_years,
        "sex": subject.sex,
        "height_m": subject.height_m,
        "mass_kg": subject.mass_kg,
        "leg_length_m": {side: length for side, length in legs.items() if length is not None} or None,
    }
    table: dict[str, Any] = {
        "schema_version": "1",
        "subject": {key: value for key, value in body.items() if value is not None},
        "complaints": [asdict(complaint) for complaint in intake.complaints],
        "answers": [asdict(answer) for answer in intake.answers],
        "findings": [asdict(finding) for finding in intake.findings],
    }
    return table if intake.setting is None else {**table, "setting": intake.setting}


def write_intake(subject: Subject, path: Path) -> None:
    """Write a person's intake as JSON; the file is replaced as a whole or not at all.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_text(json.dumps(intake_table(subject), indent=1, allow_nan=False) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path}: the answers cannot be written ({error.strerror}). Choose another file or mend the rights."
        ) from error
    finally:
        draft.unlink(missing_ok=True)  # there is one only where something went wrong


def findings_of_intake(intake: Intake) -> Findings:
    """Findings that somebody else saw, as findings.

    The side stays as told. Nobody told a grade or a confidence: the grade is set to ``moderate`` and the confidence to
    ``REPORTED_CONFIDENCE``, and the reason says so; the reasoning does not use the grade.

    Parameters
    ----------
    intake
        History, examination and reported findings.
    """
    return Findings(tuple(_as_finding(reported) for reported in intake.findings))


def _as_finding(reported: ReportedFinding) -> Finding:
    if reported.status == "not_assessable":
        return Finding(reported.id, reported.side, "not_assessable", reason="reported as not assessable")
    return Finding(
        id=reported.id,
        side=reported.side,
        status=reported.status,
        severity="moderate" if reported.status == "present" else None,
        confidence=REPORTED_CONFIDENCE,
        reason="reported by somebody, not measured; its grade was not told",
    )


def read_table(path: Path, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The table of a JSON or TOML file.

    Parameters
    ----------
    path
        The file.
    max_bytes
        Larger files are refused unread.

    Raises
    ------
    InputError
        The file is missing, too large, not readable, or not a table.
    """
    reader = {".json": _json, ".toml": tomllib.loads}.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"{path}: an intake is a .json or .toml file; found {path.suffix or 'no ending'!r}. Save it so."
        )
    try:
        if path.stat().st_size > max_bytes:
            raise InputError(
                f"{path}: the file has {path.stat().st_size} bytes; at most {max_bytes} are expected. "
                "Check that this is the right file."
            )
        table = reader(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise InputError(f"{path}: there is no such file. Check the name.") from error
    except OSError as error:
        raise InputError(
            f"{path}: the file cannot be read ({error.strerror}). Check the name and the rights."
        ) from error
    except (UnicodeDecodeError, json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError, _TwiceError) as error:
        kind = path.suffix[1:].upper()
        raise InputError(f"{path}: this is not valid {kind}: {error}. Mend the file or save it as UTF-8.") from error
    if not isinstance(table, dict):
        raise InputError(
            f"{path}: found a {type(table).__name__}; an intake is one table with subject, complaints, answers."
        )
    return table


class _TwiceError(ValueError):
    """A field stands twice in one table, and JSON would silently take the last."""


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        names = [name for name, _ in pairs]
        raise _TwiceError(f"the field {next(name for name in names if names.count(name) > 1)!r} stands twice")
    return table


def _refuse_centimetres(path: Path | str, table: dict[str, Any]) -> None:
    """Say plainly that metres are asked for, before the range check says less."""
    subject = table.get("subject")
    if not isinstance(subject, dict):
        return
    legs = subject.get("leg_length_m")
    lengths = {"subject.height_m": subject.get("height_m")}
    if isinstance(legs, dict):
        lengths |= {f"subject.leg_length_m.{side}": legs.get(side) for side in ("left", "right")}
    for field, value in lengths.items():
        if isinstance(value, int | float) and _CENTIMETRES < value < 300:
            raise InputError(
                f"{path}, field {field}: {value} looks like centimetres; metres are expected. Write {value / 100:.2f}."
            )


def _explain(path: Path | str, error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{path}, field {place}: this field does not exist in an intake. Remove it or correct its name."
    found = str(first["input"])[:60]
    return f"{path}, field {place}: {first['msg']} (found {found!r}). Correct the value."


def _subject(path: Path | str, entry: _Intake, knowledge: Knowledge) -> Subject:
    _check_ids(path, "complaints", (item.id for item in entry.complaints), COMPLAINTS)
    _check_ids(path, "answers", (item.id for item in entry.answers), knowledge.questions)
    _check_ids(path, "findings", (item.id for item in entry.findings), knowledge.findings)
    if entry.setting is not None and entry.setting not in knowledge.settings:
        raise InputError(
            f"{path}, field setting: {entry.setting!r} does not exist. Choose one of {', '.join(knowledge.settings)}."
        )
    # A side that a question does not have says nothing: yes on the left and no on the right cannot both be meant.
    told = [(a.id, a.side if knowledge.questions[a.id].sided else None, a.value) for a in entry.answers]
    _check_agreement(path, "answers", told, "unknown")
    _check_agreement(path, "findings", [(item.id, item.side, item.status) for item in entry.findings], "not_assessable")
    legs = entry.subject.leg_length_m or _Legs()
    return Subject(
        age_years=entry.subject.age_years,
        sex=entry.subject.sex,
        height_m=entry.subject.height_m,
        mass_kg=entry.subject.mass_kg,
        leg_length_left_m=legs.left,
        leg_length_right_m=legs.right,
        intake=Intake(
            complaints=tuple(Complaint(item.id, item.side) for item in entry.complaints),
            answers=tuple(Answer(item.id, item.value, item.side) for item in entry.answers),
            findings=tuple(ReportedFinding(item.id, item.side, item.status) for item in entry.findings),
            setting=entry.setting,
        ),
    )


def _check_ids(path: Path | str, field: str, ids: Iterable[str], known: Iterable[str]) -> None:
    names = tuple(known)
    for index, name in enumerate(ids):
        if name in names:
            continue
        near = get_close_matches(name, names, n=1, cutoff=0.0)
        raise InputError(
            f"{path}, field {field}.{index}.id: {name!r} does not exist. The nearest is {near[0]!r}. Correct the id."
        )


def _check_agreement(path: Path | str, field: str, entries: list[tuple[str, str | None, str]], silent: str) -> None:
    """Two different answers to one question on one side cannot both be meant."""
    for index, (name, side, value) in enumerate(entries):
        for other_name, other_side, other_value in entries[:index]:
            overlap = side == other_side or "both" in (side, other_side) or None in (side, other_side)
            if name == other_name and overlap and value != other_value and silent not in (value, other_value):
                raise InputError(
                    f"{path}, field {field}.{index}: {name!r} is said to be {other_value!r} and {value!r} "
                    f"for the same side. Keep one of them."
                )
