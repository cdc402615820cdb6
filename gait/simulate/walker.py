"""What the made walker is like; the formulas are in the files beside this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gait.core.motion import BodyMotion
from gait.core.pose import Pose
from gait.core.sides import Side
from gait.core.trajectories import Heading
from gait.simulate import camera, motion
from gait.simulate.body import Body
from gait.simulate.faults import plant
from gait.simulate.foot import ROLL_POWER
from gait.simulate.limits import check_walker
from gait.simulate.timing import Timing
from gait.simulate.truth import truth_table
from gait.simulate.values import BySide


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """A walk made of formulas.

    The standing foot does not slide, the knee follows from hip and ankle, and the events are exact: initial contact
    is the instant when any part of the foot first touches the floor, toe-off the instant when the toe leaves it.
    Defaults are a healthy adult at a comfortable pace. Lengths in leg lengths (``_ll``) are relative to the height of
    the hip above the sole. Fields that say *aimed at* are solved for and reached where the rest of the walk allows;
    :meth:`truth` always tells what the walk really does.

    Attributes
    ----------
    stride_time_s
        0.7 to 2.6 s, the same for both sides.
    stride_time_cv_pct
        Spread of the stride time, in % of its mean.
    step_length_ll
        Heel to heel, by the side of the foot that lands.
    step_width_ll
        Between the heels, across.
    stance_pct
        Stance in % of the stride.
    step_time_asymmetry
        (left step time - right step time) / stride time, -0.4 to 0.4; a left step ends with the left contact.
    contact_pitch_deg
        Foot pitch at initial contact, toes up +; below 0 the forefoot lands first.
    contact_to_flat_s
        Time from contact to the whole foot on the floor (at most 40 % of the stance).
    rest_pitch_deg
        Foot pitch while the foot stands: 0 flat, above 0 on the heel, below 0 on the toes (an equinus).
    vault_deg
        How far the standing foot rises on its toes in the middle of stance besides.
    toe_off_pitch_deg
        Foot pitch at toe-off; None: whatever ``push_off_plantarflexion_deg`` asks for.
    heel_rise_pct
        When the heel leaves the floor, in % of the stance.
    roll_power
        Power of time with which the foot then rolls up to toe-off: the larger, the longer the heel stays low.
    swing_dorsiflexion_deg
        Peak ankle dorsiflexion of the second half of swing, aimed at.
    push_off_plantarflexion_deg
        Peak ankle plantarflexion around toe-off, plantarflexion +, aimed at.
    swing_knee_deg
        Peak knee flexion in swing, aimed at.
    loading_knee_deg
        Peak knee flexion in loading response, aimed at.
    stance_knee_deg
        Knee flexion in the middle of stance, aimed at; below 0 the standing knee bends backwards.
    clearance_m
        Greatest height of the lowest point of the foot in the middle of swing.
    pelvic_drop_deg
        How much the pelvis sinks on the other side while this side stands; only in a frontal view. (A rigid foot leaves
        the floor with its ankle higher than a real one. From the side the pelvis rises in swing to make up for that,
        so that the knee is right; from the front the knee bends more, so that the pelvis is right.)
    pelvic_tilt_deg
        Right side of the pelvis above the left one all the time.
    hip_hike_deg
        How much the pelvis rises on this side while its leg swings.
    short_leg_m
        How much shorter this side's shank is.
    weight_shift
        How far the pelvis moves over this side's foot, as a multiple of the usual.
    circumduction_m
        How far this side's foot swings outwards of its straight way.
    toe_out_deg
        Foot progression: direction of the foot against that of the walk, toes outwards +.
    heel_valgus_deg
        Lean of the rear foot as seen from behind: the ankle lies inwards of the heel's sole.
    trunk_lean_deg
        Mean forward lean of the trunk.
    trunk_nod_deg
        How far the trunk nods forwards and back about that, twice a stride.
    trunk_follow_deg
        How far the trunk leans back while this leg is ahead, and forward while it is behind: for a hip that is stiff.
    trunk_sway_deg
        Lean of the trunk to the side of the standing leg, for each standing leg.
    trunk_list_deg
        Constant lean of the trunk to the right.
    trunk_rotation_deg
        Amplitude of the turn of the shoulders about the vertical, against the legs.
    arm_swing_deg
        Amplitude of the upper arm about the shoulder.
    step_length_cv_pct
        Spread of the step length, in % of its mean.
    step_length_trend_pct, stride_time_trend_pct, trunk_lean_trend_deg
        What changes per minute of the film: step length and stride time in % of their first values, lean in deg.
    view, heading
        From where the walker is filmed and where the walk goes in the picture. A sagittal walk on a treadmill
        (``in_place``) faces the right edge, a frontal one faces the camera.
    there_and_back
        Turn round in the middle of the film (in an arc of 1.5 strides) and walk back.
    duration_s, lead_in_s, rate_hz, rate_jitter_pct
        Length of the film; empty picture before the walker appears; mean frame rate (24 to 240 Hz); spread of the time
        between frames in % of it, as phones have it.
    start_phase
        Fraction of the left stride at which the walker appears; 0 is a left contact.
    height_m, height_px
        Body height; in a frontal view, height in the picture where the walker is nearest.
    noise_px
        Standard error of a keypoint of the near side: half of the variance white, half slow, as pose networks err.
        Above 0 a frontal view also hides the pelvis' tilt, as they do (``data/network_tilt.toml``).
    far_leg_noise
        How many times larger the error of the far side is.
    swaps
        Fraction of frames with left and right legs exchanged, in bursts.
    missing
        Fraction of the leg keypoints lost, in gaps of about 0.15 s.
    shake_px, pan
        Standard deviation of a handheld camera's motion; fraction of the walk that the camera follows (0 to 1).
    is_camera_known
        Whether the pose carries the exact motion of the camera, as if the background had been measured.
    planted
        Findings planted with :meth:`with_fault`, as (id, side).
    seed
        Of all that is drawn by lot.

    Raises
    ------
    InputError
        When the numbers make no walk; the message names the field and what it may be.
    """

    stride_time_s: float = 1.1
    stride_time_cv_pct: float = 0.0
    step_length_ll: BySide = BySide(0.74, 0.74)
    step_width_ll: float = 0.11
    stance_pct: BySide = BySide(62.0, 62.0)
    step_time_asymmetry: float = 0.0
    contact_pitch_deg: BySide = BySide(18.0, 18.0)
    contact_to_flat_s: BySide = BySide(0.09, 0.09)
    rest_pitch_deg: BySide = BySide(0.0, 0.0)
    vault_deg: BySide = BySide(0.0, 0.0)
    toe_off_pitch_deg: BySide | None = None
    heel_rise_pct: BySide = BySide(56.0, 56.0)
    roll_power: BySide = BySide(ROLL_POWER, ROLL_POWER)
    swing_dorsiflexion_deg: BySide = BySide(4.0, 4.0)
    push_off_plantarflexion_deg: BySide = BySide(18.0, 18.0)
    swing_knee_deg: BySide = BySide(60.0, 60.0)
    loading_knee_deg: BySide = BySide(18.0, 18.0)
    stance_knee_deg: BySide = BySide(8.0, 8.0)
    clearance_m: BySide = BySide(0.025, 0.025)
    pelvic_drop_deg: BySide = BySide(4.0, 4.0)
    pelvic_tilt_deg: float = 0.0
    hip_hike_deg: BySide = BySide(0.0, 0.0)
    short_leg_m: BySide = BySide(0.0, 0.0)
    weight_shift: BySide = BySide(1.0, 1.0)
    circumduction_m: BySide = BySide(0.0, 0.0)
    toe_out_deg: BySide = BySide(6.0, 6.0)
    heel_valgus_deg: BySide = BySide(3.0, 3.0)
    trunk_lean_deg: float = 3.0
    trunk_nod_deg: float = 1.0
    trunk_follow_deg: BySide = BySide(0.0, 0.0)
    trunk_sway_deg: BySide = BySide(1.0, 1.0)
    trunk_list_deg: float = 0.0
    trunk_rotation_deg: float = 8.9
    arm_swing_deg: BySide = BySide(20.0, 20.0)
    step_length_cv_pct: float = 0.0
    step_length_trend_pct: float = 0.0
    stride_time_trend_pct: float = 0.0
    trunk_lean_trend_deg: float = 0.0
    view: Literal["sagittal", "frontal"] = "sagittal"
    heading: Heading = "left_to_right"
    there_and_back: bool = False
    duration_s: float = 6.0
    lead_in_s: float = 0.0
    rate_hz: float = 60.0
    rate_jitter_pct: float = 0.0
    start_phase: float = 0.35
    height_m: float = 1.75
    height_px: float = 380.0
    noise_px: float = 0.0
    far_leg_noise: float = 1.8
    swaps: float = 0.0
    missing: float = 0.0
    shake_px: float = 0.0
    pan: float = 0.0
    is_camera_known: bool = True
    planted: tuple[tuple[str, Side | None], ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        check_walker(self)

    @property
    def leg_length_m(self) -> float:
        """Hip to sole, in m."""
        return Body(self.height_m).leg_m

    @property
    def stride_length_m(self) -> float:
        """One left and one right step, in m."""
        return (self.step_length_ll.left + self.step_length_ll.right) * self.leg_length_m

    @property
    def m_per_px(self) -> float:
        """Scale of the picture (in a frontal view, where the walker is nearest)."""
        return self.height_m / self.height_px

    @property
    def first_near_side(self) -> Side | None:
        """Side that the camera sees during the first pass; None in a frontal view."""
        if self.view == "frontal":
            return None
        return "left" if self.heading == "right_to_left" else "right"

    def with_fault(self, fault_id: str, side: Side | None = None, severity: float = 1.0) -> Walker:
        """A copy with a fault planted.

        Parameters
        ----------
        fault_id
            One of :data:`gait.simulate.FAULTS`.
        side
            The side that a report would name; None for faults without a side.
        severity
            0 (nothing changes) to 1 (severe).

        Raises
        ------
        InputError
            When the fault is not known, the side does not fit or the severity is not between 0 and 1.
        """
        return plant(self, fault_id, side, severity)

    def frame_times_s(self) -> np.ndarray:
        """``(n,)`` times of the frames, in s, from 0."""
        return camera.frame_times_s(self)

    def positions_m(self, time_s: np.ndarray) -> np.ndarray:
        """Where the keypoints truly are.

        Parameters
        ----------
        time_s
            ``(n,)`` s.

        Returns
        -------
        numpy.ndarray
            ``(n, 3, keypoints)`` m: x along the first pass, y up (floor 0), z to the walker's right during the first
            pass. On a treadmill x is measured from the machine, else from the floor.
        """
        return motion.positions_m(self, np.asarray(time_s, float))

    def pose(self) -> Pose:
        """The walk as a pose network would see it: px, x right, y down."""
        return camera.film(self)

    def motion(self, rate_hz: float = 100.0) -> BodyMotion:
        """The body in the room with its events, for a virtual phone (:class:`gait.simulate.phone.PhoneCamera`)."""
        time_s = np.arange(self.lead_in_s, self.duration_s, 1.0 / rate_hz)
        events = tuple((row["time_s"], row["side"], row["kind"]) for row in self.truth()["events"])
        return BodyMotion(time_s, self.positions_m(time_s), events, name="simulated walk")

    def truth(self) -> dict[str, Any]:
        """Events, parameters and planted findings in the form of a truth file."""
        return truth_table(self)

    def timing(self) -> Timing:
        """When each phase of the stride takes place."""
        return Timing.of(self)
