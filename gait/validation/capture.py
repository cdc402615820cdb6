"""Motion capture as a source of truth: as markers, and as a phone would have filmed it.

The same trial goes through the chain twice. As markers it shows what the detectors and angles are worth when every
landmark is known; through a virtual phone (:class:`gait.simulate.phone.PhoneCamera`), with the errors of a pose network
as measured on rendered films, it shows what they are worth on a film. The truth are the events that somebody labelled
(or force plates), and the joint angles of the laboratory's own model where the file has them, else those of the markers
in the plane of progression, by our conventions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter1d

from gait.core.errors import GaitError
from gait.core.events import GaitEvents
from gait.core.motion import BodyMotion
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS, LANDMARKS
from gait.core.trajectories import JOINTS, Trajectories
from gait.pose.marker_files import read_model_angles
from gait.pose.markers import pose_from_motion, read_motion
from gait.simulate.phone import PhoneCamera
from gait.trajectories.angles import joint_angles, segment_angles, trunk_lean
from gait.validation.compare import compare_events
from gait.validation.trials import Trial

#: From keypoints to what is compared: usually ``build_trajectories`` and the settings' event detector.
Follow = Callable[[Pose], tuple[Trajectories, GaitEvents]]

#: Joints whose curves are compared, and what Plug-in Gait calls them (first component: sagittal, same signs as ours).
MODEL_ANGLES = {"hip_flexion": "HipAngles", "knee_flexion": "KneeAngles", "ankle_dorsiflexion": "AnkleAngles"}
#: Strides outside of this are a missing label, not a stride, in s (our estimate).
STRIDE_S = (0.5, 3.0)
#: Errors of the network differ from draw to draw; each trial is filmed with so many seeds from each side (our choice).
SEEDS = 3

CURVE_COLUMNS: tuple[str, ...] = ("joint", "side", "is_near", "cycles", "offset_deg", "rmse_deg", "truth")


@dataclass(frozen=True, slots=True)
class CaptureTruth:
    """What a capture knows of its walk.

    Attributes
    ----------
    motion
        The body, with the labelled events.
    angle_deg
        ``(n, sides, joints)`` deg at the motion's times, sides as in :data:`gait.core.sides.SIDES`, joints as in
        :data:`MODEL_ANGLES`; NaN where not known.
    angle_source
        ``"laboratory model"`` or ``"markers, plane of progression"``.
    """

    motion: BodyMotion
    angle_deg: np.ndarray
    angle_source: str

    @property
    def events(self) -> list[dict[str, object]]:
        """Rows ``time_s, side, kind``, as in truth files."""
        return [{"time_s": time_s, "side": side, "kind": kind} for time_s, side, kind in self.motion.events]

    def cycles_s(self, side: Side) -> list[tuple[float, float]]:
        """Strides of one side between labelled initial contacts, ``(start, end)`` s."""
        contacts = sorted(t for t, where, kind in self.motion.events if (where, kind) == (side, "initial_contact"))
        return [(a, b) for a, b in pairwise(contacts) if STRIDE_S[0] <= b - a <= STRIDE_S[1]]


def capture_truth(trial: Trial) -> CaptureTruth:
    """Read a capture as truth.

    Parameters
    ----------
    trial
        Of motion capture; its truth's events win over those in the file.

    Raises
    ------
    InputError, SchemaError
        As :func:`gait.pose.markers.read_motion`.
    """
    motion = read_motion(trial.file)
    rows = [row for row in trial.truth["events"] if row["kind"] in ("initial_contact", "toe_off")]
    motion = replace(motion, events=tuple((float(row["time_s"]), row["side"], row["kind"]) for row in rows))
    model = read_model_angles(trial.file)
    names = {(side, joint): f"{side[0].upper()}{name}" for side in SIDES for joint, name in MODEL_ANGLES.items()}
    if all(name in model for name in names.values()):
        columns = [[model[names[side, joint]][:, 0] for joint in MODEL_ANGLES] for side in SIDES]
        return CaptureTruth(motion, np.transpose(np.array(columns), (2, 0, 1)), "laboratory model")
    return CaptureTruth(motion, plane_angles(motion), "markers, plane of progression")


def plane_angles(motion: BodyMotion) -> np.ndarray:
    """Hip, knee and ankle in the plane of progression by our conventions, unfiltered.

    Returns
    -------
    numpy.ndarray
        ``(n, sides, joints)`` deg, joints as in :data:`MODEL_ANGLES`; without shoulder markers the hip's angle is that
        of the thigh against the vertical.
    """
    flat = motion.position_m[:, :2]
    facing = _facing(motion)
    neck, pelvis = (
        flat[:, :, [KEYPOINTS.index(f"{side}_{name}") for side in SIDES]].mean(axis=2) for name in ("shoulder", "hip")
    )
    lean = trunk_lean(pelvis, neck, facing)
    lean = lean if np.isfinite(lean).any() else np.zeros(len(lean))
    wanted = [JOINTS.index(joint) for joint in MODEL_ANGLES]
    angles = []
    for side in SIDES:
        leg = flat[:, :, [KEYPOINTS.index(f"{side}_{name}") for name in LANDMARKS]].transpose(0, 2, 1)
        angles.append(joint_angles(segment_angles(leg, facing), lean, 0.0)[:, wanted])
    return np.stack(angles, axis=1)


def standard_cameras(rate_hz: float = 30.0, seeds: int = SEEDS) -> dict[str, PhoneCamera]:
    """A phone on a stand exactly beside the walk, on either side, with so many draws of the network's errors each."""
    return {
        f"phone {rate_hz:g} fps, {side} near, seed {seed}": PhoneCamera(near_side=side, rate_hz=rate_hz, seed=seed)
        for side in SIDES
        for seed in range(seeds)
    }


