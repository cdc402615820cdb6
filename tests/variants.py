"""Films made from sample films: mirrored, cropped, rotated, thinned, cut, truncated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

Change = Callable[[np.ndarray], np.ndarray]


def pictures(source: Path) -> Iterator[np.ndarray]:
    """Frames of a film, RGB."""
    with av.open(str(source)) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24")


def write_film(images: Iterator[np.ndarray] | list[np.ndarray], target: Path, fps: int = 30) -> Path:
    """Write frames as H.264."""
    with av.open(str(target), "w") as container:
        stream = None
        for image in images:
            if stream is None:
                stream = container.add_stream(
                    "libx264", rate=Fraction(fps), options={"crf": "20", "preset": "ultrafast"}
                )
                stream.height, stream.width = (side // 2 * 2 for side in image.shape[:2])
                stream.pix_fmt = "yuv420p"
            even = np.ascontiguousarray(image[: stream.height, : stream.width])
            container.mux(stream.encode(av.VideoFrame.from_ndarray(even, format="rgb24")))
        if stream is not None:
            container.mux(stream.encode())
    return target


def remake(
    source: Path,
    target: Path,
    change: Change = lambda image: image,
    start: int = 0,
    stop: int | None = None,
    every: int = 1,
    fps: int = 30,
) -> Path:
    """A film with some frames of another, each changed."""
    chosen = (
        change(image)
        for number, image in enumerate(pictures(source))
        if start <= number < (stop or 10**9) and number % every == 0
    )
    return write_film(chosen, target, fps)
