"""What a task clip truly shows, in the form of a truth file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate.body import Body

if TYPE_CHECKING:
    from gait.simulate.tasks import TaskWalker

_FINE_HZ = 200.0


def task_truth(task: TaskWalker) -> dict[str, Any]:
    """Truth of one task clip; see ``TaskWalker.truth``.

    ``attempts`` are repetitions on the spot or, in walks on heels or toes, whole stances: side, start_s, peak_s, end_s
    and values by parameter id, all taken from the finished motion.
    """
    walker = task.walker()
    if task.is_walk:
        return {**walker.truth(), "task": task.task, "attempts": _stances(task)}
    leg_m = Body(walker.height_m).leg_m
    return {
        "schema_version": "1",
        "task": task.task,
        "fps": walker.rate_hz,
        "frames": len(walker.frame_times_s()),
        "view": walker.view,
        "near_side": walker.first_near_side,
        "heading": "in_place",
        "subject": {
            "height_m": walker.height_m,
            "leg_length_m": {side: round(leg_m - task.short_leg_m.of(side), 6) for side in SIDES},
        },
        "passes": [],
        "events": [],
        "attempts": [_attempt(task, turn) for turn in task.repetition_list()],
        "parameters": _standing(task) if task.task == "stand" else [],
        "findings": [{"id": finding, "side": side} for finding, side in task.planted],
    }


def _attempt(task: TaskWalker, turn: Any) -> dict[str, Any]:
    """One repetition with its true values."""
    leg_m = Body(task.person.height_m).leg_m
    values: dict[str, float] = {}
    if task.task == "heel_raise":
        working = SIDES if turn.side == "both" else (turn.side,)
        before, top = task.positions_m(np.array([turn.start_s, turn.peak_s]))
        rise = {s: top[1, KEYPOINTS.index(f"{s}_heel")] - before[1, KEYPOINTS.index(f"{s}_heel")] for s in working}
        name = "double_heel_raise_height_ll" if turn.side == "both" else "heel_raise_height_ll"
        values[name] = float(np.mean(list(rise.values()))) / leg_m
        values |= {f"{side}_heel_height_ll": float(height) / leg_m for side, height in rise.items()}
    elif task.task == "single_leg_stance":
        room = task.positions_m(np.array([turn.peak_s]))[0]
        values["single_leg_stance_time_s"] = turn.end_s - turn.start_s
        values |= _frontal(room, turn.side)
    else:
        values["sit_to_stand_rise_time_s"] = turn.top_s - turn.start_s
    times = {name: round(getattr(turn, f"{name}_s"), 6) for name in ("start", "peak", "end")}
    return {
        "side": turn.side,
        **{f"{name}_s": value for name, value in times.items()},
        "values": {name: round(value, 6) for name, value in values.items()},
    }


def _frontal(room: np.ndarray, side: str) -> dict[str, float]:
    """Pelvis and trunk while standing on one leg: drop of the other side, lean towards this one."""
    outward = 1.0 if side == "right" else -1.0
    points = {name: room[:, KEYPOINTS.index(name)] for name in KEYPOINTS}
    hips, shoulders = points["right_hip"] - points["left_hip"], points["right_shoulder"] + points["left_shoulder"]
    trunk = 0.5 * (shoulders - points["right_hip"] - points["left_hip"])
    return {
        "pelvic_drop_deg": outward * float(np.degrees(np.arctan2(hips[1], hips[2]))),
        "trunk_lean_over_stance_deg": outward * float(np.degrees(np.arctan2(trunk[2], trunk[1]))),
    }


def _standing(task: TaskWalker) -> list[dict[str, Any]]:
    """Quiet standing: lean of the trunk to the right, right side of the pelvis above the left."""
    time_s = np.arange(0.0, task.duration_s, 0.05)
    rows = [_frontal(room, "right") for room in task.positions_m(time_s)]
    lean, up = (float(np.mean([row[key] for row in rows])) for key in ("trunk_lean_over_stance_deg", "pelvic_drop_deg"))
    return [
        {"id": "standing_trunk_list_deg", "side": "both", "value": round(lean, 6), "unit": "deg"},
        {"id": "pelvic_obliquity_deg", "side": "both", "value": round(up, 6), "unit": "deg"},
    ]


def _stances(task: TaskWalker) -> list[dict[str, Any]]:
    """Whole stances of a walk on heels or toes, in time order."""
    truth, leg_m = task.walker().truth(), Body(task.person.height_m).leg_m
    rows = []
    for side in SIDES:
        times = {
            kind: [row["time_s"] for row in truth["events"] if (row["side"], row["kind"]) == (side, kind)]
            for kind in ("initial_contact", "toe_off")
        }
        for start in times["initial_contact"]:
            ends = [time for time in times["toe_off"] if time > start]
            if not ends:
                continue
            room = task.positions_m(np.linspace(start, ends[0], 60))
            heel, toe = (room[:, 1, KEYPOINTS.index(f"{side}_{name}")] for name in ("heel", "toe"))
            middle = slice(15, 45)
            ahead = room[middle, 0, KEYPOINTS.index(f"{side}_toe")] - room[middle, 0, KEYPOINTS.index(f"{side}_heel")]
            pitch = np.degrees(np.arctan2(toe[middle] - heel[middle], np.abs(ahead)))
            values = {
                f"{task.task}_foot_pitch_deg": float(np.median(pitch)),
                f"{task.task}_heel_height_ll": float(np.median(heel[middle])) / leg_m,
                f"{task.task}_forefoot_height_ll": float(np.median(toe[middle])) / leg_m,
            }
            rows.append(
                {
                    "side": side,
                    "start_s": start,
                    "peak_s": round(0.5 * (start + ends[0]), 6),
                    "end_s": ends[0],
                    "values": {name: round(value, 6) for name, value in values.items()},
                }
            )
    return sorted(rows, key=lambda row: row["start_s"])