def validate_capture(
    trials: Sequence[Trial], follow: Follow, cameras: Mapping[str, PhoneCamera] | None = None
) -> tuple[dict[str, pd.DataFrame], list[tuple[str, str]]]:
    """Send captures through the chain, as markers and as films, and compare.

    Parameters
    ----------
    trials
        Of motion capture with events, for example from :func:`gait.validation.trials.find_trials`.
    follow
        From a pose to trajectories and events.
    cameras
        By name; :func:`standard_cameras` when None. Without cameras (an empty mapping) markers alone are compared.

    Returns
    -------
    tables
        All begin with ``clip, source, population, origin, view, fps, via``, where ``source`` is ``capture`` (as
        markers) or ``camera`` (as filmed), ``via`` is ``markers`` or the camera's name and ``fps`` the rate that was
        analysed:

        ``events`` as :attr:`gait.validation.compare.EventErrors.table` (a row for each side and kind);
        ``pairs`` every matched event with ``error_ms``, found - true;
        ``curves`` ``joint, side, is_near`` (to the camera; None for markers), ``cycles, offset_deg`` (found - true),
        ``rmse_deg`` (root mean square error over the labelled cycles, 101 points each, after the offset is taken off)
        and ``truth`` (whose angles).
    failures
        What could not be analysed: ``(clip, via and reason)``.
    """
    cameras = standard_cameras() if cameras is None else cameras
    parts: dict[str, list[pd.DataFrame]] = {"events": [], "pairs": [], "curves": []}
    failures: list[tuple[str, str]] = []
    for trial in trials:
        truth = capture_truth(trial)
        films: dict[str, Callable[[], Pose]] = {"markers": lambda truth=truth: pose_from_motion(truth.motion)}
        films |= {
            name: lambda truth=truth, camera=camera: camera.film(truth.motion) for name, camera in cameras.items()
        }
        for via, film in films.items():
            try:
                trajectories, events = follow(film())
            except GaitError as error:
                # A film that cannot be analysed is a result of its own; the others are still compared.
                failures.append((trial.clip, f"{via}: {error}"))
                continue
            for name, table in _compare(trial, truth, via, trajectories, events).items():
                parts[name].append(table)
    return {
        name: pd.concat(part, ignore_index=True) if part else pd.DataFrame() for name, part in parts.items()
    }, failures


