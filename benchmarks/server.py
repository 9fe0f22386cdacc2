"""How a server holds out: while two workers draw, a thousand films are queued and five hundred clients ask after theirs.

    python -m benchmarks.server [--databases sqlite postgresql] [--jobs 1000] [--clients 500] [--seconds 30]

Server, workers, database and clients share this machine's processors. The clients run in a process of their own, at the
priority of the server, with a key and a connection each (`benchmarks/polling.py`). A time is from the first byte of a request to
the last of its answer, at the client: so it has in it what the clients, the workers and everything else on the machine made it
wait. How late the clients wake, by the clock, is a measure of that: a machine with processors to spare wakes them at once.
Processor time is that of the server process alone, all that it does beside the polls included; what it does without polls is
told before. Memory is the resident set of the server process, without the workers and without PostgreSQL.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from typing import Any

from benchmarks.databases import DATABASES, serving_on
from conformance.live import Live

WORKERS = 2
LOAD = {"prompt": "A woman walks slowly along a beach", "seconds": "60", "size": "640x360", "priority": 10}
SMALL = {"prompt": "A red ball on a plain backdrop", "seconds": "1", "size": "128x128", "audio": False, "priority": -10}
BUSY_SECONDS = 180.0
REST_SECONDS = 10.0


class Wire:
    """One connection that is kept open."""

    def __init__(self, live: Live) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=60)
        self._headers = {"Authorization": f"Bearer {live.key}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, dict[str, Any]]:
        """Status and answer."""
        data = None if body is None else json.dumps(body)
        self._connection.request(method, path, data, self._headers)
        reply = self._connection.getresponse()
        return reply.status, json.loads(reply.read())

    def create(self, wish: dict[str, object]) -> dict[str, Any]:
        """A queued film. Raises RuntimeError when it is not taken."""
        status, film = self.ask("POST", "/v1/videos", wish)
        if status != 200:
            raise RuntimeError(f"a film was not taken: {status} {film}")
        return film

    def key(self) -> str:
        """A new key of the same account and workspace. Raises RuntimeError when there is none."""
        status, made = self.ask("POST", "/v1/keys", {"name": "A client"})
        if status != 200:
            raise RuntimeError(f"a key was not made: {status} {made}")
        return made["secret"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the clients ask")
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, {WORKERS} workers", flush=True)
    for name in options.databases:
        with serving_on(name, "--accounts", workers=WORKERS) as (live, _):
            print(f"\n{name}", flush=True)
            measure(live, options)


def measure(live: Live, options: argparse.Namespace) -> None:
    """Print the figures of one server."""
    wire = Wire(live)
    idle = live.resident()
    for _ in range(WORKERS):
        wire.create(LOAD)
    wait_until_busy(live)
    before = live.resident()
    films, seconds = [], []
    for seed in range(options.jobs):
        start = time.perf_counter()
        films.append(wire.create({**SMALL, "seed": seed})["id"])
        seconds.append(time.perf_counter() - start)
    after = live.resident()
    print(f"  {len(films)} films queued one after the other: {figures(seconds)} each", flush=True)
    print(f"  memory of the server: {mb(idle)} idle, {mb(before)} before, {mb(after)} after, ", end="")
    print(f"{(after - before) / max(1, len(films)) / 1024:.1f} KB a film", flush=True)
    ask(live, [(film, wire.key()) for film in films[-options.clients :]], options.seconds)
    print(f"  memory of the server at the end: {mb(live.resident())}", flush=True)
    print(f"  workers busy at the end: {busy(live)} of {WORKERS}", flush=True)


def ask(live: Live, clients: Sequence[tuple[str, str]], seconds: float) -> None:
    """Have each client, a film and a key, ask again and again, and print what they saw and what it cost."""
    computed = live.processor_seconds()
    time.sleep(REST_SECONDS)
    rest_ms = (live.processor_seconds() - computed) / REST_SECONDS * 1000
    print(
        f"  without polls the server computes {rest_ms:.0f} ms a second; load of the machine {os.getloadavg()[0]:.1f}"
    )
    for interval_ms, named in ((0, "as openai-poll-after-ms says"), (1000, "each second")):
        computed = live.processor_seconds()
        told = polled(live, clients, seconds, interval_ms)
        count = max(1, len(told["first"]) + len(told["seconds"]))
        each_ms = (live.processor_seconds() - computed) / count * 1000
        every = f", {sorted(set(told['intervals_ms']))} ms" if told["intervals_ms"] else ""
        print(f"  {len(clients)} clients ask {named}{every}: {count} polls, {count / seconds:.0f} a second,")
        print(f"    all polls, the first ones included: {figures([*told['first'], *told['seconds']])}")
        print(f"    the first poll of each client alone: {figures(told['first'])}")
        print(f"    {len(told['failed'])} failed; workers busy: {busy(live)}")
        print(
            f"    processor time a poll: {each_ms:.2f} ms of the server, {told['processor_seconds'] / count * 1000:.2f} ms ",
            end="",
        )
        print(f"of the clients; clients woke late: {figures(told['late'])}", flush=True)
        for why in sorted(set(told["failed"]))[:5]:
            print(f"    {why}", flush=True)


def wait_until_busy(live: Live) -> None:
    """Until every worker draws."""
    end = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < end:
        if busy(live) == WORKERS:
            return
        time.sleep(0.5)
    raise RuntimeError("the workers did not begin to draw")


def busy(live: Live) -> int:
    """How many workers are at work, as the server's metrics say."""
    with urllib.request.urlopen(f"{live.address}/metrics", timeout=60) as reply:
        for line in reply.read().decode().splitlines():
            if line.startswith("vitascope_workers_busy "):
                return int(float(line.split()[1]))
    raise RuntimeError("the metrics do not say how many workers are busy")


def polled(live: Live, clients: Sequence[tuple[str, str]], seconds: float, interval_ms: int) -> dict[str, Any]:
    """What the clients saw."""
    command = [sys.executable, "-m", "benchmarks.polling", str(live.port), str(seconds), str(interval_ms)]
    lines = "\n".join(f"{film} {key}" for film, key in clients)
    ran = subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=seconds + 180)
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    return json.loads(ran.stdout)


def figures(seconds: Sequence[float]) -> str:
    """Median, 99th percentile and longest."""
    ordered = sorted(seconds)
    if not ordered:
        return "none"
    at = {share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.99)}
    return f"p50 {at[0.5]:.1f} ms, p99 {at[0.99]:.1f} ms, longest {ordered[-1] * 1000:.0f} ms"


def mb(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


if __name__ == "__main__":
    main()
