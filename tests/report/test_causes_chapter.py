"""What the report says of causes and of what to do next, for people whose causes were really worked out."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import example
import pytest
from pypdf import PdfReader

from gait.causes.intake import read_intake
from gait.causes.reason import suggest_causes
from gait.core.causes import Cause, Influence, NextFilm, NextQuestion, Reasoning, RedFlag
from gait.core.findings import Findings
from gait.report.blocks import Card, Heading, Paragraph, Points
from gait.report.cause_blocks import Shares, Steps
from gait.report.chapters.causes import LEAST_CARD, cause_card, causes_chapter, probability_words
from gait.report.chapters.influences import LEAST_BITS, MOST_AGAINST, MOST_FOR, cause_bars, factor_words, unsaid
from gait.report.chapters.next_steps import next_chapter
from gait.report.document import build_document
from gait.report.html import render_html
from gait.report.pdf import render_pdf
from gait.report.wording import load_wording

WORDING = load_wording()
INTAKES = Path("samples/intake")
PEOPLE = ("l5_root_right", "peroneal_left", "hip_osteoarthritis_right", "lumbar_stenosis", "foot_drop_film_only_right")


def analysis_of(reasoning: Reasoning):
    return replace(example.foot_drop_right(), reasoning=reasoning)


def squeezed(text: str) -> str:
    """Without spaces: line ends and hyphenation do not count."""
    return "".join(text.split())


def spoken(html: str) -> str:
    """What a screen reader reads: the text that is not hidden from it."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.open: list[bool] = []
            self.texts: list[str] = []

        def handle_starttag(self, tag, attrs):
            if tag not in {"meta", "img", "br"}:
                hidden = ("aria-hidden", "true") in attrs or tag == "style"
                self.open.append(hidden or (bool(self.open) and self.open[-1]))

        def handle_endtag(self, tag):
            self.open.pop()

        def handle_data(self, data):
            if self.open and not self.open[-1]:
                self.texts.append(data)

    reader = Reader()
    reader.feed(html)
    return squeezed("".join(reader.texts))


@pytest.fixture(scope="module")
def reasonings() -> dict[str, Reasoning]:
    """From the intake alone: what others saw of the walk is in it."""
    return {name: suggest_causes(Findings(), read_intake(INTAKES / f"{name}.json")) for name in PEOPLE}


@pytest.fixture(scope="module")
def pages(reasonings) -> dict[str, tuple[str, str]]:
    """HTML, and the text of the PDF."""
    shown = {}
    for name, reasoning in reasonings.items():
        document = build_document(analysis_of(reasoning), drawings={})
        pdf = PdfReader(io.BytesIO(render_pdf(document)))
        shown[name] = (render_html(document), squeezed("".join(page.extract_text() for page in pdf.pages)))
    return shown


def influence(text: str, bits: float, **changes) -> Influence:
    return replace(Influence(text, True, None, "history", text, bits), **changes)


def cause(**changes) -> Cause:
    base = Cause("l5_root", "back", "right", "where", "L5 nerve root", 0.62, "likely", low=0.48, high=0.73)
    return replace(base, **changes)


@pytest.mark.parametrize("name", PEOPLE)
def test_every_cause_is_on_screen_and_on_paper_with_its_words_and_range(reasonings, pages, name):
    html, paper = pages[name]
    assert reasonings[name].causes
    for item in reasonings[name].causes:
        for text in (spoken(html), paper):
            assert squeezed(item.label) in text
            assert squeezed(probability_words(item, WORDING)) in text
            assert item.probability < LEAST_CARD or squeezed(item.wording) in text
            assert item.probability < LEAST_CARD or squeezed(item.mechanism) in text


@pytest.mark.parametrize("name", PEOPLE)
def test_whatever_speaks_for_or_against_a_cause_can_be_read_without_seeing_a_bar(reasonings, pages, name):
    html, paper = pages[name]
    for item in (item for item in reasonings[name].causes if item.probability >= LEAST_CARD):
        for sentence in (*item.supported_by, *item.contradicted_by):
            told = re.sub(r" \((left|right|both)\)$", "", sentence.split(":")[0])
            told = told.removeprefix("It would explain ").removeprefix("It is where ").removesuffix(" would show")
            assert squeezed(told) in spoken(html), sentence
            assert squeezed(told) in paper, sentence


