"""The figures of a report, drawn once and used by every output."""

from __future__ import annotations

from collections.abc import Mapping

from gait.core.analysis import Analysis
from gait.plots.curves import REPORT_JOINTS, joint_figure, joints_figure, load_norm_curves
from gait.plots.footfalls import footfalls_figure
from gait.plots.ranges import asymmetry_figure, ranges_figure, side_pairs, symmetry_index
from gait.plots.style import to_svg
from gait.report.wording import Wording

#: SVG documents by name; the name is also the file's.
Drawings = Mapping[str, str]


def draw_figures(analysis: Analysis, wording: Wording, names: Mapping[str, str]) -> Drawings:
    """Draw all figures that this analysis has data for.

    Parameters
    ----------
    analysis
        The analysis.
    wording
        Words on the figures.
    names
        Names of the measures with their units, by id.

    Returns
    -------
    Drawings
        ``footfalls``; ``curve_<joint>`` for each joint and ``curves`` with all of them; ``ranges``; ``asymmetry``.
    """
    words, norms = wording.plot_words(), load_norm_curves()
    figures = {}
    if len(analysis.events):
        figures["footfalls"] = footfalls_figure(analysis.events, analysis.trajectories.passes, words)
    if len(analysis.cycles):
        for joint in REPORT_JOINTS:
            figures[f"curve_{joint}"] = joint_figure(analysis.cycles, joint, norms, words)
        figures["curves"] = joints_figure(analysis.cycles, norms, words=words)
    pairs = side_pairs(analysis.parameters)
    # A figure shows what a table says less well: ratios and spreads are left to the table.
    shown = tuple(pair for pair in pairs if not pair.id.endswith(("_ratio", "_cv_pct", "_asymmetry_pct")))
    if shown:
        figures["ranges"] = ranges_figure(shown, names, words)
    if any(symmetry_index(pair) for pair in pairs):
        figures["asymmetry"] = asymmetry_figure(pairs, names, words)
    return {name: to_svg(figure) for name, figure in figures.items()}
