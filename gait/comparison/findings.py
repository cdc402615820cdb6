"""Which findings came, went or changed their strength, and whether a real change of a measure bears that out."""

from __future__ import annotations

from collections.abc import Sequence

from gait.comparison.model import Change, FindingChange, FindingChangeKind
from gait.core.findings import Finding, Findings, FindingSide

_GRADES: tuple[str | None, ...] = (None, "mild", "moderate", "severe")

Key = tuple[str, FindingSide | None]


def find_finding_changes(before: Findings, after: Findings, changes: Sequence[Change]) -> tuple[FindingChange, ...]:
    """Compare all findings that are present at one of two visits.

    Parameters
    ----------
    before, after
        The findings.
    changes
        The measures compared.
    """
    keys: dict[Key, None] = dict.fromkeys(
        (finding.id, finding.side) for visit in (after, before) for finding in visit.present()
    )
    return tuple(_finding_change(key, _at(before, key), _at(after, key), changes) for key in keys)


def _at(findings: Findings, key: Key) -> Finding | None:
    """The finding of this side; else the one without a side, as those that are absent on both may be told."""
    finding_id, side = key
    told = [finding for finding in findings.all if finding.id == finding_id]
    own = next((finding for finding in told if finding.side == side), None)
    return own or next((finding for finding in told if finding.side is None and finding.status != "present"), None)


def _finding_change(
    key: Key, before: Finding | None, after: Finding | None, changes: Sequence[Change]
) -> FindingChange:
    return FindingChange(*key, _kind(before, after), before, after, _is_borne(before, after, changes))


def _kind(before: Finding | None, after: Finding | None) -> FindingChangeKind:
    then, now = (_status(finding) for finding in (before, after))
    if "not_assessable" in (then, now):
        return "newly_judged" if now == "present" else "no_longer_judged"
    if then != now:
        return "appeared" if now == "present" else "ceased"
    return _graded(before, after)


def _status(finding: Finding | None) -> str:
    return "not_assessable" if finding is None else finding.status


def _graded(before: Finding | None, after: Finding | None) -> FindingChangeKind:
    one, other = (_GRADES.index(finding.severity) if finding else 0 for finding in (before, after))
    if one == other:
        return "stays"
    return "graver" if other > one else "milder"


def _is_borne(before: Finding | None, after: Finding | None, changes: Sequence[Change]) -> bool | None:
    rests_on = {
        (item.parameter, item.side) for finding in (before, after) if finding is not None for item in finding.evidence
    }
    judged = [
        change.is_real for change in changes if (change.parameter, change.side) in rests_on and change.is_compared
    ]
    return any(judged) if judged else None