@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_is_said_twice_in_one_card(reasonings, name):
    reasoning = reasonings[name]
    for item in (item for item in reasoning.causes if item.probability >= LEAST_CARD):
        card = cause_card(item, reasoning, WORDING)
        assert card.bars is not None
        texts = [bar.text for group in card.bars.groups for bar in group.items]
        assert len(texts) == len(set(texts))
        listed = " ".join(sentence for points in card.points for sentence in points.items)
        assert not [text for text in texts if text in listed]


@pytest.mark.parametrize("name", PEOPLE)
def test_bars_bring_no_outside_address_and_links_lead_to_cards(pages, name):
    html, _ = pages[name]
    assert "http" not in html.split("</style>")[1]
    assert "<script" not in html
    assert not re.search(r"url\((?!#)", html)
    targets = set(re.findall(r'<p class="links">.*?</p>', html))
    addresses = set(re.findall(r'href="#([^"]+)"', " ".join(targets)))
    assert addresses <= set(re.findall(r'id="(cause-[^"]+)"', html))


def test_a_disc_and_its_root_lead_to_each_other(reasonings):
    cards = {card.title: card for card in _cards(reasonings["l5_root_right"])}
    (down,) = cards["Lumbar disc herniation"].links
    (up,) = cards["L5 nerve root"].links
    assert (down.label, down.items) == ("Would explain", (("L5 nerve root", "cause-l5_root-right"),))
    assert up.label == "Would be explained by"
    assert ("Lumbar disc herniation", "cause-lumbar_disc_herniation-right") in up.items


def test_what_is_moved_by_the_same_as_its_link_says_so_instead_of_drawing_it_again():
    moved = (influence("Hip abduction is weak", 1.2),)
    disc = cause(
        id="disc", label="Disc", level="why", probability=0.5, low=0.4, influences=moved, explains=("l5_root",)
    )
    root = cause(influences=moved, explained_by=("disc",))
    first, second = (card.bars for card in _cards(Reasoning((root, disc))))
    assert first is not None
    assert second is not None
    assert first.groups[0].items[0].text == "Hip abduction is weak"
    assert second.groups == ()
    assert "L5 nerve root" in second.label


def _cards(reasoning: Reasoning) -> list[Card]:
    chapter = causes_chapter(analysis_of(reasoning), WORDING)
    return [block for block in chapter.blocks if isinstance(block, Card)]


@pytest.mark.parametrize(
    ("probability", "low", "high", "expected"),
    [
        (0.62, 0.48, 0.73, "62 % (48 to 73 %)"),
        (0.9, 0.9, 0.9, "90 % (steady)"),
        (0.62, 0.0, 1.0, "62 %"),
        (0.0004, 0.0001, 0.0009, "< 1 %"),
        (0.004, 0.001, 0.022, "< 1 % (up to 2 %)"),
        (0.014, 0.004, 0.03, "1 % (< 1 to 3 %)"),
    ],
)
def test_a_probability_is_printed_with_its_range_and_never_too_precisely(probability, low, high, expected):
    words = probability_words(cause(probability=probability, low=low, high=high), WORDING)
    assert words.replace("\u00a0", " ") == expected


def test_the_thin_line_on_the_meter_is_the_range():
    card = cause_card(cause(), Reasoning((cause(),)), WORDING)
    assert card.band == (0.48, 0.73)
    assert cause_card(cause(low=0.0, high=1.0), Reasoning((cause(),)), WORDING).band is None
    html = render_html(build_document(analysis_of(Reasoning((cause(),))), drawings={}))
    assert 'class="meter-band" style="left: 48.0%; width: 25.0%"' in html


@pytest.mark.parametrize(
    ("bits", "expected"),
    [(1.0, "× 2"), (-2.0, "× 1/4"), (1.678, "× 3.2"), (3.5, "× 11"), (-0.5, "× 1/1.4"), (-5.0, "× 1/32")],
)
def test_a_factor_says_its_direction_without_colour(bits, expected):
    assert factor_words(bits, WORDING).replace("\u00a0", " ") == expected


