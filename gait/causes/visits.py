"""One visit of a person: what was filmed, told and tested; read from files, and joined with the visits before."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from gait.causes.intake import read_intake, read_table, subject_of
from gait.core.errors import InputError
from gait.core.findings import Finding, Findings
from gait.core.subject import Answer, Intake, Subject

RESULTS = ("analysis.json", "examination.json")
"""Results that hold findings: of one film, or of several films of one person taken together."""

MAX_ANALYSIS_BYTES = 50_000_000
"""An analysis of a long film has a few megabytes; a larger file is a mistake."""

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Visit:
    """What is known of a person at one time.

    Attributes
    ----------
    name
        Where it comes from, for example a file name.
    findings
        What a film showed.
    subject
        The person with history and examination.
    """

    name: str
    findings: Findings = field(default_factory=Findings)
    subject: Subject = field(default_factory=Subject)


def read_visit(path: Path) -> Visit:
    """Read an intake, or the result of an analysis.

    Parameters
    ----------
    path
        An intake (``.json``, ``.toml``), an ``analysis.json`` or ``examination.json``, or the folder that holds one.

    Raises
    ------
    InputError
        The file is missing or not what it should be; the message names the field.
    """
    if path.is_dir():
        path = next((path / name for name in RESULTS if (path / name).is_file()), path / RESULTS[0])
    if path.suffix.lower() != ".json":
        return Visit(str(path), subject=read_intake(path))
    table = read_table(path, MAX_ANALYSIS_BYTES)
    if "events" not in table and "software" not in table:
        return Visit(str(path), subject=subject_of(table, path))
    return Visit(str(path), _findings(table, path), _subject(table, path))


def _findings(table: dict[str, Any], path: Path) -> Findings:
    """The findings of an analysis; only what the reasoning uses."""
    found = []
    for index, record in enumerate(table.get("findings", [])):
        try:
            found.append(
                Finding(
                    id=record["id"],
                    side=record["side"],
                    status=record["status"],
                    severity=record.get("severity"),
                    confidence=float(record.get("confidence") or 0.0),
                    reason=record.get("reason") or "",
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{path}, field findings.{index}: this is not a finding of an analysis ({error}). "
                "Analyze the film again."
            ) from error
    return Findings(tuple(found))


def _subject(table: dict[str, Any], path: Path) -> Subject:
    body = {key: value for key, value in (table.get("subject") or {}).items() if value is not None}
    told = table.get("intake") or {}
    return subject_of({**told, "subject": {**told.get("subject", {}), **body}}, path)


def joined(earlier: Visit, later: Visit) -> Visit:
    """What is known after a later visit: what it tells goes before what the earlier one told, the rest stays.

    An answer "unknown" withdraws an earlier answer. Complaints are those of the later visit, where it has any. A film
    that cannot judge a finding takes nothing back that an earlier film could judge.
    """
    old, new = earlier.subject.intake, later.subject.intake
    intake = Intake(
        complaints=new.complaints or old.complaints,
        answers=_joined_answers(old.answers, new.answers),
        findings=_replaced(old.findings, new.findings, lambda finding: (finding.id, finding.side)),
        setting=new.setting or old.setting,
    )
    judged = {(finding.id, finding.side) for finding in earlier.findings.all if finding.status != "not_assessable"}
    told = [f for f in later.findings.all if f.status != "not_assessable" or (f.id, f.side) not in judged]
    findings = _replaced(earlier.findings.all, told, lambda finding: (finding.id, finding.side))
    return Visit(later.name, Findings(findings), _joined_subject(earlier.subject, later.subject, intake))


def join_visits(visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """What was known at each visit, with all before it."""
    known: list[Visit] = []
    for visit in visits:
        known.append(joined(known[-1], visit) if known else visit)
    return tuple(known)


def _joined_answers(old: Iterable[Answer], new: Sequence[Answer]) -> tuple[Answer, ...]:
    kept = [answer for answer in old if not any(a.id == answer.id and _same_side(a, answer) for a in new)]
    return (*kept, *(answer for answer in new if answer.value != "unknown"))


def _same_side(new: Answer, old: Answer) -> bool:
    return new.side == old.side or None in (new.side, old.side) or "both" in (new.side, old.side)


def _replaced(old: Iterable[E], new: Sequence[E], key: Any) -> tuple[E, ...]:
    told: set[Hashable] = {key(entry) for entry in new}
    return (*(entry for entry in old if key(entry) not in told), *new)


def _joined_subject(old: Subject, new: Subject, intake: Intake) -> Subject:
    def either(name: str) -> Any:
        value = getattr(new, name)
        return getattr(old, name) if value is None else value

    return Subject(
        age_years=either("age_years"),
        sex=either("sex"),
        height_m=either("height_m"),
        mass_kg=either("mass_kg"),
        leg_length_left_m=either("leg_length_left_m"),
        leg_length_right_m=either("leg_length_right_m"),
        intake=intake,
    )
