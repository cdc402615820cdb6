"""Lengths of one stride, in leg lengths and, where a metre is known, in m."""

from __future__ import annotations

import numpy as np

from gait.core.sides import SIDES, other_side
from gait.parameters.stride import FOOT, Stride

#: A foot is read in this part of a stride after its contact, at so many instants: flat, and not yet rising. The median
#: of them is its place, so that a moment in which the network confused the legs does not count.
_SETTLED = (0.10, 0.40)
_INSTANTS = 13


def _foot_forward(stride: Stride, side: str, times_s: np.ndarray) -> np.ndarray:
    """``(n,)`` px: forward places of a foot, mean of ankle, heel and toe, each the others' check; NaN where unseen."""
    time_s = stride.trajectories.time_s
    foot = np.mean([stride.tracks[side, landmark] for landmark in FOOT], axis=0)
    inside = (times_s >= time_s[0]) & (times_s <= time_s[-1])
    return np.where(inside, stride.facing * np.interp(times_s, time_s, foot), np.nan)


def _carried(stride: Stride, from_s: float, to_s: np.ndarray) -> np.ndarray:
    """``(n,)`` px: how far the belt carries a standing foot between two times; 0 over ground."""
    if not stride.trajectories.is_treadmill:
        return np.zeros(len(to_s))
    return float(np.nanmean(stride.trajectories.data["speed"].values)) * (to_s - from_s)


def _placed(stride: Stride, side: str, contact_s: float) -> float:
    """Where on the ground (or the belt) a foot stands after a contact: read while it stands, not while it lands.

    The ground of a treadmill is the belt as it lay at the start of the stride.
    """
    standing_s = contact_s + np.linspace(*_SETTLED, _INSTANTS) * stride.duration_s
    places = _foot_forward(stride, side, standing_s) + _carried(stride, stride.start_s, standing_s)
    seen = places[np.isfinite(places)]
    return float(np.median(seen)) if len(seen) else float("nan")


#: Foot and pelvis travel equally far in a stride; where they differ by more than this part, a foot was misread, most
#: often cut off by the edge of the picture (96 of 100 strides of rendered and healthy films agree within 6 %, steps
#: beyond 8 % were wrong by 10 to 50 cm; our measurement).
_LARGEST_DISAGREEMENT = 0.08


def stride_length_ll(stride: Stride) -> float:
    """Distance between this foot's two places on the ground, in leg lengths; NaN where the pelvis says otherwise."""
    travel = _placed(stride, stride.side, stride.end_s) - _placed(stride, stride.side, stride.start_s)
    if not stride.trajectories.is_treadmill:
        pelvis = stride.pelvis_forward(stride.end_s) - stride.pelvis_forward(stride.start_s)
        if abs(travel - pelvis) > _LARGEST_DISAGREEMENT * abs(pelvis):
            return float("nan")
    return travel / stride.trajectories.scale.leg_length_px


def step_length_ll(stride: Stride) -> float:
    """From the other foot's place on the ground to this foot's next one, in leg lengths; NaN in a misread stride."""
    if not np.isfinite(stride_length_ll(stride)):
        return float("nan")
    other = other_side(stride.side)
    travel = _placed(stride, stride.side, stride.end_s) - _placed(stride, other, stride.other_contact_s)
    return travel / stride.trajectories.scale.leg_length_px


def _metres(stride: Stride) -> float:
    """Metres in a leg length, NaN where no metre is known."""
    scale = stride.trajectories.scale
    return float("nan") if scale.m_per_px is None else scale.m_per_px * scale.leg_length_px


def stride_length_m(stride: Stride) -> float:
    """Stride length in m."""
    return stride_length_ll(stride) * _metres(stride)


def step_length_m(stride: Stride) -> float:
    """Step length in m."""
    return step_length_ll(stride) * _metres(stride)


def walking_speed_llps(stride: Stride) -> float:
    """Stride length over stride time, leg lengths per s."""
    return stride_length_ll(stride) / stride.duration_s


def walking_speed_mps(stride: Stride) -> float:
    """Stride length over stride time, m/s."""
    return stride_length_m(stride) / stride.duration_s


_CHAIN = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))

#: Step width is read this long after a contact, in s, when the foot has come down (our estimate).
_WIDTH_AFTER_S = 0.06


def step_width_ll(stride: Stride) -> float:
    """Distance of the heels across the walkway just after this foot's contact, seen from the front, in leg lengths.

    The walker's size in the picture changes with the distance, so the body itself is the ruler: the chain from shoulder
    to ankle at that instant against its median. Feet that cross give a negative width.
    """
    tracks, time_s = stride.trajectories, stride.end_s + _WIDTH_AFTER_S
    sample = int(np.argmin(np.abs(tracks.time_s - time_s)))
    chain = np.mean([_chain_px(stride, side) for side in SIDES], axis=0)
    # Seen from the front the walker's left is on the right of the picture, from behind on the left.
    towards = np.sign(tracks.landmark("left", "shoulder")[sample, 0] - tracks.landmark("right", "shoulder")[sample, 0])
    apart = tracks.landmark("left", "heel")[sample, 0] - tracks.landmark("right", "heel")[sample, 0]
    ruler = tracks.scale.leg_length_px * chain[sample] / np.nanmedian(chain)
    return float(towards * apart / ruler)


def _chain_px(stride: Stride, side: str) -> np.ndarray:
    """Length of the chain from shoulder to ankle over time, px."""
    tracks = stride.trajectories
    bones = [tracks.landmark(side, upper) - tracks.landmark(side, lower) for upper, lower in _CHAIN]
    return np.sum([np.linalg.norm(bone, axis=1) for bone in bones], axis=0)


def step_width_m(stride: Stride) -> float:
    """Step width in m."""
    return step_width_ll(stride) * _metres(stride)


#: Step length against speed in healthy adults: a power law through 0.70 m at 1.30 m/s for a leg of 0.90 m (mean of the
#: adult norms, findings/data/norms.csv), exponent from Grieve 1968, Biomed Eng 3, 119-122 (from memory, not re-read).
_USUAL_STEP_LL = 0.70 / 0.90
_USUAL_SPEED_LLPS = 1.30 / 0.90
_STEP_EXPONENT = 0.42


def step_length_for_speed_pct(stride: Stride) -> float:
    """Mean step of this stride as a share of what is usual at this speed, in %."""
    usual = _USUAL_STEP_LL * (max(walking_speed_llps(stride), 1e-3) / _USUAL_SPEED_LLPS) ** _STEP_EXPONENT
    return 100.0 * 0.5 * stride_length_ll(stride) / usual
