"""Chromium of this system, driven without a window; and what tests read off a page."""

from __future__ import annotations

import base64
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from patience import PATIENCE

MISSING = "Chromium is not installed; run `make setup-dev` or install the package chromium"
PATIENCE_MS = 1000 * PATIENCE
"""For what is drawn meanwhile, by workers that let every other program of the machine go first; what the page does by itself is
there long before."""


def program() -> str | None:
    """The browser, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def running_browser(executable: str) -> Iterator[Browser]:
    """A browser that lets films play without a click before."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


def picture_shown(page: Page) -> np.ndarray:
    """What the player shows, at the size of the film: sRGB uint8 (H, W, 3)."""
    told = page.evaluate(
        """() => { const video = document.querySelector("video.main"), canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
        canvas.getContext("2d").drawImage(video, 0, 0); return canvas.toDataURL(); }"""
    )
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(told.partition(",")[2]))).convert("RGB"))


def go_to_frame(page: Page, frame: int) -> None:
    """Stop, and step to a frame by the keys of the bar; it is shown when this returns."""
    bar = page.locator(".scrub")
    bar.press("Home")
    for _ in range(frame // 24):
        bar.press("PageUp")
    for _ in range(frame % 24):
        bar.press("ArrowRight")
    page.wait_for_function(
        """(frame) => { const video = document.querySelector("video.main"), bar = document.querySelector(".scrub");
        return bar.getAttribute("aria-valuenow") === String(frame) && !video.seeking && video.paused; }""",
        arg=frame,
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def wait_for_film(page: Page, takes: int) -> None:
    """Until the tree has so many takes, the newest is looked at, and plays from its finished file."""
    page.wait_for_function(
        """(takes) => { const video = document.querySelector("video.main");
        const cards = [...document.querySelectorAll(".take-card")];
        return cards.length === takes && cards.at(-1).classList.contains("now") && video.readyState >= 2
          && video.currentSrc === `${location.origin}/studio${location.pathname}/film.mp4`; }""",
        arg=takes,
        timeout=PATIENCE_MS,
    )


def say(page: Page, words: str) -> None:
    """Type an instruction, and send it."""
    field = page.get_by_role("textbox", name="Say what to change in the film")
    field.fill(words)
    field.press("Enter")
