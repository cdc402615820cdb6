"""The study of findings on made walkers: what it counts, and a small set of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from gait.core.errors import NotEnoughDataError
from gait.findings.catalogue import load_rules
from gait.findings.confidence import MOST_CONFIDENT, load_confidence
from gait.validation import detection_store
from gait.validation.detection import Study
from gait.validation.detection_calibration import calibrate, counted, curve, reliability, write_calibration
from gait.validation.detection_report import to_markdown, write_study
from gait.validation.detection_store import Seen, Store
from gait.validation.detection_tables import (
    VERDICT_COLUMNS,
    confusion,
    false_alarms,
    films_with_alarms,
    interval,
    mirror_exceptions,
    outcomes,
    sensitivity,
    strangers,
    verdicts,
)
from gait.validation.detection_targets import Judged, judge_study
from gait.validation.detection_walks import SEVERITIES, MadeFilm, all_films, shoot, ways_of_filming

#: Found at these severities on made walkers, whatever the lot gives.
PLANTED = (
    MadeFilm(arm="planted", finding="antalgic_gait", side="left", severity=1.0),
    MadeFilm(arm="planted", finding="foot_drop", side="right", severity=1.0, rate_hz=60.0),
    MadeFilm(arm="planted", finding="step_time_asymmetry", side="right", severity=1.0),
    MadeFilm(arm="planted", finding="step_length_asymmetry", side="left", severity=1.0),
)
HEALTHY = tuple(MadeFilm(arm="healthy", number=number, rate_hz=60.0) for number in range(3))
SLOW = MadeFilm(arm="slow", person="slow")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("films"))


@pytest.fixture(scope="module")
def seen(store: Store) -> dict[MadeFilm, Seen]:
    films = [*PLANTED, *HEALTHY, SLOW, replace(PLANTED[0], arm="mirrored", is_mirrored=True)]
    return {film: store.load(film) for film in films}


def _row(**values: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(VERDICT_COLUMNS, "")
    row |= {"arm": "planted", "severity": 0.8, "number": 0, "view": "sagittal", "task": "walk", "margin": 3.0}
    return row | {"passes": "there and back", "status": "absent", "relation": "other"} | values


def _table(*rows: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(VERDICT_COLUMNS))


# --- the small set -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("film", PLANTED, ids=lambda film: film.finding)
def test_a_severe_fault_is_found_on_its_side_with_nothing_but_companions(seen, film):
    companions = {film.finding, "slow_walking", *load_rules().rule(film.finding).companions}
    present = seen[film].findings().present()
    assert (film.finding, film.side) in {(finding.id, finding.side) for finding in present}
    assert {finding.id for finding in present} <= companions


@pytest.mark.parametrize("film", HEALTHY, ids=lambda film: str(film.number))
def test_healthy_walkers_have_no_finding(seen, film):
    slow = seen[film].truth["walking_speed_mps", "both"] < 1.02
    assert [f.id for f in seen[film].findings().present()] in ([], ["slow_walking"] if slow else [])


def test_a_slow_healthy_walker_has_slow_walking_only(seen):
    assert [finding.id for finding in seen[SLOW].findings().present()] == ["slow_walking"]


def test_a_mirrored_film_has_mirrored_findings(seen):
    film = PLANTED[0]
    mirrored = seen[replace(film, arm="mirrored", is_mirrored=True)]
    assert mirror_exceptions([(seen[film], mirrored)]) == (1, [])
    assert ("antalgic_gait", "right") in {(f.id, f.side) for f in mirrored.findings().present()}


def test_a_film_against_itself_is_an_exception_where_it_has_a_side(seen):
    count, exceptions = mirror_exceptions([(seen[PLANTED[0]], seen[PLANTED[0]])])
    assert count == 1
    assert "antalgic_gait" in exceptions[0]


def test_judging_again_from_the_store_is_what_the_chain_says(seen):
    from gait.pipeline import Settings, analyze_pose

    film = PLANTED[0]
    footage = shoot(film)
    analysis = analyze_pose(footage.pose, footage.subject, Settings(), recording=footage.recording, feet=footage.feet)
    assert seen[film].findings() == analysis.findings


def test_a_stored_film_is_not_made_again(store, seen, monkeypatch):
    monkeypatch.setattr(detection_store, "see", lambda film: pytest.fail(f"{film.name} was made again"))
    assert store.load(PLANTED[0]).findings() == seen[PLANTED[0]].findings()


def test_a_film_made_by_other_code_is_made_again(store, seen, monkeypatch):
    made = []
    monkeypatch.setattr(detection_store, "code_version", lambda parts: "another")
    monkeypatch.setattr(detection_store, "see", lambda film: made.append(film) or seen[film])
    store.load(PLANTED[1])
    assert made == [PLANTED[1]]


def test_the_whole_report_can_be_written(seen, tmp_path):
    study = Study(1, verdicts(one for one in seen.values() if not one.film.is_mirrored), 1, ())
    text = write_study(study, tmp_path).read_text(encoding="utf-8")
    assert "antalgic_gait (sagittal walk)" in text or "| antalgic_gait |" in text
    assert (tmp_path / "findings" / "sensitivity.csv").is_file()
    assert text == to_markdown(study, study.tables())


# --- the plan ------------------------------------------------------------------------------------------------------


def test_every_film_of_the_study_has_a_name_of_its_own():
    films = all_films(4)
    assert len({film.name for film in films}) == len(films)


def test_faults_are_planted_on_both_sides_by_even_and_odd_walkers():
    planted = [f for f in all_films(4) if f.finding == "antalgic_gait" and f.arm == "planted" and f.severity == 0.6]
    assert {(film.side, film.number % 2) for film in planted} == {(s, n) for s in ("left", "right") for n in (0, 1)}


def test_every_finding_is_planted_somewhere_or_named_as_missing():
    rules = load_rules().finding
    planted = {film.finding for film in all_films(1) if film.finding}
    missing = {rule.id for rule in rules if not ways_of_filming(rule)}
    assert planted | missing == {rule.id for rule in rules}
    assert not planted & missing


def test_a_film_is_the_same_film_every_time():
    film = MadeFilm(arm="planted", finding="antalgic_gait", side="left", severity=SEVERITIES[0], strides=5.0)
    first, second = (shoot(film).pose.data["position"].values for _ in range(2))
    np.testing.assert_array_equal(first, second)


# --- the counting --------------------------------------------------------------------------------------------------


def test_the_interval_of_a_share_is_wilsons():
    assert interval(0, 0) == (0.0, 1.0)
    np.testing.assert_allclose(interval(50, 100), (0.4038, 0.5962), atol=1e-4)


def test_a_finding_on_the_other_side_is_a_miss_and_a_wrong_side():
    table = _table(
        _row(film="a", planted="foot_drop", planted_side="left", finding="foot_drop", side="left", relation="planted"),
        _row(film="a", planted="foot_drop", finding="foot_drop", side="right", relation="wrong side", status="present"),
        _row(film="b", planted="foot_drop", finding="foot_drop", side="left", relation="planted", status="present"),
        _row(film="c", planted="foot_drop", status="refused", relation="", reason="Too short."),
    )
    row = sensitivity(outcomes(table)).iloc[0]
    assert (row["films"], row["found"], row["absent"], row["refused"], row["wrong_side"]) == (3, 1, 1, 1, 1)
    assert row["why"] == "Too short. (1 of 1)"


def test_false_alarms_count_films_not_findings():
    alarm = {"finding": "antalgic_gait", "status": "present"}
    table = _table(
        _row(film="a", arm="healthy", severity=0.0, side="left", **alarm),
        _row(film="a", arm="healthy", severity=0.0, side="right", **alarm),
        _row(film="b", arm="healthy", severity=0.0, side="left", finding="antalgic_gait"),
    )
    row = false_alarms(table).iloc[0]
    assert (row["finding"], row["films"], row["alarms"], row["share"]) == ("antalgic_gait", 2, 1, 0.5)
    assert films_with_alarms(table).set_index("arm").loc["all", "alarms"] == 1


def test_natural_companions_are_no_strangers():
    own = {"planted": "foot_drop", "film": "a", "status": "present"}
    table = _table(
        _row(**own, finding="slow_walking", relation="companion"), _row(**own, finding="antalgic_gait", side="left")
    )
    told = strangers(table).set_index("finding")
    assert told.loc["antalgic_gait", "alarms"] == 1
    assert "slow_walking" not in told.index
    assert confusion(table).set_index("planted").loc["foot_drop", "slow_walking"] == 1.0


def test_goals_are_met_or_missed_by_their_shares():
    assert Judged("found", 95, 100, True, 0.95).status == "met"
    assert Judged("found", 94, 100, True, 0.95).status == "missed"
    assert Judged("alarms", 3, 100, False, 0.02).status == "missed"
    assert Judged("alarms", 0, 0, False, 0.02).status == "not measured"


def test_a_study_that_misses_everything_says_so():
    table = _table(
        _row(film="a", planted="foot_drop", finding="foot_drop", side="left", relation="planted"),
        _row(film="b", arm="healthy", severity=0.0, finding="antalgic_gait", side="left", status="present"),
    )
    goals = judge_study(Study(1, table).tables(), 1, 1)
    missed = {goal.measure.split(",")[0] for goal in goals if goal.status == "missed"}
    assert {"severity 0.6 and up found on the right side", "healthy films with any finding"} <= missed
    assert "mirrored films whose findings are not mirrored" in missed


# --- the calibration -----------------------------------------------------------------------------------------------


def _judged(count: int, right_from: float) -> pd.DataFrame:
    """Present and absent verdicts that are right from a margin on, half of the time below."""
    random = np.random.default_rng(3)
    rows = []
    for i in range(count):
        margin, is_lucky = random.uniform(0, 6), random.random() < 0.5
        is_right = margin > right_from or is_lucky
        planted = {"planted": "foot_drop", "finding": "foot_drop", "side": "left", "relation": "planted"}
        healthy = {"arm": "healthy", "severity": 0.0, "finding": "foot_drop", "side": "left"}
        common = {"film": str(i), "number": i, "margin": margin}
        if i % 4 < 2:
            rows.append(_row(**common, **(planted if is_right else healthy), status="present"))
        else:
            rows.append(_row(**common, **(healthy if is_right else planted), status="absent"))
    return _table(*rows)


def test_the_calibration_learns_from_which_margin_verdicts_are_right():
    confidence, rows = calibrate(_judged(4000, 3.0))
    assert confidence.present(1.0) == pytest.approx(0.5, abs=0.12)
    assert confidence.present(5.0) > 0.95
    assert confidence.absent(1.0) == pytest.approx(0.5, abs=0.12)
    assert (np.diff(rows[["present", "absent"]].to_numpy(), axis=0) >= 0).all()
    assert rows[["present", "absent"]].to_numpy().max() <= MOST_CONFIDENT


def test_a_calibrated_confidence_is_as_often_right_as_it_says():
    table = _judged(4000, 3.0)
    told = reliability(table, calibrate(table)[0])
    bins = told[np.isfinite(told["low"].astype(float)) & (told["verdicts"] > 100)]
    assert (bins["confidence"] - bins["right"]).abs().max() < 0.1
    total = told[told["low"].isna()]
    assert (total["brier"] < total["brier_constant"]).all()


def test_weak_plants_and_absent_companions_are_neither_right_nor_wrong():
    table = _table(
        _row(film="a", planted="foot_drop", severity=0.2, relation="planted"),
        _row(film="b", planted="foot_drop", severity=0.2, relation="planted", status="present"),
        _row(film="c", planted="foot_drop", relation="companion"),
        _row(film="d", planted="foot_drop", relation="planted"),
    )
    assert counted(table, "absent", even=True).is_right.tolist() == [0.0]
    assert len(counted(table, "present", even=True).margin) == 0


def test_too_few_verdicts_are_refused():
    with pytest.raises(NotEnoughDataError, match="too few to calibrate"):
        curve(counted(_judged(20, 3.0), "present", even=True))


def test_the_written_calibration_is_the_one_that_is_read(tmp_path):
    file = write_calibration(_judged(4000, 3.0), tmp_path / "confidence.csv")
    table = pd.read_csv(file, comment="#")
    assert list(table.columns) == ["margin", "present", "absent"]
    assert list(load_confidence().margin) == sorted(load_confidence().margin)
