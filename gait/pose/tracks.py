"""Who is in the film: detections of people, linked to one track for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from gait.core.frozen import read_only_array
from gait.core.skeleton import KEYPOINTS

#: Left, top, right, bottom edge, in px.
Box = tuple[float, float, float, float]

#: Longest time without a detection inside one track, in s (our estimate: somebody passes behind a post).
MAX_GAP_S = 1.0
#: How far, in body heights, the body may be from where it was expected: at once, and more for each second since it
#: was last seen (our estimate: noise of the landmarks; a change of speed by a brisk walk, 1.5 m/s, is about 0.9/s).
SLACK_HEIGHTS = 0.15
SLACK_HEIGHTS_PER_S = 1.2
#: Largest ratio of a detection's size to the median of the last three (our estimate: somebody who walks towards the
#: camera grows by a fifth in a second; parts of a body found as a whole one are often half as large).
MAX_SIZE_RATIO = 1.6
#: Fewer detections than this are a hallucination of the network, not a person (our estimate at four frames a second).
MIN_DETECTIONS = 3
#: Two boxes that share more than this part of the smaller one are one person (our estimate).
MAX_SHARED = 0.6
#: Somebody who comes back is at most so much higher or lower in the picture, in body heights (our estimate).
MAX_RISE_HEIGHTS = 0.5
#: Largest difference of clothing colour (CIE Lab) at which two tracks that do not overlap in time are one person who
#: left the picture and came back (our estimate).
MAX_COLOUR_DIFFERENCE = 30.0

#: Trunk, thigh and shank together as a part of the stature: 0.288 + 0.245 + 0.246 (segment lengths of Drillis &
#: Contini 1966, as printed in Winter, Biomechanics and Motor Control of Human Movement).
SIZE_PER_HEIGHT = 0.78
#: Thigh and shank as a part of that sum (same source).
LEG_PER_SIZE = 0.63

_INDEX = {name: i for i, name in enumerate(KEYPOINTS)}
_TRUNK = [_INDEX[name] for name in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]
_LEFT_LEG = [_INDEX[f"left_{name}"] for name in ("hip", "knee", "ankle")]
_RIGHT_LEG = [_INDEX[f"right_{name}"] for name in ("hip", "knee", "ankle")]


@dataclass(frozen=True, slots=True)
class Detection:
    """Somebody in one frame.

    Attributes
    ----------
    time_s
        When, in s.
    position_px
        ``(2, n_keypoints)`` px, y down.
    confidence
        ``(n_keypoints,)`` 0..1.
    colour
        ``(3,)`` mean CIE Lab colour of the trunk, NaN where unknown.
    thumbnail
        Small JPEG of the person, or empty.
    """

    time_s: float
    position_px: np.ndarray
    confidence: np.ndarray
    colour: np.ndarray = field(default_factory=lambda: np.full(3, np.nan))
    thumbnail: bytes = b""


@dataclass(frozen=True, slots=True)
class Track:
    """One person over time.

    Attributes
    ----------
    time_s
        ``(n,)`` times of the detections, in s, increasing.
    position_px
        ``(n, 2, n_keypoints)`` px, y down.
    confidence
        ``(n, n_keypoints)`` 0..1.
    colour
        ``(3,)`` mean CIE Lab colour of the trunk.
    thumbnail
        Small JPEG of the person, or empty.
    number
        1, 2, ... in the order of the walking score.
    score
        How much this person walks, 0..1.
    company
        The other people of the film; only set for the one chosen as walker.
    """

    time_s: np.ndarray
    position_px: np.ndarray
    confidence: np.ndarray
    colour: np.ndarray = field(default_factory=lambda: np.full(3, np.nan))
    thumbnail: bytes = b""
    number: int = 0
    score: float = 0.0
    company: tuple[Track, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.time_s)
        if self.position_px.shape != (n, 2, len(KEYPOINTS)) or self.confidence.shape != (n, len(KEYPOINTS)):
            raise ValueError(f"a track of {n} detections needs (n, 2, {len(KEYPOINTS)}) positions and their confidence")
        if n == 0 or np.any(np.diff(self.time_s) <= 0):
            raise ValueError("a track needs at least one detection, and its times must increase")
        for name in ("time_s", "position_px", "confidence", "colour"):
            object.__setattr__(self, name, read_only_array(getattr(self, name)))

    @property
    def boxes_px(self) -> np.ndarray:
        """``(n, 4)`` left, top, right, bottom of the keypoints of each detection."""
        return np.concatenate([self.position_px.min(axis=2), self.position_px.max(axis=2)], axis=1)

    @property
    def height_px(self) -> float:
        """Median height of the keypoints, in px."""
        boxes = self.boxes_px
        return float(np.median(boxes[:, 3] - boxes[:, 1]))

    def box_at(self, time_s: float, reach_s: float = MAX_GAP_S) -> Box | None:
        """The box at a time, linear between detections and constant beyond them.

        Parameters
        ----------
        time_s
            When, in s.
        reach_s
            None is returned farther than this from any detection, in s.
        """
        if np.min(np.abs(self.time_s - time_s)) > reach_s:
            return None
        left, top, right, bottom = (float(np.interp(time_s, self.time_s, edge)) for edge in self.boxes_px.T)
        return left, top, right, bottom

    def overlap_s(self, other: Track) -> float:
        """How long both are in the film at once, in s."""
        start = max(self.time_s[0], other.time_s[0])
        end = min(self.time_s[-1], other.time_s[-1])
        if end < start:
            return 0.0
        seen = (self.time_s >= start) & (self.time_s <= end)
        near = [np.min(np.abs(other.time_s - t)) <= MAX_GAP_S for t in self.time_s[seen]]
        return float(end - start) * (float(np.mean(near)) if near else 0.0)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody in the film.

    Attributes
    ----------
    tracks
        In the order of their walking score, best first.
    width_px, height_px
        Size of the picture.
    """

    tracks: tuple[Track, ...]
    width_px: int
    height_px: int


