"""Footfalls, joint curves, foot strips and stills."""

from __future__ import annotations

import numpy as np

from gait.core.analysis import Analysis
from gait.core.cycles import GaitCycles
from gait.core.feet import FootStrip
from gait.core.findings import FindingSide
from gait.core.sides import SIDES
from gait.plots.curves import NORM_CITATION, REPORT_JOINTS, mean_and_sd
from gait.report.blocks import Block, FigureItem, Figures, Paragraph, PictureItem, Pictures, Section
from gait.report.drawing import Drawings
from gait.report.wording import Wording


def footfalls_chapter(analysis: Analysis, drawings: Drawings, wording: Wording) -> Section:
    """The timeline of stance bars."""
    title = wording.say("footfalls.title")
    if "footfalls" not in drawings:
        return Section("footfalls", title, (Paragraph(wording.say("footfalls.none"), "note"),))
    counts = {side: len(analysis.events.times_s(side, "initial_contact")) for side in SIDES}
    seconds = wording.number(float(np.ptp(analysis.events.table["time_s"])), decimals=1)
    alt = wording.say("footfalls.alt", seconds=seconds, **counts)
    figure = FigureItem("footfalls", drawings["footfalls"], alt)
    return Section("footfalls", title, (Figures((figure,), wording.say("footfalls.caption")),))


def curves_chapter(analysis: Analysis, drawings: Drawings, wording: Wording) -> Section:
    """Joint curves, one figure a joint, so that they can stand side by side or below each other."""
    title = wording.say("curves.title")
    items = tuple(
        FigureItem(name, drawings[name], _curve_alt(analysis.cycles, joint, wording))
        for joint in REPORT_JOINTS
        if (name := f"curve_{joint}") in drawings
    )
    if not items:
        return Section("curves", title, (Paragraph(wording.say("curves.none"), "note"),))
    return Section("curves", title, (Figures(items, wording.say("curves.caption", citation=NORM_CITATION), columns=2),))


def feet_chapter(analysis: Analysis, drawings: Drawings, wording: Wording) -> Section | None:
    """The feet as they were measured, and how many contacts were good enough; None for films without pixels."""
    feet = analysis.feet
    if not feet.contacts and not feet.rejected:
        return None
    blocks: list[Block] = []
    if "feet" in drawings:
        seen = {strip.side: strip for strip in feet.strips}
        alt = " ".join(
            wording.say(
                "feet.alt",
                side=wording.side(side),
                pictures=len(strip.images),
                pitch=wording.number(_pitch_at_contact(strip), "deg"),
            )
            for side, strip in seen.items()
        )
        blocks.append(Figures((FigureItem("feet", drawings["feet"], alt),), wording.say("feet.caption")))
    for side in SIDES:
        good = feet.of(side)
        refused = [(count, reason) for of_side, count, reason in feet.rejected if of_side == side]
        text = wording.say("feet.measured", side=wording.side(side), good=len(good))
        text += "".join(" " + wording.say("feet.refused", count=count, reason=reason) for count, reason in refused)
        blocks.append(Paragraph(text, "plain" if good else "note"))
    return Section("feet", wording.say("feet.title"), tuple(blocks))


def _pitch_at_contact(strip: FootStrip) -> float:
    """Pitch of the picture nearest to the contact, in deg."""
    return float(strip.pitch_deg[int(np.argmin(np.abs(strip.time_s - strip.contact_s)))])


def stills_chapter(analysis: Analysis, wording: Wording) -> Section | None:
    """Stills at the events; None when there are none."""
    if not analysis.stills:
        return None
    items = []
    for number, still in enumerate(analysis.stills):
        values = {"label": still.label, "time": wording.number(still.time_s, "s")}
        side: FindingSide | None = next((known for known in SIDES if known == still.side), None)
        caption, alt = wording.say("stills.item", **values), wording.say("stills.alt", **values)
        items.append(PictureItem(f"still_{number}", still.jpeg, caption, alt, side))
    return Section("stills", wording.say("stills.title"), (Pictures(tuple(items), wording.say("stills.caption")),))


def _curve_alt(cycles: GaitCycles, joint: str, wording: Wording) -> str:
    """The range of each side's mean curve in words."""
    title = wording.say(f"figures.joints.{joint}.title")
    ranges = {}
    for side in SIDES:
        mean, _ = mean_and_sd(cycles.curve(side, joint))
        if np.isfinite(mean).any():
            ranges[side] = tuple(wording.number(edge, decimals=0) for edge in (np.nanmin(mean), np.nanmax(mean)))
    if len(ranges) == 2:
        left, right = ranges["left"], ranges["right"]
        values = {"left_low": left[0], "left_high": left[1], "right_low": right[0], "right_high": right[1]}
        return wording.say("curves.alt", joint=title, **values)
    for side, (low, high) in ranges.items():
        return wording.say("curves.alt_one", joint=title, side=wording.side(side).lower(), low=low, high=high)
    return wording.say("curves.alt_none", joint=title)
