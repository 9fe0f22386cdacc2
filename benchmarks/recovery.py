"""Whether films survive: workers are killed ten times and the server three times (SIGKILL) while thirty films are made.

    python -m benchmarks.recovery [--databases sqlite postgresql] [--films 30]

Films are asked for while all that happens, each with an idempotency key, again until an answer comes. At the end every film
must be completed, none twice (the ledger has one line for each, each wish led to one film, one event for each reached the
webhook) and none lost, and its file whole: its SHA-256 is that of its row, its marks verify, and every frame decodes. Only
processes that were started here are killed: the server, and those below it that draw.
"""

from __future__ import annotations

import argparse
import hashlib
import http.server
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
from sqlalchemy import select

from benchmarks.databases import DATABASES, serving_on
from conformance.live import Live
from vitascope import provenance
from vitascope.jobs.database import Database
from vitascope.jobs.tables import UsageRow, VideoRow

WORKERS = 2
KILLS = "WWWSWWWSWWWSW"
"""W: a worker that draws, S: the server, which is then started again."""
COLOURS = ("red", "blue", "green", "yellow", "white", "black", "orange", "purple", "pink", "brown")
SECONDS, FPS = 2, 24
AHEAD = 6
"""Films that wait or are made while the next is asked for, so that there is asking to the end."""
PATIENCE = 1500.0
ORPHAN_SECONDS = 30.0
EVENT_SECONDS = 120.0
ENDS = ("completed", "failed", "cancelled")


@dataclass(slots=True, kw_only=True)
class Heard:
    """Events that reached the webhook: for each film its events' ids, one for each delivery."""

    events: dict[str, list[str]] = field(default_factory=dict)


