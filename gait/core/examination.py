"""Several clips of one person, taken together."""

from __future__ import annotations

from dataclasses import dataclass, field

from gait.core.analysis import Analysis
from gait.core.causes import Reasoning
from gait.core.findings import Findings
from gait.core.issues import Issue
from gait.core.parameters import GaitParameters
from gait.core.scores import Scores
from gait.core.subject import Subject
from gait.core.tasks import TaskId
from gait.core.trajectories import ViewKind


@dataclass(frozen=True, slots=True)
class Pool:
    """Clips of one task and one view, measured together.

    Attributes
    ----------
    clips
        Names of the films.
    task, view
        What they show, and from where.
    parameters, findings
        Of all their strides (or repetitions) together.
    norms
        The class of walking speed that the norms were matched by; empty where no speed is known.
    is_part
        Whether these clips were also measured as part of a larger pool, which then is heard first.
    """

    clips: tuple[str, ...]
    task: TaskId
    view: ViewKind
    parameters: GaitParameters
    findings: Findings
    norms: str = ""
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A clip that was given and does not count.

    Attributes
    ----------
    name
        Of the file.
    reason
        Why, as a sentence for people.
    """

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class NextFilm:
    """What to film next, and which questions it would answer.

    Attributes
    ----------
    text
        How to film.
    answers
        Names of the findings that could then be judged.
    """

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """All clips of one person, and what they show together.

    Attributes
    ----------
    subject
        The person.
    clips
        Every clip that could be analysed and counts, in the order given; each with its own findings.
    left_out
        Clips that do not count, with the reason.
    pools
        Clips measured together; empty where the clips must not be put together.
    findings
        One verdict for each finding and side, from all pools; empty where there are none.
    reasoning
        Possible causes, from the findings of all clips together.
    issues
        What limits the examination as a whole; what limits one clip stands in its own analysis.
    next_films
        What to film to answer what is still open, the most telling first.
    version
        Of this software.
    scores
        Summary scores of all walks together.
    """

    subject: Subject
    clips: tuple[Analysis, ...]
    left_out: tuple[LeftOut, ...]
    pools: tuple[Pool, ...]
    findings: Findings
    reasoning: Reasoning
    issues: tuple[Issue, ...]
    next_films: tuple[NextFilm, ...]
    version: str
    scores: Scores = field(default_factory=Scores)

    @property
    def joint_pools(self) -> tuple[Pool, ...]:
        """The pools whose measures are shown: those that are no part of a larger one."""
        return tuple(pool for pool in self.pools if not pool.is_part)
