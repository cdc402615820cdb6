"""What about a film limits the analysis, told so that the next film is better."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from gait.core.errors import NotEnoughDataError
from gait.core.issues import Issue, Severity
from gait.core.recording import Frame, Recording

#: Below this rate events are timed worse, in Hz. 24 fps films run at 23.976. (Our estimate; measured event errors are
#: alike from 15 Hz on, but foot motion in the 0.1 s after contact needs three frames.)
_LOW_RATE_HZ = 23.5

#: Below this rate a contact falls between frames, in Hz (our estimate).
_LOWEST_RATE_HZ = 14.5

#: Shorter films rarely hold two strides of each foot, in s (our estimate; a stride takes about 1.1 s).
_SHORT_S = 2.5

#: The walker is looked at this often, in Hz (our estimate: light and focus change slowly).
_LOOK_HZ = 5.0

#: A walker lower than this is small, in px: the foot is then under 30 px long (foot 0.152 of stature, Winter 2009,
#: Biomechanics and Motor Control of Human Movement, fig. 4.1; the limit is our estimate).
_SMALL_PX = 200.0

#: Median luma below which, and 95th percentile below which, a walker is dark, of 255 (our estimate).
_DARK_MEDIAN, _DARK_BRIGHT = 45.0, 90.0

#: Blur from which a walker is unsharp, 0 sharp to 1 blurred, at the working height below (our estimate: 34 sharp films
#: of walkers measured 0.43 to 0.51, the rendered ones softened by a Gaussian of 0.6 % of the height 0.65 to 0.70).
_BLURRED = 0.60

#: Walkers are compared at this height, in px: a large walker may be softer.
_WORKING_HEIGHT_PX = 240

#: Share of looks that must show a fault before it is reported, and the least number of looks (our estimate).
_SHARE, _MIN_LOOKS = 0.5, 3

Box = tuple[float, float, float, float]


def recording_issues(recording: Recording) -> tuple[Issue, ...]:
    """What the container alone tells.

    Parameters
    ----------
    recording
        The film.

    Returns
    -------
    tuple of Issue
        ``low_frame_rate``, ``variable_frame_rate``, ``truncated_film``, ``slow_motion``, ``very_short``.
    """
    found = [
        _low_frame_rate(recording),
        _variable_frame_rate(recording),
        _truncated(recording),
        _slow_motion(recording),
        _very_short(recording),
    ]
    return tuple(issue for issue in found if issue is not None)


def require_rate(recording: Recording) -> None:
    """Refuse a film with so few frames a second that a swing falls between them.

    Raises
    ------
    NotEnoughDataError
        Fewer than 15 frames per second.
    """
    if recording.fps < _LOWEST_RATE_HZ:
        raise NotEnoughDataError(
            f"The film has {recording.fps:.1f} frames per second; at least 24 are expected, and below "
            f"{_LOWEST_RATE_HZ:.0f} steps cannot be timed. Film at 30 frames per second or more; 60 is best.",
            "low_frame_rate",
        )


def _low_frame_rate(recording: Recording) -> Issue | None:
    if recording.fps >= _LOW_RATE_HZ:
        return None
    severity: Severity = "error" if recording.fps < _LOWEST_RATE_HZ else "warning"
    message = (
        f"The film has {recording.fps:.1f} frames per second; at least 24 are expected, so events are timed roughly."
    )
    return Issue("low_frame_rate", severity, message, "Film at 30 frames per second or more; 60 is best.")


def _variable_frame_rate(recording: Recording) -> Issue | None:
    if not recording.is_variable_rate:
        return None
    message = "The time between frames varies, as phones do to save light; the true time of every frame was used."
    return Issue("variable_frame_rate", "info", message)


def _truncated(recording: Recording) -> Issue | None:
    if recording.lost_frames <= 0:
        return None
    message = (
        f"The end of the film is missing: about {recording.lost_frames} frames "
        f"({recording.lost_frames / recording.fps:.1f} s) that its header promises are not there."
    )
    return Issue("truncated_film", "warning", message, "Copy the film from the phone again and compare the file sizes.")


def _slow_motion(recording: Recording) -> Issue | None:
    factor = recording.slow_motion_factor
    if abs(factor - 1.0) < 0.01:
        return None
    message = (
        f"Slow motion: the film plays {factor:.3g} times slower than life; all times were divided by that "
        f"({recording.fps:.0f} real frames per second)."
    )
    return Issue("slow_motion", "info", message)


def _very_short(recording: Recording) -> Issue | None:
    if recording.duration_s >= _SHORT_S:
        return None
    message = (
        f"The film lasts {recording.duration_s:.1f} s; at least {_SHORT_S} s are needed for two strides of each foot."
    )
    return Issue("very_short", "warning", message, "Film at least three strides of each foot, better two passes.")


@dataclass(frozen=True, slots=True)
class _Look:
    """The walker in one frame: height in px, luma (median, bright end), blur 0..1 (NaN where there is no detail)."""

    height_px: float
    median_luma: float
    bright_luma: float
    blur: float


class FilmMeter:
    """Measures light, sharpness and size of the walker while the frames pass by.

    Call :meth:`see` for every frame (it looks at five a second and costs nothing in between), then :meth:`issues`.
    """

    def __init__(self) -> None:
        self._looks: list[_Look] = []
        self._empty_luma: list[float] = []
        self._next_s = -np.inf

    def see(self, frame: Frame, walker_box_px: Box | None = None) -> None:
        """Take in one frame.

        Parameters
        ----------
        frame
            The frame.
        walker_box_px
            ``(left, top, right, bottom)`` of the walker in px; None while nobody is seen.
        """
        if frame.time_s < self._next_s:
            return
        if walker_box_px is None or not np.isfinite(walker_box_px).all():
            # Only the light matters here: whether it was too dark to see anybody.
            self._empty_luma.append(float(np.mean(frame.image[::16, ::16])))
            self._next_s = frame.time_s + 1.0 / _LOOK_HZ
            return
        crop = _crop(frame.image, walker_box_px)
        if min(crop.shape[:2]) < 16:
            return
        self._next_s = frame.time_s + 1.0 / _LOOK_HZ
        luma = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
        low, high = np.percentile(luma[::2, ::2], [50, 95])
        height_px = walker_box_px[3] - walker_box_px[1]
        self._looks.append(_Look(float(height_px), float(low), float(high), blur_of(_at_working_height(luma))))

    def issues(self) -> tuple[Issue, ...]:
        """``too_dark``, ``blurred`` and ``walker_too_small``, each where at least half of the looks show it."""
        found = [self._too_dark(), self._blurred(), self._too_small()]
        return tuple(issue for issue in found if issue is not None)

    def _too_dark(self) -> Issue | None:
        dark = [look.median_luma < _DARK_MEDIAN and look.bright_luma < _DARK_BRIGHT for look in self._looks]
        if not self._looks:
            # Nobody was seen at all; a black film says why.
            dark = [luma < _DARK_MEDIAN / 2 for luma in self._empty_luma]
        if not _mostly(dark):
            return None
        level = np.median([look.median_luma for look in self._looks] or self._empty_luma)
        message = (
            f"The film is too dark: brightness of the walker {level:.0f} of 255, at least {_DARK_MEDIAN:.0f} expected."
        )
        return Issue(
            "too_dark", "warning", message, "Switch on all lights or film by daylight, with the light behind you."
        )

    def _blurred(self) -> Issue | None:
        if not _mostly([look.blur > _BLURRED for look in self._looks if np.isfinite(look.blur)]):
            return None
        message = "The walker is blurred, by motion or focus; feet and their contacts are seen less exactly."
        advice = "Clean the lens, tap on the walker to focus, and give more light so that the exposure is short."
        return Issue("blurred", "warning", message, advice)

    def _too_small(self) -> Issue | None:
        heights = [look.height_px for look in self._looks]
        if not _mostly([height < _SMALL_PX for height in heights]):
            return None
        message = (
            f"The walker is {np.median(heights):.0f} px tall; at least {_SMALL_PX:.0f} px are expected, "
            "so feet are seen roughly."
        )
        return Issue("walker_too_small", "warning", message, "Film from nearer or at a higher resolution.")


def _mostly(faults: list[bool]) -> bool:
    return len(faults) >= _MIN_LOOKS and float(np.mean(faults)) >= _SHARE


def _crop(image: np.ndarray, box_px: Box) -> np.ndarray:
    height, width = image.shape[:2]
    left, right = (int(np.clip(value, 0, width)) for value in (box_px[0], box_px[2]))
    top, bottom = (int(np.clip(value, 0, height)) for value in (box_px[1], box_px[3]))
    return image[top:bottom, left:right]


def _at_working_height(luma: np.ndarray) -> np.ndarray:
    scale = _WORKING_HEIGHT_PX / luma.shape[0]
    if scale >= 1:
        return luma
    return cv2.resize(luma, (max(8, round(luma.shape[1] * scale)), _WORKING_HEIGHT_PX), interpolation=cv2.INTER_AREA)


def blur_of(luma: np.ndarray) -> float:
    """How blurred a grey picture is: 0 sharp, 1 blurred; NaN where it has no detail at all.

    The share of grey-level steps that survives another blur: a sharp picture loses most of them, a blurred one hardly
    any. The worse of the two directions counts, so motion blur along one is seen.

    Parameters
    ----------
    luma
        ``(height, width)`` uint8.

    References
    ----------
    Crete, Dolmiere, Ladret & Nicolas (2007), "The blur effect: perception and estimation with a new no-reference
    perceptual blur metric", Proc. SPIE 6492.
    """
    picture = luma.astype(np.float32)
    scores = []
    for axis, kernel in ((0, (1, 9)), (1, (9, 1))):
        steps = np.abs(np.diff(picture, axis=axis))
        softened = np.abs(np.diff(cv2.blur(picture, kernel), axis=axis))
        total = float(steps.sum())
        if total < 0.5 * steps.size:  # Under half a grey level a step there is only noise (our estimate).
            continue
        scores.append(1.0 - float(np.maximum(0.0, steps - softened).sum()) / total)
    return max(scores, default=float("nan"))
