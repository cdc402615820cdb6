"""``gait export``: from folder, archive or JSON; one sentence for every mistake; no name, face or path goes out."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gait.app.cli import main
from gait.app.export import FORMATS, Order, run
from gait.core.analysis import Analysis
from gait.core.errors import GaitError, InputError, OutputError, SchemaError
from gait.core.findings import Findings
from gait.core.issues import Issue
from gait.report.archive import save_analysis
from gait.report.export import analysis_json
from gait.report.exports.files import write_whole


@pytest.fixture(scope="module")
def telling(foot_drop: Analysis) -> Analysis:
    """An analysis whose file, settings, issues and findings would tell who it is."""
    name = "anna_schmidt.mp4"
    where = f"/home/anna_schmidt/films/{name}"
    findings = tuple(replace(finding, sources=(name,)) for finding in foot_drop.findings.all)
    return replace(
        foot_drop,
        recording=replace(foot_drop.recording, path=Path(where)),
        provenance=replace(foot_drop.provenance, settings=f"Settings(model_file=PosixPath('{where}.task'))"),
        issues=(Issue("lost", "warning", f"{name} is cut short; {where} was read to its end."),),
        findings=Findings(findings),
    )


@pytest.fixture(scope="module")
def folder(telling: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "walk"
    folder.mkdir()
    save_analysis(telling, folder / "analysis.nc")
    (folder / "analysis.json").write_text(json.dumps(analysis_json(telling)))
    return folder


def files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.iterdir())


@pytest.mark.parametrize("to", FORMATS)
def test_no_name_path_or_picture_leaves(to: str, folder: Path, tmp_path: Path) -> None:
    written = run(Order(folder, to, tmp_path / "out"))
    for file in files(written):
        content = file.read_bytes()
        for word in (b"schmidt", b"anna_", b"/home", str(tmp_path).encode(), b"\xff\xd8\xff", b"data:image"):
            assert word not in content, (file.name, word)
        assert "walk" not in file.name


@pytest.mark.parametrize("to", FORMATS)
def test_by_default_it_goes_beside_the_analysis(to: str, folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    written = run(Order(copy, to))
    assert written.parent == (copy / "exports").resolve()
    assert run(Order(copy / "analysis.nc", to)) == written
    assert not [item for item in copy.rglob("*") if ".part" in item.name]


@pytest.mark.parametrize("to", ["csv", "parquet", "fhir"])
def test_the_json_alone_is_enough_for_tables_and_fhir(to: str, folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "analysis.json", tmp_path / "analysis.json")
    assert run(Order(tmp_path / "analysis.json", to)).exists()
    assert run(Order(tmp_path, to)).exists()


@pytest.mark.parametrize("to", ["c3d", "trc", "mot"])
def test_the_json_alone_is_not_enough_for_motion(to: str, folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "analysis.json", tmp_path / "analysis.json")
    with pytest.raises(InputError, match=r"Only analysis\.json was given; \w+ needs analysis\.nc"):
        run(Order(tmp_path, to))
    assert [item.name for item in tmp_path.rglob("*")] == ["analysis.json"]


def test_a_pseudonym_is_used_and_a_name_is_refused(folder: Path, tmp_path: Path) -> None:
    written = run(Order(folder, "fhir", tmp_path / "a.json", "P-007"))
    assert '"P-007"' in written.read_text("utf-8")
    for name in ("Anna Schmidt", "", "Müller", "../x"):
        with pytest.raises(InputError, match="never the person's name"):
            run(Order(folder, "fhir", tmp_path / "a.json", name))


@pytest.mark.parametrize(
    ("order", "word"),
    [
        (Order(Path("nowhere"), "csv"), "There is no nowhere"),
        (Order(Path("{folder}"), "xls"), "expected one of csv, parquet, c3d, trc, mot, fhir"),
        (Order(Path("{folder}"), "c3d", Path("a.trc")), "ends in .c3d"),
        (Order(Path("{folder}"), "csv", Path("a.csv")), "expected a folder"),
        (Order(Path("{folder}"), "fhir", Path("analysis.json")), "name of an analysis"),
        (Order(Path("{folder}").parent, "csv"), "Did you mean"),
        (Order(Path(__file__), "csv"), "is no analysis"),
    ],
)
def test_a_mistake_is_answered_with_one_sentence(order: Order, word: str, folder: Path) -> None:
    analysis = order.analysis
    if analysis == Path("{folder}"):
        analysis = folder
    elif analysis == Path():
        analysis = folder.parent
    with pytest.raises(GaitError) as caught:
        run(replace(order, analysis=analysis))
    assert word in str(caught.value)
    assert caught.value.exit_status == 2
    assert "\n" not in str(caught.value)


def test_json_of_another_kind_or_version_is_refused(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "analysis.json"
    content = json.loads((folder / "analysis.json").read_text())
    for wrong, word in (
        ({"subject": {}}, "lacks software"),
        ({**content, "schema_version": "99"}, "schema_version 99"),
    ):
        file.write_text(json.dumps(wrong))
        with pytest.raises(SchemaError, match=word):
            run(Order(file, "fhir"))
    file.write_text("[1, 2")
    with pytest.raises(InputError, match="not valid JSON"):
        run(Order(file, "fhir"))


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "a.c3d"
    target.write_bytes(b"old")

    def fail(part: Path) -> None:
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left on device"):
        write_whole(target, fail)
    assert target.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["a.c3d"]


def test_the_command_prints_where_it_wrote_and_ends_with_2_on_a_mistake(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for to, status in (("mot", 0), ("xls", 2)):
        monkeypatch.setattr("sys.argv", ["gait", "export", str(folder), "--to", to, "--out", str(tmp_path)])
        with pytest.raises(SystemExit) as end:
            main()
        assert end.value.code == status
        told = capsys.readouterr()
        if status:
            assert told.err.startswith("gait: --to is 'xls'")
            assert told.err.count("\n") == 1
        else:
            assert told.out.strip() == str((tmp_path / "gait.mot").resolve())
