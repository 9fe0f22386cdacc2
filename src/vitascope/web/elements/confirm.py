"""A dialog that asks before something cannot be taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any

from vitascope.web.elements.controls import Dialog, box, button, words
from vitascope.web.strings import say

__all__ = ["confirm"]


def confirm(
    page: AbstractContextManager[object, bool | None],
    *,
    title: str,
    about: str,
    label: str,
    do: Callable[[], Awaitable[Any]],
) -> None:
    """Opens it in `page`: what it is about, Cancel, and a button with `label`, on which it closes and `do` is called."""

    async def carry_out() -> None:
        dialog.close()
        await do()

    with page, Dialog(title) as dialog:
        words(about, "quiet-text", "p")
        with box("dialog-actions"):
            button(say("cancel"), dialog.close)
            button(label, carry_out, kind="danger", picture="trash")
    dialog.open()
