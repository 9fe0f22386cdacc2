"""What several commands take, as typed on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vitascope.cli.request import STYLES

__all__ = [
    "EngineName",
    "Impossible",
    "PictureSize",
    "ProjectFolder",
    "Prompt",
    "Rate",
    "Seconds",
    "Seed",
    "Silent",
    "Style",
    "TakeText",
    "Weights",
]

Prompt = Annotated[str, typer.Argument(metavar="PROMPT", help="A sentence in quotes, or the path of a .film.json.")]
Seconds = Annotated[str | None, typer.Option(metavar="S", help="Length of the shot, 1 to 120 seconds.")]
PictureSize = Annotated[
    str | None,
    typer.Option("--size", metavar="SIZE", help="1280x720, or a name: 360p 720p 1080p 4k square portrait cinema."),
]
Rate = Annotated[str | None, typer.Option(metavar="RATE", help="Frames a second, 24 to 120.")]
Seed = Annotated[str | None, typer.Option(metavar="N", help="Another seed gives another film of the same words.")]
Style = Annotated[str | None, typer.Option(metavar="STYLE", help=f"One of {', '.join(STYLES)}.")]
Impossible = Annotated[
    str | None,
    typer.Option("--impossible", metavar="WAY", help="What is impossible is shown in the nearest way, or stylised."),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine", metavar="ENGINE", help="What makes the picture: world (drawn), or model (learned weights)."
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="PATH|NAME",
        help="Weights of the model: a folder, or a name of 'vitascope weights list'; those that come with the program if not "
        "given.",
    ),
]
Silent = Annotated[bool, typer.Option("--silent", help="Without sound.")]
ProjectFolder = Annotated[
    Path | None,
    typer.Option("--project", metavar="FOLDER", help="The project with the takes; $VITASCOPE_PROJECT if not given."),
]
TakeText = Annotated[
    str,
    typer.Argument(
        metavar="TAKE",
        help='An id or its beginning, a number, a name, "." for the current take, ".." for its parent, or an exported film.',
    ),
]
