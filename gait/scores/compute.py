"""From measures and curves to all summary scores."""

from __future__ import annotations

from collections.abc import Sequence

from gait.core.clip import Clip
from gait.core.parameters import GaitParameters
from gait.core.scores import Scores, VariableScore
from gait.scores.norm import usual
from gait.scores.profile import profile_scores, variable_scores
from gait.scores.visual import visual_scores

_SLOW = (
    "This walk is slower than the comfortable pace of the healthy adults it is held against: slow walking flattens all "
    "curves, so part of the curve scores and of the points is the pace itself."
)
_FAST = (
    "This walk is faster than the comfortable pace of the healthy adults it is held against, which adds to its scores."
)
_UNKNOWN_SPEED = (
    "The walking speed is not known; the healthy adults walked at their comfortable pace, and slow walking flattens "
    "all curves."
)
_CHILD = "The walker is younger than 18 years: there are no curve scores, because the curves at hand are of adults."
_FAR = "A leg that was only seen as the far one reads less true; its scores stand beside those of healthy far legs."


def compute_scores(
    parameters: GaitParameters,
    clips: Sequence[Clip],
    *,
    speed_class: str = "",
    is_child: bool = False,
    is_lite: bool = False,
) -> Scores:
    """All summary scores of one person's usual walking.

    Parameters
    ----------
    parameters
        Measures of those clips together.
    clips
        One clip, or several of one examination; other tasks than walking are left out.
    speed_class
        ``very_slow``, ``slow``, ``free``, ``fast``; empty where the speed is not known.
    is_child
        Whether the walker is too young for adults' curves.
    is_lite
        Whether the lite pose model was used.
    """
    walks = [clip for clip in clips if clip.task.task == "walk" and not clip.task.not_done]
    visual = visual_scores(parameters, walks, is_lite)
    variables = () if is_child else variable_scores(walks)
    return Scores(
        visual,
        usual("visual", "any") if visual else None,
        variables,
        profile_scores(variables),
        _notes(variables, speed_class, is_child, bool(visual)),
    )


def _notes(variables: Sequence[VariableScore], speed_class: str, is_child: bool, has_visual: bool) -> tuple[str, ...]:
    """What limits the scores."""
    notes = []
    if is_child:
        notes.append(_CHILD)
    if variables or has_visual:
        by_speed = {"very_slow": _SLOW, "slow": _SLOW, "free": "", "fast": _FAST}
        notes.append(by_speed.get(speed_class, _UNKNOWN_SPEED))
    if any(not score.is_near for score in variables):
        notes.append(_FAR)
    return tuple(note for note in notes if note)
