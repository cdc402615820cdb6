"""What limits this film: facts the reader must know before any number."""

from __future__ import annotations

from statistics import median

import numpy as np

from gait.core.cycles import GaitCycles
from gait.core.errors import NotEnoughDataError
from gait.core.events import GaitEvents
from gait.core.feet import FootMotion
from gait.core.issues import Issue
from gait.core.parameters import GaitParameters
from gait.core.pose import Pose
from gait.core.recording import Recording
from gait.core.sides import SIDES
from gait.core.tasks import WALKING_TASKS, TaskId
from gait.core.trajectories import Trajectories

#: Strides of each foot below which single values weigh too much (five is our estimate).
ENOUGH_STRIDES = 5

#: No person walks with fewer or more steps a minute than this (our estimate: slowest stride 2.9 s, fastest 0.7 s).
SLOWEST_CADENCE_SPM = 41.0
FASTEST_CADENCE_SPM = 175.0

#: Steps this much longer than usual for the speed (in %) are those of a walker whose film plays too slowly: halving the
#: speed without shortening the steps gives 134 % (our estimate; healthy films 80-105 %).
LONG_STEPS_PCT = 127.0

#: Factors by which phones slow films down, and the usual cadence that one of them should bring back.
SLOW_MOTION_FACTORS = (2, 4, 8)
USUAL_CADENCE_SPM = 105.0


def judge_film(
    pose: Pose,
    trajectories: Trajectories,
    events: GaitEvents,
    cycles: GaitCycles,
    feet: FootMotion,
    parameters: GaitParameters,
    recording: Recording,
    *,
    zero_to_standing: bool = False,
    task: TaskId = "walk",
) -> tuple[Issue, ...]:
    """Everything about the walk and the camera that weakens or forbids a statement.

    What limits the walk is not asked where the person stays on the spot, and feet are measured from pixels in usual
    walking only.
    """
    of_walk = [_view(trajectories), _strides(cycles, events), _one_pass(trajectories), _no_scale(trajectories)]
    found = [
        *(of_walk if task in WALKING_TASKS else ()),
        _cadence(cycles, parameters, recording),
        _moving_camera(pose),
        _several_people(pose),
        _lite(pose),
        _feet(trajectories, feet) if task == "walk" else None,
        _standing(trajectories) if zero_to_standing else None,
    ]
    return tuple(issue for issue in found if issue is not None)


def require_strides(events: GaitEvents, cycles: GaitCycles) -> None:
    """Refuse a film without a single complete stride: nothing in it can be measured.

    Raises
    ------
    NotEnoughDataError
        No complete straight stride of either foot; where the contacts lie so far apart that nobody walks so slowly, the
        message says that the film looks like slow motion.
    """
    if len(cycles):
        return
    spans = [span for side in SIDES for span in np.diff(events.times_s(side, "initial_contact"))]
    cadence = 120.0 / float(np.median(spans)) if spans else float("nan")
    if cadence < SLOWEST_CADENCE_SPM:
        raise NotEnoughDataError(
            f"The film shows {cadence:.0f} steps a minute, which nobody walks. It looks like slow motion: give "
            f"--slow-motion {_factor(cadence)}, or use the original film.",
            "slow_motion_suspected",
        )
    raise NotEnoughDataError(
        f"The film shows no complete straight stride ({len(events)} contacts and toe-offs were found); at least "
        "one of each foot is needed, five are wanted. Film a longer walk, the whole person in the picture.",
        "few_strides",
    )


def is_clock_doubtful(cycles: GaitCycles, parameters: GaitParameters, recording: Recording) -> bool:
    """Whether the film may play at another speed than life."""
    return _cadence(cycles, parameters, recording) is not None


def _factor(cadence_spm: float) -> int:
    """The slow-motion factor that brings a cadence nearest to the usual one."""
    return min(SLOW_MOTION_FACTORS, key=lambda factor: abs(np.log(cadence_spm * factor / USUAL_CADENCE_SPM)))


def _view(trajectories: Trajectories) -> Issue | None:
    view = trajectories.view
    if view.kind == "sagittal":
        return None
    if view.kind == "frontal":
        return Issue(
            "frontal_view",
            "warning",
            "The walker is filmed from the front or the back: steps and their width are measured, but step length, "
            "speed, stance and the angles of foot, knee and hip cannot be.",
            "Film from the side as well, the camera square to the walkway, there and back.",
        )
    return Issue(
        "oblique_view",
        "warning",
        f"The camera looks at the walkway obliquely (about {view.angle_deg:.0f} degrees off the side view): lengths "
        "and angles would be foreshortened and are not reported.",
        "Film square to the walkway.",
    )


