"""`vitascope weights`: open weights that are known, their licences, and their download, which is never begun unasked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vitascope.cli import reply
from vitascope.cli.words import amount

if TYPE_CHECKING:
    from vitascope.model.catalogue import Licence, Weights

__all__ = ["NotAgreed", "add_to"]

weights_app = typer.Typer(help="Open weights for the model engine: list, licence, pull.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name of the list, or its repository.")]


class NotAgreed(RuntimeError):
    """A download that nobody agreed to."""


def add_to(app: typer.Typer) -> None:
    """Put the commands into `app`."""
    app.add_typer(weights_app, name="weights")


@weights_app.command("list")
def list_weights() -> None:
    """Show which open weights are known, what each can do and what it needs."""
    from vitascope.model.catalogue import others, weights
    from vitascope.model.open.hub import cached

    for each in weights().values():
        reply.line(f"{each.name}: {each.title}{', on this machine' if cached(each) else ''}")
        reply.line(f"  from {' and '.join(each.does)}; {_size(each)}; {each.licence.title}", wrapped=True)
    for other in others().values():
        reply.line(f"{other.name}: {other.title}")
        reply.line(f"  not loaded because of its licence: {other.licence.title}", wrapped=True)


@weights_app.command()
def licence(name: Name) -> None:
    """Show under which licence weights are, and where it holds."""
    from vitascope.model.catalogue import known

    found = known(name)
    reply.line(f"{found.title}, {found.repository}")
    _show(found.licence)


@weights_app.command()
def pull(
    name: Name,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FOLDER", help="Where to put them; the cache of the hub if not given."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Agree beforehand to the size and the licence.")] = False,
) -> None:
    """Download weights, after showing how large they are and under which licence. What is there already stays."""
    from vitascope.model.catalogue import named
    from vitascope.model.open.hub import ask, check_room, fetch

    wanted = named(name)
    download = ask(wanted, to=to)
    reply.line(f"{wanted.title}, {wanted.repository}")
    reply.line(
        f"size       {amount(download.size_bytes)} in {download.files} files, "
        f"{amount(download.missing_bytes)} of it to download into {download.folder}"
    )
    _show(wanted.licence)
    check_room(download)
    if download.missing_bytes and not yes:
        _agree(wanted)
    reply.wrote(fetch(download))


def _show(shown: Licence) -> None:
    rows = {"licence": shown.title, "territory": shown.territory, "terms": shown.terms, "text": shown.url}
    for name, words in rows.items():
        reply.line(f"{name:<{reply.NAMES_WIDE}} {words}", wrapped=True)


def _size(wanted: Weights) -> str:
    from vitascope.model.open.need import usual_need

    about = "" if wanted.size_is_known else "about "
    return (
        f"{wanted.parameters / 1e9:.1f} billion parameters; {about}{amount(wanted.size_bytes)} to download; "
        f"{usual_need(wanted).most / 1e9:.0f} GB of memory for 5 s at 832x480"
    )


def _agree(wanted: Weights) -> None:
    if not sys.stdin.isatty():
        raise NotAgreed(f"Nobody is there to agree; read the licence, then: vitascope weights pull {wanted.name} --yes")
    if not typer.confirm("Download it under this licence?"):
        raise NotAgreed("Nothing was downloaded.")
