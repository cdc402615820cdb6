"""What was filmed, what was told, and how good the film is."""

from __future__ import annotations

from gait.core.analysis import Analysis
from gait.core.issues import Issue, Severity
from gait.core.pose import Person
from gait.core.subject import Answer, AnswerValue
from gait.core.tasks import WALKING_TASKS
from gait.core.trajectories import Pass
from gait.report.blocks import Block, Facts, Notice, Paragraph, PictureItem, Pictures, Section, Tone
from gait.report.wording import Wording

#: Order in which faults of the film are told, and how loud.
ISSUE_TONES: dict[Severity, Tone] = {"error": "alarm", "warning": "warning", "info": "note"}


def film_chapter(analysis: Analysis, wording: Wording) -> Section:
    """The header of the report: file, view, walker, scale, strides, and a picture of who was measured."""
    facts = Facts((*_film_facts(analysis, wording), *_walker_facts(analysis, wording)))
    thumbnail = _thumbnail(analysis, wording)
    blocks: tuple[Block, ...] = (facts,) if thumbnail is None else (thumbnail, facts)
    return Section("film", wording.say("film.title"), blocks)


def history_chapter(analysis: Analysis, wording: Wording) -> Section:
    """What was told: complaints, answers of history and examination, findings somebody else saw."""
    intake = analysis.subject.intake
    lists = [
        (
            "complaints",
            [_with_side(wording, wording.label("complaints", item.id), item.side) for item in intake.complaints],
        ),
        ("yes", _answers(intake.answers, "yes", wording)),
        ("no", _answers(intake.answers, "no", wording)),
        ("unknown", _answers(intake.answers, "unknown", wording)),
        (
            "reported",
            [
                _with_side(wording, wording.label("findings", item.id), item.side)
                + f" – {wording.say(f'history.status.{item.status}')}"
                for item in intake.findings
            ],
        ),
    ]
    told = tuple((wording.say(f"history.{key}"), "; ".join(items)) for key, items in lists if items)
    block = Facts(told) if told else Paragraph(wording.say("history.nothing"), "muted")
    return Section("history", wording.say("history.title"), (block,))


def quality_chapter(analysis: Analysis, wording: Wording) -> Section:
    """Faults of the film, the worst first, each with what to do about it."""
    notices = tuple(issue_notice(issue, wording) for issue in sorted_issues(analysis))
    blocks: tuple[Block, ...] = notices or (Paragraph(wording.say("quality.none")),)
    return Section("quality", wording.say("quality.title"), blocks)


def sorted_issues(analysis: Analysis) -> tuple[Issue, ...]:
    """The issues, errors first; equal ones keep their order."""
    ranks = list(ISSUE_TONES)
    return tuple(sorted(analysis.issues, key=lambda issue: ranks.index(issue.severity)))


def issue_notice(issue: Issue, wording: Wording) -> Notice:
    """One fault of the film, with its advice."""
    advice = wording.say("quality.advice", advice=issue.advice) if issue.advice else ""
    return Notice(ISSUE_TONES[issue.severity], wording.say(f"quality.severity.{issue.severity}"), issue.message, advice)


def view_words(analysis: Analysis, wording: Wording) -> str:
    """From where the walker was filmed."""
    return wording.say(f"views.{analysis.trajectories.view.kind}")


def stride_counts(analysis: Analysis) -> dict[str, int]:
    """Complete straight strides by side."""
    return {side: len(analysis.cycles.of(side)) for side in ("left", "right")}


def near_words(passes: tuple[Pass, ...], wording: Wording) -> str:
    """Which side was nearer to the camera."""
    sides = {stretch.near_side for stretch in passes}
    named = sides - {None}
    if len(named) > 1:
        return wording.say("film.near_both")
    return wording.side(named.pop()) if named else wording.say("film.near_none")


