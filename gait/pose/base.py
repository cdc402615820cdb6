"""What a pose backend can do, and how one is found by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import entry_points
from typing import Protocol, runtime_checkable

from gait.core.errors import InputError, SetupError
from gait.core.pose import Pose
from gait.core.recording import Frame
from gait.pose.tracks import Box, People, Track

#: Group of entry points in which backends are announced.
ENTRY_POINT_GROUP = "gait.pose_backends"

#: What this package brings along; serves where it runs from its source tree without being installed.
_OWN_BACKENDS = {"mediapipe": "gait.pose.mediapipe:MediaPipe"}

#: Is shown each frame with the boxes of everybody known to be in it.
FrameObserver = Callable[[Frame, list[Box]], None]


@runtime_checkable
class PoseBackend(Protocol):
    """Finds people and their keypoints in frames."""

    def find_people(self, frames: Iterable[Frame]) -> People:
        """Find everybody in a few frames a second.

        Parameters
        ----------
        frames
            Thinned frames (about four a second), times increasing.

        Returns
        -------
        People
            Everybody, in the order of their walking score; empty where nobody was seen.
        """
        ...

    def estimate(
        self,
        frames: Iterable[Frame],
        follow: Track | None,
        observers: Sequence[FrameObserver] = (),
        progress: Callable[[int], None] | None = None,
    ) -> Pose:
        """Estimate the keypoints of one person in every frame.

        Parameters
        ----------
        frames
            All frames, times increasing.
        follow
            Whom to follow, or None for whoever is seen.
        observers
            Called with every frame and the boxes of the people in it.
        progress
            Called with the number of frames done.

        Returns
        -------
        Pose
            NaN where the person was not seen.
        """
        ...


def installed_backends() -> dict[str, str]:
    """Names of the backends that can be loaded, each with the place of its class (``module:class``)."""
    return _OWN_BACKENDS | {entry.name: entry.value for entry in entry_points(group=ENTRY_POINT_GROUP)}


def load_backend(name: str) -> PoseBackend:
    """Load a pose backend with its standard settings.

    Parameters
    ----------
    name
        As announced in the entry point group ``gait.pose_backends``, for example ``"mediapipe"``.

    Raises
    ------
    InputError
        There is no such backend; the message lists the installed ones.
    SetupError
        The backend is announced but cannot be loaded.
    """
    from importlib.metadata import EntryPoint

    known = installed_backends()
    if name not in known:
        raise InputError(f"There is no pose backend {name!r}; installed are: {', '.join(sorted(known))}.")
    try:
        backend = EntryPoint(name, known[name], ENTRY_POINT_GROUP).load()()
    except (ImportError, AttributeError) as error:
        raise SetupError(
            f"The pose backend {name!r} ({known[name]}) cannot be loaded: {error}. Reinstall the package it comes with."
        ) from error
    if not isinstance(backend, PoseBackend):
        raise SetupError(f"{known[name]} is no pose backend: it needs the methods find_people and estimate.")
    return backend
