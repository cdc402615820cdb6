"""From a pose to trajectories: one function that shows the order of the steps."""

from __future__ import annotations

import numpy as np
import xarray as xr

from gait.core.errors import NotEnoughDataError
from gait.core.pose import Pose
from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS, LANDMARKS, MIDLINE
from gait.core.subject import Subject
from gait.core.trajectories import JOINTS, Pass, Trajectories
from gait.trajectories import angles
from gait.trajectories.clean import Cleaning, gate, resample, smooth
from gait.trajectories.perspective import seen_angle_deg, take_off, view_error
from gait.trajectories.scale import leg_length_px, measure_scale
from gait.trajectories.spot import find_stretches, standing_feet
from gait.trajectories.standing import find_standing
from gait.trajectories.swaps import undo_swaps
from gait.trajectories.view import Straightness, corrected_view, find_passes, find_view

#: Less than this of the walker in full view cannot be judged, in s (our estimate: about two strides); motion capture,
#: which is sure of every sample and often covers a few steps only, needs about one.
MIN_SEEN_S = 2.0
MIN_SEEN_CAPTURE_S = 1.0

#: Keypoints this close to the left or right edge, as a fraction of the picture's width, are not believed (our estimate:
#: a twentieth of a step; on the rendered clips it removes the false last contact of a walker who leaves the picture).
EDGE_FRACTION = 0.01

#: Legs tilted more than this are not those of someone walking upright in an upright film, in deg (our estimate).
MAX_TILT_DEG = 45.0


def build_trajectories(
    pose: Pose,
    subject: Subject,
    cleaning: Cleaning | None = None,
    straightness: Straightness | None = None,
    treadmill_speed_mps: float | None = None,
    view_kind: str = "auto",
    zero_to_standing: bool = False,
    min_seen_s: float | None = None,
    on_the_spot: bool = False,
) -> Trajectories:
    """Clean, steady and measure a pose.

    Parameters
    ----------
    pose
        Keypoints of the walker.
    subject
        For the scale.
    cleaning, straightness
        Settings; the defaults when None.
    treadmill_speed_mps
        Belt speed, when the walker is known to walk on a treadmill, in m/s.
    view_kind
        ``auto``, ``sagittal`` or ``frontal``; what the user says wins over what is seen.
    zero_to_standing
        Whether joint angles are counted from this person's own quiet standing, where the film shows it. Better for
        comparing visits; not to be held against norms, which were measured without it.
    min_seen_s
        Shorter walks are refused, in s; None asks for as much as a film (or a capture) needs.
    on_the_spot
        Whether the clip shows a task that is done standing: then nobody has to walk, and a pass is a stretch in which
        the person is in full view and faces one way.

    Raises
    ------
    NotEnoughDataError
        Nobody is seen long enough, legs or feet are hidden or outside of the picture, or nobody walks.
    """
    cleaning, straightness = cleaning or Cleaning(), straightness or Straightness()
    time_s, position = _clean_on_grid(pose, cleaning, is_walk=not on_the_spot)
    sided = _by_side(position)
    seen = _feet_seen(sided, both=not on_the_spot)
    _require_seen(pose, seen, time_s, min_seen_s)
    _require_upright(sided, seen, "shoulder" if on_the_spot else "hip")
    view = find_view(standing_feet(sided) if on_the_spot else sided, seen)
    if view_kind in ("sagittal", "frontal"):
        view = type(view)(view_kind, 1.0, view.angle_deg)  # pyright: ignore[reportArgumentType]
    if on_the_spot:
        passes = find_stretches(sided, seen, time_s, view)
    else:
        passes = find_passes(sided, seen, time_s, view, leg_length_px(sided[seen]), straightness)
    if not passes:
        raise NotEnoughDataError(
            "The person in this film does not walk straight for as long as one second while in full view; "
            "expected someone walking past the camera. Film several steps from the side, the whole body in view.",
            "nobody_walks",
        )
    extra_error = 0.0
    if pose.m_per_px is None and view.kind != "frontal" and not on_the_spot:
        position, walkways = take_off(position, passes, pose, time_s)
        sided = _by_side(position)
        if view_kind == "auto":
            view = corrected_view(view, seen_angle_deg(walkways))
        extra_error = view_error(walkways)
    scale = measure_scale(sided, seen, subject, None, pose.m_per_px, extra_error)
    in_place = [stretch for stretch in passes if stretch.heading == "in_place"]
    is_treadmill = not on_the_spot and view.kind != "frontal" and bool(in_place) and len(in_place) == len(passes)
    belt_px = _belt_speed(sided, passes, time_s) if is_treadmill else None
    if treadmill_speed_mps and belt_px:
        scale = measure_scale(sided, seen, subject, (treadmill_speed_mps, belt_px), pose.m_per_px, extra_error)
    midline = _midline(position)
    standing = find_standing(sided, midline, time_s, scale.leg_length_px) if zero_to_standing else None
    zero_deg = np.zeros((len(SIDES), len(JOINTS))) if standing is None else standing.zero_deg
    # A lifted foot hangs still, but not flat.
    feet = standing_feet(sided) if on_the_spot else sided
    data = _dataset(time_s, sided, feet, midline, pose, passes, belt_px if is_treadmill else None, zero_deg)
    return Trajectories(
        data,
        passes,
        view,
        scale,
        cleaning.cutoff_hz,
        is_treadmill,
        source_rate_hz=1.0 / float(np.median(np.diff(pose.time_s))),
        is_capture=pose.m_per_px is not None,
        standing_s=None if standing is None else (standing.start_s, standing.end_s),
    )


