"""Keypoints of video tools in JSON (OpenPose's folders, lists of results) -> Pose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from gait.core.errors import InputError, SchemaError
from gait.core.pose import Pose
from gait.core.skeleton import KEYPOINTS
from gait.pose.follow import people_of
from gait.pose.tracks import Detection, People, Track, link_detections
from gait.pose.walker import choose_walker, rank_people

#: Name of the file beside a folder's frames, or of the keys in a file, that tell the rate: ``{"fps": 30, "width_px":
#: 1920, "height_px": 1080}``.
FACTS_FILE = "recording.json"

#: Number of points -> our keypoint -> index, for the layouts that have feet.
LAYOUTS: dict[int, tuple[str, dict[str, int]]] = {
    25: (
        "BODY_25",
        {
            "nose": 0, "left_ear": 18, "right_ear": 17,
            "left_shoulder": 5, "right_shoulder": 2, "left_elbow": 6, "right_elbow": 3, "left_wrist": 7,
            "right_wrist": 4, "left_hip": 12, "right_hip": 9, "left_knee": 13, "right_knee": 10, "left_ankle": 14,
            "right_ankle": 11, "left_heel": 21, "right_heel": 24, "left_toe": 19, "right_toe": 22,
        },
    ),
    26: (
        "Halpe 26",
        {
            "nose": 0, "left_ear": 3, "right_ear": 4,
            "left_shoulder": 5, "right_shoulder": 6, "left_elbow": 7, "right_elbow": 8, "left_wrist": 9,
            "right_wrist": 10, "left_hip": 11, "right_hip": 12, "left_knee": 13, "right_knee": 14, "left_ankle": 15,
            "right_ankle": 16, "left_heel": 24, "right_heel": 25, "left_toe": 20, "right_toe": 21,
        },
    ),
    133: (
        "COCO-WholeBody",
        {
            "nose": 0, "left_ear": 3, "right_ear": 4,
            "left_shoulder": 5, "right_shoulder": 6, "left_elbow": 7, "right_elbow": 8, "left_wrist": 9,
            "right_wrist": 10, "left_hip": 11, "right_hip": 12, "left_knee": 13, "right_knee": 14, "left_ankle": 15,
            "right_ankle": 16, "left_heel": 19, "right_heel": 22, "left_toe": 17, "right_toe": 20,
        },
    ),
}  # fmt: skip
#: Layouts without feet.
_FOOTLESS = {17: "COCO (17 points)", 18: "COCO (18 points)", 15: "MPI (15 points)"}
#: Points below this confidence count as unseen (0 is how OpenPose says so; our choice).
MIN_CONFIDENCE = 0.05


def read_openpose(path: Path, rate_hz: float | None = None, wanted: int | None = None) -> Pose:
    """Read keypoints that a video tool wrote as JSON.

    Parameters
    ----------
    path
        A folder with one ``*.json`` per frame, or one file that holds a list of frames (each with ``people``) or a
        list of results (each with ``image_id`` and ``keypoints``).
    rate_hz
        Frames per second of the film; None: as written in ``recording.json`` in the folder, or as ``fps`` in the
        file. It is never guessed: a wrong rate makes every duration wrong.
    wanted
        Number of the walker when there are several people; None to choose.

    Raises
    ------
    SchemaError
        The layout has no feet or is unknown, the rate is not told, or the file is not such a file.
    NotEnoughDataError
        Nobody, or nobody who walks.
    """
    numbers, frames, facts = _read_folder(path) if path.is_dir() else _read_file(path)
    rate = rate_hz or _number(facts.get("fps"))
    if not 0 < rate < float("inf"):
        raise SchemaError(
            f'{path.name} does not tell how many frames a second the film has; write {{"fps": 30}} (with the true '
            f'rate) into {FACTS_FILE} in the folder, or "fps" into the file.'
        )
    layouts = {len(points) for people in frames for points in people}
    if not layouts:
        raise SchemaError(f"{path.name} holds no person in any of its {len(frames)} frames.")
    name, order = _layout(layouts, path)
    # Tools leave out frames in which they saw nobody; the frames' numbers still tell the time.
    times = (np.array(numbers) - numbers[0]) / rate
    found = [
        [_detection(t, points, order) for points in people if _is_whole(points, order)]
        for t, people in zip(times, frames, strict=True)
    ]
    size = _size(frames, facts)
    follow = choose_walker(rank_people(People(link_detections(found), *size)), wanted)
    return _pose(times, frames, order, follow, size, f"openpose ({name})")


def _pose(
    times: np.ndarray,
    frames: Sequence[Sequence[np.ndarray]],
    order: dict[str, int],
    follow: Track,
    size: tuple[int, int],
    backend: str,
) -> Pose:
    """The walker in every frame in which the track has it."""
    position = np.full((len(times), 2, len(KEYPOINTS)), np.nan)
    confidence = np.zeros((len(times), len(KEYPOINTS)))
    index = {float(t): i for i, t in enumerate(times)}
    for t, points, sure in zip(follow.time_s, follow.position_px, follow.confidence, strict=True):
        i = index[float(t)]
        seen = sure >= MIN_CONFIDENCE
        position[i], confidence[i] = np.where(seen, points, np.nan), np.where(seen, sure, 0.0)
    return Pose.from_arrays(
        times, position, confidence, *size, backend=backend, people=people_of(follow), walker=follow.number
    )


def _layout(counts: set[int], path: Path) -> tuple[str, dict[str, int]]:
    if len(counts) == 1 and (count := next(iter(counts))) in LAYOUTS:
        return LAYOUTS[count]
    named = ", ".join(_FOOTLESS.get(count, f"{count} points") for count in sorted(counts))
    known = ", ".join(f"{name} ({count} points)" for count, (name, _) in LAYOUTS.items())
    raise SchemaError(
        f"{path.name} has the keypoints of {named}; heels and toes are needed to judge a walk. Run the tool with a "
        f"model that has feet: {known}."
    )


def _is_whole(points: np.ndarray, order: dict[str, int]) -> bool:
    """Whether the trunk and one leg were seen, so that the person can be followed."""
    seen = {name for name, i in order.items() if points[i, 2] >= MIN_CONFIDENCE}
    trunk = {"left_shoulder", "right_shoulder", "left_hip", "right_hip"}
    return trunk <= seen and any({f"{s}_knee", f"{s}_ankle"} <= seen for s in ("left", "right"))


def _detection(time_s: float, points: np.ndarray, order: dict[str, int]) -> Detection:
    """Ordered as ours; unseen points lie at the middle of the seen ones, with confidence 0, so that boxes hold."""
    rows = points[[order[name] for name in KEYPOINTS]]
    seen = rows[:, 2] >= MIN_CONFIDENCE
    position = np.where(seen[:, None], rows[:, :2], rows[seen, :2].mean(axis=0))
    return Detection(float(time_s), position.T, np.clip(np.where(seen, rows[:, 2], 0.0), 0.0, 1.0))


def _size(frames: Iterable[Iterable[np.ndarray]], facts: dict[str, Any]) -> tuple[int, int]:
    """The picture as told, or as large as the keypoints reach."""
    if facts.get("width_px") and facts.get("height_px"):
        return int(facts["width_px"]), int(facts["height_px"])
    largest = np.max([points[:, :2].max(axis=0) for people in frames for points in people], axis=0)
    return int(np.ceil(largest[0])) + 1, int(np.ceil(largest[1])) + 1


def _number(value: Any) -> float:
    """A number that somebody wrote into a file; 0 when it is none."""
    try:
        return float(value or 0.0)
    except (TypeError, ValueError):
        return 0.0


def _counting(name: str) -> tuple[str | int, ...]:
    """Sorts ``frame_2`` before ``frame_10``."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name))


