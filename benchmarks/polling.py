"""Many clients that ask how their film is, in one process: what `benchmarks.server` runs beside the server.

    python -m benchmarks.polling PORT SECONDS INTERVAL_MS < lines of "FILM KEY"

One connection each, kept open, as the real clients keep theirs, and a key each. A client asks, reads the whole answer, waits
and asks again: `openai-poll-after-ms` of its first answer, or INTERVAL_MS where that is not 0. Starts are spread evenly over one
interval. The clients are as light as they can be (a protocol of asyncio, a request that is written once, an answer of which the
first line, the length, the id and the end are looked at), so that the time measured is the server's. What they compute
themselves is told, too.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field

PATIENCE = 60.0
SPREAD_MS = 2000
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
AFTER = re.compile(rb"\r\nopenai-poll-after-ms: (\d+)\r\n", re.IGNORECASE)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What all clients saw: times from the first byte sent to the last byte read [s], and what went wrong.

    `seconds` are those of all polls but the first of each client.
    """

    seconds: list[float] = field(default_factory=list)
    first: list[float] = field(default_factory=list)
    """The first poll of each client alone: the server looks its key up."""
    failed: list[str] = field(default_factory=list)
    intervals_ms: list[int] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    """How long after its time each client woke [s]: what the machine, not the server, made them wait."""


class Answer(asyncio.Protocol):
    """A connection that puts one question at a time."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._came = bytearray()
        self._end: int | None = None
        self._whole: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        """Head and body of the answer, when it is there."""
        assert self._transport is not None
        self._came.clear()
        self._end, self._whole = None, asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._whole

    def data_received(self, data: bytes) -> None:
        self._came += data
        if self._end is None and (head := self._came.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self._came, 0, head + 2)
            self._end = head + 4 + (int(length[1]) if length else 0)
        if self._end is not None and len(self._came) >= self._end and self._whole and not self._whole.done():
            self._whole.set_result(bytes(self._came))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._whole is not None and not self._whole.done():
            self._whole.set_exception(exc or ConnectionResetError("the server closed the connection"))

    def close(self) -> None:
        """Of use once."""
        if self._transport is not None:
            self._transport.close()


async def poll(tally: Tally, *, port: int, film: str, key: str, end: float, wait: float, interval_ms: int) -> None:
    """Ask about one film again and again until `end` (monotonic)."""
    loop = asyncio.get_running_loop()
    request = (
        f"GET /v1/videos/{film} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        "Accept: application/json\r\nUser-Agent: OpenAI/Python 3.52.0\r\nX-Stainless-Poll-Helper: true\r\n\r\n"
    ).encode()
    begins, named = b"HTTP/1.1 200 ", f'{{"id":"{film}",'.encode()
    pause_ms, line, first = interval_ms, None, True
    due = time.monotonic() + wait
    while due < end:
        await asyncio.sleep(due - time.monotonic())
        tally.late.append(time.monotonic() - due)
        try:
            if line is None:
                _, line = await loop.create_connection(Answer, "127.0.0.1", port)
            start = time.perf_counter()
            async with asyncio.timeout(PATIENCE):
                answer = await line.ask(request)
            took = time.perf_counter() - start
            (tally.first if first else tally.seconds).append(took)
            first = False
            if not answer.startswith(begins) or named not in answer or not answer.endswith(b"}"):
                tally.failed.append(repr(answer[:300]))
            if not pause_ms:
                told = AFTER.search(answer)
                pause_ms = int(told[1]) if told else 1000
                tally.intervals_ms.append(pause_ms)
        except (OSError, TimeoutError) as error:
            tally.failed.append(f"{type(error).__name__}: {error}")
            if line is not None:
                line.close()
            line = None
        due = time.monotonic() + (pause_ms or 1000) / 1000
    if line is not None:
        line.close()


async def run(port: int, seconds: float, interval_ms: int, films: list[tuple[str, str]]) -> Tally:
    """One client for each film and key."""
    tally, end = Tally(), time.monotonic() + seconds
    spread = (interval_ms or SPREAD_MS) / 1000 / max(1, len(films))
    clients = (
        poll(tally, port=port, film=film, key=key, end=end, wait=place * spread, interval_ms=interval_ms)
        for place, (film, key) in enumerate(films)
    )
    await asyncio.gather(*clients)
    return tally


def main() -> None:
    port, seconds, interval_ms = sys.argv[1:]
    lines = [line.split() for line in sys.stdin]
    tally = asyncio.run(run(int(port), float(seconds), int(interval_ms), [(film, key) for film, key in lines]))
    told = {name: getattr(tally, name) for name in tally.__slots__}
    json.dump({**told, "processor_seconds": time.process_time()}, sys.stdout)


if __name__ == "__main__":
    main()
