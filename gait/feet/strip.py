"""Pictures of one measured contact, so that a reader can judge what was measured.

The frames are read once more: holding the pictures of every contact until the median one is known would cost a long
film much memory, and these are cut at the film's own resolution.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from gait.core.feet import FootContact, FootStrip
from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.feet.crops import FrameSource, image_from_crop, to_first
from gait.feet.plan import StancePlan
from gait.feet.track import FootTrack

#: What a reader should see, in s from contact: late swing; then fractions of the lowering; then flat.
LATE_SWING_S = (-0.10, -0.05)
LOWERING_PARTS = (0.0, 0.35, 0.7, 1.0)
#: A foot that lowers in an unknown time is shown over this one, in s (the usual one, :mod:`gait.feet.fold`).
USUAL_LOWERING_S = 0.085
#: Width of a picture, and its reach above and below the middle of the foot, in heel-toe distances. What is higher than
#: half a shank is not shown: a strip never reaches a face.
WIDTH, ABOVE, BELOW = 2.3, 0.95, 0.4
#: Heel to toe is at most this many px in a strip: 7 pictures then fill a printed line at 300 dots an inch.
MAX_FOOT_PX = 120.0
#: Landmarks of the head that must lie above a picture by this many of its heights.
_HEAD = ("nose", "left_ear", "right_ear")
_CLEAR = 0.5


def make_strip(frames: FrameSource, pose: Pose, measured: Sequence[tuple[FootContact, FootTrack]]) -> FootStrip | None:
    """Picture the contact that is nearest to its foot's median pitch.

    Parameters
    ----------
    frames
        ``frames(start_s, end_s)`` streams upright RGB frames of that span.
    pose
        For the camera's motion, and to keep faces out.
    measured
        Contacts of one foot with what they were measured from.

    Returns
    -------
    FootStrip or None
        None without contacts, or where a head comes near the foot.
    """
    if not measured:
        return None
    middle = float(np.median([contact.contact_pitch_deg for contact, _ in measured]))
    # Of two equally near ones the better picture.
    contact, track = min(
        measured, key=lambda pair: (round(abs(pair[0].contact_pitch_deg - middle), 1), -pair[0].quality)
    )
    wanted = _moments(contact, track)
    if len(wanted) < 3:
        return None
    tolerance = 0.3 * float(np.median(np.diff(track.time_s)))
    pictures: list[np.ndarray] = []
    shown: list[int] = []
    for frame in frames(float(track.time_s[wanted[0]]) - tolerance, float(track.time_s[wanted[-1]]) + tolerance):
        row = int(np.argmin(np.abs(track.time_s[wanted] - frame.time_s)))
        if abs(track.time_s[wanted[row]] - frame.time_s) > tolerance:
            continue
        if _is_head_near(pose, frame, track, wanted[row]):
            return None
        pictures.append(_picture(pose, frame, track, wanted[row]))
        shown.append(wanted[row])
    if not pictures:
        return None
    return FootStrip(contact.side, contact.contact_s, track.time_s[shown], track.pitch_deg[shown], np.stack(pictures))


def _moments(contact: FootContact, track: FootTrack) -> list[int]:
    """Indices of the frames to show, increasing, each once."""
    lowering = contact.lowering_s if np.isfinite(contact.lowering_s) else USUAL_LOWERING_S
    after = [*LATE_SWING_S, *(part * lowering for part in LOWERING_PARTS)]
    wanted_s = [*(contact.contact_s + moment for moment in after), track.reference_s]
    seen = np.flatnonzero(np.isfinite(track.pitch_deg))
    nearest = {int(seen[np.argmin(np.abs(track.time_s[seen] - moment))]) for moment in wanted_s}
    return sorted(nearest)


def _window(plan: StancePlan, track: FootTrack, row: int) -> tuple[np.ndarray, tuple[int, int], float]:
    """Upper left corner (crop px), width and height (px) of a picture, and its px per crop px."""
    length = plan.length_px
    # At the film's own resolution: no pixel is made up.
    scale = min(1.0 / plan.scale, MAX_FOOT_PX / length)
    middle = 0.5 * (plan.foot_px[0] + plan.foot_px[1]) + track.shift_px[row] * [1.0, 0.0]
    corner = middle - [0.5 * WIDTH * length, ABOVE * length]
    return corner, (round(WIDTH * length * scale), round((ABOVE + BELOW) * length * scale)), scale


def _to_picture(pose: Pose, time_s: float, track: FootTrack, row: int) -> tuple[np.ndarray, tuple[int, int]]:
    """``(2, 3)`` map of a strip picture's px to the film's px, and the strip picture's width and height."""
    corner, size, scale = _window(track.plan, track, row)
    to_film = image_from_crop(track.plan, to_first(pose, time_s))
    to_crop = np.array([[1.0 / scale, 0.0, corner[0]], [0.0, 1.0 / scale, corner[1]], [0.0, 0.0, 1.0]])
    return to_film @ to_crop, size


def _picture(pose: Pose, frame: Frame, track: FootTrack, row: int) -> np.ndarray:
    """``(height, width, 3)`` uint8, walking to the right; what lies outside of the film repeats its edge."""
    matrix, size = _to_picture(pose, frame.time_s, track, row)
    # Cut a large foot large and shrink it by area: thin lines would flicker otherwise.
    fold = max(1, round(float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))))
    fine = np.array([[1.0 / fold, 0.0, 0.5 / fold - 0.5], [0.0, 1.0 / fold, 0.5 / fold - 0.5], [0.0, 0.0, 1.0]])
    large = (size[0] * fold, size[1] * fold)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    out = cv2.warpAffine(frame.image, matrix @ fine, large, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return out if fold == 1 else cv2.resize(out, size, interpolation=cv2.INTER_AREA)


def _is_head_near(pose: Pose, frame: Frame, track: FootTrack, row: int) -> bool:
    """Whether the walker's head may be in the picture."""
    matrix, (width, height) = _to_picture(pose, frame.time_s, track, row)
    head = pose.data["position"].sel(keypoint=list(_HEAD)).transpose("time", "keypoint", "space").values
    points = head[int(np.argmin(np.abs(pose.time_s - frame.time_s)))]
    points = points[np.isfinite(points).all(axis=1)]
    inside = (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T
    margin = _CLEAR * np.array([width, height])
    return bool(np.any(np.all((inside > -margin) & (inside < margin + [width, height]), axis=1)))
