"""The report as one HTML file: no outside link, readable without JavaScript, good on screen, phone and paper."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from gait.report.blocks import Document, FigureItem

_HEAD = re.compile(r"^.*?(?=<svg\b)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_NAMESPACE = re.compile(r'\s+xmlns(:\w+)?="[^"]*"')
_SIZE = re.compile(r'(<svg\b[^>]*?)\s+width="([\d.]+)pt"\s+height="[\d.]+pt"')
_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r'(url\(#|href="#)([^")]+)')


def render_html(document: Document) -> str:
    """The document as HTML text.

    Every word of the document is escaped: file names, answers and messages are other people's text. Only our own
    figures go in as they are.
    """
    template = _environment().get_template("report.html.j2")
    css = files("gait.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return template.render(document=document, css=Markup(css))  # noqa: S704 - our own file, not other people's text


def write_html(document: Document, path: Path) -> None:
    """Write the report, complete or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(render_html(document), encoding="utf-8")
    part.replace(path)


def inline_svg(figure: FigureItem) -> Markup:
    """A figure as an SVG element that can stand in HTML beside others.

    The XML head, metadata and namespaces go (HTML knows SVG), every id gets the figure's name before it so that two
    figures never share one, and the figure's description is put where screen readers look for it.
    """
    svg = _METADATA.sub("", _HEAD.sub("", figure.svg, count=1))
    svg = _NAMESPACE.sub("", svg).replace("xlink:href", "href")
    svg = _ID.sub(rf'id="{figure.name}-\1"', svg)
    svg = _REFERENCE.sub(rf"\1{figure.name}-\2", svg)
    label = f'<svg role="img" aria-label="{escape(figure.alt)}"'
    svg = _SIZE.sub(r'\1 style="--natural: \2pt"', svg.replace("<svg", label, 1), count=1)
    return Markup(svg)  # noqa: S704 - drawn by us; text on it was escaped by the drawing library


def data_uri(jpeg: bytes) -> str:
    """A JPEG as an address that holds the picture itself."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gait.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["inline_svg"] = inline_svg
    environment.filters["data_uri"] = data_uri
    return environment
