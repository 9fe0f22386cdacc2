"""The keys of the workspace: make one, whose secret is shown once, and take one back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from nicegui import ui
from nicegui.element import Element
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.accounts import Key
from vitascope.jobs.errors import JobError
from vitascope.web.elements.confirm import confirm
from vitascope.web.elements.controls import Dialog, box, button, icon, toast, words
from vitascope.web.porch import SIGN_IN
from vitascope.web.steward import Steward
from vitascope.web.strings import say

__all__ = ["day", "keys_panel"]


async def keys_panel(steward: Steward, page: Element) -> None:
    """For owners; others read who can help them. Dialogs are made in `page`."""
    if not steward.may_manage:
        words(say("settings.not_yours"), "quiet-text", "p")
        return
    rows = box("rows", "ul")

    async def fill() -> None:
        try:
            keys = await run_in_threadpool(steward.keys)
            names = {one.account: one.name for one in await run_in_threadpool(steward.members)}
        except JobError as error:
            toast(error.message, trouble=True)
            return
        rows.clear()
        with rows:
            for key in keys:
                _row(key, names.get(key.account, ""), own=key.id == steward.caller.key, revoke=revoke)

    def revoke(key: Key) -> None:
        own = key.id == steward.caller.key

        async def carry_out() -> None:
            try:
                await run_in_threadpool(steward.revoke_key, key.id)
            except JobError as error:
                toast(error.message, trouble=True)
                return
            if own:
                ui.navigate.to(SIGN_IN)
            else:
                await fill()

        confirm(
            page, title=say("settings.keys.revoke_title", name=key.name),
            about=say("settings.keys.revoke_own" if own else "settings.keys.revoke_about"),
            label=say("settings.keys.revoke"), do=carry_out,
        )  # fmt: skip

    async def make(said: Any) -> None:
        told = dict(said.args or {})
        scopes = tuple(scope for scope in steward.scopes if scope in list(told.get("scopes") or ()))
        try:
            key, secret = await run_in_threadpool(steward.make_key, str(told.get("name", ""))[:300], scopes)
        except JobError as error:
            fault.text = error.message
            return
        fault.text = ""
        _told_once(page, key, secret, steward.address)
        await fill()

    form = box("make", "form")
    with form:
        with box("make-name"):
            words(say("settings.keys.name"), "label", "label", **{"for": "key-name"})
            box("field", "input", id="key-name", name="name", maxlength=200, required=True, autocomplete="off",
                placeholder=say("settings.keys.placeholder"))  # fmt: skip
        with box("scopes", "fieldset"):
            words(say("settings.keys.scopes"), "label", "legend")
            for scope in steward.scopes:
                with box("check", "label", title=say(f"settings.scopes.{scope}_about")):
                    box("", "input", type="checkbox", name="scopes", value=scope, checked=scope == "films")
                    words(say(f"settings.scopes.{scope}"))
        with box("button main", "button", type="submit"):
            icon("plus")
            words(say("settings.keys.make"))
    form.on("submit", make, js_handler=READ)
    fault = words("", "fault", "p", role="alert")
    await fill()


def day(moment: int | None) -> str:
    """A day, such as 2026-11-26, by UTC."""
    return say("settings.keys.never") if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def _row(key: Key, owner: str, *, own: bool, revoke: Any) -> None:
    with box("row", "li"):
        with box("row-main"):
            with box("row-name", "p"):
                words(key.name)
                if own:
                    words(say("settings.keys.own"), "chip")
            words(
                say("settings.keys.facts", hint=key.hint, owner=owner, made=day(key.created_at), used=day(key.used_at)),
                "quiet-text small", "p",
            )  # fmt: skip
        with box("row-side"):
            for scope in key.scopes:
                words(say(f"settings.scopes.{scope}"), "chip", title=say(f"settings.scopes.{scope}_about"))
            button(
                say("settings.keys.revoke"),
                lambda: revoke(key),
                kind="quiet",
                aria_label=say("settings.keys.revoke_one", name=key.name),
            )


def _told_once(page: Element, key: Key, secret: str, address: str) -> None:
    """The secret and the link that carries it. Neither is kept anywhere."""
    with page, Dialog(say("settings.keys.made_title", name=key.name), "wide") as dialog:
        words(say("settings.keys.made_about"), "quiet-text", "p")
        for name, value in (("key", secret), ("link", f"{address}{SIGN_IN}#{secret}")):
            with box("secret"):
                words(say(f"settings.keys.{name}"), "label", "label", **{"for": f"secret-{name}"})
                with box("secret-line"):
                    box(
                        "field mono",
                        "input",
                        id=f"secret-{name}",
                        value=value,
                        readonly=True,
                        spellcheck="false",
                        onfocus="this.select()",
                    )
                    copy = button(say("settings.keys.copy"), aria_label=say(f"settings.keys.copy_{name}"))
                    copy.on("click", js_handler=COPY)
        with box("dialog-actions"):
            button(say("settings.keys.kept"), dialog.close, kind="main")
    dialog.element.on("close", lambda: dialog.element.delete(), [])
    dialog.open()


READ = """(event) => {
  event.preventDefault();
  const form = event.target, scopes = [...form.querySelectorAll("[name=scopes]:checked")].map((one) => one.value);
  emit({ name: form.elements.name.value, scopes });
  form.elements.name.value = "";
}"""
COPY = """async (event) => {
  const field = event.currentTarget.parentElement.querySelector("input");
  field.select();
  try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
  event.target.closest("button").querySelector("span").textContent = "✓";
}"""