def _strides(cycles: GaitCycles, events: GaitEvents) -> Issue | None:
    counts = {side: len(cycles.of(side)) for side in SIDES}
    if min(counts.values()) >= ENOUGH_STRIDES:
        return None
    severity = "error" if min(counts.values()) == 0 else "warning"
    return Issue(
        "few_strides",
        severity,
        f"The film shows {counts['left']} complete left and {counts['right']} complete right strides of straight "
        f"walking ({len(events)} contacts and toe-offs); {ENOUGH_STRIDES} of each are wanted.",
        "Film a longer walkway or several passes, there and back.",
    )


def _one_pass(trajectories: Trajectories) -> Issue | None:
    near = {stretch.near_side for stretch in trajectories.passes if stretch.near_side}
    if trajectories.view.kind == "frontal" or len(near) != 1:
        return None
    side = next(iter(near))
    return Issue(
        "one_direction",
        "info",
        f"Only the {side} leg is seen from its near side. The far leg is measured less well: a side difference of its "
        "joint angles carries a wider interval.",
        "Film the walk there and back, so that each leg is once the near one.",
    )


def _standing(trajectories: Trajectories) -> Issue:
    """What became of the wish to count joint angles from quiet standing."""
    if trajectories.standing_s is None:
        return Issue(
            "no_quiet_standing",
            "warning",
            "Joint angles were to be counted from quiet standing, but the film shows none from the side; they are "
            "counted as in other films.",
            "Let the walker stand still, side on and upright, for two seconds before the first step.",
        )
    start, end = trajectories.standing_s
    return Issue(
        "counted_from_standing",
        "info",
        f"Joint angles are counted from this person's quiet standing ({start:.1f} to {end:.1f} s of the film), as "
        "asked. Norms do not know that zero, so these angles stand without them.",
        "Use it to compare films of one person; leave it out to compare with norms.",
    )


def _no_scale(trajectories: Trajectories) -> Issue | None:
    if trajectories.scale.m_per_px is not None or trajectories.view.kind != "sagittal":
        return None
    return Issue(
        "no_scale",
        "warning",
        "No length is known, so lengths are given in leg lengths and speed cannot be given in metres per second.",
        "Tell the walker's height (--height).",
    )


def _cadence(cycles: GaitCycles, parameters: GaitParameters, recording: Recording) -> Issue | None:
    """A film that plays at another speed than life."""
    if not len(cycles) or recording.codec == "keypoints":
        return None
    cadence = 120.0 / median(cycle.end_s - cycle.start_s for cycle in cycles.rows())
    if cadence > FASTEST_CADENCE_SPM:
        return Issue(
            "implausible_cadence",
            "error",
            f"The film shows {cadence:.0f} steps a minute, which nobody walks; it looks speeded up.",
            "Use the film as it was recorded.",
        )
    long_steps = parameters.value("step_length_for_speed_pct")
    if cadence >= SLOWEST_CADENCE_SPM and not (long_steps > LONG_STEPS_PCT and cadence < 0.75 * USUAL_CADENCE_SPM):
        return None
    factor = _factor(cadence)
    steps = f"and steps of {long_steps:.0f} % of what is usual at that speed" if np.isfinite(long_steps) else ""
    return Issue(
        "slow_motion_suspected",
        "warning",
        f"The film shows {cadence:.0f} steps a minute {steps}: it looks like slow motion by a factor of {factor}. "
        "Times and speed are then wrong by that factor, and are not judged.",
        f"If it is slow motion, analyse it again with --slow-motion {factor}.",
    )


def _moving_camera(pose: Pose) -> Issue | None:
    if pose.camera is None:
        return None
    return Issue(
        "camera_moved",
        "info",
        "The camera moved; its motion was measured on the background and taken off.",
        "A camera on a table or tripod measures better.",
    )


def _several_people(pose: Pose) -> Issue | None:
    if len(pose.people) < 2:
        return None
    return Issue(
        "several_people",
        "info",
        f"{len(pose.people)} people are in the film; person {pose.walker} was measured.",
        "Check the picture of the walker; choose another with --walker.",
    )


def _lite(pose: Pose) -> Issue | None:
    if not pose.is_lite:
        return None
    return Issue(
        "lite_model",
        "warning",
        "The lite pose model draws a normal foot whatever it sees: findings of the foot are not judged.",
        "Use the heavy model.",
    )


def _feet(trajectories: Trajectories, feet: FootMotion) -> Issue | None:
    if trajectories.view.kind != "sagittal" or all(len(feet.of(side)) >= 2 for side in SIDES):
        return None
    reasons = "; ".join(f"{side} {count} ({reason})" for side, count, reason in feet.rejected)
    return Issue(
        "feet_from_landmarks",
        "info",
        "The feet could not be measured from the picture itself"
        + (f" (contacts rejected: {reasons})" if reasons else "")
        + "; their angles come from landmarks, with wider intervals, and foot slap cannot be judged.",
        "Film closer, square from the side, both feet lit and unhidden, in shoes that differ from the floor.",
    )
