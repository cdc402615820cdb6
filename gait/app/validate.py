"""The work behind ``gait validate``: our numbers against truth files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gait.app.progress import ProgressBars

if TYPE_CHECKING:
    from gait.core.analysis import Analysis
    from gait.core.subject import Subject


def run(truths: tuple[Path, ...], out: Path | None, model: str, mirror: bool) -> None:
    """Analyze every clip that has a truth, compare, print the table."""
    from gait.pipeline import Settings
    from gait.pipeline import analyze as analyze_film
    from gait.validation import to_markdown
    from gait.validation import validate as compare

    settings = Settings(model=model)  # pyright: ignore[reportArgumentType]

    def analyze(film: Path, subject: Subject) -> Analysis:
        with ProgressBars(film.name, is_silent=False) as bars:
            return analyze_film(film, subject, settings, bars.tell)

    report = compare(truths, analyze, mirror=mirror)
    text = to_markdown(report)
    print(text)
    if out is not None:
        report.write(out)
