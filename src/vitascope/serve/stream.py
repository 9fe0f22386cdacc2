"""Server-sent events: their text, and comments in silence so that nobody between here and the reader hangs up."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping

from starlette.responses import StreamingResponse

__all__ = ["DONE", "KEEPALIVE", "event", "kept_alive", "stream_of"]

KEEPALIVE = ": keepalive\n\n"
DONE = "data: [DONE]\n\n"
SILENCE_SECONDS = 8.0
"""Proxies hang up after half a minute of silence at the earliest."""
_END = object()


def event(data: Mapping[str, object], *, name: str | None = None) -> str:
    """One event with JSON as its data."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


def stream_of(events: AsyncIterator[str]) -> StreamingResponse:
    """The response that sends `events` as they come."""
    headers = {"cache-control": "no-cache", "x-accel-buffering": "no"}
    return StreamingResponse(kept_alive(events), media_type="text/event-stream", headers=headers)


async def kept_alive(events: AsyncIterator[str], silence: float = SILENCE_SECONDS) -> AsyncIterator[str]:
    """`events` with a comment after each `silence` [s]. When the reader leaves, `events` is left at once."""
    coming: asyncio.Task[object] | None = None
    try:
        while True:
            coming = coming or asyncio.create_task(_next(events))
            await asyncio.wait({coming}, timeout=silence)
            if not coming.done():
                yield KEEPALIVE
                continue
            found, coming = coming.result(), None
            if found is _END:
                return
            yield str(found)
    finally:
        if coming is not None:
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await coming
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()


async def _next(events: AsyncIterator[str]) -> object:
    return await anext(events, _END)
