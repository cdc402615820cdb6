"""One foot over one stride: a rigid sole that lands, lies, rolls off and swings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Heel and toe speed at landing and the slope of it, as fractions of the swing's mean speed. Our estimates from six
#: healthy walks with force plates (McGill, biomechZoo sample study): heel at 0.2-0.3 of walking speed at contact and
#: 1.2 of it 40 ms earlier; toe at up to 1.0 of it 20 ms after it leaves.
_LANDING_SPEED = 0.08
_LANDING_SLOPE = -3.85
_LEAVING_SLOPE = 8.0
#: How the pitch of a usual foot grows from heel rise to toe-off (power of time) and how soon after toe-off it turns
#: back, as a fraction of swing. Our estimates from the same walks: heel height peaks 40 to 70 ms after toe-off.
ROLL_POWER = 2.4
_TURN_BACK = 0.12
#: The foot comes up faster early in swing than late (power of time left; our estimate: level at 85 % of the stride).
_EARLY_RETURN = 1.7
#: Softness of the change from toe lowest to heel lowest in swing, as the sine of a pitch (our estimate).
_SOFTNESS = 0.35


@dataclass(frozen=True, slots=True)
class FootPlan:
    """How one foot moves; lengths in m, angles in rad, phases as fractions of the stride.

    Attributes
    ----------
    stride_m, foot_m
        Forward way of one stride; length of the sole.
    stance, flat, rise
        Phases of toe-off, of foot flat and of heel rise.
    contact_pitch
        At initial contact, toes up +.
    toe_off_pitch
        At toe-off, below 0.
    swing_pitch
        Extra pitch in the middle of swing.
    clearance_m
        Of the lowest point in the middle of swing.
    lift_m
        Extra height in early swing, which bends the knee.
    rest_pitch
        While the foot lies; 0 flat, above 0 it stands on the heel, below 0 on the toes.
    vault_pitch
        How far it rises on its toes in the middle of stance besides, above 0.
    roll_power
        Power of time with which the pitch grows from heel rise to toe-off.
    """

    stride_m: float
    foot_m: float
    stance: float
    flat: float
    rise: float
    contact_pitch: float
    toe_off_pitch: float
    swing_pitch: float
    clearance_m: float
    lift_m: float
    rest_pitch: float = 0.0
    vault_pitch: float = 0.0
    roll_power: float = ROLL_POWER


def swing_share(plan: FootPlan, phase: np.ndarray) -> np.ndarray:
    """Fraction of swing that has passed, 0 during stance."""
    return np.clip((phase - plan.stance) / (1.0 - plan.stance), 0.0, 1.0)


def pitch(plan: FootPlan, phase: np.ndarray) -> np.ndarray:
    """Foot pitch in rad, toes up +.

    Parameters
    ----------
    phase
        ``(n,)`` fraction of the stride since this foot's contact, 0 to 1.
    """
    lowering = np.clip(phase / plan.flat, 0.0, 1.0)
    rolling = np.clip((phase - plan.rise) / (plan.stance - plan.rise), 0.0, 1.0)
    sinking = (plan.contact_pitch - plan.rest_pitch) * (1 - lowering**2 * (3 - 2 * lowering))
    roll = plan.toe_off_pitch - plan.rest_pitch
    stance = plan.rest_pitch + sinking + roll * rolling**plan.roll_power - plan.vault_pitch * _vault_wave(plan, phase)
    share = swing_share(plan, phase)
    speed = roll * plan.roll_power * (1.0 - plan.stance) / (plan.stance - plan.rise)
    # Derivatives against the hurried clock, so that speed and turn-back hold against the true one.
    slope = (-speed / _TURN_BACK + speed * (_EARLY_RETURN - 1)) / _EARLY_RETURN**2
    hurried = 1 - (1 - share) ** _EARLY_RETURN
    swing = _quintic(hurried, plan.toe_off_pitch, plan.contact_pitch, speed / _EARLY_RETURN, 0.0, slope, 0.0)
    # The peak at 6/11 of swing lies where healthy ankles are most dorsiflexed: 84 % of the stride (curves of Schwartz
    # et al. 2008, J Biomech 41, 1639-1650, at a free speed).
    bump = share**3 * (1 - share) ** 2.5 / _BUMP_PEAK
    return np.where(phase < plan.stance, stance, swing + plan.swing_pitch * bump)


def _vault_wave(plan: FootPlan, phase: np.ndarray) -> np.ndarray:
    """Rise of a vaulting foot between foot flat and toe-off, greatest (1) in the middle of it."""
    share = np.clip((phase - plan.flat) / (plan.stance - plan.flat), 0.0, 1.0)
    return 16 * share**2 * (1 - share) ** 2


_BUMP_PEAK = (6 / 11) ** 3 * (5 / 11) ** 2.5


def heel_and_toe(plan: FootPlan, phase: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sole of one foot.

    Parameters
    ----------
    phase
        ``(n,)`` fraction of the stride since this foot's contact, 0 to 1.

    Returns
    -------
    tuple of numpy.ndarray
        Heel ``(n, 2)`` and toe ``(n, 2)`` in m (x forward from where the heel lies in this stance, y up from the
        floor) and the pitch ``(n,)`` in rad.
    """
    angle = pitch(plan, phase)
    along = plan.foot_m * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    flat_toe = np.array([plan.foot_m, 0.0])
    on_heel = (angle >= 0)[:, None]
    stance_toe = np.where(on_heel, along, flat_toe)
    toe = np.where((phase < plan.stance)[:, None], stance_toe, _swing_toe(plan, phase, angle))
    return toe - along, toe, angle


