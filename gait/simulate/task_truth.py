"""What a task clip truly shows, in the form of a truth file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gait.core.sides import SIDES
from gait.core.skeleton import KEYPOINTS
from gait.simulate.body import Body

if TYPE_CHECKING:
    from gait.simulate.tasks import TaskWalker

#: One-leg stance is told up to this time, s, and a heel that rises less than this stayed down, leg lengths (2 cm), as
#: in the catalogue of task measures.
LONGEST_HOLD_S, LEAST_RAISE_LL = 30.0, 0.022


def task_truth(task: TaskWalker) -> dict[str, Any]:
    """Truth of one task clip; see ``TaskWalker.truth``.

    ``attempts`` are repetitions on the spot or, in walks on heels or toes, whole stances: side, start_s, peak_s, end_s
    and values by parameter id, all taken from the finished motion.
    """
    walker = task.walker()
    if task.is_walk:
        truth, stances = walker.truth(), _stances(task)
        means = _means(stances, {"heel_walk_foot_pitch_deg", "toe_walk_heel_height_ll"})
        return {**truth, "task": task.task, "attempts": stances, "parameters": truth["parameters"] + means}
    leg_m, attempts = Body(walker.height_m).leg_m, [_attempt(task, turn) for turn in task.repetition_list()]
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
        "attempts": attempts,
        "parameters": _standing(task) if task.task == "stand" else _summary(attempts),
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
        values["sit_to_stand_rise_time_s"] = _rise_time_s(task, turn)
    times = {name: round(getattr(turn, f"{name}_s"), 6) for name in ("start", "peak", "end")}
    return {
        "side": turn.side,
        **{f"{name}_s": value for name, value in times.items()},
        "values": {name: round(value, 6) for name, value in values.items()},
    }


def _rise_time_s(task: TaskWalker, turn: Any) -> float:
    """From the first to the last tenth of the hips' way up."""
    time_s = np.linspace(turn.start_s, turn.top_s, 400)
    hips = [KEYPOINTS.index(f"{side}_hip") for side in SIDES]
    height = task.positions_m(time_s)[:, 1, hips].mean(axis=1)
    share = (height - height[0]) / (height[-1] - height[0])
    first, last = (time_s[np.argmax(share >= edge)] for edge in (0.1, 0.9))
    return float(last - first)


def _summary(attempts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Parameters of a task on the spot, as the catalogue of measures summarises its repetitions."""
    rows = []
    for side in dict.fromkeys(row["side"] for row in attempts):
        own = [row["values"] for row in attempts if row["side"] == side]
        if "single_leg_stance_time_s" in own[0]:
            longest_s = max(min(values["single_leg_stance_time_s"], LONGEST_HOLD_S) for values in own)
            rows.append(_row("single_leg_stance_time_s", side, longest_s))
        elif "sit_to_stand_rise_time_s" in own[0]:
            rows.append(_row("sit_to_stand_count", side, len(own)))
            rows += _means([row for row in attempts if row["side"] == side], {"sit_to_stand_rise_time_s"})
        else:
            rows += _raises(side, own)
    return rows


def _raises(side: str, repetitions: list[dict[str, float]]) -> list[dict[str, Any]]:
    """Heel raises: how many leave the floor, and how far all of them (on both legs: those that do) rise."""
    name = "double_heel_raise" if side == "both" else "heel_raise"
    heights = [values[f"{name}_height_ll"] for values in repetitions]
    done = [height for height in heights if height >= LEAST_RAISE_LL]
    told = done if side == "both" else heights
    rows = [_row(f"{name}_count", side, len(done))]
    return rows + ([_row(f"{name}_height_ll", side, float(np.mean(told)))] if told else [])


def _means(attempts: list[dict[str, Any]], names: set[str]) -> list[dict[str, Any]]:
    """Mean over the repetitions of each side."""
    return [
        _row(name, side, float(np.mean([row["values"][name] for row in attempts if row["side"] == side])))
        for side in dict.fromkeys(row["side"] for row in attempts)
        for name in sorted(names & set(attempts[0]["values"]))
    ]


def _row(name: str, side: str, value: float) -> dict[str, Any]:
    """One parameter with the unit of its name."""
    unit = {"deg": "deg", "ll": "leg lengths", "s": "s", "count": "repetitions"}[name.rsplit("_", 1)[-1]]
    return {"id": name, "side": side, "value": round(float(value), 6), "unit": unit}


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
            middle = slice(15, 34)  # 25 to 55 % of the stance, as the measures have it
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
