"""The whole chain on one screen: from a film to its possible causes. Nothing else knows the order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from gait import __version__
from gait.causes.reason import suggest_causes
from gait.core.analysis import Analysis, Provenance
from gait.core.clip import Clip
from gait.core.errors import InputError
from gait.core.events import GaitEvents
from gait.core.feet import FootMotion
from gait.core.issues import Issue
from gait.core.pose import Pose
from gait.core.recording import Frame, Recording
from gait.core.subject import Subject
from gait.core.tasks import WALKING_TASKS, TaskId
from gait.events.base import EventDetector
from gait.events.by_view import ByView
from gait.events.cycles import cut_cycles
from gait.events.refine import refine_contacts
from gait.feet.measure import measure_feet
from gait.findings.conditions import Conditions
from gait.findings.norms import load_norms, with_norms
from gait.findings.rules import find_deviations
from gait.parameters.compute import compute_parameters
from gait.pose.base import PoseBackend, load_backend
from gait.pose.keypoints_file import is_keypoints_file, read_keypoints
from gait.pose.walker import choose_performer, choose_walker, refuse_sideways
from gait.report.moments import pick_moments
from gait.scores.compute import compute_scores
from gait.tasks.observe import observe_task
from gait.trajectories.build import build_trajectories
from gait.trajectories.clean import Cleaning
from gait.trajectories.judge import is_clock_doubtful, judge_film, require_strides
from gait.trajectories.steadiness import steadiness_issues, unsteady_legs
from gait.trajectories.view import Straightness
from gait.video.camera import CameraTracker
from gait.video.faces import hide_top
from gait.video.frames import read_frames
from gait.video.overlay import read_stills
from gait.video.probe import probe
from gait.video.quality import FilmMeter, recording_issues, require_rate

Progress = Callable[[str, float], None]
FrameSource = Callable[[float, float], Iterator[Frame]]

#: People are looked for this many times a second (our estimate: nobody crosses the picture in between).
SURVEY_RATE_HZ = 4.0

#: Where nobody was found, this many frames a second are looked at again, turned.
SIDEWAYS_RATE_HZ = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a user can choose about an analysis; its ``repr`` is the provenance line.

    Attributes
    ----------
    backend
        Name of the pose backend.
    model, model_file
        Pose model: ``heavy`` (default), ``full`` or ``lite``; or a file of the user's own.
    view
        ``auto``, ``sagittal`` or ``frontal``.
    task
        What the clip shows: usual walking, or something that the person was asked to do.
    walker
        Number of the person to follow; None chooses the one who walks.
    slow_motion_factor
        How many times slower than life the film plays; None reads it from the film.
    treadmill_speed_mps
        Belt speed, m/s, when known.
    keypoint_rate_hz
        Frame rate of keypoint files that carry none (OpenPose), Hz.
    zero_to_standing
        Whether joint angles are counted from quiet standing, where the film shows it; they then meet no norms.
    blur_faces
        Whether the walker's face is blurred in stills.
    cleaning, straightness, detector
        Settings of the stages.
    """

    backend: str = "mediapipe"
    model: Literal["lite", "full", "heavy"] = "heavy"
    model_file: Path | None = None
    view: Literal["auto", "sagittal", "frontal"] = "auto"
    task: TaskId = "walk"
    walker: int | None = None
    slow_motion_factor: float | None = None
    treadmill_speed_mps: float | None = None
    keypoint_rate_hz: float | None = None
    zero_to_standing: bool = False
    blur_faces: bool = False
    cleaning: Cleaning = field(default_factory=Cleaning)
    straightness: Straightness = field(default_factory=Straightness)
    detector: EventDetector = field(default_factory=ByView)


def analyze(
    source: Path, subject: Subject, settings: Settings | None = None, progress: Progress | None = None
) -> Analysis:
    """Analyze one walk, from the film (or a keypoint file) to its possible causes.

    Parameters
    ----------
    source
        A film, or keypoints that someone else made.
    subject
        The walker: body, history, examination.
    settings
        Choices; the defaults when None.
    progress
        Called with the name of the step and its share done, 0..1.

    Raises
    ------
    InputError, SetupError
        The file, an option or the installation is wrong.
    NotEnoughDataError
        The film was read but cannot be judged.
    """
    settings, tell = settings or Settings(), progress or _silent
    if is_keypoints_file(source):
        pose = read_keypoints(source, settings.keypoint_rate_hz)
        return analyze_pose(pose, subject, settings, recording=_keypoint_recording(source, pose))
    recording = probe(source, settings.slow_motion_factor)
    require_rate(recording)
    pose, issues = estimate_pose(recording, settings, tell)

    def frames(start_s: float, end_s: float) -> Iterator[Frame]:
        return iter(read_frames(recording, None, max(0.0, start_s), end_s))

    known = recording_issues(recording) + issues
    analysis = analyze_pose(pose, subject, settings, recording=recording, frames=frames, issues=known, progress=tell)
    return replace(analysis, stills=read_stills(analysis, pick_moments(analysis), settings.blur_faces))


