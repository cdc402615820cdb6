"""Analyses written by hand: what the pipeline would hand to the report, from formulas, with answers that are known."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from gait.core.analysis import Analysis, Provenance, Still
from gait.core.causes import Cause, NextQuestion, Reasoning, RedFlag
from gait.core.cycles import PERCENT, GaitCycles
from gait.core.events import GaitEvents
from gait.core.feet import FootContact, FootMotion, FootStrip
from gait.core.findings import Evidence, Finding, Findings
from gait.core.issues import Issue
from gait.core.parameters import GaitParameters, Norm, Parameter
from gait.core.pose import Person, Pose
from gait.core.recording import CameraMotion, Recording
from gait.core.scores import ProfileScore, ScoreItem, Scores, Usual, VariableScore, VisualScore
from gait.core.sides import SIDES, Side
from gait.core.skeleton import KEYPOINTS, LANDMARKS, MIDLINE
from gait.core.subject import Answer, Complaint, Intake, ReportedFinding, Subject
from gait.core.tasks import Attempt, TaskRecord
from gait.core.trajectories import JOINTS, Pass, Scale, Trajectories, View

RATE_HZ = 30.0
DURATION_S = 9.0
STRIDE_S = 1.12
STANCE_FRACTION = {"left": 0.64, "right": 0.60}
FIRST_CONTACT_S = {"left": 0.60, "right": 1.15}


def jpeg(width: int = 160, height: int = 240, shade: str = "#8fa3b5", text: str = "") -> bytes:
    """A small picture."""
    figure = Figure(figsize=(width / 100, height / 100), dpi=100, facecolor=shade)
    figure.text(0.5, 0.5, text, ha="center", fontsize=8, wrap=True)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="jpg")
    return buffer.getvalue()


def angle_curve(joint: str, side: str, percent: np.ndarray) -> np.ndarray:
    """One stride of one joint, in deg: shapes of a healthy walk, and a right foot that hangs in swing."""
    phase = 2 * np.pi * percent / 100
    bump = np.exp(-(((percent - 72) / 11) ** 2))
    push = np.exp(-(((percent - 62) / 6) ** 2))
    dropped = side == "right"
    swing = 1 / (1 + np.exp(-(percent - 66) / 2.5))
    curves = {
        "hip_flexion": 5 + 20 * np.cos(phase - 0.2),
        "knee_flexion": 6 + 14 * np.exp(-(((percent - 13) / 8) ** 2)) + (58 if dropped else 52) * bump,
        "ankle_dorsiflexion": 9 * np.sin(phase * 0.9 - 0.5) - 24 * push - (13 * swing if dropped else 0),
        "foot_pitch": 4 - 45 * push + (2 if dropped else 17) * np.exp(-(((percent - 99) / 6) ** 2)),
        "thigh": 20 * np.cos(phase - 0.2),
        "shank": -20 + 18 * np.cos(phase),
    }
    return curves[joint]


def make_events() -> GaitEvents:
    """Contacts and toe-offs of both feet, one of them not so sure."""
    rows = []
    for side in SIDES:
        contacts = np.arange(FIRST_CONTACT_S[side], DURATION_S - 0.6, STRIDE_S)
        rows += [(float(t), side, "initial_contact", 0.93) for t in contacts]
        rows += [(float(t + STANCE_FRACTION[side] * STRIDE_S), side, "toe_off", 0.88) for t in contacts[:-1]]
    rows[3] = (*rows[3][:3], 0.41)
    return GaitEvents.from_rows(rows)


def make_cycles(seed: int = 7) -> GaitCycles:
    """Seven cycles a side with stride-to-stride noise."""
    random = np.random.default_rng(seed)
    rows, curves = [], []
    for side in SIDES:
        for start in np.arange(FIRST_CONTACT_S[side], DURATION_S - 0.6 - STRIDE_S, STRIDE_S):
            rows.append(
                (len(rows), side, start, start + STANCE_FRACTION[side] * STRIDE_S, start + STRIDE_S, 0, side == "right")
            )
            shift = random.normal(0, 1.5)
            curves.append([angle_curve(joint, side, PERCENT) + shift + random.normal(0, 0.4, 101) for joint in JOINTS])
    table = pd.DataFrame(rows, columns=["cycle", "side", "start_s", "toe_off_s", "end_s", "pass_index", "is_near"])
    data = xr.DataArray(
        np.array(curves).transpose(0, 2, 1),
        dims=("cycle", "percent", "joint"),
        coords={"cycle": table["cycle"].to_numpy(), "percent": PERCENT, "joint": list(JOINTS)},
    )
    data[0, :4, 2] = np.nan
    return GaitCycles(table, data)


def empty_cycles() -> GaitCycles:
    """No complete cycle at all."""
    table = pd.DataFrame(
        {name: [] for name in ("cycle", "side", "start_s", "toe_off_s", "end_s", "pass_index", "is_near")}
    )
    data = xr.DataArray(
        np.empty((0, 101, len(JOINTS))),
        dims=("cycle", "percent", "joint"),
        coords={"percent": PERCENT, "joint": list(JOINTS)},
    )
    return GaitCycles(table, data)


def make_pose() -> Pose:
    """A walker of sines; one keypoint is unseen for a moment."""
    random = np.random.default_rng(3)
    n = int(DURATION_S * RATE_HZ)
    time_s = np.arange(n) / RATE_HZ
    position = 300 + random.normal(0, 20, (n, 2, len(KEYPOINTS))) + 60 * time_s[:, None, None]
    position[10:14, :, 5] = np.nan
    confidence = random.uniform(0.5, 1, (n, len(KEYPOINTS)))
    camera = CameraMotion(time_s, np.tile(np.array([[1.0, 0, 0], [0, 1, 0]]), (n, 1, 1)), np.ones(n, bool))
    people = (
        Person(1, 0.94, 0.3, 8.8, 372.0, jpeg(shade="#b9c7d3", text="the walker")),
        Person(2, 0.12, 2.0, 5.0, 210.0, jpeg(shade="#d8d2c4", text="somebody else")),
    )
    return Pose.from_arrays(
        time_s,
        position,
        confidence,
        1540,
        560,
        backend="mediapipe 0.10.33 heavy",
        model_sha256="64437af838a65d18",
        camera=camera,
        people=people,
    )


def make_trajectories() -> Trajectories:
    """Evenly spaced landmarks and angles."""
    random = np.random.default_rng(5)
    n = int(DURATION_S * RATE_HZ)
    time_s = np.arange(n) / RATE_HZ
    data = xr.Dataset(
        {
            "position": (("time", "space", "side", "landmark"), random.normal(0, 100, (n, 2, 2, len(LANDMARKS)))),
            "midline": (("time", "space", "point"), random.normal(0, 100, (n, 2, len(MIDLINE)))),
            "confidence": (("time", "side", "landmark"), random.uniform(0, 1, (n, 2, len(LANDMARKS)))),
            "angle": (("time", "side", "joint"), random.normal(0, 10, (n, 2, len(JOINTS)))),
            "trunk_lean": (("time",), random.normal(3, 1, n)),
            "speed": (("time",), np.full(n, 310.0)),
        },
        coords={
            "time": time_s,
            "space": ["x", "y"],
            "side": list(SIDES),
            "landmark": list(LANDMARKS),
            "point": list(MIDLINE),
            "joint": list(JOINTS),
        },
    )
    return Trajectories(
        data,
        (Pass(0.4, 8.7, "left_to_right", 1, "right"),),
        View("sagittal", 0.97, 4.0),
        Scale(212.0, 0.0041, "height", 0.02),
        6.0,
        False,
        RATE_HZ,
    )


_STANCE = Norm(60.3, 64.9, "male 40-49", "walkway norms by age, sex and pace")
_SPEED = Norm(1.25, 1.59, "male 40-49", "walkway norms by age, sex and pace")
_CADENCE = Norm(100.8, 113.9, "male 40-49", "walkway norms by age, sex and pace")
_STEP = Norm(0.706, 0.84, "male 40-49", "walkway norms by age, sex and pace")
_SWING = Norm(-1.7, 6.7, "speed class free", "Schwartz 2008")
_KNEE = Norm(53.2, 65.0, "speed class free", "Schwartz 2008")

# id, unit, norm, (left, right) or both; value, half of the interval, sd
_MEASURES = (
    ("walking_speed_mps", "m/s", _SPEED, {"both": (1.19, 0.05, 0.03)}),
    ("cadence_spm", "steps/min", _CADENCE, {"both": (107.1, 1.2, 1.0)}),
    ("stride_time_s", "s", None, {"left": (1.12, 0.01, 0.01), "right": (1.121, 0.01, 0.012)}),
    ("step_time_s", "s", None, {"left": (0.57, 0.012, 0.015), "right": (0.55, 0.012, 0.014)}),
    ("stance_time_s", "s", None, {"left": (0.717, 0.02, 0.012), "right": (0.672, 0.02, 0.015)}),
    ("swing_time_s", "s", None, {"left": (0.403, 0.02, 0.012), "right": (0.449, 0.02, 0.015)}),
    ("stance_pct", "%", _STANCE, {"left": (64.0, 1.3, 1.1), "right": (60.0, 1.3, 1.3)}),
    ("double_support_pct", "%", None, {"both": (24.0, 2.1, 1.6)}),
    ("step_length_m", "m", _STEP, {"left": (0.69, 0.03, 0.02), "right": (0.64, 0.03, 0.02)}),
    ("peak_swing_dorsiflexion_deg", "deg", _SWING, {"left": (3.1, 3.0, 1.8), "right": (-11.4, 3.1, 2.4)}),
    ("peak_swing_knee_flexion_deg", "deg", _KNEE, {"left": (58.0, 3.0, 1.8), "right": (69.3, 3.4, 2.2)}),
    ("foot_floor_angle_at_contact_deg", "deg", None, {"left": (18.2, 1.4, 1.1), "right": (-7.6, 1.9, 2.3)}),
    ("stride_time_cv_pct", "%", None, {"left": (1.4, 0.9, np.nan), "right": (1.7, 1.0, np.nan)}),
)


def make_parameters(seed: int = 11) -> GaitParameters:
    """Summaries with a few strides each."""
    random = np.random.default_rng(seed)
    summary, rows = [], []
    for name, unit, norm, sides in _MEASURES:
        for side, (value, half, sd) in sides.items():
            summary.append(Parameter(name, side, value, unit, sd, 6, value - half, value + half, norm))
            for stride in range(6):
                spread = 0.0 if np.isnan(sd) else sd
                rows.append((name, side, stride, 0.6 + stride * STRIDE_S, random.normal(value, spread), half / 2))
    strides = pd.DataFrame(rows, columns=["parameter", "side", "stride", "start_s", "value", "uncertainty"])
    return GaitParameters(strides, tuple(summary))


def make_findings() -> Findings:
    """A foot drop on the right, some patterns that are not there, some that a side view cannot show."""
    return Findings(
        (
            Finding(
                "foot_drop",
                "right",
                "present",
                "severe",
                0.93,
                (
                    Evidence("foot_floor_angle_at_contact_deg", "right", -7.6, "deg", "usual about 20, left 18.2"),
                    Evidence("peak_swing_dorsiflexion_deg", "right", -11.4, "deg", "usual -1.7 to 6.7 at this speed"),
                    Evidence("stride_time_cv_pct", "right", 1.7, "%", "below 4", supports=False),
                ),
                "The right leg was nearer to the camera in the only pass.",
                "The right foot hangs down in swing and lands on the forefoot.",
                plain="Toes may catch on carpets and kerbs.",
                sources=("walk.mp4",),
            ),
            Finding(
                "steppage",
                "right",
                "present",
                "moderate",
                0.74,
                (Evidence("peak_swing_knee_flexion_deg", "right", 69.3, "deg", "left 58.0, usual 53.2 to 65.0"),),
                "",
                "The right knee and hip are lifted higher than usual in swing, as if to clear the foot.",
            ),
            Finding("antalgic_gait", None, "absent", None, 0.8, (), "", "No shortened stance on either side."),
            Finding("slow_walking", None, "absent", None, 0.9),
            Finding("weak_push_off", "left", "absent", None, 0.7),
            Finding(
                "foot_slap", "right", "not_assessable", reason="The film has 30 frames a second; 60 or more are needed."
            ),
            Finding("trendelenburg", None, "not_assessable", reason="Needs a film from the front or from behind."),
            Finding("wide_base", None, "not_assessable", reason="Needs a film from the front or from behind."),
        )
    )


def make_reasoning() -> Reasoning:
    """Two causes that cannot be told apart, and a serious one that is unlikely."""
    return Reasoning(
        causes=(
            Cause(
                "peroneal_neuropathy",
                "foot_leg",
                "right",
                "where",
                "Peroneal nerve at the knee",
                0.4712,
                "possible – leading but not settled",
                ("Foot drop on the right.", "Painless."),
                ("Nothing was said of pressure at the knee.",),
                ("Whether turning the sole inwards is weak.",),
                ("JEON", "JINN"),
            ),
            Cause(
                "l5_root",
                "back",
                "right",
                "where",
                "L5 nerve root",
                0.3333,
                "possible – leading but not settled",
                ("Foot drop on the right.", "Back pain."),
                ("The pelvis was not seen to drop.",),
                ("Whether lifting the leg sideways is weak.",),
                ("JEON", "LEE10"),
            ),
            Cause(
                "lumbar_disc_herniation", "back", "right", "why", "Herniated lumbar disc", 0.21, "should be considered"
            ),
            Cause(
                "motor_neuron_disease",
                "other",
                None,
                "where",
                "Motor neuron disease",
                0.012,
                "unlikely, but must not be missed",
            ),
        ),
        red_flags=(
            RedFlag(
                "new_foot_drop",
                "present",
                "urgent",
                "New foot drop",
                "Have this examined by a spine or nerve specialist within 48 hours.",
                ("weakness began within days",),
            ),
            RedFlag(
                "cauda_equina",
                "not_asked",
                "emergency",
                "Cauda equina syndrome",
                "Go to an emergency department now.",
                missing=("saddle_numbness", "bladder_change"),
            ),
            RedFlag("trauma", "absent", "emergency", "Injury", "Go to an emergency department."),
        ),
        inseparable=(("peroneal_neuropathy", "l5_root"),),
        next_questions=(
            NextQuestion(
                "foot_inversion_weak",
                "Can the sole be turned inwards against your hand, with the ankle held at 90 degrees?",
                "Weak in an L5 root, normal in a peroneal nerve.",
                0.71,
            ),
            NextQuestion(
                "hip_abduction_weak",
                "Lying on the side: can the leg be lifted against resistance?",
                "Weak in an L5 root.",
                0.55,
            ),
        ),
        urgency="urgent",
        summary="The right foot hangs in swing and lands on the forefoot. "
        "The film alone cannot say whether the nerve is hurt at the knee or at the spine.",
        notes=("The history names the left foot once, the film shows the right one.",),
        answered=3,
        asked=24,
    )


def make_feet() -> FootMotion:
    """Two contacts, one of them on the forefoot, and one that did not pass."""
    time_s = np.linspace(-0.1, 0.15, 9)
    return FootMotion(
        (
            FootContact("left", 1.72, time_s, 18 - 60 * np.clip(time_s, 0, 0.3), 18.2, 19.0, 0.09, "heel", False, 0.8),
            FootContact("right", 1.15, time_s, -7.6 + 0 * time_s, -7.6, -9.0, float("nan"), "forefoot", True, 0.9),
        ),
        (("left", 1, "the foot was hidden"),),
        2.5,
        (make_strip("left", 1.72, 18.2), make_strip("right", 1.15, -7.6)),
    )


def make_strip(side: Side, contact_s: float, pitch_deg: float) -> FootStrip:
    """Five pictures of a grey foot on a floor, from late swing to flat."""
    time_s = contact_s + np.array([-0.08, 0.0, 0.04, 0.08, 0.2])
    share = np.array([1.1, 1.0, 0.5, 0.1, 0.0])
    images = np.full((5, 60, 90, 3), 235, np.uint8)
    images[:, 48:] = 190
    rows, columns = np.mgrid[:60, :90]
    for image, pitch in zip(images, np.radians(pitch_deg * share), strict=True):
        along = (columns - 45) * np.cos(pitch) - (rows - 42) * np.sin(pitch)
        above = (columns - 45) * np.sin(pitch) + (rows - 42) * np.cos(pitch)
        image[(np.abs(along) < 26) & (np.abs(above) < 6)] = 60
    images[:, :4, :4, 0] = 20 * np.arange(5)[:, None, None] + 7 * len(side)  # no two pictures of a film are the same
    return FootStrip(side, contact_s, time_s, pitch_deg * share, images)


def make_scores() -> Scores:
    """A right limb that lands on its front, seen on three lines of the sheet, and its curves."""

    def limb(side: Side, contact: int, knee: int) -> VisualScore:
        items = (
            ScoreItem(1, "initial_contact", "Initial contact", side, contact, contact, contact, -7.6, "deg",
                      "heel first 0, flat 1, forefoot first 2", part="Foot and ankle"),
            ScoreItem(11, "knee_flexion_swing", "Peak knee flexion in swing", side, knee, 0, 1, 69.3, "deg",
                      "50° to 70° 0", part="Knee"),
            ScoreItem(5, "foot_rotation", "Foot rotation", side, None, obstacle="frontal",
                      reason="It needs a film from the front or from behind.", part="Foot and ankle"),
            ScoreItem(15, "pelvic_rotation", "Pelvic rotation", side, None, obstacle="never",
                      reason="One camera does not see it.", part="Pelvis"),
        )  # fmt: skip
        return VisualScore(side, items, contact, contact + 1)

    usual = Usual(3.1, 9.2, 7.0, 24)
    variables = tuple(
        VariableScore(joint, side, size, shift, 5, side == "right", usual, Usual(-2.6, 6.3, 7.5, 24))
        for side, size, shift in (("left", 5.0, 1.0), ("right", 10.8, -8.3))
        for joint in ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
    )
    profile = (ProfileScore("left", 5.0, 3, usual), ProfileScore("right", 10.8, 3, usual), ProfileScore("both", 8.4, 3))
    return Scores((limb("left", 0, 0), limb("right", 2, 0)), Usual(0.0, 1.6, 2.0, 48), variables, profile, ("Slow.",))


def foot_drop_right(file_name: str = "walk.mp4") -> Analysis:
    """The rich example: a right foot drop with possible causes and an urgent flag."""
    stills = tuple(
        Still(f"{side} {name}", side, time_s, jpeg(180, 240, text=f"{side}\n{name}"))
        for side, name, time_s in (
            ("left", "initial contact", 1.72),
            ("left", "toe-off", 2.44),
            ("right", "initial contact", 2.27),
            ("right", "toe-off", 2.94),
        )
    )
    intake = Intake(
        (Complaint("foot_drop", "right"),),
        (Answer("back_pain", "yes"), Answer("painless", "no", "right"), Answer("fever", "unknown")),
        (ReportedFinding("foot_slap", "right", "present"),),
    )
    return Analysis(
        recording=Recording(Path("/films") / file_name, 1540, 560, 29.97, 270, 9.0, 0, True, "h264", "ab" * 32),
        subject=Subject(42.0, "male", 1.78, 80.0, 0.9, 0.9, intake),
        pose=make_pose(),
        trajectories=make_trajectories(),
        events=make_events(),
        cycles=make_cycles(),
        feet=make_feet(),
        parameters=make_parameters(),
        findings=make_findings(),
        reasoning=make_reasoning(),
        issues=(
            Issue(
                "low_frame_rate",
                "warning",
                "The film has 30 frames a second; foot slap needs 60.",
                "Film at 60 or 120 frames a second.",
            ),
            Issue(
                "one_pass",
                "info",
                "There is one pass; the far leg is measured less well.",
                "Film the way there and the way back.",
            ),
        ),
        provenance=Provenance(
            "0.1.0", "mediapipe 0.10.33 heavy", "64437af838a65d18", "Settings(cutoff_hz=6.0)", "norms 1"
        ),
        stills=stills,
        task=TaskRecord("walk", (Attempt("left", 1.0, 1.5, 2.0, {"height_m": 0.05}),)),
        scores=make_scores(),
    )


def nothing_assessable() -> Analysis:
    """A film on which nothing could be judged: no event, no cycle, no number."""
    names = ("foot_drop", "antalgic_gait", "trendelenburg")
    findings = Findings(
        tuple(Finding(name, None, "not_assessable", reason="The feet are out of the picture.") for name in names)
    )
    strides = pd.DataFrame({name: [] for name in ("parameter", "side", "stride", "start_s", "value", "uncertainty")})
    return replace(
        foot_drop_right("feet_hidden.mp4"),
        events=GaitEvents.empty(),
        cycles=empty_cycles(),
        feet=FootMotion(),
        parameters=GaitParameters(strides, ()),
        findings=findings,
        reasoning=Reasoning(
            red_flags=(
                RedFlag(
                    "cauda_equina",
                    "not_asked",
                    "emergency",
                    "Cauda equina syndrome",
                    "Go to an emergency department now.",
                ),
            )
        ),
        subject=Subject(),
        scores=Scores(),
        issues=(
            Issue(
                "feet_out_of_picture",
                "error",
                "The feet are out of the picture in 95 % of the film.",
                "Step back until the feet are always seen.",
            ),
        ),
        stills=(),
    )


def emergency() -> Analysis:
    """Signs of cauda equina syndrome: the flag must come before everything else."""
    flag = RedFlag(
        "cauda_equina",
        "present",
        "emergency",
        "Cauda equina syndrome",
        "These symptoms can mean cauda equina syndrome. "
        "Go to an emergency department now; MRI is usually needed the same day.",
        ("numbness around the saddle", "cannot start urination"),
    )
    base = foot_drop_right("emergency.mp4")
    reasoning = replace(base.reasoning, red_flags=(flag, *base.reasoning.red_flags), urgency="emergency")
    return replace(base, reasoning=reasoning)


def healthy() -> Analysis:
    """Patterns were looked for and none was seen; some could not be judged."""
    base = foot_drop_right("normal.mp4")
    keep = tuple(finding for finding in base.findings.all if finding.status != "present")
    return replace(
        base, findings=Findings(keep), reasoning=Reasoning(red_flags=base.reasoning.red_flags[1:], summary="")
    )
