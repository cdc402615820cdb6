"""``gait causes --ask``: the interview in the terminal, one question at a time.

The answers are written after every one of them, so that nothing is lost when it is broken off. What was talked is a
stack of places: going back is taking the last one off.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gait.app.causes_text import reasoning_lines
from gait.app.interview_talk import (
    KEYS,
    BackError,
    Place,
    StopError,
    Talk,
    ask_side,
    put,
    read_line,
    read_value,
    say_moved,
    trouble_side,
)
from gait.causes.interview import COMPLAINT_TEXTS, Interview
from gait.core.errors import InputError, OutputError
from gait.core.subject import Sex, Subject

if TYPE_CHECKING:
    from gait.app.causes import Order

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells expect it."""

PROPOSED = "intake.json"
"""File that is proposed where none was named."""

OLDEST_YEARS = 120.0

_SEXES: dict[str, Sex] = {"f": "female", "female": "female", "m": "male", "male": "male"}


def run_interview(order: Order) -> int:
    """Ask, keep the answers, and tell what is concluded; the exit status.

    Raises
    ------
    InputError
        There is no terminal, or the file is no intake.
    OutputError
        The answers cannot be kept.
    """
    from gait.app.causes import with_films, with_setting
    from gait.causes.intake import write_intake
    from gait.causes.visits import Visit

    if not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise InputError(
            "--ask needs a terminal to put questions in, and here is none. Run it in a terminal, or write the answers "
            "into an intake file (samples/intake has some) and give that."
        )
    talk = Talk()
    try:
        file = order.files[0] if order.files else choose_file(talk, Path.cwd())
        subject = read_known(file)
        visit = with_setting(Visit(str(file), subject=subject), order.setting)
        visit = with_films(visit, order.films) if order.films else visit
        interview = Interview(visit.subject, visit.findings, with_examination=order.with_examination)
        _greet(talk, file, interview)
        interview = hold(talk, interview, lambda subject: write_intake(subject, file))
    except (KeyboardInterrupt, EOFError):
        talk.say("")
        talk.say("Stopped. Every answer that was given is kept; the same command goes on from there.")
        return INTERRUPTED
    if interview.subject != subject or not file.exists():
        write_intake(interview.subject, file)
    page = talk.page()
    page.title("WHAT IS KNOWN NOW")
    talk.show(reasoning_lines(interview.reasoning, page).lines)
    talk.say(f"The answers are in {file}. To go on: gait causes --ask {file}")
    return 0


def choose_file(talk: Talk, folder: Path) -> Path:
    """Propose a name that is free, and take another one where the person wants."""
    number, proposed = 1, PROPOSED
    while (folder / proposed).exists():
        number += 1
        proposed = f"{Path(PROPOSED).stem}-{number}.json"
    talk.say(f"The answers will be kept in the file {proposed} in this folder.")
    told = talk.read("Enter to agree, or another name: ").strip()
    return Path(told or proposed)


def read_known(file: Path) -> Subject:
    """The person as the file knows them; somebody unknown where there is no file yet.

    Raises
    ------
    InputError
        The file is no intake in JSON.
    OutputError
        Its folder does not exist.
    """
    from gait.causes.intake import read_intake, read_table
    from gait.causes.visits import MAX_ANALYSIS_BYTES

    if file.is_dir() or file.suffix.lower() != ".json":
        raise InputError(f"{file}: --ask keeps the answers in a .json file. Give a name that ends in .json.")
    if not file.exists():
        if not file.absolute().parent.is_dir():
            raise OutputError(f"{file}: its folder does not exist. Make it first, or choose another name.")
        return Subject()
    if "software" in read_table(file, MAX_ANALYSIS_BYTES):
        raise InputError(
            f"{file}: this is the analysis of a film, and answers would overwrite it. "
            f"Use gait causes --ask intake.json --film {file}."
        )
    return read_intake(file)


def hold(talk: Talk, interview: Interview, save: Callable[[Subject], None]) -> Interview:
    """Put questions until nothing is left to ask or the person stops.

    Parameters
    ----------
    talk
        Who answers.
    interview
        What is known before.
    save
        Called with the person after every answer that changed something.

    Returns
    -------
    Interview
        With all answers.
    """
    places = [Place(interview)]
    while (step := next_step(places[-1])) is not None:
        here = places[-1]
        try:
            places.append(step(talk, here))
        except StopError:
            break
        except BackError:
            if len(places) == 1:
                talk.say("This is the first question.", indent=2)
                continue
            places.pop()
            talk.say("Taken back.", indent=2)
        now = places[-1].interview
        if now.subject != here.interview.subject:
            save(now.subject)
            say_moved(talk, here.interview.reasoning, now.reasoning)
    else:
        talk.say("No open question is left that would tell more.")
    return places[-1].interview


