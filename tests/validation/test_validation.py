"""The comparison with truth counts what it should, on tables with obvious answers."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gait.core.errors import InputError, NotEnoughDataError, OutputError, SchemaError
from gait.core.events import GaitEvents
from gait.core.findings import Finding, Findings
from gait.core.parameters import STRIDE_COLUMNS, GaitParameters, Parameter
from gait.pipeline import analyze as analyze_file
from gait.pose.keypoints_file import read_keypoints, write_keypoints
from gait.simulate import Walker, write_truth
from gait.validation import compare_events, compare_findings, compare_parameters, to_markdown, validate
from gait.validation.films import film_of, mirror_film, mirror_pose, mirror_truth, read_truth

TRUTH = [
    {"time_s": time, "side": "left", "kind": kind}
    for time, kind in [(1.0, "initial_contact"), (2.0, "initial_contact"), (3.0, "initial_contact"), (1.6, "toe_off")]
]


def events(*rows):
    return GaitEvents.from_rows([(time, side, kind, 0.9) for time, side, kind in rows])


def parameters(**values):
    import pandas as pd

    made = [
        Parameter(name.rsplit("__", 1)[0], name.rsplit("__", 1)[1], value, "s", 0.0, 3, value - 0.1, value + 0.1)
        for name, value in values.items()
    ]
    return GaitParameters(pd.DataFrame({name: [] for name in STRIDE_COLUMNS}), tuple(made))


def findings(*rows):
    severity = {"present": "mild"}
    made = [
        Finding(name, side, status, severity.get(status), reason="not seen" if status == "not_assessable" else "")
        for name, side, status in rows
    ]
    return Findings(tuple(made))


def test_one_late_one_missed_and_one_false_event_are_told_apart():
    found = events(
        (1.02, "left", "initial_contact"),
        (2.0, "left", "initial_contact"),
        (2.5, "left", "initial_contact"),
        (1.6, "left", "toe_off"),
    )
    row = compare_events(found, TRUTH).row("left", "initial_contact")
    assert (row["truth"], row["matched"], row["missed"], row["false"]) == (3, 2, 1, 1)
    assert row["bias_ms"] == pytest.approx(10)
    assert row["mean_absolute_ms"] == pytest.approx(10)
    assert row["sd_ms"] == pytest.approx(20 / np.sqrt(2))
    assert row["f1"] == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))


def test_errors_of_both_signs_cancel_in_the_bias_only():
    found = events((1.03, "left", "initial_contact"), (1.97, "left", "initial_contact"))
    row = compare_events(found, TRUTH).row("left", "initial_contact")
    assert row["bias_ms"] == pytest.approx(0, abs=1e-9)
    assert row["mean_absolute_ms"] == pytest.approx(30)


def test_the_wrong_side_or_kind_is_no_match():
    found = events((1.0, "right", "initial_contact"), (2.0, "left", "toe_off"))
    errors = compare_events(found, TRUTH)
    assert errors.row("right", "initial_contact")["false"] == 1
    assert errors.row("left", "initial_contact")["missed"] == 3
    assert errors.row("both", "initial_contact")["f1"] == 0


def test_pairs_are_one_to_one_and_as_many_as_possible():
    truth = [{"time_s": time, "side": "left", "kind": "toe_off"} for time in (1.00, 1.04)]
    # The nearest partner of 1.00 is 1.03; taking it would leave 0.96 and 1.04 without one.
    errors = compare_events(events((0.96, "left", "toe_off"), (1.03, "left", "toe_off")), truth)
    assert errors.pairs[["truth_s", "found_s"]].to_numpy().tolist() == [[1.00, 0.96], [1.04, 1.03]]


def test_two_found_events_for_one_true_one_are_one_match_and_one_false():
    row = compare_events(
        events((0.99, "left", "toe_off"), (1.01, "left", "toe_off")),
        TRUTH[:0] + [{"time_s": 1.0, "side": "left", "kind": "toe_off"}],
    ).row("left", "toe_off")
    assert (row["matched"], row["false"]) == (1, 1)


def test_events_outside_of_the_window_are_not_counted_and_those_at_its_edges_apart():
    found = events(
        (2.0, "left", "initial_contact"), (1.25, "left", "initial_contact"), (9.0, "left", "initial_contact")
    )
    errors = compare_events(
        found, [*TRUTH, {"time_s": 1.1, "side": "left", "kind": "initial_contact"}], windows=[(1.05, 4.0)]
    )
    row = errors.row("left", "initial_contact")
    assert (row["truth"], row["matched"], row["missed"], row["false"]) == (2, 1, 1, 0)
    assert errors.at_edges == {"truth": 1, "matched": 0, "false": 1}


def test_a_gap_between_two_passes_has_edges_too():
    windows = [(0.0, 1.1), (1.9, 4.0)]
    errors = compare_events(
        events((2.0, "left", "initial_contact"), (1.5, "left", "initial_contact")), TRUTH, windows=windows
    )
    # 1.0 and 2.0 lie at edges; 1.5 and the toe-off of 1.6 in the gap.
    assert errors.at_edges == {"truth": 2, "matched": 1, "false": 0}
    assert errors.row("left", "toe_off")["truth"] == 0


def test_nothing_found_in_nothing_true_is_not_a_score():
    row = compare_events(GaitEvents.empty(), []).row("both", "toe_off")
    assert row["truth"] == 0
    assert np.isnan(row["f1"])
    assert np.isnan(row["bias_ms"])


def test_a_tolerance_of_nothing_is_refused():
    with pytest.raises(InputError, match=r"0\.05 is usual"):
        compare_events(GaitEvents.empty(), TRUTH, tolerance_s=0)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 10), max_size=12, unique=True),
    st.lists(st.floats(0, 10), max_size=12, unique=True),
    st.sampled_from([0.02, 0.05, 0.2]),
)
def test_every_event_is_counted_once(true, got, tolerance_s):
    truth = [{"time_s": time, "side": "right", "kind": "toe_off"} for time in true]
    errors = compare_events(events(*((time, "right", "toe_off") for time in got)), truth, tolerance_s, [(0.0, 10.0)])
    row = errors.row("right", "toe_off")
    edges = errors.at_edges
    assert row["matched"] + row["missed"] + edges["truth"] == len(true)
    assert row["matched"] + row["false"] + edges["matched"] + edges["false"] == len(got)
    assert np.all(np.abs(errors.pairs["found_s"] - errors.pairs["truth_s"]) <= tolerance_s)


def test_parameters_are_subtracted_and_what_was_not_measured_stays_open():
    truth = [
        {"id": "stride_time_s", "side": "left", "value": 1.0, "unit": "s"},
        {"id": "cadence_spm", "side": None, "value": 110.0, "unit": "steps/min"},
        {"id": "step_time_s", "side": "right", "value": 0.5, "unit": "s"},
    ]
    table = compare_parameters(parameters(stride_time_s__left=1.05, cadence_spm__both=112.0), truth).set_index(
        "parameter"
    )
    assert table.loc["stride_time_s", "error"] == pytest.approx(0.05)
    assert table.loc["stride_time_s", "is_covered"] is True
    assert table.loc["cadence_spm", "error"] == pytest.approx(2.0)
    assert table.loc["cadence_spm", "is_covered"] is False
    assert np.isnan(table.loc["step_time_s", "error"])
    assert table.loc["step_time_s", "is_covered"] is None


def test_findings_are_found_missed_extra_or_follow_from_a_planted_one():
    found = findings(
        ("foot_drop", "right", "present"),
        ("swing_asymmetry", "right", "present"),
        ("lateral_trunk_list", "left", "present"),
        ("slow_walking", None, "absent"),
        ("trendelenburg", None, "not_assessable"),
    )
    truth = [
        {"id": "foot_drop", "side": "right"},
        {"id": "slow_walking", "side": None},
        {"id": "trendelenburg", "side": "right"},
    ]
    table = compare_findings(found, truth)
    outcome = dict(zip(table["id"], table["outcome"], strict=True))
    assert outcome == {
        "foot_drop": "found",
        "swing_asymmetry": "follows",
        "lateral_trunk_list": "extra",
        "slow_walking": "missed",
        "trendelenburg": "not_assessable",
    }


def test_a_finding_on_the_wrong_side_is_a_miss_and_a_false_alarm():
    table = compare_findings(findings(("foot_drop", "left", "present")), [{"id": "foot_drop", "side": "right"}])
    assert sorted(table["outcome"]) == ["extra", "missed"]


@pytest.fixture
def made(tmp_path):
    """A simulated walk on disk, and an analysis of it that is 20 ms late and finds what was planted."""
    walker = Walker(duration_s=6.0, lead_in_s=0.5).with_fault("foot_drop", "right", 1.0)
    write_keypoints(walker.pose(), tmp_path / "walk.nc")
    truth = write_truth(walker.truth(), tmp_path / "walk.truth.json")

    def analyze(film, subject):
        pose = read_keypoints(film)
        assert subject.height_m == 1.75
        x = pose.data["position"].sel(space="x", keypoint="left_hip").values
        is_mirrored = np.nanmean(np.diff(x)) < 0
        content = mirror_truth(walker.truth()) if is_mirrored else walker.truth()
        rows = [(e["time_s"] + 0.02, e["side"], e["kind"]) for e in content["events"]]
        values = {f"{p['id']}__{p['side']}": p["value"] for p in content["parameters"]}
        planted = [(f["id"], f["side"], "present") for f in content["findings"]]
        whole = analyze_file(film, subject)
        return replace(whole, events=events(*rows), parameters=parameters(**values), findings=findings(*planted))

    return truth, analyze


@pytest.mark.parametrize("mirror", [False, True])
def test_films_are_compared_and_written_down(made, tmp_path, mirror):
    truth, analyze = made
    report = validate([truth], analyze, mirror=mirror)
    clip = report.clips.iloc[0]
    assert clip["clip"] == "walk"
    assert clip["initial_contact_bias_ms"] == pytest.approx(20)
    assert clip["toe_off_f1"] == 1
    assert clip["step_length_m_error"] == 0
    assert clip["found"] == f"foot_drop ({'left' if mirror else 'right'})"
    assert clip["extra"] == clip["missed"] == ""
    assert clip["edge_truth"] > 0
    text = to_markdown(report)
    assert "| walk | +20 | 20 | 0 | 0 | 1.00 | +20 | 20 | 0 | 0 | 1.00 |" in text
    assert "| **all** | 1 | 0 | 0 | 0 | 0 |" in text
    written = report.write(tmp_path / "out")
    assert [path.name for path in written[:2]] == ["validation.md", "validation.csv"]
    # Written down, the same text links its pictures too.
    told = written[0].read_text()
    assert set(text.splitlines()) <= set(told.splitlines())
    linked = [line[line.index("(") + 1 : line.index(")")] for line in told.splitlines() if line.startswith("![")]
    assert "figures/event_errors.svg" in linked
    assert all((tmp_path / "out" / name).read_text().startswith("<?xml") for name in linked)
    assert (tmp_path / "out" / "validation.csv").read_text().startswith("clip,")
    with pytest.raises(OutputError, match="choose a folder"):
        report.write(truth)


def test_a_film_that_cannot_be_analysed_is_named_and_the_others_go_on(made, tmp_path):
    truth, analyze = made
    (tmp_path / "bad.nc").write_bytes(b"")
    bad = tmp_path / "bad.truth.json"
    bad.write_text(truth.read_text())

    def careful(film, subject):
        if film.name == "bad.nc":
            raise NotEnoughDataError("nobody walks here")
        return analyze(film, subject)

    report = validate([bad, truth], careful)
    assert report.failures == (("bad", "nobody walks here"),)
    assert list(report.clips["clip"]) == ["walk"]
    assert "- bad: nobody walks here" in to_markdown(report)
    assert "0 clips" in to_markdown(validate([bad], careful))


def test_missing_films_and_broken_truth_files_are_told_in_one_sentence(made, tmp_path):
    truth, analyze = made
    (tmp_path / "walk.nc").unlink()
    with pytest.raises(InputError, match=r"walk\.mp4.*walk\.nc"):
        validate([truth], analyze)
    with pytest.raises(InputError, match="no truth files"):
        validate([], analyze)
    with pytest.raises(InputError, match="cannot read"):
        read_truth(tmp_path / "none.truth.json")
    broken = tmp_path / "broken.truth.json"
    broken.write_text("{")
    with pytest.raises(SchemaError, match="not JSON"):
        read_truth(broken)
    broken.write_text('{"events": []}')
    with pytest.raises(SchemaError, match="lacks parameters, findings"):
        read_truth(broken)
    broken.write_text("[]")
    with pytest.raises(SchemaError, match="lacks events"):
        read_truth(broken)


def test_a_truth_file_names_its_film_but_leads_nowhere_else(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.mp4").write_bytes(b"")
    with pytest.raises(InputError, match=r"secret\.mp4"):
        film_of(inside / "a.truth.json", {"film": "../secret.mp4"})
    (inside / "b.mp4").write_bytes(b"")
    assert film_of(inside / "a.truth.json", {"film": "b.mp4"}) == inside / "b.mp4"


def test_the_mirror_image_of_a_walk_is_the_walk_the_other_way():
    pose = mirror_pose(Walker().pose())
    # The walker's near leg is now the left one, and it does what the right one did.
    there = Walker().pose().data["position"]
    width = pose.width_px
    np.testing.assert_allclose(
        pose.data["position"].sel(space="x", keypoint="left_heel"), width - there.sel(space="x", keypoint="right_heel")
    )
    nose = pose.data["position"].sel(space="x", keypoint="nose").values
    assert np.all(np.diff(nose) < 0)
    truth = mirror_truth(Walker().with_fault("foot_drop", "right").truth())
    assert truth["near_side"] == "left"
    assert truth["heading"] == truth["passes"][0]["heading"] == "right_to_left"
    assert truth["findings"] == [{"id": "foot_drop", "side": "left"}]
    assert mirror_truth(truth)["events"] == Walker().with_fault("foot_drop", "right").truth()["events"]


def test_a_film_is_mirrored_frame_by_frame_at_the_same_times(tmp_path):
    av = pytest.importorskip("av")
    source = tmp_path / "film.mp4"
    with av.open(str(source), "w") as sink:
        stream = sink.add_stream("libx264", rate=25, options={"crf": "5"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for number in range(5):
            image = np.zeros((48, 64, 3), np.uint8)
            image[:, : 10 + number * 4] = 220
            sink.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))
        sink.mux(stream.encode())
    out = tmp_path / "out"
    out.mkdir()

    def read(path):
        with av.open(str(path)) as film:
            return [(frame.time, frame.to_ndarray(format="gray").astype(int)) for frame in film.decode(video=0)]

    for (time, image), (mirrored_time, mirrored) in zip(read(source), read(mirror_film(source, out)), strict=True):
        assert mirrored_time == pytest.approx(time, abs=1e-3)
        assert np.abs(image[:, ::-1] - mirrored).mean() < 6
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(InputError, match="cannot mirror"):
        mirror_film(tmp_path / "text.mp4", out)


def test_every_sample_has_its_film_and_a_truth_that_can_be_read():
    from pathlib import Path

    samples = Path(__file__).parent.parent.parent / "samples"
    truths = sorted(samples.glob("*/*.truth.json"))
    assert len(truths) == 14
    for path in truths:
        truth = read_truth(path)
        assert film_of(path, truth).stat().st_size > 10_000
        assert json.dumps(truth["parameters"])
        assert f"{path.parent.name}/{truth['film']}" in (samples / "README.md").read_text()
