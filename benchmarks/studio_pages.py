"""Take the pictures of docs/studio.md: each page of the studio, at a desk and on a phone, light and dark.

    python benchmarks/studio_pages.py docs/studio [--only film timeline] [--work FOLDER]

Starts two servers, one for this machine alone and one with accounts, makes a few small films there and looks at them in
Chromium. Writes NAME-wide-light.webp and three more of each page. --work keeps servers' data, so that a second run makes no film
anew. The pictures are set in Inter where that is installed (`fonts-inter`), as most machines have a face like it.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.values import Role

COMMAND = (sys.executable, "-c", "from vitascope.cli import main; main()", "serve", "--port", "0", "--workers", "1")
SIZES = {"wide": (1280, 800, 1), "phone": (390, 844, 2)}
"""Width and height [CSS px], and pixels of the picture to one of them."""
SCHEMES = ("light", "dark")
QUALITY = {"wide": 80, "phone": 70}
PATIENCE_MS = 120_000
PICTURE = {"size": "640x360", "fps": 24}
FILMS = (
    ("An astronaut walks on the moon, the Earth in the sky", "2", ()),
    ("A hot-air balloon rises over snowy mountains at dawn, aerial view", "2", ()),
    ("A red vintage convertible drives along a coastal road at sunset, tracking shot", "2", ()),
    (
        "A snow leopard climbs a mountain ridge as clouds roll by",
        "4",
        (
            "Make it sunset",
            "Add gentle snow",
            "Add a narration: “Nobody has ever followed her up here.”",
            "Add a shot of a lighthouse in a storm at night",
        ),
    ),
)
MAKING = "A hot-air balloon rises over snowy mountains at noon, aerial view"
WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten"
LONG = f"A brown dog runs along a beach, and {'it looks back now and then as if somebody called, but nobody did, ' * 5}{WORD}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A running server, and the films that were made at it, by their prompts: the newest take of each."""

    url: str
    key: str | None
    films: dict[str, str]
    newcomer: str | None = None
    """The key of somebody who has no films."""

    def film(self, words: str) -> str:
        """The address of the film whose prompt begins so."""
        return next(f"{self.url}/films/{name}" for prompt, name in self.films.items() if prompt.startswith(words))


