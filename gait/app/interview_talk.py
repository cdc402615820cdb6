"""Talking in the terminal: questions put, answers and commands read, and what an answer did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from gait.app.causes_text import LEAST_TOLD, URGENCY, fired, flag_lines, named
from gait.app.lines import Line, Lines, for_stdout, show
from gait.causes.explain import percent
from gait.causes.interview import Interview, Prompt
from gait.core.causes import Reasoning
from gait.core.findings import FindingSide
from gait.core.subject import AnswerValue, Subject

LEAST_MOVE = 0.01
"""A cause that moved by less did not move (nobody would see it)."""

MOVED = 3
"""How many causes the line after an answer names."""

KEYS = (
    "y yes, n no, Enter or ? not known; a side may follow: yr, yl, yb (right, left, both). "
    "why: why it is asked. back: the question before. stop: end here."
)

_VALUES: dict[str, AnswerValue] = {"y": "yes", "yes": "yes", "n": "no", "no": "no", "?": "unknown", "": "unknown"}
_SIDES: dict[str, FindingSide] = {
    "l": "left", "left": "left", "r": "right", "right": "right", "b": "both", "both": "both",
}  # fmt: skip
_HEADS = {
    "red_flag": "REASON FOR HURRY?",
    "history": "QUESTION",
    "examination": "TEST",
    "complaint": "QUESTION",
}


class BackError(Exception):
    """The person wants the question before."""


class StopError(Exception):
    """The person wants to end."""


@dataclass(frozen=True, slots=True)
class Talk:
    """The person at the other end.

    Attributes
    ----------
    read
        Shows a prompt and reads one line; raises EOFError when nobody is there any more.
    show
        Shows lines.
    page
        Makes an empty text of the right width.
    """

    read: Callable[[str], str] = input
    show: Callable[[Sequence[Line]], None] = show
    page: Callable[[], Lines] = for_stdout

    def say(self, text: str, style: str = "", indent: int = 0) -> None:
        """Show a sentence, or an empty line."""
        page = self.page()
        if text:
            page.add(text, style, indent, hang=2 if indent else 0)
        else:
            page.spans()
        self.show(page.lines)


@dataclass(frozen=True, slots=True)
class Place:
    """How far the interview is: what is known, and which of our own first questions were put."""

    interview: Interview
    settled: frozenset[str] = field(default_factory=frozenset)

    def settle(self, key: str, subject: Subject | None = None) -> Place:
        """The place after one of the first questions."""
        interview = self.interview if subject is None else replace(self.interview, subject=subject)
        return Place(interview, self.settled | {key})


def put(talk: Talk, prompt: Prompt, number: int) -> None:
    """Show a question, with how to test it."""
    page = talk.page()
    page.spans()
    style = "alarm" if prompt.kind == "red_flag" else "quiet"
    page.add(f"{_HEADS[prompt.kind]}  {number}", style)
    page.add(prompt.text, "bold")
    if prompt.test:
        page.add(f"{prompt.examiner}. {prompt.test}", indent=2, lead="How:", hang=2)
    talk.show(page.lines)


def read_value(told: str, prompt: Prompt) -> tuple[AnswerValue | None, FindingSide | None]:
    """The answer and its side; None where it cannot be read.

    A side alone (``r``) is a yes on that side; a side where the question has none is passed over.
    """
    if told in _VALUES:
        return _VALUES[told], None
    if told in _SIDES and prompt.is_sided:
        return "yes", _SIDES[told]
    first, rest = told[:1], told[1:].strip()
    if first == "y":
        words = told.split()
        side = _SIDES.get(words[1] if len(words) == 2 and words[0] in ("y", "yes") else rest)
        if side is not None:
            return "yes", side if prompt.is_sided else None
    return None, None


def ask_side(
    talk: Talk, place: Place, question: str, usual: FindingSide | None, prompt: Prompt | None = None
) -> FindingSide | None:
    """A side; Enter takes the side of the trouble where it is known, or leaves it open."""
    otherwise = f"Enter: {usual}" if usual else "Enter: not told"
    while True:
        told = read_line(talk, place, f"{question} l, r or b for both ({otherwise}) > ", prompt)
        if not told:
            return usual
        if told == "?":
            return None
        if told in _SIDES:
            return _SIDES[told]
        talk.say("Give l for left, r for right, b for both sides: the person's own left and right.", indent=2)


def trouble_side(interview: Interview) -> FindingSide | None:
    """The side of all complaints, where they agree."""
    told = interview.subject.intake.complaints
    sides: set[FindingSide] = {complaint.side for complaint in told if complaint.side is not None}
    return sides.pop() if len(sides) == 1 else None


def read_line(talk: Talk, place: Place, question: str, prompt: Prompt | None = None) -> str:
    """One line, in small letters; commands are obeyed here."""
    while True:
        try:
            told = " ".join(talk.read(question).lower().split())
        except EOFError as error:
            raise StopError from error
        if told in ("stop", "quit", "exit", "q"):
            raise StopError
        if told in ("back", "undo"):
            raise BackError
        if told in ("why", "w"):
            say_why(talk, place.interview.reasoning, prompt)
        elif told in ("help", "h"):
            talk.say(KEYS, indent=2)
        else:
            return told


def say_why(talk: Talk, reasoning: Reasoning, prompt: Prompt | None) -> None:
    """Why this is asked, and the picture so far in three lines."""
    talk.say(prompt.why if prompt and prompt.why else "It says where to look, and how common each cause is.", indent=2)
    talk.say(f"So far: {URGENCY[reasoning.urgency]}.", indent=2)
    leading = "; ".join(f"{named(c.label, c.side)} {percent(c.probability)}" for c in reasoning.causes[:MOVED])
    talk.say(f"Leading: {leading}." if leading else "Leading: no cause yet.", indent=2)
    talk.say(f"Answered: {reasoning.answered} of {reasoning.asked} questions that bear on it.", indent=2)


def say_moved(talk: Talk, before: Reasoning, after: Reasoning) -> None:
    """What an answer did: new reasons for hurry so that nobody misses them, then the causes that moved, in one line."""
    known = {flag.id for flag in fired(before.red_flags)}
    page = talk.page()
    for flag in fired(after.red_flags):
        if flag.id not in known:
            page.add(URGENCY[flag.tier], "alarm", indent=2)
            flag_lines(flag, page)
    page.add(_moved(before, after), "quiet", indent=2, hang=2)
    talk.show(page.lines)


def _moved(before: Reasoning, after: Reasoning) -> str:
    old, new = ({cause.id: cause for cause in reasoning.causes} for reasoning in (before, after))
    moves = []
    for key in sorted({*old, *new}):
        # A cause that is not listed lies somewhere below the least that is.
        then, now = (side[key].probability if key in side else LEAST_TOLD for side in (old, new))
        if abs(now - then) >= LEAST_MOVE:
            texts = [_points(side[key].probability) if key in side else "<5" for side in (old, new)]
            moves.append((abs(now - then), f"{(new.get(key) or old[key]).label} {texts[0]} -> {texts[1]} %"))
    moves.sort(key=lambda move: -move[0])
    return "Moved: " + "; ".join(text for _, text in moves[:MOVED]) if moves else "No cause moved by it."


def _points(probability: float) -> str:
    return "<1" if probability < 0.005 else f"{100 * probability:.0f}"
