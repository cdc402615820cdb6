"""What the report of an examination says: several clips of one person, in the chapters of a single film's report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import xarray as xr

from gait.core.analysis import Analysis
from gait.core.cycles import GaitCycles
from gait.core.events import GaitEvents
from gait.core.examination import Examination, Pool
from gait.core.feet import FootMotion
from gait.core.parameters import GaitParameters
from gait.report.blocks import (
    Block,
    Cell,
    Document,
    Facts,
    Paragraph,
    Points,
    RowGroup,
    Section,
    Signature,
    Table,
)
from gait.report.chapters.about import NORM_CITATION
from gait.report.chapters.causes import causes_chapter, sources_chapter
from gait.report.chapters.film import history_chapter, near_words, quality_chapter, stride_counts
from gait.report.chapters.findings import findings_chapter, titles
from gait.report.chapters.flags import flags_chapter
from gait.report.chapters.next_steps import next_chapter
from gait.report.chapters.numbers import numbers_chapter, parameter_names
from gait.report.chapters.overview import build_overview
from gait.report.chapters.pictures import curves_chapter
from gait.report.chapters.scores import scores_chapter
from gait.report.drawing import Drawings, draw_figures
from gait.report.wording import Wording, load_wording

#: Widths of the columns of the table of clips: name, what it shows, strides, film, what its own report shows.
_SHARES: tuple[float, ...] = (2.0, 2.0, 2.0, 2.0, 4.0)


def build_examination_document(
    examination: Examination, language: str = "en", made_on: date | None = None, drawings: Drawings | None = None
) -> Document:
    """Say what the clips show together, and from which clip each finding comes.

    Parameters
    ----------
    examination
        The examination.
    language
        Which catalogue of words.
    made_on
        Date printed on the report; None prints none.
    drawings
        Figures drawn before by :func:`draw_examination`; None draws them.

    Raises
    ------
    InputError
        There is no catalogue of that language.
    """
    wording = _for_clips(load_wording(language))
    figures = draw_examination(examination, language) if drawings is None else drawings
    lead = _as_one(examination)
    chapters = (
        _clips_chapter(examination, wording),
        quality_chapter(lead, wording),
        flags_chapter(lead, wording),
        findings_chapter(lead, wording),
        _next_films(examination, wording),
        *_numbers(examination, lead, figures, wording),
        curves_chapter(lead, figures, wording) if any(name.startswith("curve_") for name in figures) else None,
        scores_chapter(lead, figures, wording),
        causes_chapter(lead, wording),
        next_chapter(lead, wording),
        history_chapter(lead, wording),
        _limits(examination, wording),
        sources_chapter(lead, wording),
        _about(examination, wording),
    )
    return Document(
        language=wording.language,
        title=wording.say("examination.title"),
        subject_line=_subject_line(examination, wording),
        meta=_meta(examination, wording, made_on),
        overview=build_overview(lead, wording),
        sections=tuple(chapter for chapter in chapters if chapter is not None),
        disclaimer=wording.say("document.disclaimer"),
        footer=wording.say("document.footer", version=examination.version),
        contents_label=wording.say("document.contents"),
    )


def _subject_line(examination: Examination, wording: Wording) -> str:
    """How many clips, and whether they are taken for one person's."""
    count = len(examination.clips)
    if not examination.pools:
        return wording.say("examination.subject_apart", count=count)
    return wording.say("examination.subject" if count > 1 else "examination.subject_one", count=count)


def draw_examination(examination: Examination, language: str = "en") -> Drawings:
    """Figures of the pool with the most strides from the side: its ranges, asymmetries and joint curves.

    Returns
    -------
    Drawings
        Empty where no walk was filmed from the side, or the clips were not taken together.
    """
    pool = _main_pool(examination)
    if pool is None:
        return {}
    wording = _for_clips(load_wording(language))
    lead = replace(
        _as_one(examination),
        parameters=pool.parameters,
        cycles=_joined(_members(examination, pool)),
        events=GaitEvents.empty(),
        feet=FootMotion(),
    )
    return draw_figures(lead, wording, parameter_names(pool.parameters, wording))


def _for_clips(wording: Wording) -> Wording:
    """The same words, but of several clips where they speak of one film."""
    return Wording(wording.language, _overlaid(wording.entries, wording.entries["examination"]["instead"]))