def estimate_pose(recording: Recording, settings: Settings, tell: Progress) -> tuple[Pose, tuple[Issue, ...]]:
    """Find everybody, choose the walker, follow that one; watch camera and light while the frames pass by."""
    backend = _backend(settings)
    people = backend.find_people(_counted(read_frames(recording, SURVEY_RATE_HZ), recording, tell, "people"))
    if not people.tracks:
        refuse_sideways(backend, read_frames(recording, SIDEWAYS_RATE_HZ))
    choose = choose_walker if settings.task in WALKING_TASKS else choose_performer
    walker = choose(people, settings.walker)
    camera, meter = CameraTracker(), FilmMeter()

    def watch(frame: Frame, boxes: list) -> None:
        camera.see(frame, boxes)
        meter.see(frame, walker.box_at(frame.time_s))

    pose = backend.estimate(_counted(read_frames(recording), recording, tell, "pose"), walker, (watch,))
    shown = pose.people
    if settings.blur_faces:
        shown = tuple(replace(person, thumbnail=hide_top(person.thumbnail)) for person in pose.people)
    return replace(pose, people=shown, camera=camera.motion()), meter.issues()


def analyze_pose(
    pose: Pose,
    subject: Subject,
    settings: Settings | None = None,
    *,
    recording: Recording,
    frames: FrameSource | None = None,
    feet: FootMotion | None = None,
    issues: tuple[Issue, ...] = (),
    progress: Progress | None = None,
) -> Analysis:
    """Analyze one walk from its keypoints.

    Parameters
    ----------
    pose
        Keypoints of the walker.
    subject, settings, progress
        As for :func:`analyze`.
    recording
        Facts of the film or keypoint file.
    frames
        Gives the frames of a time span, for measuring the feet from pixels; None where there is no film.
    feet
        Feet that are measured already (made walkers have no pixels); then ``frames`` is not asked for them.
    issues
        What is already known to limit the film.
    """
    settings, tell = settings or Settings(), progress or _silent
    walks = settings.task in WALKING_TASKS
    trajectories = build_trajectories(
        pose,
        subject,
        settings.cleaning,
        settings.straightness,
        settings.treadmill_speed_mps,
        settings.view,
        settings.zero_to_standing,
        on_the_spot=not walks,
    )
    events = settings.detector.detect(trajectories) if walks else GaitEvents.empty()
    if feet is None:
        feet = FootMotion()
        # On the heels or on tiptoe there is no flat foot to register the pixels on.
        if frames is not None and settings.task == "walk":
            feet = measure_feet(frames, pose, trajectories, events, lambda share: tell("feet", share))
    events = refine_contacts(events, feet)
    cycles = cut_cycles(trajectories, events)
    if walks:
        require_strides(events, cycles)
    observed = observe_task(settings.task, trajectories, cycles)
    clip = Clip(trajectories, events, cycles, feet, observed.record)
    parameters = compute_parameters(clip)
    norms = load_norms(subject, parameters, are_angles_zeroed=trajectories.standing_s is not None)
    if settings.task == "walk":
        # Norms are of usual walking.
        parameters = with_norms(parameters, norms)
    doubtful = is_clock_doubtful(cycles, parameters, recording)
    conditions = Conditions(
        trajectories.view.kind,
        task=settings.task,
        not_done=observed.record.not_done,
        rate_hz=trajectories.source_rate_hz,
        is_lite=pose.is_lite,
        is_clock_doubtful=doubtful,
        unsteady=unsteady_legs(trajectories, cycles),
    )
    findings = find_deviations(parameters, norms, conditions)
    reasoning = suggest_causes(findings, subject)
    return Analysis(
        recording=recording,
        subject=subject,
        pose=pose,
        trajectories=trajectories,
        events=events,
        cycles=cycles,
        feet=feet,
        parameters=parameters,
        findings=findings,
        reasoning=reasoning,
        issues=issues
        + observed.issues
        + steadiness_issues(trajectories, cycles)
        + judge_film(
            pose,
            trajectories,
            events,
            cycles,
            feet,
            parameters,
            recording,
            zero_to_standing=settings.zero_to_standing,
            task=settings.task,
        ),
        task=observed.record,
        scores=compute_scores(
            parameters, (clip,), speed_class=norms.speed_class, is_child=norms.is_child, is_lite=pose.is_lite
        ),
        provenance=Provenance(__version__, pose.backend, pose.model_sha256, repr(settings), norms.speed_class),
    )


def _backend(settings: Settings) -> PoseBackend:
    """The pose backend with the settings' model."""
    backend = load_backend(settings.backend)
    if settings.backend == "mediapipe":
        return replace(backend, model=settings.model, model_file=settings.model_file)  # pyright: ignore[reportArgumentType, reportCallIssue]
    return backend


def _counted(frames: Iterator[Frame] | object, recording: Recording, tell: Progress, step: str) -> Iterator[Frame]:
    """Pass frames on, telling how far the film has come."""
    for frame in frames:  # pyright: ignore[reportGeneralTypeIssues]
        yield frame
        tell(step, min(1.0, frame.time_s / max(recording.duration_s, 1e-6)))
    tell(step, 1.0)


def _keypoint_recording(source: Path, pose: Pose) -> Recording:
    """The facts of a keypoint file, in the words of a film."""
    time_s = pose.time_s
    if len(time_s) < 2:
        raise InputError(f"{source.name} holds {len(time_s)} frames; some seconds of walking are needed.")
    step_s = (time_s[-1] - time_s[0]) / (len(time_s) - 1)
    return Recording(
        path=source,
        width_px=pose.width_px,
        height_px=pose.height_px,
        fps=1.0 / step_s,
        frames=len(time_s),
        duration_s=float(time_s[-1] - time_s[0] + step_s),
        codec="keypoints",
        sha256=_sha256(source) if source.is_file() else "",
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _silent(step: str, share: float) -> None:
    """Progress for nobody."""