def _compare(
    trial: Trial, truth: CaptureTruth, via: str, trajectories: Trajectories, events: GaitEvents
) -> dict[str, pd.DataFrame]:
    """Tables of one trial, seen one way."""
    times = [time_s for time_s, _, _ in truth.motion.events]
    # Labels often cover a part only (the steps on the plates); what lies outside is neither right nor wrong.
    errors = compare_events(events, truth.events, windows=[(min(times) - 0.05, max(times) + 0.05)], edge_s=0.0)
    pairs = errors.pairs.assign(
        error_ms=1000.0 * (errors.pairs["found_s"].astype(float) - errors.pairs["truth_s"].astype(float))
    )
    curves = compare_capture_curves(truth, trajectories, is_film=via != "markers")
    facts = {
        "clip": trial.clip,
        "source": "capture" if via == "markers" else "camera",
        "population": trial.population,
        "origin": trial.origin,
        "view": trajectories.view.kind,
        "fps": round(trajectories.source_rate_hz),
        "via": via,
    }
    tables = {"events": errors.table, "pairs": pairs, "curves": curves}
    return {name: table.assign(**facts).loc[:, [*facts, *table.columns]] for name, table in tables.items()}


def compare_capture_curves(truth: CaptureTruth, trajectories: Trajectories, *, is_film: bool) -> pd.DataFrame:
    """Joint angles over the labelled cycles of each leg, next to the true ones.

    Cycles are cut at the labelled events, so that errors of our events do not enter; cycles with a gap are left out.

    Returns
    -------
    pandas.DataFrame
        :data:`CURVE_COLUMNS`.
    """
    rows = []
    for s, side in enumerate(SIDES):
        cycles = truth.cycles_s(side)
        for j, joint in enumerate(MODEL_ANGLES):
            pairs = [
                (
                    _sample(trajectories.time_s, trajectories.joint(side, joint), cycle),
                    _sample(truth.motion.time_s, truth.angle_deg[:, s, j], cycle),
                )
                for cycle in cycles
            ]
            off = [ours - true for ours, true in pairs if np.isfinite(ours).all() and np.isfinite(true).all()]
            if off:
                offset = float(np.mean(off))
                rmse = float(np.sqrt(np.mean(np.square(np.array(off) - offset))))
                near = _is_near(trajectories, side, cycles) if is_film else None
                rows.append((joint, side, near, len(off), offset, rmse, truth.angle_source))
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def _is_near(trajectories: Trajectories, side: Side, cycles: Sequence[tuple[float, float]]) -> bool | None:
    """Whether the leg was the one nearer to the camera in the middle of its cycles; None from the front."""
    middle = float(np.median([(a + b) / 2 for a, b in cycles]))
    index = trajectories.pass_at(middle)
    near = trajectories.passes[0 if index is None else index].near_side
    return None if near is None else near == side


def _sample(time_s: np.ndarray, angle: np.ndarray, cycle: tuple[float, float]) -> np.ndarray:
    """101 points of one cycle; NaN outside of what is known and in gaps."""
    return np.interp(np.linspace(*cycle, 101), time_s, angle, left=np.nan, right=np.nan)


def _facing(motion: BodyMotion) -> np.ndarray:
    """``(n,)`` +1 while the toes point along +x, -1 while they point back, over about a stride."""
    ahead = np.mean([motion.point(f"{side}_toe")[:, 0] - motion.point(f"{side}_heel")[:, 0] for side in SIDES], axis=0)
    known = np.isfinite(ahead)
    if not known.any():
        return np.zeros(len(ahead))
    filled = np.interp(motion.time_s, motion.time_s[known], ahead[known])
    step_s = float(np.median(np.diff(motion.time_s)))
    return np.sign(uniform_filter1d(filled, max(1, round(1.0 / step_s)), mode="nearest"))
