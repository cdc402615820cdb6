"""What an analysis found, in a few lines for the terminal."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.findings import Finding, Findings
from gait.core.scores import Scores
from gait.report.chapters.findings import finding_title, outlook
from gait.report.chapters.scores import profile_sentence, visual_sentence
from gait.report.export_scores import LABEL_PROFILE, LABEL_VISUAL
from gait.report.wording import Wording, load_wording


def terminal_lines(analysis: Analysis, language: str = "en") -> tuple[str, ...]:
    """Findings first, then what was looked for, what was not judged with the best next clip, and the summary scores.

    Parameters
    ----------
    analysis
        The analysis.
    language
        Which catalogue of words.
    """
    wording = load_wording(language)
    return (*findings_lines(analysis.findings, wording), *scores_lines(analysis.scores, wording))


def findings_lines(findings: Findings, wording: Wording) -> tuple[str, ...]:
    """One line a present finding, and one for all others: the same for a film and for an examination of several."""
    present = findings.present()
    lines = [_present(finding, wording) for finding in present]
    if not present and findings.with_status("absent"):
        lines.append(wording.say("terminal.none"))
    rest = outlook(findings, wording)
    return (*lines, rest) if rest else tuple(lines)


def scores_lines(scores: Scores, wording: Wording) -> tuple[str, ...]:
    """The summary scores, each with its label; empty where there are none."""
    lines = []
    if scores.visual:
        said = " ".join(visual_sentence(score, wording) for score in scores.visual)
        lines.append(f"{LABEL_VISUAL}: {said}")
    if scores.profile:
        said = " ".join(profile_sentence(score, wording) for score in scores.profile)
        lines.append(f"{LABEL_PROFILE}: {said}")
    return tuple(lines)


def _present(finding: Finding, wording: Wording) -> str:
    severity = wording.say(f"severity.{finding.severity}")
    line = wording.say(
        "terminal.present",
        title=finding_title(finding, wording),
        severity=severity,
        confidence=wording.probability(finding.confidence),
    )
    return f"{line}, {wording.say('terminal.seen_in', clips=', '.join(finding.sources))}" if finding.sources else line
