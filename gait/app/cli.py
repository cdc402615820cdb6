"""The command line. Nothing heavy is imported here: ``gait --help`` answers at once."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from gait import __version__
from gait.app import results
from gait.core.errors import GaitError

#: Exit status after Ctrl-C, as shells expect it.
INTERRUPTED = 130

app = typer.Typer(
    name="gait",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Gait and stride analysis from a phone film: events, measures, findings, and what they may mean for the back "
    "or the foot and leg. Not a medical device; never a diagnosis. Nothing leaves this machine.",
    epilog="Exit status: 0 done; 1 some of several inputs failed; 2 a mistake in the input; 3 the film cannot be "
    "analysed; 130 interrupted.",
)
model_app = typer.Typer(no_args_is_help=True, help="The pose model: obtain it, or tell where it is.")
app.add_typer(model_app, name="model")


class View(StrEnum):
    """From where the walker is filmed."""

    auto = "auto"
    sagittal = "sagittal"
    frontal = "frontal"


class Task(StrEnum):
    """What the clip shows."""

    walk = "walk"
    heel_walk = "heel_walk"
    toe_walk = "toe_walk"
    heel_raise = "heel_raise"
    single_leg_stance = "single_leg_stance"
    sit_to_stand = "sit_to_stand"
    stand = "stand"


class Model(StrEnum):
    """Pose models."""

    lite = "lite"
    full = "full"
    heavy = "heavy"


def _version(asked: bool) -> None:
    if asked:
        print(f"gait {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def analyze(
    films: Annotated[
        list[Path],
        typer.Argument(
            metavar="[TASK:]FILM...",
            help="Films, or keypoint files (C3D, TRC, OpenPose JSON, our NetCDF). A task before a film, as in "
            "heel_raise:raise.mov, holds for that film alone.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results; each film gets a folder of its name. Default: gait-out."),
    ] = None,
    height: Annotated[
        float | None, typer.Option(metavar="M", help="The walker's height in metres; gives lengths and speed.")
    ] = None,
    age: Annotated[float | None, typer.Option(metavar="Y", help="Age in years; chooses the norms.")] = None,
    sex: Annotated[str | None, typer.Option(metavar="female|male", help="Sex; chooses the norms.")] = None,
    intake: Annotated[Path | None, typer.Option(metavar="FILE", help="History and examination (JSON or TOML).")] = None,
    view: Annotated[View, typer.Option(help="From where the walker is filmed.")] = View.auto,
    task: Annotated[
        Task, typer.Option(help="What the person was asked to do in the film; how to film each: docs/tasks.md.")
    ] = Task.walk,
    model: Annotated[
        Model, typer.Option(help="Pose model; heavy measures feet best, lite cannot judge feet.")
    ] = Model.heavy,
    model_file: Annotated[Path | None, typer.Option(metavar="FILE", help="A pose model file of your own.")] = None,
    walker: Annotated[
        str, typer.Option(metavar="N|auto", help="Which person to measure, when several are in the film.")
    ] = "auto",
    slow_motion: Annotated[
        float | None, typer.Option(metavar="FACTOR", help="How many times slower than life the film plays.")
    ] = None,
    treadmill_speed: Annotated[
        float | None, typer.Option(metavar="MPS", help="Belt speed of a treadmill, in m/s.")
    ] = None,
    zero_to_standing: Annotated[
        bool,
        typer.Option("--zero-to-standing", help="Count joint angles from quiet standing in the film, without norms."),
    ] = False,
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", help="Frame rate of OpenPose keypoints, which carry none.")
    ] = None,
    blur_faces: Annotated[
        bool, typer.Option("--blur-faces", help="Blur the walker's face in stills and overlay.")
    ] = False,
    same_person: Annotated[
        bool,
        typer.Option("--same-person", help="All films show one person: take them together, in the folder examination."),
    ] = False,
    sure: Annotated[
        bool, typer.Option("--sure", help="With --same-person: it is one person, even where body or clothes differ.")
    ] = False,
    minutes_between: Annotated[
        str | None,
        typer.Option(
            metavar="M[,M...]",
            help="With --same-person: minutes from the start of each film to the next, to see a walk that gets worse.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the results as JSON and nothing else; files only with --out.")
    ] = False,
) -> None:
    """Analyze films of walking: report.html, overlay film, tables."""
    from gait.app import examination
    from gait.app.analyze import Order, make_subject, read_films, run
    from gait.core.errors import InputError
    from gait.pipeline import Settings

    settings = Settings(
        model=model.value,
        model_file=model_file,
        view=view.value,
        task=task.value,
        walker=_walker_number(walker),
        slow_motion_factor=slow_motion,
        treadmill_speed_mps=treadmill_speed,
        zero_to_standing=zero_to_standing,
        blur_faces=blur_faces,
        keypoint_rate_hz=rate,
    )
    folder = out if out is not None or as_json else Path("gait-out")
    subject = make_subject(intake, age, sex, height)
    order = Order(read_films(films, settings.task), folder, subject, settings, as_json)
    if same_person:
        person = examination.Person(sure, examination.read_minutes(minutes_between, len(films)))
        raise typer.Exit(examination.run(order, person))
    if sure or minutes_between:
        raise InputError("--sure and --minutes-between belong to --same-person, which takes several films together.")
    raise typer.Exit(run(order))


@app.command()
def causes(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE",
            help="Intakes (JSON or TOML: history, examination, reported findings), analysis.json files, or the folders "
            "that gait analyze wrote.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON and nothing else: one object, or a list for several files.")
    ] = False,
    film: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Add the findings of an analysed film to the one FILE; may be repeated."),
    ] = None,
    setting: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Where the person is seen, for example spine_clinic; it shifts how common."),
    ] = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Interview: ask what tells most, and keep the answers in FILE.")
    ] = False,
    no_examination: Annotated[
        bool, typer.Option("--no-examination", help="With --ask: ask history only, no tests.")
    ] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="The files are visits of one person, in time: what changed, and why.")
    ] = False,
    about: Annotated[
        str | None, typer.Option(metavar="CAUSE|list", help="Print what is known of one cause, with its sources.")
    ] = None,
) -> None:
    """Possible causes from history, examination and findings; asks, and follows a person."""
    from gait.app.causes import Order, run

    order = Order(
        files=tuple(files or ()),
        as_json=as_json,
        films=tuple(film or ()),
        setting=setting,
        about=about,
        is_interview=ask,
        with_examination=not no_examination,
        is_follow=follow,
    )
    raise typer.Exit(run(order))


app.command()(results.compare)


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Keypoint file to write (.nc); its truth goes beside it.")],
    fault: Annotated[str | None, typer.Option(metavar="ID", help="A finding to plant, for example foot_drop.")] = None,
    side: Annotated[
        str | None, typer.Option(metavar="left|right", help="The side that a report would name; the walker's own.")
    ] = None,
    severity: Annotated[float, typer.Option(min=0.0, max=1.0, help="How bad, 0 to 1.")] = 0.8,
    task: Annotated[
        str, typer.Option(metavar="TASK", help="What is done: walk, heel_walk, toe_walk, heel_raise, ...")
    ] = "walk",
    view: Annotated[
        str | None,
        typer.Option(metavar="sagittal|frontal", help="Filmed from where. Default: what shows the finding or task."),
    ] = None,
    height: Annotated[float | None, typer.Option(metavar="M", help="Body height, in m. Default: 1.75.")] = None,
    rate: Annotated[float | None, typer.Option(metavar="HZ", help="Pictures a second. Default: 60.")] = None,
    duration: Annotated[float | None, typer.Option(metavar="S", help="Length of the film, in s. Default: 6.")] = None,
    speed: Annotated[
        float | None, typer.Option(metavar="M/S", help="Walk as a healthy adult does at this speed.")
    ] = None,
    noise: Annotated[
        str, typer.Option(metavar="none|network", help="Exact keypoints, or those of a phone and a pose network.")
    ] = "none",
    seed: Annotated[int, typer.Option(help="Seed of everything drawn by lot.")] = 0,
) -> None:
    """Make a walker of formulas, with its truth."""
    from gait.app.simulate import Order, run

    run(
        Order(
            out=out,
            fault=fault,
            side=side,
            severity=severity,
            task=task,
            view=view,
            height_m=height,
            rate_hz=rate,
            duration_s=duration,
            speed_mps=speed,
            noise=noise,
            seed=seed,
        )
    )


@app.command()
def validate(
    truths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="TRUTH...",
            help="*.truth.json files (each film lies beside its truth), C3D files with events, or folders of these.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for validation.md, its tables and figures. Default: print the report.")
    ] = None,
    model: Annotated[Model, typer.Option(help="Pose model.")] = Model.heavy,
    mirror: Annotated[
        bool, typer.Option("--mirror", help="Mirror each film left-right first; truth sides are swapped.")
    ] = False,
    keypoints_only: Annotated[
        bool, typer.Option("--keypoints-only", help="Leave out films: keypoint files and motion capture take seconds.")
    ] = False,
    healthy: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Films of healthy people (PERSON_NUMBER.*): false alarms, foot differences, repeatability.",
        ),
    ] = None,
    walkers: Annotated[
        int, typer.Option(metavar="N", min=0, help="Simulated walks whose intervals are tried besides.")
    ] = 0,
    findings: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Instead: plant every finding in N made walkers at each severity, and count what is found, missed and "
            "false (findings.md; N = 10 takes an hour, again after a change of rules minutes).",
        ),
    ] = 0,
) -> None:
    """Compare our numbers with the truth, and with the targets that were set before."""
    from gait.app.validate import Order, run

    order = Order(tuple(truths or ()), out, model.value, mirror, keypoints_only, healthy, walkers, findings)
    raise typer.Exit(run(order))


app.command()(results.export)


@app.command()
def doctor() -> None:
    """Check the installation, and say what is wrong with it and how to mend it."""
    from gait.app.doctor import run

    raise typer.Exit(run())


@model_app.command("fetch")
def model_fetch(
    model: Annotated[Model, typer.Argument(help="Which model.")] = Model.heavy,
) -> None:
    """Obtain the pose model ahead of time, check it, keep it in the user's cache."""
    from gait.pose.model import fetch_model

    print(fetch_model(model.value, print))


@model_app.command("where")
def model_where(
    model: Annotated[Model, typer.Argument(help="Which model.")] = Model.heavy,
) -> None:
    """Tell where the pose model lies."""
    from gait.pose.model import find_model

    print(find_model(model.value))


def _walker_number(text: str) -> int | None:
    from gait.core.errors import InputError

    if text == "auto":
        return None
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise InputError(f"--walker is {text!r}; expected auto, or the number of a person as in the report: 1, 2, ...")


def main() -> None:
    """Entry point: turns our errors into one sentence and an exit status."""
    status = 0
    try:
        # Without its standalone mode the library returns the exit status instead of leaving with it.
        status = app(standalone_mode=False) or 0
    except GaitError as error:
        print(f"gait: {error}", file=sys.stderr)
        sys.exit(error.exit_status)
    except KeyboardInterrupt:
        print("gait: interrupted; nothing half-written was left.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except Exception as error:
        _show_usage_error(error)
    sys.exit(status)


def _show_usage_error(error: Exception) -> None:
    """Typer's own errors (unknown option, missing argument) know how to show themselves; others are our bugs."""
    show, status = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or status is None:
        if type(error).__name__ == "Abort":
            sys.exit(INTERRUPTED)
        raise error
    show()
    sys.exit(2)
