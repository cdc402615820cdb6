"""The observer's sheet, read from ``data/visual.toml``; the head of that file explains each field."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from gait.core.errors import SchemaError

Plane = Literal["sagittal", "frontal"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FromCurve(_Strict):
    """An extreme of a joint curve in a part of the gait cycle."""

    joint: str
    pick: Literal["lowest", "highest"]
    window_pct: tuple[float, float]
    error_of: str


class Item(_Strict):
    """One line of the sheet."""

    number: int
    id: str
    label: str
    part: str
    plane: Plane
    parameter: str = ""
    curve: FromCurve | None = None
    shift: float = 0.0
    why_shift: str = ""
    edges: tuple[float, ...] = ()
    points: tuple[int, ...] = ()
    scale: str = ""
    source: str = ""
    shares: str = ""
    foot: bool = False
    angle: bool = False
    never: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Item:
        if self.never:
            return self
        if bool(self.parameter) == (self.curve is not None):
            raise ValueError(f"{self.id}: either a parameter or a curve is scored")
        if len(self.points) != len(self.edges) + 1 or list(self.edges) != sorted(self.edges):
            raise ValueError(f"{self.id}: rising edges and one more points than edges are needed")
        if not (self.scale and self.source and self.shares):
            raise ValueError(f"{self.id}: scale, source and shares are needed")
        if bool(self.shift) != bool(self.why_shift):
            raise ValueError(f"{self.id}: a shift needs its reason")
        return self


class Sheet(_Strict):
    """All lines; ``of`` is their number on the original sheet."""

    schema_version: str
    of: int
    item: tuple[Item, ...]

    @model_validator(mode="after")
    def _is_complete(self) -> Sheet:
        if [item.number for item in self.item] != list(range(1, self.of + 1)):
            raise ValueError(f"items 1 to {self.of} are needed, in order")
        return self


@lru_cache(maxsize=1)
def load_sheet() -> Sheet:
    """The sheet.

    Raises
    ------
    SchemaError
        The file does not follow the rules of its fields; the message names the place.
    """
    text = files("gait.scores").joinpath("data/visual.toml").read_text(encoding="utf-8")
    try:
        return Sheet.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise SchemaError(f"scores/data/visual.toml: {error}") from error
