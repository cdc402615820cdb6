"""What the report says."""

from __future__ import annotations

from dataclasses import replace

import example
import numpy as np
import pytest

from gait.core.errors import InputError
from gait.core.findings import Finding, Findings
from gait.core.parameters import GaitParameters, Norm, Parameter
from gait.report.blocks import Card, Notice, Points, Table
from gait.report.chapters.numbers import group_of, outside
from gait.report.document import build_document
from gait.report.drawing import most_telling, pairs_to_draw
from gait.report.wording import load_wording


def cards(document, section):
    return [block for block in document.section(section).blocks if isinstance(block, Card)]


def test_sections_stand_in_the_order_of_clinical_reports(documents):
    _, document = documents["foot_drop"]
    order = [section.id for section in document.sections]
    assert order == [
        "film", "quality", "flags", "findings", "numbers", "scores", "footfalls", "curves", "feet", "stills",
        "causes", "next", "history", "limits", "about",
    ]  # fmt: skip


def test_present_findings_come_first_with_side_size_and_sureness(documents):
    _, document = documents["foot_drop"]
    first = document.section("findings").blocks[0]
    assert isinstance(first, Card)
    assert first.title == "Foot drop"
    assert [badge.text for badge in first.badges] == ["Right", "severe", "confidence: high (93 %)"]
    assert first.badges[0].side == "right"
    assert "lands on the forefoot" in first.text


def test_evidence_that_does_not_fit_is_told_apart(documents):
    _, document = documents["foot_drop"]
    life, measured, misfit = cards(document, "findings")[0].points[:3]
    assert life.label == "In daily life"
    assert "−7.6°" in measured.items[0]
    assert misfit.label == "Does not fit"
    assert "spread" in misfit.items[0]


def test_a_film_that_shows_nothing_is_not_called_healthy(documents):
    _, document = documents["nothing_assessable"]
    assert "Nothing could be judged" in document.overview.summary
    assert not [line for panel in document.overview.panels[:3] for line in panel.lines]


def test_no_findings_at_all_is_not_called_healthy(foot_drop):
    document = build_document(replace(foot_drop, findings=Findings()), drawings={})
    said = " ".join(getattr(block, "text", "") for block in document.section("findings").blocks)
    assert "Nothing could be judged" in said


def test_a_healthy_walk_says_what_was_looked_for_and_what_was_not(documents):
    _, document = documents["healthy"]
    assert document.overview.summary == (
        "None of the patterns that could be judged (3) was seen; 3 others could not be judged from this film, "
        "and nothing is said about them."
    )


def test_fired_flags_stand_first_by_tier_and_unasked_ones_are_named(documents):
    _, document = documents["emergency"]
    blocks = document.section("flags").blocks
    assert [block.label for block in blocks if isinstance(block, Notice)] == ["Emergency", "Urgent"]
    lists = {block.label: block.items for block in blocks if isinstance(block, Points)}
    assert lists["Not asked, so not ruled out"] == (
        "Cauda equina syndrome: not asked (saddle numbness, bladder change)",
    )
    assert lists["Asked and not present"] == ("Injury",)


def test_an_emergency_keeps_causes_off_the_first_screen(documents):
    _, document = documents["emergency"]
    assert document.overview.urgency.tone == "alarm"
    assert document.overview.panels[2].lines == ()
    assert cards(document, "causes")


def test_no_flags_is_not_the_same_as_no_danger(foot_drop):
    bare = replace(foot_drop, reasoning=replace(foot_drop.reasoning, red_flags=(), urgency="none"))
    document = build_document(bare, drawings={})
    assert "not asked for" in document.overview.urgency.text


def test_causes_stand_in_their_groups_with_for_and_against(documents):
    _, document = documents["foot_drop"]
    titles = [card.title for card in cards(document, "causes")]
    assert titles == ["L5 nerve root", "Herniated lumbar disc", "Peroneal nerve at the knee"]
    root = cards(document, "causes")[0]
    assert root.meter_label == "33 %"
    assert [points.label for points in root.points] == [
        "Speaks for",
        "Speaks against",
        "Not known yet, and would matter",
    ]


def test_pairs_that_cannot_be_separated_are_named(documents):
    _, document = documents["foot_drop"]
    said = [item for block in document.section("causes").blocks if isinstance(block, Points) for item in block.items]
    assert "Peroneal nerve at the knee and L5 nerve root cannot be separated with what is known." in said


def test_numbers_carry_interval_strides_and_norm(documents):
    _, document = documents["foot_drop"]
    tables = [block for block in document.section("numbers").blocks if isinstance(block, Table)]
    rows = {row[0].text: row for table in tables for group in table.groups for row in group.rows}
    speed = rows["Walking speed (m/s)"]
    assert speed[1].text == "1.19 (1.14 to 1.24) ▼"
    assert speed[1].note == "n 6, SD 0.03"
    assert speed[2].text == "1.25 to 1.59 a"
    stance = rows["Stance (%)"]
    assert stance[3].text == "−4.0 (−5.8 to −2.2) ◂▸"
    assert stance[3].note == "−6.5 %"
    assert "male 40-49" in " ".join(tables[-1].notes)


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (5, 4, 6, ""),
        (11, 9, 13, "rather_above"),
        (12, 11, 13, "above"),
        (-1, -2, 1, "rather_below"),
        (-3, -4, -2, "below"),
    ],
)
def test_a_value_is_called_unusual_only_with_its_whole_interval(value, low, high, expected):
    norm = Norm(0, 10, "everybody", "made up")
    assert outside(Parameter("x_s", "left", value, "s", 1.0, 5, low, high, norm)) == expected


