"""Which of the people in the film is the walker."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from gait.core.errors import InputError, NotEnoughDataError
from gait.core.recording import Frame
from gait.core.skeleton import KEYPOINTS
from gait.pose.base import PoseBackend
from gait.pose.tracks import LEG_PER_SIZE, SIZE_PER_HEIGHT, People, Track, body_size, trunk_centre

__all__ = [
    "People",
    "Track",
    "WalkingSigns",
    "choose_performer",
    "choose_walker",
    "rank_people",
    "refuse_sideways",
    "score_walker",
    "walking_signs",
]

#: From this score on somebody counts as walking (our estimate; see the tests for who must lie on which side).
MIN_WALKING_SCORE = 0.3
#: Alternations of the legs are counted in the best window of this length, in s (our estimate: two slow strides).
WINDOW_S = 3.0
#: One leg counts as ahead of, or above, the other from this part of the leg length on (our estimates: the shortest
#: steps of a shuffling gait against the noise of the landmarks of somebody who stands).
AHEAD = 0.14
ABOVE = 0.07
#: Shoulders wider than this part of the leg are seen from the front, the back or obliquely (measured: 0.36-0.44 in
#: four front and oblique films, 0.02-0.23 in 32 side films).
WIDE_SHOULDERS = 0.3
#: Steps a second that are full evidence of walking (our estimate; very slow walking has about 0.8).
FULL_STEP_RATE_HZ = 0.8
#: The same for somebody who stays in place: more is asked for where travel does not speak (our estimate; slow walking
#: on a treadmill has about 1.2).
FULL_STEP_RATE_IN_PLACE_HZ = 1.2
#: Travel across the picture, in body heights, that is full evidence.
FULL_TRAVEL = 1.0
#: Change of apparent size, as a logarithm, that counts as one body height of travel (towards or away from the camera).
GROWTH_PER_HEIGHT = 0.3

_INDEX = {name: i for i, name in enumerate(KEYPOINTS)}


@dataclass(frozen=True, slots=True)
class WalkingSigns:
    """What speaks for walking.

    Attributes
    ----------
    travel_heights
        Way across the picture (or in depth, from the growth), in body heights.
    step_rate_hz
        How often the legs change places, per s, in the best window.
    steps
        How often they did so in all.
    lean_deg
        Median angle between trunk and vertical, in deg.
    size_share
        Height as a share of the tallest person's, 0..1.
    arms_up_share
        Share of the time with both hands above the nose, 0..1.
    """

    travel_heights: float
    step_rate_hz: float
    steps: int
    lean_deg: float
    size_share: float
    arms_up_share: float


def walking_signs(track: Track, tallest_px: float | None = None) -> WalkingSigns:
    """Measure what speaks for walking.

    Parameters
    ----------
    track
        One person.
    tallest_px
        ``height_px`` of the tallest person in the film; None: this one.
    """
    size = body_size(track.position_px)
    height = max(float(np.median(size)) / SIZE_PER_HEIGHT, 1e-6)
    across = np.ptp(np.percentile(trunk_centre(track.position_px)[:, 0], [5, 95])) / height
    depth = abs(_trend(track.time_s, np.log(np.maximum(size, 1e-6)))) / GROWTH_PER_HEIGHT
    times = step_times(track)
    return WalkingSigns(
        travel_heights=float(max(across, depth)),
        step_rate_hz=_best_rate(times, track),
        steps=len(times),
        lean_deg=_lean_deg(track),
        size_share=min(1.0, track.height_px / max(tallest_px or track.height_px, 1e-6)),
        arms_up_share=_arms_up(track),
    )


def step_times(track: Track) -> np.ndarray:
    """``(n,)`` s when the legs change places.

    Seen from the side one ankle passes the other; seen from the front one foot rises above the other, and then the
    other. Both legs must have been ahead by more than the noise (a Schmitt trigger). Jumping jacks move both legs alike
    and never change places. From the front the network may mistake the whole person's left for right (front for
    back); legs that change places together with the shoulders have not stepped.
    """
    position = track.position_px
    leg = np.maximum(body_size(position) * LEG_PER_SIZE, 1e-6)
    apart = (position[:, :, _INDEX["left_ankle"]] - position[:, :, _INDEX["right_ankle"]]) / leg[:, None]
    shoulders = position[:, 0, _INDEX["left_shoulder"]] - position[:, 0, _INDEX["right_shoulder"]]
    if np.median(np.abs(shoulders) / leg) > WIDE_SHOULDERS:
        apart = apart * np.sign(shoulders)[:, None]
    ahead = _changes(apart[:, 0], AHEAD)
    above = _changes(apart[:, 1], ABOVE)
    return track.time_s[ahead if ahead.sum() >= above.sum() else above]


def score_walker(track: Track, tallest_px: float | None = None) -> float:
    """How much a person walks, 0..1.

    The legs must change places; travel across the picture (or a changing size) then adds as much again. A person who
    leans far, holds the hands above the head or is much smaller than the tallest one counts less. The energy of
    movement is left out on purpose: somebody who jumps on the spot moves more than a walker.

    Parameters
    ----------
    track
        One person.
    tallest_px
        ``height_px`` of the tallest person in the film; None: this one.
    """
    signs = walking_signs(track, tallest_px)
    travel = min(1.0, signs.travel_heights / FULL_TRAVEL)
    full_rate_hz = FULL_STEP_RATE_HZ + (FULL_STEP_RATE_IN_PLACE_HZ - FULL_STEP_RATE_HZ) * (1.0 - travel)
    steps = min(1.0, signs.step_rate_hz / full_rate_hz)
    upright = float(np.clip((70.0 - signs.lean_deg) / 30.0, 0.0, 1.0))
    arms = float(np.clip(1.0 - 2.5 * signs.arms_up_share, 0.0, 1.0))
    return float(steps * (0.5 + 0.5 * travel) * upright * arms * (0.5 + 0.5 * signs.size_share))


def rank_people(people: People) -> People:
    """Score everybody and number them 1, 2, ... in the order of their score."""
    tallest = max((track.height_px for track in people.tracks), default=None)
    scored = sorted(
        (replace(track, score=score_walker(track, tallest)) for track in people.tracks),
        key=lambda track: (-track.score, track.time_s[0]),
    )
    return replace(people, tracks=tuple(replace(track, number=i + 1) for i, track in enumerate(scored)))


def choose_walker(people: People, wanted: int | None = None) -> Track:
    """Choose whom to analyse.

    Parameters
    ----------
    people
        Everybody, as :meth:`find_people` of a backend returns them.
    wanted
        Number of the person (1 is the one who walks most), or None to choose.

    Returns
    -------
    Track
        The walker; ``company`` holds the others.

    Raises
    ------
    NotEnoughDataError
        Nobody was seen (``no_person``), or nobody walks (``nobody_walks``).
    InputError
        There is no person of that number.
    """
    if not people.tracks:
        raise NotEnoughDataError(
            "Nobody was seen in the film; one person walking was expected. Film the whole body, head to feet, in good "
            "light.",
            "no_person",
        )
    if wanted is None:
        chosen = people.tracks[0]
    else:
        chosen = next((track for track in people.tracks if track.number == wanted), None)
        if chosen is None:
            raise InputError(
                f"There is no person {wanted} in the film; found were {_listed(people)}. Choose one of these numbers."
            )
    if chosen.score < MIN_WALKING_SCORE:
        who = "nobody walks" if wanted is None else f"person {wanted} does not walk"
        raise NotEnoughDataError(
            f"People were seen, but {who} ({_listed(people)}); a walk of several steps was expected. Film somebody "
            "who walks past, towards or on a treadmill, with both feet in the picture.",
            "nobody_walks",
        )
    return replace(chosen, company=tuple(track for track in people.tracks if track.number != chosen.number))


def choose_performer(people: People, wanted: int | None = None) -> Track:
    """Choose whom to analyse where a task is done standing: nobody has to walk.

    Parameters
    ----------
    people
        Everybody, as :meth:`find_people` of a backend returns them.
    wanted
        Number of the person, or None for the one who is seen longest and largest: the camera is set up for that one,
        and whoever stands by for safety mostly stands behind or beside.

    Raises
    ------
    NotEnoughDataError
        Nobody was seen (``no_person``).
    InputError
        There is no person of that number.
    """
    shown = [track.height_px * len(track.time_s) for track in people.tracks]
    performs = people.tracks[int(np.argmax(shown))].number if shown and wanted is None else wanted
    # The one who is chosen counts as the walker, however little they walk.
    tracks = tuple(replace(track, score=max(track.score, MIN_WALKING_SCORE)) for track in people.tracks)
    return choose_walker(replace(people, tracks=tracks), performs)


def _listed(people: People) -> str:
    return "; ".join(
        f"person {track.number} from {track.time_s[0]:.1f} to {track.time_s[-1]:.1f} s, walking score {track.score:.2f}"
        for track in people.tracks
    )


def _changes(signal: np.ndarray, threshold: float) -> np.ndarray:
    """``(n,)`` bool: where a signal has gone from beyond one threshold to beyond the opposite one."""
    state, changed = 0, np.zeros(len(signal), bool)
    for i, value in enumerate(signal):
        now = 1 if value > threshold else -1 if value < -threshold else 0
        if now and now != state:
            changed[i] = state != 0
            state = now
    return changed


def _best_rate(times: np.ndarray, track: Track) -> float:
    """Most steps in any window, per s of the window (or of the track, when that is shorter)."""
    length = min(WINDOW_S, max(float(track.time_s[-1] - track.time_s[0]), 1.0))
    counts = [int(((times >= start) & (times <= start + length)).sum()) for start in times]
    return max(counts, default=0) / length


def _trend(time_s: np.ndarray, values: np.ndarray) -> float:
    """Change of a straight line through the values from the first to the last time."""
    if len(values) < 2:
        return 0.0
    return float(np.polyfit(time_s - time_s[0], values, 1)[0] * (time_s[-1] - time_s[0]))


def _arms_up(track: Track) -> float:
    hands = track.position_px[:, 1, [_INDEX["left_wrist"], _INDEX["right_wrist"]]].max(axis=1)
    return float(np.mean(hands < track.position_px[:, 1, _INDEX["nose"]]))


def _lean_deg(track: Track) -> float:
    shoulders = track.position_px[:, :, [_INDEX["left_shoulder"], _INDEX["right_shoulder"]]].mean(axis=2)
    hips = track.position_px[:, :, [_INDEX["left_hip"], _INDEX["right_hip"]]].mean(axis=2)
    across, up = (shoulders - hips).T
    return float(np.median(np.degrees(np.arctan2(np.abs(across), -up))))


def refuse_sideways(backend: PoseBackend, frames: Iterable[Frame]) -> None:
    """Where nobody was found: say so when people appear as soon as the picture is turned.

    Raises
    ------
    NotEnoughDataError
        The film lies on its side.
    """
    seen = list(frames)
    for turns, direction in ((1, "right"), (3, "left")):
        turned = [Frame(frame.time_s, np.ascontiguousarray(np.rot90(frame.image, turns))) for frame in seen]
        if backend.find_people(turned).tracks:
            raise NotEnoughDataError(
                f"The film lies on its side: people are seen only when its pictures are turned back (its top points to "
                f"the {direction}). Turn the film upright on the phone or computer, save it and analyse it again.",
                "film_on_its_side",
            )
