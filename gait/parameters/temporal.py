"""Times of one stride. Bars are stance, dots are swing::

this foot    IC|==========================|TO...............|IC
other foot   ==|TO...............|IC=========================|
             <initial double>                <terminal double>
                   <--- single support --->
"""

from __future__ import annotations

from gait.parameters.stride import Stride


def stride_time_s(stride: Stride) -> float:
    """Contact to next contact of the same foot."""
    return stride.duration_s


def step_time_s(stride: Stride) -> float:
    """Other foot's contact to this foot's next contact: the step that this foot leads."""
    return stride.end_s - stride.other_contact_s


def stance_time_s(stride: Stride) -> float:
    """Contact to toe-off."""
    return stride.toe_off_s - stride.start_s


def swing_time_s(stride: Stride) -> float:
    """Toe-off to next contact."""
    return stride.end_s - stride.toe_off_s


def stance_pct(stride: Stride) -> float:
    """Stance as a share of the cycle."""
    return stride.toe_off_pct


def swing_pct(stride: Stride) -> float:
    """Swing as a share of the cycle."""
    return 100.0 - stride.toe_off_pct


def single_support_pct(stride: Stride) -> float:
    """The other foot's swing, as a share of this cycle."""
    return 100.0 * (stride.other_contact_s - stride.other_toe_off_s) / stride.duration_s


def double_support_pct(stride: Stride) -> float:
    """Both double supports of the cycle."""
    return stance_pct(stride) - single_support_pct(stride)


def mean_double_support_pct(stride: Stride) -> float:
    """Both double supports of the cycle, for the walk as a whole."""
    return double_support_pct(stride)


def cadence_spm(stride: Stride) -> float:
    """Two steps a stride."""
    return 120.0 / stride.duration_s