def test_bars_are_as_long_as_their_bits_on_both_sides_of_one_axis():
    moved = (influence("A", 4.0), influence("B", -2.0), influence("C", 1.0))
    bars = cause_bars(cause(influences=moved), 4.0, WORDING)
    assert [group.title for group in bars.groups] == ["Speaks for", "Speaks against"]
    assert [bar.share for group in bars.groups for bar in group.items] == [1.0, 0.25, -0.5]
    html = render_html(build_document(analysis_of(Reasoning((cause(influences=moved),))), drawings={}))
    assert 'class="bar-for" style="width: 50.0%"' in html
    assert 'class="bar-against" style="width: 25.0%"' in html


def test_weak_influences_never_fill_the_axis():
    bars = cause_bars(cause(influences=(influence("A", 0.5),)), 0.5, WORDING)
    assert bars.groups[0].items[0].share == 0.25


def test_swapping_for_and_against_mirrors_the_bars():
    moved = tuple(influence(name, bits) for name, bits in (("A", 2.0), ("B", 1.0), ("C", -0.7)))
    turned = tuple(replace(item, bits=-item.bits) for item in moved)
    shares = [
        {
            bar.text: bar.share
            for group in cause_bars(cause(influences=items), 2.0, WORDING).groups
            for bar in group.items
        }
        for items in (moved, turned)
    ]
    assert shares[0] == {text: -share for text, share in shares[1].items()}


def test_only_the_strongest_get_bars_and_the_others_are_named_or_counted():
    moved = [influence(f"For {number}", 3.0 - 0.2 * number) for number in range(9)]
    moved += [influence(f"Against {number}", -2.0 + 0.2 * number) for number in range(6)]
    item = cause(influences=tuple(moved), supported_by=tuple(f"For {n}: speaks for it" for n in range(8)))
    group, against = cause_bars(item, 3.0, WORDING).groups
    assert [bar.text for bar in group.items] == [f"For {number}" for number in range(MOST_FOR)]
    assert [bar.text for bar in against.items] == [f"Against {number}" for number in range(MOST_AGAINST)]
    assert group.more.replace("\u00a0", " ") == "Also: For 6 (× 3.5); For 7 (× 3); and 1 smaller."
    assert against.more == "And 2 smaller."


def test_a_cause_that_nothing_moved_says_so():
    bars = cause_bars(cause(influences=(influence("A", 0.9 * LEAST_BITS),)), 2.0, WORDING)
    assert bars.groups == ()
    assert "how common" in bars.label
    told_nothing = cause(low=0.0, high=1.0)
    assert cause_card(told_nothing, Reasoning((told_nothing,)), WORDING).bars is None


def test_how_it_is_known_and_on_which_side_stand_beside_each_bar():
    moved = (
        influence("Hip abduction is weak", 1.3, kind="examination", side="right"),
        influence("The pelvis drops", 1.0, kind="gait", side="both"),
        influence("There is back pain", 0.8),
        influence("The age is 42 years", 0.5, kind="person"),
    )
    (group,) = cause_bars(cause(influences=moved), 2.0, WORDING).groups
    assert [(bar.mark, bar.text) for bar in group.items] == [
        ("tested", "Hip abduction is weak (right)"),
        ("seen", "The pelvis drops (both sides)"),
        ("told", "There is back pain"),
        ("person", "The age is 42 years"),
    ]


def test_sentences_without_a_bar_stay_sentences():
    moved = (influence("Hip abduction is weak", 1.3),)
    sentences = ("Hip abduction is weak (right): speaks for it", "It would explain L5 nerve root", "Painless.")
    assert unsaid(sentences, moved, ("L5 nerve root",)) == ("Painless.",)
    assert unsaid(sentences, (), ()) == sentences


def test_dangerous_and_unlikely_causes_are_one_list_with_one_line_each(reasonings):
    reasoning = reasonings["foot_drop_film_only_right"]
    chapter = causes_chapter(analysis_of(reasoning), WORDING)
    (steps,) = [block for block in chapter.blocks if isinstance(block, Steps)]
    unlikely = [item for item in reasoning.causes if item.probability < LEAST_CARD]
    assert unlikely
    assert steps.is_compact
    assert [step.text.split(",")[0] for step in steps.items] == [item.label.split(",")[0] for item in unlikely]
    assert all(step.why.endswith(item.missing[0]) for step, item in zip(steps.items, unlikely, strict=True))
    titles = {card.title for card in _cards(reasoning)}
    assert titles == {item.label for item in reasoning.causes if item.probability >= LEAST_CARD}


