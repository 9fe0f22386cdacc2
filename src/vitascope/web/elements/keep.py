"""What a page has not sent or filmed yet, kept by its browser over a reload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

__all__ = ["Keep"]


class Keep(ui.element, component="keep.js"):
    """`found` is called once, with the text that is kept under `name`, or "". What `lasts` outlives the tab."""

    def __init__(self, name: str, found: Callable[[str], Any], *, lasts: bool = False) -> None:
        super().__init__()
        self._props.update(name=name, lasts=lasts)
        self._text: str | None = None
        self._found = found
        self.on("found", lambda said: self._begin(str(said.args)))

    def write(self, text: str) -> None:
        """Keep this instead; "" is nothing. Before something was found nothing is kept, so that it is not lost."""
        if self._text is not None and text != self._text:
            self._text = text
            self.run_method("write", text)

    def _begin(self, text: str) -> Any:
        if self._text is None:
            self._text = text
            return self._found(text)
        return None
