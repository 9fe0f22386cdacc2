"""A dialog with a form made of fields: what is typed is sent at once, and what cannot be is said above the buttons."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from itertools import count
from typing import Any

from vitascope.web.elements.controls import FIRST_VALUE, Dialog, box, button, words
from vitascope.web.strings import say
from vitascope.web.typed import Field

__all__ = ["ask"]

Save = Callable[[Mapping[str, str]], Awaitable[str | None]]
LONGEST = 4_000
"""Letters that are taken of one field."""
_numbers = count(1)


def ask(
    title: str, fields: Sequence[Field], save: Save | None, *, remove: Callable[[], Awaitable[Any]] | None = None
) -> None:
    """Opens it where this is called. `save` gets the texts by the names of the fields; what it answers is said, None closes.

    Without `save` it is there to be read.
    """
    number = next(_numbers)
    with Dialog(title, "form-dialog") as dialog:
        form = box("form", "form", novalidate="true")
        with form:
            with box("form-fields"):
                for place, field in enumerate(fields):
                    _row(field, f"form-{number}-{field.name}", first=place == 0)
            fault = words("", "fault", "p", role="alert")
            with box("dialog-actions"):
                if remove is not None:
                    button(say("remove"), lambda: _then(dialog, remove), kind="danger", picture="trash")
                    box("gap")
                button(say("cancel"), dialog.close)
                if save is not None:
                    with box("button main", "button", type="submit"):
                        words(say("save"))

    async def sent(said: Any) -> None:
        if save is None:
            return
        given = said.args if isinstance(said.args, dict) else {}
        known = {field.name for field in fields}
        answer = await save({str(k): str(v)[:LONGEST] for k, v in given.items() if k in known})
        if answer is None:
            dialog.close()
        else:
            fault.set_text(answer)

    form.on("submit", sent, js_handler=SENT)
    dialog.open()


SENT = "(event) => { event.preventDefault(); emit(Object.fromEntries(new FormData(event.target))); }"


async def _then(dialog: Dialog, do: Callable[[], Awaitable[Any]]) -> None:
    dialog.close()
    await do()


def _row(field: Field, name: str, *, first: bool) -> None:
    with box(f"form-row {field.kind}"):
        words(field.label, "label", "label", **{"for": name})
        if field.kind == "choice":
            with box("field", "select", id=name, name=field.name, autofocus=first):
                if field.optional:
                    words(say("typed.unset"), tag="option", value="", selected=not field.text)
                for key, label in field.choices:
                    words(label, tag="option", value=key, selected=key == field.text)
            return
        numeric = field.kind in ("number", "seconds")
        with box("form-field"):
            box(
                "field", "input", id=name, name=field.name, autofocus=first, autocomplete="off",
                maxlength=LONGEST, inputmode="decimal" if numeric else None,
                placeholder=say("typed.unset") if field.optional else None, **{FIRST_VALUE: field.text},
            )  # fmt: skip
            unit = "s" if field.kind == "seconds" else _limits(field)
            if unit:
                words(unit, "form-unit", aria_hidden="true")


def _limits(field: Field) -> str:
    """The range of a number, where it is short enough to stand in its field."""
    if field.kind != "number" or field.least is None or field.most is None:
        return ""
    return f"{field.least:g} – {field.most:g}"
