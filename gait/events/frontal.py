"""Steps seen from the front or the back: when, but not for how long the foot stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.signal import find_peaks

from gait.core.events import GaitEvents
from gait.core.sides import SIDES, Side, other_side
from gait.core.trajectories import Pass, Trajectories
from gait.events.check import keep_plausible
from gait.events.signals import low_pass, peak_time

Row = tuple[float, str, str, float]
Peaks = Mapping[Side, list[float]]

#: Height of an ankle over its stride, 0-100 % from its contact in steps of 5 %, largest 1, and how far it is ahead of
#: the other ankle over the first half of its stride, in steps (the second half is the same with the sign turned). Means
#: of six healthy people with markers walking freely (our measurement).
_LIFT = np.array([4, 0, 0, 0, 0, 0, 2, 6, 13, 25, 44, 74, 108, 136, 138, 112, 70, 33, 16, 13, 4]) / 138.0
_AHEAD = np.array([1.00, 0.97, 0.88, 0.71, 0.47, 0.20, -0.09, -0.40, -0.69, -0.90, -1.00])

#: Phase of the left foot's stride at which each ankle is highest above the other one, and how far from it a peak still
#: belongs to that swing (our choice; a stiff leg rises late, by up to 0.15).
_LIFT_AT: dict[Side, float] = {"left": 0.68, "right": 0.18}
_LIFT_WITHIN = 0.25

#: A pass with fewer strides, or shorter than so many s, is not enough to tell the phase (our choice).
_LEAST_STRIDES = 1.5
_LEAST_S = 1.6

#: The walk is laid over this pattern at so many phases and with the stride stretched by so much to find where it begins
#: (our choice).
_PHASES = 40
_STRETCHES = np.linspace(0.92, 1.08, 9)

#: Rounds of taking the perspective off and finding the peaks again; they settle in two (our measurement).
_ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class HeelRises:
    """Contacts from the height of one ankle against the other.

    From the front nobody sees a foot move forward; what is seen is each heel rising as its leg leaves the ground. The
    difference in height of the two ankles is one wave a stride, whose peak is the early swing of the higher foot. The
    other foot's contact lies a fixed share of the stride before that peak, and the higher foot's toe-off another.
    Stride and step times are good; how long a foot stands cannot be read, and is not reported.

    The camera looks down at the floor, so a foot that is nearer to it also appears lower: seen from the front the
    leading foot, from behind the trailing one. Close to the camera that is as much as the heel's rise. How much it is
    for one step is told by the floor itself, on which the feet stand lower and lower (or higher and higher) in the
    picture; how far one foot is ahead of the other goes by the phase of the stride, which is found first.

    Attributes
    ----------
    min_step_s
        Two peaks of one foot are at least this far apart, in s.
    min_height
        A peak rises at least this much above its surroundings, in trunk lengths (our estimate: half of the smallest
        wave of the rendered clips).
    contact_before_pct, toe_off_before_pct
        How far before the peak the other foot's contact and this foot's toe-off lie when the walker comes nearer, in
        % of the stride (medians of the rendered frontal clips; our measurement).
    contact_before_away_pct, toe_off_before_away_pct
        The same when the walker goes away: the network puts the ankle of a raised heel elsewhere from behind.
    cutoff_hz
        The wave is smoothed to this before its peaks are taken, in Hz (stride times of the rendered frontal clips are
        wrong by 14 ms without, 10 ms at 4 Hz, 12 ms at 3 Hz; our measurement).
    confidence
        Of every event (142 of 155 contacts of 20 rendered frontal clips lie within 50 ms, half of the others follow a
        stiff leg; less for films never tuned on; our estimate).
    """

    min_step_s: float = 0.6
    min_height: float = 0.10
    contact_before_pct: float = 21.5
    toe_off_before_pct: float = 10.0
    contact_before_away_pct: float = 18.3
    toe_off_before_away_pct: float = 6.7
    cutoff_hz: float = 4.0
    confidence: float = 0.85

    def detect(self, trajectories: Trajectories) -> GaitEvents:
        """Events of both feet in all straight passes, sub-frame."""
        rows: list[Row] = []
        for stretch in trajectories.passes:
            rows.extend(self._events(trajectories, stretch))
        return keep_plausible(GaitEvents.from_rows(rows))

    def _events(self, trajectories: Trajectories, stretch: Pass) -> list[Row]:
        inside = trajectories.inside(stretch)
        time_s = trajectories.time_s[inside]
        trunk = np.linalg.norm(trajectories.point("neck")[inside] - trajectories.point("pelvis")[inside], axis=1)
        ankle = {side: trajectories.landmark(side, "ankle")[inside, 1] for side in SIDES}
        wave = np.nan_to_num((ankle["left"] - ankle["right"]) / trunk)
        peaks = self._peaks(wave, time_s)
        stride_s = _stride_s(peaks)
        if not time_s[-1] - time_s[0] > max(_LEAST_STRIDES * stride_s, _LEAST_S):
            return []
        lower = np.fmin(ankle["left"], ankle["right"])
        for turn in range(_ROUNDS):
            one_step = _floor_step(lower, trunk, time_s, stride_s / 2)
            phase = _phase(peaks, time_s, stride_s) if turn else _first_phase(wave, one_step, time_s, stride_s)
            found = self._expected(wave - one_step * _ahead(phase), phase, time_s)
            if not np.isfinite(_stride_s(found)):
                break
            peaks, stride_s = found, _stride_s(found)
        contact_pct, toe_off_pct = self._before_pct(stretch)
        return self._rows(peaks, contact_pct / 100.0 * stride_s, toe_off_pct / 100.0 * stride_s, float(time_s[0]))

    def _before_pct(self, stretch: Pass) -> tuple[float, float]:
        """How far before a peak the other foot's contact and its own toe-off lie, % of the stride."""
        if stretch.heading == "away":
            return self.contact_before_away_pct, self.toe_off_before_away_pct
        return self.contact_before_pct, self.toe_off_before_pct

    def _rows(self, peaks: Peaks, contact_before_s: float, toe_off_before_s: float, start_s: float) -> list[Row]:
        """The events that belong to the peaks."""
        rows: list[Row] = []
        for side in SIDES:
            for peak in peaks[side]:
                if peak - contact_before_s > start_s:
                    rows.append((peak - contact_before_s, other_side(side), "initial_contact", self.confidence))
                    rows.append((peak - toe_off_before_s, side, "toe_off", self.confidence))
        return rows

    def _peaks(self, wave: np.ndarray, time_s: np.ndarray) -> dict[Side, list[float]]:
        """Times at which each foot is highest above the other."""
        return {"left": self._highest(wave, time_s), "right": self._highest(-wave, time_s)}

    def _highest(self, wave: np.ndarray, time_s: np.ndarray) -> list[float]:
        step = time_s[1] - time_s[0]
        wave = low_pass(wave, step, self.cutoff_hz)
        found, _ = find_peaks(
            wave, prominence=self.min_height, height=0.0, distance=max(1, round(self.min_step_s / step))
        )
        return [peak_time(time_s, wave, int(index)) for index in found]

    def _expected(self, wave: np.ndarray, phase: np.ndarray, time_s: np.ndarray) -> dict[Side, list[float]]:
        """The highest peak of each swing; close to the camera a wave has others."""
        wave = low_pass(wave, time_s[1] - time_s[0], self.cutoff_hz)
        out: dict[Side, list[float]] = {}
        for side in SIDES:
            signed = wave if side == "left" else -wave
            best: dict[int, int] = {}
            for index in find_peaks(signed, prominence=self.min_height / 2, height=0.0)[0].tolist():
                off = float(phase[index] - _LIFT_AT[side])
                swing = round(off)
                if abs(off - swing) < _LIFT_WITHIN and signed[index] > signed[best.get(swing, index)] - 1e-12:
                    best[swing] = index
            out[side] = [peak_time(time_s, signed, index) for _, index in sorted(best.items())]
        return out


