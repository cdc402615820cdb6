"""The report as PDF (A4), set by Typst from the same document as the HTML.

All words reach Typst as strings in a JSON file, never as markup, so nothing has to be escaped and nothing can be
forgotten. The fonts are those that Typst and matplotlib carry with them, so a report looks the same everywhere;
fonts of the machine only help out where those lack a letter.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst

from gait.report.blocks import Document, FigureItem, PictureItem

_WIDTH = re.compile(r'<svg\b[^>]*?\swidth="([\d.]+)pt"')


def render_pdf(document: Document) -> bytes:
    """The document as PDF bytes, tagged for screen readers."""
    with tempfile.TemporaryDirectory(prefix="gait-pdf-") as name:
        folder = Path(name)
        content = json.dumps(_plain(document, folder), ensure_ascii=True)
        (folder / "document.json").write_text(content, encoding="utf-8")
        template = files("gait.report").joinpath("templates/report.typ").read_text(encoding="utf-8")
        (folder / "report.typ").write_text(template, encoding="utf-8")
        fonts = str(Path(mpl.get_data_path()) / "fonts" / "ttf")
        return typst.compile(str(folder / "report.typ"), root=str(folder), font_paths=[fonts], format="pdf")


def write_pdf(document: Document, path: Path) -> None:
    """Write the report, complete or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(render_pdf(document))
    part.replace(path)


def _plain(item: Any, folder: Path) -> Any:
    """Dataclasses as dictionaries; figures and pictures go into files of their own."""
    if isinstance(item, FigureItem):
        (folder / f"{item.name}.svg").write_text(item.svg, encoding="utf-8")
        width = _WIDTH.search(item.svg)
        return {"name": item.name, "alt": item.alt, "width_pt": float(width.group(1)) if width else 480.0}
    if isinstance(item, PictureItem):
        (folder / f"{item.name}.jpg").write_bytes(item.jpeg)
        return {"name": item.name, "caption": item.caption, "alt": item.alt, "side": item.side}
    if is_dataclass(item) and not isinstance(item, type):
        values: dict[str, Any] = {"kind": getattr(item, "kind", "")}
        return values | {field.name: _plain(getattr(item, field.name), folder) for field in fields(item)}
    if isinstance(item, tuple | list):
        return [_plain(part, folder) for part in item]
    if isinstance(item, Mapping):
        return {key: _plain(value, folder) for key, value in item.items()}
    return item
