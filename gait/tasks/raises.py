"""Heel raises: on one leg or on both, up and down again; and tries in which the heel stays on the floor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.signal import find_peaks

from gait.core.issues import Issue
from gait.core.sides import SIDES, Side
from gait.core.tasks import Attempt
from gait.tasks.body import Body, calmed, known, lifted, on_the_spot, swing_of
from gait.tasks.outcome import TIPTOE, Outcome, hidden, not_performed, too_short

#: A heel lower than this is no raise, in leg lengths: 2 cm of a leg of 0.9 m (EVIDENCE 5.3, G_TIP).
LEAST_RISE_LL = 0.022
#: The network draws the heel of a foot on tiptoe lower than it is: it shows this share of the rise of the heel over the
#: toe (our measurement on rendered heel raises, see docs/tasks.md).
SHOWN = 0.95
#: How far the heel rises for what the ankle, and with it the body, is lifted by: lever arms about the ball of the foot
#: (rendered heel raises: ankle 1.4, body 1.7; from the proportions of the foot of a simulated body 1.8; our estimate).
HEEL_PER_LIFT = 1.6
#: A raise has ended when the heel has come down by this share of its way (our choice: people who tire or hurry do not
#: put the heel down altogether).
COMES_DOWN = 0.5
#: Heights are averaged over this time, in s: a heel raise takes a second, the network's noise a tenth (our estimate).
CALM_S = 0.25
#: Quicker than this nobody rises and comes down by half, in s (our estimate).
SHORTEST_RAISE_S = 0.3
#: Less time on one leg (or on both) does not hold a raise, in s (our estimate).
SHORTEST_STAND_S = 1.0
#: The clip must show at least this much standing on the spot, in s (our estimate: one raise and the foot flat before).
LEAST_S = 3.0
#: The ends of a stand, in which the other foot leaves the floor or comes back, tell nothing of a try, in s.
SHIFTING_S = 0.5
#: What says that somebody tries, by the range of each sign (our estimates: quiet standing on one leg sways by about 2
#: deg and 0.01 leg lengths); two of them are asked for.
TRY_KNEE_DEG, TRY_LEAN_DEG, TRY_BODY_LL, TRY_HEEL_LL = 8.0, 5.0, 0.015, 0.009
#: Who has raised the other heel and then stands on this leg alone for so long has tried, in s (our estimate).
KNOWN_TRY_S = 2.5
#: A body that sinks this far, or knees that bend this much, do another task.
SITS_LL, SQUATS_DEG = 0.2, 50.0

#: From this many raises on, the last third is held against the first (our choice).
LEAST_FOR_FATIGUE = 5

_ADVICE = (
    "Film from the side or from behind, the feet large in the picture: stand on one leg at a wall, fingertips on it "
    "for balance, and rise onto tiptoe five times; then the other leg."
)


@dataclass(frozen=True, slots=True)
class _Stand:
    """A stretch on one leg, or on both."""

    side: Side | Literal["both"]
    start: int
    stop: int


def observe(body: Body) -> Outcome:
    """Heel raises in a clip."""
    stays = on_the_spot(body)
    if stays.mean() < 0.5:
        return not_performed(
            "The person walks through the picture; heel raises are done standing on the spot.", _ADVICE
        )
    rise = heel_rise(body)
    if not np.isfinite(rise).any():
        return hidden("The heels or toes are not seen, so no heel raise can be measured.", _ADVICE)
    stands = _stands(body, stays)
    seen_s = sum(stand.stop - stand.start for stand in stands) * body.step_s
    if seen_s < LEAST_S:
        return too_short(
            f"The clip shows {seen_s:.1f} s of standing with both feet in the picture; heel raises need at least "
            f"{LEAST_S:.0f} s.",
            _ADVICE,
        )
    if _does_something_else(body, stands):
        return not_performed(
            "The person bends the knees or sits down as in another task; no heel raise is seen.", _ADVICE
        )
    raised = [attempt for stand in stands for attempt in _raises(body, rise, stand)]
    done = {attempt.side for attempt in raised}
    tried = [a for stand in stands if stand.side not in done for a in _tries(body, rise, stand, knows=bool(done))]
    if done:
        # Between the raises of one leg and the other people stand on both; that is no try.
        tried = [attempt for attempt in tried if attempt.side != "both"]
    if not raised and not tried:
        return not_performed(
            "No heel leaves the floor and nothing else moves as in a try: heel raises were not done in this clip.",
            _ADVICE,
        )
    return Outcome((*_with_fatigue(raised), *tried), notes=_notes(done | {attempt.side for attempt in tried}))


def heel_rise(body: Body) -> np.ndarray:
    """``(n, 2)`` how far each heel is above its toe, more than when the foot is flat, in leg lengths.

    Heel against toe, so that a camera that moves and a body that sways do not count. The flat foot is where the heel is
    lowest in the clip while the foot is on the floor. From the front and from behind the network sees the toes badly
    and the ankle well: there the ankle tells, by its lever about the ball of the foot.
    """
    over = (body.heel[:, :, 1] - body.toe[:, :, 1]) / SHOWN
    if body.view == "frontal":
        over = HEEL_PER_LIFT * body.ankle[:, :, 1]
    down = calmed(np.where(lifted(body), np.nan, over), body.samples(CALM_S))
    out = np.full(over.shape, np.nan)
    for side in range(2):
        seen = known(down[:, side])
        if len(seen) > body.samples(0.3):
            low = np.percentile(seen, 10)
            flat = float(np.median(seen[seen <= low + 0.5 * LEAST_RISE_LL]))
            out[:, side] = down[:, side] - flat
    return out


def _stands(body: Body, stays: np.ndarray) -> list[_Stand]:
    """Stretches on one leg or on both, in time order."""
    up = lifted(body)
    kinds = {"left": ~up[:, 0] & up[:, 1], "right": ~up[:, 1] & up[:, 0], "both": ~up.any(axis=1)}
    found = []
    for side, mask in kinds.items():
        edges = np.flatnonzero(np.diff(np.concatenate([[0], (mask & stays).astype(int), [0]])))
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if (stop - start) * body.step_s >= SHORTEST_STAND_S:
                found.append(_Stand(side, start, stop))  # pyright: ignore[reportArgumentType]
    return sorted(found, key=lambda stand: stand.start)


def _of_stand(body: Body, rise: np.ndarray, stand: _Stand) -> np.ndarray:
    """``(n,)`` the rise that counts: of the standing heel, or the mean of both.

    The network draws a heel that rises little too low, but it sees well how far the whole body is lifted. So the body
    may speak for up to half as much again as the heel shows; it never speaks alone, since a knee that straightens lifts
    the body too.
    """
    part, toe = rise[stand.start : stand.stop], body.toe[stand.start : stand.stop, :, 1]
    heel, floor = _of_side(part, stand), _of_side(toe, stand)
    tall = 0.5 * (body.neck[stand.start : stand.stop, 1] + body.pelvis[stand.start : stand.stop, 1]) - floor
    tall = calmed(tall, body.samples(CALM_S))
    if not np.isfinite(tall).any():
        return heel
    lifted_by = HEEL_PER_LIFT * (tall - np.nanpercentile(tall, 10))
    supported = 0.5 * (heel + np.fmin(lifted_by, 2.0 * heel))
    return np.fmax(heel, supported)


def _of_side(values: np.ndarray, stand: _Stand) -> np.ndarray:
    """``(n,)`` of ``(n, 2)``: the standing side's, or the mean of both.

    From the side the far foot is often hidden behind the near one; then that one speaks for both.
    """
    if stand.side == "both":
        return 0.5 * (np.fmin(values[:, 0], values[:, 1]) + np.fmax(values[:, 0], values[:, 1]))
    return values[:, SIDES.index(stand.side)]


def _raises(body: Body, rise: np.ndarray, stand: _Stand) -> list[Attempt]:
    """Raises of one stand: up by at least 2 cm and down again."""
    track = np.nan_to_num(_of_stand(body, rise, stand), nan=0.0)
    around = body.samples(0.1)
    found = []
    for start, peak, stop in _ups_and_downs(track):
        height = float(np.median(track[max(0, peak - around) : peak + around + 1]))
        if stop - start >= body.samples(SHORTEST_RAISE_S) and height >= LEAST_RISE_LL:
            found.append(_attempt(body, stand, (start, peak, stop), height, is_raise=True))
    return found


def _ups_and_downs(track: np.ndarray) -> list[tuple[int, int, int]]:
    """First sample, top and last sample of each raise.

    The heel goes up from a low by at least 2 cm and comes down again by the larger of 2 cm and :data:`COMES_DOWN` of
    the way. What is up when the track begins or ends is not whole and does not count.
    """
    found: list[tuple[int, int, int]] = []
    low, high, is_up = 0, 0, False
    for i, value in enumerate(track.tolist()):
        if is_up:
            high = i if value > track[high] else high
            way = track[high] - track[low]
            if track[high] - value >= max(LEAST_RISE_LL, COMES_DOWN * way):
                found.append((low, high, i))
                low, is_up = i, False
        elif value - track[low] >= LEAST_RISE_LL:
            high, is_up = i, True
        elif value < track[low]:
            low = i
    return [(_foot_of(track, start, top), top, stop) for start, top, stop in found if track[top] >= LEAST_RISE_LL]


def _foot_of(track: np.ndarray, low: int, top: int) -> int:
    """Where a rise leaves its low: the last sample in a fifth of the way."""
    below = np.flatnonzero(track[low:top] <= track[low] + 0.2 * (track[top] - track[low]))
    return low + int(below[-1]) if len(below) else low


def _attempt(body: Body, stand: _Stand, at: tuple[int, int, int], height_ll: float, *, is_raise: bool) -> Attempt:
    """One raise, or one try in which the heel stayed down; ``at`` counts samples from the stand's start."""
    if stand.side != "both":
        values = {"heel_raise_height_ll": height_ll, TIPTOE: height_ll, "heel_raise_count": float(is_raise)}
    elif is_raise:
        values = {"double_heel_raise_height_ll": height_ll, "double_heel_raise_count": 1.0}
    else:
        # A raise on both legs proves neither of them; a try in which both heels stay down tells of both.
        values = {"double_heel_raise_try_ll": height_ll, TIPTOE: height_ll, "double_heel_raise_count": 0.0}
    start, peak, end = (stand.start + sample for sample in at)
    return body.attempt(stand.side, start, peak, end, values)


