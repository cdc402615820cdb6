"""Keep a native library's chatter off the terminal, without losing what it says when something fails."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Lines that MediaPipe 0.10.33 always writes while it starts and that mean nothing to a user.
NOISE: tuple[str, ...] = (
    "All log messages before absl::InitializeLog()",
    "inference_feedback_manager.cc",
    "Created TensorFlow Lite XNNPACK delegate",
    "gl_context",
    "landmark_projection_calculator.cc",
)

_STDERR = 2
#: The stream belongs to the whole process: one thread at a time may turn it away.
_LOCK = threading.RLock()


@contextmanager
def quiet_start() -> Iterator[None]:
    """Turn the process's error stream away, then write again everything but the known noise.

    When the body raises, everything is written again, noise included. Where there is no error stream (a window
    without a console), nothing is done. Keep the body short: what other threads write meanwhile comes late.
    """
    with _LOCK:
        if sys.stderr is not None:
            sys.stderr.flush()
        try:
            kept = os.dup(_STDERR)
        except OSError:
            yield
            return
        failed = True
        with tempfile.TemporaryFile() as caught:
            os.dup2(caught.fileno(), _STDERR)
            try:
                yield
                failed = False
            finally:
                if sys.stderr is not None:
                    sys.stderr.flush()
                os.dup2(kept, _STDERR)
                os.close(kept)
                caught.seek(0)
                _write_again(caught.read(), keep_noise=failed)


def _write_again(caught: bytes, *, keep_noise: bool) -> None:
    for line in caught.splitlines(keepends=True):
        if keep_noise or not any(noise.encode() in line for noise in NOISE):
            os.write(_STDERR, line)
