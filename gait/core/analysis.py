"""One walk, analysed: everything a report is made of."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.core.causes import Reasoning
from gait.core.clip import Clip
from gait.core.cycles import GaitCycles
from gait.core.events import GaitEvents
from gait.core.feet import FootMotion
from gait.core.findings import Findings
from gait.core.issues import Issue
from gait.core.parameters import GaitParameters
from gait.core.pose import Pose
from gait.core.recording import Recording
from gait.core.scores import Scores
from gait.core.subject import Subject
from gait.core.tasks import TaskRecord
from gait.core.trajectories import Trajectories


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of the walker at an event, with its skeleton drawn.

    Attributes
    ----------
    label
        For example ``"right initial contact"``.
    side
        The side whose event it is.
    time_s
        When, in s.
    jpeg
        The picture.
    """

    label: str
    side: str
    time_s: float
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made this analysis, so that it can be made again.

    Attributes
    ----------
    version
        Version of this software.
    backend, model_sha256
        Who found the keypoints.
    settings
        ``repr`` of the settings.
    norms
        Version of the norms and rules.
    """

    version: str
    backend: str
    model_sha256: str
    settings: str
    norms: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """All results of one walk. Stages fill it in once; nobody changes it."""

    recording: Recording
    subject: Subject
    pose: Pose
    trajectories: Trajectories
    events: GaitEvents
    cycles: GaitCycles
    feet: FootMotion
    parameters: GaitParameters
    findings: Findings
    reasoning: Reasoning
    issues: tuple[Issue, ...]
    provenance: Provenance
    stills: tuple[Still, ...] = ()
    task: TaskRecord = field(default_factory=TaskRecord)
    scores: Scores = field(default_factory=Scores)

    @property
    def clip(self) -> Clip:
        """What the measures were made of."""
        return Clip(self.trajectories, self.events, self.cycles, self.feet, self.task)
