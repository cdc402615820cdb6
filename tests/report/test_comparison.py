"""The report of a comparison: what it says first, that all outputs say the same, and what a user's mistakes get."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from visits import DROP, USUAL, visit

from gait.app.compare import Order, run, visit_names
from gait.comparison.compare import compare_visits
from gait.comparison.limits import _FORBIDS
from gait.comparison.model import Comparison, Limit, Visit
from gait.core.errors import InputError
from gait.report.archive import save_analysis
from gait.report.blocks import Document, Figures, Notice, Table
from gait.report.comparison import build_comparison_document, draw_comparison
from gait.report.comparison_chapters import limit_text
from gait.report.comparison_files import changes_table, comparison_json, write_comparison
from gait.report.comparison_words import measure_title, verdict_words
from gait.report.html import render_html
from gait.report.pdf import render_pdf
from gait.report.wording import load_wording


@pytest.fixture(scope="module")
def recovered() -> Comparison:
    return compare_visits([visit("before <b>", DROP, 1), visit("after", USUAL, 2)], version="9.9")


@pytest.fixture(scope="module")
def document(recovered) -> Document:
    return build_comparison_document(recovered)


def apart() -> Comparison:
    front = visit("front", replace(USUAL, view="frontal", heading="towards"), 3)
    return compare_visits([visit("side"), front])


def test_the_first_screen_says_what_changed_and_for_whom_it_counts(recovered, document):
    overview = document.overview
    assert overview.urgency.label == "Changed"
    assert "“before <b>” to “after”" in overview.summary
    assert f"{len(recovered.main.real)} of {len(recovered.main.compared)} measures" in overview.summary
    assert "by chance" in overview.summary
    assert "No longer seen: Foot drop (right)" in overview.summary
    changes, findings, causes, limits = overview.panels
    assert changes.lines[0].badges[0].side == "right"
    assert any(line.text == "Foot drop" for line in findings.lines)
    assert causes.lines
    assert "one day" in limits.note


def test_the_chapters_stand_in_the_order_of_a_readers_questions(document):
    ids = [section.id for section in document.sections]
    assert ids == ["visits", "comparable", "changes", "findings", "curves", "causes", "measures", "limits", "about"]


def test_the_limits_of_the_detectable_change_are_said(document):
    (points,) = document.section("limits").blocks
    assert "healthy people filmed twice on one day" in points.items[0]


def test_every_figure_tells_what_it_shows(recovered, document):
    figures = [
        item
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Figures)
        for item in block.items
    ]
    assert {figure.name for figure in figures} == set(draw_comparison(recovered))
    assert all(figure.alt for figure in figures)
    ankle = next(figure for figure in figures if figure.name == "visits_ankle_dorsiflexion_right")
    assert "% of the cycle" in ankle.alt


def test_the_page_leads_nowhere_and_shows_names_as_they_are(document):
    html = render_html(document)
    assert not re.search(r'(?:href|src)="(?!#|data:)', html)
    assert "before &lt;b&gt;" in html
    assert "<b>" not in html


def test_numbers_agree_in_all_outputs(recovered, document):
    content = comparison_json(recovered)
    rows = {(row["id"], row["side"]): row for row in content["pairs"][0]["changes"]}
    table = list(csv.DictReader(io.StringIO(changes_table(recovered).to_csv(index=False))))
    assert len(table) == len(rows) == len(recovered.main.changes)
    for row in table:
        assert row["verdict"] == rows[row["id"], row["side"]]["verdict"]
        if row["change"]:
            assert float(row["change"]) == pytest.approx(rows[row["id"], row["side"]]["change"])
    wording = load_wording("en")
    change = recovered.main.change("foot_floor_angle_at_contact_deg", "right")
    tables = [block for block in document.section("measures").blocks if isinstance(block, Table)]
    texts = [[cell.text for cell in row] for group in tables[-1].groups for row in group.rows]
    (shown,) = [row for row in texts if row[0] == measure_title(change, wording)]
    assert shown[3].startswith(f"+{rows[change.parameter, 'right']['change']:.1f} ")
    assert shown[5] == verdict_words(change, wording)


def test_the_paper_holds_every_finding_and_the_summary(recovered, document):
    pypdf = pytest.importorskip("pypdf")
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(render_pdf(document))).pages)
    flat = re.sub(r"\s+", "", text)
    for change in recovered.main.findings:
        assert re.sub(r"\s+", "", load_wording("en").label("findings", change.id)) in flat
    assert "measureschangedbeyond" in flat


def test_what_cannot_be_compared_is_said_first_and_not_called_unchanged():
    document = build_comparison_document(apart())
    assert document.overview.urgency.label == "Not comparable"
    assert "cannot be compared" in document.overview.summary
    assert document.overview.panels[0].note == "No measure was compared."
    assert not draw_comparison(apart())
    assert "no change shown" not in render_html(document)


def test_nothing_changed_is_said_with_what_it_does_not_mean():
    same = visit("one", USUAL, 1)
    document = build_comparison_document(compare_visits([same, Visit("other", same.analysis)]))
    assert document.overview.urgency.label == "No change shown"
    assert "not ruled out" in document.overview.summary


def test_a_few_changes_among_many_measures_are_called_perhaps_chance(recovered):
    pair = recovered.main
    few = replace(pair, changes=(*pair.real[:3], *(change for change in pair.changes if not change.is_real)))
    found = build_comparison_document(replace(recovered, pairs=(few,)))
    assert found.overview.urgency.label == "Perhaps chance"
    assert "may be chance" in found.overview.summary


def test_three_visits_have_a_table_of_steps():
    belt = visit("later", USUAL, 3).analysis
    belt = replace(belt, trajectories=replace(belt.trajectories, is_treadmill=True))
    found = compare_visits([visit("before", DROP, 1), visit("after", USUAL, 2), Visit("later", belt)])
    document = build_comparison_document(found)
    (_, table) = document.section("steps").blocks
    assert table.columns[1:] == ("before", "after", "later")
    assert all(len(row) == 4 for group in table.groups for row in group.rows)
    (notice,) = document.section("comparable").blocks
    assert isinstance(notice, Notice)
    assert notice.because == ("“before” against “later”", "“after” against “later”")
    assert len(comparison_json(found)["pairs"]) == 3


def test_long_names_of_visits_stand_whole_in_the_table_of_visits_and_short_above_numbers():
    long = "six weeks after the operation, with the orthosis"
    document = build_comparison_document(compare_visits([visit("before", DROP, 1), visit(long, USUAL, 2)]))
    visits, measures = document.section("visits").blocks[0], document.section("measures").blocks[0]
    assert long in {cell.text for group in visits.groups for row in group.rows for cell in row}
    assert measures.columns[2] == "six weeks after t…"
    assert max(map(len, measures.columns)) < 25


def test_every_limit_and_every_reason_has_words(recovered):
    wording = load_wording("en")
    known = {key for key, value in wording.entries["compare"]["limits"].items() if isinstance(value, dict)}
    usual = {"before": "1", "after": "2", "percent": "20", "visit": "x", "left": "1", "right": "2", "why": "So."}
    own = {
        "other_view": {"before": "sagittal", "after": "frontal"},
        "other_task": {"before": "walk", "after": "heel_walk"},
    }
    for limit in known:
        title, text = limit_text(Limit(limit, "error", own.get(limit, usual)), recovered, recovered.main, wording)
        assert title
        assert "{" not in text
    assert set(_FORBIDS) <= known
    assert set(_FORBIDS) <= set(wording.entries["compare"]["reasons"])


def test_the_folder_holds_report_paper_numbers_and_figures(recovered, tmp_path):
    folder = write_comparison(recovered, tmp_path / "comparison")
    names = {path.name for path in folder.iterdir()}
    assert names == {"report.html", "report.pdf", "comparison.json", "changes.csv", "figures"}
    assert json.loads((folder / "comparison.json").read_text())["schema_version"] == "1"
    write_comparison(recovered, folder)
    assert (folder / "report.html").is_file()


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """Two folders as ``gait analyze`` leaves them, as far as a comparison reads them."""
    folder = tmp_path_factory.mktemp("results")
    for name, seen in (("first", visit("x", DROP, 1)), ("second", visit("x", USUAL, 2))):
        (folder / name).mkdir()
        save_analysis(seen.analysis, folder / name / "analysis.nc")
    return folder


def test_the_command_takes_folders_or_archives_and_writes_one_report(results, tmp_path, capsys):
    assert run(Order((results / "first", results / "second" / "analysis.nc"), (), tmp_path)) == 0
    assert "“first” to “second”" in capsys.readouterr().out
    assert (tmp_path / "comparison" / "report.html").is_file()


def test_the_command_prints_json_and_nothing_else(results, capsys):
    assert run(Order((results / "first", results / "second"), ("a", "b"), None, as_json=True)) == 0
    content = json.loads(capsys.readouterr().out)
    assert [seen["name"] for seen in content["visits"]] == ["a", "b"]


def test_mistakes_are_told_in_one_sentence_with_what_to_do(results, tmp_path):
    first, second = results / "first", results / "second"
    (tmp_path / "examined").mkdir()
    (tmp_path / "examined" / "examination.json").write_text("{}")
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x")
    for sources, labels, words in (
        ((first,), (), "two or more visits"),
        ((first, second), ("one",), "one name for each visit"),
        ((first, second), ("one", "one"), "no two alike"),
        ((first, results), (), "It holds the results first, second"),
        ((first, tmp_path / "examined"), (), "examination of several films"),
        ((first, film), (), "Analyze the film first"),
        ((first, tmp_path / "nothing"), (), "There is no file"),
    ):
        with pytest.raises(InputError, match=words):
            run(Order(sources, labels, tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_visits_are_named_after_their_folders_and_numbered_where_those_are_alike():
    paths = [Path("a/walk/analysis.nc"), Path("b/walk/analysis.nc"), Path("c/later/analysis.nc")]
    assert visit_names(paths, ()) == ["walk (1)", "walk (2)", "later"]
    assert visit_names(paths[:2], (" before ", "after")) == ["before", "after"]