def trunk_centre(position_px: np.ndarray) -> np.ndarray:
    """``(..., 2)`` mean of shoulders and hips of ``(..., 2, n_keypoints)`` px."""
    return position_px[..., _TRUNK].mean(axis=-1)


def body_size(position_px: np.ndarray) -> np.ndarray:
    """Trunk plus thigh plus shank, in px: a size that changes less with posture than the box.

    Parameters
    ----------
    position_px
        ``(..., 2, n_keypoints)`` px.

    Returns
    -------
    ndarray
        ``(...)`` px; the longer of the two legs counts (the other one may be hidden or foreshortened).
    """
    shoulders = position_px[..., _TRUNK[:2]].mean(axis=-1)
    hips = position_px[..., _TRUNK[2:]].mean(axis=-1)
    trunk = np.linalg.norm(shoulders - hips, axis=-1)
    legs = [np.linalg.norm(np.diff(position_px[..., leg], axis=-1), axis=-2).sum(axis=-1) for leg in _LEGS]
    return trunk + np.maximum(*legs)


_LEGS = (_LEFT_LEG, _RIGHT_LEG)


def is_upside_down(position_px: np.ndarray) -> np.ndarray:
    """``(...)`` whether the hips of ``(..., 2, n_keypoints)`` lie above the shoulders.

    A network that cannot see the face (blurred, or turned away) may take the feet for the head.
    """
    return position_px[..., 1, _TRUNK[:2]].mean(axis=-1) > position_px[..., 1, _TRUNK[2:]].mean(axis=-1)


def link_detections(frames: Sequence[Sequence[Detection]]) -> tuple[Track, ...]:
    """Link the detections of each frame to one track per person.

    Each frame's detections are given to the open tracks so that the sum of all costs is least (Hungarian method:
    Kuhn 1955, Naval Research Logistics Quarterly 2, 83-97); the cost is the distance from where the person was
    expected plus the change of size. Tracks of less than three detections are dropped. Tracks that do not overlap in
    time and look alike (size and colour of the clothes) are one person who left the picture and came back.

    Parameters
    ----------
    frames
        The detections of each frame, in time order.

    Returns
    -------
    tuple of Track
        In the order of their first detection; neither numbered nor scored.
    """
    closed: list[list[Detection]] = []
    tracks: list[list[Detection]] = []
    for detections in frames:
        found = list(detections)
        if not found:
            continue
        now = found[0].time_s
        closed += [track for track in tracks if now - track[-1].time_s > MAX_GAP_S]
        tracks = [track for track in tracks if now - track[-1].time_s <= MAX_GAP_S]
        matched = _match(tracks, found)
        for i, j in matched.items():
            tracks[j].append(found[i])
        # What continues a track is trusted; doubles are looked for among the rest.
        known = [found[i] for i in matched]
        rest = [detection for i, detection in enumerate(found) if i not in matched]
        tracks += [[detection] for detection in _newcomers(rest, known)]
    long_enough = [track for track in closed + tracks if len(track) >= MIN_DETECTIONS]
    return _join_returns(sorted((_to_track(track) for track in long_enough), key=lambda track: track.time_s[0]))


def _match(tracks: list[list[Detection]], found: list[Detection]) -> dict[int, int]:
    """Index of a detection -> index of the track it continues."""
    if not tracks:
        return {}
    impossible = 1e6
    costs = np.full((len(found), len(tracks)), impossible)
    for i, detection in enumerate(found):
        for j, track in enumerate(tracks):
            cost = _cost(track, detection)
            if cost is not None:
                costs[i, j] = cost
    rows, columns = linear_sum_assignment(costs)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if costs[i, j] < impossible}


