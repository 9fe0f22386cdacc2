"""The commands about takes: change one, walk the tree, compare, export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vitascope.cli import reply, telling
from vitascope.cli.faults import UNDONE
from vitascope.cli.options import PictureSize, ProjectFolder, Rate, Seconds, Seed, Silent, Style, TakeText
from vitascope.cli.request import Options
from vitascope.cli.selection import selection

__all__ = ["add_to"]

Output = Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The film, an .mp4.")]


def edit(
    take: TakeText,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What to change, in quotes.")],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE", help="A copy of the new film, an .mp4.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="START-END", help="Only this stretch, in seconds; or a moment.")
    ] = None,
    subject: Annotated[
        list[str] | None, typer.Option("--subject", metavar="ID", help="Who is meant; may be given several times.")
    ] = None,
    box: Annotated[
        str | None, typer.Option("--box", metavar="X,Y,W,H", help="Who is seen in this box at the moment, in pixels.")
    ] = None,
    choice: Annotated[int | None, typer.Option("--choice", metavar="N", help="The answer to a question.")] = None,
    project: ProjectFolder = None,
) -> None:
    """Change a take in words; it stays, and the changed film becomes a take below it.

    Exit code 3 when there is a question, 4 when nothing was changed.
    """
    from vitascope.studio import Studio, Take, check_target

    studio = Studio(project)
    target = None if output is None else check_target(output)
    source = studio.take(take)
    found = studio.read(source, words, selection(studio, source, at=at, subjects=subject or (), box=box))
    if choice is None:
        telling.understood(found)
    with reply.progress() as show:
        result = studio.follow(source, words, found, choice=choice, progress=show)
    code = telling.answer(result, found)
    if target is not None and isinstance(result, Take):
        reply.wrote(studio.export(result, target))
    raise typer.Exit(code)


def takes(project: ProjectFolder = None) -> None:
    """List the takes of the project as a tree."""
    from vitascope.studio import Studio

    telling.takes(Studio(project))


def show(
    take: TakeText = ".",
    as_json: Annotated[bool, typer.Option("--json", help="The record of the take as JSON.")] = False,
    project: ProjectFolder = None,
) -> None:
    """Show a take: its words, how they were understood, the film in short, and its files."""
    from vitascope.studio import Studio

    studio = Studio(project)
    found = studio.take(take)
    if as_json:
        telling.take_as_json(studio, found)
    else:
        telling.show_take(studio, found)


def undo(project: ProjectFolder = None) -> None:
    """Go back to the take that the current one was made from."""
    from vitascope.studio import Studio

    telling.at_take(Studio(project).undo())


def redo(project: ProjectFolder = None) -> None:
    """Go on to the take that was last gone back from."""
    from vitascope.studio import Studio

    telling.at_take(Studio(project).redo())


def branch(take: TakeText, project: ProjectFolder = None) -> None:
    """Make any take the current one; the next change goes on from there."""
    from vitascope.studio import Studio

    telling.at_take(Studio(project).branch(take))


def diff(
    a: TakeText,
    b: TakeText,
    strip: Annotated[
        Path | None, typer.Option("--strip", metavar="FILE", help="Both films side by side, a .png or .jpg.")
    ] = None,
    project: ProjectFolder = None,
) -> None:
    """Say what is different in the second take. Exit code 4 when nothing is."""
    from vitascope.studio import Studio

    studio = Studio(project)
    found = studio.diff(a, b)
    for sentence in found or ["The films are equal."]:
        reply.line(sentence)
    if strip is not None:
        reply.wrote(studio.strip(a, b, strip))
    raise typer.Exit(0 if found else UNDONE)


def export(take: TakeText, output: Output = Path("film.mp4"), project: ProjectFolder = None) -> None:
    """Copy the film of a take, signature and all, with its document beside it."""
    from vitascope.studio import Studio

    reply.wrote(Studio(project).export(take, output))


def again(take: TakeText, project: ProjectFolder = None) -> None:
    """Make the film file of a take again from its document."""
    from vitascope.studio import Studio

    studio = Studio(project)
    with reply.progress() as show_progress:
        found = studio.film_again(take, progress=show_progress)
    telling.at_take(found)


def name(
    take: TakeText,
    words: Annotated[str | None, typer.Argument(metavar="NAME", help="The name; none takes it away.")] = None,
    project: ProjectFolder = None,
) -> None:
    """Give a take a name, or take it away."""
    from vitascope.studio import Studio

    found = Studio(project).rename(take, words)
    reply.line(f"{found.id} is called {found.name}." if found.name else f"{found.id} has no name.")


def star(
    take: TakeText,
    off: Annotated[bool, typer.Option("--off", help="Take the star away.")] = False,
    project: ProjectFolder = None,
) -> None:
    """Mark a take with a star."""
    from vitascope.studio import Studio

    found = Studio(project).star(take, not off)
    reply.line(f"{found.id} {'has a star' if found.starred else 'has no star'}.")


def delete(take: TakeText, project: ProjectFolder = None) -> None:
    """Delete a take and its files. What was made from it stays."""
    from vitascope.studio import Studio

    studio = Studio(project)
    found = studio.take(take)
    studio.delete(found)
    reply.line(f"Deleted {found.id}.")


def chat(
    start: Annotated[
        str | None, typer.Argument(metavar="[TAKE|PROMPT]", help="A take to go on from, or the first sentence.")
    ] = None,
    seconds: Seconds = None,
    size: PictureSize = None,
    fps: Rate = None,
    seed: Seed = None,
    style: Style = None,
    silent: Silent = False,
    project: ProjectFolder = None,
) -> None:
    """Talk about a film: say what to change, see what changed. Reads one instruction a line where there is no terminal.

    The options hold for films that are begun in the conversation.
    """
    from vitascope.cli.chat import converse
    from vitascope.studio import Studio

    options = Options(seconds=seconds, size=size, fps=fps, seed=seed, style=style, silent=silent)
    with Studio(project) as studio:
        raise typer.Exit(converse(studio, start, options))


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    for command in (edit, chat, takes, show, undo, redo, branch, diff, export, again, name, star, delete):
        app.command()(command)
