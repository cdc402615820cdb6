"""Measures of one stride seen from the front or from behind.

The walker comes nearer or goes away, so lengths are divided by a ruler that grows with the picture of the body: its
chain from shoulder to ankle, fitted over the whole pass because knees that bend shorten it. Angles need no ruler. The
phone may be held askew: the legs at double support, when both feet carry the body, say where up is.

Signs: lean and list are positive towards the side that is judged, lengths across the walkway are positive outwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gait.core.sides import SIDES, Side
from gait.core.skeleton import LANDMARKS, MIDLINE
from gait.core.trajectories import Trajectories
from gait.parameters.spatial import step_width_ll
from gait.parameters.stride import Stride

#: The middle of single support that is read, as a share of it: the steps to and from it are left out (our estimate).
_MIDDLE = (0.2, 0.8)

#: The foot is read while it lies flat, as a share of the stride after contact (our estimate).
_FLAT = (0.12, 0.38)

#: The way of the swinging ankle is read from so much before toe-off on, as a share of the stride: a stiff leg rises
#: late, and its toe-off is then found 100 ms late (our measurement).
_BEFORE_TOE_OFF = 0.045

#: Heel to toe landmark against leg length: foot length 0.152 of stature (Drillis & Contini 1966, as cited by Winter,
#: Biomechanics and Motor Control, table 4.1; from memory, not re-read), less 4 cm because the landmarks lie inside the
#: shoe (our measurement), over a leg of 0.53 of stature.
_FOOT_LL = 0.24

#: A walker whose leg is smaller than this in the picture is too far away: one pixel then tilts the trunk by 1.7 deg, px
#: (our estimate).
_SMALLEST_LEG_PX = 60.0

_CHAIN = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))


@dataclass(frozen=True, slots=True)
class _Walkway:
    """One pass, with what its distance from the camera does to lengths.

    Attributes
    ----------
    inside
        ``(n,)`` samples of the pass in which the walker is large enough.
    leg_px
        ``(n,)`` one leg length, px, at each sample; NaN where the walker is too small.
    line_px
        ``(n,)`` column of the walking line: the path of neck and pelvis without their sway, px.
    left_is
        +1 when the walker's left is towards the right of the picture (seen from the front), -1 from behind.
    """

    inside: np.ndarray
    leg_px: np.ndarray
    line_px: np.ndarray
    left_is: int

    def towards(self, side: Side) -> int:
        """Sign, in the picture, of the walker's side."""
        return self.left_is if side == "left" else -self.left_is


def trunk_lean_over_stance_deg(stride: Stride) -> float:
    """Lean of the trunk (pelvis to neck) towards the standing leg in the middle of single support."""
    lean = middle_of_single_support(stride, _trunk_deg(stride.trajectories)) - _upright_deg(stride)
    return float(_walkway(stride).towards(stride.side) * lean)


def trunk_sway_to_stance_deg(stride: Stride) -> float:
    """How far the trunk goes over from its double supports to the middle of this leg's single support."""
    lean = _trunk_deg(stride.trajectories)
    sway = middle_of_single_support(stride, lean) - over_double_supports(stride, lean)
    return float(_walkway(stride).towards(stride.side) * sway)


def trunk_list_deg(stride: Stride) -> float:
    """Lean of the trunk to this side that stays while both feet carry the body, against the line of the legs."""
    lean = over_double_supports(stride, _trunk_deg(stride.trajectories)) - _upright_deg(stride)
    return float(_walkway(stride).towards(stride.side) * lean)


def neck_over_foot_ll(stride: Stride) -> float:
    """How far the neck stays inside the standing foot in the middle of single support; 0 is right above it."""
    walkway, tracks = _walkway(stride), stride.trajectories
    neck, ankle = _point(tracks, "neck"), _landmark(tracks, stride.side, "ankle")
    up = np.tan(np.radians(_upright_deg(stride))) * (neck - ankle)[:, 1]
    gap = walkway.towards(stride.side) * ((ankle - neck)[:, 0] + up) / walkway.leg_px
    return middle_of_single_support(stride, gap)