def _stride_s(peaks: Peaks) -> float:
    """Usual time between two peaks of one foot, s; NaN where no foot has two."""
    spans = [np.diff(times) for times in peaks.values() if len(times) > 1]
    return float(np.median(np.concatenate(spans))) if spans else float("nan")


def _floor_step(lower: np.ndarray, trunk: np.ndarray, time_s: np.ndarray, step_s: float) -> np.ndarray:
    """How much higher in the picture the floor is one step ahead of the walker, in trunk lengths.

    Parameters
    ----------
    lower
        ``(n,)`` height of the lower ankle, px, y up: the standing one.
    trunk
        ``(n,)`` length of the trunk, px: it grows with nearness.
    time_s
        ``(n,)`` s.
    step_s
        Step time, s.

    Returns
    -------
    numpy.ndarray
        ``(n,)``; negative for someone who comes nearer, positive for someone who goes away.
    """
    seen = np.isfinite(lower) & np.isfinite(trunk)
    at_s = time_s - time_s[0]
    size = 1.0 / np.polyval(np.polyfit(at_s[seen], 1.0 / trunk[seen], 1), at_s)
    # The floor's height in the picture goes with the size of what stands on it (a pinhole camera).
    slope, _ = np.polyfit(size[seen], lower[seen], 1)
    return slope * np.gradient(size, time_s) * step_s / size