def _cost(track: list[Detection], detection: Detection) -> float | None:
    """How badly a detection continues a track, or None when it cannot."""
    last = track[-1]
    size, before = float(body_size(detection.position_px)), _median_size(track[-3:])
    ratio = size / max(before, 1e-6)
    if not 1 / MAX_SIZE_RATIO < ratio < MAX_SIZE_RATIO:
        return None
    wait_s = detection.time_s - last.time_s
    height = max(size, before) / SIZE_PER_HEIGHT
    allowed = height * (SLACK_HEIGHTS + SLACK_HEIGHTS_PER_S * wait_s)
    distance = float(np.linalg.norm(trunk_centre(detection.position_px) - _expected(track, detection.time_s)))
    if distance > allowed:
        return None
    return distance / allowed + abs(np.log(ratio)) / np.log(MAX_SIZE_RATIO)


def _median_size(detections: Sequence[Detection]) -> float:
    return float(np.median([body_size(detection.position_px) for detection in detections]))


def _expected(track: list[Detection], time_s: float) -> np.ndarray:
    """``(2,)`` px where the trunk should be, at the speed between the last two detections."""
    last = trunk_centre(track[-1].position_px)
    if len(track) < 2:
        return last
    wait_s = track[-1].time_s - track[-2].time_s
    speed = (last - trunk_centre(track[-2].position_px)) / max(wait_s, 1e-3)
    return last + speed * (time_s - track[-1].time_s)


def _newcomers(found: Sequence[Detection], known: Sequence[Detection]) -> list[Detection]:
    """The network may find one body twice, or a part of it as a smaller body; keep the surer or larger one."""
    kept: list[Detection] = []
    for detection in sorted(found, key=_worth, reverse=True):
        if not any(_shared(detection.position_px, other.position_px) > MAX_SHARED for other in (*known, *kept)):
            kept.append(detection)
    return kept


def _worth(detection: Detection) -> float:
    return float(detection.confidence.mean() * body_size(detection.position_px))


def _shared(first: np.ndarray, second: np.ndarray) -> float:
    """Part of the smaller of two keypoint boxes that the other one covers, 0..1."""
    low = np.maximum(first.min(axis=1), second.min(axis=1))
    high = np.minimum(first.max(axis=1), second.max(axis=1))
    area = float(np.prod(np.maximum(high - low, 0.0)))
    return area / max(min(float(np.prod(np.ptp(box, axis=1))) for box in (first, second)), 1e-6)


def _to_track(detections: Sequence[Detection]) -> Track:
    best = max(detections, key=lambda d: float(d.confidence.mean()) if d.thumbnail else -1.0)
    colours = np.array([d.colour for d in detections])
    known = colours[np.isfinite(colours).all(axis=1)]
    return Track(
        time_s=np.array([d.time_s for d in detections]),
        position_px=np.array([d.position_px for d in detections]),
        confidence=np.array([d.confidence for d in detections]),
        colour=np.median(known, axis=0) if len(known) else np.full(3, np.nan),
        thumbnail=best.thumbnail,
    )


def _join_returns(tracks: list[Track]) -> tuple[Track, ...]:
    joined: list[Track] = []
    for track in tracks:
        before = [other for other in joined if _is_same_person(other, track)]
        if before:
            latest = max(before, key=lambda other: other.time_s[-1])
            joined[next(i for i, other in enumerate(joined) if other is latest)] = _joined(latest, track)
        else:
            joined.append(track)
    return tuple(joined)


def _is_same_person(earlier: Track, later: Track) -> bool:
    """Whether somebody who went out of sight came back.

    No sooner than one can walk there, on about the same level, as large, and in the same clothes.
    """
    wait_s = float(later.time_s[0] - earlier.time_s[-1])
    if wait_s <= 0:
        return False
    before, after = earlier.position_px[-1], later.position_px[0]
    size, size_after = (float(np.median(body_size(few))) for few in (earlier.position_px[-3:], later.position_px[:3]))
    if not 1 / MAX_SIZE_RATIO < size_after / max(size, 1e-6) < MAX_SIZE_RATIO:
        return False
    height = max(size, size_after) / SIZE_PER_HEIGHT
    way = np.abs(trunk_centre(after) - trunk_centre(before)) / height
    if np.linalg.norm(way) > SLACK_HEIGHTS + SLACK_HEIGHTS_PER_S * wait_s or way[1] > MAX_RISE_HEIGHTS:
        return False
    difference = np.linalg.norm(earlier.colour - later.colour)
    return not np.isfinite(difference) or bool(difference < MAX_COLOUR_DIFFERENCE)


def _joined(earlier: Track, later: Track) -> Track:
    longer = earlier if len(earlier.time_s) >= len(later.time_s) else later
    return replace(
        longer,
        time_s=np.concatenate([earlier.time_s, later.time_s]),
        position_px=np.concatenate([earlier.position_px, later.position_px]),
        confidence=np.concatenate([earlier.confidence, later.confidence]),
    )
