"""The report of an examination: every finding with its clips, links to the clips' own reports, nothing from outside."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from gait.core.analysis import Analysis
from gait.core.examination import Examination, LeftOut, NextFilm, Pool
from gait.core.findings import Findings
from gait.core.issues import Issue
from gait.report.blocks import Card, Table
from gait.report.examination import build_examination_document, draw_examination
from gait.report.examination_files import examination_json, write_examination
from gait.report.html import render_html
from gait.report.pdf import render_pdf

NASTY = 'javascript:alert("1")<b>.mov'


def named(analysis: Analysis, name: str) -> Analysis:
    return replace(analysis, recording=replace(analysis.recording, path=Path(name)))


@pytest.fixture(scope="module")
def examination(foot_drop) -> Examination:
    clips = (named(foot_drop, "there.mov"), named(foot_drop, "back.mov"))
    findings = Findings(tuple(replace(one, sources=("there.mov", "back.mov")) for one in foot_drop.findings.all))
    pool = Pool(("there.mov", "back.mov"), "walk", "sagittal", foot_drop.parameters, findings)
    return Examination(
        subject=foot_drop.subject,
        clips=clips,
        left_out=(LeftOut("raise.mov", "raise.mov is empty."),),
        pools=(pool, replace(pool, clips=("there.mov",), is_part=True)),
        findings=findings,
        reasoning=foot_drop.reasoning,
        issues=(Issue("clip_missing", "warning", "raise.mov is missing here.", "Mend it."),),
        next_films=(NextFilm("Film from the front.", ("Wide base",)),),
        version="1.2.3",
    )


@pytest.fixture(scope="module")
def drawings(examination) -> dict[str, str]:
    return dict(draw_examination(examination))


@pytest.fixture(scope="module")
def html(examination, drawings) -> str:
    return render_html(build_examination_document(examination, drawings=drawings))


def test_every_present_finding_names_its_clips(examination, drawings):
    document = build_examination_document(examination, drawings=drawings)
    cards = [block for block in document.section("findings").blocks if isinstance(block, Card)]
    assert len(cards) == len(examination.findings.present())
    assert all("there.mov" in card.note and "back.mov" in card.note for card in cards)


def test_the_table_of_clips_links_to_each_own_report_and_names_those_left_out(examination, drawings):
    document = build_examination_document(examination, drawings=drawings)
    table = next(block for block in document.section("clips").blocks if isinstance(block, Table))
    used, left_out = table.groups
    assert [row[0].link for row in used.rows] == ["../there/report.html", "../back/report.html"]
    assert [row[0].text for row in left_out.rows] == ["raise.mov"]
    assert left_out.rows[0][0].link == ""
    assert all(len(row) == len(table.columns) == len(table.shares) for group in table.groups for row in group.rows)


def test_all_chapters_are_there_and_numbers_stand_once_for_each_pool(examination, drawings):
    ids = [section.id for section in build_examination_document(examination, drawings=drawings).sections]
    assert ids == [
        "clips", "quality", "flags", "findings", "next_films", "numbers_0", "curves", "causes", "next", "history",
        "limits", "about",
    ]  # fmt: skip


def test_nothing_leads_outside(html):
    addresses = re.findall(r'(?:href|src)="([^"]*)"', html)
    assert addresses
    assert all(address.startswith(("#", "../", "data:image/")) for address in addresses)
    assert "http://" not in html
    assert "https://" not in html
    assert "<script" not in html


def test_a_name_of_a_file_is_never_an_address_of_another_kind(examination, drawings):
    odd = replace(examination, clips=(named(examination.clips[0], NASTY), examination.clips[1]))
    page = render_html(build_examination_document(odd, drawings=drawings))
    assert 'href="javascript' not in page
    assert "<b>" not in page
    assert 'href="../javascript%3Aalert' in page


def test_words_speak_of_clips_and_not_of_one_film(html):
    text = re.sub(r"<[^>]+>", " ", html)
    assert "from these clips" in text
    assert "from this film" not in text
    assert "no finding" not in text.lower()


def test_where_clips_are_not_put_together_the_report_says_so_and_tells_no_finding(examination):
    issue = Issue("other_person_suspected", "error", "back.mov may show another person than there.mov.", "Say --sure.")
    blocked = replace(examination, pools=(), findings=Findings(), issues=(issue,))
    document = build_examination_document(blocked)
    page = re.sub(r"<[^>]+>", " ", render_html(document))
    assert "may show another person" in page
    assert document.subject_line == "2 clips, not taken together"
    assert "own report stands" in page
    assert not [block for block in document.section("findings").blocks if isinstance(block, Card)]
    for finding in examination.findings.present():
        assert finding.wording not in page


def test_the_pdf_holds_the_same_clips(examination, drawings):
    from io import BytesIO

    from pypdf import PdfReader

    pdf = PdfReader(BytesIO(render_pdf(build_examination_document(examination, drawings=drawings))))
    text = " ".join(page.extract_text() for page in pdf.pages)
    for word in ("Gait examination", "there.mov", "back.mov", "raise.mov"):
        assert word in text


def test_json_has_the_words_of_a_single_analysis(examination):
    content = json.loads(json.dumps(examination_json(examination), allow_nan=False))
    assert [clip["file"] for clip in content["clips"]] == ["there.mov", "back.mov"]
    assert len(content["pools"]) == 1
    assert {row["clips"][0] for row in content["parameters"]} == {"there.mov"}
    assert all(finding["sources"] == ["there.mov", "back.mov"] for finding in content["findings"])
    for key in ("schema_version", "issues", "red_flags", "causes", "inseparable", "next_questions", "urgency"):
        assert key in content


def test_all_files_are_written_and_an_older_result_is_replaced(examination, tmp_path, monkeypatch):
    from gait.report import write

    monkeypatch.setattr(write, "write_pdf", lambda _, path: path.write_bytes(b"%PDF"))
    folder = write_examination(examination, tmp_path / "examination")
    (folder / "notes.txt").write_text("mine")
    write_examination(examination, tmp_path / "examination")
    assert (folder / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["examination"]
    findings = pd.read_csv(folder / "findings.csv")
    assert len(findings) == len(examination.findings.all)
    assert set(findings["sources"]) == {"there.mov; back.mov"}
    parameters = pd.read_csv(folder / "parameters.csv")
    assert list(parameters.columns[:3]) == ["task", "view", "clips"]
    assert len(parameters) == len(examination.pools[0].parameters.summary)
