"""The members of the workspace and their roles: let an account in, change a role, let somebody out."""

from __future__ import annotations

from typing import Any

from nicegui.element import Element
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.accounts import Member
from vitascope.jobs.errors import JobError
from vitascope.jobs.values import Role
from vitascope.web.elements.confirm import confirm
from vitascope.web.elements.controls import box, button, icon, toast, words
from vitascope.web.steward import Steward
from vitascope.web.strings import say

__all__ = ["members_panel"]


async def members_panel(steward: Steward, page: Element) -> None:
    """Everybody sees who is there; owners change it. Dialogs are made in `page`."""
    rows = box("rows", "ul")

    async def fill() -> None:
        members = await run_in_threadpool(steward.members)
        rows.clear()
        with rows:
            for member in members:
                _row(steward, member, set_role, let_out)

    async def set_role(member: Member, role: str) -> None:
        await done(lambda: steward.set_role(member.account, Role(role)))

    def let_out(member: Member) -> None:
        confirm(
            page, title=say("settings.members.out_title", name=member.name), about=say("settings.members.out_about"),
            label=say("settings.members.out"), do=lambda: done(lambda: steward.let_out(member.account)),
        )  # fmt: skip

    async def let_in(said: Any) -> None:
        told = dict(said.args or {})
        role = told.get("role")
        await done(
            lambda: steward.let_in(
                str(told.get("account", "")).strip()[:64], Role(role if role in list(Role) else "viewer")
            )
        )

    async def done(change: Any) -> None:
        try:
            await run_in_threadpool(change)
        except JobError as error:
            toast(error.message, trouble=True)
        await fill()

    await fill()
    if not steward.may_manage:
        return
    form = box("make", "form")
    with form:
        with box("make-name"):
            words(say("settings.members.account"), "label", "label", **{"for": "member-account"})
            box("field", "input", id="member-account", name="account", maxlength=64, required=True, autocomplete="off",
                placeholder="account_…")  # fmt: skip
        with box("make-role"):
            words(say("settings.members.role"), "label", "label", **{"for": "member-role"})
            _roles("editor", id="member-role", name="role")
        with box("button plain", "button", type="submit"):
            icon("plus")
            words(say("settings.members.let_in"))
    form.on("submit", let_in, js_handler=READ)
    words(say("settings.members.how"), "quiet-text small", "p")


def _row(steward: Steward, member: Member, set_role: Any, let_out: Any) -> None:
    own = member.account == steward.caller.account
    with box("row", "li"):
        with box("row-main"):
            with box("row-name", "p"):
                words(member.name)
                if own:
                    words(say("settings.members.own"), "chip")
            words(member.account, "quiet-text small mono", "p")
        with box("row-side"):
            if not steward.may_manage:
                words(
                    say(f"settings.roles.{member.role.value}"),
                    "chip",
                    title=say(f"settings.roles.{member.role.value}_about"),
                )
                return
            choice = _roles(member.role.value, aria_label=say("settings.members.role_of", name=member.name))
            choice.on(
                "change",
                lambda said: set_role(member, str(said.args)),
                js_handler="(event) => emit(event.target.value)",
            )
            button(say("settings.members.out"), lambda: let_out(member), kind="quiet",
                   aria_label=say("settings.members.out_one", name=member.name))  # fmt: skip


def _roles(chosen: str, **attributes: Any) -> Element:
    place = box("field select", "select", **attributes)
    with place:
        for role in Role:
            words(say(f"settings.roles.{role.value}"), "", "option", value=role.value, selected=role.value == chosen)
    return place


READ = """(event) => {
  event.preventDefault();
  const form = event.target;
  emit({ account: form.elements.account.value, role: form.elements.role.value });
  form.elements.account.value = "";
}"""