def _film_facts(analysis: Analysis, wording: Wording) -> tuple[tuple[str, str], ...]:
    recording, trajectories = analysis.recording, analysis.trajectories
    headings = dict.fromkeys(wording.say(f"headings.{stretch.heading}") for stretch in trajectories.passes)
    seconds = wording.number(sum(stretch.duration_s for stretch in trajectories.passes), decimals=1)
    say = wording.say
    facts = [
        ("file", recording.path.name),
        ("view", _view_fact(analysis, wording)),
        ("heading", ", ".join(headings) or "–"),
        ("near", near_words(trajectories.passes, wording)),
        ("passes", say("film.passes_value", count=len(trajectories.passes), seconds=seconds)),
        ("picture", _picture_fact(analysis, wording)),
        (
            "duration",
            say(
                "film.duration_value",
                seconds=wording.number(recording.duration_s, decimals=1),
                frames=recording.frames,
            ),
        ),
    ]
    if recording.slow_motion_factor != 1.0:
        factor = wording.number(recording.slow_motion_factor, decimals=1)
        facts.append(("slow_motion", say("film.slow_motion_value", factor=factor)))
    facts.append(("sound", say("film.yes" if recording.has_sound else "film.no")))
    facts.append(("strides", say("film.strides_value", **stride_counts(analysis))))
    if analysis.task.task not in WALKING_TASKS:
        facts = [(key, value) for key, value in facts if key not in ("heading", "passes", "strides")]
    return tuple((say(f"film.{key}"), value) for key, value in facts)


def _walker_facts(analysis: Analysis, wording: Wording) -> tuple[tuple[str, str], ...]:
    subject, scale = analysis.subject, analysis.trajectories.scale
    told = []
    if subject.age_years is not None:
        told.append(wording.say("film.subject_age", age=f"{subject.age_years:g}"))
    if subject.sex is not None:
        told.append(wording.say(f"sex.{subject.sex}"))
    if subject.height_m is not None:
        told.append(wording.say("film.height", height=wording.quantity(subject.height_m, "m")))
    source = wording.say(f"scales.{scale.source}")
    if scale.m_per_px is not None:
        error = wording.number(100 * scale.relative_error, decimals=1)
        source = wording.say("film.scale_value", source=source, percent=error)
    surface = wording.say("film.treadmill_yes" if analysis.trajectories.is_treadmill else "film.treadmill_no")
    facts = (
        (wording.say("film.subject"), ", ".join(told) or wording.say("film.not_told")),
        (wording.say("film.scale"), source),
    )
    on_the_spot = analysis.task.task not in WALKING_TASKS
    return facts if on_the_spot else (*facts, (wording.say("film.treadmill"), surface))


def _view_fact(analysis: Analysis, wording: Wording) -> str:
    view = analysis.trajectories.view
    values = {"view": view_words(analysis, wording), "confidence": wording.number(view.confidence)}
    if view.kind == "frontal":
        return wording.say("film.view_value_plain", **values)
    return wording.say("film.view_value", angle=wording.number(view.angle_deg, decimals=0), **values)


def _picture_fact(analysis: Analysis, wording: Wording) -> str:
    recording = analysis.recording
    return wording.say(
        "film.picture_value",
        width=recording.width_px,
        height=recording.height_px,
        fps=wording.number(recording.fps, decimals=1),
        variable=wording.say("film.variable") if recording.is_variable_rate else "",
    )


def _thumbnail(analysis: Analysis, wording: Wording) -> Pictures | None:
    """The walker's picture; the faces of others are nobody's business, they are only counted."""
    people = analysis.pose.people
    walker: Person | None = next((person for person in people if person.number == analysis.pose.walker), None)
    if walker is None or not walker.thumbnail:
        return None
    others = len(people) - 1
    key = {0: "walker_caption", 1: "walker_caption_other"}.get(others, "walker_caption_others")
    caption = wording.say(f"film.{key}", count=others)
    return Pictures((PictureItem("walker", walker.thumbnail, caption, wording.say("film.walker_alt")),))


def _answers(answers: tuple[Answer, ...], value: AnswerValue, wording: Wording) -> list[str]:
    return [
        _with_side(wording, wording.label("answers", answer.id), answer.side)
        for answer in answers
        if answer.value == value
    ]


def _with_side(wording: Wording, text: str, side: str | None) -> str:
    return f"{text} ({wording.side(side).lower()})" if side else text
