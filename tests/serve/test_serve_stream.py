"""Streams say something even in silence, and let go of their source when the reader leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from vitascope.serve.stream import KEEPALIVE, event, kept_alive


def test_an_event_is_one_line_of_json_with_a_blank_line_behind():
    """Whatever its text holds."""
    told = event({"text": "two\nlines “quoted”"}, name="response.created")

    name, data, *rest = told.split("\n")
    assert (name, rest) == ("event: response.created", ["", ""])
    assert json.loads(data.removeprefix("data: ")) == {"text": "two\nlines “quoted”"}


def test_silence_is_filled_with_comments():
    """Until the next event comes."""

    async def listen() -> list[str]:
        heard = asyncio.Event()

        async def events() -> AsyncIterator[str]:
            yield "a"
            await heard.wait()
            yield "b"

        seen = []
        async for item in kept_alive(events(), silence=0.01):
            seen.append(item)
            if item == KEEPALIVE:
                heard.set()
        return seen

    seen = asyncio.run(listen())

    assert (seen[0], seen[-1]) == ("a", "b")
    assert set(seen[1:-1]) == {KEEPALIVE}


def test_a_reader_who_leaves_ends_the_source():
    """Nothing goes on waiting for nobody."""

    async def leave() -> bool:
        left = asyncio.Event()

        async def events() -> AsyncIterator[str]:
            try:
                yield "a"
                await asyncio.Event().wait()
            finally:
                left.set()

        stream = kept_alive(events(), silence=0.01)
        assert [await anext(stream), await anext(stream)] == ["a", KEEPALIVE]
        await stream.aclose()  # type: ignore[attr-defined]
        return left.is_set()

    assert asyncio.run(leave())
