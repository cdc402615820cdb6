"""From measures to findings: present, absent, or not assessable with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gait.core.findings import Evidence, Finding, Findings, Grade
from gait.core.parameters import GaitParameters
from gait.core.sides import SIDES, Side, other_side
from gait.findings.catalogue import Criterion, Grading, Rule, Way, Witness, load_rules
from gait.findings.conditions import Conditions
from gait.findings.confidence import Confidence, load_confidence
from gait.findings.criteria import Verdict, has_norm, judge, number
from gait.findings.norms import Norms

_ADVERBS = {"mild": "mildly", "moderate": "moderately", "severe": "severely"}
_GRADES: tuple[Grade, ...] = ("mild", "moderate", "severe")


def find_deviations(
    parameters: GaitParameters, norms: Norms, conditions: Conditions, confidence: Confidence | None = None
) -> Findings:
    """Judge every finding of the catalogue on every side.

    Parameters
    ----------
    parameters
        Measures with their norms.
    norms
        The norms met.
    conditions
        View, task and film.
    confidence
        How sure a verdict is by its margin; the delivered calibration when None.
    """
    found: list[Finding] = []
    sure = confidence or load_confidence()
    for rule in load_rules().finding:
        obstacle = conditions.obstacle(rule, norms.is_child) or conditions.leg_obstacle(rule)
        for side in sides_of(rule):
            if obstacle:
                found.append(_not_assessable(rule, side, obstacle))
            else:
                found.append(_Judge(rule, side, parameters, conditions.view, tuple(found), sure).finding())
    return Findings(tuple(found))


def find_patterns(known: Findings) -> Findings:
    """Judge again the findings that are made of other findings only, when those come from several clips.

    Parameters
    ----------
    known
        All findings of one person, one each.
    """
    nothing, out = GaitParameters.empty(), list(known.all)
    for rule in (rule for rule in load_rules().finding if rule.is_pattern):
        for side in sides_of(rule):
            place = next(i for i, finding in enumerate(out) if (finding.id, finding.side) == (rule.id, side))
            out[place] = _Judge(rule, side, nothing, None, tuple(out), load_confidence()).finding()
    return Findings(tuple(out))


def sides_of(rule: Rule) -> tuple[Side | None, ...]:
    """The sides that a rule is judged on."""
    return SIDES if rule.sided else (None,)


@dataclass(frozen=True, slots=True)
class _Judge:
    """One rule on one side of one film; ``view`` is None where clips of several views are taken together."""

    rule: Rule
    side: Side | None
    parameters: GaitParameters
    view: str | None
    known: tuple[Finding, ...]
    confidence: Confidence

    @property
    def ways(self) -> list[Way]:
        """Those that this view can show."""
        return [way for way in self.rule.way if self.view is None or not way.views or self.view in way.views]

    def finding(self) -> Finding:
        """The best outcome of all ways, unless the other foot spoils it."""
        outcomes = [self._try(way) for way in self.ways]
        present = [outcome for outcome in outcomes if outcome.status == "present"]
        if present:
            best = max(present, key=lambda outcome: outcome.confidence)
            return self._unless_spoilt(self._graded(best))
        undecided = [outcome for outcome in outcomes if outcome.status == "not_assessable" and outcome.evidence]
        absent = [outcome for outcome in outcomes if outcome.status == "absent"]
        return (undecided or absent or outcomes)[0]

    def _try(self, way: Way) -> Finding:
        """The outcome of one way, before grading."""
        rule, side = self.rule, self.side
        verdicts = [(criterion, judge(criterion, self.parameters, side)) for criterion in way.criterion]
        for criterion, verdict in verdicts:
            if criterion.required and verdict is None:
                return _not_assessable(rule, side, self._why_missing(criterion))
        required = [verdict for criterion, verdict in verdicts if criterion.required and verdict is not None]
        optional = [verdict for criterion, verdict in verdicts if not criterion.required and verdict is not None]
        evidence = tuple(verdict.evidence for verdict in (*required, *optional))
        called = [(witness, self._called(witness)) for witness in way.witness]
        silent = [found for witness, found in called if witness.required and found.status != "present"]
        supporting = sum(verdict.is_met for verdict in optional) + sum(
            found.status == "present" for witness, found in called if not witness.required
        )
        if silent and all(verdict.is_met for verdict in required):
            return self._without_witness(silent, required, evidence)
        if not all(verdict.is_met for verdict in required):
            return self._absent(way, required, evidence)
        if supporting < way.needs:
            return self._unsupported(way, required, evidence, [found for _, found in called])
        if doubt := self._doubt(required):
            return _not_assessable(rule, side, doubt, evidence)
        margin = min((verdict.margin for verdict in required), default=float("inf"))
        sure = self.confidence.present(margin + 0.5 * supporting)
        witnesses = [found.confidence for _, found in called if found.status == "present"]
        sure = min(sure, *witnesses) if witnesses else sure
        heard = tuple(part for _, found in called if found.status == "present" for part in found.evidence[:1])
        return Finding(rule.id, side, "present", "mild", sure, (*evidence, *heard), label=rule.label, fakes=rule.fakes)

    def _called(self, witness: Witness) -> Finding:
        """The finding that a witness names, on its side; the most present one where any side will do."""
        sides: tuple[Side | None, ...] = (None, *SIDES)
        if witness.limb != "any" and self.side is not None:
            sides = (self.side if witness.limb == "same" else other_side(self.side),)
        order = ("present", "not_assessable", "absent")
        named = [finding for finding in self.known if finding.id == witness.finding and finding.side in sides]
        return min(named, key=lambda finding: order.index(finding.status))

    def _without_witness(
        self, silent: list[Finding], required: list[Verdict], evidence: tuple[Evidence, ...]
    ) -> Finding:
        """A finding that needs another one is as open as that one."""
        absent = next((found for found in silent if found.status == "absent"), None)
        if absent is not None:
            reason = f"{absent.label} is absent, which it would need."
            sure = min(absent.confidence, self.confidence.absent(0.0)) if not required else absent.confidence
            return self._as_absent(sure, evidence, reason)
        first = silent[0]
        return _not_assessable(
            self.rule, self.side, f"It needs {first.label.lower()}, which cannot be judged: {first.reason}", evidence
        )

    def _absent(self, way: Way, required: list[Verdict], evidence: tuple[Evidence, ...]) -> Finding:
        """Absent, where enough strides say so and the film could have shown it."""
        if short := self._too_few(required):
            return _not_assessable(self.rule, self.side, short, evidence)
        unmet = [verdict for verdict in required if not verdict.is_met]
        if not any(self._could_show(way, required, verdict) for verdict in unmet):
            return _not_assessable(
                self.rule,
                self.side,
                f"The measures are too uncertain in this film to show even a moderate case. {self.rule.film_better}",
                evidence,
            )
        short_of = max((verdict.report - verdict.deviation) / max(verdict.error, 1e-9) for verdict in unmet)
        return self._as_absent(self.confidence.absent(short_of), evidence, "")

    def _could_show(self, way: Way, required: list[Verdict], verdict: Verdict) -> bool:
        """Whether the measure is surely usual, or a moderate case would have been beyond doubt by it."""
        if verdict.is_surely_usual:
            return True
        grade = self.rule.grade
        criterion = [part for part in way.criterion if part.required][required.index(verdict)]
        if grade is None or (grade.parameter, grade.test) != (criterion.parameter, criterion.test):
            return True
        return verdict.would_be_sure(-grade.moderate if grade.test == "below" else grade.moderate)

    def _unsupported(
        self, way: Way, required: list[Verdict], evidence: tuple[Evidence, ...], called: list[Finding]
    ) -> Finding:
        """Too few of the supporting measures or findings deviate."""
        open_ones = [found for found in called if found.status == "not_assessable"]
        known = sum(found.status == "present" for found in called)
        if not way.criterion and known + len(open_ones) >= way.needs and open_ones:
            names = ", ".join(found.label.lower() for found in open_ones)
            return _not_assessable(self.rule, self.side, f"Parts of it cannot be judged: {names}.", evidence)
        if required and (short := self._too_few(required)):
            return _not_assessable(self.rule, self.side, short, evidence)
        reason = "One measure deviates, but none of its companions does." if required else "Its parts are absent."
        sure = min((found.confidence for found in called if found.status == "absent"), default=0.5)
        return self._as_absent(sure if not required else self.confidence.absent(0.0), evidence, reason)

    def _as_absent(self, confidence: float, evidence: tuple[Evidence, ...], reason: str) -> Finding:
        rule = self.rule
        return Finding(rule.id, self.side, "absent", None, confidence, evidence, reason, label=rule.label)

    def _doubt(self, required: list[Verdict]) -> str:
        """Why a deviation that is there is not believed; empty when it is."""
        if short := self._too_few(required):
            return short
        if not all(verdict.is_sure for verdict in required):
            return "The measures lie beyond what is usual, but by less than they may be wrong. " + self.rule.film_better
        for verdict in required:
            if verdict.agreeing < self.rule.agreeing * verdict.counted:
                return (
                    f"Only {verdict.agreeing} of {verdict.counted} strides show it; at least "
                    f"{100 * self.rule.agreeing:.0f} % must. {self.rule.film_better}"
                )
        return ""

    def _too_few(self, required: list[Verdict]) -> str:
        """What to say when too few strides carry a verdict; empty when there are enough."""
        if not required:
            return ""
        own = min(verdict.strides for verdict in required)
        other = min(verdict.other_strides for verdict in required)
        least = self.rule.min_strides
        least_other = least if self.rule.min_strides_other is None else self.rule.min_strides_other
        if own >= least and other >= least_other:
            return ""
        what = "good strides" if self.rule.tasks == ("walk",) else "repetitions"
        if own < least:
            return f"Only {own} {what}; {least} are needed. {self.rule.film_better}"
        return f"Only {other} {what} on the other side; {least_other} are needed. {self.rule.film_better}"

    def _why_missing(self, criterion: Criterion) -> str:
        """What would make a missing measure measurable."""
        name = criterion.parameter
        if not has_norm(criterion, self.parameters, self.side):
            return "No norm fits this walk: its speed is not known. " + self.rule.film_better
        if name.endswith(("_m", "_mps")):
            return "No length is known: tell the walker's height (--height) or the treadmill's speed."
        plain = name.rsplit("_", 1)[0].replace("_", " ")
        return f"The film does not show {plain}. {self.rule.film_better}"

    def _graded(self, outcome: Finding) -> Finding:
        """Add the grade and the sentence."""
        grade = self._grade()
        shown = outcome.evidence[0] if outcome.evidence else None
        value = f"{number(shown.value)} {shown.unit}" if shown else ""
        sentence = self.rule.sentence.format(side=self.side or "", grade=_ADVERBS[grade], value=value)
        plain = self.rule.plain.format(side=self.side or "")
        return replace(outcome, severity=grade, wording=sentence, plain=plain)

    def _grade(self) -> Grade:
        """Mild, moderate or severe; of a pattern, the grade of its worst part."""
        if self.rule.grade is None:
            named = {witness.finding for way in self.ways for witness in way.witness}
            seen = [f.severity for f in self.known if f.id in named and f.side in (self.side, None)]
            worst: Grade = "mild"
            for grade in _GRADES:
                worst = grade if grade in seen else worst
            return worst
        return grade_of(self.rule.grade, self.parameters, self.side)

    def _unless_spoilt(self, finding: Finding) -> Finding:
        """The finding, unless the foot it was compared with has a fault that makes it no measure of the usual."""
        for other in self.known:
            is_other_foot = self.side is not None and other.side not in (None, self.side)
            if other.status == "present" and is_other_foot and other.id in self.rule.spoilt_by:
                reason = f"It is told by comparing the feet, but the {other.side} foot shows {other.label.lower()}."
                return _not_assessable(self.rule, self.side, reason, finding.evidence)
        return finding


def grade_of(grading: Grading, parameters: GaitParameters, side: Side | None) -> Grade:
    """Mild, moderate or severe, by the measure that grades."""
    steps: tuple[tuple[Grade, float], ...] = (("severe", grading.severe), ("moderate", grading.moderate))
    for grade, report in steps:
        criterion = Criterion(
            parameter=grading.parameter, test=grading.test, report=report, limb=grading.limb, percent=grading.percent
        )
        verdict = judge(criterion, parameters, side)
        if verdict is not None and verdict.is_met:
            return grade
    return "mild"


def _not_assessable(rule: Rule, side: Side | None, reason: str, evidence: tuple[Evidence, ...] = ()) -> Finding:
    return Finding(
        rule.id, side, "not_assessable", None, 0.0, evidence, reason.strip(), label=rule.label, fakes=rule.fakes
    )
