"""Shapes of the data files of this stage. A file that does not fit is refused when it is loaded."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from gait.core.causes import CauseGroup, CauseLevel, Tier

Tag = Literal["V", "D", "K", "E"]
SideRule = Literal["same", "opposite", "own", "none"]
QuestionGroup = Literal[
    "urgent", "complaint", "pain", "course", "injury", "health", "strength", "feeling", "reflexes", "stretch", "joints",
    "foot", "circulation",
]  # fmt: skip
Probability = float
Names = Annotated[tuple[str, ...], Field(strict=False)]
Pair = Annotated[tuple[float, float], Field(strict=False)]
Band = Annotated[tuple[float, float, float], Field(strict=False)]


class Strict(BaseModel):
    """No unknown fields, no silent conversion, nothing changes afterwards."""

    # Checkers are built when first used: most shapes are only parts of others.
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False, defer_build=True)


class Source(Strict):
    """Where a figure comes from.

    Attributes
    ----------
    citation
        What to look up.
    about
        What it gives us, in a phrase.
    status
        ``V`` read at the source, ``K`` well known and not re-read, ``D`` derived, ``E`` our estimate.
    """

    citation: str = Field(min_length=3)
    about: str = Field(min_length=5)
    status: Tag


class Sourced(Strict):
    """A row with figures: its status tag, its sources, a remark."""

    status: Tag
    sources: tuple[str, ...] = Field(min_length=1, strict=False)
    note: str = ""


class Question(Strict):
    """One question or test, in the words of the patient and of the examiner.

    Attributes
    ----------
    group
        Where it stands in a form.
    region
        The place on the body map, without its side; empty where there is none.
    picture
        The drawing that shows the test; empty where there is none.
    """

    kind: Literal["history", "examination"]
    sided: bool
    patient: str = Field(min_length=8)
    examiner: str = Field(min_length=3)
    test: str = ""
    if_yes: str = Field(min_length=5)
    if_no: str = Field(min_length=5)
    voids: tuple[str, ...] = Field(default=(), strict=False)
    implied_by: tuple[str, ...] = Field(default=(), strict=False)
    group: QuestionGroup
    region: str = ""
    picture: str = ""


class FilmGuide(Strict):
    """The clip that shows a finding: what to do, from where, in plain words."""

    task: str = Field(min_length=3)
    view: Literal["sagittal", "frontal"]
    text: str = Field(min_length=10)


class FindingItem(Sourced):
    """One gait finding as evidence.

    Attributes
    ----------
    sensitivity, specificity
        Of the film's detector: our estimate, joined with the counts of the detection study when the knowledge is read.
    """

    film: FilmGuide | None = None

    side_rule: SideRule
    sensitivity: Probability = Field(gt=0.0, lt=1.0)
    specificity: Probability = Field(gt=0.0, lt=1.0)
    starts: Literal["foot_drop", "drop_sign", "walking", "nonspecific"]
    votes: bool
    if_yes: str = Field(min_length=5)
    if_no: str = Field(min_length=5)


class Row(Sourced):
    """One item of evidence: P(yes | cause).

    Attributes
    ----------
    row
        Name of the row; the first item where not given.
    items
        Answer, finding or derived ids. Any yes is a yes; a no counts in the share of items that were answered no.
    default, p
        P(yes) for causes that are not named, and for those that are.
    lr_min, lr_max
        Caps of this row alone, tighter than the general ones.
    """

    row: str = ""
    items: tuple[str, ...] = Field(min_length=1, strict=False)
    cluster: str
    default: Probability = Field(ge=0.0, le=1.0)
    p: dict[str, Probability]
    lr_min: float | None = Field(default=None, gt=0.0)
    lr_max: float | None = Field(default=None, gt=0.0)
    side_rule: SideRule | None = None

    @property
    def name(self) -> str:
        """The row's name in messages."""
        return self.row or self.items[0]

    def p_yes(self, cause: str) -> float:
        """P(yes | cause)."""
        return self.p.get(cause, self.default)


class Priors(Strict):
    """How often a cause is the principal one, by complaint module.

    Attributes
    ----------
    back
        Back pain alone, without pain in leg or foot; as ``back_leg`` where not given.
    film
        Where nobody complained and a film showed something; the mean of the pain and walking modules where not given.
    """

    foot_drop: Probability = Field(ge=0.0, le=1.0)
    foot_pain: Probability = Field(ge=0.0, le=1.0)
    back_leg: Probability = Field(ge=0.0, le=1.0)
    walking: Probability = Field(ge=0.0, le=1.0)
    back: Probability | None = Field(default=None, ge=0.0, le=1.0)
    film: Probability | None = Field(default=None, ge=0.0, le=1.0)

    def of(self, module: str) -> float:
        """The prior of one module."""
        if module == "back" and self.back is None:
            return self.back_leg
        if module == "film" and self.film is None:
            return (self.foot_pain + self.back_leg + self.walking) / 3.0
        return float(getattr(self, module))


class AgeFactor(Sourced):
    """Factors on the prior: ``(from_years, below_years, factor)``."""

    bands: tuple[Band, ...] = Field(min_length=1, strict=False)


class SexFactor(Sourced):
    """Factors on the prior."""

    female: float = Field(gt=0.0)
    male: float = Field(gt=0.0)


