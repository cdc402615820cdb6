"""Which contacts may be believed, and how much.

Every threshold here is our estimate, set between what good contacts show (rendered films with exact truth, phone films
of healthy walkers) and what false ones do (an empty floor, a swinging foot, a foot behind the other leg).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gait.feet.fold import FittedContact, travel_pct
from gait.feet.track import FootTrack

#: Flat reference: its frames must fit each other this well, and turn against each other by no more than this.
MAX_FLAT_MISFIT = 0.10
MAX_FLAT_TURN_DEG = 3.0
#: Landmarks of the flat foot may turn this far from their usual direction.
MAX_LANDMARK_TURN_DEG = 25.0
#: The foot must come from at least this far (percent of the heel-toe distance) within ``ARRIVAL_S`` before the contact.
MIN_ARRIVAL_PCT = 20.0
ARRIVAL_S = 0.12
#: Misfit of the picture around the contact.
MAX_MISFIT = 0.20
#: Measured: at most 1.15 deg on all good contacts of rendered and phone films.
MAX_RESIDUAL_DEG = 1.4
MAX_CORRECTION_S = 0.08
#: A foot whose contacts all seem to come this much later than by its landmarks, in s (median, at least two contacts),
#: is not seen as it is: trousers over the shoe hide its landing (measured: 35-42 ms, and pitch 10-14 deg wrong; feet
#: that are measured well: -13..+21 ms).
MAX_LATE_S = 0.025
MAX_PITCH_DEG = 45.0
#: Frames needed around the contact (half width in s), and the longest gap between them.
AROUND_S = 0.075
MAX_GAP_S = 0.055
#: Foot against floor, in grey levels, and the visible part of the foot.
MIN_CONTRAST = 9.0
MIN_COVERED = 0.5


def refuse_track(track: FootTrack, guess_s: float) -> str | None:
    """Why a track cannot be used, or None.

    Parameters
    ----------
    track
        One stance.
    guess_s
        First guess of the contact, in s; NaN where the foot was not seen to stop.
    """
    flat = track.is_reference & np.isfinite(track.pitch_deg)
    if flat.sum() < 2:
        return "the foot leaves the picture"
    # A leg that swings past hides a frame or two; the others must agree.
    clear = flat & (track.misfit <= MAX_FLAT_MISFIT)
    if clear.sum() < max(2.0, 0.4 * flat.sum()) or np.ptp(track.pitch_deg[clear]) > MAX_FLAT_TURN_DEG:
        return "the foot does not lie still and flat after the contact"
    if abs(track.landmark_turn_deg) > MAX_LANDMARK_TURN_DEG:
        return "the foot does not lie still and flat after the contact"
    if not np.isfinite(guess_s):
        return "the foot is not seen to arrive"
    return None


def refuse_contact(track: FootTrack, fitted: FittedContact) -> str | None:
    """Why a fitted contact cannot be used, or None."""
    after = track.time_s - fitted.contact_s
    seen = np.isfinite(track.pitch_deg)
    around = np.flatnonzero(seen & (np.abs(after) <= AROUND_S))
    if len(around) < 3 or not (after[around] < 0).any() or np.diff(track.time_s[around]).max() > MAX_GAP_S:
        return "the foot leaves the picture"
    arrival = seen & (after > -ARRIVAL_S) & (after < 0)
    if travel_pct(track)[arrival].min(initial=0.0) > -MIN_ARRIVAL_PCT:
        return "the foot is not seen to arrive"
    if contact_misfit(track, fitted) > MAX_MISFIT:
        return "the foot's picture does not fit, it may be hidden or blurred"
    if fitted.residual_deg > MAX_RESIDUAL_DEG or abs(fitted.pitch_deg) > MAX_PITCH_DEG:
        return "the foot does not move as in a contact"
    if abs(fitted.contact_s - track.plan.rough_s) > MAX_CORRECTION_S:
        return "no contact near the expected time"
    return None


def refuse_foot(tracks: Sequence[FootTrack], fitted: Sequence[FittedContact]) -> str | None:
    """Why none of a foot's accepted contacts can be used, or None."""
    late = [fit.contact_s - track.plan.rough_s for track, fit in zip(tracks, fitted, strict=True)]
    if len(late) >= 2 and float(np.median(late)) > MAX_LATE_S:
        return "the foot seems to land late, trousers may cover it"
    return None


def contact_misfit(track: FootTrack, fitted: FittedContact) -> float:
    """Median misfit around the contact, 0..1."""
    after = track.time_s - fitted.contact_s
    near = np.isfinite(track.pitch_deg) & (after >= -0.07) & (after <= 0.10)
    return float(np.median(track.misfit[near])) if near.any() else 1.0


def grade(track: FootTrack, fitted: FittedContact) -> float:
    """Quality of an accepted contact, 0..1: how well picture and motion fit."""
    picture = 1.0 - 0.6 * contact_misfit(track, fitted) / MAX_MISFIT
    motion = 1.0 - 0.3 * fitted.residual_deg / MAX_RESIDUAL_DEG
    return float(np.clip(picture * motion, 0.0, 1.0))
