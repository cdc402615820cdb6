"""The work behind ``gait simulate``."""

from __future__ import annotations

from pathlib import Path

from gait.core.errors import InputError


def run(out: Path, fault: str | None, side: str | None, severity: float, seed: int) -> None:
    """Write a simulated walker's keypoints and truth."""
    from gait.pose.keypoints_file import write_keypoints
    from gait.simulate.truth import write_truth
    from gait.simulate.walker import Walker

    if out.suffix != ".nc":
        raise InputError(
            f"{out.name} ends in {out.suffix or 'nothing'}; simulated keypoints are written as .nc (NetCDF)."
        )
    if side not in (None, "left", "right"):
        raise InputError(f"--side is {side!r}; expected left or right, the walker's own.")
    walker = Walker(seed=seed)
    if fault is not None:
        walker = walker.with_fault(fault, side, severity)
    write_keypoints(walker.pose(), out)
    truth = write_truth(walker.truth() | {"film": out.name}, out.with_name(f"{out.stem}.truth.json"))
    print(out)
    print(truth)
