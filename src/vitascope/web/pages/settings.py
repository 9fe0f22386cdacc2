"""Settings: the engines, what was used of the tier, and for owners the keys and members of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import Request
from nicegui import background_tasks, ui
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.accounts import Account, Workspace
from vitascope.jobs.desk import Engine
from vitascope.jobs.ledger import Ledger, Usage, month_of
from vitascope.jobs.remote_server import answers
from vitascope.jobs.tiers import Tier
from vitascope.jobs.values import Caller, Role
from vitascope.serve.house import House
from vitascope.web.elements.controls import box, icon, words
from vitascope.web.pages.frame import look, top
from vitascope.web.panels.keys import keys_panel
from vitascope.web.panels.members import members_panel
from vitascope.web.porch import Visit, visit_of
from vitascope.web.steward import Steward
from vitascope.web.strings import say

__all__ = ["register"]


COLUMNS = ("month", "member", "films", "seconds", "drawn")
STANDINGS = {
    "ready": ("understood", "check"),
    "asking": ("", "clock"),
    "answers": ("understood", "check"),
    "silent": ("not_understood", "warn"),
}
"""How an engine may stand, with the look of its chip."""
LIMITS = ("size", "length", "rate", "at_once", "kept")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What the page shows and does not change."""

    account: Account
    workspace: Workspace
    tier: Tier
    engines: list[Engine]
    taken: float
    """Seconds of film that were made this month."""
    usage: list[Usage]
    names: Mapping[str, str]
    """Of members, by their accounts."""


async def settings(request: Request) -> None:
    """The page, for whoever has signed in."""
    visit = visit_of(request)
    who = visit.caller
    assert who is not None
    facts = await run_in_threadpool(_facts, visit.house, who)
    look(say("settings.title"))
    page = box("")
    with page:
        with top(visit, say("settings.title")):
            pass
        with box("settings", "main", id="main"):
            _you(visit, facts)
            _engines(visit.house, facts.engines)
            _usage(facts, month_of(datetime.now(UTC).timestamp()))
            if who.key is None:
                _alone()
            else:
                steward = Steward(visit.house, who)
                with _part(say("settings.keys.title"), say("settings.keys.about")):
                    await keys_panel(steward, page)
                with _part(say("settings.members.title"), say("settings.members.about")):
                    await members_panel(steward, page)


def register() -> None:
    """Make the address known."""
    ui.page("/settings", response_timeout=20)(settings)


def _facts(house: House, who: Caller) -> _Facts:
    ledger = Ledger(house.database)
    account = house.accounts.account(who.account)
    return _Facts(
        account=account,
        workspace=house.accounts.workspace(who.workspace),
        tier=house.accounts.limits(account.tier),
        engines=house.core.engines(),
        taken=ledger.seconds(who.account),
        usage=ledger.usage(account=None if who.role is Role.OWNER else who.account, workspace=who.workspace),
        names={one.account: one.name for one in house.accounts.members(who.workspace)},
    )


def _part(title: str, about: str = ""):
    part = box("part", "section")
    with part, box("part-head"):
        words(title, tag="h2")
        if about:
            words(about, "quiet-text small", "p")
    return part


def _you(visit: Visit, facts: _Facts) -> None:
    assert visit.caller is not None
    with box("you"):
        icon("person")
        with box():
            words(facts.account.name, "you-name", "p")
            role = say(f"settings.roles.{visit.caller.role.value}")
            words(
                say("settings.you", role=role, workspace=facts.workspace.name, tier=facts.tier.name), "quiet-text", "p"
            )


def _engines(house: House, engines: list[Engine]) -> None:
    with _part(say("settings.engines.title"), say("settings.engines.about")):
        with box("rows", "ul"):
            for number, engine in enumerate(engines):
                with box("row", "li"):
                    with box("row-main"):
                        words(engine.name, "row-name", "p")
                        known = say("settings.engines.world") if engine.name == "world" else engine.remark
                        words(known, "quiet-text small", "p")
                    with box("row-side"):
                        if number == 0 and len(engines) > 1:
                            words(say("settings.engines.first"), "chip")
                        words(say("settings.engines.edits" if engine.edits else "settings.engines.no_edits"), "chip")
                        if engine.takes_pictures:
                            words(say("settings.engines.pictures"), "chip")
                        _standing(house, engine)
        at_work, workers, waiting = house.core.dispatcher.at_work, house.executor.capacity, house.core.queue_depth()
        words(say("settings.engines.workers", count=workers, at_work=at_work, waiting=waiting), "quiet-text small", "p")


