"""Summary scores of a walk: points for what an observer would see, and how far the joint curves are from usual."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from gait.core.sides import Side

#: Why an item was not scored: the view does not show it, no film does, or this film did not.
Obstacle = Literal["", "sagittal", "frontal", "never", "film"]


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item of a visual score, on one limb.

    Attributes
    ----------
    number, id, label
        Place on the observer's sheet, name for machines, name for people.
    side
        The walker's limb.
    points
        0 usual, 1 moderate, 2 marked; None where it was not seen.
    least, most
        Points at the ends of the value's 95 % interval: they differ where that interval holds a cut-off.
    value, unit
        What was measured, in the definition of the sheet (shifted where ours differs).
    scale
        The cut-offs, in words.
    obstacle, reason
        What kind of thing kept it from being scored, and the sentence; both empty where it was scored.
    part
        Of the body, for headings.
    """

    number: int
    id: str
    label: str
    side: Side
    points: int | None
    least: int | None = None
    most: int | None = None
    value: float = float("nan")
    unit: str = ""
    scale: str = ""
    obstacle: Obstacle = ""
    reason: str = ""
    part: str = ""

    def __post_init__(self) -> None:
        if (self.points is None) != bool(self.reason):
            raise ValueError(f"{self.id}: an item has either points or the reason why it has none")


@dataclass(frozen=True, slots=True)
class VisualScore:
    """The visual score of one limb: never a full one from film.

    Attributes
    ----------
    side
        The limb.
    items
        All items of the sheet, seen or not, in its order.
    low, high
        95 % interval of ``points``; both 0 where nothing was seen.
    """

    side: Side
    items: tuple[ScoreItem, ...]
    low: int = 0
    high: int = 0

    @property
    def seen(self) -> tuple[ScoreItem, ...]:
        """Items that have points."""
        return tuple(item for item in self.items if item.points is not None)

    @property
    def points(self) -> int:
        """Sum of the points of the items seen."""
        return sum(item.points or 0 for item in self.seen)

    @property
    def possible(self) -> int:
        """Most that the items seen could sum up to."""
        return 2 * len(self.seen)


@dataclass(frozen=True, slots=True)
class Usual:
    """What healthy people score when they are filmed with this program.

    Attributes
    ----------
    low, high
        5th and 95th percentile, in the score's unit.
    change
        Two films of an unchanged person differ by less than this in 95 of 100 cases.
    legs
        How many legs it rests on.
    """

    low: float
    high: float
    change: float
    legs: int


@dataclass(frozen=True, slots=True)
class VariableScore:
    """How far one joint's mean curve is from that of healthy adults, on one side.

    Attributes
    ----------
    joint, side
        Which curve.
    shape_deg
        Root mean square difference over the gait cycle after the constant part was taken off, in deg.
    shift_deg
        That constant part: mean difference over the cycle, in deg; + is more flexed or more dorsiflexed.
    strides
        Cycles behind the mean curve.
    is_near
        Whether they were cycles of the leg nearer to the camera.
    usual, usual_shift
        What healthy people have with this program, for such a leg; None where nobody was measured.
    """

    joint: str
    side: Side
    shape_deg: float
    shift_deg: float
    strides: int
    is_near: bool
    usual: Usual | None = None
    usual_shift: Usual | None = None


@dataclass(frozen=True, slots=True)
class ProfileScore:
    """All joints of a side, or of both sides together, in one number.

    Attributes
    ----------
    side
        Whose.
    value_deg
        Root mean square of the variable scores, in deg.
    joints
        How many variables went in, of the nine of the full score.
    usual
        What healthy people have with this program; None where nobody was measured.
    """

    side: Side | Literal["both"]
    value_deg: float
    joints: int
    usual: Usual | None = None


@dataclass(frozen=True, slots=True)
class Scores:
    """All summary scores of one walk.

    Attributes
    ----------
    visual
        One visual score a limb; empty where nothing could be scored.
    usual_visual
        What healthy people score with this program on one limb; None where nobody was measured.
    variables, profile
        Curve scores; empty where there are no curves from the side.
    notes
        What limits them, as sentences for people.
    """

    visual: tuple[VisualScore, ...] = ()
    usual_visual: Usual | None = None
    variables: tuple[VariableScore, ...] = ()
    profile: tuple[ProfileScore, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def of(self, side: str) -> VisualScore | None:
        """The visual score of one limb."""
        return next((score for score in self.visual if score.side == side), None)
