"""A FHIR R4 bundle of one analysis.

A ``collection``: Patient (a pseudonym, nothing else that names), Device, Media (what the film was, not the film),
DiagnosticReport, Observations (measures, findings, red flags, quality), Flags for red flags that fired, RiskAssessment
for possible causes, and our own CodeSystem. Possible causes are predictions with a probability, never a Condition.
Nothing is signed, so reports and observations are ``preliminary``.

HL7 FHIR R4 (4.0.1), https://hl7.org/fhir/R4/; units are UCUM. Which outside codes may be used: ``codes.toml``.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from gait.core.errors import SchemaError
from gait.findings.catalogue import load_rules
from gait.parameters.catalogue import load_catalogue
from gait.report.exports.fhir_parts import Maker, Resource, absent, codes, quantity, standard, value_range
from gait.report.exports.source import Source
from gait.report.wording import load_wording

#: Digits of a probability that mean something.
_DIGITS = 2


def write_fhir(source: Source, path: Path, made_at: datetime | None = None) -> None:
    """Write the bundle as JSON.

    Parameters
    ----------
    source
        The analysis; the JSON alone is enough.
    path
        The file.
    made_at
        When the export was made, with its time zone; None means now.

    Raises
    ------
    SchemaError
        A record of the analysis is not as this program writes it.
    """
    bundle = make_bundle(source, made_at or datetime.now(UTC))
    path.write_text(json.dumps(bundle, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def make_bundle(source: Source, made_at: datetime) -> Resource:
    """The bundle as a dictionary; parameters and errors as for :func:`write_fhir`."""
    stamp = made_at.replace(microsecond=0).isoformat()
    maker = Maker(f"{source.pseudonym}/{source.content['source'].get('sha256')}")
    try:
        _fill(maker, source, stamp)
    except (KeyError, TypeError, AttributeError) as error:
        raise SchemaError(
            f"analysis.json is damaged (near {error}); analyze the film again, or give its analysis.nc."
        ) from error
    return {"resourceType": "Bundle", "type": "collection", "timestamp": stamp, "entry": maker.entries}


def _fill(maker: Maker, source: Source, stamp: str) -> None:
    content = source.content
    maker.subject = maker.add(_patient(source), "patient")
    maker.device = maker.add(_device(content["software"]), "device")
    has_film = content["source"].get("codec") != "keypoints"
    media = maker.add(_media(maker, content["source"]), "film") if has_film else None
    measures = {
        (row["id"], row["side"]): maker.add(_measure(maker, row, content), "measure", row["id"], row["side"])
        for row in content["parameters"]
    }
    findings = {
        (row["id"], row["side"]): maker.add(_finding(maker, row, measures), "finding", row["id"], row["side"])
        for row in content["findings"]
    }
    flags = [maker.add(_red_flag(maker, row), "red flag", row["id"]) for row in content["red_flags"]]
    told = [maker.add(item, "told", str(number)) for number, item in enumerate(_told(maker, content["subject"]))]
    overall = maker.add(_overall(maker, content["findings"], list(findings.values())), "gait")
    quality = [maker.add(_quality(maker, content["issues"]), "quality")] if content["issues"] else []
    for row in content["red_flags"]:
        if row["status"] == "present":
            maker.add(_flag(maker, row), "flag", row["id"])
    seen = [findings[row["id"], row["side"]] for row in content["findings"] if row["status"] == "present"]
    if content["causes"]:
        maker.add(_risks(maker, content, seen), "causes")
    results = [overall, *flags, *findings.values(), *measures.values(), *told, *quality]
    maker.add(_report(maker, content, results, media, stamp), "report")
    maker.add(maker.code_system(), "codes")


def _patient(source: Source) -> Resource:
    identifier = {"system": codes()["local"]["pseudonyms"], "value": source.pseudonym}
    sex = source.content["subject"].get("sex")
    return {"resourceType": "Patient", "identifier": [identifier], **({"gender": sex} if sex else {})}


def _device(software: Resource) -> Resource:
    versions = [{"type": {"text": "software"}, "value": str(software["version"])}]
    if software.get("model_sha256"):
        versions.append({"type": {"text": "pose model, SHA-256"}, "value": software["model_sha256"]})
    return {
        "resourceType": "Device",
        "status": "active",
        "type": {"text": "Software for markerless 2-D video gait analysis"},
        "deviceName": [{"name": "gait", "type": "user-friendly-name"}],
        **({"modelNumber": software["backend"]} if software.get("backend") else {}),
        "version": versions,
        "note": [{"text": "Not cleared as a medical device."}],
    }


def _media(maker: Maker, film: Resource) -> Resource:
    """What the film was. The film itself, in which a face may be seen, stays where it is."""
    media: Resource = {
        "resourceType": "Media",
        "status": "completed",
        "type": {"text": "Film of the walk"},
        "subject": maker.subject,
        "width": film.get("width_px"),
        "height": film.get("height_px"),
        "duration": film.get("duration_s"),
        "content": {"title": "Film of the walk; it is not part of this export"},
    }
    if film.get("sha256"):
        media["identifier"] = [{"system": codes()["local"]["films"], "value": film["sha256"]}]
    return {name: value for name, value in media.items() if value}


def _measure(maker: Maker, row: Resource, content: Resource) -> Resource:
    labels = {measure.id: measure.label for measure in load_catalogue()}
    value = row.get("value")
    told: Resource = {"valueQuantity": quantity(value, row["unit"])} if value is not None else {
        "dataAbsentReason": absent("unknown", "Unknown", "It could not be measured in this film.")
    }  # fmt: skip
    return maker.observation(
        maker.local(row["id"], labels.get(row["id"], row["id"])),
        bodySite=maker.body_site(row["side"]),
        method={"text": _method(row, content)},
        interpretation=_interpretation(row),
        referenceRange=_reference(row),
        component=_spread(maker, row),
        **told,
    )


def _method(row: Resource, content: Resource) -> str:
    base = "Keypoints or markers from a file, seen from one side"
    if content["source"].get("codec") != "keypoints":
        base = f"Markerless 2-D video, {content['view'].get('kind')} view"
    return f"{base}; from the foot's {row['method']}" if row.get("method") else base


def _interpretation(row: Resource) -> list[Resource]:
    """High, low or normal only where the whole 95 % interval says so."""
    low, high, value = row.get("norm_low"), row.get("norm_high"), row.get("value")
    if low is None or high is None or value is None:
        return []
    least = value if row.get("low") is None else row["low"]
    most = value if row.get("high") is None else row["high"]
    if most < low:
        return [standard("interpretation", "L", "Low")]
    if least > high:
        return [standard("interpretation", "H", "High")]
    if low <= least and most <= high:
        return [standard("interpretation", "N", "Normal")]
    return [standard("interpretation", "IND", "Indeterminate")]


def _reference(row: Resource) -> list[Resource]:
    ends = value_range(row.get("norm_low"), row.get("norm_high"), row["unit"])
    if ends is None:
        return []
    parts = [row.get("norm_matched_by"), row.get("norm_source")]
    return [{**ends, "text": "; ".join(part for part in parts if part) or "what is usual"}]


def _spread(maker: Maker, row: Resource) -> list[Resource]:
    """The uncertainty of a measure, as components."""
    interval = value_range(row.get("low"), row.get("high"), row["unit"])
    parts: list[Resource] = []
    if interval is not None:
        parts.append({"code": maker.local("interval_95"), "valueRange": interval})
    for code, name in (("standard_deviation", "sd"), ("minimal_detectable_change", "mdc95")):
        if row.get(name) is not None:
            parts.append({"code": maker.local(code), "valueQuantity": quantity(row[name], row["unit"])})
    if row.get("strides") is not None:
        parts.append({"code": maker.local("stride_count"), "valueInteger": int(row["strides"])})
    return parts


def _finding(maker: Maker, row: Resource, measures: dict[tuple[str, str], Resource]) -> Resource:
    label = {rule.id: rule.label for rule in load_rules().finding}.get(row["id"]) or row.get("label") or row["id"]
    evidence = {(item["parameter"], item["side"]) for item in row["evidence"]}
    told: Resource = {}
    if row["status"] == "not_assessable":
        told["dataAbsentReason"] = absent("unknown", "Unknown", row["reason"])
    else:
        told["valueCodeableConcept"] = maker.local(row["status"])
        told["interpretation"] = [
            standard("interpretation", "POS", "Positive")
            if row["status"] == "present"
            else standard("interpretation", "NEG", "Negative")
        ]
    notes = [text for text in (row.get("wording"), row.get("reason")) if text]
    return maker.observation(
        maker.local(row["id"], label),
        bodySite=maker.body_site(row["side"]),
        note=[{"text": text} for text in notes],
        component=_grade(maker, row),
        derivedFrom=[measures[key] for key in sorted(evidence) if key in measures],
        **told,
    )


def _grade(maker: Maker, row: Resource) -> list[Resource]:
    parts: list[Resource] = []
    if row.get("severity"):
        parts.append({"code": maker.local("severity"), "valueCodeableConcept": maker.local(row["severity"])})
    if row["status"] != "not_assessable":
        confidence = quantity(round(100.0 * (row.get("confidence") or 0.0)), "%")
        parts.append({"code": maker.local("confidence"), "valueQuantity": confidence})
    return parts


def _red_flag(maker: Maker, row: Resource) -> Resource:
    """Whether a reason for hurry fired, did not, or was not asked for."""
    told: Resource = (
        {"dataAbsentReason": absent("not-asked", "Not Asked", f"Not asked: {', '.join(row.get('missing') or ())}")}
        if row["status"] == "not_asked"
        else {"valueCodeableConcept": maker.local(row["status"])}
    )
    notes = [{"text": text} for text in row.get("because") or ()]
    return maker.observation(maker.local(f"red_flag_{row['id']}", f"Red flag: {row['label']}"), note=notes, **told)


def _flag(maker: Maker, row: Resource) -> Resource:
    return {
        "resourceType": "Flag",
        "status": "active",
        "category": [standard("flag", "clinical", "Clinical")],
        "code": {**maker.local(f"red_flag_{row['id']}", f"Red flag: {row['label']}"), "text": row["action"]},
        "subject": maker.subject,
        "author": maker.device,
    }


def _told(maker: Maker, subject: Resource) -> list[Resource]:
    found = (("age_years", "a"), ("height_m", "m"))
    ucum = codes()["systems"]["ucum"]
    return [
        maker.observation(
            maker.local(name),
            valueQuantity={"value": subject[name], "unit": name.rsplit("_", 1)[-1], "system": ucum, "code": unit},
        )
        for name, unit in found
        if subject.get(name) is not None
    ]


def _overall(maker: Maker, findings: list[Resource], members: list[Resource]) -> Resource:
    """The walk as a whole. "Normal" is never said: a film does not show all that can be wrong."""
    status = {row["status"] for row in findings}
    word = "no_deviation" if "absent" in status else "not_judged"
    value = maker.local("abnormal_gait", "Abnormal gait") if "present" in status else maker.local(word)
    return maker.observation(maker.local("gait"), valueCodeableConcept=value, hasMember=members)


def _quality(maker: Maker, issues: list[Resource]) -> Resource:
    parts = [
        {
            "code": maker.local(f"issue_{issue['id']}", issue["id"].replace("_", " ")),
            "valueString": " ".join(text for text in (issue["message"], issue.get("advice")) if text),
        }
        for issue in issues
    ]
    return maker.observation(maker.local("capture_quality"), component=parts)


def _risks(maker: Maker, content: Resource, seen: list[Resource]) -> Resource:
    """Possible causes, each with its probability; never a Condition."""
    notes = [*content.get("notes", ()), _disclaimer()]
    return {
        "resourceType": "RiskAssessment",
        "status": "preliminary",
        "code": {"text": "Possible causes of the walk; to be examined, not a diagnosis"},
        "subject": maker.subject,
        "performer": maker.device,
        **({"basis": seen} if seen else {}),
        "prediction": [_prediction(maker, cause) for cause in content["causes"]],
        "note": [{"text": text} for text in notes if text],
    }


def _prediction(maker: Maker, cause: Resource) -> Resource:
    side = f" ({cause['side']})" if cause.get("side") else ""
    outcome = maker.local(f"cause_{cause['id']}", cause["label"])
    reasons = [
        f"{title}: {'; '.join(cause[name])}"
        for title, name in (("For", "supported_by"), ("Against", "contradicted_by"), ("Not known", "missing"))
        if cause.get(name)
    ]
    low, high = _percent(cause.get("low", 0.0)), _percent(cause.get("high", 1.0))
    span = f"Within {low:g} to {high:g} % when our estimates vary"
    return {
        "outcome": {**outcome, "text": f"{cause['label']}{side}"},
        # R4 wants per cent here.
        "probabilityDecimal": _percent(cause["probability"]),
        "qualitativeRisk": {"text": cause["wording"]},
        "rationale": ". ".join([*reasons, span]) + ".",
    }


def _percent(share: float) -> float:
    return float(f"{100.0 * share:.{_DIGITS}g}")


def _report(maker: Maker, content: Resource, results: list[Resource], media: Resource | None, stamp: str) -> Resource:
    urgency = content.get("urgency") or "none"
    conclusion = " ".join(text for text in (content.get("summary"), _disclaimer()) if text)
    report = {
        "resourceType": "DiagnosticReport",
        "text": {
            "status": "generated",
            "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(conclusion)}</p></div>',
        },
        "status": "preliminary",
        "category": [{"text": "Gait analysis"}],
        "code": maker.local("video_gait_analysis"),
        "subject": maker.subject,
        "issued": stamp,
        "result": results,
        "conclusion": conclusion,
        "conclusionCode": [maker.local(f"urgency_{urgency}")],
    }
    return report if media is None else {**report, "media": [{"comment": "Film of the walk", "link": media}]}


def _disclaimer() -> str:
    return load_wording().say("document.disclaimer")
