"""Which clips of an examination show somebody else, or somebody in other clothes, or the same film twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gait.core.issues import Issue
from gait.identity.body import Build, likelihood_ratio
from gait.identity.clothes import Clothes, likeness
from gait.identity.evidence import Strength, load_strength


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of the person in one clip.

    Attributes
    ----------
    name
        The clip.
    build, clothes
        None where the clip does not show them.
    sha256
        Hash of the file; empty where unknown.
    """

    name: str
    build: Build | None = None
    clothes: Clothes | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two clips compared.

    Attributes
    ----------
    body, likeness
        Logarithm of the likelihood ratio of the builds; likeness of the clothes, 0..1; NaN where not compared.
    has_other_clothes
        Whether the clothes are not alike.
    probability_same
        That both clips show one person, given that the user says so.
    """

    body: float
    likeness: float
    has_other_clothes: bool
    probability_same: float


def compare(one: Look, other: Look, strength: Strength | None = None) -> Comparison:
    """How likely two clips show one person.

    Parameters
    ----------
    one, other
        Two clips, in any order.
    strength
        How strongly each sign speaks; None means ``data/identity.toml``.
    """
    strength = strength or load_strength()
    body = cloth = float("nan")
    log_odds = float(np.log(strength.prior.same / (1 - strength.prior.same)))
    if one.build is not None and other.build is not None:
        body = likelihood_ratio(one.build, other.build, strength.spreads)
        log_odds += body
    if one.clothes is not None and other.clothes is not None:
        cloth = likeness(one.clothes, other.clothes)
        log_odds += _clothes_ratio(cloth, strength)
    differs = bool(cloth < strength.clothes.same_from)
    # The logistic function, in a form that no odds overflow.
    return Comparison(body, cloth, differs, float(0.5 * (1.0 + np.tanh(0.5 * log_odds))))


def twice_given(looks: Sequence[Look]) -> dict[str, str]:
    """Clips whose file is that of an earlier one: name to the earlier clip's name."""
    first: dict[str, str] = {}
    out = {}
    for look in looks:
        if look.sha256 and first.setdefault(look.sha256, look.name) != look.name:
            out[look.name] = first[look.sha256]
    return out


def judge_identity(looks: Sequence[Look], *, is_sure: bool = False) -> tuple[Issue, ...]:
    """Issues about who and what the clips show.

    Every clip is compared with the one that agrees best with all others. A clip that shows another person more likely
    than not is ``other_person_suspected``; one whose clothes differ, on a body that may be the same, is
    ``other_clothes``. Both are errors, because findings of two people must never be put together, until somebody who
    knows says so: then they are warnings.

    Parameters
    ----------
    looks
        One for each clip.
    is_sure
        Whether the user has said that they know.
    """
    if len(looks) < 2:
        return ()
    pairs = {(a, b): compare(looks[a], looks[b]) for a in range(len(looks)) for b in range(len(looks)) if a < b}
    reference = max(range(len(looks)), key=lambda a: sum(p.probability_same for pair, p in pairs.items() if a in pair))
    issues = []
    for index, look in enumerate(looks):
        if index == reference:
            continue
        found = pairs[min(index, reference), max(index, reference)]
        issue = _issue(looks[reference].name, look.name, found, is_sure=is_sure)
        if issue is not None:
            issues.append(issue)
    return tuple(issues)


def _clothes_ratio(likeness: float, strength: Strength) -> float:
    """Logarithm of how much more likely this likeness is for one person than for two."""
    rates = strength.clothes
    alike = (1 - rates.changed) * rates.alike_when_same + rates.changed * rates.alike_when_other
    if likeness >= rates.same_from:
        return float(np.log(alike / rates.alike_when_other))
    return float(np.log((1 - alike) / (1 - rates.alike_when_other)))


def _issue(reference: str, name: str, found: Comparison, *, is_sure: bool) -> Issue | None:
    """What a comparison means; after somebody said that they know, a warning and no more."""
    told = ", ".join(_told(found))
    if found.probability_same < 0.5:
        kind = "other_person_suspected"
        message = f"{name} may show another person than {reference} ({told})."
        known = "Check the pictures of the walker in both reports."
    elif found.has_other_clothes:
        kind = "other_clothes"
        message = f"The person in {name} wears other clothes than the one in {reference} ({told})."
        known = "Shoes and clothes change the walk: film a whole examination in the same ones."
    else:
        return None
    if is_sure:
        return Issue(kind, "warning", f"{message} They are put together because that was asked for (--sure).", known)
    apart = "Findings of two people must not be put together; each clip's own report stands."
    return Issue(
        kind,
        "error",
        f"{message} {apart}",
        f"If it is the same person, say so with --sure; else analyse them apart. {known}",
    )


def _told(found: Comparison) -> list[str]:
    """What was compared, in words."""
    words = []
    if np.isfinite(found.body):
        words.append("the body's proportions differ" if found.body < 0 else "the body's proportions agree")
    if np.isfinite(found.likeness):
        words.append("the clothes differ" if found.has_other_clothes else "the clothes agree")
    return words
