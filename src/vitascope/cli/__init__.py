"""The command line: parse, call one studio function, reply."""

from vitascope.cli.app import main

__all__ = ["main"]
