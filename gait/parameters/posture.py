"""How the foot stands and how high it is carried, read off landmarks and not off curves that are zeroed to the foot."""

from __future__ import annotations

import numpy as np

from gait.parameters.stride import Stride

#: The foot of a healthy walker lies flat in this part of the cycle, in %: after loading, before the heel rises at 30 to
#: 40 % (Perry & Burnfield 2010, ch. 3; from memory, not re-read).
_FLAT_PCT = (15.0, 30.0)

#: The foot has come down in the last part of loading, from this share of it on, and the other leg passes in
#: these shares of single support, before the heel of a healthy walker rises (our choice).
_SETTLED = 0.8
_PASSING = (0.1, 0.5)

#: The middle of swing, as shares of it: after the toe has left the floor and before the foot is lowered (our choice).
_MID_SWING = (0.25, 0.75)


def standing_foot_pitch_deg(stride: Stride) -> float:
    """Line from heel to toe against the horizontal while the foot should lie flat, deg; toes up +.

    Not counted from the foot's own stillest moments, as ``foot_pitch`` is: a foot whose heel never comes down would
    there be flat by definition.
    """
    first_s, last_s = (stride.start_s + share / 100.0 * stride.duration_s for share in _FLAT_PCT)
    seen = _line_pitch(stride, first_s, last_s)
    return float(np.median(seen)) if len(seen) else float("nan")


def midstance_foot_pitch_deg(stride: Stride) -> float:
    """Mean pitch of this foot in the first half of its single support against its pitch just before; heel up negative.

    The other leg swings past then; who vaults rises onto the forefoot to let it through. The foot's own stillest
    moments are no zero for it: they may be those on the forefoot.
    """
    support_s = stride.other_contact_s - stride.other_toe_off_s
    loading_s = stride.other_toe_off_s - stride.start_s
    if not (np.isfinite(support_s) and support_s > 0):
        return float("nan")
    before = _line_pitch(stride, stride.start_s + _SETTLED * loading_s, stride.other_toe_off_s)
    first_s, last_s = (stride.other_toe_off_s + share * support_s for share in _PASSING)
    during = _line_pitch(stride, first_s, last_s)
    return float(np.mean(during) - np.mean(before)) if len(before) and len(during) else float("nan")


def toe_clearance_ll(stride: Stride) -> float:
    """Lowest toe in mid-swing above its own stance height, in leg lengths."""
    swinging, standing = _toe_heights(stride)
    if not len(standing) or not len(swinging):
        return float("nan")
    return float(np.min(swinging) - np.median(standing)) / stride.trajectories.scale.leg_length_px


def mid_swing_toe_height_ll(stride: Stride) -> float:
    """Mean height of the toe in mid-swing above its own stance height, in leg lengths."""
    swinging, standing = _toe_heights(stride)
    if not len(standing) or not len(swinging):
        return float("nan")
    return float(np.mean(swinging) - np.median(standing)) / stride.trajectories.scale.leg_length_px


def _toe_heights(stride: Stride) -> tuple[np.ndarray, np.ndarray]:
    """Seen heights of the toe in mid-swing and in flat stance, px."""
    up = stride.trajectories.landmark(stride.side, "toe")[:, 1]
    swing_s = stride.end_s - stride.toe_off_s
    swinging = _between(stride, up, *(stride.toe_off_s + share * swing_s for share in _MID_SWING))
    standing = _between(stride, up, *(stride.start_s + share * stride.duration_s for share in (0.15, 0.4)))
    return swinging[np.isfinite(swinging)], standing[np.isfinite(standing)]


def _line_pitch(stride: Stride, start_s: float, end_s: float) -> np.ndarray:
    """Seen inclinations of the line from heel to toe in a time window, deg; toes up +."""
    heel, toe = (
        _between(stride, stride.trajectories.landmark(stride.side, name), start_s, end_s) for name in ("heel", "toe")
    )
    along, up = stride.facing * (toe[:, 0] - heel[:, 0]), toe[:, 1] - heel[:, 1]
    pitch = np.degrees(np.arctan2(up, along))
    return pitch[np.isfinite(pitch)]


def _between(stride: Stride, track: np.ndarray, start_s: float, end_s: float) -> np.ndarray:
    """Samples of a track in a time window."""
    time_s = stride.trajectories.time_s
    return track[(time_s >= start_s) & (time_s <= end_s)]