class Studio:
    """A client that does not give up: what it asks is asked again until an answer comes."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.retried = 0
        self.until = time.monotonic() + PATIENCE

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> dict[str, Any]:
        """The answer. Raises RuntimeError for a refusal, and when there is none in time."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.live.key}", "Content-Type": "application/json"}
        headers |= {"Idempotency-Key": key} if key else {}
        while time.monotonic() < self.until:
            request = urllib.request.Request(self.live.address + path, data, headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=60) as reply:
                    return json.loads(reply.read())
            except urllib.error.HTTPError as error:
                if error.code not in (409, 429, 500, 502, 503):
                    raise RuntimeError(f"{method} {path}: {error.code} {error.read()[:300]!r}") from None
            except (OSError, ValueError):
                pass
            self.retried += 1
            time.sleep(0.3)
        raise RuntimeError(f"no answer to {method} {path}")

    def content(self, film: str) -> bytes:
        """The file as it is served."""
        headers = {"Authorization": f"Bearer {self.live.key}"}
        request = urllib.request.Request(f"{self.live.address}/v1/videos/{film}/content", headers=headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    parser.add_argument("--films", type=int, default=30)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    faults: list[str] = []
    for name in options.databases:
        print(f"\n{name}", flush=True)
        with serving_on(name, workers=WORKERS) as (live, url):
            faults += [f"{name}: {fault}" for fault in endure(live, url, options.films, random.Random(options.seed))]
    print("\nNo film was lost, none was made twice, all files are whole." if not faults else "\n" + "\n".join(faults))
    sys.exit(1 if faults else 0)


def endure(live: Live, database: str, count: int, chance: random.Random) -> list[str]:
    """Make films, kill, wait for the end; say what is not as it must be."""
    studio, start = Studio(live), time.monotonic()
    with receiver() as (url, heard):
        studio.ask("POST", "/v1/webhook_endpoints", {"name": "end", "url": url, "event_types": ["video.completed"]})
        asked: dict[str, str] = {}
        asking = threading.Thread(target=ask_for, args=(studio, count, asked), daemon=True)
        asking.start()
        kill_in_turn(live, studio, count, chance)
        asking.join(PATIENCE)
        films = finished(studio, count)
        wait_for_events(heard, films, studio.until)
        seconds = time.monotonic() - start
        faults = judge(studio, database, asked, films, heard)
    left = orphans(live)
    faults += [f"processes of killed servers still run: {left}"] if left else []
    states = Counter(film["status"] for film in films.values())
    repeated = sum(len(events) - len(set(events)) for events in heard.events.values())
    print(
        f"  {len(films)} films of {SECONDS} s in {seconds:.0f} s: {dict(states)}; {KILLS.count('W')} workers and "
        f"{KILLS.count('S')} servers killed; {studio.retried} requests asked again, {repeated} events sent again",
        flush=True,
    )
    return faults


def ask_for(studio: Studio, count: int, asked: dict[str, str]) -> None:
    """Ask for `count` films, some ahead of what is finished; `asked` gets the film for each key."""
    for number in range(count):
        while sum(film["status"] not in ENDS for film in all_films(studio).values()) > AHEAD:
            time.sleep(0.2)
        wish = {
            "prompt": f"A {COLOURS[number % len(COLOURS)]} ball on a plain backdrop",
            "seconds": str(SECONDS), "fps": FPS, "size": "128x128", "seed": number, "audio": False,
        }  # fmt: skip
        asked[f"wish-{number}"] = studio.ask("POST", "/v1/videos", wish, key=f"wish-{number}")["id"]
        again = studio.ask("POST", "/v1/videos", wish, key=f"wish-{number}")["id"]
        assert again == asked[f"wish-{number}"], "the same key gave another film"


def kill_in_turn(live: Live, studio: Studio, count: int, chance: random.Random) -> None:
    """Kill once each time that some more films are finished."""
    for turn, kind in enumerate(KILLS):
        wanted = turn * (count - WORKERS) // len(KILLS)
        while sum(film["status"] in ENDS for film in all_films(studio).values()) < wanted:
            if time.monotonic() > studio.until:
                return
            time.sleep(0.3)
        if kind == "S":
            live.kill()
            print(f"  killed the server with {wanted} films finished", flush=True)
            live.start()
        elif (worker := working(live, chance)) is not None:
            os.kill(worker, signal.SIGKILL)
            print(f"  killed a worker with {wanted} films finished", flush=True)
        else:
            raise RuntimeError("no worker was at work")


def working(live: Live, chance: random.Random) -> int | None:
    """A worker that computes now, after a random moment so that kills meet all parts of the work."""
    time.sleep(chance.uniform(0.0, 1.0))
    end = time.monotonic() + 60
    while time.monotonic() < end:
        before = {pid: ticks(pid) for pid in live.workers()}
        time.sleep(0.2)
        at_work = [pid for pid, then in before.items() if then and ticks(pid) - then > 2]
        if at_work:
            return chance.choice(at_work)
    return None


def ticks(pid: int) -> int:
    """Processor time of a process [1/100 s], 0 when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    except OSError:
        return 0


def all_films(studio: Studio) -> dict[str, dict[str, Any]]:
    """All films of the workspace by id."""
    page = studio.ask("GET", "/v1/videos?limit=100")
    return {film["id"]: film for film in page["data"]}


def finished(studio: Studio, count: int) -> dict[str, dict[str, Any]]:
    """All films, once they are at an end or time is up."""
    while time.monotonic() < studio.until:
        films = all_films(studio)
        if len(films) >= count and all(film["status"] in ENDS for film in films.values()):
            return films
        time.sleep(0.5)
    return all_films(studio)


def judge(
    studio: Studio, database: str, asked: dict[str, str], films: dict[str, dict[str, Any]], heard: Heard
) -> list[str]:
    """What is not as it must be, a sentence each."""
    faults = [
        f"{film['id']} is {film['status']}: {film['error']}" for film in films.values() if film["status"] != "completed"
    ]
    if sorted(asked.values()) != sorted(films):
        faults.append(f"{len(asked)} wishes led to {len(films)} films")
    opened = Database(database)
    try:
        with opened.session() as session:
            rows = {row.id: row.sha256 for row in session.scalars(select(VideoRow))}
            ledger = Counter(session.scalars(select(UsageRow.video)))
    finally:
        opened.close()
    for film in films:
        if ledger[film] != 1:
            faults.append(f"{film} has {ledger[film]} lines in the ledger")
        if len(set(heard.events.get(film, []))) != 1:
            faults.append(f"{film} had {len(set(heard.events.get(film, [])))} events")
        faults += [f"{film}: {fault}" for fault in file_faults(studio.content(film), rows[film])]
    return faults


def file_faults(mp4: bytes, sha256: str | None) -> Iterator[str]:
    """What is wrong with the file of a film."""
    if hashlib.sha256(mp4).hexdigest() != sha256:
        yield "its bytes are not those of its row"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        path.write_bytes(mp4)
        if not (verdict := provenance.verify(path)).ok:
            yield " ".join(verdict.sentences())
        with av.open(str(path)) as container:
            frames = sum(1 for _ in container.decode(video=0))
        if frames != SECONDS * FPS:
            yield f"{frames} frames decode, not {SECONDS * FPS}"


def orphans(live: Live) -> Sequence[int]:
    """Processes of killed servers that are still there after they had time to notice."""
    end = time.monotonic() + ORPHAN_SECONDS
    while (left := live.left()) and time.monotonic() < end:
        time.sleep(0.5)
    return left


@contextmanager
def receiver() -> Iterator[tuple[str, Heard]]:
    """A webhook on this machine that notes which event about which film came."""
    heard, lock = Heard(), threading.Lock()

    class Note(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                heard.events.setdefault(event["data"]["id"], []).append(event["id"])
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            del args

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Note)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/end", heard
    finally:
        server.shutdown()
        server.server_close()


def wait_for_events(heard: Heard, films: dict[str, dict[str, Any]], until: float) -> None:
    """Until each completed film had its event, then a little longer for what is sent twice."""
    completed = {film["id"] for film in films.values() if film["status"] == "completed"}
    until = min(until, time.monotonic() + EVENT_SECONDS)
    while not completed <= set(heard.events) and time.monotonic() < until:
        time.sleep(0.5)
    time.sleep(3)


if __name__ == "__main__":
    main()