def test_where_all_causes_are_unlikely_the_chapter_says_so():
    chapter = causes_chapter(analysis_of(Reasoning((cause(probability=0.02, low=0.01, high=0.04),))), WORDING)
    assert not [block for block in chapter.blocks if isinstance(block, Card)]
    said = [block.text for block in chapter.blocks if isinstance(block, Paragraph)]
    assert "No cause reaches 5 %." in said


def test_shares_of_the_regions_have_numbers_and_the_likeliest_region_comes_first(reasonings):
    reasoning = reasonings["foot_drop_film_only_right"]
    chapter = causes_chapter(analysis_of(reasoning), WORDING)
    (shares,) = [block for block in chapter.blocks if isinstance(block, Shares)]
    assert [item.text for item in shares.items] == ["Back", "Foot and leg", "Elsewhere"]
    assert sum(item.share for item in shares.items) == pytest.approx(1.0)
    assert all("%" in item.value for item in shares.items)
    headings = [block.text for block in chapter.blocks if isinstance(block, Heading)]
    assert headings[:2] == ["Foot and leg", "Back"]


def test_without_causes_the_chapter_is_short_and_draws_nothing():
    document = build_document(analysis_of(Reasoning()), drawings={})
    assert [type(block) for block in document.section("causes").blocks] == [Paragraph]
    assert [type(block) for block in document.section("next").blocks] == [Paragraph]
    assert 'class="bars"' not in render_html(document)
    assert render_pdf(document).startswith(b"%PDF")


def test_chains_of_foot_and_back_are_told():
    chapter = causes_chapter(analysis_of(Reasoning((cause(),), chains=("Ask which came first.",))), WORDING)
    lists = {block.label: block.items for block in chapter.blocks if isinstance(block, Points)}
    assert lists["Foot and back act on each other"] == ("Ask which came first.",)


def test_next_steps_stand_in_three_groups_with_their_reasons_and_warning_signs_first():
    reasoning = Reasoning(
        red_flags=(
            RedFlag("falls", "not_asked", "soon", "Falls", "See a doctor."),
            RedFlag("cauda_equina", "not_asked", "emergency", "Cauda equina syndrome", "Go now."),
            RedFlag("stroke", "absent", "emergency", "Stroke", "Go now."),
        ),
        next_questions=(
            NextQuestion("tinel", "Does tapping tingle?", "Nerve or root.", 0.3, "examination", None, "Tinel", "Tap."),
            NextQuestion("painless", "Is it free of pain?", "Nerve or root, too.", 0.2),
        ),
        next_films=(NextFilm("trendelenburg", "walk", "frontal", "Film from the front.", "Root or nerve.", 0.1),),
    )
    chapter = next_chapter(analysis_of(reasoning), WORDING)
    headings = [block.text for block in chapter.blocks if isinstance(block, Heading)]
    groups = dict(zip(headings, [block.items for block in chapter.blocks if isinstance(block, Steps)], strict=True))
    assert list(groups) == ["Ask", "Examine", "Film"]
    assert [step.how for step in groups["Ask"][:2]] == ["Cauda equina syndrome", "Falls"]
    assert (groups["Ask"][2].text, groups["Ask"][2].why) == ("Is it free of pain?", "Nerve or root, too.")
    (test,) = groups["Examine"]
    assert (test.text, test.how, test.why) == ("Tinel", "Does tapping tingle? Tap.", "Nerve or root.")
    assert (groups["Film"][0].text, groups["Film"][0].why) == ("Film from the front.", "Root or nerve.")


@pytest.mark.parametrize("name", PEOPLE)
def test_every_next_step_is_on_screen_and_on_paper_with_its_reason(reasonings, pages, name):
    reasoning = reasonings[name]
    for page in (spoken(pages[name][0]), pages[name][1]):
        for step in (*reasoning.next_questions, *reasoning.next_films):
            assert squeezed(step.text) in page
            assert squeezed(step.why) in page


def test_bars_differ_from_paper_and_from_each_other_by_more_than_hue():
    css = Path("gait/report/templates/report.css").read_text(encoding="utf-8")
    colors = dict(re.findall(r"--(for|against): (#[0-9a-f]{6})", css))
    for color in colors.values():
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        # WCAG 2.1, 1.4.11: 3 for shapes.
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3.0
    assert set(colors) == {"for", "against"}
