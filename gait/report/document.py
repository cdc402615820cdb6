"""What a report says, as data: built once from an analysis; ``html.py`` and ``pdf.py`` say how it looks."""

from __future__ import annotations

from datetime import date

from gait.core.analysis import Analysis
from gait.core.tasks import WALKING_TASKS
from gait.report.blocks import Document
from gait.report.chapters.about import about_chapter, limits_chapter
from gait.report.chapters.causes import causes_chapter, sources_chapter
from gait.report.chapters.film import film_chapter, history_chapter, quality_chapter, stride_counts, view_words
from gait.report.chapters.findings import findings_chapter
from gait.report.chapters.flags import flags_chapter
from gait.report.chapters.next_steps import next_chapter
from gait.report.chapters.numbers import numbers_chapter, parameter_names
from gait.report.chapters.overview import build_overview
from gait.report.chapters.pictures import curves_chapter, feet_chapter, footfalls_chapter, stills_chapter
from gait.report.chapters.scores import scores_chapter
from gait.report.chapters.task import task_chapter, task_label
from gait.report.drawing import Drawings, draw_figures
from gait.report.wording import Wording, load_wording


def build_document(
    analysis: Analysis, language: str = "en", made_on: date | None = None, drawings: Drawings | None = None
) -> Document:
    """Say everything that an analysis found, in the order of clinical reports.

    Parameters
    ----------
    analysis
        The analysis.
    language
        Which catalogue of words.
    made_on
        Date printed on the report; None prints none, so that the same analysis gives the same document.
    drawings
        Figures drawn before by :func:`draw_all`; None draws them.

    Raises
    ------
    InputError
        There is no catalogue of that language.
    """
    wording = load_wording(language)
    figures = draw_all(analysis, language) if drawings is None else drawings
    chapters = (
        film_chapter(analysis, wording),
        quality_chapter(analysis, wording),
        flags_chapter(analysis, wording),
        findings_chapter(analysis, wording),
        task_chapter(analysis, figures, wording),
        numbers_chapter(analysis, figures, wording),
        scores_chapter(analysis, figures, wording),
        footfalls_chapter(analysis, figures, wording) if analysis.task.task in WALKING_TASKS else None,
        curves_chapter(analysis, figures, wording) if analysis.task.task == "walk" else None,
        feet_chapter(analysis, figures, wording),
        stills_chapter(analysis, wording),
        causes_chapter(analysis, wording),
        next_chapter(analysis, wording),
        history_chapter(analysis, wording),
        limits_chapter(analysis, wording),
        sources_chapter(analysis, wording),
        about_chapter(analysis, wording),
    )
    return Document(
        language=wording.language,
        title=wording.say("document.title"),
        subject_line=wording.say(
            "document.subject", file=analysis.recording.path.name, view=view_words(analysis, wording)
        ),
        meta=_meta(analysis, wording, made_on),
        overview=build_overview(analysis, wording),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
        disclaimer=wording.say("document.disclaimer"),
        footer=wording.say("document.footer", version=analysis.provenance.version),
        contents_label=wording.say("document.contents"),
    )


def draw_all(analysis: Analysis, language: str = "en") -> Drawings:
    """Draw the figures of a report; drawing is the slow part, so it is done once for all outputs."""
    wording = load_wording(language)
    return draw_figures(analysis, wording, parameter_names(analysis.parameters, wording), task_label(analysis, wording))


def _amount(analysis: Analysis, wording: Wording) -> str:
    """How much was measured: strides, or repetitions of a task that is done on the spot."""
    if analysis.task.task in WALKING_TASKS:
        return wording.say("document.strides", **stride_counts(analysis))
    return wording.say("task.repetitions", count=len(analysis.task.attempts))


def _meta(analysis: Analysis, wording: Wording, made_on: date | None) -> tuple[str, ...]:
    """Short facts under the title."""
    recording, subject = analysis.recording, analysis.subject
    facts = [
        f"{wording.number(recording.duration_s, decimals=1)} {wording.unit('s')}",
        f"{wording.number(recording.fps, decimals=1)} Hz",
        _amount(analysis, wording),
    ]
    if subject.height_m is not None:
        facts.append(wording.say("film.height", height=wording.quantity(subject.height_m, "m")))
    if made_on is not None:
        facts.append(wording.say("document.made_on", date=made_on.isoformat()))
    return tuple(facts)