Step = Callable[[Talk, Place], Place]


def next_step(place: Place) -> Step | None:
    """The next question: first why the person came, age and sex, where they are not known."""
    subject = place.interview.subject
    first: tuple[tuple[str, bool, Step], ...] = (
        ("complaint", not subject.intake.complaints, ask_complaints),
        ("age", subject.age_years is None, ask_age),
        ("sex", subject.sex is None, ask_sex),
    )
    for key, is_open, step in first:
        if is_open and key not in place.settled:
            return step
    return None if place.interview.next is None else ask_item


def ask_complaints(talk: Talk, place: Place) -> Place:
    """Why the person came, each with its side."""
    ids = list(COMPLAINT_TEXTS)
    talk.say("What is the trouble?", "bold")
    for number, text in enumerate(COMPLAINT_TEXTS.values(), 1):
        talk.say(f"{number}  {text}", indent=2)
    prompt = f"  Numbers 1 to {len(ids)}, for example 1 3 (Enter: none of these) > "
    while True:
        told = read_line(talk, place, prompt).replace(",", " ").replace("?", "").split()
        if all(word.isdecimal() and 1 <= int(word) <= len(ids) for word in told):
            break
        talk.say(f"Give numbers from 1 to {len(ids)} with spaces between them.", indent=2)
    interview = place.interview
    for number in dict.fromkeys(int(word) for word in told):
        name = ids[number - 1]
        side = ask_side(talk, place, f"  {COMPLAINT_TEXTS[name]}: which side?", None)
        interview = interview.complained(name, side)
    if not told:
        interview = replace(interview, skipped=(*interview.skipped, "complaint"))
    return Place(interview, place.settled | {"complaint"})


def ask_age(talk: Talk, place: Place) -> Place:
    """The age in years."""
    talk.say("How old is the person?", "bold")
    while True:
        told = read_line(talk, place, "  Years (Enter: not told) > ").replace(",", ".")
        if not told or told == "?":
            return place.settle("age")
        try:
            years = float(told)
        except ValueError:
            years = -1.0
        if 0.0 <= years <= OLDEST_YEARS:
            return place.settle("age", replace(place.interview.subject, age_years=years))
        talk.say(f"Give years between 0 and {OLDEST_YEARS:g}.", indent=2)


def ask_sex(talk: Talk, place: Place) -> Place:
    """The sex, which changes how common some causes are."""
    talk.say("Female or male?", "bold")
    while True:
        told = read_line(talk, place, "  f or m (Enter: not told) > ")
        if not told or told == "?":
            return place.settle("sex")
        if told in _SEXES:
            return place.settle("sex", replace(place.interview.subject, sex=_SEXES[told]))
        talk.say("Give f or m.", indent=2)


def ask_item(talk: Talk, place: Place) -> Place:
    """The next question or test of the interview."""
    prompt = place.interview.next
    if prompt is None:
        return place
    put(talk, prompt, len(place.interview.asked) + 1)
    while True:
        value, side = read_value(read_line(talk, place, "  y / n / ? > ", prompt), prompt)
        if value is not None:
            break
        talk.say(KEYS, indent=2)
    if value == "yes" and prompt.is_sided and side is None:
        side = ask_side(talk, place, "  Which side?", trouble_side(place.interview), prompt)
    return replace(place, interview=place.interview.answered(prompt.id, value, side))


def _greet(talk: Talk, file: Path, interview: Interview) -> None:
    answers = len(interview.subject.intake.answers)
    if file.exists():
        talk.say(
            f"Going on from {file}: {answers} answers are known. Questions that were left open may be asked again."
        )
    else:
        talk.say(f"A new interview; every answer is kept in {file} at once.")
    if interview.findings.all:
        talk.say(f"From film: {len(interview.findings.present())} findings are present.")
    talk.say("No names, please: nothing that is typed here needs one.")
    talk.say(KEYS, "quiet")
    talk.say("")
