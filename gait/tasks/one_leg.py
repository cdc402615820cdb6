"""Standing on one leg: on which, for how long, and how much the body sways."""

from __future__ import annotations

import numpy as np

from gait.core.issues import Issue
from gait.core.sides import SIDES, other_side
from gait.core.tasks import Attempt
from gait.tasks.body import Body, known, lifted, on_the_spot
from gait.tasks.outcome import Outcome, not_performed, too_short

#: The clip must be at least this long, in s (our estimate).
LEAST_S = 3.0
#: Shorter is a step, not a stand, in s (our estimate: longer than the single support of a slow walker).
SHORTEST_S = 1.0
#: Sway is told from this long a stand on, in s, without its ends, in which the weight shifts (our estimates).
SWAY_FROM_S, SHIFTING_S = 2.0, 0.5
#: Thirty seconds are asked for and enough (as in the four-stage balance test; from memory, not re-read).
WANTED_S = 30.0

_ADVICE = (
    "Film from the front or the side, the whole body in the picture: stand beside a wall, lift one foot and hold it "
    "for up to 30 seconds; then the other one."
)


def observe(body: Body) -> Outcome:
    """Times on one leg in a clip."""
    stays = on_the_spot(body)
    if stays.mean() < 0.5:
        return not_performed("The person walks through the picture; standing on one leg is done on the spot.", _ADVICE)
    if len(stays) * body.step_s < LEAST_S:
        return too_short(
            f"The clip shows {len(stays) * body.step_s:.1f} s; standing on one leg needs at least {LEAST_S:.0f} s.",
            _ADVICE,
        )
    up = lifted(body) & stays[:, None]
    attempts, is_cut = [], False
    for index in range(2):
        alone = up[:, index] & ~up[:, 1 - index]
        edges = np.flatnonzero(np.diff(np.concatenate([[0], alone.astype(int), [0]])))
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            seconds = (stop - start) * body.step_s
            if seconds >= SHORTEST_S:
                attempts.append(_attempt(body, start, stop, 1 - index))
                is_cut |= (start == 0 or stop == len(alone)) and seconds < WANTED_S
    if not attempts:
        return not_performed("Neither foot is lifted for as long as a second in this clip.", _ADVICE)
    return Outcome(tuple(attempts), notes=(*_cut(is_cut), *_one_side(attempts)))


def _attempt(body: Body, start: int, stop: int, standing: int) -> Attempt:
    """One time on one leg."""
    seconds = (stop - start) * body.step_s
    values = {"single_leg_stance_time_s": min(seconds, WANTED_S)}
    trim = body.samples(SHIFTING_S)
    if seconds >= SWAY_FROM_S:
        span = slice(start + trim, stop - trim)
        sideways = known(body.neck[span, 0] - body.ankle[span, standing, 0])
        if len(sideways) > trim:
            values["single_leg_sway_ll"] = float(np.std(sideways))
    return body.attempt(SIDES[standing], start, (start + stop) // 2, stop - 1, values)


def _cut(is_cut: bool) -> tuple[Issue, ...]:
    if not is_cut:
        return ()
    return (
        Issue(
            "single_leg_stance_cut",
            "info",
            "The clip begins or ends while the person still stands on one leg: the time is at least what is told.",
            "Let the film run until the foot is down again, or for 30 seconds.",
        ),
    )


def _one_side(attempts: list[Attempt]) -> tuple[Issue, ...]:
    sides = {attempt.side for attempt in attempts}
    if len(sides) > 1:
        return ()
    side = next(iter(sides))
    missing = other_side("left" if side == "left" else "right")
    return (
        Issue(
            "single_leg_stance_one_side",
            "info",
            f"The person stands on the {side} leg only; the legs cannot be compared.",
            f"Film standing on the {missing} leg too.",
        ),
    )
