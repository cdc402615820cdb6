"""Follow one person: hide the others from the network, and remove what does not belong to the one followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from gait.core.pose import Person
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.pose.tracks import SIZE_PER_HEIGHT, Box, Track, body_size, is_upside_down, trunk_centre

#: How far beyond the known detections the network still looks, in s: the walker is partly in the picture before and
#: after it is found in the thinned frames (our estimate).
LOOK_REACH_S = 1.0
#: How much the box is grown to each side before the rest is hidden, in body heights (our estimate: between two
#: detections 0.25 s apart a swinging foot is at most 0.4 heights away from a straight line between them).
HIDE_MARGIN = 0.35
#: More for each second that the nearest detection is away (our estimate: a brisk walk, 1.5 m/s).
HIDE_MARGIN_PER_S = 0.9
#: How far the trunk may be from the track before it is somebody else, in body heights (our estimate).
TRUNK_MARGIN = 0.35
#: Ratio of sizes beyond which it is somebody else (our estimate).
MAX_RATIO = 1.6
#: Beyond the track, a pose counts while it continues the accepted one: at most so much time apart, in s, and so fast,
#: in body heights per s (our estimates).
MAX_PAUSE_S = 0.2
MAX_SPEED_HEIGHTS_PER_S = 3.0
#: A lower leg below this median confidence is not seen, and such legs are asked for again this often, in s (our
#: estimates: on a film with a blurred face the network kept a wrong outline with leg confidences below 0.1).
LEG_CONFIDENCE = 0.25
LEGS_PAUSE_S = 0.15

_LOWER_LEGS = tuple(
    [KEYPOINTS.index(f"{side}_{name}") for name in ("knee", "ankle", "heel", "toe")] for side in ("left", "right")
)


#: ``(2, n_keypoints)`` px and ``(n_keypoints,)`` confidence of one person in one frame.
Seen = tuple[np.ndarray, np.ndarray]


class Follower:
    """Shows a tracking network one frame after the other and keeps it on the followed person.

    The network sees the frame as filmed as long as it answers with the followed person. Where others are in the film,
    or once it has answered with somebody else, with somebody on his head (it does so when it cannot see the face), or
    with nobody although the person is there, it sees only the surroundings of the followed person. An answer that
    is wrong is asked again, after an empty picture that makes the network forget.

    Parameters
    ----------
    follow
        Whom to follow, or None for whoever is seen.
    see
        The network: picture and time in s -> who is in it. It remembers from call to call.
    """

    def __init__(self, follow: Track | None, see: Callable[[np.ndarray, float], list[Seen]]) -> None:
        self._follow = follow
        self._see = see
        self._hides = follow is not None and needs_hiding(follow)
        self._asked_for_legs_s = -np.inf

    def look(self, frame: Frame) -> Seen | None:
        """The followed person in the next frame, or None."""
        follow, time_s = self._follow, frame.time_s
        if follow is None:
            return _first(self._see(frame.image, time_s))
        if not is_worth_looking(follow, time_s):
            return None
        image = hide_strangers(frame.image, follow, time_s) if self._hides else frame.image
        seen = _first(self._see(image, time_s))
        if _is_credible(seen, follow, time_s):
            return self._with_legs(seen, frame)
        self._hides = True
        if seen is not None:
            self._see(np.zeros_like(frame.image), time_s)
        again = _first(self._see(hide_strangers(frame.image, follow, time_s, tight=True), time_s))
        if _is_credible(again, follow, time_s):
            return again
        if again is not None:
            self._see(np.zeros_like(frame.image), time_s)
        return None

    def _with_legs(self, seen: Seen | None, frame: Frame) -> Seen | None:
        """The same answer, or a better one where the network has lost the legs of somebody who is wholly in view.

        It then holds on to a wrong outline of the body, and would for the rest of the film. Asking anew costs two
        looks, so legs that are really hidden are asked for now and then only.
        """
        follow, time_s = self._follow, frame.time_s
        is_due = time_s - self._asked_for_legs_s >= LEGS_PAUSE_S
        if follow is None or seen is None or _legs_seen(seen) or not is_due or not _is_inside(follow, frame):
            return seen
        self._asked_for_legs_s = time_s
        self._see(np.zeros_like(frame.image), time_s)
        again = _first(self._see(hide_strangers(frame.image, follow, time_s, tight=True), time_s))
        is_better = again is not None and _is_credible(again, follow, time_s) and _legs_seen(again)
        self._hides = self._hides or is_better
        return again if is_better else seen


def _legs_seen(seen: Seen) -> bool:
    """Whether the network is sure of at least one lower leg."""
    return any(float(np.median(seen[1][lower])) >= LEG_CONFIDENCE for lower in _LOWER_LEGS)


def _is_inside(follow: Track, frame: Frame) -> bool:
    """Whether the followed person is wholly in the picture."""
    box = follow.box_at(frame.time_s)
    if box is None:
        return False
    height, width = frame.image.shape[:2]
    return box[0] > 0 and box[1] > 0 and box[2] < width and box[3] < height


def _first(seen: Iterable[Seen]) -> Seen | None:
    return next(iter(seen), None)


def _is_credible(seen: Seen | None, follow: Track, time_s: float) -> bool:
    """Whether the network's answer may be the followed person; nobody is credible where the track knows nobody."""
    within = follow.time_s[0] <= time_s <= follow.time_s[-1]
    if seen is None:
        return not within
    if is_upside_down(seen[0]):
        return False
    return not within or bool(_is_on_track(np.array([time_s]), *_outline(seen[0][None]), follow)[0])


