"""Healthy adults drawn by lot: what false alarms are counted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from gait.core.errors import InputError
from gait.core.pose import Pose
from gait.core.trajectories import Heading
from gait.simulate.body import Body
from gait.simulate.phone import PhoneCamera
from gait.simulate.tasks import TaskWalker
from gait.simulate.values import BySide
from gait.simulate.walker import Walker

_GRAVITY = 9.81
#: Dimensionless speeds at which the curves of Schwartz et al. (2008, J Biomech 41, 1639-1650) stand: middles of very
#: slow (< 0.227), slow, free and fast.
_SPEEDS = (0.18, 0.295, 0.432, 0.568)


#: Draws how many standard deviations somebody is off.
Lot = Callable[[], float]


@dataclass(frozen=True, slots=True)
class _Norm:
    """A measure of healthy people against speed.

    Attributes
    ----------
    mean
        At the four speeds.
    sd
        Between people, at the four speeds.
    side_sd
        Of each side about the person's mean.
    """

    mean: tuple[float, float, float, float]
    sd: tuple[float, float, float, float]
    side_sd: float

    def draw(self, lot: Lot, speed: float) -> BySide:
        """Both sides of one person."""
        mean, sd = (float(np.interp(speed, _SPEEDS, values)) for values in (self.mean, self.sd))
        person = mean + sd * lot()
        return BySide(*(person + self.side_sd * lot() for _ in range(2)))


#: Means: Schwartz et al. 2008, as in the evidence notes (5.2). Between people: their standard deviations less what
#: putting markers on adds in quadrature (5 deg at the ankle, 3 deg at the knee; errors of 2 to 5 deg between sessions
#: are usual: McGinley et al. 2009, from memory, not re-read). Sides of one person: our estimates, so that left and
#: right differ by a few degrees, as healthy people's do (evidence notes 5.5; feet of 24 films of healthy people by
#: 1.9 deg, measurement included).
_NORMS: dict[str, _Norm] = {
    # Between Schwartz (68, 62, 59, 58 %) and walkway norms of adults (61 to 65 % at a free speed).
    "stance_pct": _Norm((67.0, 63.0, 61.0, 59.5), (2.0, 1.3, 1.2, 1.2), 0.4),
    # Foot against floor at contact = ankle less shank, of the same curves: 13, 16, 17, 19 deg barefoot; shod adults
    # land with about 20 deg at a free speed (our estimate), falling with speed.
    "contact_pitch_deg": _Norm((14.0, 17.0, 19.0, 20.5), (3.5, 3.5, 3.5, 3.5), 1.3),
    "push_off_plantarflexion_deg": _Norm((4.3, 13.6, 19.8, 22.0), (7.0, 6.5, 6.5, 6.5), 1.7),
    "swing_dorsiflexion_deg": _Norm((4.8, 3.8, 2.5, 2.2), (3.5, 3.0, 3.0, 3.0), 1.2),
    # 45, 55, 59, 61 deg; a made foot does not bend at its ball and needs more knee, within one sd of the norms.
    "swing_knee_deg": _Norm((52.0, 57.5, 60.5, 62.0), (4.0, 4.0, 4.0, 4.0), 1.3),
    "loading_knee_deg": _Norm((7.9, 12.7, 19.3, 23.7), (4.0, 4.5, 5.0, 5.0), 1.3),
    # Half of the range of the pelvis' obliquity.
    "pelvic_drop_deg": _Norm((2.2, 3.0, 4.1, 5.5), (0.8, 0.9, 1.1, 1.2), 0.5),
    # 7 (sd 7) deg out, of which markers 5 deg.
    "toe_out_deg": _Norm((6.0, 6.5, 6.4, 6.4), (4.0, 4.0, 4.0, 4.0), 1.5),
    "heel_valgus_deg": _Norm((3.0, 3.0, 3.0, 3.0), (2.0, 2.0, 2.0, 2.0), 0.7),
    # Arms swing with the speed; sizes and spread are our estimates.
    "arm_swing_deg": _Norm((11.0, 15.0, 20.0, 24.0), (2.5, 3.5, 4.5, 5.0), 1.2),
    "trunk_sway_deg": _Norm((1.8, 1.6, 1.4, 1.2), (0.8, 0.7, 0.6, 0.6), 0.3),
    "heel_rise_pct": _Norm((58.0, 57.0, 56.0, 55.0), (2.5, 2.5, 2.5, 2.5), 1.0),
}
#: Lowest and highest speed of people drawn by lot, and of the average, m/s.
_SPEED_MPS, _AVERAGE_MPS = (0.5, 1.7), (0.4, 2.0)
#: Step length at a free speed, in leg lengths at leg lengths a second, its exponent (Grieve 1968, Biomed Eng 3, 119,
#: from memory, not re-read) and its spread between people (our estimate).
_STEP_LL, _AT_LLPS, _EXPONENT, _STEP_SD = 0.70 / 0.90, 1.30 / 0.90, 0.42, 0.05
#: Step length of a side about the mean, and (left - right) / stride of step times: so that 95 % of people stay within
#: ratios of 1.08 and 1.1 (Patterson et al. 2008 and 2010, Arch Phys Med Rehabil 89, 304; Gait & Posture 31, 241).
_STEP_SIDE_SD, _STEP_TIME_SD = 0.012, 0.009
#: Contact to flat of a stride of 1.1 s (7 to 10 % of the cycle: Perry & Burnfield 2010, from memory), power of the
#: stride time with which it grows, spread between people and of a side (our estimates).
_FLAT_S, _FLAT_POWER, _FLAT_SD, _FLAT_SIDE_SD = 0.09, 0.6, 0.1, 0.03
#: Length of a walkway, m, and of a walk on a treadmill, s (our choice: a corridor, half a minute).
_WALKWAY_M, _TREADMILL_S = (5.0, 9.0), (15.0, 30.0)
#: Share of the pitch of feet on heels or toes that the network shows (our measurement, docs/tasks.md).
_FEET_SHOWN = 0.6
#: A walk is drawn again this often when its numbers make none.
_DRAWS = 50

View = Literal["sagittal", "frontal"]


def population(seed: int, view: View = "sagittal", speed_mps: float | None = None) -> Walker:
    """A healthy adult, drawn by lot.

    Walking speed is even between 0.5 and 1.7 m/s; stance, foot, ankle and knee go with it, as healthy people's do, so
    that a slow walker has a slow walker's push-off. People differ from each other, sides a little, strides by 1 to 3 %.

    Parameters
    ----------
    seed
        The same seed gives the same person and film.
    view
        From where the walk is filmed.
    speed_mps
        A speed to walk at; drawn when left out.

    Returns
    -------
    Walker
        Without a fault; filmed in one pass, there and back, or on a treadmill, at 30, 60 or 120 frames a second. Its
        pose has no errors (:meth:`Walker.pose`); :func:`film` gives it those of a real network.
    """
    random = np.random.default_rng([seed, 10])
    for _ in range(_DRAWS):
        try:
            return _draw(random, seed, view, speed_mps)
        except InputError:
            continue  # These numbers make no walk; draw again.
    raise InputError(f"{_DRAWS} draws at {speed_mps} m/s gave no walk; choose a speed between 0.5 and 1.7 m/s")


def film(walker: Walker | TaskWalker, seed: int) -> Pose:
    """The walk or task as a phone and a pose network would give it; see :func:`phone`."""
    return phone(walker, seed).film(walker.motion())


def phone(filmed: Walker | TaskWalker, seed: int) -> PhoneCamera:
    """A phone as people hold it, with a pose network whose errors were measured on rendered films.

    Parameters
    ----------
    filmed
        Who is filmed; gives view, near side and frame rate.
    seed
        Of how the phone is held, and of the errors.

    Returns
    -------
    PhoneCamera
        A few degrees off the exact view (standard deviation 3 deg), at the height of hip to chest, still or shaken by
        a hand; random errors 0.7 to 1.3 times those measured, constant and repeating ones in full. Nearest where it
        shows the whole walk.
    """
    random = np.random.default_rng([seed, 11])
    walker = filmed.walker() if isinstance(filmed, TaskWalker) else filmed
    is_unusual = isinstance(filmed, TaskWalker) and filmed.task in ("heel_walk", "toe_walk")
    off_deg = float(np.clip(3.0 * random.standard_normal(), -8.0, 8.0))
    if walker.view == "frontal":
        off_deg = 90.0 - abs(off_deg) if walker.heading != "away" else -90.0 + abs(off_deg)
    near = "right" if walker.first_near_side is None else walker.first_near_side
    return PhoneCamera(
        angle_deg=off_deg,
        near_side=near,
        height_m=float(random.uniform(0.9, 1.4)),
        rate_hz=walker.rate_hz,
        rate_jitter_pct=float(random.choice([0.0, 3.0])),
        noise=float(random.uniform(0.7, 1.3)),
        offsets=1.0,
        repeating=1.0,
        feet_shown=_FEET_SHOWN if is_unusual else 1.0,
        swaps=float(random.choice([0.0, 0.0, 0.02])),
        missing=float(random.choice([0.0, 0.01])),
        shake_px=float(random.choice([0.0, 0.0, 1.5])),
        seed=seed,
    )


def average(speed_mps: float, height_m: float = 1.75) -> Walker:
    """The mean healthy adult of this height at this speed, without any difference of sides or strides.

    Raises
    ------
    InputError
        When nobody of this height walks at this speed.
    """
    low, high = _AVERAGE_MPS
    if not low <= speed_mps <= high:
        raise InputError(f"the speed is {speed_mps:g} m/s, expected {low:g} to {high:g} m/s, as healthy adults walk")
    return _person(lambda: 0.0, speed_mps, height_m)


def _lot(random: np.random.Generator) -> float:
    """Standard normal, cut at two: whoever is farther off would be called unusual by a specialist, too."""
    while True:
        drawn = float(random.standard_normal())
        if abs(drawn) <= 2.0:
            return drawn


def _draw(random: np.random.Generator, seed: int, view: View, speed_mps: float | None) -> Walker:
    """One person with their film."""
    height = float(np.clip(1.70 + 0.09 * random.standard_normal(), 1.5, 1.95))
    speed = float(random.uniform(*_SPEED_MPS)) if speed_mps is None else speed_mps
    made = replace(
        _person(partial(_lot, random), speed, height),
        stride_time_cv_pct=float(random.uniform(1.0, 3.0)),
        step_length_cv_pct=float(random.uniform(1.0, 3.0)),
        trunk_nod_deg=float(random.uniform(0.7, 1.8)),
        weight_shift=BySide.both(float(random.uniform(0.8, 1.3))),
        rate_hz=float(random.choice([30.0, 60.0, 120.0], p=[0.55, 0.35, 0.1])),
        start_phase=float(random.uniform()),
        seed=seed,
    )
    return _routed(made, random, view, speed)


def _person(lot: Lot, speed: float, height: float) -> Walker:
    """Someone of this height who walks at this speed, m/s."""
    leg = Body(height).leg_m
    dimensionless = speed / np.sqrt(_GRAVITY * leg)
    step = _STEP_LL * (speed / leg / _AT_LLPS) ** _EXPONENT * (1 + _STEP_SD * lot())
    stride_s = 2 * step * leg / speed
    uneven = _STEP_SIDE_SD * lot()
    flat = _FLAT_S * (stride_s / 1.1) ** _FLAT_POWER * (1 + _FLAT_SD * lot())
    made: dict[str, Any] = {name: norm.draw(lot, dimensionless) for name, norm in _NORMS.items()}
    return Walker(
        stride_time_s=stride_s,
        step_length_ll=BySide(step * (1 + uneven), step * (1 - uneven)),
        step_width_ll=0.11 + 0.025 * lot(),
        step_time_asymmetry=_STEP_TIME_SD * lot(),
        contact_to_flat_s=BySide(*(flat * (1 + _FLAT_SIDE_SD * lot()) for _ in range(2))),
        clearance_m=BySide.both(0.025 + 0.005 * lot()),
        trunk_lean_deg=3.0 + 2.0 * lot(),
        trunk_list_deg=0.5 * lot(),
        trunk_rotation_deg=float(np.interp(dimensionless, _SPEEDS, (5.5, 6.5, 8.5, 10.5))) * (1 + 0.15 * lot()),
        pelvic_tilt_deg=0.4 * lot(),
        height_m=height,
        **made,
    )


def _routed(walker: Walker, random: np.random.Generator, view: View, speed: float) -> Walker:
    """The same walk, once along a corridor, there and back, or on a treadmill."""
    route = random.choice(["one_pass", "there_and_back", "treadmill"], p=[0.45, 0.4, 0.15])
    way_s = float(random.uniform(*_WALKWAY_M)) / speed
    turned = bool(random.random() < 0.5)
    along: Heading = ("right_to_left" if turned else "left_to_right") if view == "sagittal" else "towards"
    if route == "treadmill":
        duration = float(random.uniform(*_TREADMILL_S))
    else:
        duration = way_s if route == "one_pass" else 2 * way_s + 1.5 * walker.stride_time_s
    return replace(
        walker,
        view=view,
        heading="in_place" if route == "treadmill" else along,
        there_and_back=route == "there_and_back",
        # Nobody films less than three strides and expects an answer.
        duration_s=max(duration, 4.0 * walker.stride_time_s),
    )