class Condition(Strict):
    """One cause: what it is, what it does to the walk, how common it is.

    Attributes
    ----------
    gait, mechanism
        What is seen, and how the cause makes it, in two or three sentences.
    shows
        The findings it typically shows, by their side relative to the cause's.
    over_time
        What it does to back or foot in the long run, or empty.
    pitfall
        What is easily taken for it, or what it is easily taken for.
    mechanism_status, mechanism_sources
        Of mechanism and shows.
    """

    label: str = Field(min_length=3)
    group: CauseGroup
    level: CauseLevel
    sided: bool
    dangerous: bool
    gait: str = Field(min_length=5)
    mechanism: str = Field(min_length=40)
    shows: dict[SideRule, Names]
    over_time: str
    pitfall: str = Field(min_length=10)
    mechanism_status: Tag
    mechanism_sources: tuple[str, ...] = Field(min_length=1, strict=False)
    examine: str = Field(min_length=5)
    priors: Priors
    prior_status: Tag
    sources: tuple[str, ...] = Field(min_length=1, strict=False)
    age: AgeFactor | None = None
    sex: SexFactor | None = None
    side_from: tuple[str, ...] = Field(default=(), strict=False)


class Link(Sourced):
    """Share of one cause (hypothesis of a model) that comes with another one (the linked level).

    Attributes
    ----------
    share
        The share.
    when, share_otherwise
        Where the share holds only under a condition: the expression, and the share as long as it is not known to hold.
    """

    module: Literal["foot_drop", "general"]
    hypothesis: str
    linked: str
    share: Probability = Field(gt=0.0, le=1.0)
    when: str = ""
    share_otherwise: Probability | None = Field(default=None, gt=0.0, le=1.0)


class LinkEvidence(Sourced):
    """P(yes | linked cause), to tell linked causes apart."""

    item: str
    default: Probability = Field(gt=0.0, lt=1.0)
    p: dict[str, Probability]


class Coexistence(Sourced):
    """Two troubles that often come together."""

    pair: tuple[str, str] = Field(strict=False)
    factor: float = Field(gt=0.0)


class Pattern(Sourced):
    """A combination of signs that stands for one cause."""

    cause: str
    when: str
    lr: float = Field(gt=1.0)


class FlagRule(Sourced):
    """One rule for hurry.

    Attributes
    ----------
    is_outside
        Whether it stands for a trouble that is not among the causes that are weighed.
    """

    rf: str
    is_outside: bool = False
    label: str
    tier: Tier
    trigger: str
    action: str = Field(min_length=10)


class Setting(Sourced):
    """Where people are seen: factors on the priors of causes that are commoner or rarer there.

    Attributes
    ----------
    factors
        By cause; 1 for those that are not named.
    derived
        The causes whose factor is arithmetic from a published series; all others are our estimates.
    """

    label: str = Field(min_length=3)
    factors: dict[str, float]
    derived: Names = ()


class Rules(Sourced):
    """Numbers of the reasoning itself.

    Attributes
    ----------
    doubt
        Doubt of a likelihood by status tag: standard deviation on the logit scale.
    prior_doubt
        Doubt of a prior: standard deviation of its natural logarithm.
    inseparable_ratio, inseparable_share
        A rival cannot be separated from the leading cause if it is less than this ratio behind, or leads in this share
        of the varied tables.
    risk_clusters
        Clusters of risks (what can bring a trouble about), which are no signs of it: a risk alone calls up no second
        trouble.
    unexplained
        Factor on the prior of causes that explain nothing of a film without a complaint.
    estimate_films
        How many films our estimate of a detector's sensitivity or specificity is worth.
    made_films_at_most
        How many films the made walkers of the detection study are worth at most: they are not patients.
    range_shown
        The two quantiles of the varied tables that are shown as range.
    """

    rho: float = Field(ge=0.0)
    doubt: dict[Tag, float]
    prior_doubt: float = Field(ge=0.0)
    range_shown: Pair
    estimate_films: float = Field(gt=0.0)
    made_films_at_most: float = Field(gt=0.0)
    probability_min: Probability
    probability_max: Probability
    finding_lr: Pair
    exam_lr: Pair
    history_lr: Pair
    cluster_lr: Pair
    cap: Probability
    cap_without_examination: Probability
    second_cause: Probability
    unexplained: Probability
    coexistence_lr: float
    inseparable_ratio: float = Field(gt=1.0)
    inseparable_share: float = Field(gt=0.0, le=0.5)
    risk_clusters: tuple[str, ...] = Field(strict=False)


class WordingBand(Strict):
    """Words for probabilities from here up."""

    from_: float = Field(alias="from")
    text: str


class ConditionsFile(Strict):
    """``conditions.toml``."""

    causes: dict[str, Condition]
    links: tuple[Link, ...] = Field(strict=False)
    link_evidence: tuple[LinkEvidence, ...] = Field(strict=False)
    coexistence: tuple[Coexistence, ...] = Field(strict=False)
    patterns: tuple[Pattern, ...] = Field(strict=False)


class ClustersFile(Strict):
    """``clusters.toml``."""

    rules: Rules
    wording: tuple[WordingBand, ...] = Field(strict=False)
    clusters: dict[str, dict[str, str]]


class GeneralFile(Strict):
    """``likelihoods_general.toml``."""

    sets: dict[str, Names]
    rows: tuple[Row, ...] = Field(strict=False)
