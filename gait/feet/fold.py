"""When does the foot touch, how is it turned then, and how long does it take to lie flat?

At 30 frames a second a slapping foot is flat one or two frames after contact. One contact alone does not show how long
that took, but several contacts of one foot, each sampled at other moments of the same movement, do: they are fitted
together ("folded") with one shape.

The shape, for a contact at time *c* with pitch *p*:

- before contact, late swing: pitch ``p + v (t - c) + a (t - c)^2``, and the foot still travels forward;
- after it, lowering over the duration *d*: with ``w = (t - c) / d``, the pitch is ``p (1 - w^a)^b``. *a* says how the
  foot starts (1 at full speed, 2 from rest with constant angular acceleration), *b* how it ends (1 is stopped by the
  floor: a foot that slaps; 2 is braked to rest: a foot that is let down);
- then flat: 0.

The forward travel of the foot stops at contact, whatever lands first; it is fitted along, with less weight, and carries
the timing where the pitch has no kink (flat and forefoot contacts). The shape is our own; its terms are elementary
mechanics, its priors are wide and were set on rendered films with exact truth (design notes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares

from gait.core.feet import LOWERING_WINDOW_S
from gait.feet.track import FootTrack

#: Contacts fitted together at most; a long film is fitted in groups of neighbours.
MAX_TOGETHER = 8
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
_SHARED = 8


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
    speed_degps
        Steepest mean lowering over :data:`gait.core.feet.LOWERING_WINDOW_S`, + towards flat.
    lowering_error_s, speed_error_degps
        Standard errors of the fit. What the contacts of one foot have in common (the shape) is part of them, so that
        the mean of many contacts is not much better known than one.
    """

    contact_s: float
    pitch_deg: float
    lowering_s: float
    residual_deg: float
    speed_degps: float = float("nan")
    lowering_error_s: float = float("nan")
    speed_error_degps: float = float("nan")


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


def lowering_shape(w: np.ndarray, start: float, end: float) -> np.ndarray:
    """Fraction of the contact pitch left after the fraction *w* of the lowering; 1 at 0, 0 from 1 on.

    Parameters
    ----------
    w
        Fraction of the duration.
    start
        How the fall starts: 1 at full speed, 2 from rest.
    end
        How it ends: 1 abruptly, 2 braked to rest.
    """
    w = np.clip(w, 0.0, 1.0)
    return (1.0 - w**start) ** end


def _model(parameters: np.ndarray, samples: _Samples) -> tuple[np.ndarray, np.ndarray]:
    """Pitch and travel of every sample."""
    slope, bend, duration, begin, end, speed, brake, tie = parameters[:_SHARED]
    contact, pitch, own = parameters[_SHARED:].reshape(3, samples.count)
    after = samples.time - contact[samples.stride]
    start = pitch[samples.stride]
    early = np.minimum(after, 0.0)
    lowering = np.exp(duration + own[samples.stride])
    model = start * lowering_shape(after / lowering, begin, end)
    model = np.where(after < 0, start + 100.0 * slope * early + 1000.0 * bend * early**2, model)
    return model, tie * model + 100.0 * speed * early - 1000.0 * brake * early**2


