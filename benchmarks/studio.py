"""The studio as somebody sees it: from a sentence to moving pictures, edits, and what a page costs that is open.

    python -m benchmarks.studio [--prompt WORDS] [--seconds 5] [--size draft|hd|full] [--only cold|page|warm|edits ...]

Starts `vitascope serve` with as many workers as by default, in a home and a store that are empty, and opens its pages in
Chromium without a window (`make setup-dev` installs both). All times are taken in the page: from the key press of Enter to the
frame that the player presents (requestVideoFrameCallback), so that everything between is included: reading, queue, worker,
world, drawing, encoding, store and network, and a browser that shares the processors with the worker. A picture moves when a
second frame of it was presented. Of the films, "cold" is the first that the server makes, typed as soon as it answers; "warm" is
of another sentence, a few seconds after that. An edit is timed to the first frame of its take, all of which differ from the take
before; of narration to the finished file, because its pictures stay. Updates are calls of requestAnimationFrame, of which
Chromium allows 60 a second; a key is timed from the event to the end of the frame in which the field was painted anew. Processor
time is that of the server process alone, traffic what the page sent and received.

On a busy machine: `chrt -r 10 python -m benchmarks.studio` goes before everything else, server, browser and workers alike.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from conformance.live import Live, serving

PROMPT = "A snow leopard climbs a mountain ridge as clouds roll by"
SECOND = "A red ball rolls across a meadow past an old oak"
EDITS = ("make the ball green", "change the lighting to sunset", "make it look like an old film")
SPOKEN = 'the narrator says "It rolled all summer long"'
SIZES = {"draft": "Draft", "hd": "HD", "full": "Full HD"}
PARTS = ("cold", "page", "warm", "edits")
PATIENCE = 600.0
WINDOW_SECONDS = 6.0
THINKING_SECONDS = 8.0
KEYS = "and then a second ball comes from"
GOAL_UPDATES = 50
GAUGE = """(() => {
  const now = () => performance.timeOrigin + performance.now();
  const gauge = (window.gauge = { sources: [], posters: [], long: [], keys: [], updates: 0, counts: false });
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") { sessionStorage.setItem("entered", now()); return; }
    const at = performance.timeOrigin + event.timeStamp;
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => gauge.keys.push(now() - at);
      painted.port2.postMessage(0);
    });
  }, true);
  addEventListener("load", (event) => {
    if (event.target.matches && event.target.matches("img.poster")) gauge.posters.push(now());
  }, true);
  new PerformanceObserver((list) => gauge.long.push(...list.getEntries().map((one) => one.duration)))
    .observe({ type: "longtask" });
  const watched = new WeakSet();
  new MutationObserver(() => {
    const video = document.querySelector("video.main");
    if (!video || watched.has(video)) return;
    watched.add(video);
    const seen = (_, facts) => {
      const last = gauge.sources.at(-1), is_new = !last || last.source !== video.currentSrc;
      if (is_new) gauge.sources.push({ source: video.currentSrc, first: now(), moving: null, time: facts.mediaTime });
      else if (last.moving === null && last.time !== facts.mediaTime) last.moving = now();
      video.requestVideoFrameCallback(seen);
    };
    video.requestVideoFrameCallback(seen);
  }).observe(document, { childList: true, subtree: true });
  gauge.count = () => {
    if (gauge.counts) { gauge.updates++; requestAnimationFrame(gauge.count); }
  };
})()"""
"""Takes the times. A source is what the player plays: the chunks of a take, or its file."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prompt", default=PROMPT)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--size", choices=SIZES, default="hd")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is not installed; run `make setup-dev` or install the package chromium.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        os.environ["NICEGUI_STORAGE_PATH"] = str(Path(folder) / "pages")
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        with serving(Path(folder)) as live, workers_lifted(live):
            measure(live, browser, options)
        browser.close()


def measure(live: Live, browser: Browser, options: argparse.Namespace) -> None:
    """Print all figures."""
    count = len(live.workers())
    print(f"{os.cpu_count()} processors, {count} worker{'s' * (count != 1)}, load {os.getloadavg()[0]:.1f}; ", end="")
    print(f"films of {options.seconds} s in {SIZES[options.size]}", flush=True)
    row("", "poster", "picture", "it moves", "file")
    if {"cold", "page"} & set(options.only):
        page = opened(browser)
        begin(page, live, options.prompt, options)
        show_film("film, cold", page, watched=live if "page" in options.only else None)
        if "page" in options.only:
            show_idle(live, page)
        page.close()
    if {"warm", "edits"} & set(options.only):
        time.sleep(THINKING_SECONDS)
        page = opened(browser)
        begin(page, live, SECOND, options)
        show_film("film, warm", page)
        if "edits" in options.only:
            show_edits(page)
        page.close()


