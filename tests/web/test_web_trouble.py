"""What a page does when things go wrong: the server dies, the connection is lost, a page is reloaded, a file is no film."""

from __future__ import annotations

import re
import time

import httpx
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


def test_a_film_document_is_opened(page: Page, studio: Studio, film: str):
    """It becomes a film of its own, also when it is larger than what a page may say over its socket."""
    document = httpx.get(f"{film.replace('/films/', '/studio/films/')}/film.json").text + " " * 1_500_000

    page.goto(studio.url)
    page.get_by_label("Open a film document").set_input_files(
        {"name": "ball.json", "mimeType": "application/json", "buffer": document.encode()}
    )

    page.wait_for_url("**/films/*", wait_until="commit")
    expect(page.locator(".said")).to_have_text("A red ball and a blue box on a plain backdrop")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("<img src=x onerror=alert(1)>.json", b'{"schema": "vitascope.film"', "cannot be opened: this is not a film document"),
        ("shots.json", b'{"schema": "vitascope.film", "version": 1, "shots": []}', "cannot be opened: the film's field"),
        ("picture.png", b"\x89PNG" + bytes(3_000_000), "is larger than 2 MB, and no film document is; choose another"),
    ],
    ids=["broken", "no shots", "too large"],
)  # fmt: skip
def test_a_file_that_is_no_film_is_told_in_one_sentence(
    page: Page, studio: Studio, name: str, content: bytes, told: str
):
    """With the name of the file as text, whatever is in it; what was typed stays, and the page goes on."""
    page.goto(studio.url)
    field = page.get_by_role("textbox", name="What happens in the film")
    field.fill("A red ball")

    page.get_by_label("Open a film document").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content}
    )

    expect(page.locator(".opening .fault")).to_contain_text(f"“{name}” {told}")
    expect(page.locator("img[src=x]")).to_have_count(0)
    page.get_by_role("button", name="leopard").click()
    expect(field).to_have_value(re.compile("leopard"))


def test_a_document_without_end_is_not_read(studio: Studio):
    """Whoever sends one past the page hears the limit."""
    answer = httpx.post(f"{studio.url}/studio/films", content=b" " * 2_100_000)

    assert answer.status_code == 413
    assert answer.json()["error"]["message"] == "A film document has at most 2 MB; this is more."


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
