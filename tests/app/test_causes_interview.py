"""``gait causes --ask``: the interview, driven by lines that are fed to it, and once in a real terminal."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gait.app.interview import choose_file, hold, read_known
from gait.app.interview_talk import Talk, read_value
from gait.app.lines import Lines, plain
from gait.causes.intake import read_intake, write_intake
from gait.causes.interview import Interview, Prompt
from gait.core.errors import InputError, OutputError
from gait.core.subject import Answer, Complaint, Intake, Subject

ROOT = Path(__file__).resolve().parents[2]
KNOWN = Subject(age_years=54.0, sex="male", intake=Intake(complaints=(Complaint("foot_drop", "right"),)))


class Person:
    """Somebody who answers with prepared lines, or by what is asked; keeps what was shown."""

    def __init__(self, lines: Iterable[str] | Callable[[str], str]) -> None:
        self.asked: list[str] = []
        self.text = ""
        self._lines = lines if callable(lines) else None
        self._left: Iterator[str] = iter(()) if callable(lines) else iter(lines)
        self.talk = Talk(self._read, self._show, lambda: Lines(80))

    def _show(self, lines) -> None:
        self.text += plain(lines) + "\n"

    def _read(self, prompt: str) -> str:
        self.asked.append(prompt)
        self.text += prompt + "\n"
        if self._lines is not None:
            return self._lines(self.text)
        line = next(self._left, None)
        if line is None:
            raise EOFError
        return line


def held(lines, interview: Interview, saved: list[Subject] | None = None) -> tuple[Interview, Person]:
    person = Person(lines)
    keep = saved if saved is not None else []
    return hold(person.talk, interview, keep.append), person


def answers(interview: Interview) -> dict[str, tuple[str, str | None]]:
    return {answer.id: (answer.value, answer.side) for answer in interview.subject.intake.answers}


# -- the first questions -------------------------------------------------------------------------------------------


def test_complaints_age_and_sex_go_first():
    interview, person = held(["1 3", "r", "", "54", "m", "stop"], Interview())
    assert interview.subject.intake.complaints == (Complaint("foot_drop", "right"), Complaint("back_pain", None))
    assert (interview.subject.age_years, interview.subject.sex) == (54.0, "male")
    assert "hangs, drops or slaps" in person.text


def test_what_is_known_is_not_asked_again():
    _, person = held(["stop"], Interview(KNOWN))
    assert "How old" not in person.text
    assert "What is the trouble" not in person.text


def test_enter_skips_the_first_questions():
    interview, _ = held(["", "", "", "stop"], Interview())
    assert interview.subject == Subject()


@pytest.mark.parametrize("wrong", ["7", "0", "foot", "1;3"])
def test_a_wrong_complaint_is_asked_again(wrong):
    interview, person = held([wrong, "5", "", "stop"], Interview())
    assert [complaint.id for complaint in interview.subject.intake.complaints] == ["walking_difficulty"]
    assert "Give numbers from 1 to 5" in person.text


@pytest.mark.parametrize("wrong", ["-3", "130", "old", "nan", "inf"])
def test_an_age_that_nobody_has_is_asked_again(wrong):
    interview, person = held(["", wrong, "61", "", "stop"], Interview())
    assert interview.subject.age_years == 61.0
    assert "Give years between" in person.text


# -- answers -------------------------------------------------------------------------------------------------------

SIDED = Prompt("hip_abduction_weak", "examination", "?", "?", is_sided=True)
UNSIDED = Prompt("fever", "red_flag", "?", "?")


@pytest.mark.parametrize(
    ("told", "value", "side"),
    [
        ("y", "yes", None), ("yes", "yes", None), ("n", "no", None), ("", "unknown", None), ("?", "unknown", None),
        ("yr", "yes", "right"), ("y l", "yes", "left"), ("yes both", "yes", "both"), ("r", "yes", "right"),
        ("maybe", None, None), ("yx", None, None), ("nr", None, None), ("1", None, None), ("yesterday", None, None),
    ],
)  # fmt: skip
def test_answers_are_read_as_they_are_meant(told, value, side):
    assert read_value(told, SIDED) == (value, side)


def test_a_side_where_the_question_has_none_is_passed_over():
    assert read_value("yr", UNSIDED) == ("yes", None)
    assert read_value("r", UNSIDED) == (None, None)


def test_a_side_is_asked_only_for_a_yes_that_needs_one():
    for reply in ("y", "n", ""):
        interview = Interview(KNOWN)
        prompt = interview.next
        person = Person([reply, "l"])
        hold(person.talk, interview, lambda subject: None)
        wanted = reply == "y" and prompt.is_sided
        assert any("Which side" in asked for asked in person.asked[:2]) == wanted


def test_the_side_of_the_trouble_is_proposed():
    def reply(shown: str) -> str:
        return "" if "Which side?" in shown.splitlines()[-1] else "y"

    asked: list[str] = []

    def counted(shown: str) -> str:
        asked.append(shown)
        return "stop" if len(asked) > 60 else reply(shown)

    interview, person = held(counted, Interview(KNOWN))
    assert any("(Enter: right)" in question for question in person.asked)
    from gait.causes.knowledge import load_knowledge

    questions = load_knowledge().questions
    assert "right" in {side for _, side in answers(interview).values()}
    for name, (value, side) in answers(interview).items():
        assert value == "yes"
        assert side == ("right" if questions[name].sided else None), name


def test_what_moved_is_told_after_every_answer_and_an_alarm_cannot_be_missed():
    def reply(shown: str) -> str:
        if "EMERGENCY" in shown:
            return "stop"
        return "y" if "numbness between the legs" in shown.rsplit("REASON FOR HURRY", 1)[-1] else "n"

    interview, person = held(reply, Interview(KNOWN))
    assert answers(interview)["saddle_numbness"] == ("yes", None)
    assert "EMERGENCY" in person.text
    assert "! Cauda equina syndrome" in person.text
    assert "Go to an emergency department" in " ".join(person.text.split())
    assert person.text.count("oved") >= len(answers(interview)) - 1


def test_why_tells_the_reason_and_the_picture():
    interview, person = held(["why", "stop"], Interview(KNOWN))
    assert "reason for hurry" in person.text
    assert "Leading: " in person.text
    assert "Answered: " in person.text
    assert answers(interview) == {}


def test_back_takes_the_last_answer_away_and_asks_it_again():
    start = Interview(KNOWN)
    saved: list[Subject] = []
    interview, person = held(["y", "back", "n", "stop"], start, saved)
    first = start.next.id
    assert answers(interview) == {first: ("no", None)}
    assert "Taken back." in person.text
    assert [len(subject.intake.answers) for subject in saved] == [1, 0, 1]


def test_back_goes_over_the_first_questions_too():
    interview, _ = held(["1", "l", "40", "back", "41", "f", "stop"], Interview())
    assert (interview.subject.age_years, interview.subject.sex) == (41.0, "female")


def test_back_at_the_first_question_says_so():
    _, person = held(["back", "stop"], Interview(KNOWN))
    assert "first question" in person.text


def test_the_end_of_input_ends_the_interview():
    interview, _ = held(["n"], Interview(KNOWN))
    assert len(answers(interview)) == 1


def test_without_somebody_who_examines_only_history_is_asked():
    from gait.causes.knowledge import load_knowledge

    interview, person = held(lambda shown: "n", replace(Interview(KNOWN), with_examination=False))
    questions = load_knowledge().questions
    assert answers(interview)
    assert {questions[name].kind for name in answers(interview)} == {"history"}
    assert "TEST" not in person.text


def test_an_interview_comes_to_its_end_by_itself():
    for reply in ("yr", "n", ""):
        _, person = held(lambda shown, reply=reply: reply, Interview(KNOWN))
        assert "No open question is left" in person.text
        assert len(person.asked) < 120


def test_tests_tell_how_they_are_done():
    _, person = held(lambda shown: "" if "TEST" not in shown else "stop", Interview(KNOWN))
    assert "TEST" in person.text
    assert "How:" in person.text


# -- the file ------------------------------------------------------------------------------------------------------


def test_going_on_gives_the_same_as_never_stopping(tmp_path):
    file = tmp_path / "intake.json"
    replies = ["n", "n", "n", "n", "n", "n"]
    whole, _ = held([*replies, "stop"], Interview(KNOWN))
    half = hold(Person([*replies[:3], "stop"]).talk, Interview(KNOWN), lambda subject: write_intake(subject, file))
    assert read_intake(file) == half.subject
    rest = hold(
        Person([*replies[3:], "stop"]).talk, Interview(read_known(file)), lambda subject: write_intake(subject, file)
    )
    assert rest.subject == whole.subject
    assert read_intake(file) == whole.subject


def test_questions_left_open_may_be_asked_again_after_going_on(tmp_path):
    start = Interview(KNOWN)
    left_open, _ = held(["", "stop"], start)
    assert left_open.next.id != start.next.id
    assert Interview(left_open.subject).next.id == start.next.id


def test_every_answer_is_written_before_the_next_question(tmp_path):
    file = tmp_path / "intake.json"
    seen: list[int] = []

    def reply(shown: str) -> str:
        seen.append(len(read_intake(file).intake.answers) if file.exists() else 0)
        return "n" if len(seen) < 6 else "stop"

    hold(Person(reply).talk, Interview(KNOWN), lambda subject: write_intake(subject, file))
    assert seen == [0, 1, 2, 3, 4, 5]


def test_a_free_name_is_proposed(tmp_path):
    assert choose_file(Person([""]).talk, tmp_path) == Path("intake.json")
    (tmp_path / "intake.json").write_text("{}", encoding="utf-8")
    assert choose_file(Person([""]).talk, tmp_path) == Path("intake-2.json")
    assert choose_file(Person(["mine.json"]).talk, tmp_path) == Path("mine.json")


def test_files_that_answers_must_not_go_into(tmp_path):
    analysis = tmp_path / "analysis.json"
    analysis.write_text(json.dumps({"software": {}, "events": []}), encoding="utf-8")
    (tmp_path / "a.toml").write_text("", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    for name, word in (("analysis.json", "--film"), ("a.toml", ".json"), ("broken.json", "JSON"), ("", ".json")):
        with pytest.raises(InputError, match=word):
            read_known(tmp_path / name)
    with pytest.raises(OutputError, match="folder"):
        read_known(tmp_path / "nowhere" / "intake.json")
    assert json.loads(analysis.read_text(encoding="utf-8")) == {"software": {}, "events": []}


def test_what_else_the_file_holds_is_kept(tmp_path):
    file = tmp_path / "l5.json"
    before = json.loads((ROOT / "samples" / "intake" / "l5_root_right.json").read_text(encoding="utf-8"))
    file.write_text(json.dumps(before), encoding="utf-8")
    hold(Person(["n", "stop"]).talk, Interview(read_known(file)), lambda subject: write_intake(subject, file))
    after = json.loads(file.read_text(encoding="utf-8"))
    assert after["findings"] == before["findings"]
    assert after["subject"] == before["subject"]
    assert after["answers"][:-1] == before["answers"]


# -- a real terminal -----------------------------------------------------------------------------------------------


class Terminal:
    """The command in a pseudo-terminal."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        import pty

        self.text = ""
        self.pid, self.file = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.environ.update(PYTHONPATH=str(ROOT), COLUMNS="80", TERM="xterm")
            os.execv(sys.executable, [sys.executable, "-m", "gait", "causes", *arguments])

    def wait_for(self, text: str, times: int = 1, limit_s: float = 30.0) -> None:
        end = time.monotonic() + limit_s
        while self.text.count(text) < times and time.monotonic() < end:
            self._read()
        assert self.text.count(text) >= times, self.text

    def send(self, text: str) -> None:
        os.write(self.file, text.encode())

    def interrupt(self) -> None:
        """Ctrl-C, as a person presses it: again where nothing happens.

        Python can overlook the first one when it comes in the instant between a prompt and the wait for its answer.
        """
        for _ in range(20):
            self.send("\x03")
            end = time.monotonic() + 0.5
            while time.monotonic() < end:
                if not self._read():
                    return

    def finish(self, limit_s: float = 30.0) -> int:
        """Exit status; a command that does not end in time is ended, and says so by its status."""
        end = time.monotonic() + limit_s
        while time.monotonic() < end and self._read():
            pass
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _read(self) -> bool:
        if not select.select([self.file], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self.file, 65536)
        except OSError:  # the other end is closed
            return False
        self.text += data.decode("utf-8", "replace")
        return bool(data)


