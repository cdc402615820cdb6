"""When does the foot touch, how is it turned then, and how long does it take to lie flat?

At 30 frames a second a slapping foot is flat one or two frames after contact. One contact alone does not show how long
that took, but several contacts of one foot, each sampled at other moments of the same movement, do: they are fitted
together ("folded") with one shape.

The shape, for a contact at time *c* with pitch *p*:

- before contact, late swing: pitch ``p + v (t - c) + a (t - c)^2``, and the foot still travels forward;
- after it, lowering over the duration *d*: with ``w = (t - c) / d``, the foot falls with constant angular acceleration
  up to the fraction *m* of the duration, ``p (1 - w^2 / m)``, and is then braked with constant deceleration to rest,
  ``p (1 - w)^2 / (1 - m)``; m = 1 is a foot that slaps, m = 0 one that is let down;
- then flat: 0.

The forward travel of the foot stops at contact, whatever lands first; it is fitted along, with less weight, and carries
the timing where the pitch has no kink (flat and forefoot contacts). The shape is our own; its terms are elementary
mechanics, its priors are wide and were set on rendered films with exact truth (design notes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from gait.feet.track import FootTrack

#: Contacts fitted together at most; a long film is fitted in groups of neighbours.
MAX_TOGETHER = 12
#: What is fitted, around the contact, in s.
FIT_S = (-0.11, 0.20)
#: Standard deviations of the priors (our estimates): contact about its first guess, contact pitch about the foot's
#: mean, one lowering's log duration about the foot's.
_CONTACT_SD_S = 0.025
_PITCH_SD_DEG = 5.0
_DURATION_SD = 0.20
#: Usual lowering duration in s and the sd of its logarithm.
_USUAL_DURATION_S = 0.085
_USUAL_DURATION_SD = 0.6
#: Standard deviation of the forward travel about its shape, in percent of the heel-toe distance.
_TRAVEL_SD = 4.0
_SHARED = 7


@dataclass(frozen=True, slots=True)
class FittedContact:
    """One contact, timed.

    Attributes
    ----------
    contact_s
        Initial contact, in s.
    pitch_deg
        Pitch then, toes up +.
    lowering_s
        From contact to flat, in s.
    residual_deg
        Root mean square difference of the measured pitch from the shape.
    """

    contact_s: float
    pitch_deg: float
    lowering_s: float
    residual_deg: float


def first_guess_s(track: FootTrack) -> float:
    """When the foot stops travelling forward, in s: a contact time that needs no shape.

    Returns NaN where the foot is not seen to stop.
    """
    travel = travel_pct(track)
    ok = np.isfinite(track.pitch_deg) & np.isfinite(travel)
    before = np.flatnonzero(ok & (travel < -12.0) & (track.time_s < track.reference_s))
    if not len(before) or before[-1] + 1 >= len(travel) or not ok[before[-1] + 1]:
        return float("nan")
    last = before[-1]
    part = (-12.0 - travel[last]) / (travel[last + 1] - travel[last])
    # The foot covers the last 12 % of its length in 20 ms (rendered walkers 15-30 ms, healthy films 10-25 ms).
    return float(track.time_s[last] + part * (track.time_s[last + 1] - track.time_s[last]) + 0.02)


def travel_pct(track: FootTrack) -> np.ndarray:
    """``(n,)`` forward travel of the foot's middle, 0 in the flat reference, in percent of the heel-toe distance.

    A treadmill's belt carries the flat foot backwards; its speed is taken out.
    """
    travel = 100.0 * track.shift_px[:, 0] / track.plan.length_px
    if not track.plan.is_belt:
        return travel
    after = track.time_s - track.reference_s
    flat = (np.abs(after) <= 0.08) & np.isfinite(track.pitch_deg)
    if flat.sum() < 3:
        return travel
    return travel - float(np.polyfit(after[flat], travel[flat], 1)[0]) * after


@dataclass(frozen=True, slots=True)
class _Samples:
    """All contacts of one group, one row per frame."""

    stride: np.ndarray
    time: np.ndarray  # from the first guess
    pitch: np.ndarray
    pitch_sd: np.ndarray
    travel: np.ndarray
    count: int


def fold(tracks: list[FootTrack], guesses_s: list[float]) -> list[FittedContact]:
    """Fit all contacts of one foot together.

    Parameters
    ----------
    tracks
        Of one foot.
    guesses_s
        A first guess of each contact, in s.

    Returns
    -------
    list of FittedContact
        One a track.
    """
    out: list[FittedContact] = []
    groups = max(1, int(np.ceil(len(tracks) / MAX_TOGETHER)))
    for part in np.array_split(np.arange(len(tracks)), groups):
        if len(part):
            out += _fold_group([tracks[i] for i in part], [guesses_s[i] for i in part])
    return out


def _gather(tracks: list[FootTrack], guesses: list[float]) -> _Samples:
    rows: list[tuple[np.ndarray, ...]] = []
    for index, (track, guess) in enumerate(zip(tracks, guesses, strict=True)):
        time = track.time_s - guess
        use = (time >= FIT_S[0]) & (time <= FIT_S[1]) & np.isfinite(track.pitch_deg)
        # The worse the picture fits the less its pitch is worth; early late-swing frames matter less than the contact.
        early = np.clip((-0.05 - time) / 0.03, 0.0, None)
        sd = (0.6 + 4.0 * np.clip(track.misfit - 0.1, 0.0, 1.0)) * (1.0 + early)
        rows.append((np.full(use.sum(), index), time[use], track.pitch_deg[use], sd[use], travel_pct(track)[use]))
    stride, time, pitch, sd, travel = (np.concatenate(column) for column in zip(*rows, strict=True))
    return _Samples(stride, time, pitch, sd, travel, len(tracks))


def lowering_shape(w: np.ndarray, m: float) -> np.ndarray:
    """Fraction of the contact pitch left after the fraction *w* of the lowering; 1 at 0, 0 from 1 on.

    Parameters
    ----------
    w
        Fraction of the duration.
    m
        Fraction of the duration after which the fall is braked, 0..1.
    """
    w = np.clip(w, 0.0, 1.0)
    m = min(max(m, 1e-3), 1.0 - 1e-3)
    return np.where(w < m, 1.0 - w**2 / m, (1.0 - w) ** 2 / (1.0 - m))


def _model(parameters: np.ndarray, samples: _Samples) -> tuple[np.ndarray, np.ndarray]:
    """Pitch and travel of every sample."""
    slope, bend, duration, fall, speed, brake, tie = parameters[:_SHARED]
    contact, pitch, own = parameters[_SHARED:].reshape(3, samples.count)
    after = samples.time - contact[samples.stride]
    start = pitch[samples.stride]
    early = np.minimum(after, 0.0)
    lowering = np.exp(duration + own[samples.stride])
    model = start * lowering_shape(after / lowering, fall)
    model = np.where(after < 0, start + 100.0 * slope * early + 1000.0 * bend * early**2, model)
    return model, tie * model + 100.0 * speed * early - 1000.0 * brake * early**2


def _residuals(parameters: np.ndarray, samples: _Samples, mean_pitch: float) -> np.ndarray:
    pitch, travel = _model(parameters, samples)
    contact, start, own = parameters[_SHARED:].reshape(3, samples.count)
    slope, bend, duration, fall, speed, brake, tie = parameters[:_SHARED]
    # Wide, in the units of the model: late swing rises by 30 +- 100 deg/s, the foot travels at 5 +- 5 lengths/s.
    priors = [
        (slope - 0.3) / 1.0,
        bend / 1.5,
        (duration - np.log(_USUAL_DURATION_S)) / _USUAL_DURATION_SD,
        (fall - 0.4) / 0.4,
        (speed - 5.0) / 5.0,
        (brake - 5.0) / 10.0,
        tie / 1.0,
    ]
    return np.concatenate(
        [
            _saturate((pitch - samples.pitch) / samples.pitch_sd),
            _saturate((travel - samples.travel) / (_TRAVEL_SD * samples.pitch_sd / 0.6)),
            priors,
            contact / _CONTACT_SD_S,
            (start - mean_pitch) / _PITCH_SD_DEG,
            own / _DURATION_SD,
        ]
    )


def _saturate(ratio: np.ndarray) -> np.ndarray:
    """Soft: a residual of many standard deviations pulls no more than one of a few."""
    return ratio / np.sqrt(1.0 + np.abs(ratio) / 3.0)


def _fold_group(tracks: list[FootTrack], guesses: list[float]) -> list[FittedContact]:
    samples = _gather(tracks, guesses)
    count = samples.count
    start_pitch = np.array([_pitch_at(track, guess) for track, guess in zip(tracks, guesses, strict=True)])
    mean_pitch = float(np.median(start_pitch))
    low = np.concatenate([[-6, -30, np.log(0.02), 0, 0, -30, -3], np.full(count, -0.08), np.full(2 * count, -60.0)])
    high = np.concatenate([[6, 30, np.log(0.25), 1, 30, 60, 3], np.full(count, 0.08), np.full(2 * count, 60.0)])
    fits = []
    for duration, fall in ((0.045, 0.8), (0.1, 0.3)):
        start = np.concatenate(
            [[0.8, 0.0, np.log(duration), fall, 5.0, 5.0, 0.0], np.zeros(count), start_pitch, np.zeros(count)]
        )
        start = np.clip(start, low + 1e-6, high - 1e-6)
        fits.append(least_squares(_residuals, start, bounds=(low, high), args=(samples, mean_pitch)))
    best = min(fits, key=lambda fit: fit.cost)
    contact, pitch, own = best.x[_SHARED:].reshape(3, count)
    model, _ = _model(best.x, samples)
    out = []
    for index in range(count):
        mine = samples.stride == index
        near = mine & (samples.time > -0.08)
        residual = float(np.sqrt(np.mean(np.square((model - samples.pitch)[near])))) if near.any() else np.inf
        lowering = float(np.exp(best.x[2] + own[index]))
        out.append(FittedContact(guesses[index] + float(contact[index]), float(pitch[index]), lowering, residual))
    return out


def _pitch_at(track: FootTrack, time_s: float) -> float:
    ok = np.isfinite(track.pitch_deg)
    return float(np.interp(time_s, track.time_s[ok], track.pitch_deg[ok])) if ok.any() else 0.0
