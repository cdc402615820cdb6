"""From measures to findings: present, absent, or not assessable with the reason."""

from __future__ import annotations

from dataclasses import replace

from scipy.stats import norm as normal

from gait.core.findings import Evidence, Finding, Findings, Grade
from gait.core.parameters import GaitParameters
from gait.core.sides import SIDES, Side
from gait.core.trajectories import ViewKind
from gait.findings.catalogue import Criterion, Grading, Rule, Way, load_rules
from gait.findings.criteria import Verdict, judge
from gait.findings.norms import Norms

#: No finding is called surer than this without a person having looked (our estimate).
MOST_CONFIDENT = 0.97

_FILM_FROM_SIDE = "It needs a film from the side, the camera square to the walkway."


def find_deviations(
    parameters: GaitParameters, norms: Norms, view: ViewKind, is_lite: bool = False, is_clock_doubtful: bool = False
) -> Findings:
    """Judge every finding of the catalogue on every side.

    Parameters
    ----------
    parameters
        Measures with their norms.
    norms
        The norms met.
    view
        From where the walker was filmed.
    is_lite
        Whether the lite pose model was used, which draws a normal foot where there is none.
    is_clock_doubtful
        Whether the film may play at another speed than life.
    """
    catalogue = load_rules()
    found: list[Finding] = []
    for rule in catalogue.finding:
        sides: tuple[Side | None, ...] = SIDES if rule.sided else (None,)
        obstacle = _obstacle(rule, norms, view, is_lite, is_clock_doubtful)
        for side in sides:
            judged = _not_assessable(rule, side, obstacle) if obstacle else _judge(rule, parameters, side)
            found.append(_unless_spoilt(rule, side, judged, found))
    for finding_id in (*catalogue.unjudged.sided, *catalogue.unjudged.unsided):
        sides = SIDES if finding_id in catalogue.unjudged.sided else (None,)
        label = finding_id.replace("_", " ").capitalize()
        found.extend(
            Finding(finding_id, side, "not_assessable", reason=catalogue.unjudged.reason, label=label) for side in sides
        )
    return Findings(tuple(found))


def _unless_spoilt(rule: Rule, side: Side | None, finding: Finding, known: list[Finding]) -> Finding:
    """The finding, unless the foot it was compared with has a fault that makes it no measure of the usual."""
    for other in known:
        is_other_foot = side is not None and other.side not in (None, side)
        if finding.status == "present" and other.status == "present" and is_other_foot and other.id in rule.spoilt_by:
            reason = f"It is told by comparing the feet, but the {other.side} foot shows {other.label.lower()}."
            return _not_assessable(rule, side, reason, finding.evidence)
    return finding


def _obstacle(rule: Rule, norms: Norms, view: ViewKind, is_lite: bool, is_clock_doubtful: bool) -> str:
    """Why a rule cannot be applied to this film at all; empty when it can."""
    if norms.is_child:
        return "The walker is younger than 18 years; these norms are for adults and no children's norms are built in."
    if view not in rule.views:
        return f"The film is {view}. {_FILM_FROM_SIDE}"
    if rule.feet and is_lite:
        return "The lite pose model draws normal feet where there are none; use the full or heavy model."
    if rule.timed and is_clock_doubtful:
        return "The film may be slow motion (see how good the film is), so seconds cannot be trusted."
    return ""


def _judge(rule: Rule, parameters: GaitParameters, side: Side | None) -> Finding:
    """Judge one finding on one side."""
    outcomes = [_try(rule, way, parameters, side) for way in rule.way]
    by_status = {
        status: [o for o in outcomes if o.status == status] for status in ("present", "absent", "not_assessable")
    }
    if by_status["present"]:
        best = max(by_status["present"], key=lambda outcome: outcome.confidence)
        return _present(rule, best, parameters, side)
    undecided = [outcome for outcome in by_status["not_assessable"] if outcome.evidence]
    if undecided:
        return undecided[0]
    return (by_status["absent"] or by_status["not_assessable"])[0]


