"""The field in which words are typed, as an element of the page."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from vitascope.web.strings import say

__all__ = ["Composer", "Sent"]

LONGEST = 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Words that were sent. `key` tells them from the same words sent again; `about` is what the field said they are about."""

    words: str
    key: str
    about: str


class Composer(ui.element, component="composer.js"):
    """`take` is called with what is sent; the field is empty at once.

    Under `name` its tab keeps what is typed, and what was sent until `take` has returned: after a reload that is sent `again`
    with its key, or else stands in the field.
    """

    def __init__(
        self,
        take: Callable[[Sent], Any],
        *,
        placeholder: str,
        label: str,
        action: str,
        wide: bool = False,
        autofocus: bool = False,
        name: str = "",
        again: bool = False,
    ) -> None:
        super().__init__()
        self._take = take
        self._props.update(
            placeholder=placeholder, label=label, action=action, unsent=say("connection.unsent"), wide=wide,
            autofocus=autofocus, name=name, again=again,
        )  # fmt: skip
        self.on("say", lambda said: self._sent(said.args))

    def edit(self, words: str) -> None:
        """Put words there, with the cursor behind them."""
        self.run_method("edit", words)

    def allow(self, allowed: bool) -> None:
        """Whether words can be sent."""
        self._props["disabled"] = not allowed
        self.update()

    def tell(self, about: str) -> None:
        """What words are about that are sent from now on."""
        if self._props.get("about") != about:
            self._props["about"] = about
            self.update()

    async def _sent(self, said: dict[str, Any]) -> None:
        sent = Sent(words=str(said["words"])[:LONGEST], key=str(said["key"])[:80], about=str(said["about"])[:LONGEST])
        result = self._take(sent)
        if inspect.isawaitable(result):
            await result
        self.run_method("taken", sent.key)
