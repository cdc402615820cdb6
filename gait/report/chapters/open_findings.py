"""Patterns that could not be judged, grouped by what would let the next film judge them.

The stages say why in sentences; here those sentences are told apart by how they begin, so that eighty of them become a
few groups. A test holds these beginnings against every sentence that the rules can say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from gait.core.findings import Finding, Findings
from gait.findings.catalogue import load_rules
from gait.report.wording import Wording

#: Kinds of reasons with what their sentences begin with or hold, the most telling first: in the order of the report.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("close", r"^The measures lie beyond|^Only \d+ of \d+ strides show"),
        ("front", r"It needs a film from the front"),
        ("side", r"It needs a film from the side"),
        ("oblique", r"It needs another view"),
        ("task", r"^This clip shows .*\(--task \w+\)"),
        ("walk", r"^This clip shows .*usual walking"),
        ("strides", r"^Only \d+ (good strides|repetitions)"),
        ("unsure", r"^The measures are too uncertain"),
        ("rate", r"^The film has \d+ pictures a second"),
        ("clock", r"^The film may be slow motion"),
        ("lite", r"^The lite pose model"),
        ("scale", r"^No length is known"),
        ("norm", r"^No norm fits"),
        ("hidden", r"^The film does not show"),
        ("depends", r"^It needs .* which cannot be judged|^Parts of it cannot be judged|^It is told by comparing"),
        ("child", r"younger than 18 years"),
    )
)

_WAITS = re.compile(r"^It needs .*?, which cannot be judged: ")
_TASK = re.compile(r"\(--task (?P<task>\w+)\)")

#: Kinds that another clip would settle.
_CLIPS = ("front", "side", "walk", "strides", "rate")

_ORDER = (*(kind for kind, _ in _KINDS), "never", "other")


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Findings that share why they could not be judged.

    Attributes
    ----------
    kind
        One of the kinds above, ``never`` (no film shows it) or ``other``.
    findings
        In catalogue order.
    """

    kind: str
    findings: tuple[Finding, ...]

    @property
    def patterns(self) -> int:
        """How many patterns: one on both sides counts once."""
        return len({finding.id for finding in self.findings})


def open_groups(findings: Findings) -> tuple[OpenGroup, ...]:
    """All groups, the most telling first."""
    gathered: dict[str, list[Finding]] = {}
    for finding in findings.with_status("not_assessable"):
        gathered.setdefault(kind_of(finding), []).append(finding)
    return tuple(OpenGroup(kind, tuple(gathered[kind])) for kind in _ORDER if kind in gathered)


def next_clip(groups: Sequence[OpenGroup], wording: Wording) -> str:
    """The clip that would settle most of what is open, in a sentence; empty when no clip would."""
    settled: dict[str, set[str]] = {}
    for group in groups:
        for finding in group.findings:
            clip = f"tasks.{task_of(finding)}" if group.kind == "task" else f"clips.{group.kind}"
            if group.kind in (*_CLIPS, "task"):
                settled.setdefault(clip, set()).add(finding.id)
    if not settled:
        return ""
    best = max(settled, key=lambda clip: len(settled[clip]))
    count = len(settled[best])
    return wording.say("open.next_one" if count == 1 else "open.next", clip=wording.say(f"open.{best}"), count=count)


def heading(group: OpenGroup, wording: Wording) -> str:
    """The group's heading."""
    return wording.say(f"open.heads.{group.kind}")


def advice(group: OpenGroup, wording: Wording) -> str:
    """How to film it; empty where each pattern has its own reason."""
    return "" if group.kind in ("never", "other") else wording.say(f"open.how.{group.kind}")


def kind_of(finding: Finding) -> str:
    """Which group a finding belongs to; one that waits for another finding belongs where that one does."""
    reasons = [_WAITS.sub("", finding.reason), finding.reason]
    for reason in dict.fromkeys(reasons):
        for kind, pattern in _KINDS:
            if pattern.search(reason):
                return kind
    never = {rule.id for rule in load_rules().finding if rule.never}
    return "never" if finding.id in never else "other"


def task_of(finding: Finding) -> str:
    """The task that its reason asks for; empty when it asks for none."""
    found = _TASK.search(finding.reason)
    return found.group("task") if found else ""