def body_height_over_stance_ll(stride: Stride) -> float:
    """Height of neck and pelvis (mean) above the standing ankle in the middle of single support."""
    walkway, tracks = _walkway(stride), stride.trajectories
    body = (_point(tracks, "neck")[:, 1] + _point(tracks, "pelvis")[:, 1]) / 2
    height = (body - _landmark(tracks, stride.side, "ankle")[:, 1]) / walkway.leg_px
    return middle_of_single_support(stride, height)


def body_rise_over_stance_ll(stride: Stride) -> float:
    """How much higher than on average over the walk neck and pelvis are in the middle of single support.

    The picture of a walker who comes nearer also rises or sinks; that part goes with the size of the picture and is
    taken off, so that what is left is the body's own rise.
    """
    walkway, tracks = _walkway(stride), stride.trajectories
    body = (_point(tracks, "neck")[:, 1] + _point(tracks, "pelvis")[:, 1]) / 2
    chosen = walkway.inside & np.isfinite(body) & np.isfinite(walkway.leg_px)
    if not chosen.any():
        return float("nan")
    nearer = np.stack([np.ones(len(body)), walkway.leg_px], axis=1)
    trend, *_ = np.linalg.lstsq(nearer[chosen], body[chosen], rcond=None)
    return middle_of_single_support(stride, (body - nearer @ trend) / walkway.leg_px)


def lateral_ankle_excursion_ll(stride: Stride) -> float:
    """How far the swinging ankle goes outwards of the straight way between its two places on the ground."""
    walkway, tracks = _walkway(stride), stride.trajectories
    out = walkway.towards(stride.side) * (_landmark(tracks, stride.side, "ankle")[:, 0] - walkway.line_px)
    out = out / walkway.leg_px
    ends_s = [stride.toe_off_s - _BEFORE_TOE_OFF * stride.duration_s, stride.end_s]
    swing = _between(tracks, *ends_s) & walkway.inside & np.isfinite(out)
    if swing.sum() < 3:
        return float("nan")
    straight = np.interp(tracks.time_s, ends_s, np.interp(ends_s, tracks.time_s[swing], out[swing]))
    return float(np.max((out - straight)[swing]))


def foot_progression_deg(stride: Stride) -> float:
    """Direction of the flat foot against the walkway, toes outwards +."""
    walkway, tracks = _walkway(stride), stride.trajectories
    heel, toe = (_landmark(tracks, stride.side, end)[:, 0] for end in ("heel", "toe"))
    start_s, end_s = (stride.start_s + share * stride.duration_s for share in _FLAT)
    out = walkway.towards(stride.side) * (toe - heel) / walkway.leg_px
    if tracks.passes[tracks.pass_at(stride.start_s) or 0].heading == "away":
        return float("nan")  # From behind the heel hides the toes.
    across = _median(out[_between(tracks, start_s, end_s) & walkway.inside])
    return float(np.degrees(np.arcsin(np.clip(across / _FOOT_LL, -1.0, 1.0))))


def base_width_ll(stride: Stride) -> float:
    """Distance of the heels across the walkway at this stride's last contact."""
    return step_width_ll(stride)


class _OnePass:
    """A pass of one film, told apart by identity: trajectories cannot change."""

    def __init__(self, tracks: Trajectories, index: int) -> None:
        self.tracks, self.index = tracks, index

    def __hash__(self) -> int:
        return hash((id(self.tracks), self.index))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _OnePass) and other.tracks is self.tracks and other.index == self.index


def _walkway(stride: Stride) -> _Walkway:
    """The pass that holds the stride."""
    index = stride.trajectories.pass_at(stride.start_s)
    if index is None:
        raise ValueError(f"a stride at {stride.start_s:.2f} s lies in no pass")
    return _walkway_of(_OnePass(stride.trajectories, index))


