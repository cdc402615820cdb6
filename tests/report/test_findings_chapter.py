"""How findings read: present ones whole, absent ones short, open ones by what the next film needs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gait.core.findings import Evidence, Finding, Findings
from gait.core.parameters import GaitParameters
from gait.core.tasks import TASKS
from gait.findings.catalogue import load_rules
from gait.findings.conditions import Conditions
from gait.findings.norms import Norms
from gait.findings.rules import find_deviations
from gait.report.blocks import Card, Heading, Paragraph, Points
from gait.report.chapters.findings import finding_card, findings_chapter, outlook, readable
from gait.report.chapters.open_findings import kind_of, next_clip, open_groups
from gait.report.chapters.overview import build_overview
from gait.report.terminal import terminal_lines
from gait.report.wording import load_wording

WORDING = load_wording()


def judged(parameters: GaitParameters | None = None, child: bool = False, **conditions) -> Findings:
    """What the real rules say."""
    norms = Norms({}, "", child)
    return find_deviations(parameters or GaitParameters.empty(), norms, Conditions(**{"view": "sagittal"} | conditions))


def open_finding(name, reason, side=None):
    return Finding(name, side, "not_assessable", reason=reason)


ALL_CONDITIONS = [
    *({"view": view} for view in ("sagittal", "frontal", "oblique")),
    *({"task": task} for task in TASKS),
    {"rate_hz": 10.0},
    {"is_lite": True},
    {"is_clock_doubtful": True},
    {"child": True},
]


@pytest.mark.parametrize("conditions", ALL_CONDITIONS, ids=str)
def test_every_reason_that_the_rules_give_has_its_group(foot_drop, conditions):
    for parameters in (None, foot_drop.parameters):
        for finding in judged(parameters, **conditions).with_status("not_assessable"):
            assert kind_of(finding) != "other", f"{finding.id}: {finding.reason}"


def test_reasons_of_the_judge_have_their_groups():
    said = {
        "The measures lie beyond what is usual, but by less than they may be wrong. Film on.": "close",
        "Only 2 of 5 strides show it; at least 70 % must.": "close",
        "Only 2 good strides; 3 are needed.": "strides",
        "Only 2 good strides on the other side; 3 are needed.": "strides",
        "Only 0 repetitions; 1 are needed.": "strides",
        "The measures are too uncertain in this film to show even a moderate case.": "unsure",
        "No length is known: tell the walker's height (--height) or the treadmill's speed.": "scale",
        "No norm fits this walk: its speed is not known.": "norm",
        "The film does not show toe clearance.": "hidden",
        "It needs foot drop, which cannot be judged: The film is frontal. It needs a film from the side.": "side",
        "It needs foot drop, which cannot be judged: Only 2 good strides; 3 are needed.": "strides",
        "It needs a dropping pelvis, which cannot be judged: The hips do not follow it.": "depends",
        "Parts of it cannot be judged: foot slap.": "depends",
        "It is told by comparing the feet, but the left foot shows foot drop.": "depends",
        "Something that nobody said before.": "other",
    }
    for reason, kind in said.items():
        assert kind_of(open_finding("foot_drop", reason)) == kind, reason


def test_eighty_open_lines_become_a_few_groups(foot_drop):
    findings = judged(view="frontal")
    assert len(findings.with_status("not_assessable")) > 40
    groups = open_groups(findings)
    assert 2 <= len(groups) <= 8
    assert sum(len(group.findings) for group in groups) == len(findings.with_status("not_assessable"))
    blocks = findings_chapter(replace(foot_drop, findings=findings), WORDING).blocks
    assert len(blocks) < 30
    assert any(isinstance(block, Heading) for block in blocks)


def test_a_pattern_open_on_both_sides_is_named_once_in_its_group(foot_drop):
    reason = "The film is sagittal. It needs a film from the front or from behind."
    findings = Findings(tuple(open_finding("circumduction", reason, side) for side in ("left", "right")))
    (points,) = [
        block
        for block in findings_chapter(replace(foot_drop, findings=findings), WORDING).blocks
        if isinstance(block, Points)
    ]
    assert points.label == "Needs a film from the front or from behind."
    assert points.items == ("Leg swung outwards (circumduction)",)


def test_the_next_clip_is_the_one_that_settles_most():
    front = "The film is sagittal. It needs a film from the front or from behind."
    task = "This clip shows usual walking; it needs a clip of heel raises (--task heel_raise)."
    findings = Findings(
        (
            open_finding("wide_base", front),
            open_finding("toe_out", front, "left"),
            open_finding("toe_out", front, "right"),
            open_finding("cannot_rise_on_toes", task, "left"),
        )
    )
    assert next_clip(open_groups(findings), WORDING) == "A film from the front or from behind would settle 2 of them."
    alone = Findings(findings.all[3:])
    assert next_clip(open_groups(alone), WORDING) == "A clip of heel raises on one leg would settle one of them."
    assert next_clip(open_groups(Findings()), WORDING) == ""


def test_what_no_film_shows_says_why_each():
    never = [rule for rule in load_rules().finding if rule.never]
    assert never
    groups = {group.kind: group for group in open_groups(judged())}
    assert {finding.id for finding in groups["never"].findings} == {rule.id for rule in never}


def test_a_number_near_its_limit_is_printed(foot_drop):
    near = Finding(
        "foot_drop",
        "right",
        "not_assessable",
        evidence=(Evidence("foot_floor_angle_at_contact_deg", "right", 8.2, "deg", "reported below 10 deg"),),
        reason="The measures lie beyond what is usual, but by less than they may be wrong.",
    )
    blocks = findings_chapter(replace(foot_drop, findings=Findings((near,))), WORDING).blocks
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert points.items == (
        "Foot drop (right): Foot against floor at initial contact, right: 8.2°, reported below 10°",
    )


def test_a_present_finding_says_what_it_means_how_strong_it_is_and_how_it_was_graded():
    evidence = Evidence("foot_floor_angle_at_contact_deg", "right", -7.7, "deg", "reported below 10 deg")
    present = Finding(
        "foot_drop",
        "right",
        "present",
        "severe",
        0.93,
        (evidence,),
        wording="The right foot lands at -7.7 deg.",
        plain="Toes may catch.",
        fakes=("very loose shoes",),
        sources=("walk_1.mp4", "walk_2.mp4"),
    )
    card = finding_card(present, WORDING)
    assert card.text == "The right foot lands at −7.7°."
    lists = {points.label: points.items for points in card.points}
    assert lists["In daily life"] == ("Toes may catch.", "How strong: marked; others notice it at once.")
    assert lists["Measured"] == ("Foot against floor at initial contact, right: −7.7°, reported below 10°",)
    assert lists["What can look the same"] == ("very loose shoes",)
    assert "Seen in: walk_1.mp4, walk_2.mp4." in card.note
    grade = load_rules().rule("foot_drop").grade
    assert grade is not None
    assert f"severe below {grade.severe:g}°" in card.note


@pytest.mark.parametrize("name", ["antalgic_gait", "vaulting", "trendelenburg"])
def test_a_confusing_side_is_explained(name):
    card = finding_card(Finding(name, "left", "present", "mild", 0.9), WORDING)
    assert card.note.startswith("Side: ")


def test_every_grading_of_the_rules_can_be_said():
    for rule in load_rules().finding:
        if rule.grade is not None:
            card = finding_card(Finding(rule.id, None, "present", "mild", 0.9), WORDING)
            assert "moderate" in card.note, rule.id
            assert "{" not in card.note


def test_ranges_keep_their_hyphen_and_signs_become_true():
    assert readable("from -7.5 deg, 7-10 % and J Biomech 2008-09", WORDING) == (
        "from −7.5°, 7-10 % and J Biomech 2008-09"
    )


def test_the_first_screen_counts_what_was_not_seen_and_names_the_next_clip(foot_drop):
    findings = Findings(
        (
            Finding("foot_drop", "right", "present", "mild", 0.9, wording="Drop."),
            *(Finding("antalgic_gait", side, "absent", None, 0.9) for side in ("left", "right")),
            open_finding("wide_base", "The film is sagittal. It needs a film from the front or from behind."),
        )
    )
    said = outlook(findings, WORDING)
    assert said == (
        "1 patterns were looked for and not seen. 1 could not be judged from this film. "
        "A film from the front or from behind would settle one of them."
    ).replace("1 patterns were", "One pattern was")
    panel = build_overview(replace(foot_drop, findings=findings), WORDING).panels[1]
    assert [line.text for line in panel.lines] == ["Foot drop"]
    assert panel.note == said


def test_a_film_that_could_judge_nothing_says_what_to_film_and_never_that_all_is_well():
    said = outlook(judged(view="frontal", is_lite=True), WORDING)
    assert said.startswith("Nothing could be judged")
    assert "would settle" in said


def test_the_terminal_has_findings_first_and_labels_its_scores(foot_drop):
    lines = terminal_lines(foot_drop)
    assert lines[0] == "present: Foot drop (right), severe (confidence 93 %), seen in walk.mp4"
    assert len(lines) <= 6
    assert "would" in lines[2] or "could not be judged" in lines[2]
    nothing = terminal_lines(replace(foot_drop, findings=Findings((Finding("foot_drop", "left", "absent"),))))
    assert nothing[0] == "none of the patterns that could be judged is present"


def test_paragraphs_hold_no_empty_text(foot_drop):
    for findings in (judged(), judged(view="frontal"), foot_drop.findings):
        for block in findings_chapter(replace(foot_drop, findings=findings), WORDING).blocks:
            assert not isinstance(block, Paragraph) or block.text
            assert not isinstance(block, Card) or block.title


def test_a_difference_of_the_sides_is_not_called_unseen_on_the_other_side(foot_drop):
    findings = Findings(
        (
            Finding("step_time_asymmetry", "right", "present", "mild", 0.9, wording="Uneven."),
            Finding("step_time_asymmetry", "left", "absent", None, 0.9),
            Finding("foot_drop", "left", "absent", None, 0.9),
        )
    )
    blocks = findings_chapter(replace(foot_drop, findings=findings), WORDING).blocks
    (points,) = [block for block in blocks if isinstance(block, Points)]
    assert points.items == ("Foot drop (left)",)
    assert outlook(findings, WORDING) == "One pattern was looked for and not seen."