def main() -> None:
    """Look at what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, help="the folder for the pictures")
    parser.add_argument("--only", nargs="*", choices=list(PAGES), help="names of pages")
    parser.add_argument("--work", type=Path, help="keep what the servers keep here")
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is not installed; run `make setup-dev` or install the package chromium.")
    with ExitStack() as stack:
        work = options.work or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        alone = stack.enter_context(_running(work / "alone"))
        shared = stack.enter_context(_running(work / "shared", "--accounts", "--remote", "wan=http://127.0.0.1:9/v1"))
        places = {"alone": _with_films(alone), "shared": _with_members(shared, work / "shared")}
        playwright = stack.enter_context(sync_playwright())
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        total = sum(_take(browser, name, places, options.target) for name in options.only or PAGES)
        browser.close()
    print(f"{total / 1e6:.2f} MB in {options.target}")


def _take(browser: Browser, name: str, places: dict[str, Place], target: Path) -> int:
    """The four pictures of a page; how many bytes they have."""
    whose, show = PAGES[name]
    written = 0
    for size, (width, height, scale) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme=scheme,
                has_touch=size == "phone", reduced_motion="reduce",
            )  # fmt: skip
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            faults: list[str] = []
            page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
            unmake = show(page, places[whose])
            page.wait_for_timeout(400)
            picture = Image.open(io.BytesIO(page.screenshot(full_page=name == "settings")))
            file = target / f"{name}-{size}-{scheme}.webp"
            picture.save(file, "WEBP", quality=QUALITY[size], method=6)
            across = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
            if across > 0:
                faults.append(f"wider than the window by {across} px")
            print(f"{file.name:<32} {file.stat().st_size / 1000:6.1f} kB  {'; '.join(faults)}", flush=True)
            written += file.stat().st_size
            context.close()
            if unmake is not None:
                unmake()
    return written


# Servers and films ---------------------------------------------------------------------------------------------------


@contextmanager
def _running(folder: Path, *options: str) -> Iterator[Place]:
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "VITASCOPE_HOME": str(folder / "home"),
        "NICEGUI_STORAGE_PATH": str(folder / "nicegui"),
    }
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [*COMMAND, "--data", str(folder / "data"), *options],
            stdout=subprocess.PIPE, stderr=log, env=environment, cwd=folder, text=True,
        )  # fmt: skip
    try:
        url, kept = None, folder / "key"
        assert process.stdout is not None
        for line in process.stdout:
            url = ((found := re.search(r"studio is at (\S+?),", line)) and found[1]) or url
            if found := re.search(r"vsk_\S+", line):
                kept.write_text(found[0])
            if line.startswith("Ready"):
                break
        if url is None:
            sys.exit(f"The server did not start; see {folder / 'server.log'}")
        yield Place(url=url, key=kept.read_text() if kept.exists() else None, films={})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(90)


def _client(place: Place) -> httpx.Client:
    headers = {"authorization": f"Bearer {place.key}"} if place.key else {}
    return httpx.Client(base_url=place.url, timeout=60, headers=headers)


def _with_films(place: Place) -> Place:
    """The server with its films; those that are there already are not made again."""
    with _client(place) as client:
        known = client.get("/v1/videos", params={"limit": 100}).json()["data"]
        for one in known:
            if one["prompt"] == MAKING:
                client.delete(f"/v1/videos/{one['id']}")
        if not known:
            for prompt, seconds, edits in ((LONG, "1", ()), *FILMS):
                size = {"size": "320x180", "fps": 24} if prompt == LONG else PICTURE
                take = _done(client, client.post("/v1/videos", json={"prompt": prompt, "seconds": seconds, **size}))
                for words in edits:
                    take = _done(client, client.post(f"/v1/videos/{take}/remix", json={"prompt": words}))
        known = client.get("/v1/videos", params={"limit": 100}).json()["data"]
    return replace(place, films={one["prompt"]: one["id"] for one in reversed(known)})


def _with_members(place: Place, folder: Path) -> Place:
    """The server with accounts: a film of this month, two keys more, two members, and somebody who has no films yet."""
    newcomer = folder / "newcomer"
    if not newcomer.exists():
        assert place.key is not None
        with _client(place) as client:
            wish = {"prompt": "A red ball on a plain backdrop", "size": "128x128", "seconds": "2"}
            _done(client, client.post("/v1/videos", json=wish))
            for name, scopes in (("Laptop", ["films", "manage"]), ("Night batch", ["films"])):
                client.post("/v1/keys", json={"name": name, "scopes": scopes}).raise_for_status()
        database = Database(f"sqlite:///{folder / 'data' / 'vitascope.db'}")
        accounts = Accounts(database)
        here = accounts.authenticate(place.key).workspace
        for name, role in (("Grace", Role.EDITOR), ("Katherine of the house by the long shore", Role.VIEWER)):
            accounts.add_member(here, accounts.create_account(name, "team").id, role)
        stranger = accounts.create_account("Ada", "team")
        elsewhere = accounts.create_workspace("First films", stranger.id)
        newcomer.write_text(accounts.create_key(stranger.id, elsewhere.id, "Laptop", ("films",))[1])
        database.close()
    return replace(place, newcomer=newcomer.read_text())


def _done(client: httpx.Client, answer: httpx.Response) -> str:
    """The id of a film that was queued, once it is completed."""
    film = answer.raise_for_status().json()["id"]
    while (state := client.get(f"/v1/videos/{film}").json())["status"] in ("queued", "in_progress"):
        time.sleep(0.5)
    if state["status"] != "completed":
        sys.exit(f"A film was not made: {state}")
    print(f"made: {state['prompt'][:70]}", flush=True)
    return film


# Pages ---------------------------------------------------------------------------------------------------------------


def _start(page: Page, place: Place) -> None:
    page.goto(place.url)
    _pictures(page)


def _first(page: Page, place: Place) -> None:
    """The start page for who has no films yet."""
    page.goto(f"{place.url}/sign-in#{place.newcomer}")
    page.wait_for_url(f"{place.url}/")
    _start(page, place)


def _film(page: Page, place: Place, *, words: str = "Add a narration", at: str = "PageUp") -> None:
    page.goto(place.film(words), wait_until="domcontentloaded")
    page.wait_for_function("() => document.querySelector('video.main')?.readyState >= 2")
    page.locator(".scrub").press(at)
    page.locator(".scrub").evaluate("(bar) => bar.blur()")
    page.wait_for_timeout(1500)


def _tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    page.locator(".dock-body .panel:not(.hidden)").wait_for()
    _pictures(page)


def _pictures(page: Page) -> None:
    """Until all that are in sight are there."""
    page.wait_for_function(
        """() => [...document.images].filter((one) => one.checkVisibility() && one.getBoundingClientRect().top < innerHeight)
        .every((one) => one.complete && (one.naturalWidth || !one.src))"""
    )


def _takes(page: Page, place: Place) -> None:
    _film(page, place)
    _tab(page, "Takes")


def _timeline(page: Page, place: Place) -> None:
    _film(page, place, words="Add a shot of a lighthouse")
    _tab(page, "Timeline")
    page.locator(".tl-sound svg").wait_for()
    page.locator(".part-action .tl-block").first.focus()
    _pictures(page)


def _storyboard(page: Page, place: Place) -> None:
    _film(page, place, words="Add a shot of a lighthouse")
    _tab(page, "Storyboard")
    page.locator(".board-card:not(.next)").nth(1).wait_for()
    _pictures(page)


def _scene(page: Page, place: Place) -> None:
    _film(page, place)
    page.get_by_role("button", name="Scene", exact=True).click()
    page.locator(".scene[data-state=ready]").wait_for()
    for _ in range(6):
        page.get_by_role("application").press("ArrowRight")


def _compare(page: Page, place: Place) -> None:
    _film(page, place, words="Make it sunset")
    page.get_by_role("button", name="Compare with the take before").click()
    page.wait_for_function(
        "() => { const other = document.querySelector('video.other'); return other.readyState >= 2 && !other.seeking; }"
    )


def _difference(page: Page, place: Place) -> None:
    """Two takes whose pictures are the same at this frame, because the later one has more sound only."""
    _film(page, place)
    page.get_by_role("button", name="Compare with the take before").click()
    page.get_by_role("button", name="Difference").click()
    page.get_by_text("No difference at this frame").wait_for()


def _making(page: Page, place: Place) -> Callable[[], object]:
    """A film of which some seconds are drawn. It is not made to its end."""
    wish = {"prompt": MAKING, "seconds": "8", "seed": time.time_ns() % 10**6, **PICTURE}
    with _client(place) as client:
        film = client.post("/v1/videos", json=wish).raise_for_status().json()["id"]
    page.goto(f"{place.url}/films/{film}", wait_until="domcontentloaded")
    page.locator(".scrub .drawn").first.wait_for(state="attached")

    def unmake() -> None:
        with _client(place) as client:
            client.delete(f"/v1/videos/{film}").raise_for_status()

    return unmake


def _long(page: Page, place: Place) -> None:
    _film(page, place, words=LONG[:20], at="Home")


def _settings(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/sign-in#{place.key}")
    page.wait_for_url(f"{place.url}/")
    page.goto(f"{place.url}/settings")
    page.get_by_text("Does not answer").wait_for()
    page.get_by_role("button", name="Let in").wait_for()


def _sign_in(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/sign-in")


Show = Callable[[Page, Place], Any]
PAGES: dict[str, tuple[str, Show]] = {
    "start": ("alone", _start),
    "first": ("shared", _first),
    "film": ("alone", _film),
    "takes": ("alone", _takes),
    "timeline": ("alone", _timeline),
    "storyboard": ("alone", _storyboard),
    "scene": ("alone", _scene),
    "compare": ("alone", _compare),
    "making": ("alone", _making),
    "difference": ("alone", _difference),
    "long": ("alone", _long),
    "settings": ("shared", _settings),
    "sign-in": ("shared", _sign_in),
}


if __name__ == "__main__":
    main()
