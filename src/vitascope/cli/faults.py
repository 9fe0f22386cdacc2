"""Exit codes, and what is told about an error that the house expects."""

from __future__ import annotations

import typer

__all__ = ["ASKED", "FAULT", "INTERRUPTED", "UNDONE", "sentence_of"]

FAULT, ASKED, UNDONE, INTERRUPTED = 2, 3, 4, 130
"""A fault told in one sentence; a question that wants an answer; an instruction that was not carried out; 128 + SIGINT."""
USAGE_ERROR = typer.BadParameter.__bases__[0]
"""What the parser raises for options and arguments that it does not know."""


def sentence_of(error: Exception) -> str:
    """What to tell about `error`; raises it again when it is not one that the house expects."""
    if isinstance(error, USAGE_ERROR):
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "vitascope"
        return f"{error.format_message().rstrip('.')}. See: {command} --help"  # type: ignore[attr-defined]
    if type(error).__module__.startswith("vitascope."):
        return str(error)
    raise error
