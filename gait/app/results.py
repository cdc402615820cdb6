"""Commands on finished analyses: compare visits, write them for other programs. ``cli`` registers them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def compare(
    visits: Annotated[
        list[Path],
        typer.Argument(
            metavar="A B...",
            help="Two or more visits of one person, in the order of time: folders that gait analyze wrote for one "
            "film, or their analysis.nc.",
        ),
    ],
    label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Name of a visit, once for each in their order: --label before --label after."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results, which go into its folder comparison. Default: gait-out."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the comparison as JSON and nothing else; files only with --out.")
    ] = False,
) -> None:
    """What changed between visits of one person, beyond what a film can be wrong by."""
    from gait.app.compare import Order, run

    folder = out if out is not None or as_json else Path("gait-out")
    raise typer.Exit(run(Order(tuple(visits), tuple(label or ()), folder, as_json)))


def export(
    analysis: Annotated[
        Path,
        typer.Argument(
            metavar="ANALYSIS",
            help="Folder that gait analyze wrote for one film, or its analysis.nc; for csv, parquet and fhir its "
            "analysis.json is enough.",
        ),
    ],
    to: Annotated[
        str,
        typer.Option(
            metavar="csv|parquet|c3d|trc|mot|fhir",
            help="Tables with their dictionary, motion capture, OpenSim markers or angles, or a FHIR R4 bundle.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE|DIR", help="Where to write. Default: a folder exports beside the analysis."),
    ] = None,
    pseudonym: Annotated[
        str | None,
        typer.Option(metavar="ID", help="How the person is called there, never a name. Default: from the film's hash."),
    ] = None,
) -> None:
    """Write an analysis for other programs, without the film; no name, face or path goes along."""
    from gait.app.export import Order, run

    print(run(Order(analysis, to, out, pseudonym)))