def _tries(body: Body, rise: np.ndarray, stand: _Stand, *, knows: bool) -> list[Attempt]:
    """Tries of one stand in which the heel stays down: body, trunk, knee or heel go to and fro.

    Who merely stands does not try. Two signs are asked for, since one alone is also how people keep their balance; none
    of who ``knows`` the task, having done it on the other leg, and stands on this one alone for long enough.
    """
    trim = body.samples(SHIFTING_S)
    inner = _Stand(stand.side, stand.start + trim, stand.stop - trim)
    if (inner.stop - inner.start) * body.step_s < SHORTEST_STAND_S:
        return []
    span = slice(inner.start, inner.stop)
    sides = [0, 1] if stand.side == "both" else [SIDES.index(stand.side)]
    signals = {
        "knee": (np.fmax.reduce(body.knee_flexion[span][:, sides], axis=1), TRY_KNEE_DEG),
        "lean": (body.lean[span], TRY_LEAN_DEG),
        "body": (body.pelvis[span, 1], TRY_BODY_LL),
        "heel": (np.nan_to_num(_of_stand(body, rise, inner)), TRY_HEEL_LL),
    }
    shown = {name: swing_of(signal) / limit for name, (signal, limit) in signals.items()}
    is_known = knows and stand.side != "both" and (stand.stop - stand.start) * body.step_s >= KNOWN_TRY_S
    if sum(share >= 1.0 for share in shown.values()) < 2 and not is_known:
        return []
    strongest = signals[max(shown, key=lambda name: shown[name])][0]
    return _peaks_of_try(body, rise, inner, np.nan_to_num(strongest, nan=float(np.nanmedian(strongest))))


