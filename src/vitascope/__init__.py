"""Vitascope: a self-hosted film studio you talk to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vitascope.studio import Studio

__version__ = "0.1.0"
__all__ = ["Studio", "__version__"]


def __getattr__(name: str) -> Any:
    """`vitascope.Studio`, loaded when it is first asked for: the engines behind it are heavy."""
    if name == "Studio":
        from vitascope.studio import Studio

        return Studio
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
