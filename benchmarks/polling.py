"""Many clients that ask how their film is, in one process: what `benchmarks.server` runs beside the server.

    python -m benchmarks.polling PORT KEY SECONDS INTERVAL_MS < ids

One connection each, kept open, as the real clients keep theirs. A client asks, reads the whole answer, waits and asks again:
`openai-poll-after-ms` of its first answer, or INTERVAL_MS where that is not 0. Starts are spread evenly over one interval. A
bare HTTP/1.1 client, so that the time measured is the server's and not that of 500 heavier clients on the same processors.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

PATIENCE = 60.0
SPREAD_MS = 2000


@dataclass(slots=True, kw_only=True)
class Tally:
    """What all clients saw: times from the first byte sent to the last byte read [s], and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    intervals_ms: list[int] = field(default_factory=list)


async def poll(tally: Tally, *, port: int, key: str, film: str, end: float, wait: float, interval_ms: int) -> None:
    """Ask about one film again and again until `end` (monotonic)."""
    await asyncio.sleep(wait)
    request = (
        f"GET /v1/videos/{film} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {key}\r\n"
        "Accept: application/json\r\nX-Stainless-Poll-Helper: true\r\n\r\n"
    ).encode()
    pause_ms, writer, reader = interval_ms, None, None
    while time.monotonic() < end:
        try:
            if writer is None or reader is None:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            start = time.perf_counter()
            async with asyncio.timeout(PATIENCE):
                writer.write(request)
                status, head, body = await answer(reader)
            tally.seconds.append(time.perf_counter() - start)
            if status != 200 or json.loads(body)["id"] != film:
                tally.failed.append(f"status {status}: {body[:200]!r}")
            if not pause_ms:
                pause_ms = int(head["openai-poll-after-ms"])
                tally.intervals_ms.append(pause_ms)
        except (OSError, ValueError, KeyError, asyncio.IncompleteReadError, TimeoutError) as error:
            tally.failed.append(f"{type(error).__name__}: {error}")
            writer = reader = None
        await asyncio.sleep((pause_ms or 1000) / 1000)
    if writer is not None:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Status, headers with small names, and body of one answer with a content-length."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
    head = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split()[1]), head, await reader.readexactly(int(head["content-length"]))


async def run(port: int, key: str, seconds: float, interval_ms: int, films: list[str]) -> Tally:
    """One client for each film."""
    tally, end = Tally(), time.monotonic() + seconds
    spread = (interval_ms or SPREAD_MS) / 1000 / max(1, len(films))
    clients = (
        poll(tally, port=port, key=key, film=film, end=end, wait=place * spread, interval_ms=interval_ms)
        for place, film in enumerate(films)
    )
    await asyncio.gather(*clients)
    return tally


def main() -> None:
    port, key, seconds, interval_ms = sys.argv[1:]
    films = sys.stdin.read().split()
    tally = asyncio.run(run(int(port), key, float(seconds), int(interval_ms), films))
    told = {"seconds": tally.seconds, "failed": tally.failed, "intervals_ms": tally.intervals_ms}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
