"""Whether the leg that was read is one leg: a thigh keeps its length, so lengths that scatter say that it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.cycles import GaitCycles
from gait.core.issues import Issue
from gait.core.sides import SIDES, Side
from gait.core.trajectories import Trajectories

#: Scatter of the thigh's and the shank's length in the picture within a stride, in leg lengths, beyond which joint
#: angles of that leg are not to be trusted. 24 films of 12 healthy adults from the side: thigh 0.014 (sd 0.004) and
#: shank 0.021 (sd 0.006), but for a woman in very wide trousers (0.025-0.039 and 0.033-0.046) and one in a long dress
#: (thigh 0.025), whose far knees read 15 to 25 deg straighter than the near ones; 45 rendered films stay below 0.021
#: and 0.024 (our measurement).
MAX_THIGH_LL = 0.024
MAX_SHANK_LL = 0.035


@dataclass(frozen=True, slots=True)
class BoneScatter:
    """How much the lengths of one leg's bones change within a stride.

    Attributes
    ----------
    thigh_ll, shank_ll
        Standard deviation of hip to knee and of knee to ankle in the picture, median over the strides, in leg lengths;
        NaN where the leg was not seen.
    strides
        How many.
    """

    thigh_ll: float
    shank_ll: float
    strides: int

    @property
    def is_steady(self) -> bool:
        """Whether joint angles of this leg may be trusted; also where it cannot be told."""
        return not (self.thigh_ll > MAX_THIGH_LL or self.shank_ll > MAX_SHANK_LL)


def bone_scatter(trajectories: Trajectories, cycles: GaitCycles, side: Side) -> BoneScatter:
    """Scatter of thigh and shank of one leg.

    A length in the picture plane also changes while a leg swings sideways and while the walker comes nearer; within
    one stride, seen from the side, both are small. So it means something in a sagittal view only.

    Parameters
    ----------
    trajectories, cycles
        Landmarks and complete cycles of one clip.
    side
        The leg.
    """
    hip, knee, ankle = (trajectories.landmark(side, name) for name in ("hip", "knee", "ankle"))
    thigh, shank = np.linalg.norm(hip - knee, axis=1), np.linalg.norm(knee - ankle, axis=1)
    time_s, rows = trajectories.time_s, []
    for start_s, end_s in cycles.of(side)[["start_s", "end_s"]].to_numpy(float):
        inside = (time_s >= start_s) & (time_s < end_s) & np.isfinite(thigh) & np.isfinite(shank)
        if inside.sum() > 2:
            rows.append((np.std(thigh[inside]), np.std(shank[inside])))
    if not rows:
        return BoneScatter(float("nan"), float("nan"), 0)
    middle = np.median(np.array(rows), axis=0) / trajectories.scale.leg_length_px
    return BoneScatter(float(middle[0]), float(middle[1]), len(rows))


def unsteady_legs(trajectories: Trajectories, cycles: GaitCycles) -> tuple[Side, ...]:
    """Legs whose joint angles are not to be trusted, in a view from the side; none in other views."""
    if trajectories.view.kind != "sagittal" or trajectories.is_capture:
        return ()
    return tuple(side for side in SIDES if not bone_scatter(trajectories, cycles, side).is_steady)


def steadiness_issues(trajectories: Trajectories, cycles: GaitCycles) -> tuple[Issue, ...]:
    """What the reader must know of legs that were not read steadily."""
    legs = unsteady_legs(trajectories, cycles)
    if not legs:
        return ()
    which = "both legs" if len(legs) == 2 else f"the {legs[0]} leg"
    return (
        Issue(
            "unsteady_legs",
            "warning",
            f"Hip, knee and ankle of {which} were not read steadily: the thigh or the shank changes its length from "
            "picture to picture by more than a leg can. Joint angles there are not to be trusted.",
            "Film in close-fitting or short trousers, in good light, with nothing in front of the legs.",
        ),
    )