def _swing_toe(plan: FootPlan, phase: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Path of the toe in swing: leaves smoothly, lands with the heel (or toe) first."""
    share = swing_share(plan, phase)
    leaving, landing = (_toe_ahead(plan, angle) for angle in (plan.toe_off_pitch, plan.contact_pitch))
    way = plan.stride_m + landing - leaving
    forward = _quintic(share, 0.0, way, 0.0, _LANDING_SPEED * way, _LEAVING_SLOPE * way, _LANDING_SLOPE * way)
    softness = _SOFTNESS * 4 * share * (1 - share)
    sine = np.sin(angle)
    above_lowest = 0.5 * plan.foot_m * (sine + np.sqrt(sine**2 + softness**2))
    return np.stack([leaving + forward, above_lowest + _clearance(plan, share)], axis=-1)


def _toe_ahead(plan: FootPlan, angle: float) -> float:
    """Toe ahead of where the heel lies, of a foot that stands on its heel (above 0) or on its toe."""
    return plan.foot_m * max(np.cos(angle), float(angle < 0))


def _clearance(plan: FootPlan, share: np.ndarray) -> np.ndarray:
    """Height of the lowest point of the foot in swing: 0 at both ends only."""
    middle = share**2 * (1 - share) ** 2 * 16
    early = share**2 * (1 - share) ** 5 / ((2 / 7) ** 2 * (5 / 7) ** 5)
    late = 0.04 * share**3 * (1 - share)  # the foot still sinks as it lands (about 0.1 m/s in the walks above)
    return plan.clearance_m * middle + plan.lift_m * early + late


def _quintic(
    share: np.ndarray,
    start: float,
    end: float,
    start_speed: float,
    end_speed: float,
    start_slope: float,
    end_slope: float,
) -> np.ndarray:
    """Polynomial of degree five (minimum jerk) with given values, first and second derivatives at 0 and 1."""
    way = end - start
    a3 = 10 * way - 6 * start_speed - 4 * end_speed - 1.5 * start_slope + 0.5 * end_slope
    a4 = -15 * way + 8 * start_speed + 7 * end_speed + 1.5 * start_slope - end_slope
    a5 = 6 * way - 3 * start_speed - 3 * end_speed - 0.5 * start_slope + 0.5 * end_slope
    return start + share * (start_speed + share * (0.5 * start_slope + share * (a3 + share * (a4 + share * a5))))