def _clean_on_grid(pose: Pose, cleaning: Cleaning, *, is_walk: bool) -> tuple[np.ndarray, np.ndarray]:
    """Evenly timed, steadied, smoothed keypoints ``(n, keypoints, 2)`` px, y up.

    Swapped legs are told by the rhythm of walking, so only there.
    """
    if len(pose.time_s) < 8:
        raise NotEnoughDataError(
            f"The film has {len(pose.time_s)} pictures; at least some seconds of walking are needed."
        )
    raw = undo_swaps(steady(pose), pose.time_s)[0] if is_walk else steady(pose)
    kept = gate(raw, pose.data["confidence"].values, pose.time_s, cleaning)
    rate = max(cleaning.rate_hz, 1.0 / float(np.median(np.diff(pose.time_s))))
    count = int(np.floor((pose.time_s[-1] - pose.time_s[0]) * rate)) + 1
    time_s = pose.time_s[0] + np.arange(count) / rate
    even = smooth(resample(kept, pose.time_s, time_s, cleaning.max_gap_s), rate, cleaning.cutoff_hz)
    return time_s, even * np.array([1.0, -1.0]) + np.array([0.0, pose.height_px])


def steady(pose: Pose) -> np.ndarray:
    """Keypoints ``(n, keypoints, 2)`` px as a camera at rest would have seen them, y down; NaN near the edges."""
    inside = _inside_picture(pose)
    return inside if pose.camera is None else pose.camera.apply(inside)


def _inside_picture(pose: Pose) -> np.ndarray:
    """Keypoints ``(n, keypoints, 2)`` px, blank near the left and right edge of a film.

    Where a limb is cut by the edge the network draws what is left of it inside the picture, and a foot that leaves
    seems to stop there.
    """
    raw = pose.data["position"].transpose("time", "keypoint", "space").values
    if pose.m_per_px is not None:
        return raw  # Motion capture has no picture.
    margin = EDGE_FRACTION * pose.width_px
    is_inside = (raw[..., 0] > margin) & (raw[..., 0] < pose.width_px - margin)
    return np.where(is_inside[..., None], raw, np.nan)


def _by_side(position: np.ndarray) -> np.ndarray:
    """``(n, 2 sides, landmarks, 2)`` of ``(n, keypoints, 2)``."""
    return np.stack([position[:, [KEYPOINTS.index(f"{s}_{name}") for name in LANDMARKS]] for s in SIDES], axis=1)


def _feet_seen(sided: np.ndarray, *, both: bool) -> np.ndarray:
    """``(n,)`` samples in which the pelvis and both feet are there, or at least one: a leg that stands hides the other.

    A knee or shoulder that is hidden for a moment leaves a gap in its own angles only.
    """
    needed = [LANDMARKS.index(name) for name in ("hip", "ankle", "heel", "toe")]
    left, right = (np.isfinite(sided[:, side][:, needed]).all(axis=(1, 2)) for side in range(2))
    return np.asarray(left & right if both else left | right)


def _require_seen(pose: Pose, seen: np.ndarray, time_s: np.ndarray, min_seen_s: float | None) -> None:
    """Refuse films in which the walker cannot be judged, saying which part is missing."""
    step_s = float(np.median(np.diff(time_s)))
    usual_s = MIN_SEEN_S if pose.m_per_px is None else MIN_SEEN_CAPTURE_S
    needed_s = usual_s if min_seen_s is None else min_seen_s
    if seen.sum() * step_s >= needed_s:
        return
    confidence = pose.data["confidence"]
    if float((confidence.max("keypoint") > 0.5).sum()) * float(np.median(np.diff(pose.time_s))) < needed_s / 2:
        raise NotEnoughDataError(
            f"A person was seen for less than {needed_s / 2:.1f} s in this film; expected someone who walks through "
            "the picture. Film the whole person for at least 5 s of walking.",
            "no_person",
        )
    hidden = [
        f"{side} {part}"
        for side in SIDES
        for part in ("hip", "knee", "ankle", "heel", "toe")
        if float((confidence.sel(keypoint=f"{side}_{part}") > 0.3).mean()) < 0.4
    ]
    parts = ", ".join(hidden) if hidden else "at every moment some part of the legs"
    raise NotEnoughDataError(
        f"The whole walker is seen for {seen.sum() * step_s:.1f} s only (hidden or outside of the picture: {parts}); "
        f"expected at least {needed_s:.0f} s with both feet in the picture. Film from farther away, "
        "head to feet, with nothing in front of the legs.",
        "feet_not_visible",
    )


