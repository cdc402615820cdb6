"""Quiet standing: the posture."""

from __future__ import annotations

import numpy as np

from gait.core.sides import SIDES
from gait.core.tasks import Attempt
from gait.tasks.body import Body, lifted, on_the_spot
from gait.tasks.outcome import Outcome, not_performed, too_short

#: The clip must show at least this much standing on both feet, in s (our estimate).
LEAST_S = 2.0
#: Posture is told for each stretch of this length, in s (our choice: sway is averaged, a change of posture is not).
STRETCH_S = 1.0
#: A body that moves more than this within a stretch, in leg lengths, does not stand quietly (our estimate: sway of
#: people who stand is a few centimetres).
QUIET_LL = 0.06

_ADVICE = (
    "Film from the side or from behind, the whole body in the picture: stand upright and still for five seconds, arms "
    "hanging, feet side by side."
)


def observe(body: Body) -> Outcome:
    """Posture in a clip."""
    stays = on_the_spot(body) & ~lifted(body).any(axis=1)
    length = body.samples(STRETCH_S)
    if len(stays) * body.step_s < LEAST_S:
        return too_short(
            f"The clip shows {len(stays) * body.step_s:.1f} s; quiet standing needs at least {LEAST_S:.0f} s.", _ADVICE
        )
    attempts = []
    for start in range(0, len(stays) - length + 1, length):
        span = slice(start, start + length)
        if stays[span].all() and _is_quiet(body, span):
            attempts.extend(_posture(body, span))
    if len({attempt.start_s for attempt in attempts}) * STRETCH_S < LEAST_S:
        return not_performed("Nobody stands still on both feet for two seconds in this clip.", _ADVICE)
    return Outcome(tuple(attempts))


def _is_quiet(body: Body, span: slice) -> bool:
    """Whether neck and pelvis stay where they are."""
    both = np.concatenate([body.neck[span], body.pelvis[span]], axis=1)
    return bool(np.isfinite(both).all()) and float(np.ptp(both, axis=0).max()) < QUIET_LL


def _posture(body: Body, span: slice) -> list[Attempt]:
    """Trunk, and each knee, over one stretch."""
    at = (span.start, (span.start + span.stop) // 2, span.stop - 1)
    lean = float(np.median(body.lean[span]))
    if body.view == "frontal":
        front = body.hip[span, SIDES.index("left"), 0] > body.hip[span, SIDES.index("right"), 0]
        # Seen from the front the walker's right is on the picture's left.
        to_right = -lean if np.mean(front) > 0.5 else lean
        return [body.attempt("both", *at, {"standing_trunk_list_deg": to_right})]
    found = [body.attempt("both", *at, {"standing_trunk_lean_deg": lean})]
    for index, side in enumerate(SIDES):
        flexion = float(np.median(body.knee_flexion[span, index]))
        if np.isfinite(flexion):  # From the side the far leg is often hidden behind the near one.
            found.append(body.attempt(side, *at, {"standing_knee_flexion_deg": flexion}))
    return found
