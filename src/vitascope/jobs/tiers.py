"""What an account may have made, as data (tiers.yaml), and whether a wish keeps within it. Pure: knows no database, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from vitascope.film import Size, size_named
from vitascope.jobs.errors import Forbidden, Invalid, TooBusy

__all__ = ["Tier", "check_wish", "tier_named", "tiers"]

_FILE = Path(__file__).with_name("tiers.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """What an account may do. None: no limit."""

    name: str
    max_size: Size
    """In either orientation."""
    max_seconds: int | None
    """Of one film, extensions included."""
    max_fps: int | None
    max_variants: int
    """Films of one wish."""
    concurrent_films: int | None
    """In the making at once; further ones wait."""
    queued_films: int | None
    """Waiting or in the making."""
    requests_per_minute: int | None
    film_seconds_per_month: int | None
    retention_days: int | None
    """Films that are older are deleted."""
    priority_max: int
    webhooks: int
    """Endpoints of a workspace."""
    batch_lines: int
    upload_bytes: int


def tiers() -> Mapping[str, Tier]:
    """All tiers by name, the smallest first."""
    return _read()


def tier_named(name: str) -> Tier:
    """The tier of this name. Raises Invalid."""
    found = _read().get(name)
    if found is None:
        raise Invalid(f"There is no tier {name!r}; the tiers are {', '.join(_read())}.", param="tier")
    return found


def check_wish(
    tier: Tier,
    *,
    size: Size,
    seconds: Fraction,
    fps: Fraction,
    n: int = 1,
    priority: int = 0,
    queued: int = 0,
    seconds_taken: float = 0.0,
) -> None:
    """Return if `n` films like this may be queued now.

    `queued` are the account's films that are not at an end, `seconds_taken` the seconds of film of this month, those queued
    included. Raises Invalid for what no tier allows, Forbidden for what this tier does not allow, TooBusy for what has to wait.
    """
    if n < 1:
        raise Invalid(f"n is {n}; give how many films are wished for, from 1 to {tier.max_variants}.", param="n")
    if seconds <= 0:
        raise Invalid(f"seconds is {_said(seconds)}; give a length above 0.", param="seconds")
    if fps <= 0:
        raise Invalid(f"fps is {_said(fps)}; give a rate above 0.", param="fps")
    if not -10 <= priority <= 10:
        raise Invalid(f"priority is {priority}; give -10 (whenever) to 10 (first).", param="priority")
    _check_tier(tier, size=size, seconds=seconds, fps=fps, n=n, priority=priority)
    if tier.queued_films is not None and queued + n > tier.queued_films:
        raise TooBusy(
            f"{queued} films are waiting or in the making and the tier {tier.name} allows {tier.queued_films}; "
            "wait for one to be finished, or cancel one.",
            retry_after=20.0,
        )
    if tier.film_seconds_per_month is not None and seconds_taken + n * seconds > tier.film_seconds_per_month:
        left = max(0, int(tier.film_seconds_per_month - seconds_taken))
        raise TooBusy(
            f"{left} of this month's {tier.film_seconds_per_month} seconds of film are left in the tier {tier.name}, and this "
            f"asks for {_said(n * seconds)}; ask for less, wait for the next month, or have the tier raised.",
            code="insufficient_quota",
        )


def _check_tier(tier: Tier, *, size: Size, seconds: Fraction, fps: Fraction, n: int, priority: int) -> None:
    most = tier.max_size
    if max(size.width, size.height) > most.width or min(size.width, size.height) > most.height:
        raise _beyond(tier, "size", f"{size.width}x{size.height}", f"{most.width}x{most.height} in either orientation")
    if tier.max_seconds is not None and seconds > tier.max_seconds:
        raise _beyond(tier, "seconds", _said(seconds), str(tier.max_seconds))
    if tier.max_fps is not None and fps > tier.max_fps:
        raise _beyond(tier, "fps", _said(fps), str(tier.max_fps))
    if n > tier.max_variants:
        raise _beyond(tier, "n", str(n), str(tier.max_variants))
    if priority > tier.priority_max:
        raise _beyond(tier, "priority", str(priority), str(tier.priority_max))


def _beyond(tier: Tier, param: str, given: str, allowed: str) -> Forbidden:
    message = f"{param} is {given}; the tier {tier.name} allows up to {allowed}. Ask for less, or have the tier raised."
    return Forbidden(message, code="tier_limit", param=param)


def _said(number: Fraction) -> str:
    return f"{float(number):g}"


@cache
def _read() -> dict[str, Tier]:
    with _FILE.open(encoding="utf-8") as file:
        return {name: _tier(name, values) for name, values in yaml.safe_load(file).items()}


def _tier(name: str, values: dict[str, Any]) -> Tier:
    wanted = {field.name for field in fields(Tier)} - {"name"}
    if set(values) != wanted:
        raise ValueError(f"Tier {name} has wrong or missing fields {sorted(set(values) ^ wanted)}: {_FILE}")
    size = size_named(values.pop("max_size"))
    return Tier(name=name, max_size=size, **values)
