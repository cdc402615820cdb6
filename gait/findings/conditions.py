"""What the clip was, as far as it decides what can be judged at all."""

from __future__ import annotations

from dataclasses import dataclass

from gait.core.sides import Side
from gait.core.tasks import TaskId
from gait.core.trajectories import ViewKind
from gait.findings.catalogue import Rule

#: A frame rate told as 60 may be 59.9: this share of what is needed is enough.
_RATE_TOLERANCE = 0.95

_FILM_FROM = {
    "sagittal": "It needs a film from the side, the camera square to the walkway.",
    "frontal": "It needs a film from the front or from behind, the walker coming straight towards the camera or going "
    "straight away from it.",
    "oblique": "It needs another view.",
}
_SHOWS = {
    "walk": "usual walking",
    "heel_walk": "walking on the heels",
    "toe_walk": "walking on tiptoe",
    "heel_raise": "heel raises",
    "single_leg_stance": "standing on one leg",
    "sit_to_stand": "standing up from a chair",
    "stand": "quiet standing",
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """The clip.

    Attributes
    ----------
    view
        From where the walker was filmed.
    task, not_done
        What was asked for, and why the clip does not show it (empty when it does).
    rate_hz
        Pictures a second.
    is_lite
        Whether the lite pose model was used, which draws a normal foot where there is none.
    is_clock_doubtful
        Whether the film may play at another speed than life.
    unsteady
        Legs whose thigh or shank changes its length from picture to picture, as under wide clothes.
    """

    view: ViewKind
    task: TaskId = "walk"
    not_done: str = ""
    rate_hz: float = 240.0
    is_lite: bool = False
    is_clock_doubtful: bool = False
    unsteady: tuple[Side, ...] = ()

    def obstacle(self, rule: Rule, is_child: bool) -> str:
        """Why a rule cannot be applied to this clip at all, and what to film; empty when it can."""
        if rule.never:
            return rule.never
        if self.task not in rule.tasks:
            wanted = " or ".join(_SHOWS[task] for task in rule.tasks)
            option = f" (--task {rule.tasks[0]})" if rule.tasks[0] != "walk" else ""
            return f"This clip shows {_SHOWS[self.task]}; it needs a clip of {wanted}{option}."
        if self.not_done:
            return self.not_done
        if is_child and not rule.children:
            return (
                "The walker is younger than 18 years; these norms are for adults and no children's norms are built in."
            )
        return self._of_film(rule)

    def leg_obstacle(self, rule: Rule) -> str:
        """Why joint angles of this clip are not believed, where a rule needs them; empty when they are."""
        if not rule.joints or not self.unsteady:
            return ""
        which = "both legs" if len(self.unsteady) > 1 else f"the {' and '.join(self.unsteady)} leg"
        return (
            f"The joints of {which} were not read steadily, as under wide clothes. Film in close-fitting or short "
            "trousers, in good light."
        )

    def _of_film(self, rule: Rule) -> str:
        if self.view not in rule.views:
            return f"The film is {self.view}. {_FILM_FROM[rule.views[0]]}"
        if rule.feet and self.is_lite:
            return "The lite pose model draws normal feet where there are none; use the full or heavy model."
        if rule.timed and self.is_clock_doubtful:
            return "The film may be slow motion (see how good the film is), so seconds cannot be trusted."
        if self.rate_hz < _RATE_TOLERANCE * rule.min_rate_hz:
            return (
                f"The film has {self.rate_hz:.0f} pictures a second; at least {rule.min_rate_hz:.0f} are needed. "
                "Set the phone's camera to 60 or more."
            )
        return ""
