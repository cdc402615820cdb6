"""The work behind ``gait causes``: reasoning on intakes and on films that were analysed."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gait.core.errors import GaitError, InputError

if TYPE_CHECKING:
    from gait.causes.visits import Visit
    from gait.core.causes import Reasoning
    from gait.core.findings import Finding, FindingSide

#: Exit status when some of several files failed.
SOME_FAILED = 1

SCHEMA_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for.

    Attributes
    ----------
    files
        Intakes, analyses, or folders of analyses.
    as_json
        JSON instead of text.
    films
        Analyses whose findings are added to the one intake.
    setting
        Where the person is seen; goes before what the files say.
    about
        A cause whose sheet is asked for, or ``list``.
    is_interview, with_examination
        Ask in the terminal, and ask for tests too.
    is_follow
        The files are visits of one person, in the order of time.
    """

    files: tuple[Path, ...] = ()
    as_json: bool = False
    films: tuple[Path, ...] = ()
    setting: str | None = None
    about: str | None = None
    is_interview: bool = False
    with_examination: bool = True
    is_follow: bool = False


def run(order: Order) -> int:
    """Do what was asked for; the exit status.

    Raises
    ------
    InputError
        What was asked for does not go together, or the only file is wrong.
    """
    _check(order)
    # Before numpy is imported: our tables are small, and threads cost more to start than they win.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if order.about is not None:
        from gait.app.causes_about import run_about

        return run_about(order.about)
    if order.setting is not None:
        _check_setting(order.setting)
    if order.is_interview:
        from gait.app.interview import run_interview

        return run_interview(order)
    if order.is_follow:
        return _run_follow(order)
    return _run_files(order)


def _check(order: Order) -> None:
    """Refuse what does not go together, before any work."""
    count = len(order.files)
    rules = (
        (order.about is not None and (count or order.films or order.is_interview or order.is_follow or order.as_json),
         "--about prints the sheet of one cause and goes with nothing else; ask for it alone."),
        (order.is_interview and order.is_follow,
         "--ask puts questions and --follow compares visits; ask for one of them."),
        (order.is_interview and order.as_json,
         "--ask talks with a person, so it prints no JSON; read its file afterwards with gait causes FILE --json."),
        (order.is_interview and count > 1, f"--ask fills one FILE; {count} were given. Name one, or none."),
        (not order.with_examination and not order.is_interview, "--no-examination belongs to --ask."),
        (order.is_follow and count < 2,
         f"--follow compares two or more visits of one person, in the order of time; {count} was given."),
        (bool(order.films) and order.is_follow,
         "--film adds to one intake; with --follow give each visit as a file of its own."),
        (bool(order.films) and not order.is_interview and count != 1,
         f"--film adds the findings of a film to one intake; {count} were given. Give one FILE."),
        (order.about is None and not order.is_interview and not count,
         "No file was given. Give an intake (.json or .toml) or a result of gait analyze; --ask makes an intake, "
         "and --help tells more."),
    )  # fmt: skip
    for is_wrong, message in rules:
        if is_wrong:
            raise InputError(message)


def _check_setting(setting: str) -> None:
    from gait.causes.knowledge import load_knowledge

    known = load_knowledge().settings
    if setting not in known:
        raise InputError(f"--setting {setting!r} does not exist. Choose one of {', '.join(known)}.")


def _run_files(order: Order) -> int:
    """Every file by itself. One bad file never stops the rest."""
    # The knowledge is a large web of objects that lives to the end: looking for garbage in it finds none.
    gc.disable()
    try:
        return _answer_files(order)
    finally:
        gc.enable()


def _answer_files(order: Order) -> int:
    visits: list[Visit] = []
    failures = 0
    for file in order.files:
        try:
            visits.append(_read(file, order))
        except GaitError as error:
            if len(order.files) == 1:
                raise
            failures += 1
            print(f"gait: {error}", file=sys.stderr)
    if visits:
        tell = _print_json if order.as_json else _print_text
        tell(visits, len(order.files) > 1)
    if not failures:
        return 0
    return SOME_FAILED if visits else InputError.exit_status


def _read(file: Path, order: Order) -> Visit:
    """One file, with the films and the setting of the order."""
    visit = with_setting(read(file), order.setting)
    return with_films(visit, order.films) if order.films else visit


