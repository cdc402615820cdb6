"""Rising from a chair and sitting down again."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from gait.core.issues import Issue
from gait.core.tasks import Attempt
from gait.tasks.body import Body, known, on_the_spot
from gait.tasks.outcome import Outcome, not_performed, too_short

#: The clip must be at least this long, in s (our estimate: one rise and one return of a slow person).
LEAST_S = 3.0
#: Hips that sink less than this do not sit, in leg lengths (our estimate: a chair of 45 cm lowers the hips of an adult
#: by about 0.4; seen from the front with the hips coming forward somewhat less).
SITS_LL = 0.2
#: Up above, and down below, this share of the way from sitting to standing (our choice; between them neither counts).
UP, DOWN = 0.8, 0.3
#: The rise begins and ends at these shares of the way (our choice: the first and the last tenth are slow).
BEGINS, ENDS = 0.1, 0.9
#: Rises of the usual test (five times sit to stand).
FIVE = 5
#: Sitting or standing hips are as low or high as this share of the clip (our choice).
_LOW_PCT, _HIGH_PCT = 5.0, 95.0

_ADVICE = (
    "Film from the side, the whole body and the chair in the picture: start seated, arms crossed, and stand up fully "
    "five times as fast as is safe, the chair against a wall."
)


def observe(body: Body) -> Outcome:
    """Rises in a clip."""
    stays = on_the_spot(body, size_counts=False)
    if stays.mean() < 0.5:
        return not_performed("The person walks through the picture; no chair is used.", _ADVICE)
    seconds = len(stays) * body.step_s
    if seconds < LEAST_S:
        return too_short(
            f"The clip shows {seconds:.1f} s; standing up from a chair needs at least {LEAST_S:.0f} s.", _ADVICE
        )
    height = body.hip[:, :, 1].mean(axis=1) - np.nanmean(body.ankle[:, :, 1])
    seen = known(height)
    low, high = np.percentile(seen, [_LOW_PCT, _HIGH_PCT])
    if high - low < SITS_LL:
        return not_performed("The hips stay at one height: nobody stands up from a chair in this clip.", _ADVICE)
    share = uniform_filter1d(np.interp(body.time_s, body.time_s[np.isfinite(height)], seen), body.samples(0.1))
    rises = _rises((share - low) / (high - low))
    if not rises:
        return not_performed("The person sits down but does not stand up again in this clip.", _ADVICE)
    return Outcome(tuple(_attempts(body, rises)), notes=_notes(len(rises)))


def _rises(share: np.ndarray) -> list[tuple[int, int]]:
    """First and last sample of each rise, from a seat left to full standing."""
    found, is_down, last_low = [], False, 0
    for i, value in enumerate(share.tolist()):
        if value < BEGINS or (value < DOWN and not is_down):
            last_low = i
        if value < DOWN:
            is_down = True
        elif value > UP and is_down:
            is_down = False
            above = np.flatnonzero(share[i:] > ENDS)
            end = i + int(above[0]) if len(above) and not np.any(share[i : i + above[0]] < DOWN) else i
            found.append((last_low, end))
    return found


def _attempts(body: Body, rises: list[tuple[int, int]]) -> list[Attempt]:
    """One for each rise; the fifth also knows the time of the first five."""
    out = []
    for number, (start, end) in enumerate(rises, start=1):
        values = {
            "sit_to_stand_count": 1.0,
            "sit_to_stand_rise_time_s": float(body.time_s[end] - body.time_s[start]),
        }
        if number > 1:
            values["sit_to_stand_cycle_time_s"] = float(body.time_s[end] - body.time_s[rises[number - 2][1]])
        if number == FIVE:
            values["five_sit_to_stand_time_s"] = float(body.time_s[end] - body.time_s[rises[0][0]])
        out.append(body.attempt("both", start, end, end, values))
    return out


def _notes(count: int) -> tuple[Issue, ...]:
    """What the clip leaves open."""
    if count >= FIVE:
        return ()
    return (
        Issue(
            "sit_to_stand_few",
            "info",
            f"The person stands up {count} times; the usual test takes five.",
            _ADVICE,
        ),
    )