def _outline(position_px: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return trunk_centre(position_px), body_size(position_px)


def needs_hiding(follow: Track) -> bool:
    """Whether anybody else is in the film while the followed person is."""
    return any(follow.overlap_s(other) > 0 for other in follow.company)


def is_worth_looking(follow: Track | None, time_s: float) -> bool:
    """Whether the followed person may be in the picture now."""
    return follow is None or bool(np.min(np.abs(follow.time_s - time_s)) <= LOOK_REACH_S)


def boxes_at(follow: Track | None, time_s: float) -> list[Box]:
    """Boxes of everybody known to be in the picture now, the followed person first."""
    if follow is None:
        return []
    boxes = [track.box_at(time_s) for track in (follow, *follow.company)]
    return [box for box in boxes if box is not None]


def hide_strangers(image: np.ndarray, follow: Track, time_s: float, *, tight: bool = False) -> np.ndarray:
    """A copy of the picture in which only the surroundings of the followed person are left.

    Parameters
    ----------
    image
        ``(height, width, 3)`` uint8.
    follow
        The followed person; must be within reach at this time.
    time_s
        When, in s.
    tight
        Half the margin: another picture for a network that erred on the first.

    Returns
    -------
    ndarray
        Same shape; outside the grown box everything has the picture's mean colour. Coordinates stay the same.
    """
    box = follow.box_at(time_s, LOOK_REACH_S)
    if box is None:
        return image
    left, top, right, bottom = box
    wait_s = float(np.min(np.abs(follow.time_s - time_s)))
    margin = (HIDE_MARGIN / (2 if tight else 1) + HIDE_MARGIN_PER_S * wait_s) * max(bottom - top, 1.0)
    height, width = image.shape[:2]
    x0, x1 = (int(np.clip(x, 0, width)) for x in (left - margin, right + margin))
    y0, y1 = (int(np.clip(y, 0, height)) for y in (top - margin, bottom + margin))
    hidden = np.empty_like(image)
    # Every eighth pixel is enough for a mean.
    hidden[:] = image[::8, ::8].reshape(-1, image.shape[2]).mean(axis=0).astype(image.dtype)
    hidden[y0:y1, x0:x1] = image[y0:y1, x0:x1]
    return hidden


def people_of(follow: Track | None) -> tuple[Person, ...]:
    """Everybody of the film, in the order of their numbers."""
    if follow is None:
        return ()
    tracks = sorted((follow, *follow.company), key=lambda track: track.number)
    return tuple(
        Person(
            track.number, track.score, float(track.time_s[0]), float(track.time_s[-1]), track.height_px, track.thumbnail
        )
        for track in tracks
    )


def keep_followed(
    time_s: np.ndarray, position_px: np.ndarray, confidence: np.ndarray, follow: Track | None
) -> tuple[np.ndarray, np.ndarray]:
    """Blank the frames whose pose is not the followed person's.

    While the track knows where the person is, the trunk must be near it and of its size. Beyond the track (the
    walker entering or leaving) a pose counts while it continues an accepted one without a jump. So furniture that
    was taken for a person before the walker came in is removed.

    Parameters
    ----------
    time_s
        ``(n,)`` s.
    position_px
        ``(n, 2, n_keypoints)`` px.
    confidence
        ``(n, n_keypoints)``.
    follow
        The followed person; None keeps everything.

    Returns
    -------
    position_px, confidence : ndarray
        Copies; NaN and 0 in the frames taken out.
    """
    position_px, confidence = position_px.copy(), confidence.copy()
    if follow is None or not len(time_s):
        return position_px, confidence
    centre, size = _outline(position_px)
    size[is_upside_down(position_px)] = np.nan
    accepted = _is_on_track(time_s, centre, size, follow)
    order = range(len(time_s))
    for sequence in (order, reversed(order)):
        _grow(accepted, sequence, time_s, centre, size)
    position_px[~accepted] = np.nan
    confidence[~accepted] = 0.0
    return position_px, confidence


def _is_on_track(time_s: np.ndarray, centre: np.ndarray, size: np.ndarray, follow: Track) -> np.ndarray:
    """``(n,)`` whether the trunk is where the track says, within the times of the track."""
    wait_s = np.abs(follow.time_s[None] - time_s[:, None]).min(axis=1)
    known = (time_s >= follow.time_s[0]) & (time_s <= follow.time_s[-1]) & (wait_s <= LOOK_REACH_S)
    where = trunk_centre(follow.position_px)
    expected = np.stack([np.interp(time_s, follow.time_s, where[:, i]) for i in range(2)], axis=1)
    expected_size = np.interp(time_s, follow.time_s, body_size(follow.position_px))
    allowed = (TRUNK_MARGIN + HIDE_MARGIN_PER_S * wait_s) * expected_size / SIZE_PER_HEIGHT
    with np.errstate(invalid="ignore"):
        near = np.linalg.norm(centre - expected, axis=1) <= allowed
        alike = (size < MAX_RATIO * expected_size) & (size > expected_size / MAX_RATIO)
    return known & near & alike


def _grow(accepted: np.ndarray, sequence, time_s: np.ndarray, centre: np.ndarray, size: np.ndarray) -> None:
    """Accept, along a sequence of frames, those that continue the accepted one before."""
    last: int | None = None
    for i in sequence:
        if accepted[i]:
            last = i
        elif last is not None and np.isfinite(size[i]) and _continues(last, i, time_s, centre, size):
            accepted[i] = True
            last = i


def _continues(last: int, i: int, time_s: np.ndarray, centre: np.ndarray, size: np.ndarray) -> bool:
    wait_s = abs(float(time_s[i] - time_s[last]))
    allowed = (0.05 + MAX_SPEED_HEIGHTS_PER_S * wait_s) * size[last] / SIZE_PER_HEIGHT
    jump = float(np.linalg.norm(centre[i] - centre[last]))
    return wait_s <= MAX_PAUSE_S and jump <= allowed and 1 / MAX_RATIO < size[i] / size[last] < MAX_RATIO