def opened(browser: Browser) -> Page:
    """A page that takes times."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE * 1000)
    page.add_init_script(GAUGE)
    return page


def begin(page: Page, live: Live, prompt: str, options: argparse.Namespace) -> None:
    """Say on the first page what is wished for."""
    page.goto(live.address)
    page.get_by_role("radio", name=SIZES[options.size], exact=True).click()
    enter(page, "What happens in the film", f"{prompt}, {options.seconds} seconds long")


def enter(page: Page, label: str, text: str) -> None:
    field = page.get_by_role("textbox", name=label)
    field.fill(text)
    field.press("Enter")


def show_film(name: str, page: Page, *, watched: Live | None = None) -> None:
    """A row of times, and before it how smooth the page is and what it costs the server while the film is made."""
    page.wait_for_url("**/films/*", wait_until="commit")
    wait(page, "window.gauge?.sources[0]?.moving")
    if watched is not None:
        print(f"  {smoothness(page)}", flush=True)
        print(f"  while it is made: {traffic(watched, page)}", flush=True)
    show_times(name, page, after=0)


def show_times(name: str, page: Page, *, after: int) -> None:
    """Wait for the file of the take that the page looks at, and print when what was seen; `after` so many sources."""
    wait(page, f"window.gauge.sources.slice({after}).find((one) => one.source.endsWith('/film.mp4'))")
    told = page.evaluate("({ ...window.gauge, entered: Number(sessionStorage.getItem('entered')) })")
    shown = told["sources"][after:]
    posters = [at for at in told["posters"] if at > told["entered"]]
    times = [min(posters, default=None), shown[0]["first"], shown[0]["moving"], shown[-1]["first"]]
    if times[0] is not None and times[0] > times[1]:
        times[0] = None
    row(name, *("–" if at is None else f"{(at - told['entered']) / 1000:.1f} s" for at in times))


def show_edits(page: Page) -> None:
    """A row for each edit of the film that the page looks at."""
    for words in (*EDITS, SPOKEN):
        before = page.evaluate("window.gauge.sources.length")
        enter(page, "Say what to change in the film", words)
        show_times(words, page, after=before)


def smoothness(page: Page) -> str:
    """How often the page is updated and how soon a key is painted, over a few seconds of typing."""
    page.evaluate(
        "() => { const g = window.gauge; g.keys = []; g.long = []; g.updates = 0; g.counts = true; g.count(); }"
    )
    began = time.perf_counter()
    page.get_by_role("textbox", name="Say what to change in the film").press_sequentially(
        KEYS, delay=1000 * WINDOW_SECONDS / len(KEYS)
    )
    told = page.evaluate("() => { window.gauge.counts = false; return window.gauge; }")
    seconds = time.perf_counter() - began
    keys = sorted(told["keys"])
    return (
        f"{told['updates'] / seconds:.0f} updates a second (goal {GOAL_UPDATES}), {len(told['long'])} tasks over 50 ms "
        f"(longest {max(told['long'], default=0):.0f} ms), a key is painted after {keys[len(keys) // 2]:.0f} ms "
        f"(longest {keys[-1]:.0f} ms)"
    )


def show_idle(live: Live, page: Page) -> None:
    """What an open page costs: while its film plays, when it is paused, and the server without any page."""
    print(f"  the film plays:   {traffic(live, page)}", flush=True)
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('video.main').pause()")
    time.sleep(2)
    print(f"  it is paused:     {traffic(live, page)}", flush=True)
    page.goto("about:blank")
    time.sleep(2)
    print(f"  no page is open:  {traffic(live, page)}", flush=True)


def traffic(live: Live, page: Page) -> str:
    """Requests, messages and bytes of the page, and processor time of the server, by the second."""
    requests, messages, sizes = [], [], []
    wire = page.context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", lambda event: requests.append(event["requestId"]))
    wire.on("Network.dataReceived", lambda event: sizes.append(event["encodedDataLength"] or event["dataLength"]))
    for way in ("Network.webSocketFrameSent", "Network.webSocketFrameReceived"):
        wire.on(way, lambda event: messages.append(len(event["response"]["payloadData"])))
    wire.send("Network.enable")
    computed, began = live.processor_seconds(), time.perf_counter()
    page.wait_for_timeout(1000 * WINDOW_SECONDS)
    seconds = time.perf_counter() - began
    share = (live.processor_seconds() - computed) / seconds
    wire.detach()
    return (
        f"{len(requests) / seconds:.1f} requests, {len(messages) / seconds:.1f} messages and "
        f"{sum((*sizes, *messages)) / seconds / 1000:.1f} kB a second, "
        f"server {1000 * share:.0f} ms of processor time a second"
    )


def wait(page: Page, condition: str) -> None:
    """Until it holds; asked so seldom that nothing is slowed."""
    page.wait_for_function(f"() => {condition}", polling=200)


def row(*cells: str) -> None:
    print(f"  {cells[0]:<34}" + "".join(f"{cell:>10}" for cell in cells[1:]), flush=True)


@contextmanager
def workers_lifted(live: Live) -> Iterator[None]:
    """Where this process runs in real time, the workers do so, too, behind the server and the browser."""
    ended = threading.Event()

    def lift() -> None:
        while not ended.wait(0.3):
            for pid in live.workers():
                for thread in Path(f"/proc/{pid}/task").glob("*"):
                    os.sched_setscheduler(int(thread.name), os.SCHED_RR, os.sched_param(1))

    if not hasattr(os, "sched_getscheduler") or os.sched_getscheduler(0) != os.SCHED_RR:
        yield
        return
    thread = threading.Thread(target=lift, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main()
