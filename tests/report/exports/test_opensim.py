"""TRC and MOT against the layout that OpenSim publishes, read by parsers that are not ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import walks
from trc import TRCData

from gait.core.analysis import Analysis
from gait.core.errors import InputError, NotEnoughDataError
from gait.core.subject import Subject
from gait.core.trajectories import View
from gait.pose.marker_files import read_trc
from gait.report.exports.opensim import write_mot, write_trc
from gait.report.exports.room import room
from gait.report.exports.source import source_of
from gait.simulate.walker import Walker

TRC_KEYS = ["DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units", "OrigDataRate", "OrigDataStartFrame",
            "OrigNumFrames"]  # fmt: skip


def tokens(line: str) -> list[str]:
    """As OpenSim cuts a line: at every tab, empty cells kept, nothing after a last tab."""
    cells = line.split("\t")
    return cells[:-1] if cells[-1] == "" else cells


def parse_trc(text: str) -> tuple[dict[str, str], list[str], np.ndarray]:
    """By OpenSim's rules (TRCFileAdapter): every deviation it throws at fails here."""
    lines = text.split("\n")
    assert lines[0].split("\t")[:3] == ["PathFileType", "4", "(X/Y/Z)"]
    keys, values = tokens(lines[1]), tokens(lines[2])
    assert keys == TRC_KEYS
    facts = dict(zip(keys, values, strict=True))
    labels = [cell for cell in tokens(lines[3]) if cell]
    assert labels[:2] == ["Frame#", "Time"]
    count = int(facts["NumMarkers"])
    assert len(labels) == count + 2
    expected = [f"{letter}{number}" for number in range(1, count + 1) for letter in "XYZ"]
    assert [cell for cell in tokens(lines[4]) if cell] == expected
    assert lines[5] == ""
    rows = [tokens(line) for line in lines[6:] if line]
    assert len(rows) == int(facts["NumFrames"])
    assert all(len(row) == 3 * count + 2 for row in rows)
    assert [int(row[0]) for row in rows] == list(range(1, len(rows) + 1))
    return facts, labels[2:], np.array([[float(cell) if cell else np.nan for cell in row[1:]] for row in rows])


def parse_mot(text: str) -> tuple[dict[str, str], list[str], np.ndarray]:
    """By OpenSim's rules (Storage): header to ``endheader``, labels, then nRows rows of nColumns numbers."""
    lines = text.split("\n")
    end = lines.index("endheader")
    facts = dict(line.split("=") for line in lines[1:end] if "=" in line)
    labels = lines[end + 1].split("\t")
    rows = np.array([[float(cell) for cell in line.split("\t")] for line in lines[end + 2 :] if line])
    assert rows.shape == (int(facts["nRows"]), int(facts["nColumns"])) == (len(rows), len(labels))
    assert facts["version"] == "1"
    assert facts["inDegrees"] == "yes"
    return facts, labels, rows


def with_gap(analysis: Analysis, variable: str, place: dict[str, str], frames: slice) -> Analysis:
    data = analysis.trajectories.data.copy(deep=True)
    data[variable].loc[{**place, "time": data["time"][frames]}] = np.nan
    return replace(analysis, trajectories=replace(analysis.trajectories, data=data))


def test_trc_follows_the_published_layout(tmp_path: Path, foot_drop: Analysis) -> None:
    # The last marker has a gap: its empty cells end the row.
    gap = with_gap(foot_drop, "midline", {"point": "pelvis"}, slice(3, 6))
    write_trc(source_of(gap), tmp_path / "a.trc")
    facts, labels, rows = parse_trc((tmp_path / "a.trc").read_text("ascii"))
    assert facts["Units"] == "mm"
    assert float(facts["DataRate"]) == pytest.approx(gap.trajectories.rate_hz)
    placed = room(gap.trajectories, "TRC").position_m
    assert labels == list(placed)
    assert np.allclose(rows[:, 0], gap.trajectories.time_s, atol=1e-6)
    assert np.allclose(rows[:, 1:], 1000 * np.concatenate(list(placed.values()), axis=1), atol=1e-3, equal_nan=True)
    assert np.flatnonzero(np.isnan(rows[:, -1])).tolist() == [3, 4, 5]


def test_trc_is_read_by_a_reader_of_somebody_else_and_by_ours(tmp_path: Path, foot_drop: Analysis) -> None:
    write_trc(source_of(foot_drop), tmp_path / "a.trc")
    placed = room(foot_drop.trajectories, "TRC").position_m
    other = TRCData()
    other.load(str(tmp_path / "a.trc"))
    assert other["Markers"] == list(placed)
    theirs = np.array(other["RHeel"], float) / 1000
    ours = read_trc(tmp_path / "a.trc").position_m["RHeel"]
    for read in (theirs, ours):
        assert np.allclose(read, placed["RHeel"], atol=1e-6)


