"""Drawings for the questions: how a test is done, and where a place is on the body."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Literal, get_args

from gait.core.errors import InputError

BODY_MAP = "body_map"

Tone = Literal["pain", "numb", "injury", "asked"]
"""What a marked place means: pain, numbness, an injury, or the place that a question is about."""

_SIDES = ("left", "right")
_OUTLINES: Mapping[Tone, str] = MappingProxyType({
    "pain": "#8a2f00",
    "numb": "#003f66",
    "injury": "#22313f",
    "asked": "#22313f",
})  # fmt: skip
"""Dark outline of a marked place; with the pattern of the tone it shows without colour too."""

_PLACE = re.compile(r'<g id="([a-z_]+)-(left|right)" aria-label="([^"]+)"><title>[^<]*</title>')


def picture_ids() -> tuple[str, ...]:
    """Ids of all drawings, the body map among them, in alphabetical order."""
    return tuple(sorted(entry.name[:-4] for entry in _folder().iterdir() if entry.name.endswith(".svg")))


@lru_cache(maxsize=64)
def picture(name: str) -> str:
    """One drawing as SVG text, ready to be put into a page.

    Parameters
    ----------
    name
        Id of the drawing: the name of its file without the ending.

    Raises
    ------
    InputError
        There is no such drawing.
    """
    known = picture_ids()
    if name not in known:
        raise InputError(f"There is no picture {name!r}. Choose one of: {', '.join(known)}.")
    return (_folder() / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def body_regions() -> Mapping[str, str]:
    """Places of the body map.

    Returns
    -------
    mapping
        Region, without its side (``groin``) -> its name in plain words (``groin``, ``top of the foot``). The map has
        each of them twice, with the ids ``groin-left`` and ``groin-right``; sides are those of the person.
    """
    names = {region: label.rpartition(",")[0] for region, _, label in _PLACE.findall(picture(BODY_MAP))}
    return MappingProxyType({region: label[0].lower() + label[1:] for region, label in names.items()})


def body_map(marked: Mapping[str, Tone]) -> str:
    """The body map with places highlighted.

    Parameters
    ----------
    marked
        Place (``groin-left``; ``groin`` marks both sides) -> what it means. The more exact of the two is taken where
        both are given.

    Returns
    -------
    str
        SVG text. Marked places have a pattern and a thick outline, so that they show without colour, their spoken
        names end in what they mean (``Groin, left: pain``), and a key at the bottom explains the patterns.

    Raises
    ------
    InputError
        The map has no such place, or there is no such tone.
    """
    tones = _by_place(marked)

    def drawn(found: re.Match[str]) -> str:
        place = f"{found[1]}-{found[2]}"
        if place not in tones:
            return found[0]
        tone = tones[place]
        label = f"{found[3]}: {'the place meant' if tone == 'asked' else tone}"
        look = f'fill="url(#body-map-{tone})" stroke="{_OUTLINES[tone]}" stroke-width="2.4"'
        return f'<g id="{place}" aria-label="{label}" {look}><title>{label}</title>'

    text = _PLACE.sub(drawn, picture(BODY_MAP))
    for tone in set(tones.values()):
        text = text.replace(f'<g id="key-{tone}" display="none">', f'<g id="key-{tone}">')
    return text


def _by_place(marked: Mapping[str, Tone]) -> dict[str, Tone]:
    """Tone of each place with its side."""
    regions = body_regions()
    places = {f"{region}-{side}" for region in regions for side in _SIDES}
    for key, tone in marked.items():
        if key not in regions and key not in places:
            raise InputError(
                f"The body map has no place {key!r}. Choose one of: {', '.join(regions)}; with -left, -right."
            )
        if tone not in get_args(Tone):
            raise InputError(f"{key} is marked {tone!r}. Choose one of: {', '.join(get_args(Tone))}.")
    both: dict[str, Tone] = {f"{key}-{side}": tone for key, tone in marked.items() if key in regions for side in _SIDES}
    return {**both, **{key: tone for key, tone in marked.items() if key in places}}


def _folder() -> Traversable:
    return resources.files("gait.causes") / "data" / "pictures"
