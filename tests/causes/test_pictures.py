"""Drawings: all there, small, accessible, self-contained; the body map mirrors and marks what it is told to."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gait.causes.knowledge import FILES, load_knowledge, parse_knowledge
from gait.causes.pictures import BODY_MAP, body_map, body_regions, picture, picture_ids
from gait.causes.questions_page import questions_page
from gait.core.errors import InputError, SchemaError

ROOT = Path(__file__).parents[2]
DATA = ROOT / "gait" / "causes" / "data"
SVG = "{http://www.w3.org/2000/svg}"
QUESTIONS = load_knowledge().questions


def parsed(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def by_id(text: str) -> dict[str, ElementTree.Element]:
    return {element.attrib["id"]: element for element in parsed(text).iter() if "id" in element.attrib}


@pytest.mark.parametrize("name", picture_ids())
def test_a_picture_is_small_and_says_what_it_shows(name: str) -> None:
    text = picture(name)
    root = parsed(text)
    assert len(text.encode()) < (30_000 if name == BODY_MAP else 12_000)
    assert root.tag == f"{SVG}svg"
    assert root.attrib["role"] == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    assert len(title.text or "") >= 8
    assert len(desc.text or "") >= 40


@pytest.mark.parametrize("name", picture_ids())
def test_a_picture_needs_nothing_from_outside_and_changes_nothing_around_it(name: str) -> None:
    text = picture(name).replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|data:|<style|<script|<image|@import|\son[a-z]+=", text)
    assert set(re.findall(r'href="(.)', text)) <= {"#"}
    assert set(re.findall(r'font-family="([^"]+)"', text)) <= {"sans-serif"}
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(ids)


def test_pictures_can_stand_on_one_page_without_sharing_an_id() -> None:
    ids = [found for name in picture_ids() for found in re.findall(r'\sid="([^"]+)"', picture(name))]
    assert len(ids) == len(set(ids))


def test_every_picture_is_used_and_every_place_of_the_map_too() -> None:
    assert {question.picture for question in QUESTIONS.values()} - {""} == set(picture_ids()) - {BODY_MAP}
    assert {question.region for question in QUESTIONS.values()} - {""} == set(body_regions())


def test_a_pain_a_numbness_and_an_injury_have_a_place() -> None:
    without = {key for key, question in QUESTIONS.items() if not question.region}
    somewhere = {key for key in QUESTIONS if key.startswith(("pain_", "numb_", "tinel_", "injury_"))}
    assert somewhere & without == {"pain_on_cough", "pain_out_of_proportion", "numb_stocking"}


def test_a_question_about_a_side_never_points_at_one_side_of_the_map() -> None:
    for key, question in QUESTIONS.items():
        assert not question.region.endswith(("left", "right")), key


def test_every_test_says_what_counts_as_yes() -> None:
    for key, question in QUESTIONS.items():
        if question.kind == "examination":
            assert "Yes if" in question.test, key
            assert len(question.test) <= 360, key


def test_left_and_right_of_the_map_are_exact_mirrors() -> None:
    """Each shape of a left place is the same path as on the right, flipped about the middle of its pair."""
    places = by_id(picture(BODY_MAP))
    for region in body_regions():
        sides = [places[f"{region}-{side}"].findall(f"{SVG}use") for side in ("left", "right")]
        assert len(sides[0]) == len(sides[1]) > 0, region
        for left, right in zip(*sides, strict=True):
            assert left.attrib["href"] == right.attrib["href"]
            (x_left, y_left, *scale_left), (x_right, y_right, *scale_right) = numbers(left), numbers(right)
            assert y_left == y_right
            assert (scale_left or [1, 1])[0] == -(scale_right or [1, 1])[0]
            assert (scale_left or [1, 1])[1] == (scale_right or [1, 1])[1]
            assert (x_left + x_right) / 2 in {96, 264, 91, 270, 180}


def numbers(element: ElementTree.Element) -> list[float]:
    return [float(value) for value in re.findall(r"-?\d+\.?\d*", element.attrib["transform"])]


def test_the_left_of_the_person_is_at_the_viewers_right_from_the_front_and_at_the_left_from_behind() -> None:
    text = picture(BODY_MAP)
    places = by_id(text)

    def middle(place: str) -> float:
        use = places[place].findall(f"{SVG}use")[0]
        x, _, *scale = numbers(use)
        start = re.match(r"M(-?[\d.]+)", places[use.attrib["href"][1:]].attrib["d"])
        assert start is not None
        return x + (scale or [1.0])[0] * float(start[1])

    assert middle("groin-right") < 96 < middle("groin-left") < 180
    assert 180 < middle("buttock-left") < 264 < middle("buttock-right")
    assert middle("toes-right") < 91 < middle("toes-left")
    assert middle("inner_ankle-right") < 180 < middle("inner_ankle-left")


def test_a_marked_place_changes_and_no_other() -> None:
    plain, marked = by_id(picture(BODY_MAP)), by_id(body_map({"groin-left": "pain"}))
    changed = {key for key in plain if ElementTree.tostring(plain[key]) != ElementTree.tostring(marked[key])}
    assert changed == {"groin-left", "key-pain"}
    assert marked["groin-left"].attrib["fill"] == "url(#body-map-pain)"
    assert marked["groin-left"].attrib["aria-label"] == "Groin, left: pain"
    assert "display" not in marked["key-pain"].attrib


def test_a_tone_shows_without_colour() -> None:
    """Every tone has a pattern of its own and a thicker outline than an unmarked place."""
    patterns = by_id(picture(BODY_MAP))
    drawn = [
        ElementTree.tostring(patterns[f"body-map-{tone}"][1], encoding="unicode")
        for tone in ("pain", "numb", "injury", "asked")
    ]
    assert len({re.sub(r'(fill|stroke)="[^"]*"', "", text) for text in drawn}) == 4
    assert float(by_id(body_map({"knee": "numb"}))["knee-left"].attrib["stroke-width"]) > 2


def test_a_place_without_its_side_marks_both_and_the_more_exact_one_wins() -> None:
    marked = by_id(body_map({"knee-left": "injury", "knee": "pain"}))
    assert marked["knee-left"].attrib["fill"] == "url(#body-map-injury)"
    assert marked["knee-right"].attrib["fill"] == "url(#body-map-pain)"


def test_swapping_the_sides_of_the_marks_swaps_the_marked_places() -> None:
    one, other = by_id(body_map({"calf-left": "numb"})), by_id(body_map({"calf-right": "numb"}))
    assert one["calf-left"].attrib["fill"] == other["calf-right"].attrib["fill"]
    assert "fill" not in one["calf-right"].attrib
    assert "fill" not in other["calf-left"].attrib


def test_nothing_marked_is_the_plain_map() -> None:
    assert body_map({}) == picture(BODY_MAP)


@pytest.mark.parametrize(
    ("marked", "words"),
    [
        ({"elbow-left": "pain"}, ["elbow-left", "groin"]),
        ({"groin-middle": "pain"}, ["groin-middle"]),
        ({"groin": "itch"}, ["groin", "itch", "numb"]),
    ],
)
def test_an_unknown_place_or_tone_is_named(marked: dict, words: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        body_map(marked)
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("name", ["nothing", "../questions", ""])
def test_an_unknown_picture_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="There is no picture"):
        picture(name)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('region = "groin"', 'region = "elbow"', ["questions.toml", "pain_groin", "region", "elbow"]),
        ('picture = "big_toe_lift"', 'picture = "toe"', ["questions.toml", "great_toe_extension", "picture", "toe"]),
        ('group = "course"', 'group = "later"', ["questions.toml", "onset_sudden", "group"]),
        ('group = "course"\n', "", ["questions.toml", "onset_sudden", "group"]),
    ],
)  # fmt: skip
def test_a_wrong_place_picture_or_group_is_named(before: str, after: str, words: list[str]) -> None:
    files = {name: (DATA / name).read_text(encoding="utf-8") for name in FILES}
    assert before in files["questions.toml"]
    files["questions.toml"] = files["questions.toml"].replace(before, after, 1)
    with pytest.raises(SchemaError) as caught:
        parse_knowledge(files)
    for word in words:
        assert word in str(caught.value)


def test_the_page_of_questions_is_current() -> None:
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    assert page == questions_page(), "run: python -m gait.causes.questions_page > docs/questions.md"


def test_the_page_has_every_question_once_and_links_only_to_what_is_there() -> None:
    page = questions_page()
    for key, question in QUESTIONS.items():
        assert page.count(f"`{key}`") == 1, key
        assert question.patient in page
    links = re.findall(r'(?:src="|\]\()(\.\./[^")]+)', page)
    assert len(links) > 20
    for link in links:
        assert (ROOT / "docs" / link).resolve().is_file(), link
    headings = {
        re.sub(r"[^a-z0-9-]", "", line[3:].lower().replace(" ", "-"))
        for line in page.splitlines()
        if line.startswith("## ")
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) == headings
