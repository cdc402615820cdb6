"""How the report looks on paper."""

from __future__ import annotations

import io
from dataclasses import replace

import example
import pytest
from pypdf import PdfReader

from gait.core.issues import Issue
from gait.report.document import build_document
from gait.report.pdf import render_pdf


def text_of(pdf: bytes) -> str:
    """All text, without the breaks of lines and pages."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def squeezed(text: str) -> str:
    """Without spaces: hyphenation and line ends do not count."""
    return "".join(text.split())


@pytest.mark.parametrize("name", ["foot_drop", "nothing_assessable", "emergency", "healthy"])
def test_every_present_finding_and_every_flag_is_there(documents, name):
    analysis, document = documents[name]
    text = squeezed(text_of(render_pdf(document)))
    for finding in analysis.findings.present():
        assert squeezed(finding.wording) in text
    for finding in analysis.findings.with_status("not_assessable"):
        assert squeezed(finding.reason) in text
    for flag in analysis.reasoning.red_flags:
        assert squeezed(flag.label) in text
        assert flag.status != "present" or squeezed(flag.action) in text
    assert "nofinding" not in text.lower()


def test_markup_in_other_peoples_text_is_printed_as_it_is():
    nasty = '#panic("x") *bold* $x$ <label> @ref \\ "quoted" ] #read("document.json")'
    analysis = replace(example.foot_drop_right(), issues=(Issue("odd", "warning", nasty),))
    text = squeezed(text_of(render_pdf(build_document(analysis, drawings={}))))
    assert squeezed(nasty) in text


def test_pages_are_a4(documents):
    pdf = PdfReader(io.BytesIO(render_pdf(documents["foot_drop"][1])))
    for page in pdf.pages:
        assert float(page.mediabox.width) == pytest.approx(595.28, abs=0.1)
        assert float(page.mediabox.height) == pytest.approx(841.89, abs=0.1)


def test_urgency_and_findings_stand_on_the_first_page(documents):
    analysis, document = documents["emergency"]
    first = squeezed(PdfReader(io.BytesIO(render_pdf(document))).pages[0].extract_text())
    assert "Emergency" in first
    for finding in analysis.findings.present():
        assert squeezed(finding.wording) in first
