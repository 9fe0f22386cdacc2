"""The command line: parse, call one studio function, reply."""

from vitascope.cli.app import main, run

__all__ = ["main", "run"]
