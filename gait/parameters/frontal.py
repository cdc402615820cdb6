"""Measures of one stride seen from the front or from behind.

The walker comes nearer or goes away, so lengths are divided by a ruler that grows with the picture of the body: its
chain from shoulder to ankle, fitted over the whole pass because knees that bend shorten it. Angles need no ruler. The
phone may be held askew: the legs at double support, when both feet carry the body, say where up is.

Signs: lean and list are positive towards the side that is judged, lengths across the walkway are positive outwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gait.core.sides import SIDES, Side, other_side
from gait.core.trajectories import Trajectories
from gait.parameters.stride import Stride

#: The middle of single support that is read, as a share of it: the steps to and from it are left out (our estimate).
_MIDDLE = (0.2, 0.8)

#: The foot is read while it lies flat, as a share of the stride after contact (our estimate).
_FLAT = (0.12, 0.38)

#: Heel to toe landmark against leg length: foot length 0.152 of stature (Drillis & Contini 1966, as cited by Winter,
#: Biomechanics and Motor Control, table 4.1; from memory, not re-read), less 4 cm because the landmarks lie inside the
#: shoe (our measurement), over a leg of 0.53 of stature.
_FOOT_LL = 0.24

_CHAIN = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))


@dataclass(frozen=True, slots=True)
class _Walkway:
    """One pass, with what its distance from the camera does to lengths.

    Attributes
    ----------
    inside
        ``(n,)`` samples of the pass.
    leg_px
        ``(n,)`` one leg length, px, at each sample.
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
    middle = _single_support(stride)
    lean = _median(_trunk_deg(stride.trajectories)[middle]) - _upright_deg(stride)
    return float(_walkway(stride).towards(stride.side) * lean)


def trunk_sway_to_stance_deg(stride: Stride) -> float:
    """How far the trunk goes over from its double supports to the middle of this leg's single support."""
    lean = _trunk_deg(stride.trajectories)
    sway = _median(lean[_single_support(stride)]) - _over_double_supports(stride, lean)
    return float(_walkway(stride).towards(stride.side) * sway)


def trunk_list_deg(stride: Stride) -> float:
    """Lean of the trunk to this side that stays while both feet carry the body, against the line of the legs."""
    lean = _over_double_supports(stride, _trunk_deg(stride.trajectories)) - _upright_deg(stride)
    return float(_walkway(stride).towards(stride.side) * lean)


def neck_over_foot_ll(stride: Stride) -> float:
    """How far the neck stays inside the standing foot in the middle of single support; 0 is right above it."""
    walkway, tracks = _walkway(stride), stride.trajectories
    neck, ankle = tracks.point("neck"), tracks.landmark(stride.side, "ankle")
    up = np.tan(np.radians(_upright_deg(stride))) * (neck - ankle)[:, 1]
    gap = walkway.towards(stride.side) * ((ankle - neck)[:, 0] + up) / walkway.leg_px
    return _median(gap[_single_support(stride)])


def body_height_over_stance_ll(stride: Stride) -> float:
    """Height of neck and pelvis (mean) above the standing ankle in the middle of single support."""
    walkway, tracks = _walkway(stride), stride.trajectories
    body = (tracks.point("neck")[:, 1] + tracks.point("pelvis")[:, 1]) / 2
    height = (body - tracks.landmark(stride.side, "ankle")[:, 1]) / walkway.leg_px
    return _median(height[_single_support(stride)])


def hip_line_tilt_deg(stride: Stride) -> float:
    """How much lower this side's hip landmark is than the other one's at double supports, against the legs' upright."""
    tracks = stride.trajectories
    apart = tracks.landmark(stride.side, "hip") - tracks.landmark(other_side(stride.side), "hip")
    lower = np.degrees(np.arctan2(-apart[:, 1], np.abs(apart[:, 0])))
    rolled = _walkway(stride).towards(stride.side) * _upright_deg(stride)
    return float(_over_double_supports(stride, lower) - rolled)


def lateral_ankle_excursion_ll(stride: Stride) -> float:
    """How far the swinging ankle goes outwards of the straight way between its two places on the ground."""
    walkway, tracks = _walkway(stride), stride.trajectories
    out = walkway.towards(stride.side) * (tracks.landmark(stride.side, "ankle")[:, 0] - walkway.line_px)
    out = out / walkway.leg_px
    swing = _between(tracks, stride.toe_off_s, stride.end_s) & walkway.inside
    if swing.sum() < 3:
        return float("nan")
    ends_s = [stride.toe_off_s, stride.end_s]
    straight = np.interp(tracks.time_s, ends_s, np.interp(ends_s, tracks.time_s, out))
    return float(np.max((out - straight)[swing]))


