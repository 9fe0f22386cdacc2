"""Laws of the fair share: nobody starves, priorities are kept within an account and softly between them, limits hold."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from vitascope.jobs.fair import Shares, Waiting, choose, cost

accounts = st.sampled_from(["ann", "bob", "cleo", "dan"])
priorities = st.integers(-10, 10)


@st.composite
def queues(draw: st.DrawFn) -> list[Waiting]:
    """Films of a few accounts, with tasks that wait."""
    count = draw(st.integers(1, 12))
    return [
        Waiting(
            film=f"film-{number}",
            account=draw(accounts),
            priority=draw(priorities),
            ordinal=number,
            at_work=draw(st.integers(0, 2)),
            begun=draw(st.booleans()),
        )
        for number in range(count)
    ]


def film(account: str, number: int = 0, priority: int = 0, **settings: object) -> Waiting:
    return Waiting(film=f"{account}-{number}", account=account, priority=priority, ordinal=number, **settings)  # type: ignore[arg-type]


def turns(queue: list[Waiting], count: int) -> list[str]:
    """Who is next, `count` times, when nobody's queue ever empties."""
    shares, chosen = Shares(), []
    for _ in range(count):
        found = choose(queue, shares, being_made={}, at_most={})
        assert found is not None
        chosen.append(found[0].account)
        shares = found[1]
    return chosen


def test_accounts_take_turns_whatever_the_length_of_their_queues():
    """A hundred films of one account do not stand before the one of another."""
    queue = [*(film("ann", n) for n in range(100)), film("bob", 100)]

    assert turns(queue, 6) == ["ann", "bob"] * 3


@given(st.dictionaries(accounts, priorities, min_size=1))
def test_no_account_starves(priority_of: dict[str, int]):
    """Each account that waits is chosen at least once in any sixteen turns of each of the others, whatever the priorities."""
    queue = [film(account, priority=priority) for account, priority in priority_of.items()]

    chosen = turns(queue, 200)

    for account in priority_of:
        longest = max(len(run) for run in "".join("x" if one == account else "." for one in chosen).split("x"))
        assert longest <= 17 * (len(priority_of) - 1)


@given(st.dictionaries(accounts, priorities, min_size=2))
def test_shares_between_accounts_follow_their_priorities(priority_of: dict[str, int]):
    """Over many turns, what each account spends is the same: a priority higher by five gives twice as many tasks."""
    queue = [film(account, priority=priority) for account, priority in priority_of.items()]

    count = Counter(turns(queue, 600))

    spent = [count[account] * cost(priority) for account, priority in priority_of.items()]
    assert max(spent) - min(spent) <= 2 * cost(-10)


@given(queues())
def test_within_an_account_the_highest_priority_comes_first(queue: list[Waiting]):
    """Then films that nobody works at, then the oldest."""
    found = choose(queue, Shares(), being_made={}, at_most={})

    assert found is not None
    own = [one for one in queue if one.account == found[0].account]
    assert found[0].priority == max(one.priority for one in own)
    rivals = [one for one in own if one.priority == found[0].priority]
    assert found[0].at_work == min(one.at_work for one in rivals)


@given(queues(), st.dictionaries(accounts, st.integers(0, 3)), st.dictionaries(accounts, st.integers(0, 3)))
def test_the_limit_of_an_account_holds(queue: list[Waiting], being_made: dict[str, int], at_most: dict[str, int]):
    """A film is begun only where the account may have one more; what is begun goes on; nothing else is left lying."""
    found = choose(queue, Shares(), being_made=being_made, at_most=at_most)

    may = [one for one in queue if one.begun or being_made.get(one.account, 0) < at_most.get(one.account, 99)]
    assert (found is None) == (not may)
    assert found is None or found[0] in may


def test_who_comes_late_is_owed_nothing_and_waits_for_nobody():
    """After a hundred tasks of one account, another one takes turns with it from the start."""
    shares = Shares()
    for _ in range(100):
        found = choose([film("ann")], shares, being_made={}, at_most={})
        assert found is not None
        shares = found[1]

    order = []
    for _ in range(4):
        found = choose([film("ann"), film("bob")], shares, being_made={}, at_most={})
        assert found is not None
        order.append(found[0].account)
        shares = found[1]

    assert order == ["bob", "ann", "bob", "ann"]


def test_leaving_the_queue_for_a_moment_gains_nothing():
    """An account whose tasks are all in hand still owes what it spent when it comes back."""
    first = choose([film("ann", priority=-10), film("bob")], Shares(), being_made={}, at_most={})
    assert first is not None
    assert first[0].account == "ann"
    alone = choose([film("bob")], first[1], being_made={}, at_most={})
    assert alone is not None

    both = choose([film("ann"), film("bob")], alone[1], being_made={}, at_most={})

    assert both is not None
    assert both[0].account == "bob"


@given(queues(), st.integers(0, 2**32))
def test_the_choice_depends_on_nothing_else(queue: list[Waiting], salt: int):
    """The same films in another order give the same choice: two servers would agree."""
    turned = sorted(queue, key=lambda one: hash((salt, one.film)))

    assert choose(queue, Shares(), being_made={}, at_most={}) == choose(turned, Shares(), being_made={}, at_most={})


def test_the_memory_of_accounts_does_not_grow():
    """Shares forget whoever is at rest."""
    shares = Shares()
    for number in range(1000):
        found = choose([film(f"account-{number}")], shares, being_made={}, at_most={})
        assert found is not None
        shares = found[1]
        shares = shares.after("steady", 1.0)

    assert len(shares.ends) <= 2
