from __future__ import annotations

import numpy as np
import pytest

from gait.core.errors import NotEnoughDataError
from gait.core.events import GaitEvents
from gait.core.motion import BodyMotion
from gait.core.skeleton import KEYPOINTS
from gait.core.subject import Subject
from gait.simulate import Walker
from gait.simulate.phone import PhoneCamera
from gait.trajectories.build import build_trajectories
from gait.validation.capture import capture_truth, plane_angles, standard_cameras, validate_capture
from gait.validation.trials import Trial

RATE_HZ, DURATION_S = 100.0, 5.0


def write_trc(path, time_s, position_m):
    """Markers with our own names, in m."""
    lines = [f"PathFileType\t4\t(X/Y/Z)\t{path.name}", "DataRate\tNumFrames\tNumMarkers\tUnits"]
    lines += [f"{RATE_HZ}\t{len(time_s)}\t{len(KEYPOINTS)}\tm", "Frame#\tTime\t" + "\t\t\t".join(KEYPOINTS), ""]
    for i, t in enumerate(time_s):
        lines.append("\t".join(f"{value:.6f}" for value in (i + 1, t, *position_m[i].T.ravel())))
    path.write_text("\n".join(lines))


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """A made walk as a laboratory would have captured it."""
    walker = Walker(duration_s=DURATION_S)
    time_s = np.arange(0.0, DURATION_S, 1 / RATE_HZ)
    path = tmp_path_factory.mktemp("capture") / "made.trc"
    write_trc(path, time_s, walker.positions_m(time_s))
    return Trial("made", path, walker.truth(), "capture", "healthy", "made")


def follow_with(shift_s=0.0):
    """A chain whose detector knows the truth, but is late by a known time."""
    events = [
        row for row in Walker(duration_s=DURATION_S).truth()["events"] if row["kind"] in ("initial_contact", "toe_off")
    ]

    def follow(pose):
        rows = [(row["time_s"] + shift_s, row["side"], row["kind"], 1.0) for row in events]
        return build_trajectories(pose, Subject()), GaitEvents.from_rows(rows)

    return follow


@pytest.fixture(scope="module")
def tables(trial):
    cameras = {"still": PhoneCamera(noise=0.0), "phone": PhoneCamera(seed=2), "left": PhoneCamera(near_side="left")}
    found, failures = validate_capture([trial], follow_with(0.012), cameras)
    assert failures == []
    return found


def test_errors_of_events_come_out_as_they_were_put_in(tables):
    pairs = tables["pairs"]
    assert set(pairs["via"]) == {"markers", "still", "phone", "left"}
    assert set(pairs["source"]) == {"capture", "camera"}
    np.testing.assert_allclose(pairs["error_ms"], 12.0, atol=1e-6)
    events = tables["events"]
    assert (events["missed"] == 0).all()
    assert events.loc[events["via"] == "markers", "fps"].unique().tolist() == [100]
    assert events.loc[events["via"] == "phone", "fps"].unique().tolist() == [30]


def test_markers_give_back_their_own_angles(tables):
    curves = tables["curves"]
    own = curves[curves["via"] == "markers"]
    assert sorted(set(own["joint"])) == ["ankle_dorsiflexion", "hip_flexion", "knee_flexion"]
    assert own["is_near"].isna().all()
    assert (own["rmse_deg"] < 2.0).all()  # What the 6 Hz filter takes off.
    assert own["cycles"].min() >= 2


def test_a_phone_sees_the_near_leg_better_and_noise_costs(tables):
    curves = tables["curves"].set_index(["via", "joint", "side"])["rmse_deg"]
    for joint in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion"):
        assert curves["phone", joint, "right"] > curves["still", joint, "right"]
        assert curves["phone", joint, "right"] < 7.0
    near = tables["curves"].set_index(["via", "side"])["is_near"]
    assert near["phone", "right"].all()
    assert not near["phone", "left"].any()
    assert near["left", "left"].all()
    mean = tables["curves"][tables["curves"]["via"] == "phone"].groupby("is_near")["rmse_deg"].mean()
    assert mean[True] < mean[False]


def test_a_walk_that_cannot_be_followed_is_told_and_the_others_are_compared(trial):
    def follow(pose):
        if pose.m_per_px is None:
            raise NotEnoughDataError("too short")
        return follow_with()(pose)

    tables, failures = validate_capture([trial], follow, {"phone": PhoneCamera()})
    assert failures == [("made", "phone: too short")]
    assert set(tables["events"]["via"]) == {"markers"}


def test_cycles_are_cut_at_labels_and_not_across_missing_ones(trial):
    truth = capture_truth(trial)
    assert truth.angle_source == "markers, plane of progression"
    strides = truth.cycles_s("left")
    np.testing.assert_allclose([b - a for a, b in strides], 1.1, atol=1e-3)
    without = [row for row in trial.truth["events"] if row["kind"] == "initial_contact" and row["side"] == "left"]
    some = Trial(trial.clip, trial.file, {**trial.truth, "events": [without[0], without[-1]]}, "capture", "", "")
    assert capture_truth(some).cycles_s("left") == []


def test_angles_in_the_plane_do_not_depend_on_the_direction(trial):
    motion = capture_truth(trial).motion
    back = motion.position_m * np.array([-1.0, 1.0, -1.0])[:, None]
    np.testing.assert_allclose(plane_angles(BodyMotion(motion.time_s, back)), plane_angles(motion), atol=1e-9)


def test_the_standard_cameras_see_both_sides():
    cameras = standard_cameras(rate_hz=60.0, seeds=2)
    assert len(cameras) == 4
    assert {camera.near_side for camera in cameras.values()} == {"left", "right"}
    assert {camera.rate_hz for camera in cameras.values()} == {60.0}
