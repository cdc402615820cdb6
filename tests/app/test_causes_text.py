"""Lines, bars and the sheet of one cause, as the terminal shows them."""

from __future__ import annotations

import math

import pytest

from gait.app.causes_about import LEAST_BITS, arguments, list_lines, sheet_lines
from gait.app.causes_text import reasoning_lines
from gait.app.lines import BAR_WIDTH, BLOCKS, Lines, bar, change_bar, factor, plain
from gait.causes.knowledge import load_knowledge
from gait.core.causes import Cause, Influence, Reasoning, RedFlag

# -- bars ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_plain", [False, True])
@pytest.mark.parametrize("bits", [-9.0, -3.6, -1.0, -0.2, 0.01, 0.5, 1.0, 2.3, 3.6, 9.0])
def test_bars_point_to_their_side_and_keep_their_width(bits, is_plain):
    against, in_favour = bar(bits, is_plain)
    assert len(against) == len(in_favour) == BLOCKS
    drawn, empty = (in_favour, against) if bits > 0 else (against, in_favour)
    assert drawn.strip()
    assert not empty.strip()
    assert (drawn[0] if bits > 0 else drawn[-1]) != " "


def test_bars_grow_with_what_they_show():
    lengths = [len(bar(bits)[1].strip()) for bits in (0.2, 1.0, 2.0, 3.0, 4.0)]
    assert lengths == sorted(lengths)
    assert lengths[-1] == BLOCKS
    assert len(set(lengths)) == len(lengths)


def test_for_and_against_are_mirror_images():
    for bits in (0.3, 1.0, 1.3, 2.9):
        against, in_favour = bar(-bits)[0], bar(bits)[1]
        assert against.replace("▐", "▌")[::-1] == in_favour


@pytest.mark.parametrize(
    ("bits", "text"), [(1.0, "x2.0"), (-1.0, "÷2.0"), (math.log2(12), "x12"), (9.0, "x>99"), (-0.5, "÷1.4")]
)
def test_factors_are_told_as_people_say_them(bits, text):
    assert factor(bits) == text


@pytest.mark.parametrize(
    ("before", "after"), [(0.0, 0.6), (0.6, 0.0), (0.9, 0.9), (0.41, 0.42), (0.0, 1.0), (1.0, 0.99)]
)
def test_bars_of_change_keep_their_width_and_show_every_change(before, after):
    text = "".join(span for span, _ in change_bar(before, after))
    assert len(text) == 20
    assert ("+" in text) == (after > before)
    assert ("-" in text) == (after < before)


def test_long_items_go_on_below_their_bar():
    lines = Lines(80)
    lines.influence("There is pain, numbness or weakness in the buttock or thigh, at night too (right)", 2.0, 8)
    text = plain(lines.lines).splitlines()
    assert len(text) > 1
    assert "│" in text[0]
    assert "│" not in text[1]
    assert max(map(len, text)) <= 80


def test_bars_stand_under_each_other():
    lines = Lines(80)
    for text, bits in (("Short", 3.0), ("A longer sentence about a sign (right)", -2.0), ("Other", 0.2)):
        lines.influence(text, bits, 8)
    axes = {line.index("│") for line in plain(lines.lines).splitlines()}
    assert len(axes) == 1
    assert BAR_WIDTH == 2 * BLOCKS + 1


def test_a_percent_sign_stays_with_its_number():
    for width in range(60, 80):
        lines = Lines(width)
        lines.add("the back below 1 %, foot and leg above 99 %, elsewhere below 1 %. " * 3)
        assert not any(line.lstrip().startswith("%") for line in plain(lines.lines).splitlines())


# -- what is told --------------------------------------------------------------------------------------------------


def cause(name: str, probability: float, *bits: float, **more) -> Cause:
    influences = tuple(
        Influence(f"item{number}", True, "left", "history", f"Sign {number}", value)
        for number, value in enumerate(bits)
    )
    return Cause(name, "back", "left", "where", name.upper(), probability, "possible", influences=influences, **more)


def told(reasoning: Reasoning) -> str:
    return plain(reasoning_lines(reasoning, Lines(80)).lines)


def test_nothing_entered_is_told_without_an_error():
    assert "not a diagnosis" in " ".join(told(Reasoning()).split())


def test_what_contradicts_a_cause_is_shown_however_much_speaks_for_it():
    text = told(Reasoning(causes=(cause("root", 0.8, *[3.0] * 12, -0.4),)))
    assert "÷1.3" in text
    assert "that moved it less" in text


def test_a_linked_cause_does_not_repeat_the_arguments():
    root = cause("root", 0.8, 2.0, 1.0, explained_by=("disc",))
    disc = cause("disc", 0.7, 2.0, 1.5, explains=("root",))
    text = told(Reasoning(causes=(root, disc)))
    assert text.count("Sign 0") == 1
    assert text.count("Sign 1") == 2
    assert "Otherwise moved as ROOT." in text
    assert "Would explain: ROOT." in text
    assert "Could come from: DISC." in text


def test_the_group_of_the_leading_cause_goes_first():
    foot = Cause("foot", "foot_leg", None, "where", "FOOTCAUSE", 0.6, "possible")
    text = told(Reasoning(causes=(foot, cause("root", 0.3, 1.0)), groups={"back": 0.3, "foot_leg": 0.7, "other": 0.0}))
    assert text.index("FOOT AND LEG – 70 %") < text.index("BACK – 30 %")


def test_an_alarm_stands_before_everything_and_says_what_to_do():
    flag = RedFlag("cauda", "present", "emergency", "Cauda equina", "Go now.", ("Numb saddle",))
    text = told(
        Reasoning(causes=(cause("root", 0.8, 1.0),), red_flags=(flag,), urgency="emergency", summary="Go now. Root.")
    )
    assert text.startswith("Urgency: EMERGENCY")
    assert text.count("Go now.") == 1
    assert text.index("Numb saddle") < text.index("ROOT")


# -- the sheet of a cause ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(load_knowledge().causes))
def test_every_cause_has_its_sheet(name):
    knowledge = load_knowledge()
    text = plain(sheet_lines(knowledge, name, Lines(80)).lines)
    assert max(map(len, text.splitlines())) <= 80
    for title in ("WHAT IT DOES TO THE WALK", "HOW", "EASILY MISTAKEN", "EXAMINE", "HOW COMMON", "SOURCES"):
        assert title in text
    assert knowledge.causes[name].label in " ".join(text.split())
    # Every number in brackets is spelled out below.
    listed = text[text.index("SOURCES") :]
    assert "[1]" in listed


def test_arguments_are_ratios_of_how_often_it_is_so():
    knowledge = load_knowledge()
    found = arguments(knowledge, "l5_root", "foot_drop")
    assert found
    assert all(abs(speaks.bits) >= LEAST_BITS for speaks in found)
    assert all((speaks.bits > 0) == (speaks.here > speaks.elsewhere) for speaks in found)
    for speaks in found:
        assert abs(speaks.bits) <= abs(math.log2(speaks.here / speaks.elsewhere)) + 1e-9
    assert any("inversion" in speaks.text.lower() and speaks.bits > 0 for speaks in found)
    assert arguments(knowledge, "corn", "foot_drop") == ()


def test_the_list_names_every_cause_once():
    knowledge = load_knowledge()
    text = plain(list_lines(knowledge, Lines(100)).lines)
    words = text.split()
    assert all(words.count(name) == 1 for name in knowledge.causes)
