from __future__ import annotations

import os

import pytest

from gait.pose.quiet import quiet_start


def test_noise_is_dropped_and_the_rest_is_kept(capfd):
    with quiet_start():
        os.write(2, b"W0000 inference_feedback_manager.cc:114] Feedback manager requires\n")
        os.write(2, b"E0000 the disk is on fire\n")
    assert capfd.readouterr().err == "E0000 the disk is on fire\n"


def fail_noisily():
    with quiet_start():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        raise RuntimeError("boom")


def test_everything_is_told_when_it_fails(capfd):
    with pytest.raises(RuntimeError, match="boom"):
        fail_noisily()
    assert "XNNPACK" in capfd.readouterr().err


def test_the_stream_works_again_afterwards(capfd):
    with quiet_start(), quiet_start():
        pass
    os.write(2, b"still here\n")
    assert capfd.readouterr().err == "still here\n"