def _try(rule: Rule, way: Way, parameters: GaitParameters, side: Side | None) -> Finding:
    """The outcome of one way, before grading."""
    verdicts = [(criterion, judge(criterion, parameters, side)) for criterion in way.criterion]
    missing = [criterion.parameter for criterion, verdict in verdicts if criterion.required and verdict is None]
    if missing:
        return _not_assessable(rule, side, _why_missing(missing[0]))
    required = [verdict for criterion, verdict in verdicts if criterion.required and verdict is not None]
    optional = [verdict for criterion, verdict in verdicts if not criterion.required and verdict is not None]
    evidence = tuple(verdict.evidence for verdict in (*required, *optional))
    if not all(verdict.is_met for verdict in required):
        return _absent(rule, side, required, evidence)
    supporting = [verdict for verdict in optional if verdict.is_met]
    if len(supporting) < way.needs:
        return _absent(rule, side, required, evidence, "One measure deviates, but none of its companions does.")
    if short := _too_few(rule, required):
        return _not_assessable(rule, side, short, evidence)
    if not all(verdict.is_sure for verdict in required):
        return _not_assessable(
            rule,
            side,
            "The measures lie beyond what is usual, but by less than they may be wrong. Film more strides, there and "
            "back, square to the walkway.",
            evidence,
        )
    confidence = _confidence(min(verdict.margin for verdict in required) + 0.5 * len(supporting))
    return Finding(rule.id, side, "present", "mild", confidence, evidence, label=rule.label, fakes=rule.fakes)


def _absent(
    rule: Rule, side: Side | None, required: list[Verdict], evidence: tuple[Evidence, ...], reason: str = ""
) -> Finding:
    """Absent, unless too few strides carry the verdict."""
    if short := _too_few(rule, required):
        return _not_assessable(rule, side, short, evidence)
    confidence = _confidence(-min(verdict.margin for verdict in required))
    return Finding(rule.id, side, "absent", None, confidence, evidence, reason, label=rule.label)


def _too_few(rule: Rule, required: list[Verdict]) -> str:
    """What to say when too few strides carry a verdict; empty when there are enough."""
    own = min(verdict.strides for verdict in required)
    other = min(verdict.other_strides for verdict in required)
    least_other = rule.min_strides if rule.min_strides_other is None else rule.min_strides_other
    if own >= rule.min_strides and other >= least_other:
        return ""
    found = f"Only {min(own, other)} good strides on one side; {rule.min_strides} are needed."
    return f"{found} Film more steps, there and back."


def _present(rule: Rule, outcome: Finding, parameters: GaitParameters, side: Side | None) -> Finding:
    """Add the grade and the sentence."""
    grade = _grade(rule.grade, parameters, side)
    shown = outcome.evidence[0]
    value = f"{shown.value:.2f} {shown.unit}" if abs(shown.value) < 10 else f"{shown.value:.0f} {shown.unit}"
    words = {"mild": "mildly", "moderate": "moderately", "severe": "severely"}[grade]
    sentence = rule.sentence.format(side=side or "", grade=words, value=value)
    return replace(outcome, severity=grade, wording=sentence)


def _grade(grading: Grading, parameters: GaitParameters, side: Side | None) -> Grade:
    """Mild, moderate or severe."""
    for grade, report in (("severe", grading.severe), ("moderate", grading.moderate)):
        criterion = Criterion(parameter=grading.parameter, test=grading.test, report=report)
        verdict = judge(criterion, parameters, side)
        if verdict is not None and verdict.is_met:
            return grade  # pyright: ignore[reportReturnType]
    return "mild"


def _not_assessable(rule: Rule, side: Side | None, reason: str, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return Finding(rule.id, side, "not_assessable", None, 0.0, evidence, reason, label=rule.label, fakes=rule.fakes)


def _why_missing(parameter_id: str) -> str:
    """What would make a missing measure measurable."""
    if parameter_id.endswith(("_m", "_mps")):
        return "No length is known: tell the walker's height (--height) or the treadmill's speed."
    if parameter_id == "contact_to_foot_flat_s":
        return (
            "How fast the foot comes down could not be read from the pixels of both feet. Film square from the side, "
            "at 60 pictures a second or more, both feet well lit and unhidden."
        )
    if parameter_id == "foot_slap_velocity_degps":
        return "The speed at which the foot comes down needs a film of at least 50 pictures a second."
    return f"No complete straight stride shows {parameter_id.rsplit('_', 1)[0].replace('_', ' ')}. Film more steps."


def _confidence(margin: float) -> float:
    """Chance that the status is right, from its margin in standard errors; never below an even bet."""
    return float(min(MOST_CONFIDENT, max(0.5, normal.cdf(margin))))
