"""How the report looks in a browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import example
import pytest

from gait.report.document import build_document
from gait.report.html import render_html

VOID = {"meta", "img", "br", "link", "input", "hr"}
NAMES = ("foot_drop", "nothing_assessable", "emergency", "healthy")


class Page(HTMLParser):
    """Tags, attributes and visible text of a page; notes tags that do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open, self.tags, self.texts, self.misplaced = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.misplaced.append(tag)

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@pytest.fixture(scope="module")
def pages(documents):
    return {name: (analysis, render_html(document)) for name, (analysis, document) in documents.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_tag_closes_and_every_id_is_unique(pages, name):
    page = Page(pages[name][1])
    assert page.misplaced == []
    assert page.open == []
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_comes_from_outside(pages, name):
    html = pages[name][1]
    page = Page(html)
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "object", "embed", "base")]
    addresses = [
        value
        for _, attributes in page.tags
        for key, value in attributes.items()
        if key in ("src", "href", "xlink:href", "srcset", "action", "data", "poster")
    ]
    assert all(address.startswith(("#", "data:image/jpeg;base64,", "data:image/png;base64,")) for address in addresses)
    assert "@import" not in html
    assert not re.findall(r"url\((?!#)", html)
    assert "http://" not in html
    assert "https://" not in html


def test_links_lead_to_sections_and_references_to_shapes(pages):
    html = pages["foot_drop"][1]
    ids = {attributes["id"] for _, attributes in Page(html).tags if "id" in attributes}
    referred = set(re.findall(r'href="#([^"]+)"', html)) | set(re.findall(r"url\(#([^)]+)\)", html))
    assert referred
    assert referred <= ids


def test_other_peoples_text_is_shown_and_never_run():
    nasty = '<script>alert("x")</script><img src=x onerror=alert(1)>.mp4'.replace("/", "")
    html = render_html(build_document(example.foot_drop_right(nasty), drawings={}))
    page = Page(html)
    assert "script" not in {tag for tag, _ in page.tags}
    assert not [attributes for _, attributes in page.tags if "onerror" in attributes]
    assert nasty in page.text


@pytest.mark.parametrize("name", NAMES)
def test_every_present_finding_and_every_flag_is_there(pages, name):
    analysis, html = pages[name]
    text = Page(html).text
    for finding in analysis.findings.present():
        assert finding.wording in text
    for finding in analysis.findings.with_status("not_assessable"):
        assert finding.reason in text
    for flag in analysis.reasoning.red_flags:
        assert flag.label in text
        assert flag.status != "present" or flag.action in text
    for cause in analysis.reasoning.causes:
        assert cause.label in text


@pytest.mark.parametrize("name", NAMES)
def test_no_page_says_no_finding(pages, name):
    text = Page(pages[name][1]).text.lower()
    assert "no finding" not in text
    assert "not a diagnosis" in text


def test_unasked_flags_are_printed_as_not_asked(pages):
    assert "Cauda equina syndrome: not asked" in Page(pages["foot_drop"][1]).text


@pytest.mark.parametrize("name", NAMES)
def test_pictures_have_words_and_headings_do_not_skip(pages, name):
    page = Page(pages[name][1])
    assert all(attributes.get("alt") for tag, attributes in page.tags if tag == "img")
    assert all(attributes.get("aria-label") for tag, attributes in page.tags if tag == "svg")
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1


def test_colours_of_text_have_contrast():
    def luminance(color):
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one, other):
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    from importlib.resources import files

    css = files("gait.report").joinpath("templates/report.css").read_text()
    color = dict(re.findall(r"--([a-z-]+): (#[0-9a-fA-F]{6})", css))
    pairs = [("ink", "paper"), ("muted", "paper"), ("muted", "ground"), ("accent", "paper")]
    pairs += [(tone, f"{tone}-ground") for tone in ("alarm", "warning", "note")]
    for text, ground in pairs:
        # WCAG 2.1, 1.4.3: 4.5 for small text.
        assert contrast(color[text], color[ground]) >= 4.5, (text, ground)


def test_pointing_at_a_norm_tells_where_it_comes_from(pages):
    hints = [
        attributes["title"]
        for tag, attributes in Page(pages["foot_drop"][1]).tags
        if tag == "td" and "title" in attributes
    ]
    assert "male 40-49 (walkway norms by age, sex and pace)" in hints
    assert any(hint.startswith("No norm:") for hint in hints)
