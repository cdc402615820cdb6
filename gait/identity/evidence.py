"""How strongly proportions and clothes speak, read from ``data/identity.toml``."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gait.core.errors import SchemaError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spread(_Strict):
    """Standard deviations of the logarithm of a ratio: between films of one person, and between people."""

    within: float = Field(gt=0)
    between: float = Field(gt=0)


class _Prior(_Strict):
    same: float = Field(gt=0, lt=1)


class _Body(_Strict):
    thigh_to_shank: Spread
    trunk_to_leg: Spread


class ClothesRates(_Strict):
    """From which likeness clothes count as the same, and how often that happens."""

    same_from: float = Field(gt=0, lt=1)
    alike_when_same: float = Field(gt=0, lt=1)
    alike_when_other: float = Field(gt=0, lt=1)
    changed: float = Field(gt=0, lt=1)


class Strength(_Strict):
    """The whole file."""

    prior: _Prior
    body: _Body
    clothes: ClothesRates

    @property
    def spreads(self) -> tuple[Spread, ...]:
        """Spread of each ratio of :data:`gait.identity.body.RATIOS`."""
        return (self.body.thigh_to_shank, self.body.trunk_to_leg)


@lru_cache(maxsize=1)
def load_strength() -> Strength:
    """All numbers.

    Raises
    ------
    SchemaError
        The file does not follow its own rules; the message names the place.
    """
    text = files("gait.identity").joinpath("data/identity.toml").read_text(encoding="utf-8")
    try:
        return Strength.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise SchemaError(f"identity.toml: {error}") from error
