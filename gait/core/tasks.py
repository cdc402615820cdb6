"""What the walker was asked to do in a clip, and how often and how far it was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from gait.core.sides import Side

TaskId = Literal["walk", "heel_walk", "toe_walk", "heel_raise", "single_leg_stance", "sit_to_stand", "stand"]
TASKS: tuple[TaskId, ...] = get_args(TaskId)

#: Tasks in which the person walks through the picture; the others are done on the spot.
WALKING_TASKS: tuple[TaskId, ...] = ("walk", "heel_walk", "toe_walk")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One repetition of a task: one heel raise, one rise from the chair, one time on one leg.

    Attributes
    ----------
    side
        The limb that does it; ``both`` for a task of both legs together.
    start_s, peak_s, end_s
        When it began, was at its most, and ended, in s.
    values
        Measures of this repetition by parameter id, in that parameter's unit.
    """

    side: Side | Literal["both"]
    start_s: float
    peak_s: float
    end_s: float
    values: dict[str, float]

    def __post_init__(self) -> None:
        if not self.start_s <= self.peak_s <= self.end_s:
            raise ValueError(f"an attempt runs from {self.start_s} over {self.peak_s} to {self.end_s} s")


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """What was asked for, and what was done.

    Attributes
    ----------
    task
        What the clip shows, as the user says.
    attempts
        Repetitions, in time order; empty for ``walk``.
    not_done
        Why the clip does not show the task (another one is seen, too short, a limb hidden), as a sentence for people;
        empty when it does.
    """

    task: TaskId = "walk"
    attempts: tuple[Attempt, ...] = ()
    not_done: str = ""

    def of(self, side: str) -> tuple[Attempt, ...]:
        """Attempts of one side."""
        return tuple(attempt for attempt in self.attempts if attempt.side == side)
