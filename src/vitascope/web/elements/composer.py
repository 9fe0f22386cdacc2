"""The field in which words are typed, as an element of the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

__all__ = ["Composer"]


class Composer(ui.element, component="composer.js"):
    """`say` is called with the words when they are sent; the field is empty at once."""

    def __init__(
        self,
        say: Callable[[str], Any],
        *,
        placeholder: str,
        label: str,
        action: str,
        wide: bool = False,
        autofocus: bool = False,
    ) -> None:
        super().__init__()
        self._props.update(placeholder=placeholder, label=label, action=action, wide=wide, autofocus=autofocus)
        self.on("say", lambda said: say(str(said.args)[:32_000]))

    def edit(self, words: str) -> None:
        """Put words there, with the cursor behind them."""
        self.run_method("edit", words)

    def allow(self, allowed: bool) -> None:
        """Whether words can be sent."""
        self._props["disabled"] = not allowed
        self.update()