def _overlaid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _overlaid(below.get(key, {}), value) if isinstance(value, Mapping) else value
    return merged


def _as_one(examination: Examination) -> Analysis:
    """The examination in the shape of one analysis, for the chapters that both reports share.

    Findings, reasoning and issues are the examination's, cycles and measures those of its main pool; what belongs to
    one film only (its picture, its events) is never asked of it.
    """
    pool = _main_pool(examination)
    first = examination.clips[0]
    return replace(
        first,
        subject=examination.subject,
        findings=examination.findings,
        reasoning=examination.reasoning,
        issues=examination.issues,
        parameters=GaitParameters.empty() if pool is None else pool.parameters,
        cycles=first.cycles if pool is None else _joined(_members(examination, pool)),
        stills=(),
        scores=examination.scores,
    )


def _main_pool(examination: Examination) -> Pool | None:
    """The walk from the side that shows most strides."""
    walks = [pool for pool in examination.joint_pools if (pool.task, pool.view) == ("walk", "sagittal")]
    measured = [pool for pool in walks if len(pool.parameters.strides)]
    return max(measured, key=lambda pool: pool.parameters.strides["stride"].nunique(), default=None)


def _members(examination: Examination, pool: Pool) -> list[Analysis]:
    return [clip for clip in examination.clips if clip.recording.path.name in pool.clips]


def _joined(clips: list[Analysis]) -> GaitCycles:
    """The cycles of several clips, one after the other."""
    table = pd.concat([clip.cycles.table for clip in clips], ignore_index=True)
    table["cycle"] = np.arange(len(table))
    curves = xr.concat([clip.cycles.curves.drop_vars("cycle", errors="ignore") for clip in clips], dim="cycle")
    return GaitCycles(table, curves)


def _meta(examination: Examination, wording: Wording, made_on: date | None) -> tuple[str, ...]:
    """Short facts under the title."""
    facts = []
    if examination.subject.height_m is not None:
        facts.append(wording.say("film.height", height=wording.quantity(examination.subject.height_m, "m")))
    if pool := _main_pool(examination):
        facts.append(wording.say("examination.pool_strides", **_counts(examination, pool)))
    if made_on is not None:
        facts.append(wording.say("document.made_on", date=made_on.isoformat()))
    return tuple(facts)


def _counts(examination: Examination, pool: Pool) -> dict[str, int]:
    counts = [stride_counts(clip) for clip in _members(examination, pool)]
    return {side: sum(count[side] for count in counts) for side in ("left", "right")}


def _clips_chapter(examination: Examination, wording: Wording) -> Section:
    """All clips with what they show, and those left out with the reason."""
    say = wording.say
    used = tuple(_clip_row(clip, wording) for clip in examination.clips)
    groups = [RowGroup(say(f"examination.clips_{'used' if examination.pools else 'apart'}"), used)]
    if examination.left_out:
        left_out = tuple((Cell(clip.name), Cell(clip.reason), *(Cell("–"),) * 3) for clip in examination.left_out)
        groups.append(RowGroup(say("examination.clips_left_out"), left_out))
    columns = tuple(say(f"examination.{key}") for key in ("clip", "what", "strides", "quality", "own"))
    blocks: list[Block] = [Table(say("examination.clips_caption"), columns, tuple(groups), shares=_SHARES)]
    if not examination.pools:
        blocks.append(Paragraph(say("examination.blocked"), "alarm"))
    pools = tuple(
        say(
            "examination.pool",
            task=say(f"examination.tasks.{pool.task}"),
            view=say(f"views.{pool.view}"),
            clips=", ".join(pool.clips),
        )
        for pool in examination.joint_pools
        if len(pool.clips) > 1 and len(pool.parameters.strides)
    )
    if pools:
        blocks += [Points(say("examination.pools_title"), pools), Paragraph(say("examination.together"), "muted")]
    return Section("clips", say("examination.clips_title"), tuple(blocks))