def _standing(house: House, engine: Engine) -> None:
    """Ours is ready; whether one elsewhere answers is asked while the page is there already."""
    remote = house.engines.remote(engine.name)
    chip = box("chip", role="status")

    def show(standing: str) -> None:
        classes, picture = STANDINGS[standing]
        chip.clear()
        chip.classes(classes)
        with chip:
            icon(picture)
            words(say(f"settings.engines.{standing}"))

    async def ask() -> None:
        assert remote is not None
        show("answers" if await run_in_threadpool(answers, remote.url) else "silent")

    if remote is None:
        show("ready")
    else:
        show("asking")
        background_tasks.create(ask(), name="engine")


def _usage(facts: _Facts, month: str) -> None:
    most, taken = facts.tier.film_seconds_per_month, facts.taken
    with _part(say("settings.usage.title"), say("settings.usage.about")):
        with box("meter-line"):
            if most is None:
                words(say("settings.usage.taken", taken=_number(taken)), "row-name")
                words(say("settings.usage.unlimited"), "quiet-text")
            else:
                words(say("settings.usage.taken_of", taken=_number(taken), most=_number(most)), "row-name")
                words(say("settings.usage.left", left=_number(max(0.0, most - taken))), "quiet-text")
        if most is not None:
            share = min(100, round(100 * taken / most)) if most else 100
            with box("bar tall", role="progressbar", aria_label=say("settings.usage.title"), aria_valuenow=share,
                     aria_valuemin=0, aria_valuemax=100):  # fmt: skip
                box("", "i").style(f"width: {share}%")
        with box("limits", "dl"):
            for name, value in _limits(facts.tier):
                with box():
                    words(say(f"settings.usage.{name}"), "", "dt")
                    words(value, "", "dd")
        if facts.usage:
            _months(facts, month)


def _months(facts: _Facts, month: str) -> None:
    table = say("settings.usage.table")
    with box("table-place", role="region", aria_label=table, tabindex="0"), box("table", "table"):
        with box("", "thead"), box("", "tr"):
            for name in COLUMNS:
                words(say(f"settings.usage.{name}"), "number" if name in ("films", "seconds", "drawn") else "", "th")
        with box("", "tbody"):
            for line in facts.usage[:24]:
                with box("now" if line.month == month else "", "tr"):
                    words(line.month, "", "td")
                    words(facts.names.get(line.account, say("settings.usage.former")), "", "td")
                    for figure in (line.films, line.seconds, line.frames_drawn):
                        words(_number(figure), "number", "td")


def _alone() -> None:
    """Where no accounts are: what that means, and how there would be."""
    with _part(say("settings.alone.title")):
        words(say("settings.alone.about"), tag="p")
        words(say("settings.alone.how"), tag="p")
        words("vitascope serve --accounts", "command", "code")
        words(say("settings.alone.then"), "quiet-text small", "p")


def _limits(tier: Tier) -> list[tuple[str, str]]:
    def seconds(value: int | None) -> str:
        return say("settings.usage.any") if value is None else say("start.seconds", seconds=_number(value))

    def plain(value: int | None) -> str:
        return say("settings.usage.any") if value is None else _number(value)

    kept = tier.retention_days
    values = (
        f"{tier.max_size.width} × {tier.max_size.height}",
        seconds(tier.max_seconds),
        plain(tier.max_fps),
        plain(tier.concurrent_films),
        say("settings.usage.always") if kept is None else say("settings.usage.days", count=kept),
    )
    return list(zip(LIMITS, values, strict=True))


def _number(value: float) -> str:
    return f"{round(value, 1):,g}" if value < 1_000_000 else f"{value:,.0f}"
