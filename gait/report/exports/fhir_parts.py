"""Small parts of FHIR resources: codes, quantities, references; and our own code system as it is used."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

Resource = dict[str, Any]

#: Root of the ids inside a bundle: the same analysis gives the same ids.
_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, "urn:gait:fhir")


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Any]:
    """The tables of ``codes.toml``."""
    return tomllib.loads(files("gait.report.exports").joinpath("codes.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Maker:
    """Makes resources of one bundle and remembers which of our codes they use.

    Attributes
    ----------
    seed
        What tells this bundle from others.
    subject, device
        References that every resource carries.
    entries
        The bundle's entries so far.
    used
        Our codes that were used, with what they mean.
    """

    seed: str
    entries: list[Resource] = field(default_factory=list)
    used: dict[str, str] = field(default_factory=dict)
    subject: Resource = field(default_factory=dict)
    device: Resource = field(default_factory=dict)

    def add(self, resource: Resource, *names: str | None) -> Resource:
        """Add a resource; the reference to it. ``names`` tell it from others of its type."""
        key = "/".join([self.seed, resource["resourceType"], *(name or "" for name in names)])
        url = f"urn:uuid:{uuid.uuid5(_ROOT, key)}"
        self.entries.append({"fullUrl": url, "resource": resource})
        return {"reference": url}

    def local(self, code: str, text: str | None = None) -> Resource:
        """A concept of our own code system."""
        display = text or codes()["words"][code]
        self.used.setdefault(code, display)
        coding = {"system": codes()["local"]["system"], "code": code, "display": self.used[code]}
        concept = {"coding": [coding], "text": display}
        seen = codes()["snomed"].get(code)
        if seen is not None:
            outside = {"system": codes()["systems"]["snomed"], "code": seen["code"], "display": seen["display"]}
            concept["coding"] = [outside, coding]
        return concept

    def observation(self, code: Resource, **content: Any) -> Resource:
        """An observation of this film, not yet signed by anybody."""
        category = standard("category", "exam", "Exam")
        return {
            "resourceType": "Observation",
            "status": "preliminary",
            "category": [category],
            "code": code,
            "subject": self.subject,
            "device": self.device,
            **{name: value for name, value in content.items() if value},
        }

    def body_site(self, side: str | None) -> Resource | None:
        """The limb, the walker's own; None for what has no side."""
        return None if side is None else self.local(side)

    def code_system(self) -> Resource:
        """Our code system, with the codes that this bundle uses."""
        local = codes()["local"]
        return {
            "resourceType": "CodeSystem",
            "url": local["system"],
            "name": local["name"],
            "title": local["title"],
            "status": "draft",
            "experimental": True,
            "caseSensitive": True,
            "content": "fragment",
            "concept": [{"code": code, "display": text} for code, text in sorted(self.used.items())],
        }


def standard(system: str, code: str, display: str) -> Resource:
    """A concept of one of HL7's own code systems."""
    return {"coding": [{"system": codes()["systems"][system], "code": code, "display": display}]}


def absent(code: str, display: str, reason: str = "") -> Resource:
    """Why there is no value."""
    concept = standard("absent", code, display)
    return {**concept, "text": reason} if reason else concept


def quantity(value: float, unit: str) -> Resource:
    """A number with its unit; a unit that UCUM table lacks is given as text alone."""
    found: Resource = {"value": round(value, 6)}
    if unit:
        found["unit"] = unit
    ucum = codes()["units"].get(unit)
    return found if ucum is None else {**found, "system": codes()["systems"]["ucum"], "code": ucum}


def value_range(low: float | None, high: float | None, unit: str) -> Resource | None:
    """A range, open where an end is not known; None where neither is."""
    ends = {name: quantity(end, unit) for name, end in (("low", low), ("high", high)) if end is not None}
    return ends or None
