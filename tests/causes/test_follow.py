"""Following a person: later visits go before earlier ones, and what moved is said with its reason."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from people import mirrored, person, swapped

from gait.causes.follow import follow
from gait.causes.intake import intake_table, read_intake, write_intake
from gait.causes.visits import Visit, join_visits, joined, read_visit
from gait.core.errors import InputError
from gait.core.findings import Finding, Findings, Grade, Status
from gait.core.subject import Answer, Subject

FIRST = Visit("first", subject=person("foot_drop@right", yes="ankle_dorsiflexion_weak@right back_pain", age_years=50.0))


def later(yes: str = "", no: str = "", **words: str) -> Visit:
    return Visit("later", subject=person(yes=yes, no=no, **words))


def answers(visit: Visit) -> set[tuple[str, str, str | None]]:
    return {(a.id, a.value, a.side) for a in visit.subject.intake.answers}


def test_what_a_later_visit_tells_goes_before_and_the_rest_stays() -> None:
    both = joined(FIRST, later(no="back_pain", yes="foot_inversion_weak@right"))
    assert answers(both) == {
        ("ankle_dorsiflexion_weak", "yes", "right"),
        ("back_pain", "no", None),
        ("foot_inversion_weak", "yes", "right"),
    }
    assert both.subject.age_years == 50.0
    assert both.subject.intake.complaints == FIRST.subject.intake.complaints


def test_unknown_withdraws_an_answer() -> None:
    withdrawn = Visit("later", subject=Subject(intake=replace(later().subject.intake, answers=(unknown("back_pain"),))))
    assert ("back_pain", "yes", None) not in answers(joined(FIRST, withdrawn))


def unknown(item: str) -> Answer:
    return Answer(item, "unknown")


def test_an_answer_of_the_other_side_stays() -> None:
    both = joined(FIRST, later(no="ankle_dorsiflexion_weak@left"))
    assert {("ankle_dorsiflexion_weak", "yes", "right"), ("ankle_dorsiflexion_weak", "no", "left")} <= answers(both)


def test_a_new_test_moves_the_causes_and_is_the_reason() -> None:
    now = joined(FIRST, later(yes="foot_inversion_weak@right hip_abduction_weak@right"))
    update = follow(FIRST, now)
    assert {(change.item, change.change) for change in update.items} == {
        ("foot_inversion_weak", "new"),
        ("hip_abduction_weak", "new"),
    }
    moved = {change.id: change for change in update.causes}
    assert moved["l5_root"].after > moved["l5_root"].before
    assert moved["peroneal_neuropathy"].after < moved["peroneal_neuropathy"].before
    assert {"foot_inversion_weak", "hip_abduction_weak"} == {i.item for i in moved["l5_root"].because[:2]}
    assert all(influence.bits > 0 for influence in moved["l5_root"].because[:2])
    assert moved["peroneal_neuropathy"].because[0].bits < 0
    assert "Moved most" in update.text


def test_turned_round_and_withdrawn_answers_are_named_so() -> None:
    turned = follow(FIRST, joined(FIRST, later(no="back_pain")))
    assert [(change.item, change.change) for change in turned.items] == [("back_pain", "changed")]
    gone = follow(FIRST, Visit("later", subject=person("foot_drop@right", yes="ankle_dorsiflexion_weak@right")))
    assert [(change.item, change.change) for change in gone.items] == [("back_pain", "withdrawn")]


def test_nothing_new_moves_nothing() -> None:
    update = follow(FIRST, joined(FIRST, later()))
    assert (update.items, update.causes, update.text) == ((), (), "Nothing is known that was not known before.")


def test_a_new_reason_for_hurry_is_told() -> None:
    update = follow(FIRST, joined(FIRST, later(yes="saddle_numbness")))
    assert update.urgency_after == "emergency"
    assert update.flags_new == ("Cauda equina syndrome",)


def test_in_the_mirror_the_update_only_changes_sides() -> None:
    new = later(yes="foot_inversion_weak@right")
    here = follow(FIRST, joined(FIRST, new))
    first, second = (replace(visit, subject=mirrored(visit.subject)) for visit in (FIRST, new))
    there = follow(first, joined(first, second))
    assert [(c.id, c.before, c.after) for c in there.causes] == [(c.id, c.before, c.after) for c in here.causes]
    assert [swapped(c.side) for c in there.causes] == [c.side for c in here.causes]


def test_a_new_film_replaces_the_findings_it_judges() -> None:
    def filmed(name: str, status: Status) -> Visit:
        severity: Grade | None = "moderate" if status == "present" else None
        seen = Finding("foot_drop", "right", status, severity=severity, confidence=0.9)
        return Visit(name, Findings((seen,)), Subject())

    known = join_visits([FIRST, filmed("before", "present"), filmed("after", "absent")])
    assert [finding.status for finding in known[-1].findings.all] == ["absent"]
    update = follow(known[1], known[2])
    assert [(change.item, change.change) for change in update.items] == [("foot_drop", "changed")]


def test_a_film_that_cannot_judge_takes_nothing_back() -> None:
    seen = Finding("foot_drop", "right", "present", severity="moderate", confidence=0.9)
    blind = Finding("foot_drop", "right", "not_assessable", reason="too few strides")
    known = joined(Visit("before", Findings((seen,))), Visit("after", Findings((blind,))))
    assert [finding.status for finding in known.findings.all] == ["present"]
    first = joined(Visit("before", Findings((blind,))), Visit("after", Findings((seen,))))
    assert [finding.status for finding in first.findings.all] == ["present"]


def test_an_intake_is_written_and_read_back(tmp_path: Path) -> None:
    write_intake(FIRST.subject, tmp_path / "intake.json")
    assert read_intake(tmp_path / "intake.json") == FIRST.subject
    assert [path.name for path in tmp_path.iterdir()] == ["intake.json"]


def test_an_analysis_is_a_visit(tmp_path: Path) -> None:
    finding = {"id": "foot_drop", "side": "left", "status": "present", "severity": "mild", "confidence": 0.8}
    analysis = {
        "schema_version": "1",
        "software": {"name": "gait"},
        "events": [],
        "subject": {"age_years": 61, "sex": None, "height_m": 1.7},
        "intake": intake_table(FIRST.subject),
        "findings": [finding],
    }
    for name in ("examination.json", "analysis.json"):
        (tmp_path / name).write_text(json.dumps(analysis))
        visit, named = read_visit(tmp_path), read_visit(tmp_path / name)
        assert visit == named
        assert visit.findings.all[0].id == "foot_drop"
        assert visit.subject.age_years == 61
        assert visit.subject.intake.answers == FIRST.subject.intake.answers


@pytest.mark.parametrize("record", [{"id": "foot_drop"}, {"id": "x", "side": None, "status": "present"}, 5])
def test_a_damaged_analysis_names_the_field(tmp_path: Path, record: object) -> None:
    path = tmp_path / "analysis.json"
    path.write_text(json.dumps({"software": {}, "events": [], "findings": [{}, record][1:]}))
    with pytest.raises(InputError, match=r"findings\.0"):
        read_visit(path)