on_posix = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")


@on_posix
def test_ctrl_c_loses_nothing_and_the_same_command_goes_on(tmp_path):
    terminal = Terminal(tmp_path, "--ask", "me.json")
    for prompt, line in (("Numbers", "1\n"), ("which side", "r\n"), ("Years", "54\n"), ("f or m", "m\n")):
        terminal.wait_for(prompt)
        terminal.send(line)
    for number in (1, 2):
        terminal.wait_for("y / n / ? >", number)
        terminal.send("n\n")
    terminal.wait_for("y / n / ? >", 3)
    terminal.interrupt()
    assert terminal.finish() == 130
    assert "Traceback" not in terminal.text
    known = read_intake(tmp_path / "me.json")
    assert (known.age_years, len(known.intake.answers)) == (54.0, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["me.json"]

    again = Terminal(tmp_path, "--ask", "me.json")
    again.wait_for("2 answers are known")
    again.wait_for("y / n / ? >")
    again.send("n\n")
    again.wait_for("y / n / ? >", 2)
    again.send("stop\n")
    assert again.finish() == 0
    assert "What is the trouble" not in again.text
    assert "WHAT IS KNOWN NOW" in again.text
    after = read_intake(tmp_path / "me.json")
    assert after.intake.answers[:2] == known.intake.answers
    assert len(after.intake.answers) == 3
    assert isinstance(after.intake.answers[2], Answer)


def test_without_a_terminal_it_says_so(tmp_path):
    import subprocess

    result = subprocess.run(
        [sys.executable, "-m", "gait", "causes", "--ask", "me.json"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 2
    assert result.stderr.startswith("gait: --ask needs a terminal")
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
