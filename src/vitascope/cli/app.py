"""The commands. Every wrong input becomes one sentence and exit code 2; nothing is left half-written."""

from __future__ import annotations

import gc
import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from vitascope import __version__
from vitascope.cli import admin, early, model, reply, serve, takes, weights
from vitascope.cli.faults import FAULT, INTERRUPTED, sentence_of
from vitascope.cli.mcp import mcp
from vitascope.cli.options import (
    EngineName,
    Impossible,
    PictureSize,
    ProjectFolder,
    Prompt,
    Rate,
    Seconds,
    Seed,
    Silent,
    Style,
    Weights,
)  # fmt: skip
from vitascope.cli.request import BadRequest, Options, film_from, maker_from, moment_in

__all__ = ["app", "main", "run"]

GARBAGE = (50_000, 20, 20)
"""Thresholds of the collector. The library and the lexicon are hundreds of thousands of values that stay; with the usual
thresholds they are gone through some thousand times while they load, which takes as long as reading a sentence."""

app = typer.Typer(
    name="vitascope",
    help="A film studio you talk to: a sentence becomes a short film with sound.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


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
    silent: Silent = False,
    impossible: Impossible = None,
    project: ProjectFolder = None,
    engine: EngineName = "world",
    weights: Weights = None,
) -> None:
    """Make a film of a sentence, or film a saved document again. It is kept as a take of the project, too."""
    options = Options(seconds=seconds, size=size, fps=fps, seed=seed, style=style, silent=silent, impossible=impossible)
    maker = maker_from(engine, weights)
    early.begin(prompt, size=size, fps=fps, style=style)
    wanted = film_from(prompt, options)
    from vitascope.studio import Studio, check_film, check_target, forecast, known_pace

    studio = Studio(project)
    target = check_target(output)
    check_film(wanted)
    adapter = reply.adapter_or_fail()
    if maker.engine == "model":
        from vitascope.studio.weights import model_forecast

        expected = model_forecast(wanted, maker.weights)
        reply.reading(wanted.reading)
    else:
        reply.reading(wanted.reading)
        pace = known_pace(wanted, adapter=adapter.name, software=adapter.software, settle=early.finish)
        expected = forecast(wanted, software=adapter.software, pace=pace)
    reply.forecast(wanted, expected, adapter)
    with reply.progress() as show:
        take = studio.shoot(
            wanted, words=wanted.prompt or prompt, engine=maker.engine, weights=maker.weights, progress=show
        )
    studio.export(take, target)
    reply.summary(wanted, take, target)


@app.command()
def read(
    prompt: Prompt,
    as_json: Annotated[bool, typer.Option("--json", help="The whole film document as JSON.")] = False,
    seconds: Seconds = None,
    size: PictureSize = None,
    fps: Rate = None,
    seed: Seed = None,
    style: Style = None,
    silent: Silent = False,
    impossible: Impossible = None,
) -> None:
    """Show how a sentence is understood, without drawing anything."""
    options = Options(seconds=seconds, size=size, fps=fps, seed=seed, style=style, silent=silent, impossible=impossible)
    wanted = film_from(prompt, options)
    if as_json:
        reply.document(wanted)
    else:
        reply.reading(wanted.reading, full=True)


@app.command()
def still(
    prompt: Prompt,
    at: Annotated[
        str | None, typer.Option("--at", metavar="T", help="The moment in seconds; the middle if not given.")
    ] = None,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="A .png or .jpg.")] = Path("frame.png"),
    seconds: Seconds = None,
    size: PictureSize = None,
    seed: Seed = None,
    style: Style = None,
    impossible: Impossible = None,
) -> None:
    """Draw one frame."""
    wanted = film_from(prompt, Options(seconds=seconds, size=size, seed=seed, style=style, impossible=impossible))
    moment = moment_in(wanted, at)
    from vitascope import media
    from vitascope.media.destination import STILL_SUFFIXES
    from vitascope.studio import check_film, film_still, visible_label

    target = media.check_destination(output, suffixes=STILL_SUFFIXES)
    check_film(wanted)
    reply.adapter_or_fail()
    reply.reading(wanted.reading)
    media.write_still(target, film_still(wanted, moment, label=visible_label()))
    reply.wrote(target)


@app.command()
def recipes(
    word: Annotated[str | None, typer.Argument(metavar="WORD", help="Only what answers to this word, in full.")] = None,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Draw them on one sheet, a .png or .jpg.")
    ] = None,
) -> None:
    """List what can be drawn: things and places."""
    from vitascope.cli.library import chosen, describe, draw_sheet, sheet_target

    target = None if sheet is None else sheet_target(sheet)
    found = chosen(word)
    describe(found, full=word is not None)
    if target is not None:
        reply.adapter_or_fail()
        draw_sheet(found, target)
        reply.wrote(target)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A film (MP4), still (PNG) or sound (WAV).")],
) -> None:
    """Say which marks a film carries. Exit code 0 when all are whole, 1 when not, 2 when there is no such file."""
    if not file.is_file():
        raise BadRequest(f"There is no file to look into at this place; give the path of an .mp4: {file}")
    from vitascope import provenance

    verdict = provenance.verify(file)
    for sentence in verdict.sentences():
        typer.echo(sentence)
    raise typer.Exit(0 if verdict.ok else 1)


@app.command()
def doctor() -> None:
    """Check what this machine has and what is missing. Exit code 1 when films cannot be made."""
    from vitascope.cli.doctor import examine

    raise typer.Exit(0 if examine() else 1)


takes.add_to(app)
serve.add_to(app)
admin.add_to(app)
model.add_to(app)
weights.add_to(app)
app.command()(mcp)


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(f"vitascope {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(FAULT)


def main() -> None:
    """Run the command line. Known faults become one sentence on stderr and exit code 2, an interrupt exit code 130."""
    gc.set_threshold(*GARBAGE)
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _stop)
    try:
        code = app(prog_name="vitascope", standalone_mode=False) or 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        reply.fault(sentence_of(error))
        code = FAULT
    if code == INTERRUPTED:
        reply.fault("Stopped; nothing is half-written.")
    sys.exit(code)


def run() -> None:
    """`main` as a process of its own: it ends at once, whatever was begun early and is not needed any more."""
    try:
        main()
    except SystemExit as end:
        if early.working():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(int(end.code or 0))  # `main` ends with a number
        raise


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
