"""Whose work comes next: fair shares between accounts, priorities within them. Pure: no clock, no database.

Start-time fair queueing (Goyal, Vin and Cheng 1997): an account's next task starts, in virtual time, where its last one
ended, though never in the past; the earliest start is next. Who comes back after a pause is owed nothing for it, and is
let wait by nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

__all__ = ["HIGHEST", "LOWEST", "Shares", "Waiting", "choose", "cost"]

LOWEST, HIGHEST = -10, 10
DOUBLING = 5
"""So many steps of priority make a task half as expensive: 1/4 at the highest, 4 at the lowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A film with a task that could be done now."""

    film: str
    account: str
    priority: int
    ordinal: int
    """Grows with time."""
    at_work: int = 0
    """Tasks of it that are being done: a film is split between workers only when no other of the account waits."""
    begun: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Virtual time, and when each account's last task ends in it; those that ended in the past are left out."""

    time: float = 0.0
    ends: Mapping[str, float] = field(default_factory=dict)

    def start(self, account: str) -> float:
        """When the next task of an account starts."""
        return max(self.time, self.ends.get(account, 0.0))

    def after(self, account: str, spent: float) -> Shares:
        """The shares once a task of `account` was chosen."""
        time = self.start(account)
        ends = {**self.ends, account: time + spent}
        return Shares(time=time, ends={name: end for name, end in ends.items() if end > time})


def cost(priority: int) -> float:
    """What a task takes of its account's share: 1 at priority 0."""
    return 2.0 ** (-max(LOWEST, min(HIGHEST, priority)) / DOUBLING)


def choose(
    waiting: Collection[Waiting], shares: Shares, *, being_made: Mapping[str, int], at_most: Mapping[str, int]
) -> tuple[Waiting, Shares] | None:
    """What is next, and the shares afterwards; None when nothing may be begun.

    `being_made` counts the films of each account that are begun and not ended, `at_most` says how many that may be; an
    account that is missing there has no limit.
    """
    able = [
        one
        for one in waiting
        if one.begun or one.account not in at_most or being_made.get(one.account, 0) < at_most[one.account]
    ]
    if not able:
        return None
    account = min({one.account for one in able}, key=lambda name: (shares.start(name), name))
    chosen = min((one for one in able if one.account == account), key=_order)
    return chosen, shares.after(account, cost(chosen.priority))


def _order(one: Waiting) -> tuple[int, int, int, str]:
    return (-one.priority, one.at_work, one.ordinal, one.film)