def _ahead(phase: np.ndarray) -> np.ndarray:
    """``(n,)`` how far the left foot is ahead of the right one, in steps, at phases of the left foot's stride, 0..1."""
    half = np.mod(phase, 0.5) * 2.0
    sign = np.where(np.mod(phase, 1.0) < 0.5, 1.0, -1.0)
    return sign * np.interp(half, np.linspace(0.0, 1.0, len(_AHEAD)), _AHEAD)


def _lift(phase: np.ndarray) -> np.ndarray:
    """``(n,)`` height of the left ankle above the right one; the largest is about 1."""
    grid = np.linspace(0.0, 1.0, len(_LIFT))
    return np.interp(np.mod(phase, 1.0), grid, _LIFT) - np.interp(np.mod(phase + 0.5, 1.0), grid, _LIFT)


def _first_phase(wave: np.ndarray, one_step: np.ndarray, time_s: np.ndarray, stride_s: float) -> np.ndarray:
    """``(n,)`` phase of the left foot's stride for an even walk, by the pattern that fits the wave best.

    Close to the camera the uncorrected peaks drift, so the stride itself is only roughly known yet.
    """
    best, least = np.zeros(len(time_s)), np.inf
    for stretched in stride_s * _STRETCHES:
        for shift in np.arange(_PHASES) / _PHASES:
            phase = (time_s - time_s[0]) / stretched + shift
            rise, lift = wave - one_step * _ahead(phase), _lift(phase)
            amount = max(0.0, float(np.dot(rise, lift) / np.dot(lift, lift)))
            left_over = float(np.sum((rise - amount * lift) ** 2))
            if left_over < least:
                best, least = phase, left_over
    return best


def _phase(peaks: Peaks, time_s: np.ndarray, stride_s: float) -> np.ndarray:
    """``(n,)`` phase of the left foot's stride, from the peaks of both feet."""
    marks = sorted((time, _LIFT_AT[side]) for side, times in peaks.items() for time in times)
    # Marks that follow each other lie half a stride apart, or a whole one where a peak was missed.
    steps = np.array([later - earlier for (_, earlier), (_, later) in pairwise(marks)]) % 1.0
    phases = marks[0][1] + np.concatenate([[0.0], np.cumsum(np.where(steps == 0.0, 1.0, steps))])
    # Halfway between two marks: a foot whose peaks come late then does not shift the phase to and fro.
    times = np.array([(earlier + later) / 2 for (earlier, _), (later, _) in pairwise(marks)])
    phases = (phases[:-1] + phases[1:]) / 2
    first, last = times[0] - stride_s, times[-1] + stride_s
    return np.interp(time_s, [first, *times, last], [phases[0] - 1.0, *phases, phases[-1] + 1.0])
