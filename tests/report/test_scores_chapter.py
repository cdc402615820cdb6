"""What the report says about the summary scores."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gait.core.scores import Scores
from gait.plots.scores import profile_figure
from gait.plots.style import to_svg
from gait.report.blocks import Figures, Heading, Paragraph, Points, Table
from gait.report.chapters.scores import scores_chapter
from gait.report.document import build_document
from gait.report.drawing import draw_figures
from gait.report.terminal import terminal_lines
from gait.report.wording import load_wording

WORDING = load_wording()


@pytest.fixture(scope="module")
def blocks(foot_drop):
    chapter = scores_chapter(foot_drop, {"profile": to_svg(profile_figure(foot_drop.scores))}, WORDING)
    assert chapter is not None
    return chapter.blocks


def said(blocks):
    return [item for block in blocks if isinstance(block, Points) for item in block.items]


def test_the_visual_score_never_stands_without_how_much_was_seen(blocks):
    assert "Right: 2 of 4 points (95 % interval 2 to 3); 2 of 17 items seen." in said(blocks)
    assert any(item.startswith("Healthy people filmed with this program") for item in said(blocks))


def test_both_scores_are_labelled_as_what_they_are(blocks):
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == [
        "Edinburgh-style visual score: 2-D, from film",
        "Curve score: GPS-style, 2-D, 3 of 9 variables, shape only",
    ]


def test_items_stand_by_part_of_the_body_and_unsure_ones_show_both(blocks):
    table = next(block for block in blocks if isinstance(block, Table))
    assert [group.title for group in table.groups] == ["Foot and ankle", "Knee"]
    contact, knee = (group.rows[0] for group in table.groups)
    assert (contact[2].text, contact[2].tone) == ("2", "warning")
    assert knee[2].text == "0 (0 to 1)"


def test_items_without_points_are_named_with_why(blocks):
    lists = {block.label: block.items for block in blocks if isinstance(block, Points)}
    assert lists["Not seen, needs a film from the front or from behind:"] == ("Foot rotation",)
    assert lists["No film shows them"] == ("Pelvic rotation: One camera does not see it.",)


def test_the_curve_score_stands_beside_what_healthy_people_have(blocks):
    assert "Right: 10.8° (healthy people filmed with this program: 3.1° to 9.2°)." in said(blocks)
    assert "Both sides: 8.4°." in said(blocks)
    table = [block for block in blocks if isinstance(block, Table)][1]
    knee = table.groups[0].rows[1]
    assert knee[2].text == "10.8° (usual 3.1° to 9.2°) ▲"
    assert "constant part −8.3° (usual −2.6° to 6.3°)" in knee[2].note
    assert "5 strides of the near leg" in knee[2].note


def test_what_limits_the_scores_is_said_before_them(blocks):
    assert Paragraph("Slow.", "note") in blocks[:3]


def test_the_picture_has_every_joint_and_side_in_words(blocks):
    (figures,) = [block for block in blocks if isinstance(block, Figures)]
    assert "Knee, right: 10.8°" in figures.items[0].alt


def test_no_scores_no_chapter(foot_drop):
    none = replace(foot_drop, scores=Scores())
    assert scores_chapter(none, {}, WORDING) is None
    assert "scores" not in [section.id for section in build_document(none, drawings={}).sections]
    assert not any("style" in line for line in terminal_lines(none))


def test_only_curves_or_only_points_are_a_chapter_of_their_own(foot_drop):
    curves = replace(foot_drop, scores=replace(foot_drop.scores, visual=()))
    points = replace(foot_drop, scores=replace(foot_drop.scores, variables=(), profile=()))
    for walk, heading in ((curves, "Curve score"), (points, "Edinburgh-style")):
        chapter = scores_chapter(walk, {}, WORDING)
        assert chapter is not None
        assert next(block.text for block in chapter.blocks if isinstance(block, Heading)).startswith(heading)


def test_the_profile_is_drawn_with_the_values_of_both_sides(foot_drop):
    figures = draw_figures(foot_drop, WORDING, {})
    assert {"5°", "11°"} <= {text.split("</text>")[0].rsplit(">", 1)[-1] for text in figures["profile"].split("<text")}


def test_the_terminal_labels_both_scores(foot_drop):
    lines = terminal_lines(foot_drop)
    assert lines[-2].startswith("Edinburgh-style, 2-D, from film: Left: 0 of 4 points")
    assert lines[-1].startswith("GPS-style, 2-D, shape only, 3 of 9 variables: Left: 5.0°")
