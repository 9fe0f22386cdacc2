"""`vitascope mcp`: the studio for programs that speak the Model Context Protocol over standard input and output."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["mcp"]


def mcp(
    url: Annotated[
        str | None,
        typer.Option(
            "--url", metavar="URL", envvar="VITASCOPE_URL", help="A server that runs; without it, films are made here."
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="KEY", envvar="VITASCOPE_KEY", help="The key for that server; rather set VITASCOPE_KEY."
        ),
    ] = None,
) -> None:
    """Serve an assistant that speaks MCP, such as a desktop chat program that starts this command."""
    from vitascope.serve.mcp_stdio import serve_bridge, serve_own
    from vitascope.serve.settings import Settings

    if url is not None:
        serve_bridge(url, key)
    else:
        serve_own(Settings.of())
