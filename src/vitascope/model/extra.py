"""The optional parts of the model engine, asked for before anything long begins."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("torch", "einops", "safetensors", "diffusers", "transformers")


class MissingExtraError(RuntimeError):
    """The extra that the model engine needs is not installed."""


def require() -> None:
    """Do nothing where the extra is installed; otherwise MissingExtraError with the command that installs it."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"The model engine needs {', '.join(missing)}, which is not installed. "
            "Install it with: pip install 'vitascope[model]'"
        )