def _clip_row(clip: Analysis, wording: Wording) -> tuple[Cell, ...]:
    say, name = wording.say, clip.recording.path.name
    severities = [issue.severity for issue in clip.issues]
    errors, warnings = severities.count("error"), severities.count("warning")
    faults = say("examination.quality_value", errors=errors, warnings=warnings)
    present = titles(clip.findings.present(), wording)
    # Quoted, and never at the start of the address: no name of a file can become another kind of link.
    link = f"../{quote(clip.recording.path.stem)}/report.html"
    return (
        Cell(name, link=link),
        Cell(say(f"examination.tasks.{clip.task.task}"), say(f"views.{clip.trajectories.view.kind}")),
        _strides_cell(clip, wording),
        Cell(faults if errors or warnings else say("examination.quality_good"), tone="warning" if errors else "plain"),
        Cell("; ".join(present) or say("examination.own_none")),
    )


def _strides_cell(clip: Analysis, wording: Wording) -> Cell:
    """Strides and, from the side, the nearer leg; repetitions of tasks that are done on the spot."""
    if clip.task.attempts and not len(clip.cycles):
        return Cell(wording.say("examination.repetitions_value", count=len(clip.task.attempts)))
    counts = wording.say("examination.strides_value", **stride_counts(clip))
    if clip.trajectories.view.kind != "sagittal":
        return Cell(counts)
    return Cell(counts, wording.say("examination.near", side=near_words(clip.trajectories.passes, wording).lower()))


def _next_films(examination: Examination, wording: Wording) -> Section:
    """What to film to answer what is open."""
    title = wording.say("examination.next_title")
    items = tuple(
        wording.say("examination.next_item", text=film.text, names=", ".join(film.answers))
        for film in examination.next_films
    )
    if not items:
        return Section("next_films", title, (Paragraph(wording.say("examination.next_none"), "muted"),))
    return Section("next_films", title, (Points(wording.say("examination.next_lead"), items),))


def _numbers(examination: Examination, lead: Analysis, drawings: Drawings, wording: Wording) -> tuple[Section, ...]:
    """One chapter a pool; only the main one has pictures."""
    sections = []
    main = _main_pool(examination)
    for number, pool in enumerate(examination.joint_pools):
        if not pool.parameters.summary:
            continue
        figures = drawings if pool is main else {}
        section = numbers_chapter(replace(lead, parameters=pool.parameters), figures, wording)
        words = {"task": wording.say(f"examination.tasks.{pool.task}"), "view": wording.say(f"views.{pool.view}")}
        key = "examination.numbers_lead" if len(pool.clips) > 1 else "examination.numbers_lead_one"
        first = Paragraph(wording.say(key, clips=", ".join(pool.clips)))
        # A pool without strides of its own tells how the clips differ.
        kind = "numbers" if len(pool.parameters.strides) else "trend"
        title = wording.say(f"examination.{kind}_title", **words)
        sections.append(Section(f"numbers_{number}", title, (first, *section.blocks)))
    return tuple(sections)


def _limits(examination: Examination, wording: Wording) -> Section:
    """Limits of 2-D film in general, and of a view only where no other one fills it in."""
    views = {clip.trajectories.view.kind for clip in examination.clips}
    own = wording.several(f"limits.{next(iter(views))}") if len(views) == 1 else ()
    no_scale = all(clip.trajectories.scale.m_per_px is None for clip in examination.clips)
    unknown = wording.several("limits.no_scale") if no_scale else ()
    limits = (*wording.several("limits.general"), *own, *unknown)
    return Section("limits", wording.say("limits.title"), (Points("", limits),))


def _about(examination: Examination, wording: Wording) -> Section:
    """Versions, films, disclaimer and the lines to sign."""
    say = wording.say
    backends = ", ".join(dict.fromkeys(clip.provenance.backend for clip in examination.clips))
    facts = [(say("about.software"), f"gait {examination.version}"), (say("about.backend"), backends or "–")]
    facts += [
        (say("examination.film_hash", name=clip.recording.path.name), clip.recording.sha256 or "–")
        for clip in examination.clips
    ]
    facts += [(say("about.curves_norm"), NORM_CITATION), (say("about.device"), say("about.device_value"))]
    blocks = (
        Facts(tuple(facts)),
        Paragraph(say("document.disclaimer"), "note"),
        Signature(wording.several("about.signature")),
    )
    return Section("about", say("about.title"), blocks)
