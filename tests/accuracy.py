"""How accurate the samples were when it was last written down, and that they still are.

``python tests/accuracy.py`` analyses all samples (some minutes) and writes ``accuracy.toml`` anew: what was measured
and, from it, what no later version may exceed. Do so only when the change is meant, and look at the difference.
"""

from __future__ import annotations

import datetime
import math
import sys
import tomllib
from functools import cache
from pathlib import Path

from gait.core.analysis import Analysis
from gait.pipeline import analyze
from gait.validation.examine import examine
from gait.validation.films import mirror_truth
from gait.validation.run import subject_of
from gait.validation.trials import Trial, find_trials

ROOT = Path(__file__).resolve().parent.parent
FILE = Path(__file__).with_suffix(".toml")

#: Measures, and the room above what was measured: a share of it, and at least this much (other machines' arithmetic
#: moves landmarks by fractions of a pixel; a fault moves these numbers by more). A stride fewer at an end of a film
#: moves the mean stride time by up to 6 ms, because walkers do not keep it exactly.
SHARE = 0.5
ROOM = {
    "contact_ms": 3.0,
    "toe_off_ms": 4.0,
    "stride_time_ms": 6.0,
    "step_time_ms": 4.0,
    "stance_pct": 0.6,
    "step_length_cm": 0.8,
    "speed_cmps": 1.5,
    "foot_pitch_deg": 1.0,
}
#: One event missed more than when it was measured is let pass; two are not.
F1_ROOM = 0.03

_COLUMNS = {
    "contact_ms": "initial_contact_mean_absolute_ms",
    "toe_off_ms": "toe_off_mean_absolute_ms",
    "contact_f1": "initial_contact_f1",
    "toe_off_f1": "toe_off_f1",
    "stride_time_ms": "stride_time_s_error",
    "step_time_ms": "step_time_s_error",
    "stance_pct": "stance_pct_error",
    "step_length_cm": "step_length_m_error",
    "speed_cmps": "walking_speed_mps_error",
}


@cache
def trials() -> dict[str, Trial]:
    """All samples by name."""
    return {trial.clip: trial for trial in find_trials([ROOT / "samples"])[0]}


@cache
def limits() -> dict[str, dict[str, float]]:
    """Limits by clip and measure."""
    return tomllib.loads(FILE.read_text("utf-8"))["limit"]


def errors(clip: str, analysis: Analysis, mirrored: bool = False) -> dict[str, float]:
    """Errors of one analysed sample, as in the report of ``gait validate``; what has no truth is left out."""
    trial = trials()[clip]
    if mirrored:
        from dataclasses import replace

        trial = replace(trial, truth=mirror_truth(trial.truth))
    tables = examine(trial, analysis, mirrored=mirrored)
    row, parameters = tables["clips"].iloc[0], tables["parameters"]
    pitch = parameters.loc[parameters["parameter"] == "foot_floor_angle_at_contact_deg", "error"].abs()
    found = {name: float(row[column]) for name, column in _COLUMNS.items()} | {"foot_pitch_deg": float(pitch.mean())}
    return {name: value for name, value in found.items() if math.isfinite(value)}


def beyond(clip: str, analysis: Analysis, mirrored: bool = False) -> list[str]:
    """What is worse than the limit, in words; empty when all is well."""
    found, words = errors(clip, analysis, mirrored), []
    for name, limit in limits()[clip].items():
        if name not in found:
            words.append(f"{clip}: {name} is not measured any more")
        elif found[name] < limit if name.endswith("_f1") else found[name] > limit:
            words.append(f"{clip}: {name} is {found[name]:.3g}, the limit is {limit:g}")
    return words


def limit_of(name: str, value: float) -> float:
    """The limit that a measured value gives."""
    if name.endswith("_f1"):
        return round(value - F1_ROOM, 3)
    return round(value + max(SHARE * value, ROOM[name]), 2)


def main() -> None:
    """Measure, and write the file."""
    measured = {}
    for clip, trial in trials().items():
        print(clip, file=sys.stderr, flush=True)
        measured[clip] = errors(clip, analyze(trial.file, subject_of(trial.truth)))
    write(measured)


def write(measured: dict[str, dict[str, float]]) -> None:
    """Write the file from errors by clip and measure."""
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    lines = [
        "# Errors of the samples, and what no later version may exceed (F1: fall below).",
        "# Written by `python tests/accuracy.py`; how the limits follow from what was measured is told there.",
        f'measured_on = "{today}"',
    ]
    for heading, make in (("measured", lambda name, value: round(value, 3)), ("limit", limit_of)):
        for clip, found in measured.items():
            lines += ["", f"[{heading}.{clip}]", *(f"{name} = {make(name, value):g}" for name, value in found.items())]
    part = FILE.with_name(f".{FILE.name}.part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(FILE)


if __name__ == "__main__":
    main()