def read(path: Path) -> Visit:
    """An intake, an analysis, or the folder of one.

    Raises
    ------
    InputError
        It cannot be read, or a folder holds no analysis.
    """
    from gait.causes.visits import RESULTS, read_visit

    if path.is_dir() and not any((path / name).is_file() for name in RESULTS):
        inside = sorted(str(child.parent) for name in RESULTS for child in path.glob(f"*/{name}"))
        hint = f"Did you mean {inside[0]}?" if inside else "Give the folder of one film that gait analyze wrote."
        raise InputError(f"{path}: this folder holds no {' or '.join(RESULTS)}. {hint}")
    return replace(read_visit(path), name=str(path))


def with_setting(visit: Visit, setting: str | None) -> Visit:
    """The visit, seen in a setting; None leaves it as it is."""
    if setting is None:
        return visit
    subject = visit.subject
    return replace(visit, subject=replace(subject, intake=replace(subject.intake, setting=setting)))


def with_films(visit: Visit, films: Sequence[Path]) -> Visit:
    """The visit with the findings of films; what the person told goes before what the films' subjects told.

    Where films differ on one finding and side, one that could judge it goes before one that could not, and the more
    confident before the other.

    Raises
    ------
    InputError
        A film cannot be read, or is no analysis.
    """
    from gait.causes.visits import Visit, joined
    from gait.core.findings import Findings

    seen = [read(film) for film in films]
    for film, found in zip(films, seen, strict=True):
        if not found.findings.all:
            raise InputError(f"{film}: this holds no findings of a film. Give an analysis.json or its folder.")
    for found in seen:
        body = joined(Visit(found.name, subject=found.subject), Visit(visit.name, subject=visit.subject)).subject
        visit = replace(visit, subject=body)
    return replace(
        visit, findings=Findings(_clearest(finding for film in (*seen, visit) for finding in film.findings.all))
    )


def _clearest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    best: dict[tuple[str, FindingSide | None], Finding] = {}
    for finding in findings:
        key = (finding.id, finding.side)
        if key not in best or _clarity(finding) > _clarity(best[key]):
            best[key] = finding
    return tuple(best.values())


def _clarity(finding: Finding) -> tuple[bool, float]:
    return finding.status != "not_assessable", finding.confidence


def _print_json(visits: Sequence[Visit], is_list: bool) -> None:
    """One object, or a list with one object a line: the order is that of the files."""
    from gait.causes.follow import reason_about

    if not is_list:
        print(json.dumps(_content(reason_about(visits[0])), indent=1, allow_nan=False))
        return
    rows = [
        json.dumps({"file": visit.name, **_content(reason_about(visit))}, allow_nan=False) for visit in visits
    ]  # the compact form is written ten times as fast
    print("[\n" + ",\n".join(rows) + "\n]")


def _content(reasoning: Reasoning) -> dict[str, Any]:
    from gait.report.reasoning_json import reasoning_json

    return {"schema_version": SCHEMA_VERSION, **reasoning_json(reasoning)}


def _print_text(visits: Sequence[Visit], has_headings: bool) -> None:
    from gait.app.causes_text import reasoning_lines
    from gait.app.lines import for_stdout, show
    from gait.causes.follow import reason_about

    for number, visit in enumerate(visits):
        lines = for_stdout()
        if has_headings:
            lines.title(visit.name, is_first=number == 0)
        show(reasoning_lines(reason_about(visit), lines).lines)


def _run_follow(order: Order) -> int:
    """Visits of one person. All of them are needed, so the first wrong file ends it."""
    from gait.causes.follow import follow, reason_about
    from gait.causes.visits import join_visits

    visits = join_visits([with_setting(read(file), order.setting) for file in order.files])
    pairs = list(pairwise(visits))
    if order.as_json:
        from gait.report.reasoning_json import update_json

        content = {
            "schema_version": SCHEMA_VERSION,
            "visits": [{"file": visit.name, **_content(reason_about(visit))} for visit in visits],
            "updates": [update_json(follow(before, after)) for before, after in pairs],
        }
        print(json.dumps(content, indent=1, allow_nan=False))
        return 0
    from gait.app.causes_follow import update_lines
    from gait.app.causes_text import reasoning_lines
    from gait.app.lines import for_stdout, show

    lines = for_stdout()
    for before, after in pairs:
        update_lines(before.name, after.name, follow(before, after), lines)
    lines.title(f"NOW, with all {len(visits)} visits")
    show(reasoning_lines(reason_about(visits[-1]), lines).lines)
    return 0
