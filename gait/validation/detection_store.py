"""Made films analysed once and kept: a change of the rules or norms judges again from stored measures in moments."""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from gait.core.clip import Clip
from gait.core.errors import GaitError, OutputError
from gait.core.findings import Findings
from gait.core.parameters import GaitParameters
from gait.core.subject import Subject
from gait.findings.conditions import Conditions
from gait.findings.confidence import Confidence
from gait.findings.norms import load_norms, with_norms
from gait.findings.rules import find_deviations
from gait.parameters.compute import compute_parameters
from gait.validation.detection_walks import MadeFilm, shoot

#: What a stored clip, and stored measures, depend on besides the film itself.
_OF_CLIPS = ("core", "simulate", "trajectories", "events", "tasks", "validation/detection_walks.py")
_OF_MEASURES = ("core", "parameters")


@dataclass(frozen=True, slots=True)
class Seen:
    """One made film as the chain saw it, short of the findings.

    Attributes
    ----------
    film
        What was filmed.
    subject, conditions
        As findings need them.
    truth
        By (parameter id, side).
    clip
        What measures are made of; None where the chain refused the film.
    refusal
        Why it did.
    parameters
        Measures, before norms.
    """

    film: MadeFilm
    subject: Subject
    conditions: Conditions
    truth: dict[tuple[str, str], float]
    clip: Clip | None = None
    refusal: str = ""
    parameters: GaitParameters = field(default_factory=GaitParameters.empty)

    def findings(self, confidence: Confidence | None = None) -> Findings:
        """Judge, with the rules and norms as they are now.

        Parameters
        ----------
        confidence
            Another calibration than the delivered one.
        """
        if self.refusal:
            return Findings()
        norms = load_norms(self.subject, self.parameters)
        # Norms are of usual walking.
        measures = with_norms(self.parameters, norms) if self.film.task == "walk" else self.parameters
        return find_deviations(measures, norms, self.conditions, confidence)


def see(film: MadeFilm) -> Seen:
    """Make a film and send it through the whole chain."""
    from gait.pipeline import Settings, analyze_pose
    from gait.trajectories.judge import is_clock_doubtful

    footage = shoot(film)
    truth = {(row["id"], row["side"]): float(row["value"]) for row in footage.truth["parameters"]}
    conditions = Conditions(film.view, task=film.task)
    try:
        analysis = analyze_pose(
            footage.pose,
            footage.subject,
            Settings(task=film.task, view=film.view if film.task != "walk" else "auto"),
            recording=footage.recording,
            feet=footage.feet,
        )
    except GaitError as error:
        # A film that the chain refuses is a result: nothing can be judged, and nothing wrong is said.
        return Seen(film, footage.subject, conditions, truth, refusal=str(error))
    conditions = Conditions(
        analysis.trajectories.view.kind,
        task=film.task,
        not_done=analysis.task.not_done,
        rate_hz=analysis.trajectories.source_rate_hz,
        is_lite=footage.pose.is_lite,
        is_clock_doubtful=is_clock_doubtful(analysis.cycles, analysis.parameters, footage.recording),
    )
    bare = tuple(replace(parameter, norm=None) for parameter in analysis.parameters.summary)
    parameters = GaitParameters(analysis.parameters.strides, bare)
    return Seen(film, footage.subject, conditions, truth, analysis.clip, parameters=parameters)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of made films.

    Attributes
    ----------
    folder
        Where they are kept.
    trusts_old_clips
        Whether clips made by an older version of the chain are taken; measures and findings are always made anew.
    """

    folder: Path
    trusts_old_clips: bool = False

    def has(self, film: MadeFilm) -> bool:
        """Whether a film is there, so that it need not be made (but perhaps measured)."""
        return (self.folder / "clips" / _name(film)).is_file()

    def load(self, film: MadeFilm) -> Seen:
        """A film with its measures: from the folder, or made now.

        Raises
        ------
        OutputError
            When the folder cannot be written to.
        """
        name = _name(film)
        clip_file, measures_file = self.folder / "clips" / name, self.folder / "measures" / name
        clips, measures = code_version(_OF_CLIPS), code_version(_OF_MEASURES)
        measured = _read(measures_file)
        if measured and measured["measures"] == measures and (self.trusts_old_clips or measured["clips"] == clips):
            return replace(measured["seen"], film=film)
        stored = _read(clip_file)
        if stored and (self.trusts_old_clips or stored["clips"] == clips):
            clips, seen = stored["clips"], replace(stored["seen"], film=film)
            seen = replace(seen, parameters=compute_parameters(seen.clip)) if seen.clip is not None else seen
        else:
            seen = see(film)
            _write(clip_file, {"clips": clips, "seen": replace(seen, parameters=GaitParameters.empty())})
        seen = replace(seen, clip=None)
        _write(measures_file, {"clips": clips, "measures": measures, "seen": seen})
        return seen

    def load_all(self, films: Sequence[MadeFilm], workers: int = 1) -> Iterator[Seen]:
        """All films, in order.

        Parameters
        ----------
        films
            What to load.
        workers
            Processes that make what is not there yet.
        """
        if workers <= 1:
            yield from map(self.load, films)
            return
        from multiprocessing import get_context

        with get_context("spawn").Pool(workers) as pool:
            yield from pool.imap(self.load, films, chunksize=8)


def _name(film: MadeFilm) -> str:
    """Of the file; a film is the same in whatever part of the study it appears."""
    return hashlib.sha256(repr(replace(film, arm="")).encode()).hexdigest()[:24]


@lru_cache(maxsize=8)
def code_version(parts: tuple[str, ...]) -> str:
    """Hash of the code and data of some packages: what was stored under another one is out of date."""
    digest = hashlib.sha256()
    for part in parts:
        for path, content in _contents(files("gait").joinpath(part), part):
            digest.update(path.encode() + content)
    return digest.hexdigest()[:16]


def _contents(place: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        if name.endswith((".py", ".toml", ".csv")):
            yield name, place.read_bytes()
        return
    for child in sorted(place.iterdir(), key=lambda child: child.name):
        if child.name != "__pycache__":
            yield from _contents(child, f"{name}/{child.name}")


def _read(file: Path) -> dict[str, Any] | None:
    """What is stored, or None; what cannot be read any more is made again."""
    try:
        return pickle.loads(zlib.decompress(file.read_bytes()))  # noqa: S301 - our own files
    except FileNotFoundError:
        return None
    except (zlib.error, pickle.UnpicklingError, AttributeError, ImportError, TypeError, ValueError, EOFError):
        return None


def _write(file: Path, content: dict[str, Any]) -> None:
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(zlib.compress(pickle.dumps(content), 1))
        part.replace(file)
    except OSError as error:
        raise OutputError(f"cannot write to {file.parent}: {error.strerror}; choose a folder with --store") from error
