"""Events around each swing, for films from the side and obliquely."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gait.core.events import GaitEvents
from gait.core.sides import SIDES
from gait.core.trajectories import Pass, Trajectories
from gait.events.align import align
from gait.events.check import keep_plausible
from gait.events.confidence import Sureness
from gait.events.cues import Cue, SwingReader
from gait.events.find_swings import SwingFinder
from gait.events.signals import FootSignals, both_feet, is_whole_at_ends

Row = tuple[float, str, str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwingPeaks:
    """Find each swing first, then the contact after it and the toe-off before it.

    Initial contact is the mean of the instants at which heel and toe are farthest ahead of the pelvis after the
    swing, so that a landing on heel, flat foot or forefoot is caught by whichever end stops. Toe-off is the instant
    at which the toe reaches a quarter of its top speed, drawn towards the earlier instant at which the heel rises
    fastest (a dropped foot drags its toe, which then leaves late). Both get a constant, because a foot is *relatively*
    farthest ahead a little before it stands. Where there are strides enough, each event is then shifted to where its
    own stride matches the walker's mean stride.

    Attributes
    ----------
    finder
        What counts as a swing.
    contact_delay_s
        Added to the forward peak, in s. The peak is early by 19 ms on rendered films, 30-50 ms on motion capture of
        healthy people, 28 ms in Parkinson's disease, and 23 ms before the onset of foot lowering that the pixels show
        in 12 films of healthy people (our measurement at a cut-off of 6 Hz): the middle. See
        ``gait.validation.detectors.refit``.
    toe_off_delay_s, heel_rise_weight
        Toe-off = cue + delay + weight * (heel rise - cue); fitted by ``gait.validation.detectors.refit`` on motion
        capture through the virtual phone, rendered films and simulated walkers, all sources weighing the same.
    contact_window_s, toe_off_window_s
        How much of a stride around the event is matched with the mean stride, in s.
    edge_s
        An instant closer than this to either end of a pass is not trusted, in s: the foot must be seen to stop.
    stand_s
        The same for a contact before the walker leaves the picture, in s (our estimate: 0.12 s let one foot of a
        rendered film stop at the picture's edge).
    sureness
        How the confidence is computed.

    References
    ----------
    Zeni, Richards & Higginson (2008), Gait & Posture 27(4), 710-714 (farthest ahead of and behind the pelvis).
    """

    finder: SwingFinder = field(default_factory=SwingFinder)
    contact_delay_s: float = 0.033
    toe_off_delay_s: float = 0.017
    heel_rise_weight: float = 0.42
    contact_window_s: float = 0.20
    toe_off_window_s: float = 0.12
    edge_s: float = 0.05
    stand_s: float = 0.15
    sureness: Sureness = field(default_factory=Sureness)

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes, sub-frame."""
        rows: list[Row] = []
        for index, stretch in enumerate(trajectories.passes):
            for signals, cues in self._by_foot(trajectories, index, stretch):
                rows.extend(self._rows(signals, cues, trajectories))
        return keep_plausible(GaitEvents.from_rows(rows))

    def cues(self, trajectories: Trajectories) -> list[Cue]:
        """What is read off each swing before any constant is added."""
        return [
            cue
            for index, stretch in enumerate(trajectories.passes)
            for _, cues in self._by_foot(trajectories, index, stretch)
            for cue in cues
        ]

    def _by_foot(
        self, trajectories: Trajectories, index: int, stretch: Pass
    ) -> Iterator[tuple[FootSignals, list[Cue]]]:
        """Signals and cues of each foot in one pass."""
        feet = both_feet(trajectories, stretch)
        if len(feet["left"].time_s) < 8:
            return
        is_whole = is_whole_at_ends(trajectories, stretch)
        swings = self.finder.find(feet, is_whole)
        for side in SIDES:
            stand_s = self.edge_s if is_whole[1] else self.stand_s
            reader = SwingReader(feet[side], index, side, self.edge_s, stand_s=stand_s)
            found = [cue for swing in swings[side] for cue in (reader.toe_off(swing), reader.contact(swing))]
            yield feet[side], [cue for cue in found if cue is not None]

    def _rows(self, signals: FootSignals, cues: Sequence[Cue], trajectories: Trajectories) -> Iterator[Row]:
        """Timed events of one foot in one pass."""
        by_kind: dict[str, list[Cue]] = defaultdict(list)
        for cue in cues:
            by_kind[cue.kind].append(cue)
        for kind, same in by_kind.items():
            window_s = self.contact_window_s if kind == "initial_contact" else self.toe_off_window_s
            rough = [self.time_s(cue) for cue in same]
            timed = zip(same, rough, align(signals, rough, window_s), _seen(trajectories, same), strict=True)
            for cue, before, time, seen in timed:
                yield float(time), cue.side, kind, self.sureness.of(cue, abs(float(time) - before), seen)

    def time_s(self, cue: Cue) -> float:
        """Time of an event before it is compared with its walker's other strides, in s."""
        if cue.kind == "initial_contact":
            return cue.time_s + self.contact_delay_s
        return cue.time_s + self.toe_off_delay_s + self.heel_rise_weight * cue.heel_rise_s


def _seen(trajectories: Trajectories, cues: Sequence[Cue]) -> list[float]:
    """How surely heel and toe of one foot are seen within 0.1 s of each event: median confidence of the network."""
    if not cues:
        return []
    foot = trajectories.data["confidence"].sel(side=cues[0].side, landmark=["heel", "toe"])
    sure, time_s = foot.transpose("time", ...).values, trajectories.time_s
    spans = [np.searchsorted(time_s, [cue.time_s - 0.1, cue.time_s + 0.1]) for cue in cues]
    return [float(np.nanmedian(sure[first : last + 1])) for first, last in spans]
