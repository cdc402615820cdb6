"""All words of the report come out of one catalogue, so that a language is one file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from gait.core.errors import InputError
from gait.plots.words import JointWords, PlotWords

#: Decimals by unit: never more than the film can show (our estimate, from the 95 % intervals seen).
_DECIMALS: Mapping[str, int] = {
    "s": 2, "ms": 0, "m": 2, "cm": 0, "m/s": 2, "%": 1, "deg": 1, "°": 1, "deg/s": 0, "steps/min": 0, "leg lengths": 2,
    "repetitions": 0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wording:
    """The catalogue of one language.

    Attributes
    ----------
    language
        IETF tag.
    entries
        The catalogue as read from TOML: nested tables of strings.
    """

    language: str
    entries: Mapping[str, Any]

    def say(self, key: str, **values: object) -> str:
        """One text of the catalogue with its values filled in.

        Parameters
        ----------
        key
            Path with dots, for example ``"findings.none_seen"``.
        values
            What stands in the braces of the text. Values are text, never patterns.

        Raises
        ------
        KeyError
            The catalogue has no such text: a mistake of ours, found by the tests.
        """
        entry: Any = self.entries
        for part in key.split("."):
            entry = entry[part]
        return str(entry).format_map(values) if values else str(entry)

    def several(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        entry: Any = self.entries
        for part in key.split("."):
            entry = entry[part]
        return tuple(str(item) for item in entry)

    def label(self, family: str, name: str) -> str:
        """The name of a finding, parameter or answer; an id that the catalogue lacks is written out readably."""
        return str(self.entries["labels"][family][name]) if self.knows(family, name) else _readable(name)

    def knows(self, family: str, name: str) -> bool:
        """Whether the catalogue has a name for it."""
        return name in self.entries.get("labels", {}).get(family, {})

    def side(self, side: str | None) -> str:
        """The name of a side, with a capital; empty for None."""
        return self.say(f"sides.{side}") if side else ""

    def number(self, value: float, unit: str = "", decimals: int | None = None) -> str:
        """A number as people write it: fitting decimals, a true minus sign, a dash for what is not known."""
        if not np.isfinite(value):
            return "–"
        places = _DECIMALS.get(unit, 2) if decimals is None else decimals
        text = f"{value:.{places}f}"
        if float(text) == 0:
            text = text.lstrip("-")
        return text.replace("-", "−").replace(".", self.say("format.decimal"))

    def unit(self, unit: str) -> str:
        """A unit as people write it."""
        return str(self.entries["units"].get(unit, unit))

    def quantity(self, value: float, unit: str) -> str:
        """A number with its unit; degrees stand close to their number."""
        shown = self.unit(unit)
        gap = "" if shown in ("°", "") else " "
        return f"{self.number(value, unit)}{gap}{shown}"

    def probability(self, probability: float) -> str:
        """A probability in percent with at most two significant digits, never more certain than a film can be."""
        percent = 100.0 * probability
        if percent >= 99.5:
            return "> 99 %"
        if percent < 0.1:
            return f"< {self.number(0.1, decimals=1)} %"
        return f"{percent:.2g}".replace(".", self.say("format.decimal")) + " %"

    def plot_words(self) -> PlotWords:
        """The words on pictures."""
        entries = dict(self.entries["figures"])
        joints = {name: JointWords(**words) for name, words in entries.pop("joints").items()}
        known = {item.name for item in fields(PlotWords)}
        return PlotWords(joints=joints, **{name: text for name, text in entries.items() if name in known})


@lru_cache(maxsize=8)
def load_wording(language: str = "en") -> Wording:
    """Read the catalogue of a language.

    Raises
    ------
    InputError
        There is no catalogue of that language.
    """
    folder = files("gait.report").joinpath("data")
    known = sorted(
        item.name.removeprefix("wording_").removesuffix(".toml")
        for item in folder.iterdir()
        if item.name.startswith("wording_")
    )
    if language not in known:
        raise InputError(f"There is no report in the language {language!r}; choose one of {', '.join(known)}.")
    text = folder.joinpath(f"wording_{language}.toml").read_text(encoding="utf-8")
    return Wording(language, tomllib.loads(text))


def _readable(name: str) -> str:
    """``"step_time_asymmetry_pct"`` to ``"Step time asymmetry"``."""
    words = name.split("_")
    if len(words) > 1 and words[-1] in {"s", "m", "pct", "deg", "mps", "spm", "ll", "degps", "ms", "hz", "cm"}:
        words = words[:-1]
    return " ".join(words).capitalize()