def test_measures_fall_into_groups():
    def group(name, unit):
        return group_of(Parameter(name, "both", 1.0, unit, 0.1, 3, 0.9, 1.1))

    assert group("stride_time_s", "s") == "time"
    assert group("contact_to_foot_flat_s", "s") == "foot"
    assert group("step_time_asymmetry_pct", "%") == "symmetry"
    assert group("stride_time_cv_pct", "%") == "variability"
    assert group("toe_clearance_ll", "leg lengths") == "foot"
    assert group("something_new", "furlongs") == "other"


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.4712, "47 %"),
        (0.0123, "1.2 %"),
        (0.0004, "< 0.1 %"),
        (0.999, "> 99 %"),
        (1.0, "> 99 %"),
        (0.9, "90 %"),
        (0.05, "5 %"),
    ],
)
def test_probabilities_have_two_digits_at_most(probability, said):
    assert load_wording().probability(probability) == said


def test_numbers_have_true_minus_signs_and_no_negative_zero():
    wording = load_wording()
    assert wording.number(-0.001, "s") == "0.00"
    assert wording.number(-7.56, "deg") == "−7.6"
    assert wording.number(np.nan, "s") == "–"
    assert wording.quantity(1.5, "deg") == "1.5°"
    assert wording.quantity(1.5, "s") == "1.50 s"


def test_an_unknown_language_lists_the_known_ones():
    with pytest.raises(InputError, match="en"):
        load_wording("xx")


def test_a_finding_without_catalogue_name_uses_its_own(foot_drop):
    odd = Finding("new_pattern", "left", "present", "mild", 0.5, label="Something new")
    document = build_document(replace(foot_drop, findings=Findings((odd,))), drawings={})
    assert cards(document, "findings")[0].title == "Something new"


def test_others_in_the_film_are_counted_and_not_shown(documents):
    analysis, document = documents["foot_drop"]
    pictures = document.section("film").blocks[0]
    assert [item.jpeg for item in pictures.items] == [analysis.pose.people[0].thumbnail]
    assert "One other person" in pictures.items[0].caption


def test_a_pattern_absent_on_both_sides_is_named_and_counted_once(foot_drop):
    both = tuple(Finding("weak_push_off", side, "absent") for side in ("left", "right"))
    one = Finding("antalgic_gait", "left", "absent")
    document = build_document(replace(foot_drop, findings=Findings((*both, one))), drawings={})
    lists = [block for block in document.section("findings").blocks if isinstance(block, Points)]
    assert lists[0].items == ("Weak push-off", "Antalgic gait (short stance) (left)")
    assert "could be judged (2)" in document.section("findings").blocks[0].text


def test_pictures_prefer_what_differs_and_skip_lengths_that_are_known_in_metres():
    def both_sides(name, unit, left, right):
        return [Parameter(name, "left", left, unit, 0.1, 5, left - 0.1, left + 0.1),
                Parameter(name, "right", right, unit, 0.1, 5, right - 0.1, right + 0.1)]  # fmt: skip

    summary = both_sides("step_length_m", "m", 1, 1) + both_sides("step_length_ll", "leg lengths", 1, 1)
    summary += both_sides("knee_range_deg", "deg", 10, 20) + both_sides("stance_ratio", "", 1, 1)
    strides = example.nothing_assessable().parameters.strides
    pairs = pairs_to_draw(GaitParameters(strides, tuple(summary)))
    assert [pair.id for pair in pairs] == ["step_length_m", "knee_range_deg"]
    assert [pair.id for pair in most_telling(pairs, 1)] == ["knee_range_deg"]


def test_every_number_shows_which_norm_it_met_or_that_there_is_none(documents):
    _, document = documents["foot_drop"]
    tables = [block for block in document.section("numbers").blocks if isinstance(block, Table)]
    for row in (row for table in tables for group in table.groups for row in group.rows):
        norm = row[-1]
        assert norm.text == "no norm" or norm.text.rsplit(" ", 1)[-1].isalpha()
        assert norm.hint
    rows = {row[0].text: row for table in tables for group in table.groups for row in group.rows}
    assert rows["Walking speed (m/s)"][-1].hint == "male 40-49 (walkway norms by age, sex and pace)"
    assert rows["Stride time (s)"][-1].text == "no norm"
    assert "No norm:" in " ".join(tables[-1].notes)


def test_norms_keep_their_notes_where_all_numbers_are_of_both_sides(foot_drop):
    both = tuple(item for item in foot_drop.parameters.summary if item.side == "both")
    walk = replace(foot_drop, parameters=GaitParameters(foot_drop.parameters.strides, both))
    (table,) = [
        block for block in build_document(walk, drawings={}).section("numbers").blocks if isinstance(block, Table)
    ]
    assert "male 40-49" in " ".join(table.notes)