def foot_progression_deg(stride: Stride) -> float:
    """Direction of the flat foot against the walkway, toes outwards +."""
    walkway, tracks = _walkway(stride), stride.trajectories
    heel, toe = (tracks.landmark(stride.side, end)[:, 0] for end in ("heel", "toe"))
    start_s, end_s = (stride.start_s + share * stride.duration_s for share in _FLAT)
    out = walkway.towards(stride.side) * (toe - heel) / walkway.leg_px
    across = _median(out[_between(tracks, start_s, end_s) & walkway.inside])
    return float(np.degrees(np.arcsin(np.clip(across / _FOOT_LL, -1.0, 1.0))))


def _walkway(stride: Stride) -> _Walkway:
    """The pass that holds the stride."""
    tracks = stride.trajectories
    index = tracks.pass_at(stride.start_s)
    if index is None:
        raise ValueError(f"a stride at {stride.start_s:.2f} s lies in no pass")
    inside = tracks.inside(tracks.passes[index])
    chain = np.mean([_chain_px(tracks, side) for side in SIDES], axis=0)
    time_s = tracks.time_s - stride.start_s
    nearness = _smooth(time_s, 1.0 / chain, inside, 2)
    body = (tracks.point("neck")[:, 0] + tracks.point("pelvis")[:, 0]) / 2
    across = tracks.landmark("left", "shoulder")[:, 0] - tracks.landmark("right", "shoulder")[:, 0]
    return _Walkway(
        inside,
        tracks.scale.leg_length_px / (nearness * np.nanmedian(chain)),
        _smooth(time_s, body, inside, 3),
        1 if _median(across[inside]) > 0 else -1,
    )


def _chain_px(tracks: Trajectories, side: Side) -> np.ndarray:
    """``(n,)`` length of the chain from shoulder to ankle, px."""
    bones = [tracks.landmark(side, upper) - tracks.landmark(side, lower) for upper, lower in _CHAIN]
    return np.sum([np.linalg.norm(bone, axis=1) for bone in bones], axis=0)


def _smooth(time_s: np.ndarray, values: np.ndarray, inside: np.ndarray, degree: int) -> np.ndarray:
    """``(n,)`` polynomial through the values of a pass; NaN where too little of it is seen."""
    chosen = inside & np.isfinite(values)
    if chosen.sum() <= degree + 1:
        return np.full(len(values), np.nan)
    return np.polyval(np.polyfit(time_s[chosen], values[chosen], degree), time_s)


def _trunk_deg(tracks: Trajectories) -> np.ndarray:
    """``(n,)`` lean of the line from pelvis to neck from the picture's vertical, to the right of the picture +."""
    return _lean_deg(tracks.point("pelvis"), tracks.point("neck"))


def _lean_deg(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return np.degrees(np.arctan2((high - low)[:, 0], (high - low)[:, 1]))


def _upright_deg(stride: Stride) -> float:
    """Where up is in the picture: the line from between the ankles to the pelvis at both double supports."""
    tracks = stride.trajectories
    between = np.mean([tracks.landmark(side, "ankle") for side in SIDES], axis=0)
    return _over_double_supports(stride, _lean_deg(between, tracks.point("pelvis")))


def _over_double_supports(stride: Stride, values: np.ndarray) -> float:
    """Mean of the medians of the stride's two double supports: what alternates with the step cancels."""
    tracks = stride.trajectories
    spans = ((stride.start_s, stride.other_toe_off_s), (stride.other_contact_s, stride.toe_off_s))
    return float(np.mean([_median(values[_between(tracks, *span)]) for span in spans]))


def _single_support(stride: Stride) -> np.ndarray:
    """``(n,)`` samples in the middle of this leg's single support."""
    start_s, length_s = stride.other_toe_off_s, stride.other_contact_s - stride.other_toe_off_s
    first_s, last_s = (start_s + share * length_s for share in _MIDDLE)
    return _between(stride.trajectories, first_s, last_s)


def _between(tracks: Trajectories, start_s: float, end_s: float) -> np.ndarray:
    return (tracks.time_s >= start_s) & (tracks.time_s <= end_s)


def _median(values: np.ndarray) -> float:
    """Median of what is seen, NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")
