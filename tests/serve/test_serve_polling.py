"""When clients are told to ask again: they keep to the first answer, so one that waits in a queue must not ask too often."""

from __future__ import annotations

from fractions import Fraction

import pytest

from vitascope.cli.serve import KEEP_ALIVE_SECONDS
from vitascope.film import Size
from vitascope.jobs.values import State, Video
from vitascope.serve.objects import CROWDED_MS, LATEST_MS, poll_after_ms


def film(state: State, forecast_seconds: float | None) -> Video:
    return Video(
        id="video_a", workspace="w", account="a", state=state, progress=0, version=1, model="sora-2", engine="world",
        prompt="A red ball", operation="create", parent=None, seconds=Fraction(1), size=Size(width=128, height=128),
        fps=Fraction(24), seed=1, style=None, audio=False, negative_prompt=None, created_at=1000,
        started_at=None if state is State.QUEUED else 1000, forecast_seconds=forecast_seconds,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "forecast_seconds", "expected"),
    [
        (State.RUNNING, 6.0, 600),
        (State.RUNNING, 2.0, 500),
        (State.RUNNING, 600.0, 5000),
        (State.QUEUED, 6.0, 2000),
        (State.QUEUED, 30.0, 3000),
        (State.QUEUED, None, 2000),
        (State.COMPLETED, 6.0, 500),
    ],
)
def test_what_is_made_is_asked_after_sooner_than_what_waits(
    state: State, forecast_seconds: float | None, expected: int
):
    """A tenth of what is left, within half a second and five; from two seconds on for a film that others are before."""
    assert poll_after_ms(film(state, forecast_seconds), now=1000.0) == expected


@pytest.mark.parametrize(("others", "expected"), [(0, 500), (200, 500), (500, 1250), (100_000, 30_000)])
def test_where_many_ask_each_asks_later(others: int, expected: int):
    """At most four hundred polls a second are wished for, and at least one in half a minute of each."""
    assert poll_after_ms(film(State.RUNNING, 2.0), now=1000.0, others=others) == expected


def test_a_connection_outlasts_the_wait_between_two_polls():
    """Otherwise it is closed just when the client asks, and the poll fails."""
    assert max(LATEST_MS, CROWDED_MS) / 1000 < KEEP_ALIVE_SECONDS
