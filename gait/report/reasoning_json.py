"""Reasoning for other programs. Nothing heavy is imported here: the command line answers many people in a second."""

from __future__ import annotations

from typing import Any

from gait.core.causes import Cause, Influence, NextFilm, NextQuestion, Reasoning, RedFlag, Update


def reasoning_json(reasoning: Reasoning) -> dict[str, Any]:
    """Red flags, causes with what moved them, what to ask and to film next, and urgency.

    Parameters
    ----------
    reasoning
        What was concluded of one person.

    Returns
    -------
    dict
        Strings, numbers, booleans, lists and null only; probabilities 0..1, influences in bits.
    """
    return {
        "red_flags": [_flag(flag) for flag in reasoning.red_flags],
        "causes": [_cause(cause) for cause in reasoning.causes],
        "inseparable": [list(pair) for pair in reasoning.inseparable],
        "next_questions": [_question(question) for question in reasoning.next_questions],
        "next_films": [_film(film) for film in reasoning.next_films],
        "urgency": reasoning.urgency,
        "summary": reasoning.summary,
        "notes": list(reasoning.notes),
        "chains": list(reasoning.chains),
        "groups": dict(reasoning.groups),
        "references": [
            {
                "key": reference.key,
                "citation": reference.citation,
                "about": reference.about,
                "status": reference.status,
            }
            for reference in reasoning.references
        ],
        "answered": reasoning.answered,
        "asked": reasoning.asked,
    }


def update_json(update: Update) -> dict[str, Any]:
    """What changed between two visits, and why.

    Parameters
    ----------
    update
        The change.

    Returns
    -------
    dict
        As for :func:`reasoning_json`; ``because`` holds the influences of now minus those of before.
    """
    return {
        "items": [
            {"item": item.item, "side": item.side, "change": item.change, "text": item.text} for item in update.items
        ],
        "causes": [
            {
                "id": cause.id,
                "side": cause.side,
                "label": cause.label,
                "before": cause.before,
                "after": cause.after,
                "because": [_influence(influence) for influence in cause.because],
            }
            for cause in update.causes
        ],
        "urgency_before": update.urgency_before,
        "urgency_after": update.urgency_after,
        "flags_new": list(update.flags_new),
        "flags_gone": list(update.flags_gone),
        "text": update.text,
    }


def _flag(flag: RedFlag) -> dict[str, Any]:
    return {
        "id": flag.id,
        "status": flag.status,
        "tier": flag.tier,
        "label": flag.label,
        "action": flag.action,
        "because": list(flag.because),
        "missing": list(flag.missing),
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "id": cause.id,
        "group": cause.group,
        "side": cause.side,
        "level": cause.level,
        "label": cause.label,
        "probability": cause.probability,
        "low": cause.low,
        "high": cause.high,
        "wording": cause.wording,
        "supported_by": list(cause.supported_by),
        "contradicted_by": list(cause.contradicted_by),
        "missing": list(cause.missing),
        "influences": [_influence(influence) for influence in cause.influences],
        "mechanism": cause.mechanism,
        "explains": list(cause.explains),
        "explained_by": list(cause.explained_by),
        "sources": list(cause.sources),
    }


def _influence(influence: Influence) -> dict[str, Any]:
    return {
        "item": influence.item,
        "value": influence.value,
        "side": influence.side,
        "kind": influence.kind,
        "text": influence.text,
        "bits": influence.bits,
        "sources": list(influence.sources),
    }


def _question(question: NextQuestion) -> dict[str, Any]:
    return {
        "id": question.id,
        "kind": question.kind,
        "text": question.text,
        "examiner": question.examiner,
        "test": question.test,
        "why": question.why,
        "information_bits": question.information_bits,
        "separates": _pair(question.separates),
    }


def _film(film: NextFilm) -> dict[str, Any]:
    return {
        "id": film.id,
        "task": film.task,
        "view": film.view,
        "text": film.text,
        "why": film.why,
        "information_bits": film.information_bits,
        "separates": _pair(film.separates),
    }


def _pair(pair: tuple[str, str] | None) -> list[str] | None:
    return None if pair is None else list(pair)