def _residuals(parameters: np.ndarray, samples: _Samples, mean_pitch: float) -> np.ndarray:
    pitch, travel = _model(parameters, samples)
    contact, start, own = parameters[_SHARED:].reshape(3, samples.count)
    slope, bend, duration, begin, end, speed, brake, tie = parameters[:_SHARED]
    # Wide, in the units of the model: late swing rises by 30 +- 100 deg/s, the foot travels at 5 +- 5 lengths/s.
    priors = [
        (slope - 0.3) / 1.0,
        bend / 1.5,
        (duration - np.log(_USUAL_DURATION_S)) / _USUAL_DURATION_SD,
        (begin - 1.4) / 0.3,
        (end - 1.8) / 0.6,
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
    low = np.concatenate([[-6, -30, np.log(0.02), 1, 1, 0, -30, -3], np.full(count, -0.08), np.full(2 * count, -60.0)])
    high = np.concatenate([[6, 30, np.log(0.25), 3, 2.2, 30, 60, 3], np.full(count, 0.08), np.full(2 * count, 60.0)])
    fits = []
    for duration, begin, end in ((0.045, 1.7, 1.1), (0.1, 1.2, 1.9)):
        start = np.concatenate(
            [[0.8, 0.0, np.log(duration), begin, end, 5.0, 5.0, 0.0], np.zeros(count), start_pitch, np.zeros(count)]
        )
        start = np.clip(start, low + 1e-6, high - 1e-6)
        fits.append(least_squares(_residuals, start, bounds=(low, high), args=(samples, mean_pitch)))
    best = min(fits, key=lambda fit: fit.cost)
    contact = best.x[_SHARED : _SHARED + count]
    model, _ = _model(best.x, samples)
    covariance = _covariance(best.jac)
    out = []
    for index in range(count):
        near = (samples.stride == index) & (samples.time > -0.08)
        residual = float(np.sqrt(np.mean(np.square((model - samples.pitch)[near])))) if near.any() else np.inf
        chosen = np.array([2, 3, 4, _SHARED + count + index, _SHARED + 2 * count + index])
        lowering, speed, errors = _lowering(best.x[chosen], covariance[np.ix_(chosen, chosen)])
        when, pitch = guesses[index] + float(contact[index]), float(best.x[chosen[3]])
        out.append(FittedContact(when, pitch, lowering, residual, speed, float(errors[0]), float(errors[1])))
    return out


def _covariance(jacobian: np.ndarray) -> np.ndarray:
    """Of the parameters, from the slopes of residuals in units of their standard deviation, priors included."""
    normal = jacobian.T @ jacobian
    # A parameter at its bound may have no slope at all.
    return np.linalg.inv(normal + 1e-9 * np.diag(np.diag(normal) + 1e-6))


def _lowering(parameters: np.ndarray, covariance: np.ndarray) -> tuple[float, float, np.ndarray]:
    """Duration in s, speed in deg/s, and the standard errors of both, of one contact.

    Parameters
    ----------
    parameters
        ``(5,)`` log duration, start and end of the shape, contact pitch, own log duration.
    covariance
        ``(5, 5)`` theirs.
    """

    def values(p: np.ndarray) -> np.ndarray:
        duration = float(np.exp(p[0] + p[4]))
        return np.array([duration, peak_speed_degps(float(p[3]), duration, max(p[1], 1.0), max(p[2], 1.0))])

    step = np.array([0.01, 0.02, 0.02, 0.1, 0.01])
    moved = step * np.eye(len(step))
    slope = np.stack([(values(parameters + d) - values(parameters - d)) for d in moved], axis=1) / (2.0 * step)
    variance = np.einsum("ij,jk,ik->i", slope, covariance, slope)
    found = values(parameters)
    return float(found[0]), float(found[1]), np.sqrt(np.maximum(variance, 0.0))


def peak_speed_degps(pitch_deg: float, lowering_s: float, start: float, end: float) -> float:
    """Steepest mean lowering over :data:`gait.core.feet.LOWERING_WINDOW_S`, + towards flat.

    Parameters
    ----------
    pitch_deg, lowering_s
        Pitch at contact, and the duration.
    start, end
        Shape, see :func:`lowering_shape`.
    """
    time = np.linspace(0.0, lowering_s, 200)
    fallen = lowering_shape(time / lowering_s, start, end) - lowering_shape(
        (time + LOWERING_WINDOW_S) / lowering_s, start, end
    )
    return float(abs(pitch_deg) * fallen.max() / LOWERING_WINDOW_S)


def _pitch_at(track: FootTrack, time_s: float) -> float:
    ok = np.isfinite(track.pitch_deg)
    return float(np.interp(time_s, track.time_s[ok], track.pitch_deg[ok])) if ok.any() else 0.0
