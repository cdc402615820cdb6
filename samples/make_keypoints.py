"""Make the simulated keypoint files of ``samples/keypoints`` and the table of true values in ``samples/README.md``.

Usage: python samples/make_keypoints.py
"""

from __future__ import annotations

import json
from pathlib import Path

from gait.pose.keypoints_file import write_keypoints
from gait.simulate import Walker, write_truth

HERE = Path(__file__).parent
MARKS = ("<!-- table of true values: written by make_keypoints.py -->", "<!-- end of table -->")
#: As a phone and a pose network see a walk: errors of a few pixels, more on the far leg, gaps and exchanged legs.
PHONE = {"rate_hz": 30.0, "noise_px": 2.5, "missing": 0.02, "swaps": 0.01, "rate_jitter_pct": 3.0}
COLUMNS = ("stride_time_s", "stance_pct", "step_length_m", "foot_floor_angle_at_contact_deg")


def walkers() -> dict[str, Walker]:
    """The sample walkers, by file name."""
    both_ways = {"duration_s": 16.0, "there_and_back": True}
    return {
        "normal_there_and_back": Walker(**PHONE, **both_ways, seed=1),
        "foot_drop_right": Walker(**PHONE, **both_ways, seed=2).with_fault("foot_drop", "right", 0.9),
        "antalgic_left_treadmill": Walker(
            **PHONE, duration_s=20.0, heading="in_place", stride_time_cv_pct=2.0, seed=3
        ).with_fault("antalgic_gait", "left", 0.9),
        "slow_and_bent_forward": Walker(**PHONE, duration_s=14.0, lead_in_s=1.0, heading="right_to_left", seed=4)
        .with_fault("slow_walking", None, 0.6)
        .with_fault("forward_trunk_lean", None, 0.7),
    }


def main() -> None:
    """Write everything."""
    for name, walker in walkers().items():
        film = HERE / "keypoints" / f"{name}.nc"
        write_keypoints(walker.pose(), film)
        write_truth(walker.truth() | {"film": film.name}, film.with_name(f"{name}.truth.json"))
    readme = HERE / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    part = readme.with_name(".README.md.part")
    part.write_text(f"{before}{MARKS[0]}\n{table()}\n{MARKS[1]}{after}", encoding="utf-8")
    part.replace(readme)


def table() -> str:
    """True values of all samples as a Markdown table; left / right where the sides are told apart."""
    header = [
        "sample",
        "view",
        "planted",
        "speed m/s",
        *(column.rsplit("_", 1)[0].replace("_", " ") for column in COLUMNS),
    ]
    units = {"stride_time_s": "s", "stance_pct": "%", "step_length_m": "m", "foot_floor_angle_at_contact_deg": "deg"}
    header[4:] = [f"{name}, {units[column]}" for name, column in zip(header[4:], COLUMNS, strict=True)]
    rows = [header, ["---"] * len(header)]
    for path in sorted(HERE.glob("*/*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        values = {(row["id"], row["side"] or "both"): row["value"] for row in truth["parameters"]}
        planted = ", ".join(f"{row['id']} ({row['side']})" if row["side"] else row["id"] for row in truth["findings"])
        name = f"{path.parent.name}/{truth['film']}"
        cells = [f"{values[column, 'left']:.2f} / {values[column, 'right']:.2f}" for column in COLUMNS]
        rows.append([name, truth["view"], planted or "nothing", f"{values['walking_speed_mps', 'both']:.2f}", *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
