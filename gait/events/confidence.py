"""The chance that an event lies within 50 ms of the truth."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

from gait.events.cues import Cue

#: Confidence is the chance that an event lies within this of the truth, in s.
WITHIN_S = 0.050


@dataclass(frozen=True, slots=True, kw_only=True)
class Sureness:
    """From what is known of an event to its standard error, and from there to a chance.

    Errors of independent origin add in quadrature; the chance is that of a normal error of this size, less a share of
    gross errors that no cue foretells. Fitted by maximum likelihood on motion capture through the virtual phone,
    rendered films and simulated walkers, all sources weighing the same; ``gait.validation.detectors.reliability``
    checks it. With one source left out it is too modest about Parkinson's disease (says 0.80, is 0.91) and too sure
    of slow treadmill walking (says 0.99, is 0.96). The share of gross errors and the factor on the jitter are kept
    above the fitted zero, for films worse than these (our estimate).

    Attributes
    ----------
    contact_s, toe_off_s
        Standard error of a clear event, in s.
    slow_s
        Added at a walking speed of 0, falling to nothing at 0.8 leg lengths per s, in s (a slow foot hardly changes
        its speed when it lands or leaves).
    jitter, disagreement, shift
        Factors on the cue's jitter, on the disagreement of its parts, and on how far the mean stride moved it.
    gross
        Share of gross errors of a foot that the network sees well; of a hidden one three times that.
    """

    contact_s: float = 0.018
    toe_off_s: float = 0.015
    slow_s: float = 0.040
    jitter: float = 0.3
    disagreement: float = 0.13
    shift: float = 0.5
    gross: float = 0.004

    def of(self, cue: Cue, shift_s: float, seen: float) -> float:
        """Confidence of one event, 0..1.

        Parameters
        ----------
        cue
            Read off the swing.
        shift_s
            How far comparison with the mean stride moved it, in s.
        seen
            How surely the network sees heel and toe, 0..1.
        """
        base = self.contact_s if cue.kind == "initial_contact" else self.toe_off_s
        slow = self.slow_s * max(0.0, 1.0 - cue.walking_speed / 0.8)
        parts = (base, slow, self.jitter * cue.jitter_s, self.disagreement * cue.disagreement_s, self.shift * shift_s)
        error_s = sqrt(sum(part**2 for part in parts))
        gross = self.gross * (3.0 - 2.0 * min(max(seen, 0.0), 1.0))
        return (1.0 - gross) * erf(WITHIN_S / (error_s * sqrt(2.0)))