def _require_upright(sided: np.ndarray, seen: np.ndarray, top: str) -> None:
    """Refuse films that lie on their side: the walker's hips (or shoulders, for who sits) must be above the feet."""
    leg = np.nanmean(sided[seen][:, :, LANDMARKS.index(top)] - sided[seen][:, :, LANDMARKS.index("ankle")], axis=1)
    tilt = float(np.nanmedian(np.degrees(np.arctan2(np.abs(leg[:, 0]), leg[:, 1]))))
    if tilt > MAX_TILT_DEG:
        raise NotEnoughDataError(
            f"The walker is tilted by {tilt:.0f} degrees in the picture; expected someone upright. The film lies on "
            "its side: turn it upright on the phone or computer and save it again.",
            "film_on_its_side",
        )


def _midline(position: np.ndarray) -> np.ndarray:
    """``(n, points, 2)`` px of head, neck and pelvis."""
    pairs = {"head": ("left_ear", "right_ear"), "neck": ("left_shoulder", "right_shoulder")}
    pairs["pelvis"] = ("left_hip", "right_hip")
    return np.stack([position[:, [KEYPOINTS.index(k) for k in pairs[point]]].mean(axis=1) for point in MIDLINE], axis=1)


def _belt_speed(sided: np.ndarray, passes: tuple[Pass, ...], time_s: np.ndarray) -> float:
    """Speed of the belt in px/s: how fast a foot that lies flat is carried backwards.

    Flat is a foot whose heel and toe are carried at the same speed (while it rolls they differ) and keep it (at the
    turn from swing to stance they do not). The median over those samples of both feet.
    """
    heel, toe = (np.gradient(sided[:, :, LANDMARKS.index(end), 0], time_s, axis=0) for end in ("heel", "toe"))
    backward = []
    for stretch in passes:
        inside = (time_s >= stretch.start_s) & (time_s < stretch.end_s)
        both = -stretch.facing * np.stack([heel[inside], toe[inside]])
        mean = both.mean(axis=0)
        change = np.abs(np.gradient(mean, time_s[inside], axis=0))
        is_flat = (mean > 0) & (np.abs(both[0] - both[1]) < 0.15 * mean) & (change < 4.0 * mean)
        backward.append(mean[is_flat])
    speeds = np.concatenate(backward)
    return float(np.median(speeds)) if len(speeds) else float("nan")


def _dataset(
    time_s: np.ndarray,
    sided: np.ndarray,
    feet: np.ndarray,
    midline: np.ndarray,
    pose: Pose,
    passes: tuple[Pass, ...],
    belt_px: float | None,
    zero_deg: np.ndarray,
) -> xr.Dataset:
    """Put positions, angles and speed on named axes; ``feet`` is ``sided`` where its feet may lie flat."""
    facing = np.zeros(len(time_s))
    for stretch in passes:
        facing[(time_s >= stretch.start_s) & (time_s < stretch.end_s)] = stretch.facing
    lean = angles.trunk_lean(midline[:, MIDLINE.index("pelvis")], midline[:, MIDLINE.index("neck")], facing)
    ground = np.zeros(len(time_s)) if belt_px is None else -facing * belt_px
    per_side = []
    for index in range(2):
        segments = angles.segment_angles(sided[:, index], facing)
        heel, toe = feet[:, index, LANDMARKS.index("heel")], feet[:, index, LANDMARKS.index("toe")]
        flat = angles.flat_foot_pitch(segments["foot_pitch"], heel, toe, ground, time_s)
        per_side.append(angles.joint_angles(segments, lean, flat, zero_deg=zero_deg[index]))
    pelvis_x = midline[:, MIDLINE.index("pelvis"), 0]
    speed = np.gradient(pelvis_x, time_s) * facing if belt_px is None else np.where(facing != 0, belt_px, np.nan)
    confidence = np.stack(
        [
            [
                np.interp(time_s, pose.time_s, pose.data["confidence"].sel(keypoint=f"{side}_{name}").values)
                for name in LANDMARKS
            ]
            for side in SIDES
        ]
    )
    angle = np.stack(per_side, axis=1)
    return Trajectories.dataset(time_s, sided, midline, confidence, angle, lean, speed)
