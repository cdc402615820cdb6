"""Analyse all sample films, with the heights told in their truth files, and write an index page.

Run by ``python3 start.py samples``; results go to ``gait-out/``.
"""

from __future__ import annotations

import html
import json
import sys
import time
from pathlib import Path

from gait.app.analyze import Film, Order, run
from gait.core.subject import Subject
from gait.pipeline import Settings

HERE = Path(__file__).resolve().parent
OUT = Path("gait-out")


def main() -> int:
    """Analyse one film after the other; 0 when all are done."""
    rows, failed = [], 0
    for truth_file in sorted((HERE / "films").glob("*.truth.json")):
        truth = json.loads(truth_file.read_text(encoding="utf-8"))
        film = truth_file.with_name(truth["film"])
        subject = Subject(height_m=truth["subject"]["height_m"])
        started = time.monotonic()
        status = run(Order((Film(film, "walk"),), OUT, subject, Settings(), as_json=False))
        print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
        failed += status != 0
        rows.append(_row(film, truth, status))
    page = f"<!doctype html><meta charset='utf-8'><title>Sample films</title>{_STYLE}<h1>Sample films</h1><table>"
    page += "<tr><th>Film</th><th>Planted</th><th>Found</th><th>Report</th></tr>" + "".join(rows) + "</table>"
    OUT.mkdir(exist_ok=True)
    (OUT / "index.html").write_text(page, encoding="utf-8")
    return 1 if failed else 0


_STYLE = (
    "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{padding:.4rem 1rem;border-bottom:1px solid #ccc;text-align:left;"
    "vertical-align:top}</style>"
)


def _row(film: Path, truth: dict, status: int) -> str:
    """One line of the index."""
    planted = ", ".join(f"{f['id']} {f['side'] or ''}".strip() for f in truth["findings"]) or "nothing"
    found, link = "could not be analysed", ""
    folder = OUT / film.stem
    if status == 0:
        results = json.loads((folder / "analysis.json").read_text(encoding="utf-8"))
        present = [f for f in results["findings"] if f["status"] == "present"]
        found = ", ".join(f"{f['id']} {f['side'] or ''}".strip() for f in present) or "nothing present"
        link = f"<a href='{film.stem}/report.html'>report</a> · <a href='{film.stem}/overlay.mp4'>overlay</a>"
    cells = (html.escape(film.name), html.escape(planted), html.escape(found))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + f"<td>{link}</td></tr>"


if __name__ == "__main__":
    sys.exit(main())
