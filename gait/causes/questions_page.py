"""The list of all questions as a page for people (``docs/questions.md``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from gait.causes.knowledge import load_knowledge
from gait.causes.pictures import BODY_MAP, body_regions, picture
from gait.causes.schema import Question, QuestionGroup

_PICTURES = "../gait/causes/data/pictures"
_TITLES: dict[QuestionGroup, str] = {
    "urgent": "Ask first: signs that need hurry",
    "complaint": "What is wrong",
    "pain": "Where it hurts",
    "course": "How it began and what changes it",
    "injury": "Injuries, operations and pressure",
    "health": "Health",
    "strength": "Strength",
    "feeling": "Feeling and balance",
    "reflexes": "Reflexes",
    "stretch": "Stretching the nerve",
    "joints": "Joints, spine and leg length",
    "foot": "The foot",
    "circulation": "Circulation",
}


def questions_page() -> str:
    """All questions by group, with how to test, the place on the body and the drawing.

    Returns
    -------
    str
        Text in Markdown; drawings are linked from the ``docs`` folder. ``python -m gait.causes.questions_page`` prints
        it.
    """
    questions = load_knowledge().questions
    groups = get_args(QuestionGroup)
    counts = {group: sum(question.group == group for question in questions.values()) for group in groups}
    contents = "\n".join(f"- [{_TITLES[group]}](#{_anchor(_TITLES[group])}) ({counts[group]})" for group in groups)
    parts = [_introduction(questions), contents, *(_section(group, questions) for group in groups)]
    return "\n\n".join(parts) + "\n"


def _introduction(questions: Mapping[str, Question]) -> str:
    tests = sum(question.kind == "examination" for question in questions.values())
    return f"""# All questions

Made from [`questions.toml`](../gait/causes/data/questions.toml) by `python -m gait.causes.questions_page`; do not edit
by hand. {len(questions)} questions: {len(questions) - tests} to ask, {tests} to examine. Leave open what you do not
know: an open question is not a no. Stop a test at pain; for standing tests somebody stands by, hands ready.

In the drawings the lighter limb is the one that is tested. **Full arrow**: what the person does. **Hollow arrow**: what
the helper does, the hand with the sleeve. **Zigzag or dots**: where pain or tingling is felt. **Dashed outline**:
before, or what a sound limb would do.

Left and right are the sides of the person. The map names these places: {", ".join(body_regions().values())}.

{_image(BODY_MAP)}"""


def _section(group: QuestionGroup, questions: Mapping[str, Question]) -> str:
    chosen = {key: question for key, question in questions.items() if question.group == group}
    asked = [_asked(key, question) for key, question in chosen.items() if question.kind == "history"]
    tests = [_test(key, question) for key, question in chosen.items() if question.kind == "examination"]
    table = [] if not asked else ["\n".join([_HEADER, *asked])]
    return "\n\n".join([f"## {_TITLES[group]}", *table, *tests])


_HEADER = """| id | question | for the examiner | side | place |
|---|---|---|---|---|"""


def _asked(key: str, question: Question) -> str:
    side = "each" if question.sided else "–"
    cells = (f"`{key}`", question.patient, question.examiner, side, _place(question) or "–")
    return f"| {' | '.join(cells)} |"


def _test(key: str, question: Question) -> str:
    facts = [f"`{key}`", "each side" if question.sided else "no side", *([_place(question)] if question.region else [])]
    lines = [f"### {question.examiner}", f"{'; '.join(facts)}. {question.patient}", question.test]
    return "\n\n".join([*lines, *([_image(question.picture)] if question.picture else [])])


def _place(question: Question) -> str:
    return body_regions()[question.region] if question.region else ""


def _image(name: str) -> str:
    """The drawing, with its description for those who cannot see it."""
    text = picture(name)
    described = text.partition("<desc")[2].partition(">")[2].partition("</desc>")[0]
    return f'<img src="{_PICTURES}/{name}.svg" width="360" alt="{described}">'


def _anchor(title: str) -> str:
    """The anchor that Markdown gives a heading."""
    return "".join(sign for sign in title.lower().replace(" ", "-") if sign.isalnum() or sign == "-")


if __name__ == "__main__":
    print(questions_page(), end="")
