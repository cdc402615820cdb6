"""Feet next to their truth: what is counted as right, wrong and unknown."""

import gzip
import json

import numpy as np
import pytest

from gait.core.errors import InputError, SchemaError
from gait.core.feet import LOWERING_WINDOW_S, FootContact, FootMotion
from gait.validation.feet import contact_errors, foot_errors, healthy_differences, read_foot_truth

FPS, CONTACTS, FLAT_S, PITCH = 60, (1.0, 2.0, 3.0), 0.06, {"left": 18.0, "right": 12.0}


def slap(after, pitch):
    """Constant angular acceleration to an abrupt end."""
    w = np.clip(after / FLAT_S, 0.0, 1.0)
    return pitch * np.where((after > -0.2) & (after < 0.5), 1.0 - w**2, 0.0)


def curve(time_s, side):
    return np.sum([slap(time_s - contact, PITCH[side]) for contact in CONTACTS], axis=0)


@pytest.fixture
def truth(tmp_path):
    time = np.arange(4 * FPS) / FPS
    document = {
        "frames": len(time),
        "fps": FPS,
        "strides": [{"side": s[0].upper(), "foot_pitch_ic_deg": p} for s, p in PITCH.items()],
        "events": [
            {"side": side[0].upper(), "type": kind, "t": contact + late}
            for side in PITCH
            for contact in CONTACTS
            for kind, late in (("initial_contact", 0.0), ("foot_flat", FLAT_S))
        ],
        "per_frame": {side[0].upper(): {"foot_pitch": curve(time, side).tolist()} for side in PITCH},
    }
    path = tmp_path / "walk.full.json.gz"
    path.write_bytes(gzip.compress(json.dumps(document).encode()))
    return path


def contact(side, at_s, pitch_off=0.0, late_s=0.0, **more):
    time = at_s + np.arange(-0.1, 0.2, 1.0 / 60.0)
    pitch_deg = curve(time, side) + pitch_off
    contact_deg = PITCH[side] + pitch_off
    return FootContact(side, at_s + late_s, time, pitch_deg, contact_deg, 5.0, 0.07, "heel", True, 0.9, **more)


def test_errors_are_measured_less_true(truth):
    known = read_foot_truth(truth)
    true_speed = PITCH["right"] * (1.0 - (1.0 - LOWERING_WINDOW_S / FLAT_S) ** 2) / LOWERING_WINDOW_S
    motion = FootMotion(
        (contact("right", 1.0, 0.5, 0.004, lowering_speed_degps=true_speed), contact("left", 2.0, -1.0, -0.002))
    )
    table = contact_errors("walk", motion, known).set_index("side")
    assert table.loc["right", "pitch_error_deg"] == pytest.approx(0.5)
    assert table.loc["right", "pitch_rmse_deg"] == pytest.approx(0.5, abs=0.15)
    assert table.loc["right", "contact_error_s"] == pytest.approx(0.004)
    assert table.loc["right", "lowering_error_s"] == pytest.approx(0.01)
    assert table.loc["right", "true_speed_degps"] == pytest.approx(true_speed, rel=0.03)
    assert table.loc["right", "fps"] == pytest.approx(FPS)
    feet = foot_errors(table.reset_index())
    assert feet["difference_error_deg"].tolist() == pytest.approx([-1.5, -1.5])
    assert feet["types_right"].tolist() == [1.0, 1.0]
    assert feet.set_index("side").loc["right", "speed_error_pct"] == pytest.approx(0.0, abs=3.0)


def test_a_contact_that_nobody_made_is_seen_and_not_right(truth):
    table = contact_errors("walk", FootMotion((contact("right", 1.0, late_s=0.4),)), read_foot_truth(truth))
    assert len(table) == 1
    assert np.isnan(table["pitch_error_deg"].iloc[0])
    assert foot_errors(table)["types_right"].iloc[0] == 0.0


def test_one_foot_alone_has_no_difference(truth):
    table = contact_errors("walk", FootMotion((contact("right", 1.0),)), read_foot_truth(truth))
    assert np.isnan(foot_errors(table)["difference_error_deg"].to_numpy()).all()


def test_nothing_measured_gives_empty_tables(truth):
    table = contact_errors("walk", FootMotion(), read_foot_truth(truth))
    assert table.empty
    assert foot_errors(table).empty


def test_healthy_films_show_the_noise_floor():
    both = [contact("left", 1.0, 0.0), contact("left", 2.0, 2.0), contact("right", 1.0), contact("right", 2.0)]
    table = healthy_differences({"a": FootMotion(tuple(both)), "b": FootMotion(tuple(both[:3]))}).set_index("clip")
    assert table.loc["a", "difference_deg"] == pytest.approx(19.0 - 12.0)
    assert table.loc["a", "spread_deg"] == pytest.approx(1.0)
    assert np.isnan(table.loc["b", "difference_deg"])
    assert table.loc["b", "right"] == 1


def test_a_truth_that_is_none_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_foot_truth(tmp_path / "nothing.json")
    other = tmp_path / "other.json"
    other.write_text('{"frames": 3}')
    with pytest.raises(SchemaError, match=r"other\.json"):
        read_foot_truth(other)