def _frame_numbers(names: Sequence[str]) -> list[int]:
    """Numbers of frames by the last number in their names; 0, 1, ... where names do not count upward."""
    found = [re.findall(r"\d+", name) for name in names]
    numbers = [int(digits[-1]) for digits in found if digits]
    counts_upward = len(numbers) == len(names) and all(a < b for a, b in pairwise(numbers))
    return numbers if counts_upward else list(range(len(names)))


def _read_folder(path: Path) -> tuple[list[int], list[list[np.ndarray]], dict[str, Any]]:
    found = (name for name in path.glob("*.json") if name.name != FACTS_FILE)
    names = sorted(found, key=lambda name: _counting(name.stem))
    if not names:
        raise SchemaError(f"{path} holds no JSON files; one per frame was expected, as OpenPose writes them.")
    facts = _load(path / FACTS_FILE) if (path / FACTS_FILE).is_file() else {}
    if not isinstance(facts, dict):
        raise SchemaError(f'{path / FACTS_FILE} should hold an object such as {{"fps": 30}}.')
    return _frame_numbers([name.stem for name in names]), [_people(_load(name), name) for name in names], facts


def _read_file(path: Path) -> tuple[list[int], list[list[np.ndarray]], dict[str, Any]]:
    content = _load(path)
    facts = content if isinstance(content, dict) else {}
    frames = content.get("frames") if isinstance(content, dict) else content
    if not isinstance(frames, list) or not frames:
        raise SchemaError(f'{path.name} should hold a list of frames, each with "people".')
    if isinstance(frames[0], dict) and "image_id" in frames[0]:
        return *_by_image(frames, path), facts
    return list(range(len(frames))), [_people(frame, path) for frame in frames], facts


def _by_image(results: list[Any], path: Path) -> tuple[list[int], list[list[np.ndarray]]]:
    """Results in COCO's manner: one per person, frames told apart by ``image_id``; with the frames' numbers."""
    frames: dict[str, list[np.ndarray]] = {}
    for result in results:
        if not isinstance(result, dict) or "image_id" not in result:
            raise SchemaError(
                f'{path.name}: every result should have "image_id" and "keypoints"; found {result!r:.60}.'
            )
        frames.setdefault(str(result.get("image_id")), []).append(_points(result.get("keypoints"), path))
    ordered = sorted(frames, key=_counting)
    return _frame_numbers([Path(key).stem for key in ordered]), [frames[key] for key in ordered]


def _people(frame: Any, path: Path) -> list[np.ndarray]:
    people = frame.get("people") if isinstance(frame, dict) else None
    if not isinstance(people, list):
        raise SchemaError(f'{path.name} has no list "people"; a file as OpenPose writes it was expected.')
    return [_points(person.get("pose_keypoints_2d") if isinstance(person, dict) else None, path) for person in people]


def _points(values: Any, path: Path) -> np.ndarray:
    try:
        numbers = np.asarray(values, float).reshape(-1, 3)
    except (TypeError, ValueError) as error:
        raise SchemaError(f"{path.name}: keypoints should be numbers x, y, confidence, ... ({error}).") from error
    return np.nan_to_num(numbers)


def _load(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error}.") from error
    except ValueError as error:
        raise SchemaError(f"{path.name} is not JSON ({error}).") from error
