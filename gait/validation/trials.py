"""Which recordings are compared with what: truth files, motion capture with events, and folders of both."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from gait.core.errors import GaitError, InputError
from gait.pose.keypoints_file import is_keypoints_file, read_marker_events
from gait.validation.compare import Truth
from gait.validation.films import clip_name, film_of, read_truth
from gait.validation.plates import plate_events

#: Endings of motion capture files.
CAPTURE_ENDINGS = (".c3d", ".trc")
#: Endings of films, for folders of healthy people or of repeated passes (which have no truth file to name them).
FILM_ENDINGS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")


@dataclass(frozen=True, slots=True)
class Trial:
    """One recording and its truth.

    Attributes
    ----------
    clip
        Its name in all tables.
    file
        The film, keypoint file or motion capture that is analysed.
    truth
        Content of its truth file; of motion capture, its labelled events.
    source
        ``rendered`` (a film of a rendered walker), ``film`` (a film of a person), ``simulated`` (keypoints) or
        ``capture`` (markers).
    population
        Who walks, for example ``healthy`` or ``parkinson``; the planted fault of a made walker.
    origin
        Data set that it comes from; what is left out when a whole source is left out.
    frame_truth
        File with the truth of every frame, or None.
    """

    clip: str
    file: Path
    truth: dict[str, Any] = field(repr=False)
    source: str
    population: str
    origin: str
    frame_truth: Path | None = None

    @property
    def is_capture(self) -> bool:
        """Whether markers were recorded, not a film."""
        return self.source == "capture"


def find_trials(
    paths: Sequence[Path], *, keypoints_only: bool = False
) -> tuple[list[Trial], list[tuple[str, GaitError]]]:
    """Find everything that can be compared.

    Parameters
    ----------
    paths
        Truth files (``NAME.truth.json``), motion capture (C3D or TRC), and folders of these, searched to the bottom.
    keypoints_only
        Leave out films: what remains takes seconds.

    Returns
    -------
    trials
        In the order of the paths, within a folder by name; each file once.
    failures
        What was named but cannot be used: ``(name, error)``.

    Raises
    ------
    InputError
        When there is nothing to compare at all; the first failure when there is nothing else.
    """
    trials: list[Trial] = []
    failures: list[tuple[str, GaitError]] = []
    for path in _unfold(paths):
        try:
            trial = _capture_trial(path) if path.suffix.lower() in CAPTURE_ENDINGS else _truth_trial(path)
        except GaitError as error:
            failures.append((clip_name(path), error))
            continue
        if not keypoints_only or is_keypoints_file(trial.file):
            trials.append(trial)
    if not trials and failures:
        raise failures[0][1]
    if not trials:
        raise InputError(
            "found no truth files, expected at least one NAME.truth.json, or C3D with events; name them or their folder"
        )
    return trials, failures


def find_films(folder: Path) -> list[Path]:
    """Films of a folder, by name.

    Raises
    ------
    InputError
        When it is no folder or holds no film.
    """
    found = sorted(path for path in folder.glob("*") if path.suffix.lower() in FILM_ENDINGS) if folder.is_dir() else []
    if not found:
        raise InputError(f"{folder} holds no film; expected a folder with {', '.join(FILM_ENDINGS)}")
    return found


def _unfold(paths: Sequence[Path]) -> list[Path]:
    """Files in order, folders opened, each file once; what a truth file tells of is not also its own trial."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = path.rglob("*") if path.is_dir() else [path]
        wanted = (
            file
            for file in sorted(inside)
            if file is path or file.name.endswith(".truth.json") or file.suffix.lower() in CAPTURE_ENDINGS
        )
        found |= dict.fromkeys(wanted)
    told = {path.with_name(clip_name(path)) for path in found if path.name.endswith(".truth.json")}
    return [path for path in found if path.suffix.lower() not in CAPTURE_ENDINGS or path.with_suffix("") not in told]


def _truth_trial(path: Path) -> Trial:
    """A trial from a truth file."""
    truth = read_truth(path)
    file = film_of(path, truth)
    if file.suffix.lower() in CAPTURE_ENDINGS:
        source = "capture"
    elif is_keypoints_file(file):
        source = "simulated"
    else:
        source = str(truth.get("source", "rendered"))
    frames = (path.with_name(clip_name(path) + ending) for ending in (".full.json.gz", ".full.json", ".json"))
    return Trial(
        clip=clip_name(path),
        file=file,
        truth=truth,
        source=source,
        population=_population(truth),
        origin=str(truth.get("origin", source)),
        frame_truth=next((file for file in frames if file.is_file()), None),
    )


def _population(truth: Truth) -> str:
    """Who walks: as told, else what was planted."""
    if truth.get("population"):
        return str(truth["population"])
    planted = sorted({str(row["id"]) for row in truth["findings"]})
    return " + ".join(planted) if planted else "healthy"


def _capture_trial(path: Path) -> Trial:
    """A trial from motion capture whose events somebody labelled, or whose force plates tell them."""
    events = read_marker_events(path) if path.suffix.lower() == ".c3d" else []
    if not events and path.suffix.lower() == ".c3d":
        events = plate_events(path)
    if not events:
        raise InputError(
            f"{path.name} holds no gait events and no force plate of each foot's own, so there is nothing to compare "
            "with; label Foot Strike and Foot Off, or put a truth file beside it"
        )
    rows = [{"time_s": time, "side": side, "kind": kind} for time, side, kind in events]
    known = next((row for row in _known_captures() if fnmatch(path.name, row["files"])), {})
    truth = {"view": "sagittal", "events": rows, "parameters": [], "findings": []}
    return Trial(
        clip=path.stem,
        file=path,
        truth=truth,
        source="capture",
        population=known.get("population", "not told"),
        origin=known.get("origin", path.parent.name),
    )


@cache
def _known_captures() -> tuple[dict[str, str], ...]:
    """Public recordings that we know by their file names: who walks, and where they come from."""
    text = files("gait.validation").joinpath("data/captures.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["capture"])
