"""The likelihood tables as arrays, with the doubt about our own figures drawn once.

A model is a table ``P(yes | cause)``: one row an item of evidence, one column a cause. Most figures are estimates, so
beside the table itself stand ``DRAWS`` varied copies of it: every figure moved on the logit scale by a normal amount
whose size is the doubt of its status tag. What comes out of the varied copies is the range of a probability. The draws
are the same for everybody, so nothing depends on chance or on the order of answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gait.causes.schema import Row, Rules, Tag

Array = npt.NDArray[np.float64]

DRAWS = 60
"""Varied copies of a table: enough that the ends of nine of ten move by about 0.02 only (tried with 60 and 1000)."""

SEED = 20261123
"""Any number; fixed, so that the same answers give the same ranges."""


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One table of likelihoods.

    Attributes
    ----------
    name
        ``foot_drop`` or ``general``.
    rows
        The items of evidence.
    causes
        The columns.
    p
        P(yes | cause), shape ``(1 + DRAWS, rows, causes)``; the first is the table itself.
    prior_doubt
        Factors on the priors, shape ``(1 + DRAWS, causes)``; the first row is 1.
    cluster
        Number of each row's dependence cluster.
    """

    name: str
    rows: tuple[Row, ...]
    causes: tuple[str, ...]
    p: Array
    prior_doubt: Array
    cluster: npt.NDArray[np.intp]

    def column(self, cause: str) -> int:
        """Number of a cause's column."""
        return self.causes.index(cause)


def build_model(name: str, rows: Sequence[Row], causes: Sequence[str], rules: Rules) -> Model:
    """The table of a model and its varied copies.

    Parameters
    ----------
    name, rows, causes
        Which model, its rows and its columns.
    rules
        Clamp of the figures and the doubt of each status tag (standard deviation on the logit scale).
    """
    table = np.array([[row.p_yes(cause) for cause in causes] for row in rows])
    table = np.clip(table, rules.probability_min, rules.probability_max)
    doubt = np.array([rules.doubt[row.status] for row in rows])[:, None]
    random = np.random.default_rng(SEED)
    moved = np.log(table / (1.0 - table)) + doubt * random.standard_normal((DRAWS, *table.shape))
    varied = np.clip(1.0 / (1.0 + np.exp(-moved)), rules.probability_min, rules.probability_max)
    factors = np.exp(rules.prior_doubt * random.standard_normal((DRAWS, len(causes))))
    names = sorted({row.cluster for row in rows})
    return Model(
        name,
        tuple(rows),
        tuple(causes),
        np.concatenate([table[None], varied]),
        np.concatenate([np.ones((1, len(causes))), factors]),
        np.array([names.index(row.cluster) for row in rows]),
    )


def varied_shares(number: int, status: Tag, rules: Rules) -> Array:
    """Factors that vary the share of one link within its doubt, shape ``(1 + DRAWS,)``; the first is 1.

    Parameters
    ----------
    number
        Number of the link, so that no two vary alike.
    status
        Its status tag.
    rules
        The doubt of each tag.
    """
    random = np.random.default_rng((SEED, number))
    return np.concatenate([[1.0], np.exp(rules.doubt[status] * random.standard_normal(DRAWS))])


def normalised(weight: Mapping[str, float]) -> dict[str, float]:
    """The weights divided by their sum."""
    total = sum(weight.values())
    return {key: value / total for key, value in weight.items()}