@lru_cache(maxsize=4)
def _walkway_of(one: _OnePass) -> _Walkway:
    """Asked for by every measure of every stride, so the last few are kept."""
    tracks, index = one.tracks, one.index
    inside = tracks.inside(tracks.passes[index])
    chain = np.mean([_chain_px(tracks, side) for side in SIDES], axis=0)
    time_s = tracks.time_s - tracks.passes[index].start_s
    nearness = _smooth(time_s, 1.0 / chain, inside, 2)
    body = (_point(tracks, "neck")[:, 0] + _point(tracks, "pelvis")[:, 0]) / 2
    across = _landmark(tracks, "left", "shoulder")[:, 0] - _landmark(tracks, "right", "shoulder")[:, 0]
    leg_px = tracks.scale.leg_length_px / (nearness * np.nanmedian(chain))
    is_large = inside & (leg_px >= _SMALLEST_LEG_PX)
    line_px = _smooth(time_s, body, inside, 3)
    return _Walkway(is_large, np.where(is_large, leg_px, np.nan), line_px, 1 if _median(across[inside]) > 0 else -1)


def _landmark(tracks: Trajectories, side: str, name: str) -> np.ndarray:
    """As ``tracks.landmark``, without its search by name: these measures ask for many."""
    position = tracks.data["position"].transpose("time", "side", "landmark", "space").values
    return position[:, SIDES.index(side), LANDMARKS.index(name)]  # pyright: ignore[reportArgumentType]


def _point(tracks: Trajectories, name: str) -> np.ndarray:
    """As ``tracks.point``, without its search by name."""
    return tracks.data["midline"].transpose("time", "point", "space").values[:, MIDLINE.index(name)]


def _chain_px(tracks: Trajectories, side: Side) -> np.ndarray:
    """``(n,)`` length of the chain from shoulder to ankle, px."""
    bones = [_landmark(tracks, side, upper) - _landmark(tracks, side, lower) for upper, lower in _CHAIN]
    return np.sum([np.linalg.norm(bone, axis=1) for bone in bones], axis=0)


def _smooth(time_s: np.ndarray, values: np.ndarray, inside: np.ndarray, degree: int) -> np.ndarray:
    """``(n,)`` polynomial through the values of a pass; NaN where too little of it is seen."""
    chosen = inside & np.isfinite(values)
    if chosen.sum() <= degree + 1:
        return np.full(len(values), np.nan)
    return np.polyval(np.polyfit(time_s[chosen], values[chosen], degree), time_s)


def _trunk_deg(tracks: Trajectories) -> np.ndarray:
    """``(n,)`` lean of the line from pelvis to neck from the picture's vertical, to the right of the picture +."""
    return _lean_deg(_point(tracks, "pelvis"), _point(tracks, "neck"))


def _lean_deg(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.degrees(np.arctan2((high - low)[:, 0], (high - low)[:, 1]))


def _upright_deg(stride: Stride) -> float:
    """Where up is in the picture: the line from between the ankles to the pelvis at both double supports."""
    tracks = stride.trajectories
    between = np.mean([_landmark(tracks, side, "ankle") for side in SIDES], axis=0)
    return over_double_supports(stride, _lean_deg(between, _point(tracks, "pelvis")))


def over_double_supports(stride: Stride, values: np.ndarray) -> float:
    """Mean of the medians of ``(n,)`` values in both double supports: what alternates with the steps cancels."""
    tracks = stride.trajectories
    spans = ((stride.start_s, stride.other_toe_off_s), (stride.other_contact_s, stride.toe_off_s))
    inside = _walkway(stride).inside
    return float(np.mean([_median(values[_between(tracks, *span) & inside]) for span in spans]))


def middle_of_single_support(stride: Stride, values: np.ndarray) -> float:
    """Mean of ``(n,)`` values in the middle of this leg's single support; a steady trend through it cancels."""
    start_s, length_s = stride.other_toe_off_s, stride.other_contact_s - stride.other_toe_off_s
    first_s, last_s = (start_s + share * length_s for share in _MIDDLE)
    chosen = values[_between(stride.trajectories, first_s, last_s) & _walkway(stride).inside]
    chosen = chosen[np.isfinite(chosen)]
    return float(np.mean(chosen)) if len(chosen) else float("nan")


def _between(tracks: Trajectories, start_s: float, end_s: float) -> np.ndarray:
    return (tracks.time_s >= start_s) & (tracks.time_s <= end_s)


def _median(values: np.ndarray) -> float:
    """Median of what is seen, NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
