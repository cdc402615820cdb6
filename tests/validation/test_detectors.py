"""Detectors side by side, on walks whose events are known."""

import numpy as np
import pytest
from walks import chain

from gait.events.by_view import ByView
from gait.events.detectors import DETECTORS
from gait.events.swings import SwingPeaks
from gait.simulate.walker import Walker
from gait.validation.detectors import EventJob, compare_detectors, leave_one_source_out, refit, reliability


def job(source: str, **settings: object) -> EventJob:
    walker = Walker(duration_s=7.0, noise_px=1.0, **settings)
    rows = [row for row in walker.truth()["events"] if row["kind"] in ("initial_contact", "toe_off")]
    truth = tuple((row["time_s"], row["side"], row["kind"]) for row in rows)
    return EventJob(source, source, "healthy", "simulated", chain(walker)[0], truth)


@pytest.fixture(scope="module")
def jobs() -> list[EventJob]:
    return [job("a"), job("b", stride_time_s=1.3, seed=1), job("c", heading="right_to_left", seed=2)]


def test_every_detector_is_on_the_table_and_ours_leads_at_contact(jobs):
    table = compare_detectors(jobs)
    assert set(table["detector"]) == set(DETECTORS)
    contact = table[table["kind"] == "initial_contact"].set_index("detector")
    assert contact["mean_absolute_ms"].idxmin() == "ours"
    assert contact.loc["ours", "f1"] > 0.95


def test_a_shifted_truth_shows_as_bias(jobs):
    late = [EventJob(j.name, j.source, j.population, j.via, j.trajectories, _earlier(j)) for j in jobs]
    plain, shifted = (compare_detectors(js, {"ours": ByView()}) for js in (jobs, late))
    assert np.allclose(shifted["bias_ms"] - plain["bias_ms"], 20.0, atol=2.0)


def _earlier(one: EventJob) -> tuple:
    return tuple((time - 0.02, side, kind) for time, side, kind in one.truth)


def test_refitting_takes_a_bias_off(jobs):
    wrong = SwingPeaks(contact_delay_s=0.1, toe_off_delay_s=-0.05)
    table = compare_detectors(jobs, {"refit": refit(jobs, wrong)})
    assert table["bias_ms"].abs().max() < 6.0


def test_leaving_a_source_out_reports_each_source_twice(jobs):
    table = leave_one_source_out(jobs)
    assert set(table["source"]) == {"a", "b", "c"}
    assert set(table["detector"]) == {"left out", "as delivered"}
    assert table.loc[table["detector"] == "left out", "mean_absolute_ms"].max() < 20.0


def test_reliability_counts_every_event_once(jobs):
    table = reliability(jobs)
    found = sum(len(ByView().detect(j.trajectories)) for j in jobs)
    assert 0 < table["events"].sum() <= found
    assert table["within"].between(0.0, 1.0).all()
    assert (table["confidence"] > table["low"]).all()


def test_nothing_to_compare_gives_an_empty_table():
    assert len(compare_detectors([])) == 0
