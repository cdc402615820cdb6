"""Summary scores: what they say, what they rest on, and what healthy people score."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.scores import ProfileScore, ScoreItem, Scores, Usual, VariableScore, VisualScore
from gait.core.sides import SIDES
from gait.plots.curves import NORM_CITATION
from gait.report.blocks import (
    Block,
    Cell,
    FigureItem,
    Figures,
    Heading,
    Paragraph,
    Points,
    RowGroup,
    Section,
    Table,
)
from gait.report.drawing import Drawings
from gait.report.export_scores import PROFILE_VARIABLES, VISUAL_ITEMS
from gait.report.wording import Wording


def scores_chapter(analysis: Analysis, drawings: Drawings, wording: Wording) -> Section | None:
    """Both summary scores; None where the film allows neither."""
    scores = analysis.scores
    if not scores.visual and not scores.variables:
        return None
    blocks: list[Block] = [Paragraph(wording.say("scores.lead"))]
    blocks += [Paragraph(note, "note") for note in scores.notes]
    if scores.visual:
        blocks += _visual(scores, wording)
    if scores.variables:
        blocks += _profile(scores, drawings, wording)
    return Section("scores", wording.say("scores.title"), tuple(blocks))


def visual_sentence(score: VisualScore, wording: Wording) -> str:
    """The visual score of one limb in a sentence: never without how much of the sheet was seen."""
    return wording.say(
        "scores.visual_side",
        side=wording.side(score.side),
        points=score.points,
        possible=score.possible,
        low=score.low,
        high=score.high,
        seen=len(score.seen),
        of=VISUAL_ITEMS,
    )


def profile_sentence(score: ProfileScore, wording: Wording) -> str:
    """The curve score of one side, or of both, with what healthy people have."""
    usual = score.usual
    words = "" if usual is None else wording.say("scores.profile_usual", **_ends(usual, wording))
    value = wording.quantity(score.value_deg, "deg")
    return wording.say("scores.profile_side", side=wording.side(score.side), value=value, usual=words)


def _visual(scores: Scores, wording: Wording) -> list[Block]:
    usual = scores.usual_visual
    sentences = [visual_sentence(score, wording) for score in scores.visual]
    # What healthy people score was measured on films from the side, with every item that those show.
    hidden = [item for score in scores.visual for item in score.items if item.obstacle in ("sagittal", "film")]
    if usual is not None and not hidden:
        sentences.append(
            wording.say(
                "scores.visual_usual",
                low=round(usual.low),
                high=round(usual.high),
                change=round(usual.change),
                legs=usual.legs,
            )
        )
    return [
        Heading(wording.say("scores.visual")),
        Points("", tuple(sentences)),
        _visual_table(scores, wording),
        *_unseen(scores, wording),
        Paragraph(wording.say("scores.visual_source"), "muted"),
    ]


def _visual_table(scores: Scores, wording: Wording) -> Table:
    """Items that were seen on at least one limb."""
    by_side = {score.side: score.items for score in scores.visual}
    rows: dict[str, list[tuple[Cell, ...]]] = {}
    for left, right in zip(by_side["left"], by_side["right"], strict=True):
        if left.points is None and right.points is None:
            continue
        shown = left if left.points is not None else right
        name = Cell(f"{shown.number}. {shown.label}", shown.scale)
        row = (name, _points_cell(left, wording), _points_cell(right, wording))
        rows.setdefault(shown.part, []).append(row)
    columns = (wording.say("scores.item"), wording.side("left"), wording.side("right"))
    groups = tuple(RowGroup(part, tuple(found)) for part, found in rows.items())
    return Table(wording.say("scores.visual_caption"), columns, groups, (wording.say("scores.visual_note"),))


def _points_cell(item: ScoreItem, wording: Wording) -> Cell:
    """The points, and in brackets those that the interval allows as well."""
    if item.points is None:
        return Cell("–")
    least, most = item.least or 0, item.most or 0
    others = "" if least == most else f" ({least} to {most})"
    text = f"{item.points}{others}"
    return Cell(text, wording.quantity(item.value, item.unit), "warning" if least >= 1 else "plain")


def _unseen(scores: Scores, wording: Wording) -> list[Block]:
    """Items without points, by what would show them."""
    items = {item.id: item for score in scores.visual for item in score.items if item.points is None}
    seen = {item.id for score in scores.visual for item in score.seen}
    blocks: list[Block] = []
    for obstacle in ("frontal", "sagittal", "film", "never"):
        found = [item for item in items.values() if item.obstacle == obstacle and item.id not in seen]
        if not found:
            continue
        has_reasons = obstacle in ("film", "never")
        texts = tuple(f"{item.label}: {item.reason}" if has_reasons else item.label for item in found)
        key = {"frontal": "front", "sagittal": "side"}.get(obstacle, obstacle)
        blocks.append(Points(wording.say(f"scores.items_{key}"), texts, is_inline=not has_reasons))
    return blocks


def _profile(scores: Scores, drawings: Drawings, wording: Wording) -> list[Block]:
    title = wording.say("scores.profile", joints=_joints(scores), of=PROFILE_VARIABLES)
    sentences = [profile_sentence(score, wording) for score in scores.profile]
    changes = [score.usual.change for score in scores.profile if score.usual is not None]
    if changes:
        sentences.append(wording.say("scores.profile_change", change=wording.quantity(max(changes), "deg")))
    blocks: list[Block] = [Heading(title)]
    if sentences:
        blocks.append(Points("", tuple(sentences)))
    if "profile" in drawings:
        values = "; ".join(_said(variable, wording) for variable in scores.variables)
        item = FigureItem("profile", drawings["profile"], wording.say("scores.profile_alt", values=values))
        blocks.append(Figures((item,), wording.say("scores.profile_caption")))
    blocks.append(_profile_table(scores, wording))
    blocks.append(Paragraph(wording.say("scores.profile_source", citation=NORM_CITATION), "muted"))
    return blocks


def _profile_table(scores: Scores, wording: Wording) -> Table:
    found = {(variable.joint, variable.side): variable for variable in scores.variables}
    rows = tuple(
        (
            Cell(wording.say(f"figures.joints.{joint}.title")),
            *(_variable_cell(found.get((joint, side)), wording) for side in SIDES),
        )
        for joint in dict.fromkeys(variable.joint for variable in scores.variables)
    )
    columns = (wording.say("scores.joint"), wording.side("left"), wording.side("right"))
    return Table(wording.say("scores.profile_table"), columns, (RowGroup(wording.say("scores.profile_group"), rows),))


def _variable_cell(variable: VariableScore | None, wording: Wording) -> Cell:
    if variable is None:
        return Cell("–")
    leg = wording.say("scores.near" if variable.is_near else "scores.far")
    notes = [wording.say("scores.strides", count=variable.strides, leg=leg)]
    notes.insert(0, _with_usual("shift", variable.shift_deg, variable.usual_shift, wording))
    is_beyond = variable.usual is not None and variable.shape_deg > variable.usual.high
    text = _with_usual("shape", variable.shape_deg, variable.usual, wording)
    return Cell(text + (" ▲" if is_beyond else ""), "; ".join(notes), "warning" if is_beyond else "plain")


def _with_usual(key: str, value: float, usual: Usual | None, wording: Wording) -> str:
    shown = wording.quantity(value, "deg")
    if key == "shift" and value > 0:
        shown = f"+{shown}"
    if usual is None:
        return shown
    return wording.say(f"scores.{key}", value=shown, **_ends(usual, wording))


def _ends(usual: Usual, wording: Wording) -> dict[str, str]:
    return {"low": wording.quantity(usual.low, "deg"), "high": wording.quantity(usual.high, "deg")}


def _said(variable: VariableScore, wording: Wording) -> str:
    return wording.say(
        "scores.profile_value",
        joint=wording.say(f"figures.joints.{variable.joint}.title"),
        side=wording.side(variable.side).lower(),
        value=wording.quantity(variable.shape_deg, "deg"),
    )


def _joints(scores: Scores) -> int:
    return len({variable.joint for variable in scores.variables})
