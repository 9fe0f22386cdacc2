"""What a page does when things go wrong: the server dies, the connection is lost, a page is reloaded, a file is no film."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect
from web_chromium import say, wait_for_film

from conftest import Studio


@pytest.fixture(scope="module")
def film(studio: Studio) -> str:
    """The address of a film with a red ball and a blue box that is done."""
    video = studio.films(prompt="A red ball and a blue box on a plain backdrop")
    with studio.client() as client:
        while client.get(f"/v1/videos/{video}").json()["status"] in ("queued", "in_progress"):
            time.sleep(0.1)
    return f"{studio.url}/films/{video}"


def test_a_menu_stays_open_when_its_take_is_finished(page: Page, studio: Studio, film: str):
    """What can be done with a take changes under the hand of whoever looks; the menu does not close."""
    page.goto(film, wait_until="domcontentloaded")
    with studio.resting():
        say(page, "make the ball green")
        page.get_by_role("button", name="What to do with take 2").click()
        menu = page.get_by_role("menu")
        expect(menu.get_by_role("menuitem")).to_have_text(["Stop making it"])

    wait_for_film(page, 2)

    expect(menu).to_be_visible()
    expect(menu.get_by_role("menuitem")).to_have_text(["Star", "Give it a name", "Delete"])
