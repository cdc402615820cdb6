"""The figures of a report, drawn once and used by every output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from gait.core.analysis import Analysis
from gait.core.parameters import GaitParameters
from gait.plots.curves import REPORT_JOINTS, joint_figure, joints_figure
from gait.plots.footfalls import footfalls_figure
from gait.plots.ranges import SidePair, asymmetry_figure, difference, ranges_figure, side_pairs, symmetry_index
from gait.plots.scores import profile_figure
from gait.plots.strips import strips_figure
from gait.plots.style import to_svg
from gait.plots.tasks import task_figure
from gait.plots.words import PlotWords
from gait.report.wording import Wording
from gait.scores.norm import load_norm_curves

#: SVG documents by name; the name is also the file's.
Drawings = Mapping[str, str]


def draw_figures(analysis: Analysis, wording: Wording, names: Mapping[str, str], task_label: str = "") -> Drawings:
    """Draw all figures that this analysis has data for.

    Parameters
    ----------
    analysis
        The analysis.
    wording
        Words on the figures.
    names
        Names of the measures with their units, by id.
    task_label
        Name and unit of what is drawn of a task; empty where it is not drawn.

    Returns
    -------
    Drawings
        ``footfalls``; ``curve_<joint>`` for each joint and ``curves`` with all of them; ``feet`` (the
        measured pictures); ``ranges``; ``asymmetry``; ``profile`` (curve scores).
    """
    words = wording.plot_words()
    figures: dict[str, Figure] = {}
    if len(analysis.events):
        figures["footfalls"] = footfalls_figure(analysis.events, analysis.trajectories.passes, words)
    figures.update(_curve_figures(analysis, words))
    if strips := [strip for strip in analysis.feet.strips if len(strip.images)]:
        figures["feet"] = strips_figure(strips, words)
    pairs = pairs_to_draw(analysis.parameters)
    if pairs:
        figures["ranges"] = ranges_figure(most_telling(pairs), names, words)
    if any(symmetry_index(pair) for pair in pairs):
        figures["asymmetry"] = asymmetry_figure(pairs, names, words)
    if analysis.scores.variables:
        figures["profile"] = profile_figure(analysis.scores, words)
    if task_label:
        figures["task"] = task_figure(analysis.task, analysis.trajectories, task_label, words)
    return {name: to_svg(figure) for name, figure in figures.items()}


def _curve_figures(analysis: Analysis, words: PlotWords) -> dict[str, Figure]:
    """Joint curves of usual walks: in others no foot lies flat, so that angles have no zero and norms do not fit."""
    if not len(analysis.cycles) or analysis.task.task != "walk":
        return {}
    norms = load_norm_curves()
    figures = {f"curve_{joint}": joint_figure(analysis.cycles, joint, norms, words) for joint in REPORT_JOINTS}
    return {**figures, "curves": joints_figure(analysis.cycles, norms, words=words)}


def pairs_to_draw(parameters: GaitParameters) -> tuple[SidePair, ...]:
    """Measures of both sides that a figure shows better than a table.

    Ratios and spreads are left to the table, and a length in leg lengths where the same one is known in metres.
    """
    pairs = side_pairs(parameters)
    metres = {pair.id.removesuffix("_m") for pair in pairs if pair.id.endswith("_m")}
    return tuple(
        pair
        for pair in pairs
        if not pair.id.endswith(("_ratio", "_cv_pct", "_asymmetry_pct"))
        and not (pair.id.endswith("_ll") and pair.id.removesuffix("_ll") in metres)
    )


def most_telling(pairs: Sequence[SidePair], limit: int = 12) -> tuple[SidePair, ...]:
    """The measures worth a picture of their own, in catalogue order.

    First those whose sides differ beyond their interval or lie outside what is usual, then those with a norm.
    """

    def rank(pair: SidePair) -> int:
        gap = difference(pair)
        norms = [item.norm for item in (pair.left, pair.right)]
        is_odd = any(
            norm is not None and not norm.low <= item.value <= norm.high
            for norm, item in zip(norms, (pair.left, pair.right), strict=True)
        )
        return 2 * (gap.low > 0 or gap.high < 0) + 2 * is_odd + (norms[0] is not None)

    chosen = sorted(pairs, key=rank, reverse=True)[:limit]
    return tuple(pair for pair in pairs if pair in chosen)
