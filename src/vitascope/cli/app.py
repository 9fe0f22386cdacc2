"""The commands. Every wrong input becomes one sentence and exit code 2; nothing is left half-written."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from vitascope import __version__
from vitascope.cli import reply
from vitascope.cli.request import BadRequest, film_from

__all__ = ["app", "main"]

app = typer.Typer(
    name="vitascope",
    help="A film studio you talk to: a sentence becomes a short film with sound.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Prompt = Annotated[str, typer.Argument(metavar="PROMPT", help="A sentence, or the path of a saved .film.json.")]
Seconds = Annotated[str | None, typer.Option(metavar="S", help="Length of the shot, 1 to 120 seconds.")]
PictureSize = Annotated[
    str | None, typer.Option("--size", metavar="SIZE", help="WIDTHxHEIGHT or 720p, 1080p, 4k, square, portrait.")
]
Rate = Annotated[str | None, typer.Option(metavar="RATE", help="Frames a second, 24 to 120.")]
Seed = Annotated[int | None, typer.Option(metavar="N", help="Another seed gives another film of the same words.")]
Style = Annotated[str | None, typer.Option(metavar="STYLE", help="cinematic, anime, flat or clay.")]


@app.command()
def film(
    prompt: Prompt,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The film, an .mp4.")] = Path(
        "film.mp4"
    ),
    seconds: Seconds = None,
    size: PictureSize = None,
    fps: Rate = None,
    seed: Seed = None,
    style: Style = None,
    silent: Annotated[bool, typer.Option("--silent", help="Without sound.")] = False,
) -> None:
    """Make a film of a sentence, or film a saved document again."""
    from vitascope import media
    from vitascope.studio import forecast, make_film

    target = media.check_destination(output)
    wanted = film_from(prompt, seconds=seconds, size=size, fps=fps, seed=seed, style=style, silent=silent)
    adapter = reply.adapter_or_fail()
    reply.reading(wanted)
    reply.forecast(wanted, forecast(wanted, software=adapter.software), adapter)
    with reply.ProgressBar() as bar:
        result = make_film(wanted, target, label=reply.visible_label(), progress=bar.show)
    reply.summary(wanted, result)


@app.command()
def read(
    prompt: Prompt,
    as_json: Annotated[bool, typer.Option("--json", help="The reading and the film as JSON.")] = False,
    seconds: Seconds = None,
    size: PictureSize = None,
    fps: Rate = None,
    seed: Seed = None,
    style: Style = None,
) -> None:
    """Show how a sentence is understood, without drawing anything."""
    wanted = film_from(prompt, seconds=seconds, size=size, fps=fps, seed=seed, style=style, silent=False)
    if as_json:
        typer.echo(json.dumps(wanted.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False))
    else:
        reply.reading(wanted, full=True)


@app.command()
def still(
    prompt: Prompt,
    at: Annotated[str, typer.Option("--at", metavar="T", help="The moment in seconds.")] = "2.0",
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="A .png or .jpg.")] = Path("frame.png"),
    seconds: Seconds = None,
    size: PictureSize = None,
    seed: Seed = None,
    style: Style = None,
) -> None:
    """Draw one frame."""
    from vitascope import media
    from vitascope.media.destination import STILL_SUFFIXES
    from vitascope.studio import film_still

    target = media.check_destination(output, suffixes=STILL_SUFFIXES)
    wanted = film_from(prompt, seconds=seconds, size=size, fps=None, seed=seed, style=style, silent=True)
    moment = _number(at, "--at")
    if not 0 <= moment <= float(wanted.duration):
        raise BadRequest(f"The moment {at} s is outside the film; give 0 to {float(wanted.duration):g} seconds.")
    reply.adapter_or_fail()
    reply.reading(wanted)
    media.write_still(target, film_still(wanted, moment, label=reply.visible_label()))
    reply.wrote(target)


@app.command()
def recipes(
    word: Annotated[str | None, typer.Argument(metavar="[WORD]", help="Only those that answer to this word.")] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", metavar="FILE", help="Draw them on a contact sheet.")] = None,
) -> None:
    """List what can be drawn: things and places."""
    from vitascope.cli.library import draw_sheet, list_recipes

    chosen = list_recipes(word)
    if sheet is not None:
        reply.adapter_or_fail()
        draw_sheet(chosen, sheet)
        reply.wrote(sheet)


@app.command()
def verify(file: Annotated[Path, typer.Argument(metavar="FILE", help="A film made with Vitascope.")]) -> None:
    """Say what marks a film carries and whether they are whole. Exit code 1 when one is broken or missing."""
    from vitascope import provenance

    verdict = provenance.verify(file)
    for sentence in verdict.sentences():
        typer.echo(sentence)
    raise typer.Exit(0 if verdict.ok else 1)


@app.command()
def doctor() -> None:
    """Check what this machine has and what is missing."""
    from vitascope.cli.doctor import examine

    raise typer.Exit(0 if examine() else 1)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"vitascope {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _number(text: str, option: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadRequest(f"{option} is {text!r}, which is not a number of seconds.") from None


def main() -> None:
    """Run the command line. Known faults become one sentence on stderr and exit code 2, an interrupt exit code 130."""
    signal.signal(signal.SIGTERM, lambda *_: _stop())
    from vitascope.director import DirectorError
    from vitascope.film import FilmError, SizeError
    from vitascope.media import MediaError
    from vitascope.provenance import ProvenanceError
    from vitascope.recipe import RecipeError
    from vitascope.render import RenderError

    known = (BadRequest, DirectorError, FilmError, SizeError, MediaError, ProvenanceError, RecipeError, RenderError)
    try:
        app()
    except known as error:
        reply.fault(str(error))
        sys.exit(2)
    except KeyboardInterrupt:
        reply.fault("Stopped; nothing was left behind.")
        sys.exit(130)


def _stop() -> None:
    raise KeyboardInterrupt
