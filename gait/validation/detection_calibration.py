"""How sure a verdict may be called, counted on made walkers; writes ``gait/findings/data/confidence.csv``."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import isotonic_regression

from gait.core.errors import NotEnoughDataError, OutputError
from gait.findings.confidence import MOST_CONFIDENT, Confidence
from gait.validation.detection_tables import COUNTS_FROM
from gait.validation.rows import choose

#: Margins of the written table, in standard errors.
MARGINS = np.arange(0.0, 6.01, 0.5)
#: Films with a fault, as a share of all, that the calibration stands for (our choice: people who are filmed for their
#: walk; where faults are rarer, a finding of small margin is right less often).
FAULTY_SHARE = 0.5
#: Verdicts behind each figure at least, else its neighbours speak for it (our choice).
_LEAST = 20
#: Borders of the table of reliability.
_BORDERS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
_HEADER = (
    "# Chance that a verdict is right by its margin in standard errors, counted on made walkers with known faults:",
    "# python -m gait.validation.detection --calibrate. Stands for films of which {share:.0%} carry a fault; at most",
    "# {most} is ever said. {present} present and {absent} absent verdicts of the even-numbered walkers.",
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Verdicts whose truth is known, as arrays ``(n,)``.

    Attributes
    ----------
    margin
        Standard errors.
    is_right
        1 or 0.
    weight
        So that films with a fault make :data:`FAULTY_SHARE` of all.
    """

    margin: np.ndarray
    is_right: np.ndarray
    weight: np.ndarray


def counted(table: pd.DataFrame, status: str, *, even: bool) -> Counted:
    """Verdicts of one status whose truth is known.

    A finding called present is right when it was planted there, or is a natural companion of what was planted; called
    absent, it is wrong when it was planted there at a severity of 0.5 or more. Planted findings below that, and
    companions called absent, are neither.

    Parameters
    ----------
    table
        From :func:`gait.validation.detection_tables.verdicts`.
    status
        ``present`` or ``absent``.
    even
        Walkers of even numbers (for fitting), else the odd ones.
    """
    usable = choose(
        table,
        (table["number"] % 2 == (0 if even else 1))
        & table["arm"].isin(["planted", "short", "healthy", "healthy short", "slow"])
        & (table["status"] != "refused"),
    )
    films = usable.drop_duplicates("film")
    faulty = float(np.sum(films["planted"] != ""))
    healthy = len(films) - faulty
    is_planted, is_companion = usable["relation"] == "planted", usable["relation"] == "companion"
    is_weak = (usable["planted"] != "") & (usable["severity"] < COUNTS_FROM)
    is_open = (is_planted & is_weak) | (is_companion & (is_weak if status == "present" else True))
    part = choose(usable, (usable["status"] == status) & ~is_open & np.isfinite(usable["margin"]))
    right = part["relation"].isin(["planted", "companion"]) == (status == "present")
    share = np.where(part["planted"] != "", FAULTY_SHARE / max(faulty, 1.0), (1 - FAULTY_SHARE) / max(healthy, 1.0))
    return Counted(part["margin"].to_numpy(float), right.to_numpy(float), share * (faulty + healthy))


def curve(verdicts: Counted) -> np.ndarray:
    """Share of right verdicts at :data:`MARGINS`: counted near each margin, made monotone.

    Raises
    ------
    NotEnoughDataError
        There are too few verdicts.
    """
    if len(verdicts.margin) < _LEAST:
        raise NotEnoughDataError(
            f"{len(verdicts.margin)} verdicts are too few to calibrate on, expected {_LEAST}; study more walkers"
        )
    share, weight = np.zeros(len(MARGINS)), np.zeros(len(MARGINS))
    for i, margin in enumerate(MARGINS):
        near = np.abs(np.clip(verdicts.margin, MARGINS[0], MARGINS[-1]) - margin) <= 0.25
        total = float(verdicts.weight[near].sum())
        # Half a verdict of either kind besides (Jeffreys): nothing is certain because it was counted a few times.
        share[i] = (float((verdicts.weight * verdicts.is_right)[near].sum()) + 0.5) / (total + 1.0)
        weight[i] = total if near.sum() >= _LEAST else 0.01 * total + 1e-6
    return np.minimum(isotonic_regression(share, weights=weight, increasing=True).x, MOST_CONFIDENT)


def calibrate(table: pd.DataFrame) -> tuple[Confidence, pd.DataFrame]:
    """Fit the calibration on the even-numbered walkers.

    Returns
    -------
    confidence
        To judge with.
    rows
        ``margin, present, absent``, as ``confidence.csv`` has them.
    """
    present, absent = (curve(counted(table, status, even=True)) for status in ("present", "absent"))
    rows = pd.DataFrame({"margin": MARGINS, "present": present, "absent": absent}).round(3)
    return Confidence(MARGINS, present, absent), rows


def write_calibration(table: pd.DataFrame, file: Path) -> Path:
    """Fit, and write ``confidence.csv``.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    _, rows = calibrate(table)
    numbers = {status: len(counted(table, status, even=True).margin) for status in ("present", "absent")}
    head = "\n".join(_HEADER).format(share=FAULTY_SHARE, most=MOST_CONFIDENT, **numbers)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(f"{head}\n{rows.to_csv(index=False, float_format='%.3f')}", encoding="utf-8")
        return part.replace(file)
    except OSError as error:
        raise OutputError(f"cannot write {file}: {error.strerror}") from error


def reliability(table: pd.DataFrame, confidence: Confidence) -> pd.DataFrame:
    """Whether verdicts of a confidence of, say, 0.9 are right 9 times of 10, on the odd-numbered walkers.

    Returns
    -------
    pandas.DataFrame
        ``status, low, high`` (borders of the confidence), ``verdicts, confidence`` (mean), ``right`` (share), and in
        the rows without borders (NaN) all together with their ``brier`` score and that of always saying the mean share
        (``brier_constant``); shares are weighted as in the calibration.
    """
    rows = []
    for status in ("present", "absent"):
        held = counted(table, status, even=False)
        if not len(held.margin):
            continue
        say = confidence.present if status == "present" else confidence.absent
        sure = np.array([say(margin) for margin in held.margin])
        share = float(np.average(held.is_right, weights=held.weight))
        for low, high in pairwise(_BORDERS):
            inside = (sure > low) & (sure <= high)
            if inside.any():
                mean, right = (float(np.average(x[inside], weights=held.weight[inside])) for x in (sure, held.is_right))
                rows.append((status, low, high, int(inside.sum()), mean, right, np.nan, np.nan))
        brier = float(np.average((sure - held.is_right) ** 2, weights=held.weight))
        mean = float(np.average(sure, weights=held.weight))
        rows.append((status, np.nan, np.nan, len(sure), mean, share, brier, share * (1 - share)))
    columns = ["status", "low", "high", "verdicts", "confidence", "right", "brier", "brier_constant"]
    return pd.DataFrame(rows, columns=columns)
