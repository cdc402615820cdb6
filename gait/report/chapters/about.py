"""What the film cannot say, who made the report with what, and the fine print."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.plots.curves import NORM_CITATION
from gait.report.blocks import Facts, Paragraph, Points, Section, Signature
from gait.report.chapters.film import stride_counts
from gait.report.wording import Wording

#: Below this many strides a side, spread and side differences are rough (our estimate).
MIN_STRIDES = 5


def limits_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Limits of 2-D film in general and of this film's view."""
    limits = [*wording.several("limits.general"), *wording.several(f"limits.{analysis.trajectories.view.kind}")]
    if analysis.trajectories.scale.m_per_px is None:
        limits += wording.several("limits.no_scale")
    if min(stride_counts(analysis).values()) < MIN_STRIDES:
        limits += wording.several("limits.few_strides")
    return Section("limits", wording.say("limits.title"), (Points("", tuple(limits)),))


def about_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Versions, settings, disclaimer and the lines to sign."""
    made = analysis.provenance
    cutoff = wording.number(analysis.trajectories.cutoff_hz, decimals=1)
    facts = (
        ("software", f"gait {made.version}"),
        ("backend", made.backend),
        ("model", made.model_sha256),
        ("film", analysis.recording.sha256),
        ("filter", wording.say("about.filter_value", cutoff=cutoff)),
        ("norms", made.norms),
        ("curves_norm", NORM_CITATION),
        ("settings", made.settings),
        ("device", wording.say("about.device_value")),
    )
    blocks = (
        Facts(tuple((wording.say(f"about.{key}"), value or "–") for key, value in facts)),
        Paragraph(wording.say("document.disclaimer"), "note"),
        Signature(wording.several("about.signature")),
    )
    return Section("about", wording.say("about.title"), blocks)