def _peaks_of_try(body: Body, rise: np.ndarray, stand: _Stand, signal: np.ndarray) -> list[Attempt]:
    """One try for each to and fro of the strongest sign; at least one."""
    range_ = swing_of(signal)
    centred = signal - np.median(signal)
    # The rarer direction is the effort: somebody who waits between tries waits longer than the tries last.
    turned = centred if abs(np.max(centred)) >= abs(np.min(centred)) else -centred
    peaks, _ = find_peaks(turned, prominence=0.5 * range_, distance=body.samples(0.6))
    middles = peaks.tolist() or [int(np.argmax(turned))]
    reach, last = body.samples(0.4), len(signal) - 1
    heel = np.nan_to_num(_of_stand(body, rise, stand))
    found = []
    for middle in middles:
        first, end = max(0, middle - reach), min(last, middle + reach)
        height = float(np.percentile(heel[first : end + 1], 90))
        found.append(_attempt(body, stand, (first, middle, end), height, is_raise=False))
    return found


def _does_something_else(body: Body, stands: list[_Stand]) -> bool:
    """Whether both knees bend as in sitting down."""
    both = [stand for stand in stands if stand.side == "both"]
    if not both:
        return False
    used = np.concatenate([np.arange(stand.start, stand.stop) for stand in both])
    sinks = swing_of(body.pelvis[used, 1] - np.fmin(body.ankle[used, 0, 1], body.ankle[used, 1, 1]))
    return sinks > SITS_LL or swing_of(np.fmax(body.knee_flexion[used, 0], body.knee_flexion[used, 1])) > SQUATS_DEG


def _with_fatigue(raised: list[Attempt]) -> list[Attempt]:
    """The raises, the last of each leg with how much lower the last third is than the first, in percent."""
    out = list(raised)
    for side in SIDES:
        own = [i for i, attempt in enumerate(out) if attempt.side == side]
        if len(own) < LEAST_FOR_FATIGUE:
            continue
        heights = np.array([out[i].values["heel_raise_height_ll"] for i in own])
        third = max(1, len(heights) // 3)
        fall = 100.0 * (1.0 - float(np.mean(heights[-third:]) / np.mean(heights[:third])))
        last = out[own[-1]]
        out[own[-1]] = replace(last, values={**last.values, "heel_raise_fatigue_pct": fall})
    return out


def _notes(sides: set[str]) -> tuple[Issue, ...]:
    """What the clip leaves open."""
    single = sides - {"both"}
    if not single:
        return (
            Issue(
                "heel_raise_on_both_legs",
                "warning",
                "The raises are done on both legs together: the stronger leg can carry the weaker one, so no leg is "
                "judged by itself.",
                _ADVICE,
            ),
        )
    if len(single) == 1:
        side = next(iter(single))
        return (
            Issue(
                "heel_raise_one_side",
                "info",
                f"Only the {side} leg is tried; the legs cannot be compared.",
                "Film the other leg too, in the same clip or in one of its own.",
            ),
        )
    return ()
