"""The whole stage: from rough contacts to the motion of the feet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from gait.core.events import GaitEvents
from gait.core.feet import ContactType, FootContact, FootMotion, FootStrip
from gait.core.pose import Pose
from gait.core.sides import SIDES, Side
from gait.core.trajectories import Trajectories
from gait.feet.crops import FrameSource, StanceCrops, collect_crops
from gait.feet.fold import FittedContact, first_guess_s, fold
from gait.feet.plan import plan_stances
from gait.feet.quality import grade, refuse_contact, refuse_foot, refuse_track
from gait.feet.strip import make_strip
from gait.feet.track import FootTrack, track_stance

#: Contact pitch, in deg, from which the heel clearly lands first (design notes: below about 10 deg it is flat contact).
HEEL_DEG = 10.0
#: Contact pitch below which the forefoot lands first: zero less about twice the noise of one contact.
FOREFOOT_DEG = -3.0
#: Below this contact pitch there is too little lowering to time (our estimate).
MIN_LOWERING_DEG = 5.0
#: Standard error of one contact's pitch, in deg, of a foot that fits perfectly, and what is added for each unit of
#: missing quality. Measured on rendered films (root mean square 0.85 above a quality of 0.6, 1.1 at 0.55, 1.6 at 0.45),
#: half as much again for real feet, which are not stiff: contacts of one healthy foot spread by 2.3 deg, a walker's own
#: variation included.
NOISE_BEST_DEG = 1.2
NOISE_PER_QUALITY_DEG = 3.6
GOOD_QUALITY = 0.75
#: The same of a film without any measured foot.
NOISE_DEG = 2.5
#: Slowest film, in Hz, that gives a lowering speed: below it a slap has fewer than two frames, and the fitted peak is
#: the shape's, not the foot's (design notes: at 30 Hz the order of good and slapping feet is inverted). 50 Hz less 1 %.
MIN_SPEED_RATE_HZ = 49.5
#: What a foot's movement differs from the fitted shape, in s and as a fraction of the speed, and how much of the fit's
#: own error counts besides (its priors are wider than feet differ). Measured: so the intervals of 225 contacts of
#: rendered films, whose shape is another one, hold the true duration in 95 %; the speed's is wider, because a made foot
#: that falls from rest reads 18 % too slow with two contacts.
LOWERING_SHAPE_ERROR_S = 0.004
SPEED_SHAPE_ERROR = 0.10
FIT_ERROR = 0.6
#: What is kept of the pitch curve around the contact, in s.
KEPT_S = (-0.15, 0.25)
#: Late swing: the span before contact that is averaged, in s.
LATE_SWING_S = 0.10
#: A rough contact that is farther off than this is replaced before the flat foot is chosen again, in s.
_RETRACK_S = 0.035
#: Two contacts of one foot nearer than this are one, in s (our estimate; the shortest stride lasts about 0.6 s).
_TWICE_S = 0.3

Refusals = list[tuple[Side, str]]
Tracked = tuple[FootTrack, float]


def measure_feet(
    frames: FrameSource,
    pose: Pose,
    trajectories: Trajectories,
    events: GaitEvents,
    progress: Callable[[float], None] | None = None,
) -> FootMotion:
    """Measure both feet around every initial contact, from the film's pixels.

    Parameters
    ----------
    frames
        ``frames(start_s, end_s)`` streams the frames of that span: upright, RGB, full resolution, real times in s.
        Called once for all, and once more for the pictures of each foot.
    pose
        Keypoints (and the camera's motion, where it moves).
    trajectories
        For the passes and the view. Only side views are measured.
    events
        With rough initial contacts (some 30 ms off; missing and false ones do no harm).
    progress
        Called with 0..1.

    Returns
    -------
    FootMotion
        Good contacts, and how many were refused and why. A film that is not taken from the side gives none.
    """
    if trajectories.view.kind != "sagittal":
        return FootMotion((), _count(_unseen(events)), NOISE_DEG)
    tell = progress or (lambda _: None)
    plans, refused = plan_stances(pose, trajectories, events)
    tracks: dict[Side, list[Tracked]] = {side: [] for side in SIDES}
    for crop in collect_crops(frames, pose, plans, lambda part: tell(0.95 * part)):
        track, guess = _track(crop)
        reason = "the foot was not seen during stance" if track is None else refuse_track(track, guess)
        if track is None or reason is not None:
            refused.append((crop.plan.side, reason or ""))
        else:
            tracks[crop.plan.side].append((track, guess))
    contacts: list[FootContact] = []
    strips: list[FootStrip] = []
    for side in SIDES:
        good, bad = _time_contacts(side, tracks[side])
        contacts += [contact for contact, _ in good]
        refused += bad
        strip = make_strip(frames, pose, good)
        strips += [] if strip is None else [strip]
    tell(1.0)
    contacts.sort(key=lambda contact: contact.contact_s)
    return FootMotion(tuple(contacts), _count(refused), noise_deg(contacts), tuple(strips))


def noise_deg(contacts: Sequence[FootContact]) -> float:
    """Standard error of one contact's pitch in a film, in deg: the worse the pictures fit the larger."""
    if not contacts:
        return NOISE_DEG
    missing = GOOD_QUALITY - float(np.median([contact.quality for contact in contacts]))
    return NOISE_BEST_DEG + NOISE_PER_QUALITY_DEG * max(0.0, missing)


def _unseen(events: GaitEvents) -> Refusals:
    """All contacts of a film that is not taken from the side."""
    out: Refusals = []
    for side in SIDES:
        out.extend(
            (side, "the film does not show the feet from the side") for _ in events.times_s(side, "initial_contact")
        )
    return out


def _track(crop: StanceCrops) -> tuple[FootTrack | None, float]:
    """Follow the foot; where the rough contact was far off, once more with a better flat reference."""
    track = track_stance(crop)
    guess = float("nan") if track is None else first_guess_s(track)
    if track is not None and np.isfinite(guess) and abs(guess - crop.plan.rough_s) > _RETRACK_S:
        again = track_stance(crop, guess)
        if again is not None:
            return again, first_guess_s(again)
    return track, guess


def _time_contacts(side: Side, tracks: Sequence[Tracked]) -> tuple[list[tuple[FootContact, FootTrack]], Refusals]:
    """Fit one foot's contacts together, leave out what does not fit, and fit again."""
    kept = list(tracks)
    refused: Refusals = []
    fitted: list[FittedContact] = []
    for _ in range(3):
        fitted = fold([track for track, _ in kept], [guess for _, guess in kept])
        reasons = [refuse_contact(track, fit) for (track, _), fit in zip(kept, fitted, strict=True)]
        reasons = _refuse_twice([track for track, _ in kept], fitted, reasons)
        refused.extend((side, reason) for reason in reasons if reason is not None)
        good = [index for index, reason in enumerate(reasons) if reason is None]
        clean = len(good) == len(kept)
        kept, fitted = [kept[index] for index in good], [fitted[index] for index in good]
        if clean or not kept:
            break
    reason = refuse_foot([track for track, _ in kept], fitted)
    if reason is not None:
        refused.extend((side, reason) for _ in kept)
        return [], refused
    return [(_contact(track, fit), track) for (track, _), fit in zip(kept, fitted, strict=True)], refused


def _refuse_twice(tracks: list[FootTrack], fitted: list[FittedContact], reasons: list[str | None]) -> list[str | None]:
    """Of two events that turn out to be one contact, keep the better."""
    out: list[str | None] = list(reasons)
    order = sorted(
        (i for i, reason in enumerate(reasons) if reason is None), key=lambda i: -grade(tracks[i], fitted[i])
    )
    taken: list[float] = []
    for index in order:
        if any(abs(fitted[index].contact_s - time) < _TWICE_S for time in taken):
            out[index] = "the same contact was named twice"
        else:
            taken.append(fitted[index].contact_s)
    return out


def _contact(track: FootTrack, fitted: FittedContact) -> FootContact:
    after = track.time_s - fitted.contact_s
    keep = np.isfinite(track.pitch_deg) & (after >= KEPT_S[0]) & (after <= KEPT_S[1])
    late = keep & (after >= -LATE_SWING_S) & (after < 0)
    nan = float("nan")
    can_time = abs(fitted.pitch_deg) >= MIN_LOWERING_DEG
    rate_hz = 1.0 / float(np.median(np.diff(track.time_s)))
    # A forefoot landing lets the heel down; that is no slap.
    has_speed = can_time and fitted.pitch_deg > 0 and rate_hz >= MIN_SPEED_RATE_HZ
    return FootContact(
        side=track.plan.side,
        contact_s=fitted.contact_s,
        time_s=track.time_s[keep],
        pitch_deg=track.pitch_deg[keep],
        contact_pitch_deg=fitted.pitch_deg,
        late_swing_pitch_deg=float(track.pitch_deg[late].mean()) if late.any() else nan,
        lowering_s=fitted.lowering_s if can_time else nan,
        contact_type=contact_type(fitted.pitch_deg),
        is_near=track.plan.is_near,
        quality=grade(track, fitted),
        lowering_error_s=float(np.hypot(FIT_ERROR * fitted.lowering_error_s, LOWERING_SHAPE_ERROR_S))
        if can_time
        else nan,
        lowering_speed_degps=fitted.speed_degps if has_speed else nan,
        lowering_speed_error_degps=(
            float(np.hypot(FIT_ERROR * fitted.speed_error_degps, SPEED_SHAPE_ERROR * fitted.speed_degps))
            if has_speed
            else nan
        ),
    )


def contact_type(pitch_deg: float) -> ContactType:
    """Which part of the foot lands first, by the foot's pitch at contact (deg, toes up +).

    Examples
    --------
    >>> contact_type(18.0), contact_type(5.0), contact_type(-8.0)
    ('heel', 'flat', 'forefoot')
    """
    if pitch_deg >= HEEL_DEG:
        return "heel"
    return "flat" if pitch_deg >= FOREFOOT_DEG else "forefoot"


def _count(refused: Refusals) -> tuple[tuple[Side, int, str], ...]:
    """Per side: how many, and the commonest reason."""
    out: list[tuple[Side, int, str]] = []
    for side in SIDES:
        reasons = [reason for of_side, reason in refused if of_side == side]
        if reasons:
            out.append((side, len(reasons), Counter(reasons).most_common(1)[0][0]))
    return tuple(out)