def test_mot_follows_the_published_layout_with_the_signs_of_the_model(tmp_path: Path, foot_drop: Analysis) -> None:
    write_mot(source_of(foot_drop), tmp_path / "a.mot")
    _, labels, rows = parse_mot((tmp_path / "a.mot").read_text("ascii"))
    assert labels[0] == "time"
    told, n = foot_drop.trajectories, len(rows)
    column = dict(zip(labels, rows.T, strict=True))
    assert np.allclose(column["time"], told.time_s[:n], atol=1e-6)
    assert np.allclose(column["knee_angle_r"], told.joint("right", "knee_flexion")[:n], atol=1e-5)
    assert np.allclose(column["ankle_angle_l"], told.joint("left", "ankle_dorsiflexion")[:n], atol=1e-5)
    assert np.allclose(column["pelvis_tilt"], -told.data["trunk_lean"].values[:n], atol=1e-5)
    # In the model the thigh hangs on the pelvis: tilt and hip flexion together are the thigh as it was seen.
    lean = told.data["trunk_lean"].values[:n]
    seen = told.joint("right", "hip_flexion")[:n] - lean
    assert np.allclose(column["pelvis_tilt"] + column["hip_flexion_r"], seen, atol=1e-5)
    assert np.allclose(column["pelvis_tx"], room(told, "MOT").position_m["MidHip"][:n, 0], atol=1e-5)


def test_angles_of_mot_turn_the_legs_as_the_markers_of_trc_show_them(tmp_path: Path) -> None:
    walker = Walker(duration_s=4.0)
    source = source_of(walks.analyse(walker.pose(), Subject(height_m=walker.height_m)))
    write_mot(source, tmp_path / "a.mot")
    write_trc(source, tmp_path / "a.trc")
    _, labels, rows = parse_mot((tmp_path / "a.mot").read_text("ascii"))
    column = dict(zip(labels, rows.T, strict=True))
    markers = read_trc(tmp_path / "a.trc")
    at = np.searchsorted(markers.time_s, column["time"] - 0.001)
    for side in "RL":
        hip, knee, ankle = (markers.position_m[f"{side}{name}"][at] for name in ("Hip", "Knee", "Ankle"))
        # About the axis to the right, a turn that brings the lower end of a hanging limb forward is +.
        turned = column["pelvis_tilt"] + column[f"hip_flexion_{side.lower()}"]
        assert np.abs(np.degrees(np.arctan2(*(knee - hip)[:, :2].T * [[1], [-1]])) - turned).max() < 1.0
        turned = turned - column[f"knee_angle_{side.lower()}"]
        assert np.abs(np.degrees(np.arctan2(*(ankle - knee)[:, :2].T * [[1], [-1]])) - turned).max() < 1.0


def test_mot_has_no_gaps_and_makes_nothing_up(tmp_path: Path, foot_drop: Analysis) -> None:
    gap = with_gap(foot_drop, "angle", {"side": "left", "joint": "knee_flexion"}, slice(100, 110))
    write_mot(source_of(gap), tmp_path / "a.mot")
    _, _, rows = parse_mot((tmp_path / "a.mot").read_text("ascii"))
    assert np.isfinite(rows).all()
    assert rows[0, 0] == pytest.approx(gap.trajectories.time_s[110], abs=1e-6)
    assert len(rows) == len(gap.trajectories.time_s) - 110


def test_mot_leaves_out_what_was_hardly_seen_and_walks_on_the_spot_without_metres(
    tmp_path: Path, foot_drop: Analysis
) -> None:
    gap = with_gap(foot_drop, "angle", {"side": "left", "joint": "ankle_dorsiflexion"}, slice(0, 200))
    told = replace(gap.trajectories, scale=replace(gap.trajectories.scale, m_per_px=None))
    write_mot(source_of(replace(gap, trajectories=told)), tmp_path / "a.mot")
    _, labels, _ = parse_mot((tmp_path / "a.mot").read_text("ascii"))
    assert "ankle_angle_l" not in labels
    assert "ankle_angle_r" in labels
    assert "pelvis_tx" not in labels


def test_too_little_for_mot_is_said_in_a_sentence(tmp_path: Path, foot_drop: Analysis) -> None:
    data = foot_drop.trajectories.data.copy(deep=True)
    data["angle"].loc[{"time": data["time"][::5]}] = np.nan
    gaps = replace(foot_drop, trajectories=replace(foot_drop.trajectories, data=data))
    with pytest.raises(NotEnoughDataError, match="too short for a MOT file"):
        write_mot(source_of(gaps), tmp_path / "a.mot")
    frontal = replace(foot_drop.trajectories, view=View("frontal", 0.9, 88.0))
    with pytest.raises(InputError, match="from the side"):
        write_mot(source_of(replace(foot_drop, trajectories=frontal)), tmp_path / "a.mot")
