"""Small pictures of one foot around one contact, cut while the film passes by.

A crop is always *normalised*: steadied (the camera's motion taken out), mirrored so that the walker faces right, and
scaled so that the foot has a moderate number of pixels. So the registration knows one direction and one size only, and
a mirrored film gives a mirrored result by construction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np

from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.feet.plan import StancePlan

FrameSource = Callable[[float, float], Iterator[Frame]]


@dataclass(slots=True, eq=False)
class StanceCrops:
    """Pictures of one stance, filled while the film passes by.

    Attributes
    ----------
    time_s, images
        Frames of the stance: times in s and ``(h, w, 3)`` uint8 crops.
    image_from_crop
        ``(2, 3)`` transforms, crop px to picture px, one a frame.
    bare
        Crops for the background.
    picture_px
        Width and height of the film's picture.
    """

    plan: StancePlan
    time_s: list[float] = field(default_factory=list)
    images: list[np.ndarray] = field(default_factory=list)
    image_from_crop: list[np.ndarray] = field(default_factory=list)
    bare: list[np.ndarray] = field(default_factory=list)
    picture_px: tuple[int, int] = (0, 0)

    def background(self) -> np.ndarray | None:
        """``(h, w, 3)`` float32 median of the bare crops, or None with fewer than three."""
        if len(self.bare) < 3:
            return None
        return np.median(np.stack(self.bare), axis=0).astype(np.float32)


def collect_crops(
    frames: FrameSource,
    pose: Pose,
    plans: list[StancePlan],
    progress: Callable[[float], None] | None = None,
) -> Iterator[StanceCrops]:
    """Read the film once and give each stance as soon as the film has passed it.

    Only the stances that the film is passing are held, so that a long film needs no more memory than a short one.

    Parameters
    ----------
    frames
        ``frames(start_s, end_s)`` streams upright RGB frames of that span.
    pose
        For the camera's motion.
    plans
        From :func:`plan_stances`.
    progress
        Called with the fraction of the film read.

    Yields
    ------
    StanceCrops
        One a plan, in the order in which they become complete; incomplete where the film ends early.
    """
    if not plans:
        return
    tolerance = 0.45 * float(np.median(np.diff(pose.time_s)))
    waiting = sorted(plans, key=lambda plan: plan.wanted_s[0])
    start, end = waiting[0].wanted_s[0], max(plan.wanted_s[1] for plan in plans)
    open_crops: list[StanceCrops] = []
    for frame in frames(start - tolerance, end + tolerance):
        while waiting and waiting[0].wanted_s[0] <= frame.time_s + tolerance:
            open_crops.append(StanceCrops(waiting.pop(0), picture_px=(pose.width_px, pose.height_px)))
        steady = to_first(pose, frame.time_s)
        for crops in open_crops:
            _keep(crops, frame, steady, tolerance)
        over = [crops for crops in open_crops if crops.plan.wanted_s[1] + tolerance < frame.time_s]
        open_crops = [crops for crops in open_crops if crops not in over]
        yield from over
        if progress is not None:
            progress(min(1.0, max(0.0, (frame.time_s - start) / max(end - start, 1e-9))))
    yield from open_crops
    yield from (StanceCrops(plan) for plan in waiting)


def to_first(pose: Pose, time_s: float) -> np.ndarray | None:
    """``(2, 3)`` transform of the frame at a time into steadied px, or None for a still camera."""
    if pose.camera is None:
        return None
    return pose.camera.to_first[int(np.argmin(np.abs(pose.camera.time_s - time_s)))]


def _keep(crops: StanceCrops, frame: Frame, steady: np.ndarray | None, tolerance: float) -> None:
    plan = crops.plan
    dense = bool(np.any(np.abs(plan.dense_s - frame.time_s) < tolerance))
    bare = bool(np.any(np.abs(plan.background_s - frame.time_s) < tolerance))
    if not (dense or bare):
        return
    image = cut(plan, frame.image, steady)
    if dense:
        crops.time_s.append(frame.time_s)
        crops.images.append(image)
        crops.image_from_crop.append(image_from_crop(plan, steady))
    if bare:
        crops.bare.append(image)


def cut(plan: StancePlan, image: np.ndarray, steady: np.ndarray | None) -> np.ndarray:
    """One crop of one frame, normalised; what lies outside of the picture repeats its edge.

    Parameters
    ----------
    plan
        Where.
    image
        ``(h, w, 3)`` uint8 frame.
    steady
        ``(2, 3)`` transform into steadied px, None for a still camera.
    """
    (left, top), (width, height) = plan.corner_px, plan.size_px
    if steady is None:
        # Whole-pixel slice: no interpolation, so nothing is lost.
        rows = np.clip(np.arange(top, top + height), 0, image.shape[0] - 1)
        columns = np.clip(np.arange(left, left + width), 0, image.shape[1] - 1)
        out = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        if out.shape[:2] != (height, width):
            out = image[np.ix_(rows, columns)]
    else:
        shifted = steady - np.array([[0.0, 0.0, left], [0.0, 0.0, top]])
        out = cv2.warpAffine(image, shifted, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    if plan.facing < 0:
        out = out[:, ::-1]
    if plan.scale < 1.0:
        size = (round(width * plan.scale), round(height * plan.scale))
        out = cv2.resize(np.ascontiguousarray(out), size, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(out)


def image_from_crop(plan: StancePlan, steady: np.ndarray | None) -> np.ndarray:
    """``(2, 3)`` transform of crop px into picture px."""
    inverse = 1.0 / plan.scale
    shift = 0.5 * inverse - 0.5
    out = np.array([[inverse, 0.0, shift], [0.0, inverse, shift]])
    if plan.facing < 0:
        out[0] = [-inverse, 0.0, plan.size_px[0] - 1.0 - shift]
    out[:, 2] += plan.corner_px
    if steady is None:
        return out
    back = cv2.invertAffineTransform(np.asarray(steady, float))
    return np.hstack([back[:, :2] @ out[:, :2], (back[:, :2] @ out[:, 2] + back[:, 2])[:, None]])
