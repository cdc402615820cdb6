"""The script behind the README's first command."""

import importlib.util
import json
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parent.parent / "samples"


@pytest.mark.slow
def test_the_sample_script_analyses_a_film_and_writes_its_index(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("analyse_all", SAMPLES / "analyse_all.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    films = tmp_path / "films"
    films.mkdir()
    for name in ("trendelenburg_R_front.mp4", "trendelenburg_R_front.truth.json"):
        (films / name).symlink_to(SAMPLES / "films" / name)
    monkeypatch.setattr(script, "HERE", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert script.main() == 0
    assert "trendelenburg" in (tmp_path / "gait-out" / "index.html").read_text()
    written = json.loads((tmp_path / "gait-out" / "trendelenburg_R_front" / "analysis.json").read_text())
    assert written["view"]["kind"] == "frontal"
