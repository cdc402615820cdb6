"""The study of the reasoning: numbers worked out by hand, laws that made-up engines break, the floor of the issue."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gait.causes.knowledge import load_knowledge
from gait.core.causes import Cause, CauseLevel, NextQuestion, Reasoning, RedFlag, Urgency
from gait.core.findings import FindingSide
from gait.core.subject import Answer, Complaint, Intake, Subject
from gait.validation import reasoning
from gait.validation.reasoning import ReasoningStudy, main, study
from gait.validation.reasoning_asking import fewer_than, interviews, said_on_the_way, steps, summary, until
from gait.validation.reasoning_goals import all_goals, law_goals, nearer, share_goal
from gait.validation.reasoning_laws import (
    blanked,
    distance,
    is_mirrored,
    mirrored,
    reason_about,
    turned,
    with_silence,
)
from gait.validation.reasoning_outcomes import (
    by_band,
    calibration,
    calibration_error,
    chance_error,
    judge,
    listed,
    share_of,
    shares,
    sureness,
)
from gait.validation.reasoning_report import report_tables, to_markdown, write_report
from gait.validation.vignettes import Expectation, Kind, Vignette, VignetteSet, read_vignettes, read_worked

GROUPS = {key: condition.group for key, condition in load_knowledge().causes.items()}
TOE, INVERSION, SADDLE = "great_toe_extension_weak", "foot_inversion_weak", "saddle_numbness"


def cause(
    name: str,
    probability: float,
    side: FindingSide | None = "right",
    level: CauseLevel = "where",
    low: float = 0.0,
    high: float = 1.0,
) -> Cause:
    return Cause(name, GROUPS[name], side, level, name, probability, "", low=low, high=high)


def vignette(
    name: str = "made",
    top: tuple[str, ...] = ("l5_root",),
    side: str | None = "right",
    urgency: Urgency = "routine",
    answers: tuple[Answer, ...] = (),
    kind: Kind = "classical",
    **expect: tuple,
) -> Vignette:
    subject = Subject(intake=Intake((Complaint("foot_drop", "right"),), answers))
    return Vignette(name, kind, subject, Expectation(top, side, urgency, **expect))


RIGHT = (
    vignette("right", urgency="urgent", three=("lumbar_disc_herniation",), apart=(("peroneal_neuropathy", "l5_root"),)),
    Reasoning(
        (
            cause("l5_root", 0.7, low=0.5, high=0.8),
            cause("lumbar_disc_herniation", 0.5, level="why"),
            cause("peroneal_neuropathy", 0.2),
        ),
        inseparable=(("l5_root", "peroneal_neuropathy"),),
        urgency="urgent",
    ),
)
"""Everything right."""
WRONG = (
    vignette("wrong", top=("s1_root",), side="left", urgency="urgent", three=("l5_root",), kind="subtle"),
    Reasoning((cause("peroneal_neuropathy", 0.6), cause("l5_root", 0.02)), urgency="routine"),
)
"""The wrong cause, on the opposite side, too little hurry."""
HEALTHY = (vignette("healthy", top=(), side=None, urgency="none", kind="healthy"), Reasoning())
PAIRS = (RIGHT, WRONG, HEALTHY)


def outcomes() -> pd.DataFrame:
    return pd.DataFrame([{"set": "made", **judge(one, came)} for one, came in PAIRS])


def rows() -> pd.DataFrame:
    return pd.DataFrame([{"set": "made", **row} for one, came in PAIRS for row in listed(one, came)])


# -- numbers by hand ---------------------------------------------------------------------------------------------------


def test_each_measure_is_judged_where_it_is_asked_for() -> None:
    right, wrong, healthy = (judge(one, came) for one, came in PAIRS)
    asked = ("top_1", "top_3", "group", "side", "side_not_opposite", "urgency", "no_under_triage", "three", "apart")
    assert [right[name] for name in asked] == [True] * 9
    assert [wrong[name] for name in asked] == [False, False, False, False, False, False, False, True, None]
    assert [healthy[name] for name in asked] == [None, None, None, None, None, True, True, None, None]
    assert (right["no_cause"], wrong["no_cause"], healthy["no_cause"]) == (None, None, True)
    assert wrong["no_over_triage"] is True


def test_a_cause_where_none_may_be_given_is_wrong() -> None:
    assert judge(HEALTHY[0], RIGHT[1])["no_cause"] is False
    assert judge(HEALTHY[0], RIGHT[1])["no_over_triage"] is False


def test_no_cause_where_one_was_wanted_is_wrong_in_everything() -> None:
    row = judge(RIGHT[0], Reasoning(urgency="urgent"))
    assert [row[name] for name in ("top_1", "top_3", "group", "side", "three", "apart")] == [False] * 6
    assert row["brier"] == 1.0


def test_the_other_of_two_wanted_causes_may_lead_and_the_next_three_are_counted_without_it() -> None:
    one = vignette(top=("lumbar_disc_herniation", "l5_root"), three=("s1_root",))
    others = [cause("peroneal_neuropathy", 0.2), cause("l4_root", 0.1), cause("s1_root", 0.05)]
    came = Reasoning((cause("l5_root", 0.5), cause("lumbar_disc_herniation", 0.4, level="why"), *others))
    assert (judge(one, came)["top_1"], judge(one, came)["three"]) == (True, True)


def test_an_axial_cause_has_no_side() -> None:
    one = vignette(top=("axial_disc_pain",), side=None)
    assert judge(one, Reasoning((cause("axial_disc_pain", 0.5, None),)))["side"] is True
    row = judge(one, Reasoning((cause("axial_disc_pain", 0.5, "left"),)))
    assert (row["side"], row["side_not_opposite"]) == (False, True)


def test_a_narrow_canal_may_be_given_the_side_of_the_leg_it_troubles() -> None:
    came = Reasoning((cause("lumbar_stenosis", 0.5, "left", level="why"),))
    assert judge(vignette(top=("lumbar_stenosis",), side=None), came)["side"] is None
    assert judge(vignette(top=("lumbar_stenosis",), side="right"), came)["side"] is False


def test_brier_scores_by_hand() -> None:
    right, wrong, healthy = (judge(one, came) for one, came in PAIRS)
    assert right["brier"] == pytest.approx(0.09 + 0.25 + 0.04)
    assert right["brier_level"] == pytest.approx(0.09 + 0.04)
    assert right["brier_lead"] == pytest.approx(0.09)
    assert wrong["brier"] == pytest.approx(1.0 + 0.36 + 0.0004)
    assert wrong["brier_lead"] == pytest.approx(0.36)
    assert healthy["brier"] == 0.0
    assert sureness(outcomes(), rows())["brier_lead"] == pytest.approx((0.09 + 0.36) / 2)


def test_shares_and_their_intervals_by_hand() -> None:
    table = shares(outcomes(), "set").set_index("measure")
    assert (table.loc["top_1", "count"], table.loc["top_1", "total"]) == (1, 2)
    assert table.loc["top_1", "low"] == pytest.approx(0.0945, abs=1e-4)  # Wilson, 1 of 2
    assert table.loc["top_1", "high"] == pytest.approx(0.9055, abs=1e-4)
    assert (table.loc["urgency", "count"], table.loc["urgency", "total"]) == (2, 3)
    assert (table.loc["apart", "count"], table.loc["apart", "total"]) == (1, 1)
    assert share_of([None, float("nan"), True]) == share_of([True])


def test_calibration_by_hand() -> None:
    """Leading: 0.7 right and 0.6 wrong, one band. Listed: 0.2 wrong as well; the disc explains the wanted root."""
    table = calibration(rows())
    leading, every, total = (table[table["series"] == name] for name in ("leading", "listed", "all"))
    assert list(leading[["said", "count", "total"]].iloc[0]) == [pytest.approx(0.65), 1, 2]
    assert calibration_error(leading) == pytest.approx(0.15)
    assert calibration_error(every) == pytest.approx((0.2 + 2 * 0.15) / 3)
    assert calibration_error(total) == pytest.approx((0.2 + 0.5 + 2 * 0.15) / 4)


def test_chance_alone_by_hand_and_few_people_judge_no_calibration(made: ReasoningStudy) -> None:
    table = pd.DataFrame({"said": [0.5, 0.9], "total": [100, 25]})
    by_hand = (100 * 0.5 * math.sqrt(2 / (math.pi * 100)) + 25 * 0.3 * math.sqrt(2 / (math.pi * 25))) / 125
    assert chance_error(table) == pytest.approx(by_hand)
    judged = [goal for goal in all_goals(made.tables) if goal.words == "calibration error, the leading cause"]
    assert [goal.status for goal in judged] == ["not measured"] * 2


def test_said_and_so_alike_is_no_calibration_error() -> None:
    made = pd.DataFrame({"place": 1, "probability": 0.75, "is_untold": False, "is_wanted": [True, True, True, False]})
    assert calibration_error(calibration(made)[:1]) == pytest.approx(0.0)


def test_ranges_say_whether_a_wanted_cause_could_lead() -> None:
    assert judge(*RIGHT)["lead_width"] == pytest.approx(0.3)
    lead = cause("peroneal_neuropathy", 0.6, low=0.4, high=0.8)
    near, far = cause("l5_root", 0.3, low=0.1, high=0.5), cause("l5_root", 0.2, low=0.1, high=0.3)
    assert judge(RIGHT[0], Reasoning((lead, near)))["in_leading_group"] is True
    assert judge(RIGHT[0], Reasoning((lead, far)))["in_leading_group"] is False
    assert judge(*WRONG)["in_leading_group"] is None  # no range was worked out


def test_a_goal_is_met_only_where_it_was_measured() -> None:
    assert share_goal("made", "x", share_of([True, False]), 0.9).status == "missed"
    assert share_goal("made", "x", share_of([True, True]), 1.0).status == "met"
    assert share_goal("made", "x", share_of([]), 1.0).status == "not measured"
    assert share_goal("made", "x", share_of([True]), None).status == "no goal"


# -- laws --------------------------------------------------------------------------------------------------------------

ANSWERS = tuple(Answer(item, "yes", "right") for item in (TOE, INVERSION, "hip_abduction_weak", "numb_dorsum"))


def told(subject: Subject) -> dict[str, str]:
    return {answer.id: answer.value for answer in subject.intake.answers}


def honest(subject: Subject) -> Reasoning:
    """An engine that obeys all laws: every yes makes the L5 root likelier, saddle numbness is an emergency."""
    given = told(subject)
    share = 0.1 + 0.2 * sum(value == "yes" for key, value in given.items() if key != SADDLE)
    first, second = cause("l5_root", min(share, 0.9)), cause("peroneal_neuropathy", 0.5)
    side = subject.intake.complaints[0].side
    made = tuple(replace(one, side=side) for one in sorted((first, second), key=lambda one: -one.probability))
    open_items = [item for item in (INVERSION, TOE, "hip_abduction_weak", "numb_dorsum") if item not in given]
    asked = tuple(NextQuestion(item, "", "", 1.0) for item in open_items)
    return Reasoning(made, next_questions=asked, urgency="emergency" if given.get(SADDLE) == "yes" else "routine")


def one_sided(subject: Subject) -> Reasoning:
    """Breaks the mirror."""
    came = honest(subject)
    return replace(came, causes=tuple(replace(one, side="right") for one in came.causes))


def chatty(subject: Subject) -> Reasoning:
    """Takes silence for an answer."""
    return replace(honest(subject), answered=len(subject.intake.answers))


def careless(subject: Subject) -> Reasoning:
    """Lowers the urgency for a strong toe, which no rule asks about."""
    return replace(honest(subject), urgency="none" if told(subject).get(TOE) == "no" else "routine")


def flipping(subject: Subject) -> Reasoning:
    """Changes the side with the number of answers."""
    came = honest(subject)
    side: FindingSide = "right" if len(subject.intake.answers) == len(ANSWERS) else "left"
    return replace(came, causes=tuple(replace(one, side=side) for one in came.causes))


def laws_of(think: Callable[[Subject], Reasoning]) -> dict[str, str]:
    one = VignetteSet("made", (vignette(answers=ANSWERS),))
    return {goal.words: goal.status for goal in law_goals("made", study([one], think).tables)}


def test_an_honest_engine_obeys_every_law() -> None:
    assert set(laws_of(honest).values()) == {"met", "no goal"}


@pytest.mark.parametrize(
    ("think", "law"),
    [
        (one_sided, "mirrored person: sides swap, nothing else"),
        (chatty, "unknown answers change nothing"),
        (careless, "one answer turned round that no rule asks about: urgency not lower"),
        (flipping, "fewer answers: no side flips"),
    ],
)
def test_an_engine_that_breaks_a_law_is_caught(think: Callable[[Subject], Reasoning], law: str) -> None:
    assert laws_of(think)[law] == "missed"


def test_mirroring_twice_gives_the_same_person() -> None:
    subject = replace(vignette(answers=ANSWERS).subject, leg_length_left_m=0.88, leg_length_right_m=0.9)
    assert mirrored(mirrored(subject)) == subject
    assert mirrored(subject).leg_length_left_m == 0.9
    assert mirrored(subject).intake.answers[0].side == "left"


def test_the_mirror_compares_flags_and_questions_too() -> None:
    here = Reasoning((cause("l5_root", 0.5, "left"),), (RedFlag("falls", "present", "soon", "", ""),))
    there = replace(here, causes=(cause("l5_root", 0.5, "right"),))
    assert is_mirrored(here, there)
    assert not is_mirrored(here, here)
    assert not is_mirrored(here, replace(there, red_flags=()))
    assert not is_mirrored(here, replace(there, next_questions=(NextQuestion(TOE, "", "", 1.0),)))


def test_distance_by_hand() -> None:
    one = Reasoning((cause("l5_root", 0.7), cause("s1_root", 0.2)))
    other = Reasoning((cause("l5_root", 0.4), cause("l4_root", 0.1)))
    assert distance(one, other) == pytest.approx(0.5 * (0.3 + 0.2 + 0.1))
    assert distance(one, one) == 0.0


def test_blanking_takes_thirty_percent_of_the_answers_and_is_the_same_each_time() -> None:
    ten = tuple(Answer(item, "yes") for item in ("fever", "smoking", "diabetes", "painless", "worsening", *"abcde"))
    seen: list[int] = []

    def think(subject: Subject) -> Reasoning:
        seen.append(len(subject.intake.answers))
        return honest(subject)

    one = vignette(answers=ten)
    first = list(blanked(one, honest(one.subject), think))
    assert seen == [0, *[7] * 10]
    assert first == list(blanked(one, honest(one.subject), think))
    assert not list(blanked(vignette(answers=ten[:1]), Reasoning(), think))


def test_each_answer_is_turned_once_and_the_questions_of_rules_are_known() -> None:
    one = vignette(answers=(*ANSWERS[:1], Answer(SADDLE, "yes"), Answer("fever", "unknown")))
    rows = {row["answer"]: row for row in turned(one, honest(one.subject), honest)}
    assert set(rows) == {TOE, SADDLE}
    assert (rows[SADDLE]["is_flag"], rows[SADDLE]["is_lowered"], rows[SADDLE]["turned_to"]) == (True, True, "no")
    assert (rows[TOE]["is_flag"], rows[TOE]["is_lowered"]) == (False, False)


def test_silence_adds_every_question_once() -> None:
    subject = with_silence(vignette(answers=ANSWERS).subject)
    ids = [answer.id for answer in subject.intake.answers]
    assert len(ids) == len(set(ids)) > 100


def test_nearer_is_counted_by_person() -> None:
    table = pd.DataFrame(
        {"set": "a", "id": ["x", "x", "y"], "distance_before": [0.5, 0.5, 0.2], "distance": [0.6, 0.2, 0.3]}
    )
    assert nearer(table) == [True, False]


# -- asking ------------------------------------------------------------------------------------------------------------


def decisive(subject: Subject) -> Reasoning:
    """An engine for which the big toe decides, and which asks for it first."""
    given = told(subject)
    first = cause("l5_root" if given.get(TOE) == "yes" else "peroneal_neuropathy", 0.6)
    asked = tuple(NextQuestion(item, "", "", 1.0) for item in ("numb_sole", TOE) if item not in given)
    return Reasoning((first,), next_questions=asked)


def test_questions_until_the_wanted_cause_leads() -> None:
    one = vignette(answers=ANSWERS)
    found = list(interviews(one, decisive))
    by_order = {row["order"]: row for row in found if row["number"] == 0}
    assert by_order["asked next"]["until"] == 1.0
    assert by_order["asked next"]["is_first_told"] is False  # numbness of the sole, which the vignette does not tell
    catalogue = list(reasoning_order(one))
    assert by_order["catalogue"]["until"] == catalogue.index(TOE) + 1
    table = pd.DataFrame([{"set": "made", **row} for row in found])
    counted = summary(table).set_index("order")
    assert counted.loc["asked next", "median"] == 1.0
    assert counted.loc["asked next", "mean_share"] == pytest.approx(12 / 13)
    curve = steps(table)
    assert list(curve[curve["order"] == "asked next"]["share"]) == [0.0, *[1.0] * 12]
    versus = fewer_than(table, "catalogue")
    assert versus == (
        {"fewer": 1, "same": 0, "more": 0} if catalogue.index(TOE) else {"fewer": 0, "same": 1, "more": 0}
    )


def reasoning_order(one: Vignette) -> list[str]:
    return [key for key in load_knowledge().questions if key in told(one.subject)]


def test_what_is_said_on_the_way_is_held_against_what_was_wanted() -> None:
    """Random orders only; moments without any cause are left out. By hand: 0.6 wrong twice, right once."""
    table = pd.DataFrame(
        {
            "order": ["asked next", "random", "random"],
            "said": [(0.9, 0.9), (float("nan"), 0.6), (0.6, 0.6)],
            "leads": [(True, True), (False, True), (False, False)],
        }
    )
    found = said_on_the_way(table)
    assert [tuple(row) for row in found.to_numpy().tolist()] == [(0.6, True), (0.6, False), (0.6, False)]
    (band,) = by_band("interviews", found)
    assert (band["said"], band["count"], band["total"]) == (pytest.approx(0.6), 1, 3)


def test_a_cause_that_leads_only_for_a_while_does_not_count() -> None:
    assert until([False, True, False]) == float("inf")
    assert until([True, True, True]) == 0.0
    assert until([True, False, True]) == 2.0


def test_nobody_is_interviewed_who_has_nothing_to_tell() -> None:
    assert not list(interviews(vignette(), decisive))
    assert not list(interviews(vignette(top=(), side=None, answers=ANSWERS), decisive))


# -- report ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made() -> ReasoningStudy:
    """One open and one hidden set; the second person of each is missed."""
    people = (vignette("found", answers=ANSWERS), vignette("secret", top=("s1_root",), answers=ANSWERS, kind="subtle"))
    others = tuple(replace(one, id=f"hidden_{one.id}") for one in people)
    return study([VignetteSet("open", people), VignetteSet("held_out", others)], honest)


def test_held_out_people_are_counted_but_not_shown(made: ReasoningStudy, tmp_path: Path) -> None:
    assert not any("hidden_" in table.to_csv() for table in report_tables(made).values())
    path = write_report(made, tmp_path)
    text = path.read_text()
    assert "hidden_" not in text
    assert "Held out, not shown here: 1 vignette missed (subtle 1)." in text
    assert "secret" in text
    written = "".join(file.read_text() for file in (tmp_path / "reasoning").iterdir())
    assert "hidden_" not in written


def test_reveal_writes_the_held_out_misses_into_the_tables_only(made: ReasoningStudy, tmp_path: Path) -> None:
    path = write_report(made, tmp_path, reveal=True)
    assert "hidden_secret" in (tmp_path / "reasoning" / "misses.csv").read_text()
    assert "hidden_" not in path.read_text()


def test_sets_are_never_pooled(made: ReasoningStudy) -> None:
    found = {(goal.set, goal.words): goal.told for goal in all_goals(made.tables)}
    assert found["open", "a wanted cause leads"].startswith("1 of 2")
    assert found["held_out", "a wanted cause leads"].startswith("1 of 2")
    assert "| open | subtle | 0 of 1" in to_markdown(made, report_tables(made))
    assert set(shares(made.tables["outcomes"], "set")["total"]) == {2}


def test_the_command_writes_a_report_and_says_whether_goals_are_met(
    tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    worked = read_worked(samples / "intake")
    few = VignetteSet("worked", tuple(one for one in worked.vignettes if one.id == "l5_root_right"))
    monkeypatch.setattr(reasoning, "read_worked", lambda folder: few)
    written = tmp_path / "tiny.toml"
    written.write_text(
        '[[vignettes]]\nid = "a"\nkind = "nearly_empty"\nstory = "Somebody says so."\nbasis = "our estimate"\n'
        'complaints = ["foot_drop@left"]\nexpect = { top = ["corn"], side = "left", urgency = "emergency" }\n'
    )
    assert main([str(written), "--out", str(tmp_path / "out"), "--workers", "1"]) == 1
    assert "a wanted cause leads" in capsys.readouterr().out
    files = {file.name for file in (tmp_path / "out" / "reasoning").iterdir()}
    assert {"shares.csv", "calibration.svg", "misses.csv", "asking.svg"} <= files
    assert "tiny" in (tmp_path / "out" / "reasoning.md").read_text()


def test_the_command_refuses_a_wrong_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "absent.toml")]) == 2
    assert "no such file" in capsys.readouterr().err


# -- the floor of the issue --------------------------------------------------------------------------------------------


def judged(name: str, samples: Path) -> pd.DataFrame:
    file = samples / "vignettes" / f"{name}.toml"
    people = (read_worked(samples / "intake") if name == "worked" else read_vignettes(file)).vignettes
    return pd.DataFrame([judge(one, reason_about(one.subject)) for one in people])


@pytest.mark.parametrize("name", ["worked", "developed", "developed_terse", "developed_letters"])
def test_nine_of_ten_lead_and_side_and_urgency_are_always_right(name: str, samples: Path) -> None:
    found = judged(name, samples)
    counted = shares(found.assign(set=name), "set").set_index("measure")
    assert counted.loc["top_1", "share"] >= 0.90
    assert counted.loc["side_not_opposite", "share"] == 1.0
    assert counted.loc["no_cause", "share"] == 1.0
    # One short leg is passed by its scoliosis, which has no side; see reports/reasoning/misses.csv.
    known = {"terse_scoliosis_with_short_leg"}
    wrong = {key: set(found.loc[[value is False for value in found[key]], "id"]) - known for key in ("side", "urgency")}
    assert wrong == {"side": set(), "urgency": set()}


@pytest.mark.parametrize("name", ["worked", "developed"])
def test_pairs_that_cannot_be_told_apart_are_named(name: str, samples: Path) -> None:
    counted = shares(judged(name, samples).assign(set=name), "set").set_index("measure")
    assert counted.loc["apart", "share"] == 1.0


def test_every_cause_leads_somewhere(samples: Path) -> None:
    sets = [read_vignettes(path) for path in sorted((samples / "vignettes").glob("developed*.toml"))]
    led = {
        came.causes[0].id
        for one in sets
        for person in one.vignettes
        if (came := reason_about(person.subject)).causes and came.causes[0].id in person.expect.top
    }
    assert led == set(load_knowledge().causes)
