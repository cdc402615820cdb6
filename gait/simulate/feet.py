"""What the film's pixels would tell of a made walker's feet: the truth, with the errors that were measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gait.core.feet import LOWERING_WINDOW_S, ContactType, FootContact, FootMotion
from gait.core.sides import SIDES, Side, other_side
from gait.simulate.foot import pitch
from gait.simulate.legs import StridePlan
from gait.simulate.motion import mean_walker
from gait.simulate.solve import solve
from gait.simulate.timing import Timing

if TYPE_CHECKING:
    from gait.simulate.phone import PhoneCamera
    from gait.simulate.walker import Walker

#: Errors of the feet stage on rendered films with truth (docs/feet.md, reports/validation): pitch at contact, each
#: foot's median: root mean square about 0.8 deg near and 1.0 deg far, worst 2.3 deg, of which a film's feet share about
#: half a degree; single pictures another 0.65 deg.
_FOOT_PITCH_DEG, _FILM_PITCH_DEG, _PICTURE_DEG = {True: 0.7, False: 0.9}, 0.5, 0.65
#: Contacts of one foot spread by 2.2 deg about their mean on films of healthy people: 1.2 deg of measurement, the rest
#: the walker's own.
_CONTACT_PITCH_DEG, _OWN_PITCH_DEG = 1.2, 1.85
#: Contact to flat: at 60 pictures a second 3 to 6 ms short, each foot by another 4 ms; at 30, long landings 4 ms short,
#: 82 ms 4 ms long and slaps of 55 ms 12 ms long, each foot by another 5 ms near and 8 ms far; one contact of a foot
#: differs by 3 ms more.
_FAST_BIAS_S, _SLOW_GAIN, _SLOW_MIDDLE_S = -0.004, 0.27, 0.1
_FOOT_LOWERING_S = {(True, True): 0.003, (True, False): 0.004, (False, True): 0.005, (False, False): 0.008}
_CONTACT_LOWERING_S = 0.003
#: Instant of contact: 2.4 ms mean absolute error.
_CONTACT_TIME_S = 0.003
#: Lowering speed from 60 pictures a second: 4 to 12 % wrong.
_SPEED_SHARE = 0.07
#: Contacts that pass the quality control: of healthy phone films 2.4 for each foot in one pass; of rendered ones nearly
#: all.
_PASSING = {True: 0.85, False: 0.7}
#: As the feet stage has them (gait/feet/measure.py), which this stage may not import: landing on the heel from here
#: up, on the forefoot from here down, too little lowering to time, slowest film with a lowering speed, span kept, late
#: swing.
_HEEL_DEG, _FOREFOOT_DEG, _LEAST_LOWERING_DEG, _LEAST_RATE_HZ = 10.0, -3.0, 5.0, 49.5
_KEPT_S, _LATE_SWING_S, _NOISE_DEG = (-0.15, 0.25), 0.1, 1.4
#: A foot that stands farther than this from flat gives no picture of a flat foot, deg; nor does one that is nearer to
#: the film's start or end than this, s.
_FLAT_DEG, _EDGE_S = 8.0, 0.25


@dataclass(frozen=True, slots=True)
class _Errors:
    """What all contacts of one foot share on one side of the camera."""

    pitch_deg: float
    lowering_s: float
    speed: float


def measure(walker: Walker, seed: int, camera: PhoneCamera | None = None) -> FootMotion:
    """The feet of a simulated walk as the feet stage would measure them in a film of it.

    Parameters
    ----------
    walker
        The walk; its straight passes are measured.
    seed
        Of the errors.
    camera
        Who films it; the walker's own camera when left out. Only its rate, near side and angle count.

    Returns
    -------
    FootMotion
        One contact for each that would pass the quality control, in time order; without pictures. Empty of contacts,
        with the reason, for a film from the front.
    """
    random = np.random.default_rng([seed, 9])
    truth = walker.truth()
    contacts = [(row["time_s"], row["side"]) for row in truth["events"] if row["kind"] == "initial_contact"]
    is_side = walker.view == "sagittal" and (camera is None or abs(camera.angle_deg) < 45)
    if not is_side:
        reason = "the film does not show the feet from the side"
        counts: dict[Side, int] = {side: sum(named == side for _, named in contacts) for side in SIDES}
        return FootMotion(rejected=_rejected(counts, reason))
    rate_hz = walker.rate_hz if camera is None else camera.rate_hz
    plan = solve(mean_walker(walker))
    shared = _draw_errors(random, rate_hz)
    found: list[FootContact] = []
    refused: dict[Side, int] = dict.fromkeys(SIDES, 0)
    for time_s, side in contacts:
        is_near = _near_side(truth, time_s, camera) == side
        is_seen = random.random() < _PASSING[is_near] and _EDGE_S < time_s < walker.duration_s - _EDGE_S
        if is_seen and abs(np.degrees(plan.legs[side].foot.rest_pitch)) <= _FLAT_DEG:
            found.append(_contact(walker, plan, side, time_s, rate_hz, is_near, shared[side, is_near], random))
        else:
            refused[side] += 1
    rejected = _rejected(refused, "the foot is not seen lying flat after the contact")
    return FootMotion(tuple(found), rejected, _NOISE_DEG)


def _rejected(counts: dict[Side, int], reason: str) -> tuple[tuple[Side, int, str], ...]:
    return tuple((side, count, reason) for side, count in counts.items() if count)


def _draw_errors(random: np.random.Generator, rate_hz: float) -> dict[tuple[str, bool], _Errors]:
    """By side and whether it is near."""
    film_deg, is_fast = random.normal(0.0, _FILM_PITCH_DEG), rate_hz >= _LEAST_RATE_HZ
    return {
        (side, is_near): _Errors(
            pitch_deg=film_deg + random.normal(0.0, _FOOT_PITCH_DEG[is_near]),
            lowering_s=random.normal(0.0, _FOOT_LOWERING_S[is_fast, is_near]),
            speed=1.0 + random.normal(0.0, _SPEED_SHARE),
        )
        for side in SIDES
        for is_near in (True, False)
    }


def _near_side(truth: dict[str, Any], time_s: float, camera: PhoneCamera | None) -> Side | None:
    """The side nearer to the camera at a time."""
    index = sum(stretch["start_s"] <= time_s for stretch in truth["passes"]) - 1
    if camera is None:
        return truth["passes"][max(index, 0)]["near_side"]
    return camera.near_side if index <= 0 else other_side(camera.near_side)


def _contact(
    walker: Walker,
    plan: StridePlan,
    side: Side,
    time_s: float,
    rate_hz: float,
    is_near: bool,
    shared: _Errors,
    random: np.random.Generator,
) -> FootContact:
    """One contact, measured."""
    timing, leg = Timing.of(walker), plan.legs[side]
    start = float(np.round(timing.phase(np.array([time_s]))[0] - leg.lag)) + leg.lag
    flat_s = float(timing.time_s(np.array([start + leg.foot.flat]))[0]) - time_s
    after = np.arange(*_KEPT_S, 1.0 / rate_hz) + random.uniform(0.0, 1.0 / rate_hz)
    own = np.mod(timing.phase(time_s + after) - leg.lag, 1.0)
    rest = np.degrees(leg.foot.rest_pitch)
    # The method's zero is the foot's own rest; what this stride differs from the others fades as the foot lies down.
    true = np.degrees(pitch(leg.foot, own)) - rest
    error = shared.pitch_deg + random.normal(0.0, _OWN_PITCH_DEG)
    fading = np.clip(1 - after / flat_s, 0.0, 1.0)
    seen = true + error * fading + random.normal(0.0, _PICTURE_DEG, len(after))
    at_contact = float(np.degrees(leg.foot.contact_pitch) - rest + error + random.normal(0.0, _CONTACT_PITCH_DEG))
    late = (after >= -_LATE_SWING_S) & (after < 0)
    can_time = abs(at_contact) >= _LEAST_LOWERING_DEG
    has_speed = can_time and at_contact > 0 and rate_hz >= _LEAST_RATE_HZ
    nan = float("nan")
    speed = shared.speed * _lowering_speed_degps(walker, plan, side, start) if has_speed else nan
    return FootContact(
        side=side,
        contact_s=time_s + random.normal(0.0, _CONTACT_TIME_S),
        time_s=time_s + after,
        pitch_deg=seen,
        contact_pitch_deg=at_contact,
        late_swing_pitch_deg=float(seen[late].mean()) if late.any() else nan,
        lowering_s=_lowering_s(flat_s, rate_hz, shared, random) if can_time else nan,
        contact_type=_contact_type(at_contact),
        is_near=is_near,
        quality=float(np.clip(random.normal(0.7, 0.06), 0.45, 0.9)),
        lowering_error_s=(0.006 if rate_hz >= _LEAST_RATE_HZ else 0.010) if can_time else nan,
        lowering_speed_degps=speed,
        lowering_speed_error_degps=0.12 * speed,
    )


def _lowering_s(flat_s: float, rate_hz: float, shared: _Errors, random: np.random.Generator) -> float:
    """Time to flat as measured."""
    is_fast = rate_hz >= _LEAST_RATE_HZ
    bias_s = _FAST_BIAS_S if is_fast else _SLOW_GAIN * (_SLOW_MIDDLE_S - flat_s)
    return max(flat_s + bias_s + shared.lowering_s + random.normal(0.0, _CONTACT_LOWERING_S), 0.005)


def _lowering_speed_degps(walker: Walker, plan: StridePlan, side: Side, start: float) -> float:
    """Steepest mean fall of the forefoot over ``LOWERING_WINDOW_S``, deg/s."""
    timing, leg = Timing.of(walker), plan.legs[side]
    first_s = float(timing.time_s(np.array([start]))[0])
    time_s = first_s + np.linspace(0.0, 0.2, 401)
    angle = np.degrees(pitch(leg.foot, np.mod(timing.phase(time_s + 1e-9) - leg.lag, 1.0)))
    window = max(1, round(LOWERING_WINDOW_S / (time_s[1] - time_s[0])))
    return float(np.max(angle[:-window] - angle[window:]) / LOWERING_WINDOW_S)


def _contact_type(pitch_deg: float) -> ContactType:
    if pitch_deg >= _HEEL_DEG:
        return "heel"
    return "flat" if pitch_deg >= _FOREFOOT_DEG else "forefoot"
